import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseQuickly, parseSlice, parseWithLibrary } from './parse';
import { notSimple, trySimple } from './simpleYaml';
import type { ValueNode } from './tree';

/** What is read of a text without mistakes. */
function readSimple(text: string): ValueNode | undefined | typeof notSimple {
  const attempt = trySimple(text);
  return attempt !== notSimple && 'root' in attempt ? attempt.root : notSimple;
}

describe('reads what the full reader reads', () => {
  test.each([
    ['a map', 'a: 1\nb: x\n'],
    ['a map that is indented', '  a: 1\n  b: x\n'],
    ['maps in maps', 'a:\n  b:\n    c: 1\n  d: 2\ne:\n     f: 3\n'],
    ['lists', 'a:\n  - 1\n  - x y\n  -\n  - \nb:\n- 1\n-   2\n- \n'],
    ['a list as the root', '- 1\n- a: 1\n  b: 2\n'],
    ['maps in lists', 'a:\n  - b: 1\n    c: 2\n  -   d:\n        e: 3\n      f:\n      - 1\n  -\n    g: 1\n'],
    ['lists in lists', '- - 1\n  - 2\n- - - x: 1\n      y: 2\n-\n  - 3\n'],
    ['nothing after a colon', 'a:\n  b:\n  c: # why\n    # so\nd:\n'],
    ['plain scalars', 'a: x:y#z - b\nb: -1\nc: ?x\nd: :x\ne: http://a:80/?b=[c]&d, {e}\nf: -- -\n'],
    ['numbers, booleans and nulls', 'a: 0x1F\nb: 1_800\nc: off\nd: ~\ne: 1:30\nf: .5\n'],
    ['plain scalars over lines', 'a: b\n  c\n\n\n   d # e\nf:\n  g\n  - h\ni:\n\n - j\n   k\n\n'],
    ['quoted scalars', `a: "b # c"\nb: 'it''s'\nc: ""\nd: ''\ne: "\\"\\\\\\n\\t\\e\\ \\/" # f\n`],
    [
      'keys of all kinds',
      `"a b": 1\n'it''s' : 2\n"\\t": 3\na b  : 4\n1: 5\nyes: 6\n<<: 7\na[0]{}: 8\n-x: 9\n`,
    ],
    [
      'flow collections',
      'a: []\nb: {}\nc: [a, "b", \'c\', [d], {e: f}, ]\nd: {a: 1, "b":2, c:, d: [ ] , e: }\n',
    ],
    [
      'flow collections over lines',
      'a: [\n  b, # c\n\n  d\n]\ne:\n  - {f: g,\n     h: {i: j}}\n  - [\n    k\n  ]\n',
    ],
    [
      'literal block scalars',
      'a: |\n  b\n   c\n\n  d\n\n\ne: |-  # f\n\n   g\n\nh: |+\n  i\n\n   \n  \nj: 1\n',
    ],
    [
      'folded block scalars',
      'a: >\n  b\n  c\n\n  d\n   e\n\n   f\n  g\nh: >-\n  i\n\nj: >+\n\n  \n  k\n\n\n',
    ],
    ['block scalars in lists', '- |\n  a\n- - >-\n   b\n- c: |\n   d\n  # e\n'],
    ['a block scalar at the end', 'a: |\n  b'],
    [
      'anchors and aliases',
      'a: &x 1\nb: &y\n  c: *x\nd: &z # e\n- *y\n- &1 "f"\n- &2\n  g: 1\n<<: [*a, *b]\nh: &3 [ ]\n',
    ],
    ['anchors before block scalars', 'a: &b |\n  c\nd:\n  - &e >-\n    f\n'],
    [
      'comments everywhere',
      '# a\n\n  # b\nc: # d\n      # e\n  f: 1 # g\n    # h\n  # i\n # j\n\n# k\nl: 1\n  # m',
    ],
    ['comments after lists', 'a:\n  - b\n    # c\n  # d\n # e\n  # f\ng:\n- h:\n    - i\n    # j\n'],
    [
      'comments after block scalars',
      'a:\n  b: |\n    c\n   # d\n  # e\nf:\n  g:\n    h: |\n      i\n    # j\nk: 1\n',
    ],
    ['comments that stick to a value', 'a: "b"# c\nd: []# e\n'],
    ['comments after nothing', 'a:\n  b:\n# c\n    # d\ne:\n  -\n# f\n'],
    ['comments before a value', 'a:\n# b\n   # c\n  d: 1\ne:\n  # f\n  "g"\n'],
    ['blank lines', '\n   \na:\n\n    \n  b: 1\n\n\n'],
    [
      'carriage returns',
      '# a\r\nb:\r\n\r\n  c: d\r\n  e: |\r\n    f\r\n\r\n    g\r\nh: i\r\n  j\r\nk: [\r\n l ]\r\n',
    ],
    ['no line break at the end', 'a:\n  b: 1'],
    ['nothing at the end', 'a:\n  b:'],
    ['white space that is not ASCII', 'a:\n  b: c\u00A0\n  d: 1 # e\u3000\n\nf: g\uFEFF'],
    ['control characters', 'a: b\u0001\v\fc\u0000\nd: "\u0018"\n'],
    ['characters of two units', '🚀: "🚀" # 🚀\n'],
    ['half a character', 'a: \uD83D\n'],
    ['a key twice', 'a: 1\na: 2\n'],
    ['nothing', ''],
    ['blanks only', '  \n\n '],
    ['comments only', '# a\n\n  # b'],
  ])('%s', (_, text) => {
    const read = readSimple(text);
    expect(read).not.toBe(notSimple);
    expect(read).toStrictEqual(parseWithLibrary(text));
  });
});

