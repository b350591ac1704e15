import type { ValuesDocument } from '../values/document';
import { documentsOf, excerptOf, type Excerpt, type ExcerptMemory } from '../values/excerpt';
import type { FileFacts, Manifest } from './deployment';
import { readArgo } from './argocd';
import { readFleet } from './fleet';
import { readFlux } from './flux';
import { readHelmfile } from './helmfile';
import { readKustomize } from './kustomize';
import { readUmbrella } from './umbrella';

/**
 * Reads what one kind of resource says; nothing where the document is none of its kind.
 * @param manifest The document.
 * @param earlier Those before it in the same file.
 */
export type ResourceReader = (manifest: Manifest, earlier?: readonly Manifest[]) => Partial<FileFacts>;

const readers: readonly ResourceReader[] = [
  readArgo,
  readFlux,
  readHelmfile,
  readKustomize,
  readFleet,
  readUmbrella,
];

/**
 * What the resources in a file say about releases of the chart.
 * @param file The file.
 * @param path Its path with slashes, as the names of some files say what they are.
 * @param memory What the version before held.
 */
export function readFacts(file: ValuesDocument, path: string, memory: ExcerptMemory): FileFacts {
  const manifests = manifestsIn(file, path, memory);
  const found = manifests.flatMap((manifest, index) =>
    readers.map((read) => read(manifest, manifests.slice(0, index))),
  );
  return {
    deployments: found.flatMap(({ deployments = [] }) => deployments),
    umbrellas: found.flatMap(({ umbrellas = [] }) => umbrellas),
    chartSources: found.flatMap(({ chartSources = [] }) => chartSources),
    configMaps: found.flatMap(({ configMaps = [] }) => configMaps),
  };
}

/** The YAML documents of a file, as readers take them. */
export function manifestsIn(file: ValuesDocument, path: string, memory: ExcerptMemory): Manifest[] {
  return documentsOf(file, memory).map((excerpt, index): Manifest => {
    // Values that several releases share are one excerpt, so that they are judged as one.
    const known = new Map<string, Excerpt | undefined>();
    const excerptAt: Manifest['excerptAt'] = (node, name) => {
      if (!known.has(name)) known.set(name, excerptOf(excerpt, node, `${index} ${name}`, memory));
      return known.get(name);
    };
    return { excerpt, path, excerptAt };
  });
}
