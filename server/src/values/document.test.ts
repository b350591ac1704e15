import { existsSync, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';
import { readValues, unknown, type PlainValue } from './document';

/** Everything in a values file as plain data. */
function plainRoot(text: string): Record<string, PlainValue | typeof unknown> {
  const document = readValues(text);
  return Object.fromEntries(
    document.topLevelKeys.map((key) => {
      const found = document.find([key]);
      return [key, found.state === 'set' ? document.plain(found.value) : unknown];
    }),
  );
}

function valueAt(text: string, path: string): unknown {
  const document = readValues(text);
  const found = document.find(path.split('.'));
  return found.state === 'set' ? document.plain(found.value) : found.state;
}

describe('cutting a file into entries reads the same as reading it whole', () => {
  test.each([
    ['comments between and inside', '# a\na: 1 # b\n\n# c\nb:\n  # d\n  c: 2\n# e\n  d: 3\n'],
    ['a list at the indentation of its key', 'a:\n- 1\n- b: 2\n  c: 3\nd: 4\n'],
    [
      'block scalars that look like keys',
      'a: |\n  b: 1\n  "open\n   {\nc: >-\n\n  d: 2\ne:\n  - |\n   f: "\n  - 2\ng: 1\n',
    ],
    ['a block scalar that ends with a comment', 'a: |\n  text\n# c\nb: 1\n'],
    ['quotes over lines', "a: \"x\n  y: 'z\n\n  \"\nb: 'it''s\n  c: 1'\nd: 1\n"],
    ['brackets over lines, closed at the left margin', 'a: {\n  b: 1,\n  "c": [1,\n  2]\n}\nd: 1\n'],
    ['quotes inside plain text', 'a: it\'s "so"\nb: 5" wide\nc: [it\'s, "x"]\n'],
    ['plain text over lines', 'a: one\n  "two\n  three\nb: 1\n'],
    ['anchors and tags', 'a: &x\n  b: 1\nc: !!str 12\nd: &y "q"\ne: *x\n'],
    ['document markers', '---\na: 1\n---\nb: 2\n'],
    ['a document end', 'a: 1\n...\nb: 2\n'],
    ['an indented root', '  a: 1\n  b:\n    c: 2\n'],
    ['a flow map at the root', '{a: 1, "b": {c: [x]}}\n'],
    ['quoted keys', '"a": 1\n\'b\' : 2\n'],
    ['CRLF', 'a:\r\n  b: 1\r\n\r\nc: "x"\r\n'],
    ['a byte order mark', '\uFEFFa: 1\nb: 2\n'],
    ['no final newline', 'a:\n  b: 1\nc:'],
    ['an empty value before a comment', 'a: # none\nb: 1\n'],
    ['a colon without a space', 'a: b:c\nd: http://e\n'],
    ['nothing', ''],
    ['comments only', '# a\n  # b\n'],
  ])('%s', (_, text) => {
    const first = text.replace(/^\uFEFF/, '').split(/^---\n(?!a)|^\.\.\.$/m)[0] ?? '';
    const expected = (parse(first, { version: '1.1', merge: true, strict: false }) ?? {}) as Record<
      string,
      unknown
    >;
    expect(plainRoot(text)).toEqual(expected);
  });

  test('generated files', () => {
    const key = fc.stringMatching(/^k[a-z]{0,5}$/);
    const leaf = fc.constantFrom(
      '1',
      'x',
      '"q: {"',
      "'s # '",
      '[1, {a: b}]',
      '{a: "}"}',
      '|\n{i}  lit: "\n{i}  b',
      '',
      'p\n{i}  q',
      '"m\n{i}  n"',
    );
    const tree = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof({ maxDepth: 4 }, leaf, fc.dictionary(key, tie('node'), { minKeys: 1, maxKeys: 4 })),
    })).node;
    const write = (node: unknown, indent: string): string =>
      typeof node === 'string'
        ? ` ${node.replaceAll('{i}', indent)}\n`
        : `${indent === '' ? '' : '\n'}${Object.entries(node as object)
            .map(([name, value]) => `${indent}${name}:${write(value, `${indent}  `)}${indent}# c: "\n`)
            .join('')}`;
    fc.assert(
      fc.property(fc.dictionary(key, tree, { minKeys: 1 }), (content) => {
        const text = write(content, '');
        expect(plainRoot(text)).toEqual(parse(text, { version: '1.1' }));
      }),
    );
  });

  const chart = new URL('../../../../shared/data/airflow-chart-1.22.0/values.yaml', import.meta.url);
  test.runIf(existsSync(chart))("the chart's own values file", () => {
    const text = readFileSync(chart, 'utf8');
    expect(plainRoot(text)).toEqual(parse(text, { version: '1.1' }));
  });
});

describe('values are merged as Helm merges them', () => {
  const cases: [string, string, string, unknown][] = [
    ['the last of repeated keys', 'a: {b: 1}\na: {b: 2}\n', 'a.b', 2],
    ['a merge before a key', 'x: &x {b: 1}\na:\n  <<: *x\n  b: 2\n', 'a.b', 2],
    ['a merge after a key', 'x: &x {b: 1}\na:\n  b: 2\n  <<: *x\n', 'a.b', 1],
    ['the first of several merged maps', 'x: &x {b: 1}\ny: &y {b: 2}\na: {<<: [*x, *y]}\n', 'a.b', 1],
    ['an alias', 'x: &x {b: 1}\na: *x\n', 'a.b', 1],
    ['an alias to an earlier anchor of the same name', 'x: &x {b: 1}\na: *x\ny: &x {b: 2}\n', 'a.b', 1],
    ['an unknown alias', 'a: *x\n', 'a.b', 'unknown'],
    ['a merge of something unknown', 'a:\n  c: 1\n  <<: *x\n', 'a.c', 'unknown'],
    ['an alias of itself', 'a: &x\n  b: *x\n', 'a.b.b.c', 'absent'],
    ['nothing after the end of an indented root', '  a: 1\nb: 2\n', 'b', 'absent'],
    ['a key with an anchor', 'a: 1\n&x b: 2\n', 'b', 2],
    ['a key with a space that is none to YAML', 'a\u00a0: 1\n', 'a', 'absent'],
    ['a key with an escape', '"\\x61": 1\n', 'a', 1],
    ['a block scalar without a last line break', 'a: |\n  x', 'a', 'x'],
    ['a text tag with nothing', 'a: {b: !!str }\n', 'a.b', ''],
    ['the first document only', 'a: 1\n---\nb: 2\n', 'b', 'absent'],
  ];
  test.each(cases)('%s', (_, text, path, expected) => {
    expect(valueAt(text, path)).toBe(expected);
  });
});

describe('half-typed text leaves the rest readable', () => {
  const cases: [string, string, Record<string, unknown>][] = [
    [
      'a word before a key',
      'a:\n  ser\n  y: 2\n',
      { 'a.y': 2, 'a.x': 'absent', 'a.serviceAccount': 'absent', 'a.s': 'unknown' },
    ],
    ['a word after a key', 'a:\n  x: 1\n  ser\nb: 2\n', { 'a.x': 1, b: 2 }],
    [
      'a word at the left',
      'a:\n  x: 1\nexec\nb: 2\n',
      { 'a.x': 1, b: 2, executor: 'absent', exec: 'unknown' },
    ],
    [
      'a key without a colon before its value',
      'a:\n  x: 1\n  serv: {\nb: 2\n',
      { 'a.service': 'unknown', b: 2 },
    ],
    ['a lone quote', 'a:\n  x: 1\n  "\nb: 2\n', { 'a.x': 1, 'a.y': 'absent', b: 2 }],
    ['an open quote', 'a:\n  x: "foo\n  y: 2\nb: 3\nc: "d"\n', { 'a.x': 'unknown', 'a.y': 2, b: 3, c: 'd' }],
    ['an open brace', 'a:\n  x: {b: 1\n  y: 2\nb: 3\n', { 'a.x': 'unknown', 'a.y': 2, b: 3 }],
    ['an open bracket', 'a:\n  x: [1,\n  y: 2\nb: [3]\n', { 'a.x': 'unknown', 'a.y': 2 }],
    ['a key without a space', 'a:\n  x:1\n  y: 2\n', { 'a.y': 2, 'a.x': 'unknown' }],
    ['a key without a colon above its values', 'a:\n  x\n    z: 1\n  y: 2\n', { 'a.y': 2, 'a.x': 'unknown' }],
    ['a line indented too deep', 'a:\n  x: 1\n   y: 2\n  z: 3\n', { 'a.z': 3 }],
    ['a tab', 'a:\n  x: 1\n\ty: 2\n  z: 3\nb: 1\n', { 'a.x': 1, b: 1 }],
    ['a reserved character', 'a:\n  x: @foo\n  z: 3\n', { 'a.z': 3, 'a.x': 'unknown' }],
    ['a second colon', 'a:\n  x: b: c\n  z: 3\n', { 'a.z': 3, 'a.x': 'unknown' }],
    ['text after a quote', "a:\n  x: 'b' c\n  z: 3\n", { 'a.z': 3, 'a.x': 'unknown' }],
    ['an empty alias', 'a:\n  x: *\n  z: 3\n', { 'a.z': 3, 'a.x': 'unknown' }],
    ['a template as a value', 'a:\n  x: {{ foo }}\n  z: 3\n', { 'a.z': 3, 'a.x': unknown }],
    ['a template as a line', 'a:\n  {{ foo }}\n  z: 3\nb: 1\n', { 'a.z': 'unknown', b: 1 }],
    ['an empty value with damage in it', 'a:\n  x:\n    "\n  z: 3\n', { 'a.z': 3, 'a.x.y': 'unknown' }],
  ];
  test.each(cases)('%s', (_, text, expected) => {
    expect(Object.fromEntries(Object.keys(expected).map((path) => [path, valueAt(text, path)]))).toEqual(
      expected,
    );
  });
});

test('earlier versions are let go', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const versions: WeakRef<object>[] = [];
  let document = readValues('a:\n  x: 1\nb: 2\n');
  for (let length = 1; length < 300; length++) {
    document = document.edit([{ range: { start: 8, end: 8 }, newText: '1' }]);
    document.find(['b']);
    const found = document.find(['a', 'x']);
    if (found.state === 'set') versions.push(new WeakRef(found.value));
  }
  // A weak reference holds what it refers to until the turn ends.
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  expect(versions.filter((version) => version.deref() !== undefined).length).toBeLessThan(3);
});

test('an edit elsewhere keeps what was read, at its new place', () => {
  const before = readValues('a:\n  x: 1\nb:\n  y: 2\n');
  before.find(['b', 'y']);
  const after = before.edit([{ range: { start: 9, end: 9 }, newText: '000' }]);
  const found = after.find(['b', 'y']);
  expect(found.state === 'set' && after.text.slice(found.value.range.start, found.value.range.end)).toBe('2');
});

test('deep nesting is told from long lines', () => {
  const line = `a: '${'"b": '.repeat(300)}' # ${'- '.repeat(300)}${'['.repeat(300)}\n`;
  expect(valueAt(`${line.replace('a', 'x')}a: 1\n`, 'a')).toBe(1);
  expect(valueAt(`a: {b: [${'{c: 1, d: {e: 2}}, '.repeat(300)}], f: 1}\n`, 'a.f')).toBe(1);
  expect(valueAt(`a:\n  b: |\n${' '.repeat(600)}deep\n  c: 1\n`, 'a.c')).toBe(1);
});

