import {
  AMPERSAND,
  AT,
  BACKSLASH,
  BACKTICK,
  BANG,
  BRACE,
  BRACE_END,
  BRACKET,
  BRACKET_END,
  BYTE_ORDER_MARK,
  COLON,
  COMMA,
  CR,
  DASH,
  DOUBLE_QUOTE,
  GREATER,
  HASH,
  LETTER_A,
  LETTER_Z,
  LF,
  NO_BREAK_SPACE,
  PERCENT,
  PIPE,
  PLUS,
  QUESTION,
  SINGLE_QUOTE,
  SPACE,
  STAR,
  TAB,
} from './characters';
import { indentAt, withDeeperLines } from './damage';
import { lineStartAt } from './lines';
import { nestsTooDeep } from './nesting';
import { resolvePlain, resolveQuoted, type ScalarValue } from './scalar';
import type { AliasNode, ListNode, MapEntry, MapNode, ScalarNode, TextRange, ValueNode } from './tree';

/** What {@link trySimple} says of a text that it leaves to a full reader: all that is wrong, rare or hard to tell. */
export const notSimple: unique symbol = Symbol('not simple');

/** What {@link trySimple} made of a text. */
export type SimpleAttempt =
  /** The root value with offsets counted from the start of the text; undefined where there is none. */
  | { readonly root: ValueNode | undefined }
  /** The lines that the full reader would pass over first. */
  | {
      readonly blamed: TextRange;
      /** Whether it is certain only if nothing was passed over before. */
      readonly isFirst: boolean;
    };

/**
 * Reads a piece of YAML that has no mistake and is written the way nearly everybody writes: maps, lists and scalars,
 * with comments, anchors and aliases. It does so in one pass, and says exactly what the full reader would say. Where
 * something half typed stops it, and it is certain which lines the full reader would blame for its first error, it says so.
 * @param text The piece; columns count from its line starts.
 */
export function trySimple(text: string): SimpleAttempt | typeof notSimple {
  if (hasLoneReturn(text) || nestsTooDeep(text)) return notSimple;
  return new SimpleReader(text).read();
}

/** Says whether a carriage return stands anywhere but before a line feed. */
function hasLoneReturn(text: string): boolean {
  for (let at = text.indexOf('\r'); at >= 0; at = text.indexOf('\r', at + 2)) {
    if (at + 1 >= text.length || text.charCodeAt(at + 1) !== LF) return true;
  }
  return false;
}

/** How deep collections may stand in each other; each level is a few calls on the stack. */
const mostLevels = 400;

/** Where a list or map in brackets stands: its lines have to be indented deeper than the key or dash before it. */
interface FlowPlace {
  /** Column of the key or dash. */
  readonly owner: number;
  /** Column at which the line begins that is read. */
  line: number;
  /** How many brackets are open. */
  level: number;
}

/** What the node that is read next is, beside what is written there. */
interface NodePlace {
  /** Column of the key or dash that it is the value of; -1 for the root. */
  readonly owner: number;
  readonly anchor: string | undefined;
  /** Whether it has a line of its own with comments between that line and its key or dash. */
  readonly followsComment: boolean;
}

/**
 * Methods that read a node begin with {@link at} on its first character. They return undefined where the text turns out
 * not to be simple; else they leave the position at the next line with text, and set {@link reach}.
 */
class SimpleReader {
  private readonly text: string;
  private at = 0;
  /** The column of the first character of the line on which `at` is after {@link toContent}; -1 at the end. */
  private column = -1;
  /** Where the node that was read last ends, together with the comments that the full reader counts among it. */
  private reach = 0;
  /** The end of the comments passed over by {@link toContent} that belong to the node before them; -1 for none. */
  private attachedEnd = -1;
  /** The end of the others, which belong to the first collection around them that is not deeper; -1 for none. */
  private looseEnd = -1;
  /** The column of the one of these that is indented deepest. */
  private looseColumn = -1;
  /** Where the last block scalar ends. */
  private blockEnd = -1;
  private levels = 0;
  /** How far the next line must be indented for a scalar to go on there, as the full reader counts it. */
  private least = 0;
  /** What the full reader would blame for what stopped this one; undefined where that is hard to tell. */
  private blamed: TextRange | undefined;
  private isFirst = false;

  constructor(text: string) {
    this.text = text;
  }

  read(): SimpleAttempt | typeof notSimple {
    this.toContent(everyColumn);
    if (this.column < 0) return { root: undefined };
    const root = this.readNode({ owner: -1, anchor: undefined, followsComment: true }, this.column);
    if (root && this.column < 0) return { root };
    return !root && this.blamed ? { blamed: this.blamed, isFirst: this.isFirst } : notSimple;
  }

