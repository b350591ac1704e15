import type { ValueNode } from '../values/tree';
import type { ChartReference, ConfigMap, Deployment, LayerSource, Manifest } from './deployment';
import type { ResourceReader } from './facts';
import {
  fileLayer,
  inlineLayers,
  itemsOf,
  lastSegment,
  nodeAt,
  placeOf,
  rootNode,
  textOf,
  writtenOf,
} from './reading';

/**
 * Reads the Helm charts of Kustomize: those of a kustomization, and a generator in a file of its own. How values are laid
 * over each other is from Kustomize's api/internal/builtins/HelmChartInflationGenerator.go and
 * api/types/helmchartargs.go.
 */
export const readKustomize: ResourceReader = (manifest) => {
  const charts = chartsIn(manifest);
  const found = charts.flatMap((chart) => readChart(manifest, chart));
  const environment = environmentOf(manifest.path);
  const deployments = found.map((deployment) => {
    if (environment === undefined) return deployment;
    const name = found.length > 1 ? `${environment} ${deployment.name}` : environment;
    return { ...deployment, name };
  });
  return { deployments, configMaps: configMapsIn(manifest) };
};

/** The ConfigMaps that a kustomization makes of files; other resources name them without the hash that they get. */
function configMapsIn(manifest: Manifest): ConfigMap[] {
  if (!isKustomization(manifest)) return [];
  return itemsOf(manifest, rootNode(manifest, 'configMapGenerator')).flatMap((item): ConfigMap[] => {
    const name = textOf(nodeAt(manifest, item, 'name'));
    if (name === undefined) return [];
    const data = itemsOf(manifest, nodeAt(manifest, item, 'files')).flatMap((file) => {
      const text = textOf(file);
      if (text === undefined) return [];
      const [, key, path] = /^([^=]+)=(.+)$/s.exec(text) ?? [undefined, lastSegment(text), text];
      return [[key, { kind: 'file', path }] as const];
    });
    const namespace = textOf(nodeAt(manifest, item, 'namespace')) ?? textOf(rootNode(manifest, 'namespace'));
    return [{ resource: { kind: 'ConfigMap', name, namespace }, data: new Map(data) }];
  });
}

function isKustomization({ path }: Manifest): boolean {
  return /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/.test(path);
}

/** A chart in the list of a kustomization, or the generator of one. */
interface ChartEntry {
  readonly node: ValueNode | undefined;
  /** Tells its values from those of other charts. */
  readonly name: string;
  /** The folder with charts that are there already. */
  readonly chartHome: string | undefined;
  readonly keys: Keys;
}

/** What the fields of a chart are called. */
type Keys = Readonly<Record<'name' | 'repo' | 'version' | 'valuesFile' | 'valuesInline', string>>;

const keys: Keys = {
  name: 'name',
  repo: 'repo',
  version: 'version',
  valuesFile: 'valuesFile',
  valuesInline: 'valuesInline',
};

/** Those of the list `helmChartInflationGenerator`, which is out of use. */
const formerKeys: Keys = {
  name: 'chartName',
  repo: 'chartRepoUrl',
  version: 'chartVersion',
  valuesFile: 'values',
  valuesInline: 'valuesLocal',
};

function chartsIn(manifest: Manifest): ChartEntry[] {
  if (textOf(rootNode(manifest, 'kind')) === 'HelmChartInflationGenerator') {
    const field = (key: string): ValueNode | undefined => rootNode(manifest, key);
    const chartHome = textOf(field('chartHome'));
    return [{ node: undefined, name: 'generator', chartHome, keys }];
  }
  if (!isKustomization(manifest)) return [];
  const globalHome = textOf(rootNode(manifest, 'helmGlobals', 'chartHome'));
  const inList = (list: string, keysInList: Keys): ChartEntry[] =>
    itemsOf(manifest, rootNode(manifest, list)).map((node, index) => {
      const chartHome = textOf(nodeAt(manifest, node, 'chartHome')) ?? globalHome;
      return { node, name: `${list} ${index}`, chartHome, keys: keysInList };
    });
  return [...inList('helmCharts', keys), ...inList('helmChartInflationGenerator', formerKeys)];
}

