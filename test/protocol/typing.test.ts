import { describe, expect, test } from 'vitest';
import type { Diagnostic, TextDocumentEdit, TextEdit } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import {
  at,
  codes,
  everywhere,
  positionAt,
  rangeOf,
  startClient,
  waysOfDiagnostics,
  type Client,
  type OpenDocument,
} from './client';

const clean = `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      enabled: true
`;

const lost = `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
`;

/** A document with the text that the server ought to have, kept up to date by other means than the server's. */
class Typist {
  text: string;
  readonly document: OpenDocument;
  private readonly client: Client;

  constructor(client: Client, text: string) {
    this.client = client;
    this.text = text;
    this.document = client.open(text);
  }

  /** Replaces a stretch of the text by one incremental change. */
  replace(start: number, end: number, newText: string): void {
    const range = { start: positionAt(this.text, start), end: positionAt(this.text, end) };
    this.document.change({ range, text: newText });
    this.text = this.text.slice(0, start) + newText + this.text.slice(end);
  }

  /** The diagnostics, which have to be those of the same text opened anew. */
  async diagnostics(): Promise<Diagnostic[]> {
    const typed = await this.document.diagnostics();
    const fresh = this.client.open(this.text, `values-${this.document.version}.yaml`);
    const elsewhere = JSON.stringify(await fresh.diagnostics()).replaceAll(fresh.uri, this.document.uri);
    fresh.close();
    expect(typed, JSON.stringify(this.text)).toEqual(JSON.parse(elsewhere));
    return typed;
  }
}

describe.each(waysOfDiagnostics)('character by character, for %s', (_, capabilities) => {
  test('from a clean file to a finding and back', async () => {
    const client = await startClient({ capabilities });
    const typist = new Typist(client, clean);
    expect(await typist.diagnostics()).toEqual([]);

    const line = '      expirationSeconds: 60';
    const history: string[] = [];
    for (const character of line) {
      typist.replace(typist.text.length, typist.text.length, character);
      history.push(JSON.stringify(await typist.diagnostics()));
    }
    const [finding] = await typist.document.diagnostics();
    expect(finding).toMatchObject({ code: 'expiration-out-of-range', range: rangeOf(typist.text, '60') });

    typist.replace(typist.text.length, typist.text.length, '0');
    expect(await typist.diagnostics()).toEqual([]);
    typist.replace(typist.text.length - 1, typist.text.length, '');
    while (typist.text.length > clean.length) {
      expect(JSON.stringify(await typist.diagnostics())).toBe(history.pop());
      typist.replace(typist.text.length - 1, typist.text.length, '');
    }
    expect(typist.text).toBe(clean);
    expect(await typist.diagnostics()).toEqual([]);
  });

  test('in the middle of a file', async () => {
    const typist = new Typist(await startClient({ capabilities }), clean);
    const switchAt = clean.indexOf('false');
    const seen = new Map<string, unknown[]>();
    for (const value of ['fals', 'fal', 'fa', 'f', '', 't', 'tr', 'tru', 'true']) {
      const old = /Token: *(\w*)/.exec(typist.text)?.[1] ?? '';
      typist.replace(switchAt, switchAt + old.length, value);
      seen.set(value, codes(await typist.diagnostics()));
    }
    expect(seen.get('')).toEqual(['null-automount']);
    expect(seen.get('true')).toEqual(['automounted-token', 'inert-while-automounted']);
    for (const value of ['false', 'fals'])
      typist.replace(switchAt, switchAt + 4 + Number(value === 'fals'), value);
    typist.replace(switchAt, switchAt + 4, 'false');
    expect(typist.text).toBe(clean);
    expect(await typist.diagnostics()).toEqual([]);
  });
});

test.each(waysOfDiagnostics)(
  'changes faster than %s gets answers are all taken in',
  async (_, capabilities) => {
    const client = await startClient({ capabilities });
    const typist = new Typist(client, clean);
    const line = '      expirationSeconds: 60';
    for (const character of line) typist.replace(typist.text.length, typist.text.length, character);
    const hover = typist.document.hover(rangeOf(typist.text, '60').start);
    expect(codes(await typist.diagnostics())).toEqual(['expiration-out-of-range']);
    expect((await hover)?.range, 'a request sees the text that was sent before it').toEqual(
      rangeOf(typist.text, '60'),
    );
    const typed = Array.from(line, (_character, index) => clean + line.slice(0, index + 1));
    const fresh = typed.map((text, index) => client.open(text, `values-at-${index}.yaml`).diagnostics());
    const possible = (await Promise.all(fresh)).map((diagnostics) => JSON.stringify(codes(diagnostics)));
    for (const { diagnostics } of typist.document.published)
      expect(possible, 'what was sent for a version is right for one').toContain(
        JSON.stringify(codes(diagnostics)),
      );
  },
);

