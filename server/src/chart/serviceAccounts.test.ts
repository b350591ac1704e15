import { describe, expect, test } from 'vitest';
import type { WorkloadExposure } from './exposure';
import { predict } from './prediction';
import { newestRelease, releaseOf } from './releases';
import { serviceAccountOf, type ServiceAccount } from './serviceAccounts';
import { readOverDefaults } from './defaults';
import { chartValues } from './templateValues';

type Values = Readonly<Record<string, unknown>>;

function workload(label: string, values: Values, version?: string): WorkloadExposure {
  const { aborts, workloads } = predict(values, releaseOf(version) ?? newestRelease);
  expect(aborts).toBeUndefined();
  const found = workloads.find((each) => each.label === label);
  if (!found) throw new Error(`No workload has the label ${label}`);
  return found;
}

/** The account of a workload and what it says. */
function account(label: string, values: Values, version?: string): ServiceAccount {
  const { serviceAccount, serviceAccountRendered, serviceAccountAutomount } = workload(
    label,
    values,
    version,
  );
  return { name: serviceAccount, rendered: serviceAccountRendered, automount: serviceAccountAutomount };
}

const on = { rendered: true, automount: true };
const off = { rendered: true, automount: false };
const none = { rendered: false, automount: null };

describe('the name of an account', () => {
  test.each<[string, Values, string]>([
    ['is made from the release', {}, 'airflow-triggerer'],
    ['is the one of the user', { triggerer: { serviceAccount: { name: 'mine' } } }, 'mine'],
    [
      'is made where the one of the user is empty',
      { triggerer: { serviceAccount: { name: '' } } },
      'airflow-triggerer',
    ],
    ['is no template', { triggerer: { serviceAccount: { name: '{{ .x }}' } } }, '{{ .x }}'],
    ['is default without an account', { triggerer: { serviceAccount: { create: false } } }, 'default'],
    ['is default where the switch is null', { triggerer: { serviceAccount: { create: null } } }, 'default'],
    [
      'is that of an account that is there already',
      { triggerer: { serviceAccount: { create: false, name: 'theirs' } } },
      'theirs',
    ],
    ['begins with fullnameOverride', { fullnameOverride: 'flow' }, 'flow-triggerer'],
    [
      'begins with fullnameOverride rather than nameOverride',
      { fullnameOverride: 'flow', nameOverride: 'air' },
      'flow-triggerer',
    ],
    ['has nameOverride in it', { nameOverride: 'flow-x' }, 'airflow-flow-x-triggerer'],
    ['does not repeat what the release says', { nameOverride: 'flow' }, 'airflow-triggerer'],
    ['does not depend on useStandardNaming', { useStandardNaming: true }, 'airflow-triggerer'],
    ['is cut', { fullnameOverride: 'x'.repeat(70) }, `${'x'.repeat(63)}-triggerer`],
    ['is not cut after a dash', { fullnameOverride: `${'x'.repeat(62)}-y` }, `${'x'.repeat(62)}-triggerer`],
  ])('%s', (_, values, expected) => {
    expect(workload('triggerer', values).serviceAccount).toBe(expected);
  });

  test('is made from the set of workers', () => {
    const workers = { serviceAccount: { create: true }, celery: { sets: [{ name: 'a' }] } };
    expect(account('worker', { workers }).name).toBe('airflow-worker');
    expect(account('worker-a', { workers }).name).toBe('airflow-worker-a');
    const named = { ...workers, serviceAccount: { name: 'mine' } };
    expect(account('worker-a', { workers: named }).name).toBe('mine');
  });

  test('has its own word for the migration job', () => {
    expect(account('run-airflow-migrations', {}).name).toBe('airflow-migrate-database-job');
  });
});

