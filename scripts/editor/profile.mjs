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
 * Has an editor speak a language. Its own texts stay English, for its translations are not at hand; extensions find theirs.
 * @param {import('./prepareEditor.mjs').Profile} profile of an editor that is not running yet, and is given `--locale`
 * @param {string} language as VS Code names it, such as `de`
 */
export function addLanguage({ userDataDir }, language) {
  // What VS Code writes down for language packs that are installed. Without one, it falls back to English.
  const texts = path.join(userDataDir, 'no-texts.json');
  writeFileSync(texts, JSON.stringify({ contents: {} }));
  const extensions = [{ extensionIdentifier: { id: 'tests.no-texts' }, version: '1.0.0' }];
  const pack = { hash: language, extensions, translations: { vscode: texts }, label: language };
  writeFileSync(path.join(userDataDir, 'languagepacks.json'), JSON.stringify({ [language]: pack }));
}

/**
 * A fresh profile, the same in both editors, which is gone when this process is.
 * @param {Record<string, unknown>} [settings] the user's settings, besides those that keep the editor quiet
 * @param {readonly { key: string, command: string }[]} [keybindings] the user's own keys
 * @returns {import('./prepareEditor.mjs').Profile}
 */
export function temporaryProfile(settings = {}, keybindings = []) {
  const folder = temporaryFolder('profile');
  const profile = { userDataDir: path.join(folder, 'user'), extensionsDir: path.join(folder, 'extensions') };
  const file = path.join(profile.userDataDir, 'User', 'settings.json');
  mkdirSync(path.dirname(file), { recursive: true });
  mkdirSync(profile.extensionsDir);
  writeFileSync(file, JSON.stringify({ ...quietSettings, ...settings }, null, 2));
  writeFileSync(path.join(path.dirname(file), 'keybindings.json'), JSON.stringify(keybindings));
  return profile;
}
