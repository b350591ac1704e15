import type { PlainValue } from './document';
import { HelmRefusal, HelmTokens, type Token } from './helmTokens';
import { resolvePlain, type ScalarValue } from './scalar';

/** A node as it stands in the text. */
type Node = { readonly at: number } & (
  | { readonly kind: 'scalar'; readonly text: string; readonly isPlain: boolean; readonly tag: string }
  | { readonly kind: 'list'; readonly items: Node[] }
  | { readonly kind: 'map'; readonly pairs: Pair[] }
  | { readonly kind: 'alias'; readonly name: string; readonly target: Node }
);

type Pair = readonly [key: Node, value: Node];

/** How deep values may be nested, aliases followed. */
const deepestNesting = 1000;

/**
 * Reads the first document of a text as Helm does, refusing what it refuses: tokens and grammar of go-yaml 2, the
 * values that its scalars stand for, and the form of JSON that Helm makes of them. Costs one pass over the text.
 * @param text The whole file.
 * @returns Its root; null for a document without content.
 * @throws {HelmRefusal} Where Helm does not read it, or where it nests too deep to be read here.
 */
export function readAsHelm(text: string): PlainValue {
  const tokens = new HelmTokens(text);
  const root = new Reader(tokens).readDocument();
  const control = text.search(controlCharacter);
  if (control >= 0 && chunkOf(text, control) <= chunkOf(text, tokens.position))
    throw new HelmRefusal(control, 'a control character stands in it');
  return root ? new Decoder().decode(root) : null;
}

// eslint-disable-next-line no-control-regex -- These are what is looked for.
const controlCharacter = /[\0-\x08\x0B\x0C\x0E-\x1F\x7F-\x84\x86-\x9F\uFFFE\uFFFF]/;

/** Helm takes a text in by chunks and looks at all characters of one, also at those behind the first document. */
function chunkOf(text: string, offset: number): number {
  return Math.floor(new TextEncoder().encode(text.slice(0, offset)).length / 512);
}

/** Makes nodes of tokens. */
class Reader {
  private readonly tokens: HelmTokens;
  private readonly anchors = new Map<string, Node>();
  private readonly handles = new Map<string, string>();
  private depth = 0;

  constructor(tokens: HelmTokens) {
    this.tokens = tokens;
  }

  readDocument(): Node | undefined {
    const { kind } = this.tokens.peek();
    if (kind === 'end of text') return undefined;
    if (kind === 'version' || kind === 'handle' || kind === 'document start') {
      this.readDirectives();
      const start = this.tokens.next();
      if (start.kind !== 'document start') throw new HelmRefusal(start.at, '"---" has to follow a directive');
      if (this.isNext('version', 'handle', 'document start', 'document end', 'end of text'))
        return this.nothing();
    }
    const root = this.readNode(true, false);
    if (this.isNext('document end')) this.tokens.next();
    return root;
  }

  private readDirectives(): void {
    let hasVersion = false;
    while (this.isNext('version', 'handle')) {
      const token = this.tokens.next();
      if (token.kind === 'version') {
        if (hasVersion || token.version !== '1.1')
          throw new HelmRefusal(token.at, 'only YAML 1.1 can be asked for');
        hasVersion = true;
      } else if (token.kind === 'handle') {
        if (this.handles.has(token.handle)) throw new HelmRefusal(token.at, 'a directive stands there twice');
        this.handles.set(token.handle, token.prefix);
      }
    }
  }

  private isNext(...kinds: readonly Token['kind'][]): boolean {
    return kinds.includes(this.tokens.peek().kind);
  }

  private nothing(tag = ''): Node {
    return { kind: 'scalar', at: this.tokens.peek().at, text: '', isPlain: true, tag };
  }

  /**
   * @param inBlock Whether the node may be in block style.
   * @param besideKey Whether a list may begin at the column of the key that it belongs to.
   */
  private readNode(inBlock: boolean, besideKey: boolean): Node {
    const { at } = this.tokens.peek();
    if (this.depth >= deepestNesting) throw new HelmRefusal(at, 'it nests deeper than is read');
    this.depth += 1;
    const node = this.readNodeInside(inBlock, besideKey);
    this.depth -= 1;
    return node;
  }

