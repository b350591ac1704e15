// @ts-check
/**
 * Writes the pages under `docs/rules/` and the tables of the README from the rules themselves and from the
 * manifest. With `--check` it writes nothing and fails when one of them is stale.
 *
 *     node scripts/docs.mjs [--check]
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import { root } from './paths.mjs';

const { values: flags } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

/** @typedef {import('../server/src/rules/rule.ts').Rule} Rule */
/** @typedef {{ default: unknown, markdownDescription?: string, description?: string }} ManifestSetting */
/** @typedef {{ contributes: { configuration: { properties: Record<string, ManifestSetting> } } }} Manifest */

const rules = await loadRules();
/** @type {Map<string, string>} Content by path from the root. */
const files = new Map(rules.map((rule) => [`docs/rules/${rule.code}.md`, rulePage(rule)]));
files.set('docs/rules/README.md', rulesIndex());
files.set('README.md', readme());

const stale = [...files].filter(([path, content]) => read(path) !== content).map(([path]) => path);
const orphans = readdirSync(join(root, 'docs/rules'))
  .map((name) => `docs/rules/${name}`)
  .filter((path) => !files.has(path));

if (!flags.check) {
  mkdirSync(join(root, 'docs/rules'), { recursive: true });
  for (const path of stale) writeFileSync(join(root, path), files.get(path) ?? '');
  for (const path of orphans) rmSync(join(root, path));
  console.log(`${stale.length + orphans.length} of ${files.size} pages were stale and are written.`);
} else if (stale.length + orphans.length > 0) {
  console.error(`Stale: ${[...stale, ...orphans].join(', ')}. Run npm run docs.`);
  process.exitCode = 1;
} else {
  console.log(`All ${files.size} pages are up to date.`);
}

/**
 * The rules, bundled out of their TypeScript sources.
 * @returns {Promise<readonly Rule[]>}
 */
async function loadRules() {
  const outfile = join(root, 'out/docs/rules.mjs');
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['server/src/rules/allRules.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
  /** @type {unknown} */
  const bundle = await import(pathToFileURL(outfile).href);
  return /** @type {{ allRules: readonly Rule[] }} */ (bundle).allRules;
}

/** @param {Rule} rule */
function rulePage({ code, severity, documentation: { summary, why, wrong, right, fix } }) {
  return `<!-- Written by scripts/docs.mjs from server/src/rules/${code}.ts. -->

# ${code}

${summary}.

Severity: **${severity}**

## Why

${why}

## Reported

\`\`\`yaml
${wrong}\`\`\`

## Better

\`\`\`yaml
${right}\`\`\`

## Quick fixes

${fix}

All diagnostics: [docs/rules](README.md)
`;
}

function rulesIndex() {
  return `<!-- Written by scripts/docs.mjs from server/src/rules/. -->

# Diagnostics

Every diagnostic has a stable code, the source \`airflow-token-volume\`, and a link to its page. What is said of the chart
holds for releases 1.19 to 1.22.

${rulesTable('')}
`;
}

/** @param {string} folder Where the pages are, seen from the page with the table. */
function rulesTable(folder) {
  const rows = rules.map(
    ({ code, severity, documentation }) =>
      `| [\`${code}\`](${folder}${code}.md) | ${severity} | ${documentation.summary} |`,
  );
  return ['| code | severity | reports |', '| --- | --- | --- |', ...rows].join('\n');
}

/** The README with its two generated tables, which stand between marks, brought up to date. */
function readme() {
  return [
    ['rules', rulesTable('docs/rules/')],
    ['settings', settingsTable()],
    ['snippets', snippetsTable()],
  ].reduce((text, [name, table]) => {
    const marks = new RegExp(`(<!-- ${name} -->\\n)[^]*?(<!-- /${name} -->)`);
    if (!marks.test(text)) throw new Error(`README.md has no place for the ${name} table.`);
    return text.replace(marks, (_, begin, end) => `${begin}\n${table}\n${end}`);
  }, read('README.md'));
}

function settingsTable() {
  const manifest = /** @type {Manifest} */ (readJson('package.json'));
  const rows = Object.entries(manifest.contributes.configuration.properties).map(
    ([name, { default: value, markdownDescription, description }]) => {
      const values = Array.isArray(value) ? value : [value];
      return `| \`${name}\` | ${values.map((item) => `\`${String(item)}\``).join('<br>')} | ${markdownDescription ?? description ?? ''} |`;
    },
  );
  return ['| setting | default | what it does |', '| --- | --- | --- |', ...rows].join('\n');
}

function snippetsTable() {
  const snippets = /** @type {Record<string, { prefix: string, description: string }>} */ (
    readJson('snippets/yaml.json')
  );
  const rows = Object.values(snippets).map(({ prefix, description }) => `| \`${prefix}\` | ${description} |`);
  return ['| prefix | what it inserts |', '| --- | --- |', ...rows].join('\n');
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return '';
  }
}

/**
 * @param {string} path
 * @returns {unknown}
 */
function readJson(path) {
  return JSON.parse(read(path));
}
