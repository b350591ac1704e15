import {
  always,
  bitOfKey,
  bitOfName,
  chunkAt,
  chunksOf,
  directiveWord,
  isKnownKey,
  lastChunk,
  marks,
  offsetAt,
  positionAt,
  replaceText,
  textBetween,
  walk,
  type Chunk,
  type Chunks,
  type LinePosition,
} from './chunks';
import { lineEndAt } from './lines';
import { entriesNamed, unplaced } from './placed';
import type { ScalarValue } from './scalar';
import { Slice } from './slice';
import {
  isMergeKey,
  unreadLine,
  mayHide,
  touches,
  type ListNode,
  type MapEntry,
  type MapNode,
  type TextRange,
  type UnreadLine,
  type ValueNode,
} from './tree';

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

/** One replacement in a values file. */
export interface TextChange {
  readonly range: TextRange;
  readonly newText: string;
}

/** A values file: its text, and its tree as far as somebody asked for it. Nothing in it ever changes. */
export interface ValuesDocument {
  /** The whole text; costs putting it together, so that nothing asks for it on a keystroke. */
  readonly text: string;
  /** The length of the text in UTF-16 units. */
  readonly length: number;
  /** The text between two offsets. */
  slice(start: number, end: number): string;
  /** The offset of the first character of the line with an offset; a byte order mark is none. */
  lineStartAt(offset: number): number;
  /** The offset after the last character of the line with an offset, before its line break. */
  lineEndAt(offset: number): number;
  /** Where the line below the one with an offset begins; undefined for the last line. */
  lineBelow(offset: number): number | undefined;
  /** The position of an offset as editors count lines. */
  positionAt(offset: number): LinePosition;
  /** The offset of a position as editors count lines. */
  offsetAt(position: LinePosition): number;
  /**
   * The file with changes made, which shares with this one what did not change.
   * @param changes Replacements; insertions at one place are made in their order, before what replaces the text there.
   * @throws RangeError when two of them overlap.
   */
  edit(changes: readonly TextChange[]): ValuesDocument;
  /** Where the word begins with which comments speak to this extension, in the first document. */
  directives(): readonly number[];
  /** Says whether there is a key at the top level. */
  hasKey(key: string): boolean;
  /** The first key at the top level; undefined where there is none. */
  readonly firstKey: string | undefined;
  /** The keys at the top level in order of appearance, repeated ones once each; costs going through the file. */
  readonly topLevelKeys: readonly string[];
  /** The first document of the file, the only one that Helm reads. */
  readonly documentRange: TextRange;
  /** The text of a top-level entry, or undefined when there is none; the last of repeated ones. */
  sliceText(key: string): string | undefined;
  /** Says whether nothing but comments stands below the first line of a top-level entry; no where there is none. */
  isOneLine(key: string): boolean;
  /**
   * Says whether a top-level entry is the same in another version of the file, because it is the same piece of text and
   * has no aliases; no if it may not be.
   */
  sharesEntry(other: ValuesDocument, key: string): boolean;
  /**
   * The keys at the top level whose entries may not be the same in another version of the file. Costs going through the
   * chunks of both.
   */
  differingKeys(other: ValuesDocument): readonly string[];
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
 * Reads a values file. Only the entries that are asked for are parsed.
 * @param text The whole file.
 */
export function readValues(text: string): ValuesDocument {
  return new ChunkedDocument(chunksOf(text));
}

const absent: Found = { state: 'absent', cutOff: false };
const cutOff: Found = { state: 'absent', cutOff: true };
const open: Found = { state: 'unknown' };

class ChunkedDocument implements ValuesDocument {
  private readonly chunks: Chunks | undefined;
  /** Whether the file is one slice, because its root cannot be cut into entries. */
  private readonly isWhole: boolean;
  readonly documentRange: TextRange;
  private readonly slicesByStart = new Map<number, Slice>();
  private readonly slicesByKey = new Map<string | undefined, readonly Slice[]>();
  private otherSlices: ReadonlyMap<string, readonly Slice[]> | undefined;
  /** What was found at the top level: rules ask many questions about the same few keys. */
  private readonly foundAtRoot = new Map<string, Found>();
  /** What came of changes: a fix is looked at from several sides before it is offered. */
  private readonly edited = new WeakMap<readonly TextChange[], ValuesDocument>();
  private rootFacts: ValuesDocument['root'] | undefined;
  private wholeText: string | undefined;
  private keysInOrder: readonly string[] | undefined;
  /** How many nodes the question at hand may still look at; aliases of aliases multiply without end. */
  private steps = 0;
  /** How many aliases were followed for plain values. */
  private followed = 0;

