// @ts-check
/**
 * Makes the pictures of docs/images: drives a real VS Code on a copy of the sample repository `examples/`.
 * Needs `npm run build` before.
 */
import { cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
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
    await goTo(page, lineOf('values.yaml', 'automountServiceAccountToken'));
    await hoverOver(page, 'automountServiceAccountToken');
  },
  async 'quick-fix'(page) {
    await openFile(page, 'values.yaml');
    await goTo(page, lineOf('values.yaml', 'automountServiceAccountToken'));
    await showQuickFixes(page);
  },
  async preview(page) {
    await openFile(page, 'values.yaml');
    await goTo(page, lineOf('values.yaml', 'automountServiceAccountToken'));
    await showQuickFixes(page);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page
      .locator('.refactor-preview .monaco-list-row, .bulk-edit-panel .monaco-list-row')
      .first()
      .waitFor();
    await page.mouse.move(900, 300);
  },
  async problems(page) {
    await openFile(page, 'values-prod.yaml');
    await page.keyboard.press('Control+Shift+KeyM');
    await page.locator('.markers-panel-container .monaco-list-row').first().waitFor();
  },
  async completion(page) {
    await openFile(page, 'values-new.yaml');
    await goTo(page, 5, 3);
    await page.keyboard.type('satv-');
    await page.keyboard.press('Control+Space');
    await page.locator('.suggest-widget.visible .monaco-list-row').nth(5).waitFor();
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

writeFileSync(
  path.join(folder, 'values-new.yaml'),
  'executor: KubernetesExecutor\n\nscheduler:\n  replicas: 2\n  \n\ntriggerer:\n  serviceAccount:\n    automountServiceAcountToken: true\n',
);

for (const [name, prepare] of Object.entries(scenes)) {
  const { page, close } = await openWorkbench({ folder, size: { width: 1180, height: 720 } });
  await prepare(page);
  const file = path.join(images, `${name}.png`);
  // Ends what is still fading in.
  await page.screenshot({ path: file, animations: 'disabled' });
  console.log(`${path.relative(process.cwd(), file)}: ${Math.ceil(statSync(file).size / 1024)} KB`);
  await close();
}
process.exit();
