import type { Connection } from 'vscode-languageserver';
import { detailsOf, type Findings, type OpenDocuments } from './openDocuments';

/** How the client gets to know of findings; told of everything that can change them. */
export interface DiagnosticsDelivery {
  /** A document was opened or changed. */
  changed(uri: string): void;
  /** A document was closed. */
  closed(uri: string): void;
  /** Other settings may hold for all documents. */
  settingsChanged(): void;
}

/**
 * Sends findings to a client that does not ask for them (`textDocument/publishDiagnostics`).
 *
 * What is found first is sent even if it is nothing, because some editors show that they wait for it. After that,
 * findings are sent when they are others than those before. They name no version: they hold until others come, and an
 * editor that is one version ahead and drops what is for an older one would not get them again.
 */
export class DiagnosticsPush implements DiagnosticsDelivery {
  private readonly connection: Connection;
  private readonly documents: OpenDocuments;
  /** What the client has for each open document. */
  private readonly sent = new Map<string, Findings>();

  constructor(connection: Connection, documents: OpenDocuments) {
    this.connection = connection;
    this.documents = documents;
  }

  changed(uri: string): void {
    void this.check(uri);
  }

  closed(uri: string): void {
    const last = this.sent.get(uri);
    this.sent.delete(uri);
    if (last && last.diagnostics.length > 0) void this.connection.sendDiagnostics({ uri, diagnostics: [] });
  }

  settingsChanged(): void {
    for (const uri of this.documents.uris()) void this.check(uri);
  }

  private async check(uri: string): Promise<void> {
    try {
      // Of several changes that came together, the first sees the newest text, and the others what it has seen.
      const snapshot = await this.documents.look(uri);
      if (snapshot) await this.send(uri, this.documents.findingsIn(snapshot));
    } catch (error) {
      this.connection.console.error(`Checking ${uri} failed: ${detailsOf(error)}`);
    }
  }

  private async send(uri: string, findings: Findings): Promise<void> {
    if (this.sent.get(uri)?.id === findings.id) return;
    this.sent.set(uri, findings);
    await this.connection.sendDiagnostics({ uri, diagnostics: findings.diagnostics });
  }
}
