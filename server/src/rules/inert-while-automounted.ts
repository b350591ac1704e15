import * as l10n from '@vscode/l10n';
import { automountKey, tokenVolumeKey } from '../chart/settings';
import { setValueIn } from './changes';
import { migrateFile, migrateHost, mountNoToken } from './migration';
import { isInertForExecutor } from './inert-for-executor';
import type { Finding, Rule } from './rule';
import { isOn, placesOf, type HostView, type Subject } from './subject';

export const inertWhileAutomounted: Rule = {
  code: 'inert-while-automounted',
  severity: 'warning',
  documentation: {
    summary: 'A token volume does nothing while automatic mounting is on',
    why: `The chart renders \`serviceAccountTokenVolume\` only when \`automountServiceAccountToken\` is off. While it is on, explicitly or by default, nothing is mounted by hand and every container keeps the automatic token.

This is also step 2 of the gradual migration in the chart's documentation: with it alone, nothing changes in the cluster.`,
    wrong: `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: true
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
    fix: `- **Migrate … to a manual token volume** turns automatic mounting off, which puts the volume to use.
- **Disable the token volume** writes down what happens today.`,
  },
  check: (subject) => subject.hosts.flatMap((host) => checkHost(subject, host)),
};

function checkHost(subject: Subject, host: HostView): Finding[] {
  const { automount, volumeEnabled } = host;
  if (!isOn(volumeEnabled) || !isOn(automount) || isInertForExecutor(subject, host) !== false) return [];
  const enabledPath = [host.name, 'serviceAccount', tokenVolumeKey, 'enabled'];
  const enabled = subject.find(...enabledPath);
  if (enabled.state !== 'set') return [];
  return [
    {
      range: enabled.entry.value.range,
      message:
        automount.state === 'default'
          ? l10n.t(
              'No token is mounted by hand: {0} is on by default, so the chart ignores this volume. Turn it off to put the volume to use.',
              automountKey,
            )
          : l10n.t(
              'No token is mounted by hand: {0} is on, so the chart ignores this volume. Turn it off to put the volume to use.',
              automountKey,
            ),
      unnecessary: true,
      related: placesOf(
        subject,
        [host.name, 'serviceAccount', automountKey],
        'key',
        l10n.t('Automatic mounting is on here.'),
      ),
      fixes: [
        ...migrateHost(subject, host),
        ...mountNoToken(subject, host),
        {
          title: l10n.t('Disable the token volume, which has no effect'),
          edits: () => setValueIn(subject, enabledPath, false),
        },
        migrateFile(subject, host),
      ],
    },
  ];
}
