import {
  DocumentDiagnosticReportKind,
  LSPErrorCodes,
  ResponseError,
  type CancellationToken,
  type Connection,
  type DiagnosticServerCancellationData,
  type DocumentDiagnosticParams,
  type DocumentDiagnosticReport,
  type WorkspaceDiagnosticParams,
  type WorkspaceDiagnosticReport,
  type WorkspaceDocumentDiagnosticReport,
  type WorkspaceFullDocumentDiagnosticReport,
} from 'vscode-languageserver';
import type { DiagnosticsDelivery, OtherFiles } from './diagnosticsPush';
import { detailsOf, refuseIfCancelled, type Findings, type OpenDocuments } from './openDocuments';

/**
 * Answers a client that asks for findings (`textDocument/diagnostic`, `workspace/diagnostic`), and sends it none by
 * itself. A result's id is made of its content, so that "unchanged" is true of any version, and after a restart.
 */
export class DiagnosticsPull implements DiagnosticsDelivery {
  private readonly connection: Connection;
  private readonly documents: OpenDocuments;
  private readonly others: OtherFiles;
  /** Whether the client asks again when it is told that settings changed. */
  refreshes = false;
  /** Open documents for which the client was given findings. */
  private readonly marked = new Set<string>();
  /** Documents that were closed while they were marked. */
  private readonly left = new Set<string>();

  constructor(connection: Connection, documents: OpenDocuments, others: OtherFiles) {
    this.connection = connection;
    this.documents = documents;
    this.others = others;
    connection.languages.diagnostics.on((params, token) => this.document(params, token));
    connection.languages.diagnostics.onWorkspace((params, token) => this.workspace(params, token));
  }

  changed(): void {
    // The client asks again by itself.
  }

  closed(uri: string, neighbours: ReadonlySet<string>): void {
    if (this.marked.delete(uri) && this.documents.versionOf(uri) === undefined) this.left.add(uri);
    // The client asks again about what it changes, and not about what counts once more.
    if (neighbours.size > 0) this.allChanged();
  }

  allChanged(): void {
    // A client that refuses asks again when it likes to.
    if (this.refreshes) this.connection.languages.diagnostics.refresh().catch(() => undefined);
  }

  private async document(
    { textDocument: { uri }, previousResultId }: DocumentDiagnosticParams,
    token: CancellationToken,
  ): Promise<DocumentDiagnosticReport> {
    const version = this.documents.versionOf(uri);
    const snapshot = await this.documents.look(uri, () => {
      refuseIfCancelled(token);
      if (this.documents.versionOf(uri) !== version) throw outdated();
    });
    if (!snapshot) return this.closedDocument(uri, previousResultId);
    return this.report(uri, this.documents.findingsIn(snapshot), previousResultId);
  }

  /** The answer about a document that was closed meanwhile, or never opened. */
  private async closedDocument(
    uri: string,
    previousId: string | undefined,
  ): Promise<DocumentDiagnosticReport> {
    const isShown = this.others.shownWhileClosed().includes(uri);
    const snapshot = isShown ? await this.documents.lookAtClosed(uri) : undefined;
    if (!snapshot) return { kind: DocumentDiagnosticReportKind.Full, items: [] };
    const { id, diagnostics } = this.documents.findingsIn(snapshot);
    return id === previousId
      ? { kind: DocumentDiagnosticReportKind.Unchanged, resultId: id }
      : { kind: DocumentDiagnosticReportKind.Full, resultId: id, items: diagnostics };
  }

  private async workspace(
    { previousResultIds }: WorkspaceDiagnosticParams,
    token: CancellationToken,
  ): Promise<WorkspaceDiagnosticReport> {
    const previous = new Map(previousResultIds.map(({ uri, value }) => [uri, value]));
    const items: WorkspaceDocumentDiagnosticReport[] = [];
    for (const uri of this.documents.uris()) {
      const item = await this.workspaceItem(uri, previous.get(uri), token);
      if (item) items.push(item);
    }
    const shown = new Set<string>();
    for (const uri of this.others.shownWhileClosed()) {
      const item = await this.closedItem(uri, previous.get(uri), token);
      if (!item) continue;
      items.push(item);
      shown.add(uri);
    }
    const gone = [...previous.keys()].filter((uri) => !shown.has(uri));
    for (const uri of shown) this.left.delete(uri);
    return { items: [...items, ...this.clearances(gone)] };
  }

