import { componentAt, isRendered, type TokenHost } from './components';
import { workerSets, type WorkerSet } from './celeryWorkers';
import { launchesPods, runsTasksInScheduler } from './executors';
import { isSince } from './releases';
import { serviceAccountOf, workerServiceAccount, type ServiceAccount } from './serviceAccounts';
import { automountKey, tokenVolumeKey } from './settings';
import { asText, isTruthy, type ChartValues } from './templateValues';
import {
  chartMount,
  chartVolume,
  entriesOf,
  mountsAt,
  mountsIn,
  tokenSource,
  volumesAt,
  volumesIn,
  type Mount,
  type Volume,
} from './volumes';

/** The kind of a workload's manifest. */
export type WorkloadKind = 'Deployment' | 'StatefulSet' | 'Job' | 'CronJob';

/** A container as the chart renders it. */
export interface ContainerSpec {
  readonly name: string;
  readonly init: boolean;
  readonly mounts: readonly Mount[];
}

/** A workload as the chart renders it. */
export interface WorkloadSpec {
  /** The `component` label; for a set of Celery workers with a name, that name after it. */
  readonly label: string;
  /** The key of its component in the values. */
  readonly component: string;
  readonly kind: WorkloadKind;
  readonly serviceAccount: ServiceAccount;
  /** The pod's own `automountServiceAccountToken`; null where the chart leaves it out. */
  readonly podAutomount: false | null;
  /** In the order of the manifest, init containers first. */
  readonly containers: readonly ContainerSpec[];
  readonly volumes: readonly Volume[];
}

interface WorkloadRow {
  /** The component's path in the values, which {@link isRendered} knows. */
  readonly component: string;
  readonly build: (chart: ChartValues) => readonly WorkloadSpec[];
}

