import * as l10n from '@vscode/l10n';
import { automountKey, tokenVolumeKey } from '../chart/settings';
import { isTruthy } from '../chart/templateValues';
import { removeKeyIn } from './changes';
import { isInertForExecutor } from './inert-for-executor';
import { enableTokenVolume } from './migration';
import type { Finding, Rule } from './rule';
import { isLeftEmpty, placesOf, type HostView, type Subject } from './subject';

export const emptyTokenVolume: Rule = {
  code: 'empty-token-volume',
  severity: 'error',
  documentation: {
    summary: 'An empty `serviceAccountTokenVolume` makes Helm abort',
    why: `A key without a value deletes the chart's defaults for the whole block. When automatic mounting is off and the executor launches pods, the templates look into the block and Helm stops with \`nil pointer evaluating interface {}.enabled\`. The chart's schema does not catch it.`,
    wrong: `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
`,
    right: `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      enabled: true
`,
    fix: `- **Enable the token volume** writes \`enabled: true\` into the block.
- **Remove the empty key** brings the chart's default back: the volume is off.`,
  },
  check: (subject) => subject.hosts.flatMap((host) => checkHost(subject, host)),
};

function checkHost(subject: Subject, host: HostView): Finding[] {
  if (!host.hasTokenVolume) return [];
  const path = [host.name, 'serviceAccount', tokenVolumeKey];
  const found = subject.find(...path);
  if (found.state !== 'set' || subject.document.plain(found.value) !== null) return [];
  if (found.entry.value.kind !== 'alias' && !isLeftEmpty(subject, found.entry)) return [];
  if (host.automount.state === 'unknown' || isTruthy(host.automount.value)) return [];
  const rendered = subject.compute((read) => isTruthy(read(host.name, 'enabled')));
  if (!rendered || isInertForExecutor(subject, host) !== false) return [];
  return [
    {
      range: found.entry.key.range,
      message: l10n.t(
        'Helm will abort with a nil pointer: automatic mounting is off, so the chart looks into {0}, which is empty.',
        tokenVolumeKey,
      ),
      related: placesOf(
        subject,
        [host.name, 'serviceAccount', automountKey],
        'key',
        l10n.t('Automatic mounting is off here.'),
      ),
      fixes: [
        {
          title: l10n.t('Enable the token volume'),
          preferred: true,
          edits: () => enableTokenVolume(subject, host),
        },
        { title: l10n.t('Remove the empty {0}', tokenVolumeKey), edits: () => removeKeyIn(subject, path) },
      ],
    },
  ];
}
