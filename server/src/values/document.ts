import { cutEntries, type Slice } from './cut';
import { parseSlice } from './parse';
import type { ScalarValue } from './scalar';
import {
  isMergeKey,
  isSameNode,
  unreadLine,
  mayHide,
  touches,
  type MapEntry,
  type MapNode,
  type TextRange,
  type UnreadLine,
  type ValueNode,
} from './tree';

/** Longest entry that is read, in UTF-16 units; what is longer counts as unreadable. */
const longestEntry = 400_000;

/** How many nodes are looked at for one value. Helm refuses documents whose aliases multiply to more than this. */
const mostSteps = 100_000;

/** A value as Helm merges it, or {@link unknown} where the text leaves it open. */
export type PlainValue = ScalarValue | readonly PlainValue[] | { readonly [key: string]: PlainValue };

/** Stands for a value that cannot be told from the text as it is now. */
export const unknown: unique symbol = Symbol('unknown');

/** What a path leads to in a values file. */
export type Found =
  | {
      readonly state: 'set';
      readonly entry: MapEntry;
      /** The value, aliases followed. */
      readonly value: ValueNode;
      /** Whether an alias or a merge key leads to the entry, so that a change to it shows elsewhere too. */
      readonly shared: boolean;
    }
  | {
      readonly state: 'absent';
      /** Whether a null or another value that is no map stands where a map was expected on the way. */
      readonly cutOff: boolean;
    }
  | { readonly state: 'unknown' };

interface ParsedSlice extends Slice {
  readonly text: string;
  /** The slice's root, offsets counted from the slice's start; read when first asked for. */
  readonly relative: () => ValueNode | undefined;
  /** The same with offsets of the file. */
  readonly absolute: () => ValueNode | undefined;
}

/** A values file: its text, and its tree as far as somebody asked for it. */
export interface ValuesDocument {
  readonly text: string;
  /** The keys at the top level in order of appearance, repeated ones once each; costs no reading of values. */
  readonly topLevelKeys: readonly string[];
  /** The first document of the file, the only one that Helm reads. */
  readonly documentRange: TextRange;
  /** The text of a top-level entry, or undefined when there is none; the last of repeated ones. */
  sliceText(key: string): string | undefined;
  /** The entries at the top level with one of these keys, read, in order of appearance. */
  entries(key: string): readonly MapEntry[];
  /** The root map's own facts; its entries are asked for one by one. */
  readonly root: {
    readonly column: number;
    readonly flow: MapNode | undefined;
    readonly unread: readonly UnreadLine[];
  };
  /** The last entry at a path that stands there itself, not by an alias or a merge; an alias may be its value. */
  ownEntry(path: readonly string[]): MapEntry | undefined;
  /** Follows a path from the root, through aliases and merge keys. An empty path is not allowed. */
  find(path: readonly string[]): Found;
  /** The node that an alias stands for; the node itself for anything else; undefined when nothing carries its name. */
  resolve(node: ValueNode): ValueNode | undefined;
  /** A node as plain data, aliases followed and maps merged. */
  plain(node: ValueNode): PlainValue | typeof unknown;
  /** Says whether an alias somewhere in the file names this anchor. */
  isAnchorUsed(name: string): boolean;
  /** The key or value at an offset, with the keys that lead to it; undefined where there is neither. */
  pathAt(offset: number): PathAt | undefined;
  /** What was read of the top-level entry whose lines an offset is in; undefined where nothing was. */
  rootAt(offset: number): ValueNode | undefined;
  /** Says whether another text differs from this one in comments and blanks alone; no if one cannot be read. */
  hasTreeOf(other: ValuesDocument): boolean;
}

/** What stands at an offset of a values file. */
export interface PathAt {
  readonly path: readonly string[];
  readonly entry: MapEntry;
  /** Whether the offset is on the key or on a value that is not a map in block style. */
  readonly on: 'key' | 'value';
}

