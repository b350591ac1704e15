import { describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { CompletionItem, TextEdit } from 'vscode-languageserver-types';
import { createLanguageService, defaultSettings } from '../languageService';
import { atCursor, documentOf, look, service } from '../testing/documents';

function stepAt(marked: string, by = service): CompletionItem | undefined {
  const { position, text } = atCursor(marked);
  const items = by.completions(by.look(documentOf(text), defaultSettings), position);
  return items.find(({ filterText = '' }) => filterText.endsWith('migrate'));
}

/** The text after the step is taken; undefined where there is none. */
function taken(marked: string): string | undefined {
  const item = stepAt(marked);
  const edits = [item?.textEdit as TextEdit | undefined, ...(item?.additionalTextEdits ?? [])];
  const text = marked.replace('<|>', '');
  return (
    item && TextDocument.applyEdits(TextDocument.create('', '', 0, text), edits.filter(Boolean) as TextEdit[])
  );
}

const kubernetes = 'executor: KubernetesExecutor\n';

describe('the next step of the migration', () => {
  test.each<[string, string, string]>([
    [
      'is the whole block in an empty account',
      `${kubernetes}scheduler:\n  serviceAccount:\n    <|>\n`,
      `${kubernetes}scheduler:\n  serviceAccount:\n    automountServiceAccountToken: false\n    serviceAccountTokenVolume:\n      enabled: true\n`,
    ],
    [
      'is the account, too, in a component without one',
      `${kubernetes}scheduler:\n  replicas: 2\n  ser<|>\nlabels: {}\n`,
      `${kubernetes}scheduler:\n  replicas: 2\n  serviceAccount:\n    automountServiceAccountToken: false\n    serviceAccountTokenVolume:\n      enabled: true\nlabels: {}\n`,
    ],
    [
      'is the volume where automatic mounting is off',
      `${kubernetes}scheduler:\n  serviceAccount:\n    automountServiceAccountToken: false\n    <|>\n`,
      `${kubernetes}scheduler:\n  serviceAccount:\n    automountServiceAccountToken: false\n    serviceAccountTokenVolume:\n      enabled: true\n`,
    ],
    [
      'ends automatic mounting where the volume is there',
      `${kubernetes}scheduler:\n  serviceAccount:\n    <|>\n    serviceAccountTokenVolume:\n      enabled: true\n      expirationSeconds: 1800\n`,
      `${kubernetes}scheduler:\n  serviceAccount:\n    automountServiceAccountToken: false\n    serviceAccountTokenVolume:\n      enabled: true\n      expirationSeconds: 1800\n`,
    ],
    [
      'changes a value beside it that is in the way, and nothing else of its line',
      `${kubernetes}scheduler:\n  serviceAccount:\n    automountServiceAccountToken: true # for now\n    s<|>\n`,
      `${kubernetes}scheduler:\n  serviceAccount:\n    automountServiceAccountToken: false # for now\n    serviceAccountTokenVolume:\n      enabled: true\n`,
    ],
    [
      'takes another name for the volume where its own is taken',
      `${kubernetes}scheduler:\n  extraVolumes: [{name: kube-api-access, emptyDir: {}}]\n  serviceAccount:\n    <|>\n`,
      `${kubernetes}scheduler:\n  extraVolumes: [{name: kube-api-access, emptyDir: {}}]\n  serviceAccount:\n    automountServiceAccountToken: false\n    serviceAccountTokenVolume:\n      enabled: true\n      volumeName: airflow-api-access\n`,
    ],
    [
      'is no token for a scheduler that needs none',
      'executor: CeleryExecutor\nscheduler:\n  serviceAccount:\n    <|>\n',
      'executor: CeleryExecutor\nscheduler:\n  serviceAccount:\n    automountServiceAccountToken: false\n',
    ],
    [
      'is no token for a component that never needs one',
      'executor: CeleryExecutor\nredis:\n  <|>\n',
      'executor: CeleryExecutor\nredis:\n  serviceAccount:\n    automountServiceAccountToken: false\n',
    ],
    [
      'stands where the lines around it stand, with their line ends',
      `executor: KubernetesExecutor\r\nscheduler:\r\n    serviceAccount:\r\n      <|>\r\n    replicas: 1\r\n`,
      `executor: KubernetesExecutor\r\nscheduler:\r\n    serviceAccount:\r\n        automountServiceAccountToken: false\r\n        serviceAccountTokenVolume:\r\n            enabled: true\r\n    replicas: 1\r\n`,
    ],
  ])('%s', (_, marked, expected) => {
    expect(taken(marked)).toBe(expected);
    const codes = service.diagnostics(look(expected)).map(({ code }) => code);
    expect(codes).not.toContain('automounted-token');
    expect(codes).not.toContain('inert-while-automounted');
    expect(codes).not.toContain('api-access-lost');
  });

  test.each<[string, string]>([
    [
      'with an executor for which the chart ignores it',
      'executor: LocalExecutor\nscheduler:\n  serviceAccount:\n    <|>\n',
    ],
    [
      'where everything is done',
      `${kubernetes}scheduler:\n  <|>\n  serviceAccount:\n    automountServiceAccountToken: false\n    serviceAccountTokenVolume: {enabled: true}\n`,
    ],
    ['for a component whose tasks may need a token', `${kubernetes}triggerer:\n  serviceAccount:\n    <|>\n`],
    ['deeper than the account', `${kubernetes}scheduler:\n  serviceAccount:\n    annotations:\n      <|>\n`],
    ['behind a key', `${kubernetes}scheduler:\n  serviceAccount: <|>\n`],
    [
      'where an alias holds the account',
      `${kubernetes}x: &a {create: true}\nscheduler:\n  <|>\n  serviceAccount: *a\n`,
    ],
    [
      'where the rest of it would stand elsewhere',
      `${kubernetes}scheduler:\n  serviceAccount:\n    create: true\n  <|>\n`,
    ],
    [
      'for a component that is not deployed',
      'executor: LocalExecutor\ncleanup:\n  serviceAccount:\n    <|>\n',
    ],
    ['where the executor is open', 'executor: "{{ x }}"\nscheduler:\n  serviceAccount:\n    <|>\n'],
  ])('none %s', (_, marked) => {
    expect(stepAt(marked)).toBeUndefined();
  });
});

test('it shows what it writes, and what it is called says what it does', () => {
  const item = stepAt(`${kubernetes}scheduler:\n  serviceAccount:\n    <|>\n`);
  expect(item?.label).toBe('Migrate to a manual token volume');
  expect(item?.documentation).toMatchObject({
    value: expect.stringContaining(
      '```yaml\nautomountServiceAccountToken: false\nserviceAccountTokenVolume:\n  enabled: true\n```',
    ) as string,
  });
});

test('it stays beside what a schema offers', () => {
  const besideRedHat = createLanguageService({
    edits: { documentChanges: true, changeAnnotations: true },
    completion: { snippets: true, schemaItems: true },
    report: () => undefined,
  });
  expect(stepAt(`${kubernetes}scheduler:\n  serviceAccount:\n    <|>\n`, besideRedHat)).toBeDefined();
});
