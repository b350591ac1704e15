import {
  DidChangeConfigurationNotification,
  TextDocuments,
  TextDocumentSyncKind,
  type ClientCapabilities,
  type Connection,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import {
  createLanguageService,
  defaultSettings,
  fixAllKind,
  readSettings,
  type LanguageService,
  type Settings,
  type Snapshot,
} from './languageService';

const configurationSection = 'airflowTokenVolume';

/**
 * Wires the language service to a connection and starts listening.
 * @param connection The connection to the editor; its messages are answered until it closes.
 */
export function startServer(connection: Connection): void {
  const documents = new TextDocuments(TextDocument);
  const snapshots = new Map<string, Snapshot>();
  /** What the client was asked for; replaced, never changed, so that an answer can tell that it came too late. */
  const settings = new Map<string, Promise<Settings>>();
  let service: LanguageService | undefined;
  let pullsConfiguration = false;
  let registersChanges = false;
  let pushedSettings = defaultSettings;

  connection.onInitialize(({ capabilities }) => {
    pullsConfiguration = capabilities.workspace?.configuration === true;
    registersChanges = capabilities.workspace?.didChangeConfiguration?.dynamicRegistration === true;
    service = createLanguageService({
      ...supportOf(capabilities),
      report: (code, error) => {
        connection.console.error(`The rule ${code} failed: ${detailsOf(error)}`);
      },
    });
    return {
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        hoverProvider: true,
        completionProvider: {},
        codeActionProvider: { codeActionKinds: ['quickfix', fixAllKind] },
      },
      serverInfo: { name: 'airflow-token-volume' },
    };
  });

  connection.onInitialized(() => {
    if (!pullsConfiguration || !registersChanges) return;
    // A client that refuses says of itself when settings change, or never does.
    connection.client
      .register(DidChangeConfigurationNotification.type, { section: configurationSection })
      .catch(() => undefined);
  });

  connection.onDidChangeConfiguration(({ settings: pushed }: { settings: unknown }) => {
    settings.clear();
    snapshots.clear();
    if (!pullsConfiguration) pushedSettings = readSettings(sectionOf(pushed));
    for (const document of documents.all()) void validate(document.uri);
  });

  function settingsFor(uri: string): Promise<Settings> {
    const known = settings.get(uri);
    if (known) return known;
    const asked = pullsConfiguration
      ? connection.workspace
          .getConfiguration({ scopeUri: uri, section: configurationSection })
          .then(readSettings, () => defaultSettings)
      : Promise.resolve(pushedSettings);
    settings.set(uri, asked);
    return asked;
  }

  /** The snapshot of a document's newest version; undefined when the document was closed meanwhile. */
  async function snapshotOf(uri: string): Promise<Snapshot | undefined> {
    for (;;) {
      if (!documents.get(uri)) return undefined;
      const asked = settingsFor(uri);
      const current = await asked;
      const document = documents.get(uri);
      if (!document || !service) return undefined;
      // The settings changed, or the document was closed and opened again, while the client answered.
      if (settings.get(uri) !== asked) continue;
      const previous = snapshots.get(uri);
      if (previous?.version === document.version) return previous;
      const snapshot = service.look(document, current, previous);
      snapshots.set(uri, snapshot);
      return snapshot;
    }
  }

  async function validate(uri: string): Promise<void> {
    try {
      const snapshot = await snapshotOf(uri);
      if (!snapshot || !service || snapshots.get(uri) !== snapshot) return;
      await connection.sendDiagnostics({
        uri,
        version: snapshot.version,
        diagnostics: service.diagnostics(snapshot),
      });
    } catch (error) {
      connection.console.error(`Checking ${uri} failed: ${detailsOf(error)}`);
    }
  }

  documents.onDidChangeContent(({ document }) => void validate(document.uri));
  documents.onDidClose(({ document: { uri } }) => {
    snapshots.delete(uri);
    settings.delete(uri);
    void connection.sendDiagnostics({ uri, diagnostics: [] });
  });

  connection.onHover(async ({ textDocument, position }) => {
    const snapshot = await snapshotOf(textDocument.uri);
    return snapshot && service?.hover(snapshot, position);
  });
  connection.onCodeAction(async ({ textDocument, range, context }) => {
    const snapshot = await snapshotOf(textDocument.uri);
    return snapshot && service?.codeActions(snapshot, range, context);
  });
  connection.onCompletion(async ({ textDocument, position }) => {
    const snapshot = await snapshotOf(textDocument.uri);
    return snapshot && service?.completions(snapshot, position);
  });

  documents.listen(connection);
  connection.listen();
}

/** What the log says of something that was thrown. */
function detailsOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
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
