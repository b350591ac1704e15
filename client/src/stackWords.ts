import type { StackStatus } from '../../server/src/workspace/protocol';

/** What a status item says. There is little room: some 70 letters for both on one line. */
export interface StatusWords {
  readonly text: string;
  readonly detail: string;
}

/** What the status items say of a file's stacks. */
export interface Summary {
  /** The stack, the chart and where its version comes from. */
  readonly stack: StatusWords;
  /** Who holds a token. */
  readonly tokens: StatusWords;
  /** Why it is a stack and of this chart, in whole sentences. */
  readonly reasons: readonly string[];
}

/** What a list of stacks says of one. */
export interface ChoiceWords {
  /** What the user calls it. */
  readonly label: string;
  /** Why it is a stack. */
  readonly description: string;
  /** Its chart, its executor, who holds a token. */
  readonly detail: string;
}

/** How many layers are named. */
const mostLayers = 4;

/**
 * What the status items say.
 * @param stacks The stacks of a file, the chosen one first.
 * @param isChartSet Whether the settings choose a version of the chart.
 * @returns Undefined for a file without values for the chart.
 */
export function summarise(stacks: readonly StackStatus[], isChartSet: boolean): Summary | undefined {
  const [chosen] = stacks;
  if (!chosen) return undefined;
  const others = stacks.length > 1 ? ` (and ${stacks.length - 1} more)` : '';
  const { chart, chartFrom } = chosen;
  return {
    stack: {
      text: `${chosen.name ?? 'No stack'}${others} · chart ${chart}`,
      detail: chartOriginOf(chosen, isChartSet, chartFrom?.path.split('/').at(-1)),
    },
    tokens: { text: holdersOf(chosen), detail: executorOf(chosen) },
    reasons: [
      `${reasonOf(chosen)}.`,
      `Chart ${chart}: ${chartOriginOf(chosen, isChartSet, chartFrom?.path)}.`,
    ],
  };
}

/**
 * What a list of stacks says of one.
 * @param stack What the server knows of it.
 * @param isChartSet Whether the settings choose a version of the chart.
 */
export function describeChoice(stack: StackStatus, isChartSet: boolean): ChoiceWords {
  const { containers, holding, layers } = stack;
  const isResource = stack.origin !== 'setting' && stack.origin !== 'file names';
  return {
    label: stack.name ?? 'No stack',
    description: reasonOf(stack),
    detail: [
      `chart ${stack.chart}${shortChartOriginOf(stack, isChartSet)}`,
      containers === null || holding === null
        ? holdersOf(stack)
        : `token in ${holding} of ${containers} containers`,
      executorOf(stack),
      ...(isResource && layers.length > 1 ? [layersOf(layers)] : []),
    ].join(' · '),
  };
}

/** Where the chart's version comes from, without the file that the stack itself comes from. */
function shortChartOriginOf(stack: StackStatus, isChartSet: boolean): string {
  const { chart, chartFrom, originPath } = stack;
  const isSame = chartFrom !== null && chartFrom.path === originPath;
  if (!isSame) return ` (${chartOriginOf(stack, isChartSet, chartFrom?.path)})`;
  return chartFrom.text === chart ? '' : ` for ${chartFrom.text}`;
}

function reasonOf({ origin, originPath, layers }: StackStatus): string {
  if (origin === null) return 'Deployed by itself';
  if (origin === 'setting') return `Settings: ${layersOf(layers)}`;
  if (origin === 'file names') return `File names: ${layersOf(layers)}`;
  return originPath === null ? origin : `${origin} in ${originPath}`;
}

function executorOf({ executor }: StackStatus): string {
  return executor ?? 'executor unknown';
}

function layersOf(layers: readonly string[]): string {
  const rest = layers.length - mostLayers;
  // The first one and the last ones: those in between say least.
  const named = rest > 0 ? [layers[0], `${rest} more`, ...layers.slice(1 - mostLayers)] : layers.map(String);
  return named.join(' + ');
}

function chartOriginOf(
  { chart, chartFrom }: StackStatus,
  isChartSet: boolean,
  path: string | undefined,
): string {
  if (!chartFrom || path === undefined) return isChartSet ? 'from the settings' : 'newest known';
  return chartFrom.text === chart ? `from ${path}` : `for ${chartFrom.text} in ${path}`;
}

function holdersOf({ containers, holding }: StackStatus): string {
  if (containers === null || holding === null) return 'who holds a token cannot be told';
  if (holding === 0) return `none of ${containers} containers holds a token`;
  return `${holding} of ${containers} containers ${holding === 1 ? 'holds' : 'hold'} a token`;
}
