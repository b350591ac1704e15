import type { Range } from 'vscode-languageserver-types';
import { readValues, type ValuesDocument } from '../values/document';
import { toOffsets } from './ranges';

/** One version of a document as the client has it. Nothing in it ever changes. */
export interface OpenDocument {
  readonly uri: string;
  readonly version: number;
  readonly values: ValuesDocument;
}

/** One change as clients report it: a new text for a range, or for the whole document where there is no range. */
export interface ContentChange {
  readonly range?: Range;
  readonly text: string;
}

/**
 * Takes in a document.
 * @param uri Its address.
 * @param version The client's number for this version.
 * @param text All of it.
 */
export function openDocument(uri: string, version: number, text: string): OpenDocument {
  return { uri, version, values: readValues(text) };
}

/**
 * The next version of a document, which shares with this one what did not change.
 * @param document The version that the client changed.
 * @param changes What the client changed, each of them in the result of the one before.
 * @param version The client's number for the next version.
 */
export function changeDocument(
  document: OpenDocument,
  changes: readonly ContentChange[],
  version: number,
): OpenDocument {
  return { uri: document.uri, version, values: changes.reduce(changed, document.values) };
}

function changed(values: ValuesDocument, { range, text }: ContentChange): ValuesDocument {
  if (!range) return readValues(text);
  const { start, end } = toOffsets(values, range);
  return values.edit([{ range: { start: Math.min(start, end), end: Math.max(start, end) }, newText: text }]);
}
