import { describe, expect, test } from 'vitest';
import type { WorkloadExposure } from './exposure';
import { predict } from './prediction';
import { newestRelease, releaseOf } from './releases';
import type { Origin } from './volumes';

type Values = Readonly<Record<string, unknown>>;

/** What the chart renders for values that its schema accepts. */
function render(values: Values, version?: string): readonly WorkloadExposure[] {
  const { rejected, aborts, workloads } = predict(values, releaseOf(version) ?? newestRelease);
  expect({ rejected, aborts }).toEqual({ rejected: undefined, aborts: undefined });
  return workloads;
}

function labels(values: Values, version?: string): string[] {
  return render(values, version).map(({ label }) => label);
}

function workload(label: string, values: Values, version?: string): WorkloadExposure {
  const found = render(values, version).find((each) => each.label === label);
  if (!found) throw new Error(`No workload has the label ${label}`);
  return found;
}

/** The names of a workload's containers in their order, those of init containers before a bar. */
function containers(label: string, values: Values, version?: string): string {
  const { containers: all } = workload(label, values, version);
  const firstMain = all.findIndex(({ init }) => !init);
  expect(
    all.slice(firstMain).some(({ init }) => init),
    'init containers come first',
  ).toBe(false);
  const names = all.map(({ name }) => name);
  return [names.slice(0, firstMain).join(' '), names.slice(firstMain).join(' ')].join(' | ').trim();
}

/** The containers of a workload that mount a volume. */
function mounting(volume: string, label: string, values: Values, version?: string): string[] {
  return workload(label, values, version)
    .containers.filter(({ mounts }) => mounts.some((mount) => mount.volume === volume))
    .map(({ name }) => name);
}

const everything = {
  executor: 'CeleryExecutor,KubernetesExecutor',
  flower: { enabled: true },
  pgbouncer: { enabled: true },
  otelCollector: { tracesEnabled: true },
  cleanup: { enabled: true },
  databaseCleanup: { enabled: true },
};

