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
  };
}

function textsIn(given: object, key: keyof Settings): readonly string[] | undefined {
  const value: unknown = Reflect.get(given, key);
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string' && item !== '') : undefined;
}
