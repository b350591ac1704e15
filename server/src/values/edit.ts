import { unknown, type PlainValue, type ValuesDocument } from './document';
import { blockAt, indentStep, lineBreak, plainText, scalarText, type Line } from './format';
import type { Layer } from './layers';
import { lineEndAt, lineStartAt } from './lines';
import {
  entryRange,
  isEmptyValue,
  type MapEntry,
  type MapNode,
  type TextRange,
  type ValueNode,
} from './tree';

/** One replacement in a values file. */
export interface TextEdit {
  readonly range: TextRange;
  readonly newText: string;
  /** The top-level key that the edit is for, where it is one of several that could be made by themselves. */
  readonly entry?: string;
  /** The layer that it is for, where that is another one than the file that is looked at. */
  readonly layer?: Layer;
}

/** Values that an edit is to establish: a tree of keys with scalars at its ends. */
export interface WantedValues {
  readonly [key: string]: boolean | number | string | WantedValues;
}

/** Where the new lines of an edit go. */
interface Place {
  /** The innermost map on the way that is there already; undefined for a root without keys. */
  readonly map: MapNode | undefined;
  /** The entry whose value has to become a map, when it is not one yet. */
  readonly entry: MapEntry | undefined;
  /** Keys of the way that are missing below it. */
  readonly missing: readonly string[];
}

/**
 * The smallest edits after which a values file says what is wanted; what is there and right stays as it is.
 * @param document The file.
 * @param wanted What the file is to say, from the root.
 * @returns The edits, none if the file says so already; undefined when no edit is certain to do that and nothing
 *   else: where an alias, an anchor in use, a later merge or half-typed text is in the way.
 */
export function setValues(document: ValuesDocument, wanted: WantedValues): TextEdit[] | undefined {
  const edits: TextEdit[] = [];
  const expected = new Map<string, PlainValue | undefined>();
  for (const [entry, value] of Object.entries(wanted)) {
    const before = plainAt(document, entry);
    if (before === unknown) return undefined;
    expected.set(entry, overlay(before, value));
    const own: TextEdit[] = [];
    if (!collectEdits(document, [], { [entry]: value }, own)) return undefined;
    edits.push(...own.map((edit) => ({ ...edit, entry })));
  }
  return confirmed(document, edits, expected);
}

/**
 * The edits that remove a key with everything below it, and the keys above it that would be left empty.
 * @param document The file.
 * @param path The key's path from the root.
 * @returns The edits, or undefined when the key is not there, or others depend on it.
 */
export function removeKey(document: ValuesDocument, path: readonly string[]): TextEdit[] | undefined {
  let target = path;
  let owner = ownerOf(document, target);
  while (owner?.map?.entries.length === 1 && target.length > 1) {
    target = target.slice(0, -1);
    owner = ownerOf(document, target);
  }
  if (!owner) return undefined;
  // Helm reads no document that has nothing but an end.
  const isWholeDocument = target.length === 1 && document.topLevelKeys.length === 1;
  if (isWholeDocument && document.documentRange.end < document.text.length) return undefined;
  const before = plainAt(document, target[0] ?? '');
  if (before === unknown || before === undefined) return undefined;
  const edit = removalOfKey(document, target);
  if (!edit) return undefined;
  return confirmed(document, [edit], new Map([[target[0] ?? '', without(before, target.slice(1))]]));
}

/** The edit that removes a key by itself, not yet read again; undefined where others depend on it or it shares lines. */
export function removalOfKey(document: ValuesDocument, path: readonly string[]): TextEdit | undefined {
  const owner = ownerOf(document, path);
  if (!owner || holdsUsedAnchor(document, owner.entry.value)) return undefined;
  return owner.map?.flow
    ? removalInFlow(document.text, owner.map, owner.entry)
    : removalOfLines(document, owner.entry);
}

/**
 * The edit that writes another text in place of a value, keeping its comment.
 * @param document The file.
 * @param path The key's path from the root.
 * @param value The new value.
 * @returns The edits, or undefined when an alias or an anchor in use is in the way.
 */
export function replaceValue(
  document: ValuesDocument,
  path: readonly string[],
  value: boolean | number | string,
): TextEdit[] | undefined {
  const [first = '', ...rest] = path;
  return setValues(document, { [first]: nest(rest, value) });
}

/**
 * The edit that writes a text in place of a value of any kind, keeping the quotes around a text and its comment.
 * @param document The file.
 * @param path The key's path from the root.
 * @param value The new text.
 * @returns The edits, or undefined when an alias, an anchor in use or a comment within the value is in the way.
 */
