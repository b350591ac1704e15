import { describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { TextEdit } from 'vscode-languageserver-types';
import { expandSnippet } from '../../../test/static/expandSnippet';
import { createLanguageService, defaultSettings } from '../languageService';
import { atCursor, documentOf, service } from '../testing/documents';

function labels(marked: string): string[] {
  const { snapshot, position } = atCursor(marked);
  const items = service.completions(snapshot, position);
  return items.map(({ label }) => label).filter((label) => label.startsWith('satv'));
}

function insert(marked: string, label: string): string | undefined {
  const { snapshot, position, text } = atCursor(marked);
  const item = service.completions(snapshot, position).find((candidate) => candidate.label === label);
  const edit = item?.textEdit as TextEdit | undefined;
  if (!edit) return undefined;
  const expanded = { ...edit, newText: expandSnippet(edit.newText.split('\n')) };
  return TextDocument.applyEdits(TextDocument.create('', '', 0, text), [
    expanded,
    ...(item?.additionalTextEdits ?? []),
  ]);
}

test('inside scheduler, from serviceAccount on', () => {
  const result = insert(
    'executor: KubernetesExecutor\nscheduler:\n  replicas: 2\n  satv<|>\nstatsd: {}\n',
    'satv-basic',
  );
  expect(result?.replace(/^ *#.*\n/gm, '')).toBe(`executor: KubernetesExecutor
scheduler:
  replicas: 2
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      enabled: true
statsd: {}
`);
});

test('inside serviceAccount, at the indentation of the keys that are there', () => {
  const result = insert(
    'executor: KubernetesExecutor\nscheduler:\n    serviceAccount:\n        create: true\n        <|>\n',
    'satv-basic',
  );
  expect(result?.replace(/^ *#.*\n/gm, '')).toBe(`executor: KubernetesExecutor
scheduler:
    serviceAccount:
        create: true
        automountServiceAccountToken: false
        serviceAccountTokenVolume:
          enabled: true
`);
});

test('inside the cleanup job, what is meant for it', () => {
  const marked = 'executor: KubernetesExecutor\ncleanup:\n  enabled: true\n  serviceAccount: # c\n    <|>\n';
  expect(labels(marked)).toEqual(['satv-cleanup']);
  expect(insert(marked, 'satv-cleanup')).toContain(
    '  serviceAccount: # c\n    # The job always needs the API: it lists and deletes pods.\n    automountServiceAccountToken: false\n',
  );
});

test('without the keys that are there already', () => {
  const result = insert('executor: KubernetesExecutor\ncleanup:\n  enabled: true\n  <|>\n', 'satv-cleanup');
  expect(result?.match(/^ {2}\w+/gm)).toEqual(['  enabled', '  serviceAccount']);
});

test('a line with another indentation is moved to where the keys are', () => {
  const result = insert(
    'executor: KubernetesExecutor\nscheduler:\n    replicas: 2\n  satv<|>\n',
    'satv-basic',
  );
  expect(result?.replace(/^ *#.*\n/gm, '')).toBe(`executor: KubernetesExecutor
scheduler:
    replicas: 2
    serviceAccount:
      automountServiceAccountToken: false
      serviceAccountTokenVolume:
        enabled: true
`);
});

describe('no snippet is offered', () => {
  test.each([
    ['at the top level, where the editor offers the whole snippets', 'executor: A\n<|>\nscheduler: {}\n'],
    ['after a key', 'executor: A\nscheduler:\n  replicas: <|>\n'],
    ['in other components', 'executor: A\ntriggerer:\n  <|>\n'],
    ['deeper down', 'executor: A\nscheduler:\n  resources:\n    limits:\n      <|>\n'],
    ['under another key', 'executor: A\nscheduler:\n  resources:\n    <|>\n'],
    [
      'where serviceAccount is there already',
      'executor: A\nscheduler:\n  serviceAccount:\n    create: true\n  <|>\n',
    ],
    [
      'where the keys are there already',
      'executor: A\nscheduler:\n  serviceAccount:\n    automountServiceAccountToken: no\n    <|>\n',
    ],
    ['in comments', 'executor: A\nscheduler:\n  # <|>\n'],
    ["in other charts' values", 'scheduler:\n  image: x\n  <|>\n'],
  ])('%s', (_, marked) => {
    expect(labels(marked)).toEqual([]);
  });
});

test('a client without snippets gets plain text', () => {
  const plain = createLanguageService({
    edits: { documentChanges: false, changeAnnotations: false },
    completion: { snippets: false },
    report: () => undefined,
  });
  const document = documentOf('executor: A\nscheduler:\n  \n');
  const items = plain.completions(plain.look(document, defaultSettings), { line: 2, character: 2 });
  expect(items.length).toBeGreaterThan(10);
  const withTabStops = service.completions(service.look(document, defaultSettings), {
    line: 2,
    character: 2,
  });
  for (const [index, item] of items.entries()) {
    expect((item.textEdit as TextEdit).newText).toBe(
      expandSnippet(((withTabStops[index]?.textEdit as TextEdit | undefined)?.newText ?? '').split('\n')),
    );
  }
});
