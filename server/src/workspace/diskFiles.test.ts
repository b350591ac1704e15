import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { URI } from 'vscode-uri';
import { folderWith } from '../testing/commandLine';
import { createDiskFiles } from './diskFiles';

const isWindows = process.platform === 'win32';
const running = new AbortController().signal;

function uriOf(...parts: string[]): string {
  return URI.file(path.join(...parts)).toString();
}

/** What is found in a folder, from there on, in the order of names. */
async function listed(
  folder: string,
  exclude: readonly string[] = [],
  entries?: readonly string[],
): Promise<string[]> {
  const root = uriOf(folder);
  const files = createDiskFiles(() => [root]);
  const all: string[] = [];
  const found = (uris: readonly string[]): void => {
    all.push(...uris);
  };
  if (entries)
    await files.listAmong(
      root,
      entries.map((entry) => uriOf(folder, entry)),
      exclude,
      found,
      running,
    );
  else await files.list(root, exclude, found, running);
  return all.map((uri) => path.relative(folder, URI.parse(uri).fsPath).replaceAll(path.sep, '/')).sort();
}

test('YAML files are found by name, but not among what Git and packages have', async () => {
  const folder = folderWith({
    'a.yaml': '',
    'b.YML': '',
    'c.yaml.gotmpl': '',
    'd.yml.gotmpl': '',
    'e.gotmpl': '',
    'notes.md': '',
    'chart/Chart.lock': '',
    'chart/other.lock': '',
    'kustom/Kustomization': '',
    '.github/x.yaml': '',
    '.git/config.yaml': '',
    'node_modules/x/y.yaml': '',
    'deep/node_modules/y.yaml': '',
    'folder.yaml/z.yaml': '',
  });
  expect(await listed(folder)).toEqual(
    [
      'a.yaml',
      'b.YML',
      'c.yaml.gotmpl',
      'd.yml.gotmpl',
      'chart/Chart.lock',
      'kustom/Kustomization',
      '.github/x.yaml',
      'folder.yaml/z.yaml',
    ].sort(),
  );
});

const ignoring = {
  '.git/info/exclude': 'local.yaml\n',
  '.gitignore': '*.gen.yaml\n/build/\n',
  'a.yaml': '',
  'a.gen.yaml': '',
  'local.yaml': '',
  'build/b.yaml': '',
  'sub/.gitignore': '!kept.gen.yaml\nsecret/\n',
  'sub/kept.gen.yaml': '',
  'sub/lost.gen.yaml': '',
  'sub/secret/x.yaml': '',
  'sub/build/y.yaml': '',
  'sub/node_modules/z.yaml': '',
};

test('what is ignored is not found, not even when somebody points at it', async () => {
  const folder = folderWith(ignoring);
  const expected = ['a.yaml', 'sub/build/y.yaml', 'sub/kept.gen.yaml'];
  expect(await listed(folder)).toEqual(expected);
  const entries = Object.keys(ignoring).filter((name) => name.endsWith('.yaml'));
  expect(await listed(folder, [], entries)).toEqual(expected);
  expect(await listed(folder, [], ['sub', 'build', 'sub/node_modules'])).toEqual([
    'sub/build/y.yaml',
    'sub/kept.gen.yaml',
  ]);
  expect(await listed(folder, [], ['sub/secret', 'gone', 'gone/x.yaml', '', '../x.yaml'])).toEqual([]);
});

test('the rules of the repository around the folder count', async () => {
  const folder = folderWith({ '.git/HEAD': '', '.gitignore': 'x.yaml', 'sub/x.yaml': '', 'sub/y.yaml': '' });
  expect(await listed(path.join(folder, 'sub'))).toEqual(['y.yaml']);
  expect(await listed(path.join(folder, 'sub'), [], ['x.yaml', 'y.yaml'])).toEqual(['y.yaml']);
});

