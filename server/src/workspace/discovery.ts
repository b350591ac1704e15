import type { FileSystem } from './fileSystem';
import { turns } from './turns';

/** What is looked for. */
export interface DiscoveryOptions {
  /** The globs of what is left out of a folder. */
  readonly exclude: (folder: string) => readonly string[] | Promise<readonly string[]>;
  /** Says by its address whether a file is read at all. */
  readonly isWorthReading: (uri: string) => boolean;
  /** A cheap look at the bytes of a file, where they are at hand, that saves making text of most of them. */
  readonly isCandidate?: (uri: string, bytes: Uint8Array) => boolean;
  /** Says whether a file's text is kept. */
  readonly isRelevant: (uri: string, text: string) => boolean;
  /** Ends the search; what was found until then is given back. */
  readonly signal: AbortSignal;
  /** Told now and then how many files were looked at, out of how many that are known of so far. */
  readonly progress?: (done: number, total: number) => void;
}

/** What is in the folders. */
export interface Discovery {
  /** Every YAML file. */
  readonly uris: ReadonlySet<string>;
  /** The texts of the relevant ones, in the order of their addresses. */
  readonly texts: ReadonlyMap<string, string>;
}

/** How many files are read at once. */
const mostReaders = 4;

/** After how many files progress is told. */
const progressStep = 100;

/**
 * Looks through folders in the background, in small steps between which other work is done.
 * @param fileSystem The files.
 * @param folders The addresses of the folders.
 */
export async function discover(
  fileSystem: Pick<FileSystem, 'list' | 'read'>,
  folders: readonly string[],
  options: DiscoveryOptions,
): Promise<Discovery> {
  const { signal } = options;
  const uris = new Set<string>();
  const kept = new Map<string, string>();
  const waiting: string[] = [];
  const readers: Promise<void>[] = [];
  let working = 0;
  let done = 0;
  let failure: { readonly error: unknown } | undefined;

  async function readWaiting(): Promise<void> {
    working++;
    try {
      for (let uri = waiting.pop(); uri !== undefined; uri = waiting.pop()) {
        if (signal.aborted || failure) break;
        await look(uri);
        if (++done % progressStep === 0) options.progress?.(done, uris.size);
      }
    } catch (error) {
      failure ??= { error };
    }
    working--;
  }

  async function look(uri: string): Promise<void> {
    await turns.ready();
    if (!options.isWorthReading(uri)) return;
    const { isCandidate } = options;
    const text = await fileSystem.read(uri, isCandidate && ((bytes) => isCandidate(uri, bytes)));
    if (text === undefined) return;
    await turns.ready();
    if (options.isRelevant(uri, text)) kept.set(uri, text);
  }

  function found(batch: readonly string[]): void {
    for (const uri of batch) {
      if (uris.has(uri)) continue;
      uris.add(uri);
      waiting.push(uri);
    }
    while (working < mostReaders && waiting.length > 0) readers.push(readWaiting());
  }

  await Promise.all(
    folders.map(async (folder) => fileSystem.list(folder, await options.exclude(folder), found, signal)),
  );
  await Promise.all(readers);
  if (failure) throw failure.error;
  options.progress?.(done, uris.size);
  const texts = new Map([...kept].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { uris, texts };
}

/**
 * Makes a test of bytes for words.
 * @param words Words of ASCII letters, such as those that every relevant file has at least one of.
 * @returns Says whether one of them is among the bytes.
 */
export function createWordTest(words: readonly string[]): (bytes: Uint8Array) => boolean {
  const sought = words.map((word) => Buffer.from(word));
  return (bytes) => {
    const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return sought.some((word) => all.includes(word));
  };
}
