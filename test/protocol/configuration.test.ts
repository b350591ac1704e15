import { describe, expect, test } from 'vitest';
import {
  ErrorCodes,
  ResponseError,
  type ClientCapabilities,
  type ConfigurationItem,
  type Diagnostic,
  type TextDocumentEdit,
} from 'vscode-languageserver/node';
import {
  codes,
  everywhere,
  fullCapabilities,
  rangeOf,
  startClient,
  waysOfDiagnostics,
  type Client,
  type OpenDocument,
} from './client';

const custom = `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      enabled: true
      audience: vault
`;

const section = 'airflowTokenVolume';

/** A client whose user can change the settings, and which answers when it is asked for them. */
async function pullingClient(
  initial: unknown,
  capabilities: ClientCapabilities = fullCapabilities,
): Promise<{ client: Client; set: (settings: unknown) => void }> {
  let settings = initial;
  const client = await startClient({ capabilities, configuration: () => settings });
  return {
    client,
    set(changed) {
      settings = changed;
      client.pushConfiguration(null);
    },
  };
}

/** A client that answers for the settings only when the test does so for it. */
async function slowClient(
  capabilities: ClientCapabilities,
): Promise<{ client: Client; answers: ((settings: unknown) => void)[] }> {
  const answers: ((settings: unknown) => void)[] = [];
  const configuration = (): unknown => new Promise((resolve) => answers.push(resolve));
  const client = await startClient({ capabilities, configuration });
  return { client, answers };
}

/** The codes that there are after a change. */
async function codesAfter(document: OpenDocument, change: () => void): Promise<unknown[]> {
  change();
  return codes(await document.diagnostics());
}

