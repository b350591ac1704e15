import * as l10n from '@vscode/l10n';
import {
  CodeLensRefreshRequest,
  DidChangeConfigurationNotification,
  InlayHintRefreshRequest,
  TextDocuments,
  TextDocumentSyncKind,
  type CancellationToken,
  type ClientCapabilities,
  type Connection,
  type ServerCapabilities,
} from 'vscode-languageserver';
import type { Arrivals } from './arrivals';
import { DiagnosticsPull } from './diagnosticsPull';
import { DiagnosticsPush, type DiagnosticsDelivery } from './diagnosticsPush';
import {
  changeDocument,
  createLanguageService,
  defaultSettings,
  fixAllKind,
  openDocument,
  readSettings,
  type Comparison,
  type HelmInputs,
  type LanguageService,
  type MigrationPlan,
  type Picture,
  type Settings,
  type Snapshot,
} from './languageService';
import { detailsOf, OpenDocuments, refuseIfCancelled } from './openDocuments';
import { Repositories } from './repositories';
import { statusOf } from './stackStatus';
import type { Translations } from './disk/translations';
import { readExcludes } from './workspace/excludes';
import { noFiles, type FileSystem } from './workspace/fileSystem';
import { createFolders, type Folders } from './workspace/folders';
import {
  chooseStackNotification,
  compareRenderingRequest,
  helmInputsRequest,
  migrationPlanRequest,
  pictureRequest,
  stacksChangedNotification,
  stacksRequest,
  type ChooseStackParams,
  type CompareRenderingParams,
  type PictureParams,
  type FileSystemOptions,
  type StacksParams,
  type StacksResult,
} from './workspace/protocol';
import { startProgress, type SearchProgress } from './workspace/progress';
import { registerWatching } from './workspace/watching';

const serverName = 'airflow-token-volume';
const configurationSection = 'airflowTokenVolume';

/** Makes the way to the files of some folders; `answers` says whether the client reads files that are on no disk. */
export type CreateFiles = (
  folders: () => readonly string[],
  connection: Connection,
  answers: boolean,
) => FileSystem;

/** Finds the texts of the user interface in a language, which a client names; undefined where there are none. */
export type FindTranslations = (locale: string) => Translations | undefined;

/** For a client that shows no progress. */
const noProgress: SearchProgress = { report: () => undefined, end: () => undefined };

/** How long changes are collected before the client hears that stacks may be others, in milliseconds. */
const collectFor = 100;

/** How long nothing is typed into a layer before the others are shown anew, in milliseconds. */
const pause = 300;

/**
 * Wires the language service to a connection and starts listening.
 * @param connection The connection to the editor; its messages are answered until it closes.
 * @param arrivals What the connection tells of its messages.
 * @param createFiles Makes the way to the files of the workspace, which is another one on a disk and in a browser.
 * @param findTranslations Finds what the client's language has for the texts that users see.
 */
