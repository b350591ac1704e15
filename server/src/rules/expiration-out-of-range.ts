import { expirationBounds, tokenVolumeKey } from '../chart/settings';
import { replaceValue } from '../values/edit';
import type { Rule } from './rule';
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
    subject.hosts.flatMap((host) => {
      const path = [host.name, 'serviceAccount', tokenVolumeKey, 'expirationSeconds'];
      const found = subject.find(...path);
      const value = found.state === 'set' && found.value.kind === 'scalar' ? found.value.value : undefined;
      if (found.state !== 'set' || typeof value !== 'number' || !Number.isInteger(value)) return [];
      if (value >= minimum && value <= maximum) return [];
      const bound = value < minimum ? minimum : maximum;
      return [
        {
          range: found.entry.value.range,
          message: `The chart will reject this lifetime: it is ${value < minimum ? 'below' : 'above'} ${bound} seconds (${durationInWords(bound)}), the ${value < minimum ? 'least' : 'most'} that it accepts.`,
          fixes: [
            {
              title: `Set expirationSeconds to ${bound} (${durationInWords(bound)})`,
              preferred: true,
              safe: true,
              edits: () => replaceValue(subject.document, path, bound),
            },
          ],
        },
      ];
    }),
};
