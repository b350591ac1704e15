import * as l10n from '@vscode/l10n';
import { automountedContainers } from '../chart/exposure';
import { automountKey } from '../chart/settings';
import { setValueIn } from './changes';
import type { Finding, Rule } from './rule';
import { valueOrKey, type HostView, type Subject } from './subject';

export const nullAutomount: Rule = {
  code: 'null-automount',
  severity: 'warning',
  documentation: {
    summary: 'An empty `automountServiceAccountToken` counts as `false`',
    why: `A key without a value (or with \`null\` or \`~\`) deletes the chart's default \`true\`, and nothing counts as \`false\` in the chart's templates. A line left empty by accident therefore turns automatic mounting off for the scheduler.

The cleanup job has a trap of its own: there the empty value puts the token volume to use, but the ServiceAccount is rendered without the field, which Kubernetes reads as true. The same holds for every other component, where it changes nothing and is not reported.`,
    wrong: `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken:
    serviceAccountTokenVolume:
      enabled: true
`,
    right: `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      enabled: true
`,
    fix: `Write \`false\`, which is what the chart reads, or \`true\`, the default.`,
  },
  check: (subject) => subject.hosts.flatMap((host) => checkHost(subject, host)),
};

function checkHost(subject: Subject, host: HostView): Finding[] {
  const { automount, exposure, name } = host;
  if (automount.state !== 'file' || automount.value !== null) return [];
  // The chart ignores the key then, which another rule reports.
  if (name === 'scheduler' && subject.launchesPods === false) return [];
  const path = [name, 'serviceAccount', automountKey];
  const found = subject.find(...path);
  if (found.state !== 'set') return [];
  const stillMounted = exposure?.rendered === true && automountedContainers(exposure).length > 0;
  return [
    {
      range: valueOrKey(found.entry),
      message: stillMounted
        ? l10n.t(
            'Kubernetes still mounts the token automatically, although the chart counts an empty value as false. Write the value that you mean.',
          )
        : l10n.t('An empty value counts as false, not as the default true. Write the value that you mean.'),
      fixes: [
        {
          title: l10n.t('Set {0}: false, as the chart reads it', automountKey),
          preferred: true,
          safe: true,
          edits: () => setValueIn(subject, path, false),
        },
        {
          title: l10n.t('Set {0}: true, the default', automountKey),
          edits: () => setValueIn(subject, path, true),
        },
      ],
    },
  ];
}