export function startServer(
  connection: Connection,
  arrivals: Arrivals,
  createFiles: CreateFiles,
  findTranslations: FindTranslations,
): void {
  const documents = new TextDocuments({
    create: (uri, _, version, text) => openDocument(uri, version, text),
    update: changeDocument,
  });
  let service: LanguageService | undefined;
  let clientCapabilities: ClientCapabilities = {};
  let pullsConfiguration = false;
  let registersChanges = false;
  let pushedSettings = defaultSettings;
  let folders: Folders | undefined;
  let fileSystem = noFiles;
  let wantsStatus = false;
  let reportsProgress = false;
  const currentFolders = (): readonly string[] => folders?.current() ?? [];
  const repositories = new Repositories({
    fileSystem: {
      list: (...args) => fileSystem.list(...args),
      listAmong: (...args) => fileSystem.listAmong(...args),
      read: (...args) => fileSystem.read(...args),
    },
    folders: currentFolders,
    askSettings,
    askExcludes: async (folder) => {
      if (!pullsConfiguration) return [];
      const [files, search] = (await connection.workspace
        .getConfiguration([
          { scopeUri: folder, section: 'files.exclude' },
          { scopeUri: folder, section: 'search.exclude' },
        ])
        .catch(() => [])) as unknown[];
      return readExcludes(files, search);
    },
    changed: () => {
      delivery.allChanged();
      stacksChanged();
      shownChanged();
    },
    failed: (error) => {
      connection.console.error(`Looking through the workspace failed: ${detailsOf(error)}`);
    },
    startProgress: () =>
      reportsProgress ? startProgress(connection, l10n.t('Looking for Airflow values')) : noProgress,
  });
  const open = new OpenDocuments({
    documents,
    arrivals,
    service: () => service,
    askSettings,
    workspace: repositories,
  });
  const push = new DiagnosticsPush(connection, open, repositories);
  const pull = new DiagnosticsPull(connection, open, repositories);
  let delivery: DiagnosticsDelivery = push;

  let telling: NodeJS.Timeout | undefined;
  /** Tells the client that what it shows of stacks may be others. */
  function stacksChanged(): void {
    if (!wantsStatus || telling) return;
    telling = setTimeout(() => {
      telling = undefined;
      void connection.sendNotification(stacksChangedNotification);
    }, collectFor);
  }

  let refreshing: NodeJS.Timeout | undefined;
  /**
   * Has the client ask again for what it shows in the text, which does not change with the text alone.
   * @param after How long nothing else is to change before it does, in milliseconds.
   */
  function shownChanged(after = collectFor): void {
    clearTimeout(refreshing);
    const { codeLens, inlayHint } = clientCapabilities.workspace ?? {};
    const requests = [
      ...(codeLens?.refreshSupport === true ? [CodeLensRefreshRequest.type] : []),
      ...(inlayHint?.refreshSupport === true ? [InlayHintRefreshRequest.type] : []),
    ];
    if (requests.length === 0) return;
    refreshing = setTimeout(() => {
      refreshing = undefined;
      // A client that refuses asks again when it likes to.
      for (const request of requests) connection.sendRequest(request).catch(() => undefined);
    }, after);
  }

  connection.onInitialize((params) => {
    const { capabilities, locale } = params;
    // Some clients send null, which LSP does not know.
    const translations = typeof locale === 'string' ? findTranslations(locale) : undefined;
    if (translations) l10n.config({ contents: translations });
    const told = optionsIn(params.initializationOptions);
    folders = createFolders(params);
    fileSystem = createFiles(currentFolders, connection, told.fileSystem === true);
    wantsStatus = told.status === true;
    reportsProgress = capabilities.window?.workDoneProgress === true;
    clientCapabilities = capabilities;
    pullsConfiguration = capabilities.workspace?.configuration === true;
    registersChanges = capabilities.workspace?.didChangeConfiguration?.dynamicRegistration === true;
    pull.refreshes = capabilities.workspace?.diagnostics?.refreshSupport === true;
    if (capabilities.textDocument?.diagnostic) delivery = pull;
    service = createLanguageService({
      ...supportOf(capabilities, told),
      report: (code, error) => {
        connection.console.error(`The rule ${code} failed: ${detailsOf(error)}`);
      },
    });
    return { capabilities: capabilitiesWith(delivery === pull), serverInfo: { name: serverName } };
  });

  connection.onInitialized(() => {
    if (clientCapabilities.workspace?.workspaceFolders) {
      connection.workspace.onDidChangeWorkspaceFolders((event) => {
        if (folders?.change(event)) void repositories.discover();
      });
    }
    void registerWatching(connection, clientCapabilities);
    if (currentFolders().length > 0) void repositories.discover();
    if (!pullsConfiguration || !registersChanges) return;
    // A client that refuses says of itself when settings change, or never does.
    connection.client
      .register(DidChangeConfigurationNotification.type, { section: configurationSection })
      .catch(() => undefined);
  });

  connection.onDidChangeConfiguration(({ settings: pushed }: { settings: unknown }) => {
    open.forgetSettings();
    if (!pullsConfiguration) pushedSettings = readSettings(sectionOf(pushed));
    if (currentFolders().length > 0) void repositories.discover();
    delivery.allChanged();
    shownChanged();
  });

  connection.onDidChangeWatchedFiles(({ changes }) => {
    repositories.watched(changes);
  });
  connection.onShutdown(() => {
    clearTimeout(telling);
    clearTimeout(refreshing);
    repositories.dispose();
  });

  function askSettings(uri: string): Promise<Settings> {
    if (!pullsConfiguration) return Promise.resolve(pushedSettings);
    return connection.workspace
      .getConfiguration({ scopeUri: uri, section: configurationSection })
      .then(readSettings, () => defaultSettings);
  }

  documents.onDidChangeContent(({ document }) => {
    const { uri } = document;
    repositories.opened(document);
    delivery.changed(uri);
    stacksChanged();
    // What is shown in the other layers says what this one makes of them.
    if ([...repositories.neighboursOf(uri)].some((other) => documents.get(other))) shownChanged(pause);
  });
  documents.onDidClose(({ document: { uri } }) => {
    const neighbours = repositories.neighboursOf(uri);
    open.forget(uri);
    void repositories.closed(uri).then(() => {
      delivery.closed(uri, neighbours);
    });
  });

  /** Answers a question about a document, unless the question is taken back before its turn. */
  async function answer<T>(
    uri: string,
    token: CancellationToken,
    find: (service: LanguageService, snapshot: Snapshot) => T,
  ): Promise<T | undefined> {
    const snapshot = await open.look(uri, () => {
      refuseIfCancelled(token);
    });
    return snapshot && service && find(service, snapshot);
  }

  connection.onHover(({ textDocument: { uri }, position }, token) =>
    answer(uri, token, (known, snapshot) => known.hover(snapshot, position)),
  );
  connection.onCodeAction(({ textDocument: { uri }, range, context }, token) =>
    answer(uri, token, (known, snapshot) => known.codeActions(snapshot, range, context)),
  );
  connection.onCompletion(({ textDocument: { uri }, position }, token) =>
    answer(uri, token, (known, snapshot) => known.completions(snapshot, position)),
  );
  connection.onCodeLens(({ textDocument: { uri } }, token) =>
    answer(uri, token, (known, snapshot) => known.codeLenses(snapshot)),
  );
  connection.languages.inlayHint.on(({ textDocument: { uri }, range }, token) =>
    answer(uri, token, (known, snapshot) => known.inlayHints(snapshot, range)),
  );
  connection.onDocumentLinks(({ textDocument: { uri } }, token) =>
    answer(uri, token, (known, snapshot) => known.documentLinks(snapshot)),
  );

  connection.onRequest(stacksRequest, async ({ uri }: StacksParams): Promise<StacksResult> => {
    const snapshot = await open.look(uri);
    return snapshot ? statusOf(snapshot, repositories.of(uri)) : null;
  });
  connection.onRequest(pictureRequest, async ({ uri, stack }: PictureParams): Promise<Picture | null> => {
    const snapshot = await open.look(uri);
    return (snapshot && service?.picture(snapshot, stack)) ?? null;
  });
  connection.onRequest(
    helmInputsRequest,
    async ({ uri, stack }: PictureParams): Promise<HelmInputs | null> => {
      const snapshot = await open.look(uri);
      return (snapshot && service?.helmInputs(snapshot, stack)) ?? null;
    },
  );
  connection.onRequest(
    compareRenderingRequest,
    async ({ uri, stack, manifests }: CompareRenderingParams): Promise<Comparison | null> => {
      const snapshot = await open.look(uri);
      return (snapshot && service?.compareRendering(snapshot, stack, manifests)) ?? null;
    },
  );
  connection.onRequest(
    migrationPlanRequest,
    async ({ uri, stack }: PictureParams): Promise<MigrationPlan | null> => {
      const snapshot = await open.look(uri);
      return (snapshot && service?.migrationPlan(snapshot, stack)) ?? null;
    },
  );
  connection.onNotification(chooseStackNotification, ({ uri, name }: ChooseStackParams) => {
    repositories.prefer(uri, name ?? undefined);
    shownChanged();
  });

  documents.listen(connection);
  connection.listen();
}