  /** The report on one of many documents. One that cannot be looked at does not keep the others from being. */
  private async workspaceItem(
    uri: string,
    previousId: string | undefined,
    token: CancellationToken,
  ): Promise<WorkspaceDocumentDiagnosticReport | undefined> {
    try {
      const snapshot = await this.documents.look(uri, () => {
        refuseIfCancelled(token);
      });
      if (!snapshot) return undefined;
      const report = this.report(uri, this.documents.findingsIn(snapshot), previousId);
      return { ...report, uri, version: snapshot.version };
    } catch (error) {
      if (error instanceof ResponseError) throw error;
      this.connection.console.error(`Checking ${uri} failed: ${detailsOf(error)}`);
      return undefined;
    }
  }

  /** The report on a file that is not open; nothing where there is nothing to tell, as before. */
  private async closedItem(
    uri: string,
    previousId: string | undefined,
    token: CancellationToken,
  ): Promise<WorkspaceDocumentDiagnosticReport | undefined> {
    try {
      const snapshot = await this.documents.lookAtClosed(uri);
      refuseIfCancelled(token);
      if (!snapshot) return undefined;
      const { id, diagnostics } = this.documents.findingsIn(snapshot);
      if (id === previousId)
        return { kind: DocumentDiagnosticReportKind.Unchanged, uri, version: null, resultId: id };
      if (diagnostics.length === 0 && previousId === undefined && !this.left.has(uri)) return undefined;
      return {
        kind: DocumentDiagnosticReportKind.Full,
        uri,
        version: null,
        resultId: id,
        items: diagnostics,
      };
    } catch (error) {
      if (error instanceof ResponseError) throw error;
      this.connection.console.error(`Checking ${uri} failed: ${detailsOf(error)}`);
      return undefined;
    }
  }

  private report(uri: string, { id, diagnostics }: Findings, previousId: string | undefined) {
    if (diagnostics.length > 0) this.marked.add(uri);
    else this.marked.delete(uri);
    return id === previousId
      ? ({ kind: DocumentDiagnosticReportKind.Unchanged, resultId: id } as const)
      : ({ kind: DocumentDiagnosticReportKind.Full, resultId: id, items: diagnostics } as const);
  }

  /**
   * Empty reports on documents that are no longer open, each once: on those that the client names, and on those for
   * which it was given findings. `vscode-languageclient` neither clears what it shows for a document that it closes nor
   * names it, and passes over a report on one whose last answer it still waits for. It therefore gets an id with the
   * report that it did not ask for, which it will name the next time, and then gets the last one.
   */
  private clearances(named: readonly string[]): WorkspaceFullDocumentDiagnosticReport[] {
    const isClosed = (uri: string): boolean => this.documents.versionOf(uri) === undefined;
    const empty = { kind: DocumentDiagnosticReportKind.Full, version: null, items: [] } as const;
    const asked = named.filter(isClosed);
    for (const uri of asked) this.left.delete(uri);
    const unasked = [...this.left].filter(isClosed);
    this.left.clear();
    return [
      ...asked.map((uri) => ({ ...empty, items: [], uri })),
      ...unasked.map((uri) => ({ ...empty, items: [], uri, resultId: 'closed' })),
    ];
  }
}

/**
 * The answer to a request for a version that is no longer the newest. With `ContentModified`, `vscode-languageclient`
 * would show an empty result; without leave to ask again, it would not ask for the newest version either.
 */
function outdated(): ResponseError<DiagnosticServerCancellationData> {
  return new ResponseError(LSPErrorCodes.ServerCancelled, 'The document has changed meanwhile.', {
    retriggerRequest: true,
  });
}
