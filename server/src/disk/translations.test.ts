import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readTranslations } from './translations';

let parent: string;
let folder: string;

beforeAll(() => {
  parent = mkdtempSync(path.join(tmpdir(), 'translations-'));
  folder = path.join(parent, 'l10n');
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'bundle.l10n.de.json'), '{ "Yes": "Ja" }');
  writeFileSync(path.join(folder, 'bundle.l10n.pt-br.json'), '{ "Yes": "Sim" }');
  writeFileSync(path.join(folder, 'bundle.l10n.en.json'), '{ "Yes": "Aye" }');
  writeFileSync(path.join(folder, 'bundle.l10n.fr.json'), '{ "Yes": ');
  writeFileSync(path.join(parent, 'bundle.l10n.it.json'), '{ "Yes": "Sì" }');
});

afterAll(() => {
  rmSync(parent, { recursive: true });
});

test.each([
  ['de', 'Ja'],
  ['de-AT', 'Ja'],
  ['pt-BR', 'Sim'],
  ['pt', undefined],
  ['en', undefined],
  ['en-GB', undefined],
  ['nl', undefined],
  ['fr', undefined],
  ['it', undefined],
  ['x/../../bundle.l10n.it', undefined],
  ['', undefined],
])('%s', (locale, yes) => {
  expect(readTranslations(folder, locale)?.['Yes']).toBe(yes);
});