  private readNodeInside(inBlock: boolean, besideKey: boolean): Node {
    const first = this.tokens.peek();
    if (first.kind === 'alias') {
      this.tokens.next();
      const target = this.anchors.get(first.name);
      if (!target) throw new HelmRefusal(first.at, `nothing before it carries the anchor "${first.name}"`);
      return { kind: 'alias', at: first.at, name: first.name, target };
    }
    let anchor: string | undefined;
    let tag: string | undefined;
    for (;;) {
      const token = this.tokens.peek();
      if (token.kind === 'anchor' && anchor === undefined) anchor = token.name;
      else if (token.kind === 'tag' && tag === undefined) tag = this.fullTag(token);
      else break;
      this.tokens.next();
    }
    const named = (node: Node): Node => {
      if (anchor !== undefined) this.anchors.set(anchor, node);
      return node;
    };
    const token = this.tokens.peek();
    const { kind, at } = token;
    if (kind === 'scalar') {
      this.tokens.next();
      return named({ kind, at, text: token.text, isPlain: token.isPlain, tag: tag ?? '' });
    }
    if (kind === '[' || (kind === 'block list' && inBlock) || (kind === '-' && besideKey)) {
      const items: Node[] = [];
      const node = named({ kind: 'list', at, items });
      if (kind === '[') this.readFlowList(items);
      else if (kind === '-') this.readItems(items, ['-', 'key', 'value', 'block end']);
      else this.readBlockList(items);
      return node;
    }
    if (kind === '{' || (kind === 'block map' && inBlock)) {
      const pairs: Pair[] = [];
      const node = named({ kind: 'map', at, pairs });
      if (kind === '{') this.readFlowMap(pairs);
      else this.readBlockMap(pairs);
      return node;
    }
    if (anchor === undefined && tag === undefined) throw new HelmRefusal(at, `a value ${expected(token)}`);
    return named(this.nothing(tag));
  }

  private fullTag({ at, handle, suffix }: Token & { kind: 'tag' }): string {
    if (handle === '') return suffix;
    const prefix =
      this.handles.get(handle) ?? (handle === '!' ? '!' : handle === '!!' ? standardTag : undefined);
    if (prefix === undefined) throw new HelmRefusal(at, `no directive says what the tag "${handle}" is`);
    return prefix + suffix;
  }

  /** Takes a token and reads the node after it, if one of these does not follow at once. */
  private readAfter(ends: readonly Token['kind'][], besideKey: boolean): Node {
    this.tokens.next();
    return this.isNext(...ends) ? this.nothing() : this.readNode(true, besideKey);
  }

  private readItems(items: Node[], ends: readonly Token['kind'][]): void {
    while (this.isNext('-')) items.push(this.readAfter(ends, false));
  }

  private readBlockList(items: Node[]): void {
    this.tokens.next();
    this.readItems(items, ['-', 'block end']);
    const end = this.tokens.next();
    if (end.kind !== 'block end') throw new HelmRefusal(end.at, `the "-" of a list item ${expected(end)}`);
  }

  private readBlockMap(pairs: Pair[]): void {
    const ends = ['key', 'value', 'block end'] as const;
    this.tokens.next();
    while (this.isNext('key')) {
      const key = this.readAfter(ends, true);
      pairs.push([key, this.isNext('value') ? this.readAfter(ends, true) : this.nothing()]);
    }
    const end = this.tokens.next();
    if (end.kind !== 'block end') throw new HelmRefusal(end.at, `a key ${expected(end)}`);
  }

  private readFlowList(items: Node[]): void {
    this.tokens.next();
    for (let isFirst = true; !this.isNext(']'); isFirst = false) {
      if (!isFirst) this.takeComma(']');
      const { kind, at } = this.tokens.peek();
      if (kind === 'key') items.push({ kind: 'map', at, pairs: [this.readPairInList()] });
      else if (kind !== ']') items.push(this.readNode(false, false));
    }
    this.tokens.next();
  }

  /** A key with its value in a list without braces around them. */
  private readPairInList(): Pair {
    this.tokens.next();
    let key: Node;
    if (this.isNext('value', ',', ']')) {
      key = this.nothing();
      // Helm's reader passes over one token here.
      this.tokens.next();
    } else key = this.readNode(false, false);
    return [key, this.readFlowValue(',', ']')];
  }

  private readFlowMap(pairs: Pair[]): void {
    this.tokens.next();
    for (let isFirst = true; !this.isNext('}'); isFirst = false) {
      if (!isFirst) this.takeComma('}');
      if (this.isNext('key')) {
        this.tokens.next();
        const key = this.isNext('value', ',', '}') ? this.nothing() : this.readNode(false, false);
        pairs.push([key, this.readFlowValue(',', '}')]);
      } else if (!this.isNext('}')) pairs.push([this.readNode(false, false), this.nothing()]);
    }
    this.tokens.next();
  }

  private readFlowValue(...ends: readonly Token['kind'][]): Node {
    if (!this.isNext('value')) return this.nothing();
    this.tokens.next();
    return this.isNext(...ends) ? this.nothing() : this.readNode(false, false);
  }

  private takeComma(end: ']' | '}'): void {
    const token = this.tokens.next();
    if (token.kind !== ',') throw new HelmRefusal(token.at, `"," or "${end}" ${expected(token)}`);
  }
}

