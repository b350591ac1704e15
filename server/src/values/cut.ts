import type { TextRange } from './tree';

/** A top-level entry of a values file: one key with everything below it, up to the next key. */
export interface Slice extends TextRange {
  /** The key's text without quotes; undefined for lines that belong to no key. */
  readonly key: string | undefined;
}

/** A values file cut into the pieces that can be read one by one. */
export interface Cut {
  /**
   * `map`: the slices are the entries of the root map. `whole`: the root is something else, or written in a way
   * that only a full read can tell apart, and there is one slice for the first document.
   */
  readonly shape: 'map' | 'whole';
  readonly slices: readonly Slice[];
  /** The column at which the keys of the root map stand; 0 where there are none. */
  readonly column: number;
  /** The first document of the file, the only one that Helm reads. */
  readonly document: TextRange;
}

/** Where the reading of a slice stands at the end of a line. */
type Context =
  /** Between tokens: the next line begins a key or a value. */
  | { readonly in: 'block' }
  /** In the lines of a `|` or `>` scalar whose owner stands at this column. */
  | { readonly in: 'blockScalar'; readonly column: number }
  /** In a plain scalar that may go on over lines indented deeper than its owner. */
  | { readonly in: 'plain'; readonly column: number };

const block: Context = { in: 'block' };

/** How far the search for a closing quote or bracket may go in all, as a multiple of the text's length. */
const searchBudget = 4;

/**
 * Cuts a values file into its top-level entries without reading their insides: knows comments, block scalars,
 * quotes and flow collections over several lines, document markers and directives. A quote or bracket that is
 * never closed ends with its line, so that half-typed text spoils one entry and not the rest of the file.
 * @param text The whole file.
 * @returns The slices in order, covering all of the first document.
 */
export function cutEntries(text: string): Cut {
  return new Cutter(text).cut();
}

class Cutter {
  private readonly text: string;
  private budget: number;

  constructor(text: string) {
    this.text = text;
    this.budget = searchBudget * text.length + 1000;
  }

  cut(): Cut {
    const { text } = this;
    const slices: { start: number; key: string | undefined }[] = [];
    let position = text.startsWith('\uFEFF') ? 1 : 0;
    let documentStart = position;
    let documentEnd = text.length;
    let rootColumn = -1;
    let context: Context = block;
    let started = false;

    while (position < text.length) {
      const lineEnd = this.lineEnd(position);
      const first = this.skipSpaces(position, lineEnd);
      const column = first - position;
      const code = first < lineEnd ? text.charCodeAt(first) : NaN;
      const blank = first >= lineEnd || code === CR;

      if (column === 0 && this.isMarker(position, '---')) {
        if (started || slices.length > 0) {
          documentEnd = position;
          break;
        }
        if (this.skipBlanks(position + 3, lineEnd) < this.contentEnd(position, lineEnd)) {
          const after = text.charCodeAt(this.skipBlanks(position + 3, lineEnd));
          if (after !== HASH) return this.whole(documentStart);
        }
        started = true;
        position = this.nextLine(lineEnd);
        documentStart = position;
        continue;
      }
      if (column === 0 && this.isMarker(position, '...')) {
        documentEnd = position;
        break;
      }
      if (context.in === 'blockScalar' && (blank || column > context.column)) {
        position = this.nextLine(lineEnd);
        continue;
      }
      if (blank || code === HASH) {
        if (code === HASH && context.in !== 'block') context = block;
        position = this.nextLine(lineEnd);
        continue;
      }
      if (context.in === 'plain' && column > context.column) {
        if (this.commentStart(first, lineEnd) < lineEnd) context = block;
        position = this.nextLine(lineEnd);
        continue;
      }
      if (rootColumn < 0) {
        if (code === PERCENT && column === 0) return this.whole(documentStart);
        if (!this.beginsEntry(first, lineEnd)) return this.whole(documentStart);
        rootColumn = column;
      }
      if (column < rootColumn) {
        // Helm's reader stops here, as after the end of a document.
        documentEnd = position;
        break;
      }
      if (column === rootColumn && !this.isDash(first, lineEnd)) {
        slices.push({ start: position, key: this.keyAt(first, lineEnd) });
      }
      const read = this.readLine(first, lineEnd, first - position);
      context = read.context;
      position = this.nextLine(this.lineEnd(read.end));
    }

    if (rootColumn < 0)
      return { shape: 'map', slices: [], column: 0, document: { start: documentStart, end: documentEnd } };
    return {
      shape: 'map',
      slices: slices.map((slice, index) => ({
        ...slice,
        start: index === 0 ? documentStart : slice.start,
        end: slices[index + 1]?.start ?? documentEnd,
      })),
      column: rootColumn,
      document: { start: documentStart, end: documentEnd },
    };
  }

