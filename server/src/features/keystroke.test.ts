import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { topLevelKeys } from '../chart/topLevelKeys';
import { defaultSettings } from '../languageService';
import { becoming, documentOf, service } from '../testing/documents';
import { readValues, type ValuesDocument } from '../values/document';
import * as parse from '../values/parse';

const examples = new URL('../../../examples/', import.meta.url);
const golden = new URL('../../../test/fixtures/golden/', import.meta.url);
const files = [examples, golden].flatMap((folder) =>
  readdirSync(folder, { encoding: 'utf8', recursive: true })
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => [name, readFileSync(new URL(name, folder), 'utf8')] as const),
);

/** What all values documents are made of. */
let prototype: ValuesDocument;
beforeAll(() => {
  prototype = Object.getPrototypeOf(readValues('')) as ValuesDocument;
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('what grows with the file is not done on a keystroke', () => {
  test.each(files)('%s', (_, text) => {
    const document = documentOf(text);
    const typed = becoming(document, `${text.slice(0, 200)} ${text.slice(200)}`);
    for (const name of ['text', 'topLevelKeys'] as const)
      vi.spyOn(prototype, name, 'get').mockImplementation(() => {
        throw new Error(`${name} was asked for`);
      });
    vi.spyOn(prototype, 'hasTreeOf').mockImplementation(() => {
      throw new Error('All trees were asked for');
    });
    const find = vi.spyOn(prototype, 'find');
    const hasKey = vi.spyOn(prototype, 'hasKey');
    for (const version of [document, typed]) {
      const snapshot = service.look(version, defaultSettings);
      service.diagnostics(snapshot);
      service.hover(snapshot, { line: 3, character: 3 });
      service.completions(snapshot, { line: 3, character: 2 });
      service.codeLenses(snapshot);
      service.inlayHints(snapshot, { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } });
      service.documentLinks(snapshot);
    }
    const asked = [...find.mock.calls.map(([[key = '']]) => key), ...hasKey.mock.calls.map(([key]) => key)];
    expect(asked.filter((key) => !topLevelKeys.includes(key))).toEqual([]);
  });
});

test('entries that nobody asks for are never parsed, and of the others only those that changed', () => {
  const parseSlice = vi.spyOn(parse, 'parseSlice');
  const text = `executor: KubernetesExecutor\nmine:\n  a: 1\nscheduler:\n  replicas: 1\nworkers:\n  replicas: 2\n`;
  const document = documentOf(text);
  service.diagnostics(service.look(document, defaultSettings));
  const parsed = parseSlice.mock.calls.map(([slice]) => slice.split('\n', 1)[0]);
  expect(parsed).not.toContain('mine:');
  expect(parsed.toSorted()).toEqual(['executor: KubernetesExecutor', 'scheduler:', 'workers:']);
  parseSlice.mockClear();
  const typed = becoming(document, text.replace('replicas: 1', 'replicas: 11'));
  service.diagnostics(service.look(typed, defaultSettings));
  expect(parseSlice.mock.calls.map(([slice]) => slice)).toEqual(['scheduler:\n  replicas: 11\n']);
});

test('lenses and hints read what stands in the text of components, and after a change only that', () => {
  const parseSlice = vi.spyOn(parse, 'parseSlice');
  const text = `executor: KubernetesExecutor\nmine:\n  a: 1\nscheduler:\n  replicas: 1\nother:\n  b: 1\n`;
  const document = documentOf(text);
  const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
  const ask = (version: typeof document): void => {
    const snapshot = service.look(version, defaultSettings);
    service.codeLenses(snapshot);
    service.inlayHints(snapshot, range);
    service.documentLinks(snapshot);
  };
  ask(document);
  const parsed = parseSlice.mock.calls.map(([slice]) => slice.split('\n', 1)[0]);
  expect(parsed.toSorted()).toEqual(['executor: KubernetesExecutor', 'scheduler:']);
  parseSlice.mockClear();
  ask(becoming(document, text.replace('replicas: 1', 'replicas: 11')));
  expect(parseSlice.mock.calls.map(([slice]) => slice)).toEqual(['scheduler:\n  replicas: 11\n']);
});

test('taking in a change reads nothing', () => {
  const parseSlice = vi.spyOn(parse, 'parseSlice');
  for (const text of [
    'executor: A\nscheduler: {}\n',
    '{"executor": "A"}\n',
    '%YAML 1.2\n---\na: 1\n',
    '- a\n',
  ])
    becoming(documentOf(text), `${text}# typed\n`);
  expect(parseSlice).not.toHaveBeenCalled();
});
