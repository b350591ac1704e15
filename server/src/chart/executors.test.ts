import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isExecutorList } from './executors';

/** The chart's own pattern, which takes this language's engine exponential time for some texts. */
const name = String.raw`(([a-zA-Z_][a-zA-Z0-9_]*.)*[A-Z][a-zA-Z0-9]+Executor)`;
const pattern = new RegExp(`^${name}(,${name})*$`, 'u');

test.each([
  'CeleryExecutor',
  'CeleryExecutor,KubernetesExecutor',
  'airflow.providers.edge3.executors.EdgeExecutor',
  'LocalExecutor,team:my_company.executors.MyExecutor',
  'my_Executor.MyExecutor',
  // Only the last name is really held against the pattern.
  'celery,KubernetesExecutor',
  'CeleryExecutor;KubernetesExecutor',
])('%s is accepted', (text) => {
  expect(isExecutorList(text)).toBe(true);
  expect(pattern.test(text)).toBe(true);
});

test.each([
  '',
  'Celery',
  'celeryexecutor',
  'Executor',
  'XExecutor',
  'CeleryExecutor, KubernetesExecutor',
  'CeleryExecutor ,KubernetesExecutor',
  'CeleryExecutor,',
  ',CeleryExecutor',
  'CeleryExecutor,,KubernetesExecutor',
  'CeleryExecutor\n',
  'my..KubernetesExecutor',
])('%j is rejected', (text) => {
  expect(isExecutorList(text)).toBe(false);
  expect(pattern.test(text)).toBe(false);
});

test("any text is judged as by the chart's pattern", () => {
  const part = fc.constantFrom(
    'Executor',
    'Celery',
    'my',
    'A',
    'b',
    '_',
    '1',
    '.',
    ',',
    ' ',
    ':',
    'é',
    '😀',
    '\n',
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 9 }), fc.boolean(), (parts, ends) => {
      const text = parts.join('') + (ends ? 'Executor' : '');
      expect(isExecutorList(text), JSON.stringify(text)).toBe(pattern.test(text));
    }),
    { numRuns: 5000 },
  );
});

test('a long text takes no time', () => {
  const started = performance.now();
  for (const text of [
    'a'.repeat(50_000),
    `${'A'.repeat(50_000)}_Executor`,
    'a.'.repeat(50_000),
    'aA_'.repeat(20_000),
  ])
    expect(isExecutorList(text)).toBe(false);
  expect(performance.now() - started).toBeLessThan(500);
});
