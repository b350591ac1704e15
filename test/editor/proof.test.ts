import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeEverything, findExtension, open, openUntitled, until, writeFile } from './editor';

const text = `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      enabled: true
`;

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const seconds = Math.floor(Date.now() / 1000);
const token = [
  encode({ alg: 'RS256' }),
  encode({
    sub: 'system:serviceaccount:airflow:airflow-scheduler',
    aud: ['https://kubernetes.default.svc'],
    iat: seconds - 60,
    exp: seconds + 3540,
  }),
  'c2lnbmF0dXJl',
].join('.');

/** Nothing tells when a picker is there; keys that come too early go nowhere. */
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1500));
const press = (command: string): Thenable<unknown> =>
  vscode.commands.executeCommand(`workbench.action.${command}`);

/** Gives the command, accepts all questions, and takes the place that many below the first one. */
async function check(below: number): Promise<void> {
  const ended = vscode.commands.executeCommand('airflowTokenVolume.checkCluster');
  await pause();
  await press('acceptSelectedQuickOpenItem');
  await pause();
  for (let step = 0; step < below; step++) await press('quickOpenSelectNext');
  await press('acceptSelectedQuickOpenItem');
  if (below > 0) {
    await ended;
    return;
  }
  await pause();
  await press('acceptSelectedQuickOpenItem');
  await ended;
}

function tabNames(): string[] {
  return vscode.window.tabGroups.all.flatMap((group) => group.tabs).map(({ label }) => label);
}

describe('the command "Check on the Cluster"', () => {
  const settings = (): vscode.WorkspaceConfiguration =>
    vscode.workspace.getConfiguration('airflowTokenVolume.cluster');

  before(() => settings().update('release', 'flows'));
  after(() => settings().update('release', undefined));
  afterEach(closeEverything);

  it('opens the commands as a file, for the release in the settings', async () => {
    await open(await writeFile('proof-file/values.yaml', text));
    await check(2);
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.isUntitled, true);
    assert.match(
      document.getText(),
      /: release flows, namespace airflow \(assumed\), the current context\.\n/,
    );
    assert.match(document.getText(), /\n# scheduler-log-groomer: it fails, .*\nkubectl exec /);
    assert.match(document.getText(), /--as=system:serviceaccount:airflow:flows-airflow-scheduler\n/);
  });

  it('copies them to the clipboard', async () => {
    await vscode.env.clipboard.writeText('');
    await open(await writeFile('proof-clipboard/values.yaml', text));
    await check(1);
    const copied = await vscode.env.clipboard.readText();
    assert.match(copied, /^# Checks of .*\n[^]*\nkubectl get pods /);
  });

  it('opens a new terminal for one of them', async () => {
    const known = new Set(vscode.window.terminals);
    await open(await writeFile('proof-terminal/values.yaml', text));
    await check(0);
    const created = vscode.window.terminals.filter((terminal) => !known.has(terminal));
    assert.deepEqual(
      created.map(({ name }) => name),
      ['Check on the Cluster'],
    );
    created[0]?.dispose();
  });
});

describe('the command "Inspect Token"', () => {
  afterEach(closeEverything);

  it('shows the selected token in a page of its own, and nothing else', async () => {
    const editor = await openUntitled(`# Bearer ${token}\n`);
    editor.selection = new vscode.Selection(0, 2, 0, editor.document.lineAt(0).text.length);
    assert.ok(findExtension().isActive);
    await vscode.commands.executeCommand('airflowTokenVolume.inspectToken');
    await until(
      () => tabNames().includes('Token'),
      () => 'the page is there',
    );
    const others = vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme !== 'untitled');
    assert.ok(others.every((document) => !document.getText().includes(token)));
  });

  it('asks for a token where none is selected, and shows nothing when that is given up', async () => {
    const editor = await openUntitled('executor: CeleryExecutor\n');
    editor.selection = new vscode.Selection(0, 0, 0, 8);
    const ended = vscode.commands.executeCommand('airflowTokenVolume.inspectToken');
    await pause();
    await press('closeQuickOpen');
    await ended;
    assert.ok(!tabNames().includes('Token'));
  });
});
