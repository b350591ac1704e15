import { isExecutorList } from './executors';
import { isSince, type ChartRelease } from './releases';
import { isRecord } from './templateValues';

/** What a schema accepts at one place. */
export type Shape =
  | { readonly kind: 'anything' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'text'; readonly accepts?: (text: string) => boolean; readonly expected: string }
  | {
      readonly kind: 'number';
      readonly whole: boolean;
      readonly minimum: number;
      readonly maximum: number;
    }
  | { readonly kind: 'list'; readonly items: Shape }
  | {
      readonly kind: 'map';
      readonly properties: ReadonlyMap<string, Shape>;
      /** What other keys may hold; undefined where there may be none. */
      readonly others: Shape | undefined;
      readonly required: readonly string[];
    }
  | { readonly kind: 'null or'; readonly shape: Shape }
  | { readonly kind: 'one of'; readonly shapes: readonly Shape[] }
  | { readonly kind: 'without default'; readonly shape: Shape }
  | { readonly kind: 'since'; readonly release: string; readonly shape: Shape };

export const anything: Shape = { kind: 'anything' };
export const boolean: Shape = { kind: 'boolean' };
export const string: Shape = { kind: 'text', expected: 'a text' };
export const integer: Shape = integerFrom(-Infinity);
export const number: Shape = { kind: 'number', whole: false, minimum: -Infinity, maximum: Infinity };
export const anyMap: Shape = openMap({});
export const anyList: Shape = listOf(anything);

/** A comma-separated list of executors. */
export const executorList: Shape = {
  kind: 'text',
  accepts: isExecutorList,
  expected: 'names that end in Executor, separated by commas without spaces',
};

/** One of a few texts. */
export function oneOfTexts(...texts: readonly string[]): Shape {
  return { kind: 'text', accepts: (text) => texts.includes(text), expected: texts.join(' or ') };
}

/** A whole number within bounds, both included. */
export function integerFrom(minimum: number, maximum = Infinity): Shape {
  return { kind: 'number', whole: true, minimum, maximum };
}

/** A list whose items all have one shape. */
export function listOf(items: Shape): Shape {
  return { kind: 'list', items };
}

/**
 * A map with any keys, whose values all have one shape.
 * @param others That shape.
 * @param properties Keys that the chart itself sets, for those among them.
 */
export function mapOf(others: Shape, properties: Readonly<Record<string, Shape>> = {}): Shape {
  return { kind: 'map', properties: new Map(Object.entries(properties)), others, required: [] };
}

/** A map whose other keys are accepted and ignored. */
export function openMap(
  properties: Readonly<Record<string, Shape>>,
  required: readonly string[] = [],
): Shape {
  return { kind: 'map', properties: new Map(Object.entries(properties)), others: anything, required };
}

/** A map that has no other keys. */
export function closedMap(
  properties: Readonly<Record<string, Shape>>,
  required: readonly string[] = [],
): Shape {
  return { kind: 'map', properties: new Map(Object.entries(properties)), others: undefined, required };
}

/** A shape or null. */
export function orNull(shape: Shape): Shape {
  return { kind: 'null or', shape };
}

/** Any of several shapes. */
export function oneOf(...shapes: readonly Shape[]): Shape {
  return { kind: 'one of', shapes };
}

/** A key that the chart's own values leave out, so that a null there is not taken as a wish to delete a default. */
export function withoutDefault(shape: Shape): Shape {
  return { kind: 'without default', shape };
}

/** A key that the schemas before a release do not know. */
export function since(release: string, shape: Shape): Shape {
  return { kind: 'since', release, shape };
}

/** Where values do not fit and why. */
export interface Misfit {
  /** Keys, and indexes of lists, that lead to the place. */
  readonly path: readonly (string | number)[];
  /** What is wrong there, after the path's name: `must be true or false, and is the text "false"`. */
  readonly problem: string;
}

