import {
  DidChangeWatchedFilesNotification,
  FileChangeType,
  WatchKind,
  type ClientCapabilities,
  type Connection,
  type FileEvent,
  type FileSystemWatcher,
} from 'vscode-languageserver';
import { canonical, isBelow, isListed, type FileSystem } from './fileSystem';
import { wait, type Later } from './later';
import { fileGlob } from './protocol';
import { turns } from './turns';

/** How long it has to be quiet until events are looked at, in milliseconds: a branch switch sends thousands. */
const quiet = 50;

/** After how many milliseconds events are looked at even if more keep coming. */
const longest = 1000;

/** What happened to the files of the workspace. */
export interface FileChanges {
  /** Files that are new, or whose text may be another one. */
  readonly changed: ReadonlySet<string>;
  /** Files that were known and are no longer there. */
  readonly removed: ReadonlySet<string>;
  /** Folders of the workspace in which other files may be ignored by now; they have to be discovered again. */
  readonly rediscover: ReadonlySet<string>;
}

/** What the watcher needs to know. */
export interface WatchOptions {
  readonly fileSystem: Pick<FileSystem, 'listAmong'>;
  readonly folders: () => readonly string[];
  /** The globs of what is left out of a folder. */
  readonly exclude: (folder: string) => readonly string[] | Promise<readonly string[]>;
  /** The files that were found, once those who look for them have finished. */
  readonly known: () => ReadonlySet<string> | Promise<ReadonlySet<string>>;
  /** Told of changes; the next ones come when it has finished. */
  readonly changed: (changes: FileChanges) => void | Promise<void>;
  readonly later?: Later;
}

/** Turns a client's events into changes. */
export interface Watcher {
  /** Takes the events of a `workspace/didChangeWatchedFiles`. */
  readonly take: (events: readonly FileEvent[]) => void;
  readonly dispose: () => void;
}

/**
 * What the client is asked to watch. A folder that goes, comes or is renamed is one event for the folder, which a glob
 * for files does not hear of (microsoft/vscode#109754); so everything is watched for that.
 */
export const watchers: readonly FileSystemWatcher[] = [
  { globPattern: fileGlob, kind: WatchKind.Change },
  { globPattern: '**/.gitignore', kind: WatchKind.Change },
  { globPattern: '**', kind: WatchKind.Create | WatchKind.Delete },
];

/**
 * Asks the client to tell of changes of files, if it can; one that refuses does not.
 * @param connection The connection, after the client has said that it is initialized.
 * @param capabilities What the client can do.
 */
export async function registerWatching(
  connection: Pick<Connection, 'client'>,
  capabilities: ClientCapabilities,
): Promise<void> {
  if (capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration !== true) return;
  await connection.client
    .register(DidChangeWatchedFilesNotification.type, { watchers: [...watchers] })
    .catch(() => undefined);
}

/** What the events of a batch say of one address. */
interface Fate {
  /** Whether it is there in the end. */
  readonly isThere: boolean;
  /** Whether it was gone in between. */
  readonly wasGone: boolean;
}

/**
 * Creates what turns the client's events into changes, in batches and one after the other.
 * @param options What it works with.
 */
