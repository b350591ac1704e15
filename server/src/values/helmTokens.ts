import {
  BACKSLASH,
  BANG,
  BRACE,
  BRACKET,
  COLON,
  COMMA,
  CR,
  DOUBLE_QUOTE,
  GREATER,
  HASH,
  LESS,
  LF,
  LINE_SEPARATOR,
  NEXT_LINE,
  PARAGRAPH_SEPARATOR,
  PERCENT,
  PIPE,
  QUESTION,
  SPACE,
  STAR,
  TAB,
} from './characters';
/** A text that Helm's YAML reader refuses. */
export class HelmRefusal extends Error {
  /** Offset of the place where reading fails. */
  readonly at: number;

  /** @param problem What is wrong there, without a full stop. */
  constructor(at: number, problem: string) {
    super(problem);
    this.at = at;
  }
}

/** A token of YAML that carries nothing but its kind. */
export type Mark =
  | 'end of text'
  | 'document start'
  | 'document end'
  | 'block list'
  | 'block map'
  | 'block end'
  | '['
  | ']'
  | '{'
  | '}'
  | ','
  | '-'
  | 'key'
  | 'value';

/** A token of YAML. */
export type Token =
  | { readonly kind: Mark; readonly at: number }
  | { readonly kind: 'version'; readonly at: number; readonly version: string }
  | { readonly kind: 'handle'; readonly at: number; readonly handle: string; readonly prefix: string }
  | { readonly kind: 'anchor' | 'alias'; readonly at: number; readonly name: string }
  | { readonly kind: 'tag'; readonly at: number; readonly handle: string; readonly suffix: string }
  | { readonly kind: 'scalar'; readonly at: number; readonly text: string; readonly isPlain: boolean };

/** A token that turns out to be a key when a colon follows it. */
interface PossibleKey {
  /** Its number, counted over the whole text. */
  readonly number: number;
  readonly at: number;
  readonly line: number;
  readonly column: number;
  /** Whether nothing else can stand there. */
  readonly isRequired: boolean;
}

/** How far behind the start of a key its colon may stand. */
const longestKey = 1024;

/** How many brackets, or levels of indentation, may be open at once. */
const deepestNesting = 1000;

/**
 * Cuts a text into tokens as the scanner of Helm's YAML reader does (go-yaml 2, which is libyaml in Go), with all that
 * it takes and refuses against the standard. Reads no further than it is asked to, since what comes after the first
 * document is never looked at.
 */
export class HelmTokens {
  /** How far the text is read. */
  position: number;
  private readonly text: string;
  private line = 0;
  private column = 0;
  /** Tokens that are known and not taken yet. */
  private queue: Token[] = [];
  private head = 0;
  /** How many tokens were taken. */
  private taken = 0;
  private hasEnded = false;
  private indent = -1;
  private readonly indents: number[] = [];
  private mayBeginKey = true;
  /** The last possible key on each level of brackets. */
  private readonly keys: (PossibleKey | undefined)[] = [undefined];
  private readonly keysByNumber = new Map<number, PossibleKey>();

  constructor(text: string) {
    this.text = text;
    this.position = text.startsWith('\uFEFF') ? 1 : 0;
  }

  /** The next token, which stays the next one. */
  peek(): Token {
    for (;;) {
      const token = this.queue[this.head];
      // A token that may be a key has to wait until it is known whether a colon follows.
      const key = this.keysByNumber.get(this.taken);
      if (token && !(key && this.isStillPossible(key))) return token;
      if (this.hasEnded) return token ?? { kind: 'end of text', at: this.text.length };
      this.fetch();
    }
  }

  /** Takes the next token. */
  next(): Token {
    const token = this.peek();
    this.head += 1;
    this.taken += 1;
    if (this.head > 64) {
      this.queue = this.queue.slice(this.head);
      this.head = 0;
    }
    return token;
  }

