import { describe, expect, test } from 'vitest';
import { readOverDefaults } from './defaults';
import { findUnmetDemand } from './demands';
import { predict } from './prediction';
import { newestRelease, releaseOf } from './releases';

type Values = Readonly<Record<string, unknown>>;

/** The demand that values do not meet, as `path problem`. */
function unmet(values: Values, version?: string): string | undefined {
  const release = releaseOf(version) ?? newestRelease;
  const found = findUnmetDemand(readOverDefaults(values, release), release);
  expect(predict(values, release).aborts).toEqual(found);
  return found && `${found.path.join('.')} ${found.problem}`;
}

const url = 'redis://r';
const secret = 'data.brokerUrlSecretName';
const command = { name: 'AIRFLOW__CELERY__BROKER_URL_CMD', value: 'cat' };

describe('values that the chart refuses', () => {
  test.each<[Values, string]>([
    [{ airflowVersion: '3.0.0rc1' }, 'airflowVersion is no version that Helm can compare'],
    [{ airflowVersion: '2.10.5' }, 'airflowVersion is older than 2.11.0, the oldest that the chart deploys'],
    [
      { redis: { passwordSecretName: 's' } },
      `redis.passwordSecretName is set, and the chart's own Redis then needs ${secret} or ${command.name} in env`,
    ],
    [
      {
        redis: { passwordSecretName: 's', password: 'p' },
        data: { brokerUrlSecretName: 'b' },
      },
      'redis.passwordSecretName is set, and redis.password is too: the chart takes only one of them',
    ],
    [
      { redis: { enabled: false } },
      `redis.enabled is off, and Celery then needs data.brokerUrl or ${secret}`,
    ],
    [{ redis: { enabled: null } }, `redis.enabled is off, and Celery then needs data.brokerUrl or ${secret}`],
    [
      { data: { brokerUrl: url, brokerUrlSecretName: 'b' } },
      `data.brokerUrl is set, and ${secret} is too: the chart takes only one of them`,
    ],
    [
      {
        elasticsearch: { enabled: true, secretName: 's' },
        opensearch: { enabled: true, secretName: 's' },
      },
      'opensearch.enabled is set, and elasticsearch.enabled is too: the chart takes only one of them',
    ],
    [
      { elasticsearch: { enabled: true } },
      'elasticsearch is enabled, and has neither a secretName nor a connection',
    ],
    [
      { opensearch: { enabled: true, connection: {} } },
      'opensearch is enabled, and has neither a secretName nor a connection',
    ],
    [
      { opensearch: { enabled: true, secretName: 's', connection: { host: 'h' } } },
      'opensearch.connection is set, and opensearch.secretName is too: the chart takes only one of them',
    ],
  ])('%j', (values, expected) => {
    expect(unmet(values)).toBe(expected);
  });
});

describe('values that it takes', () => {
  test.each<[string, Values]>([
    ['nothing', {}],
    ['a prerelease', { airflowVersion: '2.0.0-rc1' }],
    ['Redis elsewhere', { redis: { enabled: false }, data: { brokerUrl: url } }],
    ['Redis elsewhere, told by a secret', { redis: { enabled: false }, data: { brokerUrlSecretName: 's' } }],
    ['no Redis without Celery', { executor: 'KubernetesExecutor', redis: { enabled: false } }],
    [
      'two ways to Redis without Celery',
      { executor: 'LocalExecutor', data: { brokerUrl: url, brokerUrlSecretName: 's' } },
    ],
    [
      'a password without Celery',
      { executor: 'LocalExecutor', redis: { password: 'p', passwordSecretName: 's' } },
    ],
    ['a password in a secret', { redis: { passwordSecretName: 's' }, data: { brokerUrlSecretName: 'b' } }],
    ['a password in a secret, and a command', { redis: { passwordSecretName: 's' }, env: [command] }],
    [
      'passwords of a Redis that is off',
      {
        redis: { enabled: false, password: 'p', passwordSecretName: 's' },
        data: { brokerUrl: url },
      },
    ],
    ['a log store in a secret', { elasticsearch: { enabled: true, secretName: 's' } }],
    ['a log store with a connection', { opensearch: { enabled: true, connection: { host: 'h' } } }],
    ['a log store that is off', { opensearch: { secretName: 's', connection: { host: 'h' } } }],
  ])('%s', (_, values) => {
    expect(unmet(values)).toBeUndefined();
  });

  test('an older Airflow, before the chart looked', () => {
    expect(unmet({ airflowVersion: '2.10.5' }, '1.19.0')).toBeUndefined();
    expect(unmet({ airflowVersion: '2.10.5' }, '1.20.0')).toMatch(/^airflowVersion is older/);
  });
});

test('of two demands the first in the order of the chart is told', () => {
  const values = { redis: { enabled: false }, airflowVersion: '1.0.0', opensearch: { enabled: true } };
  expect(unmet(values)).toMatch(/^airflowVersion /);
  expect(unmet({ ...values, airflowVersion: '3.0.0' })).toMatch(/^redis.enabled /);
});
