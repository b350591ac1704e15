import type { PlainValue } from '../values/document';
import { isPlainMap } from '../values/edit';
import type { Excerpt } from '../values/excerpt';
import { isMergeKey, mayHide, type MapNode, type ValueNode } from '../values/tree';
import type {
  ChartReference,
  Deployment,
  FileFacts,
  LayerSource,
  Manifest,
  Parameter,
  Written,
} from './deployment';
import { entryIn, isTemplate, itemsOf, nodeAt, placeOf, plainOf, rootNode, textOf } from './reading';

/** A node with the document that it stands in. */
interface Located {
  readonly manifest: Manifest;
  readonly node: ValueNode;
  /** Tells it from others of the file; the same in every version. */
  readonly name: string;
}

/** What is read for one part of a helmfile. */
interface Helmfile {
  /** The part, with those above it. */
  readonly parts: readonly Manifest[];
  /** The values in it that were read already. */
  readonly excerpts: Map<string, Excerpt>;
}

/** What templates of an environment can be given. */
interface Environment {
  readonly name: string;
  /** What `.Values` holds for certain, those that override others last. */
  readonly values: readonly PlainValue[];
}

/**
 * Reads a helmfile: each release of the chart in each environment.
 *
 * A helmfile is made of parts, its YAML documents: what a part says holds for those below it, and Helmfile wants
 * environments in a part of their own above the releases.
 * @param manifest The part to read releases of.
 * @param earlier The parts above it in the same file.
 */
export function readHelmfile(manifest: Manifest, earlier: readonly Manifest[] = []): Partial<FileFacts> {
  if (!isHelmfile(manifest.path)) return {};
  const parts = [...earlier, manifest];
  const helmfile: Helmfile = { parts, excerpts: new Map() };
  const items = listIn(manifest, rootNode(manifest, 'releases'), 'releases');
  if (items.length === 0) return {};
  const environments = environmentsIn(parts);
  const releases = items.flatMap((item) => releaseOf(parts, item) ?? []);
  const found = releases.flatMap((release) => {
    const deployments = (environments ?? [{ name: 'default', values: rootValues(parts) }]).flatMap(
      (environment) => {
        const deployment = deploymentOf(helmfile, release, environment);
        return deployment ? [{ deployment, environment }] : [];
      },
    );
    return deployments.length > 0 ? [deployments] : [];
  });
  if (!environments) return { deployments: found.flat().map(({ deployment }) => deployment) };
  return {
    deployments: found.flat().map(({ deployment, environment: { name } }) => ({
      ...deployment,
      name: found.length === 1 ? name : `${deployment.name} ${name}`,
    })),
  };
}

/** Says whether Helmfile takes a file for one of its own by its name: `helmfile.yaml`, or any in `helmfile.d`. */
function isHelmfile(path: string): boolean {
  return /(?:^|\/)(?:helmfile|helmfile\.d\/[^/]+)\.ya?ml(?:\.gotmpl)?$/.test(path);
}

/** The environments that the parts declare; undefined where they declare none, so that there is the default one. */
function environmentsIn(parts: readonly Manifest[]): readonly Environment[] | undefined {
  const found = new Map<string, Environment>();
  const shared = rootValues(parts);
  for (const manifest of parts) {
    const node = rootNode(manifest, 'environments');
    for (const { key, value } of node?.kind === 'map' ? node.entries : []) {
      if (isMergeKey(key) || isTemplate(key.text)) continue;
      const own = manifest.excerpt.document.resolve(value);
      found.set(key.text, { name: key.text, values: [...shared, ...valuesOf(manifest, own)] });
    }
  }
  return found.size > 0 ? [...found.values()] : undefined;
}

/** The values at the root of the parts, which those of an environment override. */
function rootValues(parts: readonly Manifest[]): readonly PlainValue[] {
  return parts.flatMap((manifest) => knownIn(manifest, rootNode(manifest, 'values')));
}