export function replaceText(
  document: ValuesDocument,
  path: readonly string[],
  value: string,
): TextEdit[] | undefined {
  const owner = ownerOf(document, path);
  const key = path[0] ?? '';
  const before = plainAt(document, key);
  const edit = owner && textEdit(document, owner, value);
  if (!edit || before === unknown) return undefined;
  return confirmed(document, [edit], new Map([[key, overlay(before, nest(path.slice(1), value))]]));
}

function textEdit(document: ValuesDocument, { entry, map }: Owner, value: string): TextEdit | undefined {
  const node = entry.value;
  const { start, end } = node.range;
  const source = document.text.slice(start, end);
  // A comma ends a plain text in a flow map.
  const newText = map?.flow ? scalarText(value) : plainText(value);
  if (node.kind === 'list') {
    if (source.includes('#') || entry.colon === undefined) return undefined;
    return node.flow
      ? { range: node.range, newText }
      : { range: { start: entry.colon + 1, end }, newText: ` ${newText}` };
  }
  if (node.kind !== 'scalar' || isEmptyValue(node)) return undefined;
  const quote = node.style === 'single' || node.style === 'double' ? source.charAt(0) : '';
  const keepsQuotes = quote !== '' && /^[\w.,:;= -]*$/.test(value);
  return { range: node.range, newText: keepsQuotes ? quote + value + quote : newText };
}

/**
 * The edit that removes an entry which a later one with the same key overrides, so that the file says what it said.
 * @param document The file.
 * @param map The map with both; undefined at the root.
 * @param entry The earlier entry.
 * @returns The edits, or undefined when others depend on the entry or something else would change.
 */
export function removeOverridden(
  document: ValuesDocument,
  map: MapNode | undefined,
  entry: MapEntry,
): TextEdit[] | undefined {
  const key = document.pathAt(entry.key.range.start)?.path[0];
  if (key === undefined || holdsUsedAnchor(document, entry.value)) return undefined;
  const owner = map ?? document.root.flow;
  const before = plainAt(document, key);
  const edit = owner?.flow ? removalInFlow(document.text, owner, entry) : removalOfLines(document, entry);
  if (!edit || before === unknown) return undefined;
  return confirmed(document, [edit], new Map([[key, before]]));
}

/**
 * The edit that gives a key another name, keeping its quotes, its value and its comment.
 * @returns The edits, or undefined when the map has the new name already or the key cannot be edited.
 */
export function renameKey(
  document: ValuesDocument,
  path: readonly string[],
  name: string,
): TextEdit[] | undefined {
  const owner = ownerOf(document, path);
  const before = plainAt(document, path[0] ?? '');
  if (!owner || before === unknown || before === undefined || path.length < 2) return undefined;
  const renamed = [...path.slice(0, -1), name];
  if (document.find(renamed).state !== 'absent') return undefined;
  const { start, end } = owner.entry.key.range;
  const quoted = owner.entry.key.style === 'plain' ? 0 : 1;
  const edit = { range: { start: start + quoted, end: end - quoted }, newText: name };
  const value = plainOf(document, path);
  if (value === undefined || value === unknown) return undefined;
  const expected = overlay(without(before, path.slice(1)), nest(renamed.slice(1), value));
  return confirmed(document, [edit], new Map([[path[0] ?? '', expected]]));
}

/**
 * The edits that move a key with its comments to another map, which is made where it is missing.
 * @param document The file.
 * @param path The key's path from the root.
 * @param parent The path of the map that is to hold it.
 * @returns The edits, or undefined when the target has the key already, or one of the two is in flow style.
 */
