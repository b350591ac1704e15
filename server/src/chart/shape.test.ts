import { describe, expect, test } from 'vitest';
import { newestRelease, releaseOf } from './releases';
import {
  anything,
  boolean,
  closedMap,
  findMisfit,
  integer,
  integerFrom,
  listOf,
  mapOf,
  number,
  oneOf,
  oneOfTexts,
  openMap,
  orNull,
  since,
  string,
  withoutDefault,
  type Shape,
} from './shape';
import { valuesShape } from './valuesShape';

/** Where a value does not fit a shape, as `path problem`. */
function misfit(value: unknown, shape: Shape, version?: string): string | undefined {
  const found = findMisfit(value, shape, releaseOf(version) ?? newestRelease);
  return found && `${found.path.join('.')} ${found.problem}`.trim();
}

describe('a value', () => {
  test.each<[string, unknown, Shape, string | undefined]>([
    ['a boolean', false, boolean, undefined],
    ['a text in place of a boolean', 'false', boolean, 'must be true or false, and is the text "false"'],
    ['a number in place of a boolean', 0, boolean, 'must be true or false, and is 0'],
    ['null in place of a boolean', null, boolean, 'must be true or false, and is empty'],
    ['a text', '', string, undefined],
    ['a number in place of a text', 1.5, string, 'must be a text, and is 1.5'],
    ['a boolean in place of a text', true, string, 'must be a text, and is true'],
    ['one of the texts', 'Never', oneOfTexts('Always', 'Never'), undefined],
    ['another text', 'no', oneOfTexts('Always', 'Never'), 'must be Always or Never, and is the text "no"'],
    ['a whole number', -3, integer, undefined],
    ['a whole number with a fraction of nothing', 3600.0, integer, undefined],
    ['a fraction', 1.5, integer, 'must be a whole number, and is 1.5'],
    ['a fraction where one may stand', 1.5, number, undefined],
    ['a text in place of a number', '1', integer, 'must be a whole number, and is the text "1"'],
    ['a text in place of a fraction', '1', number, 'must be a number, and is the text "1"'],
    ['the least', 600, integerFrom(600, 700), undefined],
    ['less', 599, integerFrom(600, 700), 'must be at least 600, and is 599'],
    ['the most', 700, integerFrom(600, 700), undefined],
    ['more', 701, integerFrom(600, 700), 'must be at most 700, and is 701'],
    ['without a bound', 1e15, integerFrom(0), undefined],
    ['a list', [], listOf(string), undefined],
    ['a map in place of a list', {}, listOf(string), 'must be a list, and is a map'],
    ['an item', ['a', 1], listOf(string), '1 must be a text, and is 1'],
    ['null in a list', ['a', null], listOf(string), '1 must be a text, and is empty'],
    ['null in a list that takes it', [null], listOf(orNull(string)), undefined],
    ['anything', [{ a: null }], anything, undefined],
    ['a list in place of a map', [], closedMap({}), 'must be a map, and is a list'],
    ['null in place of a map', null, openMap({}), 'must be a map, and is empty'],
  ])('%s', (_, value, shape, expected) => {
    expect(misfit(value, shape)).toBe(expected);
  });

  test('that is long is cut in the message', () => {
    expect(misfit('x'.repeat(41), boolean)).toBe(
      `must be true or false, and is the text "${'x'.repeat(40)}…"`,
    );
    expect(misfit('x'.repeat(40), boolean)).toBe(
      `must be true or false, and is the text "${'x'.repeat(40)}"`,
    );
    expect(misfit('a\n"b"', boolean)).toBe(String.raw`must be true or false, and is the text "a\n\"b\""`);
  });

  test('fits one of several shapes, or else the message is about the first', () => {
    const shape = oneOf(integer, string);
    expect(misfit(1, shape)).toBeUndefined();
    expect(misfit('1', shape)).toBeUndefined();
    expect(misfit(true, shape)).toBe('must be a whole number, and is true');
    const inner = oneOf(closedMap({ name: string }, ['name']), string);
    expect(misfit([{ name: 1 }], listOf(inner))).toBe('0.name must be a text, and is 1');
  });
});

