import { components } from './components';

/** Keys at the top level that only the official chart has, of those that people set; beside `executor`. */
export const tellingKeys = [
  'allowPodLaunching',
  'allowJobLaunching',
  'airflowVersion',
  'airflowHome',
  'airflowPodAnnotations',
  'airflowConfigAnnotations',
  'airflowLocalSettings',
  'defaultAirflowRepository',
  'defaultAirflowTag',
  'defaultAirflowDigest',
  'dagProcessor',
  'triggerer',
  'createUserJob',
  'migrateDatabaseJob',
  'databaseCleanup',
  'apiSecretKeySecretName',
  'webserverSecretKeySecretName',
  'fernetKeySecretName',
];

/** Keys at the top level that the official chart does not have and that other charts for Airflow do. */
export const foreignKeys = [
  'airflow',
  'auth',
  'dbMigrations',
  'externalDatabase',
  'externalRedis',
  'extraDeploy',
  'loadExamples',
  'serviceAccount',
  'setupDBJob',
  'sync',
  'web',
  'worker',
];

/** Keys under `scheduler` that tell it from the schedulers of other software. */
const tellingSchedulerKeys = ['serviceAccount', 'logGroomerSidecar', 'waitForMigrations', 'safeToEvict'];

/** Components whose names at the top level are those of other charts' dependencies, too. */
const common = new Set(['redis', 'otelCollector', 'statsd']);

/**
 * Says whether values look like those of the official Airflow chart, and not of the community's or Bitnami's.
 * @param hasKey Says whether there is a key at the top level.
 * @param isMap Says whether the value of a key at the top level is a map.
 * @param has Says whether there is a key at a path.
 */
export function looksLikeAirflowChart(
  hasKey: (key: string) => boolean,
  isMap: (key: string) => boolean,
  has: (path: readonly string[]) => boolean,
): boolean {
  if (foreignKeys.some(hasKey)) return false;
  return (
    (hasKey('executor') && !isMap('executor')) ||
    tellingKeys.some(hasKey) ||
    tellingSchedulerKeys.some((child) => has(['scheduler', child])) ||
    hasServiceAccountsOfAirflow(hasKey, has)
  );
}

/**
 * Says whether what stands under the components' names is what only this chart has there: a token volume, an account
 * for one kind of workers, or accounts for several components. One alone may be that of another chart.
 */
function hasServiceAccountsOfAirflow(
  hasKey: (key: string) => boolean,
  has: (path: readonly string[]) => boolean,
): boolean {
  const paths = components.map(({ path }) => path).filter(([key = '']) => hasKey(key));
  const volume = 'serviceAccountTokenVolume';
  if (paths.some((path) => has([...path, volume]) || has([...path, 'serviceAccount', volume]))) return true;
  const withAccount = paths.filter((path) =>
    has([...path, 'serviceAccount', 'automountServiceAccountToken']),
  );
  if (withAccount.some((path) => path.length > 1)) return true;
  return withAccount.filter(([key = '']) => !common.has(key)).length > 1;
}
