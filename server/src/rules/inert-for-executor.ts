import * as l10n from '@vscode/l10n';
import { schedulesPods } from '../chart/executors';
import { tokenVolumeKey } from '../chart/settings';
import { removeKeyIn } from './changes';
import type { Finding, Rule } from './rule';
import { executorPlace, isOn, type HostView, type Subject } from './subject';

export const inertForExecutor: Rule = {
  code: 'inert-for-executor',
  severity: 'warning',
  documentation: {
    summary: 'A token volume does nothing with this executor',
    why: `The chart renders the scheduler's token volume only for executors that launch pods: the text of \`executor\` contains \`CeleryExecutor\`, \`CeleryKubernetesExecutor\`, \`KubernetesExecutor\` or \`LocalKubernetesExecutor\`. For \`LocalExecutor\`, \`SequentialExecutor\` and the Edge executors alone it ignores the whole block.

The cleanup job exists only with a Kubernetes executor, so its token volume has no effect with any other.`,
    wrong: `executor: LocalExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: true
    serviceAccountTokenVolume:
      enabled: true
`,
    right: `executor: LocalExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: true
`,
    fix: `**Remove the token volume, which has no effect.** To use it, choose an executor that launches pods.`,
  },
  check: (subject) => subject.hosts.flatMap((host) => checkHost(subject, host)),
};

/** Says whether a host's token volume is ignored because of the executor; undefined where the executor is open. */
export function isInertForExecutor(subject: Subject, host: HostView): boolean | undefined {
  if (subject.executor === undefined) return undefined;
  return host.name === 'cleanup' ? !schedulesPods(subject.executor) : !subject.launchesPods;
}

function checkHost(subject: Subject, host: HostView): Finding[] {
  if (!isOn(host.volumeEnabled) || !isInertForExecutor(subject, host)) return [];
  const path = [host.name, 'serviceAccount', tokenVolumeKey];
  const enabled = subject.find(...path, 'enabled');
  if (enabled.state !== 'set') return [];
  const executor = subject.executor ?? '';
  return [
    {
      range: enabled.entry.value.range,
      message:
        host.name === 'cleanup'
          ? l10n.t('No token is mounted by hand: with {0} the chart renders no cleanup job.', executor)
          : l10n.t(
              'No token is mounted by hand: {0} does not launch pods, so the chart ignores this volume.',
              executor,
            ),
      unnecessary: true,
      related: executorPlace(subject),
      fixes: [
        {
          title: l10n.t('Remove the token volume, which has no effect with this executor'),
          preferred: true,
          edits: () => removeKeyIn(subject, path),
        },
      ],
    },
  ];
}
