// @ts-check
/**
 * Makes the pictures of docs/images and media/walkthrough: drives a real VS Code on copies of the sample repository
 * `examples/` and of those in `test/fixtures`. Needs `npm run build` before.
 *
 *     node scripts/screenshots.mjs [--themes FOLDER] [PICTURE…]
 *
 * `--themes` takes the pictures in every theme instead, as PNG files in a folder, to be looked at.
 */
import { Buffer } from 'node:buffer';
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { temporaryFolder } from './editor/cleanup.mjs';
import {
  asWebP,
  boxOf,
  findText,
  goTo,
  hoverOver,
  openFile,
  openWorkbench,
  pick,
  readPreview,
  runCommand,
  showExposure,
  showHover,
  showLanguageStatus,
  showQuickFixes,
  viewFrame,
} from './editor/workbench.mjs';
import { root } from './paths.mjs';

/**
 * @typedef {import('playwright-core').Page} Page
 * @typedef {Omit<Parameters<typeof openWorkbench>[0], 'folder'>} View the window that a picture is taken of
 * @typedef {{ x: number, y: number, width: number, height: number }} Part a part of a window
 *
 * @typedef {(page: Page) => Promise<Part | void>} Scene what to do before a picture is taken; it may say of which part of the
 *   window it is
 * @typedef {Record<string, Scene>} Scenes by the pictures' names
 */

/** The colour themes by what they are called in the names of pictures; these are VS Code's own. */
const themes = {
  dark: 'Default Dark Modern',
  light: 'Default Light Modern',
  'high-contrast': 'Default High Contrast',
  'high-contrast-light': 'Default High Contrast Light',
};

const themeNames = /** @type {(keyof typeof themes)[]} */ (Object.keys(themes));

/** A light theme of high contrast is near enough to the light one to do with its pictures, which are packaged. */
const walkthroughThemes = /** @type {const} */ (['dark', 'light', 'high-contrast']);

/** What the server writes above components. */
const lens = '.codelens-decoration a';

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
    await refactorPreview(page).waitFor();
    await page.mouse.move(900, 300);
  },
  async 'migration-plan'(page) {
    await openFile(page, 'values.yaml');
    await closeSideBar(page);
    await goTo(page, lineOf('values.yaml', 'automountServiceAccountToken'));
    await planMigration(page);
  },
};

/** @type {Scenes} pictures of a values file that is being written */
const newScenes = {
  async completion(page) {
    await openFile(page, 'values.yaml');
    await goTo(page, 5, 3);
    await page.keyboard.type('satv-');
    const rows = page.locator('.suggest-widget.visible .monaco-list-row');
    // Where the list is there already, the keys would open an entry's documentation.
    await rows
      .nth(5)
      .waitFor({ timeout: 3000 })
      .catch(() => page.keyboard.press('Control+Space'));
    await rows.nth(5).waitFor();
  },
  async keys(page) {
    await openFile(page, 'values.yaml');
    await goTo(page, 5, 3);
    await page.keyboard.type('serviceAccount:');
    await page.keyboard.press('Enter');
    await page.keyboard.type('  automountServiceAccountToken: false');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+Space');
    await page.locator('.suggest-widget.visible .monaco-list-row').nth(1).waitFor();
    await page.keyboard.press('Control+Space');
    await page.locator('.suggest-details-container').waitFor();
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
    await closeSideBar(page);
    await page.keyboard.press('Control+Shift+KeyM');
    const rows = page.locator('.markers-panel-container .monaco-list-row');
    const finding = rows.filter({ hasText: 'In staging' });
    await finding.click();
    // On a row that is open already, the key would go on to the other file.
    if ((await finding.getAttribute('aria-expanded')) !== 'true') await page.keyboard.press('ArrowRight');
    await rows.filter({ hasText: 'The token volume is off here' }).waitFor();
  },
  async 'stack-hover'(page) {
    await openFile(page, 'values.yaml');
    await closeSideBar(page);
    await goTo(page, 23);
    await hoverOver(page, 'automountServiceAccountToken');
  },
  async lenses(page) {
    await openFile(page, 'values-production.yaml', lens);
    await closeSideBar(page);
    await page.locator('.codelens-decoration').filter({ hasText: 'token:' }).first().waitFor();
    await findText(page, '30 min').waitFor();
  },
  async 'check-cluster'(page) {
    await openFile(page, 'values-production.yaml', lens);
    await closeSideBar(page);
    await runCommand(page, 'Airflow Token Volume: Check on the Cluster...', false);
    await page.locator('.quick-input-list .monaco-list-row').nth(3).waitFor();
    await page.keyboard.press('Enter');
    await pick(page, 'Open as a file');
    await findText(page, 'kubectl').waitFor();
  },
  async 'inspect-token'(page) {
    await openFile(page, 'values-production.yaml', lens);
    await closeSideBar(page);
    await inspectToken(page);
  },
};

/** @type {Scenes} pictures of the view beside the text */
const exposureScenes = {
  async exposure(page) {
    await openFile(page, 'values.yaml');
    await closeSideBar(page);
    const view = await showExposure(page);
    await view.locator('button').nth(2).hover();
  },
};

