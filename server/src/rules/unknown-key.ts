import * as l10n from '@vscode/l10n';
import { tokenHosts } from '../chart/components';
import { isSince } from '../chart/releases';
import { automountKey, serviceAccountSettings, tokenVolumeKey, tokenVolumeSettings } from '../chart/settings';
import { findMisfit } from '../chart/shape';
import { isTruthy } from '../chart/templateValues';
import { valuesShape } from '../chart/valuesShape';
import { unknown, type PlainValue } from '../values/document';
import { moveKey, renameKey } from '../values/edit';
import { removeKeyIn } from './changes';
import { isMergeKey, type MapEntry } from '../values/tree';
import { withoutClash } from './clash';
import type { Finding, Fix, Rule } from './rule';
import { hasNullVolume, serviceAccounts, type Subject } from './subject';
import { nearest } from './words';

export const unknownKey: Rule = {
  code: 'unknown-key',
  severity: 'error',
  documentation: {
    summary: 'A key that the chart does not know',
    why: `Inside \`serviceAccountTokenVolume\` the chart's schema rejects unknown keys, so \`helm install\` fails. Directly inside a component's \`serviceAccount\` it accepts and ignores them: a misspelt \`automountServiceAcountToken\` changes nothing and says nothing. There the finding is a warning, except under \`cleanup\`, \`createUserJob\` and \`databaseCleanup\`, whose \`serviceAccount\` rejects unknown keys too.`,
    wrong: `scheduler:
  serviceAccount:
    automountServiceAcountToken: false
    serviceAccountTokenVolume:
      expirationSecond: 1800
`,
    right: `scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      expirationSeconds: 1800
`,
    fix: `- **Rename** a misspelt key.
- **Move** a key that belongs one level up or down.
- **Remove** the key.

Where the chart ignores the key, renaming and moving are offered only if Helm takes its value under the other name.`,
  },
  check: (subject) =>
    serviceAccounts(subject).flatMap(({ component, path }) => {
      const hasVolume = component.tokenVolumeSince !== undefined;
      const accountKeys = [...serviceAccountKeys, tokenVolumeKey];
      const volumePath = [...path, tokenVolumeKey];
      return [
        ...unknownEntries(subject, path, accountKeys).map((entry) =>
          inServiceAccount(
            subject,
            path,
            entry,
            component.unknownServiceAccountKeys === 'rejects',
            hasVolume,
          ),
        ),
        ...(hasVolume && isSince(subject.settings.release, component.tokenVolumeSince)
          ? unknownEntries(subject, volumePath, tokenVolumeKeys)
          : []
        ).map((entry) => inTokenVolume(subject, volumePath, entry)),
      ];
    }),
};

const serviceAccountKeys = serviceAccountSettings.map(({ name }) => name);
const tokenVolumeKeys = tokenVolumeSettings.map(({ name }) => name);

function unknownEntries(
  subject: Subject,
  path: readonly string[],
  known: readonly string[],
): readonly MapEntry[] {
  const found = subject.find(...path);
  if (found.state !== 'set' || found.value.kind !== 'map') return [];
  return found.value.entries.filter(
    ({ key, colon }) =>
      colon !== undefined && !isMergeKey(key) && !known.includes(key.text) && !key.text.includes('{{'),
  );
}

function inServiceAccount(
  subject: Subject,
  path: readonly string[],
  entry: MapEntry,
  rejected: boolean,
  hasVolume: boolean,
): Finding {
  const { key } = entry;
  const at = [...path, key.text];
  const severity = rejected ? 'error' : 'warning';
  if (hasVolume && tokenVolumeKeys.includes(key.text)) {
    return {
      range: key.range,
      message: rejected
        ? l10n.t('The chart will reject this key: it belongs one level down, into {0}.', tokenVolumeKey)
        : l10n.t(
            'The chart ignores this key without a word: it belongs one level down, into {0}.',
            tokenVolumeKey,
          ),
      severity,
      fixes: [...move(subject, entry, at, [...path, tokenVolumeKey], rejected), remove(subject, at)],
    };
  }
  const meant = nearest(key.text, hasVolume ? [...serviceAccountKeys, tokenVolumeKey] : serviceAccountKeys);
  return {
    range: key.range,
    message: rejected ? rejectedMessage(meant) : ignoredMessage(meant),
    severity,
    unnecessary: !rejected,
    fixes: [...rename(subject, entry, at, meant, rejected), remove(subject, at)],
  };
}

