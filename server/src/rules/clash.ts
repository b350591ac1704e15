/** Token volumes that clash with what else a pod has, so that Kubernetes rejects it or its container does not start. */
import type { HostExposure } from '../chart/exposure';
import { tokenVolumeKey, tokenVolumeSettings } from '../chart/settings';
import type { TokenHost } from '../chart/components';
import { asText } from '../chart/templateValues';
import type { TextEdit } from '../values/edit';
import { setValueIn, subjectAfter } from './changes';
import { hasNullVolume, type HostView, type Subject } from './subject';

/** How a mount path lies to another one. */
export type PathRelation = 'same' | 'above' | 'below';

/** How a mount path lies to another one; undefined where they have nothing to do with each other. */
export function relationOf(path: string, other: string): PathRelation | undefined {
  const own = segmentsOf(path);
  const others = segmentsOf(other);
  const shared = Math.min(own.length, others.length);
  if (!own.slice(0, shared).every((segment, index) => segment === others[index])) return undefined;
  if (own.length === others.length) return 'same';
  return own.length < others.length ? 'above' : 'below';
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '' && segment !== '.');
}

/**
 * Edits, unless a token volume would clash after them with a volume or a mount with which it does not clash now.
 * @param subject What the edits are for.
 * @param hosts The components whose token volumes they may bring into their pods.
 * @param edits The edits, where they can be made at all.
 */
export function withoutClash(
  subject: Subject,
  hosts: readonly TokenHost[],
  edits: readonly TextEdit[] | undefined,
): TextEdit[] | undefined {
  if (!edits || edits.length === 0) return edits && [...edits];
  const after = subjectAfter(subject, edits);
  const isClear = hosts.every((host) => {
    const known = clashesOf(subject, host);
    return clashesOf(after, host).every((clash) => known.includes(clash));
  });
  return isClear ? [...edits] : undefined;
}

/** What the token volume of a component clashes with, each as a text that tells it from others. */
function clashesOf({ hosts }: Subject, host: TokenHost): string[] {
  const exposure = hosts.find(({ name }) => name === host)?.exposure;
  if (!exposure?.tokenVolumeMounted) return [];
  const names = otherNames(exposure);
  const token = exposure.volumes.find(({ origin }) => origin.by === 'token volume');
  return [
    ...(token && names.has(token.name) ? [`volume ${token.name}`] : []),
    ...exposure.containers.flatMap(({ name, mounts }) => {
      const own = mounts.find(({ origin }) => origin.by === 'token volume');
      return mounts.flatMap(({ origin, mountPath }) => {
        if (!own || origin.by === 'token volume') return [];
        const relation = relationOf(own.mountPath, mountPath);
        // A path of the user's own above or below is the user's own business.
        const isClash = origin.by === 'chart' ? relation !== undefined : relation === 'same';
        return isClash ? [`mount ${name} ${own.mountPath} ${mountPath}`] : [];
      });
    }),
  ];
}

/** The default name of a token volume. */
export const standardVolumeName = String(
  tokenVolumeSettings.find(({ name }) => name === 'volumeName')?.default,
);

const candidates = [standardVolumeName, 'airflow-api-access', 'scheduler-api-token'];

/** A name for the token volume that no other volume of the pod has: the default one, if it is free. */
export function freeVolumeName(exposure: HostExposure | undefined): string | undefined {
  return candidates.find((name) => !isTaken(exposure, name));
}

/** Says whether another volume of the pod has a name; not so where the text leaves its volumes open. */
export function isTaken(exposure: HostExposure | undefined, name: string): boolean {
  return exposure !== undefined && otherNames(exposure).has(name);
}

function otherNames({ volumes }: HostExposure): Set<string> {
  return new Set(volumes.filter(({ origin }) => origin.by !== 'token volume').map(({ name }) => name));
}

/**
 * What a fix that brings the token volume into the pod has to write beside that: another name, where the volume's own
 * is taken.
 */
export function nameIfTaken(subject: Subject, { name }: HostView): { readonly volumeName?: string } {
  const seen = hasNullVolume(subject, name) ? withVolume(subject, name) : subject;
  const reading = seen.read(name, 'serviceAccount', tokenVolumeKey, 'volumeName');
  const exposure = seen.hosts.find((host) => host.name === name)?.exposure;
  const isOwnTaken = reading.state !== 'unknown' && isTaken(exposure, asText(reading.value));
  const free = isOwnTaken ? freeVolumeName(exposure) : undefined;
  return free === undefined ? {} : { volumeName: free };
}

/** The same with the defaults back that a null has deleted, without which it is open what the pod has. */
function withVolume(subject: Subject, name: TokenHost): Subject {
  const path = [name, 'serviceAccount', tokenVolumeKey, 'enabled'];
  return subjectAfter(subject, setValueIn(subject, path, true) ?? []);
}
