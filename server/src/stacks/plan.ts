import type {
  ChartReference,
  ChartSource,
  ConfigMap,
  Deployment,
  FileFacts,
  LayerSource,
  Parameter,
  Place,
  ResourceKind,
  ResourceName,
  UmbrellaChart,
  Written,
} from '../resources/deployment';
import type { ChartRelease } from '../chart/releases';
import { releaseFor } from '../resources/versions';
import type { Excerpt } from '../values/excerpt';
import { chartOf, isAirflowChart } from './charts';
import { filesMatching, folderOf, nameOf, pathFrom, resolveWithin } from './paths';
import { isBaseName, type Overlay } from './siblings';

/** Why files are a stack. */
export type StackOrigin = ResourceKind | 'setting' | 'file names';

/** One of a stack's layers, before its text is looked at. */
export type LayerPlan =
  /** A whole file, or what it has under the key with which an umbrella chart hands values on. */
  | {
      readonly kind: 'file';
      readonly uri: string;
      readonly key: string | undefined;
      readonly optional: boolean;
    }
  /** Values in another file. */
  | {
      readonly kind: 'excerpt';
      readonly uri: string;
      readonly excerpt: Excerpt;
      readonly key: string | undefined;
    }
  /** Values that are given one by one. */
  | {
      readonly kind: 'parameters';
      readonly uri: string;
      readonly parameters: readonly Parameter[];
      readonly key: string | undefined;
    }
  /** Values that cannot be known, and why not: a clause without a full stop. */
  | { readonly kind: 'open'; readonly uri: string; readonly why: string };

/** A stack, before the texts of its layers are looked at. */
export interface StackPlan {
  readonly name: string;
  readonly origin: StackOrigin;
  /** The file that says so: a resource, or the highest layer. */
  readonly uri: string;
  /** Where it is said; undefined for files that go together by their names or by the settings. */
  readonly place: (Place & { readonly uri: string }) | undefined;
  /** The layers, those that are overridden first. */
  readonly layers: readonly LayerPlan[];
  readonly release: ChartRelease | undefined;
  /** The version as it is written, and the file that has it. */
  readonly version: { readonly text: string; readonly uri: string } | undefined;
}

/** What a workspace folder is asked for. */
export interface FolderView {
  /** Its address, without a slash at its end. */
  readonly uri: string;
  /** The stacks that the settings give, by name: glob patterns from the folder. */
  readonly stacks: ReadonlyMap<string, readonly string[]>;
  /** Repositories that hold copies of the chart. */
  readonly mirrors: readonly string[];
  /** Every YAML file in it. */
  readonly uris: readonly string[];
  /** Values files by the address of what they are laid over, as their names say. */
  readonly overlays: ReadonlyMap<string, readonly Overlay[]>;
  /** The chart's sources and ConfigMaps in its files, by kind and name, with their files. */
  readonly resources: Resources;
  /** What was made of deployments before, as long as nothing else is another. */
  readonly known: WeakMap<Deployment, readonly StackPlan[]>;
  /** What the resources in its files say, by the address of the file. */
  readonly facts: ReadonlyMap<string, FileFacts>;
  /** Says whether there is a file. */
  readonly has: (uri: string) => boolean;
  /** Says whether a file holds values for the chart by what it says itself; undefined while it is not read. */
  readonly isValues: (uri: string) => boolean | undefined;
  /** Says whether a file may be laid over values for the chart; undefined while it is not read. */
  readonly mayBeOverlay: (uri: string) => boolean | undefined;
}

/** Resources by kind and name, each with the files that have it. */
export interface Resources {
  readonly chartSources: ReadonlyMap<string, readonly InFile<ChartSource>[]>;
  readonly configMaps: ReadonlyMap<string, readonly InFile<ConfigMap>[]>;
}

/** A resource and the address of its file. */
interface InFile<T> {
  readonly resource: T;
  readonly file: string;
}

/** Sorts the resources of files by kind and name. */
export function resourcesIn(facts: ReadonlyMap<string, FileFacts>): Resources {
  const chartSources = new Map<string, InFile<ChartSource>[]>();
  const configMaps = new Map<string, InFile<ConfigMap>[]>();
  for (const [file, found] of facts) {
    for (const resource of found.chartSources) add(chartSources, resource, file);
    for (const resource of found.configMaps) add(configMaps, resource, file);
  }
  return { chartSources, configMaps };
}

