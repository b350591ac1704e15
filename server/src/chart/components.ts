import * as l10n from '@vscode/l10n';
import { readAirflowVersion } from './airflowVersion';
import { runsCelery, schedulesPods } from './executors';
import { asText, isTruthy, type ReadValue } from './templateValues';

/** How much a component has to do with the Kubernetes API. */
export type ComponentApiUse = 'by executor' | 'always' | 'if tasks do' | 'for running logs' | 'never';

/** What the chart's schema does with a key it does not know. */
export type UnknownKeys = 'rejects' | 'ignores';

/** A component of the chart that has a `serviceAccount` map. */
export interface Component {
  /** Path of the component's map in the values, for example `['workers', 'celery']`. */
  readonly path: readonly string[];
  /** What to call it in a sentence. */
  readonly title: string;
  readonly usesApi: ComponentApiUse;
  /** What the schema does with an unknown key directly in the component. */
  readonly unknownKeys: UnknownKeys;
  /** What the schema does with an unknown key directly in the component's `serviceAccount`. */
  readonly unknownServiceAccountKeys: UnknownKeys;
  /** The first chart release with the component, where not all have it. */
  readonly since?: string;
  /** First chart release with `serviceAccountTokenVolume` under this component; absent where there is none. */
  readonly tokenVolumeSince?: string;
  /** The default of `automountServiceAccountToken` where it is not `true`. */
  readonly automountDefault?: false;
  /** The name of the main container, where the component has token volumes. */
  readonly container?: string;
}

const rejectsKeysOfAccount = { unknownServiceAccountKeys: 'rejects' } as const;

/** Every component with a service account of its own, in the order of the chart's values file. */
export const components: readonly Component[] = [
  component('workers', () => l10n.t('the workers'), 'if tasks do'),
  component('workers.celery', () => l10n.t('the Celery workers'), 'if tasks do'),
  component('workers.kubernetes', () => l10n.t('the pods of Kubernetes workers'), 'if tasks do'),
  component('scheduler', () => l10n.t('the scheduler'), 'by executor', {
    tokenVolumeSince: '1.19.0',
    container: 'scheduler',
  }),
  component('createUserJob', () => l10n.t('the user creation job'), 'never', rejectsKeysOfAccount),
  component('migrateDatabaseJob', () => l10n.t('the database migration job'), 'never'),
  component('apiServer', () => l10n.t('the API server'), 'for running logs'),
  component('webserver', () => l10n.t('the webserver'), 'for running logs'),
  component('triggerer', () => l10n.t('the triggerer'), 'if tasks do'),
  component('dagProcessor', () => l10n.t('the DAG processor'), 'never'),
  component('flower', () => 'Flower', 'never'),
  component('statsd', () => 'StatsD', 'never'),
  component('otelCollector', () => l10n.t('the OpenTelemetry collector'), 'never', {
    since: '1.22.0',
    automountDefault: false,
  }),
  component('pgbouncer', () => 'PgBouncer', 'never'),
  component('redis', () => 'Redis', 'never'),
  component('cleanup', () => l10n.t('the cleanup job'), 'always', {
    ...rejectsKeysOfAccount,
    tokenVolumeSince: '1.22.0',
    container: 'airflow-cleanup-pods',
  }),
  component('databaseCleanup', () => l10n.t('the database cleanup job'), 'never', rejectsKeysOfAccount),
];

const componentsByPath = new Map(components.map((component) => [component.path.join('.'), component]));

/** The row of a component; its title is asked for when it is shown, as the language is not known before. */
function component(
  path: string,
  title: () => string,
  usesApi: ComponentApiUse,
  more: Partial<Component> = {},
): Component {
  const parts = path.split('.');
  return {
    path: parts,
    get title() {
      return title();
    },
    usesApi,
    unknownKeys: parts.length > 1 ? 'ignores' : 'rejects',
    unknownServiceAccountKeys: 'ignores',
    ...more,
  };
}

/** The components for which the chart can mount a token volume by hand. */
export type TokenHost = 'scheduler' | 'cleanup';

/** Every {@link TokenHost}, in the order in which findings and fixes name them. */
export const tokenHosts: readonly TokenHost[] = ['scheduler', 'cleanup'];

/**
 * The row of a component.
 * @param path The component's path in the values, joined by dots, for example `workers.celery`.
 * @throws RangeError when the chart has no such component.
 */
export function componentAt(path: string): Component {
  const found = componentsByPath.get(path);
  if (!found) throw new RangeError(`No such component: ${path}`);
  return found;
}

/**
 * The component in whose `serviceAccount` a path of the values leads.
 * @param path The keys from the top level.
 * @returns Undefined for a path that leads into no account.
 */
export function accountOwner(path: readonly string[]): Component | undefined {
  return components.find(
    (row) =>
      path[row.path.length] === 'serviceAccount' && row.path.every((key, index) => path[index] === key),
  );
}

/** The chart's default of `automountServiceAccountToken` for a component. */
export function automountDefault(row: Component): boolean {
  return row.automountDefault ?? true;
}

/**
 * Says whether the chart deploys a component with these values: a workload of its own, or for Kubernetes workers the
 * template of their pods.
 * @param path The component's path, joined by dots.
 * @param read Reads an effective value, chart defaults included.
 */
export function isRendered(path: string, read: ReadValue): boolean {
  const executor = asText(read('executor'));
  const celery = runsCelery(executor);
  const enabled = (): boolean => isTruthy(read(...path.split('.'), 'enabled'));
  switch (path) {
    case 'workers':
      return celery || schedulesPods(executor);
    case 'workers.celery':
      return celery;
    case 'workers.kubernetes':
      return schedulesPods(executor);
    case 'apiServer':
      return isAirflow3(read) && enabled();
    case 'webserver':
      return isAirflow2(read) && enabled();
    case 'cleanup':
      return schedulesPods(executor) && enabled();
    case 'createUserJob': {
      // The user of the old place decides, where one is described there.
      const user = read('webserver', 'defaultUser');
      return isTruthy(user) ? isTruthy(read('webserver', 'defaultUser', 'enabled')) : enabled();
    }
    case 'databaseCleanup':
      return enabled() && (isTruthy(read(path, 'command')) || isTruthy(read(path, 'args')));
    case 'redis':
    case 'flower':
      return celery && enabled();
    case 'dagProcessor': {
      const value = read('dagProcessor', 'enabled');
      return value === null || value === undefined ? isAirflow3(read) : isTruthy(value);
    }
    case 'otelCollector':
      return isTruthy(read(path, 'tracesEnabled')) || isTruthy(read(path, 'metricsEnabled'));
    default:
      return enabled();
  }
}

/**
 * Says whether these values deploy Airflow 3 or newer. What cannot be read as a version counts as the default, and a
 * version before a release is neither that nor older.
 */
function isAirflow3(read: ReadValue): boolean {
  const version = readAirflowVersion(asText(read('airflowVersion')));
  return !version || (version.major >= 3 && !version.isPrerelease);
}

/** Says whether these values deploy an Airflow before 3. */
function isAirflow2(read: ReadValue): boolean {
  const version = readAirflowVersion(asText(read('airflowVersion')));
  return version !== undefined && version.major < 3 && !version.isPrerelease;
}