function valuesOf(manifest: Manifest, environment: ValueNode | undefined): readonly PlainValue[] {
  if (environment?.kind !== 'map') return [];
  const known = knownIn(manifest, nodeAt(manifest, environment, 'values'));
  const isOverride = textOf(nodeAt(manifest, environment, 'mergeStrategy')) !== 'fallback';
  const ordered = isOverride ? known : [...known].reverse();
  // Secrets override all others.
  return itemsOf(manifest, nodeAt(manifest, environment, 'secrets')).length > 0
    ? [...ordered, null]
    : ordered;
}

/** The items of a list of values; null for one that can hold anything, such as a file. */
function knownIn(manifest: Manifest, list: ValueNode | undefined): readonly PlainValue[] {
  return itemsOf(manifest, list).map((item) =>
    item.kind === 'map' ? (plainOf(manifest, item) ?? null) : null,
  );
}

/** A release with the templates that it inherits from, in the order in which Helmfile looks for what is not a list. */
interface Release {
  /** The release itself last. */
  readonly sources: readonly Source[];
  readonly name: Located;
}

interface Source extends Located {
  readonly node: MapNode;
  /** The fields that are not inherited from it. */
  readonly except: readonly string[];
}

function releaseOf(parts: readonly Manifest[], item: Located): Release | undefined {
  const { node, manifest } = item;
  if (node.kind !== 'map') return undefined;
  const own = { ...item, node, except: [] };
  const name = fieldOf(own, 'name');
  if (!name || textOf(name.node) === undefined) return undefined;
  return { sources: [...inheritedBy(parts, manifest, node), own], name };
}

/** The templates that a release names under `inherit`, and those that all releases inherit. */
function inheritedBy(parts: readonly Manifest[], manifest: Manifest, release: MapNode): readonly Source[] {
  const wanted = itemsOf(manifest, nodeAt(manifest, release, 'inherit')).map((item) => ({
    template: textOf(nodeAt(manifest, item, 'template')),
    except: itemsOf(manifest, nodeAt(manifest, item, 'except')).flatMap((field) => textOf(field) ?? []),
  }));
  const common = parts.flatMap((part) => {
    const node = rootNode(part, 'defaultInherit');
    return (node?.kind === 'list' ? itemsOf(part, node) : node ? [node] : []).flatMap(
      (each) => textOf(each) ?? [],
    );
  });
  const defaults = common
    .filter((name) => wanted.every(({ template }) => template !== name))
    .map((template) => ({ template, except: [] }));
  return [...defaults, ...wanted].flatMap(({ template, except }) => {
    if (template === undefined) return [];
    for (const part of parts.toReversed()) {
      const node = rootNode(part, 'templates', template);
      if (node?.kind === 'map') return [{ manifest: part, node, name: `templates ${template}`, except }];
    }
    return [];
  });
}

/** A map, then those that are merged into it with `<<`, whose keys it overrides. */
function mapsOf({ manifest, node, name }: Located, depth = 0): readonly Located[] {
  if (node.kind !== 'map' || depth > 10) return [];
  const merged = node.entries.flatMap((entry): readonly ValueNode[] => {
    const source = isMergeKey(entry.key) ? manifest.excerpt.document.resolve(entry.value) : undefined;
    if (source?.kind === 'list') return itemsOf(manifest, source);
    return source ? [source] : [];
  });
  return [
    { manifest, node, name },
    ...merged.flatMap((source) => mapsOf({ manifest, node: source, name }, depth + 1)),
  ];
}

/** A field of a map, its own before one that is merged into it. */
function fieldOf(source: Located, key: string): Located | undefined {
  for (const { manifest, node, name } of mapsOf(source)) {
    const entry = entryIn(node, key);
    const value = entry && manifest.excerpt.document.resolve(entry.value);
    if (value) return { manifest, node: value, name: `${name} ${key}` };
  }
  return undefined;
}

/** Says whether a field may stand on a line that cannot be read, such as one with a template. */
function mayHideField(source: Located, key: string): boolean {
  if (fieldOf(source, key)) return false;
  return mapsOf(source).some(({ node }) => node.kind === 'map' && mayHide(node.unread, key));
}