/**
 * Reads a values file. Only the entries that are asked for are parsed, and those that did not change since the
 * previous version are taken over from it.
 * @param text The whole file.
 * @param previous An earlier version of the same file, if there is one.
 */
export function readValues(text: string, previous?: ValuesDocument): ValuesDocument {
  const reusable = previous instanceof SlicedDocument ? previous.slices : [];
  return new SlicedDocument(text, reusable);
}

class SlicedDocument implements ValuesDocument {
  readonly text: string;
  readonly slices: readonly ParsedSlice[];
  readonly topLevelKeys: readonly string[];
  readonly documentRange: TextRange;
  readonly root: ValuesDocument['root'];
  private slicesOfKeys: ReadonlyMap<string | undefined, readonly ParsedSlice[]> | undefined;
  private readonly mergesAtRoot: boolean;
  /** What was found at the top level: rules ask many questions about the same few keys. */
  private readonly foundAtRoot = new Map<string, Found>();
  /** Where anchors stand, as far as somebody asked: following an alias must not cost a search of the file. */
  private anchorSlices: ReadonlyMap<string, readonly ParsedSlice[]> | undefined;
  private readonly anchors = new Map<ParsedSlice, ReadonlyMap<string, readonly ValueNode[]>>();
  /** How many nodes the question at hand may still look at; aliases of aliases multiply without end. */
  private steps = 0;

  constructor(text: string, previous: readonly ParsedSlice[]) {
    this.text = text;
    const cut = cutEntries(text);
    this.documentRange = cut.document;
    this.slices = takeOver(text, cut.slices, previous);
    if (cut.shape === 'whole') {
      const whole = this.slices[0]?.absolute();
      const map = whole?.kind === 'map' ? whole : undefined;
      this.root = {
        column: map?.column ?? 0,
        flow: map?.flow ? map : undefined,
        unread: map?.unread ?? [{ word: '', isBare: false }],
      };
      this.topLevelKeys = [...new Set(map?.entries.map(({ key }) => key.text))];
    } else {
      const unread = this.slices.flatMap(({ key, text: lines }) =>
        key === undefined ? unreadLine(firstLineWithText(lines)) : [],
      );
      this.root = { column: cut.column, flow: undefined, unread };
      this.topLevelKeys = [...new Set(this.slices.flatMap(({ key }) => (key === undefined ? [] : [key])))];
    }
    this.mergesAtRoot = this.topLevelKeys.includes('<<');
  }

  sliceText(key: string): string | undefined {
    return this.slicesOf(key).at(-1)?.text;
  }

  ownEntry(path: readonly string[]): MapEntry | undefined {
    const [first = '', ...rest] = path;
    let entry = this.entries(first).at(-1);
    for (const key of rest) {
      if (entry?.value.kind !== 'map') return undefined;
      entry = entry.value.entries.findLast(
        (candidate) => candidate.key.text === key && !isMergeKey(candidate.key),
      );
    }
    return entry;
  }

  entries(key: string): readonly MapEntry[] {
    const slices = [...this.slicesOf(key), ...this.slicesOf(undefined)].sort((a, b) => a.start - b.start);
    return slices.flatMap((slice) => {
      const node = slice.absolute();
      return node?.kind === 'map' ? node.entries.filter((entry) => entry.key.text === key) : [];
    });
  }

  /** The slices with a key, or without any, in order. */
  private slicesOf(key: string | undefined): readonly ParsedSlice[] {
    this.slicesOfKeys ??= groupedByKey(this.slices);
    return this.slicesOfKeys.get(key) ?? [];
  }

  find(path: readonly string[]): Found {
    const [first, ...rest] = path;
    if (first === undefined) throw new RangeError('A path has at least one key.');
    this.steps = mostSteps;
    let found = this.findAtRoot(first);
    for (const key of rest) {
      if (found.state !== 'set') return found;
      const { shared } = found;
      if (found.value.kind === 'unreadable') return { state: 'unknown' };
      if (found.value.kind !== 'map') return { state: 'absent', cutOff: true };
      found = this.lastOf(found.value.entries, key, found.value.unread);
      if (found.state === 'set' && shared) found = { ...found, shared };
    }
    return found;
  }