export function createWatcher(options: WatchOptions): Watcher {
  const later = options.later ?? wait;
  const stop = new AbortController();
  let fates = new Map<string, Fate>();
  let takeBack: (() => void) | undefined;
  let cap: (() => void) | undefined;
  let isWorking = false;

  function take(events: readonly FileEvent[]): void {
    for (const { uri: written, type } of events) {
      const uri = canonical(written);
      // Packages bring .gitignore files along, and Git its own files.
      if (/\/(?:node_modules|\.git)(?:\/|$)/.test(uri)) continue;
      const isThere = type !== FileChangeType.Deleted;
      fates.set(uri, { isThere, wasGone: !isThere || fates.get(uri)?.wasGone === true });
    }
    if (fates.size > 0) schedule();
  }

  function schedule(): void {
    if (stop.signal.aborted) return;
    takeBack?.();
    takeBack = later(start, quiet);
    cap ??= later(start, longest);
  }

  function start(): void {
    takeBack?.();
    cap?.();
    takeBack = cap = undefined;
    if (isWorking || stop.signal.aborted) return;
    isWorking = true;
    void work().finally(() => {
      isWorking = false;
    });
  }

  async function work(): Promise<void> {
    const isOver = (): boolean => stop.signal.aborted;
    while (fates.size > 0 && !isOver()) {
      const batch = fates;
      fates = new Map();
      const changes = await findChanges(batch);
      if (isOver()) return;
      if (changes.changed.size + changes.removed.size + changes.rediscover.size > 0)
        await options.changed(changes);
      // More that came meanwhile waits until it is quiet as well.
      if (takeBack) return;
    }
  }

  async function findChanges(batch: ReadonlyMap<string, Fate>): Promise<FileChanges> {
    const known = await options.known();
    const folders = options.folders().map(canonical);
    const changed = new Set<string>();
    const rediscover = new Set<string>();
    const gone = new Set<string>();
    const unknown: string[] = [];
    for (const [uri, { isThere, wasGone }] of batch) {
      await turns.ready();
      if (uri.endsWith('/.gitignore'))
        for (const folder of folders) if (isBelow(folder, uri)) rediscover.add(folder);
      if (wasGone) gone.add(uri);
      if (!isThere) continue;
      if (known.has(uri)) changed.add(uri);
      // What is in a folder that is new is found with the folder.
      else if (!hasAncestor(uri, (ancestor) => batch.get(ancestor)?.isThere === true)) unknown.push(uri);
    }
    for (const folder of folders) {
      const entries = unknown.filter((uri) => isBelow(folder, uri) && mayMatter(uri));
      if (entries.length === 0) continue;
      const add = (uris: readonly string[]): void => {
        for (const uri of uris) changed.add(uri);
      };
      await options.fileSystem.listAmong(folder, entries, await options.exclude(folder), add, stop.signal);
    }
    return { changed, removed: await goneAmong(known, gone, changed), rediscover };
  }

  return {
    take,
    dispose: () => {
      stop.abort();
      takeBack?.();
      cap?.();
    },
  };
}

/** The known files that are gone, by themselves or with a folder that they were in, and have not come back. */
async function goneAmong(
  known: ReadonlySet<string>,
  gone: ReadonlySet<string>,
  changed: ReadonlySet<string>,
): Promise<Set<string>> {
  const removed = new Set([...gone].filter((uri) => known.has(uri) && !changed.has(uri)));
  const folders = new Set([...gone].filter((uri) => !known.has(uri)));
  if (folders.size === 0) return removed;
  // Many files are in the same folder.
  const answers = new Map<string, boolean>();
  const isGone = (folder: string): boolean => {
    const answer = answers.get(folder) ?? (folders.has(folder) || hasAncestor(folder, isGone));
    answers.set(folder, answer);
    return answer;
  };
  for (const uri of known) {
    await turns.ready();
    if (!changed.has(uri) && hasAncestor(uri, isGone)) removed.add(uri);
  }
  return removed;
}

/** Says whether something holds for the folder that an address is in, or for one above that. */
function hasAncestor(uri: string, holds: (folder: string) => boolean): boolean {
  for (let end = uri.lastIndexOf('/'); end > 0 && uri[end - 1] !== '/'; end = uri.lastIndexOf('/', end - 1))
    if (holds(uri.slice(0, end))) return true;
  return false;
}

/** Says by its name whether something new can be one of the files that are found, or a folder. */
function mayMatter(uri: string): boolean {
  return isListed(uri) || !otherFile.test(uri);
}

/** The ends of names that files have, and folders hardly ever, of which a build makes thousands. */
const otherFile =
  /\.(?:[cm]?[jt]sx?|json|md|pyc?|go|java|class|lock|log|map|tmp|te?xt|png|svg|sh|swp|html|css|tf|tgz)$/i;
