// @ts-check
/**
 * Makes the pictures of docs/images: drives a real VS Code on a copy of the sample repository `examples/`.
 * Needs `npm run build` before.
 */
import { cpSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { temporaryFolder } from './editor/cleanup.mjs';
import { goTo, hoverOver, openFile, openWorkbench, showQuickFixes } from './editor/workbench.mjs';
import { root } from './paths.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** @type {Record<string, (page: Page) => Promise<void>>} what to do before each picture is taken */
const scenes = {
  async hover(page) {
    await openFile(page, 'values.yaml');
    await goTo(page, lineOf('values.yaml', 'serviceAccountTokenVolume'));
    await hoverOver(page, 'serviceAccountTokenVolume');
  },
  async 'quick-fix'(page) {
    await openFile(page, 'values.yaml');
    await goTo(page, lineOf('values.yaml', 'automountServiceAccountToken'));
    await showQuickFixes(page);
  },
};

/**
 * The number of the first line of a sample that holds `text`.
 * @param {string} file
 * @param {string} text
 */
function lineOf(file, text) {
  const lines = readFileSync(path.join(root, 'examples', file), 'utf8').split('\n');
  return lines.findIndex((line) => line.includes(text)) + 1;
}

const images = path.join(root, 'docs', 'images');
mkdirSync(images, { recursive: true });

// The window's title and the file tree show the folder's name.
const folder = path.join(temporaryFolder('screenshots'), 'airflow-deployment');
cpSync(path.join(root, 'examples'), folder, { recursive: true });

const { page, close } = await openWorkbench({ folder, size: { width: 1180, height: 720 } });
for (const [name, prepare] of Object.entries(scenes)) {
  await prepare(page);
  const file = path.join(images, `${name}.png`);
  // Ends what is still fading in.
  await page.screenshot({ path: file, animations: 'disabled' });
  console.log(`${path.relative(process.cwd(), file)}: ${Math.ceil(statSync(file).size / 1024)} KB`);
  await page.keyboard.press('Escape');
}
await close();
process.exit();
