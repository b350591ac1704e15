#!/usr/bin/env node
import process from 'node:process';
import { setImmediate } from 'node:timers/promises';
import { program } from './commands';
import { exitCodes, stopSignals, type StopSignal, type TextStream } from './environment';
import { reasonOf } from '../disk/readText';
import { run } from './run';

/** What goes to a stream, unless whoever reads it has gone, as `head` does after its lines. */
function textStream(stream: NodeJS.WriteStream): TextStream {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    if (stream !== process.stderr)
      process.stderr.write(`${program}: cannot write the output: ${reasonOf(error)}\n`);
    // At once: the exit status that a command ends with would be about findings that nobody was told.
    process.exit(exitCodes.failure);
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

function catchSignals(): () => Promise<StopSignal | undefined> {
  let caught: StopSignal | undefined;
  for (const signal of Object.keys(stopSignals) as StopSignal[])
    process.on(signal, () => {
      caught ??= signal;
    });
  return async () => {
    // Signals are told between the rounds of the event loop only.
    await setImmediate();
    return caught;
  };
}

/** The working folder; undefined where it was deleted. */
function workingFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

const out = textStream(process.stdout);
const err = textStream(process.stderr);
const cwd = workingFolder();
if (cwd === undefined) {
  err.write(`${program}: the working folder does not exist any more\n`);
  process.exitCode = exitCodes.failure;
} else {
  run(process.argv.slice(2), { cwd, env: process.env, out, err, readInput, catchSignals }).then(
    (code) => {
      // Not process.exit, which would cut off what a slow reader has not taken yet.
      process.exitCode = code;
    },
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.exitCode = exitCodes.failure;
    },
  );
}
