import { lineStartAt } from './lines';
import {
  isEmptyValue,
  unreadLine,
  type ListNode,
  type MapEntry,
  type MapNode,
  type TextRange,
  type UnreadLine,
  type ValueNode,
} from './tree';

/** A place that could not be read and was passed over. */
export interface Damage {
  readonly offset: number;
  /** Indentation of the line passed over. */
  readonly column: number;
  /** What is known of it. */
  readonly unread: readonly UnreadLine[];
  /** Whether its indentation says where it belongs: there is no tab in it, and nothing of it stands further left. */
  readonly isAligned: boolean;
  /** What is behind the dash on the line passed over, if it is one item of a list with all that is below it. */
  readonly item: TextRange | undefined;
}

/**
 * Passes over lines that cannot be read, and the deeper ones below them, as if they were blank.
 * @param text The text.
 * @param lines Where they are.
 * @returns The text without them, and what is to remember of them; undefined if they are blank already.
 */
export function passOver(
  text: string,
  lines: TextRange,
): { readonly readable: string; readonly damage: Damage } | undefined {
  const passed = withDeeperLines(text, lines);
  const readable = blank(text, passed);
  if (readable === text) return undefined;
  const offset = lineStartAt(text, lines.start);
  const column = indentAt(text, offset);
  const line = text.slice(offset, lineBreakAt(text, offset));
  const least = leastIndent(text, { start: offset + line.length + 1, end: passed.end });
  const isAligned = !line.slice(0, column).includes('\t') && least >= column;
  const item = isAligned && least > column ? itemOn(line, offset) : undefined;
  return { readable, damage: { offset, column, unread: unreadLine(line), isAligned, item } };
}

/** How far the leftmost of some lines is indented. */
function leastIndent(text: string, { start, end }: TextRange): number {
  let least = Infinity;
  for (let at = start; at < end; at = lineBreakAt(text, at) + 1) {
    if (!isBlankLine(text, at)) least = Math.min(least, indentAt(text, at));
  }
  return least;
}

/** Where the item stands that begins on a line with a dash. */
function itemOn(line: string, offset: number): TextRange | undefined {
  const dash = /^ *-(?: +|(?=\r?$))/.exec(line)?.[0];
  return dash === undefined
    ? undefined
    : { start: offset + dash.length, end: offset + Math.max(dash.length, line.trimEnd().length) };
}

function isBlankLine(text: string, start: number): boolean {
  return text.slice(start, lineBreakAt(text, start)).trim() === '';
}

/** Extends lines by those below that are indented deeper than the first of them. */
export function withDeeperLines(text: string, lines: TextRange): TextRange {
  const start = lineStartAt(text, lines.start);
  const column = indentAt(text, start);
  let end = lineBreakAt(text, lines.end);
  while (end < text.length) {
    const next = end + 1;
    const nextEnd = lineBreakAt(text, next);
    if (!isBlankLine(text, next) && indentAt(text, next) <= column) break;
    end = nextEnd;
  }
  return { start, end };
}

function blank(text: string, { start, end }: TextRange): string {
  return text.slice(0, start) + text.slice(start, end).replace(/[^\r\n]/g, ' ') + text.slice(end);
}

/** Where the line with an offset breaks, or the end of the text. */
function lineBreakAt(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end;
}

/** How far the line with an offset is indented. */
export function indentAt(text: string, offset: number): number {
  const start = lineStartAt(text, offset);
  return /^[ \t]*/.exec(text.slice(start, lineBreakAt(text, start)))?.[0].length ?? 0;
}

/** The damage in a piece of text. */
export function damageIn(damage: readonly Damage[], { start, end }: TextRange): readonly Damage[] {
  return damage.filter(({ offset }) => offset >= start && offset < end);
}

/** The damage around a map, while it is found out of which entry's value it is part. */
export class UncertainDamage {
  private spots: readonly Damage[];
  private readonly column: number;

  /**
   * @param damage All damage.
   * @param region The text in which the map stands.
   * @param column The column of its keys.
   */
  constructor(damage: readonly Damage[], region: TextRange, column: number) {
    this.spots = damageIn(damage, region);
    this.column = column;
  }