function add<T extends { readonly resource: ResourceName }>(
  map: Map<string, InFile<T>[]>,
  resource: T,
  file: string,
): void {
  const key = keyOf(resource.resource);
  const known = map.get(key);
  if (known) known.push({ resource, file });
  else map.set(key, [{ resource, file }]);
}

function keyOf({ kind, name }: ResourceName): string {
  return `${kind} ${name}`;
}

/**
 * Finds the stacks of a workspace folder: those that the settings give, those that resources describe, umbrella charts,
 * and values files that go together by their names. A file that the settings name is in no other stack, and one that a
 * resource names goes with no others by its name.
 */
export function planStacks(folder: FolderView): readonly StackPlan[] {
  const configured = configuredStacks(folder);
  const claimed = filesIn(configured);
  const deployed = deployedStacks(folder).filter(
    ({ layers }) => !layers.some((layer) => isClaimed(layer, claimed)),
  );
  const umbrellas = umbrellaStacks(folder, new Set([...claimed, ...filesIn(deployed)]));
  const taken = new Set([...claimed, ...filesIn(deployed), ...filesIn(umbrellas)]);
  return withoutEqualNames(
    [...configured, ...deployed, ...umbrellas, ...siblingStacks(folder, claimed, taken)],
    folder.uri,
  );
}

function filesIn(stacks: readonly StackPlan[]): ReadonlySet<string> {
  return new Set(
    stacks.flatMap(({ layers }) => layers.flatMap((layer) => (layer.kind === 'file' ? [layer.uri] : []))),
  );
}

function isClaimed(layer: LayerPlan, claimed: ReadonlySet<string>): boolean {
  return layer.kind === 'file' && claimed.has(layer.uri);
}

function configuredStacks(folder: FolderView): StackPlan[] {
  return [...folder.stacks].flatMap(([name, patterns]): StackPlan[] => {
    const uris = patterns.flatMap((pattern) => filesMatching(pattern, folder.uri, folder.uris));
    const last = uris.at(-1);
    if (last === undefined) return [];
    const umbrella = umbrellaAbove(folder, last);
    const layers = uris.map((uri): LayerPlan => ({
      kind: 'file',
      uri,
      key: umbrella?.umbrella.key,
      optional: false,
    }));
    return [{ name, origin: 'setting', uri: last, place: undefined, layers, ...releaseIn(umbrella) }];
  });
}

/** The umbrella chart whose folder a file is in, or the folder above that. */
function umbrellaAbove(folder: FolderView, uri: string): FoundUmbrella | undefined {
  const own = folderOf(uri);
  for (const place of [own, folderOf(own)]) {
    const [first] = umbrellasIn(folder, place);
    if (first) return first;
  }
  return undefined;
}

function releaseIn(umbrella: FoundUmbrella | undefined): Pick<StackPlan, 'release' | 'version'> {
  return versionOf(umbrella?.version, umbrella?.versionUri ?? '');
}

function versionOf(version: Written | undefined, uri: string): Pick<StackPlan, 'release' | 'version'> {
  const release = version && releaseFor(version.text);
  return release
    ? { release, version: { text: version.text, uri } }
    : { release: undefined, version: undefined };
}

/** An umbrella chart with the folder that it is in. */
interface FoundUmbrella {
  readonly umbrella: UmbrellaChart;
  readonly folder: string;
  readonly uri: string;
  /** The version that its lock file has, or else its own. */
  readonly version: Written | undefined;
  readonly versionUri: string;
}

/** The umbrella charts of a folder: one for each time that it depends on Airflow's chart. */
function umbrellasIn(folder: FolderView, place: string): FoundUmbrella[] {
  const uri = `${place}/Chart.yaml`;
  const own = folder.facts.get(uri)?.umbrellas ?? [];
  const lockUri = `${place}/Chart.lock`;
  const locked = folder.facts.get(lockUri)?.umbrellas ?? [];
  return own.flatMap((umbrella, index): FoundUmbrella[] => {
    const { chart } = umbrella;
    const isAirflow =
      chart.kind === 'directory'
        ? isVendored(folder, place, chart)
        : isOfficial(folder, chart, uri) !== false;
    if (!isAirflow) return [];
    // A lock file has no aliases, and its entries are in the order of those of the chart.
    const lock = locked.length === own.length ? locked[index] : undefined;
    return [
      {
        umbrella,
        folder: place,
        uri,
        version: lock?.version ?? umbrella.version,
        versionUri: lock?.version ? lockUri : uri,
      },
    ];
  });
}