  constructor(chunks: Chunks | undefined) {
    this.chunks = chunks;
    this.isWhole = chunks !== undefined && (chunks.marks & marks.whole) !== 0;
    this.documentRange = documentIn(chunks);
  }

  get text(): string {
    return (this.wholeText ??= textBetween(this.chunks, 0, this.length));
  }

  get length(): number {
    return this.chunks?.length ?? 0;
  }

  slice(start: number, end: number): string {
    return textBetween(this.chunks, start, end);
  }

  lineStartAt(offset: number): number {
    if (!this.chunks || offset <= 0) return 0;
    const { chunk, start } = chunkAt(this.chunks, offset);
    const lineStart = offset === start ? start : start + chunk.text.lastIndexOf('\n', offset - start - 1) + 1;
    return lineStart === 0 && chunk.text.startsWith('\uFEFF') ? 1 : lineStart;
  }

  lineEndAt(offset: number): number {
    if (!this.chunks) return 0;
    const { chunk, start } = chunkAt(this.chunks, offset);
    return start + lineEndAt(chunk.text, offset - start);
  }

  lineBelow(offset: number): number | undefined {
    if (!this.chunks) return undefined;
    const { chunk, start } = chunkAt(this.chunks, offset);
    const end = chunk.text.indexOf('\n', offset - start);
    return end < 0 ? undefined : start + end + 1;
  }

  positionAt(offset: number): LinePosition {
    return positionAt(this.chunks, offset);
  }

  offsetAt(position: LinePosition): number {
    return offsetAt(this.chunks, position);
  }