describe('workloads', () => {
  test('the chart by itself deploys Airflow 3 with Celery, Redis and StatsD', () => {
    expect(new Set(labels({}))).toEqual(
      new Set([
        ...['api-server', 'dag-processor', 'scheduler', 'triggerer', 'worker', 'statsd', 'redis'],
        ...['create-user-job', 'run-airflow-migrations'],
      ]),
    );
  });

  test('each has its kind, its component, its account and its main container', () => {
    const rows = render(everything).map(({ label, component, kind, serviceAccount, containers: all }) => [
      ...[label, component, kind, serviceAccount],
      all.find(({ init }) => !init)?.name,
    ]);
    const expected = [
      ['api-server', 'apiServer', 'Deployment', 'airflow-api-server', 'api-server'],
      ['dag-processor', 'dagProcessor', 'Deployment', 'airflow-dag-processor', 'dag-processor'],
      ['scheduler', 'scheduler', 'Deployment', 'airflow-scheduler', 'scheduler'],
      ['statsd', 'statsd', 'Deployment', 'airflow-statsd', 'statsd'],
      ['otel-collector', 'otelCollector', 'Deployment', 'airflow-otel-collector', 'otel-collector'],
      ['redis', 'redis', 'StatefulSet', 'airflow-redis', 'redis'],
      ['triggerer', 'triggerer', 'StatefulSet', 'airflow-triggerer', 'triggerer'],
      ['worker', 'workers.celery', 'StatefulSet', 'airflow-worker', 'worker'],
      ['flower', 'flower', 'Deployment', 'airflow-flower', 'flower'],
      ['pgbouncer', 'pgbouncer', 'Deployment', 'airflow-pgbouncer', 'pgbouncer'],
      ['create-user-job', 'createUserJob', 'Job', 'airflow-create-user-job', 'create-user'],
      [
        ...['run-airflow-migrations', 'migrateDatabaseJob', 'Job'],
        ...['airflow-migrate-database-job', 'run-airflow-migrations'],
      ],
      ['airflow-cleanup-pods', 'cleanup', 'CronJob', 'airflow-cleanup', 'airflow-cleanup-pods'],
      [
        ...['database-cleanup', 'databaseCleanup', 'CronJob'],
        ...['airflow-database-cleanup', 'database-cleanup'],
      ],
    ];
    expect(new Set(rows)).toEqual(new Set(expected));
    expect(rows).toHaveLength(expected.length);
  });

  const celery = { redis: { enabled: true }, flower: { enabled: true } };
  test.each<[string, Values, Record<string, boolean>]>([
    ['an executor in a list', { executor: 'LocalExecutor,my.CeleryExecutor' }, { worker: true, redis: true }],
    [
      'CeleryKubernetesExecutor',
      { executor: 'CeleryKubernetesExecutor', ...celery },
      { worker: true, redis: true, flower: true },
    ],
    [
      'an executor without Celery',
      { executor: 'KubernetesExecutor', ...celery },
      { worker: false, redis: false, flower: false },
    ],
    [
      'Redis elsewhere',
      { redis: { enabled: false }, data: { brokerUrl: 'redis://r' } },
      { redis: false, worker: true },
    ],
    [
      'no Kubernetes executor',
      { cleanup: { enabled: true } },
      { 'airflow-cleanup-pods': false, flower: false },
    ],
    [
      'no switch for cleaning up',
      { executor: 'KubernetesExecutor' },
      { 'airflow-cleanup-pods': false, 'database-cleanup': false },
    ],
    [
      'everything switched off',
      {
        scheduler: { enabled: false },
        triggerer: { enabled: false },
        dagProcessor: { enabled: false },
        apiServer: { enabled: false },
        statsd: { enabled: false },
        createUserJob: { enabled: false },
        migrateDatabaseJob: { enabled: false },
      },
      {
        scheduler: false,
        triggerer: false,
        'dag-processor': false,
        'api-server': false,
        statsd: false,
        'create-user-job': false,
        'run-airflow-migrations': false,
      },
    ],
    ['a switch left empty', { triggerer: { enabled: null } }, { triggerer: false }],
  ])('%s', (_, values, expected) => {
    const found = labels(values);
    expect(Object.fromEntries(Object.keys(expected).map((label) => [label, found.includes(label)]))).toEqual(
      expected,
    );
  });

  const webs = ['api-server', 'webserver', 'dag-processor'];
  test.each<[string, Values, string[]]>([
    ['Airflow 2', { airflowVersion: '2.11.0' }, ['webserver']],
    ['Airflow 3', { airflowVersion: '3.0.0' }, ['api-server', 'dag-processor']],
    ['a version in short', { airflowVersion: 'v3' }, ['api-server', 'dag-processor']],
    ['a version before a release, which is in neither range', { airflowVersion: '3.0.0-rc1' }, []],
    ['Airflow 2 before a release', { airflowVersion: '2.11.0-beta.1' }, []],
    [
      'a DAG processor that Airflow 2 is given',
      { airflowVersion: '2.11.0', dagProcessor: { enabled: true } },
      ['webserver', 'dag-processor'],
    ],
    [
      'a DAG processor that is asked for before a release',
      { airflowVersion: '3.0.0-rc1', dagProcessor: { enabled: true } },
      ['dag-processor'],
    ],
    [
      'the two web servers switched off',
      { apiServer: { enabled: false }, webserver: { enabled: false } },
      ['dag-processor'],
    ],
  ])('%s', (_, values, expected) => {
    expect(webs.filter((label) => labels(values).includes(label))).toEqual(expected);
  });

  test.each<[string, Values, boolean]>([
    ['the old place says no', { webserver: { defaultUser: { enabled: false } } }, false],
    [
      'the old place says yes',
      { webserver: { defaultUser: { enabled: true } }, createUserJob: { enabled: false } },
      true,
    ],
    [
      'the old place describes a user and does not say',
      { webserver: { defaultUser: { role: 'Op' } } },
      false,
    ],
    ['the old place is empty', { webserver: { defaultUser: {} } }, true],
    ['its own switch is off', { createUserJob: { enabled: false } }, false],
  ])('the job that creates a user, when %s', (_, values, expected) => {
    expect(labels(values).includes('create-user-job')).toBe(expected);
  });

  test.each<[string, Values, boolean]>([
    ['its own arguments', {}, true],
    ['no arguments', { args: [] }, false],
    ['arguments left empty', { args: null }, false],
    ['a command instead', { args: [], command: ['clean'] }, true],
  ])('the job that cleans the database, with %s', (_, values, expected) => {
    const found = labels({ databaseCleanup: { enabled: true, ...values } });
    expect(found.includes('database-cleanup')).toBe(expected);
  });

  test('the triggerer has a volume for its logs unless that is switched off', () => {
    const kind = (persistence: Values): string => workload('triggerer', { triggerer: { persistence } }).kind;
    expect(kind({})).toBe('StatefulSet');
    expect(kind({ enabled: false })).toBe('Deployment');
  });

  test('the OpenTelemetry collector needs one of its two switches, and a chart that has it', () => {
    const has = (otelCollector: Values, version?: string): boolean =>
      labels({ otelCollector }, version).includes('otel-collector');
    expect(has({})).toBe(false);
    expect(has({ tracesEnabled: true })).toBe(true);
    expect(has({ metricsEnabled: true })).toBe(true);
    expect(has({ tracesEnabled: true }, '1.21.0')).toBe(false);
  });
});

