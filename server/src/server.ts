import { type Connection, TextDocumentSyncKind } from 'vscode-languageserver';

/** Wires the language service to a connection and starts listening. */
export function startServer(connection: Connection): void {
  connection.onInitialize(() => ({
    capabilities: { textDocumentSync: TextDocumentSyncKind.Incremental },
    serverInfo: { name: 'airflow-token-volume' },
  }));
  connection.listen();
}
