import type { FileEvent } from 'vscode-languageserver';
import {
  isRelevant,
  Repository,
  openDocument,
  type OpenDocument,
  type Part,
  type Settings,
} from './languageService';
import { createWordTest } from './workspace/discovery';
import { canonical, isBelow, type FileSystem } from './workspace/fileSystem';
import type { SearchProgress } from './workspace/progress';
import { createWorkspaceFiles, type WorkspaceFiles } from './workspace/workspaceFiles';

/** How long a question waits for the first look through the workspace, in milliseconds. */
const longestWait = 1000;

/** What the repositories need of the server. */
export interface RepositoriesOptions {
  readonly fileSystem: FileSystem;
  /** The workspace's folders. */
  readonly folders: () => readonly string[];
  /** Asks for the settings that hold for a folder. */
  readonly askSettings: (folder: string) => Promise<Settings>;
  /** Asks for the globs of what is left out of a folder. */
  readonly askExcludes: (folder: string) => Promise<readonly string[]>;
  /** Told when findings may be others, in any file. */
  readonly changed: () => void;
  /** Told of an error; everything else goes on. */
  readonly failed: (error: unknown) => void;
  /** Called when a look through the workspace begins. */
  readonly startProgress: () => SearchProgress;
}

/** The workspace's folders, each with the stacks that its files make. */
export class Repositories {
  private readonly options: RepositoriesOptions;
  private readonly files: WorkspaceFiles;
  private readonly byFolder = new Map<string, Repository>();
  private readonly settings = new Map<string, Settings>();
  /** What the client has open, by the address as all files are known by here; clients write some in other ways. */
  private readonly open = new Map<string, OpenDocument>();
  /** Resolves when the first look through the workspace is over, or was waited for long enough. */
  private first: Promise<void> | undefined;
  private isReady = true;

  constructor(options: RepositoriesOptions) {
    this.options = options;
    const isCandidate = createWordTest(telling);
    this.files = createWorkspaceFiles({
      fileSystem: options.fileSystem,
      folders: options.folders,
      exclude: (folder) => options.askExcludes(folder),
      isWorthReading: () => true,
      isCandidate: (_, bytes) => isCandidate(bytes),
      isRelevant: (uri, text) => isRelevant(uri, text, this.settingsFor(uri)?.files ?? []),
      changed: (uris) => {
        void this.take(uris);
      },
      failed: options.failed,
      startProgress: options.startProgress,
    });
  }

  /** Looks through the workspace, at the start and whenever its folders or the settings change. */
  async discover(): Promise<void> {
    this.isReady = false;
    const done = this.discoverAll().catch(this.options.failed);
    this.first ??= Promise.race([done, delay(longestWait)]);
    await done;
    this.isReady = true;
    this.options.changed();
  }

  private async discoverAll(): Promise<void> {
    const folders = this.options.folders().map(canonical);
    for (const known of [...this.byFolder.keys()]) if (!folders.includes(known)) this.byFolder.delete(known);
    for (const folder of folders) {
      const settings = await this.options.askSettings(folder);
      this.settings.set(folder, settings);
      const known = this.byFolder.get(folder);
      if (known) known.configure(settings);
      else this.byFolder.set(folder, new Repository(folder, settings));
    }
    if (folders.length === 0) return;
    await this.files.discover();
    await this.take(new Set(this.files.texts().keys()));
  }

  /** Takes in what the client says of files on disk. */
  watched(events: readonly FileEvent[]): void {
    this.files.take(events);
  }

  /** Resolves when the workspace was looked through once, or that takes too long to wait for. */
  async settled(): Promise<void> {
    await this.first;
  }

  /** Takes in a document that was opened or changed. */
  opened(document: OpenDocument): void {
    const uri = canonical(document.uri);
    this.open.set(uri, document);
    this.of(uri)?.put({ ...document, uri });
  }

  /** Takes in that a document was closed, so that its file counts again; resolves when that is read. */
  async closed(address: string): Promise<void> {
    const uri = canonical(address);
    this.open.delete(uri);
    const repository = this.of(uri);
    if (!repository) return;
    const text = this.files.texts().get(uri);
    if (text !== undefined) this.put(repository, uri, text);
    else if (this.files.uris().has(uri)) await this.read(repository, uri);
    else repository.remove(uri);
  }

