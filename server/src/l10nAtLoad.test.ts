import * as l10n from '@vscode/l10n';
import { expect, test, vi } from 'vitest';

vi.mock('@vscode/l10n', async (importOriginal) => {
  const original = await importOriginal<typeof l10n>();
  return { ...original, t: vi.fn(original.t) };
});

// A text that is asked for while a module loads stays English: an editor says its language only afterwards.
test('no text is translated before the language is known', { timeout: 60_000 }, async () => {
  const { durationInWords } = await import('./languageService');
  await import('./server');
  const asked = vi.mocked(l10n.t).mock.calls;
  expect(asked).toEqual([]);

  expect(durationInWords(60)).toBe('1 minute');
  expect(asked, 'the engine asks where this test listens').toEqual([['1 minute']]);
});
