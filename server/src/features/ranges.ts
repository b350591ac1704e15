import type { Range } from 'vscode-languageserver-types';
import type { ValuesDocument } from '../values/document';
import type { TextRange } from '../values/tree';

/** A range of offsets as LSP's lines and characters. */
export function toRange(document: ValuesDocument, { start, end }: TextRange): Range {
  return { start: document.positionAt(start), end: document.positionAt(end) };
}

/** LSP's lines and characters as a range of offsets. */
export function toOffsets(document: ValuesDocument, { start, end }: Range): TextRange {
  return { start: document.offsetAt(start), end: document.offsetAt(end) };
}
