import { commands, EventEmitter, type TextDocumentContentProvider, Uri, workspace } from 'vscode';

const scheme = 'airflow-token-volume';

/** Texts that a command has to show: read-only Markdown documents, seen in VS Code's own preview. */
export interface MarkdownDocuments {
  /**
   * Shows a text beside the editor.
   * @param name What its tab is called; a text with the same name takes the place of the one before.
   * @param markdown The text.
   */
  show(name: string, markdown: string): Promise<void>;
  dispose(): void;
}

/** Prepares to show such documents. */
export function createMarkdownDocuments(): MarkdownDocuments {
  const texts = new Map<string, string>();
  const changed = new EventEmitter<Uri>();
  const provider: TextDocumentContentProvider = {
    onDidChange: changed.event,
    provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? '',
  };
  const registration = workspace.registerTextDocumentContentProvider(scheme, provider);
  return {
    async show(name, markdown) {
      const uri = Uri.from({ scheme, path: `/${name}.md` });
      texts.set(uri.toString(), markdown);
      changed.fire(uri);
      await commands.executeCommand('markdown.showPreviewToSide', uri);
    },
    dispose() {
      registration.dispose();
      changed.dispose();
    },
  };
}
