import { automountKey, expirationBounds, standardMountPath, tokenVolumeKey } from '../chart/settings';
import type { Mount, Origin, TokenSource, Volume } from '../chart/volumes';
import { isRecord, recordsOf } from '../chart/templateValues';
import { removeItems, type ItemPath } from '../values/editItems';
import type { TextEdit, WantedValues } from '../values/edit';
import { withoutOverride } from './changes';
import { withoutClash } from './clash';
import { canHaveTokenVolume } from './migration';
import { isOn, mainContainer, type HostView, type Subject } from './subject';

/** A projected volume with a service account token that the values describe by hand. */
export interface HandmadeVolume {
  readonly name: string;
  /** The list that it stands in. */
  readonly list: readonly string[];
  readonly index: number;
  readonly tokens: readonly TokenSource[];
}

/** The lists in which the rules look for volumes made by hand. */
const volumeLists = [['scheduler', 'extraVolumes'], ['volumes']] as const;

/** The token volumes made by hand for the scheduler or for every pod. */
export function handmadeVolumes(subject: Subject): HandmadeVolume[] {
  const volumes = subject.hosts.flatMap(({ exposure }) => exposure?.volumes ?? []);
  return volumeLists.flatMap((list) => {
    const here = volumes.filter(({ origin, tokens }) => tokens.length > 0 && isIn(origin, list));
    const byIndex = new Map(here.map((volume) => [indexOf(volume), volume]));
    return [...byIndex].map(([index, { name, tokens }]) => ({ name, list, index, tokens }));
  });
}

function isIn(origin: Origin, list: readonly string[]): boolean {
  return origin.by === 'values' && origin.path.join('.') === list.join('.');
}

function isItem(origin: Origin, { list, index }: ItemPath): boolean {
  return isIn(origin, list) && origin.by === 'values' && origin.index === index;
}

function indexOf({ origin }: Volume): number {
  return origin.by === 'values' ? origin.index : -1;
}

/**
 * The edits that put the chart's token volume in place of one made by hand: for every component that holds the token
 * in its main container and can have a token volume.
 * @returns Undefined where the chart's volume would not be the same, or where others would lose something with it.
 */
export function replaceByTokenVolume(subject: Subject, volume: HandmadeVolume): TextEdit[] | undefined {
  const [token, ...others] = volume.tokens;
  if (!token || others.length > 0 || token.path !== 'token' || !holdsOnlyTheUsual(subject, volume))
    return undefined;
  const lifetime = token.expirationSeconds ?? defaultLifetime;
  if (lifetime < expirationBounds.minimum || lifetime > expirationBounds.maximum) return undefined;
  const removed: ItemPath[] = [{ list: volume.list, index: volume.index }];
  const wanted: Record<string, WantedValues> = {};
  for (const host of subject.hosts) {
    const mounts = mainContainer(host)?.mounts.filter((mount) => mount.volume === volume.name) ?? [];
    const byHand = mounts.flatMap(({ origin, mountPath }) =>
      origin.by === 'values' ? [{ list: origin.path, index: origin.index, mountPath }] : [],
    );
    if (byHand.length === 0 || !host.exposure?.rendered) continue;
    const [mount, second] = byHand;
    const isTaken = mainContainer(host)?.mounts.some(
      ({ origin, mountPath }) => origin.by === 'chart' && mountPath === mount?.mountPath,
    );
    if (!mount || second || isTaken === true || !canHaveTokenVolume(subject, host)) return undefined;
    const settings = settingsFor(subject, host, {
      mountPath: mount.mountPath,
      volumeName: volume.name,
      expirationSeconds: lifetime,
      audience: token.audience,
    });
    if (!settings) return undefined;
    wanted[host.name] = {
      serviceAccount: {
        ...(isOn(host.automount) ? { [automountKey]: false } : {}),
        [tokenVolumeKey]: { enabled: true, ...settings },
      },
    };
    removed.push({ list: mount.list, index: mount.index });
  }
  if (Object.keys(wanted).length === 0 || isMountedElsewhere(subject, volume, removed)) return undefined;
  const hosts = subject.hosts.map(({ name }) => name).filter((name) => wanted[name] !== undefined);
  const edits = removeItems(subject.document, removed, wanted);
  return withoutClash(subject, hosts, withoutOverride(subject, edits, wanted));
}

const defaultLifetime = 3600;

