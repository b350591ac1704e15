import { URI } from 'vscode-uri';

/** Takes addresses of files as they are found. */
export type Found = (uris: readonly string[]) => void;

/**
 * The files of the workspace, by address (URI). Nothing outside the workspace's folders is ever read. No promise is
 * rejected: what cannot be read is not there.
 *
 * Addresses of files that are found are written as VS Code writes them, see {@link canonical}.
 */
export interface FileSystem {
  /**
   * Finds the files below a folder that {@link isListed} names. Leaves out `.git` and `node_modules`, and what is ignored
   * or excluded.
   * @param folder The address of the folder.
   * @param exclude Globs as in VS Code's `files.exclude`, relative to the folder.
   * @param found Told of them in batches, in no certain order.
   * @param signal Ends the search.
   */
  list(folder: string, exclude: readonly string[], found: Found, signal: AbortSignal): Promise<void>;
  /**
   * Finds the files that `list` would find among some entries of a folder, and below those of them that are folders.
   * @param folder The address of the workspace's folder that the entries are in, at any depth.
   * @param entries Addresses of files and folders that are new.
   */
  listAmong(
    folder: string,
    entries: readonly string[],
    exclude: readonly string[],
    found: Found,
    signal: AbortSignal,
  ): Promise<void>;
  /**
   * The text of a file as an editor would have it.
   * @param uri Its address.
   * @param isWorthDecoding Asked about the bytes where they are at hand, before text is made of them. They are only
   *   there until it returns.
   * @returns Undefined where there is no such file, it cannot be read, is larger than 4 MB, is not UTF-8, or not worth it.
   */
  read(uri: string, isWorthDecoding?: (bytes: Uint8Array) => boolean): Promise<string | undefined>;
}

/** A file system without files. */
export const noFiles: FileSystem = {
  list: () => Promise.resolve(),
  listAmong: () => Promise.resolve(),
  read: () => Promise.resolve(undefined),
};

/** Folders that hold nobody's values, whatever `.gitignore` says. */
export const skippedFolders: ReadonlySet<string> = new Set(['.git', 'node_modules']);

/** Says by a file's name, or a path that ends with it, whether it is one of those that are found. */
export function isListed(name: string): boolean {
  return /\.ya?ml(?:\.gotmpl)?$/i.test(name) || /(?:^|\/)(?:Chart\.lock|Kustomization)$/.test(name);
}

/**
 * An address as VS Code writes it, since every client escapes in its own way. Without a slash at its end, if it is more
 * than that.
 * @param uri The address; one that is none is given back as it is.
 */
export function canonical(uri: string): string {
  try {
    const written = URI.parse(uri).toString();
    return /[^/:]\/+$/.test(written) ? written.replace(/\/+$/, '') : written;
  } catch {
    return uri;
  }
}

/** Says whether an address is that of a folder or of something below it; both as {@link canonical} writes them. */
export function isBelow(folder: string, uri: string): boolean {
  if (!uri.startsWith(folder)) return false;
  return uri.length === folder.length || folder.endsWith('/') || uri[folder.length] === '/';
}

/**
 * Chooses by the scheme of an address who is asked for it.
 * @param disk The files that this machine has.
 * @param client The files that only the client can read, where it answers for them.
 */
export function createFileSystem(disk: FileSystem, client: FileSystem = noFiles): FileSystem {
  const of = (uri: string): FileSystem => (/^file:/i.test(uri) ? disk : client);
  return {
    list: (folder, exclude, found, signal) => of(folder).list(folder, exclude, found, signal),
    listAmong: (folder, entries, exclude, found, signal) =>
      of(folder).listAmong(folder, entries, exclude, found, signal),
    read: (uri, isWorthDecoding) => of(uri).read(uri, isWorthDecoding),
  };
}
