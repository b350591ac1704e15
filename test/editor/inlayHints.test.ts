import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  closeEverything,
  configure,
  moveAfter,
  open,
  type,
  until,
  waitForDiagnostics,
  workspaceFile,
  writeFile,
} from './editor';

const text = `x-off: &off false
x-account: &account
  automountServiceAccountToken: false
executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: *off
    serviceAccountTokenVolume:
      enabled: true
      expirationSeconds: 1800 # short
triggerer:
  serviceAccount:
    <<: *account
cleanup:
  enabled: true
  serviceAccount:
    serviceAccountTokenVolume:
      expirationSeconds: 86400
`;

/** The lines with hints, each hint in brackets where it is shown. */
async function hintsOf(document: vscode.TextDocument): Promise<string[]> {
  const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
    'vscode.executeInlayHintProvider',
    document.uri,
    new vscode.Range(0, 0, document.lineCount, 0),
  );
  return hints.map(({ position, label }) => {
    const line = document.lineAt(position).text;
    const shown = typeof label === 'string' ? label : label.map(({ value }) => value).join('');
    return `${line.slice(0, position.character)}[${shown}]${line.slice(position.character)}`.trim();
  });
}

async function expectHints(document: vscode.TextDocument, expected: readonly string[]): Promise<void> {
  let shown: readonly string[] = [];
  await until(
    async () => {
      shown = await hintsOf(document);
      return JSON.stringify(shown) === JSON.stringify(expected);
    },
    () => `the hints are\n${expected.join('\n')}\nbut\n${shown.join('\n')}`,
  );
}

describe('inlay hints', () => {
  afterEach(closeEverything);

  it('say what lifetimes, aliases and merge keys mean, and follow what is typed', async () => {
    const editor = await open(await writeFile('hints/values.yaml', text));
    const others = ['automountServiceAccountToken: *off[false]'];
    const later = ['<<: *account[automountServiceAccountToken: false]', 'expirationSeconds: 86400[1 d]'];
    await expectHints(editor.document, [...others, 'expirationSeconds: 1800[30 min] # short', ...later]);
    moveAfter(editor, 'expirationSeconds: 1800');
    await type('0');
    await expectHints(editor.document, [...others, 'expirationSeconds: 18000[5 h] # short', ...later]);
  });

  it('say what a higher layer has in force', async () => {
    const lifetime = (seconds: number): string =>
      `scheduler:\n  serviceAccount:\n    serviceAccountTokenVolume:\n      expirationSeconds: ${seconds}\n`;
    await writeFile('hints-layers/values-production.yaml', lifetime(1800));
    const uri = await writeFile(
      'hints-layers/values.yaml',
      `executor: KubernetesExecutor\n${lifetime(7200)}`,
    );
    const { document } = await open(uri);
    await expectHints(document, ['expirationSeconds: 7200[2 h; 1800 (30 min) in values-production.yaml]']);
  });

  it('go with their setting, and come back with it', async () => {
    const { document } = await open(await writeFile('hints-setting/values.yaml', text));
    const all = (): Promise<void> =>
      until(
        async () => (await hintsOf(document)).length === 4,
        () => 'there are hints',
      );
    await all();
    await configure('inlayHints', false);
    try {
      await expectHints(document, []);
    } finally {
      await configure('inlayHints', undefined);
    }
    await all();
  });

  it('are in no YAML file without values for the chart', async () => {
    const other = await writeFile(
      'hints-other/values.yaml',
      'replicaCount: 2\nimage: nginx\nscheduler:\n  serviceAccount:\n    serviceAccountTokenVolume:\n      expirationSeconds: 1800\n'.replace(
        'scheduler',
        'server',
      ),
    );
    const { document } = await open(other);
    const { document: airflow } = await open(workspaceFile('values.yaml'));
    await waitForDiagnostics(airflow, (rules) => rules.length > 0);
    assert.deepEqual(await hintsOf(document), []);
  });
});
