import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { Environment } from '../cli/environment';
import { run } from '../cli/run';

/**
 * Makes a folder for the test that runs; it is removed at the test's end.
 * @param files Content by path.
 * @returns The folder's full path.
 */
export function folderWith(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'airflow-token-volume-')));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
  return folder;
}

/** A process that a test looks into. */
export interface TestEnvironment extends Environment {
  readonly printed: { out: string; err: string };
}

/** What a test has a process be. */
export interface TestEnvironmentOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly isTerminal?: boolean;
  readonly columns?: number;
  readonly input?: string | Buffer;
}

/** A process that keeps what is printed. */
export function createEnvironment(options: TestEnvironmentOptions = {}): TestEnvironment {
  const { cwd = '/', env = {}, isTerminal = false, columns, input = '' } = options;
  const printed = { out: '', err: '' };
  const stream = (name: 'out' | 'err') => ({
    write: (text: string | Buffer) => {
      printed[name] += text.toString();
    },
    isTerminal,
    columns,
  });
  return {
    cwd,
    env,
    out: stream('out'),
    err: stream('err'),
    readInput: () => Promise.resolve(Buffer.from(input)),
    catchSignals: () => () => Promise.resolve(undefined),
    printed,
  };
}

/** How a command ended and what it printed. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the program in this process. */
export async function runIn(
  cwd: string,
  args: readonly string[],
  options: TestEnvironmentOptions = {},
): Promise<Ran> {
  const environment = createEnvironment({ ...options, cwd });
  const code = await run(args, environment);
  return { code, ...environment.printed };
}
