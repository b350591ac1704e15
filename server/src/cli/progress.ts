import type { Environment, TextStream } from './environment';

/** How long a command may take, in milliseconds, before it says how far it is. */
const patience = 1000;

/** How often the line is written anew, in milliseconds. */
const interval = 100;

/** A line that says how far a command is. */
export interface Progress {
  /** Says that some of the files are done. */
  readonly at: (done: number, total: number) => void;
  /** Takes the line away. */
  readonly end: () => void;
}

/**
 * Prepares to say how far a command is, on a terminal and once it takes long.
 * @param environment The process; the line is written to stderr.
 * @param now The time in milliseconds.
 * @returns The line, and the process for everything else that is written: it takes the line away first.
 */
export function createProgress(
  environment: Environment,
  now: () => number = Date.now,
): { progress: Progress; environment: Environment } {
  const { out, err } = environment;
  let next = now() + patience;
  let isShown = false;
  const end = (): void => {
    if (isShown) err.write('\r\u001B[2K');
    isShown = false;
  };
  const endingIt = (stream: TextStream): TextStream => ({
    ...stream,
    write: (text) => {
      end();
      stream.write(text);
    },
  });
  return {
    progress: {
      at(done, total) {
        if (!err.isTerminal || now() < next) return;
        next = now() + interval;
        isShown = true;
        err.write(`\r\u001B[2KLooking at ${done} of ${total} files …`);
      },
      end,
    },
    environment: { ...environment, out: endingIt(out), err: endingIt(err) },
  };
}
