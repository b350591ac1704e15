import type { Deployment, FileFacts, LayerSource, Place } from '../resources/deployment';
import { manifestsIn, type ResourceReader } from '../resources/facts';
import { readValues } from '../values/document';
import { noMemory } from '../values/excerpt';

/** What a reader says of each YAML document of a file. */
export function readAll(reader: ResourceReader, text: string, path: string): Partial<FileFacts>[] {
  const manifests = manifestsIn(readValues(text), path, noMemory);
  return manifests.map((manifest, index) => reader(manifest, manifests.slice(0, index)));
}

/** The deployments that a reader finds in a file. */
export function deploymentsIn(reader: ResourceReader, text: string, path: string): Deployment[] {
  return readAll(reader, text, path).flatMap(({ deployments = [] }) => deployments);
}

/** A layer in one line: values in the resource by their text, parameters as `name=value`. */
export function lineOf(layer: LayerSource): string {
  switch (layer.kind) {
    case 'excerpt':
      return layer.excerpt.document.text.trim();
    case 'file':
      return `${layer.path} from ${layer.base}${layer.optional ? ', optional' : ''}`;
    case 'configMap':
      return `${layer.resource.namespace ?? ''}/${layer.resource.name}: ${layer.key}${layer.optional ? ', optional' : ''}`;
    case 'open':
      return `open: ${textAt(layer.place)}`;
    case 'parameters':
      return layer.parameters
        .map(({ name, value, isText }) => `${name}=${isText ? `'${value}'` : value}`)
        .join(' ');
  }
}

/** The text at a place. */
export function textAt({ excerpt, range }: Place): string {
  return excerpt.document.slice(range.start, range.end).trim();
}
