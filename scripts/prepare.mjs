// @ts-check
/**
 * What npm runs after it installed what the project needs, and before it packs it: builds the programs, since the
 * command line is installed from a clone of the repository too (by `npm install -g --install-links git+…`, and so by pre-commit).
 * Where only runtime dependencies were asked for there is nothing to build with, and nothing to do.
 */
import { execFileSync } from 'node:child_process';
import process from 'node:process';
import { root } from './paths.mjs';

const { npm_config_global: isGlobal, npm_execpath: npm } = process.env;

if (!(await canBuild()) && isGlobal === 'true' && npm !== undefined) {
  // To install a clone globally, npm installs what it needs globally as well, where the clone does not find it:
  // https://github.com/npm/cli/issues/8440
  run([npm, 'ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'], {
    npm_config_global: 'false',
    npm_config_location: 'project',
  });
}
if (await canBuild()) {
  run(['scripts/build.mjs', '--minify'], {});
} else {
  console.error('The development dependencies are not installed: dist/ is not built.');
}

async function canBuild() {
  try {
    await import('esbuild');
    return true;
  } catch {
    return false;
  }
}

/**
 * Runs Node to its end. What it prints goes to stderr, since `npm pack` prints a name that others read.
 * @param {string[]} command
 * @param {Record<string, string>} env Variables to change.
 */
function run(command, env) {
  execFileSync(process.execPath, command, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', process.stderr.fd, process.stderr.fd],
  });
}
