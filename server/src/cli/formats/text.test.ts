import { expect, test } from 'vitest';
import { createEnvironment } from '../../testing/commandLine';
import { clean, reportOf, sample } from '../../testing/report';
import type { Report, ReportedFinding } from '../report';
import { styleFor } from '../style';
import { formatText } from './text';

const plain = styleFor(createEnvironment().out, {});

/** The sample's report with one finding, changed. */
function reportWith(text: string, changes: Partial<ReportedFinding>, path = 'values.yaml'): Report {
  const [sampled] = reportOf({ 'values.yaml': sample }).files[0]?.findings ?? [];
  const [file] = reportOf({ 'values.yaml': text }).files;
  if (!file || !sampled) throw new Error('The sample has no finding.');
  const finding = { ...sampled, related: [], fixes: [], message: 'm', ...changes };
  return { files: [{ ...file, path, findings: [finding] }], problems: [] };
}

function linesOf(text: string, start: number, end: number, line = 0): string[] {
  const range = { start: { line, character: start }, end: { line, character: end } };
  return formatText(reportWith(text, { range }), plain).split('\n').slice(2, 4);
}

test('each finding with its line, its mark and its fixes, and the count at the end', () => {
  expect(formatText(reportOf({ 'values.yaml': sample, 'clean/values.yaml': clean }), plain)).toBe(
    `values.yaml:6:16 information needless-token: This token only adds exposure: with CeleryExecutor alone the scheduler never calls the Kubernetes API.
  |
6 |       enabled: true
  |                ^^^^
  = note: line 1: The executor is chosen here.
  = help: Mount no token at all in the scheduler, which needs none with this executor

values.yaml:7:18 warning nonstandard-mount-path: Airflow will not find this token: its Kubernetes client reads only /var/run/secrets/kubernetes.io/serviceaccount.
  |
7 |       mountPath: /tmp/token
  |                  ^^^^^^^^^^
  = help: Restore the standard mount path

values.yaml:8:26 error invalid-type: The chart will reject this: expirationSeconds must be a whole number, and this is the text "3600".
  |
8 |       expirationSeconds: "3600"
  |                          ^^^^^^
  = help: Convert to 3600 (1 hour)
  = help: Remove expirationSeconds, which leaves it to the chart's default

1 error, 1 warning, 1 information in 1 of 2 files. Run "airflow-token-volume fix" to apply the safe fixes.
`,
  );
});

test.each([
  [{}, {}, 'No values for the Airflow chart found.\n'],
  [{}, { 'a.yaml': 'x' }, 'No values for the Airflow chart found. 1 could not be read.\n'],
  [{ 'values.yaml': clean }, {}, 'No findings in 1 file.\n'],
  [
    { 'a.yaml': clean, 'b.yaml': clean },
    { c: 'x', d: 'y' },
    'No findings in 2 files. 2 could not be read.\n',
  ],
])('the count %#', (files: Record<string, string>, unreadable: Record<string, string>, expected) => {
  expect(formatText(reportOf(files, unreadable), plain)).toBe(expected);
});

test('the safe fixes are pointed out only where there is one', () => {
  const unsafe = sample.replace('      expirationSeconds: "3600"\n', '');
  expect(formatText(reportOf({ 'values.yaml': unsafe }), plain)).toMatch(/ in 1 file\.\n$/);
});

test('colours are around the words, and change nothing else', () => {
  const report = reportOf({ 'values.yaml': sample });
  const coloured = formatText(report, styleFor(createEnvironment({ isTerminal: true }).out, {}));
  expect(coloured).toContain('\u001B[1;31merror\u001B[0m');
  // eslint-disable-next-line no-control-regex
  expect(coloured.replace(/\u001B\[[\d;]*m/g, '')).toBe(formatText(report, plain));
});

test.each([
  ['in the middle', 'key: value', 5, 10, '1 | key: value', '  |      ^^^^^'],
  ['nothing', 'key:', 4, 4, '1 | key:', '  |     ^'],
  ['behind the end', 'key:', 9, 12, '1 | key:', '  |     ^'],
  ['after tabs', '\tkey:\tvalue', 6, 11, '1 | \tkey:\tvalue', '  | \t    \t^^^^^'],
  ['wide characters', '名前: 値 x', 6, 7, '1 | 名前: 値 x', '  |          ^'],
  ['a wide mark', 'a: 値段', 3, 5, '1 | a: 値段', '  |    ^^^^'],
  ['an accent of its own', 'e\u0301: x', 4, 5, '1 | e\u0301: x', '  |    ^'],
  ['an emoji', '😀: x', 4, 5, '1 | 😀: x', '  |     ^'],
  ['with a carriage return', 'key: value\r\nb: 1', 5, 10, '1 | key: value', '  |      ^^^^^'],
])('the mark stands under its text: %s', (_, text, start, end, source, mark) => {
  expect(linesOf(text, start, end)).toEqual([source, mark]);
});

test('a mark over several lines ends with the first one', () => {
  const range = { start: { line: 0, character: 2 }, end: { line: 1, character: 3 } };
  expect(formatText(reportWith('a: b\nc: d\n', { range }), plain).split('\n')[3]).toBe('  |   ^^');
});

test('the margin is as wide as the number of the line', () => {
  expect(linesOf(`${'\n'.repeat(99)}a: b`, 0, 1, 99)).toEqual(['100 | a: b', '    | ^']);
});

test('of a long line the part around the mark is shown', () => {
  const [source = '', mark = ''] = linesOf(`a: ${'x'.repeat(500)}TOKEN${'y'.repeat(500)}`, 503, 508);
  expect(source).toMatch(/^1 \| …x+TOKENy+…$/);
  expect(source.length).toBeLessThan(130);
  expect(source.slice(mark.indexOf('^'), mark.lastIndexOf('^') + 1)).toBe('TOKEN');
});

test('what the file says does nothing to the terminal', () => {
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
  const report = reportWith(
    'a: \u001B[2J\u0007\u202E',
    { range, message: 'no \u001B]0;title' },
    'a\u001Bb\n.yaml',
  );
  // eslint-disable-next-line no-control-regex
  expect(formatText(report, plain)).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u202E]/);
  expect(formatText(report, plain)).toContain('1 | a: \uFFFD[2J\uFFFD\uFFFD');
});
