import path from 'node:path';
import {
  predictExposure,
  durationInWords,
  type ContainerRecord,
  type ExposureReport,
  type ValuesLayer,
  type WorkloadRecord,
} from '../languageService';
import { choiceOf, type Arguments } from './arguments';
import { exposureFormats, program } from './commands';
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
  const format = choiceOf(exposureFormats, args.value('format'), 'text');
  if (args.operands.length === 0)
    throw new UsageError('exposure takes the values files, the last one on top.');
  const settingsFor = settingsOf(args, environment);
  const layers: ValuesLayer[] = [];
  let isComplete = true;
  for (const operand of args.operands) {
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
  const top = path.resolve(environment.cwd, args.operands.at(-1) ?? '.');
  const report = predictExposure(layers, settingsFor(top));
  environment.out.write(
    format === 'json'
      ? printExposureAsJson(report)
      : printExposure(report, styleFor(environment.out, environment.env)),
  );
  return report.schema === 'accepted' && report.renders ? exitCodes.clean : exitCodes.findings;
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

function totals({ workloads }: ExposureReport, style: Style): string {
  const containers = Object.values(workloads).flatMap((workload) => Object.values(workload.containers));
  const holding = containers.filter(holdsToken).length;
  const count = `${holding} of ${containers.length} ${containers.length === 1 ? 'container' : 'containers'}`;
  return `${style.strong(count)} ${holding === 1 || containers.length === 1 ? 'holds' : 'hold'} a token.\n`;
}

function verdict({ chart, schema, renders, reason, place }: ExposureReport, style: Style): string {
  if (schema === 'accepted' && renders) return '';
  const where = place
    ? `${style.strong(`${printable(place.path)}:${place.line + 1}:${place.character + 1}`)} `
    : '';
  const why = reason ?? (schema === 'rejected' ? 'The schema rejects the values.' : 'Helm aborts.');
  return `${where}${style.severity.error('error')} ${style.strong(`chart ${chart}`)}: ${printable(why)}\n`;
}
