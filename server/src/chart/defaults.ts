import { defaultExecutor } from './executors';
import { newestRelease } from './releases';
import { serviceAccountSettings, tokenVolumeKey, tokenVolumeSettings } from './settings';

type Tree = Readonly<Record<string, unknown>>;

function defaultsOf(settings: readonly { name: string; default: unknown }[]): Tree {
  return Object.fromEntries(settings.filter((s) => s.default !== undefined).map((s) => [s.name, s.default]));
}

const serviceAccount = { ...defaultsOf(serviceAccountSettings), annotations: {} };
const withTokenVolume = { ...serviceAccount, [tokenVolumeKey]: defaultsOf(tokenVolumeSettings) };

/** The chart's own values, as far as this project reads them. A map here is merged with the user's map. */
export const chartDefaults: Tree = {
  airflowVersion: newestRelease.airflowVersion,
  executor: defaultExecutor,
  volumes: [],
  volumeMounts: [],
  dags: { gitSync: { enabled: false } },
  workers: { serviceAccount },
  scheduler: {
    enabled: true,
    waitForMigrations: { enabled: true },
    logGroomerSidecar: { enabled: true },
    extraContainers: [],
    extraInitContainers: [],
    extraVolumes: [],
    extraVolumeMounts: [],
    serviceAccount: withTokenVolume,
  },
  createUserJob: { enabled: true, serviceAccount },
  migrateDatabaseJob: { enabled: true, serviceAccount },
  apiServer: { enabled: true, serviceAccount },
  webserver: { enabled: true, serviceAccount },
  triggerer: { enabled: true, serviceAccount },
  dagProcessor: { enabled: null, serviceAccount },
  flower: { enabled: false, serviceAccount },
  statsd: { enabled: true, serviceAccount },
  otelCollector: {
    tracesEnabled: false,
    metricsEnabled: false,
    serviceAccount: { ...serviceAccount, automountServiceAccountToken: false },
  },
  pgbouncer: { enabled: false, serviceAccount },
  redis: { enabled: true, serviceAccount },
  cleanup: { enabled: false, serviceAccount: withTokenVolume },
  databaseCleanup: { enabled: false, serviceAccount },
};
