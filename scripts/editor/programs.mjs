// @ts-check
/** Finding and running other programs. */
import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

/**
 * The full path of the first of `names` that is on PATH.
 * @param {string[]} names
 */
export function findOnPath(...names) {
  const extensions = process.platform === 'win32' ? (process.env['PATHEXT'] ?? '.EXE;.CMD').split(';') : [''];
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return names
    .flatMap((name) => folders.flatMap((folder) => extensions.map((ext) => path.join(folder, name + ext))))
    .find(isExecutable);
}

/** @param {string} file */
export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * Runs a program to its end; its output appears only in the error, when it fails or takes too long.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, seconds: number }} options
 * @returns {Promise<void>}
 */
export function run(command, args, { cwd, seconds }) {
  return new Promise((resolve, reject) => {
    // On Windows npm and code are .cmd files, which only a shell can start, and nobody quotes what a shell gets.
    const shell = process.platform === 'win32';
    const quote = (/** @type {string} */ word) => (shell ? `"${word}"` : word);
    const child = spawn(quote(command), args.map(quote), {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: seconds * 1000,
      shell,
    });
    let output = '';
    const collect = (/** @type {Buffer} */ chunk) => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else {
        const ending = signal === null ? `with code ${String(code)}` : `by ${signal} (limit: ${seconds} s)`;
        reject(new Error(`"${[command, ...args].join(' ')}" ended ${ending}.\n${output.trim()}`));
      }
    });
  });
}
