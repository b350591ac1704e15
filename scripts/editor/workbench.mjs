// @ts-check
/**
 * Drives a window of VS Code in a browser from outside, with keyboard and mouse, for screenshots. Every function
 * returns when the window shows the result.
 */
import { Buffer } from 'node:buffer';
import { root } from '../paths.mjs';
import { addLanguage, temporaryProfile } from './profile.mjs';
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

/** Text is still sharp enough with it, as VS Code shows the pictures at two thirds of their size. */
const webPQuality = 0.3;

/**
 * Opens a folder in a window that has the extension in it.
 * @param {object} options
 * @param {string} options.folder
 * @param {{ width: number, height: number }} options.size
 * @param {number} [options.scale] how many pixels of the picture a pixel of the window is
 * @param {Record<string, unknown>} [options.settings]
 * @param {readonly { key: string, command: string }[]} [options.keybindings]
 * @param {string} [options.language] the editor's; English without
 * @param {boolean} [options.asksForTrust] whether the folder is to be trusted before all of VS Code works in it
 */
export async function openWorkbench({
  folder,
  size,
  scale = 1,
  settings,
  keybindings,
  language,
  asksForTrust,
}) {
  const profile = temporaryProfile({ ...pictureSettings, ...settings }, keybindings);
  if (language !== undefined) addLanguage(profile, language);
  const server = await startVsCodeServer({
    profile,
    ...(asksForTrust === true ? { asksForTrust } : {}),
    ...(language === undefined ? {} : { language }),
  });
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
 * @param {string} [marks] what marks it; by default a warning or an error among the first lines
 */
export async function openFile(
  page,
  file,
  marks = '.monaco-editor .squiggly-warning, .monaco-editor .squiggly-error',
) {
  // Not by "Go to File": that needs ripgrep, a native program which the VS Code server comes without.
  const [name = '', ...folders] = file.split('/').reverse();
  const entry = (/** @type {string} */ label) =>
    page.locator(`.explorer-folders-view [role=treeitem][aria-label^="${label}"]`).first();
  for (const folder of folders.reverse()) await entry(folder).click();
  await entry(name).dblclick();
  await page.locator('.tab.active').filter({ hasText: name }).waitFor();
  await page.locator(marks).first().waitFor({ state: 'attached' });
  // Lenses push the lines below them down. Not every file has any.
  await page
    .locator('.codelens-decoration a')
    .first()
    .waitFor({ state: 'attached', timeout: 3000 })
    .catch(() => undefined);
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
  const entry = page.locator('.quick-input-list .monaco-list-row').filter({ hasText: title });
  for (let tries = 1; ; tries++) {
    await page.keyboard.press('F1');
    try {
      await fillQuickInput(page, `>${title}`, entry, patience);
      break;
    } catch (error) {
      // A page that takes the focus late swallows the key, or closes the box.
      if (tries === 3) throw error;
      await page.keyboard.press('Escape');
    }
  }
  await acceptQuickInput(page, closes);
}

/**
 * Opens the view "Token Exposure" of the active editor and waits until it shows workloads.
 * @param {Page} page
 * @returns the page inside the view
 */
export async function showExposure(page) {
  await runCommand(page, 'Airflow Token Volume: Show Token Exposure');
  const view = viewFrame(page);
  await view.locator('#workloads section').first().waitFor();
  return view;
}

/**
 * The page inside the view that is open, an extension's or a preview of Markdown.
 * @param {Page} page
 */
export function viewFrame(page) {
  return page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
}

/**
 * Waits until a preview of Markdown shows a text.
 * @param {Page} page
 * @param {string} heading how its first heading begins
 */
export async function readPreview(page, heading) {
  await viewFrame(page).locator('h1').filter({ hasText: heading }).waitFor();
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
  await fillQuickInput(page, text, entry);
  await acceptQuickInput(page, closes);
}

/** How long a box has to come and to list what was typed, before it is asked for again, in milliseconds. */
const patience = 8000;

/**
 * @param {Page} page
 * @param {string} text
 * @param {import('playwright-core').Locator} [entry]
 * @param {number} [timeout] in milliseconds; by default the page's own
 */
async function fillQuickInput(page, text, entry, timeout) {
  const limit = timeout === undefined ? {} : { timeout };
  const box = page.locator('.quick-input-widget');
  await box.waitFor(limit);
  await box.locator('input').first().fill(text, limit);
  await entry?.first().waitFor(limit);
}

/**
 * @param {Page} page
 * @param {boolean} closes
 */
async function acceptQuickInput(page, closes) {
  await page.keyboard.press('Enter');
  if (closes) await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
}

/**
 * Accepts an entry of the list at the window's top.
 * @param {Page} page
 * @param {string} label
 */
export async function pick(page, label) {
  await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: label }).first().click();
}

/**
 * A text in the editor, the document's own or one that is shown with it.
 * @param {Page} page
 * @param {string} text
 */
export function findText(page, text) {
  // The editor writes no-break spaces for spaces, which match each other here.
  return page.locator('.monaco-editor .view-line').filter({ hasText: text }).first();
}

/**
 * Where something is in the window.
 * @param {import('playwright-core').Locator} element
 */
export async function boxOf(element) {
  const box = await element.first().boundingBox();
  if (!box) throw new Error(`It is not shown: ${String(element)}`);
  return box;
}

/**
 * Makes a WebP picture of a PNG picture: a fraction of its size, for pictures that are packaged.
 * @param {Page} page a page whose browser does it
 * @param {Buffer} png
 */
export async function asWebP(page, png) {
  const blank = await page.context().browser()?.newPage();
  if (!blank) throw new Error('The browser is gone.');
  // A text: this project's scripts know no types of a page.
  const address = String(
    await blank.evaluate(`(async () => {
      const image = new Image();
      image.src = 'data:image/png;base64,${png.toString('base64')}';
      await image.decode();
      const canvas = document.createElement('canvas');
      canvas.width = image.naturalWidth;
      canvas.height = image.naturalHeight;
      canvas.getContext('2d').drawImage(image, 0, 0);
      return canvas.toDataURL('image/webp', ${webPQuality});
    })()`),
  );
  await blank.close();
  return Buffer.from(address.slice(address.indexOf(',') + 1), 'base64');
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
