// @ts-check
/** Desktop VS Code, as @vscode/test-electron downloads it. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {
  downloadAndUnzipVSCode,
  resolveCliPathFromVSCodeExecutablePath,
  SilentReporter,
} from '@vscode/test-electron';
import { cacheFolder } from './cacheFolder.mjs';
import { run } from './programs.mjs';

/** Whether a window can be shown at all. */
export function hasDisplay() {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env['DISPLAY']) || Boolean(process.env['WAYLAND_DISPLAY']);
}

/** Downloads the current VS Code, unless it is in the cache, and returns the path of its executable. */
export async function ensureDesktop() {
  const cachePath = path.join(cacheFolder(), 'vscode');
  await mkdir(cachePath, { recursive: true });
  return downloadAndUnzipVSCode({
    version: 'stable',
    cachePath,
    // For each answer of the download server, not for the whole download: without network this fails at once.
    timeout: 8000,
    reporter: new SilentReporter(),
  });
}

/**
 * Installs a packaged extension the way a user does.
 * @param {string} executable
 * @param {string} vsix
 * @param {import('./prepareEditor.mjs').Profile} profile
 */
export async function installInDesktop(executable, vsix, { userDataDir, extensionsDir }) {
  const profile = [`--user-data-dir=${userDataDir}`, `--extensions-dir=${extensionsDir}`];
  const cli = resolveCliPathFromVSCodeExecutablePath(executable);
  await run(cli, [...profile, '--install-extension', vsix], { seconds: 120 });
}
