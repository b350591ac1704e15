import { test } from 'vitest';
import { checkEditSequences } from './testing/editSequences';

test('a document that was edited is the same as one that was read afresh', { timeout: 120_000 }, () => {
  checkEditSequences(3000);
});
