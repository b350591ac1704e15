import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  type Document,
  type Node,
  type YAMLError,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import {
  damageIn,
  indentAt,
  markDamage,
  passOver,
  readDamagedList,
  UncertainDamage,
  type Damage,
} from './damage';
import { lineStartAt } from './lines';
import { nestsTooDeep } from './nesting';
import { resolvePlain, resolveQuoted } from './scalar';
import { notSimple, trySimple } from './simpleYaml';
import {
  isEmptyValue,
  type ListNode,
  type MapEntry,
  type MapNode,
  type ScalarNode,
  type TextRange,
  type UnreadLine,
  type ValueNode,
} from './tree';

/** How many unreadable places are worked around in one slice before the slice is given up. */
const maximumRepairs = 12;

/** How many characters are read again in all because of unreadable places. */
const repairBudget = 600_000;

/** So many errors are not worked around one by one, unless working around the first few takes others away. */
const hopelesslyMany = 1000;

/** How often that is tried. */
const hopefulAttempts = 3;

/**
 * Reads a piece of YAML into a tree, tolerating what is half typed: a line that cannot be read, with the deeper
 * lines under it, is passed over as if it were blank, and the map that it would belong to is marked as damaged.
 * @param text The piece; columns count from its line starts.
 * @returns The root value with offsets counted from the start of the piece; undefined where there is none or
 *   where nothing in it can be read with certainty.
 */
export function parseSlice(text: string): ValueNode | undefined {
  const read = parseQuickly(text);
  return read === notSimple ? parseWithLibrary(text) : read;
}

/**
 * Reads as {@link parseSlice} does what is simple but for lines that are half typed in one of the usual ways.
 * @param text The piece; columns count from its line starts.
 * @returns The root value; {@link notSimple} where only {@link parseWithLibrary} can tell.
 */
export function parseQuickly(text: string): ValueNode | undefined | typeof notSimple {
  const damage: Damage[] = [];
  let readable = text;
  for (let attempt = 0; attempt <= attemptsFor(text); attempt++) {
    const read = trySimple(readable);
    if (read === notSimple) return notSimple;
    if ('root' in read) {
      if (!read.root || damage.length === 0) return read.root;
      return markDamage(read.root, damage, readable) ?? notSimple;
    }
    if (read.isFirst && damage.length > 0) return notSimple;
    if (attempt === hopefulAttempts && mayHaveManyErrors(readable)) return notSimple;
    const passed = passOver(readable, read.blamed);
    if (!passed) return undefined;
    damage.push(passed.damage);
    readable = passed.readable;
  }
  return undefined;
}

