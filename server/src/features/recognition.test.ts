import { describe, expect, test } from 'vitest';
import { readFileSync, readdirSync } from 'node:fs';
import { defaultSettings } from './settings';
import { isChecked } from '../languageService';
import { look, service } from '../testing/documents';

const inert = `scheduler:
  serviceAccount:
    serviceAccountTokenVolume:
      enabled: true
`;

const automount = 'automountServiceAccountToken: false';

function isRecognised(text: string, name?: string): boolean {
  return isChecked(look(text, name));
}

describe('by name', () => {
  test.each([
    'values.yaml',
    'values.yml',
    'values-prod.yaml',
    'values.dev.yaml',
    'airflow-values.yaml',
    'values/prod/a.yaml',
  ])('%s fits', (name) => {
    expect(isRecognised(inert, name)).toBe(true);
  });
  test.each(['airflow.yaml', 'values.json', 'valuesyaml', 'docker-compose.yaml', 'prod/airflow.yml'])(
    '%s does not',
    (name) => {
      expect(isRecognised(inert, name)).toBe(false);
    },
  );
  test('as the settings say', () => {
    const settings = { ...defaultSettings, files: ['deploy/*/airflow.yaml', '/clusters/**'] };
    expect(isChecked(look(inert, 'x/deploy/prod/airflow.yaml', settings))).toBe(true);
    expect(isChecked(look(inert, 'clusters/a/b.yaml', settings))).toBe(true);
    expect(isChecked(look(inert, 'values.yaml', settings))).toBe(false);
  });
});

describe('by content', () => {
  test.each([
    ['an executor', 'executor: LocalExecutor\n'],
    ['an executor being typed', 'executor:\n'],
    ['a key that only this chart has', 'dagProcessor: {}\n'],
    ['a scheduler with chart keys', inert],
    ['a token volume of another component', 'cleanup: {serviceAccount: {serviceAccountTokenVolume: {}}}\n'],
    ['a misplaced token volume', 'apiServer:\n  serviceAccountTokenVolume:\n    enabled: true\n'],
    ['a misplaced token volume of the scheduler', 'scheduler:\n  serviceAccountTokenVolume:\n'],
    ['an account for a kind of workers', `workers:\n  celery:\n    serviceAccount: {${automount}}\n`],
    [
      'accounts for several components',
      `workers:\n  serviceAccount: {${automount}}\nflower:\n  serviceAccount: {${automount}}\n`,
    ],
    ['a switch that only this chart has', 'allowPodLaunching: false\n'],
    ['a quoted key', '"triggerer": {}\n'],
    ['a flow map', '{airflowVersion: 3.2.2}\n'],
    ['half-typed text around', 'exec\ntriggerer:\n  replicas: [\n'],
  ])('%s', (_, text) => {
    expect(isRecognised(text)).toBe(true);
  });

  const others = new URL('../../../test/fixtures/other-charts/', import.meta.url);
  const names = readdirSync(others);
  test('there are other charts to look at', () => {
    expect(names.length).toBeGreaterThanOrEqual(6);
  });
  test.each(names)('nothing is said about %s', (name) => {
    const snapshot = look(readFileSync(new URL(name, others), 'utf8'), 'values.yaml');
    expect(isChecked(snapshot)).toBe(false);
    expect(service.diagnostics(snapshot)).toEqual([]);
  });

  test.each([
    ['nothing', ''],
    ['a list', '- executor\n'],
    ['a text', 'executor'],
    ['a map of executors', 'executor:\n  cores: 2\n'],
    ['a scheduler of something else', 'scheduler:\n  image: kube-scheduler\n'],
    ['an account for one component', `workers:\n  serviceAccount: {${automount}}\n`],
    [
      'an account for a dependency beside that for a component',
      `webserver: {serviceAccount: {${automount}}}\nredis: {serviceAccount: {${automount}}}\n`,
    ],
    ['a token volume in a chart with other keys', 'web: {}\ncleanup: {serviceAccountTokenVolume: {}}\n'],
    ['accounts being typed', 'workers:\n  serviceAccount:\nflower:\n  serviceAccount:\n'],
  ])('not %s', (_, text) => {
    expect(isRecognised(text)).toBe(false);
  });
});

describe('a comment in the first lines decides', () => {
  test('on, whatever the name', () => {
    expect(isRecognised('# airflow-token-volume: enable\n', 'notes.yaml')).toBe(true);
    expect(isRecognised('# Licence\n\n#airflow-token-volume:enable\r\na: 1\n', 'notes.yaml')).toBe(true);
  });
  test('off', () => {
    expect(isRecognised(`# airflow-token-volume: disable\n${inert}`)).toBe(false);
  });
  test('with a reason behind it', () => {
    expect(isRecognised(`# airflow-token-volume: disable -- another chart's\r\n${inert}`)).toBe(false);
    expect(isRecognised(`# airflow-token-volume: disable --\n${inert}`)).toBe(false);
    expect(isRecognised(`# airflow-token-volume: disable no-reason\n${inert}`)).toBe(true);
  });
  test('not further down, and not in other text', () => {
    expect(isRecognised(`${'\n'.repeat(10)}# airflow-token-volume: disable\n${inert}`)).toBe(true);
    expect(isRecognised(`# see airflow-token-volume: disable\n${inert}`)).toBe(true);
  });
});
