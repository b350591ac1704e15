import * as l10n from '@vscode/l10n';
import { isStandardMountPath } from '../chart/exposure';
import { standardMountPath } from '../chart/settings';
import { setValueIn } from './changes';
import { withoutClash } from './clash';
import type { Rule } from './rule';
import { mainContainer, volumeSettings, type HostView, type Reading, type Subject } from './subject';

export const nonstandardMountPath: Rule = {
  code: 'nonstandard-mount-path',
  severity: 'warning',
  documentation: {
    summary: "A token where Airflow's Kubernetes client does not look",
    why: `The Kubernetes client that Airflow uses reads its credentials from \`${standardMountPath}\` and nowhere else. A token at another path is mounted and renewed, but Airflow cannot use it: the scheduler has no API access although the volume is there. The custom mount path in the chart's documentation has this effect.

A path of its own is right only for other software in the container that is told where to look. Nothing is reported where the container mounts something else at the standard path: the client reads that.`,
    wrong: `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      enabled: true
      mountPath: /custom/sa-token
`,
    right: `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      enabled: true
      mountPath: ${standardMountPath}
`,
    fix: `Restore the standard path.`,
  },
  check: (subject) =>
    volumeSettings(subject, 'mountPath').flatMap(({ host, path, entry, value, enabled, mounted }) => {
      if (!enabled || typeof value !== 'string' || !value.startsWith('/') || value.includes(':')) return [];
      if (isStandardMountPath(value) || hasOther(subject, host)) return [];
      return [
        {
          range: entry.value.range,
          message: mounted
            ? l10n.t(
                'Airflow will not find this token: its Kubernetes client reads only {0}.',
                standardMountPath,
              )
            : l10n.t(
                'Airflow would not find this token: its Kubernetes client reads only {0}.',
                standardMountPath,
              ),
          fixes: [
            {
              title: l10n.t('Restore the standard mount path'),
              preferred: true,
              edits: () => withoutClash(subject, [host.name], setValueIn(subject, path, standardMountPath)),
            },
          ],
        },
      ];
    }),
};

/** Says whether the client finds something else where it looks, or may do so where the text leaves that open. */
function hasOther(subject: Subject, host: HostView): boolean {
  if (!host.exposure) return mountLists(host).some((list) => mayHoldItems(subject.read(...list)));
  return (mainContainer(host)?.mounts ?? []).some(
    ({ origin, mountPath }) => origin.by !== 'token volume' && isStandardMountPath(mountPath),
  );
}

function mountLists({ name }: HostView): readonly (readonly string[])[] {
  return [[name, 'extraVolumeMounts'], ['volumeMounts']];
}

function mayHoldItems(list: Reading): boolean {
  return list.state === 'unknown' || (Array.isArray(list.value) && list.value.length > 0);
}
