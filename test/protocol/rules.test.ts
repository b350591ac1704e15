import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  DiagnosticSeverity,
  type CodeAction,
  type Diagnostic,
  type TextDocumentEdit,
  type TextEdit,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { allRules } from '../../server/src/rules/allRules';
import { parseFixture, type FixtureCase } from '../../server/src/testing/fixture';
import { fullCapabilities, pushCapabilities, startClient, type Client, type OpenDocument } from './client';

const folder = new URL('../../server/src/rules/', import.meta.url);

const severities: Record<string, DiagnosticSeverity> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

test('there are the rules that are promised', () => {
  expect(allRules.map(({ code }) => code).sort()).toEqual([
    'api-access-lost',
    'automount-off-ignored',
    'automounted-token',
    'custom-audience',
    'duplicate-key',
    'duplicate-mount',
    'empty-token-volume',
    'expiration-out-of-range',
    'handmade-token-volume',
    'inert-for-executor',
    'inert-while-automounted',
    'invalid-type',
    'long-lived-token',
    'misplaced-token-volume',
    'mount-path-conflict',
    'mount-path-invalid',
    'needless-automount',
    'needless-token',
    'nonstandard-mount-path',
    'null-automount',
    'null-section',
    'rbac-disabled',
    'removed-executor',
    'service-account-not-created',
    'unknown-executor',
    'unknown-key',
    'unsupported-chart-version',
    'unsupported-component',
    'unused-ignore',
    'volume-name-conflict',
    'volume-name-invalid',
  ]);
});

describe.each(allRules)('$code', ({ code, offByDefault, severity }) => {
  const cases = parseFixture(readFileSync(new URL(`${code}.fixture.yaml`, folder), 'utf8'));
  const reporting = cases.find(({ expected }) => expected.length > 0);
  if (!reporting) throw new Error(`No case of ${code} reports anything.`);

  test.each([
    ['LF, asked for', fullCapabilities, (text: string) => text],
    ['CRLF, sent', pushCapabilities, (text: string) => text.replaceAll('\n', '\r\n')],
  ])(`${reporting.title}, %s`, async (_, capabilities, write) => {
    const { chartVersion = '' } = reporting;
    const rules = offByDefault ? { [code]: severity } : {};
    const configuration = (): unknown => ({ rules, chartVersion });
    const client = await startClient({ capabilities, configuration });
    const document = client.open(write(reporting.text), reporting.file);
    const found = (await document.diagnostics()).filter((diagnostic) => diagnostic.code === code);
    expect(found.map(essence)).toEqual(diagnosticsOf(reporting));
    for (const diagnostic of found)
      for (const { location } of diagnostic.relatedInformation ?? []) expect(location.uri).toBe(document.uri);

    for (const { title, text } of reporting.fixes) {
      const [diagnostic] = found;
      if (!diagnostic) throw new Error('A fix needs a finding.');
      const actions = await document.codeActions(diagnostic.range, ['quickfix'], [diagnostic]);
      const action = actions.find((candidate) => candidate.title === title);
      expect(action, `${title} among ${actions.map((other) => other.title).join(' | ')}`).toBeDefined();
      expect(action?.kind).toBe('quickfix');
      expect(action?.diagnostics).toContainEqual(diagnostic);
      const fixed = applied(document, write(reporting.text), action);
      expect(fixed).toBe(write(text));
      const after = await reopened(client, reporting.file, fixed);
      expect(after.filter(({ message }) => message === diagnostic.message)).toEqual([]);
    }
  });
});

/** What the client is to get for a case of a fixture. */
function diagnosticsOf({ expected }: FixtureCase): unknown[] {
  return expected.map(({ line, start, end, severity, code, message = '' }) => ({
    range: { start: { line, character: start }, end: { line, character: end } },
    severity: severities[severity],
    code,
    source: 'airflow-token-volume',
    page: `docs/rules/${code}.md`,
    message: expect.stringContaining(message) as string,
  }));
}

/** A diagnostic with the page that it links to, and without what only some have. */
function essence({ range, severity, code, source, codeDescription, message }: Diagnostic): unknown {
  const page = /^https:\/\/[^?#]*\/(docs\/rules\/[^/?#]*)$/.exec(codeDescription?.href ?? '')?.[1];
  return { range, severity, code, source, page, message };
}

/** A document's text after an action, whose edit has to be for this version of this document and no other. */
function applied({ uri, version }: OpenDocument, text: string, action: CodeAction | undefined): string {
  const changes = action?.edit?.documentChanges as TextDocumentEdit[] | undefined;
  expect(changes).toHaveLength(1);
  expect(changes?.[0]?.textDocument).toEqual({ uri, version });
  return TextDocument.applyEdits(
    TextDocument.create(uri, 'yaml', version, text),
    (changes?.[0]?.edits ?? []) as TextEdit[],
  );
}

async function reopened(client: Client, name: string, text: string): Promise<Diagnostic[]> {
  const document = client.open(text, name.replace(/[^/]*$/, 'values-fixed.$&'));
  return document.diagnostics();
}
