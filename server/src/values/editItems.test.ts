import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readValues, unknown, type PlainValue } from './document';
import { applyEdits } from '../testing/edits';
import type { WantedValues } from './edit';
import { removeItems, type ItemPath } from './editItems';

/** The text without items, named as `path.of.list[1]`, and with other values; undefined where that is refused. */
function remove(text: string, items: readonly string[], wanted: WantedValues = {}): string | undefined {
  const edits = removeItems(readValues(text), items.map(itemOf), wanted);
  return edits && applyEdits(text, edits);
}

function itemOf(name: string): ItemPath {
  const [, list = '', index = ''] = /^(.*)\[(\d+)\]$/.exec(name) ?? [];
  return { list: list.split('.'), index: Number(index) };
}

const first = ['a.l[0]'];
const middle = ['a.l[1]'];
const last = ['a.l[2]'];
const all = ['a.l[0]', 'a.l[1]', 'a.l[2]'];

describe('items are removed from a list in block style', () => {
  const list = 'a:\n  l:\n    - x: 1\n      y: 2\n    - z\n    - [w]\n  m: 1\nb: 2\n';
  test.each<[string, string, string[], string]>([
    ['the first', list, first, 'a:\n  l:\n    - z\n    - [w]\n  m: 1\nb: 2\n'],
    ['one in the middle', list, middle, 'a:\n  l:\n    - x: 1\n      y: 2\n    - [w]\n  m: 1\nb: 2\n'],
    ['the last', list, last, 'a:\n  l:\n    - x: 1\n      y: 2\n    - z\n  m: 1\nb: 2\n'],
    ['two', list, ['a.l[2]', 'a.l[0]'], 'a:\n  l:\n    - z\n  m: 1\nb: 2\n'],
    [
      'one that is named twice',
      list,
      ['a.l[1]', 'a.l[1]'],
      'a:\n  l:\n    - x: 1\n      y: 2\n    - [w]\n  m: 1\nb: 2\n',
    ],
    ['all, with their key', list, all, 'a:\n  m: 1\nb: 2\n'],
    ['the list at the column of its key', 'a:\n  l:\n  - 1\n  - 2\nb: 2\n', first, 'a:\n  l:\n  - 2\nb: 2\n'],
    ['the last line of a file', 'a:\n  l:\n    - 1\n    - 2', middle, 'a:\n  l:\n    - 1'],
    [
      'the last item of many lines',
      'a:\n  l:\n    - 1\n    - b:\n        c: |\n          d\n\n  m: 1\n',
      middle,
      'a:\n  l:\n    - 1\n\n  m: 1\n',
    ],
    [
      'items of two lists',
      'a:\n  l: [1, 2]\nb:\n  - 3\n  - 4\n',
      ['a.l[0]', 'b[1]'],
      'a:\n  l: [2]\nb:\n  - 3\n',
    ],
    [
      'wide indents',
      'a:\n    l:\n        -   x: 1\n            y: 2\n        -   z: 3\n',
      first,
      'a:\n    l:\n        -   z: 3\n',
    ],
    ['a list at the root', 'l:\n- 1\n- 2\n', ['l[0]'], 'l:\n- 2\n'],
  ])('%s', (_, text, items, expected) => {
    expect(remove(text, items)).toBe(expected);
    const crlf = (some: string): string => some.replaceAll('\n', '\r\n');
    expect(remove(crlf(text), items), 'with CRLF').toBe(crlf(expected));
    const unended = (some: string): string => some.replace(/\n$/, '');
    expect(remove(unended(text), items), 'without a final newline').toBe(unended(expected));
    expect(remove(`\uFEFF${text}`, items), 'with a byte order mark').toBe(`\uFEFF${expected}`);
  });

  test.each<[string, string, string[], string]>([
    [
      'after the item goes with it',
      'a:\n  l:\n    - 1 # one\n    - 2 # two\n',
      first,
      'a:\n  l:\n    - 2 # two\n',
    ],
    [
      'above the item stays',
      'a:\n  l:\n    # of one\n    - 1\n    # of two\n    - 2\n',
      first,
      'a:\n  l:\n    # of one\n    # of two\n    - 2\n',
    ],
    [
      'above the next one stays',
      'a:\n  l:\n    - 1\n    # of two\n    - 2\n',
      first,
      'a:\n  l:\n    # of two\n    - 2\n',
    ],
    [
      'inside the item goes with it',
      'a:\n  l:\n    - x: 1\n      # of y\n      y: 2\n    - 2\n',
      first,
      'a:\n  l:\n    - 2\n',
    ],
    [
      'below the last item stays',
      'a:\n  l:\n    - 1\n    - 2\n  # of b\n  b: 1\n',
      middle,
      'a:\n  l:\n    - 1\n  # of b\n  b: 1\n',
    ],
  ])('a comment %s', (_, text, items, expected) => {
    expect(remove(text, items)).toBe(expected);
  });
});

