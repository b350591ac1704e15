import { realpathSync } from 'node:fs';
import path from 'node:path';
import {
  createLanguageService,
  directiveIn,
  fitsName,
  isChecked,
  openDocument,
  type LanguageService,
  type Part,
  type Repository,
  type Snapshot,
} from '../languageService';
import type { Arguments } from './arguments';
import { program } from './commands';
import {
  ConfigurationError,
  configurationNames,
  createConfiguration,
  type FoundSettings,
  type SettingsFor,
} from './configuration';
import { findFiles } from './findFiles';
import { printable } from './formats/text';
import { createProgress } from './progress';
import { addressOf, openRepositories, rootsOf, slashed, type RepositoryFor } from './openRepositories';
import { decode, readText, type ReadResult } from '../disk/readText';
import { isListed } from '../workspace/fileSystem';
import { UsageError, type Environment, type StopSignal } from './environment';

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
  /** Looks at another text as this file's; from then on it is the file's for others in its stacks, too. */
  readonly look: (text: string) => Snapshot;
}

/** Where a text comes from. */
interface Source {
  readonly uri: string;
  readonly file: string | undefined;
  readonly shown: string;
  readonly isNamed: boolean;
  /** The repository that it is judged in; undefined for a file that is judged by itself. */
  readonly repository: Repository | undefined;
}

/** Why something was not looked at. */
export interface Problem {
  /** Whether a file cannot be read, or there is a mistake in the settings for some. */
  readonly kind: 'unreadable' | 'configuration';
  /** The file, or the configuration. */
  readonly path: string;
  readonly message: string;
}

/** A file that the user named and that is not checked. */
interface SkippedFile {
  readonly path: string;
  /** Whether a comment in it says so; if not, it does not look like the chart's. */
  readonly isSwitchedOff: boolean;
}

/** What is done with files. */
export interface Visitor {
  /** Takes a file with values for the Airflow chart. */
  readonly visit: (file: ValuesFile) => void | Promise<void>;
  /** Takes what was read from standard input, where it is not visited. */
  readonly passOver?: (input: Buffer) => void;
  /** Says which signal asked for an end, before each file. */
  readonly stopped?: (() => Promise<StopSignal | undefined>) | undefined;
}

/** What became of all the files. */
export interface Outcome {
  /** How many files with values for the Airflow chart there were. */
  readonly checked: number;
  readonly problems: readonly Problem[];
  readonly skipped: readonly SkippedFile[];
  /** The signal after which no more files were looked at. */
  readonly stopped: StopSignal | undefined;
}

/** Creates the service that commands ask. A rule that fails is told of, and makes no finding. */
function createService(environment: Environment): LanguageService {
  return createLanguageService({
    edits: { documentChanges: false, changeAnnotations: false },
    completion: { snippets: false },
    report: (code, error) => {
      environment.err.write(`${program}: the rule ${code} failed: ${String(error)}\n`);
    },
  });
}

/** A path as the user is to read it: from the working folder, with slashes. */
export function shownPath(environment: Pick<Environment, 'cwd'>, file: string): string {
  const relative = path.relative(environment.cwd, file);
  // On Windows there is no relative path to another drive.
  return (relative === '' ? '.' : relative).replaceAll(path.sep, '/');
}

/** Says each thing once on stderr. */
export function warnerOf({ err }: Environment): (message: string) => void {
  const told = new Set<string>();
  return (message) => {
    if (!told.has(message)) err.write(`${program}: ${printable(message)}\n`);
    told.add(message);
  };
}

/** The settings for files, as the options of a command say. */
export function settingsOf(args: Arguments, environment: Environment): SettingsFor {
  const file = args.value('config');
  return createConfiguration(
    {
      file: file === undefined ? undefined : path.resolve(environment.cwd, file),
      chartVersion: args.value('chart-version'),
    },
    (configuration) => shownPath(environment, configuration),
    warnerOf(environment),
  );
}

/**
 * Looks at every file with values for the Airflow chart among those that a command was given, and says on stderr which
 * ones could not be read.
 * @param args The command's arguments.
 * @param process The process.
 * @param visitor Takes each such file, in order. It is given the process to write to.
 * @throws {UsageError} For settings on the command line that cannot be used.
 */
