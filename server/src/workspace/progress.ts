import * as l10n from '@vscode/l10n';
import type { Connection, WorkDoneProgressServerReporter } from 'vscode-languageserver';
import { wait, type Later } from './later';

/** How long a search may take before the user is told that it goes on, in milliseconds. */
const patience = 1000;

/** What the user is told of a search. */
export interface SearchProgress {
  /** How many files were looked at, out of how many that are known of so far. */
  readonly report: (done: number, total: number) => void;
  readonly end: () => void;
}

/**
 * Shows the progress of a search that takes long, if the client shows any.
 * @param connection The connection to the client.
 * @param title What is done.
 */
export function startProgress(
  connection: { readonly window: Pick<Connection['window'], 'createWorkDoneProgress'> },
  title: string,
  later: Later = wait,
): SearchProgress {
  let reporter: WorkDoneProgressServerReporter | undefined;
  let isOver = false;
  let last = { done: 0, total: 0 };
  const takeBack = later(() => {
    connection.window.createWorkDoneProgress().then(
      (created) => {
        // The client took its time to answer.
        if (isOver) return;
        reporter = created;
        reporter.begin(title, undefined, messageOf(last));
      },
      () => undefined,
    );
  }, patience);
  return {
    report: (done, total) => {
      last = { done, total };
      reporter?.report(messageOf(last));
    },
    end: () => {
      isOver = true;
      takeBack();
      reporter?.done();
      reporter = undefined;
    },
  };
}

/** No percentage, as the total grows while files are found. */
function messageOf({ done, total }: { done: number; total: number }): string {
  return l10n.t('{0} of {1} files', done, total);
}
