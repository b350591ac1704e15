import { describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { TextDocumentEdit, TextEdit, WorkspaceEdit } from 'vscode-languageserver-types';
import { look, service } from '../testing/documents';
import { findingsIn, lookIn, putFile, repositoryOf, uriOf } from '../testing/repositories';
import type { Repository } from '../stacks/repository';

const automatic = `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: true # for now
`;

/** The repository after an edit of any of its files. */
function apply(repository: Repository, edit: WorkspaceEdit | null | undefined): void {
  for (const change of (edit?.documentChanges ?? []) as TextDocumentEdit[]) {
    const path = change.textDocument.uri.slice(uriOf('').length);
    const text = repository.file(change.textDocument.uri)?.values.text ?? '';
    putFile(
      repository,
      path,
      TextDocument.applyEdits(TextDocument.create('', '', 0, text), change.edits as TextEdit[]),
    );
  }
}

test('a plan says what changes, what stays and why, and in which order', () => {
  const plan = service.migrationPlan(look(automatic));
  expect(plan?.markdown).toContain('# Migration to manual token volumes\n');
  expect(plan?.markdown).toMatch(
    /Chart 1\.22\.0, KubernetesExecutor\. \d+ of \d+ containers hold a token, and 1 needs one for certain; afterwards \d+ hold one\./,
  );
  expect(plan?.markdown).toContain('In `values.yaml`.');
  expect(plan?.markdown).toContain('| Scheduler | scheduler | automatic | projected |');
  expect(plan?.markdown).toContain('| Scheduler | scheduler-log-groomer | automatic | none |');
  expect(plan?.markdown).toContain(
    '- The triggerer: 3 containers keep the automatic token, since its tasks or logs may need the API',
  );
  expect(plan?.markdown).toContain('1. Apply the changes.');
  expect(plan?.order).toEqual([]);
});

test('every change is to be confirmed', () => {
  const { edit } = service.migrationPlan(look(automatic)) ?? {};
  const annotations = Object.values(edit?.changeAnnotations ?? {});
  expect(annotations.length).toBeGreaterThan(1);
  expect(annotations.every(({ needsConfirmation }) => needsConfirmation)).toBe(true);
});

describe('of a stack', () => {
  const files = {
    'values.yaml': `${automatic}statsd: {enabled: false}\n`,
    'values-production.yaml': 'scheduler:\n  serviceAccount:\n    automountServiceAccountToken: true\n',
    'values-dev.yaml': 'cleanup: {enabled: true}\n',
  };

  test('production comes last, and the edit is made in the layers that decide', () => {
    const repository = repositoryOf(files);
    const plan = service.migrationPlan(lookIn(repository, 'values.yaml'), 'production');
    expect(plan?.order).toEqual(['dev', 'production']);
    expect(plan?.markdown).toContain('1. Migrate dev first: production comes after.');
    expect(plan?.markdown).toContain('`values-production.yaml`');
    expect(plan?.markdown).toContain(
      '`values.yaml` is a layer of dev as well: what is changed there changes that, too.',
    );
    const top = service.migrationPlan(lookIn(repository, 'values-production.yaml'));
    expect(top?.markdown).not.toContain('is a layer of');
    apply(repository, plan?.edit);
    expect(repository.file(uriOf('values-production.yaml'))?.values.text).toBe(
      files['values-production.yaml'].replace('true', 'false'),
    );
    expect(findingsIn(repository).filter((finding) => finding.includes('In production: All of'))).toEqual([]);
    const again = service.migrationPlan(lookIn(repository, 'values.yaml'), 'production');
    expect(again?.edit).toBeNull();
    expect(again?.markdown).toContain('Nothing: everything that can be migrated has been.');
  });
});

test('a key that is misspelt is to be looked at first, as it stays beside the right one', () => {
  const plan = service.migrationPlan(
    look(`${automatic}redis:\n  serviceAccount:\n    automountServiceAcountToken: false\n`),
  );
  const [, first = ''] = plan?.markdown.split('## What to look at first') ?? [];
  expect(first).toContain('- Line 7: The chart ignores this key');
});

test('what is in the way is told', () => {
  const local = service.migrationPlan(look(automatic.replace('Kubernetes', 'Local')));
  expect(local?.markdown).toContain(
    'The scheduler: 3 containers keep the automatic token, since with LocalExecutor the chart does not turn automatic mounting off for it.',
  );
  const alias = service.migrationPlan(
    look(
      'executor: KubernetesExecutor\nbase: &base {automountServiceAccountToken: true}\nscheduler: {serviceAccount: *base}\n',
    ),
  );
  expect(alias?.edit).toBeNull();
  expect(alias?.markdown).toContain('No change is certain to do that and nothing else');
  expect(service.migrationPlan(look('a: 1\n'))).toBeUndefined();
});
