import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readValues } from '../values/document';
import { wholeValues } from '../values/whole';
import { chartDefault, readOverDefaults } from './defaults';
import {
  automountedContainers,
  exposeComponent,
  exposeHost,
  mayReachApi,
  type ContainerExposure,
  type WorkloadExposure,
} from './exposure';
import { predict, workloadRecords } from './prediction';
import { newestRelease, releaseOf } from './releases';
import { chartValues, type ChartValues } from './templateValues';

interface Recorded {
  readonly renderError?: string;
  readonly schema: 'accepted' | 'rejected';
  readonly renders: boolean;
  readonly workloads?: unknown;
}

const golden = new URL('../../../test/fixtures/golden/', import.meta.url);

describe.each(readdirSync(golden).filter((name) => /^\d/.test(name)))(
  'as Helm rendered it with chart %s',
  (chart) => {
    const release = releaseOf(chart) ?? newestRelease;
    const expected = JSON.parse(readFileSync(new URL(`${chart}/expected.json`, golden), 'utf8')) as Readonly<
      Record<string, Recorded>
    >;

    test.each(Object.entries(expected))('%s', (name, { renderError, ...recorded }) => {
      const text = readFileSync(new URL(`${chart}/${name}.values.yaml`, golden), 'utf8');
      const read = wholeValues(readValues(text));
      if ('unreadable' in read) {
        expect(renderError).toContain('failed to parse');
        expect({ schema: 'rejected', renders: false }).toEqual(recorded);
        return;
      }
      expect(renderError === undefined).toBe(recorded.renders);
      const { rejected, aborts, workloads } = predict(read.values, release);
      expect({
        schema: rejected ? 'rejected' : 'accepted',
        renders: !aborts,
        ...(aborts ? {} : { workloads: workloadRecords(workloads) }),
      }).toEqual(recorded);
    });
  },
);

/** The newest chart with values laid over its own. */
function chartWith(values: unknown): ChartValues {
  return chartValues(readOverDefaults(values, newestRelease), newestRelease);
}

type Values = Readonly<Record<string, unknown>>;

const standardPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const manual = { automountServiceAccountToken: false };

/** A projected volume with a token from each of its sources. */
function tokenVolume(name: string, ...tokens: readonly Values[]): Values {
  return { name, projected: { sources: tokens.map((token) => ({ serviceAccountToken: token })) } };
}

function workload(label: string, values: Values): WorkloadExposure {
  const { rejected, aborts, workloads } = predict(values, newestRelease);
  expect({ rejected, aborts }).toEqual({ rejected: undefined, aborts: undefined });
  const found = workloads.find((each) => each.label === label);
  if (!found) throw new Error(`No workload has the label ${label}`);
  return found;
}

function container(label: string, name: string, values: Values): ContainerExposure {
  const found = workload(label, values).containers.find((each) => each.name === name);
  if (!found) throw new Error(`No container has the name ${name}`);
  return found;
}

describe('a token that the values describe by hand', () => {
  const mount = { name: 'own', mountPath: '/own' };

  test('reaches every Airflow container that has the mount', () => {
    const values = {
      executor: 'CeleryExecutor,KubernetesExecutor',
      cleanup: { enabled: true },
      flower: { enabled: true },
      volumes: [tokenVolume('own', { path: 'token' })],
      volumeMounts: [mount],
      dags: { gitSync: { enabled: true } },
    };
    const holders = predict(values, newestRelease).workloads.map(({ label, containers }) => [
      label,
      containers.filter(({ projected }) => projected.length > 0).map(({ name }) => name),
    ]);
    const wait = 'wait-for-airflow-migrations';
    expect(Object.fromEntries(holders)).toEqual({
      'api-server': [wait, 'api-server'],
      'dag-processor': [wait, 'dag-processor', 'dag-processor-log-groomer'],
      scheduler: [wait, 'scheduler', 'scheduler-log-groomer'],
      statsd: [],
      redis: [],
      triggerer: [wait, 'triggerer', 'triggerer-log-groomer'],
      worker: [wait, 'worker', 'worker-log-groomer'],
      flower: ['flower'],
      'create-user-job': ['create-user'],
      'run-airflow-migrations': ['run-airflow-migrations'],
      'airflow-cleanup-pods': ['airflow-cleanup-pods'],
    });
  });

  test('has its lifetime, audience and path, once for each source', () => {
    const extraVolumes = [
      tokenVolume(
        'own',
        { path: 'token' },
        { path: 'vault', audience: 'vault', expirationSeconds: 600 },
        { path: 'empty', audience: '' },
      ),
    ];
    const triggerer = { extraVolumes, extraVolumeMounts: [mount, { name: 'own', mountPath: '/again' }] };
    const tokens = (mountPath: string): Values[] => {
      const shared = { volume: 'own', mountPath, fromChart: false };
      return [
        { ...shared, path: 'token' },
        { ...shared, path: 'vault', audience: 'vault', expirationSeconds: 600 },
        { ...shared, path: 'empty' },
      ];
    };
    expect(container('triggerer', 'triggerer', { triggerer }).projected).toEqual([
      ...tokens('/own'),
      ...tokens('/again'),
    ]);
  });

  test('is not in other sources, in other volumes, or in volumes of other pods', () => {
    const none = (values: Values): void => {
      for (const { projected } of workload('triggerer', values).containers) expect(projected).toEqual([]);
    };
    const mounted = { extraVolumeMounts: [mount] };
    const configMap = { name: 'own', projected: { sources: [{ configMap: { name: 'a' } }] } };
    none({ triggerer: { ...mounted, extraVolumes: [configMap] } });
    none({ triggerer: { ...mounted, extraVolumes: [{ name: 'own', emptyDir: {} }] } });
    none({ triggerer: { ...mounted, extraVolumes: [tokenVolume('other', { path: 'token' })] } });
    none({ triggerer: mounted, scheduler: { extraVolumes: [tokenVolume('own', { path: 'token' })] } });
    none({ triggerer: { extraVolumes: [tokenVolume('own', { path: 'token' })] } });
  });

  test('stands beside the one of the chart, also under its name', () => {
    const scheduler = {
      serviceAccount: { ...manual, serviceAccountTokenVolume: { enabled: true, mountPath: '/chart' } },
      extraVolumes: [tokenVolume('kube-api-access', { path: 'own' })],
      extraVolumeMounts: [{ name: 'kube-api-access', mountPath: '/own' }],
    };
    const { projected } = container('scheduler', 'scheduler', { scheduler });
    expect(projected.map(({ path, mountPath, fromChart }) => [path, mountPath, fromChart])).toEqual([
      ['own', '/own', false],
      ['token', '/chart', true],
    ]);
  });
});

