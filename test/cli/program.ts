/** Runs the built command line as a user does: as a process, in a folder. */
import { spawn } from 'node:child_process';
import { chmodSync, chownSync, readdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { cliBundle } from './build';

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Buffer;
  /** Whether to run as a user who may not do everything, where the tests run as one who may. */
  readonly asNobody?: boolean;
}

/** How a process ended and what it wrote. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

const nobody = 65534;

/** Whether the tests run as a user whom no permission stops. */
export const isRoot = process.getuid?.() === 0;

/** Runs the command line in a folder. */
export function program(cwd: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return started(process.execPath, [cliBundle, ...args], cwd, options);
}

/** Runs a script for Bash in a folder, in which `$program` is the command line. */
export function bash(cwd: string, script: string, options: RunOptions = {}): Promise<Ended> {
  const env = { ...options.env, program: `${process.execPath} ${cliBundle}` };
  return started('bash', ['-c', script], cwd, { ...options, env });
}

/** Gives a folder with everything in it to the user that `asNobody` stands for. */
export function giveToNobody(folder: string): void {
  if (!isRoot) return;
  chownSync(folder, nobody, nobody);
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    chownSync(path.join(folder, entry), nobody, nobody);
}

function started(command: string, args: readonly string[], cwd: string, options: RunOptions): Promise<Ended> {
  const inherited = { ...process.env };
  delete inherited['NO_COLOR'];
  delete inherited['FORCE_COLOR'];
  const child = spawn(command, args, {
    cwd,
    env: { ...inherited, ...options.env },
    stdio: 'pipe',
    ...(options.asNobody && isRoot ? { uid: nobody, gid: nobody } : {}),
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (out += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (err += chunk));
  child.stdin.on('error', () => {
    // It ended without reading its input.
  });
  child.stdin.end(options.input ?? '');
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({ code, signal, out, err });
    });
  });
}
