/** Edits that fixes make, each in the layer where the value belongs. */
import { removeKey, replaceValue, setValues, type TextEdit, type WantedValues } from '../values/edit';
import type { Layer } from '../values/layers';
import { createSubject, type Stack, type Subject } from './subject';

/**
 * The smallest edits after which the values are what is wanted: in the layer that decides each of them, and what no
 * layer sets yet in the file that is looked at.
 * @returns Undefined where no edit is certain to do that; see `setValues`.
 */
export function setValuesIn(subject: Subject, wanted: WantedValues): TextEdit[] | undefined {
  const { stack } = subject;
  if (!isLayered(stack)) return setValues(subject.document, wanted);
  const byLayer = new Map<number, Leaf[]>();
  for (const leaf of leavesOf(wanted, [])) {
    const layer = layerOf(subject, stack, leaf[0]);
    byLayer.set(layer, [...(byLayer.get(layer) ?? []), leaf]);
  }
  const edits: TextEdit[] = [];
  for (const [index, leaves] of byLayer) {
    const layer = stack.layers[index];
    const made = layer && !layer.isOpen ? setValues(layer.document, treeOf(leaves)) : undefined;
    if (!layer || !made) return undefined;
    edits.push(...(index === stack.own ? made : made.map((edit) => ({ ...edit, layer }))));
  }
  return edits;
}

/** The edit that writes another value at a path; see {@link setValuesIn}. */
export function setValueIn(
  subject: Subject,
  path: readonly string[],
  value: boolean | number | string,
): TextEdit[] | undefined {
  const { stack } = subject;
  if (!isLayered(stack)) return replaceValue(subject.document, path, value);
  return setValuesIn(subject, treeOf([[path, value]]));
}

/** The edits that remove a key from the file that is looked at; see `removeKey`. */
export function removeKeyIn(subject: Subject, path: readonly string[]): TextEdit[] | undefined {
  return removeKey(subject.document, path);
}

/** The subject as it is after edits, of whatever layers. */
export function subjectAfter(subject: Subject, edits: readonly TextEdit[]): Subject {
  const { document, path, settings, stack } = subject;
  if (!isLayered(stack)) return createSubject(document.edit(edits), path, settings, stack);
  const layers = stack.layers.map((layer, index): Layer => {
    const own = edits.filter((edit) => (edit.layer ? edit.layer === layer : index === stack.own));
    if (own.length === 0) return layer;
    return { ...layer, document: layer.document.edit(own) };
  });
  const after = layers[stack.own]?.document ?? document;
  return createSubject(after, path, settings, { ...stack, layers });
}

function isLayered(stack: Stack | undefined): stack is Stack {
  return stack !== undefined && stack.layers.length > 1;
}

/** The layer in which a value is to be set: the one that decides it, or else the file that is looked at. */
function layerOf(subject: Subject, stack: Stack, path: readonly string[]): number {
  // What deletes a map above the value stands in the way of it in any lower layer.
  for (let length = path.length; length > 0; length--) {
    const origin = subject.origin(...path.slice(0, length));
    if (origin?.layer && (length === path.length || origin.entry.value.kind !== 'map'))
      return Math.max(stack.layers.indexOf(origin.layer), 0);
    if (origin) return stack.own;
  }
  return stack.own;
}

/** A value and the keys that lead to it. */
type Leaf = readonly [readonly string[], boolean | number | string];

function leavesOf(wanted: WantedValues, above: readonly string[]): Leaf[] {
  return Object.entries(wanted).flatMap(([key, value]): Leaf[] =>
    typeof value === 'object' ? leavesOf(value, [...above, key]) : [[[...above, key], value]],
  );
}

interface Tree {
  [key: string]: Tree | boolean | number | string;
}

function treeOf(leaves: readonly Leaf[]): WantedValues {
  const root: Tree = {};
  for (const [path, value] of leaves) {
    let map = root;
    for (const key of path.slice(0, -1)) {
      const inner = map[key];
      const next: Tree = typeof inner === 'object' ? inner : {};
      map[key] = next;
      map = next;
    }
    map[path.at(-1) ?? ''] = value;
  }
  return root;
}
