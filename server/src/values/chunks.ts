import { topLevelKeys } from '../chart/topLevelKeys';
import { CR, LF } from './characters';
import {
  atTop,
  isSameState,
  scan,
  type Piece,
  type PieceRole,
  type ScanSource,
  type ScanState,
} from './scan';
import type { TextRange } from './tree';

/**
 * The text of a values file as a balanced tree of chunks, each some whole lines. Nothing in it is ever changed: an
 * edit makes the few chunks and branches that differ, and shares all others with the tree before, so that it costs the
 * same in a short file and in a long one.
 */
export type Chunks = Chunk | Branch;

/** What is known of the chunks in a part of the tree, without looking at them. */
interface Summary {
  /** Length of the text in UTF-16 units. */
  readonly length: number;
  /** How many line breaks it has, as editors count them: `\n`, `\r\n` or a lone `\r`. */
  readonly breaks: number;
  /** What can be found in it, as bits; see {@link marks}. */
  readonly marks: number;
  /** For each known key at the top level that an entry in it has, its bit; see {@link bitOfKey}. */
  readonly keys: number;
  /** For each anchor in it, its bit; see {@link bitOfName}. */
  readonly anchors: number;
  /** The end of what the scan of it looked at, from its start; beyond its own end where it searched further. */
  readonly seen: number;
  /** How many branches are above its lowest chunk. */
  readonly height: number;
}

/** Bits for what can be found in a chunk. */
export const marks = {
  entry: 1,
  /** An entry whose first line is not read as a key. */
  keyless: 2,
  marker: 4,
  end: 8,
  whole: 16,
  /** {@link directiveWord}. */
  directive: 32,
  /** Something like an alias; it may be text that only looks like one. */
  alias: 64,
} as const;

/** With this word, comments begin that speak to this extension. */
export const directiveWord = 'airflow-token-volume:';

/** Some whole lines of a values file. */
export class Chunk implements Summary {
  readonly text: string;
  readonly role: PieceRole;
  readonly phase: ScanState['phase'];
  /** The key of an entry that begins with it, as {@link Piece} has it. */
  readonly key: string | undefined;
  /** The state after its last line, with which the next chunk begins. */
  readonly ends: ScanState;
  readonly seen: number;
  readonly breaks: number;
  readonly marks: number;
  readonly keys: number;
  readonly anchors: number;
  readonly height = 0;
  private lines: readonly number[] | undefined;
  private readonly names: ReadonlySet<string>;

  constructor(
    text: string,
    { role, phase, key }: Pick<Piece, 'role' | 'phase' | 'key'>,
    ends: ScanState,
    seen: number,
  ) {
    this.text = text;
    this.role = role;
    this.phase = phase;
    this.key = key;
    this.ends = ends;
    this.seen = seen;
    this.breaks = countBreaks(text);
    this.marks =
      (role === 'more' ? 0 : marks[role]) |
      (role === 'entry' && key === undefined ? marks.keyless : 0) |
      (text.includes(directiveWord) ? marks.directive : 0) |
      (text.includes('*') && aliasLike.test(text) ? marks.alias : 0);
    this.keys = key === undefined ? 0 : bitOfKey(key);
    this.names = text.includes('&') ? anchorNames(text) : noNames;
    this.anchors = 0;
    for (const name of this.names) this.anchors |= bitOfName(name);
  }

  get length(): number {
    return this.text.length;
  }

  /** Says whether something like an anchor of a name stands in it; it may be text that only looks like one. */
  mayHaveAnchor(name: string): boolean {
    return this.names.has(name);
  }

  /** Where its lines begin, as editors count them; the first one at 0. */
  get lineStarts(): readonly number[] {
    return (this.lines ??= lineStartsOf(this.text));
  }
}