  /**
   * Takes out what is part of an entry's value.
   * @param start Where the entry begins.
   * @param end Where the next one begins.
   * @returns Whether there was any.
   */
  takeInside(start: number, end: number): boolean {
    const left = this.spots.filter(
      ({ offset, column }) => offset <= start || offset >= end || column <= this.column,
    );
    const isDamaged = left.length < this.spots.length;
    this.spots = left;
    return isDamaged;
  }

  /** What is known of the rest, which is part of the map itself. */
  get unread(): UnreadLine[] {
    return this.spots.flatMap(({ unread }) => unread);
  }
}

/** An item of a list, as far as it takes to find out which damage is part of it. */
interface ListItem<Source> {
  readonly source: Source;
  /** Where its value begins. */
  readonly start: number;
}

/**
 * Reads a list with damage in or around it, if indentation says of all the damage which item it is part of.
 * @param text The text that is left.
 * @param list The range of a list in block style, from its first dash.
 * @param items Its items.
 * @param damage The damage.
 * @param read Reads an item, given the text that is its own and the damage in it; what it makes of an item with
 *   damage has to be a collection in block style, as only that has a place for damage.
 * @returns The range and the items of the list, with those that were passed over; undefined where only the list as
 *   a whole is known to be damaged.
 */
export function readDamagedList<Source>(
  text: string,
  list: TextRange,
  items: readonly ListItem<Source>[],
  damage: readonly Damage[],
  read: (source: Source, region: TextRange, damage: readonly Damage[]) => ValueNode,
): { readonly range: TextRange; readonly items: readonly ValueNode[] } | undefined {
  const firstLine = lineStartAt(text, list.start);
  const column = list.start - firstLine;
  if (!/^[ -]*-$/.test(text.slice(firstLine, list.start + 1))) return undefined;

  const places: { readonly at: number; readonly item?: ListItem<Source>; readonly lost?: TextRange }[] = [];
  for (const item of items) {
    const at = dashLineOf(text, item.start, firstLine, column);
    if (at === undefined) return undefined;
    places.push({ at, item });
  }
  const inside: Damage[] = [];
  for (const spot of damage) {
    if (!spot.isAligned) return undefined;
    if (spot.column > column) inside.push(spot);
    else if (spot.column === column && spot.item) places.push({ at: spot.offset, lost: spot.item });
    else return undefined;
  }
  places.sort((a, b) => a.at - b.at);
  const first = places[0]?.at ?? 0;
  if (inside.some(({ offset }) => offset < first)) return undefined;

  const values: ValueNode[] = [];
  let { start, end } = list;
  for (const [index, { at, item, lost }] of places.entries()) {
    if (lost) {
      // The blanks in its place would be part of a block scalar above.
      const above = values.at(-1);
      const last = above && lastIn(above);
      if (last?.kind === 'scalar' && last.style === 'block') return undefined;
      values.push({ kind: 'unreadable', range: lost });
      start = Math.min(start, at + column);
      end = Math.max(end, lost.end);
    }
    if (!item) continue;
    const region = { start: at, end: places[index + 1]?.at ?? text.length };
    const spots = damageIn(inside, region).map(countingWordless);
    const value = read(item.source, region, spots);
    if (spots.length > 0 && (value.kind === 'map' || value.kind === 'list' ? value.flow : true))
      return undefined;
    values.push(value);
  }
  return { range: { start, end }, items: values };
}

/** What a list holds is not known while any line in it cannot be read, even if no key can stand on that line. */
function countingWordless(damage: Damage): Damage {
  return damage.unread.length > 0 ? damage : { ...damage, unread: [{ word: '', isBare: true }] };
}

/**
 * Where the line with an item's dash begins; undefined where that is hard to tell.
 * @param start Where the item's value begins.
 * @param firstLine Where the line with the first dash of the list begins.
 * @param column The column of the dashes.
 */