export async function visitValuesFiles(
  args: Arguments,
  process: Environment,
  visitor: (environment: Environment, service: LanguageService) => Visitor,
): Promise<Outcome> {
  const { progress, environment } = createProgress(process);
  const service = createService(environment);
  const settingsFor = settingsOf(args, environment);
  const operands = args.operands.length === 0 ? ['.'] : args.operands;
  const stdinFilename = args.value('stdin-filename');
  if (stdinFilename !== undefined && !operands.includes('-'))
    throw new UsageError(
      '--stdin-filename is for standard input, which is not read without - among the paths.',
    );
  const { visit, passOver, stopped } = visitor(environment, service);
  const problems: Problem[] = [];
  const skipped: SkippedFile[] = [];
  let checked = 0;
  let stop: StopSignal | undefined;

  function fail(path: string, message: string): void {
    problems.push({ kind: 'unreadable', path, message });
    environment.err.write(`${program}: cannot read ${path}: ${message}\n`);
  }
  /** The settings for a file; undefined once the user was told why there are none. */
  function settingsOrComplaint(file: string): FoundSettings | undefined {
    try {
      return settingsFor(file);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      const { path: configuration, message } = error;
      // Every file below it has this one.
      if (problems.some((told) => told.kind === 'configuration' && told.path === configuration))
        return undefined;
      problems.push({ kind: 'configuration', path: configuration, message });
      environment.err.write(`${program}: ${message}\n`);
      return undefined;
    }
  }
  /** Has a file visited; says whether that was done. */
  async function take(source: Source, read: ReadResult, settings: FoundSettings) {
    const { file, shown, isNamed } = source;
    if ('problem' in read) {
      fail(shown, read.problem);
      return false;
    }
    const used = isNamed ? { ...settings, files: anyName } : settings;
    const look = (text: string): Snapshot => lookInStacks(source, text, used, service);
    const snapshot = look(read.text);
    if (isChecked(snapshot)) {
      checked++;
      await visit({ path: shown, file, mark: read.mark, snapshot, look });
      return true;
    }
    if (isNamed) skipped.push({ path: shown, isSwitchedOff: directiveIn(read.text) === 'disable' });
    return false;
  }

  const named = operands
    .filter((operand) => operand !== '-')
    .map((operand) => path.resolve(environment.cwd, operand));
  const found = findFiles(
    named,
    (file) => mayMatter(file, settingsFor),
    (file) => hasFittingName(file, settingsFor),
  );
  const input = operands.includes('-')
    ? await readStdin(stdinFilename, environment, settingsOrComplaint)
    : undefined;
  const repositoryFor: RepositoryFor = args.has('alone')
    ? () => undefined
    : await openRepositories(rootsOf([...named, ...(input?.isNamed ? [input.file] : [])]), {
        settingsFor,
        texts: new Map(input?.isNamed && 'text' in input.read ? [[input.file, input.read.text]] : []),
        files: found.files.map(({ file }) => file),
        progress,
        warn: warnerOf(environment),
        stopped,
      });

  const taken = new Set<string>();
  if (input) {
    const { file, shown, settings, read } = input;
    const uri = input.isNamed ? addressOf(file) : 'untitled:stdin';
    const repository = input.isNamed ? repositoryFor(file) : undefined;
    const source = { uri, file: undefined, shown, isNamed: true, repository };
    // The text stands for the file, whatever is in that.
    if (input.isNamed) taken.add(targetOf(file));
    if (!settings || !(await take(source, read, settings))) passOver?.(input.bytes);
  }
  for (const { file, problem } of found.unreadable) fail(shownPath(environment, file), problem);
  for (const [index, { file, isNamed }] of found.files.entries()) {
    stop = await stopped?.();
    if (stop !== undefined) break;
    progress.at(index, found.files.length);
    const settings = settingsOrComplaint(file);
    // Of the configuration itself it only matters that it could be read.
    if (!settings || isConfiguration(file)) continue;
    const uri = addressOf(file);
    const repository = repositoryFor(file);
    const isWanted = isNamed || fitsName(slashed(file), settings.files) || isInStack(repository, uri);
    // Of other YAML files only those matter that ask for it; a repository knows them.
    const read = isWanted || !repository || repository.file(uri) ? readText(file) : undefined;
    const asksForIt = read !== undefined && 'text' in read && directiveIn(read.text) === 'enable';
    if (!read || !(isWanted || asksForIt)) continue;
    // A file may be found a second time through a link.
    const target = targetOf(file);
    if (taken.has(target)) continue;
    taken.add(target);
    const source = { uri, file, shown: shownPath(environment, file), isNamed, repository };
    await take(source, read, settings);
  }
  progress.end();
  return { checked, problems, skipped, stopped: stop ?? (await stopped?.()) };
}

