/** Builds the programs before the tests that run them. */
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const root = path.resolve(import.meta.dirname, '..');
const sources = [
  'server/src',
  'server/package.json',
  'package.json',
  'snippets',
  'scripts/build.mjs',
  'package-lock.json',
];

/** The path of a built program. */
export function bundlePath(name: string): string {
  return path.join(root, 'dist', name);
}

/** Builds all programs, unless one of them is newer than everything they are made of. */
export function buildUnlessNewer(bundle: string): void {
  const built = statSync(bundle, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (sources.some((source) => newest(path.join(root, source)) > built))
    execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'pipe' });
}

/** When a file, or the newest file in a folder, was changed last. */
function newest(file: string): number {
  const stats = statSync(file);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(...readdirSync(file).map((name) => newest(path.join(file, name))));
}
