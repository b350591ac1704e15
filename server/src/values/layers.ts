import { unknown, type Found, type PlainValue, type ValuesDocument } from './document';
import type { Excerpt } from './excerpt';

/** Values as one map, the root of a values file. */
export type Values = Readonly<Record<string, PlainValue>>;

/** One of the texts with values that are laid over each other: a values file, or values in another file. */
export interface Layer {
  /** The address of its file. */
  readonly uri: string;
  /** The client's number for the file's version; null for a file that is not open. */
  readonly version: number | null;
  /** What to call it in a sentence: the file's name, with as many folders as tell it from others. */
  readonly name: string;
  /** Its values. */
  readonly document: ValuesDocument;
  /** Its text in the file, with the way there. */
  readonly excerpt: Excerpt;
  /** Whether it may hold anything, because what it says cannot be known; its document is then of no account. */
  readonly isOpen: boolean;
}

/** What a path leads to in layers that are laid over each other. */
export type LayeredFound =
  | (Found & { readonly state: 'set'; /** Which layer decides it. */ readonly layer: number })
  | (Found & {
      readonly state: 'absent';
      /** Whether one of the layers takes away what would be there below all of them. */
      readonly takesAway: boolean;
    })
  | (Found & { readonly state: 'unknown' });

const open: LayeredFound = { state: 'unknown' };
const absent: LayeredFound = { state: 'absent', cutOff: false, takesAway: false };
const replaced: LayeredFound = { state: 'absent', cutOff: false, takesAway: true };
const cutOff: LayeredFound = { state: 'absent', cutOff: true, takesAway: true };

/** What is known of paths that begin alike. */
interface Known<T> {
  here?: T;
  readonly below: Map<string, Known<T>>;
}

/**
 * A memory for what is asked of paths. It goes by their keys one after the other, as joining them costs more than most
 * answers.
 * @param findOut Answers what was not asked before.
 */
export function rememberingPaths<T extends object>(
  findOut: (path: readonly string[]) => T,
): (path: readonly string[]) => T {
  const root: Known<T> = { below: new Map() };
  return (path) => {
    let place = root;
    for (const key of path) {
      let next = place.below.get(key);
      if (!next) place.below.set(key, (next = { below: new Map() }));
      place = next;
    }
    return (place.here ??= findOut(path));
  };
}

const finders = new WeakMap<ValuesDocument, (path: readonly string[]) => Found>();

/**
 * What a path leads to in a document. Remembers it: a document is asked for the same in every stack that it is in.
 * @param path The path, which may not be empty.
 */
export function findIn(document: ValuesDocument, path: readonly string[]): Found {
  const [first = ''] = path;
  // The document itself remembers what is at its root, which for most layers and paths is nothing.
  if (path.length === 1 || document.find([first]).state !== 'set') return document.find(path);
  let find = finders.get(document);
  if (!find) finders.set(document, (find = rememberingPaths((asked) => document.find(asked))));
  return find(path);
}

/**
 * Follows a path through layers as Helm merges them: the highest one that has it decides, and what is no map takes away
 * all that lower layers have below it.
 * @param layers The layers, those that are overridden first.
 * @param path The path, which may not be empty.
 */
export function findInLayers(layers: readonly Layer[], path: readonly string[]): LayeredFound {
  for (let layer = layers.length - 1; layer >= 0; layer--) {
    const current = layers[layer];
    if (!current) continue;
    if (current.isOpen) return open;
    const { document } = current;
    const found = findIn(document, path);
    if (found.state === 'set') return { ...found, layer };
    if (found.state === 'unknown') return open;
    if (!found.cutOff) continue;
    const cut = path.findIndex((_, index) => !isMapAt(document, path.slice(0, index + 1))) + 1;
    // A map above it takes its place, and then the chart's own values are what is below.
    const isReplaced = layers.slice(layer + 1).some((above) => isMapAt(above.document, path.slice(0, cut)));
    return isReplaced ? replaced : cutOff;
  }
  return absent;
}

function isMapAt(document: ValuesDocument, path: readonly string[]): boolean {
  const found = findIn(document, path);
  return found.state === 'set' && found.value.kind === 'map';
}

/**
 * The value at a path as Helm merges the layers: maps key by key.
 * @param layers The layers, those that are overridden first.
 * @param path The path, which may not be empty.
 * @returns The value with the highest layer that has a part in it; undefined where no layer sets it.
 */
export function plainInLayers(
  layers: readonly Layer[],
  path: readonly string[],
): { readonly value: PlainValue; readonly layer: number } | typeof unknown | undefined {
  const found = findInLayers(layers, path);
  if (found.state === 'unknown' || (found.state === 'absent' && found.cutOff)) return unknown;
  if (found.state === 'absent') return undefined;
  const { layer } = found;
  const value = layers[layer]?.document.plain(found.value) ?? null;
  if (value === unknown) return unknown;
  if (layer === 0 || !isValues(value)) return { value, layer };
  const below = findInLayers(layers.slice(0, layer), path);
  // What is no map there is replaced by this one.
  if (below.state === 'absent') return { value, layer };
  const lower = plainInLayers(layers.slice(0, layer), path);
  if (lower === unknown) return unknown;
  return { value: lower && isValues(lower.value) ? overlay(lower.value, value) : value, layer };
}

/**
 * Lays values files over each other as Helm does for several `-f`: maps key by key, anything else replaced, later
 * files over earlier ones. A null stays, as it takes away what the chart would set.
 * @param layers The roots of the files, in the order in which Helm is given them.
 */
export function mergeLayers(layers: readonly Values[]): Values {
  return layers.reduce<Values>((below, above) => overlay(below, above), {});
}

function overlay(below: Values, above: Values): Values {
  const result = new Map(Object.entries(below));
  for (const [key, value] of Object.entries(above)) {
    const before = result.get(key);
    result.set(key, isValues(value) && isValues(before) ? overlay(before, value) : value);
  }
  return Object.fromEntries(result);
}

function isValues(value: PlainValue | undefined): value is Values {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
