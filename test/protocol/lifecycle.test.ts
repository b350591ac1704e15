import { spawn } from 'node:child_process';
import process from 'node:process';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  DidOpenTextDocumentNotification,
  ErrorCodes,
  ExitNotification,
  HoverRequest,
  ResponseError,
  ShutdownRequest,
} from 'vscode-languageserver/node';
import { launch, pushCapabilities, startClient } from './client';

const inert = 'scheduler:\n  serviceAccount:\n    serviceAccountTokenVolume:\n      enabled: true\n';

test('initialize is answered with what the server can do', async () => {
  const always = {
    textDocumentSync: { openClose: true, change: 2 },
    hoverProvider: true,
    completionProvider: {},
    codeLensProvider: { resolveProvider: false },
    inlayHintProvider: { resolveProvider: false },
    documentLinkProvider: { resolveProvider: false },
    codeActionProvider: { codeActionKinds: ['quickfix', 'source.fixAll.airflowTokenVolume'] },
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  };
  const { initialized } = await startClient();
  expect(initialized.capabilities).toEqual({
    ...always,
    diagnosticProvider: {
      identifier: 'airflow-token-volume',
      interFileDependencies: true,
      workspaceDiagnostics: true,
    },
  });
  expect(initialized.serverInfo).toMatchObject({ name: 'airflow-token-volume' });
  const { initialized: pushing } = await startClient({ capabilities: pushCapabilities });
  expect(pushing.capabilities).toEqual(always);
});

describe('the process ends', () => {
  test('with code 0 when it is shut down and told to exit', async () => {
    const client = await startClient();
    await client.connection.sendRequest(ShutdownRequest.type);
    await client.connection.sendNotification(ExitNotification.type);
    expect(await client.ended).toEqual({ code: 0, signal: null });
  });

  test('with code 1 when it is told to exit without a shutdown', async () => {
    const client = await startClient();
    await client.connection.sendNotification(ExitNotification.type);
    expect(await client.ended).toEqual({ code: 1, signal: null });
  });

  test("when the client's end of stdin is closed", async () => {
    const client = await startClient();
    client.open(inert);
    client.process.stdin.end();
    expect(await client.ended).toEqual({ code: 1, signal: null });
  });

  test('when the client vanishes in the middle of a message', async () => {
    const client = await startClient();
    const document = client.open(inert);
    await document.diagnostics();
    for (let times = 0; times < 50; times++) document.change({ text: inert });
    client.process.stdin.write('Content-Length: 100\r\n\r\n{"jsonrpc');
    client.process.stdout.destroy();
    client.process.stdin.destroy();
    expect(await client.ended).toMatchObject({ signal: null });
  });

  test('when the process of the client is gone, though stdin stays open', async () => {
    const parent = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    onTestFinished(() => void parent.kill());
    const client = await startClient({ processId: parent.pid ?? null });
    await client.open(inert).diagnostics();
    parent.kill();
    expect(await client.ended).toEqual({ code: 1, signal: null });
  });
});

test('a client that names no process is served', async () => {
  const client = await startClient({ processId: null });
  expect(await client.open(inert).diagnostics()).toHaveLength(2);
});

test('requests before initialize are answered', async () => {
  const client = launch();
  const textDocument = { uri: 'file:///repo/values.yaml' };
  void client.connection.sendNotification(DidOpenTextDocumentNotification.type, {
    textDocument: { ...textDocument, languageId: 'yaml', version: 1, text: inert },
  });
  const hover = client.connection.sendRequest(HoverRequest.type, {
    textDocument,
    position: { line: 0, character: 0 },
  });
  expect(await client.patiently('an answer', hover)).toBeNull();
});

test('a request that the server does not know is refused', async () => {
  const client = await startClient();
  const answer = client.connection.sendRequest('textDocument/unheardOf', {}).catch((error: unknown) => error);
  const error = await client.patiently('a refusal', answer);
  expect(error).toBeInstanceOf(ResponseError);
  expect((error as ResponseError<unknown>).code).toBe(ErrorCodes.MethodNotFound);
});
