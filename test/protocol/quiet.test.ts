import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { codes, everywhere, startClient, waysOfDiagnostics, type OpenDocument } from './client';

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

describe.each(waysOfDiagnostics)('names, for %s', (_way, capabilities) => {
  test.each([
    'values.yaml',
    'values.yml',
    'values-prod.yaml',
    'values.dev.yaml',
    'airflow-values.yaml',
    'values/team-a/airflow.yaml',
    'my%20charts/values%20%C3%A9.yaml',
  ])('%s is checked', async (name) => {
    const document = (await startClient({ capabilities })).open(finding, name);
    expect(codes(await document.diagnostics())).toEqual(['expiration-out-of-range']);
  });

  test.each([
    'airflow.yaml',
    'docker-compose.yaml',
    'values.json',
    'values.yaml.tpl',
    'templates/deployment.yaml',
    'valuesyaml',
  ])('%s is not', async (name) => {
    await expectSilence((await startClient({ capabilities })).open(finding, name), finding);
  });

  test.each(['untitled:Untitled-1', 'vscode-vfs://github/a/b/values.yaml', 'git:/repo/values.yaml?ref'])(
    '%s is checked',
    async (uri) => {
      const document = (await startClient({ capabilities })).openUri(uri, finding);
      expect(codes(await document.diagnostics())).toEqual(['expiration-out-of-range']);
    },
  );
});

describe.each(waysOfDiagnostics)('comments, for %s', (_way, capabilities) => {
  test('switch the extension on and off while they are typed', async () => {
    const document = (await startClient({ capabilities })).open(finding, 'airflow.yaml');
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
    await expectSilence((await startClient({ capabilities })).open(text), text);
  });
});

test.each(waysOfDiagnostics)(
  '%s: findings go when the file stops being for Airflow, and come back',
  async (_, capabilities) => {
    const document = (await startClient({ capabilities })).open(`triggerer: {}\n${finding}`);
    expect(codes(await document.diagnostics())).toEqual(['expiration-out-of-range']);
    document.change({ text: `auth: {}\n${finding}` });
    expect(await document.diagnostics()).toEqual([]);
    document.change({ text: finding });
    expect(codes(await document.diagnostics())).toEqual(['expiration-out-of-range']);
  },
);

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
}