export function moveKey(
  document: ValuesDocument,
  path: readonly string[],
  parent: readonly string[],
): TextEdit[] | undefined {
  const owner = ownerOf(document, path);
  const name = path.at(-1) ?? '';
  const target = [...parent, name];
  const place = placeFor(document, parent);
  if (!owner || !place || owner.map?.flow || place.map?.flow || document.find(target).state === 'set')
    return undefined;
  if (holdsUsedAnchor(document, owner.entry.value)) return undefined;
  const { text } = document;
  const start = leadingComments(text, owner.entry);
  const removal = removalOfLines(document, owner.entry, start);
  if (!removal) return undefined;
  const keyStart = owner.entry.key.range.start;
  const column = keyStart - lineStartAt(text, keyStart);
  const source = text.slice(start, blockEnd(text, owner.entry));
  const lines = source.split(/\r?\n/).map((line): Line => {
    const indent = /^ */.exec(line)?.[0].length ?? 0;
    return { depth: 0, extra: Math.max(0, indent - column), text: line.slice(indent) };
  });
  const insertion = insertionAt(document, place, lines);
  if (!insertion) return undefined;
  const edits = joined(removal, insertion);
  const keys = new Set([path[0] ?? '', target[0] ?? '']);
  const value = plainOf(document, path);
  if (value === unknown || value === undefined) return undefined;
  const expected = new Map<string, PlainValue | undefined>();
  for (const key of keys) {
    let result = plainAt(document, key);
    if (result === unknown) return undefined;
    if (key === path[0]) result = path.length === 1 ? undefined : without(result ?? {}, path.slice(1));
    if (key === target[0]) result = overlay(result, nest(target.slice(1), value));
    expected.set(key, result);
  }
  return confirmed(document, edits, expected);
}

/** A removal of whole lines and an insertion; as one edit where the lines go to the place that they leave. */
function joined(removal: TextEdit, insertion: readonly TextEdit[]): TextEdit[] {
  const { start, end } = removal.range;
  const inside = insertion.find(({ range }) => range.start >= start && range.end <= end);
  if (!inside) return [removal, ...insertion];
  const eol = /^\r?\n/.exec(inside.newText)?.[0] ?? '';
  const lines = inside.newText.slice(eol.length);
  // At the start, the removal takes the line break before the lines with it; further on, the one after them.
  const newText = inside.range.start > start && inside.range.start < end ? lines + eol : eol + lines;
  return [{ range: removal.range, newText }, ...insertion.filter((edit) => edit !== inside)];
}

/** Adds the edits for a map of wanted values; false when one of them cannot be made. */
function collectEdits(
  document: ValuesDocument,
  path: readonly string[],
  wanted: WantedValues,
  edits: TextEdit[],
): boolean {
  const fresh: [string, WantedValues[string]][] = [];
  let last: MapEntry | undefined;
  for (const [key, value] of Object.entries(wanted)) {
    const own = document.ownEntry([...path, key]);
    if (!own) {
      const found = document.find([...path, key]);
      if (found.state === 'unknown') return false;
      const isThere =
        found.state === 'set' && typeof value !== 'object' && document.plain(found.value) === value;
      if (!isThere) fresh.push([key, value]);
    } else if (typeof value === 'object') {
      if (!collectEditsInside(document, [...path, key], own, value, edits)) return false;
    } else {
      const edit = scalarEdit(document, own, value);
      if (edit === undefined) return false;
      if (edit !== null) edits.push(edit);
    }
    last = own ?? last;
  }
  return fresh.length === 0 || insert(document, path, linesOf(Object.fromEntries(fresh)), edits, last);
}

function collectEditsInside(
  document: ValuesDocument,
  path: readonly string[],
  entry: MapEntry,
  wanted: WantedValues,
  edits: TextEdit[],
): boolean {
  if (isAnchorInUse(document, entry.value)) return false;
  return filledMap(entry.value)
    ? collectEdits(document, path, wanted, edits)
    : insert(document, path, linesOf(wanted), edits);
}

function insert(
  document: ValuesDocument,
  path: readonly string[],
  lines: readonly Line[],
  edits: TextEdit[],
  after?: MapEntry,
): boolean {
  const place = placeFor(document, path);
  const insertion = place && insertionAt(document, place, lines, after);
  if (!insertion) return false;
  edits.push(...insertion);
  return true;
}

/** The edit that gives an entry a scalar value: null when it has it already, undefined when it cannot be given. */
function scalarEdit(
  document: ValuesDocument,
  entry: MapEntry,
  value: boolean | number | string,
): TextEdit | null | undefined {
  const node = entry.value;
  if (node.kind !== 'scalar') return undefined;
  if (node.value === value) return null;
  if (node.style === 'block' || isAnchorInUse(document, node)) return undefined;
  if (isEmptyValue(node)) {
    const colon = entry.colon;
    return colon === undefined ? undefined : { range: at(colon + 1), newText: ` ${scalarText(value)}` };
  }
  return { range: node.range, newText: scalarText(value) };
}

