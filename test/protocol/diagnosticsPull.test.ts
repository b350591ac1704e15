import { describe, expect, test } from 'vitest';
import {
  CancellationTokenSource,
  CodeActionRequest,
  CompletionRequest,
  HoverRequest,
  LSPErrorCodes,
  type Diagnostic,
  type DocumentDiagnosticReport,
} from 'vscode-languageserver/node';
import {
  at,
  codes,
  everywhere,
  fullCapabilities,
  pushCapabilities,
  startClient,
  type Client,
} from './client';
import { clean, finding } from './sample';

const top = at({ line: 0, character: 0 });

/** A report's id and diagnostics, which it has to have. */
function contentsOf(report: DocumentDiagnosticReport): { resultId: string; items: Diagnostic[] } {
  if (report.kind === 'unchanged' || report.resultId === undefined)
    throw new Error(`No report with an id: ${JSON.stringify(report)}`);
  return { resultId: report.resultId, items: report.items };
}

describe('a document', () => {
  test('is reported in full, and again only if something else was found', async () => {
    const client = await startClient();
    const document = client.open(finding);
    const { resultId, items } = contentsOf(await client.pull(document.uri));
    expect(codes(items)).toEqual(['expiration-out-of-range']);
    const unchanged = { kind: 'unchanged', resultId };
    expect(await client.pull(document.uri, resultId)).toEqual(unchanged);

    document.change({ range: at({ line: 5, character: 0 }), text: '# a comment\n' });
    expect(await client.pull(document.uri, resultId), 'for a newer version').toEqual(unchanged);

    document.change({ range: top, text: '\n' });
    const moved = contentsOf(await client.pull(document.uri, resultId));
    expect(moved.resultId).not.toBe(resultId);
    expect(moved.items).toMatchObject([{ range: { start: { line: 5 } } }]);

    document.change({ text: finding });
    expect(await client.pull(document.uri, resultId), 'as it was before').toEqual(unchanged);
    expect(contentsOf(await client.pull(document.uri, moved.resultId)).items).toEqual(items);
    expect(contentsOf(await client.pull(document.uri, 'unheard of')).items).toEqual(items);
    expect(contentsOf(await client.pull(document.uri)).items).toEqual(items);
  });

  test('without findings is reported in the same way', async () => {
    const client = await startClient();
    const document = client.open(clean);
    const { resultId, items } = contentsOf(await client.pull(document.uri));
    expect(items).toEqual([]);
    expect(await client.pull(document.uri, resultId)).toEqual({ kind: 'unchanged', resultId });
  });

  test('is reported with the same id by another server', async () => {
    const [one, two] = [await startClient(), await startClient()];
    const { resultId } = contentsOf(await one.pull(one.open(finding).uri));
    expect(await two.pull(two.open(finding).uri, resultId)).toEqual({ kind: 'unchanged', resultId });
  });

  test('that is opened again with another text is another one, whatever its version is', async () => {
    const client = await startClient();
    const document = client.open(finding);
    const { uri } = document;
    expect(contentsOf(await client.pull(uri)).items).toHaveLength(1);
    document.close();
    client.openUri(uri, clean);
    expect(contentsOf(await client.pull(uri)).items).toEqual([]);
    client.openUri(uri, `\n${finding}`);
    expect(contentsOf(await client.pull(uri)).items, 'without being closed').toHaveLength(1);
  });

  test('that is closed before its turn has no findings', async () => {
    const client = await startClient();
    const document = client.open(finding);
    const { resultId } = contentsOf(await client.pull(document.uri));
    const answer = client.together(() => {
      const asked = client.pull(document.uri, resultId);
      document.close();
      return asked;
    });
    expect(await answer).toEqual({ kind: 'full', items: [] });
  });
});

