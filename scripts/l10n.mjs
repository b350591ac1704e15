// @ts-check
/**
 * Collects the texts that users see from the sources into `l10n/bundle.l10n.json`, and holds every translation against
 * them: nothing is missing, nothing is left over, and each keeps the placeholders of the English text. With `--check` it
 * writes nothing and fails when the bundle is stale.
 *
 *     node scripts/l10n.mjs [--check]
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { getL10nJson } from '@vscode/l10n-dev';
import { root } from './paths.mjs';

/** @typedef {Record<string, string>} Texts */

const { values: flags } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

/** @type {string[]} */
const problems = [];

const bundleName = 'l10n/bundle.l10n.json';
const collected = await collectTexts();
const bundle = `${JSON.stringify(collected, null, 2)}\n`;
if (!flags.check) writeFileSync(path.join(root, bundleName), bundle);
else if (read(bundleName) !== bundle) problems.push(`${bundleName} is stale. Run npm run l10n.`);

const manifestTexts = readTexts('package.nls.json');
const used = [...read('package.json').matchAll(/"%([^%"]+)%"/g)].map(([, key = '']) => key);
compareKeys('package.nls.json', Object.fromEntries(used.map((key) => [key, ''])), manifestTexts);

for (const file of readdirSync(path.join(root, 'l10n'))) {
  if (/^bundle\.l10n\.[\w-]+\.json$/.test(file)) compare(`l10n/${file}`, textsOf(collected));
}
for (const file of readdirSync(root)) {
  if (/^package\.nls\.[\w-]+\.json$/.test(file)) compare(file, manifestTexts);
}

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else
  console.log(`${Object.keys(collected).length + Object.keys(manifestTexts).length} texts are translated.`);

/** Every text that is given to `l10n.t` in the sources, in the order of the alphabet. */
async function collectTexts() {
  const sources = ['client/src', 'client/media', 'server/src'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => path.join(root, folder, file)),
  );
  const found = await getL10nJson(
    sources
      .map((file) => readFileSync(file, 'utf8'))
      .filter((contents) => contents.includes('l10n.t'))
      .map((contents) => ({ extension: '.ts', contents })),
  );
  return Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * The English texts of a bundle, where one with a comment for translators is an object.
 * @param {Record<string, string | { message: string }>} entries
 * @returns {Texts}
 */
function textsOf(entries) {
  return Object.fromEntries(
    Object.entries(entries).map(([key, entry]) => [key, typeof entry === 'string' ? entry : entry.message]),
  );
}

/**
 * Holds a translation against the English texts.
 * @param {string} file
 * @param {Texts} english
 */
function compare(file, english) {
  const translated = readTexts(file);
  compareKeys(file, english, translated);
  for (const [key, text] of Object.entries(translated)) {
    const original = english[key];
    if (original === undefined) continue;
    const [wanted, given] = [placeholdersIn(original), placeholdersIn(text)];
    if (wanted !== given)
      problems.push(`${file}: "${key}" has the placeholders ${given} instead of ${wanted}.`);
  }
}

/**
 * @param {string} file
 * @param {Texts} wanted
 * @param {Texts} given
 */
function compareKeys(file, wanted, given) {
  for (const key of Object.keys(wanted)) if (!(key in given)) problems.push(`${file}: "${key}" is missing.`);
  for (const key of Object.keys(given)) if (!(key in wanted)) problems.push(`${file}: "${key}" is not used.`);
}

/** @param {string} text */
function placeholdersIn(text) {
  const found = text.match(/\{\w+\}|\]\(command:[^)]*\)/g) ?? [];
  return [...new Set(found)].sort().join(' ') || 'none';
}

/** @param {string} file */
function read(file) {
  return readFileSync(path.join(root, file), 'utf8');
}

/**
 * @param {string} file
 * @returns {Texts}
 */
function readTexts(file) {
  /** @type {unknown} */
  const texts = JSON.parse(read(file));
  return /** @type {Texts} */ (texts);
}
