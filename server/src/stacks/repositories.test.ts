import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { predictExposure } from '../languageService';
import { newestRelease } from '../chart/releases';
import { findingsIn, repositoryOf, uriOf } from '../testing/repositories';
import { unknown } from '../values/document';
import { mergeLayers, type Values } from '../values/layers';
import type { Repository } from './repository';

interface ExpectedStack {
  readonly name: string;
  readonly file: string;
  readonly layers: readonly string[];
  readonly chart: string;
  readonly key?: string;
  readonly values: Values;
  readonly workloads: object | null;
  readonly needs?: string;
}

interface Expected {
  readonly stacks: readonly ExpectedStack[];
  readonly findings: readonly {
    readonly file: string;
    readonly line: number;
    readonly code: string;
    readonly stacks: readonly string[] | 'all';
    readonly needs?: string;
  }[];
}

const folder = fileURLToPath(new URL('../../../test/fixtures/repositories/', import.meta.url));
const names = readdirSync(folder).filter((name) => statSync(path.join(folder, name)).isDirectory());

function filesBelow(root: string, below = ''): [string, string][] {
  return readdirSync(path.join(root, below), { withFileTypes: true }).flatMap((entry): [string, string][] => {
    const name = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) return filesBelow(root, name);
    return /\.ya?ml$|\.lock$/.test(name) ? [[name, readFileSync(path.join(root, name), 'utf8')]] : [];
  });
}

function expectedOf(name: string): Expected {
  return JSON.parse(readFileSync(path.join(folder, `${name}.expected.json`), 'utf8')) as Expected;
}

function read(name: string): Repository {
  return repositoryOf(Object.fromEntries(filesBelow(path.join(folder, name))));
}

describe.each(names)('%s', (name) => {
  const expected = expectedOf(name);
  const wanted = expected.stacks.filter(({ needs }) => needs === undefined);
  const repository = read(name);
  const found = repository.stacks();

  test('its stacks are found, with the files that make them', () => {
    expect(
      found.map((stack) => ({
        name: stack.name,
        file: stack.uri,
        layers: repository.layersOf(stack).map(({ uri }) => uri),
        chart: (stack.release ?? newestRelease).version,
      })),
    ).toEqual(
      expect.arrayContaining(
        wanted.map((stack) => ({
          name: stack.name,
          file: uriOf(stack.file),
          layers: stack.layers.map((layer) => uriOf(layer.replace(/#.*/, ''))),
          chart: stack.chart,
        })),
      ),
    );
    expect(found).toHaveLength(wanted.length);
  });

  test.each(wanted.map((stack) => [stack.name, stack] as const))(
    '%s is merged and deployed as Helm does it',
    (label, stack) => {
      const plan = found.find((one) => one.name === label);
      if (!plan) throw new Error(`There is no stack ${label}.`);
      const layers = repository.layersOf(plan);
      const merged = mergeLayers(layers.map(({ document }) => plainOf(document)));
      expect(merged).toEqual(stack.values);
      if (stack.workloads === null) return;
      const texts = layers.map(({ name: layer, document: { text } }) => ({ path: layer, text }));
      const { workloads, schema, renders } = predictExposure(texts, {
        release: plan.release ?? newestRelease,
      });
      const told = JSON.stringify(sorted({ schema, renders, workloads }));
      // The accounts of a subchart are named after its alias.
      const recorded = JSON.stringify(sorted(stack.workloads));
      expect(told).toBe(
        stack.key === undefined ? recorded : recorded.replaceAll(`airflow-${stack.key}-`, 'airflow-'),
      );
    },
  );

  test('what is wrong is found where it is decided', () => {
    const told = findingsIn(repository, 2).map((finding) => finding.split(' ').slice(0, 2).join(' '));
    const wantedFindings = expected.findings
      .filter(({ needs }) => needs === undefined)
      .map(({ file, line, code }) => `${file}:${line} ${code}`);
    expect(told.sort()).toEqual(wantedFindings.sort());
  });
});

function plainOf(document: ReturnType<Repository['layersOf']>[number]['document']): Values {
  const entries = document.topLevelKeys.map((key) => {
    const found = document.find([key]);
    const value = found.state === 'set' ? document.plain(found.value) : unknown;
    if (value === unknown) throw new Error(`${key} is open.`);
    return [key, value] as const;
  });
  return Object.fromEntries(entries);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
