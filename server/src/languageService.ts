import type {
  CodeAction,
  CodeActionContext,
  CodeLens,
  CompletionItem,
  Diagnostic,
  DocumentLink,
  Hover,
  InlayHint,
  Position,
  Range,
} from 'vscode-languageserver-types';
import { getCodeActions, type EditSupport } from './features/codeActions';
import { getCodeLenses, type CodeLensSupport } from './features/codeLens';
import { getCompletions, type CompletionSupport } from './features/completion';
import { getDiagnostics, pageOf } from './features/diagnostics';
import { getDocumentLinks } from './features/documentLinks';
import { getExposure, type ExposureReport, type ValuesLayer } from './features/exposure';
import { getFindings, type CheckedFinding } from './features/findings';
import { getHover } from './features/hover';
import { getInlayHints } from './features/inlayHints';
import { getKeyCompletions } from './features/keyCompletion';
import { pictureOfLayers } from './features/layeredPicture';
import type { OpenDocument } from './features/openDocument';
import { getPicture, type Picture } from './features/picture';
import { getMigrationPlan, type MigrationPlan } from './features/migrationPlan';
import { compareRendering, getHelmInputs, type Comparison, type HelmInputs } from './features/rendering';
import { nextRepair, type Repair } from './features/repair';
import { rulePage } from './features/rulePage';
import type { Settings } from './features/settings';
import { createSnapshot, type Part, type PartSnapshot, type Snapshot } from './features/snapshot';
import { allRules } from './rules/allRules';
import type { ReportFailure } from './rules/judge';
import type { Severity } from './rules/rule';

export { fixAllKind, type EditSupport } from './features/codeActions';
export { lensCommands, type CodeLensSupport } from './features/codeLens';
export type { CompletionSupport } from './features/completion';
export type { ExposureReport, LayerPlace, ValuesLayer } from './features/exposure';
export { changeDocument, openDocument, type ContentChange, type OpenDocument } from './features/openDocument';
export type { CheckedFinding, OfferedFix, RelatedPlace } from './features/findings';
export { directiveIn, fitsName } from './features/recognition';
export { pathFrom as pathIn } from './stacks/paths';
export { isRelevant } from './stacks/relevance';
export { Repository, type FolderSettings, type RepositoryFile } from './stacks/repository';
export type { LayerPlan, StackOrigin, StackPlan } from './stacks/plan';
export type { Layer } from './values/layers';
export type {
  Picture,
  PictureContainer,
  PicturePlace,
  PictureToken,
  PictureTotals,
  PictureWorkload,
  TokenNeed,
  TokenState,
} from './features/picture';
export { pictureMarkdown, problemMarkdown } from './features/pictureMarkdown';
export { pictureSvg, type SvgOptions } from './features/pictureSvg';
export type { MigrationPlan } from './features/migrationPlan';
export type { Comparison, HelmInputs } from './features/rendering';
export type { Repair } from './features/repair';
export { defaultSettings, readSettings, type Settings } from './features/settings';
export type { Part, Snapshot } from './features/snapshot';
export type { ContainerRecord, WorkloadRecord } from './chart/prediction';
export { releaseOf, releases } from './chart/releases';
export { severities, type Severity } from './rules/rule';
export { durationInWords, nearest } from './rules/words';

/** What the client of the service can take, and where it wants to hear of failures. */
export interface LanguageServiceOptions {
  readonly edits: EditSupport;
  readonly completion: CompletionSupport;
  /** Without it, lenses call no commands. */
  readonly codeLens?: CodeLensSupport;
  readonly report: ReportFailure;
}

/** Everything that an editor or the command line asks of the engine. Knows no connection, no process and no disk. */
export interface LanguageService {
  /**
   * Looks at a document as it is now. What costs time is done when one of the other functions first needs it.
   * @param parts The values in it, where it is known what they are deployed with; otherwise the document is judged by
   *   itself.
   */
  look(document: OpenDocument, settings: Settings, parts?: readonly Part[]): Snapshot;
  /** The findings in the order of the text; none for a document that holds no values for the Airflow chart. */
  diagnostics(snapshot: Snapshot): Diagnostic[];
  /** The same, each with the fixes that can be made. */
  findings(snapshot: Snapshot): CheckedFinding[];
  /**
   * The next step of fixing a document without anybody looking on; undefined when nothing is left to do. Another
   * step may be possible in its result.
   * @param migrate Whether to migrate from automatic mounting to manual token volumes as well.
   */
  nextRepair(snapshot: Snapshot, migrate: boolean): Repair | undefined;
  /** What the key or value at a position is and means; undefined for any other text. */
  hover(snapshot: Snapshot, position: Position): Hover | undefined;
  /** Quick fixes for the findings at a range, and the fix for all safe ones where the context asks for it. */
  codeActions(snapshot: Snapshot, range: Range, context: CodeActionContext): CodeAction[];
  /**
   * Who holds a token in a stack of the document, and who would after the migration; undefined where the document holds
   * no values for the chart, or what is deployed cannot be told.
   * @param stack The stack's name; the first one without.
   */
  picture(snapshot: Snapshot, stack?: string): Picture | undefined;
  /**
   * What it takes to migrate a stack of the document to manual token volumes; undefined where the document holds no values
   * for the chart, or what is deployed cannot be told.
   * @param stack The stack's name; the first one without.
   */
  migrationPlan(snapshot: Snapshot, stack?: string): MigrationPlan | undefined;
  /**
   * What Helm has to be given to render a stack of the document; undefined where that holds no values for the chart.
   * @param stack The stack's name; the first one without.
   */
  helmInputs(snapshot: Snapshot, stack?: string): HelmInputs | undefined;
  /**
   * Holds what Helm rendered of a stack against what was predicted; undefined where nothing was.
   * @param manifests What `helm template` printed.
   */
  compareRendering(snapshot: Snapshot, stack: string | undefined, manifests: string): Comparison | undefined;
  /** Snippets and keys that fit the map at a position, or values for the key there. */
  completions(snapshot: Snapshot, position: Position): CompletionItem[];
  /** Who holds a token, above each component in the text; none where the settings switch that off. */
  codeLenses(snapshot: Snapshot): CodeLens[];
  /** What values in a range mean, behind them; none where the settings switch that off. */
  inlayHints(snapshot: Snapshot, range: Range): InlayHint[];
  /** The chart's documentation, on the keys that it is about. */
  documentLinks(snapshot: Snapshot): DocumentLink[];
}

