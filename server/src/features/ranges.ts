import type { Range, TextEdit as LspTextEdit } from 'vscode-languageserver-types';
import type { ValuesDocument } from '../values/document';
import type { TextEdit } from '../values/edit';
import type { Excerpt } from '../values/excerpt';
import type { TextRange } from '../values/tree';

/** A range of offsets as LSP's lines and characters. */
export function toRange(document: ValuesDocument, { start, end }: TextRange): Range {
  return { start: document.positionAt(start), end: document.positionAt(end) };
}

/** LSP's lines and characters as a range of offsets. */
export function toOffsets(document: ValuesDocument, { start, end }: Range): TextRange {
  return { start: document.offsetAt(start), end: document.offsetAt(end) };
}

/** A range of offsets in an excerpt as a range in its file. */
export function toFileRange(excerpt: Excerpt, range: TextRange): Range {
  const { start, end } = toRange(excerpt.document, range);
  return { start: excerpt.toFile(start), end: excerpt.toFile(end) };
}

/** An edit of an excerpt as one of its file; undefined where the file does not allow for it. */
export function toFileEdit(excerpt: Excerpt, { range, newText }: TextEdit): LspTextEdit | undefined {
  return toFileLines(excerpt, { range: toRange(excerpt.document, range), newText });
}

/** The same for an edit that counts lines and characters. */
export function toFileLines(excerpt: Excerpt, { range, newText }: LspTextEdit): LspTextEdit | undefined {
  const edit = excerpt.editToFile({ ...range, newText });
  return edit && { range: { start: edit.start, end: edit.end }, newText: edit.newText };
}

/** The name of a file, as people read it. */
export function fileName(uri: string): string {
  return decodeURIComponent(uri.split('/').at(-1) ?? uri);
}