describe('leaves to the full reader', () => {
  test.each([
    ['a key without a colon', 'a:\n  b\n  c: 1\n'],
    ['a word', 'a'],
    ['an open quote', 'a: "b\nc: 1\n'],
    ['a quote over lines', 'a: "b\n  c"\n'],
    ['an open bracket', 'a: [b\nc: 1\n'],
    ['brackets that do not match', 'a: [b}\n'],
    ['a bracket too much', 'a: [b]]\n'],
    ['a list in brackets that goes on too far left', 'a: [\nb]\n'],
    ['a comment in brackets at the very left', 'a: [b\n#\n]\n'],
    ['commas without a value', 'a: [b,, c]\n'],
    ['a key alone in brackets', 'a: {b, c: 1}\n'],
    ['a pair in a list', 'a: [b: 1]\n'],
    ['text after a quote', 'a: "b" c\n'],
    ['an escape as a number', 'a: "\\x41"\n'],
    ['an escape of nothing', 'a: "\\q"\n'],
    ['a tag', 'a: !!str 1\n'],
    ['a tab as indentation', 'a:\n\tb: 1\n'],
    ['a tab after a value', 'a: 1\t# b\n'],
    ['a question mark', '? a\n: b\n'],
    ['two colons', 'a: b: c\n'],
    ['a dash after a key', 'a: - b\n'],
    ['a dash beside keys', 'a: 1\n- b\n'],
    ['a key beside dashes', 'a:\n  - b\n  c: 1\n'],
    ['a key deeper than those before', 'a: 1\n  b: 2\n'],
    ['a key less deep than those before', 'a:\n    b: 1\n  c: 2\n'],
    ['a root that goes on further left', '  a: 1\nb: 2\n'],
    ['a key on a further line of a scalar', 'a: b\n  c: d\n'],
    ['text after a comment', 'a: b # c\n  d\n'],
    ['a scalar below a comment', 'a:\n#b\n  c\n'],
    ['an anchor of nothing', 'a: &b\n'],
    ['an anchor of a key', '&a b: 1\n'],
    ['an anchor before a key in a list', '- &a b: 1\n'],
    ['an anchor of an alias', 'a: &b *c\n'],
    ['an alias that ends with a colon', 'a: *b:\n'],
    ['a block scalar of nothing', 'a: |\nb: 1\n'],
    ['a block scalar with its indentation', 'a: |2\n  b\n'],
    ['a block scalar that begins with deeper blanks', 'a: |\n    \n  b\n'],
    ['reserved characters', 'a: @b\n'],
    ['a directive', '%YAML 1.1\n---\na: 1\n'],
    ['a document marker', 'a: 1\n---\nb: 1\n'],
    ['an end of document', 'a: 1\n...\n'],
    ['a byte order mark', '\uFEFFa: 1\n'],
    ['a lone carriage return', 'a: 1\rb: 2\n'],
    ['a carriage return at the end', 'a: 1\r'],
    ['a template', 'a: {{ b }}\n'],
    ['a flow map as the root', '{a: 1}\n'],
    ['too many brackets', `a: ${'['.repeat(251)}${']'.repeat(251)}\n`],
    ['too many brackets between apostrophes', `a: [b', ${'['.repeat(401)}${']'.repeat(401)}, 'c']\n`],
    ['too many dashes', `a:\n  ${'- '.repeat(251)}b\n`],
    ['too many levels', Array.from({ length: 300 }, (_, level) => `${' '.repeat(level)}a:\n`).join('')],
  ])('%s', (_, text) => {
    expect(readSimple(text)).toBe(notSimple);
    expect(parseSlice(text)).toStrictEqual(parseWithLibrary(text));
  });
});