test.each([
  [['**/b'], ['a/c.yaml', 'top.yaml']],
  [['b'], ['a/b/x.yaml', 'a/c.yaml', 'top.yaml']],
  [['a/b/**'], ['a/c.yaml', 'b/y.yaml', 'top.yaml']],
  [['**/*.yaml'], []],
  [['*.yaml'], ['a/b/x.yaml', 'a/c.yaml', 'b/y.yaml']],
  [['{a,b}/'], ['top.yaml']],
  [
    ['[', '', '('],
    ['a/b/x.yaml', 'a/c.yaml', 'b/y.yaml', 'top.yaml'],
  ],
])('%j is excluded', async (exclude, expected) => {
  const files = { 'a/b/x.yaml': '', 'a/c.yaml': '', 'b/y.yaml': '', 'top.yaml': '' };
  const folder = folderWith(files);
  expect(await listed(folder, exclude)).toEqual(expected);
  expect(await listed(folder, exclude, Object.keys(files))).toEqual(expected);
});

test('addresses are written as VS Code writes them', async () => {
  const names = ['ü b.yaml', 'c#d?e%f.yaml', '@+(1).yaml', 'x/y z/values.yaml', 'C:.yaml'].slice(
    0,
    isWindows ? 1 : 5,
  );
  const folder = folderWith(Object.fromEntries(names.map((name) => [name, name])));
  const root = `${uriOf(folder)}/`;
  const found: string[] = [];
  const files = createDiskFiles(() => [root]);
  await files.list(root, [], (uris) => found.push(...uris), running);
  expect(found.sort()).toEqual(names.map((name) => uriOf(folder, name)).sort());
  for (const name of names) expect(await files.read(uriOf(folder, name))).toBe(name);
});

test.skipIf(isWindows)('links are followed to files of the workspace and nowhere else', async () => {
  const outside = folderWith({ 'secret.yaml': 'secret', 'sub/secret.yaml': 'secret' });
  const folder = folderWith({ 'real/a.yaml': 'a', 'real/.gitignore': '' });
  const link = (target: string, name: string): void => {
    symlinkSync(target, path.join(folder, name));
  };
  link('real/a.yaml', 'inside.yaml');
  link(path.join(outside, 'secret.yaml'), 'outside.yaml');
  link(outside, 'folder');
  link('real', 'alias');
  link('..', 'real/up');
  link('circle.yaml', 'circle.yaml');
  link('nowhere', 'nowhere.yaml');
  link('real', 'real.yaml');
  expect(await listed(folder)).toEqual(['inside.yaml', 'real/a.yaml']);
  const names = ['inside.yaml', 'outside.yaml', 'folder', 'folder/sub/secret.yaml', 'alias', 'alias/a.yaml'];
  const more = ['circle.yaml', 'nowhere.yaml', 'real.yaml', 'real/up'];
  expect(await listed(folder, [], [...names, ...more])).toEqual(['inside.yaml']);

  const files = createDiskFiles(() => [uriOf(folder)]);
  const read = (...parts: string[]): Promise<string | undefined> => files.read(uriOf(folder, ...parts));
  expect(await read('inside.yaml')).toBe('a');
  expect(await read('alias/a.yaml')).toBe('a');
  expect(await read('outside.yaml')).toBeUndefined();
  expect(await read('folder/secret.yaml')).toBeUndefined();
  expect(await read('circle.yaml')).toBeUndefined();
  expect(await read('..', path.basename(outside), 'secret.yaml')).toBeUndefined();
  expect(await files.read(`${uriOf(folder)}/../${path.basename(outside)}/secret.yaml`)).toBeUndefined();
  expect(await files.read(uriOf(outside, 'secret.yaml'))).toBeUndefined();
  // What is outside is not looked at, wherever it leads.
  symlinkSync(path.join(folder, 'real/a.yaml'), path.join(outside, 'back.yaml'));
  expect(await files.read(uriOf(outside, 'back.yaml'))).toBeUndefined();
  const both = createDiskFiles(() => [uriOf(folder), uriOf(outside)]);
  expect(await both.read(uriOf(folder, 'outside.yaml'))).toBe('secret');
});

test.skipIf(isWindows)('a folder of the workspace may be a link itself', async () => {
  const real = folderWith({ 'a.yaml': 'a' });
  const around = folderWith({});
  symlinkSync(real, path.join(around, 'link'));
  const folder = path.join(around, 'link');
  expect(await listed(folder)).toEqual(['a.yaml']);
  expect(await listed(folder, [], ['a.yaml'])).toEqual(['a.yaml']);
  expect(await createDiskFiles(() => [uriOf(folder)]).read(uriOf(folder, 'a.yaml'))).toBe('a');
});

