import { readValues, unknown, type PlainValue, type ValuesDocument } from './document';
import {
  applyEdits,
  confirmed,
  contentEnd,
  isPlainMap,
  overlay,
  removalOfKey,
  setValues,
  type TextEdit,
  type WantedValues,
} from './edit';
import { lineEndAt, lineStartAt } from './format';
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
  const removals: TextEdit[] = [];
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
  for (const { list, indexes } of grouped(items)) {
    const key = list[0] ?? '';
    const value = before(key);
    const edits = removalsFrom(document, list, indexes);
    if (!edits || value === unknown || value === undefined) return undefined;
    removals.push(...edits.map((edit) => ({ ...edit, entry: key })));
    expected.set(key, withoutItems(value, list.slice(1), indexes));
  }
  const trimmed = readValues(applyEdits(document.text, removals), document);
  const additions = setValues(trimmed, wanted);
  if (!additions) return undefined;
  for (const [key, value] of Object.entries(wanted)) {
    const base = before(key);
    if (base === unknown) return undefined;
    expected.set(key, overlay(base, value));
  }
  // Helm aborts where a map is left empty.
  if ([...expected.values()].includes(null)) return undefined;
  const edits = composed(removals, additions);
  return edits && confirmed(document, edits, expected);
}

function grouped(items: readonly ItemPath[]): { list: readonly string[]; indexes: ReadonlySet<number> }[] {
  const lists = new Map<string, { list: readonly string[]; indexes: Set<number> }>();
  for (const { list, index } of items) {
    const name = list.join('\n');
    const group = lists.get(name) ?? { list, indexes: new Set<number>() };
    group.indexes.add(index);
    lists.set(name, group);
  }
  return [...lists.values()];
}

function removalsFrom(
  document: ValuesDocument,
  path: readonly string[],
  indexes: ReadonlySet<number>,
): TextEdit[] | undefined {
  const list = document.ownEntry(path)?.value;
  if (list?.kind !== 'list' || list.items.length === 0) return undefined;
  if (indexes.size === list.items.length) {
    const edit = removalOfKey(document, path);
    return edit && [edit];
  }
  const edits = [...indexes].map((index) =>
    list.flow ? flowRemoval(document.text, list, indexes, index) : lineRemoval(document.text, list, index),
  );
  return edits.every((edit) => edit !== undefined) ? edits : undefined;
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

/** Removes an item of a flow list with the comma after it, or before it where no later item stays. */
function flowRemoval(
  text: string,
  list: ListNode,
  removed: ReadonlySet<number>,
  index: number,
): TextEdit | undefined {
  const item = list.items[index];
  const next = list.items[index + 1];
  const previous = list.items[index - 1];
  if (!item) return undefined;
  const stays = list.items.some((_, at) => at > index && !removed.has(at));
  const range =
    next && stays
      ? { start: item.range.start, end: next.range.start }
      : { start: previous?.range.end ?? item.range.start, end: item.range.end };
  const around = text.slice(range.start, item.range.start) + text.slice(item.range.end, range.end);
  return /^[\s,]*$/.test(around) ? { range, newText: '' } : undefined;
}

/**
 * Edits and later ones, whose offsets count in the result of the first, as one list that counts in the original text.
 * @param first Removals.
 * @returns Undefined where a later edit would replace something on both sides of a removal.
 */
function composed(first: readonly TextEdit[], second: readonly TextEdit[]): TextEdit[] | undefined {
  const removals = [...first].sort((a, b) => a.range.start - b.range.start);
  const edits: TextEdit[] = [...removals];
  for (const edit of second) {
    let shift = 0;
    let inside: TextEdit | undefined;
    for (const removal of removals) {
      const at = removal.range.start - shift;
      if (at > edit.range.end || (at === edit.range.end && edit.range.start < at)) break;
      if (at > edit.range.start) return undefined;
      if (at === edit.range.start) inside = removal;
      else shift += removal.range.end - removal.range.start;
    }
    if (!inside) {
      const range = { start: edit.range.start + shift, end: edit.range.end + shift };
      edits.push({ ...edit, range });
      continue;
    }
    // What goes to the place of a removal becomes one edit with it.
    const index = edits.findIndex(({ range }) => range.start === inside.range.start);
    const taken = edits[index];
    if (!taken || edit.range.end > edit.range.start) return undefined;
    edits[index] = { ...taken, newText: taken.newText + edit.newText };
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
