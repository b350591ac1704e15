import { expect, test } from 'vitest';
import { createEnvironment } from '../testing/commandLine';
import { styleFor } from './style';

test.each([
  ['on a terminal', true, {}, true],
  ['elsewhere', false, {}, false],
  ['NO_COLOR', true, { NO_COLOR: '1' }, false],
  ['an empty NO_COLOR', true, { NO_COLOR: '' }, true],
  ['a dumb terminal', true, { TERM: 'dumb' }, false],
  ['FORCE_COLOR', false, { FORCE_COLOR: '1' }, true],
  ['an empty FORCE_COLOR, as in Node', false, { FORCE_COLOR: '' }, true],
  ['FORCE_COLOR over NO_COLOR', false, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
  ['FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, false],
])('colours: %s', (_, isTerminal, env: Record<string, string>, expected) => {
  const { out } = createEnvironment({ isTerminal });
  const painted = styleFor(out, env).severity.error('x');
  expect(painted).toBe(expected ? '\u001B[1;31mx\u001B[0m' : 'x');
});

test('nothing is painted around an empty text', () => {
  expect(styleFor(createEnvironment({ isTerminal: true }).out, {}).strong('')).toBe('');
});
