import type { LinePosition } from '../values/chunks';
import { readValues, type ValuesDocument } from '../values/document';
import type { Excerpt, LineEdit } from '../values/excerpt';
import { resolvePlain, type ScalarValue } from '../values/scalar';
import type { TextRange } from '../values/tree';
import type { Parameter, Place } from './deployment';

/** A parameter's value, or a value in the text that is made of parameters, that cannot be known. */
export const openValue = '{{ }}';

/**
 * Values that are given one by one, as one text.
 * @param parameters In the order in which Helm is given them. How names and values are read is from Helm's
 *   pkg/strvals/parser.go, that commas need no backslash from Argo CD's util/helm/cmd.go.
 * @returns An excerpt whose text is made up, one line for each key; a place in it is one in the name or the value of the
 *   parameter that it comes from. What the parameters leave open, such as one item of a list, is `"{{ }}"` in it. The
 *   only edit that it takes is another scalar for one value. Undefined where it is open which values are set at all.
 */
export function parametersExcerpt(parameters: readonly Parameter[]): Excerpt | undefined {
  const root: Tree = new Map();
  for (const parameter of parameters) {
    const { path, isWhole } = pathOf(parameter.name);
    if (path.length === 0) {
      if (parameter.name === '') continue;
      return undefined;
    }
    const value = isWhole ? meaningOf(parameter.value, parameter.isText) : undefined;
    setAt(root, path, { parameter, value });
  }
  const lines: Line[] = [];
  write(root, 0, lines);
  const text = lines.map(({ text: line }) => `${line}\n`).join('');
  return new ParametersExcerpt(readValues(text), lines);
}

type Meaning = ScalarValue | readonly ScalarValue[];

/** What a parameter sets; its value is undefined where it is open. */
interface Leaf {
  readonly parameter: Parameter;
  readonly value: Meaning | undefined;
}

type Tree = Map<string, Tree | Leaf>;

/** The keys that a name leads through, as far as they can be told, and whether they are all. */
function pathOf(name: string): { readonly path: readonly string[]; readonly isWhole: boolean } {
  const path: string[] = [];
  let key = '';
  for (let index = 0; index < name.length; index++) {
    const character = name.charAt(index);
    if (name.startsWith('{{', index) || character === '=' || character === ',')
      return { path, isWhole: false };
    if (character === '\\') key += name.charAt(++index);
    else if (character === '[') return { path: key === '' ? path : [...path, key], isWhole: false };
    else if (character === '.') {
      if (key === '') return { path, isWhole: false };
      path.push(key);
      key = '';
    } else key += character;
  }
  return key === '' ? { path, isWhole: false } : { path: [...path, key], isWhole: true };
}

/** What a value means to Helm; undefined where that is open, and where Helm would not take it. */
function meaningOf(value: string, isText: boolean): Meaning | undefined {
  if (value.includes('{{')) return undefined;
  const isList = value.startsWith('{');
  if (!isList) return typed(unescaped(value), isText);
  if (!value.endsWith('}')) return undefined;
  const items = partsOf(value.slice(1, -1));
  return items?.map((item) => typed(item, isText));
}

/** The items between braces, without their backslashes; undefined where the braces end too early or not at all. */
function partsOf(text: string): readonly string[] | undefined {
  const parts = [''];
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === '}') return undefined;
    if (character === ',') parts.push('');
    else {
      if (character === '\\' && ++index === text.length) return undefined;
      parts.push((parts.pop() ?? '') + text.charAt(index));
    }
  }
  return parts;
}

function unescaped(value: string): string {
  return value.replace(/\\(.?)/gsu, '$1');
}

function typed(text: string, isText: boolean): ScalarValue {
  if (isText) return text;
  const word = text.toLowerCase();
  if (word === 'true' || word === 'false') return word === 'true';
  if (word === 'null') return null;
  return isInteger(text) ? Number(text) : text;
}

/** Helm takes for a whole number what fits into 64 bits; a zero in front makes it a text. */
function isInteger(text: string): boolean {
  if (text === '0') return true;
  if (!/^(?:[1-9]|[-+][0-9])[0-9]*$/.test(text)) return false;
  const value = BigInt(text.replace('+', ''));
  return value >= -(2n ** 63n) && value < 2n ** 63n;
}

/** Sets a value as Helm does: it takes the place of what is there, and on the way to it there may be only maps. */
function setAt(tree: Tree, path: readonly string[], leaf: Leaf): void {
  const [first = '', ...rest] = path;
  const below = tree.get(first);
  if (rest.length === 0) {
    tree.set(first, leaf);
  } else if (below instanceof Map) {
    setAt(below, rest, leaf);
  } else if (below) {
    // Helm gives up where it finds no map, and what cannot be known may be one.
    tree.set(first, { parameter: leaf.parameter, value: undefined });
  } else {
    const inner: Tree = new Map();
    tree.set(first, inner);
    setAt(inner, rest, leaf);
  }
}

/** A line of the text: a key, and a value where it is a leaf. Ranges count in the line. */
interface Line {
  readonly text: string;
  readonly key: TextRange;
  readonly value: TextRange | undefined;
  /** What it comes from; for a key with others below it the first of theirs. */
  readonly leaf: Leaf;
}

