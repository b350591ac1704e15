import type { FileEvent } from 'vscode-languageserver';
import { discover, type DiscoveryOptions } from './discovery';
import type { FileSystem } from './fileSystem';
import type { Later } from './later';
import type { SearchProgress } from './progress';
import { createWatcher, type FileChanges } from './watching';

/** What is kept of the workspace, and who is told of it. */
export interface WorkspaceFilesOptions extends Omit<DiscoveryOptions, 'signal' | 'progress'> {
  readonly fileSystem: FileSystem;
  readonly folders: () => readonly string[];
  /**
   * Told when something is another, after it is.
   * @param uris The relevant files that are new, gone, or have another text, and all files that came or went.
   */
  readonly changed: (uris: ReadonlySet<string>) => void;
  /** Told of an error of one of these functions; everything else goes on. */
  readonly failed: (error: unknown) => void;
  /** Called when a search through everything begins. */
  readonly startProgress?: () => SearchProgress;
  readonly later?: Later;
}

/** The files on disk, or wherever they are, as they were when they were last looked at. */
export interface WorkspaceFiles {
  /** Every YAML file, by its address as `canonical` writes it. */
  readonly uris: () => ReadonlySet<string>;
  /** The texts of the relevant ones. */
  readonly texts: () => ReadonlyMap<string, string>;
  /** Looks through all folders, as at the start and when they or the settings changed; ends a search under way. */
  readonly discover: () => Promise<void>;
  /** Takes the events of a `workspace/didChangeWatchedFiles`. */
  readonly take: (events: readonly FileEvent[]) => void;
  readonly dispose: () => void;
}

/**
 * Keeps what is relevant in the workspace at hand.
 * @param options What is relevant, and who is told.
 */
export function createWorkspaceFiles(options: WorkspaceFilesOptions): WorkspaceFiles {
  const { fileSystem, folders, exclude } = options;
  let uris: ReadonlySet<string> = new Set();
  let texts: ReadonlyMap<string, string> = new Map();
  let search = new AbortController();
  let searching: Promise<void> = Promise.resolve();
  const disposed = new AbortController();

  function replace(newUris: ReadonlySet<string>, newTexts: ReadonlyMap<string, string>): void {
    const others = new Set<string>();
    for (const uri of newUris) if (!uris.has(uri)) others.add(uri);
    for (const uri of uris) if (!newUris.has(uri)) others.add(uri);
    for (const [uri, text] of newTexts) if (texts.get(uri) !== text) others.add(uri);
    for (const uri of texts.keys()) if (!newTexts.has(uri)) others.add(uri);
    uris = newUris;
    texts = newTexts;
    if (others.size > 0) options.changed(others);
  }

  async function searchAll(signal: AbortSignal): Promise<void> {
    const progress = options.startProgress?.();
    try {
      const found = await discover(fileSystem, folders(), {
        ...options,
        signal,
        ...(progress && { progress: progress.report }),
      });
      if (!signal.aborted) replace(found.uris, found.texts);
    } catch (error) {
      options.failed(error);
    } finally {
      progress?.end();
    }
  }

  function discoverAll(): Promise<void> {
    search.abort();
    if (disposed.signal.aborted) return Promise.resolve();
    search = new AbortController();
    searching = searchAll(search.signal);
    return searching;
  }

  /** Resolves when no search is under way. */
  async function settled(): Promise<void> {
    let last: Promise<void> | undefined;
    while (last !== searching) {
      last = searching;
      await last;
    }
  }

  async function apply({ changed, removed, rediscover }: FileChanges): Promise<void> {
    try {
      // What is found now is newer than what these events are about.
      if (rediscover.size > 0) {
        await discoverAll();
        return;
      }
      await settled();
      const before = search;
      // The same careful reading, of a workspace that has only these files.
      const reading: Pick<FileSystem, 'list' | 'read'> = {
        read: (uri, isWorthDecoding) => fileSystem.read(uri, isWorthDecoding),
        list: (_, __, found) => {
          found([...changed]);
          return Promise.resolve();
        },
      };
      const { isWorthReading, isCandidate, isRelevant } = options;
      const found = await discover(reading, [''], {
        isWorthReading,
        ...(isCandidate && { isCandidate }),
        isRelevant,
        exclude: () => [],
        signal: disposed.signal,
      });
      // A new search has begun, and sees all this by itself.
      if (search !== before || disposed.signal.aborted) return;
      const newUris = new Set(uris);
      const newTexts = new Map(texts);
      for (const uri of [...changed, ...removed]) newTexts.delete(uri);
      for (const uri of removed) newUris.delete(uri);
      for (const uri of changed) newUris.add(uri);
      for (const [uri, text] of found.texts) newTexts.set(uri, text);
      replace(newUris, newTexts);
    } catch (error) {
      options.failed(error);
    }
  }

  const watcher = createWatcher({
    fileSystem,
    folders,
    exclude,
    known: async () => {
      await settled();
      return uris;
    },
    changed: apply,
    ...(options.later && { later: options.later }),
  });

  return {
    uris: () => uris,
    texts: () => texts,
    discover: discoverAll,
    take: watcher.take,
    dispose: () => {
      disposed.abort();
      search.abort();
      watcher.dispose();
    },
  };
}
