import * as l10n from '@vscode/l10n';
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
      { path: [tokenVolumeKey], host: 'scheduler' as const, isRejected: false },
      ...subject.hosts.map(({ name }) => ({
        path: [name, tokenVolumeKey],
        host: name,
        isRejected: true,
      })),
    ];
    return places.flatMap(({ path, host, isRejected }) => {
      const found = subject.find(...path);
      if (found.state !== 'set') return [];
      const parent = [host, 'serviceAccount'];
      const place = parent.join('.');
      return [
        {
          range: found.entry.key.range,
          message: isRejected
            ? l10n.t('The chart will reject this block: it belongs under {0}.', place)
            : l10n.t('The chart ignores this block: it belongs under {0}.', place),
          fixes: [
            {
              title: l10n.t('Move {0} to {1}', tokenVolumeKey, place),
              preferred: true,
              edits: () => withoutClash(subject, [host], moveKey(subject.document, path, parent)),
            },
          ],
        },
      ];
    });
  },
};
