import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Observable } from '../../client/src/extension';
import {
  closeEverything,
  findExtension,
  messagesOf,
  open,
  until,
  waitForDiagnostics,
  workspaceFile,
} from './editor';

/** In an editor that speaks German: texts of the manifest, of the server, of the client, and of the page. */
describe('in German', () => {
  after(closeEverything);

  it('the manifest is', () => {
    assert.equal(vscode.env.language, 'de');
    const { contributes } = findExtension().packageJSON as {
      contributes: { commands: { command: string; title: string | { value: string } }[] };
    };
    const title = contributes.commands.find(({ command }) => command.endsWith('.showExposure'))?.title;
    assert.equal(typeof title === 'string' ? title : title?.value, 'Token-Exposition anzeigen');
  });

  it('the server is: diagnostics, hovers, fixes, lenses', async () => {
    const { document } = await open(workspaceFile('values.yaml'));
    const uri = document.uri;
    await waitForDiagnostics(document, (rules) => rules.length > 0);
    const german = / (?:und|wird|ist|ein|nicht) /;
    const [first] = vscode.languages.getDiagnostics(uri);
    assert.match(first?.message ?? '', german);
    const range = first?.range ?? new vscode.Range(0, 0, 0, 0);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      uri,
      range.start,
    );
    const texts = hovers.flatMap(({ contents }) => contents as vscode.MarkdownString[]);
    assert.match(texts.map(({ value }) => value).join('\n'), german);
    const fixes = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      uri,
      range,
      vscode.CodeActionKind.QuickFix.value,
    );
    assert.ok(fixes.length > 0);
    assert.deepEqual(
      fixes.map(({ title }) => title).filter((title) => /\b(?:the|Remove|Turn|Ignore|Set)\b/.test(title)),
      [],
    );
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      uri,
      9,
    );
    assert.ok(lenses.some(({ command }) => command?.title.startsWith('Token: automatisch')));
  });

  it('the client is: status, the view, and the page', async () => {
    const { exposure, stackStatus } = findExtension().exports as Observable;
    await until(
      () => stackStatus()?.startsWith('Kein Stack') === true,
      () => `the status is German, but ${String(stackStatus())}`,
    );
    await vscode.commands.executeCommand('airflowTokenVolume.showExposure');
    await until(
      () => exposure.shown() !== undefined,
      () => 'the page shows something',
    );
    const text = exposure.shown() ?? '';
    // The extension's words, the words that the page adds, the engine's words, and those of the HTML.
    for (const words of ['halten ein Token', 'Nach der Umstellung:', 'automatisch', 'Als Markdown kopieren'])
      assert.ok(text.includes(words), `${words} in ${text.slice(0, 500)}`);
    assert.doesNotMatch(text, /\b(?:Now|After the migration|holds?|needs?|none|automatic|projected)\b/);
  });

  it('messages are', async () => {
    await closeEverything();
    assert.deepEqual(await messagesOf('migrate'), [
      'Öffnen Sie eine Datei mit Werten für das Airflow-Chart, um ihre Umstellung zu planen.',
    ]);
  });
});