/** Says whether a text is so long that there may be hopelessly many errors in it: a line can have three. */
function mayHaveManyErrors(text: string): boolean {
  const lines = text.match(/^ *[^\s#]/gm)?.length ?? 0;
  return 3 * lines > 0.9 * hopelesslyMany;
}

/** How often a text is read again because of unreadable places. */
function attemptsFor(text: string): number {
  return Math.min(maximumRepairs, Math.floor(repairBudget / text.length));
}

/**
 * Reads as {@link parseSlice} does, but whatever the text is, in the way that only what is half typed, wrong or rare
 * needs: with a parser that knows all of YAML and says where it cannot go on.
 * @param text The piece; columns count from its line starts.
 */
export function parseWithLibrary(text: string): ValueNode | undefined {
  if (nestsTooDeep(text)) return undefined;
  const damage: Damage[] = [];
  let readable = text;
  let errorsAtFirst = 0;
  for (let attempt = 0; attempt <= attemptsFor(text); attempt++) {
    const document = documentOf(readable);
    if (!document) return undefined;
    const error = document.errors[0];
    if (!error) {
      return document.contents
        ? new Converter(readable, damage).convert(document.contents, { start: 0, end: text.length })
        : undefined;
    }
    const errors = document.errors.length;
    if (attempt === 0) errorsAtFirst = errors;
    if (attempt === hopefulAttempts && errors > hopelesslyMany && errorsAtFirst - errors < maximumRepairs)
      return undefined;
    const passed = passOver(readable, linesToBlame(readable, document, error, document.errors[1]));
    if (!passed) return undefined;
    damage.push(passed.damage);
    readable = passed.readable;
  }
  return undefined;
}

/** What the library makes of a text; undefined where it nests so deep in some way of its own that it gives up. */
function documentOf(text: string): Document | undefined {
  try {
    return parseDocument(text, {
      schema: 'failsafe',
      strict: false,
      uniqueKeys: false,
      keepSourceTokens: true,
      prettyErrors: false,
      logLevel: 'silent',
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The text on whose lines the cause of an error stands, which is not always where the parser noticed it. */
function linesToBlame(
  text: string,
  document: Document,
  error: YAMLError,
  next: YAMLError | undefined,
): TextRange {
  const [start] = error.pos;
  const multiline = [error, next].find((e) => e?.code === 'MULTILINE_IMPLICIT_KEY');
  if (multiline && lineStartAt(text, multiline.pos[0]) <= lineStartAt(text, start)) {
    const [keyStart, keyEnd] = multiline.pos;
    const lastLine = lineStartAt(text, keyEnd);
    // What a quote takes in that is not closed are the lines below, in which nothing is wrong.
    if (/^(["'])(?!.*\1)/s.test(text.slice(keyStart, keyEnd))) return { start: keyStart, end: keyStart };
    return indentAt(text, keyEnd) > indentAt(text, keyStart)
      ? { start: lastLine, end: keyEnd }
      : { start: keyStart, end: Math.max(keyStart, lastLine - 1) };
  }
  const open = unclosedNode(document.contents, start);
  if (open !== undefined && (error.code === 'MISSING_CHAR' || error.code === 'BAD_INDENT'))
    return { start: open, end: open };
  if (/[\r\n]/.test(text.charAt(start)) && error.code === 'BAD_INDENT') {
    const nextLine = text.indexOf('\n', start) + 1;
    return { start: nextLine, end: nextLine };
  }
  const place = start >= text.trimEnd().length ? Math.max(0, text.trimEnd().length - 1) : start;
  return { start: place, end: place };
}

/** Where the quote or bracket begins whose end the parser missed at an offset. */
function unclosedNode(node: unknown, end: number): number | undefined {
  if (!isScalar(node) && !isMap(node) && !isSeq(node)) return undefined;
  const range = (node as Node).range;
  if (!range || range[0] > end) return undefined;
  if (isScalar(node)) {
    const quoted = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE';
    return quoted && range[1] >= end ? range[0] : undefined;
  }
  const children = isMap(node) ? node.items.flatMap((pair) => [pair.key, pair.value]) : node.items;
  for (const child of children) {
    const found = unclosedNode(child, end);
    if (found !== undefined) return found;
  }
  return node.flow === true && range[1] >= end ? range[0] : undefined;
}

/** Turns the parser's nodes into this project's tree and marks what the damage makes uncertain. */
class Converter {
  private readonly text: string;
  private readonly damage: readonly Damage[];

  constructor(text: string, damage: readonly Damage[]) {
    this.text = text;
    this.damage = damage;
  }

  /** @param region The text from the end of what precedes the node to the start of what follows it. */
  convert(node: unknown, region: TextRange): ValueNode {
    if (isMap(node)) return this.map(node, region);
    if (isSeq(node)) return this.list(node, region) ?? { kind: 'unreadable', range: this.trimmed(node) };
    if (isAlias(node)) return { kind: 'alias', range: rangeOf(node), name: node.source };
    return scalar(node as Node, this.text);
  }

  /** Reads a list; undefined if it is damaged in a way that leaves nothing of it certain. */
  private list(node: YAMLSeq, region: TextRange): ListNode | undefined {
    const { text } = this;
    const range = this.trimmed(node);
    const flow = node.flow === true;
    const spots = damageIn(this.damage, region);
    if (spots.length === 0) {
      const items = node.items.map((item) => this.convert(item, region));
      return { kind: 'list', range, ...anchorOf(node), flow, items };
    }
    if (flow) return undefined;
    const sources = node.items.map((source) => ({ source, start: rangeOf(source as Node).start }));
    const read = readDamagedList(text, range, sources, spots, (item, place, damage) =>
      new Converter(text, damage).convert(item, place),
    );
    return read && { kind: 'list', ...anchorOf(node), flow, ...read };
  }

  private map(node: YAMLMap, region: TextRange): MapNode {
    const column = this.column(node);
    const entries: MapEntry[] = [];
    const unread: UnreadLine[] = [];
    const uncertain = new UncertainDamage(this.damage, region, column);
    for (const [index, pair] of node.items.entries()) {
      if (!isScalar(pair.key)) {
        unread.push({ word: '', isBare: false });
        continue;
      }
      const key = scalar(pair.key as Node, this.text);
      const following = node.items[index + 1]?.key;
      const end = following ? Math.max(key.range.end, rangeOf(following as Node).start) : region.end;
      const isDamaged = uncertain.takeInside(key.range.start, end);
      const colon = pair.srcToken?.sep?.find((token) => token.type === 'map-value-ind')?.offset;
      const start = colon === undefined ? key.range.end : colon + 1;
      const value = this.value(pair.value, { start, end }, isDamaged);
      entries.push({ key, ...(colon === undefined ? {} : { colon }), value });
    }
    unread.push(...uncertain.unread);
    return {
      kind: 'map',
      range: this.trimmed(node),
      ...anchorOf(node),
      flow: node.flow === true,
      column,
      entries,
      unread,
    };
  }

  private value(node: unknown, region: TextRange, damagedInside: boolean): ValueNode {
    const nothing: TextRange = { start: region.start, end: region.start };
    if (damagedInside && !(isMap(node) && node.flow !== true)) {
      const list = isSeq(node) ? this.list(node, region) : undefined;
      if (list) return list;
      return { kind: 'unreadable', range: node ? rangeOf(node as Node) : nothing };
    }
    if (node === null || node === undefined) return empty(nothing);
    const value = this.convert(node, region);
    const isNothing = isEmptyValue(value) && value.kind === 'scalar' && value.value === null;
    return isNothing && value.anchor === undefined ? empty(nothing) : value;
  }

  /** The range of a collection; one in block style ends with its last line, not with what follows. */
  private trimmed(node: Node): TextRange {
    const { start, end } = rangeOf(node);
    return { start, end: start + this.text.slice(start, end).trimEnd().length };
  }

  private column(node: YAMLMap): number {
    const token = node.srcToken;
    return token && 'indent' in token ? token.indent : 0;
  }
}

function empty(range: TextRange): ScalarNode {
  return { kind: 'scalar', range, style: 'plain', text: '', value: null };
}

function scalar(node: Node, source: string): ScalarNode {
  const range = rangeOf(node);
  if (!isScalar(node)) return empty(range);
  const tag = node.tag?.replace('tag:yaml.org,2002:', '!!');
  const style = styles.get(node.type ?? 'PLAIN') ?? 'plain';
  let text = typeof node.value === 'string' ? node.value : '';
  if (style === 'plain' && text.endsWith('\r')) {
    text = text.slice(0, -1);
    range.end -= 1;
  }
  if (style === 'block') {
    // The parser adds a line break to a last line without one; Helm's does not.
    if (range.end === source.length && !source.endsWith('\n')) text = text.replace(/\n$/, '');
    range.end = range.start + source.slice(range.start, range.end).trimEnd().length;
  }
  const value = style === 'plain' ? resolvePlain(text, tag) : resolveQuoted(text, tag);
  return { kind: 'scalar', range, ...anchorOf(node), style, text, value };
}

const styles = new Map<string, ScalarNode['style']>([
  ['PLAIN', 'plain'],
  ['QUOTE_SINGLE', 'single'],
  ['QUOTE_DOUBLE', 'double'],
  ['BLOCK_LITERAL', 'block'],
  ['BLOCK_FOLDED', 'block'],
]);

function rangeOf(node: Node): { start: number; end: number } {
  const [start, end] = node.range ?? [0, 0];
  return { start, end };
}

function anchorOf(node: { anchor?: string | undefined }): { anchor?: string } {
  return node.anchor === undefined ? {} : { anchor: node.anchor };
}