describe('the scheduler', () => {
  test.each<[string, Values, string]>([
    ['runs tasks', { executor: 'LocalExecutor' }, 'StatefulSet'],
    ['runs some tasks', { executor: 'KubernetesExecutor,my.LocalExecutor' }, 'StatefulSet'],
    ['runs none', { executor: 'KubernetesExecutor' }, 'Deployment'],
    [
      'keeps no logs',
      { executor: 'LocalExecutor', workers: { persistence: { enabled: false } } },
      'Deployment',
    ],
    [
      'has false for Celery',
      { executor: 'LocalExecutor', workers: { celery: { persistence: { enabled: false } } } },
      'Deployment',
    ],
    [
      'has true for Celery alone',
      {
        executor: 'LocalExecutor',
        workers: { persistence: { enabled: false }, celery: { persistence: { enabled: true } } },
      },
      'StatefulSet',
    ],
    [
      'has null for Celery',
      { executor: 'LocalExecutor', workers: { celery: { persistence: { enabled: null } } } },
      'StatefulSet',
    ],
  ])('that %s', (_, values, kind) => {
    expect(workload('scheduler', values).kind).toBe(kind);
  });

  test('its log groomer and the wait for migrations can be left out', () => {
    expect(containers('scheduler', {})).toBe('wait-for-airflow-migrations | scheduler scheduler-log-groomer');
    const off = { waitForMigrations: { enabled: false }, logGroomerSidecar: { enabled: false } };
    expect(containers('scheduler', { scheduler: off })).toBe('| scheduler');
  });

  test('what the user adds comes last', () => {
    const extra = {
      extraInitContainers: [{ name: 'before' }],
      extraContainers: [{ name: 'beside' }, { name: 'more' }],
    };
    expect(containers('scheduler', { scheduler: extra })).toBe(
      'wait-for-airflow-migrations before | scheduler scheduler-log-groomer beside more',
    );
    const dags = { gitSync: { enabled: true } };
    expect(containers('scheduler', { scheduler: extra, dags, executor: 'LocalExecutor' })).toBe(
      'wait-for-airflow-migrations git-sync-init before | scheduler git-sync scheduler-log-groomer beside more',
    );
  });
});

