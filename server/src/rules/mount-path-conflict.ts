import * as l10n from '@vscode/l10n';
import { standardMountPath, tokenVolumeKey } from '../chart/settings';
import { setValueIn } from './changes';
import type { Finding, Rule } from './rule';
import { relationOf, withoutClash, type PathRelation } from './clash';
import { mainContainer, valueOrKey, type HostView, type Subject } from './subject';

export const mountPathConflict: Rule = {
  code: 'mount-path-conflict',
  severity: 'error',
  documentation: {
    summary: 'A token volume at, above or below a path that the chart mounts',
    why: `The chart mounts its own volumes into the main container: the configuration file, the logs, the Dags, the template of task pods. A token volume at one of these paths makes the API server reject the pod. One above them hides or breaks them, as the order of the mounts then decides what is seen. One below them needs a folder inside of a read-only or shared volume, and the container does not start.`,
    wrong: `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      enabled: true
      mountPath: /opt/airflow/logs
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
  check: (subject) => subject.hosts.flatMap((host) => checkHost(subject, host)),
};

function checkHost(subject: Subject, host: HostView): Finding[] {
  const path = [host.name, 'serviceAccount', tokenVolumeKey, 'mountPath'];
  const found = subject.find(...path);
  const mounts = host.exposure?.rendered ? (mainContainer(host)?.mounts ?? []) : [];
  const token = mounts.find(({ origin }) => origin.by === 'token volume');
  if (found.state !== 'set' || !token) return [];
  const ofChart = mounts.filter(({ origin }) => origin.by === 'chart');
  const clash = ofChart
    .map((mount) => ({ mount, relation: relationOf(token.mountPath, mount.mountPath) }))
    .find(({ relation }) => relation !== undefined);
  // The root covers everything, which is another mistake than a path too many.
  if (!clash?.relation || relationOf(token.mountPath, '/') === 'same') return [];
  const { volume, mountPath } = clash.mount;
  return [
    {
      range: valueOrKey(found.entry),
      message: messages[clash.relation](volume, mountPath),
      fixes: [
        {
          title: l10n.t('Restore the standard mount path'),
          preferred: true,
          edits: () => withoutClash(subject, [host.name], setValueIn(subject, path, standardMountPath)),
        },
      ],
    },
  ];
}

const messages: Readonly<Record<PathRelation, (volume: string, path: string) => string>> = {
  same: (volume, path) =>
    l10n.t('The API server will reject the pod: the chart mounts {0} at {1} as well.', volume, path),
  above: (volume, path) =>
    l10n.t(
      'The token volume will cover what Airflow needs: the chart mounts {0} at {1}, inside of this path.',
      volume,
      path,
    ),
  below: (volume, path) =>
    l10n.t(
      'The container may not start: the chart mounts {0} at {1}, and this path lies inside of it.',
      volume,
      path,
    ),
};
