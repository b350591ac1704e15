import { lineStartAt } from './format';
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
function withDeeperLines(text: string, lines: TextRange): TextRange {
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
 * @param text The text.
 */
export function markDamage(root: ValueNode, damage: readonly Damage[], text: string): ValueNode {
  return new Marker(damage, text).mark(root, { start: 0, end: text.length });
}

class Marker {
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
    return { kind: 'unreadable', range: this.fullRange(node) };
  }

  /** The range of a value as the full reader has it before white space around it is taken off. */
  private fullRange(node: ValueNode): TextRange {
    const { start, end } = node.range;
    if (isEmptyValue(node)) {
      const at = start + (/^ */.exec(this.text.slice(start, lineBreakAt(this.text, start)))?.[0].length ?? 0);
      return { start: at, end: at };
    }
    if (node.kind !== 'list' || node.flow) return node.range;
    return { start, end: Math.min(lineBreakAt(this.text, end) + 1, this.text.length) };
  }
}