test('items of two lists of one map can be removed at once', () => {
  const text = 'a:\n  l:\n    - 1\n    - 2\n  m:\n    - 3\n';
  expect(remove(text, ['a.l[1]', 'a.m[0]'])).toBe('a:\n  l:\n    - 1\n');
  expect(remove(text, ['a.l[0]', 'a.m[0]'])).toBe('a:\n  l:\n    - 2\n');
});

describe('items are removed from a list in flow style', () => {
  test.each<[string, string, string[], string]>([
    ['the first', 'a: {l: [1, {b: 2}, 3], m: 1}\n', first, 'a: {l: [{b: 2}, 3], m: 1}\n'],
    ['one in the middle', 'a:\n  l: [ 1, {b: 2}, 3 ]\n', middle, 'a:\n  l: [ 1, 3 ]\n'],
    ['the last', 'a:\n  l: [ 1, {b: 2}, 3 ]\n', last, 'a:\n  l: [ 1, {b: 2} ]\n'],
    ['the last two', 'a:\n  l: [1, 2, 3]\n', ['a.l[1]', 'a.l[2]'], 'a:\n  l: [1]\n'],
    ['the first two', 'a:\n  l: [1, 2, 3]\n', ['a.l[0]', 'a.l[1]'], 'a:\n  l: [3]\n'],
    ['the first and the last', 'a:\n  l: [1, 2, 3]\n', ['a.l[0]', 'a.l[2]'], 'a:\n  l: [2]\n'],
    ['all, with their key', 'a: {l: [1, 2, 3], m: 1}\n', all, 'a: {m: 1}\n'],
    ['over lines', 'a:\n  l: [\n    1,\n    2,\n    3,\n  ]\n', middle, 'a:\n  l: [\n    1,\n    3,\n  ]\n'],
  ])('%s', (_, text, items, expected) => {
    expect(remove(text, items)).toBe(expected);
    expect(remove(text.replaceAll('\n', '\r\n'), items), 'with CRLF').toBe(expected.replaceAll('\n', '\r\n'));
  });
});

describe('what would do anything else is refused', () => {
  test.each<[string, string, string[]]>([
    ['an anchor of the item that is used', 'a:\n  l:\n    - &i 1\n    - 2\nb: *i\n', first],
    ['an anchor in the item that is used', 'a:\n  l:\n    - {x: &i 1}\n    - 2\nb: *i\n', first],
    ['an anchor in all items that is used', 'a:\n  l:\n    - &i 1\n  m: 1\nb: *i\n', first],
    ['a list by an alias', 'x: &x [1, 2]\na:\n  l: *x\n', first],
    ['a list that an alias uses', 'a:\n  l: &x [1, 2]\nb: *x\n', first],
    ['a list in a map that an alias uses', 'a: &a\n  l:\n    - 1\n    - 2\nb: *a\n', first],
    ['a list by a merge', 'x: &x {l: [1, 2]}\na:\n  <<: *x\n', first],
    ['a comment between items in flow style', 'a:\n  l: [1, # one\n    2]\n', first],
    ['an item on the line of its list', 'a:\n  l:\n    - - 1\n      - 2\n', ['a.l.0[0]']],
    ['an item that is not there', 'a:\n  l: [1, 2]\n', ['a.l[7]']],
    ['a list that is not there', 'a:\n  m: 1\n', first],
    ['something that is no list', 'a:\n  l: {b: 1}\n', first],
    ['an empty list', 'a:\n  l: []\n', first],
    ['half-typed text in the list', 'a:\n  l:\n    - 1\n    - "x\n', first],
    ['a map that would be left empty, where Helm aborts', 'a:\n  l:\n    - 1\nb: 2\n', first],
    ['an earlier list under the key that would come back', 'a:\n  l: [1]\n  l: [2]\n', first],
  ])('%s', (_, text, items) => {
    expect(remove(text, items)).toBeUndefined();
  });

  test('an anchor that nobody uses is no obstacle', () => {
    expect(remove('a:\n  l:\n    - x: &i 1\n    - 2\n', first)).toBe('a:\n  l:\n    - 2\n');
  });

  test('a list with an alias in it is no obstacle', () => {
    expect(remove('x: &x 1\na:\n  l:\n    - *x\n    - 2\n', first)).toBe('x: &x 1\na:\n  l:\n    - 2\n');
  });
});

