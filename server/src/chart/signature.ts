/** Keys at the top level that only the official chart has, of those that people set. */
const telling = new Set([
  'executor',
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

/**
 * Says whether values look like those of the official Airflow chart, and not of the community's or Bitnami's.
 * @param keys The keys at the top level.
 * @param isMap Says whether the value of a key at the top level is a map.
 * @param childrenOf The keys of the map at a top-level key; none when it is no map.
 */
export function looksLikeAirflowChart(
  keys: readonly string[],
  isMap: (key: string) => boolean,
  childrenOf: (key: string) => readonly string[],
): boolean {
  if (keys.some((key) => foreign.has(key))) return false;
  return keys.some((key) => {
    if (key === 'executor') return !isMap(key);
    if (key === 'scheduler') return childrenOf(key).some((child) => tellingSchedulerKeys.includes(child));
    return telling.has(key);
  });
}