  /** Reads a node that may be a block collection: at the beginning of a line, or behind a dash. */
  private readNode(place: NodePlace, column: number): ValueNode | undefined {
    const code = this.codeAt(this.at);
    if (this.isDashAt(this.at)) return this.readList(place.anchor, column);
    const start = this.at;
    const isQuoted = code === DOUBLE_QUOTE || code === SINGLE_QUOTE;
    if (!isQuoted && !this.beginsPlain()) return this.readInline(place, column);
    const key = this.readKey(column);
    if (key) return this.readMap(place.anchor, column, key);
    this.at = start;
    return this.readInline(place, column);
  }

  private readMap(anchor: string | undefined, column: number, firstKey: ScalarNode): MapNode | undefined {
    if (++this.levels > mostLevels) return undefined;
    const entries: MapEntry[] = [];
    let key = firstKey;
    for (;;) {
      const colon = this.at;
      this.least = column + 1;
      const value: ValueNode | undefined = this.readValue(column, colon + 1);
      if (!value) return undefined;
      entries.push({ key, colon, value });
      if (this.column !== column) break;
      const start = this.at;
      const next = this.beginsKey() ? this.readKey(column) : undefined;
      if (!next) {
        this.blameInMap(start);
        return undefined;
      }
      key = next;
    }
    if (this.column > column) {
      this.blameDeeper(true);
      return undefined;
    }
    this.levels--;
    const range = { start: firstKey.range.start, end: this.trimmed(this.reach) };
    this.keepLooseComments(column);
    return mapNode(range, anchor, false, column, entries);
  }

  /** Reads what follows a colon. */
  private readValue(column: number, start: number): ValueNode | undefined {
    this.at = start;
    this.skipSpaces();
    if (this.isLineOver()) return this.readBelow(column, undefined, true, start);
    if (this.codeAt(this.at) !== AMPERSAND)
      return this.readInline({ owner: column, anchor: undefined, followsComment: false }, column);
    const anchor = this.readAnchor();
    if (anchor === undefined) return undefined;
    if (this.isLineOver()) return this.readBelow(column, anchor, true, start);
    return this.readInline({ owner: column, anchor, followsComment: false }, column);
  }

  private readList(anchor: string | undefined, column: number): ListNode | undefined {
    if (++this.levels > mostLevels) return undefined;
    const start = this.at;
    const items: ValueNode[] = [];
    do {
      const item = this.readItem(column);
      if (!item) return undefined;
      items.push(item);
    } while (this.column === column && this.isDashAt(this.at));
    if (this.column > column) {
      this.blameDeeper(false);
      return undefined;
    }
    this.levels--;
    const range = { start, end: this.trimmed(this.reach) };
    this.keepLooseComments(column);
    return listNode(range, anchor, false, items);
  }

  /** Reads a dash and what follows it. */
  private readItem(column: number): ValueNode | undefined {
    const dash = this.at;
    this.at = dash + 1;
    this.least = column + 1;
    this.skipSpaces();
    if (this.isLineOver()) return this.readBelow(column, undefined, false, this.at);
    const ownColumn = column + this.at - dash;
    if (this.codeAt(this.at) !== AMPERSAND)
      return this.readNode({ owner: column, anchor: undefined, followsComment: false }, ownColumn);
    const anchor = this.readAnchor();
    if (anchor === undefined) return undefined;
    if (this.isLineOver()) return this.readBelow(column, anchor, false, this.at);
    return this.readInline({ owner: column, anchor, followsComment: false }, ownColumn);
  }

  /**
   * Reads the value of a key or dash that has nothing behind it on its line but a comment.
   * @param owner Column of the key or dash.
   * @param ofKey Whether it is a key: a list below it need not be indented.
   * @param emptyAt Where the value is if there is none.
   */
  private readBelow(
    owner: number,
    anchor: string | undefined,
    ofKey: boolean,
    emptyAt: number,
  ): ValueNode | undefined {
    const commentEnd = this.endLine();
    this.toContent(everyColumn);
    if (this.column > owner)
      return this.readNode({ owner, anchor, followsComment: this.least <= owner }, this.column);
    if (ofKey && this.column === owner && this.isDashAt(this.at)) return this.readList(anchor, owner);
    if (anchor !== undefined) return undefined;
    this.reach = Math.max(emptyAt, commentEnd, this.looseEnd);
    this.looseEnd = -1;
    return emptyNode(emptyAt);
  }