/** Every workload of the chart. */
const workloadRows: readonly WorkloadRow[] = [
  {
    component: 'apiServer',
    build: (chart) => [
      workload(chart, 'apiServer', 'api-server', 'Deployment', {
        containers: [
          ...waitForMigrations(chart, 'apiServer'),
          ...extraInitContainers(chart, 'apiServer'),
          container('api-server', [...configMounts(chart), ...userMounts(chart, 'apiServer')]),
          ...extraContainers(chart, 'apiServer'),
        ],
        volumes: [...chartVolumes('config', 'api-server-config', 'logs'), ...userVolumes(chart, 'apiServer')],
      }),
    ],
  },
  {
    component: 'dagProcessor',
    build: (chart) => [
      workload(chart, 'dagProcessor', 'dag-processor', 'Deployment', {
        containers: [
          ...waitForMigrations(chart, 'dagProcessor'),
          ...(syncsDags(chart) ? [gitSync(chart, true)] : []),
          ...extraInitContainers(chart, 'dagProcessor'),
          container('dag-processor', [
            ...userMounts(chart, 'dagProcessor'),
            ...airflowMounts(chart),
            ...dagsMount(chart),
          ]),
          // The sidecar does not ask whether the Dags are on a persistent volume, the init container does.
          ...(chart.isOn('dags', 'gitSync', 'enabled') ? [gitSync(chart, false)] : []),
          ...logGroomer(chart, 'dagProcessor', 'dag-processor-log-groomer'),
          ...extraContainers(chart, 'dagProcessor'),
        ],
        volumes: podVolumes(chart, 'dagProcessor'),
      }),
    ],
  },
  { component: 'scheduler', build: (chart) => [scheduler(chart)] },
  {
    component: 'statsd',
    build: (chart) => [
      workload(chart, 'statsd', 'statsd', 'Deployment', {
        containers: [container('statsd', [chartMount('config', '/etc/statsd-exporter')])],
        volumes: chartVolumes('config'),
      }),
    ],
  },
  {
    component: 'otelCollector',
    build: (chart) => [
      workload(chart, 'otelCollector', 'otel-collector', 'Deployment', {
        containers: [container('otel-collector', [chartMount('config', '/etc/otel-collector')])],
        volumes: chartVolumes('config'),
      }),
    ],
  },
  {
    component: 'redis',
    build: (chart) => [
      workload(chart, 'redis', 'redis', 'StatefulSet', {
        containers: [container('redis', [chartMount('redis-db', '/data')])],
        volumes: chartVolumes('redis-db'),
      }),
    ],
  },
  {
    component: 'triggerer',
    build: (chart) => [
      workload(
        chart,
        'triggerer',
        'triggerer',
        chart.isOn('triggerer', 'persistence', 'enabled') ? 'StatefulSet' : 'Deployment',
        {
          containers: [
            ...waitForMigrations(chart, 'triggerer'),
            ...(syncsDags(chart) ? [gitSync(chart, true)] : []),
            ...extraInitContainers(chart, 'triggerer'),
            container('triggerer', [
              ...userMounts(chart, 'triggerer'),
              ...airflowMounts(chart),
              ...dagsMount(chart),
            ]),
            ...(syncsDags(chart) ? [gitSync(chart, false)] : []),
            ...logGroomer(chart, 'triggerer', 'triggerer-log-groomer'),
            ...extraContainers(chart, 'triggerer'),
          ],
          volumes: podVolumes(chart, 'triggerer'),
        },
      ),
    ],
  },
  {
    component: 'workers.celery',
    build: (chart) => workerSets(chart).map((set) => worker(chart, set)),
  },
  {
    component: 'webserver',
    build: (chart) => [
      workload(chart, 'webserver', 'webserver', 'Deployment', {
        containers: [
          ...waitForMigrations(chart, 'webserver'),
          ...extraInitContainers(chart, 'webserver'),
          container('webserver', [
            podTemplateMount(chart),
            ...configMounts(chart),
            ...userMounts(chart, 'webserver'),
          ]),
          ...extraContainers(chart, 'webserver'),
        ],
        volumes: [...chartVolumes('config', 'webserver-config', 'logs'), ...userVolumes(chart, 'webserver')],
      }),
    ],
  },
  {
    component: 'flower',
    build: (chart) => [
      workload(chart, 'flower', 'flower', 'Deployment', {
        containers: [
          container('flower', [...configMounts(chart), ...userMounts(chart, 'flower')]),
          ...extraContainers(chart, 'flower'),
        ],
        volumes: [...chartVolumes('config'), ...userVolumes(chart, 'flower')],
      }),
    ],
  },
  {
    component: 'pgbouncer',
    build: (chart) => [
      workload(chart, 'pgbouncer', 'pgbouncer', 'Deployment', {
        containers: [
          container('pgbouncer', userMounts(chart, 'pgbouncer')),
          container(
            'metrics-exporter',
            mountsAt(chart, 'pgbouncer', 'metricsExporterSidecar', 'extraVolumeMounts'),
          ),
          ...extraContainers(chart, 'pgbouncer'),
        ],
        volumes: [
          ...chartVolumes('pgbouncer-config', 'pgbouncer-certificates'),
          ...userVolumes(chart, 'pgbouncer'),
        ],
      }),
    ],
  },
  {
    component: 'createUserJob',
    build: (chart) => [job(chart, 'createUserJob', 'create-user-job', 'create-user')],
  },
  {
    component: 'migrateDatabaseJob',
    build: (chart) => [job(chart, 'migrateDatabaseJob', 'run-airflow-migrations', 'run-airflow-migrations')],
  },
  { component: 'cleanup', build: (chart) => [cleanup(chart)] },
  {
    component: 'databaseCleanup',
    build: (chart) => [
      workload(chart, 'databaseCleanup', 'database-cleanup', 'CronJob', {
        containers: [
          container('database-cleanup', [...configMounts(chart), ...mountsAt(chart, 'volumeMounts')]),
        ],
        volumes: [...chartVolumes('config'), ...volumesAt(chart, 'volumes')],
      }),
    ],
  },
];

/**
 * The workloads of a component as the chart would render them, whether or not it does with these values.
 * @param component The component's path in the values, for example `scheduler` or `workers.celery`.
 * @param chart The chart with its values.
 * @returns None for a component without a workload; more than one for sets of Celery workers.
 */
export function workloadsOf(component: string, chart: ChartValues): readonly WorkloadSpec[] {
  return workloadRows.find((row) => row.component === component)?.build(chart) ?? [];
}

