import {
  type CancellationToken,
  CancellationTokenSource,
  FileType,
  RelativePattern,
  Uri,
  workspace,
} from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import {
  fileGlob,
  findFilesRequest,
  mostBytes,
  readFileRequest,
  type FindFilesParams,
  type FindFilesResult,
  type ReadFileParams,
  type ReadFileResult,
} from '../../server/src/workspace/protocol';

/** Folders that the server leaves out as well, and that are not worth looking into. */
const skipped = ['**/.git', '**/node_modules'];

/** Answers what the server asks of files where it has no disk. Nothing outside the workspace's folders is read. */
export function answerFileRequests(client: LanguageClient): void {
  client.onRequest(findFilesRequest, findFiles);
  client.onRequest(readFileRequest, readFile);
}

async function findFiles(
  { folder, exclude }: FindFilesParams,
  token: CancellationToken,
): Promise<FindFilesResult> {
  const uri = insideWorkspace(folder);
  if (!uri) return [];
  const found = await search(uri, exclude, token);
  // Many file systems have nothing that searches them.
  const uris = found.length > 0 || uri.scheme === 'file' ? found : await walk(uri, token);
  return uris.map((each) => each.toString());
}

/**
 * How long the search of a file system may take, in milliseconds. VS Code waits for one to be registered, which never
 * happens for most file systems.
 */
const patience = 5000;

/** What VS Code's own search finds; nothing where that comes to no end. */
async function search(root: Uri, exclude: readonly string[], token: CancellationToken): Promise<Uri[]> {
  const stop = new CancellationTokenSource();
  const cancelled = token.onCancellationRequested(() => {
    stop.cancel();
  });
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<Uri[]>((resolve) => {
    if (root.scheme !== 'file') timer = setTimeout(resolve, patience, []);
  });
  // VS Code reads no braces within braces; the server leaves out again what it excludes.
  const simple = [...skipped, ...exclude].filter((glob) => !/[{},]/.test(glob));
  const pattern = new RelativePattern(root, fileGlob);
  const without = new RelativePattern(root, `{${simple.join(',')}}`);
  try {
    return await Promise.race([workspace.findFiles(pattern, without, undefined, stop.token), tooLate]);
  } finally {
    clearTimeout(timer);
    cancelled.dispose();
    stop.cancel();
    stop.dispose();
  }
}

/** How many folders of a file system without a search are looked into: each may be a question over the network. */
const mostFolders = 2000;

/** All files below a folder, whatever their names. What cannot be listed is empty. */
async function walk(root: Uri, token: CancellationToken): Promise<Uri[]> {
  const files: Uri[] = [];
  const folders = [root];
  let seen = 0;
  for (
    let folder = folders.shift();
    folder && seen < mostFolders && !token.isCancellationRequested;
    folder = folders.shift()
  ) {
    seen++;
    const entries = await Promise.resolve(workspace.fs.readDirectory(folder)).catch(() => []);
    for (const [name, type] of entries) {
      // A symbolic link has another type besides, and may lead out of the workspace.
      if (type === FileType.File) files.push(Uri.joinPath(folder, name));
      else if (type === FileType.Directory && name !== '.git' && name !== 'node_modules')
        folders.push(Uri.joinPath(folder, name));
    }
  }
  return files;
}

async function readFile({ uri: address }: ReadFileParams): Promise<ReadFileResult> {
  const uri = insideWorkspace(address);
  if (!uri) return null;
  try {
    const { type, size } = await workspace.fs.stat(uri);
    if (type !== FileType.File || size > mostBytes) return null;
    const bytes = await workspace.fs.readFile(uri);
    // Not every file system knows the size of a file beforehand. A byte order mark is left out, and the rest is UTF-8.
    return bytes.length > mostBytes ? null : new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** What an address names, if that is in a folder of the workspace. */
function insideWorkspace(address: string): Uri | undefined {
  const uri = Uri.parse(address);
  const goesUp = uri.path.split('/').some((part) => part === '..' || part === '.');
  return goesUp || !workspace.getWorkspaceFolder(uri) ? undefined : uri;
}
