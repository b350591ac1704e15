/** A language client as an editor has one: it starts the built server, speaks LSP to it and keeps what it says. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import process from 'node:process';
import { clearTimeout, setTimeout } from 'node:timers';
import { expect, onTestFinished } from 'vitest';
import {
  CancellationTokenSource,
  CodeActionRequest,
  CompletionRequest,
  ConfigurationRequest,
  createMessageConnection,
  DiagnosticRefreshRequest,
  DidChangeConfigurationNotification,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  ExitNotification,
  HoverRequest,
  InitializedNotification,
  InitializeRequest,
  LogMessageNotification,
  MessageType,
  PublishDiagnosticsNotification,
  RegistrationRequest,
  ResponseError,
  ErrorCodes,
  LSPErrorCodes,
  ShutdownRequest,
  StreamMessageReader,
  WorkspaceDiagnosticRequest,
  type ClientCapabilities,
  type CodeAction,
  type CodeActionKind,
  type CompletionItem,
  type ConfigurationItem,
  type Diagnostic,
  type DocumentDiagnosticReport,
  type Hover,
  type InitializeResult,
  type LogMessageParams,
  type Position,
  type MessageConnection,
  type NotificationType,
  type PreviousResultId,
  type PublishDiagnosticsParams,
  type Range,
  type Registration,
  type TextDocumentContentChangeEvent,
  type WorkspaceDocumentDiagnosticReport,
} from 'vscode-languageserver/node';
import { HoldingWriter } from '../../server/src/testing/holdingWriter';
import { serverBundle } from './build';

/** A client that can do everything the server has a use for, but has diagnostics sent. */
export const pushCapabilities = {
  workspace: {
    configuration: true,
    didChangeConfiguration: { dynamicRegistration: true },
    workspaceEdit: { documentChanges: true, changeAnnotationSupport: { groupsOnLabel: true } },
  },
  textDocument: {
    completion: { completionItem: { snippetSupport: true } },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'source'] } } },
    publishDiagnostics: { versionSupport: true, relatedInformation: true, codeDescriptionSupport: true },
  },
} satisfies ClientCapabilities;

/** A client that can do everything the server has a use for, and asks for diagnostics, as VS Code does. */
export const fullCapabilities = {
  workspace: { ...pushCapabilities.workspace, diagnostics: { refreshSupport: true } },
  textDocument: { ...pushCapabilities.textDocument, diagnostic: { dynamicRegistration: true } },
} satisfies ClientCapabilities;

/** The two ways in which clients get diagnostics, for tests that have to pass in both. */
export const waysOfDiagnostics: [string, ClientCapabilities][] = [
  ['a client that asks for diagnostics', fullCapabilities],
  ['a client that has diagnostics sent', pushCapabilities],
];

/** All of a document, whatever its length. */
export const everywhere: Range = {
  start: { line: 0, character: 0 },
  end: { line: 1_000_000, character: 0 },
};

