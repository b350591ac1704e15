import { statSync } from 'node:fs';
import path from 'node:path';
import {
  pictureMarkdown,
  pictureSvg,
  predictExposure,
  predictPicture,
  problemMarkdown,
  durationInWords,
  type ContainerRecord,
  type ExposureReport,
  type LayerPlace,
  type Picture,
  type ValuesLayer,
  type WorkloadRecord,
} from '../languageService';
import { choiceOf, type Arguments } from './arguments';
import { exposureFormats, program } from './commands';
import { findStacks, stackNamed } from './foundStacks';
import { printable } from './formats/text';
import { decode, readText } from '../disk/readText';
import { exitCodes, UsageError, type ExitCode, type Environment } from './environment';
import { styleFor, type Style } from './style';
import { settingsOf, shownPath } from './valuesFiles';

/**
 * Prints which container holds which token.
 * @param args The command's arguments.
 * @param environment The process.
 * @throws {UsageError} For arguments that make no sense.
 */
export async function exposure(args: Arguments, environment: Environment): Promise<ExitCode> {
  const stack = args.value('stack');
  if (stack === undefined) {
    if (args.operands.length === 0)
      throw new UsageError('exposure takes the values files, the last one on top, or --stack.');
    return exposureOfFiles(args.operands, args, environment);
  }
  const files = filesIn(stack, environment);
  if (!files) return exposureOfStack(stack, args, environment);
  if (args.operands.length > 0)
    throw new UsageError('the files stand either in --stack or behind it, not both.');
  return exposureOfFiles(files, args, environment);
}

/** The files that `--stack` lists; undefined where it names a stack. */
function filesIn(stack: string, { cwd }: Environment): readonly string[] | undefined {
  if (statSync(path.resolve(cwd, stack), { throwIfNoEntry: false })?.isFile()) return [stack];
  return stack.includes(',') ? stack.split(',').filter((file) => file !== '') : undefined;
}

async function exposureOfStack(name: string, args: Arguments, environment: Environment): Promise<ExitCode> {
  const [operand = '.', ...others] = args.operands;
  if (others.length > 0)
    throw new UsageError('exposure takes one path with the name of a stack, to say where it is.');
  const stack = stackNamed(name, await findStacks(operand, false, args, environment));
  const told = stack.exposure();
  if ('report' in told) return tell({ name, ...told }, args, environment);
  environment.err.write(
    `${program}: what ${printable(name)} exposes cannot be told, because of ${printable(told.unknown)}.\n`,
  );
  return exitCodes.failure;
}

async function exposureOfFiles(
  files: readonly string[],
  args: Arguments,
  environment: Environment,
): Promise<ExitCode> {
  const settingsFor = settingsOf(args, environment);
  const layers: ValuesLayer[] = [];
  let isComplete = true;
  for (const operand of files) {
    const file = path.resolve(environment.cwd, operand);
    const read = operand === '-' ? decode(await environment.readInput()) : readText(file);
    const shown = operand === '-' ? '<stdin>' : shownPath(environment, file);
    if ('text' in read) {
      layers.push({ path: shown, text: read.text });
    } else {
      isComplete = false;
      environment.err.write(`${program}: cannot read ${shown}: ${read.problem}\n`);
    }
  }
  // What some of the layers say is not what Helm would do with all of them.
  if (!isComplete) return exitCodes.failure;
  const top = path.resolve(environment.cwd, files.at(-1) ?? '.');
  const settings = settingsFor(top);
  const name = layers.map((layer) => layer.path).join(', ');
  const report = predictExposure(layers, settings);
  return tell({ name, report, picture: () => predictPicture(layers, settings, name) }, args, environment);
}

/** What Helm makes of values. */
interface Told {
  /** What the values are called together. */
  readonly name: string;
  readonly report: ExposureReport;
  readonly picture: () => Picture | undefined;
}

function tell(told: Told, args: Arguments, environment: Environment): ExitCode {
  const { report } = told;
  const format = choiceOf(exposureFormats, args.value('format'), 'text');
  if (format === 'markdown' || format === 'svg') return show(told, format, environment);
  environment.out.write(
    format === 'json'
      ? printExposureAsJson(report)
      : printExposure(report, styleFor(environment.out, environment.env)),
  );
  return exitCodeOf(report);
}

function exitCodeOf(report: ExposureReport): ExitCode {
  return isSound(report) ? exitCodes.clean : exitCodes.findings;
}

function isSound({ schema, renders }: ExposureReport): boolean {
  return schema === 'accepted' && renders;
}

