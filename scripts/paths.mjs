// @ts-check
/** Where things are in the project, so that every script works from any working directory. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.dirname(import.meta.dirname);

/** The file that scripts/package.mjs writes. */
export function packagedExtension() {
  /** @type {unknown} */
  const parsed = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const { name, version } = /** @type {{ name: string, version: string }} */ (parsed);
  return path.join(root, 'dist', `${name}-${version}.vsix`);
}
