import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { folderWith } from '../testing/commandLine';
import { findFiles } from './findFiles';

const isYaml = (file: string): boolean => file.endsWith('.yaml');

/** The files that are found, relative to a folder; those that were named have a mark. */
function found(folder: string, ...paths: string[]): string[] {
  const { files } = findFiles(
    paths.map((name) => path.join(folder, name)),
    isYaml,
  );
  return files.map(({ file, isNamed }) => `${path.relative(folder, file)}${isNamed ? ' named' : ''}`);
}

test('folders in the order of names, with what the condition allows for', () => {
  const folder = folderWith({
    'b/values.yaml': '',
    'b/notes.txt': '',
    'a.yaml': '',
    '.hidden/values.yaml': '',
    'c/d/values.yaml': '',
    '.git/values.yaml': '',
    'c/node_modules/x/values.yaml': '',
  });
  expect(found(folder, '')).toEqual(['.hidden/values.yaml', 'a.yaml', 'b/values.yaml', 'c/d/values.yaml']);
});

test('named files whatever they are called, each once and named where it is', () => {
  const folder = folderWith({ 'a.yaml': '', 'notes.txt': '', 'sub/b.yaml': '' });
  expect(found(folder, 'notes.txt', '', 'sub/b.yaml', 'sub/b.yaml')).toEqual([
    'notes.txt named',
    'a.yaml',
    'sub/b.yaml named',
  ]);
});

test('.gitignore, with inner ones over outer ones', () => {
  const folder = folderWith({
    '.gitignore': '/top.yaml\nbuild/\n*.gen.yaml\n',
    'top.yaml': '',
    'x.gen.yaml': '',
    'build/values.yaml': '',
    'sub/top.yaml': '',
    'sub/.gitignore': '!kept.gen.yaml\nsecret.yaml\n',
    'sub/kept.gen.yaml': '',
    'sub/lost.gen.yaml': '',
    'sub/secret.yaml': '',
    'sub/deep/secret.yaml': '',
    'sub/deep/build/values.yaml': '',
    'secret.yaml': '',
  });
  expect(found(folder, '')).toEqual(['secret.yaml', 'sub/kept.gen.yaml', 'sub/top.yaml']);
});

test('what is above counts as far as the repository goes', () => {
  const folder = folderWith({
    '.gitignore': 'a.yaml\n',
    'repository/.git/info/exclude': 'c.yaml\n',
    'repository/.gitignore': 'b.yaml\n',
    'repository/sub/a.yaml': '',
    'repository/sub/b.yaml': '',
    'repository/sub/c.yaml': '',
    'repository/sub/d.yaml': '',
  });
  expect(found(folder, 'repository/sub')).toEqual(['repository/sub/a.yaml', 'repository/sub/d.yaml']);
});

test('an ignored file or folder is looked at when it is named', () => {
  const folder = folderWith({
    '.git/HEAD': '',
    '.gitignore': 'dist/\nb.yaml\n',
    'dist/a.yaml': '',
    'dist/b.yaml': '',
    'dist/.gitignore': 'c.yaml\n',
    'dist/c.yaml': '',
  });
  expect(found(folder, 'dist')).toEqual(['dist/a.yaml', 'dist/b.yaml']);
  expect(found(folder, 'dist/c.yaml')).toEqual(['dist/c.yaml named']);
});

test('links to files are followed, those to folders only when they are named, so that no circle is walked', () => {
  const folder = folderWith({ 'real/values.yaml': '', 'other/x.yaml': '' });
  symlinkSync('../real/values.yaml', path.join(folder, 'other/link.yaml'));
  symlinkSync('..', path.join(folder, 'real/up.yaml'));
  symlinkSync('real', path.join(folder, 'alias'));
  expect(found(folder, '')).toEqual(['other/link.yaml', 'other/x.yaml', 'real/values.yaml']);
  expect(found(folder, 'alias')).toEqual(['alias/values.yaml']);
});

test('what cannot be looked at is told, and everything else still found', () => {
  const folder = folderWith({ 'a.yaml': '' });
  symlinkSync('nowhere', path.join(folder, 'broken.yaml'));
  symlinkSync('nowhere', path.join(folder, 'broken.txt'));
  symlinkSync('circle.yaml', path.join(folder, 'circle.yaml'));
  const result = findFiles([folder, path.join(folder, 'missing')], isYaml);
  expect(result.files.map(({ file }) => file)).toEqual([path.join(folder, 'a.yaml')]);
  expect(result.unreadable).toEqual([
    { file: path.join(folder, 'broken.yaml'), problem: 'it is a symbolic link to a file that is not there' },
    { file: path.join(folder, 'circle.yaml'), problem: 'its symbolic links lead in a circle' },
    { file: path.join(folder, 'missing'), problem: 'there is no such file' },
  ]);
});

test('a link that leads nowhere only matters if its name does', () => {
  const folder = folderWith({});
  symlinkSync('nowhere', path.join(folder, 'values.yaml'));
  symlinkSync('nowhere', path.join(folder, 'other.yaml'));
  const broken = (...paths: string[]): string[] =>
    findFiles(
      paths.map((name) => path.join(folder, name)),
      isYaml,
      (file) => path.basename(file) === 'values.yaml',
    ).unreadable.map(({ file }) => path.basename(file));
  expect(broken('')).toEqual(['values.yaml']);
  expect(broken('', 'other.yaml')).toEqual(['values.yaml', 'other.yaml']);
});

test('a byte order mark before a .gitignore is no part of its first pattern', () => {
  const folder = folderWith({
    '.gitignore': '*.yaml\n',
    'sub/.gitignore': '\uFEFF!a.yaml\n',
    'sub/a.yaml': '',
    'sub/b.yaml': '',
  });
  expect(found(folder, '')).toEqual(['sub/a.yaml']);
});
