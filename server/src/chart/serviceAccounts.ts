import { isRendered } from './components';
import { workerSets, type WorkerSet } from './celeryWorkers';
import { launchesPods, runsCelery, schedulesPods } from './executors';
import { automountKey } from './settings';
import { asText, chartValues, isTruthy, type ChartValues, type ReadValue } from './templateValues';

/** The name of the release for which names are predicted. */
const releaseName = 'airflow';

/** The ServiceAccount of a workload. */
export interface ServiceAccount {
  readonly name: string;
  /** Whether the chart renders an account of this name, be it for this workload or for another one. */
  readonly rendered: boolean;
  /** The value of its `automountServiceAccountToken`; null where the field is left out or empty. */
  readonly automount: boolean | null;
}

/** How the chart makes the account of a component. */
interface AccountRow {
  readonly component: string;
  /** What follows the release's name in a generated name. */
  readonly suffix: string;
  /** What decides beside `create`, where it is not whether the component is deployed: its switch, or nothing. */
  readonly needs?: 'enabled' | 'nothing';
}

/** The accounts in the order of their templates: of two with one name, the later counts. */
const accountRows: readonly AccountRow[] = [
  { component: 'apiServer', suffix: 'api-server' },
  { component: 'cleanup', suffix: 'cleanup' },
  { component: 'dagProcessor', suffix: 'dag-processor' },
  { component: 'databaseCleanup', suffix: 'database-cleanup', needs: 'enabled' },
  { component: 'flower', suffix: 'flower' },
  { component: 'createUserJob', suffix: 'create-user-job', needs: 'nothing' },
  { component: 'migrateDatabaseJob', suffix: 'migrate-database-job', needs: 'nothing' },
  { component: 'otelCollector', suffix: 'otel-collector' },
  { component: 'pgbouncer', suffix: 'pgbouncer' },
  { component: 'redis', suffix: 'redis' },
  { component: 'scheduler', suffix: 'scheduler' },
  { component: 'statsd', suffix: 'statsd' },
  { component: 'triggerer', suffix: 'triggerer' },
  { component: 'webserver', suffix: 'webserver' },
];

/**
 * The ServiceAccount of a component's workload.
 * @param chart The chart with its values.
 * @param component The key of the component in the values.
 */
export function serviceAccountOf(chart: ChartValues, component: string): ServiceAccount {
  const row = accountRows.find((candidate) => candidate.component === component);
  if (!row) throw new RangeError(`No such component: ${component}`);
  return shared(chart, ownAccount(chart, row));
}

/**
 * The ServiceAccount of a set of Celery workers.
 * @param chart The chart with its values.
 * @param set The set.
 */
export function workerServiceAccount(chart: ChartValues, set: WorkerSet): ServiceAccount {
  return shared(chart, ownWorkerAccount(chart, set));
}

interface OwnAccount extends ServiceAccount {
  /** Whether others may have the same: one that the values name, or that of the namespace. */
  readonly isNamed: boolean;
}

/** An account as it is in the end: the values may give several components the same. */
function shared(chart: ChartValues, { isNamed, ...own }: OwnAccount): ServiceAccount {
  // Another component can hardly have a name that the chart made: Helm would not install two accounts of one name.
  if (!isNamed) return own;
  const details = chartValues(chart.readDetail, chart.release);
  const others = [
    ...accountRows.map((row) => ownAccount(details, row)),
    kubernetesWorkerAccount(details),
    ...workerSets(details).map((set) => ownWorkerAccount(details, set)),
  ];
  const found = others.findLast(({ name, rendered }) => rendered && name === own.name);
  return found ? { name: own.name, rendered: true, automount: found.automount } : own;
}

function ownAccount(chart: ChartValues, { component, suffix, needs }: AccountRow): OwnAccount {
  const { read } = chart;
  const account: ReadValue = (...path) => read(component, 'serviceAccount', ...path);
  const create = isTruthy(account('create'));
  const isWanted = needs
    ? needs === 'nothing' || isTruthy(read(component, 'enabled'))
    : isRendered(component, read);
  const rendered = create && isWanted;
  // The scheduler's account has the field only where its pod has it too.
  const hasField =
    component !== 'scheduler' || (launchesPods(chart.executor) && !isTruthy(account(automountKey)));
  const field = component === 'scheduler' ? false : fieldValue(account(automountKey));
  return {
    ...nameOf(chart, create, account('name'), suffix),
    rendered,
    automount: rendered && hasField ? field : null,
  };
}

function ownWorkerAccount(chart: ChartValues, { name, read }: WorkerSet): OwnAccount {
  const create = isTruthy(read('serviceAccount', 'create'));
  const ofKubernetes = chart.read('workers', 'kubernetes', 'serviceAccount', 'create');
  const isSeparate = schedulesPods(chart.executor) && typeof ofKubernetes === 'boolean';
  const rendered = create && launchesPods(chart.executor) && (runsCelery(chart.executor) || !isSeparate);
  return {
    ...nameOf(
      chart,
      create,
      read('serviceAccount', 'name'),
      name === undefined ? 'worker' : `worker-${name}`,
    ),
    rendered,
    automount: rendered ? fieldValue(read('serviceAccount', automountKey)) : null,
  };
}

/** The account of the pods that Kubernetes workers run in, where those have one of their own. */
function kubernetesWorkerAccount(chart: ChartValues): OwnAccount {
  const account = (key: string): unknown => chart.read('workers', 'kubernetes', 'serviceAccount', key);
  const create = isTruthy(account('create'));
  const automount = account(automountKey);
  const rendered = create && schedulesPods(chart.executor);
  return {
    ...nameOf(chart, create, account('name'), 'worker-kubernetes'),
    rendered,
    automount: rendered
      ? fieldValue(
          typeof automount === 'boolean' ? automount : chart.read('workers', 'serviceAccount', automountKey),
        )
      : null,
  };
}

function nameOf(
  chart: ChartValues,
  create: boolean,
  name: unknown,
  suffix: string,
): Pick<OwnAccount, 'name' | 'isNamed'> {
  const own = asText(name);
  if (own !== '') return { name: own, isNamed: true };
  return { name: create ? `${generatedPrefix(chart)}-${suffix}` : 'default', isNamed: !create };
}

/** What generated names begin with; `useStandardNaming` does not matter here. */
function generatedPrefix(chart: ChartValues): string {
  const override = asText(chart.readDetail('fullnameOverride'));
  if (override !== '') return shortened(override);
  const chartName = asText(chart.readDetail('nameOverride')) || 'airflow';
  return shortened(releaseName.includes(chartName) ? releaseName : `${releaseName}-${chartName}`);
}

function shortened(name: string): string {
  return name.slice(0, 63).replace(/-$/, '');
}

/** A value as it ends up in the manifest's boolean field; what the API server would refuse is no boolean. */
function fieldValue(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  // A template prints a text without its quotes.
  return value === 'true' ? true : value === 'false' ? false : null;
}
