// @ts-check
/**
 * Runs test/editor/virtual in the VS Code server, in a workspace that is on no disk: a file system that the tests provide
 * themselves.
 */
import path from 'node:path';
import process from 'node:process';
import { root } from '../paths.mjs';
import './cleanup.mjs';
import { temporaryProfile } from './profile.mjs';
import { followReport } from './report.mjs';
import { bundleSuite, copyWorkspace } from './runSuite.mjs';
import { startVsCodeServer } from './vscodeServer.mjs';
import { launchBrowser, windowAddress } from './webWindow.mjs';

/** The folder that the tests provide, see test/editor/virtual/memoryFiles.ts. */
const folder = 'memfs:/workspace';

/** Far above what a run takes. */
const limitMilliseconds = 180_000;

/**
 * Runs the suite and prints its report.
 * @param {string} [only] a part of the names of the tests to run; all without
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runVirtualSuite(only = '') {
  await bundleSuite('test/editor/virtual/index.ts', 'out/editor-virtual');
  const profile = temporaryProfile();
  const reportFile = path.join(profile.userDataDir, 'report.jsonl');
  const report = followReport(reportFile);
  // The server hands its environment on to the extension host.
  Object.assign(process.env, {
    TEST_REPORT: reportFile,
    TEST_EXTENSION_FOLDER: root,
    TEST_FIXTURES: path.join(root, 'test', 'fixtures'),
    TEST_ONLY: only,
    TEST_LANGUAGE: 'en',
    TEST_CHART_VALUES: '',
    TEST_WORKSPACE: copyWorkspace(),
  });
  const server = await startVsCodeServer({ profile });
  const browser = await launchBrowser();
  const page = await browser.newPage();
  /** @type {Promise<unknown>} */
  const testsEnded = new Promise((resolve, reject) => {
    page.exposeFunction('codeAutomationExit', resolve).catch(reject);
    setTimeout(resolve, limitMilliseconds);
  });
  const address = new URL(
    windowAddress(server, {
      folder: '/',
      extensionDevelopmentPath: root,
      extensionTestsPath: path.join(root, 'out', 'editor-virtual', 'index.js'),
    }),
  );
  // What does not begin with a slash is not taken for a path on the server's disk.
  address.searchParams.set('folder', folder);
  try {
    await page.goto(address.href);
    await Promise.race([testsEnded, server.failed]);
  } finally {
    await browser.close();
  }
  const { passed, failed, ended } = report.stop();
  if (ended) return { passed, failed };
  console.error('The tests did not come to an end.');
  return { passed, failed: failed + 1 };
}
