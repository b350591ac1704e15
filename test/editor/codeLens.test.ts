import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Observable } from '../../client/src/extension';
import {
  closeEverything,
  configure,
  findExtension,
  moveAfter,
  open,
  shownMarkdown,
  tabNames,
  type,
  until,
  waitForDiagnostics,
  workspaceFile,
  writeFile,
} from './editor';

const text = `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: true
triggerer:
  replicas: 2
`;

/** The lenses, each behind the line that it is above. */
async function lensesOf(document: vscode.TextDocument): Promise<string[]> {
  return (await provided(document)).map(
    ({ range, command }) => `${document.lineAt(range.start).text}  <- ${command?.title ?? ''}`,
  );
}

function provided({ uri }: vscode.TextDocument): Thenable<vscode.CodeLens[]> {
  return vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 100);
}

/** Clicks on a lens above the line with the cursor, by VS Code's own list of them. */
async function click(title: string): Promise<void> {
  const { document, selection } = vscode.window.activeTextEditor ?? assert.fail('there is no editor');
  const above = (await provided(document)).filter(({ range }) => range.start.line === selection.active.line);
  const index = above.findIndex(({ command }) => command?.title === title);
  assert.notEqual(index, -1, `there is no "${title}"`);
  // It ends at once as long as the editor has no lenses. Nothing tells when the list is there; keys that come too early go
  // nowhere.
  await until(
    async () => {
      const list = vscode.commands.executeCommand('codelens.showLensesInCurrentLine').then(() => 'gone');
      const pause = new Promise<string>((resolve) => setTimeout(resolve, 1000, 'there'));
      return (await Promise.race([list, pause])) === 'there';
    },
    () => 'the lenses are listed',
  );
  for (let step = 0; step < index; step++)
    await vscode.commands.executeCommand('workbench.action.quickOpenSelectNext');
  await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
}

async function openValues(name: string, file = 'values.yaml'): Promise<vscode.TextEditor> {
  const editor = await open(await writeFile(`${name}/${file}`, text));
  await waitForDiagnostics(editor.document, (rules) => rules.length > 0);
  return editor;
}

describe('code lenses', () => {
  afterEach(closeEverything);

  it("stand above a component's account, or above the component without one, and follow what is typed", async () => {
    const editor = await openValues('lens-shown');
    const { document } = editor;
    const triggerer = 'triggerer:  <- token: automatic, 3 containers';
    assert.deepEqual(await lensesOf(document), [
      '  serviceAccount:  <- token: automatic, 3 containers',
      '  serviceAccount:  <- Migrate…',
      triggerer,
    ]);
    moveAfter(editor, 'automountServiceAccountToken: ');
    await vscode.commands.executeCommand('deleteAllRight');
    await type('false');
    let shown: readonly string[] = [];
    await until(
      async () => (shown = await lensesOf(document))[0] === '  serviceAccount:  <- no token',
      () => `the scheduler's lens says that there is no token, but ${shown.join('\n')}`,
    );
    assert.deepEqual(shown.slice(1), [triggerer]);
  });

  it('go with their setting, and come back with it', async () => {
    const { document } = await openValues('lens-setting');
    const expect = (count: number): Promise<void> =>
      until(
        async () => (await provided(document)).length === count,
        () => `there are ${count} lenses`,
      );
    await expect(3);
    await configure('codeLens', false);
    try {
      await expect(0);
    } finally {
      await configure('codeLens', undefined);
    }
    await expect(3);
  });

  it('are in no YAML file without values for the chart', async () => {
    const { document } = await open(workspaceFile('nginx/values.yaml'));
    // The server handles one file after the other: when this one has its lenses, the other has none coming.
    await openValues('lens-other');
    assert.deepEqual(await lensesOf(document), []);
  });

  it('lead from "Migrate…" to the plan for their file', async () => {
    const editor = await openValues('lens-migrate', 'clicked-values.yaml');
    moveAfter(editor, '  serviceAccount:');
    await click('Migrate…');
    await until(
      async () =>
        tabNames().some((name) => name.includes('Migration')) &&
        /^In `clicked-values\.yaml`\. /m.test(await shownMarkdown('Migration')),
      () => 'the plan for the file is open',
    );
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    assert.equal(editor.document.getText(), text);
  });

  it('lead from what a component holds to the view of their file, also where another one is active', async () => {
    const { document } = await openValues('lens-show');
    const [state] = await provided(document);
    assert.ok(state?.command);
    await openValues('lens-active');
    await vscode.commands.executeCommand(
      state.command.command,
      ...((state.command.arguments ?? []) as unknown[]),
    );
    const { exposure } = findExtension().exports as Observable;
    await until(
      () => exposure.posted()?.file === 'written/lens-show/values.yaml',
      () => `the view is about the file with the lens, but about ${String(exposure.posted()?.file)}`,
    );
  });
});
