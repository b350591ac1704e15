/** Where text goes, and what is known of the reader. */
export interface Outlet {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  /** How wide the terminal is; undefined where there is none. */
  readonly columns: number | undefined;
}

/** What a command knows of the process that it runs in, so that tests can run it without one. */
export interface Shell {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: Outlet;
  readonly err: Outlet;
  /** Reads standard input to its end. */
  readonly readInput: () => Promise<Buffer>;
}

/** How a command ended: nothing to complain about, findings that matter, or something that could not be done. */
export const exitCodes = { clean: 0, findings: 1, failure: 2 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A mistake in how the command was called, to be told to the user without a stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
