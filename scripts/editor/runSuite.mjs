// @ts-check
import { cpSync, existsSync } from 'node:fs';
import path from 'node:path';
import { runTests, TestRunFailedError } from '@vscode/test-electron';
import * as esbuild from 'esbuild';
import { root } from '../paths.mjs';
import { temporaryFolder } from './cleanup.mjs';
import { addLanguage, temporaryProfile } from './profile.mjs';
import { followReport } from './report.mjs';

/** A large real file, for those who have it beside the project. */
const chartValues = path.join(root, '..', 'shared', 'data', 'airflow-chart-1.22.0', 'values.yaml');

/**
 * Makes a copy of the files that the tests work on.
 * @returns {string} its folder
 */
export function copyWorkspace() {
  const workspace = path.join(temporaryFolder('workspace'), 'workspace');
  cpSync(path.join(root, 'test', 'fixtures', 'editor'), workspace, { recursive: true });
  for (const repository of ['layers', 'argocd']) {
    const from = path.join(root, 'test', 'fixtures', 'repositories', repository);
    cpSync(from, path.join(workspace, 'repositories', repository), { recursive: true });
  }
  return workspace;
}

/**
 * Bundles tests for the extension host.
 * @param {string} entry the file that VS Code is to call
 * @param {string} outdir
 */
export async function bundleSuite(entry, outdir) {
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: [entry],
    outdir,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', 'mocha'],
    sourcemap: true,
    logLevel: 'warning',
  });
}

/**
 * Runs test/editor in an editor and prints its report. The workspace is a copy, so tests may do with it what they want.
 * @param {import('./prepareEditor.mjs').Editor} editor
 * @param {string} [vsix] test the extension as installed from this package, instead of from its source folder
 * @param {string} [only] a part of the names of the tests to run; all without
 * @param {string} [language] the editor's, for the tests of that alone; English without
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runSuite(editor, vsix, only = '', language = 'en') {
  await bundleSuite('test/editor/index.ts', 'out/editor');
  const workspace = copyWorkspace();
  const profile = temporaryProfile();
  if (vsix !== undefined) await editor.install(vsix, profile);
  // An installation would forget it.
  if (language !== 'en') addLanguage(profile, language);

  const reportFile = path.join(profile.userDataDir, 'report.jsonl');
  const report = followReport(reportFile);
  let problem;
  try {
    await runTests({
      vscodeExecutablePath: editor.executable,
      // VS Code runs tests for an extension under development only. An installed one gets an empty one as a companion.
      extensionDevelopmentPath: vsix === undefined ? root : path.join(root, 'test', 'editor', 'driver'),
      extensionTestsPath: path.join(root, 'out', 'editor', 'index.js'),
      extensionTestsEnv: {
        TEST_REPORT: reportFile,
        TEST_EXTENSION_FOLDER: vsix === undefined ? root : profile.extensionsDir,
        TEST_FIXTURES: path.join(root, 'test', 'fixtures'),
        TEST_ONLY: only,
        TEST_LANGUAGE: language,
        TEST_CHART_VALUES: existsSync(chartValues) ? chartValues : '',
      },
      launchArgs: [
        workspace,
        `--locale=${language}`,
        `--user-data-dir=${profile.userDataDir}`,
        `--extensions-dir=${profile.extensionsDir}`,
      ],
    });
  } catch (error) {
    if (!(error instanceof TestRunFailedError)) throw error;
    problem = error;
  }
  const { passed, failed, ended } = report.stop();
  // Failed tests make the editor's exit code, too; anything else that ends it this way is one more failure.
  if (ended && (problem === undefined) === (failed === 0)) return { passed, failed };
  console.error(`The tests did not come to an end: ${problem?.message ?? 'the report is incomplete.'}`);
  return { passed, failed: failed + 1 };
}
