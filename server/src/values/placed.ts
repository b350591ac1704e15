import {
  isMergeKey,
  type ListNode,
  type MapEntry,
  type MapNode,
  type ScalarNode,
  type TextRange,
  type UnreadLine,
  type ValueNode,
} from './tree';

/**
 * A tree with its offsets moved. What is below a map or list is moved when somebody looks at it: an edit moves all that
 * follows it in the file, and most of that is not looked at again.
 * @param node The tree; it stays as it is.
 * @param by How far, in UTF-16 units.
 */
export function placed<Node extends ValueNode>(node: Node, by: number): Node;
export function placed(node: ValueNode, by: number): ValueNode {
  if (by === 0) return node;
  if (node.kind === 'map') return new PlacedMap(node, by);
  if (node.kind === 'list') return new PlacedList(node, by);
  return placedLeaf(node, by);
}

function placedLeaf<Leaf extends Exclude<ValueNode, MapNode | ListNode>>(leaf: Leaf, by: number): Leaf {
  return { ...leaf, range: movedRange(leaf.range, by) };
}

function movedRange({ start, end }: TextRange, by: number): TextRange {
  return { start: start + by, end: end + by };
}

/** The entries of a map that have a key or merge other maps into it, in order; costs less than to ask for all of them. */
export function entriesNamed(map: MapNode, key: string): readonly MapEntry[] {
  return map instanceof PlacedMap ? map.named(key) : map.entries.filter((entry) => isNamed(entry, key));
}

function isNamed({ key }: MapEntry, name: string): boolean {
  return key.text === name || isMergeKey(key);
}

const none: readonly MapEntry[] = [];

/** The node as it was read, which is the same in every version of the file in which it stands. */
export function unplaced(node: MapNode): MapNode;
export function unplaced(node: MapNode | ListNode): MapNode | ListNode;
export function unplaced(node: MapNode | ListNode): MapNode | ListNode {
  return node instanceof PlacedMap || node instanceof PlacedList ? node.source : node;
}

/** The keys that stand in a map more than once. */
export function repeatedKeys(map: MapNode): ReadonlySet<string> {
  const source = unplaced(map);
  let repeated = repetitions.get(source);
  if (!repeated) {
    const seen = new Set<string>();
    const again = source.entries.filter(
      ({ key }) => !isMergeKey(key) && seen.size === seen.add(key.text).size,
    );
    repeated = new Set(again.map(({ key }) => key.text));
    repetitions.set(source, repeated);
  }
  return repeated;
}

/** The trees that are moved stay the same from one version of the file to the next. */
const repetitions = new WeakMap<MapNode, ReadonlySet<string>>();

class PlacedMap implements MapNode {
  readonly kind = 'map';
  readonly range: TextRange;
  readonly flow: boolean;
  readonly column: number;
  readonly unread: readonly UnreadLine[];
  declare readonly anchor?: string;
  readonly source: MapNode;
  private readonly by: number;
  /** The entries that were looked at, in their places. */
  private readonly moved: (MapEntry | undefined)[] = [];

  constructor(source: MapNode, by: number) {
    this.range = movedRange(source.range, by);
    this.flow = source.flow;
    this.column = source.column;
    this.unread = source.unread;
    if (source.anchor !== undefined) this.anchor = source.anchor;
    this.source = source;
    this.by = by;
  }

  get entries(): readonly MapEntry[] {
    return this.source.entries.map((entry, index) => this.entryAt(index, entry));
  }

  named(key: string): readonly MapEntry[] {
    let found: MapEntry[] | undefined;
    let index = 0;
    for (const entry of this.source.entries) {
      // An array that is made with its one item takes a quarter of the memory of one that grows.
      if (isNamed(entry, key)) {
        if (found) found.push(this.entryAt(index, entry));
        else found = [this.entryAt(index, entry)];
      }
      index++;
    }
    return found ?? none;
  }

  private entryAt(index: number, source: MapEntry): MapEntry {
    return (this.moved[index] ??= new PlacedEntry(source, this.by));
  }
}

class PlacedEntry implements MapEntry {
  readonly key: ScalarNode;
  declare readonly colon?: number;
  private readonly source: ValueNode;
  private readonly by: number;
  private moved: ValueNode | undefined;

  constructor({ key, colon, value }: MapEntry, by: number) {
    this.key = placedLeaf(key, by);
    if (colon !== undefined) this.colon = colon + by;
    this.source = value;
    this.by = by;
  }

  get value(): ValueNode {
    return (this.moved ??= placed(this.source, this.by));
  }
}

class PlacedList implements ListNode {
  readonly kind = 'list';
  readonly range: TextRange;
  readonly flow: boolean;
  declare readonly anchor?: string;
  readonly source: ListNode;
  private readonly by: number;
  private moved: readonly ValueNode[] | undefined;

  constructor(source: ListNode, by: number) {
    this.range = movedRange(source.range, by);
    this.flow = source.flow;
    if (source.anchor !== undefined) this.anchor = source.anchor;
    this.source = source;
    this.by = by;
  }

  get items(): readonly ValueNode[] {
    return (this.moved ??= this.source.items.map((item) => placed(item, this.by)));
  }
}