test('texts are what an editor has', async () => {
  const large = 'a: "ü"\n'.repeat(20_000);
  const folder = folderWith({
    'plain.yaml': 'a: ü\r\n',
    'mark.yaml': '\uFEFFa: 1',
    'empty.yaml': '',
    'large.yaml': large,
    'limit.yaml': 'x'.repeat(4 * 1024 * 1024),
    'over.yaml': 'x'.repeat(4 * 1024 * 1024 + 1),
    'latin.yaml': Buffer.from('a: ü', 'latin1'),
    'utf16.yaml': Buffer.from('\uFEFFa: 1', 'utf16le'),
    'binary.yaml': Buffer.from([0x61, 0, 0x62]),
  });
  mkdirSync(path.join(folder, 'folder.yaml'));
  const files = createDiskFiles(() => [uriOf(folder), 'vscode-vfs://github/a/b', 'no address']);
  const names = [
    'plain',
    'mark',
    'empty',
    'large',
    'limit',
    'over',
    'latin',
    'utf16',
    'binary',
    'folder',
    'none',
  ];
  const texts = await Promise.all(names.map((name) => files.read(uriOf(folder, `${name}.yaml`))));
  expect(texts.slice(0, 4)).toEqual(['a: ü\r\n', 'a: 1', '', large]);
  expect(texts[4]).toHaveLength(4 * 1024 * 1024);
  expect(texts.slice(5)).toEqual(texts.slice(5).map(() => undefined));
  for (const uri of [
    'vscode-vfs://github/a/b/c.yaml',
    'no address',
    '',
    'file:///',
    `${uriOf(folder)}/%00.yaml`,
  ])
    expect(await files.read(uri)).toBeUndefined();
});

test('bytes that are not worth it are made no text of', async () => {
  const names = Array.from({ length: 200 }, (_, index) => `${index}.yaml`);
  const folder = folderWith(
    Object.fromEntries(names.map((name, index) => [name, `${index}`.repeat(index + 1)])),
  );
  const files = createDiskFiles(() => [uriOf(folder)]);
  const texts = await Promise.all(
    names.map((name) => files.read(uriOf(folder, name), (bytes) => bytes.length % 2 === 1)),
  );
  // Each has its own bytes, though the buffers are used again.
  expect(texts).toEqual(
    names.map((_, index) => {
      const text = `${index}`.repeat(index + 1);
      return text.length % 2 === 1 ? text : undefined;
    }),
  );
});

test.skipIf(isWindows)('a pipe that nobody writes to does not hold anybody up', async () => {
  const folder = folderWith({});
  execFileSync('mkfifo', [path.join(folder, 'pipe.yaml')]);
  expect(await listed(folder)).toEqual([]);
  expect(await listed(folder, [], ['pipe.yaml'])).toEqual([]);
  expect(await createDiskFiles(() => [uriOf(folder)]).read(uriOf(folder, 'pipe.yaml'))).toBeUndefined();
});

test('a search that is ended tells of nothing more', async () => {
  const folder = folderWith({ 'a.yaml': '', 'b/c.yaml': '' });
  const stop = new AbortController();
  const found: string[] = [];
  const listing = createDiskFiles(() => [uriOf(folder)]).list(
    uriOf(folder),
    [],
    (uris) => {
      found.push(...uris);
      stop.abort();
    },
    stop.signal,
  );
  await listing;
  expect(found).toEqual([uriOf(folder, 'a.yaml')]);
});

test.skipIf(isWindows)('after a new search a folder may be another one', async () => {
  const around = folderWith({ 'one/a.yaml': '1', 'two/a.yaml': '2' });
  const link = path.join(around, 'link');
  symlinkSync('one', link);
  const files = createDiskFiles(() => [uriOf(link)]);
  expect(await files.read(uriOf(link, 'a.yaml'))).toBe('1');
  symlinkSync('two', path.join(around, 'other'));
  renameSync(path.join(around, 'other'), link);
  await files.list(uriOf(link), [], () => undefined, running);
  expect(await files.read(uriOf(link, 'a.yaml'))).toBe('2');
});