  private findAtRoot(key: string): Found {
    let found = this.foundAtRoot.get(key);
    if (!found) {
      found = this.searchRoot(key);
      this.foundAtRoot.set(key, found);
    }
    return found;
  }

  private searchRoot(key: string): Found {
    if (this.mergesAtRoot) {
      const entries = [...this.entries('<<'), ...this.entries(key)];
      entries.sort((a, b) => a.key.range.start - b.key.range.start);
      return this.lastOf(entries, key, this.root.unread);
    }
    const slice = this.slicesOf(key).at(-1);
    const keyless = this.slicesOf(undefined).at(-1);
    if (slice && !(keyless && keyless.start > slice.start)) {
      const node = slice.absolute();
      return node?.kind === 'map' ? this.lastOf(node.entries, key, node.unread) : { state: 'unknown' };
    }
    return this.lastOf(this.entries(key), key, this.root.unread);
  }

  /** Goes through entries in order: each key and each merge overrides what came before, as in Helm's reader. */
  private lastOf(entries: readonly MapEntry[], key: string, unread: readonly UnreadLine[], depth = 0): Found {
    let result: Found = mayHide(unread, key) ? { state: 'unknown' } : { state: 'absent', cutOff: false };
    for (const entry of entries) {
      if (isMergeKey(entry.key)) {
        const merged = this.findMerged(entry.value, key, depth);
        if (merged.state !== 'absent') result = merged;
      } else if (entry.key.text === key) {
        const value = this.resolve(entry.value);
        const shared = entry.value.kind === 'alias';
        result = value ? { state: 'set', entry, value, shared } : { state: 'unknown' };
      }
    }
    return result;
  }

  private findMerged(node: ValueNode, key: string, depth: number): Found {
    this.steps -= 1;
    const source = depth > 20 || this.steps < 0 ? undefined : this.resolve(node);
    if (source?.kind === 'list') {
      for (const item of source.items) {
        const found = this.findMerged(item, key, depth + 1);
        if (found.state !== 'absent') return found;
      }
      return { state: 'absent', cutOff: false };
    }
    if (source?.kind !== 'map') return { state: 'unknown' };
    const found = this.lastOf(source.entries, key, source.unread, depth + 1);
    return found.state === 'set' ? { ...found, shared: true } : found;
  }

  resolve(node: ValueNode): ValueNode | undefined {
    let current: ValueNode | undefined = node;
    for (let hops = 0; current?.kind === 'alias'; hops++) {
      current = hops > 20 ? undefined : this.anchored(current.name, current.range.start);
    }
    return current;
  }

  /** The last node with this anchor before an offset. */
  private anchored(name: string, before: number): ValueNode | undefined {
    this.anchorSlices ??= slicesByAnchor(this.slices);
    for (const slice of this.anchorSlices.get(name)?.toReversed() ?? []) {
      if (slice.start >= before) continue;
      const nodes = this.anchorsIn(slice).get(name);
      const found = nodes?.findLast(({ range }) => range.start < before);
      if (found) return found;
    }
    return undefined;
  }

  /** The nodes of a slice that carry anchors, in order, by name. */
  private anchorsIn(slice: ParsedSlice): ReadonlyMap<string, readonly ValueNode[]> {
    let anchors = this.anchors.get(slice);
    if (!anchors) {
      const root = slice.absolute();
      anchors = root ? nodesByAnchor(root) : new Map<string, ValueNode[]>();
      this.anchors.set(slice, anchors);
    }
    return anchors;
  }