function isVendored(
  folder: FolderView,
  place: string,
  chart: ChartReference & { kind: 'directory' },
): boolean {
  const target = resolveWithin(place, chart.path, folder.uri);
  return target !== undefined && nameOf(target) === 'airflow';
}

/** Says whether a reference is to Apache Airflow's chart; undefined where only its name says so. */
function isOfficial(folder: FolderView, chart: ChartReference, uri: string): boolean | undefined {
  const found = chartOf(chart, (resource) => sourceOf(folder, resource, uri));
  return found && isAirflowChart(found, folder.mirrors);
}

function sourceOf(folder: FolderView, name: ResourceName, uri: string): ChartSource | undefined {
  return nearestTo(uri, name, folder.resources.chartSources.get(keyOf(name)))?.resource;
}

/** Of several resources with one name, as copies for other clusters are, the one whose file is nearest. */
function nearestTo<T extends { readonly resource: ResourceName }>(
  uri: string,
  { namespace }: ResourceName,
  found: readonly InFile<T>[] = [],
): InFile<T> | undefined {
  const shared = (file: string): number => {
    let length = 0;
    while (length < Math.min(file.length, uri.length) && file[length] === uri[length]) length++;
    return length;
  };
  let nearest: { readonly resource: InFile<T>; readonly length: number } | undefined;
  for (const resource of found) {
    const own = resource.resource.resource.namespace;
    if (own !== undefined && namespace !== undefined && own !== namespace) continue;
    const length = shared(resource.file);
    if (!nearest || length > nearest.length) nearest = { resource, length };
  }
  return nearest?.resource;
}

function deployedStacks(folder: FolderView): StackPlan[] {
  return [...folder.facts].flatMap(([uri, { deployments }]) =>
    deployments.flatMap((deployment) => {
      const known = folder.known.get(deployment) ?? deployedStack(folder, uri, deployment);
      folder.known.set(deployment, known);
      return known;
    }),
  );
}

function deployedStack(folder: FolderView, uri: string, deployment: Deployment): StackPlan[] {
  const { kind, name, place, chart } = deployment;
  const draft = { name, origin: kind, uri, place: { ...place, uri } };
  if (chart.kind === 'directory') {
    const base = chart.base === 'file' ? folderOf(uri) : folder.uri;
    const candidates = chart.base === 'root' ? [base, ...foldersAbove(folder, uri)] : [base];
    for (const candidate of candidates) {
      const target = resolveWithin(candidate, chart.path, folder.uri);
      const umbrellas = target === undefined ? [] : umbrellasIn(folder, target);
      if (target === undefined || umbrellas.length === 0) continue;
      return umbrellas.map((found) => ({
        ...draft,
        layers: [
          ...(deployment.replacesChartValues ? [] : baseOf(folder, found)),
          ...layersOf(folder, uri, deployment, { folder: target, key: found.umbrella.key }),
        ],
        ...releaseIn(found),
      }));
    }
    return [];
  }
  const layers = layersOf(folder, uri, deployment, undefined);
  const found = chartOf(chart, (resource) => sourceOf(folder, resource, uri));
  if (!found) return [];
  const verdict = isAirflowChart(found, folder.mirrors);
  // Without the repository it is for the values to say whose chart it is.
  if (
    verdict === false ||
    (verdict === undefined && !layers.some((layer) => looksLikeAirflow(folder, layer)))
  )
    return [];
  const version = deployment.version ?? found.source?.version;
  return [{ ...draft, layers, ...versionOf(version, uri) }];
}

function looksLikeAirflow(folder: FolderView, layer: LayerPlan): boolean {
  if (layer.kind === 'file') return folder.isValues(layer.uri) === true;
  return layer.kind === 'excerpt' && isAirflowExcerpt(layer.excerpt);
}

/** Says whether values in a resource can be those of the chart. */
function isAirflowExcerpt({ document }: Excerpt): boolean {
  return document.hasKey('executor') || document.hasKey('scheduler') || document.hasKey('airflowVersion');
}

