import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readValues, unknown } from './document';
import { parseQuickly, parseSlice, parseWithLibrary } from './parse';
import { notSimple } from './simpleYaml';
import type { ValueNode } from './tree';

/** A tree in one line: `?w` stands for a line that could not be read, `!` for a value. */
function told(node: ValueNode | undefined): string {
  switch (node?.kind) {
    case undefined:
      return 'nothing';
    case 'map': {
      const entries = node.entries.map(({ key, value }) => `${key.text}: ${told(value)}`);
      return `{${[...entries, ...node.unread.map(({ word }) => `?${word}`)].join(', ')}}`;
    }
    case 'list':
      return `[${node.items.map(told).join(', ')}]`;
    case 'unreadable':
      return '!';
    case 'alias':
      return `*${node.name}`;
    case 'scalar':
      return node.text.trimEnd();
  }
}

/** What both ways of reading make of a text. */
function read(text: string): string {
  const tree = parseWithLibrary(text);
  const quick = parseQuickly(text);
  if (quick !== notSimple) expect(quick, JSON.stringify(text)).toStrictEqual(tree);
  return told(tree);
}

describe('a line that cannot be read in an item of a list', () => {
  test.each([
    [
      'values in a chart of Kustomize',
      'helmCharts:\n- name: airflow\n  valuesInline:\n    executor: A\n    w\n',
      '{helmCharts: [{name: airflow, valuesInline: {executor: A, ?w}}]}',
    ],
    [
      'values in a source of Argo CD',
      'sources:\n  - chart: airflow\n    helm:\n      valuesObject:\n        a: 1\n        sched\n  - ref: x\n',
      '{sources: [{chart: airflow, helm: {valuesObject: {a: 1, ?sched}}}, {ref: x}]}',
    ],
    [
      'values in a release of Helmfile',
      'releases:\n  - name: a\n    values:\n      - executor: A\n        b: "x"\n        w\n',
      '{releases: [{name: a, values: [{executor: A, b: x, ?w}]}]}',
    ],
    ['a key of the item', 'a:\n- b: 1\n  w\n  c: 2\n- d: 1\n', '{a: [{b: 1, c: 2, ?w}, {d: 1}]}'],
    ['between the dash and the keys', 'a:\n  - b: 1\n   w\nc: 2\n', '{a: [{b: 1, ?w}], c: 2}'],
    ['below a dash of its own', 'a:\n-\n  # b\n  w\n  c: 2\n- d: 1\n', '{a: [{c: 2, ?w}, {d: 1}]}'],
    [
      'with deeper lines',
      'a:\n- b:\n    c: 1\n  w\n    e: 2\n- d: 1\n',
      '{a: [{b: {c: 1, ?w}, ?w}, {d: 1}]}',
    ],
    ['a value', 'a:\n- c: 2\n  b: "x\n- d: 1\n', '{a: [{c: 2, ?b}, {d: 1}]}'],
    ['a value below', 'a:\n- b: 1\n  c: [x\n  d: 2\n- e: 1\n', '{a: [{b: 1, d: 2, ?c}, {e: 1}]}'],
    ['below a scalar', 'a:\n- b: 1\n    c: 2\n  d: 3\n', '{a: [{b: !, d: 3}]}'],
    ['a lone quote', 'a:\n- b: 1\n  "\n  c: 2\n- d: 1\n', '{a: [{b: 1, c: 2, ?}, {d: 1}]}'],
    [
      'a key in quotes',
      "a:\n- b:\n    c: 1\n    \"w\n    d: 'x'\n- e: 1\n",
      '{a: [{b: {c: 1, d: x, ?w}}, {e: 1}]}',
    ],
    ['at the end of the file', 'a:\n- b: "x"\n  w', '{a: [{b: x, ?w}]}'],
    ['Windows line breaks', 'a:\r\n- b: 1\r\n  w\r\n- d: 1\r\n', '{a: [{b: 1, ?w}, {d: 1}]}'],
    ['more than one', 'a:\n- b: 1\n  v\n- c: 1\n  w\n- d: 1\n', '{a: [{b: 1, ?v}, {c: 1, ?w}, {d: 1}]}'],
    ['before comments', 'a:\n- b: 1\n  w\n  # c\n# d\n- e: 1 # f\n', '{a: [{b: 1, ?w}, {e: 1}]}'],
    ['beside scalars', 'a:\n- x\n- b: 1\n  w\n- "y"\n-\n', '{a: [x, {b: 1, ?w}, y, ]}'],
    ['lists in lists', 'a:\n- - b: 1\n    w\n  - c\n- d\n', '{a: [[{b: 1, ?w}, c], d]}'],
    ['a list as the root', '- b: 1\n  w\n- c: 1\n', '[{b: 1, ?w}, {c: 1}]'],
    ['a list with an anchor', 'a: &x\n- b: 1\n  w\n', '{a: [{b: 1, ?w}]}'],
  ])('%s', (_, text, expected) => {
    expect(read(text)).toBe(expected);
  });

  test.each([
    ['a word', 'a:\n- b: x\n- na\n', '{a: [{b: x}, na]}'],
    ['a value that is open', 'a:\n- b: x\n- c: "d\n  e: 1\n- f\n', '{a: [{b: x}, !, f], ?c}'],
    ['the first', 'a:\n  - c: "d\n  - f\n', '{a: [!, f]}'],
    ['the last', 'a:\n  - f\n  - c: [d', '{a: [f, !]}'],
    ['with more below', 'a:\n- b: x\n- c: d: e\n  f\n  g: "\n- h: 1\n', '{a: [{b: x}, !, {h: 1}], ?c}'],
  ])('on the line of the dash: %s', (_, text, expected) => {
    expect(read(text)).toBe(expected);
  });

  test.each([
    ['a flow list', 'a:\n  b: [x, {c: 1},\n  d: 1\n', '{a: {d: 1, ?b}}'],
    ['a flow map as an item', 'a:\n- {b: 1}\n  w\n- c\n', '{a: !}'],
    ['scalars', 'a:\n- "b"\n  w\n- c\n', '{a: !}'],
    ['no item at all', 'a:\n  - b\n  - c\n  w\nd: 1\n', '{a: !, d: 1}'],
    ['left of the dashes', 'a:\n    - b: 1\n  w\nd: 1\n', '{a: !, d: 1}'],
    ['above the dashes', 'a:\n  w\n  - b: 1\n', '{a: !}'],
    ['an inner list', 'a:\n- - b: 1\n  w\n- c\n', '{a: !}'],
    ['a tab', 'a:\n- b: 1\n\tw\n- c\n', '{a: !}'],
    ['a block scalar above', 'a:\n- b: |\n    c\n- "d\n- e: 1\n', '{a: !, ?d}'],
    ['an anchor below the dash', 'a:\n-\n  &x\n  b: 1\n  w\n', '{a: !}'],
  ])('damages the list where it may be part of something else: %s', (_, text, expected) => {
    expect(read(text)).toBe(expected);
  });

  test('ranges of what is passed over', () => {
    const text = 'a:\n  - c: "d  \n  - e\n  - f: [\n';
    const root = parseSlice(text);
    const list = root?.kind === 'map' ? root.entries[0]?.value : undefined;
    const textOf = (node: ValueNode | undefined) => node && text.slice(node.range.start, node.range.end);
    expect(textOf(list)).toBe(text.slice(text.indexOf('-'), -1));
    expect(list?.kind === 'list' && list.items.map(textOf)).toEqual(['c: "d', 'e', 'f: [']);
  });
});

