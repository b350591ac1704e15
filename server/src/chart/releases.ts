/** A release of the official Apache Airflow Helm chart, as `MAJOR.MINOR.PATCH`. */
export interface ChartRelease {
  readonly version: string;
  /** Day of the release, ISO 8601. */
  readonly date: string;
}

/** Releases that brought something this project cares about, oldest first, and the newest one known. */
export const chartReleases = [
  { version: '1.11.0', date: '2023-10-05' },
  { version: '1.19.0', date: '2026-02-17' },
  { version: '1.20.0', date: '2026-03-16' },
  { version: '1.21.0', date: '2026-04-21' },
  { version: '1.22.0', date: '2026-06-01' },
] as const satisfies readonly ChartRelease[];

/** The Airflow version that the newest known chart release deploys when `airflowVersion` is not set. */
export const defaultAirflowVersion = '3.2.2';
