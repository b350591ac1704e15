import type { InitializeParams, WorkspaceFoldersChangeEvent } from 'vscode-languageserver';
import { URI } from 'vscode-uri';
import { canonical } from './fileSystem';

/** The folders of the workspace, by address. */
export interface Folders {
  readonly current: () => readonly string[];
  /**
   * Takes in what the client tells of `workspace/didChangeWorkspaceFolders`.
   * @returns Whether there are others now.
   */
  readonly change: (event: WorkspaceFoldersChangeEvent) => boolean;
}

/**
 * The folders that the client has open.
 * @param params What it said at the start; older clients name a single folder.
 */
export function createFolders(
  params: Pick<InitializeParams, 'workspaceFolders' | 'rootUri' | 'rootPath'>,
): Folders {
  let current = new Set(firstFolders(params).map(canonical));
  return {
    current: () => [...current],
    change: ({ added, removed }) => {
      const before = current;
      current = new Set(before);
      for (const { uri } of removed) current.delete(canonical(uri));
      for (const { uri } of added) current.add(canonical(uri));
      return current.size !== before.size || [...current].some((uri) => !before.has(uri));
    },
  };
}

function firstFolders(params: Parameters<typeof createFolders>[0]): string[] {
  if (params.workspaceFolders) return params.workspaceFolders.map(({ uri }) => uri);
  /* eslint-disable @typescript-eslint/no-deprecated -- For the clients that know no others. */
  if (typeof params.rootUri === 'string') return [params.rootUri];
  return typeof params.rootPath === 'string' ? [URI.file(params.rootPath).toString()] : [];
  /* eslint-enable */
}
