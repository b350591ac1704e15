import { close, constants, fstatSync, open, read as readBytes, realpath, type Dirent } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { URI } from 'vscode-uri';
import { findRulesAbove, findRulesIn, isIgnored, type IgnoreRules } from '../disk/ignoredFiles';
import { decode } from '../disk/readText';
import { createExcluder } from './excludes';
import { canonical, isBelow, isListed, skippedFolders, type FileSystem, type Found } from './fileSystem';
import { mostBytes } from './protocol';
import { createGate, turns } from './turns';

/** How many files and folders are looked at together: as many as Node has threads for them. */
const mostAtOnce = 4;

/** What most files fit into; one buffer of this size is used again and again, for each of those that read at once. */
const bufferSize = 64 * 1024;

/** How many addresses are told of together. */
const batchSize = 512;

/**
 * How files are opened: not through a link, as their real path is known, and without waiting for somebody to write into
 * what is a pipe. Windows knows neither.
 */
const openFlags = constants.O_RDONLY | flag('O_NOFOLLOW') | flag('O_NONBLOCK');

function flag(name: 'O_NOFOLLOW' | 'O_NONBLOCK'): number {
  const value: unknown = Reflect.get(constants, name);
  return typeof value === 'number' ? value : 0;
}

const openFile = promisify(open);
const closeFile = promisify(close);
const readInto = promisify(readBytes);
// The one of fs/promises goes through the path in JavaScript.
const findRealPath = promisify(realpath.native);

/** A folder that is walked. */
interface Place {
  readonly path: string;
  readonly uri: string;
  /** Its path from the workspace's folder, with slashes; empty for that itself. */
  readonly relative: string;
}

/** What a walk knows everywhere. */
interface Walk {
  readonly isExcluded: (relative: string) => boolean;
  readonly found: Found;
  readonly signal: AbortSignal;
}

/**
 * The files on this machine's disk. Links to files are followed where they lead to a file in one of the folders, links
 * to folders never, so that no walk goes in a circle or out of the workspace.
 * @param folders Tells the addresses of the workspace's folders; those that are not on a disk are passed over.
 */
