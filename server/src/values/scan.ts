import {
  AMPERSAND,
  BACKSLASH,
  BANG,
  BRACE,
  BRACKET,
  BYTE_ORDER_MARK,
  COLON,
  COMMA,
  CR,
  DASH,
  DOUBLE_QUOTE,
  GREATER,
  HASH,
  LF,
  PERCENT,
  PIPE,
  QUESTION,
  SINGLE_QUOTE,
  SPACE,
  STAR,
  TAB,
} from './characters';
import { deepestNesting } from './nesting';

/** All that the reading of a line depends on, beside the text from there on. */
export interface ScanState {
  /**
   * `top`: at the very start. `head`: before the first key. `started`: the same, after a `---`. `map`: among the
   * entries of the root map. `whole`: the root is something else, or written in a way that only a full read can tell
   * apart. `over`: the document ended without a key.
   */
  readonly phase: 'top' | 'head' | 'started' | 'map' | 'whole' | 'over';
  /** The column at which the keys of the root map stand; 0 outside of `map`. */
  readonly rootColumn: number;
  /**
   * `block`: the line begins a key or a value. `blockScalar`: it may be one of a `|` or `>` scalar. `plain`: it may go
   * on with a plain scalar.
   */
  readonly context: 'block' | 'blockScalar' | 'plain';
  /** The column at which the owner of that scalar stands; 0 in `block`. */
  readonly owner: number;
  /** How many quotes and brackets of the entry were searched for their end over lines in vain. */
  readonly failures: number;
}

/** What begins with the first line of a piece. */
export type PieceRole =
  /** A key of the root map with everything below it. */
  | 'entry'
  /** The line `---` before the document. */
  | 'marker'
  /** What Helm does not read any more: a second document, or a line that ends the first. */
  | 'end'
  /** A document that is not cut into entries. */
  | 'whole'
  /** Nothing: the piece goes on with what the one before began. */
  | 'more';

/** A run of whole lines that can be scanned again by itself, knowing the state at its start. */
export interface Piece {
  /** Where it begins in the scanned text. */
  readonly start: number;
  readonly role: PieceRole;
  /** Where in the document it begins. */
  readonly phase: ScanState['phase'];
  /** The key of an entry, without quotes; undefined for an entry whose first line is not read as a key, and others. */
  readonly key: string | undefined;
  /** The end of what the scan of the piece looked at; one beyond the text where it looked for more. */
  seen: number;
  /** The state after its last line. */
  ends: ScanState;
}

/** A text to scan, of which more is fetched when it is needed. */
export interface ScanSource {
  /** What is there so far; whole lines, unless nothing more follows. */
  readonly text: string;
  /** Makes `text` longer; false when there is nothing left. */
  more(): boolean;
  /**
   * Asked at the start of each line: whether the scan can stop there, because from here on it would find what is known
   * already.
   * @param state What is known at its start.
   * @param role What begins with the line, where that has been found out. It closes what was open before.
   */
  isKnown(position: number, state: ScanState, role: PieceRole | undefined): boolean;
}

/** The state at the start of a file. */
export const atTop: ScanState = { phase: 'top', rootColumn: 0, context: 'block', owner: 0, failures: 0 };

/** Says whether two states have the same effect on what follows. */
export function isSameState(a: ScanState, b: ScanState): boolean {
  return (
    a.phase === b.phase &&
    a.rootColumn === b.rootColumn &&
    a.context === b.context &&
    a.owner === b.owner &&
    a.failures === b.failures
  );
}

/** So many characters may pass before a piece ends, unless something new begins earlier. */
const pieceLength = 512;

/** How far a quote or bracket is searched for its end, in UTF-16 units. */
const longestSearch = 100_000;

/**
 * How much further a bracket is, once a line stands no deeper than the keys of the root: within brackets, such lines are
 * rare. They are rarer still where they read like a key.
 */
const searchBeyondLine = 4000;
const searchBeyondKey = 500;

/** After so many searches in vain, those of an entry end with their line. */
const mostFailures = 8;

/**
 * Cuts a values file into its top-level entries without reading their insides, and these into pieces of a few lines:
 * knows comments, block scalars, quotes and flow collections over several lines, document markers and directives. A
 * quote or bracket that is never closed ends with its line, so that half-typed text spoils one entry and not the rest
 * of the file.
 * @param source The text, from the start of a line.
 * @param state What is known at its start.
 * @returns The pieces in order, and where the scan stopped: at the end, or where the rest is known.
 */
export function scan(source: ScanSource, state: ScanState): { pieces: Piece[]; end: number } {
  return new Scanner(source, state).scan();
}

