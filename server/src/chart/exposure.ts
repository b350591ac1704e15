import { isRendered } from './components';
import { standardMountPath } from './settings';
import type { ChartValues } from './templateValues';
import type { Mount, TokenSource, Volume } from './volumes';
import {
  mountsTokenVolume,
  renderedWorkloads,
  workloadsOf,
  type WorkloadKind,
  type WorkloadSpec,
} from './workloads';

/** A service account token that a container mounts from a projected volume. */
export interface ProjectedToken extends TokenSource {
  readonly volume: string;
  readonly mountPath: string;
  /** Whether `serviceAccountTokenVolume` made the volume, rather than the user's own volumes. */
  readonly fromChart: boolean;
}

/** One container of a workload and the tokens in it. */
export interface ContainerExposure {
  readonly name: string;
  readonly init: boolean;
  /** Whether Kubernetes mounts the API token into it by itself. */
  readonly automounted: boolean;
  readonly projected: readonly ProjectedToken[];
  /** Whether it mounts something of an unknown kind where the automatic token would be. */
  readonly standardPathTaken: boolean;
  /** Everything it mounts, in the order of the manifest. */
  readonly mounts: readonly Mount[];
}

/** Which containers of a workload hold which service account token. */
export interface WorkloadExposure {
  /** The `component` label; for a set of Celery workers with a name, that name after it. */
  readonly label: string;
  /** The path of its component in the values, joined by dots. */
  readonly component: string;
  readonly kind: WorkloadKind;
  /** The name of its ServiceAccount. */
  readonly serviceAccount: string;
  /** Whether the chart renders that account. */
  readonly serviceAccountRendered: boolean;
  /** The account's `automountServiceAccountToken`; null where the chart leaves it out or empty. */
  readonly serviceAccountAutomount: boolean | null;
  /** The pod's own `automountServiceAccountToken`; null where the chart leaves it out. */
  readonly podAutomount: boolean | null;
  /** Whether Kubernetes mounts the token by itself, after ServiceAccount and pod have had their say. */
  readonly automounts: boolean;
  readonly containers: readonly ContainerExposure[];
  readonly volumes: readonly Volume[];
}

/** The same for a component with a token volume, rendered or not. */
export interface HostExposure extends WorkloadExposure {
  /** Whether the chart renders the workload at all with these values. */
  readonly rendered: boolean;
  /** Whether the chart mounts the token volume: all its conditions hold. */
  readonly tokenVolumeMounted: boolean;
}

/**
 * Predicts what the chart and Kubernetes make of the token settings of a component with a token volume.
 * Taken from the chart's templates; see docs/architecture.md for how it is held against recorded renderings.
 * @param host The component.
 * @param chart The chart with its values.
 */
export function exposeHost(host: 'scheduler' | 'cleanup', chart: ChartValues): HostExposure {
  const [workload] = workloadsOf(host, chart);
  if (!workload) throw new RangeError(`No workload for ${host}`);
  return {
    ...expose(workload),
    rendered: isRendered(host, chart.read),
    tokenVolumeMounted: mountsTokenVolume(chart, host),
  };
}

/**
 * Predicts every workload that the chart renders.
 * @param chart The chart with its values.
 */
export function exposeChart(chart: ChartValues): WorkloadExposure[] {
  return renderedWorkloads(chart).map(expose);
}

/**
 * Predicts the workloads of one component, whether or not the chart renders them with these values.
 * @param component The component's path in the values, joined by dots.
 * @param chart The chart with its values.
 */
export function exposeComponent(component: string, chart: ChartValues): WorkloadExposure[] {
  return workloadsOf(component, chart).map(expose);
}

function expose(workload: WorkloadSpec): WorkloadExposure {
  const { serviceAccount, podAutomount, volumes } = workload;
  // An account without the field, and one that the chart does not know, count as true.
  const automounts = podAutomount ?? serviceAccount.automount ?? true;
  return {
    label: workload.label,
    component: workload.component,
    kind: workload.kind,
    serviceAccount: serviceAccount.name,
    serviceAccountRendered: serviceAccount.rendered,
    serviceAccountAutomount: serviceAccount.automount,
    podAutomount,
    automounts,
    volumes,
    containers: workload.containers.map(({ name, init, mounts }) => ({
      name,
      init,
      // Kubernetes compares the paths as they are written.
      automounted: automounts && !mounts.some(({ mountPath }) => mountPath === standardMountPath),
      projected: mounts.flatMap((mount) => tokensThrough(mount, volumes)),
      standardPathTaken: mounts.some(({ mountPath }) => isStandardMountPath(mountPath)),
      mounts,
    })),
  };
}

function tokensThrough({ volume, mountPath, origin }: Mount, volumes: readonly Volume[]): ProjectedToken[] {
  const found =
    volumes.findLast(
      ({ name, origin: from }) =>
        name === volume && (from.by === 'token volume') === (origin.by === 'token volume'),
    ) ?? volumes.findLast(({ name }) => name === volume);
  const fromChart = found?.origin.by === 'token volume';
  return found?.tokens.map((token) => ({ volume, mountPath, ...token, fromChart })) ?? [];
}

/** The names of the containers that get the automatic token. */
export function automountedContainers({ containers }: WorkloadExposure): string[] {
  return containers.filter(({ automounted }) => automounted).map(({ name }) => name);
}

/** Says whether a mount path is the one where the automatic token would be; a trailing slash does not matter. */
export function isStandardMountPath(path: string): boolean {
  return path.startsWith(standardMountPath) && /^\/*$/.test(path.slice(standardMountPath.length));
}

/**
 * Says whether software in this container may reach the Kubernetes API: an automatic token, anything mounted where
 * that would be, or a token of any kind for the API server's own audience.
 */
export function mayReachApi(container: ContainerExposure): boolean {
  return (
    container.automounted ||
    container.standardPathTaken ||
    container.projected.some(({ audience, fromChart }) => fromChart || audience === undefined)
  );
}
