import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import picomatch from 'picomatch';
import { URI } from 'vscode-uri';
import { repositoryOf } from '../disk/ignoredFiles';
import { isRelevant, openDocument, Repository, type FolderSettings } from '../languageService';
import { discover } from '../workspace/discovery';
import { createDiskFiles } from '../workspace/diskFiles';
import { isListed, skippedFolders, type FileSystem } from '../workspace/fileSystem';
import { ConfigurationError, type FoundSettings, type SettingsFor } from './configuration';
import type { StopSignal } from './environment';
import type { Progress } from './progress';

/** A folder whose files are looked at together. */
export interface Root {
  /** Its full path. */
  readonly folder: string;
  /** Whether it is gone through to its ends, or only the folders right in it are looked at. */
  readonly isDeep: boolean;
}

/** What is needed to look through repositories. */
export interface RepositoriesOptions {
  readonly settingsFor: SettingsFor;
  /** Texts that stand for those of files, by the full paths of the files. */
  readonly texts?: ReadonlyMap<string, string>;
  /** Files that count although they may be ignored, by their full paths. */
  readonly files?: readonly string[];
  readonly progress: Progress;
  /** Told of what is no mistake, but not what the user may expect. */
  readonly warn: (message: string) => void;
  /** Says which signal asked for an end. */
  readonly stopped?: (() => Promise<StopSignal | undefined>) | undefined;
}

/** The repository that a file is in, by the file's full path; undefined for one in none. */
export type RepositoryFor = (file: string) => Repository | undefined;

/** How often it is asked during a search whether to end it, in milliseconds. */
const askingInterval = 50;

/** The address of a file, written as those that are found are. */
export function addressOf(file: string): string {
  return URI.file(file).toString();
}

/** The full path of the file at an address. */
export function fileAt(uri: string): string {
  return URI.parse(uri).fsPath;
}

/**
 * The folders to look through for paths: for each the Git repository that it is in, or else the folder that it is, or that
 * the file is in. The folder of a file outside of a repository may be anything, such as somebody's home, so that is not
 * gone through to its ends.
 * @param paths Full paths of files and folders, which need not be there.
 */
export function rootsOf(paths: readonly string[]): Root[] {
  const inGit = new Map<string, string | undefined>();
  const repositories = new Set<string>();
  const named = new Set<string>();
  const aroundFiles = new Set<string>();
  for (const entry of paths) {
    const isNamed = isFolder(entry);
    const folder = isNamed ? entry : path.dirname(entry);
    if (!inGit.has(folder)) inGit.set(folder, repositoryOf(path.join(folder, 'file')));
    const root = inGit.get(folder);
    if (root !== undefined) repositories.add(root);
    else if (isNamed) named.add(folder);
    else aroundFiles.add(folder);
  }
  const isCovered = (folder: string): boolean =>
    [...named].some((other) => other !== folder && isInside(other, folder));
  const deep = [...repositories, ...[...named].filter((folder) => !isCovered(folder))];
  const shallow = [...aroundFiles].filter((folder) => !named.has(folder) && !isCovered(folder));
  return [
    ...deep.map((folder) => ({ folder, isDeep: true })),
    ...shallow.map((folder) => ({ folder, isDeep: false })),
  ];
}

/**
 * Looks through folders for the stacks in them; of all other files only the names are kept.
 * @param roots The folders.
 * @param options What else there is to know.
 */
export async function openRepositories(
  roots: readonly Root[],
  options: RepositoriesOptions,
): Promise<RepositoryFor> {
  const { settingsFor, texts = new Map<string, string>(), files = [] } = options;
  const folders = roots.map(({ folder }) => addressOf(folder));
  const disk = createDiskFiles(() => folders);
  const { uris, texts: found } = await search(roots, disk, options);
  const given = new Map([...texts].map(([file, text]) => [addressOf(file), text]));
  const rootFor = createRootFor(roots);
  const namesIn = new Map<string, Set<string>>(roots.map(({ folder }) => [folder, new Set()]));
  for (const uri of uris) namesIn.get(rootFor(fileAt(uri)) ?? '')?.add(uri);
  for (const file of [...files, ...texts.keys()])
    if (isListed(slashed(file))) namesIn.get(rootFor(file) ?? '')?.add(addressOf(file));

  const repositories = new Map<string, Repository>();
  for (const [folder, names] of namesIn) {
    const repository = new Repository(addressOf(folder), folderSettings(folder, names, options));
    repositories.set(folder, repository);
    repository.setNames(names);
    for (const uri of names) {
      const isIgnored = !uris.has(uri) && !given.has(uri);
      const text = given.get(uri) ?? found.get(uri) ?? (isIgnored ? await disk.read(uri) : undefined);
      if (text !== undefined && (!isIgnored || matters(uri, text, settingsFor))) put(repository, uri, text);
    }
    for (let wanted = repository.wanted(); wanted.length > 0; wanted = repository.wanted())
      await Promise.all(
        wanted.map(async (uri) => {
          const text = await disk.read(uri);
          if (text === undefined) repository.cannotRead(uri);
          else put(repository, uri, text);
        }),
      );
  }
  return (file) => repositories.get(rootFor(file) ?? '');
}

function put(repository: Repository, uri: string, text: string): void {
  repository.put({ uri, version: null, values: openDocument(uri, 0, text).values });
}