  isAnchorUsed(name: string): boolean {
    for (let at = this.text.indexOf(`*${name}`); at >= 0; at = this.text.indexOf(`*${name}`, at + 1)) {
      if (!/[^\s,[\]{}]/.test(this.text.charAt(at + name.length + 1))) return true;
    }
    return false;
  }

  pathAt(offset: number): PathAt | undefined {
    const slice = this.slices.find(({ start, end }) => start <= offset && offset <= end);
    const root = slice?.absolute();
    return root?.kind === 'map' ? pathIn(root, offset, []) : undefined;
  }

  rootAt(offset: number): ValueNode | undefined {
    return this.slices.find(({ start, end }) => start <= offset && offset < end)?.absolute();
  }

  hasTreeOf(other: ValuesDocument): boolean {
    return (
      other instanceof SlicedDocument &&
      this.slices.length === other.slices.length &&
      this.slices.every((slice, index) => hasSameTree(slice, other.slices[index]))
    );
  }

  plain(node: ValueNode): PlainValue | typeof unknown {
    this.steps = mostSteps;
    return this.plainWithin(node, 0);
  }

  private plainWithin(node: ValueNode, depth: number): PlainValue | typeof unknown {
    this.steps -= 1;
    const value = depth > 50 || this.steps < 0 ? undefined : this.resolve(node);
    if (!value || value.kind === 'unreadable' || value.kind === 'alias') return unknown;
    if (value.kind === 'scalar') return value.value;
    if (value.kind === 'list') {
      const items: PlainValue[] = [];
      for (const item of value.items) {
        const plain = this.plainWithin(item, depth + 1);
        if (plain === unknown) return unknown;
        items.push(plain);
      }
      return items;
    }
    return value.unread.length > 0 ? unknown : this.plainMap(value, depth);
  }

  private plainMap(map: MapNode, depth: number): PlainValue | typeof unknown {
    const result = new Map<string, PlainValue>();
    for (const entry of map.entries) {
      const plain = this.plainWithin(entry.value, depth + 1);
      if (plain === unknown) return unknown;
      if (!isMergeKey(entry.key)) result.set(entry.key.text, plain);
      else {
        const sources = Array.isArray(plain) ? [...(plain as readonly PlainValue[])].reverse() : [plain];
        for (const source of sources) {
          if (source === null || typeof source !== 'object' || Array.isArray(source)) return unknown;
          for (const [key, value] of Object.entries(source)) result.set(key, value);
        }
      }
    }
    return Object.fromEntries(result);
  }
}

/** Pairs new slices with the ones of the previous version that have the same text. */
function takeOver(
  text: string,
  slices: readonly Slice[],
  previous: readonly ParsedSlice[],
): readonly ParsedSlice[] {
  const fromEnd = previous.length - slices.length;
  return slices.map((slice, index) => {
    const sliceText = text.slice(slice.start, slice.end);
    const before = [previous[index], previous[index + fromEnd]].find(
      (candidate) => candidate?.text === sliceText,
    );
    if (before?.start === slice.start) return before;
    return parsedSlice(slice, sliceText, before?.relative ?? lazily(readSlice, sliceText));
  });
}

function groupedByKey(
  slices: readonly ParsedSlice[],
): ReadonlyMap<string | undefined, readonly ParsedSlice[]> {
  const result = new Map<string | undefined, ParsedSlice[]>();
  for (const slice of slices) {
    const found = result.get(slice.key);
    if (found) found.push(slice);
    else result.set(slice.key, [slice]);
  }
  return result;
}

/** The slices in which something like an anchor of a name stands, in order; costs no reading. */
function slicesByAnchor(slices: readonly ParsedSlice[]): ReadonlyMap<string, readonly ParsedSlice[]> {
  const result = new Map<string, ParsedSlice[]>();
  for (const slice of slices) {
    if (!slice.text.includes('&')) continue;
    for (const [mark] of slice.text.matchAll(/&[^\s,[\]{}]+/g)) {
      const found = result.get(mark.slice(1));
      if (!found) result.set(mark.slice(1), [slice]);
      else if (found.at(-1) !== slice) found.push(slice);
    }
  }
  return result;
}

