import { tokenVolumeKey } from '../chart/settings';
import { moveKey } from '../values/edit';
import { withoutClash } from './clash';
import type { Rule } from './rule';

export const misplacedTokenVolume: Rule = {
  code: 'misplaced-token-volume',
  severity: 'error',
  documentation: {
    summary: 'A `serviceAccountTokenVolume` in a place where the chart does not look for it',
    why: `The chart reads the block under \`scheduler.serviceAccount\` and \`cleanup.serviceAccount\` only. Directly under \`scheduler\` or \`cleanup\` its schema rejects the key, so \`helm install\` fails; at the top level it is accepted and ignored.`,
    wrong: `scheduler:
  serviceAccount:
    automountServiceAccountToken: false
  serviceAccountTokenVolume:
    enabled: true
`,
    right: `scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      enabled: true
`,
    fix: `Move the block, with its comments, to where it belongs.`,
  },
  check: (subject) => {
    const places = [
      { path: [tokenVolumeKey], host: 'scheduler' as const, consequence: 'The chart ignores this block' },
      ...subject.hosts.map(({ name }) => ({
        path: [name, tokenVolumeKey],
        host: name,
        consequence: 'The chart will reject this block',
      })),
    ];
    return places.flatMap(({ path, host, consequence }) => {
      const found = subject.find(...path);
      if (found.state !== 'set') return [];
      const parent = [host, 'serviceAccount'];
      return [
        {
          range: found.entry.key.range,
          message: `${consequence}: it belongs under ${parent.join('.')}.`,
          fixes: [
            {
              title: `Move ${tokenVolumeKey} to ${parent.join('.')}`,
              preferred: true,
              edits: () => withoutClash(subject, [host], moveKey(subject.document, path, parent)),
            },
          ],
        },
      ];
    });
  },
};
