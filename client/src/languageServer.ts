import { type LogOutputChannel, window, workspace } from 'vscode';
import { RevealOutputChannelOn, TransportKind } from 'vscode-languageclient/node';
import { clearedOnClose } from './diagnosticCollections';
import { QuietLanguageClient } from './quietLanguageClient';

/** The language server as the rest of the client sees it. None of these reject: failures are told to the user. */
export interface LanguageServer {
  start(): Promise<void>;
  /** Replaces the server's process by a new one, whatever state the old one is in. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Runs the server bundle `module` in a process of its own and logs to `output`. */
export function createLanguageServer(module: string, output: LogOutputChannel): LanguageServer {
  let client = createClient();

  function createClient(): QuietLanguageClient {
    return new QuietLanguageClient(
      // The id is also the prefix of the `trace.server` setting that the client library reads.
      'airflowTokenVolume',
      output.name,
      {
        run: { module, transport: TransportKind.ipc },
        debug: {
          module,
          transport: TransportKind.ipc,
          options: { execArgv: ['--nolazy', '--inspect=6009'] },
        },
      },
      {
        documentSelector: documentSelector(),
        // Asked for when a file is opened, when settings change, and after each change that is typed, without a delay.
        diagnosticPullOptions: { onChange: true, onSave: false },
        diagnosticCollectionProvider: clearedOnClose(),
        outputChannel: output,
        revealOutputChannelOn: RevealOutputChannelOn.Never,
        // A failed start rejects and is reported there; without this the library reports it a second time.
        initializationFailedHandler: () => false,
      },
      () => void reportFailure(),
    );
  }

  async function start(): Promise<void> {
    // A client that cannot start has called `reportFailure` by the time it rejects.
    await client.start().catch(() => undefined);
  }

  async function restart(): Promise<void> {
    // A client whose start failed can never be started again, so each restart gets a new one. `client` changes
    // before anything is awaited: of two overlapping restarts, both wait for the same last client.
    const previous = client;
    client = createClient();
    await previous.retire();
    await start();
  }

  /** Tells the user what the failure means for them and how to go on. */
  async function reportFailure(): Promise<void> {
    const answer = await window.showErrorMessage(
      'Airflow values files are not being checked, because the language server stopped. Restart it, or look for the reason in the output.',
      'Restart',
      'Show Output',
    );
    if (answer === 'Restart') await restart();
    if (answer === 'Show Output') output.show();
  }

  return { start, restart, stop: () => client.retire() };
}

/**
 * Documents that somebody works on: files, new ones, and those of the workspace wherever it is. Not what VS Code shows
 * beside them, such as the old side of a comparison or the preview of an edit, which would be reported twice.
 */
function documentSelector(): { language: string; scheme: string }[] {
  const folders = workspace.workspaceFolders?.map(({ uri }) => uri.scheme) ?? [];
  return [...new Set(['file', 'untitled', ...folders])].map((scheme) => ({ language: 'yaml', scheme }));
}