describe('keys of a map', () => {
  const closed = closedMap({ a: boolean, b: closedMap({ c: string }) });
  const open = openMap({ a: boolean });

  test('that are not known are refused or accepted', () => {
    expect(misfit({ x: 1 }, closed)).toBe('x is not known to the chart');
    expect(misfit({ b: { x: 1 } }, closed)).toBe('b.x is not known to the chart');
    expect(misfit({ x: null }, closed)).toBe('x is not known to the chart');
    expect(misfit({ x: 1, a: true }, open)).toBeUndefined();
    expect(misfit({ x: 1, a: 1 }, open)).toBe('a must be true or false, and is 1');
  });

  test('may all have one shape', () => {
    expect(misfit({ x: 'a', y: 1 }, mapOf(string))).toBe('y must be a text, and is 1');
    expect(misfit({ x: null }, mapOf(string))).toBe('x must be a text, and is empty');
    expect(misfit({}, mapOf(string))).toBeUndefined();
  });

  test('with a default fit when they are null, those without do not', () => {
    expect(misfit({ a: null, b: null }, closed)).toBeUndefined();
    expect(misfit({ a: null }, closedMap({ a: withoutDefault(boolean) }))).toBe(
      'a must be true or false, and is empty',
    );
    expect(misfit({ a: null }, closedMap({ a: withoutDefault(orNull(boolean)) }))).toBeUndefined();
    expect(misfit({ a: 1 }, closedMap({ a: withoutDefault(boolean) }))).toBe(
      'a must be true or false, and is 1',
    );
  });

  test('stay null where the chart has no defaults: in lists, and below keys that it does not set', () => {
    const empty = 'must be true or false, and is empty';
    const inner = openMap({ a: boolean, b: orNull(boolean) });
    expect(misfit([{ a: null, b: null }], listOf(inner))).toBe(`0.a ${empty}`);
    expect(misfit([{ c: { a: null } }], listOf(closedMap({ c: inner })))).toBe(`0.c.a ${empty}`);
    expect(misfit([{ a: null }], listOf(oneOf(string, inner)))).toBe('0 must be a text, and is a map');
    expect(misfit([{ a: null }], listOf(openMap({ a: since('1.22.0', boolean) })))).toBe(`0.a ${empty}`);
    expect(misfit([null, { b: null }], listOf(orNull(inner)))).toBeUndefined();
    expect(misfit({ x: { a: null } }, mapOf(inner))).toBe(`x.a ${empty}`);
    expect(misfit({ c: { a: null } }, closedMap({ c: withoutDefault(inner) }))).toBe(`c.a ${empty}`);
    expect(misfit({ c: { a: null } }, closedMap({ c: since('1.20.0', orNull(inner)) }))).toBeUndefined();
  });

  test('that are required are there, null or not', () => {
    const shape = closedMap({ name: string, path: string }, ['name', 'path']);
    expect(misfit({ name: 'a', path: 'b' }, shape)).toBeUndefined();
    expect(misfit({ name: 'a', path: null }, shape)).toBeUndefined();
    expect(misfit([{ name: 'a', path: null }], listOf(shape))).toBe('0.path must be a text, and is empty');
    expect(misfit({ path: 1 }, shape)).toBe('must have name, and has not');
    expect(misfit([{}], listOf(shape))).toBe('0 must have name, and has not');
  });

  test('are known since a release', () => {
    const shape = closedMap({ a: since('1.22.0', boolean) });
    expect(misfit({ a: true }, shape, '1.22.0')).toBeUndefined();
    expect(misfit({ a: null }, shape, '1.22.0')).toBeUndefined();
    expect(misfit({ a: 1 }, shape, '1.22.0')).toBe('a must be true or false, and is 1');
    expect(misfit({ a: true }, shape, '1.21.0')).toBe('a is not known before chart 1.22.0');
    expect(misfit({ a: null }, shape, '1.21.0')).toBe('a is not known before chart 1.22.0');
    expect(misfit({ a: 1 }, openMap({ a: since('1.22.0', boolean) }), '1.21.0')).toBeUndefined();
  });

  test('are asked in the order of the values', () => {
    expect(misfit({ b: 1, a: 1 }, closed)).toBe('b must be a map, and is 1');
    expect(misfit({ a: 1, b: 1 }, closed)).toBe('a must be true or false, and is 1');
  });
});