/** An item with the column at which its keys stand. */
const item = fc
  .tuple(
    fc.constantFrom('- ', '-   ', '-\n  '),
    fc.uniqueArray(
      fc.constantFrom(
        'name: x',
        'values:\n  a: 1\n  b:\n    c: "d"',
        'list:\n- a\n- b: 1',
        'inner:\n  - a: 1\n    b: {c: 1}',
        'text: |\n  - a\n   b',
        'flow: [a,\n b]',
        'empty:',
        'quoted: "a" # b',
      ),
      { minLength: 1, maxLength: 4 },
    ),
  )
  .map(([dash, entries]) => {
    const indent = ' '.repeat(dash.includes('\n') ? 2 : dash.length);
    return (dash + entries.join('\n').replace(/\n/g, `\n${indent}`)).split('\n');
  });

const words = [
  'w',
  'executor: "A"',
  '"a',
  "'a b",
  '- x',
  '- y: "',
  'a: [b',
  'b: {',
  'c: d: e',
  ']',
  'e: |',
  '# f',
  '&g',
  '@',
];

test('a line that is being typed in an item leaves the others as they were', () => {
  const host = fc.record({
    items: fc.array(item, { minLength: 1, maxLength: 4 }),
    indent: fc.constantFrom('', '  '),
    lineBreak: fc.constantFrom('\n', '\r\n'),
    word: fc
      .constantFrom(...words)
      .chain((word) => fc.nat(word.length - 1).map((end) => word.slice(0, end + 1))),
    which: fc.nat(3),
    below: fc.nat(12),
    column: fc.integer({ min: 1, max: 8 }),
  });
  let same = 0;
  let damaged = 0;
  fc.assert(
    fc.property(host, ({ items, indent, lineBreak, word, which, below, column }) => {
      const textOf = (all: readonly (readonly string[])[]): string =>
        ['key:', ...all.flat().map((line) => indent + line), 'next: 1', ''].join(lineBreak);
      const typed = items.map((lines, index) =>
        index === which % items.length
          ? lines.toSpliced(1 + (below % lines.length), 0, ' '.repeat(column) + word)
          : lines,
      );
      const before = readValues(textOf(items));
      const after = readValues(textOf(typed));
      const [old, list] = [before, after].map((document) => document.entries('key')[0]?.value);
      const message = textOf(typed);
      expect(old?.kind, message).toBe('list');
      if (old?.kind !== 'list') return;

      const [quick, tree] = [parseQuickly(message), parseWithLibrary(message)];
      if (quick !== notSimple) expect(quick, message).toStrictEqual(tree);

      if (list?.kind !== 'list') {
        expect(told(tree), message).toMatch(/nothing|[?!]/);
        return;
      }
      const isDamaged = /[?!]/.test(told(list));
      if (isDamaged) {
        damaged++;
        expect(after.plain(list), message).toBe(unknown);
      }
      expect(list.items.length, message).toBe(old.items.length);
      for (const [index, value] of old.items.entries()) {
        if (index === which % items.length) continue;
        const now = list.items[index];
        const plain = now && after.plain(now);
        // What begins with an indicator can be blamed on a line further down.
        if (plain === unknown && !/^\w/.test(word)) continue;
        expect(plain, message).toEqual(before.plain(value));
        same++;
      }
    }),
    { numRuns: 1500 },
  );
  expect(damaged).toBeGreaterThan(300);
  expect(same).toBeGreaterThan(1000);
});
