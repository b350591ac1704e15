/** Comments that ignore findings: `# airflow-token-volume: ignore code, code -- reason`. */
import { beginsComment } from '../values/comments';
import { directiveWord } from '../values/chunks';
import type { ValuesDocument } from '../values/document';
import type { TextEdit } from '../values/edit';
import { lineBreak } from '../values/format';
import type { TextRange } from '../values/tree';

/** A code that an ignore comment names. */
export interface NamedCode {
  readonly code: string;
  readonly range: TextRange;
}

/** A comment that ignores findings of some rules on one line. */
export interface IgnoreComment {
  /** From its `#` to the end of its line. */
  readonly range: TextRange;
  /** Where the word `ignore` ends. */
  readonly wordEnd: number;
  /** What it names, in the order of the text; nothing where no codes are written. */
  readonly codes: readonly NamedCode[];
  /** Whether nothing else is on its line, so that it is about the next line that is no comment. */
  readonly alone: boolean;
  /** Where the line begins that it is about; the end of the text where none follows. */
  readonly line: number;
}

/**
 * The ignore comments of a file. Costs next to nothing where there are none.
 * @param document The file; only its first document counts, as Helm reads no other.
 * @returns The comments in the order of the text.
 */
export function readIgnores(document: ValuesDocument): readonly IgnoreComment[] {
  const ignores: IgnoreComment[] = [];
  let done = 0;
  for (const at of document.directives()) {
    if (at < done) continue;
    const lineStart = document.lineStartAt(at);
    const before = document.slice(lineStart, at);
    const hash = lineStart + before.trimEnd().length - 1;
    if (!/(?:^|\s)#[ \t]*$/.test(before) || !beginsComment(document, hash)) continue;
    const end = document.lineEndAt(hash);
    done = end;
    const said = document.slice(at + directiveWord.length, end);
    const directive = /^[ \t]*ignore(?![^\s,])/.exec(said);
    if (!directive) continue;
    const wordEnd = at + directiveWord.length + directive[0].length;
    const alone = document.slice(lineStart, hash).trim() === '';
    const previous = ignores.at(-1);
    const line = !alone
      ? lineStart
      : // One comment directly above another is about the same line.
        previous && previous.line > hash
        ? previous.line
        : lineBelowComments(document, end);
    const codes = codesIn(said.slice(directive[0].length), wordEnd);
    ignores.push({ range: { start: hash, end }, wordEnd, codes, alone, line });
  }
  return ignores;
}

function lineBelowComments(document: ValuesDocument, offset: number): number {
  let line = document.lineBelow(offset);
  while (line !== undefined && /^[ \t]*#/.test(document.slice(line, document.lineEndAt(line))))
    line = document.lineBelow(line);
  return line ?? document.length;
}

/** The codes before the reason, which begins with ` -- `. */
function codesIn(text: string, start: number): NamedCode[] {
  const list = text.replace(/(?<=^|[\s,])--(?=\s|$).*$/s, '');
  return [...list.matchAll(/[^\s,]+/g)].map((match) => ({
    code: match[0],
    range: { start: start + match.index, end: start + match.index + match[0].length },
  }));
}

/**
 * The edit after which the findings of a rule on a line are ignored: the code added to a comment that is about the
 * line already, or a comment at the line's end, or where none can stand there, one on a line of its own above it.
 * @param document The file.
 * @param offset Any place on the line.
 * @param code The rule's code.
 * @returns The edit, or undefined when none of them leaves the values as they are.
 */
export function addIgnore(document: ValuesDocument, offset: number, code: string): TextEdit[] | undefined {
  const line = document.lineStartAt(offset);
  const source = document.slice(line, document.lineEndAt(offset));
  const known = readIgnores(document).findLast((ignore) => ignore.line === line);
  const comment = `# ${directiveWord} ignore ${code}`;
  const indent = /^[ \t]*/.exec(source)?.[0] ?? '';
  const above = `${indent}${comment}${lineBreak(document, line)}`;
  const candidates = [
    ...(known ? [addition(known, [code])] : []),
    insertion(line + source.trimEnd().length, ` ${comment}`),
    insertion(line, above),
  ];
  const edit = candidates.find((candidate) => {
    const after = document.edit([candidate]);
    const moved = candidate.range.start <= offset ? candidate.newText.length : 0;
    const lineAfter = after.lineStartAt(offset + moved);
    const applies = readIgnores(after).some(
      (ignore) => ignore.line === lineAfter && ignore.codes.some((named) => named.code === code),
    );
    return applies && after.hasTreeOf(document);
  });
  return edit && [edit];
}

/**
 * The edit that adds codes to an ignore comment.
 * @returns The edit, or undefined when the values would not stay as they are.
 */
export function addCodes(
  document: ValuesDocument,
  ignore: IgnoreComment,
  codes: readonly string[],
): TextEdit[] | undefined {
  return harmless(document, addition(ignore, codes));
}

function addition({ codes, wordEnd }: IgnoreComment, added: readonly string[]): TextEdit {
  const last = codes.at(-1);
  const list = added.join(', ');
  return last ? insertion(last.range.end, `, ${list}`) : insertion(wordEnd, ` ${list}`);
}

/**
 * The edit that writes another code in place of one in an ignore comment.
 * @returns The edit, or undefined when the values would not stay as they are.
 */
export function renameIgnored(
  document: ValuesDocument,
  { range }: NamedCode,
  code: string,
): TextEdit[] | undefined {
  return harmless(document, { range, newText: code });
}

/**
 * The edit that takes a code out of an ignore comment, or the whole comment away when it names no other; with its
 * line, when nothing else is on it.
 * @param document The file.
 * @param ignore One of its ignore comments.
 * @param named One of the comment's codes; undefined for the whole comment.
 * @returns The edit, or undefined when the values would not stay as they are.
 */
export function removeIgnore(
  document: ValuesDocument,
  ignore: IgnoreComment,
  named: NamedCode | undefined,
): TextEdit[] | undefined {
  const others = ignore.codes.filter((other) => other !== named);
  const edit = named && others.length > 0 ? removalOfCode(ignore, named) : removalOfComment(document, ignore);
  return harmless(document, edit);
}

/** An edit of comments, if it leaves the values as they are. */
function harmless(document: ValuesDocument, edit: TextEdit): TextEdit[] | undefined {
  return document.edit([edit]).hasTreeOf(document) ? [edit] : undefined;
}

function removalOfCode({ codes }: IgnoreComment, named: NamedCode): TextEdit {
  const index = codes.indexOf(named);
  const next = codes[index + 1];
  const previous = codes[index - 1];
  const { start, end } = named.range;
  return removal(next ? { start, end: next.range.start } : { start: previous?.range.end ?? start, end });
}

function removalOfComment(
  document: ValuesDocument,
  { range: { start, end }, alone }: IgnoreComment,
): TextEdit {
  const line = document.lineStartAt(start);
  if (!alone) return removal({ start: line + document.slice(line, start).trimEnd().length, end });
  const below = document.lineBelow(end);
  if (below !== undefined) return removal({ start: line, end: below });
  return removal({ start: line > 1 ? document.lineEndAt(document.lineStartAt(line - 1)) : line, end });
}

function insertion(offset: number, newText: string): TextEdit {
  return { range: { start: offset, end: offset }, newText };
}

function removal(range: TextRange): TextEdit {
  return { range, newText: '' };
}
