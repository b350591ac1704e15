import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { LanguageService, Snapshot } from '../languageService';
import type { Arguments } from './arguments';
import { program } from './commands';
import { printable } from './formats/text';
import { reasonOf } from './readText';
import { replaceFile } from './replaceFile';
import { exitCodes, UsageError, type ExitCode, type Shell } from './shell';
import { styleFor, type Style } from './style';
import { createService, tellSkipped, visitValuesFiles, type ValuesFile } from './valuesFiles';

/** How often a file is looked at anew. Each step fixes many findings, so this only guards against fixes that fight. */
const mostSteps = 100;

/**
 * Applies the safe fixes to values files, and the migration where it is asked for.
 * @param args The command's arguments.
 * @param shell The process.
 * @throws {UsageError} For arguments that make no sense.
 */
export async function fix(args: Arguments, shell: Shell): Promise<ExitCode> {
  const migrate = args.has('migrate');
  const showsDiff = args.has('diff');
  if (args.operands.includes('-') && args.operands.length > 1)
    throw new UsageError('- cannot be mixed with files, as the mended text is printed.');
  const style = styleFor(shell.out, shell.env);
  const service = createService(shell);
  let changed = 0;
  let left = 0;
  const unwritten: string[] = [];
  const outcome = await visitValuesFiles(args, shell, service, (file) => {
    const mended = mend(file, service, migrate);
    const { path, mark } = file;
    const before = mark + file.snapshot.textDocument.getText();
    const after = mark + mended.text;
    left += mended.left;
    if (file.file === undefined && !showsDiff) shell.out.write(after);
    if (after === before) return;
    if (showsDiff) {
      shell.out.write(diffOf(path, before, after, style));
    } else if (file.file !== undefined) {
      try {
        replaceFile(file.file, before, after);
      } catch (error) {
        unwritten.push(path);
        shell.err.write(`${program}: cannot write ${path}: ${reasonOf(error)}\n`);
        return;
      }
      shell.out.write(`${style.strong(printable(path))}\n${listOf(mended.titles)}`);
    }
    changed++;
  });
  const files = `${outcome.checked} ${outcome.checked === 1 ? 'file' : 'files'}`;
  const rest = left === 0 ? '' : ` ${left} ${left === 1 ? 'finding is' : 'findings are'} left.`;
  const done = showsDiff ? 'would change' : 'changed';
  // What is printed for standard input or as a diff is for a program to read.
  const summaryTo = showsDiff || args.operands.includes('-') ? shell.err : shell.out;
  summaryTo.write(
    outcome.checked === 0
      ? 'No values for the Airflow chart found.\n'
      : `${changed} of ${files} ${done}.${rest}\n`,
  );
  tellSkipped(outcome, shell);
  if (unwritten.length > 0 || outcome.unreadable.length > 0) return exitCodes.failure;
  return showsDiff && changed > 0 ? exitCodes.findings : exitCodes.clean;
}

interface Mended {
  readonly text: string;
  /** What was done, step by step. */
  readonly titles: readonly string[];
  /** How many findings there are in the text that was made. */
  readonly left: number;
}

function mend({ snapshot, look }: ValuesFile, service: LanguageService, migrate: boolean): Mended {
  const titles: string[] = [];
  let current: Snapshot = snapshot;
  for (let step = 0; step < mostSteps; step++) {
    const repair = service.nextRepair(current, migrate);
    if (!repair) break;
    titles.push(...repair.titles);
    current = look(TextDocument.applyEdits(current.textDocument, [...repair.edits]));
  }
  return { text: current.textDocument.getText(), titles, left: service.findings(current).length };
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
