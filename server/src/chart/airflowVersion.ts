import { isSince, type ChartRelease } from './releases';

/** A version of Airflow as the chart's templates compare it. */
export interface AirflowVersion {
  readonly major: number;
  readonly minor: number;
  /** Whether it is one before a release, such as `3.0.0-rc1`. Every comparison of the chart fails for these. */
  readonly isPrerelease: boolean;
}

const form =
  /^v?(\d+)(?:\.(\d+))?(?:\.\d+)?(-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

/**
 * Reads `airflowVersion` as Helm's templates do.
 * @returns Undefined for a text that makes Helm abort, such as `3.0.0rc1`.
 */
export function readAirflowVersion(text: string): AirflowVersion | undefined {
  const parts = form.exec(text);
  if (!parts) return undefined;
  return {
    major: Number(parts[1]),
    minor: Number(parts[2] ?? 0),
    isPrerelease: parts[3] !== undefined,
  };
}

/** The oldest Airflow that a release of the chart deploys, where its templates check that: 2.11. */
export function isTooOld(version: AirflowVersion, release: ChartRelease): boolean {
  if (!isSince(release, '1.20.0') || version.isPrerelease) return false;
  return version.major < 2 || (version.major === 2 && version.minor < 11);
}
