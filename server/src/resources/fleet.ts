import type { ValueNode } from '../values/tree';
import type { ChartReference, Deployment, LayerSource, Manifest, Place, Written } from './deployment';
import type { ResourceReader } from './facts';
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
 * Reads a bundle of Rancher Fleet. What is over what is from Fleet's source: internal/bundlereader/resources.go for
 * values files, internal/cmd/controller/options/calculate.go for customizations, internal/helmdeployer/install.go for
 * valuesFrom, internal/cmd/controller/target/builder.go for which clusters get what.
 */
export const readFleet: ResourceReader = (manifest) => {
  const folders = manifest.path.split('/');
  if (!/^fleet\.ya?ml$/.test(folders.at(-1) ?? '')) return {};
  const base: Helm = { node: rootNode(manifest, 'helm'), prefix: 'helm' };
  const deployments: Deployment[] = [];
  const folder = folders.at(-2);
  const customizations = itemsOf(manifest, rootNode(manifest, 'targetCustomizations'));
  const isAllMatches = textOf(rootNode(manifest, 'targetCustomizationMode')) === 'AllMatches';
  let isEveryClusterTaken = false;
  for (const [index, item] of customizations.entries()) {
    // The first one that a cluster matches counts, so that none below a selector of everything does.
    if (isEveryClusterTaken && !isAllMatches) break;
    isEveryClusterTaken ||= isForEveryCluster(manifest, item);
    if (plainOf(manifest, nodeAt(manifest, item, 'doNotDeploy')) === true) continue;
    const written = ['name', 'clusterName', 'clusterGroup'].flatMap(
      (key) => writtenOf(manifest, nodeAt(manifest, item, key)) ?? [],
    )[0];
    const helm: Helm = { node: nodeAt(manifest, item, 'helm'), prefix: `target ${index} helm` };
    const name = written?.text ?? `target${String(index).padStart(3, '0')}`;
    const place = written?.place ?? placeOf(manifest, item);
    deployments.push(...readDeployment(manifest, [helm, base], name, place));
  }
  // A cluster that matches no customization gets the bundle as it is.
  if (!isEveryClusterTaken) {
    const release = writtenOf(manifest, nodeAt(manifest, base.node, 'releaseName'));
    const place = release?.place ?? placeOfHelm(manifest, base.node);
    if (place)
      deployments.unshift(...readDeployment(manifest, [base], release?.text ?? folder ?? 'fleet', place));
  }
  return { deployments };
};

/** The `helm` section of the bundle or of a customization. */
interface Helm {
  readonly node: ValueNode | undefined;
  /** Tells its values from those of other sections. */
  readonly prefix: string;
}

function placeOfHelm(manifest: Manifest, helm: ValueNode | undefined): Place | undefined {
  const chart = ['chart', 'repo'].flatMap((key) => writtenOf(manifest, nodeAt(manifest, helm, key)) ?? [])[0];
  if (chart) return chart.place;
  const entry = manifest.excerpt.document.ownEntry(['helm']);
  return entry && placeOf(manifest, entry.key);
}

/** Whether the selector of a customization takes every cluster: an empty one does, an absent one does not. */
function isForEveryCluster(manifest: Manifest, item: ValueNode): boolean {
  const others = ['clusterName', 'clusterGroup', 'clusterGroupSelector'];
  const selector = nodeAt(manifest, item, 'clusterSelector');
  return (
    selector?.kind === 'map' &&
    selector.entries.length === 0 &&
    selector.unread.length === 0 &&
    others.every((key) => nodeAt(manifest, item, key) === undefined)
  );
}

