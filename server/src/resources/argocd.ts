import type { ScalarNode, ValueNode } from '../values/tree';
import type { ChartReference, Deployment, LayerSource, Manifest, Parameter, Written } from './deployment';
import type { ResourceReader } from './facts';
import { openValue } from './parameters';
import { isTemplate, itemsOf, nodeAt, placeOf, plainOf, rootNode, textOf, writtenOf } from './reading';

/**
 * Reads an Application or ApplicationSet of Argo CD. What is over what is from Argo CD's source: helmTemplate and
 * getResolvedValueFiles in reposerver/repository/repository.go, ValuesYAML in pkg/apis/application/v1alpha1/values.go,
 * and Helm's pkg/cli/values/options.go; generators and their templates from applicationset/generators/list.go and
 * applicationset/utils/utils.go.
 */
export const readArgo: ResourceReader = (manifest) => {
  if (!textOf(rootNode(manifest, 'apiVersion'))?.startsWith('argoproj.io/')) return {};
  const kind = writtenOf(manifest, rootNode(manifest, 'kind'));
  if (kind?.text === 'Application') {
    const name = writtenOf(manifest, rootNode(manifest, 'metadata', 'name')) ?? kind;
    return {
      deployments: readSources(manifest, rootNode(manifest, 'spec'), 'Argo CD Application', name, [{}]),
    };
  }
  if (kind?.text === 'ApplicationSet') {
    const template = rootNode(manifest, 'spec', 'template');
    const name =
      writtenOf(manifest, nodeAt(manifest, template, 'metadata', 'name')) ??
      writtenOf(manifest, rootNode(manifest, 'metadata', 'name')) ??
      kind;
    const spec = nodeAt(manifest, template, 'spec');
    return { deployments: readSources(manifest, spec, 'Argo CD ApplicationSet', name, fillersOf(manifest)) };
  }
  return {};
};

/** Fills templates in with what a generator says; leaves those that it says nothing about. */
interface Filler {
  readonly fill?: (text: string) => string;
}

function fillersOf(manifest: Manifest): readonly Filler[] {
  const isGo = plainOf(manifest, rootNode(manifest, 'spec', 'goTemplate')) === true;
  const generators = itemsOf(manifest, rootNode(manifest, 'spec', 'generators'));
  const open: Filler = {};
  const fillers = generators.flatMap((generator): readonly Filler[] => {
    const list = nodeAt(manifest, generator, 'list');
    const elements = itemsOf(manifest, nodeAt(manifest, list, 'elements'));
    const known = elements.map((element) => fillerFor(parametersOf(manifest, element), isGo));
    const isOpen = nodeAt(manifest, list, 'elementsYaml') !== undefined;
    return known.length === 0 || isOpen ? [...known, open] : known;
  });
  // What nothing is known of looks the same, however many generators make it.
  return fillers.length > 0 ? [...new Set(fillers)] : [open];
}

/** What an element of a list says by name, what is one level deeper by a name with a dot. */
function parametersOf(manifest: Manifest, element: ValueNode, depth = 0): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  if (element.kind !== 'map') return parameters;
  for (const { key } of element.entries) {
    const node = nodeAt(manifest, element, key.text);
    if (node?.kind === 'scalar' && !isTemplate(node.text)) parameters.set(key.text, node.text);
    else if (node && depth === 0) {
      for (const [name, text] of parametersOf(manifest, node, 1)) parameters.set(`${key.text}.${name}`, text);
    }
  }
  return parameters;
}

function fillerFor(parameters: ReadonlyMap<string, string>, isGo: boolean): Filler {
  const pattern = isGo ? /\{\{\s*\.([\w.]+)\s*\}\}/g : /\{\{\s*([^{}\s]+)\s*\}\}/g;
  return {
    fill: (text) => text.replace(pattern, (template, name: string) => parameters.get(name) ?? template),
  };
}

/** @param fillers One for each Application that comes of it. */
function readSources(
  manifest: Manifest,
  spec: ValueNode | undefined,
  kind: Deployment['kind'],
  name: Written,
  fillers: readonly Filler[],
): Deployment[] {
  const dry = nodeAt(manifest, spec, 'sourceHydrator', 'drySource');
  const several = itemsOf(manifest, nodeAt(manifest, spec, 'sources'));
  const one = nodeAt(manifest, spec, 'source');
  const sources = dry ? [dry] : several.length > 0 ? several : one ? [one] : [];
  // A chart cannot be what others refer to.
  const refs = sources.flatMap((source) =>
    nodeAt(manifest, source, 'chart') ? [] : (textOf(nodeAt(manifest, source, 'ref')) ?? []),
  );
  const layers = sources.map((source, index) => layersOf(manifest, source, index));
  return fillers.flatMap(({ fill = same }) => {
    const app = fill(name.text);
    const fillIn = (text: string): string => {
      const filled = fill(text);
      return isTemplate(app)
        ? filled
        : filled.replace(/\$(?:ARGOCD_APP_NAME\b|\{ARGOCD_APP_NAME\})/g, () => app);
    };
    return sources.flatMap((source, index): Deployment[] => {
      const chart = chartOf(manifest, source, fillIn);
      if (!chart) return [];
      const version =
        chart.kind === 'repository' && writtenOf(manifest, nodeAt(manifest, source, 'targetRevision'));
      return [
        {
          kind,
          name: app,
          place: name.place,
          chart,
          version: version ? { ...version, text: fill(version.text) } : undefined,
          layers: (layers[index] ?? []).map((layer) =>
            'file' in layer ? fileLayer(layer, chart, refs, fillIn) : layer,
          ),
        },
      ];
    });
  });
}

function same(text: string): string {
  return text;
}

