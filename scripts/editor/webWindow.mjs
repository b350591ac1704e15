// @ts-check
import { chromium } from 'playwright-core';
import { ensureChromium } from './chromium.mjs';

/**
 * The address of a window of the VS Code server.
 * @param {import('./vscodeServer.mjs').VsCodeServer} server
 * @param {object} options
 * @param {string} options.folder the folder to open
 * @param {string} [options.extensionDevelopmentPath] an extension to run from its source folder
 * @param {string} [options.extensionTestsPath] a module whose `run()` the extension host calls
 */
export function windowAddress(
  { authority, token },
  { folder, extensionDevelopmentPath, extensionTestsPath },
) {
  const payload = Object.entries({ extensionDevelopmentPath, extensionTestsPath }).flatMap(([key, file]) =>
    file === undefined ? [] : [[key, `vscode-remote://${authority}${uriPath(file)}`]],
  );
  const address = new URL(`http://${authority}/`);
  address.searchParams.set('tkn', token);
  address.searchParams.set('folder', uriPath(folder));
  address.searchParams.set('payload', JSON.stringify(payload));
  return address.href;
}

/** @param {string} file an absolute path; on Windows a URI's path has forward slashes and begins with one, too */
function uriPath(file) {
  const slashes = file.replaceAll('\\', '/');
  return slashes.startsWith('/') ? slashes : `/${slashes}`;
}

/** A headless browser that talks to nothing but this machine. The caller closes it. */
export async function launchBrowser() {
  return chromium.launch({
    executablePath: await ensureChromium(),
    args: [
      // Chromium refuses to start as root with its sandbox; the only page it opens is our own.
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
    // Signals end this process through cleanup.mjs, and playwright closes the browser on exit.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}
