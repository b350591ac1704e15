import { describe, expect, test } from 'vitest';
import { newestRelease } from '../chart/releases';
import { readValues } from '../values/document';
import { allRules } from './allRules';
import { createSubject } from './subject';

const settings = { release: newestRelease, apiAudiences: [] };

/** The titles of the fixes that a rule offers for a text, safe ones with a `+`. */
function offered(code: string, text: string): string[] {
  const rule = allRules.find((candidate) => candidate.code === code);
  const findings = rule?.check(createSubject(readValues(text), 'values.yaml', settings)) ?? [];
  expect(findings, text).not.toEqual([]);
  return findings
    .flatMap(({ fixes }) => fixes)
    .filter((fix) => fix.edits() !== undefined)
    .map(({ title, safe }) => (safe ? `+ ${title}` : title));
}

describe('a fix that is not certain is not offered', () => {
  test.each([
    ['a list with a comment in it', 'unknown-executor', 'executor:\n  - A # why\n  - KubernetesExecutor\n'],
    ['words that are no executors', 'unknown-executor', 'executor: CeleryExecutor and KubernetesExecutor\n'],
    ['an alias', 'unknown-executor', 'x: &x Celery\nexecutor: *x\n'],
    ['an anchor in use', 'unknown-executor', 'executor: &x Celery\nx: *x\n'],
    ['an alias', 'removed-executor', 'x: &x SequentialExecutor\nexecutor: *x\n'],
    ['an anchor in use', 'duplicate-key', 'redis: &r {enabled: true}\nstatsd: *r\nredis: {enabled: true}\n'],
    ['half-typed text', 'duplicate-key', 'redis: {enabled: true}\nredis:\n  enabled: "tr\n'],
  ])('%s: %s', (_, code, text) => {
    expect(offered(code, text)).toEqual([]);
  });

  test('an account that is there already is not created', () => {
    const account =
      'triggerer:\n  serviceAccount:\n    create: false\n    automountServiceAccountToken: false\n';
    const remove = 'Remove automountServiceAccountToken, which goes nowhere';
    const create = 'Let the chart create the ServiceAccount of the triggerer';
    expect(offered('service-account-not-created', account)).toEqual([remove, create]);
    expect(offered('service-account-not-created', `${account}    name: airflow\n`)).toEqual([remove]);
  });

  test('a setting that a token volume depends on is not removed', () => {
    const cleanup =
      'executor: KubernetesExecutor\ncleanup:\n  enabled: true\n  serviceAccount:\n    create: false\n    name: airflow\n    automountServiceAccountToken: false\n    serviceAccountTokenVolume: {enabled: true}\n';
    expect(offered('service-account-not-created', cleanup)).toEqual([]);
  });
});

describe('a fix is safe where nothing is lost and nobody gets a token', () => {
  test.each([
    [
      'unknown-executor',
      'executor: CeleryExecutor, KubernetesExecutor\n',
      ['+ Write CeleryExecutor,KubernetesExecutor'],
    ],
    ['unknown-executor', 'executor: [CeleryExecutor]\n', ['+ Write CeleryExecutor']],
    ['unknown-executor', 'executor: [Celery]\n', ['Write CeleryExecutor']],
    ['unknown-executor', 'executor: Celery, Kubernetes\n', ['Write CeleryExecutor,KubernetesExecutor']],
    ['unknown-executor', 'executor: Celery\n', ['Change Celery to CeleryExecutor']],
    ['duplicate-key', 'executor: A\nexecutor: B\n', ['+ Remove this executor, which Helm ignores']],
    ['duplicate-key', 'redis: {enabled: true}\nredis: {}\n', ['Remove this redis, which Helm ignores']],
  ])('%s: %j', (code, text, titles) => {
    expect(offered(code, text)).toEqual(titles);
  });
});