/** Standard input, as it was read. */
interface Input {
  /** The full path that it stands for, or would have. */
  readonly file: string;
  /** Whether it stands for a file. */
  readonly isNamed: boolean;
  readonly shown: string;
  readonly bytes: Buffer;
  readonly read: ReadResult;
  readonly settings: FoundSettings | undefined;
}

async function readStdin(
  name: string | undefined,
  environment: Environment,
  settingsFor: (file: string) => FoundSettings | undefined,
): Promise<Input> {
  const file = path.resolve(environment.cwd, name ?? stdinName);
  const settings = settingsFor(file);
  const bytes = await environment.readInput();
  const shown = name === undefined ? stdinName : shownPath(environment, file);
  return { file, isNamed: name !== undefined, shown, bytes, read: decode(bytes), settings };
}

/** Looks at a text as that of a file, with the stacks that it is in. */
function lookInStacks(
  { uri, repository }: Source,
  text: string,
  settings: FoundSettings,
  service: LanguageService,
): Snapshot {
  const known = repository?.file(uri)?.values;
  const document = known?.text === text ? { uri, version: 1, values: known } : openDocument(uri, 1, text);
  // What the repository does not know is of no account for others, unless it could not read it.
  if (repository && document.values !== known && (known || isInStack(repository, uri)))
    repository.put({ uri, version: null, values: document.values });
  return service.look(document, settings, partsFor(repository?.partsOf(uri), settings));
}

/** The parts of a file; what the command line says about the chart's version counts for more than what a resource pins. */
function partsFor(
  parts: readonly Part[] | undefined,
  { chartVersionFrom }: FoundSettings,
): readonly Part[] | undefined {
  if (chartVersionFrom !== 'option') return parts;
  return parts?.map(({ excerpt, stacks }) => ({
    excerpt,
    stacks: stacks.map((stack) => ({ ...stack, release: undefined })),
  }));
}

function isInStack(repository: Repository | undefined, uri: string): boolean {
  return repository !== undefined && repository.stacksOf(uri).length > 0;
}

/**
 * Tells the user of named files that were skipped; of many of them only some by name, as tools that pass on every YAML
 * file of a project name many.
 */
export function tellSkipped({ skipped }: Outcome, environment: Environment): void {
  for (const [isSwitchedOff, reason] of reasons) {
    const paths = skipped
      .filter((file) => file.isSwitchedOff === isSwitchedOff)
      .map((file) => printable(file.path));
    if (paths.length === 0) continue;
    const rest = paths.length - mostNamed;
    const list = [...paths.slice(0, mostNamed), ...(rest > 0 ? [`${rest} more`] : [])];
    const names =
      list.length > 1 ? `${list.slice(0, -1).join(', ')} and ${list.at(-1) ?? ''}` : list.join('');
    environment.err.write(`${program}: ${names} ${paths.length > 1 ? 'are' : 'is'} skipped: ${reason}\n`);
  }
}

/** How many skipped files are told by name. */
const mostNamed = 5;

/** Why files are skipped, by whether they are switched off. */
const reasons = [
  [true, 'a comment in its first lines says "airflow-token-volume: disable".'],
  [
    false,
    'nothing at the top level looks like values for the Airflow chart. To have such a file checked anyway, write ' +
      '"# airflow-token-volume: enable" in its first lines.',
  ],
] as const;

/** Says whether a file in a folder is worth reading: every YAML file may have the comment that switches checks on. */
function mayMatter(file: string, settingsFor: SettingsFor): boolean {
  if (isConfiguration(file)) return false;
  return isListed(slashed(file)) || hasFittingName(file, settingsFor);
}

function hasFittingName(file: string, settingsFor: SettingsFor): boolean {
  try {
    return fitsName(slashed(file), settingsFor(file).files);
  } catch (error) {
    // The configuration's mistakes are told when the first YAML file asks for it.
    if (error instanceof UsageError) return false;
    throw error;
  }
}

function isConfiguration(file: string): boolean {
  return configurationNames.includes(path.basename(file));
}

/** The file behind a link; the file itself where that cannot be said, or it is none. */
function targetOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

/** Patterns that every name fits, for files that the user named. */
const anyName: readonly string[] = ['*'];
