// @ts-check
/**
 * The VS Code server: VS Code with its real extension host in a Node process and its window in a browser. It
 * comes as the npm package code-server, so it can be had wherever this project's own dependencies can.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { cacheFolder } from './cacheFolder.mjs';
import { endWithUs, ownProcessGroup, temporaryFolder } from './cleanup.mjs';
import { run } from './programs.mjs';

/** The last release for Node 20. It holds VS Code 1.100. */
const release = 'code-server@4.100.3';

/** The programs write more than anyone wants to read; these many lines of it are kept for when one fails. */
const keptLines = 60;

/** Installs the VS Code server into the user's cache, unless it is there, and returns its main file. */
export async function ensureVsCodeServer() {
  const cache = cacheFolder();
  const home = path.join(cache, release.replace('@', '-'));
  const vscode = path.join('node_modules', 'code-server', 'lib', 'vscode');
  const main = path.join(home, vscode, 'out', 'server-main.js');
  if (existsSync(main)) return main;

  console.log(`Installing the VS Code server into ${home} (once, about 300 MB) …`);
  await mkdir(cache, { recursive: true });
  // Installed aside and then renamed, so that an interrupted installation is never taken for a complete one.
  const aside = temporaryFolder('installing', cache);
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', ['install', ...quiet, '--prefix', aside, release], { cwd: aside, seconds: 600 });
  await run('npm', ['install', ...quiet, '--omit=dev'], { cwd: path.join(aside, vscode), seconds: 600 });
  await rename(aside, home).catch((/** @type {unknown} */ error) => {
    // Another run was faster; its installation is as good.
    if (!existsSync(main)) throw error;
  });
  return main;
}

/**
 * @typedef {object} VsCodeServer
 * @property {string} authority `127.0.0.1:PORT`
 * @property {string} token what a page has to present to be served
 * @property {Promise<never>} failed rejects if the server ends before this process does
 */

/**
 * Starts the VS Code server on a free port of this machine, for as long as this process lives.
 * @param {object} options
 * @param {import('./prepareEditor.mjs').Profile} options.profile
 * @param {number} [options.port] by default one that is free
 * @param {boolean} [options.asksForTrust] whether a folder is to be trusted before all of VS Code works in it
 * @param {string} [options.language] one that `addLanguage` put into the profile
 * @returns {Promise<VsCodeServer>}
 */
export async function startVsCodeServer({ profile, port = 0, asksForTrust = false, language }) {
  // Without a token any web page open on this machine could talk to the server.
  const token = randomBytes(16).toString('hex');
  const args = [
    ...['--host', '127.0.0.1', '--port', String(port), '--connection-token', token],
    ...['--accept-server-license-terms', '--telemetry-level', 'off'],
    ...(asksForTrust ? [] : ['--disable-workspace-trust']),
    ...(language === undefined ? [] : ['--locale', language]),
    ...profileArguments(profile),
  ];
  const server = spawn(process.execPath, [await ensureVsCodeServer(), ...args], {
    ...ownProcessGroup,
    stdio: ['ignore', 'pipe', 'pipe'],
    // No extension gallery: nothing here is to be looked up or updated over the network.
    env: { ...process.env, EXTENSIONS_GALLERY: '{"serviceUrl":""}' },
  });
  endWithUs(server, 'SIGKILL');

  /** @type {string[]} */
  let lines = [];
  /** @type {Promise<never>} */
  const failed = new Promise((_resolve, reject) => {
    server.on('error', reject);
    server.on('exit', (code, signal) => {
      reject(new Error(`The VS Code server ended (${String(code ?? signal)}):\n${lines.join('\n')}`));
    });
  });
  failed.catch(() => undefined);
  /** @type {Promise<string>} */
  const listening = new Promise((resolve, reject) => {
    const deadline = setTimeout(() => {
      reject(new Error(`The VS Code server did not start within 60 seconds:\n${lines.join('\n')}`));
    }, 60_000);
    const read = (/** @type {string} */ line) => {
      lines = [...lines, line].slice(-keptLines);
      const bound = /Extension host agent listening on (\d+)/.exec(line)?.[1];
      if (bound === undefined) return;
      clearTimeout(deadline);
      resolve(bound);
    };
    createInterface(server.stdout).on('line', read);
    createInterface(server.stderr).on('line', read);
  });
  return { authority: `127.0.0.1:${await Promise.race([listening, failed])}`, token, failed };
}

/**
 * Installs a packaged extension the way a user does.
 * @param {string} vsix
 * @param {import('./prepareEditor.mjs').Profile} profile
 */
export async function installInVsCodeServer(vsix, profile) {
  const args = [...profileArguments(profile), '--install-extension', vsix];
  await run(process.execPath, [await ensureVsCodeServer(), ...args], { seconds: 120 });
}

/** @param {import('./prepareEditor.mjs').Profile} profile */
function profileArguments({ userDataDir, extensionsDir }) {
  return [
    ...['--server-data-dir', path.join(userDataDir, 'server'), '--user-data-dir', userDataDir],
    ...['--extensions-dir', extensionsDir],
  ];
}
