/** The value of `executor` where the user's values do not set one. */
export const defaultExecutor = 'CeleryExecutor';

const executorName = String.raw`(?:[A-Za-z_]\w*.)*[A-Z][A-Za-z0-9]+Executor`;
const executorPattern = new RegExp(`^${executorName}(?:,${executorName})*$`);

/** Says whether the chart's schema accepts a text as `executor`: a comma-separated list of names ending in Executor. */
export function isExecutorList(text: string): boolean {
  return executorPattern.test(text);
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
