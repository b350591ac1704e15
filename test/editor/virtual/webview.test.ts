import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Observable } from '../../../client/src/extension';
import { closeEverything, findExtension, open, until, workspaceFile } from '../editor';

describe('the page "Token Exposure" in a virtual workspace', () => {
  afterEach(closeEverything);

  it('shows who holds a token there, too', async () => {
    await open(workspaceFile('values.yaml'));
    await vscode.commands.executeCommand('airflowTokenVolume.showExposure');
    const { exposure } = findExtension().exports as Observable;
    await until(
      () => exposure.shown()?.includes('containers hold a token') === true,
      () => `the page shows it, but ${String(exposure.shown())}`,
    );
    assert.equal(exposure.posted()?.file, 'values.yaml');
  });
});
