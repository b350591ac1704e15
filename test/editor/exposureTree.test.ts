import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ExposureNode } from '../../client/src/exposureTreeItems';
import type { Observable } from '../../client/src/extension';
import {
  closeEverything,
  findExtension,
  moveAfter,
  open,
  positionOf,
  type,
  until,
  untilEnded,
  workspaceFile,
  writeFile,
} from './editor';

const text = `executor: KubernetesExecutor

scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      enabled: true
`;

/** In a virtual workspace there is nothing to pretend. */
const isVirtual = (): boolean => vscode.workspace.workspaceFolders?.[0]?.uri.scheme !== 'file';

async function pretendVirtual(scheme: string): Promise<void> {
  if (!isVirtual()) await vscode.commands.executeCommand('setContext', 'virtualWorkspace', scheme);
}

function tree(): Observable['exposureTree'] {
  return (findExtension().exports as Observable).exposureTree;
}

async function children(node?: ExposureNode): Promise<ExposureNode[]> {
  return (await tree().provider.getChildren(node)) ?? [];
}

/** The item of a node, as VS Code gets it. */
async function itemOf(node: ExposureNode): Promise<vscode.TreeItem> {
  return tree().provider.getTreeItem(node);
}

/** Every row from the top: workloads, each followed by its containers. */
async function rows(): Promise<ExposureNode[]> {
  const workloads = await children();
  return (
    await Promise.all(workloads.map(async (workload) => [workload, ...(await children(workload))]))
  ).flat();
}

/**
 * Opens the view as a user does, once it is there, and waits for the scheduler's container.
 * @param about What stands beside the view's name.
 * @param description What stands beside the container.
 */
async function waitForScheduler(about: string, description: RegExp): Promise<ExposureNode> {
  let found: ExposureNode | undefined;
  await until(
    async () => {
      if (!tree().view.visible)
        await vscode.commands
          .executeCommand('airflowTokenVolume.exposureTree.focus')
          .then(undefined, () => undefined);
      found = (await rows()).find(({ id }) => id === 'scheduler/scheduler');
      return tree().view.description === about && description.test(found?.description ?? '');
    },
    () => `${about} is ${String(description)}, but ${JSON.stringify([tree().view.description, found])}`,
  );
  assert.ok(found);
  return found;
}