/** Creates the service for a client. It keeps nothing between calls. */
export function createLanguageService(options: LanguageServiceOptions): LanguageService {
  return {
    look: (document, settings, parts) => createSnapshot(document, settings, options.report, parts),
    diagnostics: ({ parts }) => parts.flatMap(getDiagnostics),
    findings: ({ parts }) => parts.flatMap(getFindings),
    nextRepair,
    hover: (snapshot, position) => inPart(snapshot, position, getHover),
    codeActions: (snapshot, range, context) => getCodeActions(snapshot, range, context, options.edits),
    picture: (snapshot, stack) => {
      const part = partIn(snapshot, stack);
      return part && getPicture(part, stack);
    },
    helmInputs: (snapshot, stack) => {
      const part = partIn(snapshot, stack);
      return part && getHelmInputs(part, stack);
    },
    compareRendering: (snapshot, stack, manifests) => {
      const part = partIn(snapshot, stack);
      return part && compareRendering(part, stack, manifests);
    },
    migrationPlan: (snapshot, stack) => {
      const part = partIn(snapshot, stack);
      return part && getMigrationPlan(part, stack, options.edits);
    },
    completions: (snapshot, position) =>
      inPart(snapshot, position, (part, inner) => [
        ...getCompletions(part, inner, options.completion),
        ...getKeyCompletions(part, inner, options.completion),
      ]) ?? [],
    codeLenses: ({ settings, parts }) =>
      settings.codeLens
        ? parts.flatMap((part) => getCodeLenses(part, options.codeLens ?? { commands: [] }))
        : [],
    inlayHints: ({ settings, parts }, range) =>
      settings.inlayHints ? parts.flatMap((part) => getInlayHints(part, range)) : [],
    documentLinks: ({ parts }) => parts.flatMap(getDocumentLinks),
  };
}

/** The part of a document that is a layer of a stack; the first one where none is. */
function partIn({ parts }: Snapshot, stack: string | undefined): PartSnapshot | undefined {
  const named = parts.find(({ subjects }) => subjects.some((subject) => subject.stack?.name === stack));
  return named ?? parts[0];
}

/** Asks the part of a document that a position is in. */
function inPart<T>(
  { parts }: Snapshot,
  position: Position,
  ask: (part: PartSnapshot, position: Position) => T | undefined,
): T | undefined {
  for (const part of parts) {
    const inner = part.excerpt.fromFile(position);
    const answer = inner && ask(part, inner);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

/**
 * What Helm makes of values files: the schema's verdict, whether they render, and which container holds which token.
 * Stands by itself, so that who does not ask for it does not load it.
 * @param layers The files in the order in which Helm is given them.
 * @param settings Settings with the release of the chart.
 */
export function predictExposure(
  layers: readonly ValuesLayer[],
  { release }: Pick<Settings, 'release'>,
): ExposureReport {
  return getExposure(layers, release);
}

/**
 * Who holds a token where values files are laid over each other, and who would after the migration; undefined where the
 * texts leave open what is deployed. Whether Helm renders them is for {@link predictExposure} to say.
 * @param layers The files in the order in which Helm is given them.
 * @param settings The settings, with the release of the chart.
 * @param name What to call them together.
 */
export function predictPicture(
  layers: readonly ValuesLayer[],
  settings: Settings,
  name: string,
): Picture | undefined {
  return pictureOfLayers(layers, settings, name);
}

/** A rule, as documentation and reports speak of it. */
export interface RuleDescription {
  readonly code: string;
  readonly severity: Severity;
  /** Whether it says nothing unless the settings give it a severity. */
  readonly offByDefault: boolean;
  /** What it reports, in one sentence without a full stop. */
  readonly summary: string;
  /** Why that matters, as Markdown. */
  readonly why: string;
  /** The rule's page, as Markdown. */
  readonly page: () => string;
  /** The page's address. */
  readonly url: string;
}

/** Every rule, in the order of the documentation. */
export function describeRules(): RuleDescription[] {
  return allRules.map((rule) => ({
    code: rule.code,
    severity: rule.severity,
    offByDefault: rule.offByDefault === true,
    summary: rule.documentation.summary,
    why: rule.documentation.why,
    page: () => rulePage(rule),
    url: pageOf(rule.code),
  }));
}

/** The text of a line of a document, without its line break; lines are counted from 0. */
export function lineAt({ values }: Snapshot, line: number): string {
  const start = values.offsetAt({ line, character: 0 });
  return values.slice(start, values.offsetAt({ line, character: Infinity }));
}

/** Says whether a document holds values for the Airflow chart, so that it is checked. */
export function isChecked(snapshot: Snapshot): boolean {
  return snapshot.parts.length > 0;
}
