/** What VS Code calls to run the tests that need no disk, in a workspace that is on none. */
import { env } from 'node:process';
import { environment } from '../environment';
import { reportToFile } from '../report';
import { provideMemoryFiles } from './memoryFiles';

/** Called by VS Code. Rejects if a test failed, which becomes the editor's exit code. */
export async function run(): Promise<void> {
  provideMemoryFiles(env['TEST_WORKSPACE'] ?? '');
  // Mocha is an ES module, and this file is loaded as a CommonJS one.
  const { default: Mocha } = await import('mocha');
  const mocha = new Mocha({
    timeout: 20_000,
    ...(environment.only === '' ? {} : { fgrep: environment.only }),
    // Mocha calls a reporter with `new`, which a function serves as well as a class.
    reporter: reportToFile as unknown as Mocha.ReporterConstructor,
  });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  await import('../exposureTree.test');
  await import('./webview.test');
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} tests failed.`);
}
