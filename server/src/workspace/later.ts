/** Calls something after some milliseconds. Returns what takes that back. */
export type Later = (call: () => void, milliseconds: number) => () => void;

/** The clock on the wall. */
export const wait: Later = (call, milliseconds) => {
  const timer = setTimeout(call, milliseconds);
  return () => {
    clearTimeout(timer);
  };
};