  /**
   * Reads a value that is no block collection, and the line to its end.
   * @param lineColumn The column of what comes first on the line after its dashes.
   */
  private readInline(place: NodePlace, lineColumn: number): ValueNode | undefined {
    const { owner, anchor } = place;
    const { at: start } = this;
    const code = this.codeAt(start);
    if (code === DOUBLE_QUOTE || code === SINGLE_QUOTE) {
      const quoted = this.readQuoted(anchor);
      if (quoted) return this.ended(quoted, owner);
      this.blameOpenQuote(start, false);
      return undefined;
    }
    if (code === STAR) return anchor === undefined ? this.ended(this.readAlias(), owner) : undefined;
    // After a comment, the full reader may be wrong about where the lines of a value end.
    if (place.followsComment) return undefined;
    if (code === BRACKET || code === BRACE) {
      const flow = this.readFlow({ owner, line: lineColumn, level: 0 }, anchor);
      if (flow) return this.ended(flow, owner);
      this.blameOpenBracket(start);
      return undefined;
    }
    if (code === PIPE || code === GREATER) return this.readBlockScalar(owner, anchor);
    if (this.isDashAt(start)) {
      this.blameDash(start);
      return undefined;
    }
    return this.beginsPlain() ? this.ended(this.readPlain(owner, anchor), owner) : undefined;
  }

  /** Goes on to the next line with text after a value, if there is nothing but a comment behind it. */
  private ended<Node extends ValueNode>(node: Node | undefined, owner: number): Node | undefined {
    if (!node) return undefined;
    const end = this.at;
    this.skipSpaces();
    if (!this.isLineOver() && this.codeAt(this.at) !== HASH) {
      this.blameRest();
      return undefined;
    }
    this.reach = Math.max(end, this.endLine());
    this.toContent(owner);
    if (this.attachedEnd >= 0) this.reach = this.attachedEnd;
    return node;
  }

  /** Reads a key and stops at its colon; undefined if there is none on the line. */
  private readKey(column: number): ScalarNode | undefined {
    const { text, at: start } = this;
    const code = this.codeAt(start);
    if (column === 0 && (text.startsWith('---', start) || text.startsWith('...', start))) return undefined;
    if (code === DOUBLE_QUOTE || code === SINGLE_QUOTE) {
      const key = this.readQuoted(undefined);
      this.skipSpaces();
      return this.isColonAt(this.at) ? key : undefined;
    }
    const end = this.passPlain();
    return this.isColonAt(this.at) ? plainNode(start, end, text.slice(start, end), undefined) : undefined;
  }

  private beginsKey(): boolean {
    const code = this.codeAt(this.at);
    return code === DOUBLE_QUOTE || code === SINGLE_QUOTE || this.beginsPlain();
  }

  /** Says whether a plain scalar can begin here, outside of brackets. */
  private beginsPlain(): boolean {
    const code = this.codeAt(this.at);
    if (code >= LETTER_A && code <= LETTER_Z) return true;
    switch (code) {
      case DASH:
      case QUESTION:
      case COLON:
        return !this.isSpaceAt(this.at + 1);
      case BANG:
      case DOUBLE_QUOTE:
      case HASH:
      case PERCENT:
      case AMPERSAND:
      case SINGLE_QUOTE:
      case STAR:
      case COMMA:
      case GREATER:
      case AT:
      case BRACKET:
      case BRACKET_END:
      case BACKTICK:
      case BRACE:
      case PIPE:
      case BRACE_END:
      case BYTE_ORDER_MARK:
        return false;
      default:
        return code > SPACE;
    }
  }

  /**
   * Passes over the plain text on a line.
   * @returns Where it ends. The position is behind the spaces after it: at a colon, a comment, or the line's end.
   */
  private passPlain(): number {
    const { text } = this;
    const { length } = text;
    let at = this.at;
    let end = at;
    for (; at < length; at++) {
      const code = text.charCodeAt(at);
      if (code > COLON) end = at + 1;
      else if (code === COLON) {
        if (this.isSpaceAt(at + 1)) break;
        end = at + 1;
      } else if (code === HASH) {
        if (end < at) break;
        end = at + 1;
      } else if (code > SPACE) end = at + 1;
      else if (code === LF || code === CR || code === TAB) break;
      else if (code !== SPACE) end = at + 1;
    }
    this.at = at;
    return end;
  }

  /**
   * Blames what stands where a key should, at the column of a map's keys.
   * @param start Where it begins.
   */
  private blameInMap(start: number): void {
    this.at = start;
    const code = this.codeAt(start);
    if (this.column === 0 && this.isMarkerAt(start)) return;
    if (this.isDashAt(start)) {
      const place = this.placeAfterValue(start);
      if (place >= 0 && this.isRestPlain()) this.blame(place, place);
    } else if (code === DOUBLE_QUOTE || code === SINGLE_QUOTE) {
      if (!this.readQuoted(undefined)) {
        this.blameOpenQuote(start, true);
        return undefined;
      }
      this.skipSpaces();
      if (this.isLineOver()) this.blame(start, start);
    } else if (this.beginsPlain()) {
      const end = this.passPlainLines();
      if (end >= 0 && this.isRestPlain()) this.blame(start, end);
    }
  }