test('aliases that multiply are given up, as Helm does', () => {
  const lists = ['a: &a [1,1,1,1,1,1,1,1,1]'];
  const merges = ['a: &a {x: 1}'];
  for (let level = 1; level < 14; level++) {
    const [name, before] = [String.fromCharCode(97 + level), String.fromCharCode(96 + level)];
    lists.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(',')}]`);
    merges.push(`${name}: &${name} {<<: [${Array(9).fill(`*${before}`).join(',')}], y: 1}`);
  }
  expect(valueAt(`${lists.join('\n')}\n`, 'n')).toBe(unknown);
  expect(valueAt(`${merges.join('\n')}\n`, 'n.z')).toBe('unknown');
});

describe('text that nests or opens without end is answered, and the process lives', () => {
  const openers = [
    '[',
    '{',
    '"',
    "'",
    '- ',
    '? ',
    'a: ',
    'a: [\n',
    "a: '\n",
    'scheduler: "\n',
    '&a ',
    '!!str ',
  ];
  test.each(openers)(
    '%j',
    (opener) => {
      const path = ['scheduler', 'serviceAccount'];
      expect(readValues(opener.repeat(200_000)).find(path).state).not.toBe('set');
      expect(readValues(`scheduler: ${opener.repeat(100_000)}`).find(path).state).not.toBe('set');
    },
    20_000,
  );
});

test('many aliases at the top level cost no search of the file each', { timeout: 3000 }, () => {
  const keys = Array.from({ length: 20_000 }, (_, index) => `k${index}`);
  const document = readValues(['a: &a {b: 1}', ...keys.map((key) => `${key}: *a`), ''].join('\n'));
  expect(keys.every((key) => document.find([key, 'b']).state === 'set')).toBe(true);
});

test('of anchors with one name, the last before the alias counts', () => {
  const document = readValues(
    'a: &x 1\nb: *x\nc: [&x 2, *x, &x 3]\nd: *x\ne: &xy 4\nf: *x\ng: *y\nh: &y 5\n',
  );
  const plain = (key: string): unknown => {
    const found = document.find([key]);
    return found.state === 'set' ? document.plain(found.value) : found.state;
  };
  expect(['b', 'c', 'd', 'f', 'g'].map(plain)).toEqual([1, [2, 2, 3], 3, 3, 'unknown']);
});

test('one bracket that spoils hundreds of lines is worked around', () => {
  const lines = Array.from({ length: 400 }, (_, index) => (index % 7 ? `    k${index}: v` : `  m${index}:`));
  lines[12] = '    {k12: v';
  const document = readValues(['a:', ...lines, '  c: 1', ''].join('\n'));
  expect(document.find(['a', 'c']).state).toBe('set');
});

test('several changes at once', () => {
  const document = readValues('0123456789\n');
  const change = (start: number, end: number, newText: string) => ({ range: { start, end }, newText });
  expect(document.edit([change(5, 7, 'B'), change(5, 5, 'A'), change(5, 5, 'a')]).text).toBe('01234AaB789\n');
  expect(document.edit([change(9, 10, ''), change(0, 1, 'xy')]).text).toBe('xy12345678\n');
  expect(() => document.edit([change(2, 7, ''), change(5, 6, '')])).toThrow(RangeError);
});

test('a byte order mark alone before the end of the document', () => {
  expect(readValues('\uFEFF...\na: 1\n').documentRange).toEqual({ start: 1, end: 1 });
});

test('the first character of a key at the top level is its own', () => {
  const document = readValues('a: 1\nb:\n  c: 2\n');
  expect(document.pathAt(5)?.path).toEqual(['b']);
  expect(document.pathAt(4)?.path).toEqual(['a']);
});
