import * as l10n from '@vscode/l10n';
import { automountedContainers } from '../chart/exposure';
import { automountKey } from '../chart/settings';
import { isTruthy } from '../chart/templateValues';
import { removeKeyIn, setValueIn } from './changes';
import type { Rule } from './rule';
import { executorPlace, isOn, valueOrKey } from './subject';
import { listOf } from './words';

export const automountOffIgnored: Rule = {
  code: 'automount-off-ignored',
  severity: 'warning',
  documentation: {
    summary: 'The chart ignores that automatic mounting is off, because of the executor',
    why: `For the scheduler the chart renders \`automountServiceAccountToken: false\` only when the executor launches pods. With \`LocalExecutor\`, \`SequentialExecutor\` or an Edge executor alone it leaves the field out of the ServiceAccount and out of the pod, and Kubernetes reads that as true: the token is still mounted into every container.`,
    wrong: `executor: LocalExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
`,
    right: `executor: LocalExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: true
`,
    fix: `- **Write what happens** sets \`automountServiceAccountToken: true\`.
- **Remove the key** leaves it to the chart's default, which is the same.

To keep the token out of the scheduler with such an executor, turn \`scheduler.serviceAccount.create\` off and name a ServiceAccount of your own with \`automountServiceAccountToken: false\`.`,
  },
  check: (subject) => {
    const scheduler = subject.hosts.find(({ name }) => name === 'scheduler');
    const { automount, exposure } = scheduler ?? {};
    if (subject.launchesPods !== false || automount?.state !== 'file' || isTruthy(automount.value)) return [];
    // An account that the chart does not create may still turn it off.
    if (!isOn(subject.read('scheduler', 'serviceAccount', 'create'))) return [];
    const path = ['scheduler', 'serviceAccount', automountKey];
    const found = subject.find(...path);
    if (found.state !== 'set' || !exposure?.rendered) return [];
    const { entry } = found;
    const holders = automountedContainers(exposure);
    if (holders.length === 0) return [];
    return [
      {
        range: valueOrKey(entry),
        message: l10n.t({
          message: 'The token is still mounted into {0}: with {1} the chart ignores {2} for the scheduler.',
          args: [listOf(holders), subject.executor ?? '', automountKey],
          comment: ['{0} is a list of containers, {1} an executor, {2} a key'],
        }),
        unnecessary: true,
        related: executorPlace(subject),
        fixes: [
          {
            title: l10n.t('Set {0}: true, which is what happens', automountKey),
            preferred: true,
            edits: () => setValueIn(subject, path, true),
          },
          {
            title: l10n.t('Remove {0}, which has no effect with this executor', automountKey),
            edits: () => removeKeyIn(subject, path),
          },
        ],
      },
    ];
  },
};