  /**
   * Blames what stands deeper than the keys or dashes before it without being a value of theirs.
   * @param inMap Whether they are keys.
   */
  private blameDeeper(inMap: boolean): void {
    const { text, at: start } = this;
    const isDash = this.isDashAt(start);
    if (isDash ? !inMap : !this.beginsPlain()) return;
    const place = this.placeAfterValue(start);
    if (place < 0) return;
    const end = isDash ? start : this.passPlainLines();
    if (end < 0 || !this.isRestPlain()) return;
    if (place === start) this.blame(start, inMap || this.isColonAt(this.at) ? end : start);
    else if (inMap && !isDash && this.isBreakAt(place)) {
      const next = text.indexOf('\n', place) + 1;
      this.blame(next, next);
    } else this.blame(place, place);
  }

  /**
   * Where the full reader says that something is wrong which follows a value on a line of its own: at its end.
   * @param start Where that something begins.
   * @returns The same offset if it is on the next line; -1 where that is hard to tell.
   */
  private placeAfterValue(start: number): number {
    const { text } = this;
    const end = this.trimmed(this.reach);
    const line = text.slice(lineStartAt(text, end), end);
    const place = this.lineEnd(end) + 1;
    if (place === lineStartAt(text, start)) return /[:-](?:\s+#.*)?$/.test(line) ? -1 : start;
    return this.reach === this.blockEnd || /[:-]$|#/.test(line) ? -1 : place;
  }

  /** Blames plain text behind a value on its line. */
  private blameRest(): void {
    const { at: start } = this;
    if (this.beginsPlain() && this.passPlainLines() >= 0 && !this.isColonAt(this.at))
      this.blame(start, start);
  }

  /** Blames a dash behind a key, which the full reader notices before it looks for anything else. */
  private blameDash(start: number): void {
    const next = this.nextLine(this.lineEnd(start));
    if ((next >= 0 && this.columnOf(next) >= this.least) || !this.isRestPlain()) return;
    this.isFirst = true;
    this.blame(start, start);
  }

  /** Blames a quote that is not closed before a line that cannot be part of the scalar. */
  private blameOpenQuote(start: number, isKey: boolean): void {
    const { text } = this;
    const quote = text.charAt(start);
    const closing = text.indexOf(quote, start + 1);
    let end = closing < 0 ? text.length : this.lineEnd(start);
    for (let next = this.nextLine(end); next >= 0; next = this.nextLine(end)) {
      if (this.columnOf(next) < this.least) {
        end = lineStartAt(text, next) - 1;
        break;
      }
      end = this.lineEnd(next);
    }
    if (closing >= 0 && (closing < end || this.isQuoteEscaped(closing))) return;
    if (isKey || !text.slice(start, end).includes('\\')) this.blame(start, start);
  }

  /** Says whether a quote may be part of the text that it seems to end. */
  private isQuoteEscaped(at: number): boolean {
    return this.codeAt(at - 1) === BACKSLASH || this.codeAt(at + 1) === SINGLE_QUOTE;
  }

  /** Blames a bracket that is not closed on its line, where the next line cannot be in brackets. */
  private blameOpenBracket(start: number): void {
    const { text } = this;
    const end = this.lineEnd(start);
    const inside = text.slice(start, end).replace(/"[^"\\]*"|'[^']*'/g, '');
    if (!/^[[{](?:[\w .,/[{-]|(?<=\w):)*\r?$/.test(inside) || /-\s/.test(inside)) return;
    const next = this.nextLine(end);
    if (next >= 0) {
      if (this.columnOf(next) >= this.least || !simpleKey.test(text.slice(next, this.lineEnd(next)))) return;
    }
    this.blame(start, start);
  }

  /** Says whether what is left of the line is written in the most usual way. */
  private isRestPlain(): boolean {
    const rest = this.text.slice(this.at, this.lineEnd(this.at));
    return isPlainLine(rest.startsWith(':') ? `a${rest}` : rest);
  }

  private columnOf(at: number): number {
    return at - lineStartAt(this.text, at);
  }

  /** Notes which of the lines of some text the full reader blames. */
  private blame(start: number, end: number): void {
    const { text } = this;
    const first = lineStartAt(text, start);
    const last = lineStartAt(text, end);
    let blamed = { start, end: start };
    if (first < last)
      blamed = indentAt(text, last) > indentAt(text, first) ? { start: last, end } : { start, end: last - 1 };
    const deeper = text.slice(this.lineEnd(blamed.end), withDeeperLines(text, blamed).end);
    if (deeper.split('\n').every(isPlainLine)) this.blamed = blamed;
  }

  /**
   * Passes over plain text with the lines on which the full reader goes on with it.
   * @returns Where it ends; -1 where that is hard to tell.
   */
  private passPlainLines(): number {
    const { least } = this;
    // What the full reader expects after a block scalar depends on the blank lines between.
    if (this.reach === this.blockEnd && this.isSpaceAt(this.at + 1)) return -1;
    let end = this.passPlain();
    while (this.isBreakAt(this.at)) {
      const next = this.nextLine(this.at);
      if (next < 0 || this.codeAt(next) === HASH) break;
      const column = this.columnOf(next);
      if (column < least) break;
      if (this.isColonAt(next) || (column === 0 && this.isMarkerAt(next))) return -1;
      this.at = next;
      end = this.passPlain();
    }
    return this.codeAt(this.at) === TAB ? -1 : end;
  }

  private isMarkerAt(at: number): boolean {
    return this.text.startsWith('---', at) || this.text.startsWith('...', at);
  }

  /** The first character of the next line with text after a line break; -1 if there is none. */
  private nextLine(lineBreak: number): number {
    let at = lineBreak;
    for (;;) {
      const code = this.codeAt(at);
      if (code === END) return -1;
      if (code !== SPACE && code !== LF && code !== CR) return at;
      at++;
    }
  }

  /** Reads a plain scalar with the lines on which it goes on. */
  private readPlain(owner: number, anchor: string | undefined): ScalarNode | undefined {
    const { text, at: start } = this;
    let end = this.passPlain();
    let startsLine = false;
    let content = text.slice(start, end);
    while (this.isBreakAt(this.at)) {
      const lineBreaks = this.toContinuation(owner);
      if (lineBreaks === 0) break;
      const from = this.at;
      end = this.passPlain();
      startsLine = this.isColonAt(from);
      content += (lineBreaks === 1 ? ' ' : '\n'.repeat(lineBreaks - 1)) + text.slice(from, end);
    }
    if (this.isColonAt(this.at)) {
      if (anchor === undefined && !startsLine && this.isRestPlain()) this.blame(start, end);
      return undefined;
    }
    this.at = end;
    return plainNode(start, end, content, anchor);
  }

  /**
   * Goes on to the next line with text if it belongs to the plain scalar before it.
   * @returns How many line breaks are between; 0 for a line that does not belong to it.
   */
  private toContinuation(owner: number): number {
    let lineBreaks = 0;
    let at = this.at;
    for (;;) {
      const start = this.lineAfter(at);
      lineBreaks++;
      at = this.afterSpaces(start);
      const code = this.codeAt(at);
      if (code === LF || code === CR) continue;
      if (code === END || code === HASH || at - start <= owner) return 0;
      this.at = at;
      return lineBreaks;
    }
  }

  /** Reads a quoted scalar that ends on its line. */
  private readQuoted(anchor: string | undefined): ScalarNode | undefined {
    const start = this.at;
    const isDouble = this.codeAt(start) === DOUBLE_QUOTE;
    const content = isDouble ? this.readDoubleQuoted() : this.readSingleQuoted();
    if (content === undefined) return undefined;
    const style = isDouble ? 'double' : 'single';
    return scalarNode({ start, end: this.at }, anchor, style, content, resolveQuoted(content));
  }

  private readSingleQuoted(): string | undefined {
    const { text } = this;
    const start = this.at + 1;
    let hasQuotes = false;
    for (let at = start; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === LF) return undefined;
      if (code !== SINGLE_QUOTE) continue;
      if (this.codeAt(at + 1) !== SINGLE_QUOTE) {
        this.at = at + 1;
        const content = text.slice(start, at);
        return hasQuotes ? content.replaceAll("''", "'") : content;
      }
      hasQuotes = true;
      at++;
    }
    return undefined;
  }

  private readDoubleQuoted(): string | undefined {
    const { text } = this;
    let from = this.at + 1;
    let content = '';
    for (let at = from; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === LF) return undefined;
      if (code === DOUBLE_QUOTE) {
        this.at = at + 1;
        return content + text.slice(from, at);
      }
      if (code !== BACKSLASH) continue;
      const escaped = escapes.get(text.charAt(at + 1));
      if (escaped === undefined) return undefined;
      content += text.slice(from, at) + escaped;
      at++;
      from = at + 1;
    }
    return undefined;
  }

  private readAlias(): AliasNode | undefined {
    const start = this.at;
    const name = this.readName();
    return name === undefined
      ? undefined
      : { kind: 'alias', range: { start, end: start + 1 + name.length }, name };
  }

  /** Reads an anchor and the spaces after it. */
  private readAnchor(): string | undefined {
    const name = this.readName();
    if (name === undefined || !this.isSpaceAt(this.at)) return undefined;
    this.skipSpaces();
    return name;
  }

  /** Reads the name after `&` or `*`. */
  private readName(): string | undefined {
    const { text } = this;
    const start = this.at + 1;
    let at = start;
    while (!endsName(this.codeAt(at))) at++;
    this.at = at;
    return at === start || text.charCodeAt(at - 1) === COLON ? undefined : text.slice(start, at);
  }

  /** Reads a list or a map in brackets. */
  private readFlow(place: FlowPlace, anchor: string | undefined): ListNode | MapNode | undefined {
    if (++place.level > mostLevels) return undefined;
    const start = this.at;
    const column = place.line;
    const isMap = this.codeAt(start) === BRACE;
    const entries: MapEntry[] = [];
    const items: ValueNode[] = [];
    const closing = isMap ? BRACE_END : BRACKET_END;
    this.at++;
    let code = this.toFlowToken(place);
    while (code !== closing) {
      if (code === END) return undefined;
      const part = isMap ? this.readFlowEntry(place) : this.readFlowValue(place);
      if (!part) return undefined;
      if ('key' in part) entries.push(part);
      else items.push(part);
      code = this.toFlowToken(place);
      if (code === COMMA) {
        this.at++;
        code = this.toFlowToken(place);
      } else if (code !== closing) return undefined;
    }
    place.level--;
    this.at++;
    const range = { start, end: this.at };
    return isMap ? mapNode(range, anchor, true, column, entries) : listNode(range, anchor, true, items);
  }

  private readFlowEntry(place: FlowPlace): MapEntry | undefined {
    const code = this.codeAt(this.at);
    const isQuoted = code === DOUBLE_QUOTE || code === SINGLE_QUOTE;
    const key = isQuoted ? this.readQuoted(undefined) : this.readFlowPlain();
    if (!key) return undefined;
    this.skipSpaces();
    const colon = this.at;
    if (this.codeAt(colon) !== COLON) return undefined;
    this.at++;
    this.skipSpaces();
    const next = this.codeAt(this.at);
    if (next !== COMMA && next !== BRACE_END) {
      const value = this.readFlowValue(place);
      return value && { key, colon, value };
    }
    return { key, colon, value: emptyNode(colon + 1) };
  }

  private readFlowValue(place: FlowPlace): ValueNode | undefined {
    const code = this.codeAt(this.at);
    if (code === DOUBLE_QUOTE || code === SINGLE_QUOTE) return this.readQuoted(undefined);
    if (code === BRACKET || code === BRACE) return this.readFlow(place, undefined);
    return code === STAR ? this.readAlias() : this.readFlowPlain();
  }

  /** Reads a plain scalar in brackets that ends on its line. */
  private readFlowPlain(): ScalarNode | undefined {
    const { text, at: start } = this;
    const first = this.codeAt(start);
    if (!this.beginsPlain() || first === COLON || first === QUESTION) return undefined;
    let end = start;
    let at = start;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === LF || code === CR || code === TAB || isFlowIndicator(code)) break;
      if (code === COLON && (this.isSpaceAt(at + 1) || isFlowIndicator(this.codeAt(at + 1)))) break;
      if (code === HASH && end < at) break;
      if (code !== SPACE) end = at + 1;
    }
    if (first === DASH && end === start + 1) return undefined;
    this.at = end;
    return plainNode(start, end, text.slice(start, end), undefined);
  }

  /**
   * Goes on to the next character in brackets that is no space and in no comment.
   * @returns Its code; {@link END} where the text is not simple.
   */
  private toFlowToken(place: FlowPlace): number {
    let startsLine = false;
    for (;;) {
      const start = this.at;
      this.skipSpaces();
      const code = this.codeAt(this.at);
      if (code === LF || code === CR) {
        this.at = this.lineAfter(this.at);
        place.line = this.afterSpaces(this.at) - this.at;
        startsLine = true;
      } else if (code !== HASH) return startsLine && !this.mayBeginFlowLine(place, code) ? END : code;
      else if (this.at > start) this.at = this.lineEnd(this.at);
      else return END;
    }
  }

  private mayBeginFlowLine({ owner, line, level }: FlowPlace, code: number): boolean {
    return line > owner || (line === owner && level === 1 && (code === BRACKET_END || code === BRACE_END));
  }

  /** Reads a `|` or `>` scalar with its lines. */
  private readBlockScalar(owner: number, anchor: string | undefined): ScalarNode | undefined {
    const { at: start } = this;
    const isFolded = this.codeAt(start) === GREATER;
    this.at++;
    const chomping = this.codeAt(this.at);
    if (chomping === PLUS || chomping === DASH) this.at++;
    if (!this.isSpaceAt(this.at)) return undefined;
    this.skipSpaces();
    if (!this.isLineOver()) return undefined;
    this.endLine();
    const lines = new BlockLines(isFolded);
    const end = this.readLines(owner, lines);
    if (end < 0) return undefined;
    const content = chomping === DASH ? lines.content : lines.content + this.lastBreaks(lines, chomping);
    this.reach = end;
    this.blockEnd = end;
    const range = { start, end: this.trimmed(end) };
    this.toContent(everyColumn);
    return scalarNode(range, anchor, 'block', content, resolveQuoted(content));
  }

  /** The line breaks after a block scalar's last line that belong to it. */
  private lastBreaks(lines: BlockLines, chomping: number): string {
    if (this.isAtEnd() && this.codeAt(this.at - 1) !== LF) return '';
    return chomping === PLUS ? '\n'.repeat(lines.blanks + 1) : '\n';
  }

  /**
   * Reads the lines of a block scalar and stops at the start of the line after them.
   * @returns Where the last one ends; -1 where the text is not simple.
   */
  private readLines(owner: number, lines: BlockLines): number {
    const { text } = this;
    let indent = -1;
    let deepestBlank = 0;
    let end = -1;
    for (;;) {
      const start = this.at;
      const first = this.afterSpaces(start);
      const column = first - start;
      const code = this.codeAt(first);
      if (code === LF || code === CR) {
        if (indent < 0) deepestBlank = Math.max(deepestBlank, column);
        if (indent < 0 || column <= indent) lines.addBlank();
        else lines.add(text.slice(start + indent, first), true);
      } else {
        if (indent < 0 && column > owner && column >= deepestBlank && code !== TAB)
          this.least = indent = column;
        if (code === END ? column > 0 : code === TAB && column < indent) return -1;
        if (code === END || indent < 0 || column < indent) return end;
        end = this.lineEnd(first);
        const last = this.codeAt(end - 1) === CR ? end - 1 : end;
        lines.add(text.slice(start + indent, last), column > indent || code === TAB);
      }
      this.at = this.lineAfter(code === LF || code === CR ? first : end);
    }
  }

  /**
   * Passes over blank lines and comments, from the start of a line to the first character of the next one with text.
   * @param owner Column of the collection that is read. Comments deeper than that belong to the node before them,
   *   as long as no other comment is between.
   */
  private toContent(owner: number): void {
    const { text } = this;
    const { length } = text;
    this.attachedEnd = -1;
    this.looseEnd = -1;
    this.looseColumn = -1;
    let start = this.at;
    while (start < length) {
      let at = start;
      let code = text.charCodeAt(at);
      while (code === SPACE && ++at < length) code = text.charCodeAt(at);
      if (at - start < this.least && !this.isSpaceAt(at + 1)) this.least = at - start;
      if (code === HASH) {
        const end = this.lineEnd(at);
        this.noteComment(at - start, end, owner);
        start = end + 1;
      } else if (code === LF) start = at + 1;
      else if (code === CR) start = at + 2;
      else if (at === length) break;
      else {
        this.at = at;
        this.column = at - start;
        return;
      }
    }
    this.at = length;
    this.column = -1;
  }

  private noteComment(column: number, end: number, owner: number): void {
    if (column > owner && this.looseEnd < 0) this.attachedEnd = end;
    else {
      this.looseEnd = end;
      if (column > this.looseColumn) this.looseColumn = column;
    }
  }

  /** At the end of a block collection: the comments before the next line are part of it if they are not less deep. */
  private keepLooseComments(column: number): void {
    if (column === 0 || this.looseEnd < 0 || this.looseColumn < column) return;
    this.reach = this.looseEnd;
    this.looseEnd = -1;
  }

  /** Where the text before an offset ends, without the white space before it. */
  private trimmed(end: number): number {
    const { text } = this;
    let at = end;
    while (isWhiteSpace(text.charCodeAt(at - 1))) at--;
    return at;
  }

  /** Goes on to the next line from the comment or line break that ends a line; returns where it ends. */
  private endLine(): number {
    const hasComment = this.codeAt(this.at) === HASH;
    const end = hasComment ? this.lineEnd(this.at) : this.at;
    this.at = this.lineAfter(end);
    return hasComment ? end : -1;
  }

  /** Says whether there is only a comment left on the line, behind spaces, or nothing. */
  private isLineOver(): boolean {
    const code = this.codeAt(this.at);
    if (code === HASH) return this.codeAt(this.at - 1) === SPACE;
    return code === LF || code === CR || code === END;
  }

  private isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  private skipSpaces(): void {
    this.at = this.afterSpaces(this.at);
  }

  private afterSpaces(from: number): number {
    let at = from;
    while (this.codeAt(at) === SPACE) at++;
    return at;
  }

  /** The start of the line after the line break at an offset, or the end of the text. */
  private lineAfter(lineBreak: number): number {
    const code = this.codeAt(lineBreak);
    return code === END ? lineBreak : code === CR ? lineBreak + 2 : lineBreak + 1;
  }

  /** The offset of the line feed that ends the line with an offset, or the end of the text. */
  private lineEnd(from: number): number {
    const end = this.text.indexOf('\n', from);
    return end < 0 ? this.text.length : end;
  }

  private isDashAt(at: number): boolean {
    return this.codeAt(at) === DASH && this.isSpaceAt(at + 1);
  }

  private isColonAt(at: number): boolean {
    return this.codeAt(at) === COLON && this.isSpaceAt(at + 1);
  }

  private isBreakAt(at: number): boolean {
    const code = this.codeAt(at);
    return code === LF || code === CR;
  }

  private isSpaceAt(at: number): boolean {
    const code = this.codeAt(at);
    return code === SPACE || code === LF || code === CR || code === TAB || code === END;
  }

  private codeAt(at: number): number {
    return at < this.text.length ? this.text.charCodeAt(at) : END;
  }
}

/** Puts the lines of a block scalar together. */
class BlockLines {
  content = '';
  /** How many blank lines came after the last one with text. */
  blanks = 0;
  private readonly isFolded: boolean;
  /** What comes before the next line. */
  private separator = '';
  private wasDeeper = false;