class Scanner implements ScanState {
  private readonly source: ScanSource;
  private text: string;
  private readonly pieces: Piece[] = [];
  phase: ScanState['phase'];
  rootColumn: number;
  context: ScanState['context'];
  owner: number;
  failures: number;
  /** The end of what the scan looked at since the current piece began. */
  private seen = 0;
  /** Whether the last search for the end of a quote or bracket went on to another line. */
  private crossedLines = false;

  constructor(source: ScanSource, state: ScanState) {
    this.source = source;
    this.text = source.text;
    this.phase = state.phase;
    this.rootColumn = state.rootColumn;
    this.context = state.context;
    this.owner = state.owner;
    this.failures = state.failures;
  }

  scan(): { pieces: Piece[]; end: number } {
    let position = 0;
    let pieceStart = -pieceLength;
    while (position < this.text.length || this.more()) {
      // What is looked at to find out what begins with this line is looked at again by the piece that begins with it.
      const seenBefore = this.seen;
      if (this.source.isKnown(position, this, undefined)) return this.finish(position, seenBefore);
      this.seen = position;
      const lineEnd = this.lineEnd(position);
      const role = this.roleOf(position, lineEnd);
      if (role !== undefined && this.source.isKnown(position, this, role))
        return this.finish(position, seenBefore);
      if (role !== undefined || position - pieceStart >= pieceLength) {
        this.endPiece(position, seenBefore);
        this.beginPiece(position, lineEnd, role ?? 'more');
        if (role !== undefined) this.close();
        pieceStart = position;
      } else {
        this.look(seenBefore);
      }
      position = this.pass(position, lineEnd, role);
      // The document begins after it.
      if (role === 'marker') pieceStart = -pieceLength;
    }
    return this.finish(this.text.length, this.seen);
  }

  /** What begins with a line; undefined where something goes on. */
  private roleOf(position: number, lineEnd: number): Exclude<PieceRole, 'more'> | undefined {
    if (this.phase === 'whole' || this.phase === 'over') return undefined;
    const from = this.lineStart(position);
    const first = this.skipSpaces(from, lineEnd);
    const column = first - from;
    if (column === 0 && this.isMarker(from, '---')) {
      if (this.phase === 'map') return 'end';
      if (this.phase === 'started') return 'end';
      const after = this.skipBlanks(from + 3, lineEnd);
      const isAlone = after >= this.contentEnd(from, lineEnd) || this.text.charCodeAt(after) === HASH;
      return isAlone ? 'marker' : 'whole';
    }
    if (column === 0 && this.isMarker(from, '...')) return 'end';
    if (this.isBlankLine(first, lineEnd) || this.text.charCodeAt(first) === HASH) return undefined;
    if (this.phase !== 'map') {
      const isDirective = this.text.charCodeAt(first) === PERCENT && column === 0;
      return isDirective || !this.beginsEntry(first, lineEnd) ? 'whole' : 'entry';
    }
    if (this.goesOn(column)) return undefined;
    // Helm's reader stops here, as after the end of a document.
    if (column < this.rootColumn) return 'end';
    return column === this.rootColumn && !this.isDash(first, lineEnd) ? 'entry' : undefined;
  }

  /** What begins anew closes what was open before. */
  private close(): void {
    this.toBlock();
    this.failures = 0;
  }

  /** Says whether a line that is not blank belongs to the scalar that was open before. */
  private goesOn(column: number): boolean {
    return this.context !== 'block' && column > this.owner;
  }

  private toBlock(): void {
    this.context = 'block';
    this.owner = 0;
  }

  /** Reads a line, with those that a quote or bracket on it takes in, and returns where the next one begins. */
  private pass(position: number, lineEnd: number, role: PieceRole | undefined): number {
    const next = Math.min(lineEnd + 1, this.text.length);
    const from = this.lineStart(position);
    if (role === 'whole') this.phase = 'whole';
    if (role === 'marker') this.phase = 'started';
    if (role === 'end' && this.phase !== 'map') this.phase = 'over';
    if (this.phase === 'top') this.phase = 'head';
    if (this.phase === 'whole' || this.phase === 'over' || role === 'marker') return next;
    const first = this.skipSpaces(from, lineEnd);
    if (role === 'entry' && this.phase !== 'map') {
      this.phase = 'map';
      this.rootColumn = first - from;
    }
    if (this.phase !== 'map') return next;
    const isBlank = this.isBlankLine(first, lineEnd);
    if (this.context === 'blockScalar' && (isBlank || this.goesOn(first - from))) return next;
    if (isBlank) return next;
    if (this.text.charCodeAt(first) === HASH) {
      this.toBlock();
      return next;
    }
    if (this.context === 'plain' && this.goesOn(first - from)) {
      if (this.commentStart(first, lineEnd) < lineEnd) this.toBlock();
      return next;
    }
    return Math.min(this.lineEnd(this.readLine(first, lineEnd, first - from)) + 1, this.text.length);
  }

