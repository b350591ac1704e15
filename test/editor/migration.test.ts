import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeEverything, confirmEdit, open, until, writeFile } from './editor';

const text = `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: true # policy PLAT-812
`;

/** Gives the command, and accepts what its picker has selected; resolves to what ends when the command does. */
async function migrate(uri: vscode.Uri): Promise<{ readonly ended: Thenable<unknown> }> {
  const ended = vscode.commands.executeCommand('airflowTokenVolume.migrate', uri.toString());
  await until(hasPlan, () => 'the plan is open');
  // Nothing tells when a picker is there; keys that come too early go nowhere.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
  return { ended };
}

function hasPlan(): boolean {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.some(({ label }) => label.includes('Migration'));
}

describe('the command "Migrate to Manual Token Volumes..."', () => {
  afterEach(closeEverything);

  it('shows the plan, then the changes, and makes those that are ticked; undo takes them back', async () => {
    const uri = await writeFile('migration/values.yaml', text);
    const { document } = await open(uri);
    const { ended } = await migrate(uri);
    assert.equal(document.getText(), text, 'something was written before it was seen');
    await confirmEdit(ended);
    assert.match(document.getText(), /automountServiceAccountToken: false # policy PLAT-812/);
    assert.match(document.getText(), /serviceAccountTokenVolume:\n {6}enabled: true/);
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), text);
  });
});