describe('half-typed text keeps the findings elsewhere', () => {
  test.each([
    'triggerer:\n  re',
    'env:\n  - name: "A',
    'labels: {a: b',
    'x: [1,\n',
    "b: 'it''s",
    'b: |\n  c',
    'cleanup:\n  serviceAccount:\n    serviceAccountTokenVolume:\n      en',
  ])('%j', async (typed) => {
    const client = await startClient();
    const below = new Typist(client, lost);
    const [finding] = await below.diagnostics();
    expect(finding).toMatchObject({ code: 'api-access-lost', range: rangeOf(lost, 'false') });
    for (const character of typed) {
      below.replace(below.text.length, below.text.length, character);
      expect(await below.diagnostics(), below.text).toContainEqual(finding);
    }
    below.document.close();

    const above = new Typist(client, `\n${lost}`);
    for (const [index, character] of Array.from(typed).entries()) {
      above.replace(index, index, character);
      const range = rangeOf(above.text, 'false');
      expect(await above.diagnostics(), above.text).toContainEqual({ ...finding, range });
    }
  });

  test('a key below the one that is typed', async () => {
    const typist = new Typist(
      await startClient(),
      'executor: KubernetesExecutor\nscheduler:\n\n  serviceAccount:\n    automountServiceAccountToken: false\n',
    );
    const start = typist.text.indexOf('\n\n') + 1;
    for (const [index, character] of Array.from('  replicas: "2"').entries()) {
      typist.replace(start + index, start + index, character);
      await typist.diagnostics();
    }
    expect(codes(await typist.diagnostics())).toEqual(['api-access-lost']);
  });
});

describe('positions are in UTF-16 units', () => {
  // The rocket takes two units, é and 日 one each, e with a combining accent two.
  const flow =
    'scheduler: {labels: {a: "🚀é日e\u0301"}, serviceAccount: {serviceAccountTokenVolume: {expirationSeconds: 60}}} # 🚀\n';

  test('of findings', async () => {
    const document = (await startClient()).open(flow);
    const found = await document.diagnostics();
    const finding = found.find(({ code }) => code === 'expiration-out-of-range');
    expect(finding?.range).toEqual({
      start: { line: 0, character: 99 },
      end: { line: 0, character: 101 },
    });
  });

  test('of changes behind and within them', async () => {
    const typist = new Typist(await startClient(), flow);
    const steps: [piece: string, newText: string][] = [
      ['60', '59'],
      ['🚀é', '🦀🦀ö'],
      ['日', ''],
      ['🦀ö', '🚀'],
      ['59', '599'],
      ['🦀🚀', ''],
      [' # 🚀', ' # 🚀🚀'],
      ['# 🚀', '# '],
    ];
    for (const [piece, newText] of steps) {
      const start = typist.text.indexOf(piece);
      typist.replace(start, start + piece.length, newText);
      const found = await typist.diagnostics();
      const wanted = typist.text.includes('599') ? '599' : typist.text.includes('59') ? '59' : '60';
      expect(found.find(({ code }) => code === 'expiration-out-of-range')?.range, typist.text).toEqual(
        rangeOf(typist.text, wanted),
      );
    }
    expect(typist.text).toBe(
      'scheduler: {labels: {a: "e\u0301"}, serviceAccount: {serviceAccountTokenVolume: {expirationSeconds: 599}}} # 🚀\n',
    );
    expect(await fixed(typist)).toBe(typist.text.replace('599', '600'));
  });

  test('in a name that is wrong because of them', async () => {
    const typist = new Typist(await startClient(), clean);
    for (const character of '      volumeName: "🚀"')
      typist.replace(typist.text.length, typist.text.length, character);
    const [finding] = await typist.diagnostics();
    expect(finding).toMatchObject({
      code: 'volume-name-invalid',
      range: { start: { line: 6, character: 18 }, end: { line: 6, character: 22 } },
    });
  });
});