/** A field that is no list: Helmfile takes it from the first template that has it, and from the release itself last. */
function firstField({ sources }: Release, key: string): Located | undefined {
  for (const source of sources) {
    const field = fieldOf(source, key);
    if (field && textOf(field.node) !== undefined) return field;
  }
  return undefined;
}

/** The items of a list of a release, after those of the templates that it inherits from. */
function allItems({ sources }: Release, key: string): readonly Located[] {
  return sources.flatMap((source) => {
    const field = source.except.includes(key) ? undefined : fieldOf(source, key);
    return field ? listIn(field.manifest, field.node, field.name) : [];
  });
}

function listIn(manifest: Manifest, node: ValueNode | undefined, name: string): readonly Located[] {
  return itemsOf(manifest, node).map((item, index) => ({ manifest, node: item, name: `${name} ${index}` }));
}

function deploymentOf(
  helmfile: Helmfile,
  release: Release,
  environment: Environment,
): Deployment | undefined {
  const named = textOf(release.name.node) ?? '';
  const name = rendered(named, environment, undefined);
  const render = (text: string): string => rendered(text, environment, isTemplate(name) ? undefined : name);
  const chart = firstField(release, 'chart');
  const reference = chart && chartOf(helmfile.parts, render(textOf(chart.node) ?? ''));
  if (!reference || isSwitchedOff(release, environment, render)) return undefined;
  return {
    kind: 'Helmfile release',
    name,
    place: placeOf(release.name.manifest, release.name.node),
    chart: reference,
    version: writtenIn(firstField(release, 'version'), render),
    layers: layersOf(helmfile, release, render),
  };
}

function writtenIn(field: Located | undefined, render: (text: string) => string): Written | undefined {
  const text = field && textOf(field.node);
  if (!field || text === undefined) return undefined;
  return { text: render(text), place: placeOf(field.manifest, field.node) };
}

