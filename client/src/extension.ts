/**
 * The extension host's entry. It only starts the language server and owns the commands, so that opening a
 * YAML file costs the editor next to nothing; everything that knows about Airflow runs in the server's process.
 */
import { commands, type ExtensionContext, window } from 'vscode';
import { rememberChosenStacks } from './chosenStacks';
import { type LanguageServer, createLanguageServer } from './languageServer';
import { chooseStack, chooseStackCommand } from './stackPicker';
import { createStackStatusItem } from './stackStatusItem';

/** Kept for `deactivate`, the only one of the two entry points that VS Code waits for at shutdown. */
let server: LanguageServer | undefined;

/** For the tests in an editor: VS Code shows nobody what a status item says. */
export interface Observable {
  /** What the status items say, a line for each, if they are there. */
  readonly stackStatus: () => string | undefined;
}

/** Called by VS Code when the first YAML file is opened. Returns without waiting for the server to be up. */
export function activate(context: ExtensionContext): Observable {
  const output = window.createOutputChannel('Airflow Token Volume', { log: true });
  const languageServer = createLanguageServer(context.asAbsolutePath('dist/server.js'), output);
  server = languageServer;
  const stacks = rememberChosenStacks(languageServer, context.workspaceState);
  const statusItem = createStackStatusItem(stacks, languageServer.onStacksChanged);
  context.subscriptions.push(
    output,
    statusItem,
    commands.registerCommand(chooseStackCommand, () =>
      chooseStack(stacks, () => {
        statusItem.refresh();
      }),
    ),
    commands.registerCommand('airflowTokenVolume.restartServer', () => languageServer.restart()),
  );
  void languageServer.start();
  return { stackStatus: statusItem.text };
}

/** Called by VS Code when the window closes or the extension is disabled. */
export async function deactivate(): Promise<void> {
  await server?.stop();
}
