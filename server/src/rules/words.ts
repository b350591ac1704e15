import * as l10n from '@vscode/l10n';
import { distance } from 'fastest-levenshtein';

/** Joins names as in a sentence: `a`, `a and b`, `a, b and c`. */
export function listOf(names: readonly string[]): string {
  return names.length < 2
    ? (names[0] ?? '')
    : l10n.t('{0} and {1}', names.slice(0, -1).join(', '), names.at(-1) ?? '');
}

/** A sentence's first letter in upper case. */
export function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const units = [
  {
    letter: 'd',
    size: 86_400,
    inWords: countOf(
      () => l10n.t('1 day'),
      (count) => l10n.t('{0} days', count),
    ),
  },
  {
    letter: 'h',
    size: 3600,
    inWords: countOf(
      () => l10n.t('1 hour'),
      (count) => l10n.t('{0} hours', count),
    ),
  },
  {
    letter: 'm',
    size: 60,
    inWords: countOf(
      () => l10n.t('1 minute'),
      (count) => l10n.t('{0} minutes', count),
    ),
  },
  {
    letter: 's',
    size: 1,
    inWords: countOf(
      () => l10n.t('1 second'),
      (count) => l10n.t('{0} seconds', count),
    ),
  },
] as const;

/** Says how many of something there are. */
function countOf(one: () => string, many: (count: number) => string): (count: number) => string {
  return (count) => (count === 1 ? one() : many(count));
}

/**
 * A length of time in words: `1 hour 30 minutes`.
 * @param seconds The length in seconds, 0 or more.
 */
export function durationInWords(seconds: number): string {
  const parts: string[] = [];
  let rest = seconds;
  for (const { size, inWords } of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(inWords(count));
  }
  return parts.length === 0 ? l10n.t('{0} seconds', seconds) : parts.join(' ');
}

/**
 * Reads a length of time as people write it: `3600`, `1h`, `30m`, `2h30m`, `90s`, `7d`.
 * @returns Whole seconds, or undefined when the text is none.
 */
export function secondsOf(text: string): number | undefined {
  const compact = text.trim().toLowerCase().replaceAll('_', '');
  if (/^\d+$/.test(compact)) return Number(compact);
  if (!/^(\d+(\.\d+)?[dhms])+$/.test(compact)) return undefined;
  let seconds = 0;
  for (const [, count = '0', unit = 's'] of compact.matchAll(/(\d+(?:\.\d+)?)([dhms])/g)) {
    seconds += Number(count) * (units.find(({ letter }) => letter === unit)?.size ?? 0);
  }
  return Math.round(seconds);
}

/** The known name that a misspelt one most likely stands for; undefined when none is close. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({ candidate, changes: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.changes - b.changes);
  const best = ranked[0];
  return best && best.changes <= Math.max(1, Math.floor(best.candidate.length / 4))
    ? best.candidate
    : undefined;
}
