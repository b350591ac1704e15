import { describe, expect, test } from 'vitest';
import { createLanguageService, defaultSettings, readSettings, type Snapshot } from '../languageService';
import { look, service } from '../testing/documents';
import { lookIn, repositoryOf } from '../testing/repositories';
import { lensCommands } from './codeLens';

const able = createLanguageService({
  edits: { documentChanges: true, changeAnnotations: true },
  completion: { snippets: true },
  codeLens: { commands: Object.values(lensCommands) },
  report: () => undefined,
});

/** Every lens as `line word: title`, lines counted from 1. */
function lenses(snapshot: Snapshot, text: string): string[] {
  const lines = text.split(/\r?\n/);
  return able.codeLenses(snapshot).map(({ range: { start, end }, command }) => {
    const word = lines[start.line]?.slice(start.character, end.character) ?? '';
    return `${start.line + 1} ${word}: ${command?.title ?? ''}`;
  });
}

const manual = `serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      enabled: true
      expirationSeconds: 1800
`;

describe('above each component that is deployed', () => {
  test.each<[string, string, readonly string[]]>([
    [
      'at its serviceAccount, or at its own key',
      'executor: KubernetesExecutor\nscheduler:\n  serviceAccount:\n    create: true\ntriggerer:\n  replicas: 1\n',
      [
        '3 serviceAccount: token: automatic, 3 containers',
        '3 serviceAccount: Migrate…',
        '5 triggerer: token: automatic, 3 containers',
      ],
    ],
    [
      'in the order of the text',
      'executor: KubernetesExecutor\ntriggerer: {}\nscheduler: {}\nlabels: {}\n',
      [
        '2 triggerer: token: automatic, 3 containers',
        '3 scheduler: token: automatic, 3 containers',
        '3 scheduler: Migrate…',
      ],
    ],
    [
      'a projected token',
      `executor: KubernetesExecutor\nscheduler:\n  ${manual}`,
      ['3 serviceAccount: token: projected, 30 min, scheduler only'],
    ],
    [
      'no token',
      'executor: CeleryExecutor\nscheduler: {serviceAccount: {automountServiceAccountToken: false}}\n',
      ['2 serviceAccount: no token'],
    ],
    [
      'the scheduler that needs none can be rid of it',
      'executor: CeleryExecutor\nscheduler: {}\n',
      ['2 scheduler: token: automatic, 3 containers', '2 scheduler: Migrate…'],
    ],
    [
      'a component that never needs one can be rid of it',
      'executor: CeleryExecutor\nredis:\n  serviceAccount:\n    create: true\nstatsd: {serviceAccount: {create: false}}\n',
      [
        '3 serviceAccount: token: automatic, 1 container',
        '3 serviceAccount: Migrate…',
        '5 serviceAccount: token: automatic, 1 container',
      ],
    ],
    [
      'no migration where the chart ignores it',
      'executor: LocalExecutor\nscheduler:\n  replicas: 1\n',
      ['2 scheduler: token: automatic, 3 containers'],
    ],
    [
      'nothing for a component that is not deployed',
      'executor: LocalExecutor\ncleanup: {enabled: true}\n',
      [],
    ],
    [
      'workers at the key that is for them',
      'executor: CeleryExecutor\nworkers:\n  replicas: 1\n',
      ['2 workers: token: automatic, 3 containers'],
    ],
    [
      'workers of one kind at that, and not above it again',
      'executor: CeleryExecutor\nworkers:\n  celery:\n    serviceAccount: {automountServiceAccountToken: false}\n  replicas: 1\n',
      ['4 serviceAccount: no token'],
    ],
    [
      'nothing where the text leaves it open',
      'executor: "{{ x }}"\nscheduler:\n  serviceAccount:\n    automountServiceAccountToken: "{{ y }}"\n',
      [],
    ],
    [
      'with CRLF and half-typed text',
      'executor: KubernetesExecutor\r\nscheduler:\r\n  serviceAccount:\r\n    create: true\r\n    automou\r\n',
      ['3 serviceAccount: token: automatic, 3 containers', '3 serviceAccount: Migrate…'],
    ],
  ])('%s', (_, text, expected) => {
    expect(lenses(look(text), text)).toEqual(expected);
  });
});

test('the commands are those that the client knows', () => {
  const snapshot = look('executor: KubernetesExecutor\nscheduler: {}\n');
  expect(able.codeLenses(snapshot).map(({ command }) => [command?.command, command?.arguments])).toEqual([
    ['airflowTokenVolume.showExposure', [snapshot.uri]],
    ['airflowTokenVolume.migrate', [snapshot.uri]],
  ]);
  expect(service.codeLenses(snapshot).map(({ command }) => command)).toEqual([
    { title: 'token: automatic, 3 containers', command: '' },
  ]);
});

test('in several stacks it is the first one, named where they differ', () => {
  const base = 'executor: KubernetesExecutor\nscheduler:\n  serviceAccount: {}\n';
  const off = `scheduler:\n  ${manual}`;
  const same = repositoryOf({ 'values.yaml': base, 'values-dev.yaml': off, 'values-prod.yaml': off });
  expect(lenses(lookIn(same, 'values.yaml'), base)).toEqual([
    '3 serviceAccount: token: projected, 30 min, scheduler only',
  ]);
  const differing = repositoryOf({
    'values.yaml': base,
    'values-dev.yaml': 'labels: {}\n',
    'values-prod.yaml': off,
  });
  expect(lenses(lookIn(differing, 'values.yaml'), base)).toEqual([
    '3 serviceAccount: dev: token: automatic, 3 containers',
    '3 serviceAccount: Migrate…',
  ]);
});

test('inside a resource it stands where the values do', () => {
  const text = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: airflow}
spec:
  source:
    repoURL: https://airflow.apache.org
    chart: airflow
    targetRevision: 1.22.0
    helm:
      values: |
        executor: KubernetesExecutor
        scheduler:
          serviceAccount: {create: true}
`;
  expect(lenses(lookIn(repositoryOf({ 'app.yaml': text }), 'app.yaml'), text)[0]).toBe(
    '13 serviceAccount: token: automatic, 3 containers',
  );
});

test('the settings switch them off, and other charts have none', () => {
  const text = 'executor: KubernetesExecutor\nscheduler: {}\n';
  expect(able.codeLenses(look(text, undefined, { ...defaultSettings, codeLens: false }))).toEqual([]);
  expect(able.codeLenses(look(text, undefined, readSettings({ codeLens: 'no' })))).not.toEqual([]);
  expect(able.codeLenses(look('scheduler:\n  image: x\n'))).toEqual([]);
});
