import type { Connection } from 'vscode-languageserver';
import { detailsOf, type Findings, type OpenDocuments } from './openDocuments';

/** How the client gets to know of findings; told of everything that can change them. */
export interface DiagnosticsDelivery {
  /** A document was opened or changed. */
  changed(uri: string): void;
  /**
   * A document was closed, and its file counts again.
   * @param neighbours The files whose findings may be others by that.
   */
  closed(uri: string, neighbours: ReadonlySet<string>): void;
  /** Findings may be others in all files: other settings hold, or files on disk changed. */
  allChanged(): void;
}

/** Which files beside the open ones have their findings told. */
export interface OtherFiles {
  /** The other files whose findings may be others when a file changes. */
  neighboursOf(uri: string): ReadonlySet<string>;
  /** The files that are not open and are to have their findings told. */
  shownWhileClosed(): string[];
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
  private readonly others: OtherFiles;
  /** What the client has for each document. */
  private readonly sent = new Map<string, Findings>();

  constructor(connection: Connection, documents: OpenDocuments, others: OtherFiles) {
    this.connection = connection;
    this.documents = documents;
    this.others = others;
  }

  changed(uri: string): void {
    void this.check(uri).then(() => this.checkOthers(this.others.neighboursOf(uri)));
  }

  closed(uri: string, neighbours: ReadonlySet<string>): void {
    // It may have been opened again meanwhile.
    if (this.documents.versionOf(uri) !== undefined) return;
    if (this.others.shownWhileClosed().includes(uri)) void this.checkClosed(uri);
    else this.clear(uri);
    void this.checkOthers(neighbours);
  }

  private async checkOthers(uris: ReadonlySet<string>): Promise<void> {
    if (uris.size === 0) return;
    const shown = new Set(this.others.shownWhileClosed());
    for (const uri of uris) {
      if (this.documents.versionOf(uri) !== undefined) await this.check(uri);
      else if (shown.has(uri)) await this.checkClosed(uri);
    }
  }

  private clear(uri: string): void {
    const last = this.sent.get(uri);
    this.sent.delete(uri);
    if (last && last.diagnostics.length > 0) void this.connection.sendDiagnostics({ uri, diagnostics: [] });
  }

  allChanged(): void {
    const open = this.documents.uris();
    for (const uri of open) void this.check(uri);
    const shown = new Set(this.others.shownWhileClosed());
    for (const uri of [...this.sent.keys()]) if (!open.includes(uri) && !shown.has(uri)) this.clear(uri);
    void this.checkAllClosed(shown);
  }

  private async checkAllClosed(uris: ReadonlySet<string>): Promise<void> {
    for (const uri of uris) await this.checkClosed(uri);
  }

  /** Of a file that is not open nothing is told unless there is something to tell. */
  private async checkClosed(uri: string): Promise<void> {
    try {
      const snapshot = await this.documents.lookAtClosed(uri);
      if (!snapshot) return;
      const findings = this.documents.findingsIn(snapshot);
      if (findings.diagnostics.length === 0) this.clear(uri);
      else await this.send(uri, findings);
    } catch (error) {
      this.connection.console.error(`Checking ${uri} failed: ${detailsOf(error)}`);
    }
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
