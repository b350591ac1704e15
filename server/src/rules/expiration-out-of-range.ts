import * as l10n from '@vscode/l10n';
import { expirationBounds } from '../chart/settings';
import { setValueIn } from './changes';
import type { Rule } from './rule';
import { volumeSettings } from './subject';
import { durationInWords } from './words';

const { minimum, maximum } = expirationBounds;

export const expirationOutOfRange: Rule = {
  code: 'expiration-out-of-range',
  severity: 'error',
  documentation: {
    summary: 'A token lifetime outside of what the chart accepts',
    // The pages are English in every language, so these lengths of time are written out.
    why: `The chart's schema accepts \`expirationSeconds\` from ${minimum} (10 minutes, the least that Kubernetes allows) to ${maximum} (90 days). Anything else makes \`helm install\` fail, also while the volume is off.`,
    wrong: `scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      expirationSeconds: 300
`,
    right: `scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      expirationSeconds: 600
`,
    fix: `Write the nearest lifetime that is accepted.`,
  },
  check: (subject) =>
    volumeSettings(subject, 'expirationSeconds').flatMap(({ path, entry, value }) => {
      if (typeof value !== 'number' || !Number.isInteger(value)) return [];
      if (value >= minimum && value <= maximum) return [];
      const isBelow = value < minimum;
      const bound = isBelow ? minimum : maximum;
      const duration = durationInWords(bound);
      return [
        {
          range: entry.value.range,
          message: isBelow
            ? l10n.t(
                'The chart will reject this lifetime: it is below {0} seconds ({1}), the least that it accepts.',
                bound,
                duration,
              )
            : l10n.t(
                'The chart will reject this lifetime: it is above {0} seconds ({1}), the most that it accepts.',
                bound,
                duration,
              ),
          fixes: [
            {
              title: l10n.t('Set expirationSeconds to {0} ({1})', bound, duration),
              preferred: true,
              safe: true,
              edits: () => setValueIn(subject, path, bound),
            },
          ],
        },
      ];
    }),
};
