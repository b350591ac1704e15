// @ts-check
import { existsSync } from 'node:fs';
import process from 'node:process';
import { findOnPath, isExecutable, run } from './programs.mjs';

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'chrome',
  'msedge',
];

/** Where installers put a Chromium that is not on PATH. */
const usualPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** The path of a browser of the Chromium family, which drives the VS Code server's page. Installs one where it may. */
export async function ensureChromium() {
  const chosen = process.env['CHROME_PATH'];
  if (chosen !== undefined && chosen !== '') {
    if (!isExecutable(chosen)) throw new Error(`CHROME_PATH is set to ${chosen}, which is not a program.`);
    return chosen;
  }
  return findChromium() ?? (await installChromium());
}

function findChromium() {
  return findOnPath(...names) ?? usualPlaces.find(isExecutable);
}

async function installChromium() {
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) {
    throw new Error(
      'The tests in a real editor need Chromium or Google Chrome. Install one, for example with\n' +
        '  sudo apt-get install chromium\n' +
        'or set CHROME_PATH to the one you have.',
    );
  }
  console.log('Installing Chromium (apt-get install chromium) …');
  await run('apt-get', ['update'], { seconds: 180 });
  await run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], { seconds: 600 });
  const installed = findChromium();
  if (installed === undefined) throw new Error('apt-get installed no Chromium. Set CHROME_PATH to one.');
  return installed;
}
