import type { ValueNode } from '../values/tree';
import type {
  ChartReference,
  ChartSource,
  ConfigMap,
  Deployment,
  LayerSource,
  Manifest,
  Parameter,
  ResourceName,
  Written,
} from './deployment';
import type { ResourceReader } from './facts';
import { openValue } from './parameters';
import {
  fileLayer,
  inlineLayers,
  itemsOf,
  lastSegment,
  nodeAt,
  placeOf,
  plainOf,
  rootNode,
  textOf,
  writtenOf,
} from './reading';

/**
 * Reads Flux: HelmReleases, the sources that they name, and ConfigMaps that can hold values. Which values are over
 * which is from Flux's helm-controller, docs/spec/v2/helmreleases.md; what values files are, from its source-controller,
 * internal/helm/chart/builder_local.go and builder_remote.go.
 */
export const readFlux: ResourceReader = (manifest) => {
  const apiVersion = textOf(rootNode(manifest, 'apiVersion')) ?? '';
  const kind = textOf(rootNode(manifest, 'kind'));
  if (kind === undefined) return {};
  if (apiVersion === 'v1' && kind === 'ConfigMap') return { configMaps: readConfigMap(manifest) };
  if (apiVersion.startsWith('helm.toolkit.fluxcd.io/') && kind === 'HelmRelease')
    return { deployments: readHelmRelease(manifest) };
  if (apiVersion.startsWith('source.toolkit.fluxcd.io/')) return { chartSources: readSource(manifest, kind) };
  return {};
};

function readHelmRelease(manifest: Manifest): Deployment[] {
  const spec = rootNode(manifest, 'spec');
  const template = nodeAt(manifest, spec, 'chart', 'spec');
  const namespace = textOf(rootNode(manifest, 'metadata', 'namespace'));
  const chart = template
    ? readChart(manifest, template, namespace)
    : readChartRef(manifest, nodeAt(manifest, spec, 'chartRef'), namespace);
  const nameNode = rootNode(manifest, 'metadata', 'name');
  const placed = textOf(nameNode) === undefined ? rootNode(manifest, 'kind') : nameNode;
  if (!chart || !placed) return [];
  return [
    {
      kind: 'Flux HelmRelease',
      name: textOf(nameNode) ?? textOf(nodeAt(manifest, spec, 'releaseName')) ?? 'HelmRelease',
      place: placeOf(manifest, placed),
      chart,
      // Charts in a directory have the version that their Chart.yaml says.
      version:
        chart.kind === 'directory' ? undefined : writtenOf(manifest, nodeAt(manifest, template, 'version')),
      layers: layersOf(manifest, spec, template, chart, namespace),
      ...(valuesFilesOf(manifest, template, chart).length > 0 ? { replacesChartValues: true } : {}),
    },
  ];
}

function readChart(
  manifest: Manifest,
  template: ValueNode,
  namespace: string | undefined,
): ChartReference | undefined {
  const name = textOf(nodeAt(manifest, template, 'chart'));
  const resource = resourceNamed(manifest, nodeAt(manifest, template, 'sourceRef'), namespace);
  if (name === undefined || !resource) return undefined;
  // In a repository of files the chart is always a path.
  if (resource.kind !== 'HelmRepository') return { kind: 'directory', path: name, base: 'root' };
  return name === 'airflow' ? { kind: 'resource', name, resource } : undefined;
}

function readChartRef(
  manifest: Manifest,
  node: ValueNode | undefined,
  namespace: string | undefined,
): ChartReference | undefined {
  const resource = resourceNamed(manifest, node, namespace);
  return resource && { kind: 'resource', name: undefined, resource };
}

function resourceNamed(
  manifest: Manifest,
  node: ValueNode | undefined,
  namespace: string | undefined,
): ResourceName | undefined {
  const kind = textOf(nodeAt(manifest, node, 'kind'));
  const name = textOf(nodeAt(manifest, node, 'name'));
  if (kind === undefined || name === undefined) return undefined;
  return { kind, name, namespace: textOf(nodeAt(manifest, node, 'namespace')) ?? namespace };
}

function layersOf(
  manifest: Manifest,
  spec: ValueNode | undefined,
  template: ValueNode | undefined,
  chart: ChartReference,
  namespace: string | undefined,
): LayerSource[] {
  const references = itemsOf(manifest, nodeAt(manifest, spec, 'valuesFrom'));
  const isAtPath = (item: ValueNode): boolean => textOf(nodeAt(manifest, item, 'targetPath')) !== undefined;
  return [
    ...valuesFilesOf(manifest, template, chart),
    ...references.filter((item) => !isAtPath(item)).map((item) => referenced(manifest, item, namespace)),
    ...inlineLayers(manifest, nodeAt(manifest, spec, 'values'), 'values'),
    // A single value at a path is over everything, the values in the release included.
    ...valuesAtPaths(manifest, references.filter(isAtPath)),
  ];
}

