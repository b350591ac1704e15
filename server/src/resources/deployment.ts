import type { Excerpt } from '../values/excerpt';
import type { TextRange, ValueNode } from '../values/tree';

/** What a resource is, in the words of its tool. */
export type ResourceKind =
  | 'Argo CD Application'
  | 'Argo CD ApplicationSet'
  | 'Flux HelmRelease'
  | 'Helmfile release'
  | 'Kustomize Helm chart'
  | 'Fleet bundle'
  | 'Umbrella chart';

/** A piece of text that something was read from. Ranges count in its document. */
export interface Place {
  readonly excerpt: Excerpt;
  readonly range: TextRange;
}

/** Text as it is written, with its place. */
export interface Written {
  readonly text: string;
  readonly place: Place;
}

/** A chart as a resource names it. */
export type ChartReference =
  /** From a repository, by the chart's name; an address of an OCI registry has the name in it as well. */
  | { readonly kind: 'repository'; readonly name: string; readonly url: string }
  /** From a repository that another Kubernetes resource describes. */
  | {
      readonly kind: 'resource';
      /** Undefined where the resource itself says which chart it is (OCIRepository, HelmChart). */
      readonly name: string | undefined;
      readonly resource: ResourceName;
    }
  /** A chart in the same repository as the resource. */
  | { readonly kind: 'directory'; readonly path: string; readonly base: PathBase };

/** A Kubernetes resource as others refer to it. */
export interface ResourceName {
  readonly kind: string;
  readonly name: string;
  /** Undefined where none is written. */
  readonly namespace: string | undefined;
}

/** Where a path begins: at the folder of the file that has it, at the root of its repository, or at the chart. */
export type PathBase = 'file' | 'root' | 'chart';

/** One value that is given as a text with a dotted path, as `helm --set` takes it. */
export interface Parameter {
  /** The path as it is written: `scheduler.serviceAccount.create`, `list[0].name`, `annotations.a\.b`. */
  readonly name: string;
  readonly value: string;
  /** Whether the value is a text whatever it looks like (`--set-string`). */
  readonly isText: boolean;
  readonly namePlace: Place;
  /** The scalar that holds the value, with its quotes. */
  readonly valuePlace: Place;
}

/** Where the values of a layer come from. */
export type LayerSource =
  /** They stand in the resource itself. */
  | { readonly kind: 'excerpt'; readonly excerpt: Excerpt }
  /** They stand in a file. */
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly base: PathBase;
      /** Whether the tool passes over a file that is not there. */
      readonly optional: boolean;
      /** Where the file is named. */
      readonly place: Place;
    }
  /** They are given one by one. */
  | { readonly kind: 'parameters'; readonly parameters: readonly Parameter[] }
  /** They stand in a ConfigMap, under a key of its data. */
  | {
      readonly kind: 'configMap';
      readonly resource: ResourceName;
      readonly key: string;
      readonly optional: boolean;
      readonly place: Place;
    }
  /** They cannot be known: a Secret, an address, a template, a text that is not written line by line. */
  | { readonly kind: 'open'; readonly place: Place };

/** One release of the chart, as a resource describes it. */
export interface Deployment {
  readonly kind: ResourceKind;
  /** What the user calls it: the resource's name, with its environment where there are several. */
  readonly name: string;
  /** Where the name stands, or what else is most telling. */
  readonly place: Place;
  readonly chart: ChartReference;
  /** The version or range of versions that it pins; undefined where it pins none. */
  readonly version: Written | undefined;
  /** The values, those that are overridden first. */
  readonly layers: readonly LayerSource[];
  /** Whether the layers take the place of the values that the chart itself brings, and are not laid over them. */
  readonly replacesChartValues?: boolean;
}

/** An umbrella chart: a chart with Airflow's among its dependencies, by its `Chart.yaml` or `Chart.lock`. */
export interface UmbrellaChart {
  /** The umbrella chart's own name. */
  readonly name: string;
  /** Where the dependency is named. */
  readonly place: Place;
  /** The key under which its values hold those for Airflow: the dependency's alias, or else its name. */
  readonly key: string;
  readonly chart: ChartReference;
  readonly version: Written | undefined;
}

/** A Kubernetes resource that says where a chart comes from. */
export interface ChartSource {
  readonly resource: ResourceName;
  /** The repository's address; undefined for a HelmChart, which names a repository. */
  readonly url: string | undefined;
  /** The chart's name, where the resource says so. */
  readonly chart: string | undefined;
  /** The repository that a HelmChart names. */
  readonly repository: ResourceName | undefined;
  readonly version: Written | undefined;
}

/** A text of a ConfigMap: one that stands in it line by line, or a file that it is made of. */
export type ConfigMapText =
  { readonly kind: 'excerpt'; readonly excerpt: Excerpt } | { readonly kind: 'file'; readonly path: string };

/** A ConfigMap with texts that can be values files, or what one is made of. */
export interface ConfigMap {
  readonly resource: ResourceName;
  /** Its data by key. */
  readonly data: ReadonlyMap<string, ConfigMapText>;
}

/** What the resources in a file say. */
export interface FileFacts {
  readonly deployments: readonly Deployment[];
  readonly umbrellas: readonly UmbrellaChart[];
  readonly chartSources: readonly ChartSource[];
  readonly configMaps: readonly ConfigMap[];
}

/** One YAML document of a file, for the readers of resources. */
export interface Manifest {
  readonly excerpt: Excerpt;
  /** The file's path with slashes. */
  readonly path: string;
  /** Makes an excerpt of values in it; see `excerptOf`. */
  readonly excerptAt: (node: ValueNode, name: string) => Excerpt | undefined;
}