export interface ClientOptions {
  readonly capabilities?: ClientCapabilities;
  /** Answers one item of `workspace/configuration`; by default the user has set nothing. */
  readonly configuration?: (item: ConfigurationItem) => unknown;
  /** The process with which the server shall end; by default the one that runs the test. */
  readonly processId?: number | null;
  /** How long anything may take before the test gives up. It guards against hanging and measures nothing. */
  readonly patience?: number;
  /** Options for Node, before the server's. */
  readonly nodeOptions?: readonly string[];
  /** The language of the client's user interface; by default it says none. */
  readonly locale?: string | null;
  /** The addresses of the workspace's folders; by default there are none. */
  readonly folders?: readonly string[];
  /** What the client says of itself beside LSP. */
  readonly initializationOptions?: unknown;
  /** Answers requests that are not LSP's, by their names. */
  readonly answers?: Readonly<Record<string, (params: unknown) => unknown>>;
  /** Takes notifications that are not LSP's, by their names. */
  readonly hears?: Readonly<Record<string, () => void>>;
}

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Client {
  readonly process: ChildProcessWithoutNullStreams;
  /** For messages that no function here sends. */
  readonly connection: MessageConnection;
  readonly initialized: InitializeResult;
  /** What the server asked to be told of. */
  readonly registrations: readonly Registration[];
  /** What the server asked of the user's settings. */
  readonly configurationRequests: readonly ConfigurationItem[];
  /** How often the server said that diagnostics have to be asked for again. */
  readonly refreshes: number;
  /** Resolves when the process has ended and everything that it wrote was read. */
  readonly ended: Promise<Ending>;
  /** Every publish for a document so far. */
  publishedFor(uri: string): readonly PublishDiagnosticsParams[];
  open(text: string, name?: string): OpenDocument;
  openUri(uri: string, text: string): OpenDocument;
  /** Sends `workspace/didChangeConfiguration`. */
  pushConfiguration(settings: unknown): void;
  hover(uri: string, position: Position): Promise<Hover | null>;
  codeActions(
    uri: string,
    range: Range,
    only?: CodeActionKind[],
    diagnostics?: Diagnostic[],
  ): Promise<CodeAction[] | null>;
  completions(uri: string, position: Position): Promise<CompletionItem[] | null>;
  /** Asks for a document's diagnostics once, whatever the answer is. */
  pull(
    uri: string,
    previousResultId?: string,
    cancellation?: CancellationTokenSource,
  ): Promise<DocumentDiagnosticReport>;
  /** Asks for the diagnostics of all documents. */
  pullWorkspace(
    previousResultIds?: PreviousResultId[],
    cancellation?: CancellationTokenSource,
  ): Promise<WorkspaceDocumentDiagnosticReport[]>;
  /** Sends all messages that a function sends in one piece, so that the server reads them together. */
  together<T>(send: () => T): T;
  /** Resolves when something that the server sends makes a condition hold. */
  until<T>(what: string, find: () => T | undefined): Promise<T>;
  /** Waits for an answer, but not for ever, and not once the server has died. */
  patiently<T>(what: string, promise: Promise<T>): Promise<T>;
  /** Ends the server as an editor does; every test does so at its end. */
  stop(): Promise<Ending>;
}

/** A document that the client has opened. */
export interface OpenDocument {
  readonly uri: string;
  readonly version: number;
  /** Every publish for it so far; there is none for a client that asks. */
  readonly published: readonly PublishDiagnosticsParams[];
  /** Sends one version with the given changes. */
  change(...changes: readonly TextDocumentContentChangeEvent[]): void;
  /** The diagnostics of the newest version, which the client asks for or has been sent. */
  diagnostics(): Promise<Diagnostic[]>;
  hover(position: Position): Promise<Hover | null>;
  codeActions(range: Range, only?: CodeActionKind[], diagnostics?: Diagnostic[]): Promise<CodeAction[]>;
  completions(position: Position): Promise<CompletionItem[]>;
  close(): void;
}

/**
 * Starts a server for the test that runs, and initialises it. At the test's end the server is stopped, and the test
 * fails if the server wrote to stderr, logged an error, sent what is no LSP or did not end when it was told to.
 */
export async function startClient(options: ClientOptions = {}): Promise<Client> {
  const client = launch(options);
  const { connection } = client;
  const result = await client.patiently(
    'the answer to initialize',
    connection.sendRequest<InitializeResult>(InitializeRequest.method, {
      processId: options.processId === undefined ? process.pid : options.processId,
      ...(options.locale === undefined ? {} : { locale: options.locale }),
      rootUri: null,
      capabilities: options.capabilities ?? fullCapabilities,
      ...(options.folders
        ? { workspaceFolders: options.folders.map((uri) => ({ uri, name: uri.split('/').at(-1) ?? '' })) }
        : {}),
      initializationOptions: options.initializationOptions,
    }),
  );
  await connection.sendNotification(InitializedNotification.type, {});
  return Object.assign(client, { initialized: result });
}