function nodesByAnchor(root: ValueNode): ReadonlyMap<string, readonly ValueNode[]> {
  const result = new Map<string, ValueNode[]>();
  visit(root, (node) => {
    if (node.anchor === undefined) return;
    const found = result.get(node.anchor);
    if (found) found.push(node);
    else result.set(node.anchor, [node]);
  });
  return result;
}

/** Stands outside of {@link takeOver}, so that what it returns does not keep the previous version alive. */
function parsedSlice(slice: Slice, text: string, relative: ParsedSlice['relative']): ParsedSlice {
  return { ...slice, text, relative, absolute: lazily(shifted, { relative, by: slice.start }) };
}

function hasSameTree(slice: ParsedSlice, other: ParsedSlice | undefined): boolean {
  if (slice.text === other?.text) return true;
  const [root, otherRoot] = [slice.relative(), other?.relative()];
  return root !== undefined && otherRoot !== undefined && isSameNode(root, otherRoot);
}

function readSlice(text: string): ValueNode | undefined {
  if (text.length > longestEntry) return undefined;
  if (text.length > longestRemembered) return parseSlice(text);
  const known = remembered.get(text);
  if (known) return known.node;
  const node = parseSlice(text);
  const [oldest] = remembered.keys();
  if (remembered.size >= mostRemembered && oldest !== undefined) remembered.delete(oldest);
  remembered.set(text, { node });
  return node;
}

/**
 * Entries that were read last. Fixes are tried out on the text before they are offered, several of them with the same
 * result, which is read again to be judged.
 */
const remembered = new Map<string, { readonly node: ValueNode | undefined }>();
const mostRemembered = 32;
const longestRemembered = 4000;

/** A function that computes its result when first called, and lets go of what it computes it from. */
function lazily<From, Result>(compute: (from: From) => Result, from: From): () => Result {
  let source: { readonly from: From } | undefined = { from };
  let result: Result | undefined;
  return () => {
    if (source) {
      result = compute(source.from);
      source = undefined;
    }
    return result as Result;
  };
}

function shifted({ relative, by }: { relative: ParsedSlice['relative']; by: number }): ValueNode | undefined {
  const node = relative();
  return node && by > 0 ? shift(node, by) : node;
}

function shift<T extends ValueNode>(node: T, by: number): T {
  const range = { start: node.range.start + by, end: node.range.end + by };
  if (node.kind === 'list') return { ...node, range, items: node.items.map((item) => shift(item, by)) };
  if (node.kind !== 'map') return { ...node, range };
  const entries = node.entries.map((entry) => ({
    key: shift(entry.key, by),
    ...(entry.colon === undefined ? {} : { colon: entry.colon + by }),
    value: shift(entry.value, by),
  }));
  return { ...node, range, entries };
}

function visit(node: ValueNode, see: (node: ValueNode) => void): void {
  see(node);
  if (node.kind === 'map') for (const { value } of node.entries) visit(value, see);
  if (node.kind === 'list') for (const item of node.items) visit(item, see);
}

function pathIn(map: MapNode, offset: number, parents: readonly string[]): PathAt | undefined {
  for (const entry of map.entries) {
    const path = [...parents, entry.key.text];
    const { value } = entry;
    if (touches(entry.key.range, offset)) return { path, entry, on: 'key' };
    if (!touches(value.range, offset)) continue;
    if (value.kind !== 'map') return { path, entry, on: 'value' };
    const inner = pathIn(value, offset, path);
    return inner ?? (value.flow ? { path, entry, on: 'value' } : undefined);
  }
  return undefined;
}

/** The first line of a slice that is neither blank nor a comment. */
function firstLineWithText(text: string): string {
  return text.split('\n').find((line) => !/^\s*(#|$)/.test(line)) ?? '';
}
