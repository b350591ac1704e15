import type { Position } from 'vscode-languageserver-types';
import {
  createLanguageService,
  defaultSettings,
  openDocument,
  type OpenDocument,
  type LanguageService,
  type Settings,
  type Snapshot,
} from '../languageService';
import { changeBetween } from '../values/excerpt';

/** A service for a client that can do everything; a rule that fails fails the test. */
export const service: LanguageService = createLanguageService({
  edits: { documentChanges: true, changeAnnotations: true },
  completion: { snippets: true },
  report: (code, error) => {
    throw new Error(`The rule ${code} failed`, { cause: error });
  },
});

/** A document as the editor has it. */
export function documentOf(text: string, name = 'values.yaml'): OpenDocument {
  return openDocument(`file:///repo/${name}`, 1, text);
}

/** A snapshot of a document. */
export function look(text: string, name?: string, settings: Settings = defaultSettings): Snapshot {
  return service.look(documentOf(text, name), settings);
}

/** A text without its cursor mark `<|>`, and where the mark was. */
export function atCursor(
  marked: string,
  name?: string,
): { snapshot: Snapshot; position: Position; text: string } {
  const offset = marked.indexOf('<|>');
  if (offset < 0) throw new Error('The text has no <|> in it.');
  const text = marked.replace('<|>', '');
  const snapshot = look(text, name);
  return { snapshot, position: snapshot.values.positionAt(offset), text };
}

/** A document after the one change that turns its text into another. */
export function becoming(document: OpenDocument, text: string): OpenDocument {
  const values = document.values.edit([changeBetween(document.values.text, text)]);
  return { uri: document.uri, version: document.version + 1, values };
}
