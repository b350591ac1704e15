import * as l10n from '@vscode/l10n';
import { expirationBounds, recommendedLifetimes } from '../chart/settings';
import { setValueIn } from './changes';
import type { Rule } from './rule';
import { volumeSettings } from './subject';
import { durationInWords } from './words';

const { production, debugging } = recommendedLifetimes;

export const longLivedToken: Rule = {
  code: 'long-lived-token',
  severity: 'warning',
  documentation: {
    summary: 'A token that stays valid for long after it leaked',
    // The pages are English in every language, so these lengths of time are written out.
    why: `The kubelet renews a mounted token once it is older than 80 % of its lifetime or than 24 hours, so a longer lifetime brings nothing but a longer use for whoever copies it. The chart's documentation recommends up to ${production} seconds (1 hour) in production and up to ${debugging} (1 day) for debugging.

A file counts as production when its name, or that of its folder, has a part \`prod\`, \`production\`, \`prd\` or \`live\`.`,
    wrong: `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      enabled: true
      expirationSeconds: 604800
`,
    right: `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      enabled: true
      expirationSeconds: 86400
`,
    fix: `Write the longest lifetime that is recommended.`,
  },
  check: (subject) => {
    const isProduction = isProductionPath(subject.stack?.name ?? subject.path);
    const limit = limitOf(isProduction);
    return volumeSettings(subject, 'expirationSeconds').flatMap(
      ({ path, entry, value, enabled, mounted }) => {
        if (!enabled || typeof value !== 'number' || value <= limit || value > expirationBounds.maximum)
          return [];
        return [
          {
            range: entry.value.range,
            message: messageOf(value, isProduction, mounted),
            fixes: [
              {
                title: l10n.t('Set expirationSeconds to {0} ({1})', limit, durationInWords(limit)),
                preferred: true,
                edits: () => setValueIn(subject, path, limit),
              },
            ],
          },
        ];
      },
    );
  },
};

function limitOf(isProduction: boolean): number {
  return isProduction ? production : debugging;
}

function messageOf(seconds: number, isProduction: boolean, mounted: boolean): string {
  const limit = limitOf(isProduction);
  const args = [durationInWords(seconds), limit, durationInWords(limit)];
  if (isProduction)
    return mounted
      ? l10n.t(
          'Whoever copies this token can use it for {0}: in production at most {1} seconds ({2}) are recommended.',
          ...args,
        )
      : l10n.t(
          'Whoever copies this token could use it for {0}: in production at most {1} seconds ({2}) are recommended.',
          ...args,
        );
  return mounted
    ? l10n.t(
        'Whoever copies this token can use it for {0}: even for debugging at most {1} seconds ({2}) are recommended.',
        ...args,
      )
    : l10n.t(
        'Whoever copies this token could use it for {0}: even for debugging at most {1} seconds ({2}) are recommended.',
        ...args,
      );
}

/** Says whether a file's name, or that of the folder it is in, speaks of production and not of what comes before it. */
export function isProductionPath(path: string): boolean {
  const names = path.split(/[\\/]/).slice(-2).join('/');
  return /(?<!\b(?:non|not|no|pre)[^a-z/]?)(?<![a-z])(?:prod|production|prd|live)(?![a-z])/i.test(names);
}