describe('values are set in the same go', () => {
  const wanted = { a: { s: { enabled: true } } };
  const set = '  s:\n    enabled: true\n';
  test.each<[string, string, string[], WantedValues, string]>([
    [
      'after what is left',
      'a:\n  l:\n    - 1\n    - 2\nb: 1\n',
      middle,
      wanted,
      `a:\n  l:\n    - 1\n${set}b: 1\n`,
    ],
    ['in place of the list', 'a:\n  l:\n    - 1\nb: 1\n', first, wanted, `a:\n${set}b: 1\n`],
    ['in place of the list at the end', 'a:\n  m: 1\n  l:\n    - 1\n', first, wanted, `a:\n  m: 1\n${set}`],
    [
      'before the list',
      'a:\n  s:\n    enabled: no # c\n  l:\n    - 1\n    - 2\n',
      first,
      wanted,
      'a:\n  s:\n    enabled: true # c\n  l:\n    - 2\n',
    ],
    [
      'after the list',
      'a:\n  l:\n    - 1\n    - 2\n  s:\n    enabled: no\n',
      first,
      wanted,
      'a:\n  l:\n    - 2\n  s:\n    enabled: true\n',
    ],
    [
      'on both sides of it',
      'a:\n  s: {enabled: no}\n  l:\n    - 1\n  t: 1\n',
      first,
      { a: { s: { enabled: true }, t: 2 } },
      'a:\n  s: {enabled: true}\n  t: 2\n',
    ],
    [
      'under another key',
      'a:\n  l:\n    - 1\n    - 2\nb: 1\n',
      middle,
      { b: 2, c: 3 },
      'a:\n  l:\n    - 1\nb: 2\nc: 3\n',
    ],
    ['in a flow map', 'a: {l: [1, 2], m: 1}\n', middle, { a: { s: 1 } }, 'a: {l: [1], m: 1, s: 1}\n'],
    [
      'what is there already',
      'a:\n  l:\n    - 1\n    - 2\n  s: 1\n',
      first,
      { a: { s: 1 } },
      'a:\n  l:\n    - 2\n  s: 1\n',
    ],
  ])('%s', (_, text, items, values, expected) => {
    expect(remove(text, items, values)).toBe(expected);
    expect(remove(text.replace(/\n$/, ''), items, values), 'without a final newline').toBe(
      expected.replace(/\n$/, ''),
    );
    expect(remove(text.replaceAll('\n', '\r\n'), items, values), 'with CRLF').toBe(
      expected.replaceAll('\n', '\r\n'),
    );
  });

  test('values that cannot be set are refused with the removal', () => {
    expect(remove('a:\n  l: [1, 2]\nb: [1]\n', first, { b: { c: 1 } })).toBeUndefined();
  });

  test('every edit tells for which key at the top it is', () => {
    const edits = removeItems(readValues('a:\n  l: [1, 2]\nb: 1\n'), first.map(itemOf), { b: 2 });
    expect(edits?.map(({ entry }) => entry)).toEqual(['a', 'b']);
  });
});