  edit(changes: readonly TextChange[]): ValuesDocument {
    const known = this.edited.get(changes);
    if (known) return known;
    const ordered = changes.toSorted((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
    let done = 0;
    for (const { range } of ordered) {
      if (range.start < done) throw new RangeError(`Two changes overlap at ${range.start}.`);
      done = range.end;
    }
    // The last one first, so that the offsets of the others stay true.
    const chunks = ordered.reduceRight<Chunks | undefined>(
      (tree, { range, newText }) => replaceText(tree, range.start, range.end, newText),
      this.chunks,
    );
    const document = new ChunkedDocument(chunks);
    this.edited.set(changes, document);
    return document;
  }

  directives(): readonly number[] {
    const { start, end } = this.documentRange;
    const places: number[] = [];
    walk(this.chunks, start, isMarked(marks.directive), ({ text }, chunkStart) => {
      for (let at = text.indexOf(directiveWord); at >= 0; at = text.indexOf(directiveWord, at + 1)) {
        if (chunkStart + at >= start && chunkStart + at < end) places.push(chunkStart + at);
      }
      return chunkStart < end;
    });
    return places;
  }

  hasKey(key: string): boolean {
    return this.isWhole ? this.entries(key).length > 0 : this.slicesOf(key).length > 0;
  }

  get firstKey(): string | undefined {
    if (this.isWhole) return this.listKeys()[0];
    let first: string | undefined;
    this.walkEntries(isMarked(marks.entry), ({ key }) => {
      first = key;
      return key === undefined;
    });
    return first;
  }

  get topLevelKeys(): readonly string[] {
    return (this.keysInOrder ??= [...new Set(this.listKeys())]);
  }

  private listKeys(): string[] {
    if (this.isWhole) return this.wholeMap?.entries.map(({ key }) => key.text) ?? [];
    const keys: string[] = [];
    this.walkEntries(isMarked(marks.entry), ({ key }) => {
      if (key !== undefined) keys.push(key);
      return true;
    });
    return keys;
  }

  get root(): ValuesDocument['root'] {
    return (this.rootFacts ??= this.isWhole ? this.wholeRoot() : this.cutRoot());
  }

  /** The root of a file that is one slice; undefined where it is no map. */
  private get wholeMap(): MapNode | undefined {
    const root = this.slicesOf(undefined)[0]?.root;
    return root?.kind === 'map' ? root : undefined;
  }

  private wholeRoot(): ValuesDocument['root'] {
    const map = this.wholeMap;
    return {
      column: map?.column ?? 0,
      flow: map?.flow ? map : undefined,
      unread: map?.unread ?? [{ word: '', isBare: false }],
    };
  }

  private cutRoot(): ValuesDocument['root'] {
    const first = this.firstEntry();
    const column = first ? columnOf(first.chunk) : 0;
    const unread = this.slicesOf(undefined).flatMap((slice) => unreadLine(firstLineWithText(slice.text)));
    return { column, flow: undefined, unread };
  }

  sliceText(key: string): string | undefined {
    return this.slicesOf(key).at(-1)?.text;
  }

  isOneLine(key: string): boolean {
    return this.slicesOf(key).at(-1)?.isOneLine === true;
  }

  sharesEntry(other: ValuesDocument, key: string): boolean {
    const slice = this.slicesOf(key).at(-1);
    const same = other instanceof ChunkedDocument ? other.slicesOf(key).at(-1) : undefined;
    return slice !== undefined && same !== undefined && slice.sharesText(same) && !slice.mayHaveAlias;
  }

  differingKeys(other: ValuesDocument): readonly string[] {
    if (!(other instanceof ChunkedDocument) || !this.isPlain || !other.isPlain)
      return [...new Set([...this.topLevelKeys, ...other.topLevelKeys])];
    const [chunks, others] = [this.listChunks(), other.listChunks()];
    const least = Math.min(chunks.length, others.length);
    let start = 0;
    while (start < least && chunks[start] === others[start]) start++;
    let end = 0;
    while (end < least - start && chunks.at(-1 - end) === others.at(-1 - end)) end++;
    return [...new Set([...keysBetween(chunks, start, end), ...keysBetween(others, start, end)])];
  }

  /** Whether each entry's value depends on its own text alone. */
  private get isPlain(): boolean {
    const { whole, end, alias, keyless } = marks;
    return ((this.chunks?.marks ?? 0) & (whole | end | alias | keyless)) === 0 && !this.hasKey('<<');
  }

  private listChunks(): readonly Chunk[] {
    const list: Chunk[] = [];
    walk(this.chunks, 0, always, (chunk) => list.push(chunk) > 0);
    return list;
  }

  /** Every slice, in order; costs going through the file. */
  private slices(): readonly Slice[] {
    if (this.isWhole) return this.slicesOf(undefined);
    const slices: Slice[] = [];
    this.walkEntries(isMarked(marks.entry), (chunk, start) => {
      slices.push(this.sliceOf(chunk, start));
      return true;
    });
    return slices;
  }

  /** The slices with a key, or without any, in order. */
  private slicesOf(key: string | undefined): readonly Slice[] {
    let slices = this.slicesByKey.get(key);
    if (!slices) {
      slices = this.searchSlices(key);
      this.slicesByKey.set(key, slices);
    }
    return slices;
  }

  private searchSlices(key: string | undefined): readonly Slice[] {
    if (this.isWhole) {
      const { start, end } = this.documentRange;
      return key === undefined ? [this.sliceFrom(start, end, undefined)] : [];
    }
    if (key !== undefined && !isKnownKey(key)) return this.slicesOfOthers().get(key) ?? [];
    const bit = key === undefined ? 0 : bitOfKey(key);
    const isWanted =
      key === undefined ? isMarked(marks.keyless) : (part: { keys: number }) => (part.keys & bit) !== 0;
    const slices: Slice[] = [];
    this.walkEntries(isWanted, (chunk, start) => {
      if (chunk.role === 'entry' && chunk.key === key) slices.push(this.sliceOf(chunk, start));
      return true;
    });
    return slices;
  }

  /** The slices with keys that are not usually asked for; going through the file once serves all of them. */
  private slicesOfOthers(): ReadonlyMap<string, readonly Slice[]> {
    if (this.otherSlices) return this.otherSlices;
    const slices = new Map<string, Slice[]>();
    this.walkEntries(isMarked(marks.entry), (chunk, start) => {
      if (chunk.key === undefined || isKnownKey(chunk.key)) return true;
      const known = slices.get(chunk.key);
      if (known) known.push(this.sliceOf(chunk, start));
      else slices.set(chunk.key, [this.sliceOf(chunk, start)]);
      return true;
    });
    this.otherSlices = slices;
    return slices;
  }

  /** Goes through the chunks of the document with which entries begin, as far as they are wanted. */
  private walkEntries(
    isWanted: Parameters<typeof walk>[2],
    see: (chunk: Chunk, start: number) => boolean,
  ): void {
    const { start: from, end } = this.documentRange;
    walk(this.chunks, from, isWanted, (chunk, start) => start < end && see(chunk, start));
  }

  /** The chunk with which the first entry begins; undefined where there is none. */
  private firstEntry(): { readonly chunk: Chunk; readonly start: number } | undefined {
    let first: { readonly chunk: Chunk; readonly start: number } | undefined;
    this.walkEntries(isMarked(marks.entry), (chunk, start) => {
      first = { chunk, start };
      return false;
    });
    return first;
  }

  /** The slice that begins with a chunk. */
  private sliceOf(chunk: Chunk, start: number): Slice {
    let slice = this.slicesByStart.get(start);
    if (!slice) {
      // What is above the first key goes with it.
      const from = chunk.phase === 'map' ? start : this.documentRange.start;
      slice = this.sliceFrom(from, start + 1, chunk.key);
      this.slicesByStart.set(start, slice);
    }
    return slice;
  }

  /** The slice that begins at a place and ends with the first entry, or end of the document, that follows another. */
  private sliceFrom(start: number, least: number, key: string | undefined): Slice {
    const chunks: Chunk[] = [];
    let end = start;
    walk(this.chunks, start, always, (chunk, at) => {
      if (at >= least && chunk.role !== 'more') return false;
      chunks.push(chunk);
      end = at + chunk.length;
      return true;
    });
    return new Slice(key, { start, end }, chunks);
  }

  /** The slice whose lines an offset is in; undefined outside of the document, and where it has none. */
  private sliceAt(offset: number): Slice | undefined {
    const { start, end } = this.documentRange;
    if (offset < start || offset > end) return undefined;
    if (this.isWhole) return this.slicesOf(undefined)[0];
    const found =
      lastChunk(this.chunks, offset < end ? offset : end - 1, isMarked(marks.entry)) ?? this.firstEntry();
    return found && this.sliceOf(found.chunk, found.start);
  }

  ownEntry(path: readonly string[]): MapEntry | undefined {
    const [first = '', ...rest] = path;
    let entry = this.entries(first).at(-1);
    for (const key of rest) {
      if (entry?.value.kind !== 'map') return undefined;
      entry = entriesNamed(entry.value, key).findLast((candidate) => !isMergeKey(candidate.key));
    }
    return entry;
  }

  entries(key: string): readonly MapEntry[] {
    const slices = [...this.slicesOf(key), ...this.slicesOf(undefined)].sort((a, b) => a.start - b.start);
    return slices.flatMap((slice) => {
      const node = slice.root;
      return node?.kind === 'map' ? node.entries.filter((entry) => entry.key.text === key) : [];
    });
  }

  find(path: readonly string[]): Found {
    const [first] = path;
    if (first === undefined) throw new RangeError('A path has at least one key.');
    this.steps = mostSteps;
    let found = this.findAtRoot(first);
    for (let length = 1; length < path.length; length++) {
      if (found.state !== 'set') return found;
      const { value, shared }: Found & { state: 'set' } = found;
      if (value.kind === 'unreadable') return open;
      if (value.kind !== 'map') return cutOff;
      const key = path[length] ?? '';
      found = this.lastOf(entriesNamed(value, key), key, value.unread);
      if (shared && found.state === 'set') found = { ...found, shared };
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
    if (this.hasKey('<<')) {
      const entries = [...this.entries('<<'), ...this.entries(key)];
      entries.sort((a, b) => a.key.range.start - b.key.range.start);
      return this.lastOf(entries, key, this.root.unread);
    }
    const slice = this.slicesOf(key).at(-1);
    const keyless = this.slicesOf(undefined).at(-1);
    if (slice && !(keyless && keyless.start > slice.start)) {
      const node = slice.root;
      return node?.kind === 'map' ? this.lastOf(entriesNamed(node, key), key, node.unread) : open;
    }
    return this.lastOf(this.entries(key), key, this.root.unread);
  }

  /** Goes through entries in order: each key and each merge overrides what came before, as in Helm's reader. */
  private lastOf(entries: readonly MapEntry[], key: string, unread: readonly UnreadLine[], depth = 0): Found {
    let result = unread.length > 0 && mayHide(unread, key) ? open : absent;
    for (const entry of entries) {
      if (isMergeKey(entry.key)) {
        const merged = this.findMerged(entry.value, key, depth);
        if (merged.state !== 'absent') result = merged;
      } else if (entry.key.text === key) {
        const value = this.resolve(entry.value);
        const shared = entry.value.kind === 'alias';
        result = value ? { state: 'set', entry, value, shared } : open;
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
      return absent;
    }
    if (source?.kind !== 'map') return open;
    const found = this.lastOf(entriesNamed(source, key), key, source.unread, depth + 1);
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
    const bit = bitOfName(name);
    const mayHave = (part: { anchors: number }): boolean => (part.anchors & bit) !== 0;
    let offset = before - 1;
    for (;;) {
      const place = lastChunk(this.chunks, offset, mayHave);
      if (!place || place.start + place.chunk.length <= this.documentRange.start) return undefined;
      const slice = place.chunk.mayHaveAnchor(name) ? this.sliceAt(place.start) : undefined;
      const found = slice?.anchors.get(name)?.findLast(({ range }) => range.start < before);
      if (found) return found;
      offset = place.start - 1;
    }
  }

  isAnchorUsed(name: string): boolean {
    for (let at = this.text.indexOf(`*${name}`); at >= 0; at = this.text.indexOf(`*${name}`, at + 1)) {
      if (!/[^\s,[\]{}]/.test(this.text.charAt(at + name.length + 1))) return true;
    }
    return false;
  }

  pathAt(offset: number): PathAt | undefined {
    const root = this.sliceAt(offset)?.root;
    return root?.kind === 'map' ? pathIn(root, offset, []) : undefined;
  }

  rootAt(offset: number): ValueNode | undefined {
    const slice = this.sliceAt(offset);
    return slice && offset < slice.end ? slice.root : undefined;
  }

  hasTreeOf(other: ValuesDocument): boolean {
    if (!(other instanceof ChunkedDocument)) return false;
    const slices = this.slices();
    const others = other.slices();
    return (
      slices.length === others.length &&
      slices.every((slice, index) => others[index] !== undefined && slice.isSame(others[index]))
    );
  }

  plain(node: ValueNode): PlainValue | typeof unknown {
    this.steps = mostSteps;
    return this.plainOf(node, 0);
  }

  /** @param hops How many aliases lead to the node; what they lead to is counted, as it can multiply without end. */
  private plainOf(node: ValueNode, hops: number): PlainValue | typeof unknown {
    if (node.kind === 'alias') {
      this.followed += 1;
      const value = hops > 50 ? undefined : this.resolve(node);
      return value && value.kind !== 'alias' ? this.plainOf(value, hops + 1) : unknown;
    }
    if (hops > 0 && --this.steps < 0) return unknown;
    if (node.kind === 'scalar') return node.value;
    if (node.kind === 'unreadable') return unknown;
    return hops > 0 ? this.plainCollection(node, hops) : this.knownCollection(node);
  }

  /** What a map or list without aliases holds is the same in every version in which it stands. */
  private knownCollection(node: MapNode | ListNode): PlainValue | typeof unknown {
    const source = unplaced(node);
    const known = plainCollections.get(source);
    if (known !== undefined) return known;
    const before = this.followed;
    const plain = this.plainCollection(node, 0);
    if (this.followed === before) plainCollections.set(source, plain);
    return plain;
  }

  private plainCollection(node: MapNode | ListNode, hops: number): PlainValue | typeof unknown {
    return node.kind === 'map' ? this.plainMap(node, hops) : this.plainList(node, hops);
  }

  private plainList({ items }: ListNode, hops: number): PlainValue | typeof unknown {
    const result: PlainValue[] = [];
    for (const item of items) {
      const plain = this.plainOf(item, hops);
      if (plain === unknown) return unknown;
      result.push(plain);
    }
    return result;
  }

  private plainMap({ entries, unread }: MapNode, hops: number): PlainValue | typeof unknown {
    if (unread.length > 0) return unknown;
    const result = new Map<string, PlainValue>();
    for (const entry of entries) {
      const plain = this.plainOf(entry.value, hops);
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

/** What maps and lists without aliases hold, by the nodes as they were read. */
const plainCollections = new WeakMap<MapNode | ListNode, PlainValue | typeof unknown>();

/** The keys of the entries that a run of chunks is part of. */
function keysBetween(chunks: readonly Chunk[], start: number, fromEnd: number): string[] {
  let first = start;
  while (first > 0 && chunks[first]?.role !== 'entry') first--;
  const run = chunks.slice(first, chunks.length - fromEnd);
  const keys = run.flatMap(({ key }) => key ?? []);
  // What stands above the first entry belongs to it.
  return keys.length > 0 ? keys : chunks.flatMap(({ key }) => key ?? []).slice(0, 1);
}

function isMarked(mark: number): (part: { readonly marks: number }) => boolean {
  return (part) => (part.marks & mark) !== 0;
}

/** The first document: from its marker, or the start of the file, to what ends it. */
function documentIn(chunks: Chunks | undefined): TextRange {
  if (!chunks) return { start: 0, end: 0 };
  const { length } = chunks;
  let start = chunkAt(chunks, 0).chunk.text.startsWith('\uFEFF') ? 1 : 0;
  let end = length;
  walk(chunks, 0, isMarked(marks.marker | marks.end), (chunk, at) => {
    if (chunk.role === 'marker') start = at + chunk.length;
    else end = Math.max(start, at);
    return chunk.role === 'marker';
  });
  return { start, end };
}

/** The column at which the key stands that begins with a chunk. */
function columnOf({ text, phase }: Chunk): number {
  const from = phase === 'top' && text.startsWith('\uFEFF') ? 1 : 0;
  return text.slice(from).search(/[^ ]|$/);
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
