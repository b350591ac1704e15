import { describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { CompletionItemKind, type CompletionItem, type TextEdit } from 'vscode-languageserver-types';
import { expandSnippet } from '../../../test/static/expandSnippet';
import { createLanguageService, defaultSettings, readSettings, type Settings } from '../languageService';
import { atCursor, documentOf, service } from '../testing/documents';
import { lookIn, repositoryOf } from '../testing/repositories';

const plain = createLanguageService({
  edits: { documentChanges: false, changeAnnotations: false },
  completion: { snippets: false },
  report: () => undefined,
});
const besideRedHat = createLanguageService({
  edits: { documentChanges: true, changeAnnotations: true },
  completion: { snippets: true, schemaItems: true },
  report: () => undefined,
});

function itemsAt(marked: string, settings: Settings = defaultSettings, by = service): CompletionItem[] {
  const { position, text } = atCursor(marked);
  const items = by.completions(by.look(documentOf(text), settings), position);
  return items.filter(({ kind }) => kind !== CompletionItemKind.Snippet);
}

function labels(marked: string, settings?: Settings, by = service): string[] {
  return itemsAt(marked, settings, by)
    .toSorted(({ sortText: a = '' }, { sortText: b = '' }) => (a < b ? -1 : 1))
    .map(({ label }) => label);
}

function insert(marked: string, label: string, by = service): string | undefined {
  const item = itemsAt(marked, defaultSettings, by).find((candidate) => candidate.label === label);
  const edit = item?.textEdit as TextEdit | undefined;
  if (!item || !edit) return undefined;
  const newText = item.insertTextFormat === 2 ? expandSnippet(edit.newText.split('\n')) : edit.newText;
  return TextDocument.applyEdits(TextDocument.create('', '', 0, marked.replace('<|>', '')), [
    { ...edit, newText },
    ...(item.additionalTextEdits ?? []),
  ]);
}

const inAccount = 'executor: KubernetesExecutor\nscheduler:\n  serviceAccount:\n';
const inVolume = `${inAccount}    serviceAccountTokenVolume:\n`;
const automount = 'automountServiceAccountToken';
const tokenVolume = 'serviceAccountTokenVolume';

describe('the keys that are missing', () => {
  test.each<[string, string, readonly string[]]>([
    [
      'in the account of a component with a token volume',
      `${inAccount}    <|>\n`,
      [automount, tokenVolume, 'create', 'name', 'annotations'],
    ],
    [
      'without those that are there',
      `${inAccount}    create: true\n    na<|>\n    automountServiceAccountToken: false\n`,
      [tokenVolume, 'name', 'annotations'],
    ],
    [
      'in the account of another component',
      'executor: A\ntriggerer:\n  serviceAccount:\n    <|>\n',
      [automount, 'create', 'name', 'annotations'],
    ],
    [
      'in one further down',
      'executor: A\nworkers:\n  celery:\n    serviceAccount:\n      <|>\n',
      [automount, 'create', 'name', 'annotations'],
    ],
    [
      'in a token volume',
      `${inVolume}      enabled: true\n      <|>\n`,
      ['mountPath', 'volumeName', 'expirationSeconds', 'audience'],
    ],
    [
      'not in one that the chart does not have',
      'executor: A\ntriggerer:\n  serviceAccount:\n    serviceAccountTokenVolume:\n      <|>\n',
      [],
    ],
    ['not in annotations', `${inAccount}    annotations:\n      <|>\n`, []],
    ['not in the component', 'executor: A\ntriggerer:\n  <|>\n', []],
    ['not at the top level', 'executor: A\n<|>\nscheduler: {}\n', []],
    ['not elsewhere', 'executor: A\nscheduler:\n  resources:\n    <|>\n', []],
    ['not in comments', `${inAccount}    # <|>\n`, []],
    ["not in other charts' values", 'serviceAccount:\n  <|>\n', []],
  ])('%s', (_, marked, expected) => {
    expect(labels(marked)).toEqual(expected);
  });

  test('only those of the release', () => {
    const at = (chartVersion: string, marked: string): string[] =>
      labels(marked, readSettings({ chartVersion }));
    const cleanup = 'executor: A\ncleanup:\n  serviceAccount:\n    <|>\n';
    expect(at('1.10.0', `${inAccount}    <|>\n`)).toEqual(['create', 'name', 'annotations']);
    expect(at('1.21.0', cleanup)).not.toContain(tokenVolume);
    expect(at('1.22.0', cleanup)).toContain(tokenVolume);
    expect(at('1.21.0', cleanup.replace('<|>', 'serviceAccountTokenVolume:\n      <|>'))).toEqual([]);
  });

  test.each<[string, string, string, string]>([
    ['a switch', `${inAccount}    <|>\n`, automount, `${inAccount}    ${automount}: false\n`],
    [
      'the typed word is replaced',
      `${inVolume}      ena<|>bl\n`,
      'enabled',
      `${inVolume}      enabled: true\n`,
    ],
    [
      'a map is begun below',
      `${inAccount}    <|>\n`,
      tokenVolume,
      `${inAccount}    ${tokenVolume}:\n      enabled: true\n`,
    ],
    [
      'with CRLF',
      `${inAccount}    ser<|>\n`.replaceAll('\n', '\r\n'),
      tokenVolume,
      `${inAccount}    ${tokenVolume}:\n      enabled: true\n`.replaceAll('\n', '\r\n'),
    ],
    [
      'another indentation is moved to where the keys are',
      `${inAccount}      create: true\n    <|>\n`,
      automount,
      `${inAccount}      create: true\n      ${automount}: false\n`,
    ],
    ['a text has its place', `${inAccount}    <|>\n`, 'name', `${inAccount}    name: \n`],
  ])('%s', (_, marked, label, expected) => {
    expect(insert(marked, label)).toBe(expected);
    expect(insert(marked, label, plain)).toBe(expected);
  });

  test('come with documentation, between the next step and the snippets', () => {
    const { snapshot, position } = atCursor(`${inAccount}    <|>\n`);
    const items = service.completions(snapshot, position);
    const sorted = items.toSorted(({ sortText: a = '' }, { sortText: b = '' }) => (a < b ? -1 : 1));
    expect(sorted.map(({ label }) => label.split('-')[0])).toEqual([
      'Migrate to a manual token volume',
      automount,
      tokenVolume,
      'create',
      'name',
      'annotations',
      ...Array<string>(sorted.length - 6).fill('satv'),
    ]);
    for (const { label, documentation } of items)
      expect((documentation as { value: string }).value.length, label).toBeGreaterThan(20);
  });
});

describe('values', () => {
  const lifetimes = ['1800', '3600', '14400', '86400'];

  test.each<[string, string, readonly string[]]>([
    ['a switch', `${inAccount}    automountServiceAccountToken: <|>\n`, ['false', 'true']],
    ['half typed', `${inAccount}    automountServiceAccountToken: tr<|>\n`, ['false', 'true']],
    ['the switch of the volume', `${inVolume}      enabled: <|> # c\n`, ['true', 'false']],
    ['lifetimes', `${inVolume}      expirationSeconds: 1<|>\n`, lifetimes],
    [
      'lifetimes beside what is half typed',
      `${inVolume}      ena\n      expirationSeconds: <|>\n      mou\n`,
      lifetimes,
    ],
    ['no text as a lifetime', `${inVolume}      expirationSeconds: "<|>"\n`, []],
    ['the path', `${inVolume}      mountPath: /v<|>\n`, ['/var/run/secrets/kubernetes.io/serviceaccount']],
    ['audiences', `${inVolume}      audience: "<|>"\n`, defaultSettings.apiAudiences],
    ['a name', `${inVolume}      volumeName: <|>\n`, ['kube-api-access']],
    ['no name of an account', `${inAccount}    name: <|>\n`, []],
    ['not for a key of the same name elsewhere', 'executor: A\nscheduler:\n  enabled: <|>\n', []],
    ['not in an executor further down', 'executor: A\nscheduler:\n  executor: <|>\n', []],
    ['not behind a value', `${inVolume}      enabled: true <|>\n`, []],
    ['not in a comment', `${inVolume}      enabled: # <|>\n`, []],
    ['not in an alias', `${inVolume}      enabled: *a<|>\n`, []],
  ])('%s', (_, marked, expected) => {
    expect(labels(marked)).toEqual(expected);
  });

  test.each<[string, string, string, string]>([
    [
      'the typed word is replaced',
      `${inVolume}      expirationSeconds: 1<|>0 # c\n`,
      '1800',
      `${inVolume}      expirationSeconds: 1800 # c\n`,
    ],
    [
      'inside quotes',
      `${inVolume}      audience: 'ht<|>tp'\n`,
      'https://kubernetes.default.svc',
      `${inVolume}      audience: 'https://kubernetes.default.svc'\n`,
    ],
    [
      'with the blank that is missing',
      `${inVolume}      enabled:<|>\n`,
      'true',
      `${inVolume}      enabled: true\n`,
    ],
    [
      'with CRLF',
      `${inVolume}      enabled: f<|>\n`.replaceAll('\n', '\r\n'),
      'false',
      `${inVolume}      enabled: false\n`.replaceAll('\n', '\r\n'),
    ],
    [
      'a list of executors',
      'executor: Cel<|>\nscheduler: {}\n',
      'CeleryExecutor,KubernetesExecutor',
      'executor: CeleryExecutor,KubernetesExecutor\nscheduler: {}\n',
    ],
  ])('%s', (_, marked, label, expected) => {
    expect(insert(marked, label)).toBe(expected);
  });

  test('executors are those of the Airflow that is deployed', () => {
    const executors = (version: string): string[] =>
      labels(`executor: <|>\nairflowVersion: ${version}\nscheduler: {}\n`);
    const lists = ['CeleryExecutor,KubernetesExecutor', 'LocalExecutor,KubernetesExecutor'];
    expect(executors('3.1.0').slice(0, 5)).toEqual([
      'CeleryExecutor',
      'KubernetesExecutor',
      'LocalExecutor',
      ...lists,
    ]);
    expect(executors('3.1.0')).toContain('airflow.providers.edge3.executors.EdgeExecutor');
    expect(executors('3.1.0')).not.toContain('CeleryKubernetesExecutor');
    expect(executors('2.11.0')).toEqual(expect.arrayContaining(['CeleryKubernetesExecutor', ...lists]));
    expect(executors('2.9.3')).not.toContain(lists[0]);
    expect(executors('"{{ x }}"')).toContain(lists[0]);
  });

  test('say what they mean', () => {
    const [first] = itemsAt(`${inVolume}      expirationSeconds: <|>\n`);
    expect(first?.labelDetails).toEqual({ description: '30 minutes, for production' });
    const executors = itemsAt('executor: <|>\nscheduler: {}\n');
    const detailOf = (name: string) =>
      executors.find(({ label }) => label === name)?.labelDetails?.description;
    expect(detailOf('KubernetesExecutor')).toBe('needs a token');
    expect(detailOf('CeleryExecutor')).toBe('needs no token');
  });
});

test('beside an extension that knows a schema only what has a meaning here', () => {
  const at = (marked: string): string[] => labels(marked, defaultSettings, besideRedHat);
  expect(at(`${inAccount}    <|>\n`)).toEqual([]);
  expect(at(`${inVolume}      enabled: <|>\n`)).toEqual([]);
  expect(at(`${inVolume}      mountPath: <|>\n`)).toEqual([]);
  expect(at(`${inVolume}      expirationSeconds: <|>\n`)).toHaveLength(4);
  expect(at(`${inVolume}      audience: <|>\n`)).toEqual(defaultSettings.apiAudiences);
  expect(at('executor: <|>\nscheduler: {}\n').length).toBeGreaterThan(4);
  const { snapshot, position } = atCursor(`${inAccount}    <|>\n`);
  expect(besideRedHat.completions(snapshot, position).length).toBeGreaterThan(3);
});

test('inside a resource everything is indented for the place', () => {
  const marked = `apiVersion: argoproj.io/v1alpha1
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
          serviceAccount:
            <|>
`;
  const complete = (marked: string, wanted: string): string | undefined => {
    const { position, text } = atCursor(marked);
    const snapshot = lookIn(repositoryOf({ 'app.yaml': text }), 'app.yaml');
    const item = plain.completions(snapshot, position).find(({ label }) => label === wanted);
    return item && TextDocument.applyEdits(TextDocument.create('', '', 0, text), [item.textEdit as TextEdit]);
  };
  expect(complete(marked, tokenVolume)).toBe(
    marked.replace('<|>', 'serviceAccountTokenVolume:\n              enabled: true'),
  );
  const value = marked.replace('<|>', 'automountServiceAccountToken: fa<|>');
  expect(complete(value, 'false')).toBe(value.replace('fa<|>', 'false'));
});
