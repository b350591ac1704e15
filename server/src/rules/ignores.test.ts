import { describe, expect, test } from 'vitest';
import { readValues } from '../values/document';
import { applyEdits } from '../testing/edits';
import { addIgnore, readIgnores, removeIgnore } from './ignores';

/** Each comment as `codes@line`, lines counted from 0. */
function ignoresOf(text: string): string[] {
  return readIgnores(readValues(text)).map(
    ({ codes, line }) =>
      `${codes.map(({ code }) => code).join(' ')}@${text.slice(0, line).split('\n').length - 1}`,
  );
}

const ignore = '# airflow-token-volume: ignore';

describe('the codes', () => {
  test.each([
    ['one', ' a', 'a'],
    ['with commas', ' a, b,c ,d', 'a b c d'],
    ['with spaces', '  a  b\tc ', 'a b c'],
    ['with a reason', ' a, b -- c, d -- e', 'a b'],
    ['with an empty reason', ' a --', 'a'],
    ['with dashes', ' a--b --c', 'a--b --c'],
    ['none', '', ''],
    ['none but a reason', ' -- a', ''],
  ])('%s', (_, written, expected) => {
    expect(ignoresOf(`x: 1 ${ignore}${written}\n`)).toEqual([`${expected}@0`]);
    expect(ignoresOf(`x: 1 ${ignore}${written}\r\n`)).toEqual([`${expected}@0`]);
  });
  test('have their ranges', () => {
    const text = `x: 1 ${ignore} a, bc -- d\r\ny: 1\r\n`;
    const [found] = readIgnores(readValues(text));
    expect(found?.codes.map(({ range }) => text.slice(range.start, range.end))).toEqual(['a', 'bc']);
    expect(text.slice(found?.range.start, found?.range.end)).toBe(`${ignore} a, bc -- d`);
  });
});

describe('the line', () => {
  test.each([
    ['of the comment', `x: 1 ${ignore} a\ny: 1\n`, ['a@0']],
    ['below', `${ignore} a\nx: 1\n`, ['a@1']],
    ['below, indented otherwise', `x:\n      ${ignore} a\n  y: 1\n`, ['a@2']],
    ['below other comments', `${ignore} a\n  # b\n\t# c\nx: 1\n`, ['a@3']],
    [
      'below several',
      `${ignore} a\n${ignore} b\nx: 1 ${ignore} c\n${ignore} d\ny: 1\n`,
      ['a@2', 'b@2', 'c@2', 'd@4'],
    ],
    ['below, though blank', `${ignore} a\n\nx: 1\n`, ['a@1']],
    ['below, after a byte order mark', `\uFEFF${ignore} a\nx: 1`, ['a@1']],
    ['of the end', `x: 1\n${ignore} a`, ['a@1']],
    ['of a first line without an end', `x: 1 ${ignore} a`, ['a@0']],
    ['with CRLF', `${ignore} a\r\n# b\r\nx: 1 ${ignore} b\r\n`, ['a@2', 'b@2']],
  ])('%s', (_, text, expected) => {
    expect(ignoresOf(text)).toEqual(expected);
  });
});

test.each([
  ['other directives', '# airflow-token-volume: enable\n# airflow-token-volume: ignored\nx: 1\n'],
  ['other words before it', `# see airflow-token-volume: ignore a\nx: 1 # b ${ignore} a\n`],
  ['no comment', `x: "${ignore} a"\ny: |\n  ${ignore} a\nz: x${ignore} a\n`],
  ['another document', `x: 1\n---\n${ignore} a\ny: 1\n`],
  ['what is before the first document', `${ignore} a\n---\nx: 1\n`],
])('%s is none', (_, text) => {
  expect(ignoresOf(text)).toEqual([]);
});

test('a comment costs nearly nothing, even thousands of them', () => {
  const text = `x:\n${`  ${ignore} a\n`.repeat(4000)}  y: 1\n${`  z: "${'# airflow-token-volume: '.repeat(9)}" # b ${ignore} a\n`.repeat(1000)}`;
  const start = performance.now();
  expect(ignoresOf(text)).toHaveLength(4000);
  expect(performance.now() - start).toBeLessThan(2000);
});

