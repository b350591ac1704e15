import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { look, service } from '../testing/documents';

/** What is said about values that Helm rendered, as `code@line`; of those that are not named here, nothing. */
const expected: Readonly<Record<string, string>> = {
  'automount-quoted-false': 'invalid-type@4',
  'cleanup-automount-off-only': 'api-access-lost@5',
  'executor-celery-and-kubernetes-automount-off-only': 'api-access-lost@4',
  'executor-celery-kubernetes-automount-off-only': 'api-access-lost@4',
  'executor-celery-manual': 'needless-token@6',
  'executor-kubernetes-automount-off-only': 'api-access-lost@4',
  'executor-local-automount-off-only': 'automount-off-ignored@4',
  'executor-local-manual': 'automount-off-ignored@4 inert-for-executor@6',
  'executor-unset-manual': 'needless-token@5',
  'expiration-599': 'expiration-out-of-range@7',
  'expiration-7776001': 'expiration-out-of-range@7',
  'expiration-million': 'long-lived-token@7',
  'expiration-quoted': 'invalid-type@7',
  'kubernetes-automount-on': 'automounted-token@4',
  'kubernetes-custom-path': 'nonstandard-mount-path@7',
  'kubernetes-transition': 'automounted-token@4 inert-while-automounted@6',
  'kubernetes-volume-disabled': 'api-access-lost@4',
  'kubernetes-volume-null': 'empty-token-volume@5',
  'kubernetes-volume-only': 'automounted-token@3 inert-while-automounted@5',
  'misplaced-under-scheduler': 'api-access-lost@4 misplaced-token-volume@5',
  'unknown-key': 'unknown-key@7',
  'unsupported-component-triggerer': 'unsupported-component@5',
  'workloads-service-account-shared': 'automounted-token@3',
  'yaml-merge-override': 'api-access-lost@8',
};

const folder = new URL('../../../test/fixtures/golden/1.22.0/', import.meta.url);
const names = readdirSync(folder).flatMap((file) => /^(.+)\.values\.yaml$/.exec(file)?.[1] ?? []);

test('every expectation has its file', () => {
  expect(Object.keys(expected).filter((name) => !names.includes(name))).toEqual([]);
});

test.each(names)('%s', (name) => {
  const text = readFileSync(new URL(`${name}.values.yaml`, folder), 'utf8');
  const found = service
    .diagnostics(look(text))
    .map(({ code, range }) => `${String(code)}@${range.start.line + 1}`);
  expect(found.join(' ')).toBe(expected[name] ?? '');
});
