import type { MessageStrategy } from 'vscode-languageserver';

/**
 * How many turns of the event loop without a message show that none is waiting. One that is still in the pipe takes
 * two: it is read and decoded in the first, and handled in the second.
 */
const quietTurns = 3;

/**
 * Lets work wait until every message that has arrived is handled, so that it is done for the newest text only, and not
 * at all when it was cancelled.
 *
 * `vscode-jsonrpc` hands on one message in each turn of the event loop, from a queue that it does not show, and runs on
 * without waiting for the handler's promise. A handler that starts to work at once would thus work for each of twenty
 * changes that came together. Turns follow each other without a pause while there is something to do, so that waiting
 * for a few of them takes microseconds; it is no delay that collects changes which are yet to come.
 */
export class Arrivals implements MessageStrategy {
  private readonly waiting: (() => void)[] = [];
  private turnsSinceMessage = 0;

  /** Told of every message by the connection whose `messageStrategy` this is. */
  handleMessage: MessageStrategy['handleMessage'] = (message, next) => {
    this.turnsSinceMessage = 0;
    return next(message);
  };

  /**
   * Resolves when all messages that have arrived are handled. Those who wait go on one by one, in the order in which
   * they began to, and what arrives while one of them works is handled before the next one.
   */
  giveWay(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      if (this.waiting.length === 1) this.startCounting();
    });
  }

  private startCounting(): void {
    this.turnsSinceMessage = 0;
    setImmediate(this.turn);
  }

  private readonly turn = (): void => {
    if (++this.turnsSinceMessage < quietTurns) {
      setImmediate(this.turn);
      return;
    }
    this.waiting.shift()?.();
    if (this.waiting.length > 0) this.startCounting();
  };
}
