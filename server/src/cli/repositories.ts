import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { URI } from 'vscode-uri';
import { repositoryOf } from '../disk/ignoredFiles';
import {
  isRelevant,
  openDocument,
  Repository,
  type FolderSettings,
  type OpenDocument,
  type Settings,
} from '../languageService';
import { discover } from '../workspace/discovery';
import { createDiskFiles } from '../workspace/diskFiles';
import { isListed, skippedFolders, type FileSystem } from '../workspace/fileSystem';
import type { FoundSettings, SettingsFor } from './configuration';
import { UsageError, type StopSignal } from './environment';
import type { Progress } from './progress';

/** A folder whose files are looked at together. */
export interface Root {
  /** Its full path. */
  readonly folder: string;
  /** Whether it is looked through with all folders in it, and not only with those right below it. */
  readonly isDeep: boolean;
}

/** The repositories that files are judged in. */
export interface Repositories {
  /** The repository that a file is in; undefined for one in none. */
  readonly of: (file: string) => Repository | undefined;
}

/** What is needed to look through repositories. */
export interface RepositoriesOptions {
  readonly settingsFor: SettingsFor;
  /** Texts that stand for those of files, by the full paths of the files. */
  readonly texts?: ReadonlyMap<string, string>;
  /** Files that count although they are ignored. */
  readonly files?: readonly string[];
  readonly progress: Progress;
  /** Says which signal asked for an end. */
  readonly stopped?: (() => Promise<StopSignal | undefined>) | undefined;
}

/** How often it is asked during a search whether to end it, in milliseconds. */
const askingInterval = 50;

/**
 * The folders to look through for paths: for each the Git repository that it is in, or else the folder that it is, or that
 * the file is in. The folder of a file outside of a repository may be anything, such as somebody's home, and so is not
 * gone through to its ends.
 * @param paths Full paths of files and folders, which need not be there.
 */
export function rootsOf(paths: readonly string[]): Root[] {
  const ofFolders = new Map<string, string | undefined>();
  const gitRootOf = (folder: string): string | undefined => {
    if (!ofFolders.has(folder)) ofFolders.set(folder, repositoryOf(path.join(folder, 'file')));
    return ofFolders.get(folder);
  };
  const deep = new Set<string>();
  const others = new Set<string>();
  const shallow = new Set<string>();
  for (const entry of paths) {
    const isDirectory = isFolder(entry);
    const folder = isDirectory ? entry : path.dirname(entry);
    const root = gitRootOf(folder);
    if (root !== undefined) deep.add(root);
    else (isDirectory ? others : shallow).add(folder);
  }
  const isCovered = (folder: string, by: Iterable<string>): boolean =>
    [...by].some((other) => other !== folder && isInside(other, folder));
  for (const folder of others) if (!isCovered(folder, others)) deep.add(folder);
  return [
    ...[...deep].map((folder) => ({ folder, isDeep: true })),
    ...[...shallow]
      .filter((folder) => !others.has(folder) && !isCovered(folder, others))
      .map((folder) => ({ folder, isDeep: false })),
  ];
}

/**
 * Looks through folders for the stacks in them. Only what matters for the chart is kept.
 * @param roots The folders.
 * @param options What else there is to know.
 */
export async function openRepositories(
  roots: readonly Root[],
  options: RepositoriesOptions,
): Promise<Repositories> {
  const { settingsFor, progress, stopped, texts = new Map<string, string>(), files = [] } = options;
  const byFolder = new Map(roots.map(({ folder }) => [URI.file(folder).toString(), folder]));
  const folders = [...byFolder.keys()];
  const disk = createDiskFiles(() => folders);
  const shallow = new Set(roots.filter(({ isDeep }) => !isDeep).map(({ folder }) => folder));
  const fileSystem: Pick<FileSystem, 'list' | 'read'> = {
    read: (uri, isWorthDecoding) => disk.read(uri, isWorthDecoding),
    list: (folder, exclude, found, signal) => {
      const root = byFolder.get(folder);
      if (root === undefined || !shallow.has(root)) return disk.list(folder, exclude, found, signal);
      found(filesRightBelow(root).map(addressOf));
      return Promise.resolve();
    },
  };
  const patternsFor = (uri: string): readonly string[] => settingsOr(settingsFor, fileAt(uri)).files;
  const search = new AbortController();
  const asking =
    stopped &&
    setInterval(() => {
      void stopped().then((signal) => {
        if (signal !== undefined) search.abort();
      });
    }, askingInterval);
  const { uris, texts: found } = await discover(fileSystem, folders, {
    exclude: () => [],
    isWorthReading: () => true,
    isRelevant: (uri, text) => isRelevant(slashed(fileAt(uri)), text, patternsFor(uri)),
    signal: search.signal,
    progress: progress.at,
  }).finally(() => {
    clearInterval(asking);
  });

  const given = new Map([...texts].map(([file, text]) => [addressOf(file), text]));
  const named = [...files, ...texts.keys()].filter((file) => isListed(file)).map(addressOf);
  const names = new Set([...uris, ...named]);
  const repositories = new Map<string, Repository>();
  const folderOf = createFolderOf(roots);
  const namesIn = new Map<string, string[]>();
  for (const uri of names) {
    const folder = folderOf(fileAt(uri));
    if (folder !== undefined) namesIn.set(folder, [...(namesIn.get(folder) ?? []), uri]);
  }
  return { of: () => undefined };
}