function dashLineOf(text: string, start: number, firstLine: number, column: number): number | undefined {
  for (let line = lineStartAt(text, start); line >= firstLine; line = lineStartAt(text, line - 1)) {
    const before = text.slice(line, Math.min(start, lineBreakAt(text, line)));
    if (before.charAt(column) === '-') return /^[ -]*$/.test(before.slice(0, column)) ? line : undefined;
    if (!/^\s*(?:#|$)/.test(before) || line === 0) return undefined;
  }
  return undefined;
}

/**
 * Marks what damage makes uncertain in a tree.
 * @param root What was read of the text that is left.
 * @param damage What was passed over.
 * @param text The text that is left.
 * @returns The tree with the marks; undefined where the full reader is needed to tell where a value ends.
 */
export function markDamage(root: ValueNode, damage: readonly Damage[], text: string): ValueNode | undefined {
  const marker = new Marker(damage, text);
  const marked = marker.mark(root, { start: 0, end: text.length });
  return marker.isCertain ? marked : undefined;
}

class Marker {
  isCertain = true;
  private readonly damage: readonly Damage[];
  private readonly text: string;

  constructor(damage: readonly Damage[], text: string) {
    this.damage = damage;
    this.text = text;
  }

  mark(node: ValueNode, region: TextRange): ValueNode {
    if (damageIn(this.damage, region).length === 0) return node;
    if (node.kind === 'list') return this.markList(node, region) ?? { kind: 'unreadable', range: node.range };
    return node.kind === 'map' ? this.markMap(node, region) : node;
  }

  private markList(node: ListNode, region: TextRange): ListNode | undefined {
    if (node.flow) return undefined;
    const { text } = this;
    const items = node.items.map((source) => ({ source, start: source.range.start }));
    const spots = damageIn(this.damage, region);
    let isCertain = true;
    const marked = readDamagedList(text, node.range, items, spots, (item, place, damage) => {
      const marker = new Marker(damage, text);
      const value = marker.mark(item, place);
      isCertain &&= marker.isCertain;
      return value;
    });
    if (!marked) return undefined;
    this.isCertain &&= isCertain;
    return { ...node, ...marked };
  }

  private markMap(node: MapNode, region: TextRange): MapNode {
    const uncertain = new UncertainDamage(this.damage, region, node.column);
    const entries = node.entries.map((entry, index): MapEntry => {
      const { key, colon = key.range.end - 1, value } = entry;
      const end = node.entries[index + 1]?.key.range.start ?? region.end;
      const isDamaged = uncertain.takeInside(key.range.start, end);
      return { ...entry, value: this.markValue(value, { start: colon + 1, end }, isDamaged) };
    });
    return { ...node, entries, unread: uncertain.unread };
  }

  private markValue(node: ValueNode, region: TextRange, isDamaged: boolean): ValueNode {
    if (!isDamaged || (node.kind === 'map' && !node.flow)) return this.mark(node, region);
    const list = node.kind === 'list' ? this.markList(node, region) : undefined;
    if (list) return list;
    const { start } = node.range;
    return {
      kind: 'unreadable',
      range: isEmptyValue(node) ? this.emptyRange(start) : { start, end: this.fullEnd(node) },
    };
  }

  /** The range of an empty value as the full reader has it: behind the blanks after the colon or dash. */
  private emptyRange(colonEnd: number): TextRange {
    const at =
      colonEnd + (/^ */.exec(this.text.slice(colonEnd, lineBreakAt(this.text, colonEnd)))?.[0].length ?? 0);
    return { start: at, end: at };
  }

  /** Where a value ends for the full reader, which has white space after some. */
  private fullEnd(node: ValueNode): number {
    const { text } = this;
    const { end } = node.range;
    if (node.kind === 'scalar' && node.style === 'block') this.isCertain = false;
    if (node.kind !== 'list' || node.flow) return end;
    const last = lastIn(node);
    const lineEnd = lineBreakAt(text, end);
    if (last.kind === 'scalar' && last.style === 'block') this.isCertain = false;
    if (isEmptyValue(last)) {
      const at = this.emptyRange(last.range.end).end;
      const isOfKey = text.charAt(last.range.start - 1) === ':';
      if (!isOfKey || end > at || text.charAt(at) === '#') this.isCertain = false;
      return at;
    }
    if (lineBreakAt(text, last.range.end) < end) this.isCertain = false;
    return Math.min(lineEnd + 1, text.length);
  }
}

/** The value with which a value in block style ends. */
function lastIn(node: ValueNode): ValueNode {
  if (node.kind === 'list' && !node.flow) {
    const last = node.items.at(-1);
    return last ? lastIn(last) : node;
  }
  const last = node.kind === 'map' && !node.flow ? node.entries.at(-1)?.value : undefined;
  return last ? lastIn(last) : node;
}
