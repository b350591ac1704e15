import { CR, HASH, LF, SPACE, TAB } from './characters';
import type { LinePosition } from './chunks';
import { readValues, type TextChange, type ValuesDocument } from './document';
import { lineEndAt, lineStartAt } from './lines';
import type { ValueNode } from './tree';

/** An edit as editors count: the text from one position to another is replaced. */
export interface LineEdit {
  readonly start: LinePosition;
  readonly end: LinePosition;
  readonly newText: string;
}

/**
 * A YAML text inside a file, without the indentation that it has there: the file itself, one of its documents, or the
 * values in one of them. Its lines are lines of the file.
 */
export interface Excerpt {
  readonly document: ValuesDocument;
  /** Where a position of the excerpt is in the file. */
  toFile(position: LinePosition): LinePosition;
  /** Where a position of the file is in the excerpt; undefined outside of it, and in its indentation. */
  fromFile(position: LinePosition): LinePosition | undefined;
  /** An edit of the excerpt as one of the file: new lines get the indentation. Undefined where it cannot be made there. */
  editToFile(edit: LineEdit): LineEdit | undefined;
}

/** What excerpts of the version before held, so that what did not change is not read again. */
export interface ExcerptMemory {
  /**
   * A document with a text.
   * @param name Tells the excerpts of a file from each other; the same in every version.
   */
  document(name: string, text: string): ValuesDocument;
}

/** A memory for the excerpts of one file. It forgets what the latest version does not ask for. */
export function createExcerptMemory(): ExcerptMemory & {
  /** To be called before a new version is read. */
  begin(): void;
} {
  let before = new Map<string, ValuesDocument>();
  let now = new Map<string, ValuesDocument>();
  return {
    begin() {
      before = now;
      now = new Map();
    },
    document(name, text) {
      const known = now.get(name) ?? before.get(name);
      const document = known ? becoming(known, text) : readValues(text);
      now.set(name, document);
      return document;
    },
  };
}

/** A memory for somebody who reads a file once. */
export const noMemory: ExcerptMemory = { document: (_, text) => readValues(text) };

function becoming(document: ValuesDocument, text: string): ValuesDocument {
  return document.text === text ? document : document.edit([changeBetween(document.text, text)]);
}

/** The one change that turns a text into another: what stands between the beginning and the end that both have. */
export function changeBetween(text: string, other: string): TextChange {
  const least = Math.min(text.length, other.length);
  let start = 0;
  while (start < least && text.charCodeAt(start) === other.charCodeAt(start)) start++;
  let [end, otherEnd] = [text.length, other.length];
  while (end > start && otherEnd > start && text.charCodeAt(end - 1) === other.charCodeAt(otherEnd - 1)) {
    end--;
    otherEnd--;
  }
  return { range: { start, end }, newText: other.slice(start, otherEnd) };
}

/** A whole file as an excerpt of itself. */
export function wholeFile(document: ValuesDocument): Excerpt {
  return {
    document,
    toFile: (position) => position,
    fromFile: (position) => position,
    editToFile: (edit) => edit,
  };
}

/**
 * The YAML documents of a file, each as an excerpt. A marker at the start of a line ends a document wherever it stands.
 * @param file The file.
 * @param memory What the version before held.
 */
