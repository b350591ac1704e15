import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  applyCodeAction,
  closeEverything,
  moveAfter,
  open,
  ruleOf,
  save,
  type,
  waitForDiagnostics,
  writeFile,
} from './editor';

const automatic = `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: true # keep me
    serviceAccountTokenVolume:
      enabled: true
`;

const manual = `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false # keep me
    serviceAccountTokenVolume:
      enabled: true
`;

describe('the quick fix "Migrate scheduler to a manual token volume"', () => {
  afterEach(closeEverything);

  for (const [lineEnding, name] of [
    ['\n', 'LF'],
    ['\r\n', 'CRLF'],
  ] as const) {
    it(`changes one word and is undone in one step, with ${name} line endings`, async () => {
      const before = automatic.replaceAll('\n', lineEnding);
      const { document } = await open(await writeFile(`${name}/values.yaml`, before));
      const isInert = (rules: readonly string[]): boolean => rules.includes('inert-while-automounted');
      const diagnostics = await waitForDiagnostics(document, isInert);
      const marked = diagnostics.find((diagnostic) => ruleOf(diagnostic) === 'inert-while-automounted');
      assert.ok(marked);

      await applyCodeAction(document, marked.range, 'Migrate scheduler to a manual token volume');
      assert.equal(await save(document), manual.replaceAll('\n', lineEnding));
      await waitForDiagnostics(document, (rules) => !isInert(rules));

      await vscode.commands.executeCommand('undo');
      assert.equal(await save(document), before);
      await waitForDiagnostics(document, isInert);
    });
  }
});

describe('the quick fix "Ignore inert-while-automounted here"', () => {
  afterEach(closeEverything);

  it('writes a comment that silences the finding, and that is reported once the finding is mended', async () => {
    const editor = await open(await writeFile('ignored/values.yaml', automatic));
    const { document } = editor;
    const isInert = (rules: readonly string[]): boolean => rules.includes('inert-while-automounted');
    const diagnostics = await waitForDiagnostics(document, isInert);
    const marked = diagnostics.find((diagnostic) => ruleOf(diagnostic) === 'inert-while-automounted');
    assert.ok(marked);

    await applyCodeAction(document, marked.range, 'Ignore inert-while-automounted here');
    const comment = '# airflow-token-volume: ignore inert-while-automounted';
    assert.equal(await save(document), automatic.replace('enabled: true', `enabled: true ${comment}`));
    await waitForDiagnostics(document, (rules) => rules.length > 0 && !isInert(rules));

    moveAfter(editor, 'automountServiceAccountToken: ');
    await vscode.commands.executeCommand('deleteWordRight');
    await type('false');
    await waitForDiagnostics(document, (rules) => rules.includes('unused-ignore'));
  });
});

describe('the setting that fixes all on save', () => {
  const configure = (value: unknown): Thenable<void> =>
    vscode.workspace
      .getConfiguration('editor')
      .update('codeActionsOnSave', value, vscode.ConfigurationTarget.Workspace);

  before(() => configure({ 'source.fixAll': 'explicit' }));
  afterEach(closeEverything);
  after(() => configure(undefined));

  it('applies safe fixes and leaves migrations to the user', async () => {
    const short = automatic.replace('enabled: true', 'enabled: true\n      expirationSeconds: 6 # soon');
    const editor = await open(await writeFile('on-save/values.yaml', short));
    await waitForDiagnostics(editor.document, (rules) => rules.includes('expiration-out-of-range'));
    moveAfter(editor, 'expirationSeconds: 6');
    await type('0');
    assert.equal(
      await save(editor.document),
      short.replace('expirationSeconds: 6 # soon', 'expirationSeconds: 600 # soon'),
    );
  });
});
