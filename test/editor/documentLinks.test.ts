import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeEverything, open, waitForDiagnostics, workspaceFile } from './editor';

/** The links in a document, each behind the text that it is on. */
async function linksOf(document: vscode.TextDocument): Promise<string[]> {
  const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
    'vscode.executeLinkProvider',
    document.uri,
    100,
  );
  return links.map(({ range, target }) => `${document.getText(range)} -> ${target?.toString(true) ?? ''}`);
}

describe('document links', () => {
  afterEach(closeEverything);

  it("lead from the token volume to the chart's documentation", async () => {
    const { document } = await open(workspaceFile('values.yaml'));
    await waitForDiagnostics(document, (rules) => rules.length > 0);
    assert.deepEqual(await linksOf(document), [
      'serviceAccountTokenVolume -> https://airflow.apache.org/docs/helm-chart/stable/parameters-ref.html#scheduler',
    ]);
  });

  it('are in no YAML file without values for the chart', async () => {
    const { document } = await open(workspaceFile('nginx/values.yaml'));
    const { document: airflow } = await open(workspaceFile('values.yaml'));
    await waitForDiagnostics(airflow, (rules) => rules.length > 0);
    assert.deepEqual(await linksOf(document), []);
  });
});
