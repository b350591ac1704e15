import { expect, test } from 'vitest';
import type { StackStatus } from '../../server/src/workspace/protocol';
import { describeChoice, summarise } from './stackWords';

const production: StackStatus = {
  name: 'production',
  origin: 'file names',
  originPath: 'values-production.yaml',
  originUri: 'file:///w/values-production.yaml',
  layers: ['values.yaml', 'values-production.yaml'],
  chart: '1.22.0',
  chartFrom: null,
  executor: 'KubernetesExecutor',
  containers: 14,
  holding: 2,
};

const alone: StackStatus = {
  ...production,
  name: null,
  origin: null,
  originPath: null,
  originUri: null,
  layers: ['values.yaml'],
};

test('a file without values for the chart has no summary', () => {
  expect(summarise([], false)).toBeUndefined();
});

const newest = { text: 'production · chart 1.22.0', detail: 'newest known' };

test.each<[string, StackStatus[], object]>([
  [
    'one stack',
    [production],
    { stack: newest, tokens: { text: '2 of 14 containers hold a token', detail: 'KubernetesExecutor' } },
  ],
  [
    'several stacks, the chosen one first',
    [production, { ...production, name: 'staging' }, { ...production, name: 'qa' }],
    { stack: { ...newest, text: 'production (and 2 more) · chart 1.22.0' } },
  ],
  [
    'no stack',
    [{ ...alone, holding: 1 }],
    {
      stack: { ...newest, text: 'No stack · chart 1.22.0' },
      tokens: { text: '1 of 14 containers holds a token' },
    },
  ],
  [
    'what cannot be told',
    [{ ...production, executor: null, containers: null, holding: null }],
    { tokens: { text: 'who holds a token cannot be told', detail: 'executor unknown' } },
  ],
  [
    'no token at all',
    [{ ...production, holding: 0 }],
    { tokens: { text: 'none of 14 containers holds a token' } },
  ],
])('%s', (_, stacks, summary) => {
  expect(summarise(stacks, false)).toMatchObject(summary);
});

const application: Partial<StackStatus> = {
  origin: 'Argo CD Application',
  originPath: 'apps/airflow.yaml',
  chartFrom: { text: '1.*', path: 'apps/airflow.yaml' },
};
const umbrella: Partial<StackStatus> = {
  origin: 'Umbrella chart',
  originPath: 'charts/Chart.yaml',
  chartFrom: { text: '1.22.0', path: 'charts/Chart.lock' },
};

test.each<[Partial<StackStatus>, boolean, string, string]>([
  [{}, false, 'newest known', 'File names: values.yaml + values-production.yaml.'],
  [{ origin: 'setting' }, true, 'from the settings', 'Settings: values.yaml + values-production.yaml.'],
  [application, true, 'for 1.* in airflow.yaml', 'Argo CD Application in apps/airflow.yaml.'],
  [umbrella, false, 'from Chart.lock', 'Umbrella chart in charts/Chart.yaml.'],
])('where the chart comes from, and why it is a stack: %o', (given, isChartSet, detail, reason) => {
  const summary = summarise([{ ...production, ...given }], isChartSet);
  expect(summary?.stack.detail).toBe(detail);
  expect(summary?.reasons[0]).toBe(reason);
});

const tokens = 'token in 2 of 14 containers · KubernetesExecutor';

test.each<[Partial<StackStatus>, string, string]>([
  [{}, 'File names: values.yaml + values-production.yaml', `chart 1.22.0 (newest known) · ${tokens}`],
  [
    { ...application, layers: ['apps/airflow.yaml'] },
    'Argo CD Application in apps/airflow.yaml',
    `chart 1.22.0 for 1.* · ${tokens}`,
  ],
  [
    { containers: null },
    'File names: values.yaml + values-production.yaml',
    'chart 1.22.0 (newest known) · who holds a token cannot be told · KubernetesExecutor',
  ],
  [
    umbrella,
    'Umbrella chart in charts/Chart.yaml',
    `chart 1.22.0 (from charts/Chart.lock) · ${tokens} · values.yaml + values-production.yaml`,
  ],
])('a choice: %o', (given, description, detail) => {
  const choice = describeChoice({ ...production, ...given }, false);
  expect(choice).toEqual({ label: 'production', description, detail });
});

test.each([
  [2, 'v1 + v2'],
  [4, 'v1 + v2 + v3 + v4'],
  [5, 'v1 + 1 more + v3 + v4 + v5'],
  [50, 'v1 + 46 more + v48 + v49 + v50'],
])('%d layers', (count, words) => {
  const layers = Array.from({ length: count }, (_, index) => `v${index + 1}`);
  expect(describeChoice({ ...production, layers }, false).description).toBe(`File names: ${words}`);
});