describe('what an account says', () => {
  const of = (serviceAccount: Values): Values => ({ triggerer: { serviceAccount } });
  const scheduler = (serviceAccount: Values, executor: string): Values => ({
    executor,
    scheduler: { serviceAccount },
  });
  test.each<[string, string, Values, Omit<ServiceAccount, 'name'>]>([
    ['nothing set', 'triggerer', {}, on],
    ['false', 'triggerer', of({ automountServiceAccountToken: false }), off],
    [
      'null, which prints nothing',
      'triggerer',
      of({ automountServiceAccountToken: null }),
      { ...on, automount: null },
    ],
    [
      'the text "false", which is printed without quotes',
      'triggerer',
      of({ automountServiceAccountToken: 'false' }),
      off,
    ],
    ['the text "true"', 'triggerer', of({ automountServiceAccountToken: 'true' }), on],
    ['another text', 'triggerer', of({ automountServiceAccountToken: 'never' }), { ...on, automount: null }],
    ['no account', 'triggerer', of({ automountServiceAccountToken: false, create: false }), none],
    ['a scheduler that mounts', 'scheduler', {}, { ...on, automount: null }],
    [
      'a scheduler that does not',
      'scheduler',
      scheduler({ automountServiceAccountToken: false }, 'KubernetesExecutor'),
      off,
    ],
    [
      'a scheduler with null',
      'scheduler',
      scheduler({ automountServiceAccountToken: null }, 'KubernetesExecutor'),
      off,
    ],
    [
      'a scheduler with the text "false", which counts as true',
      'scheduler',
      scheduler({ automountServiceAccountToken: 'false' }, 'KubernetesExecutor'),
      { ...on, automount: null },
    ],
    [
      'a scheduler whose executor starts no pods',
      'scheduler',
      scheduler({ automountServiceAccountToken: false }, 'LocalExecutor'),
      { ...on, automount: null },
    ],
    ['the OpenTelemetry collector', 'otel-collector', { otelCollector: { tracesEnabled: true } }, off],
  ])('%s', (_, label, values, expected) => {
    expect(account(label, values)).toMatchObject(expected);
  });
});

describe('an account that several share', () => {
  const use = (name: string): Values => ({ serviceAccount: { create: false, name } });

  test('is the one that the chart renders last', () => {
    const values = (scheduler: boolean | null, triggerer: boolean): Values => ({
      scheduler: { serviceAccount: { name: 's', automountServiceAccountToken: scheduler } },
      triggerer: { serviceAccount: { name: 's', automountServiceAccountToken: triggerer } },
    });
    expect(account('scheduler', values(true, false))).toEqual({ name: 's', ...off });
    expect(account('triggerer', values(true, false))).toEqual({ name: 's', ...off });
    expect(account('scheduler', values(false, true))).toEqual({ name: 's', ...on });
    expect(workload('scheduler', values(false, true)).automounts).toBe(false);
    expect(workload('triggerer', values(false, true)).automounts).toBe(true);
  });

  test.each<[string, string, Values, Omit<ServiceAccount, 'name'>]>([
    ['the scheduler, which mounts', 'airflow-scheduler', {}, { ...on, automount: null }],
    [
      'the scheduler, which does not',
      'airflow-scheduler',
      { scheduler: { serviceAccount: { automountServiceAccountToken: false } } },
      off,
    ],
    ['a component that is switched off', 'airflow-pgbouncer', {}, none],
    ['one that does not fit the executor', 'airflow-cleanup', { cleanup: { enabled: true } }, none],
    [
      'a job that is switched off',
      'airflow-create-user-job',
      { createUserJob: { enabled: false, serviceAccount: { automountServiceAccountToken: false } } },
      off,
    ],
    [
      'the migration job that is switched off',
      'airflow-migrate-database-job',
      { migrateDatabaseJob: { enabled: false } },
      on,
    ],
    [
      'a job without an account',
      'airflow-create-user-job',
      { createUserJob: { serviceAccount: { create: false } } },
      none,
    ],
    [
      'the cleaning of the database, which is enabled and has nothing to run',
      'airflow-database-cleanup',
      {
        databaseCleanup: {
          enabled: true,
          args: [],
          serviceAccount: { automountServiceAccountToken: false },
        },
      },
      off,
    ],
    ['the cleaning of the database, which is off', 'airflow-database-cleanup', {}, none],
    ['Celery workers', 'airflow-worker', {}, on],
    ['a set of Celery workers', 'airflow-worker-a', { workers: { celery: { sets: [{ name: 'a' }] } } }, on],
    ['a name that nobody has', 'airflow', {}, none],
  ])('is that of %s', (_, name, values, expected) => {
    expect(account('triggerer', { triggerer: use(name), ...values })).toEqual({ name, ...expected });
  });
});