  private whole(start: number): Cut {
    const document = { start, end: this.text.length };
    return { shape: 'whole', slices: [{ ...document, key: undefined }], column: 0, document };
  }

  /** Reads the tokens of a line, and of the lines that a quote or bracket on it takes in. */
  private readLine(
    from: number,
    firstLineEnd: number,
    firstColumn: number,
  ): { context: Context; end: number } {
    const { text } = this;
    let position = from;
    let lineEnd = firstLineEnd;
    let lineStart = from - firstColumn;
    let owner = firstColumn;
    for (;;) {
      position = this.skipBlanks(position, lineEnd);
      if (position >= this.contentEnd(lineStart, lineEnd)) return { context: block, end: position };
      const code = text.charCodeAt(position);
      if (code === HASH) return { context: block, end: lineEnd };
      if ((code === DASH || code === QUESTION) && this.isSpaceOrEnd(position + 1)) {
        owner = position - lineStart;
        position += 1;
      } else if (code === AMPERSAND || code === BANG) {
        position = this.wordEnd(position, lineEnd);
      } else if (code === PIPE || code === GREATER) {
        return { context: { in: 'blockScalar', column: owner }, end: lineEnd };
      } else if (code === DOUBLE_QUOTE || code === SINGLE_QUOTE || code === BRACE || code === BRACKET) {
        const isQuote = code === DOUBLE_QUOTE || code === SINGLE_QUOTE;
        const end = isQuote ? this.quoteEnd(position) : this.flowEnd(position);
        if (end === undefined || !this.endsToken(end)) return { context: block, end: lineEnd };
        const column = position - lineStart;
        position = end;
        if (position > lineEnd) {
          lineEnd = this.lineEnd(position);
          lineStart = text.lastIndexOf('\n', position - 1) + 1;
        }
        const colon = this.skipBlanks(position, lineEnd);
        if (text.charCodeAt(colon) === COLON && this.isSpaceOrEnd(colon + 1)) {
          owner = column;
          position = colon + 1;
        }
      } else {
        const colon = this.plainKeyEnd(position, lineEnd);
        if (colon === undefined) {
          const comment = this.commentStart(position, lineEnd);
          return { context: comment < lineEnd ? block : { in: 'plain', column: owner }, end: lineEnd };
        }
        owner = position - lineStart;
        position = colon + 1;
      }
    }
  }

  /** The offset after a quote's closing mark, or undefined when it has none that makes sense. */
  private quoteEnd(start: number): number | undefined {
    const { text } = this;
    const quote = text.charCodeAt(start);
    let lineStart = start;
    for (let position = start + 1; position < text.length; position++) {
      const code = text.charCodeAt(position);
      if (code === BACKSLASH && quote === DOUBLE_QUOTE) position++;
      else if (code === quote) {
        if (quote === SINGLE_QUOTE && text.charCodeAt(position + 1) === SINGLE_QUOTE) position++;
        else return position + 1;
      } else if (code === LF) {
        if (!this.spend(position - lineStart) || this.beginsEntryOrMarker(position + 1)) return undefined;
        lineStart = position;
      }
    }
    return undefined;
  }

  /** The offset after a flow collection's last bracket, or undefined when brackets or quotes do not pair. */
  private flowEnd(start: number): number | undefined {
    const { text } = this;
    const closers: number[] = [];
    let atToken = true;
    for (let position = start; position < text.length; position++) {
      const code = text.charCodeAt(position);
      if (code === BRACE || code === BRACKET) {
        closers.push(code + 2);
        atToken = true;
      } else if (code === BRACE + 2 || code === BRACKET + 2) {
        if (closers.pop() !== code) return undefined;
        if (closers.length === 0) return position + 1;
        atToken = false;
      } else if (atToken && (code === DOUBLE_QUOTE || code === SINGLE_QUOTE)) {
        const end = this.quoteEnd(position);
        if (end === undefined) return undefined;
        position = end - 1;
        atToken = false;
      } else if (code === HASH && this.isBlank(position - 1)) {
        position = this.lineEnd(position) - 1;
      } else if (code === LF) {
        if (!this.spend(1) || this.isMarker(position + 1, '---')) return undefined;
        atToken = true;
      } else if (code === COMMA || code === COLON) atToken = true;
      else if (code !== SPACE && code !== TAB && code !== CR) atToken = false;
    }
    this.spend(text.length - start);
    return undefined;
  }

  private spend(cost: number): boolean {
    this.budget -= cost;
    return this.budget > 0;
  }

  /** A closing quote or bracket is real when nothing but a comment, a comma or a colon follows it on its line. */
  private endsToken(end: number): boolean {
    const lineEnd = this.lineEnd(end);
    const next = this.skipBlanks(end, lineEnd);
    if (next >= lineEnd) return true;
    const code = this.text.charCodeAt(next);
    return code === CR || code === HASH || code === COLON;
  }

