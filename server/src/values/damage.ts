import { lineStartAt } from './lines';
import {
  isEmptyValue,
  unreadLine,
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
  const readable = blank(text, withDeeperLines(text, lines));
  if (readable === text) return undefined;
  const offset = lineStartAt(text, lines.start);
  const unread = unreadLine(text.slice(offset, lineBreakAt(text, offset)));
  return { readable, damage: { offset, column: indentAt(text, offset), unread } };
}

/** Extends lines by those below that are indented deeper than the first of them. */
export function withDeeperLines(text: string, lines: TextRange): TextRange {
  const start = lineStartAt(text, lines.start);
  const column = indentAt(text, start);
  let end = lineBreakAt(text, lines.end);
  while (end < text.length) {
    const next = end + 1;
    const nextEnd = lineBreakAt(text, next);
    const blankLine = text.slice(next, nextEnd).trim() === '';
    if (!blankLine && indentAt(text, next) <= column) break;
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
    if (node.kind === 'list') return { kind: 'unreadable', range: node.range };
    return node.kind === 'map' ? this.markMap(node, region) : node;
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
