import type { ValuesDocument } from './document';
import { entryRange, type MapEntry, type TextRange, type ValueNode } from './tree';

/**
 * Says whether a `#` begins a comment: not one in a quoted text, in the lines of a block scalar, or further on in a
 * comment. Text that cannot be read is taken at its face.
 * @param document The file.
 * @param hash Where the `#` stands; what is before it on its line is blank, or ends in a blank.
 */
export function beginsComment(document: ValuesDocument, hash: number): boolean {
  if (isInScalar(document, hash)) return false;
  const lineStart = document.lineStartAt(hash);
  const before = document.slice(lineStart, hash);
  for (const { index } of before.matchAll(/(?<=^|\s)#/g)) {
    if (!isInScalar(document, lineStart + index)) return false;
  }
  return true;
}

function isInScalar(document: ValuesDocument, offset: number): boolean {
  let node: ValueNode | undefined = document.rootAt(offset);
  while (node) {
    if (node.kind === 'map') {
      const entry: MapEntry | undefined = lastBefore(node.entries, offset, ({ key }) => key.range.start);
      if (!entry || offset >= entryRange(entry).end) return false;
      node = offset < entry.key.range.end ? entry.key : entry.value;
    } else if (node.kind === 'list') {
      node = lastBefore(node.items, offset, ({ range }) => range.start);
    } else {
      return node.kind === 'scalar' && isInside(document, node, offset);
    }
  }
  return false;
}

/** The indicator that begins a block scalar can have a comment after it. */
function isInside(
  document: ValuesDocument,
  { style, range }: { style: string; range: TextRange },
  offset: number,
) {
  const isWithin = range.start <= offset && offset < range.end;
  return isWithin && !(style === 'block' && document.lineStartAt(offset) <= range.start);
}

/** The last of some things in the order of the text that begins at an offset or before it. */
function lastBefore<T>(things: readonly T[], offset: number, startOf: (thing: T) => number): T | undefined {
  let [low, high] = [0, things.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const thing = things[middle];
    if (thing !== undefined && startOf(thing) <= offset) low = middle + 1;
    else high = middle;
  }
  return things[low - 1];
}