  private beginPiece(position: number, lineEnd: number, role: PieceRole): void {
    const first = this.skipSpaces(this.lineStart(position), lineEnd);
    this.pieces.push({
      start: position,
      role,
      phase: this.phase,
      key: role === 'entry' ? this.keyAt(first, lineEnd) : undefined,
      seen: position,
      ends: atTop,
    });
  }

  private endPiece(end: number, seen: number): void {
    const last = this.pieces.at(-1);
    if (!last) return;
    const { phase, rootColumn, context, owner, failures } = this;
    last.seen = Math.max(seen, end);
    last.ends = { phase, rootColumn, context, owner, failures };
  }

  private finish(end: number, seen: number): { pieces: Piece[]; end: number } {
    this.endPiece(end, seen);
    return { pieces: this.pieces, end };
  }

  private more(): boolean {
    if (!this.source.more()) {
      this.look(this.text.length + 1);
      return false;
    }
    this.text = this.source.text;
    return true;
  }

  private look(end: number): void {
    if (end > this.seen) this.seen = end;
  }

  /** Reads the tokens of a line, and of the lines that a quote or bracket on it takes in; returns where it ends. */
  private readLine(from: number, firstLineEnd: number, firstColumn: number): number {
    let position = from;
    let lineEnd = firstLineEnd;
    let lineStart = from - firstColumn;
    let owner = firstColumn;
    this.toBlock();
    for (;;) {
      position = this.skipBlanks(position, lineEnd);
      if (position >= this.contentEnd(lineStart, lineEnd)) return position;
      const code = this.text.charCodeAt(position);
      if (code === HASH) return lineEnd;
      if ((code === DASH || code === QUESTION) && this.isSpaceOrEnd(position + 1)) {
        owner = position - lineStart;
        position += 1;
      } else if (code === AMPERSAND || code === BANG) {
        position = this.wordEnd(position, lineEnd);
      } else if (code === PIPE || code === GREATER) {
        this.context = 'blockScalar';
        this.owner = owner;
        return lineEnd;
      } else if (code === DOUBLE_QUOTE || code === SINGLE_QUOTE || code === BRACE || code === BRACKET) {
        const isQuote = code === DOUBLE_QUOTE || code === SINGLE_QUOTE;
        this.beginSearch();
        const end = isQuote ? this.quoteEnd(position, lineEnd) : this.flowEnd(position, lineEnd);
        if (end === undefined || !this.endsToken(end)) {
          if (this.crossedLines && this.failures < mostFailures) this.failures += 1;
          return lineEnd;
        }
        const column = position - lineStart;
        position = end;
        if (position > lineEnd) {
          lineEnd = this.lineEnd(position);
          lineStart = this.text.lastIndexOf('\n', position - 1) + 1;
        }
        const colon = this.skipBlanks(position, lineEnd);
        if (this.text.charCodeAt(colon) === COLON && this.isSpaceOrEnd(colon + 1)) {
          owner = column;
          position = colon + 1;
        }
      } else {
        const colon = this.plainKeyEnd(position, lineEnd);
        if (colon === undefined) {
          if (this.commentStart(position, lineEnd) >= lineEnd) {
            this.context = 'plain';
            this.owner = owner;
          }
          return lineEnd;
        }
        owner = position - lineStart;
        position = colon + 1;
      }
    }
  }

  /** Stands apart because the compiler does not see that the search sets it again. */
  private beginSearch(): void {
    this.crossedLines = false;
  }

  /** How far a quote or bracket is searched for its end. */
  private limitOf(start: number, lineEnd: number): number {
    return this.failures >= mostFailures ? lineEnd : start + longestSearch;
  }

  /** How far an open bracket is searched for its end once a line was reached. */
  private limitBeyond(lineStart: number, lineEnd: number): number {
    const first = this.skipSpaces(lineStart, lineEnd);
    const code = this.text.charCodeAt(first);
    const isDeeper = first - lineStart > this.rootColumn;
    if (isDeeper || this.isBlankLine(first, lineEnd) || isCloser(code) || code === HASH) return Infinity;
    return lineStart + (this.beginsEntryOrMarker(lineStart, lineEnd) ? searchBeyondKey : searchBeyondLine);
  }

  /**
   * The offset after a quote's closing mark, or undefined when it has none that makes sense.
   * @param limit Where the search ends.
   */
  private quoteEnd(
    start: number,
    firstLineEnd: number,
    limit = this.limitOf(start, firstLineEnd),
  ): number | undefined {
    const quote = this.text.charCodeAt(start);
    let lineEnd = firstLineEnd;
    let position = start + 1;
    while (position < limit) {
      if (position >= lineEnd) {
        const isEscaped = position > lineEnd;
        const next = this.nextLine(lineEnd);
        if (next === undefined) return undefined;
        lineEnd = this.lineEnd(next);
        if (!isEscaped && this.beginsEntryOrMarker(next, lineEnd)) return undefined;
        position = next;
        continue;
      }
      const code = this.text.charCodeAt(position);
      if (code === BACKSLASH && quote === DOUBLE_QUOTE) position += 2;
      else if (code !== quote) position += 1;
      else if (quote === SINGLE_QUOTE && this.text.charCodeAt(position + 1) === SINGLE_QUOTE) position += 2;
      else return position + 1;
    }
    return undefined;
  }