/** Writes a tree as lines; returns its first leaf. */
function write(tree: Tree, column: number, lines: Line[]): Leaf | undefined {
  let first: Leaf | undefined;
  for (const [name, below] of tree) {
    const keyText =
      /^[A-Za-z_][\w-]*$/.test(name) && resolvePlain(name) === name ? name : JSON.stringify(name);
    const key = { start: column, end: column + keyText.length };
    const start = `${' '.repeat(column)}${keyText}:`;
    if (below instanceof Map) {
      const inner: Line[] = [];
      const leaf = write(below, column + 2, inner);
      if (!leaf) continue;
      lines.push({ text: start, key, value: undefined, leaf }, ...inner);
      first ??= leaf;
    } else {
      const text = `${start} ${below.value === undefined ? JSON.stringify(openValue) : JSON.stringify(below.value)}`;
      lines.push({ text, key, value: { start: start.length + 1, end: text.length }, leaf: below });
      first ??= below;
    }
  }
  return first;
}

class ParametersExcerpt implements Excerpt {
  readonly document: ValuesDocument;
  private readonly lines: readonly Line[];

  constructor(document: ValuesDocument, lines: readonly Line[]) {
    this.document = document;
    this.lines = lines;
  }

  toFile({ line, character }: LinePosition): LinePosition {
    // The place below the last line is the end of its value.
    const at = this.lines[line];
    const current = at ?? this.lines.at(-1);
    if (!current) return { line: 0, character: 0 };
    const { namePlace, valuePlace } = current.leaf.parameter;
    if (!at) return positionIn(valuePlace, Infinity);
    const { key, value } = current;
    if (value && character >= value.start) {
      return positionIn(valuePlace, character >= value.end ? Infinity : character - value.start);
    }
    return positionIn(namePlace, character >= key.end ? Infinity : character - key.start);
  }

  fromFile(position: LinePosition): LinePosition | undefined {
    for (const [line, { key, value, leaf }] of this.lines.entries()) {
      if (!value) continue;
      const { namePlace, valuePlace } = leaf.parameter;
      const inValue = characterIn(valuePlace, position, value);
      const character = inValue ?? characterIn(namePlace, position, key);
      if (character !== undefined) return { line, character };
    }
    return undefined;
  }

  editToFile({ start, end, newText }: LineEdit): LineEdit | undefined {
    const line = this.lines[start.line];
    if (!line?.value || end.line !== start.line || newText.includes('\n')) return undefined;
    const { value, text, leaf } = line;
    if (start.character < value.start || end.character > value.end || leaf.value === undefined)
      return undefined;
    const written = text.slice(value.start, start.character) + newText + text.slice(end.character, value.end);
    const scalar = scalarIn(written);
    if (scalar === undefined) return undefined;
    const { valuePlace, isText } = leaf.parameter;
    const parameter = parameterFor(scalar, isText);
    const scalarText = parameter === undefined ? undefined : rewritten(valuePlace, parameter);
    if (scalarText === undefined) return undefined;
    const { excerpt, range } = valuePlace;
    return excerpt.editToFile({
      start: excerpt.document.positionAt(range.start),
      end: excerpt.document.positionAt(range.end),
      newText: scalarText,
    });
  }
}

/** The position of a character of a place in the file; its end for one that is beyond it. */
function positionIn({ excerpt, range }: Place, character: number): LinePosition {
  const offset = Math.min(range.end, range.start + Math.max(0, character));
  return excerpt.toFile(excerpt.document.positionAt(offset));
}

/** The character of a range for a position in the file; undefined where the position is not in the place. */
function characterIn(place: Place, position: LinePosition, range: TextRange): number | undefined {
  const inside = place.excerpt.fromFile(position);
  if (!inside) return undefined;
  const offset = place.excerpt.document.offsetAt(inside);
  if (offset < place.range.start || offset > place.range.end) return undefined;
  return offset === place.range.end
    ? range.end
    : Math.min(range.end, range.start + offset - place.range.start);
}

/** The scalar that a text is as the value of a key; undefined where it is anything else. */
function scalarIn(text: string): ScalarValue | undefined {
  const document = readValues(`value: ${text}`);
  const found = document.find(['value']);
  if (found.state !== 'set' || found.value.kind !== 'scalar' || found.value.style === 'block')
    return undefined;
  const { range, value } = found.value;
  // A comment, an anchor or a second key has no place in a parameter.
  return document.slice(range.start, range.end) === text.trim() ? value : undefined;
}

/** The text of a parameter that means a scalar to Helm; undefined where there is none. */
function parameterFor(value: ScalarValue, isText: boolean): string | undefined {
  const text = String(value).replaceAll('\\', '\\\\').replace(/^\{/, '\\{');
  return meaningOf(text, isText) === value ? text : undefined;
}

/** Another text for the scalar at a place, in the quotes it has: Argo CD wants a text, also for `"false"`. */
function rewritten({ excerpt, range }: Place, text: string): string | undefined {
  const { document } = excerpt;
  // With an anchor it is used elsewhere, too.
  if (/&\S+[ \t]*$/.test(document.slice(document.lineStartAt(range.start), range.start))) return undefined;
  const before = document.slice(range.start, range.end);
  if (/^[|>]|\n/.test(before)) return undefined;
  if (before.startsWith("'") && !/\p{Cc}/u.test(text)) return `'${text.replaceAll("'", "''")}'`;
  const isPlain = /^[A-Za-z/][\w./-]*$/.test(text) && resolvePlain(text) === text;
  return isPlain && !before.startsWith('"') && !before.startsWith("'") ? text : JSON.stringify(text);
}