/**
 * Finds the first place where values do not fit.
 * @param value Values as the user gives them. A null at a key with a default deletes the default before the schema
 *   looks, so it fits whatever the type; one in a list, or at a key that the chart does not set, is looked at.
 * @param shape What is accepted.
 * @param release The release whose schema is asked.
 * @param path What leads to the value.
 * @param hasDefaults Whether the chart may have defaults in there: not in lists, nor below a key that it does not set.
 * @returns The place, or undefined when all is accepted.
 */
export function findMisfit(
  value: unknown,
  shape: Shape,
  release: ChartRelease,
  path: Misfit['path'] = [],
  hasDefaults = true,
): Misfit | undefined {
  switch (shape.kind) {
    case 'anything':
      return undefined;
    case 'since':
      return findMisfit(value, shape.shape, release, path, hasDefaults);
    case 'without default':
      return findMisfit(value, shape.shape, release, path, false);
    case 'null or':
      return value === null ? undefined : findMisfit(value, shape.shape, release, path, hasDefaults);
    case 'one of': {
      const misfits = shape.shapes.map((option) => findMisfit(value, option, release, path, hasDefaults));
      return misfits.includes(undefined) ? undefined : misfits[0];
    }
    case 'boolean':
      return typeof value === 'boolean' ? undefined : { path, problem: mustBe('true or false', value) };
    case 'text':
      return typeof value === 'string' && (shape.accepts?.(value) ?? true)
        ? undefined
        : { path, problem: mustBe(shape.expected, value) };
    case 'number':
      return findNumberMisfit(value, shape, path);
    case 'list':
      if (!Array.isArray(value)) return { path, problem: mustBe('a list', value) };
      return firstOf(value, (item, index) => findMisfit(item, shape.items, release, [...path, index], false));
    case 'map':
      return findMapMisfit(value, shape, release, path, hasDefaults);
  }
}

function findNumberMisfit(
  value: unknown,
  { whole, minimum, maximum }: Shape & { kind: 'number' },
  path: Misfit['path'],
): Misfit | undefined {
  if (typeof value !== 'number' || (whole && !Number.isInteger(value)))
    return { path, problem: mustBe(whole ? 'a whole number' : 'a number', value) };
  if (value < minimum) return { path, problem: `must be at least ${minimum}, and is ${value}` };
  return value > maximum ? { path, problem: `must be at most ${maximum}, and is ${value}` } : undefined;
}

function findMapMisfit(
  value: unknown,
  { properties, others, required }: Shape & { kind: 'map' },
  release: ChartRelease,
  path: Misfit['path'],
  hasDefaults: boolean,
): Misfit | undefined {
  if (!isRecord(value)) return { path, problem: mustBe('a map', value) };
  const missing = required.find((key) => !Object.hasOwn(value, key));
  if (missing !== undefined) return { path, problem: `must have ${missing}, and has not` };
  return firstOf(Object.entries(value), ([key, item]) => {
    const known = properties.get(key);
    const shape = known?.kind === 'since' && !isSince(release, known.release) ? undefined : known;
    if (shape && item === null && hasDefaults && shape.kind !== 'without default') return undefined;
    if (shape) return findMisfit(item, shape, release, [...path, key], hasDefaults);
    if (others) return findMisfit(item, others, release, [...path, key], false);
    const unknown = known ? `is not known before chart ${sinceOf(known)}` : 'is not known to the chart';
    return { path: [...path, key], problem: unknown };
  });
}

function sinceOf(shape: Shape): string {
  return shape.kind === 'since' ? shape.release : '';
}

function firstOf<T>(
  items: readonly T[],
  find: (item: T, index: number) => Misfit | undefined,
): Misfit | undefined {
  for (const [index, item] of items.entries()) {
    const misfit = find(item, index);
    if (misfit) return misfit;
  }
  return undefined;
}

function mustBe(expected: string, value: unknown): string {
  return `must be ${expected}, and is ${inWords(value)}`;
}

function inWords(value: unknown): string {
  if (value === null) return 'empty';
  if (typeof value === 'string')
    return `the text ${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)}`;
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : 'a map';
}
