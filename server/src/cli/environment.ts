/** Where text goes, and what is known of the reader. */
export interface TextStream {
  readonly write: (text: string | Buffer) => void;
  readonly isTerminal: boolean;
  /** How wide the terminal is; undefined where there is none. */
  readonly columns: number | undefined;
}

/** The signals that ask a program to end, with the status that shells expect of one that did so. */
export const stopSignals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

export type StopSignal = keyof typeof stopSignals;

/** What a command knows of the process that it runs in, so that tests can run it without one. */
export interface Environment {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: TextStream;
  readonly err: TextStream;
  /** Reads standard input to its end. */
  readonly readInput: () => Promise<Buffer>;
  /**
   * From now on signals no longer end the process at once, so that what is being written can be completed.
   * @returns Lets signals come in, and says which one came.
   */
  readonly catchSignals: () => () => Promise<StopSignal | undefined>;
}

/** How a command ended: nothing to complain about, findings that matter, or something that could not be done. */
export const exitCodes = { clean: 0, findings: 1, failure: 2 } as const;

export type ExitCode =
  (typeof exitCodes)[keyof typeof exitCodes] | (typeof stopSignals)[keyof typeof stopSignals];

/** A mistake in how the command was called, to be told to the user without a stack. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
}
