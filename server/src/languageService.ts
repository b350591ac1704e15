import type { TextDocument } from 'vscode-languageserver-textdocument';
import type {
  CodeAction,
  CodeActionContext,
  CompletionItem,
  Diagnostic,
  Hover,
  Position,
  Range,
} from 'vscode-languageserver-types';
import { getCodeActions, type EditSupport } from './features/codeActions';
import { getCompletions, type CompletionSupport } from './features/completion';
import { getDiagnostics } from './features/diagnostics';
import { getHover } from './features/hover';
import type { Settings } from './features/settings';
import { createSnapshot, type ReportFailure, type Snapshot } from './features/snapshot';

export { fixAllKind, type EditSupport } from './features/codeActions';
export type { CompletionSupport } from './features/completion';
export { defaultSettings, readSettings, type Settings } from './features/settings';
export type { Snapshot } from './features/snapshot';

/** What the client of the service can take, and where it wants to hear of failures. */
export interface LanguageServiceOptions {
  readonly edits: EditSupport;
  readonly completion: CompletionSupport;
  readonly report: ReportFailure;
}

/** Everything that an editor or the command line asks of the engine. Knows no connection, no process and no disk. */
export interface LanguageService {
  /**
   * Looks at a document as it is now. What costs time is done when one of the other functions first needs it.
   * @param previous An earlier snapshot of the same document, whose unchanged parts are taken over.
   */
  look(document: TextDocument, settings: Settings, previous?: Snapshot): Snapshot;
  /** The findings in the order of the text; none for a document that holds no values for the Airflow chart. */
  diagnostics(snapshot: Snapshot): Diagnostic[];
  /** What the key or value at a position is and means; undefined for any other text. */
  hover(snapshot: Snapshot, position: Position): Hover | undefined;
  /** Quick fixes for the findings at a range, and the fix for all safe ones where the context asks for it. */
  codeActions(snapshot: Snapshot, range: Range, context: CodeActionContext): CodeAction[];
  /** Snippets that fit the map at a position. */
  completions(snapshot: Snapshot, position: Position): CompletionItem[];
}

/** Creates the service for a client. It keeps nothing between calls. */
export function createLanguageService(options: LanguageServiceOptions): LanguageService {
  return {
    look: (document, settings, previous) => createSnapshot(document, settings, previous, options.report),
    diagnostics: getDiagnostics,
    hover: getHover,
    codeActions: (snapshot, range, context) => getCodeActions(snapshot, range, context, options.edits),
    completions: (snapshot, position) => getCompletions(snapshot, position, options.completion),
  };
}
