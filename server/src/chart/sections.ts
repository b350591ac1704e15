import { componentAt, isRendered, type TokenHost } from './components';
import { readOverDefaults } from './defaults';
import { launchesPods } from './executors';
import { isSince, type ChartRelease } from './releases';
import { automountKey, tokenVolumeKey } from './settings';
import { asText, isRecord, isTruthy, type ReadValue } from './templateValues';

/** Something that the chart's templates look into without asking first whether it is there. */
export interface Section {
  readonly path: readonly string[];
  /** What Helm expects to find there. */
  readonly holds: 'a map' | 'a text' | 'true or false';
  /** Whether the templates get there with these values; always where it is absent. */
  readonly when?: (read: ReadValue, release: ChartRelease) => boolean;
}

function map(path: string, when?: Section['when']): Section {
  return { path: path.split('.'), holds: 'a map', ...(when ? { when } : {}) };
}

/** Sections of a component, which templates look into where the component is deployed. */
function ofComponent(component: string, ...keys: readonly string[]): Section[] {
  return keys.map((key) => map(`${component}.${key}`, (read) => isRendered(component, read)));
}

/** The accounts that templates look into where the component is enabled, even if it is not deployed for other reasons. */
function accountOf(...components: readonly string[]): Section[] {
  return components.map((component) =>
    map(`${component}.serviceAccount`, (read) => isTruthy(read(component, 'enabled'))),
  );
}

/** The map of a token volume, which templates look into once the first two conditions for it hold. */
function tokenVolumeOf(component: TokenHost): Section {
  return map(
    `${component}.serviceAccount.${tokenVolumeKey}`,
    (read, release) =>
      isSince(release, componentAt(component).tokenVolumeSince) &&
      isRendered(component, read) &&
      launchesPods(asText(read('executor'))) &&
      !isTruthy(read(component, 'serviceAccount', automountKey)),
  );
}

/** A switch that the chart's own configuration passes to a function that takes nothing but true or false. */
function flag(path: string, when?: Section['when']): Section {
  return { ...map(path, when), holds: 'true or false' };
}

function hasCollector(_: ReadValue, release: ChartRelease): boolean {
  return isSince(release, componentAt('otelCollector').since);
}

/** Sections of a component's own probes, which templates look into where the component is deployed. */
const withLiveness = ['livenessProbe', 'podDisruptionBudget'];
const withProbes = [...withLiveness, 'readinessProbe', 'startupProbe'];