  private get flowLevel(): number {
    return this.keys.length - 1;
  }

  private fetch(): void {
    this.skipToToken();
    this.closeBlocks(this.column);
    const marker = this.column === 0 ? this.documentMarker() : undefined;
    if (this.isEnd()) this.fetchEnd();
    else if (marker) this.fetchDocumentMarker(marker);
    else if (this.column === 0 && this.code() === PERCENT) this.fetchDirective();
    else this.fetchByCharacter();
  }

  private fetchByCharacter(): void {
    const character = this.text.charAt(this.position);
    const standsAlone = this.isBlankOrEnd(1);
    const inFlow = this.flowLevel > 0;
    if (character === '[' || character === '{') this.fetchFlowStart();
    else if (character === ']' || character === '}') this.fetchFlowEnd();
    else if (character === ',') this.fetchComma();
    else if (character === '-' && standsAlone) this.fetchDash();
    else if (character === '?' && (inFlow || standsAlone)) this.fetchQuestion();
    else if (character === ':' && (inFlow || standsAlone)) this.fetchColon();
    else if (character === '*' || character === '&') this.fetchAnchor();
    else if (character === '!') this.fetchTag();
    else if ((character === '|' || character === '>') && !inFlow) this.fetchBlockScalar();
    else if (character === '\t') throw this.refusal(tabAsIndentation);
    else if ('|>%@`'.includes(character)) throw this.refusal('no value can begin with this character');
    else this.fetchScalar(character === '"' || character === "'");
  }

  /** Passes over blanks, line breaks and comments. */
  private skipToToken(): void {
    for (;;) {
      while (this.code() === SPACE || (this.code() === TAB && (this.flowLevel > 0 || !this.mayBeginKey)))
        this.skip();
      if (this.code() === HASH) this.skipLine();
      if (!this.isBreak()) return;
      this.readBreak();
      if (this.flowLevel === 0) this.mayBeginKey = true;
    }
  }

  private fetchEnd(): void {
    this.closeBlocks(-1);
    this.dropKey();
    this.mayBeginKey = false;
    this.push({ kind: 'end of text', at: this.position });
    this.hasEnded = true;
  }

  private fetchDocumentMarker(kind: 'document start' | 'document end'): void {
    this.closeBlocks(-1);
    this.dropKey();
    this.mayBeginKey = false;
    this.push({ kind, at: this.position });
    this.skip(3);
  }

  private fetchFlowStart(): void {
    this.saveKey();
    if (this.keys.length > deepestNesting) throw this.refusal('it nests deeper than is read');
    this.keys.push(undefined);
    this.mayBeginKey = true;
    this.pushMark(this.code() === BRACE ? '{' : '[');
  }

  private fetchFlowEnd(): void {
    this.dropKey();
    if (this.flowLevel > 0) this.keys.pop();
    this.mayBeginKey = false;
    this.pushMark(this.code() === BRACE + 2 ? '}' : ']');
  }

  private fetchComma(): void {
    this.dropKey();
    this.mayBeginKey = true;
    this.pushMark(',');
  }

  private fetchScalar(isQuoted: boolean): void {
    this.saveKey();
    this.mayBeginKey = false;
    this.push(isQuoted ? this.readQuoted() : this.readPlain());
  }

  private fetchBlockScalar(): void {
    this.dropKey();
    this.mayBeginKey = true;
    this.push(this.readBlockScalar());
  }

  private fetchDash(): void {
    if (this.flowLevel === 0) {
      if (!this.mayBeginKey) throw this.refusal('no list can begin here');
      this.openBlock('block list', this.column, this.position);
    }
    this.dropKey();
    this.mayBeginKey = true;
    this.pushMark('-');
  }

  private fetchQuestion(): void {
    if (this.flowLevel === 0) {
      if (!this.mayBeginKey) throw this.refusal('no key can begin here');
      this.openBlock('block map', this.column, this.position);
    }
    this.dropKey();
    this.mayBeginKey = this.flowLevel === 0;
    this.pushMark('key');
  }

