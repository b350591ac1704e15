import { describe, expect, test } from 'vitest';
import type { CodeAction, CodeActionContext, TextDocumentEdit } from 'vscode-languageserver-types';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { createLanguageService, defaultSettings, fixAllKind } from '../languageService';
import { atCursor, look, service } from '../testing/documents';

const context: CodeActionContext = { diagnostics: [] };
const everywhere = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };

function actionsAt(marked: string): CodeAction[] {
  const { snapshot, position } = atCursor(marked);
  return service.codeActions(snapshot, { start: position, end: position }, context);
}

function applied(text: string, action: CodeAction | undefined): string | undefined {
  const change = action?.edit?.documentChanges?.[0] as TextDocumentEdit | undefined;
  return change && TextDocument.applyEdits(TextDocument.create('', '', 0, text), change.edits as never);
}

function fixAll(text: string): string | undefined {
  const [action] = service.codeActions(look(text), everywhere, { diagnostics: [], only: ['source.fixAll'] });
  return applied(text, action);
}

const transition = `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: true # keep
    serviceAccountTokenVolume:
      enabled: tr<|>ue
`;

test('the fixes for the finding at the cursor, the preferred one first', () => {
  const actions = actionsAt(transition);
  expect(actions.map(({ title, isPreferred, kind }) => [title, isPreferred === true, kind])).toEqual([
    ['Migrate scheduler to a manual token volume', true, 'quickfix'],
    ['Disable the token volume, which has no effect', false, 'quickfix'],
    ['Migrate the whole file to manual token volumes', false, 'quickfix'],
    ['Ignore inert-while-automounted here', false, 'quickfix'],
  ]);
  expect(actions[0]?.diagnostics?.map(({ code }) => code)).toEqual(['inert-while-automounted']);
});

test('an edit names the version that it is for, and touches nothing else', () => {
  const { text } = atCursor(transition);
  const migrate = actionsAt(transition)[0];
  expect(migrate?.edit).toEqual({
    documentChanges: [
      {
        textDocument: { uri: 'file:///repo/values.yaml', version: 1 },
        edits: [
          { range: { start: { line: 3, character: 34 }, end: { line: 3, character: 38 } }, newText: 'false' },
        ],
      },
    ],
  });
  expect(applied(text, migrate)).toBe(text.replace('Token: true', 'Token: false'));
});

test('a fix beyond its place shows what it changes elsewhere, component by component, before it is applied', () => {
  const { text } = atCursor(transition);
  const whole = actionsAt(transition).find(({ title }) => title.startsWith('Migrate the whole file'));
  expect(whole?.edit?.changeAnnotations).toEqual({
    scheduler: { label: 'Change scheduler', needsConfirmation: false },
    createUserJob: { label: 'Change createUserJob', needsConfirmation: true },
    migrateDatabaseJob: { label: 'Change migrateDatabaseJob', needsConfirmation: true },
    dagProcessor: { label: 'Change dagProcessor', needsConfirmation: true },
    statsd: { label: 'Change statsd', needsConfirmation: true },
  });
  const off = (key: string): string =>
    `${key}:\n  serviceAccount:\n    automountServiceAccountToken: false\n`;
  expect(applied(text, whole)).toBe(
    text.replace('Token: true', 'Token: false') +
      ['createUserJob', 'migrateDatabaseJob', 'dagProcessor', 'statsd'].map(off).join(''),
  );
});

test('a client without versions or annotations gets plain edits', () => {
  const plain = createLanguageService({
    edits: { documentChanges: false, changeAnnotations: false },
    completion: { snippets: false },
    report: () => undefined,
  });
  const { snapshot, position } = atCursor(transition);
  const actions = plain.codeActions(snapshot, { start: position, end: position }, context);
  expect(actions.every(({ edit }) => edit?.changes !== undefined && edit.documentChanges === undefined)).toBe(
    true,
  );
});

test('no fix is offered that cannot be made with certainty, but to ignore the finding', () => {
  const shared = `executor: KubernetesExecutor
base: &base {automountServiceAccountToken: true}
scheduler:
  service<|>Account: *base
`;
  expect(actionsAt(shared).map(({ title }) => title)).toEqual(['Ignore automounted-token here']);
  const merged = shared.replace(': *base', ':\n    <<: *base');
  expect(actionsAt(merged).map(({ title }) => title)).toContain('Migrate scheduler to a manual token volume');
});

test('fixes with the same title in two places are two', () => {
  const text = `executor: KubernetesExecutor
scheduler: {serviceAccount: {automountServiceAccountToken: no, serviceAccountTokenVolume: {enabled: true, mountPath: /a}}}
cleanup: {enabled: true, serviceAccount: {automountServiceAccountToken: no, serviceAccountTokenVolume: {enabled: true, mountPath: /b}}}
`;
  const actions = service.codeActions(look(text), everywhere, context);
  expect(actions.map(({ title }) => title)).toEqual([
    'Restore the standard mount path (line 2)',
    'Restore the standard mount path (line 3)',
    'Ignore nonstandard-mount-path here (line 2)',
    'Ignore nonstandard-mount-path here (line 3)',
  ]);
  expect(applied(text, actions[1])).toBe(text.replace('/b', '/var/run/secrets/kubernetes.io/serviceaccount'));
});