  /**
   * The values in a document with the stacks that they are deployed in.
   * @returns Undefined for one in no stack.
   */
  partsOf(uri: string): readonly Part[] | undefined {
    return this.of(uri)?.partsOf(canonical(uri));
  }

  /** Says which of its stacks is to come first for a document; undefined for no certain one. */
  prefer(uri: string, name: string | undefined): void {
    this.of(uri)?.prefer(canonical(uri), name);
  }

  /** The repository that a file is in; the innermost one. */
  of(uri: string): Repository | undefined {
    let found: Repository | undefined;
    const address = canonical(uri);
    for (const repository of this.byFolder.values()) {
      const isInner = !found || repository.folder.length > found.folder.length;
      if (isInner && isBelow(repository.folder, address)) found = repository;
    }
    return found;
  }

  /** The other files whose findings may be others when a file changes; open ones by the address that the client has. */
  neighboursOf(uri: string): ReadonlySet<string> {
    const others = this.of(uri)?.neighboursOf(canonical(uri)) ?? [];
    return new Set([...others].map((other) => this.open.get(other)?.uri ?? other));
  }

  /** The files that are not open and are to have their findings shown. */
  shownWhileClosed(): string[] {
    return [...this.byFolder].flatMap(([folder, repository]) => {
      const which = this.settings.get(folder)?.workspaceDiagnostics;
      if (which === 'off') return [];
      const uris = which === 'all' ? repository.uris() : repository.filesInStacks();
      return [...uris].filter(
        (uri) => !this.open.has(uri) && repository.file(uri) !== undefined && this.of(uri) === repository,
      );
    });
  }

  /** A file as it was read, where it is not open. */
  document(uri: string): OpenDocument | undefined {
    const file = this.open.has(uri) ? undefined : this.of(uri)?.file(uri);
    return file && { uri, version: file.version ?? 0, values: file.values };
  }

  private settingsFor(uri: string): Settings | undefined {
    const repository = this.of(uri);
    return repository && this.settings.get(repository.folder);
  }

  private put(repository: Repository, uri: string, text: string): void {
    const { values } = openDocument(uri, 0, text);
    repository.put({ uri, version: null, values });
  }

  private async take(uris: ReadonlySet<string>): Promise<void> {
    const all = this.files.uris();
    const isIn = (repository: Repository, uri: string): boolean =>
      isBelow(repository.folder, uri) && this.of(uri) === repository;
    for (const repository of this.byFolder.values()) {
      repository.setNames([...all, ...this.open.keys()].filter((uri) => isIn(repository, uri)));
      // They were opened before it was known which folders there are, or say other things than on disk.
      for (const [uri, document] of this.open)
        if (!repository.file(uri) && isIn(repository, uri)) repository.put({ ...document, uri });
    }
    for (const uri of uris) {
      const repository = this.of(uri);
      if (!repository) continue;
      const open = this.open.get(uri);
      const text = this.files.texts().get(uri);
      if (open) repository.put({ ...open, uri });
      else if (text !== undefined) this.put(repository, uri, text);
      else if (all.has(uri)) repository.forget(uri);
      else repository.remove(uri);
    }
    await this.readWanted();
    if (this.isReady) this.options.changed();
  }

  /** Reads the files that a stack names and that say nothing of the chart by themselves. */
  private async readWanted(): Promise<void> {
    for (const repository of this.byFolder.values()) {
      for (let wanted = repository.wanted(); wanted.length > 0; wanted = repository.wanted())
        for (const uri of wanted) await this.read(repository, uri);
    }
  }

  private async read(repository: Repository, uri: string): Promise<void> {
    const text = await this.options.fileSystem.read(uri);
    const open = this.open.get(uri);
    if (open) repository.put({ ...open, uri });
    else if (text === undefined) repository.cannotRead(uri);
    else this.put(repository, uri, text);
  }

  /** Ends what is under way. */
  dispose(): void {
    this.files.dispose();
  }
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
}

/** Words of which every file that matters has one. */
const telling = [
  'airflow',
  'executor',
  'scheduler',
  'serviceAccount',
  'triggerer',
  'dagProcessor',
  'createUserJob',
  'migrateDatabaseJob',
  'databaseCleanup',
  'webserverSecret',
  'fernetKey',
  'apiSecretKey',
  'PodLaunching',
  'JobLaunching',
  'Application',
  'HelmRelease',
  'HelmRepository',
  'OCIRepository',
  'HelmChart',
  'helmCharts',
  'dependencies',
  'releases',
  'helm:',
];