/** Starts a server and leaves it uninitialised. */
export function launch(options: ClientOptions = {}): Omit<Client, 'initialized'> {
  const {
    capabilities = fullCapabilities,
    configuration = () => null,
    patience = 15_000,
    nodeOptions = [],
    answers = {},
    hears = {},
  }: ClientOptions = options;
  const child = spawn(process.execPath, [...nodeOptions, serverBundle, '--stdio'], { stdio: 'pipe' });
  const writer = new HoldingWriter(child.stdin);
  const connection = createMessageConnection(new StreamMessageReader(child.stdout), writer);
  const asksForDiagnostics = capabilities.textDocument?.diagnostic !== undefined;

  let stderr = '';
  let ending: Ending | undefined;
  /** What the server did that no server should do. */
  const offences: string[] = [];
  const logged: LogMessageParams[] = [];
  const registrations: Registration[] = [];
  const configurationRequests: ConfigurationItem[] = [];
  const publishedByUri = new Map<string, PublishDiagnosticsParams[]>();
  let refreshes = 0;
  const observers = new Set<() => void>();
  const notify = (): void => {
    for (const observer of observers) observer();
  };

  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  child.stdin.on('error', () => {
    // The server has ended, which `ended` says.
  });
  const ended = new Promise<Ending>((resolve) => {
    child.on('close', (code, signal) => {
      ending = { code, signal };
      resolve(ending);
      notify();
    });
  });

  connection.onError(([error, outgoing]) => {
    // What cannot be sent is no fault of the server's, or shows in the way it ended.
    if (!outgoing) offences.push(`a broken message: ${error.message}`);
  });
  connection.onNotification(LogMessageNotification.type, (message) => {
    logged.push(message);
    if (message.type === MessageType.Error) offences.push(`an error in the log: ${message.message}`);
    notify();
  });
  connection.onNotification(PublishDiagnosticsNotification.type, (params) => {
    publishedFor(params.uri).push(params);
    if (asksForDiagnostics) offences.push(`diagnostics that nobody has to send: ${JSON.stringify(params)}`);
    notify();
  });
  connection.onNotification((method) => {
    offences.push(`an unexpected notification: ${method}`);
  });
  connection.onRequest((method) => {
    offences.push(`a request that the client did not say it can answer: ${method}`);
    return new ResponseError(ErrorCodes.MethodNotFound, `Unhandled method ${method}`);
  });
  if (capabilities.workspace?.configuration === true) {
    connection.onRequest(ConfigurationRequest.type, ({ items }) => {
      const answers = items.map(configuration);
      configurationRequests.push(...items);
      notify();
      return Promise.all(answers);
    });
  }
  if (capabilities.workspace?.didChangeConfiguration?.dynamicRegistration === true) {
    connection.onRequest(RegistrationRequest.type, ({ registrations: added }) => {
      registrations.push(...added);
      notify();
    });
  }
  if (capabilities.workspace?.diagnostics?.refreshSupport === true) {
    connection.onRequest(DiagnosticRefreshRequest.type, () => {
      refreshes++;
      notify();
    });
  }
  for (const [method, answer] of Object.entries(answers)) connection.onRequest(method, answer);
  for (const [method, hear] of Object.entries(hears)) {
    connection.onNotification(method, () => {
      hear();
      notify();
    });
  }
  connection.listen();

  function publishedFor(uri: string): PublishDiagnosticsParams[] {
    const known = publishedByUri.get(uri) ?? [];
    publishedByUri.set(uri, known);
    return known;
  }

  function patiently<T>(what: string, promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => {
        reject(new Error(`Waited ${patience} ms for ${what}. stderr: ${stderr.slice(-2000)}`));
      }, patience);
      void ended.then(({ code, signal }) => {
        reject(
          new Error(
            `The server ended (${code ?? signal ?? ''}) before ${what}. stderr: ${stderr.slice(-2000)}`,
          ),
        );
      });
      promise.then(resolve, reject).finally(() => {
        clearTimeout(limit);
      });
    });
  }

  function until<T>(what: string, find: () => T | undefined): Promise<T> {
    let observer: () => void;
    const found = new Promise<T>((resolve) => {
      observer = (): void => {
        const value = find();
        if (value !== undefined) resolve(value);
      };
      observers.add(observer);
      observer();
    });
    return patiently(what, found).finally(() => observers.delete(observer));
  }

  /** Sends a notification in the order of the calls; one that the server does not live to read is lost. */
  function send<P>({ method }: NotificationType<P>, params: P): void {
    connection.sendNotification(method, params).catch(() => undefined);
  }

  /** Asks for diagnostics until the server does not want to be asked again, as editors do. */
  async function pullUntilAnswered(uri: string): Promise<DocumentDiagnosticReport> {
    for (;;) {
      try {
        return await client.pull(uri);
      } catch (error) {
        if (!(error instanceof ResponseError) || error.code !== LSPErrorCodes.ServerCancelled) throw error;
      }
    }
  }

  function openUri(uri: string, text: string): OpenDocument {
    let version = 1;
    // A document that was open under this address before is another one.
    const before = publishedFor(uri).length;
    const published = (): PublishDiagnosticsParams[] => publishedFor(uri).slice(before);
    send(DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId: 'yaml', version, text },
    });
    return {
      uri,
      get version() {
        return version;
      },
      get published() {
        return published();
      },
      change(...changes) {
        version++;
        send(DidChangeTextDocumentNotification.type, {
          textDocument: { uri, version },
          contentChanges: [...changes],
        });
      },
      async diagnostics() {
        if (asksForDiagnostics) {
          const report = await pullUntilAnswered(uri);
          if (report.kind === 'unchanged') throw new Error('Unchanged, though no result was named.');
          return report.items;
        }
        // What is sent for a version comes before the answer to a question about it.
        await client.hover(uri, { line: 0, character: 0 });
        return published().at(-1)?.diagnostics ?? [];
      },
      hover: (position) => client.hover(uri, position),
      codeActions: async (range, only, diagnostics) =>
        (await client.codeActions(uri, range, only, diagnostics)) ?? [],
      completions: async (position) => (await client.completions(uri, position)) ?? [],
      close() {
        send(DidCloseTextDocumentNotification.type, { textDocument: { uri } });
      },
    };
  }

  const client: Omit<Client, 'initialized'> = {
    process: child,
    connection,
    registrations,
    configurationRequests,
    get refreshes() {
      return refreshes;
    },
    ended,
    publishedFor,
    open: (text, name = 'values.yaml') => openUri(`file:///repo/${name}`, text),
    openUri,
    pushConfiguration(settings) {
      send(DidChangeConfigurationNotification.type, { settings });
    },
    hover: (uri, position) =>
      patiently('a hover', connection.sendRequest(HoverRequest.type, { textDocument: { uri }, position })),
    async codeActions(uri, range, only, diagnostics = []) {
      const answer = await patiently(
        'code actions',
        connection.sendRequest(CodeActionRequest.type, {
          textDocument: { uri },
          range,
          context: { diagnostics, ...(only ? { only } : {}) },
        }),
      );
      return answer as CodeAction[] | null;
    },
    async completions(uri, position) {
      const answer = await patiently(
        'completions',
        connection.sendRequest(CompletionRequest.type, { textDocument: { uri }, position }),
      );
      return answer as CompletionItem[] | null;
    },
    pull: (uri, previousResultId, cancellation) =>
      patiently(
        'diagnostics',
        connection.sendRequest(
          DocumentDiagnosticRequest.type,
          { textDocument: { uri }, ...(previousResultId === undefined ? {} : { previousResultId }) },
          cancellation?.token,
        ),
      ),
    async pullWorkspace(previousResultIds = [], cancellation = new CancellationTokenSource()) {
      const answer = connection.sendRequest(
        WorkspaceDiagnosticRequest.type,
        { previousResultIds },
        cancellation.token,
      );
      return (await patiently('diagnostics of the workspace', answer)).items;
    },
    together(send) {
      return writer.together(send);
    },
    until,
    patiently,
    async stop() {
      await patiently('the answer to shutdown', connection.sendRequest(ShutdownRequest.type));
      await connection.sendNotification(ExitNotification.type);
      return Promise.race([ended, patiently('the end of the server', new Promise<never>(() => undefined))]);
    },
  };

  onTestFinished(async () => {
    try {
      if (ending === undefined) expect(await client.stop()).toEqual({ code: 0, signal: null });
    } finally {
      if (ending === undefined) {
        child.kill('SIGKILL');
        await ended;
      }
      connection.dispose();
    }
    expect(stderr.slice(-2000)).toBe('');
    expect(offences).toEqual([]);
  }, patience * 3);

  return client;
}

/**
 * Where a piece of a text is, in lines and UTF-16 units.
 * @param text The document.
 * @param piece What to look for; its first occurrence counts.
 * @returns Its range.
 */
export function rangeOf(text: string, piece: string): Range {
  const offset = text.indexOf(piece);
  if (offset < 0) throw new Error(`No ${JSON.stringify(piece)} in the text.`);
  return { start: positionAt(text, offset), end: positionAt(text, offset + piece.length) };
}

/** An offset as lines and UTF-16 units, counted here and not by the library that the server counts with. */
export function positionAt(text: string, offset: number): Position {
  const lines = text.slice(0, offset).split('\n');
  return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
}

/** An empty range, to insert at. */
export function at(position: Position): Range {
  return { start: position, end: position };
}

/** The codes of diagnostics, in their order. */
export function codes(diagnostics: readonly Diagnostic[]): unknown[] {
  return diagnostics.map(({ code }) => code);
}