/** Finds where keys of the map at a path go; undefined when something that is no map stands in the way. */
function placeFor(document: ValuesDocument, path: readonly string[]): Place | undefined {
  let map = document.root.flow;
  for (const index of path.keys()) {
    const entry = document.ownEntry(path.slice(0, index + 1));
    if (!entry) {
      return document.find(path.slice(0, index + 1)).state === 'absent'
        ? { map, entry: undefined, missing: path.slice(index) }
        : undefined;
    }
    if (isAnchorInUse(document, entry.value)) return undefined;
    const inner = filledMap(entry.value);
    if (!inner)
      return isNothing(document, entry.value) ? { map, entry, missing: path.slice(index + 1) } : undefined;
    map = inner;
  }
  return { map, entry: undefined, missing: [] };
}

/** The edits that write lines into a place, wrapped in the keys that are missing on the way. */
function insertionAt(
  document: ValuesDocument,
  place: Place,
  lines: readonly Line[],
  after?: MapEntry,
): TextEdit[] | undefined {
  const { text } = document;
  const { map, entry, missing } = place;
  const wrapped = [
    ...missing.map((key, depth): Line => ({ depth, extra: 0, text: `${key}:` })),
    ...lines.map((line) => ({ ...line, depth: line.depth + missing.length })),
  ];
  if (map?.flow) return insertionInFlow(map, entry, wrapped);
  const column = map?.column ?? document.root.column;
  const step = indentStep(document, map);
  const eol = lineBreak(document, entry?.key.range.start ?? map?.range.start ?? document.documentRange.start);
  if (entry) {
    if (entry.colon === undefined) return undefined;
    const valueEnd = entry.value.range.end;
    const block = blockAt(wrapped, column + step, step, eol);
    const insert = { range: at(lineEndAt(text, valueEnd)), newText: eol + block };
    if (isEmptyValue(entry.value)) return [insert];
    return [{ range: { start: entry.colon + 1, end: valueEnd }, newText: '' }, insert];
  }
  const block = blockAt(wrapped, column, step, eol);
  const last = after ?? map?.entries.at(-1);
  if (map && last) {
    return [{ range: at(lineEndAt(text, contentEnd(text, last))), newText: eol + block }];
  }
  const { end } = document.documentRange;
  const ended = end === document.documentRange.start || text.charAt(end - 1) === '\n';
  return [{ range: at(end), newText: ended ? block + eol : eol + block }];
}

/** Writes lines as `key: value, key: {…}` after the last entry of a flow map, or into an empty value in it. */
function insertionInFlow(map: MapNode, entry: MapEntry | undefined, lines: readonly Line[]): TextEdit[] {
  const quoted = map.entries.length > 0 && map.entries.every(({ key }) => key.style === 'double');
  const flow = flowText(lines, quoted);
  if (entry)
    return [{ range: { start: (entry.colon ?? 0) + 1, end: entry.value.range.end }, newText: ` {${flow}}` }];
  const last = map.entries.at(-1);
  if (!last) return [{ range: at(map.range.start + 1), newText: flow }];
  return [{ range: at(entryRange(last).end), newText: `, ${flow}` }];
}

function flowText(lines: readonly Line[], quoted: boolean): string {
  let result = '';
  let depth = 0;
  for (const [index, line] of lines.entries()) {
    while (depth > line.depth) {
      result += '}';
      depth--;
    }
    if (index > 0 && !result.endsWith('{')) result += ', ';
    const [, key = '', value = ''] = /^(\w+):\s*(.*)$/.exec(line.text) ?? [];
    result += quoted ? `"${key}":` : `${key}:`;
    result += value === '' ? ' {' : ` ${value}`;
    if (value === '') depth++;
  }
  return result + '}'.repeat(depth);
}

/**
 * Wanted values as lines in block style.
 * @param wanted The values, in their order.
 * @param depth How deep the first of them stands.
 */
export function linesOf(wanted: WantedValues, depth = 0): Line[] {
  return Object.entries(wanted).flatMap(([key, value]): Line[] =>
    typeof value === 'object'
      ? [{ depth, extra: 0, text: `${key}:` }, ...linesOf(value, depth + 1)]
      : [{ depth, extra: 0, text: `${key}: ${scalarText(value)}` }],
  );
}

function removalInFlow(text: string, map: MapNode, entry: MapEntry): TextEdit | undefined {
  const index = map.entries.indexOf(entry);
  const next = map.entries[index + 1];
  const previous = map.entries[index - 1];
  const { start, end } = entryRange(entry);
  const range = next
    ? { start, end: next.key.range.start }
    : { start: previous ? entryRange(previous).end : start, end };
  const around = text.slice(range.start, start) + text.slice(end, range.end);
  // A comment there belongs to a neighbour.
  return around.includes('#') ? undefined : { range, newText: '' };
}

