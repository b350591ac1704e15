import { defaultExecutor } from './executors';
import { isSince, type ChartRelease } from './releases';
import {
  automountKey,
  automountSince,
  serviceAccountSettings,
  tokenVolumeKey,
  tokenVolumeSettings,
} from './settings';
import { isRecord, type ReadValue } from './templateValues';

type Tree = Readonly<Record<string, unknown>>;

function defaultsOf(settings: readonly { name: string; default: unknown }[]): Tree {
  return Object.fromEntries(settings.filter((s) => s.default !== undefined).map((s) => [s.name, s.default]));
}

const on: Tree = { enabled: true };
const off: Tree = { enabled: false };
/** A section of `workers.celery`, which leaves it to the one of `workers`. */
const inherited: Tree = { enabled: null };
const inheritedAccount: Tree = { automountServiceAccountToken: null, create: null, name: null };
const serviceAccount = { ...defaultsOf(serviceAccountSettings), annotations: {} };
const withTokenVolume = { ...serviceAccount, [tokenVolumeKey]: defaultsOf(tokenVolumeSettings) };
const extraMounts: Tree = { extraVolumes: [], extraVolumeMounts: [] };
const extras: Tree = { extraContainers: [], extraInitContainers: [], ...extraMounts };

/** The chart's own values, as far as this project reads them and they are the same in every release. */
const chartDefaults: Tree = {
  fullnameOverride: '',
  nameOverride: '',
  airflowHome: '/opt/airflow',
  // Stands for a longer text, which only matters for not being empty.
  airflowLocalSettings: 'set',
  executor: defaultExecutor,
  rbac: { create: true },
  volumes: [],
  volumeMounts: [],
  kerberos: {
    enabled: false,
    ccacheMountPath: '/var/kerberos-ccache',
    configPath: '/etc/krb5.conf',
    keytabPath: '/etc/airflow.keytab',
  },
  logs: { persistence: off },
  dags: {
    mountPath: null,
    persistence: off,
    gitSync: { enabled: false, containerName: 'git-sync', extraVolumeMounts: [] },
  },
  workers: {
    serviceAccount,
    persistence: { enabled: true, fixPermissions: false },
    kerberosSidecar: off,
    kerberosInitContainer: off,
    waitForMigrations: on,
    logGroomerSidecar: { enabled: true, requirePersistence: true },
    ...extras,
    celery: {
      enableDefault: true,
      sets: [],
      serviceAccount: inheritedAccount,
      persistence: { enabled: null, fixPermissions: null },
      kerberosSidecar: inherited,
      kerberosInitContainer: inherited,
      waitForMigrations: inherited,
      logGroomerSidecar: { enabled: null, requirePersistence: null },
      ...extras,
    },
    kubernetes: { serviceAccount: inheritedAccount },
  },
  scheduler: {
    enabled: true,
    waitForMigrations: on,
    logGroomerSidecar: on,
    ...extras,
    serviceAccount: withTokenVolume,
  },
  createUserJob: { enabled: true, ...extras, serviceAccount },
  migrateDatabaseJob: { enabled: true, ...extras, serviceAccount },
  apiServer: { enabled: true, waitForMigrations: on, ...extras, serviceAccount },
  webserver: {
    enabled: true,
    waitForMigrations: on,
    webserverConfig: null,
    webserverConfigConfigMapName: null,
    ...extras,
    serviceAccount,
  },
  triggerer: {
    enabled: true,
    persistence: on,
    waitForMigrations: on,
    logGroomerSidecar: on,
    ...extras,
    serviceAccount,
  },
  dagProcessor: {
    enabled: null,
    waitForMigrations: on,
    logGroomerSidecar: on,
    ...extras,
    serviceAccount,
  },
  flower: { enabled: false, extraContainers: [], ...extraMounts, serviceAccount },
  statsd: { enabled: true, serviceAccount },
  otelCollector: {
    tracesEnabled: false,
    metricsEnabled: false,
    serviceAccount: { ...serviceAccount, automountServiceAccountToken: false },
  },
  pgbouncer: {
    enabled: false,
    extraContainers: [],
    ...extraMounts,
    metricsExporterSidecar: { extraVolumeMounts: [] },
    serviceAccount,
  },
  redis: { enabled: true, serviceAccount },
  cleanup: { enabled: false, serviceAccount: withTokenVolume },
  databaseCleanup: { enabled: false, args: ['airflow db clean'], command: null, serviceAccount },
};

/**
 * The chart's own value at a path, as far as this project reads it.
 * @param path Keys from the root.
 * @param release The release of the chart.
 * @returns The value; undefined where the chart has none.
 */
export function chartDefault(path: readonly string[], release: ChartRelease): unknown {
  if (path.length === 1 && path[0] === 'airflowVersion') return release.airflowVersion;
  let value: unknown = chartDefaults;
  for (const key of path) value = isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return value;
}

/**
 * Reads values laid over the chart's own, as Helm merges them: map by map, where a null takes the chart's value away.
 * @param values The user's values.
 * @param release The release of the chart.
 */
export function readOverDefaults(values: unknown, release: ChartRelease): ReadValue {
  const hasAutomount = isSince(release, automountSince);
  return (...path) => {
    // A chart without the key ignores it.
    if (!hasAutomount && path.at(-1) === automountKey) return true;
    let own: unknown = values;
    for (const key of path) {
      if (!isRecord(own)) return undefined;
      if (!Object.hasOwn(own, key)) return chartDefault(path, release);
      own = own[key];
    }
    const fallback = chartDefault(path, release);
    return isRecord(own) && isRecord(fallback) ? { ...fallback, ...own } : own;
  };
}