/** What the server can do for a client that asks for diagnostics, or for one that has them sent. */
function capabilitiesWith(pullsDiagnostics: boolean): ServerCapabilities {
  return {
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
    hoverProvider: true,
    completionProvider: {},
    codeLensProvider: { resolveProvider: false },
    inlayHintProvider: { resolveProvider: false },
    documentLinkProvider: { resolveProvider: false },
    codeActionProvider: { codeActionKinds: ['quickfix', fixAllKind] },
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    ...(pullsDiagnostics
      ? {
          diagnosticProvider: {
            identifier: serverName,
            interFileDependencies: true,
            workspaceDiagnostics: true,
          },
        }
      : {}),
  };
}

/** What a client says of itself in its `initializationOptions`. */
interface ToldOptions extends FileSystemOptions {
  /** The names of its own commands that the server may have it offer. */
  readonly commands?: unknown;
  /** Whether Red Hat's YAML extension is active beside it, which offers what a schema knows. */
  readonly redHatYaml?: unknown;
}

function supportOf({ workspace, textDocument }: ClientCapabilities, { commands, redHatYaml }: ToldOptions) {
  const edit = workspace?.workspaceEdit;
  return {
    edits: {
      documentChanges: edit?.documentChanges === true,
      changeAnnotations: edit?.changeAnnotationSupport !== undefined,
    },
    completion: {
      snippets: textDocument?.completion?.completionItem?.snippetSupport === true,
      schemaItems: redHatYaml === true,
    },
    codeLens: {
      commands: Array.isArray(commands) ? commands.filter((name) => typeof name === 'string') : [],
    },
  };
}

/** What the client says of itself beside LSP. */
function optionsIn(options: unknown): ToldOptions {
  return typeof options === 'object' && options !== null ? options : {};
}

/** A client that pushes its settings sends the whole tree, or only this section of it. */
function sectionOf(pushed: unknown): unknown {
  if (typeof pushed !== 'object' || pushed === null) return undefined;
  return configurationSection in pushed ? Reflect.get(pushed, configurationSection) : pushed;
}
