import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { TextDocument } from 'vscode-languageserver-textdocument';
import {
  createLanguageService,
  hasFittingName,
  isChecked,
  switchIn,
  type LanguageService,
  type Settings,
  type Snapshot,
} from '../languageService';
import type { Arguments } from './arguments';
import { program } from './commands';
import { configurationName, createConfiguration, type SettingsFor } from './configuration';
import { findFiles } from './findFiles';
import { createProgress } from './progress';
import { decode, readText, type ReadResult } from './readText';
import { UsageError, type Shell } from './shell';

/** The name of standard input where none is given. */
const stdinName = '<stdin>';

/** A file with values for the Airflow chart, as it was read. */
export interface ValuesFile {
  /** What to call it: its path from the working folder, with slashes. */
  readonly path: string;
  /** Its full path; undefined for standard input. */
  readonly file: string | undefined;
  /** The byte order mark before its text, if there is one. */
  readonly mark: string;
  readonly snapshot: Snapshot;
  /** Looks at another text as this file's. */
  readonly look: (text: string) => Snapshot;
}

/** Where a text comes from. */
interface Source {
  readonly uri: string;
  readonly file: string | undefined;
  readonly shown: string;
  readonly isNamed: boolean;
}

/** A file that could not be looked at. */
export interface UnreadableFile {
  readonly path: string;
  readonly problem: string;
}

/** What became of all the files. */
export interface Outcome {
  /** How many files with values for the Airflow chart there were. */
  readonly checked: number;
  readonly unreadable: readonly UnreadableFile[];
  /** Files that the user named and that are not the chart's, each with the reason. */
  readonly skipped: readonly string[];
}

/** Creates the service that commands ask. A rule that fails is told of, and makes no finding. */
export function createService(shell: Shell): LanguageService {
  return createLanguageService({
    edits: { documentChanges: false, changeAnnotations: false },
    completion: { snippets: false },
    report: (code, error) => {
      shell.err.write(`${program}: the rule ${code} failed: ${String(error)}\n`);
    },
  });
}

/** A path as the user is to read it: from the working folder, with slashes. */
export function shownPath(shell: Shell, file: string): string {
  const relative = path.relative(shell.cwd, file);
  // On Windows there is no relative path to another drive.
  return (relative === '' ? '.' : relative).replaceAll(path.sep, '/');
}

/** The settings for files, as the options of a command say. */
export function settingsOf(args: Arguments, shell: Shell): SettingsFor {
  const file = args.value('config');
  return createConfiguration(
    {
      file: file === undefined ? undefined : path.resolve(shell.cwd, file),
      chartVersion: args.value('chart-version'),
    },
    (configuration) => shownPath(shell, configuration),
  );
}

/**
 * Looks at every file with values for the Airflow chart among those that a command was given, and says on stderr which
 * ones could not be read.
 * @param args The command's arguments.
 * @param shell The process.
 * @param service What looks at them.
 * @param visit Takes each such file, in order.
 * @throws {UsageError} For settings on the command line that cannot be used.
 */
