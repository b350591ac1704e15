import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { FileChangeType, type ClientCapabilities } from 'vscode-languageserver';
import { URI } from 'vscode-uri';
import { folderWith } from '../testing/commandLine';
import { createDiskFiles } from './diskFiles';
import { createFolders } from './folders';
import type { Later } from './later';
import { createWatcher, registerWatching, type FileChanges } from './watching';

const { Created, Changed, Deleted } = FileChangeType;

/** A clock that a test turns. */
function createClock() {
  let now = 0;
  let calls: { at: number; call: () => void }[] = [];
  const later: Later = (call, milliseconds) => {
    const entry = { at: now + milliseconds, call };
    calls.push(entry);
    return () => {
      calls = calls.filter((other) => other !== entry);
    };
  };
  const pass = (milliseconds: number): void => {
    now += milliseconds;
    const due = calls.filter(({ at }) => at <= now);
    calls = calls.filter(({ at }) => at > now);
    for (const { call } of due) call();
  };
  return { later, pass, waiting: () => calls.length };
}

/** A watcher of a real folder, in which some files are known. */
function watch(folder: string, known: readonly string[], exclude: readonly string[] = []) {
  const root = URI.file(folder).toString();
  const uriOf = (name: string): string => URI.file(path.join(folder, name)).toString();
  const told: FileChanges[] = [];
  const clock = createClock();
  const fileSystem = createDiskFiles(() => [root]);
  const listAmong = vi.spyOn(fileSystem, 'listAmong');
  const watcher = createWatcher({
    fileSystem,
    folders: () => [root],
    exclude: () => exclude,
    known: () => new Set(known.map(uriOf)),
    changed: (changes) => {
      told.push(changes);
    },
    later: clock.later,
  });
  const take = (...events: readonly (readonly [string, FileChangeType])[]): void => {
    watcher.take(events.map(([name, type]) => ({ uri: uriOf(name), type })));
  };
  const names = (uris: ReadonlySet<string>): string[] =>
    [...uris].map((uri) => path.relative(folder, URI.parse(uri).fsPath)).sort();
  /** What is told after events, once it is quiet. */
  async function after(...events: readonly (readonly [string, FileChangeType])[]) {
    take(...events);
    clock.pass(50);
    await vi.waitFor(() => {
      expect(told).not.toHaveLength(0);
    });
    const [changes] = told.splice(0);
    if (!changes) throw new Error('Nothing was told.');
    return {
      changed: names(changes.changed),
      removed: names(changes.removed),
      rediscover: names(changes.rediscover),
    };
  }
  return { after, take, told, clock, watcher, listAmong, root };
}

const files = {
  '.gitignore': 'build/\n*.gen.yaml\n',
  'a.yaml': '',
  'sub/b.yaml': '',
  'sub/deep/c.yaml': '',
  'subway/d.yaml': '',
  'build/x.yaml': '',
  'new.gen.yaml': '',
  'out/y.yaml': '',
};
const known = ['a.yaml', 'sub/b.yaml', 'sub/deep/c.yaml', 'subway/d.yaml'];

test.each([
  ['a change', [['a.yaml', Changed]], ['a.yaml'], []],
  ['a new file', [['sub/new.yaml', Created]], ['sub/new.yaml'], []],
  [
    'new files that are ignored or excluded',
    [
      ['a.yaml', Changed],
      ['build/x.yaml', Created],
      ['new.gen.yaml', Created],
      ['out/y.yaml', Changed],
    ],
    ['a.yaml'],
    [],
  ],
  ['a file that is gone', [['a.yaml', Deleted]], [], ['a.yaml']],
  [
    'a file that came back',
    [
      ['a.yaml', Deleted],
      ['a.yaml', Created],
    ],
    ['a.yaml'],
    [],
  ],
  [
    'a file that came and went',
    [
      ['a.yaml', Changed],
      ['x.yaml', Created],
      ['x.yaml', Deleted],
    ],
    ['a.yaml'],
    [],
  ],
  [
    'a file that changed and went',
    [
      ['a.yaml', Changed],
      ['a.yaml', Deleted],
    ],
    [],
    ['a.yaml'],
  ],
  ['a folder that is gone', [['sub', Deleted]], [], ['sub/b.yaml', 'sub/deep/c.yaml']],
  ['an inner folder that is gone', [['sub/deep', Deleted]], [], ['sub/deep/c.yaml']],
  ['a folder that is new', [['more', Created]], ['more/e.yaml', 'more/f/g.yaml'], []],
  [
    'a new folder and what is in it',
    [
      ['more', Created],
      ['more/f', Created],
      ['more/e.yaml', Created],
    ],
    ['more/e.yaml', 'more/f/g.yaml'],
    [],
  ],
  [
    'ignored folders',
    [
      ['a.yaml', Changed],
      ['build', Created],
      ['out', Created],
      ['build', Deleted],
    ],
    ['a.yaml'],
    [],
  ],
  [
    'what has no meaning',
    [
      ['a.yaml', Changed],
      ['x.ts', Created],
      ['gone.yaml', Created],
      ['../z.yaml', Created],
      ['node_modules/p/.gitignore', Created],
      ['node_modules', Created],
      ['.git/x.yaml', Changed],
    ],
    ['a.yaml'],
    [],
  ],
] as [string, [string, FileChangeType][], string[], string[]][])(
  '%s',
  async (_, events, changed, removed) => {
    const folder = folderWith({
      ...files,
      'sub/new.yaml': '',
      'more/e.yaml': '',
      'more/f/g.yaml': '',
      'node_modules/p/v.yaml': '',
    });
    const { after } = watch(folder, known, ['out']);
    expect(await after(...events)).toEqual({ changed, removed, rediscover: [] });
  },
);

