import { describe, expect, test } from 'vitest';
import { resolvePlain, resolveQuoted } from './scalar';

describe('plain scalars mean what Helm 3.10.1 rendered for them', () => {
  test.each([
    ['y', true],
    ['Yes', true],
    ['TRUE', true],
    ['on', true],
    ['n', false],
    ['no', false],
    ['Off', false],
    ['yES', 'yES'],
    ['tRUE', 'tRUE'],
    ['', null],
    ['~', null],
    ['Null', null],
    ['NULL', null],
    ['nULL', 'nULL'],
    ['1_800', 1800],
    ['0x0e10', 3600],
    ['07020', 3600],
    ['0o17', 15],
    ['08', 8],
    ['0_7', 7],
    ['1__0', 10],
    ['_1', '_1'],
    ['1_', 1],
    ['3600.0', 3600],
    ['3.6e3', 3600],
    ['+1800', 1800],
    ['1e3', 1000],
    ['.5', 0.5],
    ['-.5', -0.5],
    ['+.5e3', 500],
    ['1.', 1],
    ['1e', '1e'],
    ['0b11', 3],
    ['-0b11', -3],
    ['-0x10', -16],
    ['0x', '0x'],
    ['0b', '0b'],
    ['1:30', '1:30'],
    ['190:20:30', '190:20:30'],
    ['1h', '1h'],
    ['=', '='],
    ['2020-01-01', '2020-01-01'],
    ['99999999999999999999', 1e20],
    ['0X1F', 31],
    ['-0B11', -3],
    ['0O17', 15],
    ['0xFFFFFFFFFFFFFFFF', 2 ** 64],
    ['0xFFFFFFFFFFFFFFFFFF', '0xFFFFFFFFFFFFFFFFFF'],
    ['-0xFFFFFFFFFFFFFFFF', '-0xFFFFFFFFFFFFFFFF'],
    ['1e400', '1e400'],
    ['.5_0', 0.5],
    ['._50', '._50'],
    ['.5_', '.5_'],
  ])('%j', (source, expected) => {
    expect(resolvePlain(source)).toBe(expected);
  });
});

test('a tag decides before the text does', () => {
  expect(resolvePlain('true', '!!str')).toBe('true');
  expect(resolvePlain('12', '!')).toBe('12');
  expect(resolveQuoted('3600')).toBe('3600');
  expect(resolveQuoted('3600', '!!int')).toBe(3600);
  expect(resolveQuoted('true', '!!bool')).toBe(true);
});
