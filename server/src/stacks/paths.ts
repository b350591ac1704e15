import { URI, Utils } from 'vscode-uri';
import picomatch from 'picomatch';

/** The folder that a file or folder is in. */
export function folderOf(uri: string): string {
  return Utils.dirname(URI.parse(uri)).toString();
}

/** The last part of an address, as people read it. */
export function nameOf(uri: string): string {
  return Utils.basename(URI.parse(uri));
}

/** The path of an address from a folder, with slashes; undefined where it is not inside. */
export function pathFrom(folder: string, uri: string): string | undefined {
  const [base, path] = [URI.parse(folder), URI.parse(uri)];
  const prefix = base.path.endsWith('/') ? base.path : `${base.path}/`;
  if (base.scheme !== path.scheme || base.authority !== path.authority) return undefined;
  return path.path.startsWith(prefix) ? path.path.slice(prefix.length) : undefined;
}

/**
 * The address that a path leads to.
 * @param folder Where the path begins.
 * @param path The path, with slashes.
 * @param within The folder that it may not leave.
 * @returns Undefined where it leaves that folder, or is none.
 */
export function resolveWithin(folder: string, path: string, within: string): string | undefined {
  if (path.includes('\0') || /^[a-z][a-z\d+.-]*:/i.test(path)) return undefined;
  const resolved = Utils.joinPath(URI.parse(folder), ...path.split('/')).toString();
  return pathFrom(within, resolved) === undefined && resolved !== within ? undefined : resolved;
}

/**
 * The files in a folder that a glob pattern stands for, in the order of their names.
 * @param pattern The pattern, from the folder; a path without wildcards is one, too.
 * @param folder The folder.
 * @param uris The files.
 */
export function filesMatching(pattern: string, folder: string, uris: Iterable<string>): string[] {
  let matches: (path: string) => boolean;
  try {
    matches = picomatch(pattern.replace(/^\.?\/+/, ''), { dot: true });
  } catch {
    return [];
  }
  const found: string[] = [];
  for (const uri of uris) {
    const path = pathFrom(folder, uri);
    if (path !== undefined && matches(path)) found.push(uri);
  }
  return found.sort();
}