/** The folders above a file, the nearest first, up to that of the workspace. */
function foldersAbove(folder: FolderView, uri: string): string[] {
  const folders: string[] = [];
  for (let current = folderOf(uri); pathFrom(folder.uri, current) !== undefined; current = folderOf(current))
    folders.push(current);
  return folders;
}

/** The values that an umbrella chart itself has. */
function baseOf(folder: FolderView, { folder: place, umbrella: { key } }: FoundUmbrella): LayerPlan[] {
  const uri = [`${place}/values.yaml`, `${place}/values.yml`].find(folder.has);
  return uri === undefined ? [] : [{ kind: 'file', uri, key, optional: true }];
}

function layersOf(
  folder: FolderView,
  uri: string,
  { layers }: Deployment,
  umbrella: { readonly folder: string; readonly key: string } | undefined,
): LayerPlan[] {
  return layers.map((layer) => planLayer(folder, uri, layer, umbrella));
}

function planLayer(
  folder: FolderView,
  uri: string,
  layer: LayerSource,
  umbrella: { readonly folder: string; readonly key: string } | undefined,
): LayerPlan {
  const key = umbrella?.key;
  switch (layer.kind) {
    case 'excerpt':
      return { kind: 'excerpt', uri, excerpt: layer.excerpt, key };
    case 'parameters':
      return { kind: 'parameters', uri, parameters: layer.parameters, key };
    case 'open':
      return { kind: 'open', uri, why: `${quoted(layer.place)} is not to be found here` };
    case 'configMap': {
      const { resource, key: dataKey } = layer;
      const found = nearestTo(uri, resource, folder.resources.configMaps.get(keyOf(resource)));
      const text = found?.resource.data.get(dataKey);
      const why = `the ConfigMap ${resource.name} with ${dataKey} is not to be found here`;
      if (!found || !text) return { kind: 'open', uri, why };
      if (text.kind === 'excerpt') return { kind: 'excerpt', uri: found.file, excerpt: text.excerpt, key };
      const file = resolveWithin(folderOf(found.file), text.path, folder.uri);
      return file !== undefined && folder.has(file)
        ? { kind: 'file', uri: file, key, optional: false }
        : {
            kind: 'open',
            uri,
            why: `${text.path}, of which the ConfigMap ${resource.name} is made, is not to be found here`,
          };
    }
    case 'file': {
      const found = fileOf(folder, uri, layer, umbrella?.folder);
      if (found !== undefined) return { kind: 'file', uri: found, key, optional: layer.optional };
      return layer.optional && isInside(folder, uri, layer, umbrella?.folder)
        ? { kind: 'file', uri: '', key, optional: true }
        : { kind: 'open', uri, why: `${layer.path} is not to be found here` };
    }
  }
}

/** What is written at a place, in short. */
function quoted({ excerpt: { document }, range: { start, end } }: Place): string {
  const text =
    document
      .slice(start, Math.min(end, start + mostQuoted + 1))
      .split(/[\r\n]/)[0]
      ?.trim() ?? '';
  return text.length > mostQuoted ? `${text.slice(0, mostQuoted)}…` : text;
}

/** How much of a text is quoted in a sentence, in UTF-16 units. */
const mostQuoted = 60;

/** The file that a path leads to; undefined where there is none in the workspace folder. */
function fileOf(
  folder: FolderView,
  uri: string,
  { path, base }: LayerSource & { readonly kind: 'file' },
  chart: string | undefined,
): string | undefined {
  return basesOf(folder, uri, path, base, chart)
    .flatMap((from) => resolveWithin(from, path, folder.uri) ?? [])
    .find(folder.has);
}

/** Says whether a path stays in the workspace folder, so that it is known that there is no such file. */
function isInside(
  folder: FolderView,
  uri: string,
  { path, base }: LayerSource & { readonly kind: 'file' },
  chart: string | undefined,
): boolean {
  return basesOf(folder, uri, path, base, chart).some(
    (from) => resolveWithin(from, path, folder.uri) !== undefined,
  );
}

