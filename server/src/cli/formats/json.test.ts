import { expect, test } from 'vitest';
import { clean, reportOf, sample } from '../../testing/report';
import { formatJson } from './json';

test('every finding with its range as LSP counts it, and the titles of its fixes', () => {
  const text = formatJson(reportOf({ 'clean/values.yaml': clean, 'values.yaml': sample }));
  expect(text.endsWith('}\n')).toBe(true);
  const parsed = JSON.parse(text) as { checked: number; findings: Record<string, unknown>[] };
  expect(Object.keys(parsed)).toEqual(['checked', 'findings']);
  expect(parsed.checked).toBe(2);
  expect(parsed.findings.map(({ code, severity }) => [code, severity])).toEqual([
    ['needless-token', 'information'],
    ['nonstandard-mount-path', 'warning'],
    ['invalid-type', 'error'],
  ]);
  expect(parsed.findings[2]).toEqual({
    path: 'values.yaml',
    code: 'invalid-type',
    severity: 'error',
    message:
      'The chart will reject this: expirationSeconds must be a whole number, and this is the text "3600".',
    range: { start: { line: 7, character: 25 }, end: { line: 7, character: 31 } },
    related: [],
    fixes: ['Convert to 3600 (1 hour)', "Remove expirationSeconds, which leaves it to the chart's default"],
  });
});

test('nothing found', () => {
  expect(JSON.parse(formatJson(reportOf({})))).toEqual({ checked: 0, findings: [] });
});
