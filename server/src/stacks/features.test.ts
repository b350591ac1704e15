import { describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { CodeAction, Position, TextDocumentEdit, TextEdit } from 'vscode-languageserver-types';
import { service } from '../testing/documents';
import { findingsIn, lookIn, putFile, repositoryOf, uriOf } from '../testing/repositories';
import type { Repository } from './repository';

const values = `executor: KubernetesExecutor
# what the scheduler may do
scheduler:
  serviceAccount:
    automountServiceAccountToken: false # policy
`;

function indented(text: string, columns: number): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(columns));
}

/** Resources that carry values, with what stands around those. */
const carriers: readonly [string, string, (text: string) => string][] = [
  [
    'the text of an Argo CD Application',
    'apps/airflow.yaml',
    (text) => `apiVersion: v1
kind: Namespace
metadata: {name: airflow}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: airflow
spec:
  source:
    repoURL: https://airflow.apache.org
    chart: airflow
    targetRevision: 1.22.0
    helm:
      values: |
${indented(text, 8)}  destination: {namespace: airflow}
`,
  ],
  [
    'the valuesObject of an Argo CD Application',
    'apps/airflow.yaml',
    (text) => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: airflow
spec:
  sources:
    - repoURL: https://airflow.apache.org
      chart: airflow
      targetRevision: 1.22.0
      helm:
        valuesObject:
${indented(text, 10)}`,
  ],
  [
    'a HelmRelease',
    'release.yaml',
    (text) => `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: airflow
spec:
  chart:
    spec:
      chart: airflow
      version: ">=1.19"
      sourceRef: {kind: HelmRepository, name: apache}
  values:
${indented(text, 4)}  interval: 10m
`,
  ],
  [
    'the item of a list in a Helmfile',
    'helmfile.yaml',
    (text) => `repositories:
  - {name: apache-airflow, url: https://airflow.apache.org}
releases:
  - name: airflow
    chart: apache-airflow/airflow
    version: 1.22.0
    values:
      - ${indented(text, 8).trimStart()}      - {}
`,
  ],
  [
    'a kustomization',
    'kustomization.yaml',
    (text) => `helmCharts:
- name: airflow
  repo: https://airflow.apache.org
  version: 1.22.0
  valuesInline:
${indented(text, 4)}  releaseName: airflow
`,
  ],
  [
    'a Fleet bundle',
    'airflow/fleet.yaml',
    (text) => `helm:
  repo: https://airflow.apache.org
  chart: airflow
  version: 1.22.0
  values:
${indented(text, 4)}`,
  ],
  ['an umbrella chart', 'values.yaml', (text) => `other: {a: 1}\nairflow:\n${indented(text, 2)}global: {}\n`],
];

const umbrella = {
  'Chart.yaml':
    'name: data\ndependencies:\n- {name: airflow, version: 1.22.0, repository: https://airflow.apache.org}\n',
};

describe.each(carriers)('in %s', (what, path, carry) => {
  const files = (text: string): Record<string, string> => ({
    ...(what === 'an umbrella chart' ? umbrella : {}),
    [path]: text,
  });
  const host = carry(values);
  const repository = repositoryOf(files(host));

  test('a finding stands where the values do', () => {
    const line = host.slice(0, host.indexOf('automountServiceAccountToken')).split('\n').length;
    expect(findingsIn(repository, 2)).toEqual([expect.stringContaining(`${path}:${line} api-access-lost`)]);
    const [diagnostic] = service.diagnostics(lookIn(repository, path));
    expect(diagnostic && textAt(host, diagnostic.range)).toBe('false');
  });

  test('a fix is written with the indentation of the place, and touches nothing else', () => {
    const actions = actionsOn(repository, path, host, 'false # policy');
    const enable = actions.find(({ title }) => title.startsWith('Enable the token volume'));
    const fixed = applied(host, enable);
    expect(fixed).toBe(carry(`${values}    serviceAccountTokenVolume:\n      enabled: true\n`));
    const after = repositoryOf(files(fixed));
    expect(findingsIn(after, 2)).toEqual([]);
  });

  test('a hover tells the value and the stack', () => {
    const hover = service.hover(lookIn(repository, path), positionOf(host, 'automount'));
    expect(hover?.contents).toMatchObject({
      value: expect.stringContaining('Now: `false`, set in this file.') as string,
    });
    expect(hover?.range && textAt(host, hover.range)).toBe('automountServiceAccountToken');
  });

  test('a snippet is indented for the place', () => {
    const typing = carry(values.replace(/serviceAccount:[^]*/, 'sat\n'));
    const typed = repositoryOf(files(typing));
    const position = positionOf(typing, 'sat', 3);
    const item = service
      .completions(lookIn(typed, path), position)
      .find(({ label }) => label === 'satv-basic');
    const edits = [item?.textEdit, ...(item?.additionalTextEdits ?? [])].filter((edit) => edit !== undefined);
    const text = TextDocument.applyEdits(TextDocument.create('', '', 0, typing), edits as TextEdit[]);
    const lines = text.split('\n');
    const at = lines.findIndex((line) => line.trim().startsWith('serviceAccount:'));
    const indent = (line = ''): number => line.search(/\S/);
    expect(indent(lines[at])).toBe(indent(lines[at - 1]) + 2);
    expect(indent(lines[at + 1])).toBe(indent(lines[at]) + 2);
  });

  test('it is followed while it is typed', () => {
    const typed = repositoryOf(files(host));
    const word = '    serviceAccountTokenVolume: {enabled: true}\n';
    for (let length = 1; length <= word.length; length++) {
      putFile(typed, path, carry(values + word.slice(0, length).replace(/\n?$/, '\n')));
      expect(typed.stacks(), word.slice(0, length)).toHaveLength(1);
      lookIn(typed, path);
    }
    expect(findingsIn(typed, 2)).toEqual([]);
  });
});

test('a value of another layer is changed there, and shown before that', () => {
  const files = {
    'values.yaml': values,
    'values-prod.yaml': 'scheduler:\n  serviceAccount:\n    serviceAccountTokenVolume: {enabled: false}\n',
  };
  const repository = repositoryOf(files);
  const actions = actionsOn(repository, 'values.yaml', values, 'false # policy');
  const enable = actions.find(({ title }) => title.startsWith('Enable the token volume'));
  expect(enable?.edit?.documentChanges).toEqual([
    {
      textDocument: { uri: uriOf('values-prod.yaml'), version: 1 },
      edits: [
        {
          range: { start: { line: 2, character: 41 }, end: { line: 2, character: 46 } },
          newText: 'true',
          annotationId: uriOf('values-prod.yaml'),
        },
      ],
    },
  ]);
  expect(enable?.edit?.changeAnnotations).toEqual({
    [uriOf('values-prod.yaml')]: { label: 'Change values-prod.yaml', needsConfirmation: true },
  });
});

test('a hover says what differs from stack to stack, and which layer sets it', () => {
  const repository = repositoryOf({
    'values.yaml': values,
    'values-prod.yaml': 'scheduler: {serviceAccount: {automountServiceAccountToken: true}}\n',
    'values-dev.yaml': 'executor: LocalExecutor\n',
  });
  const hover = service.hover(lookIn(repository, 'values.yaml'), positionOf(values, 'automount'));
  const { value } = hover?.contents as { value: string };
  expect(value).toContain('**In prod**\n\nNow: `true`, set in `values-prod.yaml`.');
  expect(value).toContain('**In dev**\n\nNow: `false`, set in this file.');
});

function positionOf(text: string, word: string, after = 0): Position {
  const before = text.slice(0, text.indexOf(word) + after).split('\n');
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
}

function actionsOn(repository: Repository, path: string, text: string, word: string): CodeAction[] {
  const position = positionOf(text, word);
  return service.codeActions(
    lookIn(repository, path),
    { start: position, end: position },
    { diagnostics: [] },
  );
}

function applied(text: string, action: CodeAction | undefined): string {
  const [change] = (action?.edit?.documentChanges ?? []) as TextDocumentEdit[];
  return TextDocument.applyEdits(TextDocument.create('', '', 0, text), (change?.edits ?? []) as TextEdit[]);
}

function textAt(text: string, range: { start: Position; end: Position }): string {
  return TextDocument.create('', '', 0, text).getText(range);
}
