import { describe, expect, test } from 'vitest';
import type { ClientCapabilities } from 'vscode-languageserver/node';
import { at, codes, pushCapabilities, startClient, type Client, type ClientOptions } from './client';
import { clean, finding } from './sample';

const top = at({ line: 0, character: 0 });

/** A client without `textDocument.diagnostic`. */
function startPushed(options: ClientOptions = {}): Promise<Client> {
  return startClient({ capabilities: pushCapabilities, ...options });
}

describe('what was sent is not sent again', () => {
  test('for a newer version in which the same was found', async () => {
    const document = (await startPushed()).open(finding);
    expect(codes(await document.diagnostics())).toEqual(['expiration-out-of-range']);
    for (let line = 5; line < 10; line++) {
      document.change({ range: at({ line, character: 0 }), text: `# ${line}\n` });
      await document.diagnostics();
    }
    expect(document.published).toHaveLength(1);

    document.change({ range: top, text: '\n' });
    expect(await document.diagnostics(), 'found elsewhere').toMatchObject([
      { range: { start: { line: 5 } } },
    ]);
    expect(document.published).toHaveLength(2);

    document.change({ text: clean });
    expect(await document.diagnostics()).toEqual([]);
    document.change({ text: `${clean}# a comment\n` });
    expect(await document.diagnostics()).toEqual([]);
    expect(document.published).toHaveLength(3);

    document.change({ text: finding });
    expect(await document.diagnostics()).toHaveLength(1);
    expect(document.published, 'sent before, but not last').toHaveLength(4);
  });

  test('when nothing is found, which is said once', async () => {
    const document = (await startPushed()).open(clean);
    for (let times = 0; times < 3; times++) {
      document.change({ range: top, text: '\n' });
      expect(await document.diagnostics()).toEqual([]);
    }
    expect(document.published.map(({ diagnostics }) => diagnostics)).toEqual([[]]);
  });

  test('after a change of the settings that changes nothing here', async () => {
    let settings: unknown = {};
    const client = await startPushed({ configuration: () => settings });
    const document = client.open(finding);
    await document.diagnostics();
    settings = { rules: { 'rbac-disabled': 'off' } };
    client.pushConfiguration(null);
    await document.diagnostics();
    expect(client.configurationRequests, 'asked for again').toHaveLength(2);
    expect(document.published).toHaveLength(1);
    settings = { rules: { 'expiration-out-of-range': 'hint' } };
    client.pushConfiguration(null);
    expect(await document.diagnostics()).toMatchObject([{ severity: 4 }]);
    expect(document.published).toHaveLength(2);
  });
});

test('what is sent names no version, since it holds for later ones, too', async () => {
  const document = (await startPushed()).open(finding);
  await document.diagnostics();
  expect(document.published[0]).not.toHaveProperty('version');
});

describe('changes that are waiting together', () => {
  test('are judged at once, and the newest counts', async () => {
    const client = await startPushed();
    const document = client.open(clean);
    await document.diagnostics();
    client.together(() => {
      for (let lines = 1; lines <= 20; lines++) document.change({ text: '\n'.repeat(lines) + finding });
    });
    expect(await document.diagnostics()).toMatchObject([{ range: { start: { line: 24 } } }]);
    expect(document.published).toHaveLength(2);
  });

  test('even if they are of several documents, with questions in between', async () => {
    const client = await startPushed();
    const documents = ['a', 'b'].map((name) => client.open(clean, `values-${name}.yaml`));
    for (const document of documents) await document.diagnostics();
    const hovers = client.together(() =>
      Array.from({ length: 20 }, (_, index) =>
        documents.map((document) => {
          document.change({ text: '\n'.repeat(index) + finding });
          return document.hover({ line: 4 + index, character: 8 });
        }),
      ).flat(),
    );
    await Promise.all(hovers);
    for (const document of documents) {
      expect(await document.diagnostics()).toMatchObject([{ range: { start: { line: 23 } } }]);
      expect(document.published).toHaveLength(2);
    }
  });

  test('while the client has not answered for the settings', async () => {
    const answers: ((settings: unknown) => void)[] = [];
    const client = await startPushed({
      configuration: () => new Promise((resolve) => answers.push(resolve)),
    });
    const document = client.open(clean);
    const answer = await client.until('a request', () => answers[0]);
    document.change({ text: finding });
    answer({});
    for (let lines = 1; lines <= 3; lines++) document.change({ text: '\n'.repeat(lines) + finding });
    expect(await document.diagnostics()).toMatchObject([{ range: { start: { line: 7 } } }]);
    expect(answers).toHaveLength(1);
    expect(document.published[0]?.diagnostics, 'not what was there at first').not.toEqual([]);
  });
});

describe('closing a document', () => {
  test('clears its diagnostics and no others', async () => {
    const client = await startPushed();
    const [one, two] = [client.open(finding, 'values-1.yaml'), client.open(finding, 'values-2.yaml')];
    expect(await one.diagnostics()).toHaveLength(1);
    expect(await two.diagnostics()).toHaveLength(1);
    one.close();
    await two.diagnostics();
    expect(one.published.map(({ diagnostics }) => diagnostics.length)).toEqual([1, 0]);
    expect(two.published).toHaveLength(1);

    const again = client.open(finding, 'values-1.yaml');
    expect(await again.diagnostics(), 'the same as before it was closed').toHaveLength(1);
  });

  test('sends nothing when there is nothing to clear', async () => {
    const client = await startPushed();
    const document = client.open(finding);
    await document.diagnostics();
    document.change({ text: clean });
    await document.diagnostics();
    document.close();
    await client.open(clean, 'values-other.yaml').diagnostics();
    expect(document.published.map(({ diagnostics }) => diagnostics.length)).toEqual([1, 0]);
  });

  test('in the same moment in which it was opened sends nothing at all', async () => {
    const client = await startPushed();
    const document = client.together(() => {
      const opened = client.open(finding);
      opened.change({ text: `\n${finding}` });
      opened.close();
      return opened;
    });
    await client.open(clean, 'values-other.yaml').diagnostics();
    expect(document.published).toEqual([]);
    expect(await document.hover({ line: 4, character: 8 })).toEqual(null);
  });
});

test.each<[string, ClientCapabilities]>([
  ['nothing', {}],
  ['only how it is sent diagnostics', { textDocument: { publishDiagnostics: {} } }],
  ['that it asks again when it is told to', { workspace: { diagnostics: { refreshSupport: true } } }],
])('a client that says %s has them sent, and is never told to ask', async (_, capabilities) => {
  const client = await startClient({ capabilities });
  expect(client.initialized.capabilities).not.toHaveProperty('diagnosticProvider');
  const document = client.open(finding);
  expect(codes(await document.diagnostics())).toEqual(['expiration-out-of-range']);
  client.pushConfiguration({ rules: { 'expiration-out-of-range': 'off' } });
  expect(codes(await document.diagnostics())).toEqual([]);
  expect(client.refreshes).toBe(0);
});
