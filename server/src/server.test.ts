import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  CancellationTokenSource,
  createConnection,
  createProtocolConnection,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  ErrorCodes,
  HoverRequest,
  InitializeRequest,
  LogMessageNotification,
  LSPErrorCodes,
  ProposedFeatures,
  PublishDiagnosticsNotification,
  StreamMessageReader,
  WorkspaceDiagnosticRequest,
  type ClientCapabilities,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
} from 'vscode-languageserver/node';
import { Arrivals } from './arrivals';
import { startServer } from './server';
import { noFiles } from './workspace/fileSystem';
import { HoldingWriter } from './testing/holdingWriter';

/** The versions that were looked at. */
const looks: string[] = [];

// A service that finds what the text says, and fails where the text is "fail in" and its own name.
vi.mock(import('./languageService'), async (importOriginal) => {
  const original = await importOriginal();
  const failIn = (place: string, text: string): void => {
    if (text === `fail in ${place}`) throw new Error(`Failed in ${place}.`);
  };
  return {
    ...original,
    createLanguageService(options) {
      const service = original.createLanguageService(options);
      return {
        ...service,
        look(document, settings) {
          looks.push(`${document.uri} ${document.version}`);
          const snapshot = service.look(document, settings);
          failIn('look', original.lineAt(snapshot, 0));
          return snapshot;
        },
        diagnostics(snapshot) {
          const message = original.lineAt(snapshot, 0);
          failIn('diagnostics', message);
          const start = { line: 0, character: 0 };
          return [{ range: { start, end: start }, message }];
        },
        hover: (snapshot) => ({ contents: original.lineAt(snapshot, 0) }),
      };
    },
  };
});

const uri = 'file:///values.yaml';
const pulling: ClientCapabilities = { textDocument: { diagnostic: {} } };

beforeEach(() => {
  looks.length = 0;
});

const clients: ProtocolConnection[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.dispose();
});

/** A client of a server in the same process. */
async function connect(capabilities: ClientCapabilities) {
  const [toServer, toClient] = [new PassThrough(), new PassThrough()];
  const arrivals = new Arrivals();
  const options = { messageStrategy: arrivals };
  startServer(
    createConnection(ProposedFeatures.all, toServer, toClient, options),
    arrivals,
    () => noFiles,
    () => undefined,
  );
  const writer = new HoldingWriter(toServer);
  const client = createProtocolConnection(new StreamMessageReader(toClient), writer);
  clients.push(client);
  const errors: string[] = [];
  const published: PublishDiagnosticsParams[] = [];
  client.onNotification(LogMessageNotification.type, ({ message }) => {
    errors.push(message);
  });
  client.onNotification(PublishDiagnosticsNotification.type, (params) => {
    published.push(params);
  });
  client.listen();
  await client.sendRequest(InitializeRequest.method, { processId: null, rootUri: null, capabilities });
  return {
    client,
    together: <T>(send: () => T) => writer.together(send),
    errors,
    published,
    open: (text: string, name = uri) =>
      client.sendNotification(DidOpenTextDocumentNotification.type, {
        textDocument: { uri: name, languageId: 'yaml', version: 1, text },
      }),
    change: (version: number, text: string) =>
      client.sendNotification(DidChangeTextDocumentNotification.type, {
        textDocument: { uri, version },
        contentChanges: [{ text }],
      }),
    hover: () =>
      client.sendRequest(HoverRequest.type, {
        textDocument: { uri },
        position: { line: 0, character: 0 },
      }),
    pull: () => client.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri } }),
  };
}

describe.each(['look', 'diagnostics'])('a failure in %s', (place) => {
  test('is logged, and what comes later is sent', async () => {
    const { open, change, hover, published, errors } = await connect({});
    await open(`fail in ${place}`);
    await hover().catch(() => undefined);
    expect(errors).toEqual([expect.stringContaining(`Checking ${uri} failed: Error: Failed in ${place}.`)]);
    await change(2, 'later');
    expect(await hover()).toEqual({ contents: 'later' });
    expect(published).toMatchObject([{ diagnostics: [{ message: 'later' }] }]);
  });

  test('is the answer, and later ones are others', async () => {
    const { open, change, pull } = await connect(pulling);
    await open(`fail in ${place}`);
    await expect(pull()).rejects.toMatchObject({
      code: ErrorCodes.InternalError,
      message: expect.stringContaining(`Failed in ${place}.`) as string,
    });
    await change(2, 'later');
    expect(await pull()).toMatchObject({ kind: 'full', items: [{ message: 'later' }] });
  });

  test('leaves the other documents of the workspace', async () => {
    const { client, open, errors } = await connect(pulling);
    await open('one', 'file:///one.yaml');
    await open(`fail in ${place}`);
    await open('two', 'file:///two.yaml');
    const { items } = await client.sendRequest(WorkspaceDiagnosticRequest.type, { previousResultIds: [] });
    expect(items).toMatchObject([
      { uri: 'file:///one.yaml', items: [{ message: 'one' }] },
      { uri: 'file:///two.yaml', items: [{ message: 'two' }] },
    ]);
    expect(errors).toEqual([expect.stringContaining(`Failed in ${place}.`)]);
  });
});

describe('only the newest of the versions that are waiting is looked at', () => {
  const versions = Array.from({ length: 20 }, (_, index) => index + 2);

  test('when findings are sent', async () => {
    const { together, open, change, hover, published } = await connect({});
    const answer = together(() => {
      void open('1');
      for (const version of versions) void change(version, `${version}`);
      return hover();
    });
    expect(await answer).toEqual({ contents: '21' });
    expect(published).toMatchObject([{ diagnostics: [{ message: '21' }] }]);
    expect(looks).toEqual([`${uri} 21`]);
  });

  test('when they are asked for', async () => {
    const { together, open, change, pull } = await connect(pulling);
    await open('1');
    const answers = together(() =>
      versions.map((version) => {
        void change(version, `${version}`);
        return pull();
      }),
    );
    const last = (await Promise.allSettled(answers)).at(-1);
    expect(last).toMatchObject({ value: { items: [{ message: '21' }] } });
    expect(looks).toEqual([`${uri} 21`]);
  });

  test('and none for a question that was taken back', async () => {
    const { together, client, open } = await connect(pulling);
    await open('1');
    const answers = together(() =>
      [HoverRequest.method, DocumentDiagnosticRequest.method, WorkspaceDiagnosticRequest.method].map(
        (method) => {
          const cancellation = new CancellationTokenSource();
          const params = {
            textDocument: { uri },
            position: { line: 0, character: 0 },
            previousResultIds: [],
          };
          const answer = client.sendRequest(method, params, cancellation.token);
          cancellation.cancel();
          return answer;
        },
      ),
    );
    for (const answer of await Promise.allSettled(answers))
      expect(answer).toMatchObject({ reason: { code: LSPErrorCodes.RequestCancelled } });
    expect(looks).toEqual([]);
  });
});

test('a document is not looked at twice for one version, nor when nobody asks', async () => {
  const { client, open, hover, pull } = await connect(pulling);
  await open('1');
  await open('other', 'file:///other.yaml');
  await pull();
  await hover();
  await pull();
  await client.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri } });
  expect(await pull()).toEqual({ kind: 'full', items: [] });
  expect(looks).toEqual([`${uri} 1`]);
});
