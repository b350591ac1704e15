import picomatch from 'picomatch';
import type { ChartReference, ChartSource, ResourceName } from '../resources/deployment';

/** The chart's name in every repository. */
const chartName = 'airflow';

/**
 * Where Apache Airflow publishes its chart, and what copies of that are called in registries: the last parts of the
 * address are those of the project.
 */
const official = [
  /^https?:\/\/airflow\.apache\.org(?:\/|$)/i,
  /(?:^|\/)apache\/airflow(?:-helm|-chart|\/charts?)?(?:\/|$)/i,
];

/**
 * Says whether an address is one of a repository or registry with Apache Airflow's chart.
 * @param url The address, with or without `oci://`.
 * @param mirrors Glob patterns of other addresses that hold a copy, from the user's settings.
 */
export function isChartRepository(url: string, mirrors: readonly string[]): boolean {
  const address = bare(url);
  return (
    official.some((pattern) => pattern.test(url)) ||
    mirrors.some((mirror) => {
      const pattern = bare(mirror);
      return address === pattern || address.startsWith(`${pattern}/`) || isMatch(address, pattern);
    })
  );
}

function bare(url: string): string {
  return url
    .trim()
    .replace(/^[a-z]+:\/\//i, '')
    .replace(/\/+$/, '')
    .toLowerCase();
}

function isMatch(address: string, pattern: string): boolean {
  try {
    return picomatch.isMatch(address, pattern);
  } catch {
    return false;
  }
}

/** A chart from a repository, and what says which release of it; undefined where a resource is not in the workspace. */
export interface FoundChart {
  readonly name: string;
  readonly url: string | undefined;
  readonly source: ChartSource | undefined;
}

/**
 * The chart that a reference leads to, through the resources that describe it.
 * @param reference The reference; one to a folder leads to no repository.
 * @param sources Finds a resource by its name.
 */
export function chartOf(
  reference: ChartReference,
  sources: (resource: ResourceName) => ChartSource | undefined,
): FoundChart | undefined {
  if (reference.kind === 'directory') return undefined;
  if (reference.kind === 'repository') return { name: reference.name, url: reference.url, source: undefined };
  const source = sources(reference.resource);
  const repository = source?.repository && sources(source.repository);
  const url = source?.url ?? repository?.url;
  const name = reference.name ?? source?.chart ?? url?.replace(/\/+$/, '').split('/').at(-1);
  return name === undefined ? undefined : { name, url, source };
}

/**
 * Says whether a chart is Apache Airflow's.
 * @param chart The chart.
 * @param mirrors Glob patterns of repositories that hold a copy, from the user's settings.
 * @returns Undefined where its name is right and its repository is not known.
 */
export function isAirflowChart({ name, url }: FoundChart, mirrors: readonly string[]): boolean | undefined {
  if (name.split('/').at(-1) !== chartName) return false;
  if (url === undefined) return undefined;
  return isChartRepository(url, mirrors);
}
