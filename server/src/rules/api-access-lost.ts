import * as l10n from '@vscode/l10n';
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
  const { title } = host.component;
  return [
    {
      range,
      message: host.hasTokenVolume
        ? l10n.t({
            message:
              '{0} will have no Kubernetes API access: automatic mounting is off and no token volume is enabled.',
            args: [capitalise(title)],
            comment: ['{0} is a component'],
          })
        : l10n.t({
            message:
              '{0} will have no Kubernetes API access: automatic mounting is off and chart {1} has no token volume for it.',
            args: [capitalise(title), subject.settings.release.version],
            comment: ['{0} is a component, {1} a version'],
          }),
      related: host.hasTokenVolume
        ? placesOf(subject, enabledPath, 'value', l10n.t('The token volume is off here.'))
        : [],
      fixes: [
        ...(host.hasTokenVolume
          ? [
              {
                title: l10n.t('Enable the token volume of {0}', title),
                preferred: true,
                edits: () => enableTokenVolume(subject, host),
              },
            ]
          : []),
        {
          title: l10n.t('Turn automatic mounting back on for {0}', title),
          edits: () => setValueIn(subject, [...path, automountKey], true),
        },
      ],
    },
  ];
}
