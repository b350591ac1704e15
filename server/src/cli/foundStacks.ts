import { statSync } from 'node:fs';
import path from 'node:path';
import {
  nearest,
  predictExposure,
  predictPicture,
  type ExposureReport,
  type Layer,
  type LayerPlan,
  type LayerPlace,
  type Picture,
  type Repository,
  type Settings,
  type StackOrigin,
  type StackPlan,
} from '../languageService';
import { reasonOf } from '../disk/readText';
import type { Arguments } from './arguments';
import type { FoundSettings } from './configuration';
import { UsageError, type Environment } from './environment';
import { createProgress } from './progress';
import { fileAt, isInside, openRepositories, rootsOf } from './openRepositories';
import { settingsOf, shownPath, warnerOf } from './valuesFiles';

/** One of the layers of a stack, as it is told of. */
export interface FoundLayer {
  /** Its file; for one that cannot be known, the file that names it. */
  readonly path: string;
  /** Where in it the values are: all of it, in a resource, one by one, or nobody knows. */
  readonly source: 'file' | 'resource' | 'parameters' | 'unknown';
  /** The key with which an umbrella chart hands values on; undefined where there is none. */
  readonly key: string | undefined;
  /** Why it may say anything; undefined for one that is known. */
  readonly unknown: string | undefined;
}

/** The chart of a stack. */
export interface FoundChart {
  readonly version: string;
  /** Who says so: the command line, a resource, the settings, or nobody, so that it is the newest one that is known. */
  readonly from: 'option' | 'resource' | 'setting' | 'default';
  /** What a resource says, which may be a range, and where. */
  readonly pinned: { readonly text: string; readonly path: string } | undefined;
}

/** A stack with everything that is told of it. */
export interface FoundStack {
  readonly name: string;
  readonly origin: StackOrigin;
  /** The file that makes it a stack: a resource, or the highest layer. */
  readonly path: string;
  /** Where that is said; undefined for files that go together by their names or the settings. */
  readonly place: LayerPlace | undefined;
  readonly chart: FoundChart;
  readonly layers: readonly FoundLayer[];
  /** What Helm makes of it; computed anew by each call. */
  readonly exposure: () => StackExposure;
}

/** What Helm makes of a stack, or why that cannot be told. */
export type StackExposure =
  | {
      readonly report: ExposureReport;
      /** The same with what is needed and what the migration leaves; undefined where that cannot be told. */
      readonly picture: () => Picture | undefined;
    }
  | { readonly unknown: string };

/** The stacks of a repository. */
export interface FoundStacks {
  /** The repository's folder. */
  readonly folder: string;
  readonly stacks: readonly FoundStack[];
}

/**
 * Finds the stacks of the repository that a path is in.
 * @param operand The path.
 * @param isNarrow Whether only stacks with a file at the path, or in it, are meant.
 * @param args The command's arguments, for the settings.
 * @param environment The process.
 * @throws {UsageError} Where there is nothing at the path, and for settings with a mistake.
 */
export async function findStacks(
  operand: string,
  isNarrow: boolean,
  args: Arguments,
  environment: Environment,
): Promise<FoundStacks> {
  const { progress } = createProgress(environment);
  const settingsFor = settingsOf(args, environment);
  const full = path.resolve(environment.cwd, operand);
  try {
    statSync(full);
  } catch (error) {
    throw new UsageError(`cannot read ${operand}: ${reasonOf(error)}`);
  }
  const [root = { folder: full, isDeep: true }] = rootsOf([full]);
  // A mistake in the settings of the repository would leave out stacks that they name.
  settingsFor(path.join(root.folder, 'file'));
  const repositoryFor = await openRepositories([root], {
    settingsFor,
    files: [full],
    progress,
    warn: warnerOf(environment),
  });
  progress.end();
  const repository = repositoryFor(path.join(root.folder, 'file'));
  const stacks = repository?.stacks() ?? [];
  const isMeant = ({ uri, layers }: StackPlan): boolean =>
    [uri, ...layers.map((layer) => layer.uri)].some((one) => one !== '' && isInside(full, fileAt(one)));
  const show = (uri: string): string => shownPath(environment, fileAt(uri));
  return {
    folder: shownPath(environment, root.folder),
    stacks: repository
      ? stacks
          .filter((plan) => !isNarrow || isMeant(plan))
          .map((plan) => foundStack(plan, repository, settingsFor(fileAt(plan.uri)), show))
      : [],
  };
}

/**
 * The stack with a name.
 * @throws {UsageError} When there is none, or there are several.
 */