describe('the standard path', () => {
  test.each<[string, string, boolean, boolean]>([
    ['as it is written', standardPath, false, true],
    ['with a slash at its end, which is another text to Kubernetes', `${standardPath}/`, true, true],
    ['a folder below it', `${standardPath}/own`, true, false],
    ['the way it is linked', '/run/secrets/kubernetes.io/serviceaccount', true, false],
  ])('mounted by hand: %s', (_, mountPath, automounted, standardPathTaken) => {
    const triggerer = {
      extraVolumes: [{ name: 'own', emptyDir: {} }],
      extraVolumeMounts: [{ name: 'own', mountPath }],
      extraContainers: [{ name: 'beside' }],
    };
    const found = container('triggerer', 'triggerer', { triggerer });
    expect(found).toMatchObject({ automounted, standardPathTaken });
    expect(mayReachApi(found)).toBe(true);
    expect(container('triggerer', 'beside', { triggerer }).automounted).toBe(true);
    expect(automountedContainers(workload('triggerer', { triggerer }))).toEqual(
      automounted
        ? ['wait-for-airflow-migrations', 'triggerer', 'triggerer-log-groomer', 'beside']
        : ['beside'],
    );
  });
});

describe('a container may reach the API', () => {
  const withToken = (token: Values): ContainerExposure =>
    container('triggerer', 'triggerer', {
      triggerer: {
        serviceAccount: manual,
        extraVolumes: [tokenVolume('own', token)],
        extraVolumeMounts: [{ name: 'own', mountPath: '/own' }],
      },
    });

  test('with an automatic token, or one for its own audience, wherever that is', () => {
    expect(mayReachApi(container('triggerer', 'triggerer', {}))).toBe(true);
    expect(mayReachApi(withToken({ path: 'token' }))).toBe(true);
  });

  test('not without a token, nor with one for somebody else', () => {
    expect(mayReachApi(container('triggerer', 'triggerer', { triggerer: { serviceAccount: manual } }))).toBe(
      false,
    );
    expect(mayReachApi(withToken({ path: 'token', audience: 'vault' }))).toBe(false);
  });

  test("with the chart's token volume, whatever its audience", () => {
    const serviceAccountTokenVolume = { enabled: true, mountPath: '/own', audience: 'vault' };
    const scheduler = { serviceAccount: { ...manual, serviceAccountTokenVolume } };
    expect(mayReachApi(container('scheduler', 'scheduler', { scheduler }))).toBe(true);
    expect(mayReachApi(container('scheduler', 'scheduler-log-groomer', { scheduler }))).toBe(false);
  });
});

test('the workloads of one component can be asked for, rendered or not', () => {
  const chart = chartWith({ workers: { celery: { sets: [{ name: 'a' }] } } });
  const labels = (component: string): string[] => exposeComponent(component, chart).map(({ label }) => label);
  expect(labels('workers.celery')).toEqual(['worker', 'worker-a']);
  expect(labels('webserver')).toEqual(['webserver']);
  expect(labels('workers')).toEqual([]);
  expect(exposeHost('cleanup', chart).rendered).toBe(false);
  expect(exposeHost('scheduler', chart).rendered).toBe(true);
});

