#!/usr/bin/env node
import process from 'node:process';
import { run } from './run';
import { exitCodes, type Outlet } from './shell';

/** What goes to a stream, unless whoever reads it has gone, as `head` does after its lines. */
function outlet(stream: NodeJS.WriteStream): Outlet {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    write: (text) => {
      stream.write(text);
    },
    isTerminal: stream.isTTY,
    columns: stream.isTTY ? stream.columns : undefined,
  };
}

async function readInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

run(process.argv.slice(2), {
  cwd: process.cwd(),
  env: process.env,
  out: outlet(process.stdout),
  err: outlet(process.stderr),
  readInput,
}).then(
  (code) => {
    // Not process.exit, which would cut off what a slow reader has not taken yet.
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = exitCodes.failure;
  },
);
