import { setTimeout as sleep } from 'node:timers/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { URI } from 'vscode-uri';
import { folderWith } from '../testing/commandLine';
import { createDiskFiles } from './diskFiles';
import { createWordTest, discover, type DiscoveryOptions } from './discovery';
import { readExcludes } from './excludes';
import type { FileSystem } from './fileSystem';

const options: DiscoveryOptions = {
  exclude: () => [],
  isWorthReading: () => true,
  isRelevant: () => true,
  signal: new AbortController().signal,
};

/** Files that take their time. */
function slowFiles(texts: Readonly<Record<string, string>>): FileSystem & { most: () => number } {
  let reading = 0;
  let most = 0;
  return {
    list: async (folder, _, found, signal) => {
      for (const uri of Object.keys(texts).filter((name) => name.startsWith(folder))) {
        if (signal.aborted) return;
        found([uri]);
        await sleep(0);
      }
    },
    listAmong: () => Promise.resolve(),
    read: async (uri) => {
      most = Math.max(most, ++reading);
      await sleep(5);
      reading--;
      return texts[uri];
    },
    most: () => most,
  };
}

test('everything is found, and the texts of what is relevant kept', async () => {
  const folder = folderWith({
    'b.yaml': 'airflow: 2',
    'a.yaml': 'airflow: 1',
    'other.yaml': 'nginx: 1',
    'big/values.yaml': 'airflow: 3',
    'skipped/x.yaml': 'airflow: 4',
    'binary.yaml': Buffer.from('airflow\0'),
  });
  const uriOf = (name: string): string => URI.file(path.join(folder, name)).toString();
  const root = URI.file(folder).toString();
  const isAirflow = createWordTest(['apache', 'airflow']);
  const asked: string[] = [];
  const files = createDiskFiles(() => [root]);
  const found = await discover(files, [root, uriOf('big')], {
    ...options,
    exclude: (of) => Promise.resolve(of === root ? ['skipped'] : []),
    isWorthReading: (uri) => !uri.endsWith('/b.yaml'),
    isCandidate: (_, bytes) => isAirflow(bytes),
    isRelevant: (uri, text) => {
      asked.push(uri);
      return !text.includes('3');
    },
  });
  expect([...found.uris].sort()).toEqual(
    ['a.yaml', 'b.yaml', 'big/values.yaml', 'binary.yaml', 'other.yaml'].map(uriOf),
  );
  expect([...found.texts]).toEqual([[uriOf('a.yaml'), 'airflow: 1']]);
  // Neither what has no such word nor what is found twice.
  expect(asked.sort()).toEqual([uriOf('a.yaml'), uriOf('big/values.yaml')]);
});

test('few are read at once, texts are in the order of addresses, and progress is told', async () => {
  const names = Array.from({ length: 250 }, (_, index) => `x/${index}`);
  const files = slowFiles(Object.fromEntries(names.map((name) => [name, name])));
  const told: [number, number][] = [];
  const found = await discover(files, ['x/'], {
    ...options,
    progress: (done, total) => told.push([done, total]),
  });
  expect([...found.texts.keys()]).toEqual([...names].sort());
  expect(files.most()).toBe(4);
  expect(told.map(([done]) => done)).toEqual([100, 200, 250]);
  expect(told.at(-1)).toEqual([250, 250]);
});

test('a search that is ended reads nothing more', async () => {
  const stop = new AbortController();
  const names = Array.from({ length: 50 }, (_, index) => `x/${index}`);
  const read: string[] = [];
  const found = await discover(slowFiles(Object.fromEntries(names.map((name) => [name, name]))), ['x/'], {
    ...options,
    signal: stop.signal,
    isRelevant: (uri) => {
      read.push(uri);
      stop.abort();
      return true;
    },
  });
  expect(read.length).toBeLessThan(6);
  expect(found.texts.size).toBe(read.length);
});

test('an error of the one who asks reaches them', async () => {
  const fail = (): never => {
    throw new Error('mine');
  };
  const files = slowFiles({ 'x/1': '', 'x/2': '' });
  for (const failing of [{ isRelevant: fail }, { isWorthReading: fail }, { exclude: fail }])
    await expect(discover(files, ['x/'], { ...options, ...failing })).rejects.toThrow('mine');
});

test('other work is done between the steps', async () => {
  const burn = (milliseconds: number): void => {
    const end = performance.now() + milliseconds;
    while (performance.now() < end);
  };
  const names = Array.from({ length: 100 }, (_, index) => `x/${index}`);
  const files: FileSystem = {
    list: (_, __, found) => {
      found(names);
      return Promise.resolve();
    },
    listAmong: () => Promise.resolve(),
    read: () => Promise.resolve(''),
  };
  let between = 0;
  let isOver = false;
  const count = (): void => {
    between++;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  await discover(files, ['x/'], {
    ...options,
    isRelevant: () => {
      burn(1);
      return false;
    },
  });
  isOver = true;
  expect(between).toBeGreaterThan(40);
});

test('only globs that are switched on exclude', () => {
  const excludes = readExcludes(
    { '**/a': true, '**/b': false, '**/c': { when: '$(basename).ts' } },
    null,
    'x',
    { d: true },
  );
  expect(excludes).toEqual(['**/a', 'd']);
});
