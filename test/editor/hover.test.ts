import assert from 'node:assert/strict';
import { closeEverything, hoverText, open, positionOf, waitForDiagnostics, workspaceFile } from './editor';

describe('hover', () => {
  afterEach(closeEverything);

  it('explains a key of the token volume', async () => {
    const { document } = await open(workspaceFile('values.yaml'));
    await waitForDiagnostics(document, (rules) => rules.length > 0);
    assert.match(await hoverText(document, positionOf(document, 'serviceAccountTokenVolume')), /token/i);
  });

  it('says nothing about keys that are not about tokens', async () => {
    const { document } = await open(workspaceFile('values.yaml'));
    await waitForDiagnostics(document, (rules) => rules.length > 0);
    const text = await hoverText(document, positionOf(document, '# keep me'));
    assert.equal(text, '');
  });
});
