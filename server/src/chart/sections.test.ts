import { describe, expect, test } from 'vitest';
import { predict } from './prediction';
import { newestRelease, releaseOf } from './releases';
import { findMissingSection, sections } from './sections';

type Values = Readonly<Record<string, unknown>>;

/** The section that values leave without what Helm needs, as `path problem`. */
function missing(values: unknown, version?: string): string | undefined {
  const release = releaseOf(version) ?? newestRelease;
  const found = findMissingSection(values, release);
  if (found) expect(predict(values, release).aborts).toEqual(found);
  return found && `${found.path.join('.')} ${found.problem}`;
}

/** Values with a single one at a path, dots between its keys. */
function at(path: string, value: unknown, others: Values = {}): Values {
  const put = (tree: unknown, [first = '', ...rest]: readonly string[]): Values => {
    const map = (tree ?? {}) as Values;
    return { ...map, [first]: rest.length > 0 ? put(map[first], rest) : value };
  };
  return put(others, path.split('.'));
}

const emptyMap = "is empty, and the chart's templates look into it";
const names = (rows: typeof sections): string[] => rows.map(({ path }) => path.join('.'));

describe('sections that are needed whatever the values', () => {
  test.each(names(sections.filter(({ when, holds }) => !when && holds === 'a map')))('%s', (path) => {
    expect(missing(at(path, null))).toBe(`${path} ${emptyMap}`);
    expect(missing(at(path, 'text'))).toBe(`${path} is not a map, and the chart's templates look into it`);
    expect(missing(at(path, []))).toBe(`${path} is not a map, and the chart's templates look into it`);
    expect(missing(at(path, {}))).toBeUndefined();
  });

  test.each(['executor', 'airflowVersion'])('%s is a text', (path) => {
    expect(missing({ [path]: null })).toBe(`${path} is empty, and the chart's templates need a text there`);
    expect(missing({ [path]: 3 })).toBe(`${path} is not a text, and the chart's templates need a text there`);
  });

  test.each([
    'statsd.enabled',
    'multiNamespaceMode',
    'otelCollector.tracesEnabled',
    'otelCollector.metricsEnabled',
  ])('%s is one of two things', (path) => {
    expect(missing(at(path, null))).toBe(
      `${path} is empty, and the chart's templates need true or false there`,
    );
    expect(missing(at(path, false))).toBeUndefined();
  });
});

describe('sections that are needed at times', () => {
  const kubernetes = { executor: 'KubernetesExecutor' };
  const airflow2 = { airflowVersion: '2.11.0' };
  const manual = (component: string): Values =>
    at(`${component}.serviceAccount.automountServiceAccountToken`, false, { [component]: { enabled: true } });
  const disabled = (component: string): Values => ({ [component]: { enabled: false } });
  const withRedis = { data: { brokerUrl: 'redis://r' } };

  test.each<[string, Values, Values]>([
    ['scheduler.serviceAccount', {}, disabled('scheduler')],
    ['scheduler.waitForMigrations', {}, disabled('scheduler')],
    ['scheduler.logGroomerSidecar', {}, disabled('scheduler')],
    ['scheduler.startupProbe', {}, disabled('scheduler')],
    ['scheduler.serviceAccount.serviceAccountTokenVolume', manual('scheduler'), {}],
    ['scheduler.podDisruptionBudget', {}, disabled('scheduler')],
    [
      'scheduler.serviceAccount.serviceAccountTokenVolume',
      { ...manual('scheduler'), ...kubernetes },
      { ...manual('scheduler'), executor: 'LocalExecutor' },
    ],
    [
      'cleanup.serviceAccount.serviceAccountTokenVolume',
      { ...manual('cleanup'), ...kubernetes },
      manual('cleanup'),
    ],
    ['cleanup.serviceAccount', { cleanup: { enabled: true } }, {}],
    ['apiServer.readinessProbe', {}, airflow2],
    ['apiServer.hpa', {}, disabled('apiServer')],
    ['webserver.startupProbe', airflow2, {}],
    ['webserver.hpa', airflow2, {}],
    ['triggerer.keda', {}, disabled('triggerer')],
    ['triggerer.persistence', {}, disabled('triggerer')],
    ['dagProcessor.serviceAccount', {}, airflow2],
    ['dagProcessor.livenessProbe', {}, disabled('dagProcessor')],
    ['createUserJob.defaultUser', {}, disabled('createUserJob')],
    ['statsd.cache', {}, disabled('statsd')],
    ['statsd.serviceAccount', {}, disabled('statsd')],
    ['pgbouncer.ssl', { pgbouncer: { enabled: true } }, {}],
    ['redis.persistence', {}, { ...disabled('redis'), ...withRedis }],
    ['redis.securityContexts', {}, kubernetes],
    ['flower.serviceAccount', { flower: { enabled: true } }, {}],
    ['otelCollector.serviceAccount', { otelCollector: { tracesEnabled: true } }, {}],
    ['workers.celery.persistence', kubernetes, { ...kubernetes, ...disabled('scheduler') }],
  ])('%s', (path, needed, idle) => {
    expect(missing(at(path, null, needed))).toBe(`${path} ${emptyMap}`);
    expect(predict(at(path, null, idle), newestRelease).aborts).toBeUndefined();
  });

  test('whether Dags come from Git is asked where they are on a volume', () => {
    const path = 'dags.gitSync.enabled';
    const kept = { dags: { persistence: { enabled: true } } };
    expect(missing(at(path, null, kept))).toBe(
      `${path} is empty, and the chart's templates need true or false there`,
    );
    expect(missing(at(path, null))).toBeUndefined();
  });
});

describe('which section is told', () => {
  test('the outermost of those that are missing, in the order of the table', () => {
    expect(missing({ scheduler: { serviceAccount: null }, workers: null, executor: null })).toMatch(
      /^executor /,
    );
    expect(missing({ scheduler: { serviceAccount: null }, workers: null })).toMatch(/^workers /);
    expect(missing({ scheduler: { serviceAccount: null }, workers: {} })).toMatch(
      /^scheduler.serviceAccount /,
    );
  });

  test('none for keys that are not there, and for values that are no map', () => {
    expect(missing({})).toBeUndefined();
    expect(missing({ 'x-own': null })).toBeUndefined();
    expect(missing(undefined)).toBeUndefined();
    expect(missing([])).toBeUndefined();
  });

  test('none that the release does not have yet', () => {
    const cleanup = {
      enabled: true,
      serviceAccount: { automountServiceAccountToken: false, serviceAccountTokenVolume: null },
    };
    const values = { executor: 'KubernetesExecutor', cleanup };
    expect(missing(values)).toBe(`cleanup.serviceAccount.serviceAccountTokenVolume ${emptyMap}`);
    expect(missing(values, '1.21.0')).toBeUndefined();
    expect(missing({ otelCollector: null })).toBe(`otelCollector ${emptyMap}`);
    expect(missing({ otelCollector: null }, '1.21.0')).toBeUndefined();
    expect(missing({ otelCollector: { tracesEnabled: null } }, '1.21.0')).toBeUndefined();
    const scheduler = { serviceAccount: cleanup.serviceAccount };
    expect(missing({ scheduler }, '1.19.0')).toBe(
      `scheduler.serviceAccount.serviceAccountTokenVolume ${emptyMap}`,
    );
    expect(missing({ scheduler }, '1.18.0')).toBeUndefined();
  });
});
