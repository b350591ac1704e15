import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import {
  closeEverything,
  confirmEdit,
  diagnosticsOf,
  hoverText,
  open,
  positionOf,
  read,
  ruleOf,
  save,
  until,
  waitForDiagnostics,
  waitForStatus,
  workspaceFile,
  writeFile,
} from './editor';

const lost = 'api-access-lost';
const isLost = (rules: readonly string[]): boolean => rules.includes(lost);
const isMended = (rules: readonly string[]): boolean => !isLost(rules);

/** What `values-staging.yaml` says about the scheduler, without and with the token that it needs. */
const without = 'scheduler:\n  resources:';
const withVolume = `scheduler:
  serviceAccount:
    serviceAccountTokenVolume:
      enabled: true
  resources:`;

/** A copy of the repository with two environments, of which staging leaves the scheduler without a token. */
function layers(name: string): { values: vscode.Uri; staging: vscode.Uri } {
  const folder = workspaceFile(`written/${name}`);
  cpSync(workspaceFile('repositories/layers').fsPath, folder.fsPath, { recursive: true });
  return {
    values: vscode.Uri.joinPath(folder, 'values.yaml'),
    staging: vscode.Uri.joinPath(folder, 'values-staging.yaml'),
  };
}

/** The finding about lost access, once its message begins like this: files are found one after the other. */
async function waitForLost(document: vscode.TextDocument, beginning: string): Promise<vscode.Diagnostic> {
  const find = (): vscode.Diagnostic | undefined =>
    diagnosticsOf(document).find((found) => ruleOf(found) === lost && found.message.startsWith(beginning));
  await until(
    () => find() !== undefined,
    () =>
      `"${beginning}" is found, but ${diagnosticsOf(document)
        .map(({ message }) => message)
        .join('\n')}`,
  );
  const found = find();
  assert.ok(found);
  return found;
}

/** Opens a file as a user does: a document that an extension opens stays open for minutes after its tab. */
async function show(uri: vscode.Uri): Promise<vscode.TextEditor> {
  await vscode.commands.executeCommand('vscode.open', uri, { preview: false });
  const editor = vscode.window.activeTextEditor;
  assert.equal(editor?.document.uri.toString(), uri.toString());
  return editor;
}

/** Changes a file on disk as another program does. */
function changeOnDisk({ fsPath }: vscode.Uri, from: string, to: string): void {
  const text = readFileSync(fsPath, 'utf8');
  assert.ok(text.includes(from), `"${from}" is not in ${fsPath}`);
  writeFileSync(fsPath, text.replace(from, to));
}

describe('the findings in a layer', () => {
  afterEach(closeEverything);

  it('name the stack, go while another layer is changed and not saved, and stay away once it is', async () => {
    const { values, staging } = layers('unsaved');
    const { document } = await open(values);
    const finding = await waitForLost(
      document,
      'In staging (unsaved): The scheduler will have no Kubernetes API',
    );
    assert.equal(document.getText(finding.range), 'false');

    const editor = await show(staging);
    const start = positionOf(editor.document, without);
    const range = new vscode.Range(start, start.translate(1, '  resources:'.length - start.character));
    assert.ok(
      await editor.edit((builder) => {
        builder.replace(range, withVolume);
      }),
    );
    await waitForDiagnostics(document, isMended);
    await vscode.commands.executeCommand('undo');
    await waitForDiagnostics(document, isLost);
    await vscode.commands.executeCommand('redo');
    await waitForDiagnostics(document, isMended);
    assert.ok((await save(editor.document)).includes(withVolume));
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await open(values);
    await waitForDiagnostics(document, isMended);
  });

  it('follow a layer that is changed on disk', async () => {
    const { values, staging } = layers('on-disk');
    const { document } = await open(values);
    await waitForDiagnostics(document, isLost);
    changeOnDisk(staging, without, withVolume);
    await waitForDiagnostics(document, isMended);
    changeOnDisk(staging, withVolume, without);
    await waitForDiagnostics(document, isLost);
  });

  it('are shown while no file is open, and go when they are mended', async () => {
    const { values, staging } = layers('never-opened');
    await waitForDiagnostics({ uri: values }, isLost);
    assert.ok(vscode.workspace.textDocuments.every(({ uri }) => uri.toString() !== values.toString()));
    changeOnDisk(staging, without, withVolume);
    await waitForDiagnostics({ uri: values }, isMended);
  });

  it('are still shown when the file was opened and closed', async () => {
    const { values } = layers('opened');
    await waitForDiagnostics({ uri: values }, isLost);
    await show(values);
    await waitForDiagnostics({ uri: values }, isLost);
    const closed = new Promise<void>((resolve) => {
      const subscription = vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.toString() !== values.toString()) return;
        subscription.dispose();
        resolve();
      });
    });
    await closeEverything();
    await closed;
    // The client library asks for the last time, and for the whole workspace every two seconds.
    await new Promise((resolve) => setTimeout(resolve, 2500));
    await waitForDiagnostics({ uri: values }, isLost);
  });

  it('are mended in another layer, once that is confirmed', async () => {
    const folder = 'confirmed';
    const qa = await writeFile(
      `${folder}/values-qa.yaml`,
      'scheduler:\n  serviceAccount:\n    serviceAccountTokenVolume:\n      enabled: false # for now\n',
    );
    await writeFile(`${folder}/values-production.yaml`, 'scheduler:\n  replicas: 2\n');
    const values = await writeFile(
      `${folder}/values.yaml`,
      `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      enabled: true
`,
    );
    const { document } = await open(values);
    const finding = await waitForLost(document, 'In qa: ');
    assert.deepEqual(
      finding.relatedInformation?.map(({ location }) => location.uri.toString()),
      [qa.toString()],
    );
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      finding.range,
      undefined,
      100,
    );
    const action = actions.find(({ title }) => title === 'Enable the token volume of the scheduler');
    assert.ok(action?.edit);
    assert.deepEqual(
      action.edit.entries().map(([uri]) => uri.toString()),
      [qa.toString()],
    );
    const applied = vscode.workspace.applyEdit(action.edit, { isRefactoring: true });
    await confirmEdit(applied);
    assert.ok(await applied);
    const changed = await vscode.workspace.openTextDocument(qa);
    assert.match(changed.getText(), /^ {6}enabled: true # for now$/m);
    await waitForDiagnostics(document, isMended);
    assert.equal((await read(values)).includes('enabled: true'), true);
  });

  it('stand where they belong in the text inside an Argo CD Application', async () => {
    const { document } = await open(workspaceFile('repositories/argocd/apps/airflow-production.yaml'));
    const rule = 'long-lived-token';
    const diagnostics = await waitForDiagnostics(document, (rules) => rules.includes(rule));
    const [finding] = diagnostics.filter((found) => ruleOf(found) === rule);
    assert.ok(finding);
    assert.equal(document.getText(finding.range), '86400');
    assert.equal(document.lineAt(finding.range.start).text.trim(), 'expirationSeconds: 86400');
    assert.equal(diagnosticsOf(document).length >= 1, true);
  });
});

