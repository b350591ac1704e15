import { renameSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import {
  closeEverything,
  findExtension,
  moveAfter,
  open,
  type,
  waitForDiagnostics,
  workspaceFile,
} from './editor';
import { environment } from './environment';

describe('the command "Restart Language Server"', () => {
  afterEach(closeEverything);

  it('brings up a server that knows the open files', async () => {
    const editor = await open(workspaceFile('values.yaml'));
    await waitForDiagnostics(editor.document, (rules) => rules.length > 0);

    await vscode.commands.executeCommand('airflowTokenVolume.restartServer');
    await waitForDiagnostics(editor.document, (rules) => rules.length > 0);

    moveAfter(editor, '  enabled: true');
    await vscode.commands.executeCommand('deleteAllLeft');
    await type('      enabled: false');
    await waitForDiagnostics(editor.document, (rules) => !rules.includes('inert-while-automounted'));
  });

  it('ends the server before, and takes back what that had found', async () => {
    const { document } = await open(workspaceFile('values.yaml'));
    await waitForDiagnostics(document, (rules) => rules.length > 0);
    const gone = waitForDiagnostics(document, (rules) => rules.length === 0);
    await vscode.commands.executeCommand('airflowTokenVolume.restartServer');
    await gone;
    await waitForDiagnostics(document, (rules) => rules.length > 0);
  });

  it('may be given twice in a row', async () => {
    const { document } = await open(workspaceFile('values.yaml'));
    const restart = (): Thenable<unknown> =>
      vscode.commands.executeCommand('airflowTokenVolume.restartServer');
    await Promise.all([restart(), restart()]);
    await waitForDiagnostics(document, (rules) => rules.length > 0);
  });

  it('recovers from a server that could not be started', async function () {
    // Breaks the extension for a moment, which only an installed copy can take.
    const { extensionPath } = findExtension();
    if (extensionPath === environment.extensionFolder) return this.skip();
    const server = path.join(extensionPath, 'dist', 'server.js');
    const { document } = await open(workspaceFile('values.yaml'));
    await waitForDiagnostics(document, (rules) => rules.length > 0);

    renameSync(server, `${server}.away`);
    await vscode.commands.executeCommand('airflowTokenVolume.restartServer');
    await waitForDiagnostics(document, (rules) => rules.length === 0);

    renameSync(`${server}.away`, server);
    await vscode.commands.executeCommand('airflowTokenVolume.restartServer');
    await waitForDiagnostics(document, (rules) => rules.length > 0);
  });
});
