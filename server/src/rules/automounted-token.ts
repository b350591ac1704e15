import * as l10n from '@vscode/l10n';
import { automountedContainers } from '../chart/exposure';
import { automountKey } from '../chart/settings';
import { migrateFile, migrateHost, mountNoToken, needsNoToken } from './migration';
import type { Finding, Rule } from './rule';
import { goesNowhere } from './service-account-not-created';
import { isOn, type HostView, type Subject } from './subject';
import { listOf } from './words';

export const automountedToken: Rule = {
  code: 'automounted-token',
  severity: 'hint',
  documentation: {
    summary: 'Kubernetes mounts an API token into every container of the pod',
    why: `Unless \`automountServiceAccountToken\` is off, Kubernetes mounts a token into every container of the pod: init containers and sidecars such as the log groomer included, which never call the API. Policies such as Kyverno's \`restrict-automount-sa-token\` and CIS 5.1.6 ask for it to be off.

The hint names the containers. It is given for the scheduler, and for the cleanup job where one is rendered, if the file mentions them.`,
    wrong: `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: true
`,
    right: `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      enabled: true
`,
    fix: `- **Migrate scheduler (or cleanup) to a manual token volume** turns automatic mounting off and the volume on, and keeps everything else that is set. Where another volume of the pod has the volume's name, it gets a free one; where something else is mounted at, above or below its path, the migration is not offered.
- **Migrate the whole file to manual token volumes** does so for both, and turns automatic mounting off for the components that never call the API. It is shown before it is applied.
- **Mount no token at all** is offered for \`CeleryExecutor\` alone, whose scheduler needs none.

For an executor that does not launch pods, such as \`LocalExecutor\`, no migration is offered: the chart would ignore it.`,
  },
  check: (subject) => subject.hosts.flatMap((host) => checkHost(subject, host)),
};

function checkHost(subject: Subject, host: HostView): Finding[] {
  const { automount, exposure } = host;
  if (!isOn(automount) || !exposure?.rendered || goesNowhere(subject, host.component)) return [];
  const holders = automountedContainers(exposure);
  const range = subject.placeOf(host.name, 'serviceAccount', automountKey);
  if (!range || holders.length === 0) return [];
  const created = subject.read(host.name, 'serviceAccount', 'create');
  const isSure = isOn(created) || exposure.serviceAccountRendered;
  const args = [listOf(holders), reasonOf(automount.state === 'default', isSure)];
  const who =
    holders.length === 1
      ? l10n.t({
          message: 'Container {0} gets a Kubernetes API token: {1}.',
          args,
          comment: ['{1} is the reason: "automatic mounting is on by default"'],
        })
      : l10n.t({
          message: 'All of {0} get a Kubernetes API token: {1}.',
          args,
          comment: ['{0} is a list of containers, {1} the reason: "automatic mounting is on by default"'],
        });
  return [
    {
      range,
      message: [who, ...wayOut(subject, host)].join(' '),
      fixes: [...migrateHost(subject, host), ...mountNoToken(subject, host), migrateFile(subject, host)],
    },
  ];
}

/** Why containers get the automatic token. */
function reasonOf(byDefault: boolean, isSure: boolean): string {
  if (isSure)
    return byDefault ? l10n.t('automatic mounting is on by default') : l10n.t('automatic mounting is on');
  return byDefault
    ? l10n.t('automatic mounting is on by default, unless the existing ServiceAccount turns it off')
    : l10n.t('automatic mounting is on, unless the existing ServiceAccount turns it off');
}

/** What the executor has to do with it, where that matters. */
function wayOut(subject: Subject, host: HostView): string[] {
  const executor = subject.executor ?? '';
  if (needsNoToken(subject) && host.name === 'scheduler')
    return [l10n.t('With {0} alone the scheduler needs none.', executor)];
  if (subject.launchesPods !== false) return [];
  return [
    l10n.t({
      message: 'With {0} the chart does not turn it off for {1}.',
      args: [executor, host.component.title],
      comment: ['{0} is an executor, {1} a component'],
    }),
  ];
}
