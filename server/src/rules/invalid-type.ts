import * as l10n from '@vscode/l10n';
import { isSince } from '../chart/releases';
import {
  automountKey,
  expirationBounds,
  serviceAccountSettings,
  tokenVolumeKey,
  tokenVolumeSetting,
  tokenVolumeSettings,
  type Setting,
  type SettingType,
} from '../chart/settings';
import { unknown, type PlainValue } from '../values/document';
import { removeKeyIn, restAt, setValueIn } from './changes';
import type { Finding, Fix, Rule } from './rule';
import { fits, hasAutomount, onOneLine, serviceAccounts, typeNames, type Subject } from './subject';
import { durationInWords, secondsOf } from './words';

export const invalidType: Rule = {
  code: 'invalid-type',
  severity: 'error',
  documentation: {
    summary: "A value of a type that the chart's schema rejects",
    why: `\`helm install\` fails when a value has the wrong type. Helm reads YAML 1.1: \`no\`, \`off\`, \`yes\` and \`on\` are booleans, \`1_800\`, \`0x0e10\` and \`3600.0\` are numbers, and anything in quotes is text. \`"false"\` and \`"3600"\` are therefore text, and so is \`1h\`.`,
    wrong: `scheduler:
  serviceAccount:
    automountServiceAccountToken: "false"
    serviceAccountTokenVolume:
      expirationSeconds: 1h
`,
    right: `scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      expirationSeconds: 3600
`,
    fix: `- **Convert** a quoted boolean or number, or a lifetime such as \`1h\`, \`30m\` or \`7d\`, to what was meant.
- **Remove the key**, which leaves it to the chart's default.`,
  },
  check: (subject) =>
    serviceAccounts(subject).flatMap(({ component, path }) => [
      ...checkValue(subject, path, accountType),
      ...serviceAccountSettings
        // An older chart ignores the key, whatever it holds.
        .filter(({ name }) => name !== automountKey || hasAutomount(subject))
        .flatMap((setting) => checkValue(subject, [...path, setting.name], setting)),
      ...(component.tokenVolumeSince === undefined ||
      !isSince(subject.settings.release, component.tokenVolumeSince)
        ? []
        : [
            ...checkValue(subject, [...path, tokenVolumeKey], tokenVolumeSetting),
            ...tokenVolumeSettings.flatMap((setting) =>
              checkValue(subject, [...path, tokenVolumeKey, setting.name], setting),
            ),
          ]),
    ]),
};

const accountType: Pick<Setting, 'name' | 'type'> = { name: 'serviceAccount', type: 'map' };

function checkValue(
  subject: Subject,
  path: readonly string[],
  { name, type }: Pick<Setting, 'name' | 'type'>,
): Finding[] {
  const found = subject.find(...path);
  if (found.state !== 'set' || (found.value.kind === 'map' && type === 'map')) return [];
  const value = subject.document.plain(found.value);
  if (value === unknown || fits(value, type) || (typeof value === 'string' && value.includes('{{')))
    return [];
  const { start, end } = found.value.range;
  const converted = convert(value, type, subject.document.slice(start, end));
  const fixes: Fix[] = [];
  if (converted !== undefined) {
    fixes.push({
      title:
        type === 'integer'
          ? l10n.t('Convert to {0} ({1})', Number(converted), durationInWords(Number(converted)))
          : l10n.t('Convert to {0}', JSON.stringify(converted)),
      preferred: true,
      safe: type !== 'integer' || isLifetime(Number(converted)),
      edits: () => setValueIn(subject, path, converted),
    });
  }
  fixes.push({
    title: l10n.t({
      message: 'Remove {0}, which leaves it to {1}',
      args: [name, restAt(subject, path)],
      comment: ['{0} is a key, {1} the layer or the chart whose value counts then'],
    }),
    edits: () => removeKeyIn(subject, path),
  });
  return [
    {
      range: onOneLine(subject, found.entry),
      message: l10n.t({
        message: 'The chart will reject this: {0} must be {1}, and this is {2}.',
        args: [name, typeNames[type], describe(value)],
        comment: ['{0} is a key, {1} a kind of value, {2} the value or its kind'],
      }),
      fixes,
    },
  ];
}

/** Says whether the chart accepts a number of seconds, so that nothing is left to mend. */
function isLifetime(seconds: number): boolean {
  return seconds >= expirationBounds.minimum && seconds <= expirationBounds.maximum;
}

function describe(value: PlainValue): string {
  if (typeof value === 'string')
    return l10n.t('the text {0}', JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value));
  if (typeof value === 'number')
    return Number.isInteger(value) ? l10n.t('a number') : l10n.t('a number with a fraction');
  if (typeof value === 'boolean') return l10n.t('a boolean');
  return Array.isArray(value) ? l10n.t('a list') : l10n.t('a map');
}

/**
 * What a value of the wrong type was surely meant to be.
 * @param source How it is written: `007` was meant as the text `007`.
 */
function convert(
  value: PlainValue,
  type: SettingType,
  source: string,
): boolean | number | string | undefined {
  if (type === 'boolean') {
    if (value === 0 || value === 1) return value === 1;
    return typeof value === 'string' ? booleanWords.get(value.trim().toLowerCase()) : undefined;
  }
  if (type === 'integer') {
    if (typeof value === 'number') return Math.round(value);
    return typeof value === 'string' ? secondsOf(value) : undefined;
  }
  return type !== 'map' && (typeof value === 'number' || typeof value === 'boolean') ? source : undefined;
}

const booleanWords = new Map([
  ...['true', 'yes', 'on', 'y', '1'].map((word) => [word, true] as const),
  ...['false', 'no', 'off', 'n', '0'].map((word) => [word, false] as const),
]);
