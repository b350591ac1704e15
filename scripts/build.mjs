// @ts-check
/**
 * Bundles the programs: `dist/client.js`, which VS Code loads into its extension host, `dist/server.js`, which the
 * client, any other editor, or `node dist/server.js --stdio` starts, `dist/cli.js`, the command line, and
 * `dist/exposure.js` and `.css`, the page of the view "Token Exposure".
 *
 *     node scripts/build.mjs [--minify] [--watch]
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import { writeThirdPartyNotices } from './notices.mjs';
import { root } from './paths.mjs';

const { values: flags } = parseArgs({
  options: { minify: { type: 'boolean', default: false }, watch: { type: 'boolean', default: false } },
});

/** @type {esbuild.BuildOptions} */
const options = {
  absWorkingDir: root,
  entryPoints: {
    client: 'client/src/extension.ts',
    server: 'server/src/main.node.ts',
    cli: 'server/src/cli/main.ts',
  },
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  // The Node version of the oldest VS Code that package.json's `engines` allows.
  target: 'node20',
  external: ['vscode'],
  // Some dependencies' `main` is a UMD file, whose `require` calls a bundler cannot follow.
  mainFields: ['module', 'main'],
  minify: flags.minify,
  sourcemap: !flags.minify,
  logLevel: 'info',
};

/** @type {esbuild.BuildOptions} what a page in the editor's window loads */
const pageOptions = {
  absWorkingDir: root,
  entryPoints: ['client/media/exposure.ts', 'client/media/exposure.css'],
  outdir: 'dist',
  bundle: true,
  platform: 'browser',
  format: 'iife',
  target: 'es2022',
  minify: flags.minify,
  logLevel: 'info',
};

if (flags.watch) {
  await (await esbuild.context(pageOptions)).watch();
  const context = await esbuild.context({ ...options, plugins: [announceForTasks()] });
  await context.watch();
} else {
  const results = await Promise.all([
    esbuild.build({ ...options, metafile: true }),
    esbuild.build({ ...pageOptions, metafile: true }),
  ]).catch(() => undefined);
  // esbuild has printed the errors.
  if (!results) process.exit(1);
  const [programs, pages] = results;
  const inputs = { ...programs.metafile.inputs, ...pages.metafile.inputs };
  writeThirdPartyNotices({ inputs, outputs: {} }, 'dist/ThirdPartyNotices.txt');
}

/**
 * Prints one line at the begin and at the end of each build, which `.vscode/tasks.json` waits for.
 * @returns {esbuild.Plugin}
 */
function announceForTasks() {
  return {
    name: 'announce-for-tasks',
    setup(build) {
      build.onStart(() => {
        console.log('[watch] build started');
      });
      build.onEnd(() => {
        console.log('[watch] build finished');
      });
    },
  };
}
