import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { DiagnosticSeverity, type CompletionItem, type TextEdit } from 'vscode-languageserver-types';
import { parseDocument } from 'yaml';
import { createLanguageService, defaultSettings } from '../languageService';
import { atCursor, documentOf, look, service } from '../testing/documents';
import { lookIn, repositoryOf } from '../testing/repositories';

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
    [
      'is written behind a key that is empty still',
      `${kubernetes}scheduler:\n  serviceAccount:\n    automountServiceAccountToken: # when?\n    <|>\n`,
      `${kubernetes}scheduler:\n  serviceAccount:\n    automountServiceAccountToken: false # when?\n    serviceAccountTokenVolume:\n      enabled: true\n`,
    ],
    [
      'stands where the lines below it stand, however the file begins',
      `images:\n  airflow:\n    tag: x\n${kubernetes}scheduler:\n    serviceAccount:\n        <|>\n        create: true\n`,
      `images:\n  airflow:\n    tag: x\n${kubernetes}scheduler:\n    serviceAccount:\n        automountServiceAccountToken: false\n        serviceAccountTokenVolume:\n          enabled: true\n        create: true\n`,
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
    ['between a key and what is in it', `${kubernetes}scheduler:\n  resources:\n  <|>\n    limits: {}\n`],
    [
      'between a key and what is in it, one level down',
      `${kubernetes}scheduler:\n  serviceAccount:\n    serviceAccountTokenVolume:\n    <|>\n      enabled: false\n`,
    ],
    [
      'where the value to be changed is used elsewhere',
      `${kubernetes}scheduler:\n  serviceAccount:\n    automountServiceAccountToken: &on true\n    <|>\ntriggerer: {enabled: *on}\n`,
    ],
    [
      'where the account is used elsewhere',
      `${kubernetes}scheduler:\n  serviceAccount: &a\n    create: true\n    <|>\ntriggerer: {serviceAccount: *a}\n`,
    ],
    [
      'where a placeholder would be overwritten',
      `${kubernetes}scheduler:\n  serviceAccount:\n    <|>\n    serviceAccountTokenVolume:\n      enabled: "{{ .Values.x }}"\n`,
    ],
    [
      'where a later key of the name would win',
      `${kubernetes}scheduler:\n  serviceAccount:\n    <|>\n  serviceAccount: {create: true}\n`,
    ],
    [
      'where the half-typed word hides what is there',
      `${kubernetes}scheduler:\n  serviceAccount:\n    automountServiceAccountToken: false\n    serviceAccountTokenVolume:\n      <|>x\n      enabled: true\n`,
    ],
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

describe('of a stack', () => {
  const account = 'scheduler:\n  serviceAccount:\n    <|>\n';

  /** Whether a step is offered at the mark in `values.yaml`, beside other files. */
  function isOffered(
    marked: string,
    others: Readonly<Record<string, string>>,
    name = 'values.yaml',
  ): boolean {
    const { position, text } = atCursor(marked);
    const snapshot = lookIn(repositoryOf({ ...others, [name]: text }), name);
    return service
      .completions(snapshot, position)
      .some(({ filterText = '' }) => filterText.endsWith('migrate'));
  }

  test('it is what all of them need, lest it take the token away in one', () => {
    const kubernetesIn = { 'values-b.yaml': kubernetes };
    expect(isOffered(account, { 'values-a.yaml': kubernetes, ...kubernetesIn })).toBe(true);
    expect(isOffered(account, { 'values-a.yaml': 'executor: CeleryExecutor\n', ...kubernetesIn })).toBe(
      false,
    );
  });

  test('it is none where another layer has done it, or has the last word', () => {
    const done = `${kubernetes}scheduler:\n  serviceAccount:\n    automountServiceAccountToken: false\n    serviceAccountTokenVolume:\n      enabled: true\n`;
    expect(isOffered(account, { 'values.yaml': kubernetes }, 'values-a.yaml')).toBe(true);
    expect(isOffered(account, { 'values.yaml': done }, 'values-a.yaml')).toBe(false);
    const on = 'scheduler: {serviceAccount: {automountServiceAccountToken: true}}\n';
    expect(isOffered(`${kubernetes}${account}`, { 'values-a.yaml': on })).toBe(false);
  });

  test('it is offered in an umbrella chart', () => {
    const chart =
      'apiVersion: v2\nname: x\nversion: 1.0.0\ndependencies:\n  - {name: airflow, version: 1.22.0, repository: "https://airflow.apache.org"}\n';
    const inside = (text: string): string => `airflow:\n${text.replace(/^(?=.)/gm, '  ')}`;
    expect(isOffered(inside(`${kubernetes}${account}`), { 'Chart.yaml': chart })).toBe(true);
  });
});

test('wherever it is taken, the text can be read, the other lines stay, and nothing new is found', () => {
  const texts = ['1.19.0', '1.22.0'].flatMap((release) => {
    const folder = new URL(`../../../test/fixtures/golden/${release}/`, import.meta.url);
    const files = readdirSync(folder).filter((name) => name.endsWith('.values.yaml'));
    return files.map((file) => readFileSync(new URL(file, folder), 'utf8'));
  });
  let count = 0;
  for (const before of texts.filter((text) => errorsIn(text).length === 0)) {
    const lines = before.split('\n');
    const known = codesIn(before);
    for (const [line] of lines.entries()) {
      for (const indent of ['  ', '    ']) {
        const marked = lines.toSpliced(line, 0, `${indent}<|>`).join('\n');
        const text = taken(marked);
        if (text === undefined) continue;
        count++;
        expect(errorsIn(text), marked).toEqual([]);
        const kept = new Set(text.split('\n'));
        const gone = lines.filter((one) => !kept.has(one));
        expect(
          gone.filter((one) => !/: *(?:true|false)?$/.test(one)),
          marked,
        ).toEqual([]);
        expect(
          codesIn(text).filter((code) => !known.includes(code)),
          marked,
        ).toEqual([]);
      }
    }
  }
  expect(count).toBeGreaterThan(20);
});

/** What a strict reader says of a text. */
function errorsIn(text: string): unknown[] {
  return parseDocument(text, { version: '1.1', merge: true, uniqueKeys: false, logLevel: 'silent' }).errors;
}

/** The codes of what is found in a text, but for hints. */
function codesIn(text: string): unknown[] {
  return service
    .diagnostics(look(text))
    .filter(({ severity }) => severity !== DiagnosticSeverity.Hint)
    .map(({ code }) => code);
}