test('only what was asked for', () => {
  const { snapshot } = atCursor(transition);
  expect(service.codeActions(snapshot, everywhere, { diagnostics: [], only: ['refactor'] })).toEqual([]);
  expect(
    service.codeActions(snapshot, everywhere, { diagnostics: [], only: ['source.fixAll.eslint'] }),
  ).toEqual([]);
  const kinds = service
    .codeActions(snapshot, everywhere, { diagnostics: [], only: ['quickfix'] })
    .map(({ kind }) => kind);
  expect(new Set(kinds)).toEqual(new Set(['quickfix']));
});

test('ignoring comes after the fixes of every finding, and once for all that it silences', () => {
  const text = `executor: KubernetesExecutor
scheduler:
  serviceAccount: {automountServiceAccountToken: , serviceAccountTokenVolume: {enable: true, volume: b}}
`;
  const actions = service.codeActions(look(text), everywhere, context);
  const ignoring = actions.filter(({ title }) => title.startsWith('Ignore '));
  expect(actions.slice(-ignoring.length)).toEqual(ignoring);
  expect(ignoring.map(({ title, diagnostics }) => [title, diagnostics?.map(({ code }) => code)])).toEqual([
    ['Ignore api-access-lost here', ['api-access-lost']],
    ['Ignore null-automount here', ['null-automount']],
    ['Ignore unknown-key here', ['unknown-key', 'unknown-key']],
  ]);
  expect(ignoring.some(({ isPreferred }) => isPreferred)).toBe(false);
  expect(applied(text, ignoring[2])).toBe(
    text.replace('}}\n', '}} # airflow-token-volume: ignore unknown-key\n'),
  );
});

test('what is said about an ignore comment cannot be ignored', () => {
  const actions = actionsAt('executor: CeleryExecutor # airflow-token-volume: ignore <|>needless-token\n');
  expect(actions.map(({ title }) => title)).toEqual(['Stop ignoring needless-token here']);
});

describe('all safe fixes at once', () => {
  test('leave alone what is ignored or switched off', () => {
    const text =
      'scheduler: {serviceAccount: {serviceAccountTokenVolume: {expirationSeconds: "700"}}} # airflow-token-volume: ignore invalid-type\n';
    expect(fixAll(text)).toBeUndefined();
    expect(fixAll(text.replace(/ #.*/, ''))).toContain('expirationSeconds: 700');
    const rules = new Map([['invalid-type', 'off']] as const);
    const snapshot = look(text.replace(/ #.*/, ''), undefined, { ...defaultSettings, rules });
    const only = ['source.fixAll'];
    expect(service.codeActions(snapshot, everywhere, { diagnostics: [], only })).toEqual([]);
  });

  test('mend what is sure and change nobody who holds a token', () => {
    expect(
      fixAll(`executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: # policy
    serviceAccountTokenVolume:
      enabled: true
      expirationSecond: 30m
      volumeName: My_Token
cleanup:
  serviceAccount:
    serviceAccountTokenVolume:
      expirationSeconds: 60
`),
    ).toBe(`executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false # policy
    serviceAccountTokenVolume:
      enabled: true
      expirationSeconds: 30m
      volumeName: my-token
cleanup:
  serviceAccount:
    serviceAccountTokenVolume:
      expirationSeconds: 600
`);
  });

  test.each([
    ['a misspelt switch', 'scheduler:\n  serviceAccount:\n    automountServiceAcountToken: false\n'],
    ['a quoted switch', 'scheduler:\n  serviceAccount:\n    automountServiceAccountToken: "false"\n'],
    [
      'a quoted switch of another component',
      'executor: A\ntriggerer:\n  serviceAccount:\n    automountServiceAccountToken: "false"\n',
    ],
    [
      'a misspelt volume',
      'scheduler:\n  serviceAccount:\n    automountServiceAccountToken: no\n    serviceAccountTokenVolum: {enabled: true}\n',
    ],
    [
      'a misspelt enabled',
      'scheduler:\n  serviceAccount:\n    automountServiceAccountToken: no\n    serviceAccountTokenVolume: {enabld: true}\n',
    ],
    [
      'an empty value that Kubernetes reads otherwise',
      'executor: KubernetesExecutor\ncleanup:\n  enabled: true\n  serviceAccount:\n    automountServiceAccountToken:\n',
    ],
    [
      'a switch that takes an automatic token away',
      'executor: KubernetesExecutor\ncleanup:\n  enabled: true\n  serviceAccount:\n    automountServiceAccountToken:\n    serviceAccountTokenVolume: {enabled: true, mountPath: /custom}\n',
    ],
    [
      'what others share',
      'executor: KubernetesExecutor\nscheduler:\n  serviceAccount: &sa\n    serviceAccountTokenVolume: {expirationSecond: 900}\ncleanup:\n  serviceAccount: *sa\n',
    ],
    [
      'a migration',
      'executor: KubernetesExecutor\nscheduler:\n  serviceAccount:\n    serviceAccountTokenVolume: {enabled: true}\n',
    ],
  ])('leave %s alone', (_, text) => {
    expect(fixAll(text)).toBeUndefined();
  });

  test('have a kind of their own', () => {
    const [action] = service.codeActions(
      look('scheduler: {serviceAccount: {serviceAccountTokenVolume: {expirationSeconds: "700"}}}\n'),
      everywhere,
      { diagnostics: [], only: [fixAllKind] },
    );
    expect(action?.kind).toBe('source.fixAll.airflowTokenVolume');
  });
});
