import {
  lstatSync,
  linkSync,
  readdirSync,
  readFileSync,
  statSync,
  chmodSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { folderWith } from '../testing/commandLine';
import { replaceFile } from './replaceFile';

test('the content is new, the mode is not, and nothing else is left in the folder', () => {
  const folder = folderWith({ 'values.yaml': 'a\n' });
  const file = path.join(folder, 'values.yaml');
  chmodSync(file, 0o751);
  replaceFile(file, 'a\n', '\uFEFFb\r\n');
  expect(readFileSync(file)).toEqual(Buffer.from('\uFEFFb\r\n'));
  expect(statSync(file).mode & 0o777).toBe(0o751);
  expect(readdirSync(folder)).toEqual(['values.yaml']);
});

test('it is another file that takes the place, so that no reader sees half of it', () => {
  const folder = folderWith({ 'values.yaml': 'a\n' });
  const file = path.join(folder, 'values.yaml');
  const { ino } = statSync(file);
  replaceFile(file, 'a\n', 'b\n');
  expect(statSync(file).ino).not.toBe(ino);
});

test('a symbolic link stays one, and the file that it leads to is written', () => {
  const folder = folderWith({ 'real/values.yaml': 'a\n' });
  const link = path.join(folder, 'link.yaml');
  symlinkSync('real/values.yaml', link);
  replaceFile(link, 'a\n', 'b\n');
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readFileSync(path.join(folder, 'real/values.yaml'), 'utf8')).toBe('b\n');
  expect(readdirSync(path.join(folder, 'real'))).toEqual(['values.yaml']);
});

test('a file with several hard links is written in place', () => {
  const folder = folderWith({ 'values.yaml': 'long before\n' });
  const [file, other] = ['values.yaml', 'other.yaml'].map((name) => path.join(folder, name));
  if (file === undefined || other === undefined) throw new Error('There is no name.');
  linkSync(file, other);
  replaceFile(file, 'long before\n', 'ü\n');
  expect(readFileSync(other, 'utf8')).toBe('ü\n');
  expect(statSync(file).ino).toBe(statSync(other).ino);
  expect(readdirSync(folder)).toEqual(['other.yaml', 'values.yaml']);
});

test.each([1, 2])('what somebody else wrote meanwhile is kept (hard links: %i)', (links) => {
  const folder = folderWith({ 'values.yaml': 'a\n' });
  const file = path.join(folder, 'values.yaml');
  if (links > 1) linkSync(file, path.join(folderWith({}), 'other.yaml'));
  writeFileSync(file, 'theirs\n');
  expect(() => {
    replaceFile(file, 'a\n', 'b\n');
  }).toThrow('it was changed while fix was running');
  expect(readFileSync(file, 'utf8')).toBe('theirs\n');
  expect(readdirSync(folder)).toEqual(['values.yaml']);
});