describe('for any file', () => {
  const item = fc.constantFrom(
    ...[
      '1',
      'x # c',
      '{p: 1, q: [2]}',
      '"- y"',
      'p: 1\n      q: 2',
      'p:\n        - 1\n      # c\n      q: 2',
    ],
    ...['|\n      t\n      # no comment', '[1, 2]', 'p: 1 # c\n    # between'],
  );
  const flowItem = fc.constantFrom('1', 'x', '{p: 1, q: [2]}', '"a, b"', '[1, 2]');
  const block = fc
    .array(item, { minLength: 1, maxLength: 4 })
    .map((items) => ({ count: items.length, text: `\n${items.map((each) => `    - ${each}`).join('\n')}` }));
  const flow = fc
    .tuple(fc.array(flowItem, { minLength: 1, maxLength: 4 }), fc.constantFrom(', ', ',', ' ,\n    '))
    .map(([items, comma]) => ({ count: items.length, text: ` [${items.join(comma)}]` }));
  const lists = fc.oneof(block, flow);
  const before = fc.constantFrom('', '# head\n', 'z: 1\n', '\uFEFF');
  const own = fc.constantFrom(
    '',
    '  o: 1\n',
    '  # of l\n',
    '  s: {enabled: no}\n',
    '  s:\n    enabled: false\n',
  );
  const after = fc.constantFrom(
    '',
    '  t: 1\n',
    '  # below\n',
    '\n  s:\n    enabled: true # c\n',
    'b: 1\n',
    '\n\n# end\nb: 1',
  );
  const eol = fc.constantFrom('\n', '\r\n');
  const wanted = fc.constantFrom<WantedValues>(
    {},
    { a: { s: { enabled: true } } },
    { b: 2 },
    { a: { s: { enabled: true } }, b: 2, c: { d: 1 } },
  );

  test('a removal does what is asked and nothing else', () => {
    let made = 0;
    fc.assert(
      fc.property(
        fc.tuple(before, own, lists, after, eol),
        fc.array(fc.nat(3), { minLength: 1, maxLength: 4 }),
        wanted,
        ([head, mine, { count, text: list }, tail, lineBreak], chosen, values) => {
          const text = `${head}a:\n${mine}  l:${list}\n${tail}`.replaceAll('\n', lineBreak);
          const indexes = new Set(chosen.filter((index) => index < count));
          fc.pre(indexes.size > 0);
          const document = readValues(text);
          const items = [...indexes].map((index) => ({ list: ['a', 'l'], index }));
          const edits = removeItems(document, items, values);
          if (!edits) return;
          made++;
          const result = applyEdits(text, edits);
          const expected = without(rootOf(text), indexes);
          expect(rootOf(result)).toEqual(over(expected, values));
          if (lineBreak === '\r\n') expect(result).not.toMatch(/[^\r]\n/);
        },
      ),
      { numRuns: 150 },
    );
    expect(made).toBeGreaterThan(60);
  });

  function rootOf(text: string): Readonly<Record<string, PlainValue>> {
    const document = readValues(text);
    return Object.fromEntries(
      document.topLevelKeys.map((key) => {
        const found = document.find([key]);
        const value = found.state === 'set' ? document.plain(found.value) : unknown;
        if (value === unknown) throw new Error(`${key} cannot be read in ${JSON.stringify(text)}`);
        return [key, value];
      }),
    );
  }

  function without(root: Readonly<Record<string, PlainValue>>, indexes: ReadonlySet<number>): WantedMap {
    const { l, ...others } = root['a'] as Readonly<Record<string, PlainValue>>;
    const left = (l as readonly PlainValue[]).filter((_, index) => !indexes.has(index));
    return { ...root, a: left.length > 0 ? { ...others, l: left } : others };
  }

  type WantedMap = Readonly<Record<string, PlainValue>>;

  function over(root: WantedMap, values: WantedValues): WantedMap {
    const result = new Map(Object.entries(root));
    for (const [key, value] of Object.entries(values)) {
      const now = result.get(key);
      const isMap = now !== null && typeof now === 'object' && !Array.isArray(now);
      result.set(key, typeof value === 'object' ? over(isMap ? (now as WantedMap) : {}, value) : value);
    }
    return Object.fromEntries(result);
  }
});
