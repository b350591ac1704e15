// @ts-check
/**
 * Drives a window of VS Code in a browser from outside, with keyboard and mouse, for screenshots. Every function
 * returns when the window shows the result.
 */
import { root } from '../paths.mjs';
import { temporaryProfile } from './profile.mjs';
import { startVsCodeServer } from './vscodeServer.mjs';
import { launchBrowser, windowAddress } from './webWindow.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** Settings that leave little but the text in the picture. */
const pictureSettings = {
  'workbench.colorTheme': 'Default Dark Modern',
  'workbench.layoutControl.enabled': false,
  'workbench.navigationControl.enabled': false,
  'window.commandCenter': false,
  'breadcrumbs.enabled': false,
  'explorer.compactFolders': false,
  'editor.minimap.enabled': false,
  'editor.stickyScroll.enabled': false,
  'editor.occurrencesHighlight': 'off',
  'editor.renderLineHighlight': 'none',
  'editor.cursorBlinking': 'solid',
  'editor.fontSize': 14,
  'editor.hover.delay': 100,
};

/**
 * Opens a folder in a window that has the extension in it.
 * @param {object} options
 * @param {string} options.folder
 * @param {{ width: number, height: number }} options.size
 * @param {number} [options.scale] how many pixels of the picture a pixel of the window is
 * @param {Record<string, unknown>} [options.settings]
 */
export async function openWorkbench({ folder, size, scale = 1, settings }) {
  const server = await startVsCodeServer({ profile: temporaryProfile({ ...pictureSettings, ...settings }) });
  const browser = await launchBrowser();
  const page = await browser.newPage({ viewport: size, deviceScaleFactor: scale });
  page.setDefaultTimeout(30_000);
  await page.goto(windowAddress(server, { folder, extensionDevelopmentPath: root }));
  await page.locator('.monaco-workbench .explorer-folders-view .monaco-list-row').first().waitFor();
  return { page, close: () => browser.close() };
}

/**
 * Opens a file from the file tree and waits until the language server has marked something in it.
 * @param {Page} page
 * @param {string} file its path in the open folder, with slashes
 */
export async function openFile(page, file) {
  // Not by "Go to File": that needs ripgrep, a native program which the VS Code server comes without.
  const [name = '', ...folders] = file.split('/').reverse();
  const entry = (/** @type {string} */ label) =>
    page.locator(`.explorer-folders-view [role=treeitem][aria-label^="${label}"]`).first();
  for (const folder of folders.reverse()) await entry(folder).click();
  await entry(name).dblclick();
  await page.locator('.tab.active').filter({ hasText: name }).waitFor();
  await page.locator('.monaco-editor .squiggly-warning, .monaco-editor .squiggly-error').first().waitFor();
}

/**
 * @param {Page} page
 * @param {number} line
 * @param {number} [column]
 */
export async function goTo(page, line, column = 1) {
  await page.keyboard.press('Control+KeyG');
  await quickInput(page, `:${line}:${column}`);
  await page.locator('.monaco-editor .line-numbers.active-line-number').getByText(String(line)).waitFor();
}

/**
 * Runs a command by its title in the command palette.
 * @param {Page} page
 * @param {string} title
 * @param {boolean} [closes] whether the box at the window's top goes, as the command asks for nothing there
 */
export async function runCommand(page, title, closes = true) {
  await page.keyboard.press('F1');
  await quickInput(
    page,
    `>${title}`,
    page.locator('.quick-input-list .monaco-list-row').filter({ hasText: title }),
    closes,
  );
}

/**
 * Opens the view "Token Exposure" of the active editor and waits until it shows workloads.
 * @param {Page} page
 * @returns the page inside the view
 */
export async function showExposure(page) {
  await runCommand(page, 'Airflow Token Volume: Show Token Exposure');
  const view = page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
  await view.locator('#workloads section').first().waitFor();
  return view;
}

/**
 * Rests the mouse on the braces beside the language in the status bar, until an entry with a text is there.
 * @param {Page} page
 * @param {string} text
 */
export async function showLanguageStatus(page, text) {
  await page.locator('[id="status.languageStatus"]').hover();
  await page.locator('.hover-language-status').filter({ hasText: text }).waitFor();
}

/**
 * Types into the box at the window's top and accepts, once the entry to accept is there.
 * @param {Page} page
 * @param {string} text
 * @param {import('playwright-core').Locator} [entry]
 * @param {boolean} [closes]
 */
async function quickInput(page, text, entry, closes = true) {
  const box = page.locator('.quick-input-widget');
  await box.waitFor();
  await box.locator('input').first().fill(text);
  await entry?.first().waitFor();
  await page.keyboard.press('Enter');
  if (closes) await box.waitFor({ state: 'hidden' });
}

/**
 * Rests the mouse on the first key or value whose text is `text`, until the hover is there.
 * @param {Page} page
 * @param {string} text
 */
export async function hoverOver(page, text) {
  await page.locator('.monaco-editor .view-line span > span').getByText(text).first().hover();
  await page.locator('.monaco-hover:not(.hidden) .hover-row').first().waitFor();
}

/**
 * Shows the hover at the cursor, with the findings there.
 * @param {Page} page
 */
export async function showHover(page) {
  await page.keyboard.press('Control+KeyK');
  await page.keyboard.press('Control+KeyI');
  await page.locator('.monaco-hover:not(.hidden) .hover-row').first().waitFor();
}

/**
 * Opens the light bulb's menu at the cursor.
 * @param {Page} page
 */
export async function showQuickFixes(page) {
  const menu = page.locator('.action-widget .monaco-list-row').first();
  // The editor opens no menu as long as it is still asking the language server.
  for (let attempt = 0; attempt < 5 && !(await menu.isVisible()); attempt++) {
    await page.keyboard.press('Control+Period');
    await menu.waitFor({ timeout: 3000 }).catch(() => undefined);
  }
  await menu.waitFor();
}