/** The workloads that the chart renders with these values, in the order of their table. */
export function renderedWorkloads(chart: ChartValues): WorkloadSpec[] {
  return workloadRows
    .filter(
      ({ component }) =>
        isSince(chart.release, componentAt(component).since) && isRendered(component, chart.read),
    )
    .flatMap(({ build }) => build(chart));
}

interface Pod {
  readonly containers: readonly ContainerSpec[];
  readonly volumes: readonly Volume[];
}

function workload(
  chart: ChartValues,
  component: string,
  label: string,
  kind: WorkloadKind,
  pod: Pod,
): WorkloadSpec {
  return {
    label,
    component,
    kind,
    serviceAccount: serviceAccountOf(chart, component),
    podAutomount: null,
    ...pod,
  };
}

function job(chart: ChartValues, component: string, label: string, main: string): WorkloadSpec {
  return workload(chart, component, label, 'Job', {
    containers: [
      ...extraInitContainers(chart, component),
      container(main, [...configMounts(chart), ...userMounts(chart, component)]),
      ...extraContainers(chart, component),
    ],
    volumes: [...chartVolumes('config'), ...userVolumes(chart, component)],
  });
}

function scheduler(chart: ChartValues): WorkloadSpec {
  const local = runsTasksInScheduler(chart.executor);
  // It parses Dags where it runs tasks, or for want of a DAG processor.
  const parsesDags = local || !isRendered('dagProcessor', chart.read);
  const syncs = parsesDags && chart.isOn('dags', 'gitSync', 'enabled');
  const ofCelery = chart.readDetail('workers', 'celery', 'persistence', 'enabled');
  const persistence =
    typeof ofCelery === 'boolean'
      ? ofCelery
      : isTruthy(chart.readDetail('workers', 'persistence', 'enabled'));
  const honoursAutomount =
    launchesPods(chart.executor) && !chart.isOn('scheduler', 'serviceAccount', automountKey);
  return {
    label: 'scheduler',
    component: 'scheduler',
    kind: local && persistence ? 'StatefulSet' : 'Deployment',
    serviceAccount: serviceAccountOf(chart, 'scheduler'),
    podAutomount: honoursAutomount ? false : null,
    containers: [
      ...waitForMigrations(chart, 'scheduler'),
      ...(syncs ? [gitSync(chart, true)] : []),
      ...extraInitContainers(chart, 'scheduler'),
      container('scheduler', [
        podTemplateMount(chart),
        ...airflowMounts(chart),
        ...(parsesDags ? dagsMount(chart) : []),
        ...userMounts(chart, 'scheduler'),
        ...tokenMount(chart, 'scheduler'),
      ]),
      ...(syncs ? [gitSync(chart, false)] : []),
      ...logGroomer(chart, 'scheduler', 'scheduler-log-groomer'),
      ...extraContainers(chart, 'scheduler'),
    ],
    volumes: [
      ...chartVolumes('config', ...webserverConfigVolume(chart), ...(parsesDags ? ['dags'] : [])),
      ...userVolumes(chart, 'scheduler'),
      ...tokenVolume(chart, 'scheduler'),
      ...chartVolumes('logs'),
    ],
  };
}