describe('reads what is half typed as the full reader does', () => {
  test.each([
    ['a key between two', 'a:\n  b: 1\n  ser\n  c: 2\n'],
    ['a letter between two', 'a:\n  b: 1\n  s\n  c: 2\n'],
    ['a key before others', 'a:\n  ser\n  b: 1\n  c: 2\n'],
    ['a key before others that are deeper', 'a:\n  ser\n    b: 1\n    c: 2\n'],
    ['a key before others that are less deep', 'a:\n    ser\n  b: 1\n'],
    ['a key at the end', 'a:\n  b: 1\n  ser'],
    ['a key after deeper ones', 'a:\n  b:\n    c: 1\n  ser\n  d: 2\n'],
    ['a key deeper than a map', 'a:\n  b:\n    c: 1\n   ser\n  d: 2\n'],
    ['a key deeper than a quoted value', 'a:\n  b: "c"\n    ser\n  d: 2\n'],
    ['a key below blank lines', 'a:\n  b:\n    c: 1\n\n\n   ser\n\n  d: 2\n'],
    ['a key between comments', 'a:\n  b: 1\n  # c\n  ser\n  # d\n  e: 1\n'],
    ['a key with deeper lines below a comment', 'a:\n  b: 1\n  ser\n  # c\n    d: 1\n    e: []\n  f: 2\n'],
    ['a value below its key', 'serviceAccount:\n  ser\n'],
    ['several words', 'a:\n  b c\n  d\n    e\n  f: 1\n'],
    ['a colon without a blank', 'a:\n  b:1\n  c: 2\n'],
    ['a key in a list item', 'a:\n  - b: 1\n    ser\n    c: 2\n  - d\ne: 1\n'],
    ['a key at the end of a list item', 'a:\n  - b: 1\n    ser\n  - d\n'],
    ['a key before comments in a list item', 'a:\n  - b: 1\n    ser\n    # c\n  # d\n\ne: 1\n'],
    ['an open quote on the line of a dash', 'a:\n  - b: 1\n  - c: "d\n    e: 1\n  - f\ng: 1\n'],
    ['a quoted key that is open before others', 'a:\n  - b: 1\n    "ser\n    c: 2\n  - d: 1\n'],
    ['a key at the column of dashes', 'a:\n  - b\n  ser\nc: 1\n'],
    ['a key at the very left', 'a:\n  b: 1\nser\n  c: 1\nd: 2\n'],
    ['a value where a map is', 'a:\n  b: ser\n    c: 1\n    d: 2\n  e: 3\n'],
    ['two colons', 'a:\n  b: c: d\n  e: 1\n'],
    ['a dash among keys', 'a:\n  b: 1\n  - name: x\n  c: 2\n'],
    ['a dash behind a key', 'a:\n  b: - x\n  c: 2\n'],
    ['an open quote', 'a:\n  b: "c\n  d: 1\n'],
    ['an open apostrophe', "a:\n  - b: 'c\n  - d\n"],
    ['a quote that is the last', 'a:\n  b: "\n\n  d: 1\n'],
    ['a quoted key', 'a:\n  b: 1\n  "c"\n  d: 1\n'],
    ['an open bracket', 'a:\n  b: [c, {d\n  e: 1\n'],
    ['an open brace', 'a:\n  b: {c: 1,\n  e: 1\n'],
    ['text behind a quote', 'a:\n  b: "c" d\n  e: 1\n'],
    ['more than one', 'a:\n  ser\n  b: 1\n  c: "\n  d: [\n'],
    ['too many', `a:\n${'  b: c: d\n'.repeat(20)}`],
    ['a key over Windows line breaks', 'a:\r\n  b: 1\r\n  ser\r\n  c: 2\r\n'],
  ])('%s', (_, text) => {
    const read = parseQuickly(text);
    expect(read).not.toBe(notSimple);
    expect(read).toStrictEqual(parseWithLibrary(text));
  });

  test.each([
    ['a quote that closes further down', 'a:\n  "b\n  c: "d"\n'],
    ['a colon on the next line', 'a:\n  s\n  # b\n   : c\n'],
    ['a tab below', 'a:\nb\n\tc\n'],
    ['a bracket below', 'a:\n  b: 1\n  c # d\n    ]\n'],
    ['a dash behind a key after something else', 'a:\n  ser\n  b: - c\n'],
    ['something in a block scalar', 'a: |\n  b\n c\n'],
    ['a comment at the end of a list', 'a:\n  - "b"\n    ser\n    # c\n  # d\n\ne: 1\n'],
    ['a letter after a block scalar', 'a: >\n  b\n\nc\n d\n'],
    ['an apostrophe before two others', "a: 1\n'\nb\n''"],
  ])('but not %s', (_, text) => {
    expect(parseQuickly(text)).toBe(notSimple);
  });
});

