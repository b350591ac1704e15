import { describe, expect, test } from 'vitest';
import { beginsComment } from './comments';
import { readValues } from './document';

/** Each `#` that follows a blank, and whether it begins a comment. */
function hashes(text: string): boolean[] {
  const document = readValues(text);
  return [...text.matchAll(/(?<=^|\s)#/g)].map(({ index }) => beginsComment(document, index));
}

describe('a comment begins', () => {
  test.each([
    ['on a line of its own', '# a\na: 1\n  # b\nb: 2\n# c', [true, true, true]],
    ['after a value', 'a: 1 # b\nb: "c" # d\nc: {d: 1, # e\n  e: 2} # f\n', [true, true, true, true]],
    ['after a key', 'a: # b\n  b: # c\n    - d # e\n', [true, true, true]],
    ['after what begins a block scalar', 'a: | # b\n  c\nb: >- # c\n  d\n', [true, true]],
    ['below a block scalar', 'a:\n  b: |\n    c\n  # d\n# e\nb: 1\n', [true, true]],
    ['after a tab', 'a: 1\t# b\n', [true]],
    ['after a byte order mark and a document start', '\uFEFF# a\n--- # b\na: 1\n', [true, true]],
    ['with CRLF', 'a: | # b\r\n  c # d\r\n# e\r\nb: 1 # f\r\n', [true, false, true, true]],
    ['where there is nothing else', '# a\n', [true]],
    ['in a root in flow style', '{a: 1, # b\n "# c": " # d"} # e\n', [true, false, true]],
    ['beside what is half typed', 'a: 1 # b\nb: [ # c\nc: 1 # d\n', [true, true, true]],
  ])('%s', (_, text, expected) => {
    expect(hashes(text)).toEqual(expected);
  });

  test.each([
    ['in a block scalar', 'a: |\n  # b\n  c # d\n\n  # e\nb:\n  - >\n    # f\n'],
    ['in quotes', 'a: "b # c\n  # d"\nb: \' # c\'\n" # d": 1\n'],
    ['in quotes in a list', 'a:\n  - x\n  - " # c"\n  - [ "# d" ]\n'],
  ])('not %s', (_, text) => {
    expect(new Set(hashes(text))).toEqual(new Set([false]));
  });

  test('once on a line', () => {
    expect(hashes('a: " # b" # c # d\n# e # f\n')).toEqual([false, true, false, true, false]);
  });
});

describe('two texts have the same tree', () => {
  const text = 'a: 1\nb:\n  c: |\n    d\n  e: [1, "2"]\nf: &g {h: *g}\n';
  test.each([
    ['with comments', text.replaceAll(/(1|\||\]|b:|\})\n/g, '$1 # x\n')],
    ['with lines of comments', text.replaceAll(/^(?=\w| {2}\w)/gm, '# x\n')],
    ['with other spaces', text.replaceAll(': ', ':   ')],
  ])('%s', (_, other) => {
    expect(other).not.toBe(text);
    expect(readValues(other).hasTreeOf(readValues(text))).toBe(true);
  });
  test.each([
    ['a value', text.replace('1', '2')],
    ['quotes', text.replace('1', '"1"')],
    ['a block scalar', text.replace('    d\n', '    d\n    # x\n')],
    ['a key', text.replace('e:', 'x:')],
    ['an item', text.replace('[1, ', '[')],
    ['another style', text.replace('[1, "2"]', '\n  - 1\n  - "2"')],
    ['an anchor', text.replace('&g', '&x')],
    ['an alias', text.replace('*g', '*x')],
    ['one entry more', `${text}i: 1\n`],
    ['the order', 'b: 1\na: 1\n'],
    ['a line that cannot be read', text.replace('  e:', '  e')],
  ])('not with %s changed', (_, other) => {
    expect(other).not.toBe(text);
    expect(readValues(other).hasTreeOf(readValues(text))).toBe(false);
  });
  test('not where an entry is too long to be read', () => {
    const long = `a: "${'x'.repeat(500_000)}"\n`;
    expect(readValues(long).hasTreeOf(readValues(long))).toBe(true);
    expect(readValues(`${long}# b\n`).hasTreeOf(readValues(long))).toBe(false);
  });
});
