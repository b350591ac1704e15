import { performance } from 'node:perf_hooks';

/**
 * How long work in the background may hold up one phase of the event loop, in milliseconds. A message waits for up to two
 * of them, and for what a single step takes.
 */
const budget = 1;

/** Shares the turns of the event loop between those who work in the background. */
export interface Turns {
  /** Undefined while there is time in this turn, else a promise for a later one. */
  readonly next: () => Promise<void> | undefined;
  /** Resolves when there is time; to be called again and again by those who do much at once. */
  readonly ready: () => Promise<void>;
}

/** The turns of this process; there is one event loop, so that all who work in the background share its time. */
export const turns = createTurns();

/**
 * Makes turns. Everybody who asks the same ones shares their time, since what resolves together runs in one turn.
 * @param now The time in milliseconds.
 */
export function createTurns(now: () => number = () => performance.now()): Turns {
  let startedAt: number | undefined;
  function next(): Promise<void> | undefined {
    if (startedAt === undefined) {
      startedAt = now();
      setImmediate(() => {
        startedAt = undefined;
      });
      return undefined;
    }
    if (now() - startedAt < budget) return undefined;
    return new Promise((resolve) => setImmediate(resolve));
  }
  async function ready(): Promise<void> {
    for (let later = next(); later; later = next()) await later;
  }
  return { next, ready };
}

/**
 * Lets only so many do something at the same time.
 * @param most How many.
 */
export function createGate(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= most)
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
      });
    else running++;
    try {
      return await work();
    } finally {
      // Whoever goes on next takes over this place.
      const following = waiting.shift();
      if (following) following();
      else running--;
    }
  };
}
