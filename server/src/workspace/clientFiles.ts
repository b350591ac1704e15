import { CancellationTokenSource, type CancellationToken } from 'vscode-languageserver';
import { createExcluder } from './excludes';
import { canonical, isBelow, isListed, skippedFolders, type FileSystem, type Found } from './fileSystem';
import {
  findFilesRequest,
  mostBytes,
  readFileRequest,
  type FindFilesParams,
  type ReadFileParams,
} from './protocol';
import { createGate } from './turns';

/** How many files the client is asked for at the same time. */
const mostAtOnce = 8;

/** The part of a connection that is needed to ask the client. */
export interface Asking {
  sendRequest(method: string, params: unknown, token?: CancellationToken): Promise<unknown>;
}

/**
 * The files that only the client can read: those of remote and virtual file systems. It is asked with the requests in
 * `protocol.ts`; what it does not answer is not there. What Git ignores is for it to say.
 * @param connection The connection to the client.
 * @param folders Tells the addresses of the workspace's folders.
 */
export function createClientFiles(connection: Asking, folders: () => readonly string[]): FileSystem {
  const gate = createGate(mostAtOnce);

  function isInside(uri: string): boolean {
    const address = canonical(uri);
    return !hasDots(address) && folders().some((folder) => isBelow(canonical(folder), address));
  }

  async function ask(method: string, params: unknown, signal?: AbortSignal): Promise<unknown> {
    if (signal?.aborted) return undefined;
    const source = new CancellationTokenSource();
    const cancel = (): void => {
      source.cancel();
    };
    signal?.addEventListener('abort', cancel);
    try {
      return await connection.sendRequest(method, params, source.token);
    } catch {
      return undefined;
    } finally {
      signal?.removeEventListener('abort', cancel);
      source.dispose();
    }
  }

  async function list(
    folder: string,
    exclude: readonly string[],
    found: Found,
    signal: AbortSignal,
  ): Promise<void> {
    const root = canonical(folder);
    const params: FindFilesParams = { folder, exclude };
    const answer = await ask(findFilesRequest, params, signal);
    if (signal.aborted || !Array.isArray(answer)) return;
    const isLeftOut = createFilter(root, exclude);
    const uris = answer
      .filter((uri) => typeof uri === 'string')
      .map(canonical)
      .filter((uri) => isBelow(root, uri) && isListed(uri) && isInside(uri) && !isLeftOut(uri));
    if (uris.length > 0) found(uris);
  }

  async function listAmong(
    folder: string,
    entries: readonly string[],
    exclude: readonly string[],
    found: Found,
    signal: AbortSignal,
  ): Promise<void> {
    const sought = new Set(entries.map(canonical));
    await list(
      folder,
      exclude,
      (uris) => {
        const among = uris.filter((uri) => ancestorsOf(uri).some((ancestor) => sought.has(ancestor)));
        if (among.length > 0) found(among);
      },
      signal,
    );
  }

  async function read(uri: string): Promise<string | undefined> {
    if (!isInside(uri)) return undefined;
    const params: ReadFileParams = { uri };
    const text = await gate(() => ask(readFileRequest, params));
    return typeof text === 'string' && text.length <= mostBytes ? text : undefined;
  }

  return { list, listAmong, read };
}

/** Says of an address below a folder whether something on its path is left out, whatever the client thinks of that. */
function createFilter(root: string, exclude: readonly string[]): (uri: string) => boolean {
  const isExcluded = createExcluder(exclude);
  return (uri) => {
    const parts = uri.slice(root.length).split('/').filter(Boolean).map(unescaped);
    return parts.some(
      (part, index) => skippedFolders.has(part) || isExcluded(parts.slice(0, index + 1).join('/')),
    );
  };
}

function unescaped(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Says whether an address goes up somewhere, so that it may lead elsewhere than it begins. */
function hasDots(uri: string): boolean {
  return uri
    .split('/')
    .map(unescaped)
    .some((part) => part === '..' || part === '.');
}

/** An address and those of all folders that it is in. */
function ancestorsOf(uri: string): string[] {
  const ancestors = [uri];
  for (let end = uri.lastIndexOf('/'); end > 0; end = uri.lastIndexOf('/', end - 1))
    ancestors.push(uri.slice(0, end));
  return ancestors;
}
