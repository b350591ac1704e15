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
    why: `The chart's schema accepts \`expirationSeconds\` from ${minimum} (${durationInWords(minimum)}, the least that Kubernetes allows) to ${maximum} (${durationInWords(maximum)}). Anything else makes \`helm install\` fail, also while the volume is off.`,
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
      const [side, bound, extreme] =
        value < minimum ? (['below', minimum, 'least'] as const) : (['above', maximum, 'most'] as const);
      return [
        {
          range: entry.value.range,
          message: `The chart will reject this lifetime: it is ${side} ${bound} seconds (${durationInWords(bound)}), the ${extreme} that it accepts.`,
          fixes: [
            {
              title: `Set expirationSeconds to ${bound} (${durationInWords(bound)})`,
              preferred: true,
              safe: true,
              edits: () => setValueIn(subject, path, bound),
            },
          ],
        },
      ];
    }),
};
