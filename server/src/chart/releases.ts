import compare from 'semver/functions/compare.js';
import valid from 'semver/functions/valid.js';

/** A release of the chart. What it can do stands in the tables of this folder, each row with the release it starts at. */
export interface ChartRelease {
  /** The chart's version, for example `1.22.0`. */
  readonly version: string;
  /** The Airflow version that it deploys when `airflowVersion` is not set. */
  readonly airflowVersion: string;
}

/** The releases that were read and rendered, oldest first. */
export const releases: readonly [ChartRelease, ...ChartRelease[]] = [
  { version: '1.19.0', airflowVersion: '3.1.7' },
  { version: '1.20.0', airflowVersion: '3.1.8' },
  { version: '1.21.0', airflowVersion: '3.2.1' },
  { version: '1.22.0', airflowVersion: '3.2.2' },
];

/** The newest release that this project knows, which stands for every newer one. */
export const newestRelease: ChartRelease = releases.at(-1) ?? releases[0];

/**
 * The release for a version that a user names.
 * @param version A full version such as `1.22.0`; a `v` before it does not matter.
 * @returns The newest known release for a newer version or for none at all; a release with the version itself and the
 *   oldest known Airflow for an older one, so that tables say what it lacks; undefined when the text is no version.
 */
export function releaseOf(version: string | undefined): ChartRelease | undefined {
  if (version === undefined) return newestRelease;
  const wanted = valid(version.trim());
  if (wanted === null) return undefined;
  const known = releases.findLast((release) => compare(release.version, wanted) <= 0);
  return known ?? { version: wanted, airflowVersion: releases[0].airflowVersion };
}

/** Says whether a release has what started at another one; what has no start was always there. */
export function isSince({ version }: ChartRelease, since: string | undefined): boolean {
  if (since === undefined) return true;
  const pair = `${version} ${since}`;
  let isThere = compared.get(pair);
  if (isThere === undefined) {
    isThere = compare(version, since) >= 0;
    compared.set(pair, isThere);
  }
  return isThere;
}

/** What was compared before: there are few versions, and the tables are asked all the time. */
const compared = new Map<string, boolean>();
