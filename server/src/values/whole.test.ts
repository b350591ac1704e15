import { describe, expect, test } from 'vitest';
import { readValues } from './document';
import { wholeValues, type Unreadable } from './whole';

function values(text: string): unknown {
  const read = wholeValues(readValues(text));
  if ('unreadable' in read) throw new Error(read.unreadable.problem);
  return read.values;
}

function unreadable(text: string): Unreadable {
  const read = wholeValues(readValues(text));
  if ('values' in read) throw new Error(`Readable as ${JSON.stringify(read.values)}`);
  return read.unreadable;
}

describe('a file is read as Helm reads it', () => {
  test.each<[string, string, unknown]>([
    ['an empty file', '', {}],
    ['blanks', '\n  \n', {}],
    ['comments only', '# a\n  # b\n', {}],
    ['a document without content', '---\n# a\n', {}],
    ['an empty map', '{}\n', {}],
    ['a byte order mark', '\uFEFFa: 1\n', { a: 1 }],
    ['CRLF', 'a:\r\n  b: 1\r\nc: [x]\r\n', { a: { b: 1 }, c: ['x'] }],
    ['no final newline', 'a:\n  b: 1', { a: { b: 1 } }],
    ['a flow map', '{a: 1, b: {c: [yes]}}', { a: 1, b: { c: [true] } }],
    ['the first of several documents', 'a: 1\n---\nb: 2\n', { a: 1 }],
    ['the first of several documents, marked', '---\na: 1\n---\nb: "\n', { a: 1 }],
    ['up to the end of a document', 'a: 1\n...\nb: 2\n', { a: 1 }],
    ['the last of two with one key', 'a: 1\nb: 2\na: {c: 3}\n', { a: { c: 3 }, b: 2 }],
    ['an empty value', 'a:\nb: ~\n', { a: null, b: null }],
    ['YAML 1.1', 'a: on\nb: 0x10\nc: 1_000\nd: "no"\n', { a: true, b: 16, c: 1000, d: 'no' }],
    ['an alias', 'a: &a {b: 1}\nc: *a\nd: {e: *a}\n', { a: { b: 1 }, c: { b: 1 }, d: { e: { b: 1 } } }],
    [
      'a merge inside',
      'a: &a {b: 1, c: 1}\nd:\n  <<: *a\n  c: 2\n',
      { a: { b: 1, c: 1 }, d: { b: 1, c: 2 } },
    ],
    [
      'a merge at the root',
      'a: &a {b: 1, c: {d: 2}}\n<<: *a\n',
      { a: { b: 1, c: { d: 2 } }, b: 1, c: { d: 2 } },
    ],
    [
      'several merges at the root',
      'x: &x {b: 1}\ny: &y {c: 2}\n<<: [*x, *y]\n',
      { x: { b: 1 }, y: { c: 2 }, b: 1, c: 2 },
    ],
    ['a merge of a map written there', '<<: {b: 1}\nc: 2\n', { b: 1, c: 2 }],
    ['a merge before the key that it has too', 'x: &x {b: 1}\n<<: *x\nb: 2\n', { x: { b: 1 }, b: 2 }],
  ])('%s', (_, text, expected) => {
    expect(values(text)).toEqual(expected);
  });
});

describe('a file that Helm refuses', () => {
  test.each<[string, string, string]>([
    ['a tab', 'a: 1\nb:\n|\tc: 2\n', 'Helm cannot read it: Tabs are not allowed as indentation'],
    [
      'a tab after a marker',
      '---\nb:\n|\tc: 2\n',
      'Helm cannot read it: Tabs are not allowed as indentation',
    ],
    ['a quote that is never closed', 'a: 1\nb: "x\nc: 2\n|', 'Helm cannot read it: Missing closing "quote'],
    ['a bracket that is never closed', 'a: 1\nb: {c: 1\n|d: 2\n', 'Helm cannot read it: '],
    ['a list', '|- a\n- b\n', 'Helm cannot read it as a map of values'],
    ['a text', '|just text\n', 'Helm cannot read it as a map of values'],
    ['a list in the first document', '---\n|- a\n', 'Helm cannot read it as a map of values'],
    ['a half-typed key', 'a: 1\n|b\n', 'Helm cannot read it: '],
  ])('%s', (_, marked, problem) => {
    const text = marked.replace('|', '');
    const found = unreadable(text);
    expect(found.problem).toContain(problem);
    expect(found.problem.endsWith('.')).toBe(false);
    const withMark = `${text.slice(0, found.at)}|${text.slice(found.at)}`;
    expect(withMark).toBe(marked);
  });

  test.each([
    ['an alias of nothing', 'a: 1\nb: *c\n'],
    ['a merge of nothing', 'a: 1\n<<: *c\n'],
    ['a template', 'a: {{ x }}\n'],
    ['an alias in itself', 'a: &a\n  b: *a\n'],
  ])('%s', (_, text) => {
    expect(unreadable(text).problem).toMatch(/^Helm cannot read it/);
  });
});
