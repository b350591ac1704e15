import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import * as vscode from 'vscode';
import {
  closeEverything,
  findExtension,
  messagesOf,
  open,
  read,
  shownMarkdown,
  tabNames,
  until,
  untilEnded,
  waitForStatus,
  workspaceFile,
  writeFile,
} from './editor';

/** Opens a copy of the repository with two environments. */
async function openLayers(name: string): Promise<vscode.Uri> {
  const folder = workspaceFile(`written/${name}`);
  cpSync(workspaceFile('repositories/layers').fsPath, folder.fsPath, { recursive: true });
  await open(vscode.Uri.joinPath(folder, 'values.yaml'));
  await waitForStatus(/^production /);
  return folder;
}

const accept = (): Thenable<unknown> =>
  vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
/** Nothing tells when a picker is there; keys that come too early go nowhere. */
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1000));
const hasPlan = (): boolean => tabNames().some((name) => name.includes('Migration'));

describe('the commands', () => {
  afterEach(closeEverything);

  it('are those in the manifest', async () => {
    const { contributes } = findExtension().packageJSON as {
      contributes: { commands: readonly { command: string }[] };
    };
    const known = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      contributes.commands.map(({ command }) => command).filter((command) => !known.has(command)),
      [],
    );
  });

  it('copy the exposure without its view, for the file that is active', async () => {
    await openLayers('commands-copied');
    await vscode.env.clipboard.writeText('');
    await vscode.commands.executeCommand('airflowTokenVolume.copyExposure');
    assert.match(
      await vscode.env.clipboard.readText(),
      /^### Token exposure of `production \(commands-copied\)`[^]*\| `scheduler`/i,
    );
    assert.ok(!tabNames().includes('Token Exposure'));
  });

  it('export the exposure without its view, beside the file', async () => {
    const folder = await openLayers('commands-exported');
    await untilEnded(vscode.commands.executeCommand('airflowTokenVolume.exportExposure'), accept);
    const entries = await vscode.workspace.fs.readDirectory(folder);
    const name = entries.map(([entry]) => entry).find((entry) => entry.endsWith('.svg'));
    assert.equal(name, 'token-exposure-production-commands-exported.svg');
    assert.match(await read(vscode.Uri.joinPath(folder, name)), /^(<\?xml[^>]*>\s*)?<svg [^]*scheduler/);
    assert.ok(!tabNames().includes('Token Exposure'));
  });

  it('plan the migration of the active file, one stack after the other, and copy the plan', async () => {
    for (const stack of ['production', 'staging'])
      await writeFile(`commands-plan/values-${stack}.yaml`, 'scheduler:\n  replicas: 2\n');
    const text =
      'executor: KubernetesExecutor\nscheduler:\n  serviceAccount:\n    automountServiceAccountToken: true\n';
    const { document } = await open(await writeFile('commands-plan/values.yaml', text));
    await waitForStatus(/^production \(commands-plan\) \(and 1 more\)/);
    await vscode.env.clipboard.writeText('');
    const ended = vscode.commands.executeCommand('airflowTokenVolume.migrate');
    // The first question is for which stack, beginning with the one in which the least can break.
    await until(
      async () => {
        await pause();
        if (hasPlan()) return true;
        await accept();
        return hasPlan();
      },
      () => 'the plan is open',
    );
    await pause();
    const plan = await shownMarkdown('Migration');
    assert.match(plan, /staging/);
    await vscode.commands.executeCommand('workbench.action.quickOpenSelectNext');
    await accept();
    await ended;
    assert.equal(await vscode.env.clipboard.readText(), plan);
    assert.equal(document.getText(), text);
  });

  for (const [command, expected] of [
    ['chooseStack', /^nginx\/values\.yaml holds no values for the Airflow chart, so it is in no stack\.$/],
    ['migrate', /^Open a file with values for the Airflow chart to plan its migration\.$/],
    ['checkCluster', /^Open a file with values for the Airflow chart that say what is deployed, /],
  ] as const) {
    it(`say so where there is nothing to do: ${command}`, async () => {
      await open(workspaceFile('nginx/values.yaml'));
      await waitForStatus(undefined);
      const messages = await messagesOf(command);
      assert.equal(messages.length, 1);
      assert.match(messages[0] ?? '', expected);
    });
  }
});
