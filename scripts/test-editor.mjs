// @ts-check
/**
 * Runs the tests of test/editor in a real VS Code. Needs `npm run build` before, or a packaged extension.
 *
 *     node scripts/test-editor.mjs [--vsix FILE] [--counts FILE] [--only TEXT]
 *
 * `--vsix` tests the packaged extension, installed; `--counts` writes `{ passed, failed }` as JSON;
 * `--only` runs the tests with a text in their names.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { prepareEditor } from './editor/prepareEditor.mjs';
import { runSuite } from './editor/runSuite.mjs';
import { runVirtualSuite } from './editor/virtualSuite.mjs';
import { runWindowChecks } from './editor/runWindowChecks.mjs';

const { values: flags } = parseArgs({
  options: { vsix: { type: 'string' }, counts: { type: 'string' }, only: { type: 'string' } },
});

const editor = await prepareEditor().catch((/** @type {unknown} */ error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
console.log(`Testing in ${editor.description}.`);
const vsix = flags.vsix === undefined ? undefined : path.resolve(flags.vsix);
const runs = [await runSuite(editor, vsix, flags.only)];
if (!editor.isInBrowser)
  console.log('Run in the VS Code server only: German, windows from outside, virtual workspaces.');
// What the package has more than the source folder is translations that may be missing.
else if (vsix !== undefined) runs.push(await runSuite(editor, vsix, flags.only, 'de'));
else runs.push(await runWindowChecks(flags.only), await runVirtualSuite(flags.only));
const counts = {
  passed: runs.reduce((sum, { passed }) => sum + passed, 0),
  failed: runs.reduce((sum, { failed }) => sum + failed, 0),
};
if (flags.counts !== undefined) writeFileSync(flags.counts, JSON.stringify(counts));
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exit(counts.failed === 0 ? 0 : 1);