function worker(chart: ChartValues, set: WorkerSet): WorkloadSpec {
  const { name, read, pathOf } = set;
  const suffix = name === undefined ? 'worker' : `worker-${name}`;
  const isOn = (...path: string[]): boolean => isTruthy(read(...path));
  const listed = (key: string): Mount[] => mountsIn(read(key), pathOf(key));
  const mounts = [...mountsAt(chart, 'volumeMounts'), ...listed('extraVolumeMounts')];
  const persistence = isOn('persistence', 'enabled');
  const logs = chartMount('logs', `${airflowHome(chart)}/logs`);
  // Before 1.22 there was no such key, and logs were groomed on persistent volumes only.
  const groomsAnywhere = isSince(chart.release, '1.22.0') && !isOn('logGroomerSidecar', 'requirePersistence');
  return {
    label: suffix,
    component: 'workers.celery',
    kind: persistence ? 'StatefulSet' : 'Deployment',
    serviceAccount: workerServiceAccount(chart, set),
    podAutomount: null,
    containers: [
      ...(persistence && isOn('persistence', 'fixPermissions')
        ? [container('volume-permissions', [logs], true)]
        : []),
      ...(isOn('kerberosInitContainer', 'enabled')
        ? [
            container(
              'kerberos-init',
              [logs, ...configMounts(chart), ...kerberosMounts(chart), ...mounts],
              true,
            ),
          ]
        : []),
      ...(isOn('waitForMigrations', 'enabled')
        ? [container('wait-for-airflow-migrations', [...configMounts(chart), ...mounts], true)]
        : []),
      ...(syncsDags(chart) ? [gitSync(chart, true)] : []),
      ...containersIn(read('extraInitContainers'), pathOf('extraInitContainers'), true),
      container('worker', [
        ...mounts,
        ...airflowMounts(chart),
        ...(chart.isOn('kerberos', 'enabled') ? kerberosMounts(chart) : []),
        ...dagsMount(chart),
      ]),
      ...(syncsDags(chart) ? [gitSync(chart, false)] : []),
      ...(isOn('logGroomerSidecar', 'enabled') && (persistence || groomsAnywhere)
        ? [container('worker-log-groomer', [logs, ...mounts])]
        : []),
      ...(isOn('kerberosSidecar', 'enabled')
        ? [container('worker-kerberos', [logs, ...configMounts(chart), ...kerberosMounts(chart), ...mounts])]
        : []),
      ...containersIn(read('extraContainers'), pathOf('extraContainers'), false),
    ],
    volumes: [
      ...volumesAt(chart, 'volumes'),
      ...volumesIn(read('extraVolumes'), pathOf('extraVolumes')),
      ...chartVolumes('config', ...webserverConfigVolume(chart), 'dags', 'logs'),
      ...(chart.isOn('kerberos', 'enabled') ? chartVolumes('kerberos-keytab', 'kerberos-ccache') : []),
    ],
  };
}

function cleanup(chart: ChartValues): WorkloadSpec {
  return workload(chart, 'cleanup', 'airflow-cleanup-pods', 'CronJob', {
    containers: [
      container('airflow-cleanup-pods', [
        ...configMounts(chart),
        ...mountsAt(chart, 'volumeMounts'),
        ...tokenMount(chart, 'cleanup'),
      ]),
    ],
    volumes: [...chartVolumes('config'), ...volumesAt(chart, 'volumes'), ...tokenVolume(chart, 'cleanup')],
  });
}

function container(name: string, mounts: readonly Mount[], init = false): ContainerSpec {
  return { name, init, mounts };
}

/** The init container of a component that waits for the database, with the mounts of the user's own. */
function waitForMigrations(chart: ChartValues, component: string): ContainerSpec[] {
  if (!chart.isOn(component, 'waitForMigrations', 'enabled')) return [];
  return [
    container('wait-for-airflow-migrations', [...configMounts(chart), ...userMounts(chart, component)], true),
  ];
}

function logGroomer(chart: ChartValues, component: string, name: string): ContainerSpec[] {
  if (!chart.isOn(component, 'logGroomerSidecar', 'enabled')) return [];
  return [container(name, userMounts(chart, component))];
}

/** Says whether pods that run or parse Dags fetch them from Git. */
function syncsDags(chart: ChartValues): boolean {
  return chart.isOn('dags', 'gitSync', 'enabled') && !chart.isOn('dags', 'persistence', 'enabled');
}

/** The container that fetches Dags; it gets neither the global mounts nor those of its pod. */
function gitSync(chart: ChartValues, init: boolean): ContainerSpec {
  const name = chart.text('dags', 'gitSync', 'containerName');
  return container(
    init ? `${name}-init` : name,
    [chartMount('dags', '/git'), ...mountsAt(chart, 'dags', 'gitSync', 'extraVolumeMounts')],
    init,
  );
}

function extraInitContainers(chart: ChartValues, component: string): ContainerSpec[] {
  const path = [component, 'extraInitContainers'];
  return containersIn(chart.read(...path), path, true);
}

function extraContainers(chart: ChartValues, component: string): ContainerSpec[] {
  const path = [component, 'extraContainers'];
  return containersIn(chart.read(...path), path, false);
}

function containersIn(list: unknown, path: readonly string[], init: boolean): ContainerSpec[] {
  return entriesOf(list).map(({ entry, index }) =>
    container(
      asText(entry['name']),
      mountsIn(entry['volumeMounts'], [...path, String(index), 'volumeMounts']),
      init,
    ),
  );
}

