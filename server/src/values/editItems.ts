import { unknown, type PlainValue, type ValuesDocument } from './document';
import {
  confirmed,
  contentEnd,
  isPlainMap,
  overlay,
  removalOfKey,
  setValues,
  type TextEdit,
  type WantedValues,
} from './edit';
import { lineEndAt, lineStartAt } from './lines';
import type { ListNode, ValueNode } from './tree';

/** An item of a list in a values file. */
export interface ItemPath {
  /** The path of the list. */
  readonly list: readonly string[];
  readonly index: number;
}

/**
 * The edits that remove items from lists, with the keys of lists that are left empty, and establish values.
 * @param document The file.
 * @param items The items.
 * @param wanted What the file is to say beside that, from the root; not about the lists.
 * @returns The edits, or undefined when no edit is certain to do that and nothing else.
 */
export function removeItems(
  document: ValuesDocument,
  items: readonly ItemPath[],
  wanted: WantedValues,
): TextEdit[] | undefined {
  const expected = new Map<string, PlainValue | undefined>();
  const before = (key: string): PlainValue | undefined | typeof unknown => {
    if (expected.has(key)) return expected.get(key);
    const found = document.find([key]);
    return found.state === 'set'
      ? document.plain(found.value)
      : found.state === 'absent'
        ? undefined
        : unknown;
  };
  let removals: TextEdit[] = [];
  let trimmed = document;
  for (const { list, indexes } of grouped(items)) {
    const key = list[0] ?? '';
    const value = before(key);
    if (value === unknown || value === undefined) return undefined;
    expected.set(key, withoutItems(value, list.slice(1), new Set(indexes)));
    const isAll = indexes.length === lengthOf(document, list);
    for (const index of isAll ? [undefined] : indexes) {
      const edit = index === undefined ? removalOfKey(trimmed, list) : itemRemoval(trimmed, list, index);
      if (!edit) return undefined;
      removals = composed(removals, [{ ...edit, entry: key }]);
      trimmed = document.edit(removals);
    }
  }
  const additions = setValues(trimmed, wanted);
  if (!additions) return undefined;
  for (const [key, value] of Object.entries(wanted)) {
    const base = before(key);
    if (base === unknown) return undefined;
    expected.set(key, overlay(base, value));
  }
  // Helm aborts where a map is left empty.
  if ([...expected.values()].includes(null)) return undefined;
  return confirmed(document, composed(removals, additions), expected);
}

/** Items by their list, those of one list from its end. */
function grouped(items: readonly ItemPath[]): { list: readonly string[]; indexes: readonly number[] }[] {
  const lists = new Map<string, { list: readonly string[]; indexes: Set<number> }>();
  for (const { list, index } of items) {
    const name = list.join('\n');
    const group = lists.get(name) ?? { list, indexes: new Set<number>() };
    group.indexes.add(index);
    lists.set(name, group);
  }
  return [...lists.values()].map(({ list, indexes }) => ({
    list,
    indexes: [...indexes].sort((a, b) => b - a),
  }));
}

function lengthOf(document: ValuesDocument, path: readonly string[]): number {
  const list = document.ownEntry(path)?.value;
  return list?.kind === 'list' ? list.items.length : 0;
}

function itemRemoval(document: ValuesDocument, path: readonly string[], index: number): TextEdit | undefined {
  const list = document.ownEntry(path)?.value;
  if (list?.kind !== 'list') return undefined;
  return list.flow ? flowRemoval(document.text, list, index) : lineRemoval(document.text, list, index);
}

/** Removes the lines of an item of a block list, up to the comments above the next one. */
function lineRemoval(text: string, list: ListNode, index: number): TextEdit | undefined {
  const item = list.items[index];
  if (!item) return undefined;
  const start = lineStartAt(text, item.range.start);
  if (!/^ *- +$/.test(text.slice(start, item.range.start))) return undefined;
  const end = text.indexOf('\n', lineEndAt(text, itemEnd(text, item)));
  if (end >= 0) return { range: { start, end: end + 1 }, newText: '' };
  const lineBreak = start > 1 && text.charAt(start - 2) === '\r' ? 2 : 1;
  return { range: { start: Math.max(0, start - lineBreak), end: text.length }, newText: '' };
}

function itemEnd(text: string, item: ValueNode): number {
  const last = item.kind === 'map' && !item.flow ? item.entries.at(-1) : undefined;
  return last ? contentEnd(text, last) : item.range.end;
}

/** Removes an item of a flow list with the comma after it, or before it where it is the last. */
function flowRemoval(text: string, list: ListNode, index: number): TextEdit | undefined {
  const item = list.items[index];
  const next = list.items[index + 1];
  const previous = list.items[index - 1];
  if (!item) return undefined;
  const range = next
    ? { start: item.range.start, end: next.range.start }
    : { start: previous?.range.end ?? item.range.start, end: item.range.end };
  const around = text.slice(range.start, item.range.start) + text.slice(item.range.end, range.end);
  return /^[\s,]*$/.test(around) ? { range, newText: '' } : undefined;
}

/**
 * Edits and later ones, whose offsets count in the result of the first, as one list that counts in the original text.
 * Those that touch become one.
 * @param first Removals.
 * @param second Edits of any kind.
 */
function composed(first: readonly TextEdit[], second: readonly TextEdit[]): TextEdit[] {
  const removals = [...first].sort((a, b) => a.range.start - b.range.start);
  let taken = 0;
  const placed = removals.map((removal) => {
    const at = removal.range.start - taken;
    taken += removal.range.end - removal.range.start;
    return { removal, at };
  });
  const original = (offset: number): number =>
    placed.reduce(
      (sum, { removal: { range }, at }) => sum + (at < offset ? range.end - range.start : 0),
      offset,
    );
  let edits: TextEdit[] = removals;
  // From the end, so that of two at one place the later one stands behind the earlier.
  for (const edit of [...second].sort((a, b) => b.range.start - a.range.start)) {
    const touched = placed.filter(({ at }) => edit.range.start <= at && at <= edit.range.end);
    const range = {
      start: Math.min(original(edit.range.start), ...touched.map(({ removal }) => removal.range.start)),
      end: Math.max(original(edit.range.end), ...touched.map(({ removal }) => removal.range.end)),
    };
    const isInside = (other: TextEdit): boolean =>
      touched.length > 0 && other.range.start >= range.start && other.range.end <= range.end;
    const after = edits.filter(isInside).map(({ newText }) => newText);
    edits = edits.filter((other) => !isInside(other));
    edits.push({ ...edit, range, newText: edit.newText + after.join('') });
  }
  return edits.sort((a, b) => a.range.start - b.range.start);
}

function withoutItems(
  value: PlainValue,
  path: readonly string[],
  indexes: ReadonlySet<number>,
): PlainValue | undefined {
  if (Array.isArray(value)) {
    const left = value.filter((_: PlainValue, index) => !indexes.has(index));
    return left.length > 0 ? left : undefined;
  }
  const [first, ...rest] = path;
  if (first === undefined || !isPlainMap(value)) return value;
  const { [first]: inner, ...others } = value;
  const left = inner === undefined ? undefined : withoutItems(inner, rest, indexes);
  if (left !== undefined) return { ...others, [first]: left };
  return Object.keys(others).length > 0 ? others : null;
}