/** @type {Scenes} pictures of a repository with Argo CD's resources */
const argocdScenes = {
  async 'stack-argocd'(page) {
    await openFile(page, 'apps/airflow-production.yaml');
    await goTo(page, 25, 36);
    await showHover(page);
  },
};

/** @type {Scenes} pictures of values for which there are the manifests that Helm made of them */
const renderedScenes = {
  async 'verify-helm'(page) {
    await openFile(page, 'values.yaml');
    await closeSideBar(page);
    await runCommand(page, 'Airflow Token Volume: Verify with Helm');
    await readPreview(page, 'Verification with Helm');
  },
};

/** @type {Scenes} pictures of the four steps of the walkthrough */
const walkthroughScenes = {
  async see(page) {
    await openFile(page, 'values.yaml', lens);
    await closeSideBar(page);
    await showExposure(page);
    return boxOf(page.locator('iframe.webview.ready'));
  },
  async understand(page) {
    await openFile(page, 'values.yaml', lens);
    await closeSideBar(page);
    await goTo(page, lineOf('values.yaml', 'expirationSeconds') + 2);
    // As by dragging its border; by itself it would be wider than the window.
    await page.addStyleTag({
      content: '.monaco-hover, .monaco-hover-content { max-width: 450px !important; }',
    });
    await hoverOver(page, 'automountServiceAccountToken');
    const [editor, hover] = [
      await boxOf(page.locator('.editor-instance')),
      await boxOf(page.locator('.monaco-hover:not(.hidden)')),
    ];
    return { ...editor, height: hover.y + hover.height + 8 - editor.y };
  },
  async migrate(page) {
    await openFile(page, 'values.yaml', lens);
    await closeSideBar(page);
    await goTo(page, lineOf('values.yaml', 'automountServiceAccountToken'));
    await planMigration(page);
    return boxOf(page.locator('.part.panel'));
  },
  async verify(page) {
    await openFile(page, 'values.yaml', lens);
    await closeSideBar(page);
    await inspectToken(page);
    const [view, verdict] = [
      await boxOf(page.locator('iframe.webview.ready')),
      await boxOf(viewFrame(page).locator('h2')),
    ];
    const above = verdict.y - 12 - view.y;
    return { ...view, y: view.y + above, height: view.height - above };
  },
};

/** @param {Page} page */
async function closeSideBar(page) {
  await page.keyboard.press('Control+KeyB');
  await page.locator('.explorer-folders-view').waitFor({ state: 'hidden' });
}

/** @param {Page} page */
function refactorPreview(page) {
  return page.locator('.refactor-preview .monaco-list-row, .bulk-edit-panel .monaco-list-row').first();
}

/**
 * Plans the migration of the only stack, and shows its changes, which are to be ticked.
 * @param {Page} page
 */
async function planMigration(page) {
  await runCommand(page, 'Airflow Token Volume: Migrate to Manual Token Volumes...', false);
  await pick(page, 'Review the changes');
  await refactorPreview(page).waitFor();
  await readPreview(page, 'Migration to manual token volumes');
}

/**
 * Inspects a token of the scheduler, which is made up and about to be renewed.
 * @param {Page} page
 */
