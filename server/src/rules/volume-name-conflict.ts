import * as l10n from '@vscode/l10n';
import { tokenVolumeKey } from '../chart/settings';
import type { Volume } from '../chart/volumes';
import { setValueIn } from './changes';
import { freeVolumeName } from './clash';
import type { Finding, Fix, Rule } from './rule';
import { placesOfItem, valueOrKey, type HostView, type RelatedPlace, type Subject } from './subject';

export const volumeNameConflict: Rule = {
  code: 'volume-name-conflict',
  severity: 'error',
  documentation: {
    summary: "A token volume with the name of another of the pod's volumes",
    why: `The names of a pod's volumes are unique: the API server rejects a pod that has one twice. The chart gives the scheduler's pod volumes named \`config\`, \`logs\` and, depending on the values, \`dags\` and \`webserver-config\`, and the lists \`extraVolumes\` and \`volumes\` add more. Neither Helm nor the chart's schema compares them with \`volumeName\`.`,
    wrong: `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      enabled: true
      volumeName: config
`,
    right: `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      enabled: true
      volumeName: kube-api-access
`,
    fix: `**Rename the token volume** to the default name, or to \`airflow-api-access\` where that is taken too.`,
  },
  check: (subject) => subject.hosts.flatMap((host) => checkHost(subject, host)),
};

function checkHost(subject: Subject, host: HostView): Finding[] {
  const volumes = host.exposure?.rendered ? host.exposure.volumes : [];
  const token = volumes.find(({ origin }) => origin.by === 'token volume');
  const other = volumes.find((volume) => volume !== token && volume.name === token?.name);
  if (!token || !other) return [];
  const path = [host.name, 'serviceAccount', tokenVolumeKey, 'volumeName'];
  const own = subject.find(...path);
  const [otherPlace] = placesOfName(subject, other);
  const range = own.state === 'set' ? valueOrKey(own.entry) : undefined;
  const place = range ?? (subject.origin(...path) || otherPlace?.layer ? undefined : otherPlace?.range);
  if (!place) return [];
  const free = freeVolumeName(host.exposure);
  return [
    {
      range: place,
      message:
        other.origin.by === 'values'
          ? l10n.t(
              'The API server will reject the pod: it has two volumes named {0}, the one in {1} and the token volume.',
              token.name,
              other.origin.path.join('.'),
            )
          : l10n.t(
              "The API server will reject the pod: it has two volumes named {0}, the chart's own and the token volume.",
              token.name,
            ),
      related: range && otherPlace ? [otherPlace] : [],
      fixes: free === undefined ? [] : [rename(subject, path, free)],
    },
  ];
}

function rename(subject: Subject, path: readonly string[], name: string): Fix {
  return {
    title: l10n.t('Rename the token volume to {0}', name),
    preferred: true,
    edits: () => setValueIn(subject, path, name),
  };
}

function placesOfName(subject: Subject, { origin }: Volume): RelatedPlace[] {
  if (origin.by !== 'values') return [];
  return placesOfItem(subject, origin.path, origin.index, 'name', l10n.t('The other volume is here.'));
}