function expected({ kind }: Token): string {
  return kind === 'end of text' ? 'is missing at the end' : 'was expected here';
}

const standardTag = 'tag:yaml.org,2002:';

/** Makes values of nodes. */
class Decoder {
  /** Aliases that are being followed. */
  private readonly open = new Set<Node>();
  private steps = 0;
  private stepsInAliases = 0;
  private depth = 0;

  decode(node: Node): PlainValue {
    this.steps += 1;
    if (this.open.size > 0) this.stepsInAliases += 1;
    if (
      this.stepsInAliases > 100 &&
      this.steps > 1000 &&
      this.stepsInAliases / this.steps > allowedShare(this.steps)
    )
      throw new HelmRefusal(node.at, 'its aliases multiply to too much');
    if (this.depth >= deepestNesting) throw new HelmRefusal(node.at, 'it nests deeper than is read');
    this.depth += 1;
    const value = this.decodeInside(node);
    this.depth -= 1;
    return value;
  }

  private decodeInside(node: Node): PlainValue {
    switch (node.kind) {
      case 'scalar':
        return scalarValue(node);
      case 'list':
        return node.items.map((item) => this.decode(item));
      case 'alias': {
        this.enter(node);
        const value = this.decode(node.target);
        this.open.delete(node);
        return value;
      }
      case 'map': {
        const result = new Map<string, PlainValue>();
        this.fill(result, node);
        return Object.fromEntries(result);
      }
    }
  }

  private enter(alias: Node): void {
    if (this.open.has(alias)) throw new HelmRefusal(alias.at, 'an anchor holds itself');
    this.open.add(alias);
  }

  private fill(result: Map<string, PlainValue>, node: Node & { kind: 'map' }): void {
    for (const [key, value] of node.pairs) {
      if (isMergeKey(key)) this.merge(result, value);
      else {
        const name = keyText(key, this.decode(key));
        result.set(name, this.decode(value));
      }
    }
  }

  /** Of several maps the first counts most, so it is laid over the others. */
  private merge(result: Map<string, PlainValue>, source: Node): void {
    for (const item of source.kind === 'list' ? source.items.toReversed() : [source]) {
      const target = item.kind === 'alias' ? item.target : item;
      if (target.kind !== 'map') throw new HelmRefusal(item.at, '"<<" takes maps only');
      const merged = this.decode(item) as Readonly<Record<string, PlainValue>>;
      for (const [key, value] of Object.entries(merged)) result.set(key, value);
    }
  }
}

/** How much of the work aliases may make. */
function allowedShare(steps: number): number {
  const [low, high] = [400_000, 4_000_000];
  if (steps <= low) return 0.99;
  return steps >= high ? 0.1 : 0.99 - (0.89 * (steps - low)) / (high - low);
}

function isMergeKey(node: Node): boolean {
  if (node.kind !== 'scalar' || node.text !== '<<') return false;
  return node.tag === '!' || node.tag === `${standardTag}merge` || (node.isPlain && node.tag === '');
}

/** A key as JSON has it: always a text. */
function keyText(node: Node, key: PlainValue): string {
  if (key === null || typeof key === 'object') throw new HelmRefusal(node.at, 'this cannot be a key');
  if (typeof key !== 'number') return String(key);
  // Floats are written with the precision of 32 bits.
  return String(Number.isInteger(key) ? key : Number(Math.fround(key).toPrecision(8)));
}

function scalarValue({ at, text, isPlain, tag }: Node & { kind: 'scalar' }): ScalarValue {
  const name = tag.startsWith(standardTag) ? tag.slice(standardTag.length) : tag;
  if (name === '' && !isPlain) return text;
  if (name === 'binary') return binaryText(at, text);
  const wanted = name === '' ? undefined : tagged.get(name);
  if (name !== '' && !wanted) return text;
  if (notJson.test(text)) throw new HelmRefusal(at, 'Helm has no numbers like this');
  const value = resolvePlain(text);
  if (wanted && !wanted(value, text)) throw new HelmRefusal(at, `this is no ${name}`);
  return value;
}

const tagged: ReadonlyMap<string, (value: ScalarValue, text: string) => boolean> = new Map([
  ['bool', (value) => typeof value === 'boolean'],
  ['int', (value, text) => typeof value === 'number' && !/^[-+]?[\d_]*(?:\.|[\d_.]e)/i.test(text)],
  ['float', (value) => typeof value === 'number'],
  ['null', (value) => value === null],
  ['timestamp', (_, text) => /^\d{4}-\d\d?-\d\d?(?:[Tt ]|$)/.test(text)],
]);

const notJson = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

function binaryText(at: number, text: string): string {
  const base64 = text.replace(/[\r\n]/g, '');
  if (!/^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/.test(base64))
    throw new HelmRefusal(at, 'this is no Base64');
  return new TextDecoder().decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
}
