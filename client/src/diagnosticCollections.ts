import { type DiagnosticCollection, type Disposable, languages, workspace } from 'vscode';
import type { DiagnosticCollectionProvider } from 'vscode-languageclient/node';

/**
 * Makes the collections in which the client library keeps what the server finds, and clears them of a document in the
 * moment in which it is closed. The library leaves that to the server's next report on the workspace, for which it asks
 * every two seconds.
 */
export function clearedOnClose(): DiagnosticCollectionProvider {
  const subscriptions = new Map<DiagnosticCollection, Disposable>();
  return {
    create(name) {
      const collection = languages.createDiagnosticCollection(name);
      const clear = workspace.onDidCloseTextDocument(({ uri }) => {
        collection.delete(uri);
      });
      subscriptions.set(collection, clear);
      return collection;
    },
    dispose(collection) {
      subscriptions.get(collection)?.dispose();
      subscriptions.delete(collection);
      collection.dispose();
    },
  };
}
