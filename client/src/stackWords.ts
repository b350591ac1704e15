import * as l10n from '@vscode/l10n';
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
  const { chart, chartFrom } = chosen;
  const name = nameOf(chosen);
  const others = stacks.length - 1;
  return {
    stack: {
      text:
        others > 0
          ? l10n.t('{0} (and {1} more) · chart {2}', name, others, chart)
          : l10n.t('{0} · chart {1}', name, chart),
      detail: chartOriginOf(chosen, isChartSet, chartFrom?.path.split('/').at(-1)),
    },
    tokens: { text: holdersOf(chosen), detail: executorOf(chosen) },
    reasons: [
      `${reasonOf(chosen)}.`,
      l10n.t({
        message: 'Chart {0}: {1}.',
        args: [chart, chartOriginOf(chosen, isChartSet, chartFrom?.path)],
        comment: ['{0} is a version, and {1} says where it is from: "from Chart.yaml"'],
      }),
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
    label: nameOf(stack),
    description: reasonOf(stack),
    detail: [
      chartOf(stack, isChartSet),
      containers === null || holding === null
        ? holdersOf(stack)
        : l10n.t('token in {0} of {1} containers', holding, containers),
      executorOf(stack),
      ...(isResource && layers.length > 1 ? [layersOf(layers)] : []),
    ].join(' · '),
  };
}

function nameOf({ name }: StackStatus): string {
  return name ?? l10n.t('No stack');
}

/** The chart, and where its version comes from: without the file that the stack itself comes from. */
function chartOf(stack: StackStatus, isChartSet: boolean): string {
  const { chart, chartFrom, originPath } = stack;
  const isSame = chartFrom !== null && chartFrom.path === originPath;
  if (!isSame)
    return l10n.t({
      message: 'chart {0} ({1})',
      args: [chart, chartOriginOf(stack, isChartSet, chartFrom?.path)],
      comment: ['{0} is a version, and {1} says where it is from: "from Chart.yaml"'],
    });
  return chartFrom.text === chart
    ? l10n.t('chart {0}', chart)
    : l10n.t({
        message: 'chart {0} for {1}',
        args: [chart, chartFrom.text],
        comment: ['{0} is a version, and {1} the range of versions that is wanted'],
      });
}

function reasonOf({ origin, originPath, layers }: StackStatus): string {
  if (origin === null) return l10n.t('Deployed by itself');
  if (origin === 'setting') return l10n.t('Settings: {0}', layersOf(layers));
  if (origin === 'file names') return l10n.t('File names: {0}', layersOf(layers));
  const kind = origin === 'Umbrella chart' ? l10n.t('Umbrella chart') : origin;
  return originPath === null
    ? kind
    : l10n.t({
        message: '{0} in {1}',
        args: [kind, originPath],
        comment: ['{0} is a tool, such as Argo CD, and {1} a file'],
      });
}

function executorOf({ executor }: StackStatus): string {
  return executor ?? l10n.t('executor unknown');
}

function layersOf(layers: readonly string[]): string {
  const rest = layers.length - mostLayers;
  // The first one and the last ones: those in between say least.
  const named =
    rest > 0 ? [layers[0], l10n.t('{0} more', rest), ...layers.slice(1 - mostLayers)] : layers.map(String);
  return named.join(' + ');
}

function chartOriginOf(
  { chart, chartFrom }: StackStatus,
  isChartSet: boolean,
  path: string | undefined,
): string {
  if (!chartFrom || path === undefined)
    return isChartSet ? l10n.t('from the settings') : l10n.t('newest known');
  return chartFrom.text === chart
    ? l10n.t({ message: 'from {0}', args: [path], comment: ['{0} is a file'] })
    : l10n.t({
        message: 'for {0} in {1}',
        args: [chartFrom.text, path],
        comment: ['{0} is the range of versions that is wanted, and {1} the file that says so'],
      });
}

function holdersOf({ containers, holding }: StackStatus): string {
  if (containers === null || holding === null) return l10n.t('who holds a token cannot be told');
  if (holding === 0) return l10n.t('none of {0} containers holds a token', containers);
  return holding === 1
    ? l10n.t('{0} of {1} containers holds a token', holding, containers)
    : l10n.t('{0} of {1} containers hold a token', holding, containers);
}
