// @ts-check
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from './cleanup.mjs';

/** Settings that keep an editor to itself: no network, no questions, nothing in front of the text. */
const quietSettings = {
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'chat.commandCenter.enabled': false,
  'git.enabled': false,
};

/**
 * A fresh profile, the same in both editors, which is gone when this process is.
 * @param {Record<string, unknown>} [settings] the user's settings, besides those that keep the editor quiet
 * @returns {import('./prepareEditor.mjs').Profile}
 */
export function temporaryProfile(settings = {}) {
  const folder = temporaryFolder('profile');
  const profile = { userDataDir: path.join(folder, 'user'), extensionsDir: path.join(folder, 'extensions') };
  const file = path.join(profile.userDataDir, 'User', 'settings.json');
  mkdirSync(path.dirname(file), { recursive: true });
  mkdirSync(profile.extensionsDir);
  writeFileSync(file, JSON.stringify({ ...quietSettings, ...settings }, null, 2));
  return profile;
}
