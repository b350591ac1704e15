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
      'x: &x {b: 1}\nz: &z {b: 2, c: 2}\n<<: [*x, *z]\n',
      { x: { b: 1 }, z: { b: 2, c: 2 }, b: 1, c: 2 },
    ],
    ['a merge of a map written there', '<<: {b: 1}\nc: 2\n', { b: 1, c: 2 }],
    ['a merge before the key that it has too', 'x: &x {b: 1}\n<<: *x\nb: 2\n', { x: { b: 1 }, b: 2 }],
    ['a key that only looks like a merge', '"<<": 1\n', { '<<': 1 }],
    ['null as a whole', 'null\n', {}],
    ['keys of other types', 'on: 1\n0x10: 2\n1.5: 3\n', { true: 1, 16: 2, 1.5: 3 }],
    ['a flow map that is not indented', 'a:\n  b: {\n  c: 1\n  }\n', { a: { b: { c: 1 } } }],
    ['a flow map that goes on at the very left', 'a: {b: 1\n, c: {d: 2}}\n', { a: { b: 1, c: { d: 2 } } }],
    ['a dash in a flow list', 'a: [bash, -]\n', { a: ['bash', '-'] }],
    ['a text with what looks like a key', 'a: "import os\nx: 1"\n', { a: 'import os x: 1' }],
    ['a colon without a blank', 'a: {b:1, "c":2}\n', { a: { 'b:1': null, c: 2 } }],
    ['a list beside its key', 'a:\n- b\n- c: 1\n', { a: ['b', { c: 1 }] }],
    ['a key of its own', '? a\n: b\n? c\n', { a: 'b', c: null }],
    ['pairs in a list', 'a: [b: 1, {c: 2}]\n', { a: [{ b: 1 }, { c: 2 }] }],
    ['a folded text', 'a: >-\n  b\n  c\n\n  d\n   e\n', { a: 'b c\nd\n e' }],
    ['a literal text', 'a: |+\n  b\n\n   c\n\nd: |1\n  e', { a: 'b\n\n c\n\n', d: ' e' }],
    ['texts over lines', `a: b\n  c\n\n  d\ne: 'f''\n\n  g'\n`, { a: 'b c\nd', e: "f'\ng" }],
    ['escapes', 'a: "\\x41\\u00e9\\U0001F600\\n\\\n  b"\n', { a: 'A\u00e9\u{1F600}\nb' }],
    ['tags', 'a: !!str 1\nb: !!int "2"\nc: !own 3\nd: !!binary aGk=\n', { a: '1', b: 2, c: '3', d: 'hi' }],
    ['a known version', '%YAML 1.1\n---\na: 1\n', { a: 1 }],
    ['a prefix for tags', '%TAG !e! tag:yaml.org,2002:\n---\na: !e!int "1"\n', { a: 1 }],
    ['a line break of its own kind', 'a: 1\rb: 2\n', { a: 1, b: 2 }],
    ['what nobody reads after the document', 'a: 1\n...\n@ "\n', { a: 1 }],
    ['an anchor that is set twice', 'a: &x 1\nb: *x\nc: &x 2\nd: *x\n', { a: 1, b: 1, c: 2, d: 2 }],
  ])('%s', (_, text, expected) => {
    expect(values(text)).toEqual(expected);
  });
});

