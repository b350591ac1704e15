/**
 * The extension host's entry. It only starts the language server and owns the commands, so that opening a
 * YAML file costs the editor next to nothing; everything that knows about Airflow runs in the server's process.
 */
import { commands, type ExtensionContext, window } from 'vscode';
import { type LanguageServer, createLanguageServer } from './languageServer';

/** Kept for `deactivate`, the only one of the two entry points that VS Code waits for at shutdown. */
let server: LanguageServer | undefined;

/** Called by VS Code when the first YAML file is opened. Returns without waiting for the server to be up. */
export function activate(context: ExtensionContext): void {
  const output = window.createOutputChannel('Airflow Token Volume', { log: true });
  const languageServer = createLanguageServer(context.asAbsolutePath('dist/server.js'), output);
  server = languageServer;
  context.subscriptions.push(
    output,
    commands.registerCommand('airflowTokenVolume.restartServer', () => languageServer.restart()),
  );
  void languageServer.start();
}

/** Called by VS Code when the window closes or the extension is disabled. */
export async function deactivate(): Promise<void> {
  await server?.stop();
}
