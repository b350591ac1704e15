import { realpathSync } from 'node:fs';
import path from 'node:path';
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import type { LanguageService, Snapshot } from '../languageService';
import type { Arguments } from './arguments';
import { program } from './commands';
import { printable } from './formats/text';
import { repositoryOf } from '../disk/ignoredFiles';
import { reasonOf } from '../disk/readText';
import { replaceFile } from './replaceFile';
import { exitCodes, stopSignals, UsageError, type Environment, type ExitCode } from './environment';
import { styleFor, type Style } from './style';
import { tellSkipped, visitValuesFiles, type ValuesFile, type Visitor } from './valuesFiles';

/** How often a file is looked at anew. Each step fixes many findings, so this only guards against fixes that fight. */
const mostSteps = 100;

/**
 * Applies the safe fixes to values files, and the migration where it is asked for.
 * @param args The command's arguments.
 * @param environment The process.
 * @throws {UsageError} For arguments that make no sense.
 */
export async function fix(args: Arguments, environment: Environment): Promise<ExitCode> {
  const migrate = args.has('migrate');
  const showsDiff = args.has('diff');
  if (args.operands.includes('-') && args.operands.length > 1)
    throw new UsageError('- cannot be mixed with files, as the fixed text is printed.');
  const isFilter = args.operands.includes('-');
  const stopped = isFilter || showsDiff ? undefined : environment.catchSignals();
  const style = styleFor(environment.out, environment.env);
  let changed = 0;
  let left = 0;
  let unwritten = 0;
  const outcome = await visitValuesFiles(args, environment, ({ cwd, out, err }, service) => ({
    stopped,
    passOver: (input) => {
      // An editor that filters a text through the program puts what is printed in its place.
      if (!showsDiff) out.write(input);
    },
    visit: async (file) => {
      const repaired = await repair(file, service, migrate, stopped);
      if (!repaired) return;
      const { path: shown, mark, snapshot } = file;
      const before = mark + snapshot.values.text;
      const after = mark + repaired.values.text;
      if (isFilter && !showsDiff) out.write(after);
      if (after !== before && showsDiff) {
        out.write(diffOf(pathInDiff(file, cwd), before, after, style));
      } else if (after !== before && file.file !== undefined) {
        try {
          replaceFile(file.file, before, after);
        } catch (error) {
          unwritten++;
          // What others are judged with is what there is.
          file.look(snapshot.values.text);
          left += service.findings(snapshot).length;
          err.write(`${program}: cannot write ${shown}: ${reasonOf(error)}\n`);
          return;
        }
        out.write(`${style.strong(printable(shown))}\n${listOf(repaired.titles)}`);
      }
      if (after !== before) changed++;
      left += service.findings(repaired).length;
    },
  }));
  const files = `${outcome.checked} ${outcome.checked === 1 ? 'file' : 'files'}`;
  const rest = left === 0 ? '' : ` ${left} ${left === 1 ? 'finding is' : 'findings are'} left.`;
  const done = showsDiff ? 'would change' : 'changed';
  // What is printed for standard input or as a diff is for a program to read.
  const summaryTo = showsDiff || isFilter ? environment.err : environment.out;
  summaryTo.write(
    outcome.checked === 0
      ? 'No values for the Airflow chart found.\n'
      : `${changed} of ${files} ${done}.${rest}\n`,
  );
  tellSkipped(outcome, environment);
  if (outcome.stopped !== undefined) {
    environment.err.write(`${program}: stopped by ${outcome.stopped}\n`);
    return stopSignals[outcome.stopped];
  }
  if (unwritten > 0 || outcome.problems.length > 0) return exitCodes.failure;
  return showsDiff && changed > 0 ? exitCodes.findings : exitCodes.clean;
}

interface Repaired extends Snapshot {
  /** What was done, step by step. */
  readonly titles: readonly string[];
}

/** Repairs a text as far as that goes; undefined when a signal comes first. */
async function repair(
  { snapshot, look }: ValuesFile,
  service: LanguageService,
  migrate: boolean,
  stopped: Visitor['stopped'],
): Promise<Repaired | undefined> {
  const titles: string[] = [];
  let current: Snapshot = snapshot;
  for (let step = 0; step < mostSteps; step++) {
    const next = service.nextRepair(current, migrate);
    if (!next) break;
    titles.push(...next.titles);
    current = look(current.values.edit(next.edits).text);
    if ((await stopped?.()) !== undefined) return undefined;
  }
  return { ...current, titles };
}

/**
 * How a diff calls a file, so that `git apply` and `patch -p1` find it: from the root of its repository if it is in one,
 * otherwise from the working folder, and outside of that from the root of the file system. Of a link, it is the file
 * behind it that would change.
 */
function pathInDiff({ file, path: shown }: ValuesFile, cwd: string): string {
  const full = file === undefined ? path.resolve(cwd, shown) : realpathSync(file);
  const relative = path.relative(repositoryOf(full) ?? realpathSync(cwd), full);
  const isOutside = relative.split(path.sep)[0] === '..' || path.isAbsolute(relative);
  return (isOutside ? full.slice(path.parse(full).root.length) : relative).replaceAll(path.sep, '/');
}

/** What was done, the same things together. */
function listOf(titles: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const title of titles) counts.set(title, (counts.get(title) ?? 0) + 1);
  return [...counts]
    .map(([title, count]) => `  ${printable(title)}${count > 1 ? ` (${count} times)` : ''}\n`)
    .join('');
}

function diffOf(path: string, before: string, after: string, style: Style): string {
  const diff = createTwoFilesPatch(`a/${path}`, `b/${path}`, before, after, undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  });
  return diff
    .split('\n')
    .map((line) => {
      if (line.startsWith('--- ') || line.startsWith('+++ ')) return style.strong(line);
      if (line.startsWith('@@')) return style.code(line);
      if (line.startsWith('+')) return style.added(line);
      return line.startsWith('-') ? style.removed(line) : line;
    })
    .join('\n');
}