describe.each(waysOfDiagnostics)('%s is asked for settings', (_way, capabilities) => {
  test('is asked for each document, and tells of changes', async () => {
    const { client } = await pullingClient({}, capabilities);
    const registration = await client.until('a registration', () => client.registrations[0]);
    expect(registration).toMatchObject({
      method: 'workspace/didChangeConfiguration',
      registerOptions: { section },
    });
    const document = client.open(custom);
    expect(codes(await document.diagnostics())).toEqual(['custom-audience']);
    const other = client.open(custom, 'values-dev.yaml');
    await other.diagnostics();
    expect(client.configurationRequests).toEqual([
      { scopeUri: document.uri, section },
      { scopeUri: other.uri, section },
    ]);
    document.change({ text: custom });
    await document.diagnostics();
    expect(client.configurationRequests, 'once for each document').toHaveLength(2);
  });

  test('what it answers counts from then on', async () => {
    const { client, set } = await pullingClient({ apiAudiences: ['vault'] }, capabilities);
    const document = client.open(custom);
    expect(codes(await document.diagnostics())).toEqual([]);
    const changed = codesAfter(document, () => {
      set({ apiAudiences: ['other'] });
    });
    expect(await changed).toEqual(['custom-audience']);
    expect(
      await codesAfter(document, () => {
        set({ apiAudiences: ['vault'], files: ['elsewhere.yaml'] });
      }),
    ).toEqual([]);
    document.change({ text: custom.replace('false', 'true') });
    expect(codes(await document.diagnostics())).toEqual([]);
    expect(
      await codesAfter(document, () => {
        set({});
      }),
    ).toEqual(['automounted-token', 'inert-while-automounted', 'custom-audience']);
  });

  test('answers for each document differ', async () => {
    const configuration = ({ scopeUri = '' }: ConfigurationItem): unknown =>
      scopeUri.includes('/prod/') ? { apiAudiences: ['vault'] } : { files: ['airflow.yaml'] };
    const client = await startClient({ capabilities, configuration });
    expect(codes(await client.open(custom, 'prod/values.yaml').diagnostics())).toEqual([]);
    expect(codes(await client.open(custom, 'dev/values.yaml').diagnostics())).toEqual([]);
    expect(codes(await client.open(custom, 'dev/airflow.yaml').diagnostics())).toEqual(['custom-audience']);
    expect(codes(await client.open(custom, 'prod/airflow.yaml').diagnostics())).toEqual([]);
  });

  test('all open documents are checked again', async () => {
    const { client, set } = await pullingClient({}, capabilities);
    const documents = ['a', 'b', 'c'].map((name) => client.open(custom, `values-${name}.yaml`));
    for (const document of documents)
      expect(codes(await document.diagnostics())).toEqual(['custom-audience']);
    set({ apiAudiences: ['vault'] });
    expect(await Promise.all(documents.map((document) => document.diagnostics()))).toEqual([[], [], []]);
  });

  test('what is typed while it has not answered yet is not lost', async () => {
    let answer: (settings: unknown) => void = () => undefined;
    const answered = new Promise((resolve) => {
      answer = resolve;
    });
    const client = await startClient({ capabilities, configuration: () => answered });
    const document = client.open('');
    const before = document.diagnostics();
    await client.until('a request', () => client.configurationRequests[0]);
    document.change({ text: `\n${custom}` });
    const hover = document.hover({ line: 7, character: 8 });
    const after = document.diagnostics();
    answer({ apiAudiences: [] });
    expect(await before, 'not what was there when it was asked for').toEqual(await after);
    expect(await after).toMatchObject([{ code: 'custom-audience', range: { start: { line: 7 } } }]);
    expect((await hover)?.range?.start).toEqual({ line: 7, character: 6 });
  });

  test.each([
    ['before', [0, 1]],
    ['after', [1, 0]],
  ])('an old answer that comes %s the new one does not count', async (_, order) => {
    const { client, answers } = await slowClient(capabilities);
    const document = client.open(custom);
    const first = document.diagnostics();
    await client.until('the first request', () => answers[0]);
    client.pushConfiguration(null);
    const second = document.diagnostics();
    await client.until('the second request', () => answers[1]);
    for (const index of order) answers[index]?.(index === 0 ? {} : { apiAudiences: ['vault'] });
    expect(codes(await first)).toEqual([]);
    expect(codes(await second)).toEqual([]);
    document.change({ text: custom });
    expect(codes(await document.diagnostics())).toEqual([]);
  });

  test('an old answer for a document that was closed does not count when it is opened again', async () => {
    const { client, answers } = await slowClient(capabilities);
    const closed = client.open(custom);
    const unanswered = closed.diagnostics();
    await client.until('the first request', () => answers[0]);
    closed.close();
    client.pushConfiguration(null);
    answers[0]?.({});
    const reopened = client.open(custom);
    const found = reopened.diagnostics();
    const answer = await client.until('another request', () => answers[1]);
    answer({ apiAudiences: ['vault'] });
    expect(codes(await found)).toEqual([]);
    await unanswered;
  });

  test('one that cannot answer is served with the defaults', async () => {
    const client = await startClient({
      capabilities,
      configuration: () => {
        throw new ResponseError(ErrorCodes.InternalError, 'The settings cannot be read.');
      },
    });
    const document = client.open(custom);
    expect(codes(await document.diagnostics())).toEqual(['custom-audience']);
    expect(await document.hover({ line: 0, character: 0 })).not.toBeNull();
  });

  test('one that cannot be told what to announce is not told', async () => {
    const { client } = await pullingClient(
      { apiAudiences: ['vault'] },
      { ...capabilities, workspace: { configuration: true } },
    );
    const document = client.open(custom);
    expect(codes(await document.diagnostics())).toEqual([]);
    await document.hover({ line: 0, character: 0 });
    expect(client.registrations).toEqual([]);
  });
});

describe('a client that only pushes settings', () => {
  const capabilities: ClientCapabilities = { workspace: { didChangeConfiguration: {} } };

  test.each([
    ['the whole tree', (settings: unknown) => ({ editor: { tabSize: 2 }, [section]: settings })],
    ['the section alone', (settings: unknown) => settings],
  ])('%s', async (_, wrap) => {
    const client = await startClient({ capabilities });
    const document = client.open(custom);
    expect(codes(await document.diagnostics())).toEqual(['custom-audience']);
    const push = (settings: unknown): Promise<unknown[]> =>
      codesAfter(document, () => {
        client.pushConfiguration(wrap(settings));
      });
    expect(await push({ apiAudiences: ['vault'] })).toEqual([]);
    expect(await push({ apiAudiences: ['other'] })).toEqual(['custom-audience']);
    expect(await push({ files: ['other.yaml'] })).toEqual([]);
    expect(codes(await client.open(custom, 'other.yaml').diagnostics())).toEqual(['custom-audience']);
    expect(await push({})).toEqual(['custom-audience']);
    expect(client.configurationRequests).toEqual([]);
    expect(client.registrations).toEqual([]);
  });

  test('before it opens anything', async () => {
    const client = await startClient({ capabilities });
    client.pushConfiguration({ [section]: { apiAudiences: ['vault'] } });
    expect(codes(await client.open(custom).diagnostics())).toEqual([]);
  });

  test('one that never says anything is served with the defaults', async () => {
    const client = await startClient({ capabilities: {} });
    expect(codes(await client.open(custom).diagnostics())).toEqual(['custom-audience']);
  });
});

