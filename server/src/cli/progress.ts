import type { Outlet } from './shell';

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
 * @param outlet Where to say it.
 * @param now The time in milliseconds.
 */
export function createProgress(outlet: Outlet, now: () => number = Date.now): Progress {
  let next = now() + patience;
  let isShown = false;
  return {
    at(done, total) {
      if (!outlet.isTerminal || now() < next) return;
      next = now() + interval;
      isShown = true;
      outlet.write(`\r\u001B[2KLooking at ${done} of ${total} files …`);
    },
    end() {
      if (isShown) outlet.write('\r\u001B[2K');
      isShown = false;
    },
  };
}