  /** Says whether the root map can begin here: a key with its colon, and not a list, a flow map or a scalar. */
  private beginsEntry(first: number, lineEnd: number): boolean {
    const code = this.text.charCodeAt(first);
    if (code === DOUBLE_QUOTE || code === SINGLE_QUOTE) {
      const end = this.quoteEnd(first);
      return (
        end !== undefined && end <= lineEnd && this.text.charCodeAt(this.skipBlanks(end, lineEnd)) === COLON
      );
    }
    if (
      code === BRACE ||
      code === BRACKET ||
      code === QUESTION ||
      code === AMPERSAND ||
      code === BANG ||
      code === STAR
    ) {
      return false;
    }
    if (code === PIPE || code === GREATER || this.isDash(first, lineEnd)) return false;
    return true;
  }

  /** Inside a quote over lines: a line at the very left that reads like a key shows that the quote was left open. */
  private beginsEntryOrMarker(lineStart: number): boolean {
    keyLine.lastIndex = lineStart;
    return keyLine.test(this.text) || this.isMarker(lineStart, '---') || this.isMarker(lineStart, '...');
  }

  private keyAt(first: number, lineEnd: number): string | undefined {
    const code = this.text.charCodeAt(first);
    if (code === DOUBLE_QUOTE || code === SINGLE_QUOTE) {
      const end = this.quoteEnd(first);
      const content = end === undefined || end > lineEnd ? undefined : this.text.slice(first + 1, end - 1);
      return content?.includes('\\') ? undefined : content?.replaceAll("''", "'");
    }
    if (code === AMPERSAND || code === BANG || code === STAR || code === QUESTION) return undefined;
    const colon = this.plainKeyEnd(first, lineEnd);
    return colon === undefined ? undefined : this.text.slice(first, colon).replace(/[ \t]+$/, '');
  }

  /** The offset of the colon that ends a plain key, or undefined when the text is not a key. */
  private plainKeyEnd(start: number, lineEnd: number): number | undefined {
    for (let position = start; position < lineEnd; position++) {
      const code = this.text.charCodeAt(position);
      if (code === COLON && this.isSpaceOrEnd(position + 1)) return position;
      if (code === HASH && position > start && this.isBlank(position - 1)) return undefined;
    }
    return undefined;
  }

  private commentStart(start: number, lineEnd: number): number {
    for (let position = start + 1; position < lineEnd; position++) {
      if (this.text.charCodeAt(position) === HASH && this.isBlank(position - 1)) return position;
    }
    return lineEnd;
  }

  private isMarker(lineStart: number, marker: string): boolean {
    return this.text.startsWith(marker, lineStart) && this.isSpaceOrEnd(lineStart + 3);
  }

  private isDash(first: number, lineEnd: number): boolean {
    return this.text.charCodeAt(first) === DASH && (first + 1 >= lineEnd || this.isSpaceOrEnd(first + 1));
  }

  private isBlank(position: number): boolean {
    const code = this.text.charCodeAt(position);
    return code === SPACE || code === TAB || code === LF || code === CR;
  }

  private isSpaceOrEnd(position: number): boolean {
    return position >= this.text.length || this.isBlank(position);
  }

  private skipSpaces(position: number, lineEnd: number): number {
    while (position < lineEnd && this.text.charCodeAt(position) === SPACE) position++;
    return position;
  }

  private skipBlanks(position: number, lineEnd: number): number {
    while (
      position < lineEnd &&
      (this.text.charCodeAt(position) === SPACE || this.text.charCodeAt(position) === TAB)
    ) {
      position++;
    }
    return position;
  }

  private wordEnd(position: number, lineEnd: number): number {
    while (position < lineEnd && !this.isBlank(position)) position++;
    return position;
  }

  private lineEnd(position: number): number {
    const end = this.text.indexOf('\n', position);
    return end < 0 ? this.text.length : end;
  }

  private contentEnd(lineStart: number, lineEnd: number): number {
    return lineEnd > lineStart && this.text.charCodeAt(lineEnd - 1) === CR ? lineEnd - 1 : lineEnd;
  }

  private nextLine(lineEnd: number): number {
    return Math.min(lineEnd + 1, this.text.length);
  }
}

const keyLine = /[A-Za-z_][\w.-]*:(?:[ \t\r\n]|$)/y;

const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;
const BANG = 33;
const DOUBLE_QUOTE = 34;
const HASH = 35;
const PERCENT = 37;
const AMPERSAND = 38;
const SINGLE_QUOTE = 39;
const STAR = 42;
const COMMA = 44;
const DASH = 45;
const COLON = 58;
const GREATER = 62;
const QUESTION = 63;
const BRACKET = 91;
const BACKSLASH = 92;
const BRACE = 123;
const PIPE = 124;
