import { choiceOf, type Arguments } from './arguments';
import { stacksFormats } from './commands';
import { exitCodes, UsageError, type Environment, type ExitCode } from './environment';
import { countOf } from './exposure';
import {
  findStacks,
  type FoundChart,
  type FoundLayer,
  type FoundStack,
  type FoundStacks,
} from './foundStacks';
import { printable } from './formats/text';
import { styleFor, type Style } from './style';

/**
 * Lists the stacks of a repository, and why they are stacks.
 * @param args The command's arguments.
 * @param environment The process.
 * @throws {UsageError} For arguments that make no sense.
 */
export async function stacks(args: Arguments, environment: Environment): Promise<ExitCode> {
  const format = choiceOf(stacksFormats, args.value('format'), 'text');
  const [operand = '.', ...others] = args.operands;
  if (others.length > 0) throw new UsageError('stacks takes one path.');
  const found = await findStacks(operand, true, args, environment);
  environment.out.write(
    format === 'json' ? printAsJson(found) : print(found, styleFor(environment.out, environment.env)),
  );
  return exitCodes.clean;
}

function printAsJson({ folder, stacks: found }: FoundStacks): string {
  const printed = {
    folder,
    stacks: found.map(({ name, origin, path, place, chart, layers, exposure }) => {
      const told = exposure();
      return {
        name,
        origin,
        path,
        place: place ?? null,
        chart: { version: chart.version, from: chart.from, pinned: chart.pinned ?? null },
        layers: layers.map((layer) => ({
          path: layer.path,
          source: layer.source,
          key: layer.key ?? null,
          unknown: layer.unknown ?? null,
        })),
        containers: 'report' in told && told.report.renders ? countOf(told.report) : null,
      };
    }),
  };
  return `${JSON.stringify(printed, null, 2)}\n`;
}

function print({ stacks: found }: FoundStacks, style: Style): string {
  if (found.length === 0) return 'No stacks found: each values file is judged by itself.\n';
  return found.map((stack) => printStack(stack, style)).join('\n');
}

function printStack(stack: FoundStack, style: Style): string {
  const lines = [
    reasonOf(stack),
    `chart ${inWords(stack.chart)}`,
    'layers, the last one on top:',
    ...stack.layers.map((layer) => `  ${describeLayer(layer)}`),
    holding(stack),
  ];
  return `${style.strong(printable(stack.name))}\n${lines.map((line) => `  ${printable(line)}\n`).join('')}`;
}

function reasonOf({ origin, path, place }: FoundStack): string {
  if (origin === 'setting') return 'the setting "stacks"';
  if (origin === 'file names') return 'the names of its files';
  return `${origin} in ${place ? `${place.path}:${place.line + 1}` : path}`;
}

function inWords({ version, from, pinned }: FoundChart): string {
  switch (from) {
    case 'option':
      return `${version}, from --chart-version`;
    case 'resource':
      return `${version}, as ${pinned?.path ?? 'it'} pins ${pinned?.text ?? version}`;
    case 'setting':
      return `${version}, from the setting "chartVersion"`;
    case 'default':
      return `${version}, the newest that is known`;
  }
}

function describeLayer({ path, source, key, unknown }: FoundLayer): string {
  if (unknown !== undefined) return `${path} (cannot be known: ${unknown})`;
  const part = { file: [], resource: ['values in it'], parameters: ['parameters in it'], unknown: [] }[
    source
  ];
  const under = key === undefined ? [] : [`under ${key}`];
  const notes = [...part, ...under].join(', ');
  return notes === '' ? path : `${path} (${notes})`;
}

function holding({ exposure }: FoundStack): string {
  const told = exposure();
  if ('unknown' in told) return 'how many containers hold a token cannot be told';
  const { report } = told;
  if (!report.renders) return `Helm cannot render it: ${report.reason ?? 'it aborts.'}`;
  const { all, withToken } = countOf(report);
  const count = `${withToken} of ${all} ${all === 1 ? 'container holds' : 'containers hold'} a token`;
  return report.schema === 'accepted' ? count : `${count}, but: ${report.reason ?? 'the schema rejects it.'}`;
}
