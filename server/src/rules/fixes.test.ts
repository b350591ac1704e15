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

  const account = 'executor: KubernetesExecutor\nscheduler:\n  serviceAccount:\n';
  const logs = 'mountPath: /opt/airflow/logs';
  const own = `scheduler:\n  extraVolumes: [{name: a, emptyDir: {}}]\n  extraVolumeMounts: [{name: a, mountPath: /custom/}]`;
  const standard = own.replace('/custom/', '/var/run/secrets/kubernetes.io/serviceaccount');
  const off = '    automountServiceAccountToken: false\n';
  const volume = '    serviceAccountTokenVolume: ';
  const backOn = 'Turn automatic mounting back on for the scheduler';
  test.each([
    ['at a mount of the chart', 'automounted-token', `${account}${volume}{${logs}}\n`, []],
    ['below a mount of the chart', 'automounted-token', `${account}${volume}{${logs}/tokens}\n`, []],
    ['above mounts of the chart', 'automounted-token', `${account}${volume}{mountPath: /opt}\n`, []],
    [
      'at a mount of the values',
      'automounted-token',
      `${account.replace('scheduler:', own)}${volume}{mountPath: /custom}\n`,
      [],
    ],
    ['at a mount of the chart', 'api-access-lost', `${account}${off}${volume}{${logs}}\n`, [backOn]],
    [
      'with the name of another volume',
      'misplaced-token-volume',
      `${account}${off}  serviceAccountTokenVolume:\n    enabled: true\n    volumeName: logs\n`,
      [],
    ],
    [
      'at a mount of the chart',
      'mount-path-invalid',
      `${account}${off}${volume}{enabled: true, mountPath: opt/airflow/logs}\n`,
      ['Restore the standard mount path'],
    ],
    [
      'at a mount of the values',
      'mount-path-conflict',
      `${account.replace('scheduler:', standard)}${off}${volume}{enabled: true, ${logs}}\n`,
      [],
    ],
    [
      'at a mount of the chart',
      'unknown-key',
      `${account}${off}    serviceAccountTokenVolum: {enabled: true, ${logs}}\n`,
      ['Remove serviceAccountTokenVolum'],
    ],
  ])('a token volume is not brought %s: %s', (_, code, text, titles) => {
    expect(offered(code, text)).toEqual(titles);
  });

  test('a volume does not get the name of another one', () => {
    const named = (name: string): string => `${account}${volume}{volumeName: ${name}}\n`;
    const standard = 'Use the default name kube-api-access';
    expect(offered('volume-name-invalid', named('Logs'))).toEqual([`+ ${standard}`]);
    expect(offered('volume-name-invalid', named('My'))).toEqual(['+ Rename the volume to my', standard]);
  });

  test.each([
    ['annotation: false', 'Remove annotation'],
    ['serviceAccountTokenVolum: false', 'Remove serviceAccountTokenVolum'],
    ['serviceAccountTokenVolum: {enabled: 1}', 'Remove serviceAccountTokenVolum'],
    ['serviceAccountTokenVolum:', 'Remove serviceAccountTokenVolum'],
    ['automountServiceAcountToken: "false"', 'Remove automountServiceAcountToken'],
    ['expirationSeconds: 1h', 'Remove expirationSeconds'],
  ])('a value that Helm would not take gets no other place: %s', (line, title) => {
    expect(offered('unknown-key', `${account}    ${line}\n`)).toEqual([title]);
  });

  test('a key is not renamed where Helm then looks into an empty token volume', () => {
    const misspelt = `${account}    automountServiceAcountToken: false\n`;
    const [rename, remove] = [
      '+ Rename to automountServiceAccountToken',
      'Remove automountServiceAcountToken',
    ];
    expect(offered('unknown-key', misspelt)).toEqual([rename, remove]);
    expect(offered('unknown-key', `${misspelt}${volume}\n`)).toEqual([remove]);
  });
});

test('a file of one key over and over is judged in no time', () => {
  const text = 'executor: CeleryExecutor\n'.repeat(8000);
  const rule = allRules.find(({ code }) => code === 'duplicate-key');
  const subject = createSubject(readValues(text), 'values.yaml', settings);
  // Reading them is another matter.
  expect(subject.document.entries('executor')).toHaveLength(8000);
  const start = performance.now();
  expect(rule?.check(subject)).toHaveLength(7999);
  expect(performance.now() - start).toBeLessThan(500);
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
