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
    const { name, version, license, author } = describePackage(folder);
    const file = readdirSync(path.join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
    // Some packages only say in their manifest what their repository's licence is.
    if (file === undefined && (license !== 'MIT' || author === undefined))
      throw new Error(`${name} has no licence text.`);
    const text =
      file === undefined
        ? mitLicence(author ?? '')
        : readFileSync(path.join(root, folder, file), 'utf8').trim();
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
 * @typedef {object} Package
 * @property {string} name
 * @property {string} version
 * @property {string} [license]
 * @property {string} [author]
 */

/**
 * @param {string} folder
 * @returns {Package}
 */
function describePackage(folder) {
  const { author, ...others } =
    /** @type {Omit<Package, 'author'> & { author?: string | { name: string } }} */ (
      readJson(path.join(root, folder, 'package.json'))
    );
  if (author === undefined) return others;
  return { ...others, author: typeof author === 'object' ? author.name : author };
}

/**
 * @param {string} file
 * @returns {unknown}
 */
function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** The MIT licence, word for word. @param {string} holder */
function mitLicence(holder) {
  return `MIT License

Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.`;
}
