import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import * as vscode from 'vscode';
import type { Observable } from '../../client/src/extension';
import type { ContainerView, ExposureView } from '../../client/src/exposureView';
import {
  closeEverything,
  findExtension,
  moveAfter,
  open,
  positionOf,
  read,
  type,
  until,
  workspaceFile,
} from './editor';

/** A copy of the repository with two environments. */
function layers(name: string): vscode.Uri {
  const folder = workspaceFile(`written/${name}`);
  cpSync(workspaceFile('repositories/layers').fsPath, folder.fsPath, { recursive: true });
  return vscode.Uri.joinPath(folder, 'values.yaml');
}

function exposure(): Observable['exposure'] {
  return (findExtension().exports as Observable).exposure;
}

/** Waits until the page was sent something, and shows it. */
async function waitFor(expected: (view: ExposureView) => boolean): Promise<ExposureView> {
  const { posted, shown } = exposure();
  let view: ExposureView | undefined;
  await until(
    () => {
      view = posted();
      return view !== undefined && expected(view) && shown() !== undefined;
    },
    () => `the view shows what is expected, but ${JSON.stringify(view)}, as ${String(shown())}`,
  );
  assert.ok(view);
  return view;
}

function containerOf(view: ExposureView, workload: string, container: string): ContainerView | undefined {
  return view.workloads
    .find(({ name }) => name === workload)
    ?.containers.find(({ name }) => name === container);
}

const show = (): Thenable<unknown> => vscode.commands.executeCommand('airflowTokenVolume.showExposure');

describe('the view "Token Exposure"', () => {
  afterEach(closeEverything);

  it('shows who holds a token in the stack of the active editor, and follows what is typed', async () => {
    const editor = await open(layers('exposure-typed'));
    await show();
    const before = await waitFor(
      (view) => containerOf(view, 'Scheduler', 'scheduler')?.now.state === 'projected',
    );
    assert.match(exposure().shown() ?? '', /Token Exposure[^]*\d+ of \d+ containers[^]*scheduler/);
    assert.equal(before.file, 'written/exposure-typed/values.yaml');

    await vscode.window.showTextDocument(editor.document, editor.viewColumn);
    moveAfter(editor, 'automountServiceAccountToken: ');
    await vscode.commands.executeCommand('deleteAllRight');
    await type('true');
    const later = await waitFor(
      (view) => containerOf(view, 'Scheduler', 'scheduler')?.now.state === 'automatic',
    );
    assert.ok((later.now?.holding ?? 0) > (before.now?.holding ?? 0));
  });

  it('goes to the line that decides what a container holds', async () => {
    const values = layers('exposure-opened');
    await open(values);
    await show();
    const view = await waitFor(
      (shown) => containerOf(shown, 'Scheduler', 'scheduler')?.now.state === 'projected',
    );
    const workload = view.workloads.findIndex(({ name }) => name === 'Scheduler');
    const container = view.workloads[workload]?.containers.findIndex(({ name }) => name === 'scheduler');
    await open(workspaceFile('notes.txt'));
    const { receive, posted } = exposure();
    assert.equal(posted(), view, 'it keeps the last file with values');

    await receive({ type: 'open', revision: -1, workload, container });
    await receive({ type: 'open', revision: 1_000_000, workload, container });
    await receive({ type: 'open', uri: 'file:///etc/passwd' });
    assert.equal(vscode.window.activeTextEditor?.document.fileName, workspaceFile('notes.txt').fsPath);

    await receive({ type: 'open', revision: exposure().revision(), workload, container });
    const active = vscode.window.activeTextEditor;
    // Another layer than the one that the view is about.
    const production = vscode.Uri.joinPath(values, '..', 'values-production.yaml');
    assert.equal(active.document.uri.toString(), production.toString());
    assert.equal(active.document.getText(active.selection), 'enabled');
    assert.ok(active.selection.start.isAfter(positionOf(active.document, 'serviceAccountTokenVolume')));
  });

  it('follows the active editor and the stack that is chosen', async () => {
    await open(layers('exposure-chosen'));
    await show();
    const first = await waitFor(({ stacks }) => stacks.length === 2);
    const [production, staging] = first.stacks;
    assert.ok(production?.isChosen === true && staging);
    await exposure().receive({ type: 'choose', stack: staging.name });
    const second = await waitFor(({ stacks }) => stacks[1]?.isChosen === true);
    assert.equal(containerOf(first, 'Scheduler', 'scheduler')?.now.state, 'projected');
    assert.equal(containerOf(second, 'Scheduler', 'scheduler')?.now.state, 'none');
    await exposure().receive({ type: 'choose', stack: production.name });
    await waitFor(({ stacks }) => stacks[0]?.isChosen === true);

    await open(workspaceFile('nginx/values.yaml'));
    await open(workspaceFile('values.yaml'));
    const other = await waitFor(({ file }) => file === 'values.yaml');
    assert.deepEqual(other.stacks, []);
    assert.match(other.about, /^Deployed by itself/);

    // As a code lens names the file that it stands in.
    const address = workspaceFile('written/exposure-chosen/values.yaml').toString();
    await vscode.commands.executeCommand('airflowTokenVolume.showExposure', address);
    await waitFor(({ file }) => file === 'written/exposure-chosen/values.yaml');
  });

  it('is copied as Markdown and exported as SVG', async () => {
    const values = layers('exposure-exported');
    await open(values);
    await show();
    await waitFor((view) => containerOf(view, 'Scheduler', 'scheduler')?.now.state === 'projected');
    await exposure().receive({ type: 'copy' });
    assert.match(await vscode.env.clipboard.readText(), /^### Token exposure of `production/);

    const exported = exposure().receive({ type: 'export' });
    let isDone = false;
    void exported.then(() => (isDone = true));
    await until(
      async () => {
        // Nothing tells when the dialog is there; keys that come too early go nowhere.
        await new Promise((resolve) => setTimeout(resolve, 1000));
        await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
        return isDone;
      },
      () => 'the picture is saved',
    );
    const folder = vscode.Uri.joinPath(values, '..');
    const entries = await vscode.workspace.fs.readDirectory(folder);
    const [name] = entries.flatMap(([entry]) => (entry.startsWith('token-exposure') ? entry : []));
    assert.ok(name);
    assert.match(await read(vscode.Uri.joinPath(folder, name)), /^(<\?xml[^>]*>\s*)?<svg [^]*scheduler/);
  });

  it('says so when there are no values', async () => {
    await open(workspaceFile('nginx/values.yaml'));
    await show();
    const view = await waitFor(({ message }) => message !== null);
    assert.equal(view.message, 'No values for the Airflow chart in the active editor.');
    assert.match(exposure().shown() ?? '', /No values for the Airflow chart/);
  });
});