describe('lines that end in CRLF', () => {
  const crlf = lost.replaceAll('\n', '\r\n');

  test('findings and changes', async () => {
    const typist = new Typist(await startClient(), crlf);
    expect((await typist.diagnostics())[0]?.range).toEqual({
      start: { line: 3, character: 34 },
      end: { line: 3, character: 39 },
    });
    const line = '    serviceAccountTokenVolume:\r\n      enabled: true\r\n      expirationSeconds: 60\r\n';
    for (const keystroke of line.match(/\r\n|./g) ?? [])
      typist.replace(typist.text.length, typist.text.length, keystroke);
    const [finding, ...others] = await typist.diagnostics();
    expect(others).toEqual([]);
    expect(finding?.range).toEqual({ start: { line: 6, character: 25 }, end: { line: 6, character: 27 } });
    expect(await fixed(typist)).toBe(`${crlf}${line.replace('60', '600')}`);
  });

  test('lines joined and split', async () => {
    const typist = new Typist(await startClient(), `# one\r\n# two\r\n${crlf}`);
    const join = (first: number): void => {
      typist.document.change({
        range: { start: { line: first, character: 5 }, end: { line: first + 1, character: 0 } },
        text: ' ',
      });
    };
    join(0);
    typist.text = `# one # two\r\n${crlf}`;
    expect((await typist.diagnostics())[0]?.range.start).toEqual({ line: 4, character: 34 });
    typist.replace(5, 6, '\r\n');
    expect((await typist.diagnostics())[0]?.range.start).toEqual({ line: 5, character: 34 });
    typist.replace(0, 7, '');
    expect((await typist.diagnostics())[0]?.range.start).toEqual({ line: 4, character: 34 });
  });

  test('mixed with LF', async () => {
    const typist = new Typist(await startClient(), lost.replace('\n', '\r\n'));
    typist.replace(0, 0, '# 🚀\r\n# two\n');
    expect((await typist.diagnostics())[0]?.range.start).toEqual({ line: 5, character: 34 });
    const end = typist.text.length;
    typist.replace(end, end, '    serviceAccountTokenVolume:\n      enabled: true\r\n');
    expect(await typist.diagnostics()).toEqual([]);
  });
});

describe('changes of other shapes', () => {
  test('several in one version, each for the text after the one before', async () => {
    const document = (await startClient()).open(lost);
    document.change(
      { range: at({ line: 0, character: 0 }), text: '# a comment\n\n' },
      { range: { start: { line: 5, character: 34 }, end: { line: 5, character: 39 } }, text: 'true' },
      { range: { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } }, text: '' },
    );
    expect(await document.diagnostics()).toMatchObject([
      {
        code: 'automounted-token',
        range: { start: { line: 4, character: 4 }, end: { line: 4, character: 32 } },
      },
    ]);
  });

  test('the whole text', async () => {
    const document = (await startClient()).open(lost);
    document.change({ text: clean });
    expect(await document.diagnostics()).toEqual([]);
    document.change({ text: `# 🚀\n${lost}` });
    expect(await document.diagnostics()).toMatchObject([
      { code: 'api-access-lost', range: { start: { line: 4 } } },
    ]);
    document.change({ text: '' });
    expect(await document.diagnostics()).toEqual([]);
  });

  test('a paste over everything, and its undo', async () => {
    const typist = new Typist(await startClient(), lost);
    const before = await typist.diagnostics();
    typist.replace(0, typist.text.length, clean);
    expect(await typist.diagnostics()).toEqual([]);
    typist.replace(0, typist.text.length, lost);
    expect(await typist.diagnostics()).toEqual(before);
  });
});

/** The text after the fix for all safe problems, which shows that the server has the same text as the client. */
async function fixed({ document, text }: Typist): Promise<string> {
  const [action] = await document.codeActions(everywhere, ['source.fixAll.airflowTokenVolume']);
  const [change] = (action?.edit?.documentChanges ?? []) as TextDocumentEdit[];
  expect(change?.textDocument.version).toBe(document.version);
  return TextDocument.applyEdits(
    TextDocument.create(document.uri, 'yaml', document.version, text),
    (change?.edits ?? []) as TextEdit[],
  );
}
