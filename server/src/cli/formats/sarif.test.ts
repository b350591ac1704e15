import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { default as Ajv } from 'ajv-draft-04';
import { default as addFormats } from 'ajv-formats';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { expect, test } from 'vitest';
import { describeRules } from '../../languageService';
import { clean, reportOf, sample } from '../../testing/report';
import { formatSarif } from './sarif';

interface Region {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

interface PhysicalLocation {
  readonly artifactLocation: { readonly uri: string; readonly uriBaseId?: string };
  readonly region: Region;
}

interface Log {
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly Record<string, unknown>[] } };
      readonly invocations: readonly Record<string, unknown>[];
      readonly columnKind: string;
      readonly results: readonly {
        readonly ruleId: string;
        readonly ruleIndex: number;
        readonly level: string;
        readonly message: { readonly text: string };
        readonly locations: readonly { readonly physicalLocation: PhysicalLocation }[];
        readonly partialFingerprints: Readonly<Record<string, string>>;
        readonly fixes?: readonly {
          readonly description: { readonly text: string };
          readonly artifactChanges: readonly {
            readonly replacements: readonly {
              readonly deletedRegion: Region;
              readonly insertedContent?: { readonly text: string };
            }[];
          }[];
        }[];
      }[];
    },
  ];
}

const schemaPath = createRequire(import.meta.url).resolve(
  '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json',
);
// One of the schema's patterns is none that a regular expression for Unicode may have.
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats(ajv);
const validate = ajv.compile(JSON.parse(readFileSync(schemaPath, 'utf8')) as object);

/** A report as SARIF, held against the standard's schema. */
function sarifOf(...report: Parameters<typeof reportOf>): Log['runs'][0] {
  const log = JSON.parse(formatSarif(reportOf(...report))) as Log;
  validate(log);
  expect(validate.errors ?? []).toEqual([]);
  return log.runs[0];
}

test('the schema does tell what is wrong', () => {
  expect(validate({ version: '2.1.0', runs: [{}] })).toBe(false);
});

test('a report without findings is one too', () => {
  const { results, columnKind, invocations } = sarifOf({ 'values.yaml': clean });
  expect(results).toEqual([]);
  expect(columnKind).toBe('utf16CodeUnits');
  expect(invocations).toEqual([{ executionSuccessful: true, toolExecutionNotifications: [] }]);
});

test('every rule is described', () => {
  const { rules } = sarifOf({}).tool.driver;
  const described = describeRules();
  expect(rules.map(({ id }) => id)).toEqual(described.map(({ code }) => code));
  const index = described.findIndex(({ code }) => code === 'needless-token');
  expect(rules[index]).toMatchObject({
    shortDescription: { text: 'A token is mounted into a scheduler that never calls the Kubernetes API.' },
    help: { markdown: expect.stringContaining('# needless-token\n') as string },
    helpUri: described[index]?.url,
    defaultConfiguration: { level: 'note' },
  });
  for (const { help, fullDescription } of rules as readonly {
    help: { text: string };
    fullDescription: { text: string };
  }[])
    expect(`${help.text}${fullDescription.text}`).not.toMatch(/```|\*\*/);
});

test('a result with its place, its level and its rule', () => {
  const { results, tool } = sarifOf({ 'teams/a b/values.yaml': sample });
  expect(results.map(({ ruleId, level }) => [ruleId, level])).toEqual([
    ['needless-token', 'note'],
    ['nonstandard-mount-path', 'warning'],
    ['invalid-type', 'error'],
  ]);
  for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.['id']).toBe(ruleId);
  expect(results[2]?.locations).toEqual([
    {
      physicalLocation: {
        artifactLocation: { uri: 'teams/a%20b/values.yaml', uriBaseId: 'SRCROOT' },
        region: { startLine: 8, startColumn: 26, endLine: 8, endColumn: 32 },
      },
    },
  ]);
});

test('a fix says what to replace, and doing so gives what the editor gives', () => {
  const { results } = sarifOf({ 'values.yaml': sample });
  const [convert, remove] = results[2]?.fixes ?? [];
  expect(convert?.description.text).toBe('Convert to 3600 (1 hour)');
  const applied = (fix: typeof convert): string =>
    TextDocument.applyEdits(
      TextDocument.create('', '', 0, sample),
      (fix?.artifactChanges[0]?.replacements ?? []).map(({ deletedRegion, insertedContent }) => ({
        range: {
          start: { line: deletedRegion.startLine - 1, character: deletedRegion.startColumn - 1 },
          end: { line: deletedRegion.endLine - 1, character: deletedRegion.endColumn - 1 },
        },
        newText: insertedContent?.text ?? '',
      })),
    );
  expect(applied(convert)).toBe(sample.replace('"3600"', '3600'));
  expect(applied(remove)).toBe(sample.replace(/ +expirationSeconds.*\n/, ''));
});

test('a finding keeps its fingerprint when it moves, and shares it with no other', () => {
  const fingerprints = (text: string): string[] =>
    sarifOf({ 'values.yaml': text }).results.map(
      ({ partialFingerprints }) => partialFingerprints['airflowTokenVolume/v1'] ?? '',
    );
  const before = fingerprints(sample);
  expect(new Set(before).size).toBe(3);
  expect(fingerprints(`# moved\n\n${sample}`)).toEqual(before);
  const twice = `executor: KubernetesExecutor
scheduler: &same
  serviceAccount: {automountServiceAccountToken: no, serviceAccountTokenVolume: {enabled: true, mountPath: a}}
cleanup:
  serviceAccount: {automountServiceAccountToken: no, serviceAccountTokenVolume: {enabled: true, mountPath: a}}
`;
  const same = fingerprints(twice);
  expect(same.length).toBeGreaterThan(1);
  expect(new Set(same).size).toBe(same.length);
});

test('a file outside of the working folder, and one that cannot be read', () => {
  const { results, invocations } = sarifOf(
    { '../values.yaml': sample },
    { 'x/values.yaml': 'it is a binary file' },
  );
  expect(results[0]?.locations[0]?.physicalLocation.artifactLocation).toEqual({ uri: '../values.yaml' });
  expect(invocations).toEqual([
    {
      executionSuccessful: false,
      toolExecutionNotifications: [
        {
          level: 'error',
          message: { text: 'This file could not be read: it is a binary file' },
          locations: [
            { physicalLocation: { artifactLocation: { uri: 'x/values.yaml', uriBaseId: 'SRCROOT' } } },
          ],
        },
      ],
    },
  ]);
});