/** Removes the lines of an entry, with the deeper comments below it. */
function removalOfLines(
  document: ValuesDocument,
  entry: MapEntry,
  from = entry.key.range.start,
): TextEdit | undefined {
  const { text } = document;
  const keyStart = lineStartAt(text, entry.key.range.start);
  const start = lineStartAt(text, from);
  if (text.slice(keyStart, entry.key.range.start).trim() !== '') return undefined;
  const next = text.indexOf('\n', blockEnd(text, entry));
  if (next >= 0) return { range: { start, end: next + 1 }, newText: '' };
  const lineBreakBefore = /\r?\n$/.exec(text.slice(Math.max(0, start - 2), start))?.[0] ?? '';
  return { range: { start: start - lineBreakBefore.length, end: text.length }, newText: '' };
}

/** The end of the last line of an entry: of its content, or of comments below that are indented deeper than its key. */
function blockEnd(text: string, entry: MapEntry): number {
  const keyStart = entry.key.range.start;
  const column = keyStart - lineStartAt(text, keyStart);
  let end = lineEndAt(text, contentEnd(text, entry));
  for (let next = text.indexOf('\n', end); next >= 0; next = text.indexOf('\n', next + 1)) {
    const line = text.slice(next + 1, lineEndAt(text, next + 1));
    const indent = line.search(/\S/);
    if (indent >= 0 && (indent <= column || line.charAt(indent) !== '#')) break;
    if (indent >= 0) end = next + 1 + line.length;
  }
  return end;
}

/** The start of the comments that stand directly above an entry at its own indentation, or of the entry itself. */
function leadingComments(text: string, entry: MapEntry): number {
  let start = lineStartAt(text, entry.key.range.start);
  const indent = text.slice(start, entry.key.range.start);
  while (start > 0) {
    const above = lineStartAt(text, start - 1);
    if (!text.slice(above, start).startsWith(`${indent}#`)) break;
    start = above;
  }
  return start;
}

/** The end of the last thing that is written for an entry, without the comment after it. */
export function contentEnd(text: string, entry: MapEntry): number {
  const value = entry.value;
  const last = value.kind === 'map' && !value.flow ? value.entries.at(-1) : undefined;
  if (last) return contentEnd(text, last);
  let { end } = entryRange(entry);
  if (value.kind === 'list' && !value.flow) end = endOfList(text, value.items, end);
  while (/\s/.test(text.charAt(end - 1)) && end > entry.key.range.end) end--;
  return end;
}

function endOfList(text: string, items: readonly ValueNode[], fallback: number): number {
  const last = items.at(-1);
  if (last?.kind === 'map' && !last.flow) {
    const entry = last.entries.at(-1);
    return entry ? contentEnd(text, entry) : fallback;
  }
  return last?.kind === 'list' && !last.flow
    ? endOfList(text, last.items, fallback)
    : (last?.range.end ?? fallback);
}

interface Owner {
  readonly entry: MapEntry;
  /** The map with the entry; undefined for an entry of a root in block style. */
  readonly map: MapNode | undefined;
}

/** The entry at a path that stands there itself, with the map around it; undefined where a change would show elsewhere. */
function ownerOf(document: ValuesDocument, path: readonly string[]): Owner | undefined {
  const chain = path.map((_, index) => document.ownEntry(path.slice(0, index + 1)));
  const entry = chain.at(-1);
  if (!entry || chain.some((link) => link && isAnchorInUse(document, link.value))) return undefined;
  const parent = chain.at(-2);
  return { entry, map: parent?.value.kind === 'map' ? parent.value : document.root.flow };
}

function filledMap(node: ValueNode): MapNode | undefined {
  return node.kind === 'map' && (node.entries.length > 0 || node.unread.length > 0) ? node : undefined;
}

/** Says whether a value holds nothing that would be lost if keys were written in its place. */
function isNothing(document: ValuesDocument, node: ValueNode): boolean {
  if (node.kind === 'scalar') return node.value === null && node.style === 'plain';
  return node.kind === 'map' && /^\{\s*\}$/.test(document.text.slice(node.range.start, node.range.end));
}

/** Says whether a value carries an anchor that something else stands for, so that an edit of it would show there, too. */
export function isAnchorInUse(document: ValuesDocument, node: ValueNode): boolean {
  return node.anchor !== undefined && document.isAnchorUsed(node.anchor);
}

