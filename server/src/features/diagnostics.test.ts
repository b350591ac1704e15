import { describe, expect, test } from 'vitest';
import { parseFixture } from '../testing/fixture';
import { allRules } from '../rules/allRules';
import { readFileSync } from 'node:fs';
import { expandSnippet } from '../../../test/static/expandSnippet';
import { expectedDiagnostics } from '../../../test/static/snippets.expected';
import snippets from '../../../snippets/yaml.json';
import { look, service } from '../testing/documents';

function codes(text: string, name?: string): unknown[] {
  return service.diagnostics(look(text, name)).map(({ code }) => code);
}

test('a finding as the editor gets it', () => {
  const text =
    'executor: LocalExecutor\nscheduler:\n  serviceAccount:\n    automountServiceAccountToken: false\n';
  expect(service.diagnostics(look(text))).toEqual([
    {
      range: { start: { line: 3, character: 34 }, end: { line: 3, character: 39 } },
      severity: 2,
      code: 'automount-off-ignored',
      codeDescription: {
        href: 'https://github.com/airflow-token-volume/airflow-token-volume/blob/main/docs/rules/automount-off-ignored.md',
      },
      source: 'airflow-token-volume',
      message:
        'The token is still mounted into wait-for-airflow-migrations, scheduler and scheduler-log-groomer: with LocalExecutor the chart ignores automountServiceAccountToken for the scheduler.',
      tags: [1],
      relatedInformation: [
        {
          location: {
            uri: 'file:///repo/values.yaml',
            range: { start: { line: 0, character: 10 }, end: { line: 0, character: 23 } },
          },
          message: 'The executor is chosen here.',
        },
      ],
    },
  ]);
});

describe('each snippet, inserted with its defaults, says what it should', () => {
  test.each(Object.values(snippets).map(({ prefix, body }) => [prefix, body] as const))(
    '%s',
    (prefix, body) => {
      expect(codes(expandSnippet(body)).sort()).toEqual(expectedDiagnostics[prefix]);
    },
  );
});

describe('findings do not depend on how the same values are written', () => {
  const cases = allRules.flatMap((rule) =>
    parseFixture(readFileSync(new URL(`../rules/${rule.code}.fixture.yaml`, import.meta.url), 'utf8')).map(
      ({ title, text, file }) => [`${rule.code}: ${title}`, text, file] as const,
    ),
  );
  test.each(cases)('%s', (_, text, file) => {
    const expected = codes(text, file);
    expect(codes(text.replaceAll('\n', '\r\n'), file), 'with CRLF').toEqual(expected);
    expect(codes(text.trimEnd(), file), 'without a final newline').toEqual(expected);
    expect(codes(`\uFEFF# a\n---\n${text}`, file), 'after a document start').toEqual(expected);
    expect(codes(`${text}---\nexecutor: LocalExecutor\n`, file), 'before a second document').toEqual(
      expected,
    );
  });
});

describe('two findings in one place', () => {
  test('are both there', () => {
    expect(
      codes(
        'executor: KubernetesExecutor\nscheduler:\n  serviceAccount:\n    automountServiceAccountToken:\n',
      ),
    ).toEqual(['api-access-lost', 'null-automount']);
  });
  test('are one when an alias brings the same value twice', () => {
    const text = `x: &volume {enabled: true, volumeName: A}
scheduler: {serviceAccount: {automountServiceAccountToken: off, serviceAccountTokenVolume: *volume}}
cleanup: {serviceAccount: {automountServiceAccountToken: off, serviceAccountTokenVolume: *volume}}
executor: KubernetesExecutor
`;
    expect(codes(text)).toEqual(['volume-name-invalid']);
  });
});