describe('fetching Dags from Git', () => {
  const synced = { gitSync: { enabled: true } };
  const syncedAndKept = { ...synced, persistence: { enabled: true } };
  const local = { executor: 'CeleryExecutor,LocalExecutor' };
  const withoutProcessor = { dagProcessor: { enabled: false } };

  /** What the pod of a component runs for it. */
  function syncers(label: string, values: Values): string[] {
    return workload(label, values)
      .containers.map(({ name }) => name)
      .filter((name) => name.startsWith('git-sync'));
  }

  const both = ['git-sync-init', 'git-sync'];
  test.each<[string, string, Values, string[]]>([
    ['off', 'worker', {}, []],
    ['a worker', 'worker', { dags: synced }, both],
    ['a worker with Dags on a volume', 'worker', { dags: syncedAndKept }, []],
    ['the triggerer', 'triggerer', { dags: synced }, both],
    ['the triggerer with Dags on a volume', 'triggerer', { dags: syncedAndKept }, []],
    ['the DAG processor', 'dag-processor', { dags: synced }, both],
    ['the DAG processor with Dags on a volume', 'dag-processor', { dags: syncedAndKept }, ['git-sync']],
    ['a scheduler that leaves Dags to the DAG processor', 'scheduler', { dags: synced }, []],
    ['a scheduler without a DAG processor', 'scheduler', { dags: synced, ...withoutProcessor }, both],
    ['a scheduler that runs tasks', 'scheduler', { dags: synced, ...local }, both],
    ['a scheduler with Dags on a volume', 'scheduler', { dags: syncedAndKept, ...local }, both],
    ['a scheduler of Airflow 2', 'scheduler', { dags: synced, airflowVersion: '2.11.0' }, both],
    ['the API server', 'api-server', { dags: synced }, []],
  ])('%s', (_, label, values, expected) => {
    expect(syncers(label, values)).toEqual(expected);
  });

  test('under a name of the user', () => {
    const dags = { gitSync: { enabled: true, containerName: 'fetch' } };
    expect(containers('triggerer', { dags })).toBe(
      'wait-for-airflow-migrations fetch-init | triggerer fetch triggerer-log-groomer',
    );
  });

  test.each<[string, string, Values, boolean]>([
    ['without Dags from anywhere', 'worker', {}, false],
    ['from Git', 'worker', { dags: synced }, true],
    ['from a volume', 'worker', { dags: { persistence: { enabled: true } } }, true],
    ['in a scheduler that does not parse them', 'scheduler', { dags: synced }, false],
    ['in one that does', 'scheduler', { dags: synced, ...withoutProcessor }, true],
  ])('Dags are mounted: %s', (_, label, values, expected) => {
    expect(mounting('dags', label, values).includes(label)).toBe(expected);
  });

  test('to a folder of the user', () => {
    const pathOf = (values: Values): string | undefined =>
      workload('triggerer', values)
        .containers.flatMap(({ mounts }) => mounts)
        .find(({ volume, mountPath }) => volume === 'dags' && mountPath !== '/git')?.mountPath;
    expect(pathOf({ dags: synced })).toBe('/opt/airflow/dags');
    expect(pathOf({ dags: synced, airflowHome: '/home' })).toBe('/home/dags');
    expect(pathOf({ dags: { ...synced, mountPath: '/d' } })).toBe('/d');
  });
});