function basesOf(
  folder: FolderView,
  uri: string,
  path: string,
  base: 'file' | 'root' | 'chart',
  chart: string | undefined,
): string[] {
  if (base === 'file') return [folderOf(uri)];
  // A path that begins with a slash begins at the root of the repository.
  if (base === 'root' || path.startsWith('/')) return [folder.uri, ...foldersAbove(folder, uri)];
  return chart === undefined ? [] : [chart];
}

/** Umbrella charts as they are deployed without a resource in the workspace: their values, and those of environments. */
function umbrellaStacks(folder: FolderView, taken: ReadonlySet<string>): StackPlan[] {
  const { overlays } = folder;
  return [...folder.facts.keys()].flatMap((uri) => {
    if (!uri.endsWith('/Chart.yaml')) return [];
    return umbrellasIn(folder, folderOf(uri)).flatMap((found): StackPlan[] => {
      const base = baseOf(folder, found);
      const { umbrella, folder: place } = found;
      const { key } = umbrella;
      const draft = {
        origin: 'Umbrella chart',
        place: { ...umbrella.place, uri: found.uri },
        ...releaseIn(found),
      } as const;
      const free = (overlays.get(`${place}/values.yaml`) ?? []).filter((overlay) => !taken.has(overlay.uri));
      if (free.length > 0) {
        return free.map(({ uri: top, environment }) => ({
          ...draft,
          name: environment,
          uri: top,
          layers: [...base, { kind: 'file', uri: top, key, optional: true }],
        }));
      }
      const isTaken = base.some((layer) => layer.kind === 'file' && taken.has(layer.uri));
      return isTaken || base.length === 0
        ? []
        : [{ ...draft, name: umbrella.name || key, uri, layers: base }];
    });
  });
}

function siblingStacks(
  folder: FolderView,
  claimed: ReadonlySet<string>,
  taken: ReadonlySet<string>,
): StackPlan[] {
  return [...folder.overlays].flatMap(([base, overlays]) => {
    if (!folder.has(base) || claimed.has(base)) return [];
    return overlays.flatMap(({ uri, environment }): StackPlan[] => {
      if (taken.has(uri)) return [];
      // Values files of other charts lie beside each other in the same way.
      if (folder.isValues(base) !== true && folder.isValues(uri) !== true) return [];
      if (folder.mayBeOverlay(base) !== true || folder.mayBeOverlay(uri) !== true) return [];
      if (isBaseName(uri) && folder.has(`${folderOf(uri)}/Chart.yaml`)) return [];
      const layers = [base, uri].map((file): LayerPlan => ({
        kind: 'file',
        uri: file,
        key: undefined,
        optional: false,
      }));
      return [
        {
          name: environment,
          origin: 'file names',
          uri,
          place: undefined,
          layers,
          release: undefined,
          version: undefined,
        },
      ];
    });
  });
}

/**
 * Stacks of one name get so much of the path of the file that describes them as tells them apart: the last folder, the last
 * two, and so on, or the file as well.
 */
function withoutEqualNames(stacks: readonly StackPlan[], root: string): readonly StackPlan[] {
  const byName = new Map<string, StackPlan[]>();
  for (const stack of stacks) {
    const same = byName.get(stack.name);
    if (same) same.push(stack);
    else byName.set(stack.name, [stack]);
  }
  const places = new Map([...byName].map(([name, same]) => [name, placesOf(same, root)]));
  return stacks.map((stack) => {
    const place = stack.origin === 'setting' ? '' : (places.get(stack.name)?.get(stack) ?? '');
    return place === '' ? stack : { ...stack, name: `${stack.name} (${place})` };
  });
}

/** What tells stacks of one name apart; nothing where there is only one. */
function placesOf(stacks: readonly StackPlan[], root: string): ReadonlyMap<StackPlan, string> {
  if (stacks.length < 2) return new Map();
  const paths = stacks.map(({ uri }) => pathFrom(root, uri) ?? uri);
  const folders = paths.map((path) => path.split('/').slice(0, -1));
  const deepest = Math.max(...folders.map((folder) => folder.length));
  for (let depth = 1; depth <= deepest; depth++) {
    const ends = folders.map((folder) => folder.slice(-depth).join('/'));
    if (new Set(ends).size === ends.length)
      return new Map(stacks.map((stack, index) => [stack, ends[index] ?? '']));
  }
  return new Map(stacks.map((stack, index) => [stack, paths[index] ?? '']));
}
