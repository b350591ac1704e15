/** What readers of resources ask of a YAML document, which may be half typed. */
import { unknown, type PlainValue } from '../values/document';
import type { MapEntry, ValueNode } from '../values/tree';
import type { Manifest, Place, Written } from './deployment';

/** The value at keys below a node, aliases followed; undefined where there is none, or no map on the way. */
export function nodeAt(
  manifest: Manifest,
  node: ValueNode | undefined,
  ...keys: readonly string[]
): ValueNode | undefined {
  let current = node && manifest.excerpt.document.resolve(node);
  for (const key of keys) {
    const entry = entryIn(current, key);
    current = entry && manifest.excerpt.document.resolve(entry.value);
  }
  return current;
}

/** The value at keys from the root of a document. */
export function rootNode(manifest: Manifest, ...keys: readonly string[]): ValueNode | undefined {
  const found = manifest.excerpt.document.find(keys);
  return found.state === 'set' ? found.value : undefined;
}

/** The last entry of a map with a key. */
export function entryIn(node: ValueNode | undefined, key: string): MapEntry | undefined {
  return node?.kind === 'map' ? node.entries.findLast((entry) => entry.key.text === key) : undefined;
}

/** The items of a list, aliases followed; none where the node is no list. */
export function itemsOf(manifest: Manifest, node: ValueNode | undefined): readonly ValueNode[] {
  if (node?.kind !== 'list') return [];
  return node.items.flatMap((item) => manifest.excerpt.document.resolve(item) ?? []);
}

/** The text of a scalar; undefined for anything else, and for one that is left empty. */
export function textOf(node: ValueNode | undefined): string | undefined {
  return node?.kind === 'scalar' && node.text !== '' && node.value !== null ? node.text : undefined;
}

/** The same with its place. */
export function writtenOf(manifest: Manifest, node: ValueNode | undefined): Written | undefined {
  const text = textOf(node);
  return text === undefined || !node ? undefined : { text, place: placeOf(manifest, node) };
}

/** The place of a node. */
export function placeOf({ excerpt }: Manifest, { range }: Pick<ValueNode, 'range'>): Place {
  return { excerpt, range };
}

/** A node as plain data; undefined where the text leaves it open. */
export function plainOf(manifest: Manifest, node: ValueNode | undefined): PlainValue | undefined {
  const plain = node && manifest.excerpt.document.plain(node);
  return plain === unknown ? undefined : plain;
}

/** Says whether a text has a template in it, so that it is open what it will be. */
export function isTemplate(text: string): boolean {
  return text.includes('{{');
}