describe('the account of Kubernetes workers', () => {
  const asked = (name: string, executor: string, workers: Values): Omit<ServiceAccount, 'name'> => {
    const triggerer = { serviceAccount: { create: false, name } };
    const { rendered, automount } = account('triggerer', { executor, workers, triggerer });
    return { rendered, automount };
  };
  const separate = { kubernetes: { serviceAccount: { create: true } } };

  test('is that of the Celery workers, unless they are given their own', () => {
    expect(asked('airflow-worker', 'KubernetesExecutor', {})).toEqual(on);
    expect(asked('airflow-worker-kubernetes', 'KubernetesExecutor', {})).toEqual(none);
    expect(asked('airflow-worker', 'KubernetesExecutor', separate)).toEqual(none);
    expect(asked('airflow-worker-kubernetes', 'KubernetesExecutor', separate)).toEqual(on);
    const refused = { kubernetes: { serviceAccount: { create: false } } };
    expect(asked('airflow-worker', 'KubernetesExecutor', refused)).toEqual(none);
  });

  test('stands beside that of Celery workers where there are both', () => {
    expect(asked('airflow-worker', 'CeleryExecutor,KubernetesExecutor', separate)).toEqual(on);
    expect(asked('airflow-worker-kubernetes', 'CeleryExecutor,KubernetesExecutor', separate)).toEqual(on);
  });

  test('needs an executor that uses it', () => {
    expect(asked('airflow-worker-kubernetes', 'CeleryExecutor', separate)).toEqual(none);
    expect(asked('airflow-worker', 'LocalExecutor', {})).toEqual(none);
  });

  test('says what it is told, or else what all workers are told', () => {
    const told = (own: unknown, all: unknown): boolean | null =>
      asked('airflow-worker-kubernetes', 'KubernetesExecutor', {
        serviceAccount: { automountServiceAccountToken: all },
        kubernetes: { serviceAccount: { create: true, automountServiceAccountToken: own } },
      }).automount;
    expect(told(null, false)).toBe(false);
    expect(told(true, false)).toBe(true);
    expect(told(false, true)).toBe(false);
    expect(told(null, true)).toBe(true);
  });
});

describe('the account of Celery workers', () => {
  test.each<[string, unknown, unknown, boolean | null]>([
    ['all workers are told', false, undefined, false],
    ['Celery is told, over all workers', true, false, false],
    ['Celery is told true, over all workers', false, true, true],
    ['all workers are told where Celery has null', false, null, false],
  ])('says what %s', (_, all, celery, expected) => {
    const section = (value: unknown): Values => ({
      serviceAccount: value === undefined ? {} : { automountServiceAccountToken: value },
    });
    const workers = { ...section(all), celery: section(celery) };
    expect(account('worker', { workers }).automount).toBe(expected);
  });

  test('can be left out for Celery alone', () => {
    const workers = { celery: { serviceAccount: { create: false } } };
    expect(account('worker', { workers })).toEqual({ name: 'default', ...none });
    expect(account('worker', { workers }, '1.20.0')).toEqual({ name: 'airflow-worker', ...on });
  });
});

test('a component that has no account is refused', () => {
  const chart = chartValues(readOverDefaults({}, newestRelease), newestRelease);
  expect(() => serviceAccountOf(chart, 'ingress')).toThrow('No such component: ingress');
});
