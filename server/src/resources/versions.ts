import maxSatisfying from 'semver/ranges/max-satisfying.js';
import minVersion from 'semver/ranges/min-version.js';
import validRange from 'semver/ranges/valid.js';
import satisfies from 'semver/functions/satisfies.js';
import valid from 'semver/functions/valid.js';
import { releaseOf, releases, type ChartRelease } from '../chart/releases';

const known: readonly string[] = releases.map(({ version }) => version);

/**
 * The release of the chart that a resource pins.
 * @param version A version or a range of versions, as the tools' library for versions (Masterminds) reads them: beside
 *   what npm knows, there are commas for "and", `=>`, `=<` and `!=`. A version that lacks a part, such as `1.22`, is a
 *   range in both.
 * @returns The newest known release that fits. Where none fits, what `releaseOf` says of the least version that does:
 *   the newest known release for newer ones, an older release for older ones. Undefined for text that is neither a
 *   version nor a range, such as a branch or a template, and for a range that nothing can fit.
 */
export function releaseFor(version: string): ChartRelease | undefined {
  const text = version.trim();
  if (text === '') return undefined;
  if (valid(text) !== null) return releaseOf(text);
  const parts = text.split('||').map(partOf);
  if (parts.some(({ range }) => validRange(range) === null)) return undefined;
  const fitting = parts.flatMap(({ range, excluded }) =>
    known.filter((one) => satisfies(one, range) && !excluded.some((other) => satisfies(one, other))),
  );
  const newest = maxSatisfying(fitting, '*');
  if (newest !== null) return releaseOf(newest);
  const least = minVersion(parts.map(({ range }) => range).join(' || '));
  return least === null ? undefined : releaseOf(least.version);
}

/** One of the alternatives of a range, as npm writes them, without what it excludes. */
function partOf(text: string): { readonly range: string; readonly excluded: readonly string[] } {
  const excluded: string[] = [];
  const rest = text
    .replaceAll(',', ' ')
    .replaceAll('=>', '>=')
    .replaceAll('=<', '<=')
    .replace(/!=\s*(\S+)/g, (_, other: string) => {
      excluded.push(other);
      return ' ';
    });
  const range = rest.trim() === '' && excluded.length > 0 ? '*' : rest.trim();
  const isReadable = range !== '' && excluded.every((other) => validRange(other) !== null);
  // An empty text would be any version to npm, while it is a mistake here.
  return { range: isReadable ? range : 'none', excluded };
}
