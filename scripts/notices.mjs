// @ts-check
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';

/**
 * Writes the licences of every package whose code is in a bundle, which those licences ask for.
 * @param {import('esbuild').Metafile} metafile What esbuild put into the bundles.
 * @param {string} file The file to write, relative to the root.
 * @throws {Error} For a package without a licence text.
 */
export function writeThirdPartyNotices(metafile, file) {
  const folders = new Set(Object.keys(metafile.inputs).flatMap((input) => packageFolder(input) ?? []));
  const notices = [...folders].sort().map((folder) => {
    const { name, version } = describePackage(folder);
    const licence = readdirSync(path.join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
    if (licence === undefined) throw new Error(`${name} has no licence text.`);
    const text = readFileSync(path.join(root, folder, licence), 'utf8').trim();
    return `${name} ${version}\n\n${text}\n`;
  });
  const head = 'This extension contains the following packages.\n';
  writeFileSync(path.join(root, file), [head, ...notices].join(`\n${'-'.repeat(80)}\n\n`));
}

/** @param {string} input A bundled file, relative to the root. */
function packageFolder(input) {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
}

/**
 * @param {string} folder
 * @returns {{ name: string, version: string }}
 */
function describePackage(folder) {
  /** @type {unknown} */
  const manifest = JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8'));
  return /** @type {{ name: string, version: string }} */ (manifest);
}