/** The chart of a source, if it may be Airflow's or one around it. */
function chartOf(
  manifest: Manifest,
  source: ValueNode,
  fillIn: (text: string) => string,
): ChartReference | undefined {
  const read = (key: string): string | undefined => {
    const text = textOf(nodeAt(manifest, source, key));
    return text === undefined ? undefined : fillIn(text);
  };
  const [name, url = '', path] = [read('chart'), read('repoURL'), read('path')];
  if (name !== undefined) return name === 'airflow' ? { kind: 'repository', name, url } : undefined;
  if (url.startsWith('oci://')) {
    const last = url.split('/').findLast((part) => part !== '');
    return last === 'airflow' ? { kind: 'repository', name: last, url } : undefined;
  }
  const isOther = ['kustomize', 'plugin', 'directory'].some((key) => nodeAt(manifest, source, key));
  if (path === undefined || isTemplate(path) || (isOther && !nodeAt(manifest, source, 'helm')))
    return undefined;
  return { kind: 'directory', path, base: 'root' };
}

/** A values file as it is named. */
interface NamedFile {
  readonly file: Written;
  readonly optional: boolean;
}

/** The layers of a source; only the files are not the same for each Application that comes of it. */
function layersOf(manifest: Manifest, source: ValueNode, index: number): (LayerSource | NamedFile)[] {
  const helm = nodeAt(manifest, source, 'helm');
  const optional = plainOf(manifest, nodeAt(manifest, helm, 'ignoreMissingValueFiles')) === true;
  const files = itemsOf(manifest, nodeAt(manifest, helm, 'valueFiles')).flatMap((node): NamedFile[] => {
    const file = writtenOf(manifest, node);
    return file ? [{ file, optional }] : [];
  });
  const parameters = parametersIn(manifest, helm);
  return [
    ...files,
    ...valuesOf(manifest, helm, index),
    ...(parameters.length > 0 ? [{ kind: 'parameters', parameters } as const] : []),
  ];
}

/** The values in the source itself. Where it has an object, the text does not count. */
function valuesOf(manifest: Manifest, helm: ValueNode | undefined, index: number): LayerSource[] {
  const object = nodeAt(manifest, helm, 'valuesObject');
  const isText = !object || (object.kind === 'scalar' && object.value === null);
  const node = isText ? nodeAt(manifest, helm, 'values') : object;
  if (!node || (node.kind === 'scalar' && (node.value === null || node.text.trim() === ''))) return [];
  // What is written in the other's way Kubernetes refuses, or somebody is still typing it.
  const isRight = isText ? node.kind === 'scalar' : node.kind === 'map';
  const excerpt = isRight
    ? manifest.excerptAt(node, `source ${index} ${isText ? 'values' : 'valuesObject'}`)
    : undefined;
  return [excerpt ? { kind: 'excerpt', excerpt } : { kind: 'open', place: placeOf(manifest, node) }];
}

/** The parameters of a source in the order in which they count: typed values, then texts, then contents of files. */
function parametersIn(manifest: Manifest, helm: ValueNode | undefined): Parameter[] {
  const parameters = itemsOf(manifest, nodeAt(manifest, helm, 'parameters')).flatMap((item): Parameter[] => {
    const name = writtenOf(manifest, nodeAt(manifest, item, 'name'));
    if (!name) return [];
    const isText = plainOf(manifest, nodeAt(manifest, item, 'forceString')) === true;
    const node = nodeAt(manifest, item, 'value');
    const isKnown = node?.kind === 'scalar' && (node.text !== '' || node.style !== 'plain');
    return [isKnown ? parameterOf(manifest, name, node, isText) : openParameter(name, isText)];
  });
  const files = itemsOf(manifest, nodeAt(manifest, helm, 'fileParameters')).flatMap((item): Parameter[] => {
    const name = writtenOf(manifest, nodeAt(manifest, item, 'name'));
    return name ? [openParameter(name, true)] : [];
  });
  return [
    ...parameters.filter(({ isText }) => !isText),
    ...parameters.filter(({ isText }) => isText),
    ...files,
  ];
}

function parameterOf(manifest: Manifest, name: Written, value: ScalarNode, isText: boolean): Parameter {
  return {
    name: name.text,
    value: value.text,
    isText,
    namePlace: name.place,
    valuePlace: placeOf(manifest, value),
  };
}

function openParameter({ text, place }: Written, isText: boolean): Parameter {
  return { name: text, value: openValue, isText, namePlace: place, valuePlace: place };
}

/** A values file of one Application. */
function fileLayer(
  { file, optional }: NamedFile,
  chart: ChartReference,
  refs: readonly string[],
  fillIn: (text: string) => string,
): LayerSource {
  const { place } = file;
  const found = pathOf(fillIn(file.text), chart, refs);
  return found ? { kind: 'file', ...found, optional, place } : { kind: 'open', place };
}

type BasedPath = Pick<LayerSource & { readonly kind: 'file' }, 'path' | 'base'>;

/** Where a values file is; undefined where it is not in the repository, or where the path can be several. */
function pathOf(text: string, chart: ChartReference, refs: readonly string[]): BasedPath | undefined {
  const [, ref, below] = /^\$([^/]+)\/+(.*)$/s.exec(text) ?? [];
  const isReferred = ref !== undefined && refs.includes(ref);
  const path = isReferred ? (below ?? '') : text;
  // A variable of the build, a template, a pattern, or an address.
  if (/\$[\w{]|\{\{|[*?[]|^[a-z][a-z\d+.-]*:/i.test(path)) return undefined;
  if (isReferred) return { path, base: 'root' };
  if (chart.kind !== 'directory') return undefined;
  return path.startsWith('/') ? { path: path.replace(/^\/+/, ''), base: 'root' } : { path, base: 'chart' };
}
