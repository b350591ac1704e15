/** Values as the chart's templates see them: merged with the defaults, without the YAML they came from. */

/** Reads the effective value at a path, chart defaults included; `undefined` where nothing sets one. */
export type ReadValue = (...path: readonly string[]) => unknown;

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