function holdsUsedAnchor(document: ValuesDocument, node: ValueNode): boolean {
  if (isAnchorInUse(document, node)) return true;
  if (node.kind === 'map') return node.entries.some(({ value }) => holdsUsedAnchor(document, value));
  return node.kind === 'list' && node.items.some((item) => holdsUsedAnchor(document, item));
}

function at(offset: number): TextRange {
  return { start: offset, end: offset };
}

function plainOf(document: ValuesDocument, path: readonly string[]): PlainValue | undefined | typeof unknown {
  const found = document.find(path);
  if (found.state === 'set') return document.plain(found.value);
  return found.state === 'absent' ? undefined : unknown;
}

function plainAt(document: ValuesDocument, key: string): PlainValue | undefined | typeof unknown {
  return plainOf(document, [key]);
}

/** A tree with one value at the end of a path; the value itself for an empty path. */
export function nest<T extends PlainValue>(path: readonly string[], value: T): T | Nested<T> {
  return path.reduceRight<T | Nested<T>>((inner, key) => ({ [key]: inner }), value);
}

interface Nested<T> {
  readonly [key: string]: T | Nested<T>;
}

/** Says whether a value is a map. */
export function isPlainMap(value: PlainValue | undefined): value is Readonly<Record<string, PlainValue>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** A value with another laid over it: maps key by key, anything else replaced. */
export function overlay(before: PlainValue | undefined, over: PlainValue): PlainValue {
  if (!isPlainMap(over)) return over;
  const result = new Map(isPlainMap(before) ? Object.entries(before) : []);
  for (const [key, value] of Object.entries(over)) result.set(key, overlay(result.get(key), value));
  return Object.fromEntries(result);
}

/** A value without the key at a path, and without the maps that this leaves empty; undefined when nothing is left. */
function without(value: PlainValue, path: readonly string[]): PlainValue | undefined {
  const [first, ...rest] = path;
  if (first === undefined || !isPlainMap(value)) return undefined;
  const { [first]: removed, ...others } = value;
  const left = removed === undefined ? undefined : without(removed, rest);
  const result = left === undefined ? others : { ...value, [first]: left };
  return Object.keys(result).length === 0 ? undefined : result;
}

/** The edits, if the file then says what is expected under the given keys and all other entries are untouched. */
export function confirmed(
  document: ValuesDocument,
  edits: TextEdit[],
  expected: ReadonlyMap<string, PlainValue | undefined>,
): TextEdit[] | undefined {
  if (edits.length === 0) return edits;
  const after = document.edit(edits);
  for (const key of new Set([...expected.keys(), ...document.differingKeys(after)])) {
    if (expected.has(key)) {
      const value = plainAt(after, key);
      if (value === unknown || !isSame(value, expected.get(key))) return undefined;
    } else if (!isUntouched(document, after, key)) {
      return undefined;
    }
  }
  return edits;
}

/** Says whether an entry that no edit was meant for says what it said: by its text, or where that moved, its values. */
function isUntouched(before: ValuesDocument, after: ValuesDocument, key: string): boolean {
  if (after.sharesEntry(before, key)) return true;
  const textBefore = before.sliceText(key);
  const textAfter = after.sliceText(key);
  if (textBefore !== undefined && textBefore === textAfter && !textBefore.includes('*')) return true;
  if (withoutCommentsAround(textBefore ?? '') !== withoutCommentsAround(textAfter ?? '')) return false;
  const valueBefore = plainAt(before, key);
  const valueAfter = plainAt(after, key);
  // What could be read has to be readable still: an alias may have lost its anchor.
  if (valueBefore === unknown || valueAfter === unknown)
    return valueBefore === valueAfter && textBefore === textAfter;
  return isSame(valueBefore, valueAfter);
}

/** An entry's text without the blank lines and comments around it, which may go with a neighbour. */
function withoutCommentsAround(text: string): string {
  let start = 0;
  const line = /[ \t]*(?:#[^\n]*)?\r?\n/y;
  while (line.test(text)) start = line.lastIndex;
  let end = text.trimEnd().length;
  for (;;) {
    const lineStart = lineStartAt(text, end);
    if (lineStart <= start || !/^[ \t]*#/.test(text.slice(lineStart, end))) return text.slice(start, end);
    end = text.slice(0, lineStart).trimEnd().length;
  }
}

function isSame(a: PlainValue | undefined, b: PlainValue | undefined): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return (
      a.length === b.length &&
      a.every((item: PlainValue, index) => isSame(item, (b as readonly PlainValue[])[index]))
    );
  }
  if (!isPlainMap(a) || !isPlainMap(b)) return a === b;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && isSame(a[key], b[key]));
}