  private fetchColon(): void {
    const key = this.keys.at(-1);
    if (key && this.isStillPossible(key)) {
      this.insert(key.number, { kind: 'key', at: key.at });
      this.openBlock('block map', key.column, key.at, key.number);
      this.forgetKey();
      this.mayBeginKey = false;
    } else {
      if (this.flowLevel === 0) {
        if (!this.mayBeginKey) throw this.refusal('no ":" can stand here');
        this.openBlock('block map', this.column, this.position);
      }
      this.mayBeginKey = this.flowLevel === 0;
    }
    this.pushMark('value');
  }

  private fetchAnchor(): void {
    this.saveKey();
    this.mayBeginKey = false;
    const at = this.position;
    const kind = this.code() === STAR ? 'alias' : 'anchor';
    this.skip();
    const name = this.readWord();
    if (name === '' || !(this.isBlankOrEnd() || '?:,]}%@`'.includes(this.text.charAt(this.position))))
      throw this.refusal(`the name of an ${kind} has letters, digits, "-" and "_" only`);
    this.push({ kind, at, name });
  }

  private fetchTag(): void {
    this.saveKey();
    this.mayBeginKey = false;
    const at = this.position;
    let handle = '';
    let suffix: string;
    if (this.code(1) === LESS) {
      this.skip(2);
      suffix = this.readTagUri('');
      if (this.code() !== GREATER) throw this.refusal('a tag lacks its ">"');
      this.skip();
    } else {
      handle = this.readTagHandle();
      if (handle.length > 1 && handle.endsWith('!')) suffix = this.readTagUri('');
      else {
        suffix = this.readTagUri(handle);
        handle = '!';
        if (suffix === '') [handle, suffix] = ['', '!'];
      }
    }
    if (!this.isBlankOrEnd()) throw this.refusal('a tag has to end with a blank');
    this.push({ kind: 'tag', at, handle, suffix });
  }

  /** `!`, `!word` or `!word!`. */
  private readTagHandle(): string {
    this.skip();
    const word = this.readWord();
    if (this.code() !== BANG) return `!${word}`;
    this.skip();
    return `!${word}!`;
  }

