import { test } from 'vitest';
import { checkEditSequences } from './testing/editSequences';

test('a document that was edited is the same as one that was read afresh', { timeout: 300_000 }, () => {
  checkEditSequences(3000);
});