describe('the view "Token Exposure" as a tree', () => {
  before(async () => {
    await findExtension().activate();
    await pretendVirtual('memfs');
  });
  after(() => pretendVirtual(''));
  afterEach(closeEverything);

  it('shows who holds a token in the active editor, and follows what is typed', async () => {
    const editor = await open(await writeFile('tree-typed/values.yaml', text));
    const before = await waitForScheduler('written/tree-typed/values.yaml', /^projected, 1 hour/);
    const { view } = tree();
    assert.match(
      view.message ?? '',
      /^\d+ of \d+ containers hold a token; 1 needs one\. After the migration: /,
    );
    const item = await itemOf(before);
    assert.ok(item.tooltip instanceof vscode.MarkdownString);
    assert.match(item.tooltip.value, /token volume is enabled/);
    assert.match(item.accessibilityInformation?.label ?? '', /^scheduler\. needs a token\. Now: projected/);

    await vscode.window.showTextDocument(editor.document, editor.viewColumn);
    moveAfter(editor, 'automountServiceAccountToken: ');
    await vscode.commands.executeCommand('deleteAllRight');
    await type('true');
    const later = await waitForScheduler(
      'written/tree-typed/values.yaml',
      /^automatic; after the migration projected$/,
    );
    assert.equal(later.id, before.id);
    assert.notDeepEqual((await itemOf(later)).iconPath, item.iconPath);
  });

  it('goes with the keyboard to the line that decides what a container holds', async () => {
    const values = await writeFile('tree-opened/values.yaml', text);
    await open(values);
    await waitForScheduler('written/tree-opened/values.yaml', /^projected/);
    await open(workspaceFile('notes.txt'));

    const active = (): vscode.TextEditor | undefined => vscode.window.activeTextEditor;
    await until(
      async () => {
        // Nothing tells when the rows are there.
        await new Promise((resolve) => setTimeout(resolve, 300));
        await vscode.commands.executeCommand('airflowTokenVolume.exposureTree.focus');
        const before = (await rows()).findIndex(({ id }) => id === 'scheduler/scheduler');
        for (const command of [
          'list.focusFirst',
          ...Array<string>(before).fill('list.focusDown'),
          'list.select',
        ])
          await vscode.commands.executeCommand(command);
        return active()?.selection.isEmpty === false;
      },
      () =>
        `the line is shown, but ${tree()
          .view.selection.map(({ id }) => id)
          .join()} is selected`,
    );
    assert.equal(active()?.document.uri.toString(), values.toString());
    assert.equal(active()?.document.getText(active()?.selection), 'enabled');
  });

  it('goes nowhere but where a container leads', async () => {
    await open(await writeFile('tree-nowhere/values.yaml', text));
    await waitForScheduler('written/tree-nowhere/values.yaml', /^projected/);
    await open(workspaceFile('notes.txt'));
    for (const id of ['scheduler', 'scheduler/gone', workspaceFile('values.yaml').toString(), undefined])
      await vscode.commands.executeCommand('airflowTokenVolume.openExposureLine', id);
    assert.equal(vscode.window.activeTextEditor?.document.uri.path, workspaceFile('notes.txt').path);
  });

  it('is about the stack of the active editor, another layer of which may decide', async () => {
    const folder = workspaceFile('written/tree-stacks');
    await vscode.workspace.fs.copy(workspaceFile('repositories/layers'), folder);
    await open(vscode.Uri.joinPath(folder, 'values.yaml'));
    const scheduler = await waitForScheduler(
      'production (tree-stacks) · written/tree-stacks/values.yaml',
      /^projected/,
    );
    const { command } = await itemOf(scheduler);
    assert.ok(command);
    await vscode.commands.executeCommand(command.command, ...(command.arguments as unknown[]));
    const active = vscode.window.activeTextEditor;
    assert.match(active?.document.uri.path ?? '', /values-production\.yaml$/);
    assert.ok(active?.selection.start.isAfter(positionOf(active.document, 'serviceAccountTokenVolume')));

    await open(vscode.Uri.joinPath(folder, 'values-staging.yaml'));
    const none = /^none; after the migration projected$/;
    await waitForScheduler('staging (tree-stacks) · written/tree-stacks/values-staging.yaml', none);

    await open(vscode.Uri.joinPath(folder, 'values.yaml'));
    await waitForScheduler('production (tree-stacks) · written/tree-stacks/values.yaml', /^projected/);
    const chosen = vscode.commands.executeCommand('airflowTokenVolume.chooseStack');
    // Nothing tells when the picker is there.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await vscode.commands.executeCommand('workbench.action.quickOpenSelectNext');
    await untilEnded(chosen, () =>
      vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem'),
    );
    await waitForScheduler('staging (tree-stacks) · written/tree-stacks/values.yaml', none);
  });

  it('is gone with the values, and outside of virtual workspaces', async () => {
    await open(await writeFile('tree-gone/values.yaml', text));
    await waitForScheduler('written/tree-gone/values.yaml', /^projected/);
    await open(workspaceFile('nginx/values.yaml'));
    await until(
      () => !tree().view.visible,
      () => 'the view is gone',
    );
    await open(workspaceFile('written/tree-gone/values.yaml'));
    await waitForScheduler('written/tree-gone/values.yaml', /^projected/);
    if (isVirtual()) return;
    await pretendVirtual('');
    await until(
      () => !tree().view.visible,
      () => 'the view is gone',
    );
    await pretendVirtual('memfs');
  });
});
