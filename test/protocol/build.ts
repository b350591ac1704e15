import { buildUnlessNewer, bundlePath } from '../buildBundle';

/** The server, which is the program under test. */
export const serverBundle = bundlePath('server.js');

/** Called by Vitest, once for all test files. */
export function setup(): void {
  buildUnlessNewer(serverBundle);
}
