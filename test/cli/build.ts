/** Builds the command line before its tests run, unless it is newer than everything it is made of. */
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const root = path.resolve(import.meta.dirname, '..', '..');
const sources = [
  'server/src',
  'server/package.json',
  'package.json',
  'scripts/build.mjs',
  'package-lock.json',
];

/** The program under test. */
export const cliBundle = path.join(root, 'dist', 'cli.js');

/** Called by Vitest, once for all test files. */
export function setup(): void {
  const built = statSync(cliBundle, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (sources.some((source) => newest(path.join(root, source)) > built))
    execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'pipe' });
}

/** When a file, or the newest file in a folder, was changed last. */
function newest(file: string): number {
  const stats = statSync(file);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(...readdirSync(file).map((name) => newest(path.join(file, name))));
}