/** Values that are taken from elsewhere one by one, each to a path; what they are is open. */
function valuesAtPaths(manifest: Manifest, references: readonly ValueNode[]): LayerSource[] {
  const parameters = references.flatMap((item): Parameter[] => {
    const path = writtenOf(manifest, nodeAt(manifest, item, 'targetPath'));
    if (!path) return [];
    const { text, place } = path;
    return [{ name: text, value: openValue, isText: true, namePlace: place, valuePlace: place }];
  });
  return parameters.length > 0 ? [{ kind: 'parameters', parameters }] : [];
}

/** The files that take the place of the chart's own values.yaml; their paths begin where the chart's does. */
function valuesFilesOf(
  manifest: Manifest,
  template: ValueNode | undefined,
  chart: ChartReference,
): LayerSource[] {
  const files = [
    // v2beta1 had one file as well.
    nodeAt(manifest, template, 'valuesFile'),
    ...itemsOf(manifest, nodeAt(manifest, template, 'valuesFiles')),
  ].flatMap((node) => writtenOf(manifest, node) ?? []);
  const isOwn = ({ text }: Written): boolean => text.replace(/^(?:\.\/)+/, '') === 'values.yaml';
  // This one by itself is as good as none, even where the chart is in a folder and the file at the root.
  if (files.length === 1 && files.every(isOwn)) return [];
  if (chart.kind !== 'directory')
    return files.filter((file) => !isOwn(file)).map(({ place }) => ({ kind: 'open', place }));
  const optional = plainOf(manifest, nodeAt(manifest, template, 'ignoreMissingValuesFiles')) === true;
  return files.map((file) => fileLayer(file, 'root', optional));
}

function referenced(manifest: Manifest, item: ValueNode, namespace: string | undefined): LayerSource {
  const name = textOf(nodeAt(manifest, item, 'name'));
  const place = placeOf(manifest, item);
  if (textOf(nodeAt(manifest, item, 'kind')) !== 'ConfigMap' || name === undefined)
    return { kind: 'open', place };
  return {
    kind: 'configMap',
    resource: { kind: 'ConfigMap', name, namespace },
    key: textOf(nodeAt(manifest, item, 'valuesKey')) ?? 'values.yaml',
    optional: plainOf(manifest, nodeAt(manifest, item, 'optional')) === true,
    place,
  };
}

function readSource(manifest: Manifest, kind: string): ChartSource[] {
  const name = textOf(rootNode(manifest, 'metadata', 'name'));
  if (name === undefined) return [];
  const namespace = textOf(rootNode(manifest, 'metadata', 'namespace'));
  const resource: ResourceName = { kind, name, namespace };
  const nothing = { resource, url: undefined, chart: undefined, repository: undefined, version: undefined };
  const url = textOf(rootNode(manifest, 'spec', 'url'));
  switch (kind) {
    case 'HelmRepository':
      return [{ ...nothing, url }];
    case 'OCIRepository': {
      // A range wins over a tag. A digest wins over both, but says no version.
      const range = writtenOf(manifest, rootNode(manifest, 'spec', 'ref', 'semver'));
      const version = range ?? writtenOf(manifest, rootNode(manifest, 'spec', 'ref', 'tag'));
      return [{ ...nothing, url, chart: url && lastSegment(url), version }];
    }
    case 'HelmChart':
      return [
        {
          ...nothing,
          chart: textOf(rootNode(manifest, 'spec', 'chart')),
          repository: resourceNamed(manifest, rootNode(manifest, 'spec', 'sourceRef'), namespace),
          version: writtenOf(manifest, rootNode(manifest, 'spec', 'version')),
        },
      ];
    default:
      return [];
  }
}

function readConfigMap(manifest: Manifest): ConfigMap[] {
  const name = textOf(rootNode(manifest, 'metadata', 'name'));
  const data = rootNode(manifest, 'data');
  if (name === undefined || data?.kind !== 'map') return [];
  const texts = data.entries.flatMap(({ key: { text: key } }) => {
    const node = nodeAt(manifest, data, key);
    if (node?.kind !== 'scalar' || !/(?:^values|\.ya?ml)$/.test(key)) return [];
    const excerpt = manifest.excerptAt(node, `configMap ${key}`);
    return excerpt ? [[key, { kind: 'excerpt', excerpt }] as const] : [];
  });
  if (texts.length === 0) return [];
  const namespace = textOf(rootNode(manifest, 'metadata', 'namespace'));
  return [{ resource: { kind: 'ConfigMap', name, namespace }, data: new Map(texts) }];
}