const broken: [string, unknown][] = [
  ['null', null],
  ['a text', 'files'],
  ['a number', 5],
  ['a list', ['values.yaml']],
  ['null for each', { files: null, apiAudiences: null }],
  ['texts for lists', { files: 'values.yaml', apiAudiences: 'vault' }],
  ['maps for lists', { files: { a: 1 }, apiAudiences: { vault: true } }],
  ['numbers for each', { files: 1, apiAudiences: 2 }],
  ['unknown keys', { file: ['other.yaml'], apiAudience: ['vault'] }],
];

describe('broken settings count as the defaults', () => {
  test.each(broken)('answered: %s', async (_, settings) => {
    const { client, set } = await pullingClient(settings);
    const document = client.open(custom);
    expect(codes(await document.diagnostics())).toEqual(['custom-audience']);
    expect(codes(await client.open(custom, 'airflow.yaml').diagnostics())).toEqual([]);
    expect(
      await codesAfter(document, () => {
        set({ apiAudiences: ['vault'] });
      }),
    ).toEqual([]);
    expect(
      await codesAfter(document, () => {
        set(settings);
      }),
    ).toEqual(['custom-audience']);
  });

  test.each(broken)('pushed: %s', async (_, settings) => {
    const client = await startClient({ capabilities: {} });
    const document = client.open(custom);
    await document.diagnostics();
    for (const pushed of [settings, { [section]: settings }]) {
      const good = codesAfter(document, () => {
        client.pushConfiguration({ [section]: { apiAudiences: ['vault'] } });
      });
      expect(await good).toEqual([]);
      const bad = codesAfter(document, () => {
        client.pushConfiguration(pushed);
      });
      expect(await bad).toEqual(['custom-audience']);
    }
  });
});

describe('severities', () => {
  const codesAndSeverities = (diagnostics: readonly Diagnostic[]): unknown[] =>
    diagnostics.map(({ code, severity }) => [code, severity]);

  test('are those of the settings, as numbers, and follow them', async () => {
    const { client, set } = await pullingClient({});
    const document = client.open(custom);
    expect(codesAndSeverities(await document.diagnostics())).toEqual([['custom-audience', 2]]);
    for (const [level, severity] of [
      ['error', 1],
      ['warning', 2],
      ['information', 3],
      ['hint', 4],
    ] as const) {
      set({ rules: { 'custom-audience': level } });
      expect(codesAndSeverities(await document.diagnostics()), level).toEqual([
        ['custom-audience', severity],
      ]);
    }
  });

  test('off is silence, in the diagnostics and in the quick fixes, until it is taken back', async () => {
    const { client, set } = await pullingClient({ rules: { 'custom-audience': 'off' } });
    const document = client.open(custom);
    expect(await document.diagnostics()).toEqual([]);
    expect(await document.codeActions(everywhere)).toEqual([]);
    expect(
      await codesAfter(document, () => {
        set({ rules: {} });
      }),
    ).toEqual(['custom-audience']);
    expect((await document.codeActions(everywhere)).map(({ title }) => title)).toContain(
      'Ignore custom-audience here',
    );
    expect(
      await codesAfter(document, () => {
        set({ rules: { 'custom-audience': 'off' } });
      }),
    ).toEqual([]);
  });

  test('that make no sense do not count, one by one', async () => {
    const rules = { 'custom-audience': 'fatal', 'no-such-rule': 'off', __proto__: 'off' };
    const { client, set } = await pullingClient({ rules });
    const document = client.open(custom);
    expect(codesAndSeverities(await document.diagnostics())).toEqual([['custom-audience', 2]]);
    for (const wrong of [null, 'off', ['custom-audience'], 5, { 'custom-audience': null }]) {
      set({ rules: wrong });
      expect(codesAndSeverities(await document.diagnostics()), JSON.stringify(wrong)).toEqual([
        ['custom-audience', 2],
      ]);
    }
  });

  test('differ from folder to folder', async () => {
    const configuration = ({ scopeUri = '' }: ConfigurationItem): unknown =>
      scopeUri.includes('/prod/') ? { rules: { 'custom-audience': 'error' } } : {};
    const client = await startClient({ configuration });
    expect(await client.open(custom, 'prod/values.yaml').diagnostics()).toMatchObject([{ severity: 1 }]);
    expect(await client.open(custom, 'dev/values.yaml').diagnostics()).toMatchObject([{ severity: 2 }]);
  });

  test('are taken from a client that pushes them', async () => {
    const client = await startClient({ capabilities: {} });
    const document = client.open(custom);
    await document.diagnostics();
    client.pushConfiguration({ [section]: { rules: { 'custom-audience': 'information' } } });
    expect(codesAndSeverities(await document.diagnostics())).toEqual([['custom-audience', 3]]);
  });
});

