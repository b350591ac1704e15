import { URI } from 'vscode-uri';
import { allRules } from '../rules/allRules';
import { judge, type ReportFailure, type RuleFinding } from '../rules/judge';
import { createSubject, type Stack, type Subject, type Subjects } from '../rules/subject';
import type { ValuesDocument } from '../values/document';
import { wholeFile, type Excerpt } from '../values/excerpt';
import type { OpenDocument } from './openDocument';
import { isAirflowValues } from './recognition';
import type { Settings } from './settings';

/** Values in a file, with the stacks that they are deployed in. */
export interface Part {
  readonly excerpt: Excerpt;
  /** The stacks that it is a layer of; none where it is deployed by itself. */
  readonly stacks: readonly Stack[];
}

/** Everything that is known about one version of one document; what is costly is computed when first asked for. */
export interface Snapshot {
  readonly uri: string;
  readonly version: number;
  readonly settings: Settings;
  readonly values: ValuesDocument;
  /** The values for the Airflow chart in it; none where it holds none. */
  readonly parts: readonly PartSnapshot[];
}

/** Everything that is known about values in a document. */
export interface PartSnapshot {
  readonly uri: string;
  readonly version: number;
  readonly settings: Settings;
  /** The way from the values to the file. */
  readonly excerpt: Excerpt;
  readonly values: ValuesDocument;
  /** What the rules judge, once for each stack. */
  readonly subjects: Subjects;
  /** The findings in the order of the text, without what is switched off or ignored. */
  readonly findings: () => readonly RuleFinding[];
}

/**
 * Looks at a document as it is now.
 * @param document The document.
 * @param settings The settings for it.
 * @param report Told of rules that throw; their findings are left out.
 * @param parts The values in it, where it is known what it is part of; otherwise the document says whether it is a
 *   values file.
 */
export function createSnapshot(
  document: OpenDocument,
  settings: Settings,
  report: ReportFailure,
  parts?: readonly Part[],
): Snapshot {
  const { uri, version, values } = document;
  const path = pathOf(uri);
  const known =
    parts ??
    (isAirflowValues(path, values, settings.files) ? [{ excerpt: wholeFile(values), stacks: [] }] : []);
  return {
    uri,
    version,
    settings,
    values,
    parts: known.map((part) => createPart(document, path ?? '', part, settings, report)),
  };
}

function createPart(
  { uri, version }: OpenDocument,
  path: string,
  { excerpt, stacks }: Part,
  settings: Settings,
  report: ReportFailure,
): PartSnapshot {
  const { document: values } = excerpt;
  const [first, ...others] = stacks.map((stack) =>
    createSubject(values, path, stack.release ? { ...settings, release: stack.release } : settings, stack),
  );
  const subjects: Subjects = [first ?? createSubject(values, path, settings), ...others];
  let findings: readonly RuleFinding[] | undefined;
  return {
    uri,
    version,
    settings,
    excerpt,
    values,
    subjects,
    findings: () => (findings ??= judge(allRules, subjects, settings.rules, report)),
  };
}

/**
 * The values of a part as they are deployed in one of its stacks.
 * @param part The values.
 * @param stack The stack's name; the first one without, and where there is none of that name.
 */
export function subjectIn({ subjects }: PartSnapshot, stack: string | undefined): Subject {
  return subjects.find((one) => one.stack?.name === stack) ?? subjects[0];
}

/** The path in an address; undefined for a document that has no name yet. */
function pathOf(address: string): string | undefined {
  try {
    const uri = URI.parse(address);
    return uri.scheme === 'untitled' ? undefined : uri.path;
  } catch {
    return address;
  }
}
