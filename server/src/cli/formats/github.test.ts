import { expect, test } from 'vitest';
import { clean, reportOf, sample } from '../../testing/report';
import { formatGithub } from './github';

test('a command for each finding', () => {
  expect(formatGithub(reportOf({ 'clean/values.yaml': clean, 'values.yaml': sample })).split('\n')).toEqual([
    '::notice file=values.yaml,line=6,endLine=6,col=16,endColumn=20,title=needless-token::This token only adds exposure: with CeleryExecutor alone the scheduler never calls the Kubernetes API.',
    '::warning file=values.yaml,line=7,endLine=7,col=18,endColumn=28,title=nonstandard-mount-path::Airflow will not find this token: its Kubernetes client reads only /var/run/secrets/kubernetes.io/serviceaccount.',
    '::error file=values.yaml,line=8,endLine=8,col=26,endColumn=32,title=invalid-type::The chart will reject this: expirationSeconds must be a whole number, and this is the text "3600".',
    '',
  ]);
});

test('what has a meaning in a command is escaped, and columns are left out of a range over lines', () => {
  const [file] = reportOf({ 'values.yaml': sample }).files;
  const [finding] = file?.findings ?? [];
  if (!file || !finding) throw new Error('The sample has no finding.');
  const range = { start: { line: 0, character: 3 }, end: { line: 1, character: 2 } };
  const odd = { ...finding, range, code: 'a:b,c', message: '100%,\r\nso: there', related: [] };
  expect(formatGithub({ files: [{ ...file, path: 'a,b:c%/v.yaml', findings: [odd] }], problems: [] })).toBe(
    '::notice file=a%2Cb%3Ac%25/v.yaml,line=1,endLine=2,title=a%3Ab%2Cc::100%25,%0D%0Aso: there\n',
  );
});

test('what it has to do with other files stands below the message, and with its own file nowhere', () => {
  const [file] = reportOf({ 'values.yaml': sample }).files;
  const [finding] = file?.findings ?? [];
  if (!file || !finding) throw new Error('The sample has no finding.');
  const range = { start: { line: 4, character: 0 }, end: { line: 4, character: 8 } };
  const related = ['values.yaml', 'values-prod.yaml'].map((path) => ({ path, message: 'Here.', range }));
  const text = formatGithub({ files: [{ ...file, findings: [{ ...finding, related }] }], problems: [] });
  expect(text.endsWith('API.%0Avalues-prod.yaml:5: Here.\n')).toBe(true);
});

test('nothing found', () => {
  expect(formatGithub(reportOf({ 'values.yaml': clean }))).toBe('');
});
