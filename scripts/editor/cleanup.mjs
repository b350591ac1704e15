// @ts-check
/**
 * What must not outlive this process, however it ends: temporary folders and child processes. Everything here
 * is synchronous because it runs in the `exit` event, the one place that a normal end, an uncaught error,
 * Ctrl+C and a `kill` have in common.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';

/** @type {(() => void)[]} run last in, first out: a process goes before the folder it works in */
const tasks = [];

process.on('exit', () => {
  for (const task of tasks.reverse()) {
    try {
      task();
    } catch (error) {
      console.error(`Could not clean up: ${String(error)}`);
    }
  }
});
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => process.exit(128 + os.constants.signals[signal]));
}

/**
 * A fresh folder for this process.
 * @param {string} purpose becomes part of the folder's name, for whoever finds one left over
 * @param {string} [parent]
 */
export function temporaryFolder(purpose, parent = os.tmpdir()) {
  // The real path: editors resolve symbolic links, and paths are compared with theirs. A short one: VS Code puts
  // a socket in there, and macOS allows 103 characters for that.
  const folder = realpathSync(mkdtempSync(path.join(parent, `atv-${purpose}-`)));
  tasks.push(() => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  return folder;
}

/** `spawn` options with which `endWithUs` also reaches the processes that the child starts. */
export const ownProcessGroup = { detached: process.platform !== 'win32' };

/**
 * Ends `child`, started with `ownProcessGroup`, together with this process.
 * @param {import('node:child_process').ChildProcess} child
 * @param {'SIGTERM' | 'SIGKILL'} signal SIGKILL only for a program with nothing of its own to clean up
 */
export function endWithUs(child, signal) {
  tasks.push(() => {
    endProcessGroup(child, signal);
  });
}

/**
 * @param {import('node:child_process').ChildProcess} child started with `ownProcessGroup`
 * @param {'SIGTERM' | 'SIGKILL'} signal
 */
export function endProcessGroup(child, signal) {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    child.kill(signal);
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // ESRCH: the group is gone already.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
