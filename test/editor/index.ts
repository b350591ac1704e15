/** What VS Code calls to run the tests: `run` executes in the extension host, with the whole `vscode` API. */
import { environment } from './environment';
import { reportToFile } from './report';

/** Called by VS Code. Rejects if a test failed, which becomes the editor's exit code. */
export async function run(): Promise<void> {
  // Mocha is an ES module, and this file is loaded as a CommonJS one.
  const { default: Mocha } = await import('mocha');
  const mocha = new Mocha({
    timeout: 20_000,
    ...(environment.only === '' ? {} : { fgrep: environment.only }),
    // Mocha calls a reporter with `new`, which a function serves as well as a class.
    reporter: reportToFile as unknown as Mocha.ReporterConstructor,
  });
  // Defines `describe` and `it`. Mocha does so for files it loads itself, and these are already loaded.
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  await (environment.language === 'en' ? importTests() : import('./translated.test'));
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} tests failed.`);
}

async function importTests(): Promise<void> {
  // Activation first: it has to see the extension before anything else wakes it up.
  await import('./activation.test');
  await import('./diagnostics.test');
  await import('./hover.test');
  await import('./quickFix.test');
  await import('./snippets.test');
  await import('./stacks.test');
  await import('./inlayHints.test');
  await import('./completion.test');
  await import('./documentLinks.test');
  await import('./exposure.test');
  await import('./exposureTree.test');
  await import('./migration.test');
  await import('./proof.test');
  await import('./codeLens.test');
  await import('./helm.test');
  await import('./commands.test');
  await import('./walkthrough.test');
  await import('./restart.test');
}