/** Prints the picture, with what is wrong in it; Markdown says that alone where nothing renders, an SVG cannot. */
function show(
  { name, report, picture }: Told,
  format: 'markdown' | 'svg',
  environment: Environment,
): ExitCode {
  const problem = problemOf(report);
  const shown = report.renders ? picture() : undefined;
  if (report.renders && !shown) {
    environment.err.write(
      `${program}: what ${printable(name)} exposes cannot be shown, as the values leave open what is deployed: a template in them, or a text that breaks off. "--format text" shows what Helm makes of them.\n`,
    );
    return exitCodes.failure;
  }
  if (format === 'markdown') {
    environment.out.write(shown ? pictureMarkdown(shown, problem) : problemMarkdown(name, problem ?? ''));
  } else {
    if (shown) environment.out.write(pictureSvg(shown, { problem }));
    // It stands in the drawing as well, which nobody sees in a log.
    if (problem !== undefined) environment.err.write(`${program}: ${printable(problem)}\n`);
  }
  return exitCodeOf(report);
}

/** What keeps the values from being rendered, with its place; undefined where nothing does. */
function problemOf(report: ExposureReport): string | undefined {
  if (isSound(report)) return undefined;
  const where = report.place ? `${placeInWords(report.place)}: ` : '';
  return `${where}chart ${report.chart}: ${reasonOf(report)}`;
}

/** An exposure as JSON, without the place of a problem, which depends on how the values are cut into files. */
export function printExposureAsJson({ chart, schema, renders, reason, workloads }: ExposureReport): string {
  const printed = { chart, schema, renders, ...(reason === undefined ? {} : { reason }), workloads };
  return `${JSON.stringify(printed, null, 2)}\n`;
}

/**
 * An exposure as a table of workloads, containers and tokens, with the totals and what Helm makes of the values.
 * @param report The exposure.
 * @param style The colours.
 */
export function printExposure(report: ExposureReport, style: Style): string {
  const rows = Object.entries(report.workloads).flatMap(([name, workload]) => rowsOf(name, workload));
  return [...(rows.length === 0 ? [] : [table(rows, style), totals(report, style)]), verdict(report, style)]
    .filter((part) => part !== '')
    .join('\n');
}

interface Row {
  readonly cells: readonly [workload: string, container: string, token: string];
  readonly holdsToken: boolean;
}

function rowsOf(name: string, { kind, containers }: WorkloadRecord): Row[] {
  return Object.entries(containers).map(([container, held], index) => ({
    cells: [
      index === 0 ? `${name} (${kind})` : '',
      held.init ? `${container} (init)` : container,
      tokensOf(held),
    ],
    holdsToken: holdsToken(held),
  }));
}

function tokensOf({ automounted, projected }: ContainerRecord): string {
  const tokens = [...(automounted ? ['automatic'] : []), ...projected.map(describeToken)];
  return tokens.length === 0 ? 'none' : tokens.join('; ');
}

function describeToken({
  mountPath,
  expirationSeconds,
  audience,
}: ContainerRecord['projected'][number]): string {
  const lifetime = expirationSeconds === undefined ? [] : [durationInWords(expirationSeconds)];
  const reader = audience === undefined ? [] : [`for ${audience}`];
  return `projected: ${[mountPath, ...lifetime, ...reader].join(', ')}`;
}

function holdsToken({ automounted, projected }: ContainerRecord): boolean {
  return automounted || projected.length > 0;
}

function table(rows: readonly Row[], style: Style): string {
  const head = ['workload', 'container', 'token'] as const;
  const widths = [0, 1].map((column) =>
    Math.max(
      ...[head, ...rows.map(({ cells }) => cells)].map((cells) => printable(cells[column] ?? '').length),
    ),
  );
  const line = ([workload, container, token]: readonly string[], paint: (text: string) => string): string =>
    `${printable(workload ?? '').padEnd(widths[0] ?? 0)}  ${printable(container ?? '').padEnd(widths[1] ?? 0)}  ${paint(printable(token ?? ''))}\n`;
  return [
    style.strong(line(head, (text) => text).trimEnd()) + '\n',
    ...rows.map(({ cells, holdsToken: holds }) => line(cells, holds ? style.severity.warning : style.faint)),
  ].join('');
}

/** How many containers there are, and how many of them hold a token. */
export function countOf({ workloads }: ExposureReport): { all: number; withToken: number } {
  const containers = Object.values(workloads).flatMap((workload) => Object.values(workload.containers));
  return { all: containers.length, withToken: containers.filter(holdsToken).length };
}

function totals(report: ExposureReport, style: Style): string {
  const { all, withToken } = countOf(report);
  const count = `${withToken} of ${all} ${all === 1 ? 'container' : 'containers'}`;
  return `${style.strong(count)} ${withToken === 1 || all === 1 ? 'holds' : 'hold'} a token.\n`;
}

function verdict(report: ExposureReport, style: Style): string {
  if (isSound(report)) return '';
  const { chart, place } = report;
  const where = place ? `${style.strong(placeInWords(place))} ` : '';
  return `${where}${style.severity.error('error')} ${style.strong(`chart ${chart}`)}: ${printable(reasonOf(report))}\n`;
}

function placeInWords({ path: file, line, character }: LayerPlace): string {
  return `${printable(file)}:${line + 1}:${character + 1}`;
}

function reasonOf({ reason, schema }: ExposureReport): string {
  return reason ?? (schema === 'rejected' ? 'The schema rejects the values.' : 'Helm aborts.');
}
