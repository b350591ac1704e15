// @ts-check
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';

/** Where editors are kept between runs: the user's cache, so that every checkout shares them and `git clean` does not. */
export function cacheFolder() {
  return path.join(userCacheFolder(), 'airflow-token-volume');
}

function userCacheFolder() {
  const { XDG_CACHE_HOME: xdg, LOCALAPPDATA: localAppData } = process.env;
  if (xdg !== undefined && path.isAbsolute(xdg)) return xdg;
  if (process.platform === 'win32' && localAppData !== undefined) return localAppData;
  if (process.platform === 'darwin') return path.join(os.homedir(), 'Library', 'Caches');
  return path.join(os.homedir(), '.cache');
}
