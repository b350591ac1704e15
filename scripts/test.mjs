// @ts-check
/**
 * Everything that has to hold, in one go: static checks, unit and protocol tests, and the tests in a real editor,
 * once with the extension in its source folder and once with the packaged extension installed. A step that fails
 * does not keep the later ones from running, unless they need what it makes. The last line counts the tests; each
 * static check counts as one.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { endProcessGroup, endWithUs, ownProcessGroup } from './editor/cleanup.mjs';
import { packagedExtension, root } from './paths.mjs';

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 *
 * @typedef {object} Step
 * @property {string} name
 * @property {string[]} command arguments for Node
 * @property {number} minutes how long it may take
 * @property {string} [needs] the step without whose result this one makes no sense
 * @property {{ file: string, read: (report: unknown) => Counts }} [report] without one the step counts as one test
 */

const reports = path.join(root, 'out', 'reports');

const steps = [
  check('types', 'node_modules/typescript/bin/tsc', '--noEmit'),
  check('types of pages', 'node_modules/typescript/bin/tsc', '--noEmit', '-p', 'client/media'),
  check('lint', 'node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0'),
  check('format', 'node_modules/prettier/bin/prettier.cjs', '--check', '.'),
  check('docs', 'scripts/docs.mjs', '--check'),
  check('texts', 'scripts/l10n.mjs', '--check'),
  check('build', 'scripts/build.mjs'),
  unitTests(),
  editorTests({ name: 'editor, extension in its source folder', needs: 'build' }),
  check('package', 'scripts/package.mjs'),
  editorTests({
    name: 'editor, packaged extension installed',
    needs: 'package',
    flags: ['--vsix', packagedExtension()],
  }),
];

/**
 * @param {string} name
 * @param {string[]} command
 * @returns {Step}
 */
function check(name, ...command) {
  return { name, command, minutes: 5 };
}

/** @returns {Step} */
function unitTests() {
  const file = path.join(reports, 'vitest.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  return {
    name: 'unit and protocol',
    command: ['node_modules/vitest/vitest.mjs', 'run', ...reporters],
    minutes: 10,
    report: {
      file,
      read(report) {
        const { numPassedTests, numFailedTests } =
          /** @type {{ numPassedTests: number, numFailedTests: number }} */ (report);
        return { passed: numPassedTests, failed: numFailedTests };
      },
    },
  };
}

/**
 * @param {{ name: string, needs: string, flags?: string[] }} options
 * @returns {Step}
 */
function editorTests({ name, needs, flags = [] }) {
  const file = path.join(reports, `after-${needs}.json`);
  return {
    name,
    command: ['scripts/test-editor.mjs', ...flags, '--counts', file],
    // The first run downloads an editor.
    minutes: 20,
    needs,
    report: { file, read: (report) => /** @type {Counts} */ (report) },
  };
}

/**
 * Runs a step to its end, its output shown as it comes.
 * @param {Step} step
 * @returns {Promise<boolean>} whether it succeeded
 */
function run({ command, minutes }) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, command, {
      ...ownProcessGroup,
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    // Not SIGKILL: a step may have an editor of its own to end.
    endWithUs(child, 'SIGTERM');
    const limit = setTimeout(() => {
      console.error(`Not done after ${minutes} minutes: stopped.`);
      endProcessGroup(child, 'SIGTERM');
    }, minutes * 60_000);
    child.on('close', (code) => {
      clearTimeout(limit);
      resolve(code === 0);
    });
  });
}

/**
 * @param {Step} step
 * @param {boolean} succeeded
 * @returns {Counts}
 */
function count({ report }, succeeded) {
  const bySuccess = { passed: succeeded ? 1 : 0, failed: succeeded ? 0 : 1 };
  if (report === undefined || !existsSync(report.file)) return bySuccess;
  const counts = report.read(JSON.parse(readFileSync(report.file, 'utf8')));
  // A step can also fail outside of any test, say when a test file cannot be loaded.
  return succeeded || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
const total = { passed: 0, failed: 0 };
/** @type {Set<string>} */
const failedSteps = new Set();
for (const step of steps) {
  console.log(`\n=== ${step.name} ===`);
  const possible = step.needs === undefined || !failedSteps.has(step.needs);
  if (!possible) console.log(`Not run: needs "${String(step.needs)}".`);
  const succeeded = possible && (await run(step));
  const { passed, failed } = count(step, succeeded);
  if (failed > 0) failedSteps.add(step.name);
  total.passed += passed;
  total.failed += failed;
}
if (failedSteps.size > 0) console.log(`\nFailed: ${[...failedSteps].join('; ')}`);
process.exitCode = total.failed === 0 ? 0 : 1;
console.log(`\n${total.passed} passed, ${total.failed} failed`);
