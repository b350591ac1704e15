import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { codes, everywhere, startClient, type OpenDocument } from './client';

const finding = `scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      expirationSeconds: 60
`;

const folder = new URL('../fixtures/other-charts/', import.meta.url);
const charts = readdirSync(folder);

test('there are other charts', () => {
  expect(charts.length).toBeGreaterThanOrEqual(6);
});

describe("values of other charts are left alone, by an editor's every request", () => {
  test.each(charts)('%s', async (name) => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    const client = await startClient();
    for (const document of [client.open(text, 'values.yaml'), client.open(text, `charts/values/${name}`)])
      await expectSilence(document, text);
    // The same text does get an answer once the file says that it is Airflow's.
    const asked = client.open(`# airflow-token-volume: enable\n${finding}`, 'nginx.yaml');
    expect(codes(await asked.diagnostics())).toContain('expiration-out-of-range');
  });
});

describe('names', () => {
  test.each([
    'values.yaml',
    'values.yml',
    'values-prod.yaml',
    'values.dev.yaml',
    'airflow-values.yaml',
    'values/team-a/airflow.yaml',
    'my%20charts/values%20%C3%A9.yaml',
  ])('%s is checked', async (name) => {
    const document = (await startClient()).open(finding, name);
    expect(codes(await document.diagnostics())).toEqual(['expiration-out-of-range']);
    expect(document.published.map(({ uri }) => uri)).toEqual([`file:///repo/${name}`]);
  });

  test.each([
    'airflow.yaml',
    'docker-compose.yaml',
    'values.json',
    'values.yaml.tpl',
    'templates/deployment.yaml',
    'valuesyaml',
  ])('%s is not', async (name) => {
    await expectSilence((await startClient()).open(finding, name), finding);
  });

  test.each(['untitled:Untitled-1', 'vscode-vfs://github/a/b/values.yaml', 'git:/repo/values.yaml?ref'])(
    '%s is checked',
    async (uri) => {
      const document = (await startClient()).openUri(uri, finding);
      expect(codes(await document.diagnostics())).toEqual(['expiration-out-of-range']);
    },
  );
});

describe('comments', () => {
  test('switch the extension on and off while they are typed', async () => {
    const document = (await startClient()).open(finding, 'airflow.yaml');
    expect(await document.diagnostics()).toEqual([]);
    const top = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    document.change({ range: top, text: '# airflow-token-volume: enable\n' });
    expect(codes(await document.diagnostics())).toEqual(['expiration-out-of-range']);
    const word = { start: { line: 0, character: 24 }, end: { line: 0, character: 30 } };
    document.change({ range: word, text: 'disable' });
    expect(await document.diagnostics()).toEqual([]);
  });

  test('switch it off in a file whose name fits', async () => {
    const text = `# airflow-token-volume: disable\n${finding}`;
    await expectSilence((await startClient()).open(text), text);
  });
});

test('findings go when the file stops being for Airflow, and come back', async () => {
  const document = (await startClient()).open(`triggerer: {}\n${finding}`);
  expect(codes(await document.diagnostics())).toEqual(['expiration-out-of-range']);
  document.change({ text: `auth: {}\n${finding}` });
  expect(await document.diagnostics()).toEqual([]);
  document.change({ text: finding });
  expect(codes(await document.diagnostics())).toEqual(['expiration-out-of-range']);
});

test('closing a document clears its diagnostics and no others', async () => {
  const client = await startClient();
  const [one, two] = [client.open(finding, 'values-1.yaml'), client.open(finding, 'values-2.yaml')];
  expect(await one.diagnostics()).toHaveLength(1);
  expect(await two.diagnostics()).toHaveLength(1);
  const cleared = one.nextDiagnostics();
  one.close();
  expect(await cleared).toEqual([]);
  expect(two.published).toHaveLength(1);

  const again = client.open(`\n${finding}`, 'values-1.yaml');
  expect(await again.nextDiagnostics()).toMatchObject([{ range: { start: { line: 5 } } }]);
});

test('a document that is closed at once is clear in the end', async () => {
  const client = await startClient();
  const document = client.open(finding);
  document.change({ text: `\n${finding}` });
  document.close();
  await client.until('diagnostics without a version', () =>
    document.published.find(({ version }) => version === undefined),
  );
  expect(await client.hover(document.uri, { line: 0, character: 0 })).toBeNull();
  expect(document.published.at(-1)?.diagnostics).toEqual([]);
});

/** Asks everything that an editor asks of a document, and expects no answer to any of it. */
async function expectSilence(document: OpenDocument, text: string): Promise<void> {
  expect(await document.diagnostics()).toEqual([]);
  expect(await document.codeActions(everywhere)).toEqual([]);
  expect(await document.codeActions(everywhere, ['source.fixAll'])).toEqual([]);
  for (const [line, content] of text.split('\n').entries()) {
    for (const character of [content.search(/\S|$/), content.length]) {
      expect(await document.hover({ line, character })).toBeNull();
      expect(await document.completions({ line, character })).toEqual([]);
    }
  }
  expect(document.published).toHaveLength(1);
}
