// @ts-check
/**
 * Writes the pages under `docs/rules/`, the tables of the README, and what the manifest knows of the rules, from the
 * rules themselves and from the manifest. With `--check` it writes nothing and fails when one of them is stale.
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
/** @typedef {import('../server/src/features/rulePage.ts').rulePage} RulePage */
/** @typedef {{ allRules: readonly Rule[], rulePage: RulePage, levels: readonly string[] }} Engine */
/** @typedef {{ default: unknown, markdownDescription?: string, description?: string, properties?: object }} ManifestSetting */
/** @typedef {{ contributes: { configuration: { properties: Record<string, ManifestSetting> } } }} Manifest */

const { allRules: rules, rulePage, levels } = await loadRules();
/** @type {Map<string, string>} Content by path from the root. */
const files = new Map(
  rules.map((rule) => [
    `docs/rules/${rule.code}.md`,
    `<!-- Written by scripts/docs.mjs from server/src/rules/${rule.code}.ts. -->\n\n${rulePage(rule)}\nAll diagnostics: [docs/rules](README.md)\n`,
  ]),
);
files.set('docs/rules/README.md', rulesIndex());
files.set('README.md', readme());
files.set('package.json', manifest());
files.set('package.nls.json', manifestTexts());

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
 * The rules and what is told of them, bundled out of their TypeScript sources.
 * @returns {Promise<Engine>}
 */
async function loadRules() {
  const outfile = join(root, 'out/docs/rules.mjs');
  await esbuild.build({
    absWorkingDir: root,
    stdin: {
      contents: ['rules/allRules', 'features/rulePage', 'features/settings']
        .map((path) => `export * from './server/src/${path}';`)
        .join('\n'),
      resolveDir: root,
      loader: 'ts',
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
  /** @type {unknown} */
  const bundle = await import(pathToFileURL(outfile).href);
  return /** @type {Engine} */ (bundle);
}

function rulesIndex() {
  return `<!-- Written by scripts/docs.mjs from server/src/rules/. -->

# Diagnostics

Every diagnostic has a stable code, the source \`airflow-token-volume\`, and a link to its page. What is said of the chart
holds for releases 1.19 to 1.22.

${rulesTable('')}

## Severities

The setting \`airflowTokenVolume.rules\` gives the findings of a rule another severity, or switches the rule off:

\`\`\`json
"airflowTokenVolume.rules": {
  "long-lived-token": "error",
  "automounted-token": "off"
}
\`\`\`

The command line reads the same from \`.airflow-token-volume.yaml\`:

\`\`\`yaml
rules:
  long-lived-token: error
  automounted-token: off
\`\`\`

The values are ${levels.map((level) => `\`${level}\``).join(', ')}. One severity holds for everything that the rule reports. A rule that
is off by default is switched on by giving it a severity. What is not one of these values, or not the code of a rule, does
not count; VS Code marks it, and the command line refuses it.

Of what one rule reports in a file, the first 500 are shown, and the last of them says how many more there are.

## Ignoring a finding

A comment ignores findings on one line. It stands at the end of the line on which the finding begins:

\`\`\`yaml
expirationSeconds: 604800 # airflow-token-volume: ignore long-lived-token -- replaced every night
\`\`\`

or on a line of its own directly above:

\`\`\`yaml
# airflow-token-volume: ignore long-lived-token, nonstandard-mount-path -- a program of our own reads it
serviceAccountTokenVolume: { enabled: true, expirationSeconds: 604800, mountPath: /opt/token }
\`\`\`

- After \`ignore\` come the codes, separated by commas, spaces or tabs. A reason may follow, after a \`--\` with spaces or
  tabs on both sides. Without one after it, as in \`--why\`, it is read as a code, which is reported.
- Between a comment on a line of its own and the line that it is about may stand other comments, and nothing else: it does
  not reach over a blank line. Several such comments, and one at the end of the line, add up.
- The comment has to begin with \`airflow-token-volume:\`. In a quoted text, in the lines of a block scalar (\`|\`, \`>\`), after
  other words of a comment, or in a second YAML document it means nothing.
- A comment without codes ignores nothing. It would hide findings that nobody has seen yet, so there is no way to ignore
  all of them; to leave a whole file alone, write \`# airflow-token-volume: disable\` in its first lines.
- What ignores nothing is reported as [\`unused-ignore\`](unused-ignore.md), except for the codes of rules that are
  switched off: those rules are not run, so it is not known whether their comments are needed.

What is ignored is not fixed by **Fix all** either. The quick fix **Ignore … here** writes the comment.
`;
}

/** @param {string} folder Where the pages are, seen from the page with the table. */
function rulesTable(folder) {
  const rows = rules.map(
    ({ code, severity, offByDefault, documentation }) =>
      `| [\`${code}\`](${folder}${code}.md) | ${severity}${offByDefault ? ', off by default' : ''} | ${documentation.summary} |`,
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

/** The key of what the manifest says of a rule. @param {string} code */
function textKey(code) {
  return `rule.${code}`;
}

/** The texts of the manifest, with one for each rule. */
function manifestTexts() {
  const others = Object.entries(/** @type {Record<string, string>} */ (readJson('package.nls.json'))).filter(
    ([key]) => !key.startsWith(textKey('')),
  );
  const ofRules = rules.map(({ code, documentation: { summary } }) => [textKey(code), `${summary}.`]);
  return `${JSON.stringify(Object.fromEntries([...others, ...ofRules]), null, 2)}\n`;
}

/** The manifest with an entry for each rule in the setting for rules, for completion and warnings in settings.json. */
function manifest() {
  const manifest = /** @type {Manifest} */ (readJson('package.json'));
  const setting = manifest.contributes.configuration.properties['airflowTokenVolume.rules'];
  if (!setting) throw new Error('package.json has no setting for rules.');
  setting.properties = Object.fromEntries(
    rules.map(({ code, severity, offByDefault }) => [
      code,
      {
        type: 'string',
        enum: levels,
        default: offByDefault ? 'off' : severity,
        markdownDescription: `%${textKey(code)}%`,
      },
    ]),
  );
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

function settingsTable() {
  const texts = /** @type {Record<string, string>} */ (readJson('package.nls.json'));
  const manifest = /** @type {Manifest} */ (readJson('package.json'));
  const rows = Object.entries(manifest.contributes.configuration.properties).map(
    ([name, { default: value, markdownDescription, description }]) => {
      const values = Array.isArray(value) ? value : [value];
      return `| \`${name}\` | ${values.map((item) => `\`${typeof item === 'string' ? item : JSON.stringify(item)}\``).join('<br>')} | ${texts[(markdownDescription ?? description ?? '').slice(1, -1)] ?? ''} |`;
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
