import { SaxesParser } from 'saxes';
import { expect, test } from 'vitest';
import { clean, reportOf, sample } from '../../testing/report';
import { formatJunit } from './junit';

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
  readonly parent: string | undefined;
}

/** The elements of a document in the order of their starts; throws when it is not well formed. */
function elementsOf(xml: string): Element[] {
  const parser = new SaxesParser();
  const elements: Element[] = [];
  const open: Element[] = [];
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes: { ...attributes }, text: '', parent: open.at(-1)?.name };
    elements.push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    const inner = open.at(-1);
    if (inner) inner.text += text;
  });
  parser.on('closetag', () => {
    open.pop();
  });
  parser.write(xml).close();
  return elements;
}

test('a suite for each file, and a test case for each finding', () => {
  const elements = elementsOf(
    formatJunit(
      reportOf({ 'values.yaml': sample, 'clean/values.yaml': clean }, { 'x.yaml': 'it is a binary file' }),
      'warning',
    ),
  );
  expect(elements.map(({ name, parent }) => `${parent ?? ''} > ${name}`)).toEqual([
    ' > testsuites',
    'testsuites > testsuite',
    'testsuite > testcase',
    'testcase > system-out',
    'testsuite > testcase',
    'testcase > failure',
    'testsuite > testcase',
    'testcase > failure',
    'testsuites > testsuite',
    'testsuite > testcase',
    'testsuites > testsuite',
    'testsuite > testcase',
    'testcase > error',
  ]);
  expect(elements[0]?.attributes).toEqual({
    name: 'airflow-token-volume',
    tests: '5',
    failures: '2',
    errors: '1',
  });
  expect(elements.filter(({ name }) => name === 'testsuite').map(({ attributes }) => attributes)).toEqual([
    { name: 'values.yaml', tests: '3', failures: '2', errors: '0' },
    { name: 'clean/values.yaml', tests: '1', failures: '0', errors: '0' },
    { name: 'x.yaml', tests: '1', failures: '0', errors: '1' },
  ]);
  const message =
    'The chart will reject this: expirationSeconds must be a whole number, and this is the text "3600".';
  expect(elements[6]?.attributes).toEqual({ name: 'invalid-type at 8:26', classname: 'values.yaml' });
  expect(elements[7]).toMatchObject({
    attributes: { type: 'error', message },
    text: `values.yaml:8:26 error invalid-type: ${message}`,
  });
});

test.each([
  ['error', 1],
  ['warning', 2],
  ['information', 3],
  ['hint', 3],
  ['never', 0],
] as const)('with the threshold at %s there are %i failures', (threshold, failures) => {
  const elements = elementsOf(formatJunit(reportOf({ 'values.yaml': sample }), threshold));
  expect(elements[0]?.attributes['failures']).toBe(String(failures));
  expect(elements.filter(({ name }) => name === 'failure')).toHaveLength(failures);
});

test('what XML cannot have is left out, and everything else comes through', () => {
  const [file] = reportOf({ 'values.yaml': sample }).files;
  const [finding] = file?.findings ?? [];
  if (!file || !finding) throw new Error('The sample has no finding.');
  const message = 'a <b> & "c" \'d\'\t\r\n]]> 😀\u0000\u001B\uFFFE\uD800 e';
  const report = {
    files: [{ ...file, path: '<&">.yaml', findings: [{ ...finding, message }] }],
    problems: [],
  };
  const elements = elementsOf(formatJunit(report, 'hint'));
  expect(elements[1]?.attributes['name']).toBe('<&">.yaml');
  expect(elements[3]?.attributes['message']).toBe('a <b> & "c" \'d\'\t\r\n]]> 😀 e');
});

test('nothing looked at', () => {
  expect(elementsOf(formatJunit(reportOf({}), 'error'))).toHaveLength(1);
});
