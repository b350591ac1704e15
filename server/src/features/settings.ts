import { newestRelease, releaseOf, type ChartRelease } from '../chart/releases';
import type { RuleLevel, RuleLevels } from '../rules/judge';
import { severities } from '../rules/rule';
import type { RuleSettings } from '../rules/subject';

/** The user's settings, as the editor's configuration or the command line gives them. */
export interface Settings extends RuleSettings {
  /** Glob patterns of files that may hold values for the chart. */
  readonly files: readonly string[];
  /** How much the findings of each rule matter, where the user has a say in it. */
  readonly rules: RuleLevels;
  /** Stacks by name: glob patterns of their values files from the folder, those that are overridden first. */
  readonly stacks: ReadonlyMap<string, readonly string[]>;
  /** Addresses of repositories and registries that hold copies of the chart; globs are possible. */
  readonly chartRepositories: readonly string[];
  /** Which files that are not open have their findings shown. */
  readonly workspaceDiagnostics: WorkspaceDiagnostics;
  /** Whether the text shows above each component who holds a token. */
  readonly codeLens: boolean;
  /** Whether the text shows behind values what they mean. */
  readonly inlayHints: boolean;
}

/** Which files that are not open have their findings shown: none, those that belong to a stack, or all. */
export type WorkspaceDiagnostics = (typeof workspaceDiagnostics)[number];

const workspaceDiagnostics = ['off', 'stacks', 'all'] as const;

/** What a rule can be set to. */
export const levels: readonly RuleLevel[] = ['off', ...severities.toReversed()];

/** The settings of somebody who set nothing; the same as in the extension's manifest. */
export const defaultSettings: Settings = {
  files: ['values*.y?(a)ml', '*values.y?(a)ml', 'values/**/*.y?(a)ml'],
  apiAudiences: ['https://kubernetes.default.svc.cluster.local', 'https://kubernetes.default.svc'],
  release: newestRelease,
  rules: new Map(),
  stacks: new Map(),
  chartRepositories: [],
  workspaceDiagnostics: 'stacks',
  codeLens: true,
  inlayHints: true,
};

/**
 * Takes what it can use out of a configuration that a person wrote.
 * @param configuration The section `airflowTokenVolume`, of any shape.
 * @returns Settings with the default for whatever is missing or of the wrong type.
 */
export function readSettings(configuration: unknown): Settings {
  const given = typeof configuration === 'object' && configuration !== null ? configuration : {};
  return {
    files: textsIn(given, 'files') ?? defaultSettings.files,
    apiAudiences: textsIn(given, 'apiAudiences') ?? defaultSettings.apiAudiences,
    release: releaseIn(given) ?? defaultSettings.release,
    rules: levelsIn(given),
    stacks: stacksIn(given),
    chartRepositories: textsIn(given, 'chartRepositories') ?? defaultSettings.chartRepositories,
    workspaceDiagnostics: workspaceDiagnosticsIn(given),
    codeLens: switchIn(given, 'codeLens') ?? defaultSettings.codeLens,
    inlayHints: switchIn(given, 'inlayHints') ?? defaultSettings.inlayHints,
  };
}

function textsIn(given: object, key: string): readonly string[] | undefined {
  const value: unknown = Reflect.get(given, key);
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string' && item !== '') : undefined;
}

function switchIn(given: object, key: string): boolean | undefined {
  const value: unknown = Reflect.get(given, key);
  return typeof value === 'boolean' ? value : undefined;
}

/** The entries of `stacks` that are lists of texts; what else is in it does not count. */
function stacksIn(given: object): ReadonlyMap<string, readonly string[]> {
  const stacks: unknown = Reflect.get(given, 'stacks');
  if (typeof stacks !== 'object' || stacks === null) return defaultSettings.stacks;
  return new Map(
    Object.keys(stacks).flatMap((name) => {
      const files = textsIn(stacks, name);
      return files && files.length > 0 ? [[name, files] as const] : [];
    }),
  );
}

function workspaceDiagnosticsIn(given: object): WorkspaceDiagnostics {
  const value: unknown = Reflect.get(given, 'workspaceDiagnostics');
  return workspaceDiagnostics.find((known) => known === value) ?? defaultSettings.workspaceDiagnostics;
}

/** The release that `chartVersion` names; undefined where it is empty or names none. */
function releaseIn(given: object): ChartRelease | undefined {
  const version: unknown = Reflect.get(given, 'chartVersion');
  return typeof version === 'string' && version.trim() !== '' ? releaseOf(version) : undefined;
}

/** The entries of `rules` with a severity or `off`; what else is in it does not count. */
function levelsIn(given: object): RuleLevels {
  const rules: unknown = Reflect.get(given, 'rules');
  if (typeof rules !== 'object' || rules === null) return defaultSettings.rules;
  return new Map(Object.entries(rules).filter((entry): entry is [string, RuleLevel] => isLevel(entry[1])));
}

function isLevel(value: unknown): value is RuleLevel {
  return (levels as readonly unknown[]).includes(value);
}
