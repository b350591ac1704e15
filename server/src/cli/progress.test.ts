import { expect, test } from 'vitest';
import { createShell } from '../testing/commandLine';
import { createProgress } from './progress';

function watched(isTerminal: boolean) {
  const { err, printed } = createShell({ isTerminal });
  let time = 0;
  const progress = createProgress(err, () => time);
  return { progress, printed, wait: (milliseconds: number) => (time += milliseconds) };
}

test('says how far it is once it takes longer than a second, and takes that away', () => {
  const { progress, printed, wait } = watched(true);
  progress.at(1, 100);
  wait(999);
  progress.at(2, 100);
  expect(printed.err).toBe('');
  wait(1);
  progress.at(3, 100);
  progress.at(4, 100);
  expect(printed.err).toBe('\r\u001B[2KLooking at 3 of 100 files …');
  wait(100);
  progress.at(5, 100);
  progress.end();
  progress.end();
  expect(printed.err).toBe(
    '\r\u001B[2KLooking at 3 of 100 files …\r\u001B[2KLooking at 5 of 100 files …\r\u001B[2K',
  );
});

test('says nothing where no one watches', () => {
  const { progress, printed, wait } = watched(false);
  wait(5000);
  progress.at(1, 100);
  progress.end();
  expect(printed.err).toBe('');
});
