import * as l10n from '@vscode/l10n';
import {
  type Event,
  EventEmitter,
  extensions,
  type LogOutputChannel,
  type Uri,
  type WorkspaceEdit,
  window,
} from 'vscode';
import { RevealOutputChannelOn, State, TransportKind } from 'vscode-languageclient/node';
import type { MigrationPlan } from '../../server/src/features/migrationPlan';
import type { Picture } from '../../server/src/features/picture';
import type { Comparison, HelmInputs } from '../../server/src/features/rendering';
import {
  chooseStackNotification,
  compareRenderingRequest,
  helmInputsRequest,
  migrationPlanRequest,
  pictureRequest,
  stacksChangedNotification,
  stacksRequest,
  type ChooseStackParams,
  type PictureParams,
  type StacksParams,
  type StacksResult,
} from '../../server/src/workspace/protocol';
import { answerFileRequests } from './clientFiles';
import { clearedOnClose } from './diagnosticCollections';
import { documentSelector } from './documentSelector';
import { QuietLanguageClient } from './quietLanguageClient';

/** What the server says of a migration, as VS Code takes it. */
export interface PlannedMigration {
  readonly markdown: string;
  /** The changes, each of which VS Code shows before it is made; undefined where there are none that are certain. */
  readonly edit: WorkspaceEdit | undefined;
  /** The file's stacks in the order in which to migrate them. */
  readonly order: readonly string[];
}

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
  /**
   * Who holds a token in a stack of an open document, or in the one that comes first; null where that cannot be told, and
   * undefined while no server can say.
   */
  picture(document: Uri, stack?: string): Promise<Picture | null | undefined>;
  /** What it takes to migrate a stack of an open document; null and undefined as above. */
  migrationPlan(document: Uri, stack: string | undefined): Promise<PlannedMigration | null | undefined>;
  /** What Helm has to be given to render the stack that comes first; null and undefined as above. */
  helmInputs(document: Uri): Promise<HelmInputs | null | undefined>;
  /** How what Helm rendered compares with what is predicted; null and undefined as above. */
  compareRendering(
    document: Uri,
    stack: string | null,
    manifests: string,
  ): Promise<Comparison | null | undefined>;
  /** Says which stack of a document is to come first. */
  chooseStack(document: Uri, name: string): Promise<void>;
  /** Fired when the answer of `stacks` may be another one, for any document. */
  readonly onStacksChanged: Event<void>;
}

/**
 * Runs the server bundle `module` in a process of its own and logs to `output`.
 * @param commands The names of the commands that its code lenses may call.
 */
export function createLanguageServer(
  module: string,
  output: LogOutputChannel,
  commands: readonly string[],
): LanguageServer {
  const stacksChanged = new EventEmitter<void>();
  let client = createClient();
  /** Settled when the last start has come to its end, a good one or not. */
  let started = Promise.resolve();

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
        initializationOptions: { fileSystem: true, status: true, commands, redHatYaml: hasRedHatYaml() },
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

  /** @param ready Settled when the one before is gone. */
  function start(ready = Promise.resolve()): Promise<void> {
    // A client that cannot start has called `reportFailure` by the time it rejects.
    started = ready.then(() => client.start()).catch(() => undefined);
    return started;
  }

  /** Says whether there is a server to ask; waits for one that is starting, be it again. */
  async function isThere(): Promise<boolean> {
    for (let awaited; awaited !== started;) {
      awaited = started;
      await awaited;
    }
    // After a crash the library starts it again by itself; asked for the same, it says when it is done.
    if (client.state === State.Starting) await client.start().catch(() => undefined);
    return client.isRunning();
  }

  async function restart(): Promise<void> {
    // A client whose start failed can never be started again, so each restart gets a new one. `client` changes
    // before anything is awaited: of two overlapping restarts, both wait for the same last client.
    const previous = client;
    client = createClient();
    await start(previous.retire());
  }

  /** Tells the user what the failure means for them and how to go on. */
  async function reportFailure(): Promise<void> {
    const restartIt = l10n.t('Restart');
    const showOutput = l10n.t('Show Output');
    const answer = await window.showErrorMessage(
      l10n.t(
        'Airflow values files are not being checked, because the language server stopped. Restart it, or look for the reason in the output.',
      ),
      restartIt,
      showOutput,
    );
    if (answer === restartIt) await restart();
    if (answer === showOutput) output.show();
  }

  async function stacks(document: Uri): Promise<StacksResult | undefined> {
    // A client that is asked without a server would start one by itself.
    if (!(await isThere())) return undefined;
    const params: StacksParams = { uri: client.code2ProtocolConverter.asUri(document) };
    // Rejects when the server ends meanwhile.
    return client.sendRequest<StacksResult>(stacksRequest, params).catch(() => undefined);
  }

  /** Asks about a stack of a document. */
  async function ask<T>(
    request: string,
    document: Uri,
    stack: string | undefined,
    more: object = {},
  ): Promise<T | null | undefined> {
    if (!(await isThere())) return undefined;
    const params: PictureParams = {
      uri: client.code2ProtocolConverter.asUri(document),
      ...(stack === undefined ? {} : { stack }),
      ...more,
    };
    return client.sendRequest<T | null>(request, params).catch(() => undefined);
  }

  async function migrationPlan(
    document: Uri,
    stack: string | undefined,
  ): Promise<PlannedMigration | null | undefined> {
    const plan = await ask<MigrationPlan>(migrationPlanRequest, document, stack);
    if (!plan) return plan;
    const edit = plan.edit ? await client.protocol2CodeConverter.asWorkspaceEdit(plan.edit) : undefined;
    return { markdown: plan.markdown, order: plan.order, edit };
  }

  async function chooseStack(document: Uri, name: string): Promise<void> {
    if (!(await isThere())) return;
    const params: ChooseStackParams = { uri: client.code2ProtocolConverter.asUri(document), name };
    await client.sendNotification(chooseStackNotification, params).catch(() => undefined);
  }

  return {
    start,
    restart,
    stop: () => client.retire(),
    stacks,
    picture: (document, stack) => ask<Picture>(pictureRequest, document, stack),
    migrationPlan,
    helmInputs: (document) => ask<HelmInputs>(helmInputsRequest, document, undefined),
    compareRendering: (document, stack, manifests) =>
      ask<Comparison>(compareRenderingRequest, document, stack ?? undefined, { manifests }),
    chooseStack,
    onStacksChanged: stacksChanged.event,
  };
}

/** Says whether Red Hat's extension is there, which offers what a schema says. */
function hasRedHatYaml(): boolean {
  return extensions.getExtension('redhat.vscode-yaml') !== undefined;
}
