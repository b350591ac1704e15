import { isRendered, type TokenHost } from './components';
import { launchesPods, runsTasksInScheduler } from './executors';
import { automountKey, standardMountPath, tokenVolumeKey } from './settings';
import { asText, isRecord, isTruthy, recordsOf, type ReadValue } from './templateValues';

/** A service account token that a container mounts from a projected volume. */
export interface ProjectedToken {
  readonly volume: string;
  readonly mountPath: string;
  /** Lifetime in seconds, as asked for; absent where Kubernetes' own default (3600) applies. */
  readonly expirationSeconds?: number;
  readonly audience?: string;
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
}

/** Which containers of a workload hold which service account token. */
export interface WorkloadExposure {
  /** Whether the chart renders the workload at all with these values. */
  readonly rendered: boolean;
  /** Whether the chart mounts the token volume: all its three conditions hold. */
  readonly tokenVolumeMounted: boolean;
  /** Whether Kubernetes mounts the token by itself, after ServiceAccount and pod have had their say. */
  readonly automounts: boolean;
  readonly containers: readonly ContainerExposure[];
}

interface Mount {
  readonly volume: string;
  readonly mountPath: string;
}

/**
 * Predicts what the chart and Kubernetes make of the token settings of one component.
 * Taken from the chart's templates; see docs/architecture.md for how it is held against recorded renderings.
 * @param host The component.
 * @param read Reads an effective value of the merged values, chart defaults included.
 */
export function exposeWorkload(host: TokenHost, read: ReadValue): WorkloadExposure {
  const executor = asText(read('executor'));
  const account = (...path: string[]): unknown => read(host, 'serviceAccount', ...path);
  const honoursAutomount = host === 'cleanup' || launchesPods(executor);
  const automountValue = account(automountKey);
  const tokenVolumeMounted =
    launchesPods(executor) && !isTruthy(automountValue) && isTruthy(account(tokenVolumeKey, 'enabled'));
  const automounts = !(honoursAutomount && turnsAutomountOff(host, automountValue, account('create')));

  const sharedMounts = mountsOf(read('volumeMounts'));
  const ownMounts = host === 'scheduler' ? mountsOf(read(host, 'extraVolumeMounts')) : [];
  const tokens = tokenVolumesOf(read('volumes'), host === 'scheduler' ? read(host, 'extraVolumes') : []);
  const chartToken: ProjectedToken | undefined = tokenVolumeMounted
    ? {
        volume: asText(account(tokenVolumeKey, 'volumeName')),
        mountPath: asText(account(tokenVolumeKey, 'mountPath')),
        ...lifetimeAndAudience(
          account(tokenVolumeKey, 'expirationSeconds'),
          account(tokenVolumeKey, 'audience'),
        ),
        fromChart: true,
      }
    : undefined;

  const container = (
    name: string,
    init: boolean,
    mounts: readonly Mount[],
    main: boolean,
  ): ContainerExposure => {
    const projected = mounts.flatMap((mount): ProjectedToken[] => {
      const token = tokens.get(mount.volume);
      return token ? [{ volume: mount.volume, mountPath: mount.mountPath, ...token, fromChart: false }] : [];
    });
    if (main && chartToken) projected.push(chartToken);
    const paths = [...mounts, ...(main && chartToken ? [chartToken] : [])].map(({ mountPath }) => mountPath);
    // Kubernetes compares the paths as they are written.
    const automounted = automounts && !paths.includes(standardMountPath);
    return { name, init, automounted, projected, standardPathTaken: paths.some(isStandardMountPath) };
  };

  const allMounts = [...sharedMounts, ...ownMounts];
  const containers =
    host === 'cleanup'
      ? [container('airflow-cleanup-pods', false, sharedMounts, true)]
      : [
          ...initContainersOfScheduler(read).map(({ name, mounts }) =>
            container(name, true, mounts ?? allMounts, false),
          ),
          container('scheduler', false, allMounts, true),
          ...sidecarsOfScheduler(read).map(({ name, mounts }) =>
            container(name, false, mounts ?? allMounts, false),
          ),
        ];
  return { rendered: isRendered(host, read), tokenVolumeMounted, automounts, containers };
}

