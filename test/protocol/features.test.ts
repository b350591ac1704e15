import { describe, expect, test } from 'vitest';
import {
  CodeLensRefreshRequest,
  CodeLensRequest,
  DocumentLinkRequest,
  InlayHintRefreshRequest,
  InlayHintRequest,
  InsertTextFormat,
  type CodeAction,
  type CompletionItem,
  type MarkupContent,
  type TextDocumentEdit,
  type TextEdit,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import {
  everywhere,
  fullCapabilities,
  positionAt,
  rangeOf,
  startClient,
  type Client,
  type ClientOptions,
  type OpenDocument,
} from './client';

const mounted = `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false # 🚀
    serviceAccountTokenVolume: {enabled: true, expirationSeconds: 7200}
`;

const transition = `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: true # keep
    serviceAccountTokenVolume:
      enabled: true
`;

describe('hover', () => {
  async function hoverOn(text: string, piece: string) {
    const document = (await startClient()).open(text);
    const hover = await document.hover(rangeOf(text, piece).start);
    return { value: (hover?.contents as MarkupContent | undefined)?.value, range: hover?.range, hover };
  }

  test('on a key', async () => {
    const { value, range, hover } = await hoverOn(mounted, 'expirationSeconds');
    expect(hover?.contents).toMatchObject({ kind: 'markdown' });
    expect(range).toEqual(rangeOf(mounted, 'expirationSeconds'));
    expect(value).toContain('`7200`');
    expect(value).toContain('this file');
    expect(value).toContain('2 hours');
    expect(value).toContain('1 hour 36 minutes');
    expect(value).toMatch(/^\| scheduler \| .*2 hours/m);
    expect(value).toMatch(/^\| scheduler-log-groomer \| none/m);
    expect(value).toMatch(/\]\(https:/);
  });

  test('on a value', async () => {
    expect((await hoverOn(mounted, '7200')).range).toEqual(rangeOf(mounted, '7200'));
  });

  test('on the executor', async () => {
    const { value, range } = await hoverOn(mounted, 'KubernetesExecutor');
    expect(range).toEqual(rangeOf(mounted, 'KubernetesExecutor'));
    expect(value).toContain('**executor**');
  });

  test.each(['# 🚀', 'scheduler:'])('not on %s', async (piece) => {
    expect((await hoverOn(mounted, piece)).hover).toBeNull();
  });
});

describe('completion inside scheduler', () => {
  const typed = 'executor: KubernetesExecutor\nscheduler:\n  replicas: 2\n  sat\ntriggerer: {}\n';
  const cursor = positionAt(typed, typed.indexOf('sat') + 3);
  const wanted = `executor: KubernetesExecutor
scheduler:
  replicas: 2
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      enabled: true
triggerer: {}
`;

  async function complete(options?: ClientOptions): Promise<[OpenDocument, CompletionItem]> {
    const document = (await startClient(options)).open(typed);
    const items = await document.completions(cursor);
    const item = items.find(({ label }) => label === 'satv-basic');
    if (!item) throw new Error(`No satv-basic among ${items.map(({ label }) => label).join(', ')}.`);
    return [document, item];
  }

  test('brings snippets at the right indentation', async () => {
    const [document, item] = await complete();
    expect(item.insertTextFormat).toBe(InsertTextFormat.Snippet);
    expect(item.insertTextMode).toBe(1);
    expect((item.textEdit as TextEdit).newText).toContain('${');
    expect((item.textEdit as TextEdit).range.end).toEqual(cursor);
    expect(withoutComments(accepted(item))).not.toBe(wanted);
    expect((await document.completions({ line: 4, character: 0 })).length, 'none at the top level').toBe(0);
  });

  test('brings plain text to a client without tab stops', async () => {
    const [document, item] = await complete({ capabilities: {} });
    expect(item.insertTextFormat).toBe(InsertTextFormat.PlainText);
    const text = accepted(item);
    expect(withoutComments(text)).toBe(wanted);
    document.change({ text });
    expect(await document.diagnostics()).toEqual([]);
  });

  function accepted({ textEdit }: CompletionItem): string {
    return apply(typed, [textEdit as TextEdit]);
  }
});

describe('completion of keys and values', () => {
  const typed = mounted.replace('7200', '<|>');
  const text = typed.replace('<|>', '');

  test('lifetimes', async () => {
    const inBlock = `${mounted.split('    serviceAccountTokenVolume')[0] ?? ''}    serviceAccountTokenVolume:
      expirationSeconds: 1
`;
    const document = (await startClient()).open(inBlock);
    const items = await document.completions(positionAt(inBlock, inBlock.length - 1));
    expect(items.map(({ label }) => label)).toEqual(['1800', '3600', '14400', '86400']);
    expect(apply(inBlock, [items[0]?.textEdit as TextEdit])).toBe(inBlock.replace(': 1\n', ': 1800\n'));
    expect(
      await (await startClient()).open(text).completions(positionAt(typed, typed.indexOf('<|>'))),
    ).toEqual([]);
  });

  test.each([
    [undefined, ['create', 'name', 'annotations']],
    [{ redHatYaml: true }, []],
    [{ redHatYaml: 'yes', commands: 'none' }, ['create', 'name', 'annotations']],
  ])('keys, for a client that says %j', async (initializationOptions, expected) => {
    const account = `${mounted}    \n`;
    const document = (await startClient({ initializationOptions })).open(account);
    const items = await document.completions(positionAt(account, account.length - 1));
    expect(items.map(({ label }) => label)).toEqual(expected);
  });
});

describe('in the text', () => {
  const commands = ['airflowTokenVolume.migrate', 'airflowTokenVolume.showExposure'];

  async function lensesOf(client: Client, { uri }: OpenDocument): Promise<unknown[]> {
    const answer = client.connection.sendRequest(CodeLensRequest.type, { textDocument: { uri } });
    return ((await client.patiently('code lenses', answer)) ?? []).map(({ command }) => command);
  }

  async function hintsOf(client: Client, { uri }: OpenDocument): Promise<unknown[]> {
    const answer = client.connection.sendRequest(InlayHintRequest.type, {
      textDocument: { uri },
      range: everywhere,
    });
    return ((await client.patiently('inlay hints', answer)) ?? []).map(({ label }) => label);
  }

  test('lenses call the commands that the client has told of', async () => {
    const client = await startClient({ initializationOptions: { commands } });
    const document = client.open(transition);
    expect(await lensesOf(client, document)).toEqual([
      {
        title: 'token: automatic, 3 containers',
        command: 'airflowTokenVolume.showExposure',
        arguments: [document.uri],
      },
      { title: 'Migrate…', command: 'airflowTokenVolume.migrate', arguments: [document.uri] },
    ]);
    document.change({ text: transition.replace('Token: true', 'Token: false') });
    expect(await lensesOf(client, document)).toMatchObject([
      { title: 'token: projected, 1 h, scheduler only' },
    ]);
  });

  test('a client that has told of none gets titles', async () => {
    const client = await startClient({ initializationOptions: { commands: 'all of them' } });
    expect(await lensesOf(client, client.open(transition))).toEqual([
      { title: 'token: automatic, 3 containers', command: '' },
    ]);
  });

  test('hints stand behind values, and links on keys', async () => {
    const client = await startClient();
    const document = client.open(mounted);
    const { uri } = document;
    const hints = await client.connection.sendRequest(InlayHintRequest.type, {
      textDocument: { uri },
      range: rangeOf(mounted, 'expirationSeconds: 7200'),
    });
    expect(hints).toMatchObject([{ label: '2 h', position: rangeOf(mounted, '7200').end }]);
    const links = await client.connection.sendRequest(DocumentLinkRequest.type, { textDocument: { uri } });
    expect(links).toMatchObject([{ range: rangeOf(mounted, 'serviceAccountTokenVolume') }]);
  });

  test('settings switch lenses and hints off, and the client is told to ask again', async () => {
    const refreshed: string[] = [];
    let settings = {};
    const client = await startClient({
      configuration: () => settings,
      capabilities: {
        ...fullCapabilities,
        workspace: {
          ...fullCapabilities.workspace,
          codeLens: { refreshSupport: true },
          inlayHint: { refreshSupport: true },
        },
      },
      answers: Object.fromEntries(
        [CodeLensRefreshRequest.method, InlayHintRefreshRequest.method].map((method) => [
          method,
          () => {
            refreshed.push(method);
            return null;
          },
        ]),
      ),
    });
    const document = client.open(mounted);
    expect(await lensesOf(client, document)).toHaveLength(1);
    expect(await hintsOf(client, document)).toEqual(['2 h']);
    settings = { codeLens: false, inlayHints: false };
    client.pushConfiguration(null);
    expect(await lensesOf(client, document)).toEqual([]);
    expect(await hintsOf(client, document)).toEqual([]);
    await expect
      .poll(() => refreshed.toSorted())
      .toEqual(['workspace/codeLens/refresh', 'workspace/inlayHint/refresh']);
  });

  test('nothing is in documents that are not for the chart, nor in closed ones', async () => {
    const client = await startClient();
    const other = client.open('scheduler:\n  image: x\n');
    expect(await lensesOf(client, other)).toEqual([]);
    expect(await hintsOf(client, other)).toEqual([]);
    const closed = client.open(mounted, 'values-b.yaml');
    closed.close();
    expect(await lensesOf(client, closed)).toEqual([]);
    expect(await hintsOf(client, closed)).toEqual([]);
  });
});

describe('code actions', () => {
  test('source.fixAll.airflowTokenVolume applies what is safe and nothing else', async () => {
    const text = `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    serviceAccountTokenVolume:
      enabled: true
      expirationSecond: "1800" # seconds
      volumeName: My_Token
      audience: vault # on purpose
cleanup:
  serviceAccount:
    serviceAccountTokenVolume: {expirationSeconds: 60}
`;
    const document = (await startClient()).open(text);
    for (const only of ['source.fixAll.airflowTokenVolume', 'source.fixAll', 'source']) {
      const actions = await document.codeActions(everywhere, [only]);
      expect(actions, only).toHaveLength(1);
      expect(actions[0]?.kind).toBe('source.fixAll.airflowTokenVolume');
      expect(applied(text, actions[0])).toBe(
        text
          .replace('expirationSecond:', 'expirationSeconds:')
          .replace('My_Token', 'my-token')
          .replace(': 60', ': 600'),
      );
    }
    expect(await document.codeActions(everywhere, ['source.organizeImports'])).toEqual([]);
    expect(await document.codeActions(everywhere, ['refactor'])).toEqual([]);
    const unasked = await document.codeActions(everywhere);
    expect(unasked.length).toBeGreaterThan(0);
    expect(unasked.filter(({ kind }) => kind !== 'quickfix')).toEqual([]);
  });

  test.each([
    ['a migration', transition],
    ['a misspelt switch', 'scheduler:\n  serviceAccount:\n    automountServiceAcountToken: false\n'],
    ['a quoted switch', 'scheduler:\n  serviceAccount:\n    automountServiceAccountToken: "false"\n'],
  ])('%s changes who holds a token, so it is not among them', async (_, text) => {
    const document = (await startClient()).open(text);
    expect((await document.diagnostics()).length).toBeGreaterThan(0);
    expect(await document.codeActions(everywhere, ['source.fixAll'])).toEqual([]);
  });

  test('a migration that an editor applies and undoes', async () => {
    const document = (await startClient()).open(transition);
    const [finding] = await document.diagnostics();
    if (!finding) throw new Error('There is nothing to fix.');
    const [action] = await document.codeActions(finding.range, ['quickfix'], [finding]);
    expect(action).toMatchObject({ title: 'Migrate scheduler to a manual token volume', isPreferred: true });
    const after = transition.replace('Token: true', 'Token: false');
    expect(applied(transition, action)).toBe(after);

    for (const { range, newText } of editsOf(action)) document.change({ range, text: newText });
    expect(await document.diagnostics()).toEqual([]);
    document.change({ range: rangeOf(after, 'false'), text: 'true' });
    expect(await document.diagnostics()).toContainEqual(finding);
  });

  test('a fix beyond its place asks before it is applied', async () => {
    const document = (await startClient()).open(transition);
    const actions = await document.codeActions(everywhere);
    const whole = actions.find(({ title }) => title === 'Migrate the whole file to manual token volumes');
    const annotations = whole?.edit?.changeAnnotations ?? {};
    const asking = Object.values(annotations).filter(({ needsConfirmation }) => needsConfirmation);
    expect(asking.length).toBeGreaterThan(0);
    const [change] = (whole?.edit?.documentChanges ?? []) as TextDocumentEdit[];
    const used = change?.edits.map((edit) => ('annotationId' in edit ? edit.annotationId : undefined));
    expect(new Set(used)).toEqual(new Set(Object.keys(annotations)));
  });

  test('an edit is for the version that was there when it was asked for', async () => {
    const document = (await startClient()).open(transition);
    document.change({
      range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
      text: '# a\n',
    });
    const actions = await document.codeActions({
      start: { line: 6, character: 16 },
      end: { line: 6, character: 16 },
    });
    const changes = actions.flatMap(({ edit }) => (edit?.documentChanges ?? []) as TextDocumentEdit[]);
    expect(changes.length).toBeGreaterThan(0);
    for (const { textDocument } of changes) expect(textDocument).toEqual({ uri: document.uri, version: 2 });
  });
});

describe('a client that can do little', () => {
  const file = 'file:///repo/values.yaml';

  test.each<[string, ClientOptions]>([
    ['nothing', { capabilities: {} }],
    [
      'empty objects',
      { capabilities: { workspace: { workspaceEdit: {} }, textDocument: { completion: {} } } },
    ],
    [
      'annotations, but no versions',
      { capabilities: { workspace: { workspaceEdit: { changeAnnotationSupport: {} } } } },
    ],
  ])('%s: edits are plain', async (_, options) => {
    const document = (await startClient(options)).open(transition);
    expect((await document.diagnostics()).map(({ code }) => code)).toEqual([
      'automounted-token',
      'inert-while-automounted',
    ]);
    const actions = await document.codeActions(everywhere);
    expect(actions.length).toBeGreaterThan(2);
    for (const { edit } of actions) {
      expect(Object.keys(edit ?? {})).toEqual(['changes']);
      expect(Object.keys(edit?.changes ?? {})).toEqual([file]);
      for (const change of edit?.changes?.[file] ?? [])
        expect(Object.keys(change).sort()).toEqual(['newText', 'range']);
    }
    const [migrate] = actions;
    expect(apply(transition, migrate?.edit?.changes?.[file] ?? [])).toBe(
      transition.replace('Token: true', 'Token: false'),
    );
    expect(await document.hover({ line: 0, character: 0 })).not.toBeNull();
  });

  test('versions, but no annotations: nothing refers to an annotation', async () => {
    const document = (
      await startClient({ capabilities: { workspace: { workspaceEdit: { documentChanges: true } } } })
    ).open(transition);
    const actions = await document.codeActions(everywhere);
    expect(actions.length).toBeGreaterThan(2);
    for (const { edit } of actions) expect(Object.keys(edit ?? {})).toEqual(['documentChanges']);
    expect(JSON.stringify(actions)).not.toContain('annotation');
  });
});

function editsOf(action: CodeAction | undefined): TextEdit[] {
  const changes = (action?.edit?.documentChanges ?? []) as TextDocumentEdit[];
  return changes.flatMap(({ edits }) => edits as TextEdit[]);
}

function applied(text: string, action: CodeAction | undefined): string {
  return apply(text, editsOf(action));
}

function apply(text: string, edits: TextEdit[]): string {
  return TextDocument.applyEdits(TextDocument.create('', 'yaml', 0, text), edits);
}

function withoutComments(text: string): string {
  return text.replace(/^ *#.*\n/gm, '');
}