function matters(uri: string, text: string, settingsFor: SettingsFor): boolean {
  const file = fileAt(uri);
  // A mistake in the settings is told when they are asked for a file that is checked.
  const patterns = unlessMistaken(() => settingsFor(file).files) ?? [];
  return isRelevant(slashed(file), text, patterns);
}

async function search(
  roots: readonly Root[],
  disk: FileSystem,
  { settingsFor, progress, stopped }: RepositoriesOptions,
): ReturnType<typeof discover> {
  const shallow = new Map(
    roots.flatMap(({ folder, isDeep }) => (isDeep ? [] : [[addressOf(folder), folder]])),
  );
  const fileSystem: Pick<FileSystem, 'list' | 'read'> = {
    read: (uri, isWorthDecoding) => disk.read(uri, isWorthDecoding),
    list: (uri, exclude, found, signal) => {
      const folder = shallow.get(uri);
      if (folder === undefined) return disk.list(uri, exclude, found, signal);
      found(filesNear(folder).map(addressOf));
      return Promise.resolve();
    },
  };
  const searching = new AbortController();
  const asking =
    stopped &&
    setInterval(() => {
      void stopped().then((signal) => {
        if (signal !== undefined) searching.abort();
      });
    }, askingInterval);
  try {
    return await discover(
      fileSystem,
      roots.map(({ folder }) => addressOf(folder)),
      {
        exclude: () => [],
        isWorthReading: () => true,
        isRelevant: (uri, text) => matters(uri, text, settingsFor),
        signal: searching.signal,
        progress: progress.at,
      },
    );
  } finally {
    clearInterval(asking);
  }
}

/** The files of a folder and of those right in it, as far as they are found in other folders, too. */
function filesNear(folder: string, depth = 1): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const inner = path.join(folder, entry.name);
      if (entry.isDirectory())
        return depth > 0 && !skippedFolders.has(entry.name) ? filesNear(inner, depth - 1) : [];
      return isListed(entry.name) ? [inner] : [];
    });
  } catch {
    // Nobody asked for these files.
    return [];
  }
}

/** Says for a file in which of some folders it is: the innermost one. */
function createRootFor(roots: readonly Root[]): (file: string) => string | undefined {
  const folders = new Set(roots.map(({ folder }) => folder));
  const known = new Map<string, string | undefined>();
  const find = (folder: string): string | undefined => {
    if (folders.has(folder)) return folder;
    if (known.has(folder)) return known.get(folder);
    const parent = path.dirname(folder);
    const found = parent === folder ? undefined : find(parent);
    known.set(folder, found);
    return found;
  };
  return (file) => find(path.dirname(file));
}

/**
 * What the configurations of a repository say about all of it. Their globs begin in the folder that they lie in, and those of
 * one that lies outside of the repository at its root.
 */
function folderSettings(
  folder: string,
  names: ReadonlySet<string>,
  { settingsFor, warn }: RepositoriesOptions,
): FolderSettings {
  const ofRoot = unlessMistaken(() => settingsFor(path.join(folder, 'file')));
  const all = new Set<FoundSettings>(ofRoot ? [ofRoot] : []);
  const folders = new Set([...names].map((uri) => path.dirname(fileAt(uri))));
  for (const inner of [...folders].sort()) {
    const settings = unlessMistaken(() => settingsFor(path.join(inner, 'file')));
    if (settings) all.add(settings);
  }
  const stacks = new Map<string, readonly string[]>();
  for (const settings of all) {
    const own = settings.folder;
    const below = own !== undefined && isInside(folder, own) ? slashed(path.relative(folder, own)) : '';
    const from = below.replace(/[\\*?[\]{}()!+@]/g, '\\$&');
    for (const [name, globs] of settings.stacks) {
      const unique = stacks.has(name) ? `${name} (${path.posix.basename(below)})` : name;
      stacks.set(
        unique,
        globs.map((glob) => (from === '' ? glob : `${from}/${glob.replace(/^(?:\.?\/)+/, '')}`)),
      );
    }
  }
  if (stacks.size > 0) {
    const paths = [...names].map((uri) => slashed(path.relative(folder, fileAt(uri))));
    for (const [name, globs] of stacks)
      for (const glob of globs)
        if (!paths.some(fits(glob))) warn(`no file fits ${glob}, which the setting stacks.${name} names.`);
  }
  return {
    files: ofRoot?.files ?? [],
    stacks,
    chartRepositories: [...new Set([...all].flatMap(({ chartRepositories }) => chartRepositories))],
  };
}

/** Makes a test of paths out of a glob, as the engine reads those of stacks. */
function fits(glob: string): (file: string) => boolean {
  try {
    const matches = picomatch(glob.replace(/^\.?\/+/, ''), { dot: true });
    return (file) => matches(file);
  } catch {
    return () => false;
  }
}

/** What a function returns; undefined where it meets a configuration with a mistake. */
function unlessMistaken<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    if (error instanceof ConfigurationError) return undefined;
    throw error;
  }
}

function isFolder(entry: string): boolean {
  try {
    return statSync(entry).isDirectory();
  } catch {
    return false;
  }
}

/** Says whether a path is in a folder, or the folder itself. */
export function isInside(folder: string, entry: string): boolean {
  const relative = path.relative(folder, entry);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

/** A path with slashes, as globs have them. */
export function slashed(file: string): string {
  return file.replaceAll(path.sep, '/');
}