/** The global mounts and those of a component. */
function userMounts(chart: ChartValues, component: string): Mount[] {
  return [...mountsAt(chart, 'volumeMounts'), ...mountsAt(chart, component, 'extraVolumeMounts')];
}

/** The global volumes and those of a component. */
function userVolumes(chart: ChartValues, component: string): Volume[] {
  return [...volumesAt(chart, 'volumes'), ...volumesAt(chart, component, 'extraVolumes')];
}

function chartVolumes(...names: readonly string[]): Volume[] {
  return names.map(chartVolume);
}

/** The volumes of a pod that runs or parses Dags. */
function podVolumes(chart: ChartValues, component: string): Volume[] {
  return [
    ...chartVolumes('config', ...webserverConfigVolume(chart), 'dags', 'logs'),
    ...userVolumes(chart, component),
  ];
}

function webserverConfigVolume(chart: ChartValues): string[] {
  return hasWebserverConfig(chart) ? ['webserver-config'] : [];
}

function hasWebserverConfig(chart: ChartValues): boolean {
  return ['webserverConfig', 'webserverConfigConfigMapName'].some((key) =>
    isTruthy(chart.readDetail('webserver', key)),
  );
}

function configMounts(chart: ChartValues): Mount[] {
  const home = airflowHome(chart);
  return [
    chartMount('config', `${home}/airflow.cfg`),
    ...(isTruthy(chart.readDetail('airflowLocalSettings'))
      ? [chartMount('config', `${home}/config/airflow_local_settings.py`)]
      : []),
  ];
}

/** Logs and configuration of a container that runs Airflow. */
function airflowMounts(chart: ChartValues): Mount[] {
  const home = airflowHome(chart);
  return [
    chartMount('logs', `${home}/logs`),
    ...configMounts(chart),
    ...(hasWebserverConfig(chart) ? [chartMount('webserver-config', `${home}/webserver_config.py`)] : []),
  ];
}

function podTemplateMount(chart: ChartValues): Mount {
  return chartMount('config', `${airflowHome(chart)}/pod_templates/pod_template_file.yaml`);
}

function dagsMount(chart: ChartValues): Mount[] {
  if (!chart.isOn('dags', 'persistence', 'enabled') && !chart.isOn('dags', 'gitSync', 'enabled')) return [];
  return [chartMount('dags', chart.text('dags', 'mountPath') || `${airflowHome(chart)}/dags`)];
}

function airflowHome(chart: ChartValues): string {
  return asText(chart.readDetail('airflowHome'));
}

function kerberosMounts(chart: ChartValues): Mount[] {
  return [
    chartMount('config', chart.text('kerberos', 'configPath')),
    chartMount('kerberos-keytab', chart.text('kerberos', 'keytabPath')),
    chartMount('kerberos-ccache', chart.text('kerberos', 'ccacheMountPath')),
  ];
}

/**
 * Says whether the chart mounts the token volume of a component: the release has it, the executor launches pods,
 * automatic mounting is off, and the volume is enabled.
 */
export function mountsTokenVolume(chart: ChartValues, component: TokenHost): boolean {
  return (
    isSince(chart.release, componentAt(component).tokenVolumeSince) &&
    launchesPods(chart.executor) &&
    !chart.isOn(component, 'serviceAccount', automountKey) &&
    chart.isOn(component, 'serviceAccount', tokenVolumeKey, 'enabled')
  );
}

function tokenMount(chart: ChartValues, component: TokenHost): Mount[] {
  if (!mountsTokenVolume(chart, component)) return [];
  const setting = (key: string): string => chart.text(component, 'serviceAccount', tokenVolumeKey, key);
  return [{ volume: setting('volumeName'), mountPath: setting('mountPath'), origin: { by: 'token volume' } }];
}

function tokenVolume(chart: ChartValues, component: TokenHost): Volume[] {
  if (!mountsTokenVolume(chart, component)) return [];
  const setting = (key: string): unknown => chart.read(component, 'serviceAccount', tokenVolumeKey, key);
  return [
    {
      name: asText(setting('volumeName')),
      origin: { by: 'token volume' },
      tokens: [tokenSource('token', setting('expirationSeconds'), setting('audience'))],
    },
  ];
}
