/** What readers of resources ask of a YAML document, which may be half typed. */
import { unknown, type PlainValue } from '../values/document';
import type { MapEntry, ValueNode } from '../values/tree';
import type { LayerSource, Manifest, Place, Written } from './deployment';

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

/**
 * Values that stand in the resource itself, as layers: none where nothing is written.
 * @param manifest The resource.
 * @param node The map of values, or a text that is read as one.
 * @param name Tells the values from others in the resource.
 */
export function inlineLayers(manifest: Manifest, node: ValueNode | undefined, name: string): LayerSource[] {
  if (!node || (node.kind === 'scalar' && (node.value === null || node.text.trim() === ''))) return [];
  const excerpt = manifest.excerptAt(node, name);
  return [excerpt ? { kind: 'excerpt', excerpt } : { kind: 'open', place: placeOf(manifest, node) }];
}

/**
 * A values file as a layer; an open one where its path is a template or an address.
 * @param file The path as it is written.
 * @param base Where the path begins.
 * @param optional Whether the tool passes over a file that is not there.
 */
export function fileLayer({ text, place }: Written, base: 'file' | 'root', optional: boolean): LayerSource {
  if (isTemplate(text) || text.includes('${') || text.includes('://')) return { kind: 'open', place };
  return { kind: 'file', path: text, base, optional, place };
}

/** The last part of an address: the chart's name, where it is one of an OCI registry. */
export function lastSegment(url: string): string {
  return url.replace(/\/+$/, '').replace(/^.*\//s, '');
}
