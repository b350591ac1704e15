import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Diagnostic, Position } from 'vscode-languageserver/node';
import { codes, everywhere, positionAt, startClient, type Client, type OpenDocument } from './client';

const finding = `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
`;

const examples = new URL('../../examples/', import.meta.url);
const exampleFiles = readdirSync(examples).filter((name) => name.endsWith('.yaml'));

/**
 * Asks everything that an editor asks at a place; every answer has to come, whatever it is.
 * @returns The diagnostics.
 */
async function askEverything(document: OpenDocument, position: Position): Promise<Diagnostic[]> {
  const [diagnostics] = await Promise.all([
    document.diagnostics(),
    document.hover(position),
    document.completions(position),
    document.codeActions({ start: position, end: position }),
    document.codeActions(everywhere),
    document.codeActions(everywhere, ['source.fixAll']),
  ]);
  return diagnostics;
}

/** Shows that the server still does its work. */
async function expectHealth(client: Client): Promise<void> {
  const document = client.open(finding, 'values-healthy.yaml');
  expect(codes(await document.diagnostics())).toEqual(['api-access-lost']);
  document.close();
}

describe('text that is no good', () => {
  test.each<[string, string, unknown[]]>([
    ['nothing', '', []],
    ['a line break', '\n', []],
    ['comments only', '# a\n  # b\n\n# c', []],
    ['a list', '- executor\n- scheduler: {serviceAccount: {automountServiceAccountToken: false}}\n', []],
    ['a scalar', 'executor', []],
    ['null', '~\n', []],
    ['tabs', 'scheduler:\n\tserviceAccount:\n\t\tautomountServiceAccountToken: false\n', []],
    ['an unclosed quote', 'executor: "KubernetesExecutor\nscheduler:\n  serviceAccount: {}\n', []],
    ['an unclosed bracket', 'executor: [\nscheduler:\n  serviceAccount:\n', ['null-section']],
    [
      'an unclosed brace',
      `${finding}cleanup: {serviceAccount: {serviceAccountTokenVolume: {`,
      ['api-access-lost'],
    ],
    ['an unknown alias', `${finding}cleanup: *nothing\n`, ['api-access-lost']],
    ['an alias of itself', `${finding}a: &a {b: *a}\n`, ['api-access-lost']],
    ['template code', `{{- if .Values.x }}\n${finding}{{- end }}\n`, []],
    [
      'repeated keys, of which Helm takes the last',
      `${finding}executor: CeleryExecutor\n`,
      ['duplicate-key'],
    ],
    [
      'two documents, of which Helm reads the first',
      `${finding}---\nexecutor: CeleryExecutor\n`,
      ['api-access-lost'],
    ],
    ['a merge conflict', `<<<<<<< HEAD\n${finding}=======\n>>>>>>> other\n`, []],
    [
      'keys of objects',
      `__proto__: {a: 1}\nconstructor: 1\n${finding}    toString: 2\n`,
      ['api-access-lost'],
    ],
    ['NUL', `\0${finding}\0`, []],
    ['line breaks of old Macs', finding.replaceAll('\n', '\r'), []],
    ['half a surrogate pair', 'executor: \uD83D\nscheduler: \uDE80: \n', ['unknown-executor']],
    ['deep nesting', `executor: ${'['.repeat(5000)}\n`, []],
    ['deep indentation', Array.from({ length: 500 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join(''), []],
  ])('%s', async (_, text, wanted) => {
    const client = await startClient();
    const document = client.open(text);
    const found = codes(await document.diagnostics());
    expect(found.filter((code) => code !== 'unknown-key')).toEqual(wanted);
    for (const offset of new Set([0, Math.floor(text.length / 2), text.length]))
      await askEverything(document, positionAt(text, offset));
    const end = positionAt(text, text.length);
    document.change({ range: { start: end, end }, text: '\nx: [' });
    document.change({ range: everywhere, text: finding });
    expect(codes(await document.diagnostics())).toEqual(['api-access-lost']);
  });
});

test('binary', async () => {
  const client = await startClient();
  const bytes = Uint8Array.from({ length: 50_000 }, (_, index) => (index * 7919 + (index >> 3)) % 256);
  for (const [index, encoding] of (['latin1', 'utf8', 'utf16le'] as const).entries()) {
    const text = `# airflow-token-volume: enable\n${Buffer.from(bytes).toString(encoding)}`;
    const document = client.open(text, `values-${index}.yaml`);
    await askEverything(document, { line: 3, character: 3 });
    document.change({
      range: { start: { line: 1, character: 0 }, end: { line: 2, character: 0 } },
      text: finding,
    });
    await askEverything(document, { line: 2, character: 4 });
  }
  await expectHealth(client);
});

test('10 MB, and a change in it', { timeout: 120_000 }, async () => {
  const client = await startClient({ patience: 60_000 });
  const filler = 'config:\n' + '  section: {key: "value", list: [1, 2, 3]} # words\n'.repeat(200_000);
  expect(filler.length).toBeGreaterThan(10_000_000);
  const document = client.open(filler + finding);
  expect(await document.diagnostics()).toMatchObject([
    { code: 'api-access-lost', range: { start: { line: 200_004, character: 34 } } },
  ]);
  const name = { start: { line: 200_001, character: 10 }, end: { line: 200_001, character: 28 } };
  document.change({ range: name, text: 'LocalExecutor' });
  expect(codes(await document.diagnostics())).toEqual(['automount-off-ignored']);
  expect(await document.hover(name.start)).toMatchObject({
    range: { start: name.start, end: { line: 200_001, character: 23 } },
  });
  document.change({ range: everywhere, text: '' });
  expect(await document.diagnostics()).toEqual([]);
  await expectHealth(client);
});

describe('every fifth prefix of an example, as it is typed', () => {
  test('there are examples', () => {
    expect(exampleFiles.length).toBeGreaterThanOrEqual(3);
  });

  test.each(exampleFiles)('%s', { timeout: 60_000 }, async (name) => {
    const text = readFileSync(new URL(name, examples), 'utf8');
    const client = await startClient();
    const document = client.open('', name);
    await askEverything(document, { line: 0, character: 0 });
    for (let length = 0; length < text.length; length += 5) {
      const start = positionAt(text, length);
      document.change({ range: { start, end: start }, text: text.slice(length, length + 5) });
      const end = positionAt(text, Math.min(length + 5, text.length));
      const lines = text.slice(0, length + 5).split('\n');
      for (const { range } of await askEverything(document, end)) {
        expect(range.end.line).toBeLessThan(lines.length);
        expect(range.end.character).toBeLessThanOrEqual(lines[range.end.line]?.length ?? 0);
      }
    }
    const typed = await document.diagnostics();
    expect(typed.length).toBeGreaterThan(0);
    document.close();
    expect(await client.open(text, name).diagnostics()).toEqual(typed);
  });
});

describe('requests that make no sense', () => {
  const nowhere: [string, Position][] = [
    ['behind the end', { line: 1000, character: 0 }],
    ['behind the end of a line', { line: 1, character: 1000 }],
    ['at the largest number', { line: 2 ** 31 - 1, character: 2 ** 31 - 1 }],
    ['before the begin', { line: -1, character: -1 }],
    ['between characters', { line: 0.5, character: 1.5 }],
  ];

  test.each(nowhere)('%s', async (_, position) => {
    const client = await startClient();
    const document = client.open(finding);
    await askEverything(document, position);
    expect(await document.codeActions({ start: everywhere.end, end: everywhere.start })).toEqual([]);
    await expectHealth(client);
  });

  test('about documents that are not open', async () => {
    const client = await startClient();
    const closed = client.open(finding);
    await closed.diagnostics();
    closed.close();
    for (const uri of [
      closed.uri,
      'file:///repo/values-other.yaml',
      'untitled:x',
      '',
      'a b:c',
      'file:////x',
    ]) {
      expect(await client.hover(uri, { line: 0, character: 0 })).toBeNull();
      expect(await client.codeActions(uri, everywhere)).toBeNull();
      expect(await client.completions(uri, { line: 2, character: 2 })).toBeNull();
      expect(await client.pull(uri)).toEqual({ kind: 'full', items: [] });
    }
    await expectHealth(client);
  });

  test('changes and closing of documents that are not open', async () => {
    const client = await startClient();
    const document = client.open(finding);
    await document.diagnostics();
    document.close();
    document.change({ text: '' });
    document.change({ range: everywhere, text: finding });
    document.close();
    await client.connection.sendNotification('textDocument/didClose', {
      textDocument: { uri: 'file:///x.yaml' },
    });
    await expectHealth(client);
    expect(await document.diagnostics()).toEqual([]);
  });

  test('opening twice', async () => {
    const client = await startClient();
    await client.open('').diagnostics();
    const again = client.open(finding);
    again.change({ text: finding });
    expect(codes(await again.diagnostics())).toEqual(['api-access-lost']);
    await expectHealth(client);
  });

  test('a change of a range that the text does not have', async () => {
    const client = await startClient();
    const document = client.open(finding);
    document.change({ range: { start: everywhere.end, end: everywhere.end }, text: 'cleanup:\n' });
    document.change({
      range: { start: { line: 0, character: 500 }, end: { line: 0, character: 900 } },
      text: '# x',
    });
    await askEverything(document, { line: 0, character: 0 });
    document.change({ text: finding });
    expect(codes(await document.diagnostics())).toEqual(['api-access-lost']);
  });

  test.each([
    'a b:c',
    'file:////server/share/values.yaml',
    'values.yaml',
    '',
    'file:///%',
    'file:///repo/%ZZ/values.yaml',
  ])('a document whose address is %j', async (uri) => {
    const client = await startClient();
    const document = client.openUri(uri, finding);
    await askEverything(document, { line: 0, character: 0 });
    document.change({ text: `${finding}#` });
    await askEverything(document, { line: 0, character: 0 });
    document.close();
    await expectHealth(client);
  });
});