/** Pieces of a text that begin where a line begins with a letter, such as entries. */
function piecesOf(text: string): string[] {
  return text.split(/^(?=[A-Za-z])/m);
}

const root = new URL('../../../', import.meta.url);
const files = ['test/fixtures/', 'examples/', 'server/src/rules/'].flatMap((folder) =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => [name, readFileSync(new URL(folder + name, root), 'utf8')] as const),
);
const pieces = [...new Set(files.flatMap(([, text]) => piecesOf(text)))];

describe('files', () => {
  test('pieces of files', () => {
    let simple = 0;
    for (const piece of pieces) {
      const read = readSimple(piece);
      if (read === notSimple) continue;
      simple++;
      expect(read, piece).toStrictEqual(parseWithLibrary(piece));
    }
    expect(simple / pieces.length).toBeGreaterThan(0.9);
  });

  test('files as one entry, with other line breaks, and cut off', () => {
    for (const [, text] of files) {
      const inner = text.replace(/^---$/m, '');
      const whole = `airflow:\n${inner.replace(/^(?=.)/gm, '  ')}`;
      for (const variant of [whole, inner.replaceAll('\n', '\r\n'), inner.trimEnd()])
        expectAgreement(variant);
    }
  });
});

/** Expects that a text is left to the full reader, or that both say the same. */
function expectAgreement(text: string): void {
  const read = readSimple(text);
  if (read !== notSimple) expect(read, JSON.stringify(text)).toStrictEqual(parseWithLibrary(text));
}

/** Documents line by line, most of them nearly right. */
const generated = fc
  .array(
    fc.tuple(
      fc.constantFrom(0, 0, 2, 2, 4, 4, 6, 1, 3),
      fc.constantFrom('', '', '', '- ', '- - ', '-   '),
      fc.constantFrom('a:', 'b:', 'c d:', '"e":', "'f' :", '<<:', '', '', '# g', '#h'),
      fc.constantFrom(
        ...[
          '',
          '',
          ' 1',
          ' x',
          ' x y',
          ' "q"',
          " 's'",
          ' "\\n"',
          ' *a',
          ' &a',
          ' &a 1',
          ' -',
          ' # c',
          ' x # c',
        ],
        ...[
          ' |',
          ' >-',
          ' |+',
          ' []',
          ' {}',
          ' [a, {b: c}]',
          ' {a: [b], "c":d}',
          ' [a,',
          ' ]',
          '  ',
          ' |- # c',
        ],
      ),
      fc.constantFrom('\n', '\n', '\n', '\n', '\r\n', '\n\n', ' \n'),
    ),
    { maxLength: 10 },
  )
  .map((lines) => lines.map(([column, ...parts]) => ' '.repeat(column) + parts.join('')).join(''));

