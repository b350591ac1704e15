import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import snippets from '../../snippets/yaml.json';
import { expandSnippet } from '../static/expandSnippet';
import { closeEverything, openUntitled } from './editor';

describe('snippets', () => {
  afterEach(closeEverything);

  for (const [name, { prefix, body }] of Object.entries(snippets)) {
    it(`${prefix} inserts what its body says`, async () => {
      const { document } = await openUntitled('');
      await vscode.commands.executeCommand('editor.action.insertSnippet', { langId: 'yaml', name });
      assert.equal(document.getText(), expandSnippet(body));
    });
  }
});
