import type { ScalarValue } from './scalar';

/** A piece of text between two UTF-16 offsets, `end` excluded. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

interface NodeBase {
  /** Where the node stands; without its anchor and tag, and without the comments around it. */
  readonly range: TextRange;
  readonly anchor?: string;
}

/** Text, a number, a boolean or null. */
export interface ScalarNode extends NodeBase {
  readonly kind: 'scalar';
  readonly style: 'plain' | 'single' | 'double' | 'block';
  /** The content, escapes resolved. */
  readonly text: string;
  /** What it means to Helm. */
  readonly value: ScalarValue;
}

/** `*name`: stands for the node that carries the anchor `&name`. */
export interface AliasNode extends NodeBase {
  readonly kind: 'alias';
  readonly name: string;
}

/** A map in block style (one key a line) or in flow style (`{a: 1}`). */
export interface MapNode extends NodeBase {
  readonly kind: 'map';
  readonly flow: boolean;
  /** Column of its keys in a block map; that of the brace in a flow map. */
  readonly column: number;
  readonly entries: readonly MapEntry[];
  /** The lines of it that could not be read; a key that seems absent may be on one of them. */
  readonly unread: readonly UnreadLine[];
}

/** A list in either style. */
export interface ListNode extends NodeBase {
  readonly kind: 'list';
  readonly flow: boolean;
  readonly items: readonly ValueNode[];
}

/** A value that could not be read, such as one that is being typed. */
export interface UnreadableNode extends NodeBase {
  readonly kind: 'unreadable';
}

/** Any value in a values file. */
export type ValueNode = ScalarNode | AliasNode | MapNode | ListNode | UnreadableNode;

/** A key with its value. */
export interface MapEntry {
  readonly key: ScalarNode;
  /** Where its colon stands; absent where a key in a flow map has none. */
  readonly colon?: number;
  /** The value; an empty one is a plain scalar of no length with the value null. */
  readonly value: ValueNode;
}

/** Says whether an entry has nothing written after its colon. */
export function isEmptyValue(node: ValueNode): boolean {
  return node.kind === 'scalar' && node.style === 'plain' && node.range.start === node.range.end;
}

/** Says whether an entry merges another map into its own: `<<: *base`. */
export function isMergeKey(key: ScalarNode): boolean {
  return key.style === 'plain' && key.text === '<<';
}

/** The range from an entry's key to the end of its value. */
export function entryRange(entry: MapEntry): TextRange {
  return {
    start: entry.key.range.start,
    end: Math.max(entry.key.range.end, (entry.colon ?? 0) + 1, entry.value.range.end),
  };
}

/** Says whether an offset lies in a range or directly at its end, as a cursor does. */
export function touches(range: TextRange, offset: number): boolean {
  return range.start <= offset && offset <= range.end;
}

/** Says whether two nodes are written alike and hold the same, wherever they stand. */
export function isSameNode(a: ValueNode, b: ValueNode): boolean {
  if (a.anchor !== b.anchor) return false;
  if (a.kind === 'scalar')
    return b.kind === 'scalar' && a.style === b.style && a.text === b.text && a.value === b.value;
  if (a.kind === 'alias') return b.kind === 'alias' && a.name === b.name;
  if (a.kind === 'unreadable') return b.kind === 'unreadable';
  if (a.kind === 'list')
    return b.kind === 'list' && a.flow === b.flow && pairwise(a.items, b.items, isSameNode);
  return (
    b.kind === 'map' &&
    a.flow === b.flow &&
    pairwise(a.entries, b.entries, isSameEntry) &&
    pairwise(a.unread, b.unread, (one, other) => one.word === other.word && one.isBare === other.isBare)
  );
}

function isSameEntry(a: MapEntry, b: MapEntry): boolean {
  const haveColons = (a.colon === undefined) === (b.colon === undefined);
  return haveColons && isSameNode(a.key, b.key) && isSameNode(a.value, b.value);
}

function pairwise<T>(a: readonly T[], b: readonly T[], isSame: (a: T, b: T) => boolean): boolean {
  return (
    a.length === b.length &&
    a.every((item, index) => {
      const other = b[index];
      return other !== undefined && isSame(item, other);
    })
  );
}

/** A line that could not be read. */
export interface UnreadLine {
  /** The word with which it begins; empty when it begins otherwise. */
  readonly word: string;
  /** Whether the word is all there is, as when a key is being typed. */
  readonly isBare: boolean;
}

/**
 * What is known of a line that could not be read.
 * @returns Nothing for a line without a word, such as a lone quote: it says nothing yet.
 */
export function unreadLine(line: string): UnreadLine[] {
  const [, word = '', rest = ''] = /^\s*(?:-\s+)?["']?([\w.-]*)(.*)/s.exec(line) ?? [];
  return /\w/.test(line) ? [{ word, isBare: word !== '' && rest.trim() === '' }] : [];
}

/**
 * Says whether a key that was not found may stand on one of the lines that could not be read. The beginning of a key
 * that is still being typed does not count: as long as it has no colon, the key is not there.
 */
export function mayHide(unread: readonly UnreadLine[], key: string): boolean {
  return unread.some(({ word, isBare }) => word.startsWith(key) || (!isBare && key.startsWith(word)));
}