const aliasLike = /(?:^|[\s,[{:-])\*[^\s,[\]{}"'*]/;

const noNames: ReadonlySet<string> = new Set();

class Branch implements Summary {
  readonly left: Chunks;
  readonly right: Chunks;
  readonly length: number;
  readonly breaks: number;
  readonly marks: number;
  readonly keys: number;
  readonly anchors: number;
  readonly seen: number;
  readonly height: number;

  constructor(left: Chunks, right: Chunks) {
    this.left = left;
    this.right = right;
    this.length = left.length + right.length;
    this.breaks = left.breaks + right.breaks;
    this.marks = left.marks | right.marks;
    this.keys = left.keys | right.keys;
    this.anchors = left.anchors | right.anchors;
    this.seen = Math.max(left.seen, left.length + right.seen);
    this.height = Math.max(left.height, right.height) + 1;
  }
}

/**
 * Cuts a text into chunks.
 * @param text The whole file.
 * @returns The tree; undefined for an empty text.
 */
export function chunksOf(text: string): Chunks | undefined {
  const source: ScanSource = { text, more: () => false, isKnown: () => false };
  const { pieces, end } = scan(source, atTop);
  return build(chunksFrom(text, pieces, end));
}

/**
 * Replaces a part of a text. Read again are the chunks whose scan looked at that part, and those after them as far as
 * the change has an effect.
 * @param chunks The tree; undefined for an empty text. It stays as it is.
 * @param start Where the part begins, in UTF-16 units.
 * @param end Where it ends.
 * @param newText What takes its place.
 * @returns The tree of the new text; undefined when that is empty.
 */
export function replaceText(
  chunks: Chunks | undefined,
  start: number,
  end: number,
  newText: string,
): Chunks | undefined {
  if (!chunks) return chunksOf(newText);
  const [before, rest] = split(chunks, firstThatSaw(chunks, start));
  if (!rest) throw new RangeError(`There is no text at ${start}.`);
  const from = before?.length ?? 0;
  const state = before ? chunkAt(before, from).chunk.ends : atTop;
  const window = new Window(rest, state, { start: start - from, end: end - from }, newText);
  const scanned = scan(window, state);
  const made = chunksFrom(window.text, scanned.pieces, scanned.end);
  const [, after] = split(rest, window.oldPlace(scanned.end));
  return join(join(before, build(window.withOld(made))), after);
}

/** The part of a text around an edit that is scanned again; it grows as far as the edit has an effect. */
class Window implements ScanSource {
  text: string;
  private readonly chunks: Chunks;
  /** The old chunks in the window by their starts in the old text. */
  private readonly taken = new Map<number, Chunk>();
  /** The states between them. */
  private readonly ends = new Map<number, ScanState>();
  /** Where the next old chunk begins in the old text. */
  private next = 0;
  /** How many old chunks are taken in at once. */
  private step = 1;
  /** Where the edited part begins, in both texts. */
  private readonly start: number;
  /** Where it ends in the new text. */
  private readonly end: number;
  /** How much longer the new text is. */
  private readonly growth: number;

  constructor(chunks: Chunks, state: ScanState, { start, end }: TextRange, newText: string) {
    this.chunks = chunks;
    this.ends.set(0, state);
    let old = '';
    do old += this.take();
    while (this.next < end);
    this.text = old.slice(0, start) + newText + old.slice(end);
    this.start = start;
    this.end = start + newText.length;
    this.growth = newText.length - (end - start);
  }

  private take(): string {
    const { chunk } = chunkAt(this.chunks, this.next);
    this.taken.set(this.next, chunk);
    this.next += chunk.length;
    this.ends.set(this.next, chunk.ends);
    return chunk.text;
  }

  more(): boolean {
    if (this.next >= this.chunks.length) return false;
    let added = '';
    for (let count = 0; count < this.step && this.next < this.chunks.length; count++) added += this.take();
    this.text += added;
    this.step *= 2;
    return true;
  }

  isKnown(position: number, state: ScanState, role: PieceRole | undefined): boolean {
    if (position < this.end) return false;
    const place = this.oldPlace(position);
    const old = this.ends.get(place);
    if (!old || place >= this.chunks.length) return false;
    if (role === undefined) return isSameState(old, state);
    const isInMap = state.phase === 'map' && old.phase === 'map' && state.rootColumn === old.rootColumn;
    return isInMap && chunkAt(this.chunks, place).chunk.role === role;
  }

  /** The place in the old text of a place that is not before the edit. */
  oldPlace(position: number): number {
    return position - this.growth;
  }

  /** New chunks, with the old ones in place of those that are the same, for what is known of them. */
  withOld(made: readonly Chunk[]): Chunk[] {
    let end = 0;
    return made.map((chunk) => {
      const start = end;
      end += chunk.length;
      if (end > this.start && start < this.end) return chunk;
      const old = this.taken.get(end <= this.start ? start : this.oldPlace(start));
      return old && isSame(old, chunk) ? old : chunk;
    });
  }
}

function isSame(a: Chunk, b: Chunk): boolean {
  return (
    a.length === b.length &&
    a.role === b.role &&
    a.phase === b.phase &&
    a.seen === b.seen &&
    isSameState(a.ends, b.ends) &&
    a.text === b.text
  );
}

/** A chunk goes on until something new begins, but not beyond this length. */
const longestChunk = 4096;

/** Where more than that goes on, it is cut into chunks of at least this length. */
const shortestPart = 2048;

/** Puts the pieces that a scan found into chunks. */
function chunksFrom(text: string, pieces: readonly Piece[], end: number): Chunk[] {
  const chunks: Chunk[] = [];
  const startOf = (index: number): number => pieces[index]?.start ?? end;
  let first = 0;
  for (let index = 1; index <= pieces.length; index++) {
    const begins = pieces[index]?.role !== 'more' || pieces[index - 1]?.role === 'marker';
    if (!begins) continue;
    const last = startOf(index);
    while (first < index) {
      let next = index;
      if (last - startOf(first) > longestChunk) {
        next = first + 1;
        while (startOf(next) - startOf(first) < shortestPart && next < index) next++;
        if (last - startOf(next) < shortestPart / 2) next = index;
      }
      chunks.push(chunkOf(text, pieces.slice(first, next), startOf(next)));
      first = next;
    }
  }
  return chunks;
}

function chunkOf(text: string, pieces: readonly Piece[], end: number): Chunk {
  const [first, last] = [pieces[0], pieces.at(-1)];
  if (!first || !last) throw new RangeError('A chunk has at least one piece.');
  const seen = Math.max(...pieces.map((piece) => piece.seen));
  return new Chunk(text.slice(first.start, end), first, last.ends, seen - first.start);
}

/** A balanced tree of chunks in their order; undefined for none. */
function build(chunks: readonly Chunk[]): Chunks | undefined {
  if (chunks.length <= 1) return chunks[0];
  const middle = chunks.length >> 1;
  return join(build(chunks.slice(0, middle)), build(chunks.slice(middle)));
}

/** One tree after the other. */
function join(left: Chunks | undefined, right: Chunks | undefined): Chunks | undefined {
  return left && right ? joined(left, right) : (left ?? right);
}

function joined(left: Chunks, right: Chunks): Chunks {
  if (left instanceof Branch && left.height > right.height + 1)
    return balanced(left.left, joined(left.right, right));
  if (right instanceof Branch && right.height > left.height + 1)
    return balanced(joined(left, right.left), right.right);
  return new Branch(left, right);
}

/** One tree after the other, where one is at most two higher. */
function balanced(left: Chunks, right: Chunks): Chunks {
  if (left instanceof Branch && left.height > right.height + 1) {
    const { right: inner } = left;
    return left.left.height >= inner.height || !(inner instanceof Branch)
      ? new Branch(left.left, new Branch(inner, right))
      : new Branch(new Branch(left.left, inner.left), new Branch(inner.right, right));
  }
  if (right instanceof Branch && right.height > left.height + 1) {
    const { left: inner } = right;
    return right.right.height >= inner.height || !(inner instanceof Branch)
      ? new Branch(new Branch(left, inner), right.right)
      : new Branch(new Branch(left, inner.left), new Branch(inner.right, right.right));
  }
  return new Branch(left, right);
}

/** The chunks before a place between two of them, and those after it. */
function split(chunks: Chunks, place: number): [Chunks | undefined, Chunks | undefined] {
  if (place <= 0) return [undefined, chunks];
  if (place >= chunks.length) return [chunks, undefined];
  if (!(chunks instanceof Branch)) throw new RangeError(`No chunk begins ${place} characters into another.`);
  const { left, right } = chunks;
  if (place < left.length) {
    const [before, after] = split(left, place);
    return [before, join(after, right)];
  }
  const [before, after] = split(right, place - left.length);
  return [join(left, before), after];
}

/** Where the first chunk begins whose scan looked at the character at an offset; the last chunk if none did. */
function firstThatSaw(chunks: Chunks, offset: number): number {
  return descend(chunks, (left, { start }) => start + left.seen > offset).start;
}

/** Where a part of the tree begins. */
interface Place {
  /** The offset in the text. */
  readonly start: number;
  /** How many line breaks are before it. */
  readonly line: number;
}

/** A chunk with where it begins. */
export interface PlacedChunk extends Place {
  readonly chunk: Chunk;
}

/** The chunk with an offset, which may be the end of the text. */
export function chunkAt(chunks: Chunks, offset: number): PlacedChunk {
  return descend(chunks, (left, { start }) => offset < start + left.length);
}

/**
 * Goes down to one chunk.
 * @param chunks The tree.
 * @param isInLeft Says whether to go on in the left part of a branch, which begins at a place.
 */
function descend(chunks: Chunks, isInLeft: (left: Chunks, place: Place) => boolean): PlacedChunk {
  const place = { start: 0, line: 0 };
  let node = chunks;
  while (node instanceof Branch) {
    if (isInLeft(node.left, place)) node = node.left;
    else {
      place.start += node.left.length;
      place.line += node.left.breaks;
      node = node.right;
    }
  }
  return { chunk: node, ...place };
}

/** Says of a part of the tree whether what is looked for may be in it. */
type Filter = (part: Pick<Chunk, 'marks' | 'keys' | 'anchors'>) => boolean;

/**
 * Goes through chunks in order, past whole parts of the tree that are of no interest.
 * @param chunks The tree.
 * @param from The first chunk is the one with this offset.
 * @param isWanted Says of a chunk, or of several at once, whether to look at it.
 * @param see Gets each chunk that is wanted; false ends the walk.
 * @returns False when the walk was ended.
 */
export function walk(
  chunks: Chunks | undefined,
  from: number,
  isWanted: Filter,
  see: (chunk: Chunk, start: number) => boolean,
): boolean {
  return !chunks || walkPart(chunks, 0, from, isWanted, see);
}

function walkPart(
  part: Chunks,
  start: number,
  from: number,
  isWanted: Filter,
  see: (chunk: Chunk, start: number) => boolean,
): boolean {
  if (start + part.length <= from || !isWanted(part)) return true;
  if (!(part instanceof Branch)) return see(part, start);
  return (
    walkPart(part.left, start, from, isWanted, see) &&
    walkPart(part.right, start + part.left.length, from, isWanted, see)
  );
}

/**
 * The last chunk that is wanted among those that begin at an offset or before it.
 * @param chunks The tree.
 * @param offset The offset.
 * @param isWanted Says of a chunk, or of several at once, whether it may be one.
 */
export function lastChunk(
  chunks: Chunks | undefined,
  offset: number,
  isWanted: Filter,
): Omit<PlacedChunk, 'line'> | undefined {
  return chunks && lastIn(chunks, 0, offset, isWanted);
}

function lastIn(
  part: Chunks,
  start: number,
  offset: number,
  isWanted: Filter,
): Omit<PlacedChunk, 'line'> | undefined {
  if (start > offset || !isWanted(part)) return undefined;
  if (!(part instanceof Branch)) return { chunk: part, start };
  return (
    lastIn(part.right, start + part.left.length, offset, isWanted) ??
    lastIn(part.left, start, offset, isWanted)
  );
}

/** The text between two offsets. */
export function textBetween(chunks: Chunks | undefined, start: number, end: number): string {
  if (end <= start) return '';
  let text = '';
  walk(chunks, start, always, (chunk, at) => {
    text += chunk.text.slice(Math.max(0, start - at), end - at);
    return at + chunk.length < end;
  });
  return text;
}

/** A filter that everything passes. */
export const always: Filter = () => true;

/** A place as editors count it. */
export interface LinePosition {
  readonly line: number;
  /** In UTF-16 units. */
  readonly character: number;
}

/** The position of an offset; one within or after a line break counts as before it, one beyond the text as its end. */
export function positionAt(chunks: Chunks | undefined, offset: number): LinePosition {
  if (!chunks) return { line: 0, character: 0 };
  const place = Math.max(0, Math.min(offset, chunks.length));
  const { chunk, start, line } = chunkAt(chunks, place);
  const { lineStarts, text } = chunk;
  const index = lastAtOrBefore(lineStarts, place - start);
  const lineStart = lineStarts[index] ?? 0;
  return { line: line + index, character: beforeBreak(text, lineStart, place - start) - lineStart };
}

/** The offset of a position; one beyond the end of its line counts as that end, one beyond the text as its end. */
export function offsetAt(chunks: Chunks | undefined, { line, character }: LinePosition): number {
  if (!chunks || line < 0) return 0;
  if (line > chunks.breaks) return chunks.length;
  const { chunk, start, line: before } = descend(chunks, (left, place) => line < place.line + left.breaks);
  const { lineStarts, text } = chunk;
  const lineStart = lineStarts[line - before] ?? 0;
  if (character <= 0) return start + lineStart;
  const next = lineStarts[line - before + 1] ?? text.length;
  return start + beforeBreak(text, lineStart, Math.min(lineStart + character, next));
}

function beforeBreak(text: string, lineStart: number, offset: number): number {
  let end = offset;
  while (end > lineStart && isBreak(text.charCodeAt(end - 1))) end--;
  return end;
}

function isBreak(code: number): boolean {
  return code === LF || code === CR;
}

/** The index of the last of some numbers in order that is not greater than another. */
function lastAtOrBefore(numbers: readonly number[], value: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? Infinity) <= value) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

function countBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  for (let at = text.indexOf('\r'); at >= 0; at = text.indexOf('\r', at + 1))
    if (text.charCodeAt(at + 1) !== LF) count++;
  return count;
}

function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === LF || (code === CR && text.charCodeAt(at + 1) !== LF)) starts.push(at + 1);
  }
  return starts;
}

/** The names in a text that look like anchors. */
function anchorNames(text: string): ReadonlySet<string> {
  return new Set(Array.from(text.matchAll(/&[^\s,[\]{}]+/g), ([mark]) => mark.slice(1)));
}

/** The bit of a key at the top level in {@link Summary.keys}. */
export function bitOfKey(key: string): number {
  return keyBits.get(key) ?? otherKeys;
}

/** Says whether a key is one of those that are asked for on every keystroke. */
export function isKnownKey(key: string): boolean {
  return keyBits.has(key);
}

/** All other keys share a bit, so that a file full of them is not searched. */
const otherKeys = 1 << 30;
const keyBits = new Map(topLevelKeys.map((key, index) => [key, 1 << (index % 30)]));

/** The bit of an anchor's name in {@link Summary.anchors}. */
export function bitOfName(name: string): number {
  let hash = 0;
  for (let index = 0; index < name.length; index++) hash = (hash * 31 + name.charCodeAt(index)) | 0;
  return 1 << (hash & 31);
}