export async function visitValuesFiles(
  args: Arguments,
  shell: Shell,
  service: LanguageService,
  visit: (file: ValuesFile) => void,
): Promise<Outcome> {
  const settingsFor = settingsOf(args, shell);
  const operands = args.operands.length === 0 ? ['.'] : args.operands;
  const unreadable: UnreadableFile[] = [];
  const skipped: string[] = [];
  const said = new Set<string>();
  const progress = createProgress(shell.err);
  let checked = 0;
  let latest: Snapshot | undefined;

  function fail(shown: string, problem: string): void {
    unreadable.push({ path: shown, problem });
    tell(`cannot read ${shown}: ${problem}`);
  }
  function tell(message: string): void {
    progress.end();
    if (!said.has(message)) shell.err.write(`${program}: ${message}\n`);
    said.add(message);
  }
  /** The settings for a file; undefined once the user was told why there are none. */
  function settingsOrComplaint(file: string, shown: string): Settings | undefined {
    try {
      return settingsFor(file);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      unreadable.push({ path: shown, problem: error.message });
      tell(error.message);
      return undefined;
    }
  }
  function take({ uri, file, shown, isNamed }: Source, read: ReadResult, settings: Settings): void {
    if ('problem' in read) {
      fail(shown, read.problem);
      return;
    }
    const used = isNamed ? { ...settings, files: anyName } : settings;
    const look = (text: string): Snapshot => {
      // Values files of one project are much alike: what two of them share is read once.
      latest = service.look(TextDocument.create(uri, 'yaml', 1, text), used, latest);
      return latest;
    };
    const snapshot = look(read.text);
    if (isChecked(snapshot)) {
      checked++;
      visit({ path: shown, file, mark: read.mark, snapshot, look });
    } else if (isNamed) {
      skipped.push(`${shown} is skipped: ${whyNot(read.text)}`);
    }
  }

  if (operands.includes('-')) {
    const name = args.value('stdin-filename');
    const file = path.resolve(shell.cwd, name ?? stdinName);
    const shown = name === undefined ? stdinName : shownPath(shell, file);
    const settings = settingsOrComplaint(file, shown);
    const uri = name === undefined ? 'untitled:stdin' : pathToFileURL(file).href;
    const source = { uri, file: undefined, shown, isNamed: true };
    if (settings) take(source, decode(await shell.readInput()), settings);
  }

  const named = operands
    .filter((operand) => operand !== '-')
    .map((operand) => path.resolve(shell.cwd, operand));
  const found = findFiles(named, (file) => mayMatter(file, settingsFor));
  for (const { file, problem } of found.unreadable) fail(shownPath(shell, file), problem);
  for (const [index, { file, isNamed }] of found.files.entries()) {
    progress.at(index, found.files.length);
    const shown = shownPath(shell, file);
    const settings = settingsOrComplaint(file, shown);
    // Of the configuration itself it only matters that it could be read.
    if (!settings || path.basename(file) === configurationName) continue;
    const read = readText(file);
    // Of other YAML files only those matter that ask for it.
    const matters =
      isNamed ||
      hasFittingName(withSlashes(file), settings) ||
      ('text' in read && switchIn(read.text) === 'enable');
    if (matters) take({ uri: pathToFileURL(file).href, file, shown, isNamed }, read, settings);
  }
  progress.end();
  return { checked, unreadable, skipped };
}

/**
 * Tells the user of named files that were skipped; of several of them in one line, as tools that pass on every YAML
 * file of a project name many.
 */
export function tellSkipped({ skipped }: Outcome, shell: Shell): void {
  const told = skipped.length > 1 ? [`${skipped.length} files are skipped: ${noAirflow}`] : skipped;
  for (const message of told) shell.err.write(`${program}: ${message}\n`);
}

const noAirflow =
  'nothing at the top level looks like values for the Airflow chart. To have such a file checked anyway, write ' +
  '"# airflow-token-volume: enable" in its first lines.';

function whyNot(text: string): string {
  return switchIn(text) === 'disable' ? 'a comment in it says "airflow-token-volume: disable".' : noAirflow;
}

/** Says whether a file in a folder is worth reading: every YAML file may have the comment that switches checks on. */
function mayMatter(file: string, settingsFor: SettingsFor): boolean {
  if (path.basename(file) === configurationName) return false;
  if (/\.ya?ml$/i.test(file)) return true;
  try {
    return hasFittingName(withSlashes(file), settingsFor(file));
  } catch (error) {
    // The configuration's mistakes are told when the first YAML file asks for it.
    if (error instanceof UsageError) return false;
    throw error;
  }
}

/** Patterns that every name fits, for files that the user named. */
const anyName: readonly string[] = ['*'];

function withSlashes(file: string): string {
  return file.replaceAll(path.sep, '/');
}
