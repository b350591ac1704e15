/** Comments that ignore findings: `# airflow-token-volume: ignore code, code -- reason`. */
import { beginsComment } from '../values/comments';
import { readValues, type ValuesDocument } from '../values/document';
import { applyEdits, type TextEdit } from '../values/edit';
import { lineBreak, lineEndAt, lineStartAt } from '../values/format';
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

const marker = 'airflow-token-volume:';

/**
 * The ignore comments of a file. Costs one search for their first word where there are none.
 * @param document The file; only its first document counts, as Helm reads no other.
 * @returns The comments in the order of the text.
 */
export function readIgnores(document: ValuesDocument): readonly IgnoreComment[] {
  const { text, documentRange } = document;
  const ignores: IgnoreComment[] = [];
  let from = documentRange.start;
  for (;;) {
    const at = text.indexOf(marker, from);
    if (at < 0 || at >= documentRange.end) return ignores;
    from = at + marker.length;
    const hash = hashBefore(text, at);
    if (hash === undefined || !beginsComment(document, hash)) continue;
    const end = lineEndAt(text, hash);
    from = end;
    const directive = /^[ \t]*ignore(?![^\s,])/.exec(text.slice(at + marker.length, end));
    if (!directive) continue;
    const wordEnd = at + marker.length + directive[0].length;
    const alone = text.slice(lineStartAt(text, hash), hash).trim() === '';
    const before = ignores.at(-1);
    const line = !alone
      ? lineStartAt(text, hash)
      : // One comment directly above another is about the same line.
        before && before.line > hash
        ? before.line
        : lineBelowComments(text, end);
    ignores.push({ range: { start: hash, end }, wordEnd, codes: codesIn(text, wordEnd, end), alone, line });
  }
}

/** Where the `#` stands that only blanks part from an offset; undefined where none can begin a comment. */
function hashBefore(text: string, offset: number): number | undefined {
  let hash = offset - 1;
  while (text.charAt(hash) === ' ' || text.charAt(hash) === '\t') hash--;
  return text.charAt(hash) === '#' && (hash === 0 || /\s/.test(text.charAt(hash - 1))) ? hash : undefined;
}

function lineBelowComments(text: string, end: number): number {
  const comment = /[ \t]*#/y;
  let next = text.indexOf('\n', end);
  while (next >= 0) {
    comment.lastIndex = next + 1;
    if (!comment.test(text)) return next + 1;
    next = text.indexOf('\n', next + 1);
  }
  return text.length;
}

/** The codes before the reason, which begins with ` -- `. */
function codesIn(text: string, start: number, end: number): NamedCode[] {
  const list = text.slice(start, end).replace(/(?<=^|[\s,])--(?=\s|$).*$/s, '');
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
  const { text } = document;
  const line = lineStartAt(text, offset);
  const known = readIgnores(document).findLast((ignore) => ignore.line === line);
  const comment = `# ${marker} ignore ${code}`;
  const indent = /^\uFEFF?[ \t]*/.exec(text.slice(line, lineEndAt(text, line)))?.[0].length ?? 0;
  const first = line === 0 && text.startsWith('\uFEFF') ? 1 : 0;
  const above = `${text.slice(line + first, line + indent)}${comment}${lineBreak(text, line)}`;
  const candidates = [
    ...(known ? [addition(known, [code])] : []),
    insertion(line + text.slice(line, lineEndAt(text, line)).trimEnd().length, ` ${comment}`),
    insertion(line + first, above),
  ];
  const edit = candidates.find((candidate) => {
    const after = readValues(applyEdits(text, [candidate]), document);
    const moved = candidate.range.start <= offset ? candidate.newText.length : 0;
    const lineAfter = lineStartAt(after.text, offset + moved);
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
  return readValues(applyEdits(document.text, [edit]), document).hasTreeOf(document) ? [edit] : undefined;
}

function removalOfCode({ codes }: IgnoreComment, named: NamedCode): TextEdit {
  const index = codes.indexOf(named);
  const next = codes[index + 1];
  const previous = codes[index - 1];
  const { start, end } = named.range;
  return removal(next ? { start, end: next.range.start } : { start: previous?.range.end ?? start, end });
}

function removalOfComment(
  { text }: ValuesDocument,
  { range: { start, end }, alone }: IgnoreComment,
): TextEdit {
  const line = lineStartAt(text, start);
  const before = text.slice(line, start);
  if (!alone) return removal({ start: line + before.trimEnd().length, end });
  const bom = before.startsWith('\uFEFF') ? 1 : 0;
  const lineBreakAfter = text.indexOf('\n', end);
  if (lineBreakAfter >= 0) return removal({ start: line + bom, end: lineBreakAfter + 1 });
  const lineBefore = line > 0 ? lineEndAt(text, lineStartAt(text, line - 1)) : bom;
  return removal({ start: lineBefore, end });
}

function insertion(offset: number, newText: string): TextEdit {
  return { range: { start: offset, end: offset }, newText };
}

function removal(range: TextRange): TextEdit {
  return { range, newText: '' };
}
