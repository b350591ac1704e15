// @ts-check
/**
 * The language server that most people have for values files today, and that this project's is held against. It is
 * no dependency of the project: only the benchmark installs it, beside the editors for the tests.
 */
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { cacheFolder } from '../editor/cacheFolder.mjs';
import { temporaryFolder } from '../editor/cleanup.mjs';
import { run } from '../editor/programs.mjs';
import { openDocument } from './document.mjs';
import { startServer } from './languageServer.mjs';

const packageName = 'yaml-language-server';
const version = '1.25.0';

export const peerName = `${packageName} ${version}`;

/** It waits for this long after each change, for another one, before it looks at the text. */
export const peerDelay = 200;

/**
 * Installs it into the user's cache, unless it is there, and returns its main file.
 * @throws an error in one sentence when it cannot be installed
 */
export async function ensurePeer() {
  const cache = cacheFolder();
  const home = path.join(cache, `${packageName}-${version}`);
  const main = path.join(home, 'node_modules', packageName, 'bin', packageName);
  if (existsSync(main)) return main;

  console.error(`Installing ${peerName} into ${home} (once) …`);
  try {
    await mkdir(cache, { recursive: true });
    // Installed aside and then renamed, so that an interrupted installation is never taken for a complete one.
    const aside = temporaryFolder('installing', cache);
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    const what = ['--no-save', '--prefix', aside, `${packageName}@${version}`];
    await run('npm', ['install', ...quiet, ...what], { cwd: aside, seconds: 180 });
    await rename(aside, home).catch((/** @type {unknown} */ error) => {
      // Another run was faster; its installation is as good.
      if (!existsSync(main)) throw error;
    });
  } catch (error) {
    const output = error instanceof Error ? error.message : String(error);
    // npm says why in a line of many; anything else is short.
    const reason = /npm error code (\S+)/.exec(output)?.[1] ?? output.split('\n', 1)[0] ?? '';
    throw new Error(`${peerName} cannot be installed (${reason}), so this server is measured alone.`, {
      cause: error,
    });
  }
  return main;
}

/**
 * How it is started, and the settings it gets.
 * @param {string} main
 * @param {string | undefined} schema the path of a JSON schema for all values files
 * @returns {import('./languageServer.mjs').ServerDefinition}
 */
export function peerDefinition(main, schema) {
  /** @type {Record<string, unknown>} */
  const settings = {
    yaml: {
      validate: true,
      hover: true,
      completion: true,
      schemas: schema === undefined ? {} : { [pathToFileURL(schema).href]: ['values*.yaml'] },
      // Nothing is to be fetched over the network.
      schemaStore: { enable: false },
      kubernetesCRDStore: { enable: false },
    },
    http: { proxy: '', proxyStrictSSL: true },
  };
  return {
    name: peerName,
    command: [main, '--stdio'],
    settings: (section) => settings[section] ?? {},
    asksFirst: 'yaml',
  };
}

/**
 * Says whether it holds a file against the schema: it has to complain about the type of a wrong value, with the very
 * first diagnostics of the first file in a process, since it is those that are timed.
 * @param {import('./languageServer.mjs').ServerDefinition} definition
 */
export async function appliesSchema(definition) {
  const server = startServer(definition);
  try {
    return await server.within(30, async () => {
      await server.initialize();
      const text = 'scheduler:\n  replicas: x\n';
      const document = await openDocument(server, 'file:///bench/values-schema.yaml', text);
      return document
        .diagnostics()
        .some(({ message }) => typeof message === 'string' && /type.*integer/i.test(message));
    });
  } finally {
    await server.stop();
  }
}