describe('ignoring at a mark', () => {
  function ignored(marked: string): string | undefined {
    const offset = marked.indexOf('<|>');
    const text = marked.replace('<|>', '');
    const edits = addIgnore(readValues(text), offset, 'c');
    return edits && applyEdits(text, edits);
  }
  test.each([
    ['the end of the line', 'x: <|>1\ny: 1\n', `x: 1 ${ignore} c\ny: 1\n`],
    ['the end of the line, with CRLF', 'x: <|>1\r\ny: 1\r\n', `x: 1 ${ignore} c\r\ny: 1\r\n`],
    ['the end of the line, before blanks', 'x: <|>1 \t\n', `x: 1 ${ignore} c \t\n`],
    ['the end of the last line', 'x: <|>1', `x: 1 ${ignore} c`],
    ['the end of an empty value', 'x:<|>\n', `x: ${ignore} c\n`],
    ['the end of a map', 'x:\n  <|>y:\n    z: 1\n', `x:\n  y: ${ignore} c\n    z: 1\n`],
    ['the end of what begins a block scalar', 'x: <|>|\n  y\n', `x: | ${ignore} c\n  y\n`],
    ['the middle of a flow map', 'x: {<|>y: 1,\n  z: 2}\n', `x: {y: 1, ${ignore} c\n  z: 2}\n`],
    ['the line above another comment', '  # a\n  x: <|>1 # b\n', `  # a\n  ${ignore} c\n  x: 1 # b\n`],
    ['the line above, with CRLF', 'x:\r\n  z: <|>1 # b\r\n', `x:\r\n  ${ignore} c\r\n  z: 1 # b\r\n`],
    ['the first line', '\uFEFFx: <|>1 # b\r\ny: 1\r\n', `\uFEFF${ignore} c\r\nx: 1 # b\r\ny: 1\r\n`],
    ['the line above quotes over lines', 'x:\n  y: <|>"a\n    b"\n', `x:\n  ${ignore} c\n  y: "a\n    b"\n`],
    ['the line above text over lines', 'x:\n  <|>y: a\n    b\n', `x:\n  ${ignore} c\n  y: a\n    b\n`],
    [
      'a comment at the end',
      `${ignore} a\nx: <|>1 ${ignore} b -- d\n`,
      `${ignore} a\nx: 1 ${ignore} b, c -- d\n`,
    ],
    ['a comment above', `${ignore} a -- d\n# e\nx: <|>1 # f\n`, `${ignore} a, c -- d\n# e\nx: 1 # f\n`],
    ['a comment without codes', `x: <|>1 ${ignore} -- d\n`, `x: 1 ${ignore} c -- d\n`],
    ['beside what is half typed', 'x:\n  y: [\n  z: <|>1\n', `x:\n  y: [\n  z: 1 ${ignore} c\n`],
  ])('%s', (_, marked, expected) => {
    expect(ignored(marked)).toBe(expected);
  });
  test('inside a text is not possible', () => {
    expect(ignored('x: |\n  a <|>\n  b\n')).toBeUndefined();
    expect(ignored('x: "a\n  <|>b\n  c"\n')).toBeUndefined();
  });
});

describe('removing', () => {
  function removed(text: string, code?: string): string | undefined {
    const document = readValues(text);
    const [found] = readIgnores(document);
    if (!found) throw new Error('No comment.');
    const edits = removeIgnore(
      document,
      found,
      found.codes.find((named) => named.code === code),
    );
    return edits && applyEdits(text, edits);
  }
  test.each([
    ['the first code', `x: 1 ${ignore} a,  b, c -- d\n`, `x: 1 ${ignore} b, c -- d\n`],
    ['a comment with its only code', `x: 1  ${ignore} a -- b\r\ny: 1\r\n`, 'x: 1\r\ny: 1\r\n'],
    ['a line', `x:\n  ${ignore} a\n  y: 1\n`, 'x:\n  y: 1\n'],
    ['a line, with CRLF', `x: 1\r\n ${ignore} a\r\ny: 1\r\n`, 'x: 1\r\ny: 1\r\n'],
    ['the first line', `\uFEFF${ignore} a\nx: 1\n`, '\uFEFFx: 1\n'],
    ['the last line', `x: 1\r\n${ignore} a`, 'x: 1'],
    ['the end of the last line', `x: 1 ${ignore} a`, 'x: 1'],
    ['after what begins a block scalar', `x: | ${ignore} a\n  y\n`, 'x: |\n  y\n'],
  ])('%s', (_, text, expected) => {
    expect(removed(text, 'a')).toBe(expected);
  });
  test('the second and the last code', () => {
    expect(removed(`x: 1 ${ignore} a, b c -- d\n`, 'b')).toBe(`x: 1 ${ignore} a, c -- d\n`);
    expect(removed(`x: 1 ${ignore} a, b c -- d\n`, 'c')).toBe(`x: 1 ${ignore} a, b -- d\n`);
  });
  test('the whole comment', () => {
    expect(removed(`x: 1 ${ignore} a, b\n`)).toBe('x: 1\n');
  });
});
