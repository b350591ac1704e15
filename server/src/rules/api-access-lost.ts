import { schedulesPods } from '../chart/executors';
import { mayReachApi } from '../chart/exposure';
import { automountKey, tokenVolumeKey } from '../chart/settings';
import { setValueIn } from './changes';
import { enableTokenVolume } from './migration';
import type { Finding, Rule } from './rule';
import { mainContainer, placesOf, valueOrPlace, type HostView, type Subject } from './subject';
import { capitalise } from './words';

export const apiAccessLost: Rule = {
  code: 'api-access-lost',
  severity: 'error',
  documentation: {
    summary: 'A component that needs the Kubernetes API is left without any token',
    why: `With automatic mounting off and no token volume on, no container of the pod holds a token. A scheduler with a Kubernetes executor then cannot start task pods and crash-loops (see issues 43464 and 59099 of apache/airflow), and the cleanup job cannot list or delete pods.

A scheduler with \`CeleryExecutor\` alone needs no token, so nothing is reported for it. Volumes of your own that bring a token, or anything else mounted at \`/var/run/secrets/kubernetes.io/serviceaccount\`, count as access.`,
    wrong: `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
`,
    right: `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      enabled: true
`,
    fix: `- **Enable the token volume** gives the main container a short-lived token.
- **Turn automatic mounting back on** gives one to every container.`,
  },
  check: (subject) => subject.hosts.flatMap((host) => checkHost(subject, host)),
};

function checkHost(subject: Subject, host: HostView): Finding[] {
  const { exposure } = host;
  const main = mainContainer(host);
  if (!exposure?.rendered || exposure.automounts || !main || mayReachApi(main)) return [];
  if (subject.executor === undefined || !schedulesPods(subject.executor)) return [];
  const path = [host.name, 'serviceAccount'];
  const automount = subject.find(...path, automountKey);
  if (automount.state !== 'set') return [];
  const range = valueOrPlace(subject, ...path, automountKey);
  if (!range) return [];
  const enabledPath = [...path, tokenVolumeKey, 'enabled'];
  return [
    {
      range,
      message: `${capitalise(host.component.title)} will have no Kubernetes API access: automatic mounting is off and ${host.hasTokenVolume ? 'no token volume is enabled' : `chart ${subject.settings.release.version} has no token volume for it`}.`,
      related: host.hasTokenVolume
        ? placesOf(subject, enabledPath, 'value', 'The token volume is off here.')
        : [],
      fixes: [
        ...(host.hasTokenVolume
          ? [
              {
                title: `Enable the token volume of ${host.component.title}`,
                preferred: true,
                edits: () => enableTokenVolume(subject, host),
              },
            ]
          : []),
        {
          title: `Turn automatic mounting back on for ${host.component.title}`,
          edits: () => setValueIn(subject, [...path, automountKey], true),
        },
      ],
    },
  ];
}