function readChart(manifest: Manifest, entry: ChartEntry): Deployment[] {
  const field = (key: string): ValueNode | undefined => fieldOf(manifest, entry, key);
  const nameNode = field(entry.keys.name);
  const name = textOf(nameNode);
  if (name === undefined || !nameNode) return [];
  const chart = chartOf(name, textOf(field(entry.keys.repo)), entry.chartHome ?? 'charts');
  if (!chart) return [];
  const release = writtenOf(manifest, field('releaseName'));
  return [
    {
      kind: 'Kustomize Helm chart',
      name: release?.text ?? name,
      place: release?.place ?? placeOf(manifest, nameNode),
      chart,
      // A chart that is there already is taken whatever its version is.
      version: chart.kind === 'directory' ? undefined : writtenOf(manifest, field(entry.keys.version)),
      layers: layersOf(manifest, entry, chart, nameNode),
    },
  ];
}

function fieldOf(manifest: Manifest, { node }: ChartEntry, key: string): ValueNode | undefined {
  return node ? nodeAt(manifest, node, key) : rootNode(manifest, key);
}

function chartOf(name: string, repo: string | undefined, chartHome: string): ChartReference | undefined {
  if (repo === undefined)
    return { kind: 'directory', path: `${chartHome.replace(/\/+$/, '')}/${name}`, base: 'file' };
  if (name !== 'airflow') return undefined;
  // The address of a registry is written without the chart's name.
  const url = repo.startsWith('oci://') ? `${repo.replace(/\/$/, '')}/${name}` : repo;
  return { kind: 'repository', name, url };
}

/** Kustomize makes one file of the values file and the inline values; the additional files are over both. */
function layersOf(
  manifest: Manifest,
  entry: ChartEntry,
  chart: ChartReference,
  nameNode: ValueNode,
): LayerSource[] {
  const field = (key: string): ValueNode | undefined => fieldOf(manifest, entry, key);
  const mergeNode = field('valuesMerge');
  const merge = textOf(mergeNode);
  const valuesFile = writtenOf(manifest, field(entry.keys.valuesFile));
  const file = valuesFile ? [fileLayer(valuesFile, 'file', false)] : [];
  const inlineNode = field(entry.keys.valuesInline);
  const isEmpty = inlineNode?.kind === 'map' && inlineNode.entries.length + inlineNode.unread.length === 0;
  const inline = inlineLayers(manifest, inlineNode, `${entry.name} valuesInline`);
  const additional = itemsOf(manifest, field('additionalValuesFiles'))
    .flatMap((node) => writtenOf(manifest, node) ?? [])
    .map((written) => fileLayer(written, 'file', false));
  if (inline.length === 0 || isEmpty) return [...file, ...inline, ...additional];
  if (merge === 'replace') return [...inline, ...additional];
  if (merge !== 'merge') return [...file, ...inline, ...additional];
  const above = file.length > 0 ? file : [chartsOwn(manifest, chart, mergeNode ?? nameNode)];
  return [...inline, ...above, ...additional];
}

/** The chart's own values as a layer over others: they take the place of a values file that is not named. */
function chartsOwn(manifest: Manifest, chart: ChartReference, node: ValueNode): LayerSource {
  const place = placeOf(manifest, node);
  if (chart.kind !== 'directory') return { kind: 'open', place };
  return { kind: 'file', path: 'values.yaml', base: 'chart', optional: false, place };
}

const environmentFolders = new Set(['clusters', 'env', 'environments', 'envs', 'overlays', 'stages']);
const environments =
  /^(?:(?:dev|devel|development|test|testing|qa|uat|int|integration|stage|staging|preprod|pre-prod|prd|prod|production|live|sandbox|demo)(?:[-_.].+)?|.+[-_.](?:dev|test|qa|uat|stage|staging|preprod|prd|prod|production))$/i;

/** The environment that a path is for, by its last two folders; undefined where they name none. */
function environmentOf(path: string): string | undefined {
  const folders = path.split('/').slice(0, -1);
  for (const index of [folders.length - 1, folders.length - 2]) {
    const folder = folders[index] ?? '';
    if (environments.test(folder)) return folder;
    if (index > 0 && environmentFolders.has(folders[index - 1] ?? '')) return folder;
  }
  return undefined;
}