  /** The rest of a tag. Of what stands before it, the leading `!` does not belong to it. */
  private readTagUri(before: string): string {
    let uri = before.slice(1);
    let isThere = before !== '';
    for (;;) {
      const character = this.text.charAt(this.position);
      if (!/[\w;/?:@&=+$,.!~*'()[\]%-]/.test(character)) break;
      if (character === '%') {
        const digits = this.text.slice(this.position + 1, this.position + 3);
        if (!/^[\da-fA-F]{2}$/.test(digits)) throw this.refusal('"%" in a tag needs two digits');
        uri += String.fromCharCode(Number.parseInt(digits, 16));
        this.skip(2);
      } else uri += character;
      isThere = true;
      this.skip();
    }
    if (!isThere) throw this.refusal('a tag has no name');
    return uri;
  }

  private fetchDirective(): void {
    this.closeBlocks(-1);
    this.dropKey();
    this.mayBeginKey = false;
    const at = this.position;
    const end = this.endOfLine();
    const line = this.text.slice(at, end).replace(/[ \t]+(?:#.*)?$/, '');
    const version = /^%YAML[ \t]+(\d{1,9}\.\d{1,9})$/.exec(line)?.[1];
    const [, handle, prefix] = /^%TAG[ \t]+(![\w-]*!|!)[ \t]+([\w;/?:@&=+$,.!~*'()[\]%-]+)$/.exec(line) ?? [];
    if (version !== undefined) this.push({ kind: 'version', at, version });
    else if (handle !== undefined && prefix !== undefined) this.push({ kind: 'handle', at, handle, prefix });
    else throw this.refusal('no directive like this is known');
    this.skipLine();
  }

  private readQuoted(): Token {
    const at = this.position;
    const quote = this.code();
    const unclosed = new HelmRefusal(at, 'a quote is never closed');
    const parts: string[] = [];
    this.skip();
    for (;;) {
      if (this.isEnd() || (this.column === 0 && this.documentMarker())) throw unclosed;
      let isFolded = false;
      while (!this.isBlankOrEnd()) {
        const code = this.code();
        if (code === quote) {
          if (quote === DOUBLE_QUOTE || this.code(1) !== quote) break;
          this.skip();
        } else if (code === BACKSLASH && quote === DOUBLE_QUOTE) {
          this.skip();
          if (this.isBreak()) {
            this.readBreak();
            isFolded = true;
            break;
          }
          parts.push(this.readEscape());
          continue;
        }
        parts.push(this.take());
      }
      if (this.code() === quote) break;
      parts.push(this.readGap(isFolded));
    }
    this.skip();
    return { kind: 'scalar', at, text: parts.join(''), isPlain: false };
  }

  private readEscape(): string {
    const at = this.position - 1;
    const letter = this.isEnd() ? '' : this.take();
    const simple = escapes.get(letter);
    if (simple !== undefined) return simple;
    const length = { x: 2, u: 4, U: 8 }[letter];
    if (length === undefined) throw new HelmRefusal(at, `"\\${letter}" is no escape`);
    const digits = this.text.slice(this.position, this.position + length);
    const value = Number.parseInt(digits, 16);
    if (!/^[\da-fA-F]+$/.test(digits) || digits.length < length)
      throw new HelmRefusal(at, `"\\${letter}" needs ${length} hexadecimal digits`);
    if ((value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff)
      throw new HelmRefusal(at, `"\\${letter}${digits}" is no character`);
    this.skip(length);
    return String.fromCodePoint(value);
  }

  /**
   * Reads blanks and line breaks within a text.
   * @param isFolded Whether a line break stood there already that counts for nothing.
   * @param indent The column before which tabs are not allowed on a new line.
   * @returns What they stand for: themselves on one line, else a space, or the further line breaks.
   */
  private readGap(isFolded = false, indent = 0): string {
    let blanks = '';
    let first = '';
    let others = '';
    let hasBreak = isFolded;
    for (;;) {
      if (this.isBlank()) {
        if (hasBreak && this.column < indent && this.code() === TAB) throw this.refusal(tabAsIndentation);
        const blank = this.take();
        if (!hasBreak) blanks += blank;
      } else if (!this.isBreak()) break;
      else if (hasBreak) others += this.readBreak();
      else {
        first = this.readBreak();
        hasBreak = true;
      }
    }
    if (!hasBreak) return blanks;
    return first === '\n' ? (others === '' ? ' ' : others) : first + others;
  }

  private readPlain(): Token {
    const at = this.position;
    const indent = this.indent + 1;
    const parts: string[] = [];
    let gap = '';
    let brokeLine = false;
    for (;;) {
      if (this.code() === HASH || (this.column === 0 && this.documentMarker())) break;
      const start = this.position;
      while (!this.isBlankOrEnd() && !this.endsPlain()) this.take();
      if (this.position > start) {
        parts.push(gap, this.text.slice(start, this.position));
        brokeLine = false;
      }
      if (!this.isBlank() && !this.isBreak()) break;
      const { line } = this;
      gap = this.readGap(false, indent);
      brokeLine = this.line > line;
      if (this.flowLevel === 0 && this.column < indent) break;
    }
    if (brokeLine) this.mayBeginKey = true;
    return { kind: 'scalar', at, text: parts.join(''), isPlain: true };
  }

  private endsPlain(): boolean {
    const code = this.code();
    if (code === COLON) return this.isBlankOrEnd(1);
    return (
      this.flowLevel > 0 &&
      (code === COMMA ||
        code === QUESTION ||
        code === BRACKET ||
        code === BRACKET + 2 ||
        code === BRACE ||
        code === BRACE + 2)
    );
  }

  private readBlockScalar(): Token {
    const at = this.position;
    const isLiteral = this.code() === PIPE;
    this.skip();
    const [header = '', before = '', digit = '', after = ''] =
      /^([-+]?)(\d?)([-+]?)/.exec(this.text.slice(this.position, this.position + 3)) ?? [];
    const wrongHeader = new HelmRefusal(
      at,
      'the first line of a block of text has something that cannot stand there',
    );
    if (digit === '0' || (before !== '' && after !== '')) throw wrongHeader;
    const chomping = before + after;
    this.skip(header.length);
    while (this.isBlank()) this.skip();
    if (this.code() === HASH) this.skipLine();
    if (!this.isBreak() && !this.isEnd()) throw wrongHeader;
    if (this.isBreak()) this.readBreak();
    const parts: string[] = [];
    const wanted = digit === '' ? 0 : Math.max(this.indent, 0) + Number(digit);
    let { indent, breaks } = this.readBlockBreaks(wanted);
    let leading = '';
    let wasBlank = false;
    while (this.column === indent && !this.isEnd()) {
      const isBlank = this.isBlank();
      const folds = !isLiteral && leading === '\n' && !wasBlank && !isBlank;
      if (!folds) parts.push(leading);
      else if (breaks === '') parts.push(' ');
      parts.push(breaks);
      wasBlank = isBlank;
      const start = this.position;
      this.skipLine();
      parts.push(this.text.slice(start, this.position));
      leading = this.isEnd() ? '' : this.readBreak();
      ({ indent, breaks } = this.readBlockBreaks(indent));
    }
    if (chomping !== '-') parts.push(leading);
    if (chomping === '+') parts.push(breaks);
    return { kind: 'scalar', at, text: parts.join(''), isPlain: false };
  }

  /** Reads the blank lines and the indentation before a line of a block of text; 0 means that it is to be found. */
  private readBlockBreaks(known: number): { indent: number; breaks: string } {
    let breaks = '';
    let deepest = 0;
    for (;;) {
      while ((known === 0 || this.column < known) && this.code() === SPACE) this.skip();
      deepest = Math.max(deepest, this.column);
      if ((known === 0 || this.column < known) && this.code() === TAB) throw this.refusal(tabAsIndentation);
      if (!this.isBreak()) break;
      breaks += this.readBreak();
    }
    return { indent: known === 0 ? Math.max(deepest, this.indent + 1, 1) : known, breaks };
  }

  private saveKey(): void {
    if (!this.mayBeginKey) return;
    this.dropKey();
    const key: PossibleKey = {
      number: this.taken + this.queue.length - this.head,
      at: this.position,
      line: this.line,
      column: this.column,
      isRequired: this.flowLevel === 0 && this.indent === this.column,
    };
    this.keys[this.flowLevel] = key;
    this.keysByNumber.set(key.number, key);
  }

  private dropKey(): void {
    const key = this.keys.at(-1);
    if (key?.isRequired) throw new HelmRefusal(key.at, keyWithoutColon);
    this.forgetKey();
  }

  private forgetKey(): void {
    const key = this.keys.at(-1);
    if (!key) return;
    this.keysByNumber.delete(key.number);
    this.keys[this.flowLevel] = undefined;
  }

  /** Says whether a colon here would make a key of it. */
  private isStillPossible(key: PossibleKey): boolean {
    if (key.line === this.line && this.column - key.column <= longestKey) return true;
    if (key.isRequired) throw new HelmRefusal(key.at, keyWithoutColon);
    return false;
  }

  private openBlock(kind: Mark, column: number, at: number, number?: number): void {
    if (this.flowLevel > 0 || this.indent >= column) return;
    if (this.indents.length >= deepestNesting) throw this.refusal('it nests deeper than is read');
    this.indents.push(this.indent);
    this.indent = column;
    if (number === undefined) this.push({ kind, at });
    else this.insert(number, { kind, at });
  }

  private closeBlocks(column: number): void {
    if (this.flowLevel > 0) return;
    while (this.indent > column) {
      this.push({ kind: 'block end', at: this.position });
      this.indent = this.indents.pop() ?? -1;
    }
  }

  private push(token: Token): void {
    this.queue.push(token);
  }

  private insert(number: number, token: Token): void {
    this.queue.splice(number - this.taken + this.head, 0, token);
  }

  /** Takes one character as a token. */
  private pushMark(kind: Mark): void {
    this.push({ kind, at: this.position });
    this.skip();
  }

  private refusal(problem: string): HelmRefusal {
    return new HelmRefusal(this.position, problem);
  }

  private readWord(): string {
    const start = this.position;
    while (/[\w-]/.test(this.text.charAt(this.position))) this.skip();
    return this.text.slice(start, this.position);
  }

  /** Passes over characters of which none is a line break and none takes two UTF-16 units. */
  private skip(count = 1): void {
    this.position += count;
    this.column += count;
  }

  /** Passes over any character but a line break. */
  private take(): string {
    const character = String.fromCodePoint(this.text.codePointAt(this.position) ?? 0);
    this.position += character.length;
    this.column += 1;
    return character;
  }

  private skipLine(): void {
    const start = this.position;
    this.position = this.endOfLine();
    this.column += this.position - start;
  }

  /** A line break as it counts in a text. */
  private readBreak(): string {
    const code = this.code();
    this.position += code === CR && this.code(1) === LF ? 2 : 1;
    this.line += 1;
    this.column = 0;
    return code >= LINE_SEPARATOR ? String.fromCharCode(code) : '\n';
  }

  private endOfLine(): number {
    lineBreak.lastIndex = this.position;
    return lineBreak.exec(this.text)?.index ?? this.text.length;
  }

  private documentMarker(): 'document start' | 'document end' | undefined {
    if (!this.isBlankOrEnd(3)) return undefined;
    if (this.text.startsWith('---', this.position)) return 'document start';
    return this.text.startsWith('...', this.position) ? 'document end' : undefined;
  }

  private code(ahead = 0): number {
    return this.text.charCodeAt(this.position + ahead);
  }

  private isEnd(): boolean {
    return this.position >= this.text.length;
  }

  private isBlank(ahead = 0): boolean {
    const code = this.code(ahead);
    return code === SPACE || code === TAB;
  }

  private isBreak(ahead = 0): boolean {
    const code = this.code(ahead);
    return (
      code === LF ||
      code === CR ||
      code === NEXT_LINE ||
      code === LINE_SEPARATOR ||
      code === PARAGRAPH_SEPARATOR
    );
  }

  private isBlankOrEnd(ahead = 0): boolean {
    return this.isBlank(ahead) || this.isBreak(ahead) || this.position + ahead >= this.text.length;
  }
}

const tabAsIndentation = 'a tab stands where only spaces can';

const keyWithoutColon = 'a key lacks its ":"';

const lineBreak = /[\n\r\u0085\u2028\u2029]/g;

const escapes: ReadonlyMap<string, string> = new Map([
  ['0', '\0'],
  ['a', '\x07'],
  ['b', '\b'],
  ['t', '\t'],
  ['\t', '\t'],
  ['n', '\n'],
  ['v', '\v'],
  ['f', '\f'],
  ['r', '\r'],
  ['e', '\x1B'],
  [' ', ' '],
  ['"', '"'],
  ["'", "'"],
  ['\\', '\\'],
  ['N', '\x85'],
  ['_', '\xA0'],
  ['L', '\u2028'],
  ['P', '\u2029'],
]);
