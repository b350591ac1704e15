import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chartDefault, readOverDefaults } from './defaults';
import { predict } from './prediction';
import { newestRelease, releaseOf } from './releases';
import { isRecord } from './templateValues';

type Values = Readonly<Record<string, unknown>>;

describe("the chart's own values", () => {
  test('are found by their path', () => {
    const found = (path: string): unknown => chartDefault(path.split('.'), newestRelease);
    expect(found('executor')).toBe('CeleryExecutor');
    expect(found('scheduler.serviceAccount.serviceAccountTokenVolume.expirationSeconds')).toBe(3600);
    expect(found('otelCollector.serviceAccount.automountServiceAccountToken')).toBe(false);
    expect(found('dagProcessor.enabled')).toBeNull();
    expect(found('scheduler.nothing')).toBeUndefined();
    expect(found('executor.nothing')).toBeUndefined();
  });

  test('have the Airflow of their release', () => {
    expect(chartDefault(['airflowVersion'], newestRelease)).toBe('3.2.2');
    expect(chartDefault(['airflowVersion'], releaseOf('1.19.0') ?? newestRelease)).toBe('3.1.7');
  });
});

describe('values over them', () => {
  const read = (values: unknown, path: string): unknown =>
    readOverDefaults(values, newestRelease)(...path.split('.'));

  test.each<[string, unknown, string, unknown]>([
    ['a key that is not set', {}, 'scheduler.enabled', true],
    ['a key that is', { scheduler: { enabled: false } }, 'scheduler.enabled', false],
    ['null, which takes the default away', { scheduler: { enabled: null } }, 'scheduler.enabled', null],
    ['below null', { scheduler: null }, 'scheduler.enabled', undefined],
    ['below something that is no map', { scheduler: 'x' }, 'scheduler.enabled', undefined],
    ['below a list', { scheduler: [1] }, 'scheduler.0', undefined],
    ['a list, which is replaced', { databaseCleanup: { args: [] } }, 'databaseCleanup.args', []],
    ['a key that the chart does not have', { x: { y: 1 } }, 'x.y', 1],
    ['a map, laid over the default', { rbac: { more: 1 } }, 'rbac', { create: true, more: 1 }],
    ['no values at all', undefined, 'scheduler.enabled', undefined],
    ['names of things that every object has', { scheduler: {} }, 'scheduler.constructor', undefined],
  ])('%s', (_, values, path, expected) => {
    expect(read(values, path)).toEqual(expected);
  });
});

const roots = [
  ...['fullnameOverride', 'nameOverride', 'airflowHome', 'executor', 'airflowVersion', 'rbac', 'volumes'],
  ...['volumeMounts', 'kerberos', 'logs', 'dags', 'workers', 'scheduler', 'createUserJob'],
  ...['migrateDatabaseJob', 'apiServer', 'webserver', 'triggerer', 'dagProcessor', 'flower', 'statsd'],
  ...['otelCollector', 'pgbouncer', 'redis', 'cleanup', 'databaseCleanup'],
];

function leavesBelow(path: readonly string[]): string[][] {
  const value = chartDefault(path, newestRelease);
  if (!isRecord(value) || Object.keys(value).length === 0) return [[...path]];
  return Object.keys(value).flatMap((key) => leavesBelow([...path, key]));
}

const leaves = roots.flatMap((root) => leavesBelow([root]));

/** Values with a value put at a path. */
function withValue(values: Values, [first = '', ...rest]: readonly string[], value: unknown): Values {
  const inner = values[first];
  return {
    ...values,
    [first]: rest.length === 0 ? value : withValue(isRecord(inner) ? inner : {}, rest, value),
  };
}

function withDefaults(values: Values, paths: readonly (readonly string[])[]): Values {
  return paths.reduce((into, path) => withValue(into, path, chartDefault(path, newestRelease)), values);
}

/** Values that turn on what is off by default, so that defaults of it count. */
const everythingOn: Values = {
  executor: 'CeleryExecutor,KubernetesExecutor,LocalExecutor',
  flower: { enabled: true },
  pgbouncer: { enabled: true },
  cleanup: { enabled: true },
  databaseCleanup: { enabled: true },
  otelCollector: { tracesEnabled: true },
  dags: { gitSync: { enabled: true } },
  kerberos: { enabled: true },
  workers: { kerberosSidecar: { enabled: true }, celery: { sets: [{ name: 'a' }] } },
  scheduler: {
    serviceAccount: { automountServiceAccountToken: false, serviceAccountTokenVolume: { enabled: true } },
  },
};

/** Whether values already say something at a path, above it or below it. */
function isSet(values: unknown, path: readonly string[]): boolean {
  let value = values;
  for (const key of path) {
    if (!isRecord(value)) return true;
    if (!Object.hasOwn(value, key)) return false;
    value = value[key];
  }
  return true;
}

describe('setting what is the default anyway changes nothing', () => {
  test('there are many defaults', () => {
    expect(leaves.length).toBeGreaterThan(150);
  });

  test.each([
    ['in a chart without values', {}],
    ['in a chart with everything turned on', everythingOn],
    ['with Airflow 2', { airflowVersion: '2.11.0', executor: 'KubernetesExecutor' }],
  ])('one by one, %s', (_, values) => {
    const before = predict(values, newestRelease);
    for (const path of leaves) {
      if (isSet(values, path)) continue;
      expect(predict(withDefaults(values, [path]), newestRelease), path.join('.')).toEqual(before);
    }
  });

  const leaf = fc.constantFrom(...leaves);
  const values = fc.constantFrom<Values>({}, everythingOn, { executor: 'LocalExecutor' });
  test('several at once, in any order', () => {
    fc.assert(
      fc.property(values, fc.array(leaf, { maxLength: 12 }), (base, paths) => {
        const fresh = paths.filter((path) => !isSet(base, path));
        const after = predict(withDefaults(base, fresh), newestRelease);
        expect(after).toEqual(predict(base, newestRelease));
      }),
      { numRuns: 60 },
    );
  });

  test('whole maps of them', () => {
    const map = fc.tuple(leaf, fc.nat()).map(([path, length]) => path.slice(0, 1 + (length % path.length)));
    fc.assert(
      fc.property(fc.constantFrom<Values>({}, { executor: 'LocalExecutor' }), map, (base, path) => {
        if (isSet(base, path)) return;
        const after = predict(withDefaults(base, [path]), newestRelease);
        expect(after).toEqual(predict(base, newestRelease));
      }),
      { numRuns: 60 },
    );
  });
});
