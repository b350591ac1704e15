import { expect, test } from 'vitest';
import { createEnvironment } from '../testing/commandLine';
import { createProgress } from './progress';

function watched(isTerminal: boolean) {
  const { printed, ...process } = createEnvironment({ isTerminal });
  let time = 0;
  const { progress, environment } = createProgress(process, () => time);
  return { progress, environment, printed, wait: (milliseconds: number) => (time += milliseconds) };
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

test('the line is gone before anything else is written', () => {
  const { progress, environment, printed, wait } = watched(true);
  wait(1000);
  progress.at(3, 100);
  environment.out.write('values.yaml\n');
  environment.err.write('a problem\n');
  expect(printed).toEqual({
    out: 'values.yaml\n',
    err: '\r\u001B[2KLooking at 3 of 100 files …\r\u001B[2Ka problem\n',
  });
});