describe('a comment that ignores a finding', () => {
  test('written by the quick fix silences it, and is reported when there is nothing left to ignore', async () => {
    const client = await startClient();
    const document = client.open(custom);
    const [diagnostic] = await document.diagnostics();
    if (!diagnostic) throw new Error('No finding.');
    const actions = await document.codeActions(diagnostic.range, ['quickfix'], [diagnostic]);
    const ignore = actions.at(-1);
    expect(ignore).toMatchObject({ title: 'Ignore custom-audience here', diagnostics: [diagnostic] });
    expect(ignore).not.toHaveProperty('isPreferred');
    const [change] = (ignore?.edit?.documentChanges ?? []) as TextDocumentEdit[];
    document.change(...(change?.edits ?? []).map((edit) => ({ range: edit.range, text: textOf(edit) })));
    expect(await document.diagnostics()).toEqual([]);

    document.change({ range: rangeOf(custom, 'vault'), text: '""' });
    const unused = await document.diagnostics();
    expect(unused).toMatchObject([
      { code: 'unused-ignore', severity: 2, tags: [1], range: { start: { line: 6 } } },
    ]);
    const offered = await document.codeActions(unused[0]?.range ?? everywhere, ['quickfix']);
    expect(offered.map(({ title, isPreferred }) => [title, isPreferred])).toEqual([
      ['Stop ignoring custom-audience here', true],
    ]);
  });
});

function textOf(edit: object): string {
  return 'newText' in edit && typeof edit.newText === 'string' ? edit.newText : '';
}

describe('patterns and audiences that make no sense', () => {
  test.each<[string, unknown[]]>([
    ['an empty pattern, as the settings editor adds it', ['']],
    ['a pattern of a space', [' ']],
    ['half a bracket', ['[']],
    ['half a brace', ['{a,']],
    ['half a group', ['@(']],
    ['a slash', ['/']],
    ['a very long one', ['a'.repeat(70_000)]],
    ['no texts', [1, null, { a: 1 }, ['values.yaml']]],
    ['a comment of its own', ['!']],
  ])('%s matches nothing, and the others still count', async (_, patterns) => {
    const { client, set } = await pullingClient({ files: patterns });
    const document = client.open(custom);
    await document.diagnostics();
    expect(
      await codesAfter(document, () => {
        set({ files: [...patterns, 'values.yaml'], apiAudiences: [null, 5, ''] });
      }),
    ).toEqual(['custom-audience']);
  });
});

test('a change of the configuration that brings no settings', async () => {
  const client = await startClient({ capabilities: {} });
  const document = client.open(custom);
  await document.diagnostics();
  await client.connection.sendNotification('workspace/didChangeConfiguration', {});
  expect(codes(await document.diagnostics())).toEqual(['custom-audience']);
});
