import { env } from 'node:process';

function required(name: string): string {
  const value = env[name];
  if (value === undefined) throw new Error(`${name} is not set: run these tests with "npm run test:editor".`);
  return value;
}

/** What scripts/editor/runSuite.mjs tells the tests. */
export const environment = {
  reportFile: required('TEST_REPORT'),
  /** The folder that the extension has to come from. */
  extensionFolder: required('TEST_EXTENSION_FOLDER'),
  /** The folder `test/fixtures`. */
  fixtures: required('TEST_FIXTURES'),
  /** The only tests to run, by a part of their names; empty for all. */
  only: required('TEST_ONLY'),
  /** The editor's language. */
  language: required('TEST_LANGUAGE'),
  /** The chart's own values file, where there is a copy on this machine; not in the repository. */
  chartValues: required('TEST_CHART_VALUES'),
};