describe('for any settings', () => {
  const names = ['CeleryExecutor', 'KubernetesExecutor', 'CeleryKubernetesExecutor', 'LocalExecutor'];
  const others = [
    'LocalKubernetesExecutor',
    'SequentialExecutor',
    'my.EdgeExecutor',
    'a.MyKubernetesExecutor',
  ];
  const executor = fc
    .array(fc.constantFrom(...names, ...others), { minLength: 1, maxLength: 3 })
    .map((list) => list.join(','));
  const flag = fc.constantFrom(true, false, null, undefined);
  const host = fc.constantFrom('scheduler' as const, 'cleanup' as const);

  /** A service account as the values may describe it; what is undefined is left out. */
  const account = fc.record({ automount: flag, create: flag, enabled: flag }).map((flags) => ({
    ...flags,
    values: {
      ...(flags.automount === undefined ? {} : { automountServiceAccountToken: flags.automount }),
      ...(flags.create === undefined ? {} : { create: flags.create }),
      serviceAccountTokenVolume: flags.enabled === undefined ? {} : { enabled: flags.enabled },
    },
  }));

  test('the token volume is mounted when all three conditions hold, into the main container alone', () => {
    fc.assert(
      fc.property(executor, account, host, (chosen, { automount, enabled, values }, name) => {
        const exposure = exposeHost(
          name,
          chartWith({ executor: chosen, [name]: { enabled: true, serviceAccount: values } }),
        );
        const off = automount === false || automount === null;
        const mounts = /Celery|Kubernetes/.test(chosen) && off && enabled === true;
        expect(exposure.tokenVolumeMounted).toBe(mounts);
        const holders = exposure.containers.filter(({ projected }) => projected.length > 0);
        expect(holders.map((each) => each.name)).toEqual(
          mounts ? [name === 'scheduler' ? 'scheduler' : 'airflow-cleanup-pods'] : [],
        );
      }),
    );
  });

  const deployed = [
    ...['scheduler', 'apiServer', 'triggerer', 'dagProcessor', 'statsd', 'redis', 'flower', 'pgbouncer'],
    ...['createUserJob', 'migrateDatabaseJob', 'cleanup', 'databaseCleanup', 'otelCollector', 'workers'],
  ];
  const anyComponent = fc.constantFrom(...deployed);

  test('automatic mounting is turned off by a rendered account, and for the scheduler by its pod', () => {
    fc.assert(
      fc.property(executor, anyComponent, account, (chosen, component, { automount, create, values }) => {
        const own = {
          ...(['createUserJob', 'migrateDatabaseJob', 'workers', 'otelCollector'].includes(component)
            ? {}
            : { enabled: true }),
          ...(component === 'otelCollector' ? { metricsEnabled: true } : {}),
          serviceAccount: values,
        };
        const { workloads } = predict({ executor: chosen, [component]: own }, newestRelease);
        for (const { component: at, ...each } of workloads) {
          const isAsked = at === (component === 'workers' ? 'workers.celery' : component);
          const setting = isAsked ? automount : undefined;
          const rendered = !isAsked || create === undefined || create === true;
          const byDefault = at !== 'otelCollector';
          const isOff = at === 'scheduler' ? setting === false || setting === null : setting === false;
          const isHeeded = at === 'scheduler' ? /Celery|Kubernetes/.test(chosen) : rendered;
          const expected = setting === undefined ? byDefault || !rendered : !(isOff && isHeeded);
          expect(each.automounts, each.label).toBe(expected);
          expect(each.podAutomount, each.label).toBe(at === 'scheduler' && isOff && isHeeded ? false : null);
          expect(each.serviceAccountRendered, each.label).toBe(rendered);
          const hasVolume = (one: ContainerExposure): boolean =>
            one.mounts.some(({ origin }) => origin.by === 'token volume');
          expect(each.containers.filter(hasVolume).length).toBeLessThanOrEqual(isTokenHost(at) ? 1 : 0);
          // Nothing else stands at the standard path.
          for (const one of each.containers) expect(one.automounted).toBe(each.automounts && !hasVolume(one));
        }
      }),
      { numRuns: 150 },
    );
  });

  function isTokenHost(component: string): boolean {
    return component === 'scheduler' || component === 'cleanup';
  }

  test('setting a default changes nothing', () => {
    fc.assert(
      fc.property(executor, host, (chosen, name) => {
        const defaults = chartDefault([name], newestRelease);
        expect(exposeHost(name, chartWith({ executor: chosen, [name]: defaults }))).toEqual(
          exposeHost(name, chartWith({ executor: chosen })),
        );
      }),
    );
  });
});
