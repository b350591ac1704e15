/** The value of `executor` where the user's values do not set one. */
export const defaultExecutor = 'CeleryExecutor';

/**
 * Says whether the chart's schema accepts a text as `executor`. Its pattern is meant for a comma-separated list of
 * names ending in Executor, each with an optional dotted path. The dot in it is not escaped and stands for any
 * character, so that only the last name has to end in Executor, and anything may stand for the commas; spaces after
 * them, empty names and a missing ending are still rejected. Written so that no text takes long to judge.
 */
export function isExecutorList(text: string): boolean {
  const stem = /^(?:[A-Za-z_]\w*[^\w\n])*(\w+)Executor$/u.exec(text)?.[1];
  if (stem === undefined) return false;
  if (/^[A-Z][A-Za-z0-9]+$/.test(stem)) return true;
  const afterPath = stem.slice(Math.max(2, stem.lastIndexOf('_') + 1));
  return /^[A-Za-z_]/.test(stem) && /[A-Z]./.test(afterPath);
}

/** An executor that people have heard of. */
export interface KnownExecutor {
  /** The name of its class. */
  readonly name: string;
  /** Where Airflow finds it; absent for the ones it knows by their bare name in every release. */
  readonly path?: string;
  /** What Airflow 3 has in place of it; absent where that still has it. */
  readonly replacement?: readonly string[];
}

/** The executors of Airflow and of its providers. */
export const knownExecutors: readonly KnownExecutor[] = [
  { name: 'CeleryExecutor' },
  { name: 'KubernetesExecutor' },
  { name: 'LocalExecutor' },
  {
    name: 'CeleryKubernetesExecutor',
    path: 'airflow.providers.celery.executors.celery_kubernetes_executor.CeleryKubernetesExecutor',
    replacement: ['CeleryExecutor', 'KubernetesExecutor'],
  },
  {
    name: 'LocalKubernetesExecutor',
    path: 'airflow.providers.cncf.kubernetes.executors.local_kubernetes_executor.LocalKubernetesExecutor',
    replacement: ['LocalExecutor', 'KubernetesExecutor'],
  },
  {
    name: 'SequentialExecutor',
    path: 'airflow.executors.sequential_executor.SequentialExecutor',
    replacement: ['LocalExecutor'],
  },
  { name: 'DebugExecutor' },
  { name: 'EdgeExecutor', path: 'airflow.providers.edge3.executors.EdgeExecutor' },
  { name: 'AwsEcsExecutor', path: 'airflow.providers.amazon.aws.executors.ecs.AwsEcsExecutor' },
  { name: 'AwsBatchExecutor', path: 'airflow.providers.amazon.aws.executors.batch.AwsBatchExecutor' },
  { name: 'AwsLambdaExecutor', path: 'airflow.providers.amazon.aws.executors.aws_lambda.AwsLambdaExecutor' },
];

/** Executors for which the chart gives the scheduler the right to start pods; it compares whole names. */
const executorsGrantedPods = [
  'LocalExecutor',
  'LocalKubernetesExecutor',
  'KubernetesExecutor',
  'CeleryKubernetesExecutor',
];

/** Says whether the chart's Role for starting pods is bound to the scheduler, if it is rendered. */
export function grantsSchedulerPods(executor: string): boolean {
  return executor.split(',').some((name) => executorsGrantedPods.includes(name));
}

/**
 * Names that make the chart treat an executor as one that launches pods. The chart tests whether the text of
 * `executor` contains one of them, so class paths such as `my_company.MyKubernetesExecutor` count too.
 */
const podLaunchingNames = [
  'CeleryExecutor',
  'CeleryKubernetesExecutor',
  'KubernetesExecutor',
  'LocalKubernetesExecutor',
] as const;

/**
 * Says whether the chart counts `executor` among the pod-launching executors. Only for those does it honour
 * `automountServiceAccountToken: false` on the scheduler and render a token volume at all.
 */
export function launchesPods(executor: string): boolean {
  return podLaunchingNames.some((name) => executor.includes(name));
}

/** Says whether the chart deploys Celery workers, and Redis for them. */
export function runsCelery(executor: string): boolean {
  return executor.includes('CeleryExecutor') || executor.includes('CeleryKubernetesExecutor');
}

/** Says whether tasks run as pods started by the scheduler, which then cannot do without the Kubernetes API. */
export function schedulesPods(executor: string): boolean {
  return executor.includes('KubernetesExecutor');
}

/** Says whether every executor in the comma-separated list hands tasks to Celery workers. */
function isCeleryOnly(executor: string): boolean {
  return executor.split(',').every((name) => name.includes('CeleryExecutor'));
}

/** Says whether tasks may run inside the scheduler's own container. */
export function runsTasksInScheduler(executor: string): boolean {
  return executor.includes('Local');
}

/** Whether the scheduler calls the Kubernetes API: always, never, or only if tasks in it do. */
export type ApiNeed = 'always' | 'never' | 'if tasks do';

/**
 * Whether a scheduler with this executor calls the Kubernetes API. One with `CeleryExecutor` alone only talks to
 * the broker; with `LocalExecutor` it depends on what the tasks in it do.
 */
export function schedulerApiNeed(executor: string): ApiNeed {
  if (schedulesPods(executor)) return 'always';
  return isCeleryOnly(executor) ? 'never' : 'if tasks do';
}
