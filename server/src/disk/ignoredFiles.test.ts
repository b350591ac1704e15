import path from 'node:path';
import { expect, test } from 'vitest';
import { folderWith } from '../testing/commandLine';
import { findRulesAbove, findRulesIn, isIgnored, rulesAbove, rulesIn } from './ignoredFiles';

const files = {
  'outside.yaml': '',
  'repository/.git/info/exclude': 'c.yaml\n',
  'repository/.gitignore': 'b.yaml\n/out/\n',
  'repository/sub/.gitignore': '!b.yaml\na.yaml\n',
  'repository/sub/deep/.gitignore': '\uFEFFx.yaml\n',
  'repository/out/sub/x': '',
};

test('who waits for the disk and who does not read the same rules', async () => {
  const root = folderWith(files);
  for (const name of [
    '',
    'repository',
    'repository/sub',
    'repository/sub/deep',
    'repository/out',
    'repository/out/sub',
  ]) {
    const folder = path.join(root, name);
    const rules = rulesIn(folder, rulesAbove(folder));
    const found = await findRulesIn(folder, await findRulesAbove(folder));
    const judged = (all: typeof rules): boolean[] =>
      ['a.yaml', 'b.yaml', 'c.yaml', 'x.yaml'].map((file) => isIgnored(all, path.join(folder, file), false));
    expect(found.map((file) => file.folder)).toEqual(rules.map((file) => file.folder));
    expect(judged(found)).toEqual(judged(rules));
  }
});

test.each([
  [['.gitignore'], [false, true, false]],
  [['.git'], [false, false, true]],
  [
    ['.git', '.gitignore'],
    [false, true, true],
  ],
  [['a.yaml'], [false, false, false]],
])('of a folder with %j only what is there is read', async (names, expected) => {
  const folder = path.join(folderWith(files), 'repository');
  const rules = await findRulesIn(folder, [], new Set(names));
  expect(
    ['a.yaml', 'b.yaml', 'c.yaml'].map((file) => isIgnored(rules, path.join(folder, file), false)),
  ).toEqual(expected);
});
