#!/usr/bin/env node
// @ts-check
/**
 * Stands in for the `code` executable where no desktop VS Code can run: takes the arguments that
 * @vscode/test-electron passes to it, runs the tests in the VS Code server instead, and exits with their code.
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import './cleanup.mjs';
import { startVsCodeServer } from './vscodeServer.mjs';
import { launchBrowser, windowAddress } from './webWindow.mjs';

/** Far above what a run takes; each test has its own, shorter limit. */
const limitMinutes = 5;

/** The browser's console is kept only for the case that the tests never finish. */
const keptMessages = 60;

// Not strict: most arguments concern a desktop window.
const { values, positionals } = parseArgs({ strict: false, allowPositionals: true });

/** @param {string} name */
function argument(name) {
  const value = values[name];
  if (typeof value !== 'string') throw new Error(`--${name}=… is missing.`);
  return value;
}

async function main() {
  const [folder] = positionals;
  if (folder === undefined) throw new Error('The folder to open is missing.');
  const server = await startVsCodeServer({
    profile: { userDataDir: argument('user-data-dir'), extensionsDir: argument('extensions-dir') },
    ...(typeof values['locale'] === 'string' ? { language: values['locale'] } : {}),
  });
  const browser = await launchBrowser();
  const page = await browser.newPage();

  /** @type {string[]} */
  let messages = [];
  page.on('console', (message) => {
    messages = [...messages, message.text()].slice(-keptMessages);
  });
  /** @type {Promise<never>} */
  const crashed = new Promise((_resolve, reject) => {
    page.on('crash', () => {
      reject(new Error('The browser page crashed.'));
    });
  });
  /** @type {Promise<never>} */
  const tooLong = new Promise((_resolve, reject) => {
    setTimeout(() => {
      reject(new Error(`The tests did not end within ${limitMinutes} minutes.`));
    }, limitMinutes * 60_000);
  });
  // The window calls this function, if the page has one, when `run()` of the tests has settled.
  /** @type {Promise<number>} */
  const testsEnded = new Promise((resolve, reject) => {
    page.exposeFunction('codeAutomationExit', resolve).catch(reject);
  });
  try {
    await page.goto(
      windowAddress(server, {
        folder,
        extensionDevelopmentPath: argument('extensionDevelopmentPath'),
        extensionTestsPath: argument('extensionTestsPath'),
      }),
    );
    process.exitCode = await Promise.race([testsEnded, crashed, tooLong, server.failed]);
  } catch (error) {
    console.error(messages.join('\n'));
    throw error;
  } finally {
    await browser.close();
  }
}

// When the process that started this one is gone, so is the other end of this pipe.
process.stdin.on('end', () => process.exit(1)).resume();
await main();
process.exit();
