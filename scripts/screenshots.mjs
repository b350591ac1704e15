// @ts-check
/**
 * Makes the pictures of docs/images: drives a real VS Code on copies of the sample repository `examples/` and of those in
 * `test/fixtures/repositories`. Needs `npm run build` before.
 *
 *     node scripts/screenshots.mjs [PICTURE…]
 */
import { cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { temporaryFolder } from './editor/cleanup.mjs';
import {
  goTo,
  hoverOver,
  openFile,
  openWorkbench,
  runCommand,
  showExposure,
  showHover,
  showLanguageStatus,
  showQuickFixes,
} from './editor/workbench.mjs';
import { root } from './paths.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** @typedef {Record<string, (page: Page) => Promise<void>>} Scenes what to do before each picture is taken */

/** @type {Scenes} pictures of `examples/` */
const scenes = {
  async hover(page) {
    await openFile(page, 'values-dev.yaml');
    await goTo(page, lineOf('values-dev.yaml', 'automountServiceAccountToken'));
    await hoverOver(page, 'automountServiceAccountToken');
  },
  async problems(page) {
    await openFile(page, 'values-prod.yaml');
    await page.keyboard.press('Control+Shift+KeyM');
    await page.locator('.markers-panel-container .monaco-list-row').first().waitFor();
  },
};

/** @type {Scenes} pictures of a values file that is deployed by itself */
const aloneScenes = {
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
};

/** @type {Scenes} pictures of a values file that is being written */
const newScenes = {
  async completion(page) {
    await openFile(page, 'values.yaml');
    await goTo(page, 5, 3);
    await page.keyboard.type('satv-');
    await page.keyboard.press('Control+Space');
    await page.locator('.suggest-widget.visible .monaco-list-row').nth(5).waitFor();
  },
};

/** @type {Scenes} pictures of a repository with a values file for each of two environments */
const layersScenes = {
  async 'stack-status'(page) {
    await openFile(page, 'values.yaml');
    await showLanguageStatus(page, 'production');
  },
  async 'stack-picker'(page) {
    await openFile(page, 'values.yaml');
    await runCommand(page, 'Airflow Token Volume: Choose Stack...', false);
    await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'staging' }).waitFor();
  },
  async 'stack-problems'(page) {
    await openFile(page, 'values.yaml');
    await page.keyboard.press('Control+KeyB');
    await page.keyboard.press('Control+Shift+KeyM');
    const rows = page.locator('.markers-panel-container .monaco-list-row');
    await rows.filter({ hasText: 'In staging' }).click();
    await page.keyboard.press('ArrowRight');
    await rows.filter({ hasText: 'The token volume is off here' }).waitFor();
  },
  async 'stack-hover'(page) {
    await openFile(page, 'values.yaml');
    await page.keyboard.press('Control+KeyB');
    await goTo(page, 23);
    await hoverOver(page, 'automountServiceAccountToken');
  },
};

/** @type {Scenes} pictures of the view beside the text, in three themes */
const exposureScenes = {
  'exposure-dark': showSchedulerExposure,
  'exposure-light': showSchedulerExposure,
  'exposure-high-contrast': showSchedulerExposure,
};

/** @param {Page} page */
async function showSchedulerExposure(page) {
  await openFile(page, 'values.yaml');
  await page.keyboard.press('Control+KeyB');
  const view = await showExposure(page);
  await view.locator('button').nth(2).hover();
}

/** @type {Scenes} pictures of a repository with Argo CD's resources */
const argocdScenes = {
  async 'stack-argocd'(page) {
    await openFile(page, 'apps/airflow-production.yaml');
    await goTo(page, 25, 36);
    await showHover(page);
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

const usual = { size: { width: 1180, height: 720 } };
const large = { width: 1280, height: 800 };

/** @type {Record<string, Omit<Parameters<typeof openWorkbench>[0], 'folder'>>} */
const views = {
  problems: { ...usual, settings: { 'airflowTokenVolume.workspaceDiagnostics': 'off' } },
  // A hover is at most 250 pixels high.
  'stack-hover': { size: { width: 787, height: 560 }, scale: 1.5, settings: { 'editor.fontSize': 9 } },
  'exposure-dark': { size: large },
  'exposure-light': { size: large, settings: { 'workbench.colorTheme': 'Default Light Modern' } },
  'exposure-high-contrast': {
    size: large,
    settings: { 'workbench.colorTheme': 'Default High Contrast' },
  },
};

const parent = temporaryFolder('screenshots');

/**
 * Copies a sample. The window's title and the file tree show the folder's name.
 * @param {string} name
 * @param {string[]} from
 */
function copySample(name, ...from) {
  const folder = path.join(parent, name);
  cpSync(path.join(root, ...from), folder, { recursive: true });
  return folder;
}

const examples = copySample('airflow-deployment', 'examples');

const alone = path.join(parent, 'one-deployment');
mkdirSync(alone);
cpSync(path.join(examples, 'values.yaml'), path.join(alone, 'values.yaml'));

const fresh = path.join(parent, 'new-deployment');
mkdirSync(fresh);
writeFileSync(
  path.join(fresh, 'values.yaml'),
  'executor: KubernetesExecutor\n\nscheduler:\n  replicas: 2\n  \n\ntriggerer:\n  serviceAccount:\n    automountServiceAcountToken: true\n',
);

const layers = copySample('airflow', 'test', 'fixtures', 'repositories', 'layers');
const staging = path.join(layers, 'values-staging.yaml');
writeFileSync(
  staging,
  readFileSync(staging, 'utf8').replace(
    'scheduler:\n',
    'scheduler:\n  serviceAccount:\n    serviceAccountTokenVolume:\n      enabled: false # until the nodes are upgraded\n',
  ),
);

const argocd = copySample('deployments', 'test', 'fixtures', 'repositories', 'argocd');

const { positionals: wanted } = parseArgs({ allowPositionals: true });
for (const [folder, pictures] of /** @type {const} */ ([
  [examples, scenes],
  [alone, aloneScenes],
  [fresh, newScenes],
  [layers, layersScenes],
  [layers, exposureScenes],
  [argocd, argocdScenes],
])) {
  for (const [name, prepare] of Object.entries(pictures)) {
    if (wanted.length === 0 || wanted.includes(name)) await take(folder, name, prepare);
  }
}
process.exit();

/**
 * @param {string} folder
 * @param {string} name
 * @param {(page: Page) => Promise<void>} prepare
 */
async function take(folder, name, prepare) {
  const { page, close } = await openWorkbench({ folder, ...(views[name] ?? usual) });
  await prepare(page);
  const file = path.join(images, `${name}.png`);
  // Ends what is still fading in.
  await page.screenshot({ path: file, animations: 'disabled' });
  console.log(`${path.relative(process.cwd(), file)}: ${Math.ceil(statSync(file).size / 1024)} KB`);
  await close();
}
