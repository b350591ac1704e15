import { rootNode, itemsOf, nodeAt, placeOf, textOf, writtenOf } from './reading';
import type { ChartReference, UmbrellaChart } from './deployment';
import type { ResourceReader } from './facts';

/**
 * Reads an umbrella chart: Airflow's chart among the dependencies in a `Chart.yaml` or a `Chart.lock`, once for each
 * alias. A lock has neither the chart's own name, which is left empty, nor aliases: Helm writes only name, repository and
 * version of each dependency into it, in the order of `Chart.yaml`.
 */
export const readUmbrella: ResourceReader = (manifest) => {
  if (!/(?:^|\/)Chart\.(?:yaml|lock)$/.test(manifest.path)) return {};
  const name = textOf(rootNode(manifest, 'name')) ?? '';
  const dependencies = itemsOf(manifest, rootNode(manifest, 'dependencies'));
  return {
    umbrellas: dependencies.flatMap((dependency): readonly UmbrellaChart[] => {
      const chartName = nodeAt(manifest, dependency, 'name');
      if (!chartName || textOf(chartName) !== 'airflow') return [];
      return [
        {
          name,
          place: placeOf(manifest, chartName),
          key: textOf(nodeAt(manifest, dependency, 'alias')) ?? 'airflow',
          chart: chartAt(textOf(nodeAt(manifest, dependency, 'repository'))),
          version: writtenOf(manifest, nodeAt(manifest, dependency, 'version')),
        },
      ];
    }),
  };
};

function chartAt(repository: string | undefined): ChartReference {
  // Without a repository, Helm takes the chart that lies in the umbrella chart's own folder of dependencies.
  if (repository === undefined) return { kind: 'directory', path: 'charts/airflow', base: 'file' };
  const path = /^file:\/\/(.*)$/.exec(repository)?.[1];
  return path === undefined
    ? { kind: 'repository', name: 'airflow', url: repository }
    : { kind: 'directory', path, base: 'file' };
}