export function createDiskFiles(folders: () => readonly string[]): FileSystem {
  const gate = createGate(mostAtOnce);
  const buffers: Buffer[] = [];
  const realFolders = new Map<string, string>();

  /** Says whether a real path is in the workspace. */
  async function isInside(real: string): Promise<boolean> {
    for (const uri of folders()) {
      const folder = pathOf(uri);
      if (folder === undefined) continue;
      const realFolder = realFolders.get(folder) ?? (await findRealPath(folder).catch(() => undefined));
      if (realFolder === undefined) continue;
      realFolders.set(folder, realFolder);
      if (isWithin(realFolder, real)) return true;
    }
    return false;
  }

  async function leadsInside(link: string): Promise<boolean> {
    try {
      const real = await findRealPath(link);
      return (await isInside(real)) && (await stat(real)).isFile();
    } catch {
      return false;
    }
  }

  async function walk(place: Place, above: IgnoreRules, around: Walk): Promise<void> {
    const { isExcluded, found, signal } = around;
    const isOver = (): boolean => signal.aborted;
    if (isOver()) return;
    const read = await gate(async () => {
      const entries = await readdir(place.path, { withFileTypes: true });
      const names = new Set(
        entries.filter(({ name }) => /^\.git(?:ignore)?$/.test(name)).map(({ name }) => name),
      );
      return { entries, rules: await findRulesIn(place.path, above, names) };
    }).catch(() => undefined);
    if (!read) return;
    const { entries, rules } = read;
    const within: Place[] = [];
    let batch: string[] = [];
    for (const entry of entries) {
      const later = turns.next();
      if (later) {
        await later;
        await turns.ready();
        if (isOver()) return;
      }
      const kind = kindOf(entry);
      if (kind === undefined) continue;
      const inner = entryOf(place, entry.name);
      if (isExcluded(inner.relative) || isIgnored(rules, inner.path, kind === 'folder')) continue;
      if (kind === 'folder') within.push(inner);
      else if (kind === 'file' || (await gate(() => leadsInside(inner.path)))) batch.push(inner.uri);
      if (batch.length === batchSize) {
        found(batch);
        batch = [];
      }
    }
    if (batch.length > 0) found(batch);
    await Promise.all(within.map((inner) => walk(inner, rules, around)));
  }

  async function list(
    folder: string,
    exclude: readonly string[],
    found: Found,
    signal: AbortSignal,
  ): Promise<void> {
    // A folder may be another one by now.
    realFolders.clear();
    const root = rootOf(folder);
    if (!root) return;
    await walk(root, await findRulesAbove(root.path), { isExcluded: createExcluder(exclude), found, signal });
  }

  async function listAmong(
    folder: string,
    entries: readonly string[],
    exclude: readonly string[],
    found: Found,
    signal: AbortSignal,
  ): Promise<void> {
    const root = rootOf(folder);
    if (!root) return;
    const around: Walk = { isExcluded: createExcluder(exclude), found, signal };
    const realRoot = await findRealPath(root.path).catch(() => undefined);
    if (realRoot === undefined) return;

    /** The folders that were asked about, with the rules in them; undefined for those that are left out. */
    const known = new Map<string, Promise<{ place: Place; rules: IgnoreRules } | undefined>>();
    known.set(
      '',
      findRulesAbove(root.path)
        .then((above) => findRulesIn(root.path, above))
        .then((rules) => ({ place: root, rules })),
    );
    function lookUp(relative: string): Promise<{ place: Place; rules: IgnoreRules } | undefined> {
      const answer = known.get(relative) ?? findFolder(relative);
      known.set(relative, answer);
      return answer;
    }
    async function findFolder(relative: string) {
      const parent = await lookUp(parentOf(relative));
      if (!parent) return undefined;
      const place = entryOf(parent.place, path.posix.basename(relative));
      if (skippedFolders.has(path.posix.basename(relative)) || isLeftOut(place, true, parent.rules))
        return undefined;
      return { place, rules: await findRulesIn(place.path, parent.rules) };
    }
    function isLeftOut(place: Place, isFolder: boolean, rules: IgnoreRules): boolean {
      return around.isExcluded(place.relative) || isIgnored(rules, place.path, isFolder);
    }
    async function look(uri: string): Promise<void> {
      if (!root || !isBelow(root.uri, uri)) return;
      const file = pathOf(uri);
      const relative = file === undefined ? '' : path.relative(root.path, file).replaceAll(path.sep, '/');
      if (relative === '' || relative.split('/').includes('..')) return;
      const parent = await lookUp(parentOf(relative));
      if (!parent) return;
      const place = entryOf(parent.place, path.posix.basename(relative));
      const kind = await gate(async () => {
        // A link to a folder on the way there.
        const real = await findRealPath(parent.place.path);
        if (real !== path.join(realRoot ?? '', parent.place.relative)) return undefined;
        const entry = await lstat(place.path);
        const there = kindOf({
          name: path.posix.basename(relative),
          isFile: () => entry.isFile(),
          isDirectory: () => entry.isDirectory(),
          isSymbolicLink: () => entry.isSymbolicLink(),
        });
        return there !== 'link' || (await leadsInside(place.path)) ? there : undefined;
      }).catch(() => undefined);
      if (kind === undefined || isLeftOut(place, kind === 'folder', parent.rules)) return;
      if (kind === 'folder') await walk(place, parent.rules, around);
      else found([place.uri]);
    }

    const waiting = [...entries];
    async function lookAtSome(): Promise<void> {
      for (let uri = waiting.pop(); uri !== undefined && !signal.aborted; uri = waiting.pop()) {
        await turns.ready();
        await look(uri);
      }
    }
    await Promise.all(Array.from({ length: mostAtOnce }, lookAtSome));
  }

  async function read(
    uri: string,
    isWorthDecoding?: (bytes: Uint8Array) => boolean,
  ): Promise<string | undefined> {
    const file = pathOf(uri);
    // Asked before anything is looked at, since on Windows to look at a path can mean to call another machine.
    const isMeant = file !== undefined && folders().some((folder) => isWithin(pathOf(folder), file));
    if (!isMeant) return undefined;
    return gate(async () => {
      const real = await findRealPath(file);
      if (!(await isInside(real))) return undefined;
      const descriptor = await openFile(real, openFlags);
      const buffer = buffers.pop() ?? Buffer.allocUnsafeSlow(bufferSize);
      try {
        // An open file's size is known without a look at the disk.
        const status = fstatSync(descriptor);
        if (!status.isFile() || status.size > mostBytes) return undefined;
        const bytes = await readAll(descriptor, status.size, buffer);
        await turns.ready();
        if (isWorthDecoding && !isWorthDecoding(bytes)) return undefined;
        const decoded = decode(bytes);
        return 'text' in decoded ? decoded.text : undefined;
      } finally {
        buffers.push(buffer);
        await closeFile(descriptor);
      }
    }).catch(() => undefined);
  }

  return { list, listAmong, read };
}

