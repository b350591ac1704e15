/**
 * The extension host's entry. It only starts the language server and owns the commands, so that opening a
 * YAML file costs the editor next to nothing; everything that knows about Airflow runs in the server's process.
 */
import * as l10n from '@vscode/l10n';
import { commands, type ExtensionContext, l10n as editorL10n, Uri, window } from 'vscode';
import { rememberChosenStacks } from './chosenStacks';
import {
  createExposurePanel,
  type ExposurePanel,
  showExposureCommand,
  tellingHasStack,
} from './exposurePanel';
import { createExposureSource } from './exposureSource';
import { createExposureTree, type ExposureTreeView } from './exposureTree';
import { type LanguageServer, createLanguageServer } from './languageServer';
import { watchLastValuesFile } from './lastValuesFile';
import { registerClusterChecks } from './clusterCommand';
import { registerVerification } from './helmCommand';
import { createMarkdownDocuments } from './markdownDocuments';
import { migrateCommand, registerMigration } from './migrationCommand';
import { chooseStack, chooseStackCommand } from './stackPicker';
import { createStackStatusItem } from './stackStatusItem';
import { registerTokenInspector } from './tokenInspector';

/** Kept for `deactivate`, the only one of the two entry points that VS Code waits for at shutdown. */
let server: LanguageServer | undefined;

/** For the tests in an editor: VS Code shows nobody what a status item says, or a page. */
export interface Observable {
  /** What the status items say, a line for each, if they are there. */
  readonly stackStatus: () => string | undefined;
  /** The view "Token Exposure". */
  readonly exposure: ExposurePanel;
  /** The same as a tree. */
  readonly exposureTree: ExposureTreeView;
}

/** Called by VS Code when the first YAML file is opened. Returns without waiting for the server to be up. */
export function activate(context: ExtensionContext): Observable {
  // What knows no editor takes its texts from there, too. There is no bundle for English.
  if (editorL10n.bundle) l10n.config({ contents: editorL10n.bundle });
  const output = window.createOutputChannel('Airflow Token Volume', { log: true });
  const languageServer = createLanguageServer(context.asAbsolutePath('dist/server.js'), output, [
    showExposureCommand,
    migrateCommand,
  ]);
  server = languageServer;
  const stacks = tellingHasStack(rememberChosenStacks(languageServer, context.workspaceState));
  const statusItem = createStackStatusItem(stacks, languageServer.onStacksChanged);
  const file = watchLastValuesFile(stacks);
  const source = createExposureSource(file, stacks, languageServer);
  const exposureTree = createExposureTree(source);
  const chosen = (): void => {
    statusItem.refresh();
    source.refresh();
  };
  const exposure = createExposurePanel({
    stacks,
    source,
    file,
    chosen,
    media: Uri.joinPath(context.extensionUri, 'dist'),
  });
  const documents = createMarkdownDocuments();
  context.subscriptions.push(
    output,
    statusItem,
    exposure,
    exposureTree,
    source,
    file,
    documents,
    registerClusterChecks({ file, stacks, server: languageServer }),
    registerTokenInspector({ file, stacks, server: languageServer }),
    registerMigration(
      {
        file,
        stacks: (document) => stacks.of(document),
        plan: (document, stack) => languageServer.migrationPlan(document, stack),
      },
      documents,
    ),
    registerVerification(
      {
        file,
        inputs: (document) => languageServer.helmInputs(document),
        compare: (document, stack, manifests) => languageServer.compareRendering(document, stack, manifests),
      },
      documents,
    ),
    commands.registerCommand(chooseStackCommand, () => chooseStack(file, stacks, chosen)),
    commands.registerCommand('airflowTokenVolume.restartServer', () => languageServer.restart()),
  );
  void languageServer.start();
  return { stackStatus: statusItem.text, exposure, exposureTree };
}

/** Called by VS Code when the window closes or the extension is disabled. */
export async function deactivate(): Promise<void> {
  await server?.stop();
}
