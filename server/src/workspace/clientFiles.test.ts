import { expect, test } from 'vitest';
import type { CancellationToken } from 'vscode-languageserver';
import { createClientFiles } from './clientFiles';
import { canonical, createFileSystem, isBelow, isListed, type FileSystem } from './fileSystem';

const root = 'vscode-vfs://github/owner/name';
const running = new AbortController().signal;

/** A client that answers, and what it was asked. */
function clientWith(answer: (method: string, params: unknown) => unknown) {
  const asked: { method: string; params: unknown; token: CancellationToken | undefined }[] = [];
  const connection = {
    sendRequest: async (method: string, params: unknown, token?: CancellationToken): Promise<unknown> => {
      asked.push({ method, params, token });
      return Promise.resolve(answer(method, params));
    },
  };
  return { asked, files: createClientFiles(connection, () => [`${root}/`]) };
}

async function listed(files: FileSystem, exclude: string[] = [], entries?: string[], signal = running) {
  const all: string[] = [];
  const found = (uris: readonly string[]): void => {
    all.push(...uris);
  };
  if (entries) await files.listAmong(root, entries, exclude, found, signal);
  else await files.list(root, exclude, found, signal);
  return all.map((uri) => uri.slice(root.length + 1));
}

const there = [
  'a.yaml',
  'b/c.yml',
  'b/notes.md',
  'b/d/e%20f.yaml',
  'node_modules/x.yaml',
  'b/../../other/z.yaml',
];

test('the client finds files, of which only those count that may be', async () => {
  const { files, asked } = clientWith(() => [
    ...there.map((name) => `${root}/${name}`),
    'vscode-vfs://x/a.yaml',
    1,
  ]);
  expect(await listed(files)).toEqual(['a.yaml', 'b/c.yml', 'b/d/e%20f.yaml']);
  expect(await listed(files, ['**/e f.yaml', 'a.yaml'])).toEqual(['b/c.yml']);
  expect(await listed(files, [], [`${root}/b/d`, `${root}/a.yaml`])).toEqual(['a.yaml', 'b/d/e%20f.yaml']);
  expect(asked[1]).toMatchObject({
    method: 'airflowTokenVolume/findFiles',
    params: { folder: root, exclude: ['**/e f.yaml', 'a.yaml'] },
  });
});

test('the client reads files of the workspace, and is not asked for others', async () => {
  const { files, asked } = clientWith((_, params) => JSON.stringify(params));
  expect(await files.read(`${root}/a.yaml`)).toBe(`{"uri":"${root}/a.yaml"}`);
  for (const uri of [
    'vscode-vfs://github/owner/other/a.yaml',
    `${root}/../other/a.yaml`,
    `${root}/%2e%2e/b.yaml`,
    `${root}2/a.yaml`,
  ])
    expect(await files.read(uri)).toBeUndefined();
  expect(asked).toHaveLength(1);
});

test.each([
  ['null', () => null],
  ['another type', () => ({})],
  [
    'an error',
    () => {
      throw new Error('no');
    },
  ],
  ['too much', () => 'x'.repeat(4 * 1024 * 1024 + 1)],
])('%s is no answer', async (_, answer) => {
  const { files } = clientWith(answer);
  expect(await listed(files)).toEqual([]);
  expect(await files.read(`${root}/a.yaml`)).toBeUndefined();
});

test('a search that is ended is taken back', async () => {
  const stop = new AbortController();
  const { files, asked } = clientWith(() => {
    stop.abort();
    return [`${root}/a.yaml`];
  });
  expect(await listed(files, [], undefined, stop.signal)).toEqual([]);
  expect(asked.map(({ token }) => token?.isCancellationRequested)).toEqual([true]);
  expect(await listed(files, [], undefined, stop.signal)).toEqual([]);
  expect(asked).toHaveLength(1);
});

test('the scheme decides who is asked', async () => {
  const named = (name: string): FileSystem => ({
    list: (_, __, found) => {
      found([name]);
      return Promise.resolve();
    },
    listAmong: (_, __, ___, found) => {
      found([name]);
      return Promise.resolve();
    },
    read: () => Promise.resolve(name),
  });
  const both = createFileSystem(named('disk'), named('client'));
  const alone = createFileSystem(named('disk'));
  for (const [uri, fromBoth, fromAlone] of [
    ['file:///a', 'disk', 'disk'],
    ['vscode-vfs://github/a', 'client', undefined],
    ['untitled:x', 'client', undefined],
  ] as const) {
    expect(await both.read(uri)).toBe(fromBoth);
    expect(await alone.read(uri)).toBe(fromAlone);
    const found: string[] = [];
    await both.list(uri, [], (uris) => found.push(...uris), running);
    await both.listAmong(uri, [], [], (uris) => found.push(...uris), running);
    await alone.list(uri, [], (uris) => found.push(...uris), running);
    expect(found).toEqual([fromBoth, fromBoth, ...(fromAlone === undefined ? [] : [fromAlone])]);
  }
});

test.each([
  ['file:///a/b/', 'file:///a/b'],
  ['file:///', 'file:///'],
  ['file:///C:/a@b c', 'file:///c%3A/a%40b%20c'],
  ['file:///c%3a/a%40b%20c', 'file:///c%3A/a%40b%20c'],
  ['vscode-vfs://github/a/', 'vscode-vfs://github/a'],
  ['vscode-vfs://github/', 'vscode-vfs://github'],
])('%s is written %s', (uri, expected) => {
  expect(canonical(uri)).toBe(expected);
  expect(canonical(expected)).toBe(expected);
});

test('what is below a folder', () => {
  expect(isBelow('file:///a', 'file:///a')).toBe(true);
  expect(isBelow('file:///a', 'file:///a/b/c.yaml')).toBe(true);
  expect(isBelow('file:///', 'file:///b')).toBe(true);
  expect(isBelow('file:///a', 'file:///ab')).toBe(false);
  expect(isBelow('file:///a/b', 'file:///a')).toBe(false);
  expect(['x.yaml', 'a/Chart.lock', 'a/Kustomization', 'x.yml.gotmpl'].every(isListed)).toBe(true);
  expect(['yaml', 'x.yaml.bak', 'MyChart.lock', 'x.gotmpl'].some(isListed)).toBe(false);
});