describe("values under the chart's schema", () => {
  const account = (serviceAccountTokenVolume: unknown): unknown => ({
    scheduler: { serviceAccount: { serviceAccountTokenVolume } },
  });
  const volume = 'scheduler.serviceAccount.serviceAccountTokenVolume';
  test.each<[string, unknown, string | undefined]>([
    ['nothing', {}, undefined],
    ['keys of the user', { 'x-own': 1, global: {} }, undefined],
    ['no map', [], 'must be a map, and is a list'],
    ['a token volume', account({ enabled: true, expirationSeconds: 600, audience: 'a' }), undefined],
    [
      'a lifetime below',
      account({ expirationSeconds: 599 }),
      `${volume}.expirationSeconds must be at least 600, and is 599`,
    ],
    [
      'a lifetime above',
      account({ expirationSeconds: 7_776_001 }),
      `${volume}.expirationSeconds must be at most 7776000, and is 7776001`,
    ],
    [
      'a lifetime with a unit',
      account({ expirationSeconds: '1h' }),
      `${volume}.expirationSeconds must be a whole number, and is the text "1h"`,
    ],
    ['a key that the volume has not', account({ name: 'a' }), `${volume}.name is not known to the chart`],
    ['an empty volume', account(null), undefined],
    [
      'a volume at the wrong level',
      { scheduler: { serviceAccountTokenVolume: {} } },
      'scheduler.serviceAccountTokenVolume is not known to the chart',
    ],
    [
      'a volume where there is none',
      { triggerer: { serviceAccount: { serviceAccountTokenVolume: 1 } } },
      undefined,
    ],
    [
      'a volume where the account is closed',
      { createUserJob: { serviceAccount: { serviceAccountTokenVolume: {} } } },
      'createUserJob.serviceAccount.serviceAccountTokenVolume is not known to the chart',
    ],
    ['an executor', { executor: 'my.CeleryExecutor,KubernetesExecutor' }, undefined],
    [
      'an executor with spaces',
      { executor: 'CeleryExecutor, KubernetesExecutor' },
      'executor must be names that end in Executor, separated by commas without spaces, and is the text "CeleryExecutor, KubernetesExecutor"',
    ],
    [
      'a volume without a name',
      { scheduler: { extraVolumes: [{ emptyDir: {} }] } },
      'scheduler.extraVolumes.0 must have name, and has not',
    ],
    [
      'a token without a path',
      { volumes: [{ name: 'a', projected: { sources: [{ serviceAccountToken: {} }] } }] },
      'volumes.0.projected.sources.0.serviceAccountToken must have path, and has not',
    ],
    ['null in a list of volumes', { volumes: [null] }, 'volumes.0 must be a map, and is empty'],
    ['a list that is null', { volumes: null }, undefined],
    [
      'an old place, left empty',
      { webserver: { defaultUser: null } },
      'webserver.defaultUser must be a map, and is empty',
    ],
    [
      'configuration that is no scalar',
      { config: { core: { executor: [] } } },
      'config.core.executor must be true or false, and is a list',
    ],
  ])('%s', (_, values, expected) => {
    expect(misfit(values, valuesShape)).toBe(expected);
  });

  test.each([
    ['cleanup.serviceAccount.serviceAccountTokenVolume', '1.22.0'],
    ['workers.logGroomerSidecar.requirePersistence', '1.22.0'],
    ['workers.celery.logGroomerSidecar.requirePersistence', '1.22.0'],
  ])('%s is known since %s', (path, first) => {
    const values = path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), null);
    expect(misfit(values, valuesShape, first)).toBeUndefined();
    expect(misfit(values, valuesShape, '1.21.0')).toBe(`${path} is not known before chart ${first}`);
  });
});
