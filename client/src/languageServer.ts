import { type Event, EventEmitter, type LogOutputChannel, type Uri, window, workspace } from 'vscode';
import { RevealOutputChannelOn, State, TransportKind } from 'vscode-languageclient/node';
import {
  chooseStackNotification,
  stacksChangedNotification,
  stacksRequest,
  type ChooseStackParams,
  type StacksParams,
  type StacksResult,
} from '../../server/src/workspace/protocol';
import { answerFileRequests } from './clientFiles';
import { clearedOnClose } from './diagnosticCollections';
import { QuietLanguageClient } from './quietLanguageClient';

/** The language server as the rest of the client sees it. None of these reject: failures are told to the user. */
export interface LanguageServer {
  start(): Promise<void>;
  /** Replaces the server's process by a new one, whatever state the old one is in. */
  restart(): Promise<void>;
  stop(): Promise<void>;
  /**
   * The stacks that an open document has a part in, the chosen one first; null where it holds no values for the chart,
   * and undefined while no server can say.
   */
  stacks(document: Uri): Promise<StacksResult | undefined>;
  /** Says which stack of a document is to come first. */
  chooseStack(document: Uri, name: string): Promise<void>;
  /** Fired when the answer of `stacks` may be another one, for any document. */
  readonly onStacksChanged: Event<void>;
}

/** Runs the server bundle `module` in a process of its own and logs to `output`. */
export function createLanguageServer(module: string, output: LogOutputChannel): LanguageServer {
  const stacksChanged = new EventEmitter<void>();
  let client = createClient();

  function createClient(): QuietLanguageClient {
    const created = new QuietLanguageClient(
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
        // What the server may ask and tell beyond LSP.
        initializationOptions: { fileSystem: true, status: true },
        outputChannel: output,
        revealOutputChannelOn: RevealOutputChannelOn.Never,
        // A failed start rejects and is reported there; without this the library reports it a second time.
        initializationFailedHandler: () => false,
      },
      () => void reportFailure(),
    );
    answerFileRequests(created);
    created.onNotification(stacksChangedNotification, () => {
      stacksChanged.fire();
    });
    created.onDidChangeState(({ newState }) => {
      if (newState !== State.Starting && created === client) stacksChanged.fire();
    });
    return created;
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

  async function stacks(document: Uri): Promise<StacksResult | undefined> {
    // A client that is asked too early would start by itself.
    if (!client.isRunning()) return undefined;
    const params: StacksParams = { uri: client.code2ProtocolConverter.asUri(document) };
    // Rejects when the server ends meanwhile.
    return client.sendRequest<StacksResult>(stacksRequest, params).catch(() => undefined);
  }

  async function chooseStack(document: Uri, name: string): Promise<void> {
    if (!client.isRunning()) return;
    const params: ChooseStackParams = { uri: client.code2ProtocolConverter.asUri(document), name };
    await client.sendNotification(chooseStackNotification, params).catch(() => undefined);
  }

  return {
    start,
    restart,
    stop: () => client.retire(),
    stacks,
    chooseStack,
    onStacksChanged: stacksChanged.event,
  };
}

/**
 * Documents that somebody works on: files, new ones, and those of the workspace wherever it is. Not what VS Code shows
 * beside them, such as the old side of a comparison or the preview of an edit, which would be reported twice.
 */
export function documentSelector(): { language: string; scheme: string }[] {
  const folders = workspace.workspaceFolders?.map(({ uri }) => uri.scheme) ?? [];
  return [...new Set(['file', 'untitled', ...folders])].map((scheme) => ({ language: 'yaml', scheme }));
}
