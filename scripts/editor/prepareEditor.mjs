// @ts-check
import path from 'node:path';
import process from 'node:process';
import { ensureChromium } from './chromium.mjs';
import { ensureDesktop, hasDisplay, installInDesktop } from './desktop.mjs';
import { ensureVsCodeServer, installInVsCodeServer } from './vscodeServer.mjs';

/**
 * @typedef {object} Profile the folders of one run of an editor, which nothing else uses
 * @property {string} userDataDir
 * @property {string} extensionsDir
 *
 * @typedef {object} Editor
 * @property {string} description
 * @property {boolean} isInBrowser whether scripts can drive its window from outside
 * @property {string} executable understands the arguments of `code` that the tests use
 * @property {(vsix: string, profile: Profile) => Promise<void>} install
 */

/**
 * The editor to test in, downloaded if need be: desktop VS Code where there is a display and it can be downloaded,
 * the VS Code server and a browser everywhere else. AIRFLOW_TOKEN_VOLUME_EDITOR=desktop|web decides instead.
 * @returns {Promise<Editor>}
 */
export async function prepareEditor() {
  const choice = process.env['AIRFLOW_TOKEN_VOLUME_EDITOR'] ?? (hasDisplay() ? 'any' : 'web');
  if (!['any', 'desktop', 'web'].includes(choice)) {
    throw new Error(`AIRFLOW_TOKEN_VOLUME_EDITOR is "${choice}"; it can be desktop or web.`);
  }
  if (choice === 'web') return webEditor();
  try {
    return await desktopEditor();
  } catch (error) {
    if (choice === 'desktop') throw error;
    console.log(`Desktop VS Code cannot be downloaded (${String(error)}): using the VS Code server.`);
    return webEditor();
  }
}

/** @returns {Promise<Editor>} */
async function desktopEditor() {
  const executable = await ensureDesktop();
  return {
    description: 'desktop VS Code',
    isInBrowser: false,
    executable,
    install: (vsix, profile) => installInDesktop(executable, vsix, profile),
  };
}

/** @returns {Promise<Editor>} */
async function webEditor() {
  if (process.platform === 'win32')
    throw new Error('On Windows the tests need desktop VS Code, which is downloaded.');
  await ensureVsCodeServer();
  await ensureChromium();
  return {
    description: 'the VS Code server, in a browser',
    isInBrowser: true,
    executable: path.join(import.meta.dirname, 'webLauncher.mjs'),
    install: installInVsCodeServer,
  };
}
