import * as l10n from '@vscode/l10n';
import { isSince } from '../chart/releases';
import { automountKey, automountSince, tokenVolumeKey } from '../chart/settings';
import { removeKeyIn } from './changes';
import type { Finding, Rule } from './rule';
import { serviceAccounts, type Subject } from './subject';

export const unsupportedChartVersion: Rule = {
  code: 'unsupported-chart-version',
  severity: 'warning',
  documentation: {
    summary: 'A key that the chart version in use does not have yet',
    why: `\`scheduler.serviceAccount.serviceAccountTokenVolume\` is new in chart 1.19, \`cleanup.serviceAccount.serviceAccountTokenVolume\` in chart 1.22, and \`automountServiceAccountToken\` in chart 1.11. An older chart ignores the key under \`scheduler\`, so that automatic mounting stays as it was and no volume is mounted; it rejects the one under \`cleanup\`, which is an error. The version in use is the one that \`airflowTokenVolume.chartVersion\` names, otherwise the newest known.`,
    wrong: `scheduler:
  serviceAccount:
    serviceAccountTokenVolume:
      enabled: true
`,
    right: `scheduler:
  serviceAccount:
    automountServiceAccountToken: true
`,
    chartVersion: '1.18.0',
    fix: `Remove the key. Or use a newer chart, and say so in the setting.`,
  },
  check: (subject) =>
    serviceAccounts(subject).flatMap(({ component, path }) => [
      ...checkKey(subject, [...path, automountKey], automountSince, false),
      ...(component.tokenVolumeSince === undefined
        ? []
        : checkKey(
            subject,
            [...path, tokenVolumeKey],
            component.tokenVolumeSince,
            component.unknownServiceAccountKeys === 'rejects',
          )),
    ]),
};

function checkKey(subject: Subject, path: readonly string[], since: string, rejects: boolean): Finding[] {
  const found = subject.find(...path);
  const { release } = subject.settings;
  if (found.state !== 'set' || isSince(release, since)) return [];
  const key = path.at(-1) ?? '';
  return [
    {
      range: found.entry.key.range,
      severity: rejects ? 'error' : 'warning',
      unnecessary: !rejects,
      message: rejects
        ? l10n.t(
            'Chart {0} will reject this key: {1} is new in chart {2}.',
            release.version,
            path.join('.'),
            since,
          )
        : l10n.t(
            'Chart {0} ignores this key: {1} is new in chart {2}.',
            release.version,
            path.join('.'),
            since,
          ),
      fixes: [{ title: l10n.t('Remove {0}', key), edits: () => removeKeyIn(subject, path) }],
    },
  ];
}