// There are copies of the repository, so that the names of its stacks say in which folder they are.
describe('the stacks of a file', () => {
  afterEach(closeEverything);

  it('are named by the hover', async () => {
    const { document } = await open(workspaceFile('repositories/layers/values.yaml'));
    await waitForDiagnostics(document, isLost);
    const text = await hoverText(document, positionOf(document, 'automountServiceAccountToken'));
    assert.match(text, /\*\*In production .*\*\*[^]*\*\*In staging .*\*\*/);
  });

  it('are in the status of the active editor, and there is none where there are no values', async () => {
    await open(workspaceFile('repositories/layers/values-staging.yaml'));
    await waitForStatus(
      /^staging \(layers\) · chart \d+\.\d+\.\d+ – newest known\n\d+ of \d+ containers hold a token – KubernetesExecutor$/,
    );
    await open(workspaceFile('nginx/values.yaml'));
    await waitForStatus(undefined);
    await open(workspaceFile('repositories/argocd/apps/airflow-archive.yaml'));
    await waitForStatus(/^airflow-archive · chart 1\.20\.0 – from airflow-archive\.yaml\n/);
    await open(workspaceFile('values.yaml'));
    await waitForStatus(/^No stack · chart /);
  });

  it('can be chosen among, for this server and the next ones', async () => {
    const { document } = await open(workspaceFile('repositories/layers/values.yaml'));
    const stagingFirst = /\*\*In staging .*\*\*[^]*\*\*In production .*\*\*/;
    const hover = (): Promise<string> =>
      hoverText(document, positionOf(document, 'automountServiceAccountToken'));
    const choose = async (move: string): Promise<void> => {
      const chosen = vscode.commands.executeCommand('airflowTokenVolume.chooseStack');
      // Nothing tells when the picker is there; keys that come too early go nowhere.
      let isDone = false;
      void Promise.resolve(chosen).then(() => (isDone = true));
      await new Promise((resolve) => setTimeout(resolve, 1000));
      await vscode.commands.executeCommand(move);
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      await until(
        () => isDone,
        () => 'the choice is made',
      );
    };
    await waitForStatus(/^production \(layers\) \(and 1 more\) · /);
    await choose('workbench.action.quickOpenSelectNext');
    await waitForStatus(/^staging \(layers\) \(and 1 more\) · /);
    assert.match(await hover(), stagingFirst);

    await vscode.commands.executeCommand('airflowTokenVolume.restartServer');
    await until(
      async () => stagingFirst.test(await hover()),
      () => 'the choice is known again',
    );
    await waitForStatus(/^staging \(layers\) \(and 1 more\) · /);
    // The other one is the second again.
    await choose('workbench.action.quickOpenSelectNext');
    await waitForStatus(/^production \(layers\) \(and 1 more\) · /);
  });
});
