// @ts-check
/**
 * Runs the tests of test/editor in a real VS Code. Needs `npm run build` before, or a packaged extension.
 *
 *     node scripts/test-editor.mjs [--vsix FILE] [--counts FILE]
 *
 * `--vsix` tests the packaged extension, installed; `--counts` writes `{ passed, failed }` as JSON.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { prepareEditor } from './editor/prepareEditor.mjs';
import { runSuite } from './editor/runSuite.mjs';

const { values: flags } = parseArgs({ options: { vsix: { type: 'string' }, counts: { type: 'string' } } });

const editor = await prepareEditor().catch((/** @type {unknown} */ error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
console.log(`Testing in ${editor.description}.`);
const counts = await runSuite(editor, flags.vsix === undefined ? undefined : path.resolve(flags.vsix));
if (flags.counts !== undefined) writeFileSync(flags.counts, JSON.stringify(counts));
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 ? 0 : 1;
