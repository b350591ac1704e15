import { expect, test } from 'vitest';
import { durationInWords, listOf, secondsOf } from './words';

test.each([
  [0, '0 seconds'],
  [1, '1 second'],
  [600, '10 minutes'],
  [3661, '1 hour 1 minute 1 second'],
  [86_400, '1 day'],
  [7_776_000, '90 days'],
])('%d seconds are %s', (seconds, words) => {
  expect(durationInWords(seconds)).toBe(words);
});

test.each([
  ['3600', 3600],
  ['1_800', 1800],
  [' 1h ', 3600],
  ['30m', 1800],
  ['2h30m', 9000],
  ['1.5h', 5400],
  ['90S', 90],
  ['7d', 604_800],
  ['1w', undefined],
  ['h', undefined],
  ['', undefined],
  ['-1h', undefined],
  ['1h and more', undefined],
])('%j is %s seconds', (text, seconds) => {
  expect(secondsOf(text)).toBe(seconds);
});

test('names are joined as in a sentence', () => {
  expect([listOf([]), listOf(['a']), listOf(['a', 'b']), listOf(['a', 'b', 'c'])]).toEqual([
    '',
    'a',
    'a and b',
    'a, b and c',
  ]);
});
