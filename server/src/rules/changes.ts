/** Edits that fixes make, each in the layer where the value belongs. */
import * as l10n from '@vscode/l10n';
import { removeKey, replaceValue, setValues, type TextEdit, type WantedValues } from '../values/edit';
import { findInLayers, plainInLayers, type Layer } from '../values/layers';
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
  const all = leavesOf(wanted, []);
  for (const leaf of all) {
    const layer = decisiveLayer(subject, stack, leaf[0]);
    byLayer.set(layer, [...(byLayer.get(layer) ?? []), leaf]);
  }
  const edits: TextEdit[] = [];
  for (const [index, leaves] of byLayer) {
    const layer = stack.layers[index];
    const made = layer && !layer.isOpen ? setValues(layer.document, treeOf(leaves)) : undefined;
    if (!layer || !made) return undefined;
    edits.push(...(index === stack.own ? made : made.map((edit) => ({ ...edit, layer }))));
  }
  return areSet(layersAfter(stack, edits), all) ? edits : undefined;
}

/** Says whether layers have values, wherever: what deletes a map in one of them may hide what another one sets. */
function areSet(layers: readonly Layer[], leaves: readonly Leaf[]): boolean {
  return leaves.every(([path, value]) => {
    const found = plainInLayers(layers, path);
    return typeof found === 'object' && found.value === value;
  });
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

/** Edits of the file that is looked at, unless another layer keeps values from being what is wanted after them. */
export function withoutOverride(
  { stack }: Subject,
  edits: readonly TextEdit[] | undefined,
  wanted: WantedValues,
): TextEdit[] | undefined {
  if (!edits || (isLayered(stack) && !areSet(layersAfter(stack, edits), leavesOf(wanted, []))))
    return undefined;
  return [...edits];
}

/**
 * The edits that remove a key from the file that is looked at; see `removeKey`. What lower layers have there is what
 * counts then; see {@link restAt}.
 */
export function removeKeyIn(subject: Subject, path: readonly string[]): TextEdit[] | undefined {
  return removeKey(subject.document, path);
}

/** Says whether a lower layer decides a value once the file that is looked at does not set it. */
export function isSetBelow({ stack }: Subject, path: readonly string[]): boolean {
  return stack !== undefined && findInLayers(stack.layers.slice(0, stack.own), path).state !== 'absent';
}

/**
 * What decides a value once the file that is looked at does not set it, as a sentence names it: "the layer below", "the
 * chart's default".
 */
export function restAt(subject: Subject, path: readonly string[]): string {
  return isSetBelow(subject, path) ? l10n.t('the layer below') : l10n.t("the chart's default");
}

/** The subject as it is after edits, of whatever layers. */
export function subjectAfter(subject: Subject, edits: readonly TextEdit[]): Subject {
  const { document, path, settings, stack } = subject;
  if (!stack) return createSubject(document.edit(edits), path, settings, stack);
  return layerOf(subject, { ...stack, layers: layersAfter(stack, edits) }, stack.own);
}

/** A layer of the stack that a subject is in, as the rules judge it. */
function layerOf({ document, path, settings }: Subject, stack: Stack, own: number): Subject {
  return createSubject(stack.layers[own]?.document ?? document, path, settings, { ...stack, own });
}

function layersAfter({ layers, own }: Stack, edits: readonly TextEdit[]): Layer[] {
  const byDocument = new Map<Layer['document'], TextEdit[]>();
  for (const edit of edits) {
    const { document } = edit.layer ?? layers[own] ?? {};
    if (document) byDocument.set(document, [...(byDocument.get(document) ?? []), edit]);
  }
  // A file may be several of the layers.
  return layers.map((layer) => {
    const here = byDocument.get(layer.document);
    return here ? { ...layer, document: layer.document.edit(here) } : layer;
  });
}

/**
 * Says whether less is found after edits. What a file says by itself is for each rule to be sure of; of several layers,
 * another one may say the same once more.
 * @param check What finds it in one layer.
 */
export function mends(
  subject: Subject,
  check: (subject: Subject) => readonly unknown[],
  edits: readonly TextEdit[],
): boolean {
  const { stack } = subject;
  if (!isLayered(stack)) return true;
  const countIn = (layered: Stack): number =>
    layered.layers.reduce(
      (count, { isOpen }, own) => count + (isOpen ? 0 : check(layerOf(subject, layered, own)).length),
      0,
    );
  return countIn({ ...stack, layers: layersAfter(stack, edits) }) < countIn(stack);
}

/** Says whether a file is one of several layers. */
export function isLayered(stack: Stack | undefined): stack is Stack {
  return stack !== undefined && stack.layers.length > 1;
}

/** The layer in which a value is to be set: the one that decides it, or else the file that is looked at. */
function decisiveLayer(subject: Subject, stack: Stack, path: readonly string[]): number {
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
