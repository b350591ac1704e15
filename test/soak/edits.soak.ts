import { test } from 'vitest';
import { checkEditSequences } from '../../server/src/testing/editSequences';

const steps = 100_000;

test(`${steps} edits`, { timeout: 3_600_000 }, () => {
  checkEditSequences(steps);
});