test('a folder that is renamed', async () => {
  const folder = folderWith(files);
  const { after } = watch(folder, known);
  renameSync(path.join(folder, 'sub'), path.join(folder, 'renamed'));
  expect(await after(['sub', Deleted], ['renamed', Created])).toEqual({
    changed: ['renamed/b.yaml', 'renamed/deep/c.yaml'],
    removed: ['sub/b.yaml', 'sub/deep/c.yaml'],
    rediscover: [],
  });
});

test('a folder that comes back with other files', async () => {
  const folder = folderWith(files);
  const { after } = watch(folder, known);
  rmSync(path.join(folder, 'sub'), { recursive: true });
  mkdirSync(path.join(folder, 'sub'));
  writeFileSync(path.join(folder, 'sub/b.yaml'), '');
  writeFileSync(path.join(folder, 'sub/e.yaml'), '');
  expect(await after(['sub', Deleted], ['sub', Created])).toEqual({
    changed: ['sub/b.yaml', 'sub/e.yaml'],
    removed: ['sub/deep/c.yaml'],
    rediscover: [],
  });
});

test.each(['.gitignore', 'sub/.gitignore'])(
  'after a change of %s everything is looked for again',
  async (name) => {
    for (const type of [Created, Changed, Deleted] as const) {
      const { after } = watch(folderWith(files), known);
      expect((await after([name, type])).rediscover).toEqual(['']);
    }
  },
);

test('a storm is one batch, told when it is quiet or has lasted for a second', async () => {
  const { take, told, clock, listAmong } = watch(folderWith(files), known);
  for (let count = 0; count < 100; count++) {
    take(['a.yaml', Changed], [`ignored${count}.gen.yaml`, Created]);
    clock.pass(5);
  }
  expect(told).toHaveLength(0);
  clock.pass(50);
  await vi.waitFor(() => {
    expect(told).toHaveLength(1);
  });
  expect(listAmong).toHaveBeenCalledTimes(1);
  for (let time = 0; time < 1000; time += 20) {
    take(['a.yaml', Changed]);
    clock.pass(20);
  }
  await vi.waitFor(() => {
    expect(told).toHaveLength(2);
  });
});

test('batches are told of one after the other', async () => {
  const root = 'file:///w';
  const clock = createClock();
  const log: string[] = [];
  let finish: () => void = () => undefined;
  const watcher = createWatcher({
    fileSystem: { listAmong: () => Promise.resolve() },
    folders: () => [root],
    exclude: () => [],
    known: () => new Set([`${root}/a.yaml`, `${root}/b.yaml`]),
    changed: async ({ changed }) => {
      log.push(`begin ${[...changed].join()}`);
      await new Promise<void>((resolve) => (finish = resolve));
      log.push('end');
    },
    later: clock.later,
  });
  watcher.take([{ uri: `${root}/a.yaml`, type: Changed }]);
  clock.pass(50);
  await vi.waitFor(() => {
    expect(log).toHaveLength(1);
  });
  watcher.take([{ uri: `${root}/b.yaml`, type: Changed }]);
  clock.pass(50);
  await new Promise(setImmediate);
  expect(log).toEqual([`begin ${root}/a.yaml`]);
  finish();
  await vi.waitFor(() => {
    expect(log).toEqual([`begin ${root}/a.yaml`, 'end', `begin ${root}/b.yaml`]);
  });
  watcher.take([{ uri: `${root}/b.yaml`, type: Changed }]);
  watcher.dispose();
  finish();
  expect(clock.waiting()).toBe(0);
  watcher.take([{ uri: `${root}/b.yaml`, type: Changed }]);
  expect(clock.waiting()).toBe(0);
});

test('the client is asked to watch if it can, and may refuse', async () => {
  const register = vi.fn(() => Promise.reject(new Error('no')));
  const connection = { client: { register } } as unknown as Parameters<typeof registerWatching>[0];
  const can = (dynamicRegistration: boolean): ClientCapabilities => ({
    workspace: { didChangeWatchedFiles: { dynamicRegistration } },
  });
  await registerWatching(connection, {});
  await registerWatching(connection, can(false));
  expect(register).not.toHaveBeenCalled();
  await registerWatching(connection, can(true));
  expect(register).toHaveBeenCalledTimes(1);
});

test.each([
  [
    {
      workspaceFolders: [
        { uri: 'file:///a/', name: 'a' },
        { uri: 'file:///b', name: 'b' },
      ],
      rootUri: 'file:///c',
    },
    ['file:///a', 'file:///b'],
  ],
  [{ workspaceFolders: null, rootUri: 'file:///c' }, ['file:///c']],
  [{ rootUri: null, rootPath: '/d e' }, ['file:///d%20e']],
  [{ workspaceFolders: [], rootUri: 'file:///c' }, []],
  [{ rootUri: null }, []],
])('%j are folders', (params, expected) => {
  expect(createFolders(params).current()).toEqual(expected);
});

test('folders come and go', () => {
  const folder = (uri: string) => ({ uri, name: '' });
  const params = { workspaceFolders: [folder('file:///a')], rootUri: null };
  const folders = createFolders(params);
  expect(folders.change({ added: [folder('file:///b/')], removed: [folder('file:///a')] })).toBe(true);
  expect(folders.current()).toEqual(['file:///b']);
  expect(folders.change({ added: [folder('file:///b')], removed: [folder('file:///x')] })).toBe(false);
});
