// @ts-check
/**
 * Builds the extension and opens the sample repository `examples/` with it: in desktop VS Code where there is one,
 * otherwise in VS Code served on this machine, at the address that is printed.
 *
 *     node scripts/start.mjs [--port N]
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { hasDisplay } from './editor/desktop.mjs';
import { temporaryProfile } from './editor/profile.mjs';
import { findOnPath, run } from './editor/programs.mjs';
import { startVsCodeServer } from './editor/vscodeServer.mjs';
import { windowAddress } from './editor/webWindow.mjs';
import { root } from './paths.mjs';

const { values: flags } = parseArgs({ options: { port: { type: 'string', default: '0' } } });
const folder = path.join(root, 'examples');

const build = spawnSync(process.execPath, [path.join(root, 'scripts', 'build.mjs')], { stdio: 'inherit' });
if (build.status !== 0) process.exit(1);

const code = hasDisplay() ? findOnPath('code') : undefined;
try {
  if (code === undefined) await serve();
  else await openDesktop(code);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

/** @param {string} code the command line of the user's own VS Code */
async function openDesktop(code) {
  await run(
    code,
    ['--new-window', '--disable-workspace-trust', `--extensionDevelopmentPath=${root}`, folder],
    {
      seconds: 60,
    },
  );
  console.log('Opened examples/ in VS Code, with the extension loaded from this folder.');
}

async function serve() {
  const server = await startVsCodeServer({ profile: temporaryProfile(), port: Number(flags.port) });
  console.log(
    '\nVS Code runs at this address, with the extension loaded from this folder, until you press Ctrl+C:',
  );
  console.log(`\n  ${windowAddress(server, { folder, extensionDevelopmentPath: root })}\n`);
  await server.failed;
}