describe('a request that is not worth the work', () => {
  test('is refused when the document has changed, so that an editor asks for the newest version', async () => {
    const client = await startClient();
    const document = client.open(clean);
    await client.pull(document.uri);
    const answers = client.together(() =>
      Array.from({ length: 20 }, (_, index) => {
        document.change({ text: '\n'.repeat(index) + finding });
        return client.pull(document.uri);
      }),
    );
    const newest = answers.pop();
    for (const answer of await Promise.allSettled(answers))
      expect(answer).toMatchObject({
        status: 'rejected',
        reason: { code: LSPErrorCodes.ServerCancelled, data: { retriggerRequest: true } },
      });
    expect(await newest).toMatchObject({ kind: 'full', items: [{ range: { start: { line: 23 } } }] });
  });

  test('is refused when it was taken back', async () => {
    const client = await startClient();
    const document = client.open(finding);
    await client.pull(document.uri);
    const refused = { code: LSPErrorCodes.RequestCancelled };
    const ask = cancelled(client);
    const textDocument = { uri: document.uri };
    const position = { line: 4, character: 8 };
    await expect(ask((token) => client.pull(document.uri, undefined, token))).rejects.toMatchObject(refused);
    await expect(ask((token) => client.pullWorkspace([], token))).rejects.toMatchObject(refused);
    const { connection } = client;
    await expect(
      ask(({ token }) => connection.sendRequest(HoverRequest.type, { textDocument, position }, token)),
    ).rejects.toMatchObject(refused);
    await expect(
      ask(({ token }) => connection.sendRequest(CompletionRequest.type, { textDocument, position }, token)),
    ).rejects.toMatchObject(refused);
    await expect(
      ask(({ token }) =>
        connection.sendRequest(
          CodeActionRequest.type,
          { textDocument, range: everywhere, context: { diagnostics: [] } },
          token,
        ),
      ),
    ).rejects.toMatchObject(refused);
    expect(codes(await document.diagnostics()), 'later ones are answered').toHaveLength(1);
  });
});

/** Asks something and takes it back in the same breath. */
function cancelled(client: Client) {
  return <T>(ask: (cancellation: CancellationTokenSource) => Promise<T>): Promise<T> =>
    client.together(() => {
      const cancellation = new CancellationTokenSource();
      const answer = ask(cancellation);
      cancellation.cancel();
      return answer;
    });
}

