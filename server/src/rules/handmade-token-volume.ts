import * as l10n from '@vscode/l10n';
import type { WorkloadExposure } from '../chart/exposure';
import { standardMountPath, tokenVolumeKey } from '../chart/settings';
import { isRecord } from '../chart/templateValues';
import { automountedWithout, handmadeVolumes, replaceByTokenVolume, type HandmadeVolume } from './handmade';
import { canHaveTokenVolume } from './migration';
import type { Finding, Rule } from './rule';
import { entryBelow, itemAt, type Subject } from './subject';
import { listOf } from './words';

export const handmadeTokenVolume: Rule = {
  code: 'handmade-token-volume',
  severity: 'warning',
  documentation: {
    summary: 'A projected token made by hand reaches more containers than the one that needs it',
    why: `Before chart 1.19, the way to do without automatic mounting was a projected volume in \`scheduler.extraVolumes\` with a mount in \`scheduler.extraVolumeMounts\`, or both in the global \`volumes\` and \`volumeMounts\`. It works, but the chart puts these mounts into the init container that waits for migrations and into the log groomer as well, and the global ones into every Airflow pod. \`serviceAccountTokenVolume\` mounts the same token into the main container alone.`,
    wrong: `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
  extraVolumes:
    - name: sa-token
      projected:
        sources:
          - serviceAccountToken: {path: token, expirationSeconds: 1800}
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
      volumeName: sa-token
      expirationSeconds: 1800
`,
    fix: `**Replace it with serviceAccountTokenVolume** carries over lifetime, audience, path and name, turns automatic mounting off if it was on, and removes the volume and its mount and nothing else. With the global lists every other pod loses this token as well, and gets the automatic one in its place where automatic mounting is on; the fix says so, and its changes are shown first. It is offered only where the chart's volume holds the same: one token in the file \`token\`, the cluster's certificate and the namespace, mounted once.`,
  },
  check: (subject) => handmadeVolumes(subject).flatMap((volume) => checkVolume(subject, volume)),
};

function checkVolume(subject: Subject, volume: HandmadeVolume): Finding[] {
  const isGlobal = volume.list.length === 1;
  const workloads = isGlobal
    ? subject.expose()
    : subject.hosts.flatMap(({ name, exposure }) =>
        name === volume.list[0] && exposure?.rendered ? [exposure] : [],
      );
  const item = itemAt(subject, volume.list, volume.index);
  const place =
    entryBelow(item, 'projected', 'sources', 'serviceAccountToken')?.key.range ??
    subject.placeOf(...volume.list);
  const holders = (workloads ?? []).flatMap((workload) => holdersIn(workload, volume));
  if (!place || holders.length === 0) return [];
  const [entry = ''] = volume.list;
  const canReplace = subject.hosts.some((host) => canHaveTokenVolume(subject, host));
  return [
    {
      range: place,
      message: `${reachOf(holders, isGlobal)} ${reasonOf(isGlobal, canReplace)}`,
      fixes: [
        {
          title: titleOf(isGlobal ? automountedInstead(subject, volume) : 0),
          preferred: !isGlobal,
          ...(isGlobal ? { confirmBeyond: entry } : {}),
          edits: () => replaceByTokenVolume(subject, volume),
        },
      ],
    },
  ];
}

/** How many other workloads get the automatic token when the global mounts of a volume are removed. */
function automountedInstead(subject: Subject, volume: HandmadeVolume): number {
  const mounts = subject.read('volumeMounts');
  const list = mounts.state === 'file' && Array.isArray(mounts.value) ? (mounts.value as unknown[]) : [];
  const others = list.flatMap((mount, index) =>
    isRecord(mount) && mount['name'] === volume.name
      ? automountedWithout(subject, { list: ['volumeMounts'], index })
      : [],
  );
  return others.filter((label) => label !== 'scheduler' && label !== 'airflow-cleanup-pods').length;
}

/** The title of the fix, after which other workloads may get the automatic token. */
function titleOf(automounted: number): string {
  switch (automounted) {
    case 0:
      return l10n.t('Replace it with {0}', tokenVolumeKey);
    case 1:
      return l10n.t('Replace it with {0}; 1 other workload will get the automatic token', tokenVolumeKey);
    default:
      return l10n.t(
        'Replace it with {0}; {1} other workloads will get the automatic token',
        tokenVolumeKey,
        automounted,
      );
  }
}

interface Holder {
  readonly workload: string;
  readonly container: string;
}

function holdersIn({ label, containers }: WorkloadExposure, { name }: HandmadeVolume): Holder[] {
  return containers
    .filter(({ projected }) => projected.some((token) => token.volume === name && !token.fromChart))
    .map((container) => ({
      workload: label,
      container: container.init ? `${container.name} (init)` : container.name,
    }));
}

function reachOf(holders: readonly Holder[], isGlobal: boolean): string {
  const workloads = [...new Set(holders.map(({ workload }) => workload))];
  if (!isGlobal || workloads.length === 1) {
    const names = listOf(holders.map(({ container }) => container));
    return holders.length === 1
      ? l10n.t('This token reaches the container {0}.', names)
      : l10n.t('This token reaches {0} containers: {1}.', holders.length, names);
  }
  return l10n.t(
    'This token reaches {0} containers of {1} workloads: {2}.',
    holders.length,
    workloads.length,
    listOf(workloads),
  );
}

function reasonOf(isGlobal: boolean, canReplace: boolean): string {
  if (!canReplace)
    return isGlobal
      ? l10n.t('Global volumeMounts go into all of them.')
      : l10n.t('extraVolumeMounts go into all of them.');
  return isGlobal
    ? l10n.t(
        'Global volumeMounts go into all of them; {0} mounts a token into the main container alone.',
        tokenVolumeKey,
      )
    : l10n.t(
        'extraVolumeMounts go into all of them; {0} mounts a token into the main container alone.',
        tokenVolumeKey,
      );
}
