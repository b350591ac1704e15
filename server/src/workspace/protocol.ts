/**
 * What the server asks a client that has files where the server has no disk. Both sides import this file, so it stands
 * by itself.
 */

/** Asks for the YAML files below a folder; answered with their addresses. */
export const findFilesRequest = 'airflowTokenVolume/findFiles';

/** The parameters of {@link findFilesRequest}. */
export interface FindFilesParams {
  /** The address of the folder. */
  readonly folder: string;
  /** Globs of what is left out, as in VS Code's `files.exclude`, relative to the folder. */
  readonly exclude: readonly string[];
}

/** The answer to {@link findFilesRequest}. */
export type FindFilesResult = readonly string[];

/** Asks for the text of a file, without a byte order mark; answered with null where there is none or it is not UTF-8. */
export const readFileRequest = 'airflowTokenVolume/readFile';

/** The parameters of {@link readFileRequest}. */
export interface ReadFileParams {
  readonly uri: string;
}

/** The answer to {@link readFileRequest}. */
export type ReadFileResult = string | null;

/** What a client says in its `initializationOptions`. */
export interface FileSystemOptions {
  /** Whether it answers both requests. */
  readonly fileSystem?: boolean;
  /** Whether it wants to hear when stacks may be others. */
  readonly status?: boolean;
}

/** The name of a file that the requests are about, as a glob that VS Code and LSP understand. */
export const fileGlob = '**/{*.yaml,*.yml,*.yaml.gotmpl,*.yml.gotmpl,Chart.lock,Kustomization}';

/** The largest file that is read, in bytes; the server takes no longer text either. */
export const mostBytes = 4 * 1024 * 1024;

/** The stacks that a document has a part in. Answered with null where it holds no values for the chart. */
export const stacksRequest = 'airflowTokenVolume/stacks';

/** Which document. */
export interface StacksParams {
  readonly uri: string;
}

/** One of a document's stacks, as a person is told of it. */
export interface StackStatus {
  /** What the user calls it; null for a file that is deployed by itself. */
  readonly name: string | null;
  /** Why the files are a stack: `setting`, `file names`, or the kind of resource. */
  readonly origin: string | null;
  /** Where that is said, from the workspace folder, with slashes. */
  readonly originPath: string | null;
  /** The file that says so. */
  readonly originUri: string | null;
  /** The layers, those that are overridden first: paths from the workspace folder. */
  readonly layers: readonly string[];
  /** The release of the chart that counts. */
  readonly chart: string;
  /** Where that comes from: the version as it is written and the path of the file; null for the settings. */
  readonly chartFrom: { readonly text: string; readonly path: string } | null;
  /** The executors; null where they cannot be told. */
  readonly executor: string | null;
  /** How many containers there are; null where that cannot be told. */
  readonly containers: number | null;
  /** How many of them hold a token. */
  readonly holding: number | null;
}

/** The stacks, the chosen one first. */
export type StacksResult = readonly StackStatus[] | null;

/** Tells the client that the stacks of any document may be others. */
export const stacksChangedNotification = 'airflowTokenVolume/stacksChanged';

/** Says which stack of a document is to come first. */
export const chooseStackNotification = 'airflowTokenVolume/chooseStack';

/** Which document, and the name of its stack; null for no certain one. */
export interface ChooseStackParams {
  readonly uri: string;
  readonly name: string | null;
}

/**
 * Who holds a token in a stack of a document. Answered with the engine's `Picture`, or with null where the document holds
 * no values for the chart, or what is deployed cannot be told.
 */
export const pictureRequest = 'airflowTokenVolume/picture';

/** Which document, and the name of its stack; the one that comes first without. */
export interface PictureParams {
  readonly uri: string;
  readonly stack?: string;
}

/**
 * What it takes to migrate a stack of a document, with the params of {@link pictureRequest}. Answered with the engine's
 * `MigrationPlan`, or with null where the document holds no values for the chart, or what is deployed cannot be told.
 */
export const migrationPlanRequest = 'airflowTokenVolume/migrationPlan';

/**
 * What Helm has to be given to render a stack of a document, with the params of {@link pictureRequest}. Answered with the
 * engine's `HelmInputs`, or with null where the document holds no values for the chart.
 */
export const helmInputsRequest = 'airflowTokenVolume/helmInputs';

/** Holds what Helm rendered against what was predicted. Answered with the engine's `Comparison`, or with null. */
export const compareRenderingRequest = 'airflowTokenVolume/compareRendering';

/** Which document and stack, and what `helm template` printed for it. */
export interface CompareRenderingParams extends PictureParams {
  readonly manifests: string;
}