function rejectedMessage(meant: string | undefined): string {
  return meant === undefined
    ? l10n.t('The chart will reject this key.')
    : l10n.t('The chart will reject this key. Did you mean {0}?', meant);
}

function ignoredMessage(meant: string | undefined): string {
  return meant === undefined
    ? l10n.t('The chart ignores this key without a word.')
    : l10n.t('The chart ignores this key without a word. Did you mean {0}?', meant);
}

function inTokenVolume(subject: Subject, path: readonly string[], entry: MapEntry): Finding {
  const { key } = entry;
  const at = [...path, key.text];
  if (serviceAccountKeys.includes(key.text)) {
    return {
      range: key.range,
      message: l10n.t('The chart will reject this key: it belongs one level up, into {0}.', 'serviceAccount'),
      fixes: [...move(subject, entry, at, path.slice(0, -1), true), remove(subject, at)],
    };
  }
  const meant = nearest(key.text, tokenVolumeKeys);
  return {
    range: key.range,
    message:
      meant === undefined
        ? l10n.t(
            'The chart will reject this key: {0} has only {1}.',
            tokenVolumeKey,
            tokenVolumeKeys.join(', '),
          )
        : rejectedMessage(meant),
    fixes: [...rename(subject, entry, at, meant, true), remove(subject, at)],
  };
}

function rename(
  subject: Subject,
  { value }: MapEntry,
  path: readonly string[],
  meant: string | undefined,
  rejected: boolean,
): Fix[] {
  if (meant === undefined) return [];
  // What Helm rejects already does not become worse, and the next finding says what is left to do.
  const target = [...path.slice(0, -1), meant];
  if (!rejected && !isTakenAt(subject, target, subject.document.plain(value))) return [];
  return [
    {
      title: l10n.t('Rename to {0}', meant),
      preferred: true,
      safe: true,
      edits: () => withoutClash(subject, tokenHosts, renameKey(subject.document, path, meant)),
    },
  ];
}

function move(
  subject: Subject,
  { value }: MapEntry,
  path: readonly string[],
  parent: readonly string[],
  rejected: boolean,
): Fix[] {
  const key = path.at(-1) ?? '';
  if (!rejected && !isTakenAt(subject, [...parent, key], subject.document.plain(value))) return [];
  return [
    {
      title: l10n.t('Move {0} into {1}', key, parent.at(-1) ?? ''),
      preferred: true,
      edits: () => withoutClash(subject, tokenHosts, moveKey(subject.document, path, parent)),
    },
  ];
}

/** Says whether Helm takes a value at a place: the schema accepts it, and the templates do not abort for it. */
function isTakenAt(subject: Subject, path: readonly string[], value: PlainValue | typeof unknown): boolean {
  if (value === unknown) return false;
  const values = path.reduceRight<PlainValue>((inner, key) => ({ [key]: inner }), value);
  if (findMisfit(values, valuesShape, subject.settings.release)) return false;
  const key = path.at(-1);
  if (key === tokenVolumeKey) return value !== null;
  // With automatic mounting off, the templates look into the volume's map.
  const isDeleted = tokenHosts.some((host) => host === path[0] && hasNullVolume(subject, host));
  return key !== automountKey || isTruthy(value) || !isDeleted;
}

function remove(subject: Subject, path: readonly string[]): Fix {
  return { title: l10n.t('Remove {0}', path.at(-1) ?? ''), edits: () => removeKeyIn(subject, path) };
}
