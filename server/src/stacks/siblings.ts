import { folderOf, nameOf } from './paths';

/** A values file that lies beside another one, and is named after an environment. */
export interface Overlay {
  readonly uri: string;
  /** The environment, as the name of the file or of its folder says. */
  readonly environment: string;
}

/** Says whether a file has the name of the values that all environments share. */
export function isBaseName(uri: string): boolean {
  return /^values\.ya?ml$/i.test(nameOf(uri));
}

/**
 * The values files that are laid over another one: `values-ENV.yaml` and `values.ENV.yaml` beside it, and
 * `ENV/values.yaml` below it.
 * @param uris Addresses of files.
 * @returns The overlays by the address of their base, which may be no file of these.
 */
export function overlaysOf(uris: Iterable<string>): ReadonlyMap<string, readonly Overlay[]> {
  const overlays = new Map<string, Overlay[]>();
  const add = (folder: string, uri: string, environment: string): void => {
    for (const base of [`${folder}/values.yaml`, `${folder}/values.yml`]) {
      const known = overlays.get(base);
      if (known) known.push({ uri, environment });
      else overlays.set(base, [{ uri, environment }]);
    }
  };
  for (const uri of uris) {
    if (!/values[^/]*$/i.test(uri)) continue;
    const name = nameOf(uri);
    const folder = folderOf(uri);
    const environment = /^values[-._](.+)\.ya?ml$/i.exec(name)?.[1];
    if (environment !== undefined) add(folder, uri, environment);
    else if (isBaseName(uri)) add(folderOf(folder), uri, nameOf(folder));
  }
  return overlays;
}