  constructor(isFolded: boolean) {
    this.isFolded = isFolded;
  }

  addBlank(): void {
    this.blanks++;
  }

  /** @param isDeeper Whether it is indented deeper than the first line; such lines are not folded. */
  add(line: string, isDeeper: boolean): void {
    for (; this.blanks > 0; this.blanks--) this.takeBlank();
    if (!this.isFolded) {
      this.content += this.separator + line;
      this.separator = '\n';
      return;
    }
    if (isDeeper) {
      if (this.separator === ' ') this.separator = '\n';
      else if (!this.wasDeeper && this.separator === '\n') this.separator = '\n\n';
    }
    this.content += this.separator + line;
    this.separator = isDeeper ? '\n' : ' ';
    this.wasDeeper = isDeeper;
  }

  private takeBlank(): void {
    if (this.separator === ' ') this.separator = '\n';
    else this.content += '\n';
  }
}

function mapNode(
  range: TextRange,
  anchor: string | undefined,
  flow: boolean,
  column: number,
  entries: readonly MapEntry[],
): MapNode {
  return anchor === undefined
    ? { kind: 'map', range, flow, column, entries, unread: [] }
    : { kind: 'map', range, anchor, flow, column, entries, unread: [] };
}

function listNode(
  range: TextRange,
  anchor: string | undefined,
  flow: boolean,
  items: readonly ValueNode[],
): ListNode {
  return anchor === undefined
    ? { kind: 'list', range, flow, items }
    : { kind: 'list', range, anchor, flow, items };
}

function plainNode(start: number, end: number, text: string, anchor: string | undefined): ScalarNode {
  return scalarNode({ start, end }, anchor, 'plain', text, resolvePlain(text));
}

/** The value of a key or dash that has none. */
function emptyNode(at: number): ScalarNode {
  return scalarNode({ start: at, end: at }, undefined, 'plain', '', null);
}

function scalarNode(
  range: TextRange,
  anchor: string | undefined,
  style: ScalarNode['style'],
  text: string,
  value: ScalarValue,
): ScalarNode {
  return anchor === undefined
    ? { kind: 'scalar', range, style, text, value }
    : { kind: 'scalar', range, anchor, style, text, value };
}

function endsName(code: number): boolean {
  return code <= SPACE
    ? code === SPACE || code === LF || code === CR || code === TAB || code === END
    : isFlowIndicator(code);
}

function isFlowIndicator(code: number): boolean {
  return code === COMMA || code === BRACKET || code === BRACKET_END || code === BRACE || code === BRACE_END;
}

/** Says whether the character of a code is white space to `trim`. */
function isWhiteSpace(code: number): boolean {
  if (code === SPACE || (code >= TAB && code <= CR)) return true;
  return code >= NO_BREAK_SPACE && String.fromCharCode(code).trim() === '';
}

/** What stands for a character after a backslash; not for those that are written as numbers. */
const escapes = new Map<string, string>([
  ['0', '\0'],
  ['a', '\x07'],
  ['b', '\b'],
  ['e', '\x1B'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['N', '\x85'],
  ['_', '\xA0'],
  ['L', '\u2028'],
  ['P', '\u2029'],
  [' ', ' '],
  ['"', '"'],
  ['/', '/'],
  ['\\', '\\'],
]);

/** Says whether a line, if it stands somewhere by mistake, is no trouble beyond the place where it stands. */
function isPlainLine(line: string): boolean {
  return /^ *(?:-(?: +|$))*(?:[\w./-]+(?: [\w./-]+)*)?(?:(?<=\w):(?: +(?:\[\]|\{\}|"[^"\\]*"|'[^']*'|[\w./~](?:[^:#\t]|:(?=\S))*)?)?)? *(?:(?<= )#.*)?\r?$/.test(
    line,
  );
}

/** A line that begins with a key in its simplest form. */
const simpleKey = /^[\w.-]+:(?:\s|$)/;

/** A column that no comment is deeper than. */
const everyColumn = Infinity;

/** In place of a character's code after the end of the text. */
const END = -1;
