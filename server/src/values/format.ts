import type { ValuesDocument } from './document';
import type { MapNode } from './tree';

/** A line to be written: how deep it stands below the place it goes to, and its text without indentation. */
export interface Line {
  readonly depth: number;
  /** Spaces beside those of its depth, for lines taken over from elsewhere. */
  readonly extra: number;
  readonly text: string;
}

/**
 * Lines as text.
 * @param lines The lines.
 * @param column Indentation of those at depth 0, in columns.
 * @param step Columns for each level of depth.
 * @param eol The line break between them; none is written after the last.
 */
export function blockAt(lines: readonly Line[], column: number, step: number, eol: string): string {
  return lines
    .map(({ depth, extra, text }) => (text === '' ? '' : ' '.repeat(column + depth * step + extra) + text))
    .join(eol);
}

/** A scalar as YAML text; quoted only where it would mean something else otherwise. */
export function scalarText(value: boolean | number | string): string {
  if (typeof value !== 'string') return String(value);
  return /^[A-Za-z/][\w./-]*(:\/\/[\w./:-]*[\w/-])?$/.test(value) &&
    !/^(y|n|yes|no|on|off|true|false|null)$/i.test(value)
    ? value
    : JSON.stringify(value);
}

/** A list of words as YAML outside of a flow map, where commas need no quotes. */
export function plainText(value: string): string {
  return /^\w[\w.:;=/-]*,[\w.,:;=/-]*\w$/.test(value) ? value : scalarText(value);
}

/**
 * How many columns a level of indentation takes.
 * @param document The file.
 * @param map The map that is written to, if there is one.
 * @returns What its own entries show, or else the first nested entry of the file, or 2.
 */
export function indentStep(document: ValuesDocument, map: MapNode | undefined): number {
  for (const { value } of map?.entries ?? []) {
    if (value.kind === 'map' && !value.flow && map) return value.column - map.column;
  }
  // Nearly always it stands near the top.
  const { start, end } = document.documentRange;
  return (
    firstStep(document.slice(start, Math.min(end, start + 20_000))) ??
    firstStep(document.slice(start, end)) ??
    2
  );
}

function firstStep(text: string): number | undefined {
  const nested =
    /^( *)[^\s#-][^\r\n]*:[ \t]*(?:#[^\r\n]*)?\r?\n(?:[ \t]*(?:#[^\r\n]*)?\r?\n)*\1( +)[^\s#-]/m.exec(text);
  return nested?.[2]?.length;
}

/** The line break after the line with an offset, or else after the first of the file, or `\n`. */
export function lineBreak(document: ValuesDocument, offset: number): string {
  const line = document.lineBelow(offset) ?? document.lineBelow(0) ?? 0;
  return document.slice(line - 2, line) === '\r\n' ? '\r\n' : '\n';
}

/** The next line below the one with an offset that is neither blank nor a comment; undefined where none follows. */
export function firstTextBelow(document: ValuesDocument, offset: number): string | undefined {
  for (let line = document.lineBelow(offset); line !== undefined; line = document.lineBelow(line)) {
    const text = document.slice(line, document.lineEndAt(line));
    if (!isBlankOrComment(text)) return text;
  }
  return undefined;
}

/** Says whether there is nothing but blanks or a comment on a line. */
export function isBlankOrComment(line: string): boolean {
  return /^[ \t]*(?:#.*)?$/s.test(line);
}