/**
 * Reads an open file to its end.
 * @param size How many bytes it is said to have.
 * @param spare A buffer to use if they fit in.
 */
async function readAll(descriptor: number, size: number, spare: Buffer): Promise<Buffer> {
  const buffer = size <= spare.length ? spare : Buffer.allocUnsafeSlow(size);
  let length = 0;
  while (length < size) {
    const { bytesRead } = await readInto(descriptor, buffer, length, size - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}

/** What an entry of a folder is, as far as anybody looks at it. */
function kindOf(
  entry: Pick<Dirent, 'name' | 'isFile' | 'isDirectory' | 'isSymbolicLink'>,
): 'file' | 'folder' | 'link' | undefined {
  if (entry.isDirectory()) return skippedFolders.has(entry.name) ? undefined : 'folder';
  if (!isListed(entry.name)) return undefined;
  if (entry.isFile()) return 'file';
  return entry.isSymbolicLink() ? 'link' : undefined;
}

/** The workspace's folder at an address; undefined where it is not on a disk. */
function rootOf(folder: string): Place | undefined {
  const file = pathOf(folder);
  return file === undefined ? undefined : { path: file, uri: canonical(folder), relative: '' };
}

function entryOf(folder: Place, name: string): Place {
  return {
    path: path.join(folder.path, name),
    uri: `${folder.uri}${folder.uri.endsWith('/') ? '' : '/'}${escaped(name)}`,
    relative: folder.relative === '' ? name : `${folder.relative}/${name}`,
  };
}

/** A file's name as a part of a {@link canonical} address. */
function escaped(name: string): string {
  if (/^[\w.-]*$/.test(name)) return name;
  const before = '/_/';
  // The scheme and what is before the name are of a known length.
  return URI.from({ scheme: 'x', path: before + name })
    .toString()
    .slice('x:'.length + before.length);
}

function parentOf(relative: string): string {
  const slash = relative.lastIndexOf('/');
  return slash < 0 ? '' : relative.slice(0, slash);
}

/** The path of a file on this machine's disk. */
function pathOf(uri: string): string | undefined {
  try {
    const parsed = URI.parse(uri);
    // The slash makes a drive of Windows mean its root; it is gone again where it says nothing.
    return parsed.scheme === 'file' ? path.resolve(`${parsed.fsPath}/`) : undefined;
  } catch {
    return undefined;
  }
}

function isWithin(folder: string | undefined, file: string): boolean {
  if (folder === undefined) return false;
  const relative = path.relative(folder, file);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}