/** What Helm must find, in an order in which the earlier rows decide what is asked for the later ones. */
export const sections: readonly Section[] = [
  { path: ['executor'], holds: 'a text' },
  { path: ['airflowVersion'], holds: 'a text' },
  ...[
    'scheduler',
    'workers',
    'workers.celery',
    'workers.kubernetes',
    'workers.persistence',
    'workers.keda',
    'workers.hpa',
    'workers.podDisruptionBudget',
    'workers.livenessProbe',
    'workers.securityContexts',
    'workers.celery.keda',
    'workers.kubernetes.kerberosSidecar',
    'workers.serviceAccount',
    'workers.waitForMigrations',
    'workers.logGroomerSidecar',
    'workers.kerberosSidecar',
    'workers.kerberosInitContainer',
    'workers.kubernetes.kerberosInitContainer',
    'workers.kubernetes.serviceAccount',
    'createUserJob',
    'createUserJob.serviceAccount',
    'migrateDatabaseJob',
    'migrateDatabaseJob.serviceAccount',
    'apiServer',
    'webserver',
    'triggerer',
    'triggerer.serviceAccount',
    'dagProcessor',
    'flower',
    'statsd',
    'pgbouncer',
    'pgbouncer.serviceAccount',
    'redis',
    'cleanup',
    'databaseCleanup',
    'databaseCleanup.serviceAccount',
    'dags',
    'dags.gitSync',
    'dags.persistence',
    'logs',
    'logs.persistence',
    'elasticsearch',
    'opensearch',
    'images',
    'images.airflow',
    'images.pod_template',
    'airflowPodAnnotations',
    'workers.podAnnotations',
    'workers.persistence.securityContexts',
    'config',
    'config.core',
    'data',
    'data.metadataConnection',
    'ports',
    'registry',
    'kerberos',
    'rbac',
    'networkPolicies',
    'enableBuiltInSecretEnvVars',
    'ingress',
    'ingress.apiServer',
    'ingress.web',
    'ingress.flower',
  ].map((path) => map(path)),
  map('otelCollector', hasCollector),
  flag('statsd.enabled'),
  flag('otelCollector.tracesEnabled', hasCollector),
  flag('otelCollector.metricsEnabled', hasCollector),
  flag('opensearch.enabled'),
  flag('multiNamespaceMode'),
  ...accountOf('scheduler', 'apiServer', 'webserver', 'flower', 'statsd', 'redis', 'cleanup'),
  ...ofComponent('scheduler', 'waitForMigrations', 'logGroomerSidecar', 'startupProbe', ...withLiveness),
  tokenVolumeOf('scheduler'),
  ...ofComponent('apiServer', 'waitForMigrations', 'hpa', 'service', ...withProbes),
  ...ofComponent('webserver', 'waitForMigrations', 'hpa', ...withProbes),
  ...ofComponent(
    'triggerer',
    'persistence',
    'keda',
    'waitForMigrations',
    'logGroomerSidecar',
    ...withLiveness,
  ),
  ...ofComponent('dagProcessor', 'serviceAccount', 'waitForMigrations', 'logGroomerSidecar', 'livenessProbe'),
  ...ofComponent('createUserJob', 'defaultUser'),
  ...ofComponent('statsd', 'cache', 'securityContexts', 'service'),
  ...ofComponent('otelCollector', 'serviceAccount', 'livenessProbe', 'readinessProbe', 'securityContexts'),
  ...ofComponent('flower', 'livenessProbe', 'readinessProbe', 'startupProbe'),
  ...ofComponent('pgbouncer', 'metricsExporterSidecar', 'ssl', 'securityContexts', 'podDisruptionBudget'),
  ...ofComponent('redis', 'persistence', 'securityContexts', 'service'),
  map('workers.celery.persistence', (read) => isTruthy(read('scheduler', 'enabled'))),
  map('dagProcessor.podDisruptionBudget', (read) => isTruthy(read('dagProcessor', 'enabled'))),
  {
    path: ['dags', 'gitSync', 'enabled'],
    holds: 'true or false',
    when: (read) => isTruthy(read('dags', 'persistence', 'enabled')),
  },
  tokenVolumeOf('cleanup'),
];

/** A section that the values leave without what Helm needs there. */
export interface MissingSection {
  readonly path: readonly string[];
  /** What is wrong there, after the path's name. */
  readonly problem: string;
}

/**
 * Finds the first section that the values leave without what Helm needs there, so that it aborts.
 * @param values The user's values, merged from all their layers.
 * @param release The release of the chart.
 */
export function findMissingSection(values: unknown, release: ChartRelease): MissingSection | undefined {
  const read = readOverDefaults(values, release);
  for (const { path, holds, when } of sections) {
    const own = ownValue(values, path);
    // What the user leaves out, the chart has.
    const isThere = own === undefined || isOfKind(own, holds);
    if (isThere || when?.(read, release) === false) continue;
    const state = own === null ? 'is empty' : `is not ${holds}`;
    const need = holds === 'a map' ? 'look into it' : `need ${holds} there`;
    return { path, problem: `${state}, and the chart's templates ${need}` };
  }
  return undefined;
}

function isOfKind(value: unknown, holds: Section['holds']): boolean {
  if (holds === 'a map') return isRecord(value);
  // A template takes anything else for one of the two.
  return holds === 'a text' ? typeof value === 'string' : value !== null;
}

/** The user's own value at a path; undefined where there is none, or none above it that could hold one. */
function ownValue(values: unknown, path: readonly string[]): unknown {
  let value = values;
  for (const key of path) {
    if (!isRecord(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}