/** The chart that a release names; undefined for one that is not Airflow's by its name. */
function chartOf(parts: readonly Manifest[], chart: string): ChartReference | undefined {
  if (/^[a-z0-9+.]+:\/\//i.test(chart)) {
    const name = /([^/:@]+)(?::[^/@]*)?(?:@[^/]*)?$/.exec(chart)?.[1];
    return name === 'airflow' ? { kind: 'repository', name, url: chart } : undefined;
  }
  const segments = chart.split('/');
  // Two or three segments are a repository's name and a chart in it.
  const isLocal = /^(?:\.{0,2}\/)/.test(chart) || segments.length === 1 || segments.length > 3;
  if (isLocal) {
    return chart === '' || isTemplate(chart) ? undefined : { kind: 'directory', path: chart, base: 'file' };
  }
  if (segments.at(-1) !== 'airflow') return undefined;
  const [repository = '', ...rest] = segments;
  for (const part of parts.toReversed()) {
    for (const node of itemsOf(part, rootNode(part, 'repositories'))) {
      if (textOf(nodeAt(part, node, 'name')) !== repository) continue;
      const url = textOf(nodeAt(part, node, 'url'));
      if (url === undefined) break;
      const isRegistry = plainOf(part, nodeAt(part, node, 'oci')) === true;
      const address = url.replace(/^oci:\/\//, '').replace(/\/+$/, '');
      const full = isRegistry || url.startsWith('oci://') ? `oci://${[address, ...rest].join('/')}` : url;
      return { kind: 'repository', name: 'airflow', url: full };
    }
  }
  // It is declared in another file.
  return { kind: 'repository', name: 'airflow', url: `@${repository}` };
}

/** Says whether a release is certainly not installed in an environment. */
function isSwitchedOff(
  release: Release,
  environment: Environment,
  render: (text: string) => string,
): boolean {
  const { manifest, node } = release.sources.at(-1) ?? release.name;
  const installed = firstField(release, 'installed') ?? firstField(release, 'installedTemplate');
  if (installed && render(textOf(installed.node) ?? '') === 'false') return true;
  const entry = entryIn(node, 'installed');
  // Outside of quotes a template is no YAML, so that it has to be read from the line.
  if (entry?.colon !== undefined && entry.value.kind !== 'scalar') {
    const { document } = manifest.excerpt;
    const line = document.slice(entry.colon + 1, document.lineEndAt(entry.colon));
    if (render(line.trim()) === 'false') return true;
  }
  const condition = firstField(release, 'condition');
  if (!condition) return false;
  const text = render(textOf(condition.node) ?? '');
  return text === 'false' || valueAt(environment, text.split('.')) === false;
}

/** The layers of a release, in the order in which Helmfile gives them to Helm. */
function layersOf(
  helmfile: Helmfile,
  release: Release,
  render: (text: string) => string,
): readonly LayerSource[] {
  const prefix = textOf(firstField(release, 'valuesPathPrefix')?.node) ?? '';
  const optional = passesOverMissing(helmfile.parts, release);
  const open = (located: Located): LayerSource => ({
    kind: 'open',
    place: placeOf(located.manifest, located.node),
  });
  const values = ['valuesTemplate', 'values'].flatMap((key) => {
    const unreadable = release.sources.flatMap((source) => {
      const field = source.except.includes(key) ? undefined : fieldOf(source, key);
      return field && field.node.kind !== 'list' && !isNothing(field.node) ? [open(field)] : [];
    });
    return [
      ...unreadable,
      ...allItems(release, key).map((item): LayerSource => {
        const text = textOf(item.node);
        if (text === undefined) {
          const excerpt = inlineValues(helmfile, item);
          return excerpt ? { kind: 'excerpt', excerpt } : open(item);
        }
        const path = render(prefix + text);
        // An address, a pattern, a place on one machine, or something that is still to be put in.
        if (isTemplate(path) || /^[\w+.-]+::?\/\/|^ref\+|^[a-z0-9+]+::|^\/|[*?[]/.test(path))
          return open(item);
        return {
          kind: 'file',
          path,
          base: 'file',
          optional,
          place: placeOf(item.manifest, item.node),
        };
      }),
    ];
  });
  const hidden = release.sources.flatMap((source) =>
    mayHideField(source, 'values')
      ? [{ kind: 'open', place: placeOf(source.manifest, source.node) } as const]
      : [],
  );
  const secrets = allItems(release, 'secrets').map(open);
  const parameters = ['setTemplate', 'set', 'setString'].flatMap((key) =>
    allItems(release, key).flatMap(
      (item): readonly (Parameter | LayerSource)[] =>
        parametersOf(item, render, key === 'setString') ?? [open(item)],
    ),
  );
  const env = allItems(release, 'env').map(open);
  return [...values, ...hidden, ...secrets, ...joined(parameters), ...env];
}

function isNothing(node: ValueNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

/** The values that stand in a release; all its environments share them. */
function inlineValues({ excerpts }: Helmfile, { manifest, node, name }: Located): Excerpt | undefined {
  if (node.kind !== 'map') return undefined;
  const known = excerpts.get(name) ?? manifest.excerptAt(node, name);
  if (known) excerpts.set(name, known);
  return known;
}

/** Whether Helmfile passes over files that are not there; by default it stops. */
function passesOverMissing(parts: readonly Manifest[], release: Release): boolean {
  const own = textOf(firstField(release, 'missingFileHandler')?.node);
  const common = parts.map((part) => textOf(rootNode(part, 'missingFileHandler'))).findLast(Boolean);
  return /^(?:Warn|Info|Debug)$/.test(own ?? common ?? '');
}

/** What one item of `set` says; undefined where that cannot be known, none where Helmfile leaves it out. */
function parametersOf(
  { manifest, node }: Located,
  render: (text: string) => string,
  isText: boolean,
): readonly Parameter[] | undefined {
  const nameNode = nodeAt(manifest, node, 'name');
  const name = render(textOf(nameNode) ?? '');
  if (!nameNode || name === '' || isTemplate(name)) return undefined;
  const parameter = (value: string, isItText: boolean, at: ValueNode): readonly Parameter[] => [
    {
      name,
      value,
      isText: isItText,
      namePlace: placeOf(manifest, nameNode),
      valuePlace: placeOf(manifest, at),
    },
  ];
  const value = nodeAt(manifest, node, 'value');
  if (value && value.kind !== 'scalar') return undefined;
  const text = textOf(value);
  // Helmfile escapes what would make Helm read a list.
  if (value && text !== undefined) {
    const said = render(text);
    return parameter(said, isText || /^\{(?!\{)/.test(said), value);
  }
  if (textOf(nodeAt(manifest, node, 'file')) !== undefined) return undefined;
  const list = nodeAt(manifest, node, 'values');
  const items = itemsOf(manifest, list).map((item) =>
    item.kind === 'scalar' ? render(item.text) : undefined,
  );
  if (!list || items.length === 0) return [];
  if (items.includes(undefined)) return undefined;
  const escaped = items.map((item) => item?.replace(/[{},]/g, String.raw`\$&`));
  return parameter(`{${escaped.join(',')}}`, isText, list);
}

/** Parameters and open layers in their order, parameters that follow each other as one layer. */
function joined(parts: readonly (Parameter | LayerSource)[]): readonly LayerSource[] {
  const layers: LayerSource[] = [];
  for (const part of parts) {
    const last = layers.at(-1);
    if ('kind' in part) layers.push(part);
    else if (last?.kind === 'parameters')
      layers[layers.length - 1] = { kind: 'parameters', parameters: [...last.parameters, part] };
    else layers.push({ kind: 'parameters', parameters: [part] });
  }
  return layers;
}

/** A text with what its templates say put in, as far as that can be known; the others stay as they are. */
function rendered(text: string, environment: Environment, release: string | undefined): string {
  if (!isTemplate(text)) return text;
  // What is escaped for the first of Helmfile's two rounds is evaluated in the second one.
  const unescaped = text.replace(/\{\{-?\s*`([^`]*)`\s*-?\}\}/g, '$1');
  return unescaped.replace(
    /\{\{(-?)\s*(.*?)\s*(-?)\}\}/g,
    (whole, before: string, inner: string, after: string) => {
      if (before || after) return whole;
      return evaluated(inner, environment, release) ?? whole;
    },
  );
}

/** What a template's expression is; undefined for one that is not known or not simple. */
function evaluated(
  expression: string,
  environment: Environment,
  release: string | undefined,
): string | undefined {
  const [, plain = ''] = /^(.*?)(?:\s*\|\s*(?:toYaml|quote))?$/.exec(expression) ?? [];
  if (plain === '.Environment.Name') return environment.name;
  if (plain === '.Release.Name') return release;
  const compared = /^(eq|ne)\s+(\.\S+)\s+(?:"([^"\\]*)"|`([^`]*)`)$/.exec(plain);
  if (compared) {
    const [, operator, left = '', quoted, raw] = compared;
    const value = evaluated(left, environment, release);
    if (value === undefined) return undefined;
    return String((value === (quoted ?? raw)) === (operator === 'eq'));
  }
  const path = /^\.(?:(?:Environment\.)?Values|StateValues)\.([\w.]+)$/.exec(plain)?.[1];
  const value = path === undefined ? undefined : valueAt(environment, path.split('.'));
  if (value === null || value === undefined || typeof value === 'object') return undefined;
  return isTemplate(String(value)) ? undefined : String(value);
}

/** The value of an environment at a path; undefined where it is not known, as a file may hold it. */
function valueAt({ values }: Environment, path: readonly string[]): PlainValue | undefined {
  for (const layer of values.toReversed()) {
    if (layer === null) return undefined;
    let value: PlainValue | undefined = layer;
    for (const key of path) value = isPlainMap(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    // Null does not override what others say.
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}