async function inspectToken(page) {
  const now = Math.floor(Date.now() / 1000);
  const account = 'airflow-scheduler';
  const part = (/** @type {object} */ value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = [
    part({ alg: 'RS256', kid: 'sample' }),
    part({
      aud: ['https://kubernetes.default.svc.cluster.local'],
      iss: 'https://kubernetes.default.svc.cluster.local',
      sub: `system:serviceaccount:airflow:${account}`,
      iat: now - 1200,
      nbf: now - 1200,
      exp: now + 600,
      'kubernetes.io': {
        namespace: 'airflow',
        serviceaccount: { name: account, uid: '00000000-0000-0000-0000-000000000000' },
        pod: { name: `${account}-0`, uid: '00000000-0000-0000-0000-000000000000' },
      },
    }),
    'c2lnbmF0dXJl',
  ].join('.');
  await runCommand(page, 'Airflow Token Volume: Inspect Token...', false);
  const box = page.locator('.quick-input-widget input[type=password]');
  await box.fill(token);
  await page.keyboard.press('Enter');
  await viewFrame(page).locator('h1').waitFor();
}

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
const steps = path.join(root, 'media', 'walkthrough');
const parent = temporaryFolder('screenshots');

/** @type {View} */
const usual = { size: { width: 1180, height: 720 } };
/** @type {View} */
const low = { size: { width: 1000, height: 500 } };
/** @type {View} */
const large = { size: { width: 1280, height: 800 } };

/** What the pictures of the walkthrough do without: they are shown small. */
const nothingAround = {
  'workbench.activityBar.location': 'hidden',
  'workbench.statusBar.visible': false,
  'editor.folding': false,
  'editor.glyphMargin': false,
  'editor.lineDecorationsWidth': 4,
  'editor.lineNumbersMinChars': 3,
  'editor.scrollbar.vertical': 'hidden',
  'editor.scrollbar.horizontal': 'hidden',
  'editor.overviewRulerBorder': false,
  'editor.overviewRulerLanes': 0,
  'editor.hideCursorInOverviewRuler': true,
};

/**
 * Stands in for Helm: prints what the real one made of the sample's values.
 * @type {Record<string, unknown>}
 */
const recordedHelm = {
  'airflowTokenVolume.helm.path': path.join(parent, 'helm'),
  'airflowTokenVolume.helm.chart': 'charts/airflow-1.22.0.tgz',
};

/** A picture in the walkthrough is about 450 pixels wide, and sharper than that on many screens. */
const small = { scale: 1.2, settings: nothingAround };

/** @type {Record<string, View>} */
const views = {
  problems: { ...usual, settings: { 'airflowTokenVolume.workspaceDiagnostics': 'off' } },
  // A hover is at most 250 pixels high.
  'stack-hover': { size: { width: 787, height: 560 }, scale: 1.5, settings: { 'editor.fontSize': 9 } },
  exposure: large,
  keys: { ...low, settings: { 'editor.wordBasedSuggestions': 'off' } },
  lenses: low,
  'check-cluster': low,
  'verify-helm': { ...low, settings: recordedHelm },
  see: { ...small, size: { width: 2 * 500, height: 496 } },
  understand: { ...small, size: { width: 500, height: 440 } },
  migrate: { ...small, size: { width: 500, height: 900 } },
  verify: { ...small, size: { width: 2 * 500, height: 648 } },
};

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

const rendered = path.join(parent, 'airflow-vault');
mkdirSync(path.join(rendered, 'charts'), { recursive: true });
cpSync(path.join(root, 'test', 'fixtures', 'rendered', 'values.yaml'), path.join(rendered, 'values.yaml'));
writeFileSync(path.join(rendered, 'charts', 'airflow-1.22.0.tgz'), '');
const manifests = path.join(root, 'test', 'fixtures', 'rendered', 'manifests.yaml');
writeFileSync(path.join(parent, 'helm'), `#!/bin/sh\nexec cat '${manifests}'\n`);
chmodSync(path.join(parent, 'helm'), 0o755);

const { positionals: wanted, values: flags } = parseArgs({
  options: { themes: { type: 'string' } },
  allowPositionals: true,
});
const isWanted = (/** @type {string} */ name) => wanted.length === 0 || wanted.includes(name);

for (const [folder, pictures] of /** @type {const} */ ([
  [examples, scenes],
  [alone, aloneScenes],
  [fresh, newScenes],
  [layers, layersScenes],
  [layers, exposureScenes],
  [argocd, argocdScenes],
  [rendered, renderedScenes],
  [alone, walkthroughScenes],
])) {
  for (const [name, prepare] of Object.entries(pictures)) {
    if (!isWanted(name)) continue;
    if (flags.themes !== undefined) {
      for (const theme of themeNames) {
        await take(folder, name, prepare, path.join(flags.themes, `${name}-${theme}.png`), theme);
      }
    } else if (pictures === walkthroughScenes) {
      for (const theme of walkthroughThemes) {
        await take(folder, name, prepare, path.join(steps, `${name}-${theme}.webp`), theme);
      }
    } else await take(folder, name, prepare, path.join(images, `${name}.png`));
  }
}
if (flags.themes === undefined && isWanted('exposure')) drawExposure(path.join(images, 'exposure.svg'));
process.exit();

/**
 * Takes a picture of a window of its own.
 * @param {string} folder
 * @param {string} name
 * @param {Scene} prepare
 * @param {string} file
 * @param {keyof typeof themes} [theme]
 */
async function take(folder, name, prepare, file, theme) {
  const view = views[name] ?? usual;
  const settings = { ...view.settings, ...(theme && { 'workbench.colorTheme': themes[theme] }) };
  // What is typed for one picture is saved, and not to be in the next one.
  const copy = path.join(parent, `for-${path.parse(file).name}`, path.basename(folder));
  cpSync(folder, copy, { recursive: true });
  const { page, close } = await openWorkbench({ folder: copy, ...view, settings });
  const clip = await prepare(page);
  // Ends what is still fading in.
  const picture = await page.screenshot({ animations: 'disabled', ...(clip && { clip }) });
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, file.endsWith('.webp') ? await asWebP(page, picture) : picture);
  await close();
  tellOf(file);
}

/**
 * Draws who holds a token in the sample values, as docs/cli.md shows it; a test holds the two together.
 * @param {string} file
 */
function drawExposure(file) {
  const program = path.join(root, 'dist', 'cli.js');
  const args = [program, 'exposure', '--format', 'svg', 'values.yaml'];
  writeFileSync(file, execFileSync(process.execPath, args, { cwd: examples }));
  tellOf(file);
}

/** @param {string} file */
function tellOf(file) {
  console.log(`${path.relative(process.cwd(), file)}: ${Math.ceil(statSync(file).size / 1024)} KB`);
}