  /** The offset after a flow collection's last bracket, or undefined when brackets or quotes do not pair. */
  private flowEnd(start: number, firstLineEnd: number): number | undefined {
    const closers: number[] = [];
    let limit = this.limitOf(start, firstLineEnd);
    let lineEnd = firstLineEnd;
    let atToken = true;
    let position = start;
    while (position < limit) {
      if (position >= lineEnd) {
        const next = this.nextLine(lineEnd);
        if (next === undefined) return undefined;
        lineEnd = this.lineEnd(next);
        if (this.isMarker(next, '---')) return undefined;
        if (limit > next + searchBeyondKey) limit = Math.min(limit, this.limitBeyond(next, lineEnd));
        atToken = true;
        position = next;
        continue;
      }
      const code = this.text.charCodeAt(position);
      position += 1;
      if (code === BRACE || code === BRACKET) {
        // Nobody reads what nests deeper.
        if (closers.push(code + 2) > deepestNesting) return undefined;
        atToken = true;
      } else if (code === BRACE + 2 || code === BRACKET + 2) {
        if (closers.pop() !== code) return undefined;
        if (closers.length === 0) return position;
        atToken = false;
      } else if (atToken && (code === DOUBLE_QUOTE || code === SINGLE_QUOTE)) {
        const end = this.quoteEnd(position - 1, lineEnd);
        if (end === undefined) return undefined;
        position = end;
        if (position > lineEnd) lineEnd = this.lineEnd(position);
        atToken = false;
      } else if (code === HASH && this.isBlank(position - 2)) {
        position = lineEnd;
      } else if (code === COMMA || code === COLON) atToken = true;
      else if (code !== SPACE && code !== TAB && code !== CR) atToken = false;
    }
    return undefined;
  }

  /** Where the next line begins; undefined at the end. */
  private nextLine(lineEnd: number): number | undefined {
    const next = lineEnd + 1;
    if (next > this.text.length || (next === this.text.length && !this.more())) return undefined;
    this.crossedLines = true;
    return next;
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
      const end = this.quoteEnd(first, lineEnd, lineEnd);
      return end !== undefined && this.text.charCodeAt(this.skipBlanks(end, lineEnd)) === COLON;
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

  /**
   * Inside a quote over lines: a line no deeper than the keys of the root that reads like a key shows that the quote was
   * left open.
   */
  private beginsEntryOrMarker(lineStart: number, lineEnd: number): boolean {
    const first = this.skipSpaces(lineStart, lineEnd);
    keyLine.lastIndex = first;
    const isKey = first - lineStart <= this.rootColumn && keyLine.test(this.text);
    return isKey || this.isMarker(lineStart, '---') || this.isMarker(lineStart, '...');
  }

  private keyAt(first: number, lineEnd: number): string | undefined {
    const code = this.text.charCodeAt(first);
    if (code === DOUBLE_QUOTE || code === SINGLE_QUOTE) {
      const end = this.quoteEnd(first, lineEnd, lineEnd);
      const content = end === undefined ? undefined : this.text.slice(first + 1, end - 1);
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

  /** The first character of a line; at the top of a file, a byte order mark is none. */
  private lineStart(position: number): number {
    return this.phase === 'top' && this.text.charCodeAt(position) === BYTE_ORDER_MARK
      ? position + 1
      : position;
  }

  private isBlankLine(first: number, lineEnd: number): boolean {
    return first >= lineEnd || this.text.charCodeAt(first) === CR;
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

  /** Where a line ends, before its line feed; from here on that line is there whole. */
  private lineEnd(position: number): number {
    let end = this.text.indexOf('\n', position);
    while (end < 0 && this.more()) end = this.text.indexOf('\n', position);
    if (end < 0) end = this.text.length;
    this.look(end + 1);
    return end;
  }

  private contentEnd(lineStart: number, lineEnd: number): number {
    return lineEnd > lineStart && this.text.charCodeAt(lineEnd - 1) === CR ? lineEnd - 1 : lineEnd;
  }
}

/** Says whether a character can go on with brackets that stand open. */
function isCloser(code: number): boolean {
  return code === BRACE + 2 || code === BRACKET + 2 || code === COMMA;
}

const keyLine = /[A-Za-z_][\w.-]*:(?:[ \t\r\n]|$)/y;