/** @param sections The sections that count, the one that overrides first; the bundle's own is the last. */
function readDeployment(
  manifest: Manifest,
  sections: readonly Helm[],
  name: string,
  place: Place,
): Deployment[] {
  if (sections.every(({ node }) => node === undefined)) return [];
  const written = (key: string): Written | undefined =>
    sections.flatMap(({ node }) => writtenOf(manifest, nodeAt(manifest, node, key)) ?? [])[0];
  const chart = readChart(written('chart')?.text, written('repo')?.text);
  if (!chart) return [];
  const lowestFirst = sections.toReversed();
  return [
    {
      kind: 'Fleet bundle',
      name,
      place,
      chart,
      version: chart.kind === 'directory' ? undefined : written('version'),
      layers: [
        ...lowestFirst.flatMap((section) => ownValues(manifest, section, sections.at(-1))),
        ...lowestFirst.flatMap(({ node }) => openLayers(manifest, nodeAt(manifest, node, 'templateValues'))),
        ...valuesFrom(manifest, lowestFirst),
      ],
    },
  ];
}

function readChart(chart: string | undefined, repo: string | undefined): ChartReference | undefined {
  // An address of a registry is the chart's whole address, wherever it is written.
  const address = [repo, chart].find((text) => text?.startsWith('oci://'));
  if (address !== undefined) {
    const name = lastSegment(address);
    return name === 'airflow' ? { kind: 'repository', name, url: address } : undefined;
  }
  if (repo !== undefined)
    return chart === 'airflow' ? { kind: 'repository', name: chart, url: repo } : undefined;
  // Archives and other repositories are fetched by their address; without a chart the bundle's folder may be one.
  return chart?.includes('://') ? undefined : { kind: 'directory', path: chart ?? '.', base: 'file' };
}

/** Values files are laid over the values in the bundle, and not the other way round. */
function ownValues(manifest: Manifest, { node, prefix }: Helm, base: Helm | undefined): LayerSource[] {
  const hasChart = ['chart', 'repo'].some((key) => textOf(nodeAt(manifest, node, key)) !== undefined);
  // Fleet does not look at the bundle's own values files where it names no chart.
  const areRead = node !== base?.node || hasChart;
  const files = areRead ? itemsOf(manifest, nodeAt(manifest, node, 'valuesFiles')) : [];
  return [
    ...inlineLayers(manifest, nodeAt(manifest, node, 'values'), `${prefix} values`),
    ...files.flatMap((file) => writtenOf(manifest, file) ?? []).map((file) => fileLayer(file, 'file', false)),
  ];
}

/** Templates of whole sections of values: what comes of them is over the values, and not known. */
function openLayers(manifest: Manifest, node: ValueNode | undefined): LayerSource[] {
  const isEmpty = !node || (node.kind === 'scalar' && node.value === null);
  return isEmpty ? [] : [{ kind: 'open', place: placeOf(manifest, node) }];
}

/** What stands in the cluster, over everything else. A customization does not move what the bundle names already. */
function valuesFrom(manifest: Manifest, lowestFirst: readonly Helm[]): LayerSource[] {
  const layers: LayerSource[] = [];
  const seen = new Set<string>();
  const items = lowestFirst.flatMap(({ node }) => itemsOf(manifest, nodeAt(manifest, node, 'valuesFrom')));
  for (const item of items) {
    const configMap = nodeAt(manifest, item, 'configMapKeyRef');
    const name = textOf(nodeAt(manifest, configMap, 'name'));
    const namespace = textOf(nodeAt(manifest, configMap, 'namespace'));
    const key = textOf(nodeAt(manifest, configMap, 'key')) ?? 'values.yaml';
    const secret = nodeAt(manifest, item, 'secretKeyRef');
    const place = placeOf(manifest, item);
    const identity = JSON.stringify([name, namespace, key, plainOf(manifest, secret)]);
    if (seen.has(identity)) continue;
    seen.add(identity);
    if (name !== undefined) {
      const resource = { kind: 'ConfigMap', name, namespace };
      layers.push({ kind: 'configMap', resource, key, optional: false, place });
    }
    // The secret of an item is over its ConfigMap.
    if (secret?.kind === 'map' || name === undefined) layers.push({ kind: 'open', place });
  }
  return layers;
}
