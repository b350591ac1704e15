import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  closeEverything,
  diagnosticsOf,
  hoverText,
  moveAfter,
  open,
  positionOf,
  read,
  ruleOf,
  type,
  waitForDiagnostics,
  workspaceFile,
  writeFile,
} from './editor';
import { environment } from './environment';
import { note } from './report';

const inert = 'inert-while-automounted';

describe('diagnostics', () => {
  afterEach(closeEverything);

  it('mark a token volume that automatic mounting makes inert', async () => {
    const { document } = await open(workspaceFile('values.yaml'));
    const diagnostics = await waitForDiagnostics(document, (rules) => rules.includes(inert));
    const diagnostic = diagnostics.find((candidate) => ruleOf(candidate) === inert);
    assert.ok(diagnostic);
    assert.equal(diagnostic.severity, vscode.DiagnosticSeverity.Warning);
    assert.ok(typeof diagnostic.code === 'object', 'the rule has no link to its explanation');
    assert.match(diagnostic.code.target.toString(), /inert-while-automounted/);
  });

  it('leave the documents alone that the editor shows beside a file', async () => {
    const provider = vscode.workspace.registerTextDocumentContentProvider('beside', {
      provideTextDocumentContent: async ({ path }) =>
        Buffer.from(await vscode.workspace.fs.readFile(workspaceFile(path.slice(1)))).toString(),
    });
    try {
      const file = workspaceFile('values.yaml');
      const old = vscode.Uri.from({ scheme: 'beside', path: '/values.yaml' });
      await vscode.commands.executeCommand('vscode.diff', old, file, 'values.yaml, before and after');
      const shown = await vscode.workspace.openTextDocument(file);
      await waitForDiagnostics(shown, (rules) => rules.includes(inert));
      const beside = await vscode.workspace.openTextDocument(old);
      assert.equal(beside.languageId, 'yaml');
      assert.deepEqual(diagnosticsOf(beside), []);
    } finally {
      provider.dispose();
    }
  });

  it('follow what is typed', async () => {
    const editor = await open(workspaceFile('values.yaml'));
    await waitForDiagnostics(editor.document, (rules) => rules.includes(inert));

    moveAfter(editor, '  enabled: ');
    await vscode.commands.executeCommand('deleteAllRight');
    const start = performance.now();
    await type('false');
    await waitForDiagnostics(editor.document, (rules) => !rules.includes(inert));
    note(`five keystrokes to diagnostics: ${(performance.now() - start).toFixed(0)} ms`);

    await vscode.commands.executeCommand('deleteAllLeft');
    await type('      enabled: true');
    await waitForDiagnostics(editor.document, (rules) => rules.includes(inert));
  });

  it('go when the file is closed, and come back with it', async () => {
    // Opened as by a user: a document that an extension opens stays open for minutes after its tab.
    const uri = await writeFile('closed/values.yaml', await read(workspaceFile('values.yaml')));
    const show = async (): Promise<vscode.TextDocument> => {
      await vscode.commands.executeCommand('vscode.open', uri, { preview: false });
      const editor = vscode.window.activeTextEditor;
      assert.equal(editor?.document.uri.toString(), uri.toString());
      return editor.document;
    };
    const document = await show();
    await waitForDiagnostics(document, (rules) => rules.includes(inert));
    const closed = new Promise<vscode.Diagnostic[]>((resolve) => {
      const subscription = vscode.workspace.onDidCloseTextDocument((gone) => {
        if (gone.uri.toString() !== uri.toString()) return;
        subscription.dispose();
        resolve(diagnosticsOf(gone));
      });
    });
    await closeEverything();
    assert.deepEqual(await closed, []);
    await waitForDiagnostics(await show(), (rules) => rules.includes(inert));
  });

  it('appear in a file that was never saved', async () => {
    const content = (await open(workspaceFile('values.yaml'))).document.getText();
    const marked = `# airflow-token-volume: enable\n${content}`;
    const document = await vscode.workspace.openTextDocument({ language: 'yaml', content: marked });
    await vscode.window.showTextDocument(document);
    await waitForDiagnostics(document, (rules) => rules.includes(inert));
  });

  it('follow the settings', async () => {
    const audience = 'https://vault.example.com';
    const configure = (value: unknown): Thenable<void> =>
      vscode.workspace
        .getConfiguration('airflowTokenVolume')
        .update('apiAudiences', value, vscode.ConfigurationTarget.Workspace);
    const text = `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      enabled: true
      audience: ${audience}
`;
    const { document } = await open(await writeFile('settings/values.yaml', text));
    await waitForDiagnostics(document, (rules) => rules.includes('custom-audience'));
    await configure([audience]);
    await waitForDiagnostics(document, (rules) => !rules.includes('custom-audience'));
    await configure(undefined);
    await waitForDiagnostics(document, (rules) => rules.includes('custom-audience'));
  });

  it('have the severity that the settings give their rule, or none', async () => {
    const configure = (value: unknown): Thenable<void> =>
      vscode.workspace
        .getConfiguration('airflowTokenVolume')
        .update('rules', value, vscode.ConfigurationTarget.Workspace);
    const { document } = await open(workspaceFile('values.yaml'));
    await waitForDiagnostics(document, (rules) => rules.includes(inert));
    await configure({ [inert]: 'off' });
    await waitForDiagnostics(document, (rules) => !rules.includes(inert));
    await configure({ [inert]: 'error' });
    const diagnostics = await waitForDiagnostics(document, (rules) => rules.includes(inert));
    const marked = diagnostics.find((diagnostic) => ruleOf(diagnostic) === inert);
    assert.equal(marked?.severity, vscode.DiagnosticSeverity.Error);
    await configure(undefined);
    await waitForDiagnostics(document, (rules) => rules.includes(inert));
  });

  it("do not appear in another chart's values", async () => {
    const other = await open(workspaceFile('nginx/values.yaml'));
    // The server handles one file after the other: when the second has its diagnostics, the first has none coming.
    const airflow = await open(workspaceFile('values.yaml'));
    await waitForDiagnostics(airflow.document, (rules) => rules.includes(inert));
    assert.deepEqual(diagnosticsOf(other.document), []);
    const position = positionOf(other.document, 'automountServiceAccountToken');
    assert.equal(await hoverText(other.document, position), '');
  });

  it("are at most hints in the chart's own values.yaml", async function () {
    if (environment.chartValues === '') return this.skip();
    const chart = await open(vscode.Uri.file(environment.chartValues));
    const airflow = await open(workspaceFile('values.yaml'));
    await waitForDiagnostics(airflow.document, (rules) => rules.includes(inert));
    const more = diagnosticsOf(chart.document).filter(
      ({ severity }) => severity !== vscode.DiagnosticSeverity.Hint,
    );
    assert.deepEqual(more.map(ruleOf), []);
  });
});