const noise = fc.constantFrom(
  ...[
    ' ',
    '  ',
    '\n',
    '\n  ',
    '\n\n',
    '\r\n',
    '\r',
    '\t',
    '"',
    "'",
    '#',
    ' #',
    '\n# c\n',
    '\n  #c\n',
    '&',
    '&a ',
  ],
  ...[
    '*',
    '*a',
    ':',
    ': ',
    ':\n',
    '-',
    '- ',
    '\n- ',
    '[',
    ']',
    '{',
    '}',
    ',',
    ', ',
    '|',
    '>',
    '|\n',
    '!',
    '?',
    '%',
  ],
  ...[
    '@',
    '`',
    '\\',
    "''",
    '---',
    '...',
    '<<',
    '~',
    'a',
    'b: 1',
    '0',
    '1',
    '🚀',
    '\uD83D',
    '\u00A0',
    '\uFEFF',
    '\0',
  ],
);

test('random texts', () => {
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.constantFrom(0, 0, 0, 1, 1, 2, 9),
    insert: fc.oneof(fc.constant(''), noise, noise),
  });
  const source = fc.oneof(generated, fc.constantFrom(...pieces.filter(({ length }) => length < 1500)));
  let simple = 0;
  fc.assert(
    fc.property(source, fc.array(edit, { maxLength: 3 }), (original, edits) => {
      let text = original;
      for (const { at, remove, insert } of edits) {
        const offset = Math.floor(at * text.length);
        text = text.slice(0, offset) + insert + text.slice(offset + remove);
      }
      if (readSimple(text) !== notSimple) simple++;
      expectAgreement(text);
    }),
    { numRuns: 4000 },
  );
  expect(simple).toBeGreaterThan(500);
});

test('words that are being typed', () => {
  const sources = pieces.filter(
    (piece) => piece.length > 40 && piece.length < 1500 && readSimple(piece) !== notSimple,
  );
  const words = fc.constantFrom(
    ...[
      'serviceAccount',
      'resources: {}',
      'extraEnv',
      '"abc"',
      "'abc'",
      '# comment',
      '- name: x',
      'a:b',
      'c: [d]',
    ],
  );
  const place = fc.record({
    line: fc.double({ min: 0, max: 0.999, noNaN: true }),
    indent: fc.constantFrom(0, 0, 0, 2, -2, 1),
    where: fc.constantFrom('above', 'above', 'above', 'value', 'end'),
  });
  let quick = 0;
  let total = 0;
  fc.assert(
    fc.property(fc.constantFrom(...sources), words, place, (source, word, { line, indent, where }) => {
      const lines = source.split('\n');
      const index = 1 + Math.floor(line * (lines.length - 1));
      const old = lines[index] ?? '';
      const column = Math.max(0, old.search(/\S|$/) + indent);
      const key = /^.*?:(?= |$)/.exec(old)?.[0];
      for (let length = 1; length <= word.length; length++) {
        const typed = word.slice(0, length);
        const above = `${' '.repeat(column)}${typed}\n${old}`;
        lines[index] = where === 'above' ? above : where === 'end' ? old + typed : `${key ?? old} ${typed}`;
        const text = lines.join('\n');
        const read = parseQuickly(text);
        total++;
        if (read === notSimple) continue;
        quick++;
        expect(read, JSON.stringify(text)).toStrictEqual(parseWithLibrary(text));
      }
    }),
    { numRuns: 400 },
  );
  expect(quick / total).toBeGreaterThan(0.8);
});