describe('the workspace', () => {
  test('is reported document by document', async () => {
    const client = await startClient();
    expect(await client.pullWorkspace()).toEqual([]);
    const bad = client.open(finding, 'values-bad.yaml');
    const good = client.open(clean, 'values-good.yaml');
    good.change({ range: top, text: '\n' });
    const other = client.open('kind: Deployment\n', 'deployment.yaml');
    const reports = await client.pullWorkspace();
    expect(reports).toMatchObject([
      { kind: 'full', uri: bad.uri, version: 1, items: [{ code: 'expiration-out-of-range' }] },
      { kind: 'full', uri: good.uri, version: 2, items: [] },
      { kind: 'full', uri: other.uri, version: 1, items: [] },
    ]);
    const known = reports.map(({ uri, resultId = '' }) => ({ uri, value: resultId }));
    expect(await client.pull(bad.uri, known[0]?.value), 'known by the same id').toMatchObject({
      kind: 'unchanged',
    });

    bad.change({ range: at({ line: 5, character: 0 }), text: '# a comment\n' });
    good.change({ text: finding });
    expect(await client.pullWorkspace(known)).toMatchObject([
      { kind: 'unchanged', uri: bad.uri, version: 2, resultId: known[0]?.value },
      { kind: 'full', uri: good.uri, version: 3, items: [{}] },
      { kind: 'unchanged', uri: other.uri, version: 1, resultId: known[2]?.value },
    ]);
  });

  test('is reported without what was closed, which is cleared once', async () => {
    const client = await startClient();
    const document = client.open(finding);
    const stays = client.open(clean, 'values-open.yaml');
    const reports = await client.pullWorkspace();
    const known = reports.map(({ uri, resultId = '' }) => ({ uri, value: resultId }));
    document.close();
    const still = { kind: 'unchanged', uri: stays.uri, version: 1, resultId: known[1]?.value };
    expect(await client.pullWorkspace(known)).toEqual([
      still,
      { kind: 'full', uri: document.uri, version: null, items: [] },
    ]);
    expect(await client.pullWorkspace(known.slice(1))).toEqual([still]);
  });

  test('is reported with what was closed though the client does not name it, as VS Code does not', async () => {
    const client = await startClient();
    const [bad, good] = [client.open(finding), client.open(clean, 'values-good.yaml')];
    const mended = client.open(finding, 'values-mended.yaml');
    for (const document of [bad, good, mended]) await document.diagnostics();
    mended.change({ text: clean });
    await mended.diagnostics();
    for (const document of [bad, good, mended]) document.close();
    const [cleared, ...others] = await client.pullWorkspace();
    expect(cleared).toMatchObject({ kind: 'full', uri: bad.uri, version: null, items: [] });
    expect(others, 'what had no findings needs not be cleared').toEqual([]);
    expect(await client.pullWorkspace(), 'once').toEqual([]);
    const { resultId: value = '' } = cleared ?? {};
    expect(value).not.toBe('');
    expect(await client.pullWorkspace([{ uri: bad.uri, value }]), 'and for good').toEqual([
      { kind: 'full', uri: bad.uri, version: null, items: [] },
    ]);
  });

  test('is not cleared of what was opened again', async () => {
    const client = await startClient();
    const document = client.open(finding);
    await document.diagnostics();
    document.close();
    const again = client.open(finding);
    expect(await client.pullWorkspace()).toMatchObject([{ uri: again.uri, items: [{}] }]);
  });

  test('gives way to other questions between two documents', async () => {
    const client = await startClient();
    const documents = ['a', 'b', 'c'].map((name) => client.open(finding, `values-${name}.yaml`));
    await Promise.all(documents.map((document) => document.diagnostics()));
    const order: string[] = [];
    await Promise.all(
      client.together(() => [
        client.pullWorkspace().then(() => order.push('workspace')),
        client.hover(documents[2]?.uri ?? '', { line: 4, character: 8 }).then(() => order.push('hover')),
      ]),
    );
    expect(order).toEqual(['hover', 'workspace']);
  });

  test('is not refused because a document changes, and has the newest version', async () => {
    const client = await startClient();
    const document = client.open(clean);
    const reports = client.together(() => {
      const asked = client.pullWorkspace();
      document.change({ text: finding });
      return asked;
    });
    expect(await reports).toMatchObject([{ version: 2, items: [{ code: 'expiration-out-of-range' }] }]);
  });
});

describe('when settings change', () => {
  test('the client is told to ask again', async () => {
    let settings: unknown = {};
    const client = await startClient({ configuration: () => settings });
    const document = client.open(finding);
    const { resultId } = contentsOf(await client.pull(document.uri));
    expect(client.refreshes).toBe(0);
    settings = { rules: { 'expiration-out-of-range': 'hint' } };
    client.pushConfiguration(null);
    await client.until('a refresh', () => client.refreshes || undefined);
    expect(contentsOf(await client.pull(document.uri, resultId)).items).toMatchObject([{ severity: 4 }]);
    settings = {};
    client.pushConfiguration(null);
    await client.until('another refresh', () => (client.refreshes > 1 ? true : undefined));
    expect(await client.pull(document.uri, resultId)).toEqual({ kind: 'unchanged', resultId });
  });

  test('a client that cannot be told is not told', async () => {
    const client = await startClient({
      capabilities: { ...pushCapabilities, textDocument: fullCapabilities.textDocument },
    });
    const document = client.open(finding);
    await document.diagnostics();
    client.pushConfiguration(null);
    expect(await document.diagnostics()).toHaveLength(1);
  });
});

test('nothing is ever sent by itself', async () => {
  const client = await startClient();
  const document = client.open(finding);
  await document.hover({ line: 4, character: 8 });
  document.change({ range: top, text: '\n' });
  await document.diagnostics();
  client.pushConfiguration(null);
  await document.hover({ line: 5, character: 8 });
  document.close();
  expect(await client.open(clean, 'values-other.yaml').diagnostics()).toEqual([]);
  expect(document.published).toEqual([]);
});
