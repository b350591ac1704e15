import type { ChartRelease } from './releases';

/** Values as the chart's templates see them: merged with the defaults, without the YAML they came from. */

/** Reads the effective value at a path, chart defaults included; `undefined` where nothing sets one. */
export type ReadValue = (...path: readonly string[]) => unknown;

/** A chart with its values: what templates ask again and again. */
export interface ChartValues {
  readonly release: ChartRelease;
  readonly read: ReadValue;
  /** The same for a value that only matters for details: where a text leaves it open, the chart's default. */
  readonly readDetail: ReadValue;
  /** The text of `executor`. */
  readonly executor: string;
  /** Whether the value at a path is true for a template. */
  isOn(...path: readonly string[]): boolean;
  /** The text that a template prints for the value at a path; empty for what is not a scalar. */
  text(...path: readonly string[]): string;
}

/**
 * Prepares values for the questions of this folder.
 * @param read Reads an effective value, chart defaults included.
 * @param release The release of the chart.
 * @param readDetail The same for details, where that differs.
 */
export function chartValues(
  read: ReadValue,
  release: ChartRelease,
  readDetail: ReadValue = read,
): ChartValues {
  return {
    release,
    read,
    readDetail,
    executor: asText(read('executor')),
    isOn: (...path) => isTruthy(read(...path)),
    text: (...path) => asText(read(...path)),
  };
}

/** What a Go template takes for true: anything but `false`, `0`, an empty text, list or map, and nothing. */
export function isTruthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return isRecord(value) ? Object.keys(value).length > 0 : Boolean(value);
}

/** The text that a template prints for a value; empty for what is not a scalar. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** Says whether a value is a map. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** The maps in a list; nothing for what is not a list. */
export function recordsOf(value: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
