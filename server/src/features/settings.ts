import { newestRelease, releaseOf, type ChartRelease } from '../chart/releases';
import type { RuleSettings } from '../rules/subject';

/** The user's settings, as the editor's configuration or the command line gives them. */
export interface Settings extends RuleSettings {
  /** Glob patterns of files that may hold values for the chart. */
  readonly files: readonly string[];
}

/** The settings of somebody who set nothing; the same as in the extension's manifest. */
export const defaultSettings: Settings = {
  files: ['values*.y?(a)ml', '*values.y?(a)ml', 'values/**/*.y?(a)ml'],
  apiAudiences: ['https://kubernetes.default.svc.cluster.local', 'https://kubernetes.default.svc'],
  release: newestRelease,
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
  };
}

function textsIn(given: object, key: string): readonly string[] | undefined {
  const value: unknown = Reflect.get(given, key);
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string' && item !== '') : undefined;
}

/** The release that `chartVersion` names; undefined where it is empty or names none. */
function releaseIn(given: object): ChartRelease | undefined {
  const version: unknown = Reflect.get(given, 'chartVersion');
  return typeof version === 'string' && version.trim() !== '' ? releaseOf(version) : undefined;
}
