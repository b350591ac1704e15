import * as l10n from '@vscode/l10n';
import { tokenVolumeKey } from '../chart/settings';
import { mountNoToken, needsNoToken } from './migration';
import type { Rule } from './rule';
import { executorPlace } from './subject';

export const needlessToken: Rule = {
  code: 'needless-token',
  severity: 'information',
  documentation: {
    summary: 'A token is mounted into a scheduler that never calls the Kubernetes API',
    why: `With \`CeleryExecutor\` alone the scheduler only talks to the broker. The chart counts \`CeleryExecutor\` among the executors that launch pods and mounts the volume, but nothing in the container uses the token: it only adds exposure. Without any token this scheduler works, and that is the safest setting.

\`CeleryExecutor\` is the chart's default, so this holds as well when \`executor\` is not set.`,
    wrong: `executor: CeleryExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      enabled: true
`,
    right: `executor: CeleryExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
`,
    fix: `**Mount no token at all** turns the volume off; automatic mounting stays off.`,
  },
  check: (subject) => {
    const scheduler = subject.hosts.find(({ name }) => name === 'scheduler');
    if (!scheduler?.exposure?.tokenVolumeMounted || !scheduler.exposure.rendered || !needsNoToken(subject))
      return [];
    const enabled = subject.find('scheduler', 'serviceAccount', tokenVolumeKey, 'enabled');
    if (enabled.state !== 'set') return [];
    const related = executorPlace(subject);
    const executor = subject.executor ?? '';
    return [
      {
        range: enabled.entry.value.range,
        message:
          related.length > 0
            ? l10n.t(
                'This token only adds exposure: with {0} alone the scheduler never calls the Kubernetes API.',
                executor,
              )
            : l10n.t(
                'This token only adds exposure: with {0} alone, the default, the scheduler never calls the Kubernetes API.',
                executor,
              ),
        related,
        fixes: mountNoToken(subject, scheduler).map((fix) => ({ ...fix, preferred: true })),
      },
    ];
  },
};
