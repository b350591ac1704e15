import { expect, test } from 'vitest';
import { startProgress } from './progress';

/** A client that shows progress, and a clock that a test turns. */
function show(create?: () => Promise<never>) {
  const shown: string[] = [];
  let due: (() => void) | undefined;
  const reporter = {
    begin: (title: string, _?: number, message?: string) => shown.push(`begin ${title}: ${message ?? ''}`),
    report: (message: string) => shown.push(message),
    done: () => shown.push('done'),
  };
  const window = { createWorkDoneProgress: create ?? (() => Promise.resolve(reporter)) };
  const connection = { window } as unknown as Parameters<typeof startProgress>[0];
  const progress = startProgress(connection, 'Looking', (call, milliseconds) => {
    expect(milliseconds).toBe(1000);
    due = call;
    return () => {
      due = undefined;
    };
  });
  const pass = (): Promise<void> => {
    due?.();
    return new Promise(setImmediate);
  };
  return { shown, progress, pass };
}

test('what is done within a second is not shown', async () => {
  const { shown, progress, pass } = show();
  progress.report(1, 2);
  progress.end();
  await pass();
  expect(shown).toEqual([]);
});

test('what takes longer is shown until its end', async () => {
  const { shown, progress, pass } = show();
  progress.report(1, 2);
  await pass();
  progress.report(2, 3);
  progress.end();
  progress.report(3, 3);
  expect(shown).toEqual(['begin Looking: 1 of 2 files', '2 of 3 files', 'done']);
});

test('a client that answers too late, or refuses, shows nothing', async () => {
  const late = show();
  const answered = late.pass();
  late.progress.end();
  await answered;
  expect(late.shown).toEqual([]);
  const refused = show(() => Promise.reject(new Error('no')));
  await refused.pass();
  refused.progress.report(1, 1);
  refused.progress.end();
  expect(refused.shown).toEqual([]);
});
