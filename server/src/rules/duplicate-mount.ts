import * as l10n from '@vscode/l10n';
import type { ContainerExposure } from '../chart/exposure';
import { standardMountPath, tokenVolumeKey } from '../chart/settings';
import type { Mount } from '../chart/volumes';
import { removeItems } from '../values/editItems';
import { automountedWithout, handmadeVolumes, hasOtherMounts } from './handmade';
import type { Finding, Fix, Rule } from './rule';
import {
  entryBelow,
  itemAt,
  mainContainer,
  placesOf,
  placesOfItem,
  type HostView,
  type RelatedPlace,
  type Subject,
} from './subject';

export const duplicateMount: Rule = {
  code: 'duplicate-mount',
  severity: 'error',
  documentation: {
    summary: 'A container that would mount two volumes at one path',
    why: `A container cannot mount two things at the same path: the API server rejects the pod with \`must be unique\`, and the Deployment never starts a new one. It happens when \`serviceAccountTokenVolume\` is enabled while the volume made by hand before is still there. Helm renders both without a word.`,
    wrong: `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      enabled: true
  extraVolumes:
    - name: sa-token
      projected:
        sources:
          - serviceAccountToken: {path: token}
  extraVolumeMounts:
    - name: sa-token
      mountPath: ${standardMountPath}
`,
    right: `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      enabled: true
`,
    fix: `**Remove the mount made by hand**, with its volume where no other mount uses that. The token volume stays. A mount of the global lists is removed only where every component with a token volume has its own, and the fix says which pods get the automatic token in its place.`,
  },
  check: (subject) =>
    subject.hosts.flatMap((host) => {
      if (!host.exposure?.rendered) return [];
      const findings = host.exposure.containers.flatMap((container) =>
        checkContainer(subject, host, container),
      );
      // The same mounts clash in every container that they go into.
      return findings.filter(
        ({ range }, index) => findings.findIndex((other) => other.range.start === range.start) === index,
      );
    }),
};

function checkContainer(subject: Subject, host: HostView, container: ContainerExposure): Finding[] {
  const tokenVolumes = new Set(container.projected.map(({ volume }) => volume));
  const paths = new Set(container.mounts.map(({ mountPath }) => mountPath));
  return [...paths].flatMap((path) => {
    const mounts = container.mounts.filter(({ mountPath }) => mountPath === path);
    if (mounts.length < 2 || !mounts.some(({ volume }) => tokenVolumes.has(volume))) return [];
    const byHand = mounts.findLast(({ origin }) => origin.by === 'values');
    const other = mounts.find((mount) => mount !== byHand);
    return byHand && other ? describe(subject, host, container, byHand, other) : [];
  });
}

function describe(
  subject: Subject,
  host: HostView,
  container: ContainerExposure,
  byHand: Mount,
  other: Mount,
): Finding[] {
  if (byHand.origin.by !== 'values') return [];
  const { path, index } = byHand.origin;
  const range =
    entryBelow(itemAt(subject, path, index), 'mountPath')?.value.range ?? subject.placeOf(...path);
  if (!range) return [];
  const isTokenVolume = other.origin.by === 'token volume';
  const related = isTokenVolume
    ? placesOf(
        subject,
        [host.name, 'serviceAccount', tokenVolumeKey, 'enabled'],
        'key',
        l10n.t('The token volume is enabled here.'),
      )
    : otherPlace(subject, other);
  return [
    {
      range,
      message: messageOf(container.name, byHand.volume, other),
      related,
      fixes: isTokenVolume || other.origin.by === 'values' ? removal(subject, byHand) : [],
    },
  ];
}

function otherPlace(subject: Subject, { origin }: Mount): RelatedPlace[] {
  if (origin.by !== 'values') return [];
  return placesOfItem(subject, origin.path, origin.index, 'mountPath', l10n.t('The other mount is here.'));
}

function messageOf(container: string, byHand: string, { volume, origin }: Mount): string {
  switch (origin.by) {
    case 'token volume':
      return l10n.t(
        'The API server will reject the pod: {0} mounts {1} and the token volume {2} at the same path.',
        container,
        byHand,
        volume,
      );
    case 'chart':
      return l10n.t(
        "The API server will reject the pod: {0} mounts {1} and the chart's own {2} at the same path.",
        container,
        byHand,
        volume,
      );
    case 'values':
      return l10n.t(
        'The API server will reject the pod: {0} mounts {1} and {2} at the same path.',
        container,
        byHand,
        volume,
      );
  }
}

/**
 * The fix that removes the mount. One of the global lists goes into every pod: it is offered only where each component
 * that may have a token volume has it at this path, and says who gets the automatic token instead.
 */
function removal(subject: Subject, { volume, mountPath, origin }: Mount): Fix[] {
  if (origin.by !== 'values') return [];
  const mount = { list: origin.path, index: origin.index };
  const isGlobal = origin.path.length === 1;
  const leavesOneOut = subject.hosts.some(
    (host) =>
      host.exposure?.rendered === true &&
      !mainContainer(host)?.mounts.some(
        (other) => other.origin.by === 'token volume' && other.mountPath === mountPath,
      ),
  );
  if (isGlobal && leavesOneOut) return [];
  const automounted = isGlobal ? automountedWithout(subject, mount).length : 0;
  return [
    {
      title: titleOf(volume, automounted),
      preferred: !isGlobal,
      ...(isGlobal ? { confirmBeyond: origin.path[0] ?? '' } : {}),
      edits: () => {
        const unused = handmadeVolumes(subject).filter(
          ({ name }) => name === volume && !hasOtherMounts(subject, volume, [mount]),
        );
        return removeItems(
          subject.document,
          [mount, ...unused.map(({ list, index }) => ({ list, index }))],
          {},
        );
      },
    },
  ];
}

/** The title of the fix that removes a mount, after which some workloads get the automatic token. */
function titleOf(volume: string, automounted: number): string {
  switch (automounted) {
    case 0:
      return l10n.t('Remove the mount of {0} made by hand', volume);
    case 1:
      return l10n.t('Remove the mount of {0} made by hand; 1 workload will get the automatic token', volume);
    default:
      return l10n.t(
        'Remove the mount of {0} made by hand; {1} workloads will get the automatic token',
        volume,
        automounted,
      );
  }
}
