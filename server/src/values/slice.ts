import { marks, type Chunk } from './chunks';
import { parseSlice } from './parse';
import { placed } from './placed';
import { isSameNode, type TextRange, type ValueNode } from './tree';

/** Longest entry that is read, in UTF-16 units; what is longer counts as unreadable. */
const longestEntry = 400_000;

/** What is known of a slice's text, wherever it stands and in whichever version of the file. */
class Reading {
  readonly chunks: readonly Chunk[];
  readonly text: string;
  private oneLine: boolean | undefined;
  private read: { readonly root: ValueNode | undefined } | undefined;
  /** The root with offsets of the file, for the place where the slice was last. */
  private placed: { readonly start: number; readonly root: ValueNode | undefined } | undefined;

  constructor(chunks: readonly Chunk[]) {
    this.chunks = chunks;
    const text = chunks.length === 1 ? (chunks[0]?.text ?? '') : chunks.map((chunk) => chunk.text).join('');
    this.text = chunks[0]?.phase === 'top' && text.startsWith('\uFEFF') ? text.slice(1) : text;
  }

  get isOneLine(): boolean {
    this.oneLine ??= !/^[ \t]*[^ \t\r\n#].*\n(?:[ \t]*(?:#.*)?\r?\n)*[ \t]*[^ \t\r\n#]/m.test(this.text);
    return this.oneLine;
  }

  /** The root with offsets that count from the slice's start; undefined where it cannot be read. */
  get root(): ValueNode | undefined {
    this.read ??= { root: this.text.length > longestEntry ? undefined : parseSlice(this.text) };
    return this.read.root;
  }

  /** The root with offsets of the file, in which the slice begins at a place. */
  rootFrom(start: number): ValueNode | undefined {
    if (this.placed?.start !== start) this.placed = { start, root: this.root && placed(this.root, start) };
    return this.placed.root;
  }
}

/** What was read of slices, by their first chunks: what did not change is not read again in the next version. */
const readings = new WeakMap<Chunk, Reading>();

function readingOf(chunks: readonly Chunk[]): Reading {
  const [first] = chunks;
  const known = first && readings.get(first);
  if (known && isRunOf(known.chunks, chunks)) return known;
  const reading = new Reading(chunks);
  if (first) readings.set(first, reading);
  return reading;
}

function isRunOf(chunks: readonly Chunk[], others: readonly Chunk[]): boolean {
  return chunks.length === others.length && chunks.every((chunk, index) => chunk === others[index]);
}

/** A top-level entry of a values file: one key with everything below it, up to the next key. */
export class Slice implements TextRange {
  /** The key's text without quotes; undefined for lines that belong to no key. */
  readonly key: string | undefined;
  readonly start: number;
  readonly end: number;
  readonly chunks: readonly Chunk[];
  private reading: Reading | undefined;
  private read: { readonly root: ValueNode | undefined } | undefined;
  private nodes: ReadonlyMap<string, readonly ValueNode[]> | undefined;

  constructor(key: string | undefined, { start, end }: TextRange, chunks: readonly Chunk[]) {
    this.key = key;
    this.start = start;
    this.end = end;
    this.chunks = chunks;
  }

  private get known(): Reading {
    return (this.reading ??= readingOf(this.chunks));
  }

  get text(): string {
    return this.known.text;
  }

  get isOneLine(): boolean {
    return this.known.isOneLine;
  }

  /** Says whether another slice is the same piece of text; no if it only reads the same. */
  sharesText(other: Slice): boolean {
    return isRunOf(this.chunks, other.chunks);
  }

  get mayHaveAlias(): boolean {
    return this.chunks.some((chunk) => (chunk.marks & marks.alias) !== 0);
  }

  /** Its root, offsets counted from the start of the file; undefined where it cannot be read. */
  get root(): ValueNode | undefined {
    return (this.read ??= { root: this.known.rootFrom(this.start) }).root;
  }

  /** Its nodes that carry anchors, in order, by name. */
  get anchors(): ReadonlyMap<string, readonly ValueNode[]> {
    return (this.nodes ??= nodesByAnchor(this.root));
  }

  /** Says whether another slice holds the same, whatever its comments; no if one cannot be read. */
  isSame(other: Slice): boolean {
    if (this.text === other.text) return true;
    const [root, otherRoot] = [this.known.root, other.known.root];
    return root !== undefined && otherRoot !== undefined && isSameNode(root, otherRoot);
  }
}

function nodesByAnchor(root: ValueNode | undefined): ReadonlyMap<string, readonly ValueNode[]> {
  const result = new Map<string, ValueNode[]>();
  if (root)
    visit(root, (node) => {
      if (node.anchor === undefined) return;
      const found = result.get(node.anchor);
      if (found) found.push(node);
      else result.set(node.anchor, [node]);
    });
  return result;
}

function visit(node: ValueNode, see: (node: ValueNode) => void): void {
  see(node);
  if (node.kind === 'map') for (const { value } of node.entries) visit(value, see);
  if (node.kind === 'list') for (const item of node.items) visit(item, see);
}