describe('a file that Helm refuses', () => {
  test.each<[string, string, string]>([
    ['a tab', 'a: 1\nb:\n|\tc: 2\n', 'a tab stands where only spaces can'],
    ['a tab after a marker', '---\nb:\n|\tc: 2\n', 'a tab stands where only spaces can'],
    ['a line with a tab alone', 'a: 1\n|\t\nb: 2\n', 'a tab stands where only spaces can'],
    ['a tab that begins a text', 'a: >\n  |\tb\n  c\n', 'a tab stands where only spaces can'],
    ['a quote that is never closed', 'a: 1\nb: |"x\nc: 2\n', 'a quote is never closed'],
    ['one in a list at the left', 'a:\n- b: |"x\nc: 2\n', 'a quote is never closed'],
    ['a bracket that is never closed', 'a: 1\nb: {c: 1\nd|: 2\n', '"," or "}" was expected here'],
    ['one up to the end', 'a: [1\n|', '"," or "]" is missing at the end'],
    ['one in a list at the left', 'a:\n- {b: 1\n|', '"," or "}" is missing at the end'],
    ['a stray brace', 'a: 1\n|}\nb: 2\n', 'a key was expected here'],
    ['a stray bracket', 'a: 1\n|]\nb: 2\n', 'a key was expected here'],
    ['a stray dash', 'a: 1\n|-\nb: 2\n', 'a key was expected here'],
    ['stray dashes', 'a: 1\n|--\nb: 2\n', 'a key lacks its ":"'],
    ['too many dashes', 'a: 1\n|----\nb: 2\n', 'a key lacks its ":"'],
    ['a stray quote', 'a: 1\n|"\nb: 2\n', 'a quote is never closed'],
    ['an unknown escape', 'a:\n- "b|\\q"\n', '"\\q" is no escape'],
    ['an escape of JSON', 'a: "b|\\/c"\n', '"\\/" is no escape'],
    ['a short escape', 'a: "|\\u12"\n', '"\\u" needs 4 hexadecimal digits'],
    ['half a character', 'a: "|\\uD83D"\n', '"\\uD83D" is no character'],
    ['an overridden alias of nothing', 'a: |*b\na: 1\n', 'nothing before it carries the anchor "b"'],
    ['an anchor in itself', 'a: &b {c: |*b}\na: 1\n', 'an anchor holds itself'],
    ['no key', '|~: 1\n', 'this cannot be a key'],
    ['a null as a key', 'a: {|null: 1}\n', 'this cannot be a key'],
    ['a list as a key', '|[a]: 1\n', 'this cannot be a key'],
    ['infinity', 'a: |-.inf\n', 'Helm has no numbers like this'],
    ['no number', 'a: [|.NaN]\n', 'Helm has no numbers like this'],
    ['a newer version', '|%YAML 1.2\n---\na: 1\n', 'only YAML 1.1 can be asked for'],
    ['an unknown directive', '|%A b\n---\na: 1\n', 'no directive like this is known'],
    ['an end before all', '|...\na: 1\n', 'a value was expected here'],
    ['a control character', 'a: b|\x01\n', 'a control character stands in it'],
    ['one behind the document', 'a: 1\n---\n|\0', 'a control character stands in it'],
    ['a merge of no map', 'a: 1\n<<: |1\n', '"<<" takes maps only'],
    ['a merge of nothing', 'a: 1\n<<:\n|b: 1\n', '"<<" takes maps only'],
    ['a comment in a text over lines', 'a: b # c\n  |d\n', 'a key was expected here'],
    ['a key in a value', 'a: b|: c\n', 'no ":" can stand here'],
    ['a list in a value', 'a: |- b\n', 'no list can begin here'],
    ['text after a quote', 'a: "b" |c\n', 'a key was expected here'],
    ['a character that nothing begins with', 'a: |@b\n', 'no value can begin with this character'],
    ['a wrong tag', 'a: !!int |b\n', 'this is no int'],
    ['a tag that nobody declared', 'a: |!e!b c\n', 'no directive says what the tag "!e!" is'],
    ['no Base64', 'a: !!binary |b\n', 'this is no Base64'],
    [
      'a wrong header',
      'a: ||0\n  b\n',
      'the first line of a block of text has something that cannot stand there',
    ],
    ['a list', '|- a\n- b\n', 'Helm cannot read it as a map of values'],
    ['a text', '|just text\n', 'Helm cannot read it as a map of values'],
    ['a list in the first document', '---\n|- a\n', 'Helm cannot read it as a map of values'],
    ['a half-typed key', 'a: 1\n|b\n', 'a key lacks its ":"'],
  ])('%s', (_, marked, problem) => {
    const text = marked.replace('|', '');
    const found = unreadable(text);
    expect(found.problem).toMatch(/^Helm cannot read it/);
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

describe('what is out of all proportion is not read', () => {
  test.each([
    ['a large file', 'a: |\n' + '  b\n'.repeat(600_000), 'The file is too large to be read'],
    ['brackets on one line', 'a: ' + '['.repeat(10_000_000), 'The file is too large to be read'],
    ['nested brackets', 'a: ' + '['.repeat(1_900_000), 'it nests deeper than is read'],
    ['nested dashes', '- '.repeat(900_000), 'it nests deeper than is read'],
    ['nested aliases', chain(1500, (n) => `{a: ${n}}`), 'Helm cannot read it: '],
    ['aliases that multiply', chain(40, (n) => `[${n}, ${n}, ${n}]`), 'its aliases multiply to too much'],
  ])('%s', { timeout: 3000 }, (_, text, problem) => {
    expect(unreadable(text).problem).toContain(problem);
  });

  test('what is only long is read', { timeout: 3000 }, () => {
    const keys = Array.from({ length: 20_000 }, (_, index) => [`k${index}`, { a: index }] as const);
    const text = keys.map(([key, { a }]) => `${key}:\n  a: ${a}\n`).join('');
    expect(values(text)).toEqual(Object.fromEntries(keys));
  });
});

/** Anchors of which each holds what `use` makes of an alias of the one before. */
function chain(length: number, use: (alias: string) => string): string {
  const lines = Array.from({ length }, (_, index) => `k${index + 1}: &n${index + 1} ${use(`*n${index}`)}`);
  return ['k0: &n0 [x]', ...lines, ''].join('\n');
}
