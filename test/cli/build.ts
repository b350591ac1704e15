import { buildUnlessNewer, bundlePath } from '../buildBundle';

/** The command line, which is the program under test. */
export const cliBundle = bundlePath('cli.js');

/** Called by Vitest, once for all test files. */
export function setup(): void {
  buildUnlessNewer(cliBundle);
}
