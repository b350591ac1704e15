import { isSince, type ChartRelease } from './releases';
import { isRecord, isTruthy, type ChartValues, type ReadValue } from './templateValues';
import { entriesOf } from './volumes';

/**
 * Sections that `workers.celery` took over from `workers`, with the release in which it did; before that, the chart
 * looks under `workers` alone.
 */
const celerySections: ReadonlyMap<string, string> = new Map([
  ['persistence', '1.19.0'],
  ['kerberosSidecar', '1.20.0'],
  ['kerberosInitContainer', '1.20.0'],
  ['waitForMigrations', '1.21.0'],
  ['logGroomerSidecar', '1.21.0'],
  ['serviceAccount', '1.21.0'],
  ['extraContainers', '1.21.0'],
  ['extraInitContainers', '1.21.0'],
  ['extraVolumes', '1.21.0'],
  ['extraVolumeMounts', '1.21.0'],
]);

/** Sections whose switches are on when either `workers` or `workers.celery` turns them on. */
const eitherTurnsOn = new Set(['kerberosSidecar', 'kerberosInitContainer']);

/** The name of the set that `workers.celery` itself describes, and of one that takes its place. */
const defaultName = 'default';

/** A set of Celery workers, which becomes a workload of its own. */
export interface WorkerSet {
  /** Its name; undefined for the default set, whose workload has no name in its own. */
  readonly name: string | undefined;
  /** Reads a setting of this set: its own, or that of `workers.celery`, or that of `workers`. */
  readonly read: ReadValue;
  /** Where in the values a setting of this set comes from. */
  readonly pathOf: (key: string) => readonly string[];
}

/** The sets of Celery workers, the default one first. */
export function workerSets(chart: ChartValues): WorkerSet[] {
  const celery = celeryReader(chart);
  const pathOf = (key: string): readonly string[] =>
    takesOver(chart.read('workers', 'celery', key), chart.release, key)
      ? ['workers', 'celery', key]
      : ['workers', key];
  const named = entriesOf(chart.read('workers', 'celery', 'sets')).map(
    ({ entry: set, index }): WorkerSet => ({
      name:
        set['name'] === defaultName
          ? undefined
          : typeof set['name'] === 'string'
            ? set['name']
            : String(index),
      read: (...path) => {
        const own = valueIn(set, path);
        return own === undefined || isEmptyList(own) ? celery(...path) : own;
      },
      pathOf: (key) =>
        Array.isArray(set[key]) && !isEmptyList(set[key])
          ? ['workers', 'celery', 'sets', String(index), key]
          : pathOf(key),
    }),
  );
  const withDefault = isTruthy(chart.read('workers', 'celery', 'enableDefault'));
  return withDefault ? [{ name: undefined, read: celery, pathOf }, ...named] : named;
}

/** Reads settings of `workers.celery`, which fall back to those of `workers`. */
function celeryReader(chart: ChartValues): ReadValue {
  return (...path) => {
    const own = chart.read('workers', 'celery', ...path);
    const shared = chart.read('workers', ...path);
    if (!takesOver(own, chart.release, path[0] ?? '')) return shared;
    return eitherTurnsOn.has(path[0] ?? '') && typeof shared === 'boolean' ? shared || own : own;
  };
}

/** Whether a value under `workers.celery` is taken in place of the one under `workers`. */
function takesOver(own: unknown, release: ChartRelease, section: string): boolean {
  if (own === undefined || own === null || isEmptyList(own)) return false;
  return isSince(release, celerySections.get(section));
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function valueIn(record: unknown, path: readonly string[]): unknown {
  let value = record;
  for (const key of path) value = isRecord(value) ? value[key] : undefined;
  return value;
}
