import { automountedContainers } from '../chart/exposure';
import { automountKey } from '../chart/settings';
import { migrateFile, migrateHost, mountNoToken, needsNoToken } from './migration';
import type { Finding, Rule } from './rule';
import { goesNowhere } from './service-account-not-created';
import { isOn, type HostView, type Subject } from './subject';
import { capitalise, listOf } from './words';

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
  const who = holders.length === 1 ? `Container ${listOf(holders)}` : `All of ${listOf(holders)}`;
  const how = automount.state === 'default' ? 'on by default' : 'on';
  const created = subject.read(host.name, 'serviceAccount', 'create');
  const unless =
    isOn(created) || exposure.serviceAccountRendered
      ? ''
      : ', unless the existing ServiceAccount turns it off';
  const wayOut =
    needsNoToken(subject) && host.name === 'scheduler'
      ? ` With ${subject.executor ?? ''} alone the scheduler needs none.`
      : subject.launchesPods !== false
        ? ''
        : ` With ${subject.executor ?? ''} the chart does not turn it off for ${host.component.title}.`;
  return [
    {
      range,
      message: `${capitalise(who)} get${holders.length === 1 ? 's' : ''} a Kubernetes API token: automatic mounting is ${how}${unless}.${wayOut}`,
      fixes: [...migrateHost(subject, host), ...mountNoToken(subject, host), migrateFile(subject, host)],
    },
  ];
}
