import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';

/** The scheme of files that are on no disk. */
export const memoryScheme = 'memfs';

/** The folder that is opened as a virtual workspace. */
export const memoryFolder = `${memoryScheme}:/workspace`;

/**
 * Gives VS Code files that are in memory alone, as extensions do that open a repository without cloning it.
 * @param folder A folder on the disk, whose files are in the virtual one at first.
 */
export function provideMemoryFiles(folder: string): vscode.Disposable {
  /** What is at each path: the bytes of a file, or undefined for a folder. */
  const entries = new Map<string, Uint8Array | undefined>([['/', undefined]]);
  const changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();

  function tell(type: vscode.FileChangeType, uri: vscode.Uri): void {
    changed.fire([{ type, uri }]);
  }

  function copy(from: string, to: string): void {
    entries.set(to, undefined);
    for (const entry of readdirSync(from, { withFileTypes: true })) {
      const [source, target] = [path.join(from, entry.name), `${to}/${entry.name}`];
      if (entry.isDirectory()) copy(source, target);
      else entries.set(target, readFileSync(source));
    }
  }

  copy(folder, vscode.Uri.parse(memoryFolder).path);
  const provider: vscode.FileSystemProvider = {
    onDidChangeFile: changed.event,
    // Whoever changes a file tells so at once.
    watch: () => new vscode.Disposable(() => undefined),
    stat(uri) {
      if (!entries.has(uri.path)) throw vscode.FileSystemError.FileNotFound(uri);
      const bytes = entries.get(uri.path);
      const type = bytes ? vscode.FileType.File : vscode.FileType.Directory;
      return { type, ctime: 0, mtime: 0, size: bytes?.length ?? 0 };
    },
    readDirectory: (uri) =>
      [...entries].flatMap(([at, bytes]): [string, vscode.FileType][] =>
        at !== uri.path && path.posix.dirname(at) === uri.path
          ? [[path.posix.basename(at), bytes ? vscode.FileType.File : vscode.FileType.Directory]]
          : [],
      ),
    readFile(uri) {
      const bytes = entries.get(uri.path);
      if (!bytes) throw vscode.FileSystemError.FileNotFound(uri);
      return bytes;
    },
    writeFile(uri, bytes) {
      const isNew = !entries.has(uri.path);
      entries.set(uri.path, bytes);
      tell(isNew ? vscode.FileChangeType.Created : vscode.FileChangeType.Changed, uri);
    },
    createDirectory(uri) {
      entries.set(uri.path, undefined);
      tell(vscode.FileChangeType.Created, uri);
    },
    delete(uri) {
      for (const at of [...entries.keys()])
        if (at === uri.path || at.startsWith(`${uri.path}/`)) entries.delete(at);
      tell(vscode.FileChangeType.Deleted, uri);
    },
    rename(uri) {
      throw vscode.FileSystemError.NoPermissions(uri);
    },
  };
  return vscode.workspace.registerFileSystemProvider(memoryScheme, provider);
}
