import {
  DidChangeConfigurationNotification,
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
  type LanguageService,
  type Settings,
  type Snapshot,
} from './languageService';
import { detailsOf, OpenDocuments, refuseIfCancelled } from './openDocuments';

const serverName = 'airflow-token-volume';
const configurationSection = 'airflowTokenVolume';

/**
 * Wires the language service to a connection and starts listening.
 * @param connection The connection to the editor; its messages are answered until it closes.
 * @param arrivals What the connection tells of its messages.
 */
export function startServer(connection: Connection, arrivals: Arrivals): void {
  const documents = new TextDocuments({
    create: (uri, _, version, text) => openDocument(uri, version, text),
    update: changeDocument,
  });
  let service: LanguageService | undefined;
  let pullsConfiguration = false;
  let registersChanges = false;
  let pushedSettings = defaultSettings;
  const open = new OpenDocuments({ documents, arrivals, service: () => service, askSettings });
  const push = new DiagnosticsPush(connection, open);
  const pull = new DiagnosticsPull(connection, open);
  let delivery: DiagnosticsDelivery = push;

  connection.onInitialize(({ capabilities }) => {
    pullsConfiguration = capabilities.workspace?.configuration === true;
    registersChanges = capabilities.workspace?.didChangeConfiguration?.dynamicRegistration === true;
    pull.refreshes = capabilities.workspace?.diagnostics?.refreshSupport === true;
    if (capabilities.textDocument?.diagnostic) delivery = pull;
    service = createLanguageService({
      ...supportOf(capabilities),
      report: (code, error) => {
        connection.console.error(`The rule ${code} failed: ${detailsOf(error)}`);
      },
    });
    return { capabilities: capabilitiesWith(delivery === pull), serverInfo: { name: serverName } };
  });

  connection.onInitialized(() => {
    if (!pullsConfiguration || !registersChanges) return;
    // A client that refuses says of itself when settings change, or never does.
    connection.client
      .register(DidChangeConfigurationNotification.type, { section: configurationSection })
      .catch(() => undefined);
  });

  connection.onDidChangeConfiguration(({ settings: pushed }: { settings: unknown }) => {
    open.forgetSettings();
    if (!pullsConfiguration) pushedSettings = readSettings(sectionOf(pushed));
    delivery.settingsChanged();
  });

  function askSettings(uri: string): Promise<Settings> {
    if (!pullsConfiguration) return Promise.resolve(pushedSettings);
    return connection.workspace
      .getConfiguration({ scopeUri: uri, section: configurationSection })
      .then(readSettings, () => defaultSettings);
  }

  documents.onDidChangeContent(({ document: { uri } }) => {
    delivery.changed(uri);
  });
  documents.onDidClose(({ document: { uri } }) => {
    open.forget(uri);
    delivery.closed(uri);
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

  documents.listen(connection);
  connection.listen();
}

/** What the server can do for a client that asks for diagnostics, or for one that has them sent. */
function capabilitiesWith(pullsDiagnostics: boolean): ServerCapabilities {
  return {
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
    hoverProvider: true,
    completionProvider: {},
    codeActionProvider: { codeActionKinds: ['quickfix', fixAllKind] },
    ...(pullsDiagnostics
      ? {
          diagnosticProvider: {
            identifier: serverName,
            interFileDependencies: false,
            workspaceDiagnostics: true,
          },
        }
      : {}),
  };
}

function supportOf({ workspace, textDocument }: ClientCapabilities) {
  const edit = workspace?.workspaceEdit;
  return {
    edits: {
      documentChanges: edit?.documentChanges === true,
      changeAnnotations: edit?.changeAnnotationSupport !== undefined,
    },
    completion: { snippets: textDocument?.completion?.completionItem?.snippetSupport === true },
  };
}

/** A client that pushes its settings sends the whole tree, or only this section of it. */
function sectionOf(pushed: unknown): unknown {
  if (typeof pushed !== 'object' || pushed === null) return undefined;
  return configurationSection in pushed ? Reflect.get(pushed, configurationSection) : pushed;
}