describe('Celery workers', () => {
  const celery = (values: Values): Values => ({ workers: { celery: values } });

  test.each<[string, Values, string]>([
    ['by default', {}, 'StatefulSet'],
    ['false for all workers', { persistence: { enabled: false } }, 'Deployment'],
    [
      'false for Celery over true for all',
      { persistence: { enabled: true }, celery: { persistence: { enabled: false } } },
      'Deployment',
    ],
    [
      'true for Celery over false for all',
      { persistence: { enabled: false }, celery: { persistence: { enabled: true } } },
      'StatefulSet',
    ],
    [
      'null for Celery over false for all',
      { persistence: { enabled: false }, celery: { persistence: { enabled: null } } },
      'Deployment',
    ],
  ])('their logs on a volume: %s', (_, workers, kind) => {
    expect(workload('worker', { workers }).kind).toBe(kind);
  });

  test.each<[string, Values, string]>([
    ['by default', {}, 'wait-for-airflow-migrations | worker worker-log-groomer'],
    [
      'permissions of the volume',
      { persistence: { fixPermissions: true } },
      'volume-permissions wait-for-airflow-migrations | worker worker-log-groomer',
    ],
    [
      'permissions without a volume',
      { persistence: { fixPermissions: true, enabled: false } },
      'wait-for-airflow-migrations | worker',
    ],
    [
      'Kerberos for all workers, not for Celery',
      {
        kerberosSidecar: { enabled: true },
        kerberosInitContainer: { enabled: true },
        celery: { kerberosSidecar: { enabled: false }, kerberosInitContainer: { enabled: false } },
      },
      'kerberos-init wait-for-airflow-migrations | worker worker-log-groomer worker-kerberos',
    ],
    [
      'Kerberos for Celery alone',
      { celery: { kerberosSidecar: { enabled: true }, kerberosInitContainer: { enabled: true } } },
      'kerberos-init wait-for-airflow-migrations | worker worker-log-groomer worker-kerberos',
    ],
    [
      'all of it at once',
      {
        persistence: { fixPermissions: true },
        kerberosSidecar: { enabled: true },
        kerberosInitContainer: { enabled: true },
        extraInitContainers: [{ name: 'before' }],
        extraContainers: [{ name: 'beside' }],
      },
      'volume-permissions kerberos-init wait-for-airflow-migrations before | worker worker-log-groomer worker-kerberos beside',
    ],
    [
      'false for Celery where true for all',
      { celery: { waitForMigrations: { enabled: false }, logGroomerSidecar: { enabled: false } } },
      '| worker',
    ],
    [
      'containers of all workers where Celery has an empty list',
      { extraContainers: [{ name: 'a' }], celery: { extraContainers: [] } },
      'wait-for-airflow-migrations | worker worker-log-groomer a',
    ],
    [
      'containers of all workers where Celery has null',
      { extraInitContainers: [{ name: 'a' }], celery: { extraInitContainers: null } },
      'wait-for-airflow-migrations a | worker worker-log-groomer',
    ],
    [
      'containers of Celery in place of those of all workers',
      { extraContainers: [{ name: 'a' }], celery: { extraContainers: [{ name: 'b' }] } },
      'wait-for-airflow-migrations | worker worker-log-groomer b',
    ],
  ])('their containers: %s', (_, workers, expected) => {
    expect(containers('worker', { workers })).toBe(expected);
  });

  test.each<[string, Values, boolean, boolean]>([
    ['on a volume', {}, true, true],
    ['without one', { persistence: { enabled: false } }, false, false],
    [
      'without one, when none is required',
      { persistence: { enabled: false }, logGroomerSidecar: { requirePersistence: false } },
      true,
      false,
    ],
    [
      'without one, when Celery requires none',
      { persistence: { enabled: false }, celery: { logGroomerSidecar: { requirePersistence: false } } },
      true,
      false,
    ],
    [
      'without one, when Celery leaves open what is required',
      {
        persistence: { enabled: false },
        logGroomerSidecar: { requirePersistence: false },
        celery: { logGroomerSidecar: { requirePersistence: null } },
      },
      true,
      false,
    ],
    ['switched off', { logGroomerSidecar: { enabled: false } }, false, false],
  ])('logs are groomed %s', (_, workers, now, before) => {
    const grooms = (version: string): boolean => {
      const release = releaseOf(version) ?? newestRelease;
      const { workloads } = predict({ workers }, release);
      const worker = workloads.find(({ label }) => label === 'worker');
      return worker?.containers.some(({ name }) => name === 'worker-log-groomer') ?? false;
    };
    expect(grooms('1.22.0')).toBe(now);
    expect(grooms('1.21.0')).toBe(before);
  });

  test.each<[string, Values, string[]]>([
    ['none but the default one', {}, ['worker']],
    ['named ones beside it', { sets: [{ name: 'a' }, { name: 'b' }] }, ['worker', 'worker-a', 'worker-b']],
    ['named ones without it', { enableDefault: false, sets: [{ name: 'a' }] }, ['worker-a']],
    [
      'the switch of the default one left empty',
      { enableDefault: null, sets: [{ name: 'a' }] },
      ['worker-a'],
    ],
    ['none at all', { enableDefault: false }, []],
    ['one in place of the default one', { enableDefault: false, sets: [{ name: 'default' }] }, ['worker']],
    ['the list left empty', { sets: null }, ['worker']],
  ])('sets of them: %s', (_, values, expected) => {
    expect(labels(celery(values)).filter((label) => label.startsWith('worker'))).toEqual(expected);
  });

  describe('a set of them', () => {
    const extra = (name: string): Values => ({ extraContainers: [{ name }] });
    test.each<[string, Values, Values, string]>([
      [
        'its own containers',
        extra('own'),
        extra('shared'),
        'wait-for-airflow-migrations | worker worker-log-groomer own',
      ],
      [
        'those of Celery',
        {},
        extra('shared'),
        'wait-for-airflow-migrations | worker worker-log-groomer shared',
      ],
      [
        'those of Celery where its own list is empty',
        { extraContainers: [] },
        extra('shared'),
        'wait-for-airflow-migrations | worker worker-log-groomer shared',
      ],
      [
        'none where its own are null',
        { extraContainers: null },
        extra('shared'),
        'wait-for-airflow-migrations | worker worker-log-groomer',
      ],
      [
        'what Celery says of a section that is null',
        { logGroomerSidecar: null },
        { logGroomerSidecar: { enabled: false } },
        'wait-for-airflow-migrations | worker',
      ],
      [
        'its own word on Kerberos, even where Celery turns it on',
        { kerberosSidecar: { enabled: false } },
        { kerberosSidecar: { enabled: true } },
        'wait-for-airflow-migrations | worker worker-log-groomer',
      ],
      [
        'no volume of its own',
        { persistence: { enabled: false } },
        {},
        'wait-for-airflow-migrations | worker',
      ],
    ])('has %s', (_, set, shared, expected) => {
      expect(containers('worker-a', celery({ ...shared, sets: [{ name: 'a', ...set }] }))).toBe(expected);
    });

    test('becomes a Deployment by itself', () => {
      const values = celery({ sets: [{ name: 'a', persistence: { enabled: false } }] });
      expect(workload('worker-a', values).kind).toBe('Deployment');
      expect(workload('worker', values).kind).toBe('StatefulSet');
    });

    test('says where its mounts come from', () => {
      const mount = { name: 'v', mountPath: '/v' };
      const origin = (set: Values, values: Values): Origin | undefined =>
        workload('worker-a', { workers: { ...values, celery: { sets: [{ name: 'a', ...set }] } } })
          .containers.flatMap(({ mounts }) => mounts)
          .find(({ volume }) => volume === 'v')?.origin;
      expect(origin({ extraVolumeMounts: [mount] }, {})).toEqual({
        by: 'values',
        path: ['workers', 'celery', 'sets', '0', 'extraVolumeMounts'],
        index: 0,
      });
      expect(origin({}, { extraVolumeMounts: [mount] })).toEqual({
        by: 'values',
        path: ['workers', 'extraVolumeMounts'],
        index: 0,
      });
    });
  });

  /** What each section says under `workers.celery`, against the opposite under `workers`. */
  const sections: [string, string, Values, Values, (values: Values, version: string) => boolean][] = [
    [
      'persistence',
      '1.19.0',
      { persistence: { enabled: true } },
      { persistence: { enabled: false } },
      (values, version) => workload('worker', values, version).kind === 'Deployment',
    ],
    [
      'extraVolumeMounts',
      '1.21.0',
      { extraVolumeMounts: [] },
      { extraVolumeMounts: [{ name: 'v', mountPath: '/v' }] },
      (values, version) => mounting('v', 'worker', values, version).length > 0,
    ],
    [
      'logGroomerSidecar',
      '1.21.0',
      { logGroomerSidecar: { enabled: true } },
      { logGroomerSidecar: { enabled: false } },
      (values, version) => !containers('worker', values, version).includes('groomer'),
    ],
  ];
  test.each(sections)(
    'the chart looks for %s under workers.celery since %s',
    (_, since, shared, own, isOwn) => {
      for (const version of ['1.19.0', '1.20.0', '1.21.0', '1.22.0']) {
        expect(isOwn({ workers: { ...shared, celery: own } }, version), version).toBe(version >= since);
      }
    },
  );

  test.each([
    ['kerberosSidecar', '1.20.0'],
    ['kerberosInitContainer', '1.20.0'],
    ['waitForMigrations', '1.21.0'],
    ['serviceAccount', '1.21.0'],
    ['extraContainers', '1.21.0'],
    ['extraInitContainers', '1.21.0'],
    ['extraVolumes', '1.21.0'],
  ])('the chart heeds %s under workers.celery since %s', (key, since) => {
    const own: Values = {
      kerberosSidecar: { enabled: true },
      kerberosInitContainer: { enabled: true },
      waitForMigrations: { enabled: false },
      serviceAccount: { name: 'own' },
      extraContainers: [{ name: 'own' }],
      extraInitContainers: [{ name: 'own' }],
      extraVolumes: [{ name: 'own' }],
    };
    for (const version of ['1.19.0', '1.20.0', '1.21.0', '1.22.0']) {
      // Of some, an older schema says that it does not know them; the templates do not ask it.
      const release = releaseOf(version) ?? newestRelease;
      const worker = ({ workloads }: ReturnType<typeof predict>): WorkloadExposure | undefined =>
        workloads.find(({ label }) => label === 'worker');
      const changed = worker(predict(celery({ [key]: own[key] }), release));
      expect(
        JSON.stringify(changed) !== JSON.stringify(worker(predict({}, release))),
        `${key} in ${version}`,
      ).toBe(version >= since);
    }
  });
});