/** What the token volume's settings have to become; undefined where one would have to be taken away. */
function settingsFor(
  subject: Subject,
  host: HostView,
  made: {
    mountPath: string;
    volumeName: string;
    expirationSeconds: number;
    audience: string | undefined;
  },
): Readonly<Record<string, string | number>> | undefined {
  const settings = new Map<string, string | number>();
  for (const [key, value] of Object.entries(made)) {
    const now = subject.read(host.name, 'serviceAccount', tokenVolumeKey, key);
    if (now.state === 'unknown') return undefined;
    const current = key === 'audience' && now.value === '' ? undefined : (now.value ?? undefined);
    if (current === value) continue;
    if (value === undefined) return undefined;
    settings.set(key, value);
  }
  return Object.fromEntries(settings);
}

/** Says whether the volume has nothing beside the token but what the chart's volume has as well. */
function holdsOnlyTheUsual(subject: Subject, { list, index }: HandmadeVolume): boolean {
  const reading = subject.read(...list);
  if (reading.state !== 'file' || !Array.isArray(reading.value)) return false;
  const volume: unknown = reading.value[index];
  const projected = isRecord(volume) ? volume['projected'] : undefined;
  if (!isRecord(projected) || (projected['defaultMode'] ?? defaultMode) !== defaultMode) return false;
  return recordsOf(projected['sources']).every((source) => {
    const [kind, ...more] = Object.keys(source);
    if (more.length > 0 || kind === undefined) return false;
    return kind === 'serviceAccountToken' || isUsual(kind, source[kind]);
  });
}

/** Who may read the files of the chart's volume: everybody, and its owner may write them. */
const defaultMode = 0o644;

/** Says whether a source is the cluster's certificate as `ca.crt`, or the pod's namespace as `namespace`. */
function isUsual(kind: string, content: unknown): boolean {
  if (!isRecord(content)) return false;
  const { name, items, ...others } = content;
  if (Object.keys(others).length > 0) return false;
  const [item, ...moreItems] = recordsOf(items);
  if (moreItems.length > 0) return false;
  if (kind === 'configMap') {
    const isCertificate = !item || (item['key'] === 'ca.crt' && item['path'] === 'ca.crt');
    return name === 'kube-root-ca.crt' && isCertificate;
  }
  const field = item?.['fieldRef'];
  return (
    kind === 'downwardAPI' &&
    item?.['path'] === 'namespace' &&
    isRecord(field) &&
    field['fieldPath'] === 'metadata.namespace'
  );
}

/**
 * The workloads that get the automatic token once a mount of the global lists is gone, which stood in its way.
 * @param removed The mount.
 */
export function automountedWithout(subject: Subject, removed: ItemPath): string[] {
  const isRemoved = ({ origin }: Mount): boolean => isItem(origin, removed);
  return (subject.expose() ?? [])
    .filter(
      ({ automounts, containers }) =>
        automounts &&
        containers.some(
          ({ mounts }) =>
            mounts.some((mount) => isRemoved(mount) && mount.mountPath === standardMountPath) &&
            !mounts.some((mount) => !isRemoved(mount) && mount.mountPath === standardMountPath),
        ),
    )
    .map(({ label }) => label);
}

/** Says whether a mount of the volume would stay behind, in a container of the user's own or by a part of its path. */
function isMountedElsewhere(subject: Subject, volume: HandmadeVolume, removed: readonly ItemPath[]): boolean {
  const component = volume.list.length === 1 ? undefined : volume.list[0];
  return (
    hasOtherMounts(subject, volume.name, removed, component) ||
    removed.some(({ list, index }) => hasSubPath(subject, list, index))
  );
}

/**
 * Says whether the values mount a volume elsewhere than in some items; so too where the text leaves that open.
 * @param component The component whose workloads are looked at; all of them without one.
 */
export function hasOtherMounts(
  subject: Subject,
  volume: string,
  removed: readonly ItemPath[],
  component?: string,
): boolean {
  const workloads = subject.expose();
  if (!workloads) return true;
  return workloads
    .filter((workload) => component === undefined || workload.component === component)
    .flatMap(({ containers }) => containers.flatMap(({ mounts }) => mounts))
    .some(
      (mount) =>
        mount.volume === volume &&
        mount.origin.by === 'values' &&
        !removed.some((item) => isItem(mount.origin, item)),
    );
}

function hasSubPath(subject: Subject, list: readonly string[], index: number): boolean {
  const reading = subject.read(...list);
  const item: unknown =
    reading.state === 'file' && Array.isArray(reading.value) ? reading.value[index] : undefined;
  return isRecord(item) && ('subPath' in item || 'subPathExpr' in item);
}
