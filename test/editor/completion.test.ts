import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeEverything, moveAfter, open, until, waitForDiagnostics, writeFile } from './editor';

const account = 'executor: KubernetesExecutor\nscheduler:\n  serviceAccount:\n';
const volume = `${account}    serviceAccountTokenVolume:\n      enabled: true\n`;
const standardPath = '/var/run/secrets/kubernetes.io/serviceaccount';

let files = 0;

/** Opens a text as a values file, with the cursor where `<|>` is. */
async function openAt(marked: string): Promise<vscode.TextEditor> {
  const [before = '', after = ''] = marked.split('<|>');
  const uri = await writeFile(`completion-${++files}/values.yaml`, before + after);
  const editor = await open(uri);
  await waitForDiagnostics(editor.document, (rules) => rules.length > 0);
  const position = editor.document.positionAt(before.length);
  editor.selection = new vscode.Selection(position, position);
  return editor;
}

/** What is offered at the cursor, beside the snippets and the words of the text, in the order in which it is shown. */
async function offered({ document, selection }: vscode.TextEditor): Promise<vscode.CompletionItem[]> {
  const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    document.uri,
    selection.active,
    undefined,
    100,
  );
  const { Snippet, Text } = vscode.CompletionItemKind;
  return items
    .filter(({ kind }) => kind !== Snippet && kind !== Text)
    .toSorted(({ sortText: a = '' }, { sortText: b = '' }) => (a < b ? -1 : 1));
}

/** An item's name, with the few words behind it. */
function inWords({ label }: vscode.CompletionItem): string {
  return typeof label === 'string' ? label : `${label.label} (${label.description ?? ''})`;
}

function documentationOf({ documentation }: vscode.CompletionItem): string {
  return documentation instanceof vscode.MarkdownString ? documentation.value : (documentation ?? '');
}

/** Opens the list at the cursor and takes its first entry, as Ctrl+Space and Enter do. */
async function takeFirst(editor: vscode.TextEditor): Promise<string> {
  const before = editor.document.getText();
  await until(
    async () => {
      await vscode.commands.executeCommand('editor.action.triggerSuggest');
      // Nothing tells when the list is there; keys that come too early go nowhere.
      await new Promise((resolve) => setTimeout(resolve, 500));
      await vscode.commands.executeCommand('acceptSelectedSuggestion');
      return editor.document.getText() !== before;
    },
    () => 'something is inserted',
  );
  return editor.document.getText();
}

describe('completion', () => {
  afterEach(closeEverything);

  it('offers the keys that are missing in an account, with what they are', async () => {
    const items = await offered(await openAt(`${account}    create: true\n    <|>\n`));
    assert.deepEqual(items.map(inWords), [
      'automountServiceAccountToken',
      'serviceAccountTokenVolume',
      'name',
      'annotations',
    ]);
    const [automount] = items;
    assert.ok(automount);
    assert.match(documentationOf(automount), /into every container of the pod[^]*By default `true`/);
  });

  it('offers the keys that are missing in a token volume', async () => {
    const items = await offered(await openAt(`${volume}      <|>\n`));
    assert.deepEqual(items.map(inWords), ['mountPath', 'volumeName', 'expirationSeconds', 'audience']);
    assert.ok(items.every((item) => documentationOf(item) !== ''));
  });

  for (const [key, expected] of [
    [
      'expirationSeconds',
      [
        '1800 (30 minutes, for production)',
        '3600 (1 hour, the default)',
        '14400 (4 hours, for development)',
        '86400 (1 day, for debugging)',
      ],
    ],
    ['mountPath', [`${standardPath} (where Airflow's client looks)`]],
    [
      'audience',
      [
        'https://kubernetes.default.svc.cluster.local (accepted by the API server)',
        'https://kubernetes.default.svc (accepted by the API server)',
      ],
    ],
    ['volumeName', ["kube-api-access (the chart's default)"]],
  ] as const) {
    it(`offers values for ${key}, with what they mean`, async () => {
      const items = await offered(await openAt(`${volume}      ${key}: <|>\n`));
      assert.deepEqual(items.map(inWords), expected);
      assert.ok(items.every((item) => documentationOf(item) !== ''));
    });
  }

  it('offers executors, with who needs a token then', async () => {
    const items = await offered(await openAt('executor: <|>\nscheduler: {}\ntriggerer: {}\n'));
    const names = items.map(inWords);
    assert.ok(names.includes('KubernetesExecutor (needs a token)'), names.join('\n'));
    assert.ok(
      names.some((name) => /^CeleryExecutor \(needs no token\)$/.test(name)),
      names.join('\n'),
    );
  });

  it('writes the key that is taken, with its usual value', async () => {
    const editor = await openAt(`${volume}      mou<|>\n`);
    assert.equal(await takeFirst(editor), `${volume}      mountPath: ${standardPath}\n`);
  });

  it("writes the migration's next step as a whole, and changes the value that is in the way", async () => {
    const editor = await openAt(`${account}    automountServiceAccountToken: true # for now\n    serv<|>\n`);
    assert.equal(
      await takeFirst(editor),
      `${account}    automountServiceAccountToken: false # for now\n    serviceAccountTokenVolume:\n      enabled: true\n`,
    );
  });

  it('writes the value that is taken, in place of what was typed', async () => {
    const editor = await openAt(`${volume}      expirationSeconds: 18<|>\n`);
    assert.equal(await takeFirst(editor), `${volume}      expirationSeconds: 1800\n`);
  });

  it('offers nothing in a YAML file without values for the chart', async () => {
    const text = 'replicaCount: 2\nserver:\n  serviceAccount:\n    automountServiceAccountToken: \n    \n';
    const other = await open(await writeFile('completion-other/values.yaml', text));
    await openAt(`${account}    <|>create: true\n`);
    for (const place of ['Token: ', 'Token: \n    ']) {
      moveAfter(other, place);
      const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        other.document.uri,
        other.selection.active,
        undefined,
        100,
      );
      assert.deepEqual((await offered(other)).map(inWords), [], place);
      assert.ok(!items.map(inWords).some((name) => /^Migrate|^Mount no token/.test(name)), place);
    }
  });
});