describe('mounts of the user reach', () => {
  const mount = (name: string): Values => ({ name, mountPath: `/${name}` });
  const kerberos = { kerberosSidecar: { enabled: true }, kerberosInitContainer: { enabled: true } };
  const values = {
    executor: 'CeleryExecutor,KubernetesExecutor,LocalExecutor',
    volumeMounts: [mount('global')],
    dags: { gitSync: { enabled: true, extraVolumeMounts: [mount('git')] } },
    workers: {
      ...kerberos,
      persistence: { fixPermissions: true },
      extraVolumeMounts: [mount('own')],
      extraContainers: [{ name: 'beside', volumeMounts: [mount('beside')] }],
    },
    ...Object.fromEntries(
      ['scheduler', 'triggerer', 'dagProcessor', 'apiServer', 'createUserJob', 'migrateDatabaseJob'].map(
        (component) => [
          component,
          {
            extraVolumeMounts: [mount('own')],
            extraInitContainers: [{ name: 'before', volumeMounts: [mount('before')] }],
            extraContainers: [{ name: 'beside', volumeMounts: [mount('beside')] }],
          },
        ],
      ),
    ),
    flower: { enabled: true, extraVolumeMounts: [mount('own')], extraContainers: [{ name: 'beside' }] },
    pgbouncer: {
      enabled: true,
      extraVolumeMounts: [mount('own')],
      metricsExporterSidecar: { extraVolumeMounts: [mount('metrics')] },
      extraContainers: [{ name: 'beside' }],
    },
    otelCollector: { metricsEnabled: true },
    cleanup: { enabled: true },
    databaseCleanup: { enabled: true },
  };

  /** For every container of a workload, the mounts of the user that it has. */
  function userMounts(label: string, from: Values = values): Record<string, string> {
    return Object.fromEntries(
      workload(label, from).containers.map(({ name, mounts }) => [
        name,
        mounts
          .filter(({ origin }) => origin.by === 'values')
          .map(({ volume }) => volume)
          .join(' '),
      ]),
    );
  }

  const wait = { 'wait-for-airflow-migrations': 'global own' };
  const git = { 'git-sync-init': 'git', 'git-sync': 'git' };
  const extra = { before: 'before', beside: 'beside' };
  test.each<[string, Record<string, string>]>([
    ['api-server', { ...wait, ...extra, 'api-server': 'global own' }],
    [
      'dag-processor',
      { ...wait, ...git, ...extra, 'dag-processor': 'global own', 'dag-processor-log-groomer': 'global own' },
    ],
    [
      'scheduler',
      { ...wait, ...git, ...extra, scheduler: 'global own', 'scheduler-log-groomer': 'global own' },
    ],
    [
      'triggerer',
      { ...wait, ...git, ...extra, triggerer: 'global own', 'triggerer-log-groomer': 'global own' },
    ],
    [
      'worker',
      {
        'volume-permissions': '',
        'kerberos-init': 'global own',
        ...wait,
        ...git,
        worker: 'global own',
        'worker-log-groomer': 'global own',
        'worker-kerberos': 'global own',
        beside: 'beside',
      },
    ],
    ['create-user-job', { ...extra, 'create-user': 'global own' }],
    ['run-airflow-migrations', { ...extra, 'run-airflow-migrations': 'global own' }],
    ['flower', { flower: 'global own', beside: '' }],
    ['pgbouncer', { pgbouncer: 'global own', 'metrics-exporter': 'metrics', beside: '' }],
    ['airflow-cleanup-pods', { 'airflow-cleanup-pods': 'global' }],
    ['database-cleanup', { 'database-cleanup': 'global' }],
    ['statsd', { statsd: '' }],
    ['redis', { redis: '' }],
    ['otel-collector', { 'otel-collector': '' }],
  ])('%s', (label, expected) => {
    expect(userMounts(label)).toEqual(expected);
  });

  test('webserver', () => {
    const webserver = { extraVolumeMounts: [mount('own')], extraContainers: [{ name: 'beside' }] };
    expect(userMounts('webserver', { ...values, airflowVersion: '2.11.0', webserver })).toEqual({
      ...wait,
      webserver: 'global own',
      beside: '',
    });
  });

  test('where they stand in the values', () => {
    const origins = workload('scheduler', values).containers.map(({ name, mounts }) => [
      name,
      mounts.flatMap(({ origin }) =>
        origin.by === 'values' ? [`${origin.path.join('.')}[${origin.index}]`] : [],
      ),
    ]);
    expect(Object.fromEntries(origins)).toMatchObject({
      scheduler: ['volumeMounts[0]', 'scheduler.extraVolumeMounts[0]'],
      'git-sync': ['dags.gitSync.extraVolumeMounts[0]'],
      before: ['scheduler.extraInitContainers.0.volumeMounts[0]'],
      beside: ['scheduler.extraContainers.0.volumeMounts[0]'],
    });
  });
});