export function documentsOf(file: ValuesDocument, memory: ExcerptMemory): Excerpt[] {
  const { text } = file;
  const excerpts: Excerpt[] = [];
  let start = 0;
  const take = (end: number): void => {
    const part = text.slice(start, end);
    if (/^\s*[^\s#]/m.test(part)) {
      const document = memory.document(String(excerpts.length), part);
      const { line } = file.positionAt(start);
      const setting = {
        first: { line, character: 0 },
        column: 0,
        isAlone: true,
        isEnded: /[\r\n]$/.test(part),
      };
      excerpts.push(new LineExcerpt(wholeFile(file), document, setting));
    }
  };
  for (const marker of text.matchAll(/^(?:---(?=[ \t\r\n]|$)|\.\.\.(?=[ \t\r\n]|$))[^\n]*\n?/gm)) {
    // What stands on the line of a marker belongs to the document that begins there.
    take(marker.index);
    start =
      marker[0].startsWith('-') && /^--- *[^\s#]/.test(marker[0])
        ? marker.index
        : marker.index + marker[0].length;
  }
  take(text.length);
  return excerpts;
}

/**
 * The values that a node holds, as an excerpt: a map, or a block of text that is read as YAML of its own.
 * @param parent What the node is in.
 * @param node The node.
 * @param name Tells the excerpt from others of the file; the same in every version.
 * @param memory What the version before held.
 * @returns Undefined for any other node: it holds no values, or they do not stand there line by line.
 */
export function excerptOf(
  parent: Excerpt,
  node: ValueNode,
  name: string,
  memory: ExcerptMemory,
): Excerpt | undefined {
  const { document } = parent;
  if (node.kind === 'map' && node.flow) {
    const from = document.positionAt(node.range.start);
    const text = document.slice(node.range.start, node.range.end);
    const setting = { first: from, column: 0, isAlone: false, isEnded: false };
    return new LineExcerpt(parent, memory.document(name, text), setting);
  }
  const { start, end } = node.range;
  if (node.kind === 'map')
    return linesOf(parent, { offset: start, column: node.column, end, style: 'map' }, name, memory);
  if (node.kind !== 'scalar' || node.style !== 'block') return undefined;
  const header = document.slice(start, document.lineEndAt(start));
  // In a folded text lines are not lines.
  if (!header.startsWith('|')) return undefined;
  const first = firstLineWithText(document, start, end);
  if (!first) return undefined;
  const given = /^\|[+-]?(\d)/.exec(header)?.[1];
  const outer = given === undefined ? undefined : columnOfOwner(document, start);
  if (given !== undefined && outer === undefined) return undefined;
  const column = outer === undefined ? first.column : outer + Number(given);
  const offset = first.start + column;
  return linesOf(
    parent,
    { offset, column, end: offset, style: given === undefined ? 'text' : 'text of a given indentation' },
    name,
    memory,
  );
}

/** The first line below an offset that has something on it. */
function firstLineWithText(
  document: ValuesDocument,
  offset: number,
  end: number,
): { readonly start: number; readonly column: number } | undefined {
  for (
    let line = document.lineBelow(offset);
    line !== undefined && line < end;
    line = document.lineBelow(line)
  ) {
    const text = document.slice(line, document.lineEndAt(line));
    if (/\S/.test(text)) return { start: line, column: indentOf(text) };
  }
  return undefined;
}

/** The column from which the indentation counts that the header of a block of text gives: that of its key or dash. */
function columnOfOwner(document: ValuesDocument, header: number): number | undefined {
  const before = document.slice(document.lineStartAt(header), header);
  const dashes = /^[ -]*- +/.exec(before)?.[0] ?? '';
  if (before.length > dashes.length) return before.trim() === '' ? undefined : before.search(/[^ -]/);
  return dashes === '' ? undefined : dashes.lastIndexOf('-');
}

/** Where the lines of an excerpt begin. */
interface Beginning {
  readonly offset: number;
  readonly column: number;
  /** Where the node ends; lines before that are part of it, however they are indented. */
  readonly end: number;
  /** What it is: only in a block of text does a line always end it that is less deep, comment or not. */
  readonly style: 'map' | 'text' | 'text of a given indentation';
}

/** The lines around an offset that are indented as deep as it is, or have nothing but comments on them. */
function linesOf(
  parent: Excerpt,
  { offset, column, end: nodeEnd, style }: Beginning,
  name: string,
  memory: ExcerptMemory,
): Excerpt {
  const { document } = parent;
  const { text } = document;
  const firstLine = lineStartAt(text, offset);
  const isMap = style === 'map';
  const isAlone = !isMap || text.slice(firstLine, offset).trim() === '';
  let start = isAlone ? firstLine : offset;
  // Comments above the first key belong to it, and so do lines that cannot be read.
  for (let above = start; isMap && isAlone && above > 0;) {
    above = lineStartAt(text, above - 1);
    const line = text.slice(above, lineEndAt(text, above));
    const isBlank = line.trim() === '';
    if (!isBlank && indentOf(line) >= column) start = above;
    else if (!isBlank && !/^ *#/.test(line)) break;
  }
  const lines: string[] = [];
  const shallow = new Map<number, number>();
  let kept = 0;
  for (let at = start; at < text.length;) {
    const next = nextLine(text, at);
    const isFirst = at === start && !isAlone;
    const indent = isFirst ? column : indentAt(text, at, column);
    const mark = text.charCodeAt(at + indent);
    // What has its indentation need not be looked at: it is part of it, or blank.
    const isBlank = isBlankMark(mark) && text.slice(at, next).trim() === '';
    if (!isBlank && indent < column && at >= nodeEnd && !(isMap && mark === HASH)) break;
    if (indent < column) shallow.set(lines.length, indent);
    lines.push(text.slice(isFirst ? at : at + indent, next));
    if (!isBlank && (indent === column || (at < nodeEnd && mark !== HASH))) kept = lines.length;
    at = next;
  }
  // Blank lines below belong to nobody, but the line that is being typed may be one of them.
  const after = lines.slice(kept).findIndex((line) => line.trim() !== '');
  const count = after < 0 ? lines.length : kept + after;
  const from = document.positionAt(start);
  const first = isAlone ? { line: from.line, character: column } : from;
  const ended = /[\r\n]$/.test(lines[count - 1] ?? '');
  const excerpt = memory.document(name, lines.slice(0, count).join(''));
  return new LineExcerpt(parent, excerpt, {
    first,
    column,
    shallow,
    isAlone,
    isEnded: ended,
    isText: style === 'text',
  });
}

/** Says whether a line may be blank that has a character, or none, behind its indentation. */
function isBlankMark(code: number): boolean {
  return Number.isNaN(code) || code === CR || code === LF || code === SPACE || code === TAB;
}

/** The start of the line after the one at an offset, as editors count lines, or the end of the text. */
function nextLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  const next = end < 0 ? text.length : end + 1;
  const lone = text.slice(offset, next).indexOf('\r');
  return lone >= 0 && text.charCodeAt(offset + lone + 1) !== LF ? offset + lone + 1 : next;
}

/** How many blanks a line begins with, counted up to a column. */
function indentAt(text: string, offset: number, column: number): number {
  let indent = 0;
  while (indent < column && text.charCodeAt(offset + indent) === SPACE) indent++;
  return indent;
}

function indentOf(line: string): number {
  return /^ */.exec(line)?.[0].length ?? 0;
}

/** How the lines of an excerpt stand in its parent. */
interface Setting {
  /** Where it begins. */
  readonly first: LinePosition;
  /** How many columns its lines lack after the first. */
  readonly column: number;
  /** Lines that have less than that in the parent, with what was taken away; the first line is 0. */
  readonly shallow?: ReadonlyMap<number, number>;
  /** Whether nothing but indentation stands before it on its first line. */
  readonly isAlone: boolean;
  /** Whether its last line ends with a line break, so that what follows is on a line of its own. */
  readonly isEnded: boolean;
  /** Whether its first line says how deep its indentation is, as in a block of text. */
  readonly isText?: boolean;
}

class LineExcerpt implements Excerpt {
  readonly document: ValuesDocument;
  private readonly parent: Excerpt;
  private readonly setting: Setting;

  constructor(parent: Excerpt, document: ValuesDocument, setting: Setting) {
    this.parent = parent;
    this.document = document;
    this.setting = setting;
  }

  toFile(position: LinePosition): LinePosition {
    return this.parent.toFile(this.toParent(position));
  }

  private toParent({ line, character }: LinePosition): LinePosition {
    return { line: line + this.setting.first.line, character: character + this.removedFrom(line) };
  }

  private removedFrom(line: number): number {
    const { shallow, first, column } = this.setting;
    const removed = shallow?.get(line);
    if (removed !== undefined) return removed;
    if (line === 0) return first.character;
    return this.isBehind(line) ? 0 : column;
  }

  /** Whether a line is the one after the last line break, which is not part of it. */
  private isBehind(line: number): boolean {
    return this.setting.isEnded && line >= this.document.positionAt(this.document.length).line;
  }

  fromFile(position: LinePosition): LinePosition | undefined {
    const inParent = this.parent.fromFile(position);
    if (!inParent) return undefined;
    const line = inParent.line - this.setting.first.line;
    const end = this.document.positionAt(this.document.length);
    if (line < 0 || line > end.line || (line > 0 && this.isBehind(line))) return undefined;
    const character = inParent.character - this.removedFrom(line);
    if (character < 0 || (line === end.line && character > end.character)) return undefined;
    return { line, character };
  }

  editToFile(edit: LineEdit): LineEdit | undefined {
    const { start, end } = edit;
    if (this.changesIndentation(edit)) return undefined;
    const { document, setting } = this;
    const atEnd = this.isBehind(end.line);
    const newText = this.withLineBreak(edit, atEnd);
    const indent = ' '.repeat(setting.column);
    const tailStart = document.offsetAt(end);
    const tail = document.slice(tailStart, document.lineEndAt(tailStart));
    const lines = newText.split('\n');
    const first = start.line + setting.first.line;
    // Whole lines, with their indentation: none of it is left before what follows.
    if (
      start.character === 0 &&
      end.character === 0 &&
      lines.at(-1) === '' &&
      (start.line > 0 || setting.isAlone)
    ) {
      return this.parent.editToFile({
        start: { line: first, character: 0 },
        end: { line: end.line + setting.first.line, character: 0 },
        newText: lines.map((line) => (line.trim() === '' ? line : indent + line)).join('\n'),
      });
    }
    const indented = lines.map((line, index) => {
      const isBlank = (index === lines.length - 1 ? line + tail : line).trim() === '';
      if (isBlank) return line;
      if (index > 0) return indent + line;
      // A line that had less indentation, since there was nothing on it.
      const missing = start.character === 0 ? setting.column - this.removedFrom(start.line) : 0;
      return start.line === 0 && !setting.isAlone ? line : ' '.repeat(Math.max(0, missing)) + line;
    });
    return this.parent.editToFile({
      start: this.toParent(start),
      end: this.toParent(end),
      newText: indented.join('\n'),
    });
  }

  /** The new text, with a line break where what follows in the parent would get on the same line. */
  private withLineBreak({ start, newText }: LineEdit, atEnd: boolean): string {
    const leavesNothing = newText === '' && start.character === 0;
    if (!atEnd || leavesNothing || newText.endsWith('\n')) return newText;
    const { document } = this;
    return newText + (document.slice(document.length - 2, document.length) === '\r\n' ? '\r\n' : '\n');
  }

  /**
   * Whether the first line of a block of text would be deeper than others after an edit, or a blank line above it: YAML
   * reads the depth of all lines off the first one, and allows no deeper blanks above it.
   */
  private changesIndentation({ start, end, newText }: LineEdit): boolean {
    if (!this.setting.isText || start.line > 0) return false;
    const { document } = this;
    const after = newText + document.slice(document.offsetAt(end), document.length);
    return /^\s*[ \t]\s*\S/.test(document.slice(0, document.offsetAt(start)) + after);
  }
}
