import { components } from './components';

/** Keys at the top level that only the official chart has, of those that people set. */
const telling = new Set([
  'executor',
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
]);

/** Keys at the top level that the official chart does not have and that other charts for Airflow do. */
const foreign = new Set([
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
]);

/** Keys under `scheduler` that tell it from the schedulers of other software. */
const tellingSchedulerKeys = ['serviceAccount', 'logGroomerSidecar', 'waitForMigrations', 'safeToEvict'];

/** Components whose names at the top level are those of other charts' dependencies, too. */
const common = new Set(['redis', 'otelCollector', 'statsd']);

/**
 * Says whether values look like those of the official Airflow chart, and not of the community's or Bitnami's.
 * @param keys The keys at the top level.
 * @param isMap Says whether the value of a key at the top level is a map.
 * @param has Says whether there is a key at a path.
 */
export function looksLikeAirflowChart(
  keys: readonly string[],
  isMap: (key: string) => boolean,
  has: (path: readonly string[]) => boolean,
): boolean {
  if (keys.some((key) => foreign.has(key))) return false;
  const isTelling = keys.some((key) => {
    if (key === 'executor') return !isMap(key);
    if (key === 'scheduler') return tellingSchedulerKeys.some((child) => has([key, child]));
    return telling.has(key);
  });
  return isTelling || hasServiceAccountsOfAirflow(new Set(keys), has);
}

/**
 * Says whether what stands under the components' names is what only this chart has there: a token volume, an account
 * for one kind of workers, or accounts for several components. One alone may be that of another chart.
 */
function hasServiceAccountsOfAirflow(
  keys: ReadonlySet<string>,
  has: (path: readonly string[]) => boolean,
): boolean {
  const paths = components.map(({ path }) => path).filter(([key = '']) => keys.has(key));
  const volume = 'serviceAccountTokenVolume';
  if (paths.some((path) => has([...path, volume]) || has([...path, 'serviceAccount', volume]))) return true;
  const withAccount = paths.filter((path) =>
    has([...path, 'serviceAccount', 'automountServiceAccountToken']),
  );
  if (withAccount.some((path) => path.length > 1)) return true;
  return withAccount.filter(([key = '']) => !common.has(key)).length > 1;
}