export function stackNamed(name: string, { stacks }: FoundStacks): FoundStack {
  const [found, other] = stacks.filter((stack) => stack.name === name);
  if (found && other)
    throw new UsageError(
      `two stacks are called ${name}: one of ${found.path} and one of ${other.path}. Name their files instead: --stack values.yaml,values-prod.yaml.`,
    );
  if (found) return found;
  const names = stacks.map((stack) => stack.name);
  if (names.length === 0) throw new UsageError(`there is no stack ${name}, as no stacks were found.`);
  const near = nearest(name, names);
  const listed = names.slice(0, mostListed).join(', ');
  const rest = names.length > mostListed ? ` and ${names.length - mostListed} more` : '';
  throw new UsageError(
    `there is no stack ${name}. ${near === undefined ? `There are ${listed}${rest}.` : `Did you mean ${near}?`}`,
  );
}

/** How many names of stacks a message lists. */
const mostListed = 8;

function foundStack(
  plan: StackPlan,
  repository: Repository,
  settings: FoundSettings,
  show: (uri: string) => string,
): FoundStack {
  const layers = repository.layersOf(plan);
  const sources = repository.sourcesOf(plan);
  const chart = chartOf(plan, settings, show);
  const release = chart.from === 'resource' ? (plan.release ?? settings.release) : settings.release;
  return {
    name: plan.name,
    origin: plan.origin,
    path: show(plan.uri),
    place: placeOf(plan, show),
    chart,
    layers: layers.map((layer, index) => foundLayer(sources[index], layer, show)),
    exposure: () => exposureOf(plan, layers, sources, { ...settings, release }, show),
  };
}

function chartOf(
  { release, version }: StackPlan,
  settings: FoundSettings,
  show: (uri: string) => string,
): FoundChart {
  const pinned = version && { text: version.text, path: show(version.uri) };
  // Who names a version on the command line wants to know what would be with it.
  if (release && settings.chartVersionFrom !== 'option')
    return { version: release.version, from: 'resource', pinned };
  return { version: settings.release.version, from: settings.chartVersionFrom, pinned };
}

function placeOf({ place }: StackPlan, show: (uri: string) => string): LayerPlace | undefined {
  if (!place) return undefined;
  const { excerpt, range, uri } = place;
  const { line, character } = excerpt.toFile(excerpt.document.positionAt(range.start));
  return { path: show(uri), line, character };
}

function foundLayer(source: LayerPlan | undefined, layer: Layer, show: (uri: string) => string): FoundLayer {
  const kind = source?.kind ?? 'open';
  const key = source && source.kind !== 'open' ? source.key : undefined;
  const why = source?.kind === 'open' ? source.why : reasons[kind];
  return { path: show(layer.uri), source: sourceNames[kind], key, unknown: layer.isOpen ? why : undefined };
}

const sourceNames = { file: 'file', excerpt: 'resource', parameters: 'parameters', open: 'unknown' } as const;

/** Why a layer may say anything. */
const reasons: Readonly<Record<LayerPlan['kind'], string>> = {
  open: 'it cannot be known',
  file: 'it cannot be read, or depends on a template',
  excerpt: 'the values in it depend on a template',
  parameters: 'the parameters in it cannot be read',
};

/** Tools that fill in templates in the values that stand in their files. */
const templating: ReadonlySet<StackOrigin> = new Set(['Argo CD ApplicationSet', 'Helmfile release']);

function exposureOf(
  plan: StackPlan,
  layers: readonly Layer[],
  sources: readonly LayerPlan[],
  settings: Settings,
  show: (uri: string) => string,
): StackExposure {
  const found = layers.map((layer, index) => foundLayer(sources[index], layer, show));
  const open = found.find(({ unknown }) => unknown !== undefined);
  if (open?.unknown !== undefined) return { unknown: `${open.path}: ${open.unknown}` };
  const numbered = layers.map(({ document }, index) => ({ path: String(index), text: document.text }));
  const { place, ...report } = predictExposure(numbered, settings);
  const fails = report.schema === 'rejected' || !report.renders;
  const templated = layers.find(
    ({ uri, document }, index) =>
      (uri.endsWith('.gotmpl') || (sources[index]?.kind !== 'file' && templating.has(plan.origin))) &&
      document.text.includes('{{'),
  );
  // What Helm says of the text of a template is not what it says of what the template makes.
  if (fails && templated) return { unknown: `${show(templated.uri)}: ${reasons.excerpt}` };
  const layer = place && layers[Number(place.path)];
  return {
    report: layer ? { ...report, place: inFile(layer, place, show) } : report,
    picture: () => predictPicture(numbered, settings, plan.name),
  };
}

function inFile(layer: Layer, { line, character }: LayerPlace, show: (uri: string) => string): LayerPlace {
  return { path: show(layer.uri), ...layer.excerpt.toFile({ line, character }) };
}
