import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import snippets from '../../snippets/yaml.json';
import { expandSnippet } from '../static/expandSnippet';
import { closeEverything, moveAfter, openUntitled, waitForDiagnostics } from './editor';

describe('snippets', () => {
  afterEach(closeEverything);

  for (const [name, { prefix, body }] of Object.entries(snippets)) {
    it(`${prefix} inserts what its body says`, async () => {
      const { document } = await openUntitled('');
      await vscode.commands.executeCommand('editor.action.insertSnippet', { langId: 'yaml', name });
      assert.equal(document.getText(), expandSnippet(body));
    });
  }

  it('are offered inside a component, cut to what belongs there', async () => {
    const before = 'executor: KubernetesExecutor\nscheduler:\n    replicas: 2\n    ';
    const editor = await openUntitled(`${before}\ntriggerer: {}\n`);
    await waitForDiagnostics(editor.document, (rules) => rules.includes('automounted-token'));
    moveAfter(editor, before);
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      editor.document.uri,
      editor.selection.active,
    );
    const item = items.find(
      ({ label }) =>
        typeof label === 'object' && label.description === 'scheduler' && label.label.startsWith('satv-'),
    );
    assert.ok(item, 'nothing is offered for the scheduler');
    assert.ok(item.insertText instanceof vscode.SnippetString);
    assert.ok(item.range instanceof vscode.Range);
    // With what the editor would do to indentation by itself, the lines would move.
    assert.equal(item.keepWhitespace, true);
    assert.match(item.insertText.value, /^serviceAccount:\n {6}# [^]*\n {6}automountServiceAccountToken: /);
    assert.deepEqual(item.range.start, editor.selection.active);
  });
});
