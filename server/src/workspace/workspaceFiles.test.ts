import { setTimeout as sleep } from 'node:timers/promises';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { FileChangeType } from 'vscode-languageserver';
import { URI } from 'vscode-uri';
import { folderWith } from '../testing/commandLine';
import { createDiskFiles } from './diskFiles';
import { createWorkspaceFiles, type WorkspaceFilesOptions } from './workspaceFiles';

/** The files of a real folder, of which those with "airflow" in them are relevant. Reading may be held up at its end. */
function keep(
  files: Readonly<Record<string, string>>,
  others: Partial<WorkspaceFilesOptions> = {},
  held?: Promise<void>,
) {
  const folder = folderWith(files);
  const root = URI.file(folder).toString();
  const told: string[][] = [];
  const disk = createDiskFiles(() => [root]);
  let reads = 0;
  const failed = vi.fn();
  const name = (uri: string): string => uri.slice(root.length + 1);
  const kept = createWorkspaceFiles({
    fileSystem: {
      ...disk,
      read: async (uri, isWorthDecoding) => {
        const text = await disk.read(uri, isWorthDecoding);
        reads++;
        await held;
        return text;
      },
    },
    folders: () => [root],
    exclude: () => [],
    isWorthReading: () => true,
    isRelevant: (_, text) => text.includes('airflow'),
    changed: (uris) => {
      told.push([...uris].map(name).sort());
    },
    failed,
    later: (call) => {
      const timer = setImmediate(call);
      return () => {
        clearImmediate(timer);
      };
    },
    ...others,
  });
  const state = () => ({
    uris: [...kept.uris()].map(name).sort(),
    texts: Object.fromEntries([...kept.texts()].map(([uri, text]) => [name(uri), text])),
  });
  const change = (changed: string, text: string | undefined): void => {
    const file = path.join(folder, changed);
    if (text === undefined) rmSync(file);
    else writeFileSync(file, text);
    const type = text === undefined ? FileChangeType.Deleted : FileChangeType.Changed;
    kept.take([{ uri: URI.file(file).toString(), type }]);
  };
  const next = async (): Promise<string[]> => {
    await vi.waitFor(() => {
      expect(told).not.toHaveLength(0);
    });
    return told.splice(0).flat();
  };
  return { kept, state, change, next, told, failed, folder, reads: () => reads };
}

test('what is on disk is kept up to date', async () => {
  const { kept, state, change, next, told } = keep({ 'a.yaml': 'airflow: 1', 'b.yaml': 'b' });
  await kept.discover();
  expect(await next()).toEqual(['a.yaml', 'b.yaml']);
  expect(state()).toEqual({ uris: ['a.yaml', 'b.yaml'], texts: { 'a.yaml': 'airflow: 1' } });

  change('b.yaml', 'airflow: 2');
  expect(await next()).toEqual(['b.yaml']);
  change('c.yaml', 'c');
  expect(await next()).toEqual(['c.yaml']);
  change('a.yaml', 'nothing');
  expect(await next()).toEqual(['a.yaml']);
  expect(state()).toEqual({ uris: ['a.yaml', 'b.yaml', 'c.yaml'], texts: { 'b.yaml': 'airflow: 2' } });
  change('b.yaml', undefined);
  expect(await next()).toEqual(['b.yaml']);
  expect(state()).toEqual({ uris: ['a.yaml', 'c.yaml'], texts: {} });

  change('.gitignore', 'c.yaml');
  expect(await next()).toEqual(['c.yaml']);
  expect(state().uris).toEqual(['a.yaml']);
  await kept.discover();
  expect(told).toEqual([]);
});

test('what happens during a search counts after it', async () => {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const { kept, state, change, reads } = keep({ 'a.yaml': 'airflow: 1', 'b.yaml': 'airflow: 1' }, {}, held);
  const search = kept.discover();
  await vi.waitFor(() => {
    expect(reads()).toBe(2);
  });
  change('a.yaml', 'airflow: 2');
  change('b.yaml', undefined);
  await sleep(30);
  release();
  await search;
  expect(state().texts).toEqual({ 'a.yaml': 'airflow: 1', 'b.yaml': 'airflow: 1' });
  await vi.waitFor(() => {
    expect(state()).toEqual({ uris: ['a.yaml'], texts: { 'a.yaml': 'airflow: 2' } });
  });
});

test('a new search ends the one under way, and nothing is told after the end', async () => {
  const { kept, told, folder } = keep({ 'a.yaml': 'airflow' });
  const first = kept.discover();
  await Promise.all([first, kept.discover()]);
  expect(told).toHaveLength(1);
  writeFileSync(path.join(folder, 'b.yaml'), 'airflow');
  const last = kept.discover();
  kept.dispose();
  await last;
  await kept.discover();
  expect(told).toHaveLength(1);
});

test('every search shows its progress, and ends it', async () => {
  const log: string[] = [];
  const startProgress = () => ({
    report: (done: number, total: number) => {
      log.push(`${done}/${total}`);
    },
    end: () => {
      log.push('end');
    },
  });
  const { kept } = keep({ 'a.yaml': 'airflow' }, { startProgress });
  await kept.discover();
  expect(log).toEqual(['1/1', 'end']);
});

test('an error of the others is told, and the next search works', async () => {
  let fails = true;
  const { kept, state, failed } = keep(
    { 'a.yaml': 'airflow' },
    {
      isWorthReading: () => {
        if (fails) throw new Error('mine');
        return true;
      },
    },
  );
  await kept.discover();
  expect(failed).toHaveBeenCalledTimes(1);
  fails = false;
  await kept.discover();
  expect(state().uris).toEqual(['a.yaml']);
});
