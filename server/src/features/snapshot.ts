import { URI } from 'vscode-uri';
import { allRules } from '../rules/allRules';
import { judge, type ReportFailure, type RuleFinding } from '../rules/judge';
import { createSubject, type Subject } from '../rules/subject';
import type { ValuesDocument } from '../values/document';
import type { OpenDocument } from './openDocument';
import { isAirflowValues } from './recognition';
import type { Settings } from './settings';

/** Everything that is known about one version of one document; what is costly is computed when first asked for. */
export interface Snapshot {
  readonly uri: string;
  readonly version: number;
  readonly settings: Settings;
  readonly values: ValuesDocument;
  /** What the rules judge; undefined when the document holds no values for the Airflow chart. */
  readonly subject: Subject | undefined;
  /** The findings in the order of the text, without what is switched off or ignored. */
  readonly findings: () => readonly RuleFinding[];
}

/**
 * Looks at a document as it is now.
 * @param document The document.
 * @param settings The settings for it.
 * @param report Told of rules that throw; their findings are left out.
 */
export function createSnapshot(
  { uri, version, values }: OpenDocument,
  settings: Settings,
  report: ReportFailure,
): Snapshot {
  const path = pathOf(uri);
  const subject = isAirflowValues(path, values, settings.files)
    ? createSubject(values, path ?? '', settings)
    : undefined;
  let findings: readonly RuleFinding[] | undefined;
  return {
    uri,
    version,
    settings,
    values,
    subject,
    findings: () => (findings ??= subject ? judge(allRules, subject, settings.rules, report) : []),
  };
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
