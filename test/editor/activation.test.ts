import assert from 'node:assert/strict';
import path from 'node:path';
import { closeEverything, findExtension, open, waitForDiagnostics, workspaceFile } from './editor';
import { environment } from './environment';
import { note } from './report';

describe('activation', () => {
  after(closeEverything);

  it('is of the extension under test', () => {
    const { extensionPath } = findExtension();
    const relative = path.relative(environment.extensionFolder, extensionPath);
    assert.ok(!relative.startsWith('..') && !path.isAbsolute(relative), `it comes from ${extensionPath}`);
  });

  it('waits for a YAML file', async () => {
    await open(workspaceFile('notes.txt'));
    assert.equal(findExtension().isActive, false);
  });

  it('takes less than 100 ms', async () => {
    // Processor time: the window is still drawing itself, and on a small machine that can take the clock's time.
    const start = performance.now();
    const before = process.cpuUsage();
    await findExtension().activate();
    const { user, system } = process.cpuUsage(before);
    const milliseconds = (user + system) / 1000;
    const elapsed = performance.now() - start;
    note(`activation: ${milliseconds.toFixed(0)} ms of processor time, done after ${elapsed.toFixed(0)} ms`);
    assert.ok(milliseconds < 100, `${milliseconds.toFixed(0)} ms`);
  });

  it('starts the language server', async () => {
    const { document } = await open(workspaceFile('values.yaml'));
    await waitForDiagnostics(document, (rules) => rules.length > 0);
  });
});