describe('mounts of the chart', () => {
  test('Kerberos is mounted into workers when it is on, and into its own containers anyway', () => {
    const containersOf = { kerberosSidecar: { enabled: true }, kerberosInitContainer: { enabled: true } };
    const has = (values: Values): string[] => mounting('kerberos-keytab', 'worker', values);
    expect(has({ workers: containersOf })).toEqual(['kerberos-init', 'worker-kerberos']);
    expect(has({ workers: containersOf, kerberos: { enabled: true } })).toEqual([
      ...['kerberos-init', 'worker', 'worker-kerberos'],
    ]);
  });

  test("the webserver's configuration is mounted when there is one, whatever the version of Airflow", () => {
    const has = (webserver: Values): boolean =>
      mounting('webserver-config', 'triggerer', { webserver }).includes('triggerer');
    expect(has({})).toBe(false);
    expect(has({ webserverConfig: 'x = 1' })).toBe(true);
    expect(has({ webserverConfigConfigMapName: 'mine' })).toBe(true);
  });

  test('local settings are mounted unless they are empty', () => {
    const paths = (values: Values): string[] =>
      workload('airflow-cleanup-pods', {
        executor: 'KubernetesExecutor',
        cleanup: { enabled: true },
        ...values,
      }).containers.flatMap(({ mounts }) => mounts.map(({ mountPath }) => mountPath));
    expect(paths({})).toEqual(['/opt/airflow/airflow.cfg', '/opt/airflow/config/airflow_local_settings.py']);
    expect(paths({ airflowLocalSettings: null })).toEqual(['/opt/airflow/airflow.cfg']);
    expect(paths({ airflowLocalSettings: '', airflowHome: '/a' })).toEqual(['/a/airflow.cfg']);
  });
});
