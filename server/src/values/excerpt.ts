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
    if (/^[^\s#]/m.test(part.replace(/^\uFEFF/, ''))) {
      const document = memory.document(String(excerpts.length), part);
      const { line } = file.positionAt(start);
      excerpts.push(new LineExcerpt(wholeFile(file), document, { line, character: 0 }, 0));
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
    return new LineExcerpt(parent, memory.document(name, text), from, 0);
  }
  if (node.kind === 'map') return linesOf(parent, node.range.start, node.column, name, memory);
  if (node.kind !== 'scalar' || node.style !== 'block') return undefined;
  const header = document.slice(node.range.start, document.lineEndAt(node.range.start));
  // In a folded text lines are not lines.
  if (!header.startsWith('|')) return undefined;
  const first = firstLineWithText(document, node.range.start, node.range.end);
  return first && linesOf(parent, first.start, first.column, name, memory);
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
    const column = document.slice(line, document.lineEndAt(line)).search(/[^ \t]/);
    if (column >= 0) return { start: line + column, column };
  }
  return undefined;
}

/** The lines around an offset that are indented as deep as it is, or have nothing but comments on them. */
function linesOf(
  parent: Excerpt,
  offset: number,
  column: number,
  name: string,
  memory: ExcerptMemory,
): Excerpt | undefined {
  const { document } = parent;
  const { text } = document;
  const firstLine = lineStartAt(text, offset);
  const isAlone = text.slice(firstLine, offset).trim() === '';
  let start = isAlone ? firstLine : offset;
  // Comments above the first key belong to it.
  while (isAlone && start > 0) {
    const above = lineStartAt(text, start - 1);
    const line = text.slice(above, lineEndAt(text, above));
    if (!/^ *#/.test(line) || indentOf(line) < column) break;
    start = above;
  }
  const lines: string[] = [];
  const shallow = new Map<number, number>();
  let kept = 0;
  let end = start;
  while (end < text.length) {
    const next = text.indexOf('\n', end);
    const line = text.slice(end, next < 0 ? text.length : next + 1);
    const isFirst = end === offset && !isAlone;
    const indent = isFirst ? column : indentOf(line);
    const hasText = /\S/.test(line);
    if (hasText && indent < column && !/^\s*#/.test(line)) break;
    const removed = isFirst ? 0 : Math.min(indent, column);
    if (removed < column && !isFirst) shallow.set(lines.length, removed);
    lines.push(line.slice(removed));
    if (hasText && indent >= column) kept = lines.length;
    end += line.length;
  }
  // Blank lines below belong to nobody, but the line that is being typed may be one of them.
  const after = lines.slice(kept).findIndex((line) => /\S/.test(line));
  const count = after < 0 ? lines.length : kept + after;
  const from = document.positionAt(start);
  const first = isAlone ? { line: from.line, character: column } : from;
  const excerpt = memory.document(name, lines.slice(0, count).join(''));
  return new LineExcerpt(parent, excerpt, first, column, shallow);
}

function indentOf(line: string): number {
  return /^ */.exec(line)?.[0].length ?? 0;
}

class LineExcerpt implements Excerpt {
  readonly document: ValuesDocument;
  private readonly parent: Excerpt;
  /** Where it begins in its parent. */
  private readonly first: LinePosition;
  /** How many columns its lines lack after the first. */
  private readonly column: number;
  /** Lines that have less than that in the parent, with what was taken away; the first line is 0. */
  private readonly shallow: ReadonlyMap<number, number>;

  constructor(
    parent: Excerpt,
    document: ValuesDocument,
    first: LinePosition,
    column: number,
    shallow: ReadonlyMap<number, number> = new Map(),
  ) {
    this.parent = parent;
    this.document = document;
    this.first = first;
    this.column = column;
    this.shallow = shallow;
  }

  toFile(position: LinePosition): LinePosition {
    return this.parent.toFile(this.toParent(position));
  }

  private toParent({ line, character }: LinePosition): LinePosition {
    return { line: line + this.first.line, character: character + this.removedFrom(line) };
  }

  private removedFrom(line: number): number {
    const removed = this.shallow.get(line);
    if (removed !== undefined) return removed;
    if (line === 0) return this.first.character;
    // The position after the last line break is at the start of a line that is not part of it.
    return this.isBehind(line) ? 0 : this.column;
  }

  private isBehind(line: number): boolean {
    const end = this.document.positionAt(this.document.length);
    return line >= end.line && end.character === 0;
  }

  fromFile(position: LinePosition): LinePosition | undefined {
    const inParent = this.parent.fromFile(position);
    if (!inParent || inParent.line < this.first.line) return undefined;
    const line = inParent.line - this.first.line;
    const end = this.document.positionAt(this.document.length);
    if (line > end.line || (line > 0 && this.isBehind(line))) return undefined;
    const character = inParent.character - this.removedFrom(line);
    if (character < 0 || (line === end.line && character > end.character)) return undefined;
    return { line, character };
  }

  editToFile({ start, end, newText }: LineEdit): LineEdit | undefined {
    const indent = ' '.repeat(this.column);
    const { document } = this;
    const tailStart = document.offsetAt(end);
    const tail = document.slice(tailStart, document.lineEndAt(tailStart));
    const lines = newText.split('\n');
    const indented = lines.map((line, index) => {
      const isBlank = (index === lines.length - 1 ? line + tail : line).trim() === '';
      if (isBlank) return line;
      if (index > 0) return indent + line;
      // A line that had no indentation, since there was nothing on it.
      const missing = start.character === 0 ? this.column - this.removedFrom(start.line) : 0;
      return start.line === 0 ? line : ' '.repeat(Math.max(0, missing)) + line;
    });
    return this.parent.editToFile({
      start: this.toParent(start),
      end: this.toParent(end),
      newText: indented.join('\n'),
    });
  }
}
