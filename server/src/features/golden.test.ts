import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { needlessAutomount } from '../rules/needless-automount';
import { look, service } from '../testing/documents';

/** What is said about values that Helm rendered, as `code@line`; of those that are not named here, nothing. */
const expected: Readonly<Record<string, string>> = {
  'automount-quoted-false': 'invalid-type@4',
  'cleanup-automount-off-only': 'api-access-lost@5',
  'executor-celery-and-kubernetes-automount-off-only': 'api-access-lost@4',
  'executor-celery-kubernetes-automount-off-only': 'removed-executor@1 api-access-lost@4',
  'executor-celery-kubernetes-manual': 'removed-executor@1',
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
  'kubernetes-extra-volume-workaround': 'handmade-token-volume@10',
  'kubernetes-transition': 'automounted-token@4 inert-while-automounted@6',
  'kubernetes-volume-disabled': 'api-access-lost@4',
  'kubernetes-volume-null': 'empty-token-volume@5',
  'kubernetes-volume-only': 'automounted-token@3 inert-while-automounted@5',
  'misplaced-under-scheduler': 'api-access-lost@4 misplaced-token-volume@5',
  'unknown-key': 'unknown-key@7',
  'unsupported-component-triggerer': 'unsupported-component@5',
  'workloads-service-account-shared': 'automounted-token@3',
  'workaround-global-volumes': 'handmade-token-volume@9',
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

interface Workload {
  readonly serviceAccountRendered: boolean;
  readonly containers: Readonly<Record<string, { readonly automounted: boolean }>>;
}

const recorded = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as Readonly<
  Record<string, { readonly workloads?: Readonly<Record<string, Workload>> }>
>;

/** The workloads that never call the API, and what findings call them. */
const needless: Readonly<Record<string, string>> = {
  'create-user-job': 'user creation job',
  'run-airflow-migrations': 'database migration job',
  'dag-processor': 'dag processor',
  'database-cleanup': 'database cleanup job',
  flower: 'flower',
  redis: 'redis',
  statsd: 'statsd',
  pgbouncer: 'pgbouncer',
};

test.each(names)('%s: components named for a needless token are those that Helm gave one', (name) => {
  const { workloads } = recorded[name] ?? {};
  const subject = look(readFileSync(new URL(`${name}.values.yaml`, folder), 'utf8')).parts[0]?.subjects[0];
  // Nothing was rendered, or there is no key to mark.
  if (!workloads || !subject || subject.document.topLevelKeys.length === 0) return;
  const messages = needlessAutomount.check(subject).map(({ message }) => message.toLowerCase());
  for (const [label, title] of Object.entries(needless)) {
    const { serviceAccountRendered = false, containers = {} } = workloads[label] ?? {};
    const holds = Object.values(containers).some(({ automounted }) => automounted);
    const isNamed = messages.some((message) => message.includes(title));
    expect(isNamed, label).toBe(serviceAccountRendered && holds);
  }
});
