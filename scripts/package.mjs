// @ts-check
/**
 * Packages the extension as `dist/airflow-token-volume-VERSION.vsix`, and fails if the package holds a file that
 * users have no use for, or lacks one, or has grown too large.
 */
import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';
import { packagedExtension, root } from './paths.mjs';

/** A third of it are the walkthrough's pictures: real windows, each in three kinds of themes. */
const limitKilobytes = 640;

/** The pictures of the walkthrough, as the manifest names them. */
const pictures = [...readFileSync(path.join(root, 'package.json'), 'utf8').matchAll(/"(media\/[^"]+)"/g)].map(
  ([, file = '']) => file,
);

/** What has to be in the package. */
const required = [
  'package.json',
  'package.nls.json',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  'icon.png',
  'dist/client.js',
  'dist/exposure.css',
  'dist/exposure.js',
  'dist/server.js',
  'dist/ThirdPartyNotices.txt',
  ...new Set(pictures),
];

/** What may be in it besides. */
const optional = /^((snippets|syntaxes)\/[\w.-]+|package\.nls\.[\w-]+|l10n\/bundle\.l10n\.[\w-]+)\.json$/;

const packagePath = packagedExtension();

mkdirSync(path.dirname(packagePath), { recursive: true });
rmSync(packagePath, { force: true });
// Runs the script vscode:prepublish, which builds. What the bundles need is in them, hence no dependencies.
await createVSIX({ cwd: root, packagePath, dependencies: false });

const files = (await listFiles({ cwd: root, packageManager: PackageManager.None })).map((file) =>
  file.replaceAll('\\', '/'),
);
const kilobytes = Math.ceil(statSync(packagePath).size / 1024);
const problems = [
  ...required.filter((file) => !files.includes(file)).map((file) => `${file} is missing in the package.`),
  ...files
    .filter((file) => !required.includes(file) && !optional.test(file))
    .map((file) => `${file} is in the package.`),
  ...(kilobytes > limitKilobytes
    ? [`The package has ${kilobytes} KB; the limit is ${limitKilobytes} KB.`]
    : []),
];
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log(`${path.relative(process.cwd(), packagePath)}: ${kilobytes} KB`);
