import * as l10n from '@vscode/l10n';
import { setValueIn } from './changes';
import { freeVolumeName, isTaken, standardVolumeName } from './clash';
import type { Fix, Rule } from './rule';
import { valueOrKey, volumeSettings } from './subject';

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

export const volumeNameInvalid: Rule = {
  code: 'volume-name-invalid',
  severity: 'error',
  documentation: {
    summary: 'A volume name that is not a DNS label',
    why: `Kubernetes accepts volume names of at most 63 characters out of \`a-z\`, \`0-9\` and \`-\`, beginning and ending with a letter or digit. The chart writes the name into the pod as it stands, and an empty one as empty; its schema accepts any text.`,
    wrong: `scheduler:
  serviceAccount:
    serviceAccountTokenVolume:
      volumeName: Kube_API_Access
`,
    right: `scheduler:
  serviceAccount:
    serviceAccountTokenVolume:
      volumeName: kube-api-access
`,
    fix: `Write the nearest name that is valid, or the default. One that another volume of the pod has is not offered.`,
  },
  check: (subject) =>
    volumeSettings(subject, 'volumeName').flatMap(({ host: { exposure }, path, entry, value, mounted }) => {
      const name = value ?? '';
      if (typeof name !== 'string' || label.test(name)) return [];
      const candidates = [...new Set([nearestLabel(name), freeVolumeName(exposure)])].flatMap((candidate) =>
        candidate === undefined || isTaken(exposure, candidate) ? [] : [candidate],
      );
      return [
        {
          range: valueOrKey(entry),
          message: name === '' ? emptyMessage(mounted) : invalidMessage(mounted),
          fixes: candidates.map((candidate, index): Fix => ({
            title:
              candidate === standardVolumeName
                ? l10n.t('Use the default name {0}', candidate)
                : l10n.t('Rename the volume to {0}', candidate),
            preferred: index === 0,
            safe: index === 0,
            edits: () => setValueIn(subject, path, candidate),
          })),
        },
      ];
    }),
};

/** @param mounted Whether the volume is in the pod as the values are now. */
function emptyMessage(mounted: boolean): string {
  return mounted
    ? l10n.t('Kubernetes will reject the pod: the volume has an empty name.')
    : l10n.t('Kubernetes would reject the pod: the volume has an empty name.');
}

/** @param mounted Whether the volume is in the pod as the values are now. */
function invalidMessage(mounted: boolean): string {
  return mounted
    ? l10n.t(
        'Kubernetes will reject the pod: a volume name is at most 63 of a-z, 0-9 and -, beginning and ending with a letter or digit.',
      )
    : l10n.t(
        'Kubernetes would reject the pod: a volume name is at most 63 of a-z, 0-9 and -, beginning and ending with a letter or digit.',
      );
}

function nearestLabel(name: string): string | undefined {
  const candidate = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '');
  return candidate === '' ? undefined : candidate;
}
