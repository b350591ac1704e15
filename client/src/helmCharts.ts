/** Where Helm and the chart are on this machine. Knows no editor, and downloads nothing. */
import { accessSync, constants, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';

/** The environment of a process, for tests. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The Helm binary.
 * @param setting What the user's settings name; empty where they name none.
 * @param env The environment with the `PATH`.
 * @returns Undefined where there is none.
 */
export function findHelm(setting: string, env: Environment = process.env): string | undefined {
  if (setting !== '') return isProgram(setting) ? setting : undefined;
  // Node starts no batch files without a shell.
  const name = process.platform === 'win32' ? 'helm.exe' : 'helm';
  const folders = (env['PATH'] ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return folders.map((folder) => path.join(folder, name)).find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * The chart, as a folder or a package.
 * @param setting What the user's settings name; empty where they name none.
 * @param folder The workspace's folder, at which a path in the settings begins.
 * @param version The release that is wanted.
 * @param env The environment that says where Helm keeps what it has downloaded.
 * @returns Undefined where there is none.
 */
export function findChart(
  setting: string,
  folder: string | undefined,
  version: string,
  env: Environment = process.env,
): string | undefined {
  if (setting !== '') {
    const chart = path.resolve(folder ?? '', setting);
    return exists(chart) ? chart : undefined;
  }
  return cachesOf(env)
    .map((cache) => path.join(cache, `airflow-${version}.tgz`))
    .find(exists);
}

/** Where Helm keeps packages that it has downloaded, as its documentation says. */
function cachesOf(env: Environment): string[] {
  const home = os.homedir();
  const own = env['HELM_REPOSITORY_CACHE'];
  const cache = env['HELM_CACHE_HOME'];
  const usual =
    process.platform === 'darwin'
      ? path.join(home, 'Library', 'Caches', 'helm')
      : process.platform === 'win32'
        ? path.join(env['TEMP'] ?? os.tmpdir(), 'helm')
        : path.join(env['XDG_CACHE_HOME'] ?? path.join(home, '.cache'), 'helm');
  return [
    ...(own === undefined ? [] : [own]),
    ...(cache === undefined ? [] : [path.join(cache, 'repository')]),
    path.join(usual, 'repository'),
  ];
}

function exists(file: string): boolean {
  try {
    statSync(file);
    return true;
  } catch {
    return false;
  }
}