/**
 * Whether a falsy value really ends automatic mounting. The scheduler's pod carries the field itself. The cleanup
 * job relies on its ServiceAccount: one that the chart does not create is not changed by these values, and an
 * empty value leaves the field out, which Kubernetes reads as true.
 */
function turnsAutomountOff(host: TokenHost, automountValue: unknown, create: unknown): boolean {
  if (isTruthy(automountValue)) return false;
  return (
    host === 'scheduler' || (isTruthy(create) && automountValue !== null && automountValue !== undefined)
  );
}

interface NamedContainer {
  readonly name: string;
  /** The container's own mounts where the chart does not give it the pod's extra ones. */
  readonly mounts?: readonly Mount[];
}

function initContainersOfScheduler(read: ReadValue): NamedContainer[] {
  return [
    ...(isTruthy(read('scheduler', 'waitForMigrations', 'enabled'))
      ? [{ name: 'wait-for-airflow-migrations' }]
      : []),
    ...(schedulerSyncsDags(read) ? [{ name: 'git-sync-init', mounts: gitSyncMounts(read) }] : []),
    ...extraContainers(read('scheduler', 'extraInitContainers')),
  ];
}

function sidecarsOfScheduler(read: ReadValue): NamedContainer[] {
  return [
    ...(schedulerSyncsDags(read) ? [{ name: 'git-sync', mounts: gitSyncMounts(read) }] : []),
    ...(isTruthy(read('scheduler', 'logGroomerSidecar', 'enabled'))
      ? [{ name: 'scheduler-log-groomer' }]
      : []),
    ...extraContainers(read('scheduler', 'extraContainers')),
  ];
}

/** The scheduler fetches DAGs itself only where it runs tasks, or parses them for want of a DAG processor. */
function schedulerSyncsDags(read: ReadValue): boolean {
  const parsesDags = !isRendered('dagProcessor', read) || runsTasksInScheduler(asText(read('executor')));
  return parsesDags && isTruthy(read('dags', 'gitSync', 'enabled'));
}

function gitSyncMounts(read: ReadValue): readonly Mount[] {
  return mountsOf(read('dags', 'gitSync', 'extraVolumeMounts'));
}

function extraContainers(value: unknown): NamedContainer[] {
  return recordsOf(value).map((entry) => ({
    name: asText(entry['name']),
    mounts: mountsOf(entry['volumeMounts']),
  }));
}

function mountsOf(value: unknown): Mount[] {
  return recordsOf(value).map((entry) => ({
    volume: asText(entry['name']),
    mountPath: asText(entry['mountPath']),
  }));
}

/** The token sources among volumes made by hand, by the volume's name. */
function tokenVolumesOf(
  ...volumes: unknown[]
): Map<string, { expirationSeconds?: number; audience?: string }> {
  const tokens = new Map<string, { expirationSeconds?: number; audience?: string }>();
  for (const volume of volumes.flatMap(recordsOf)) {
    const projected = volume['projected'];
    if (!isRecord(projected)) continue;
    for (const source of recordsOf(projected['sources'])) {
      if (!('serviceAccountToken' in source)) continue;
      const token = isRecord(source['serviceAccountToken']) ? source['serviceAccountToken'] : {};
      tokens.set(asText(volume['name']), lifetimeAndAudience(token['expirationSeconds'], token['audience']));
    }
  }
  return tokens;
}

function lifetimeAndAudience(
  expirationSeconds: unknown,
  audience: unknown,
): { expirationSeconds?: number; audience?: string } {
  return {
    ...(typeof expirationSeconds === 'number' ? { expirationSeconds } : {}),
    ...(typeof audience === 'string' && audience !== '' ? { audience } : {}),
  };
}

/** The names of the containers that get the automatic token. */
export function automountedContainers({ containers }: WorkloadExposure): string[] {
  return containers.filter(({ automounted }) => automounted).map(({ name }) => name);
}

/** Says whether a mount path is the one where the automatic token would be; a trailing slash does not matter. */
export function isStandardMountPath(path: string): boolean {
  return path.replace(/\/+$/, '') === standardMountPath;
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
