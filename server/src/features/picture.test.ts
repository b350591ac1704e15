import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { look, service } from '../testing/documents';
import { lookIn, repositoryOf, uriOf } from '../testing/repositories';

const folder = new URL('../../../test/fixtures/golden/1.22.0/', import.meta.url);
const names = readdirSync(folder).flatMap((file) => /^(.+)\.values\.yaml$/.exec(file)?.[1] ?? []);

interface Recorded {
  readonly workloads?: Readonly<
    Record<
      string,
      { readonly containers: Readonly<Record<string, { automounted: boolean; projected: unknown[] }>> }
    >
  >;
}
const recorded = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as Record<
  string,
  Recorded
>;

describe('the picture shows what Helm made of values', () => {
  test.each(names)('%s', (name) => {
    const picture = service.picture(look(readFileSync(new URL(`${name}.values.yaml`, folder), 'utf8')));
    const workloads = Object.entries(recorded[name]?.workloads ?? {});
    if (!picture || workloads.length === 0) return;
    const expected = workloads.flatMap(([label, { containers }]) =>
      Object.entries(containers).map(
        ([container, { automounted, projected }]) =>
          `${label} ${container} ${automounted ? 'automatic' : projected.length > 0 ? 'projected' : 'none'}`,
      ),
    );
    const shown = picture.workloads.flatMap((workload) =>
      workload.containers.map(({ name: container, state }) => `${workload.name} ${container} ${state}`),
    );
    expect(shown.sort()).toEqual(expected.sort());
    expect(picture.totals.containers).toBe(expected.length);
    expect(picture.totals.holding).toBe(expected.filter((line) => !line.endsWith(' none')).length);
  });
});

test('what is needed, why it is so, where that is decided, and what the migration leaves', () => {
  const text = `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: true
`;
  const picture = service.picture(look(text));
  const scheduler = picture?.workloads.find(({ name }) => name === 'scheduler');
  expect(
    scheduler?.containers.map(({ name, state, after, need, why }) => [name, state, after, need, why]),
  ).toEqual([
    ['wait-for-airflow-migrations', 'automatic', 'none', 'never', 'Automatic mounting is on.'],
    ['scheduler', 'automatic', 'projected', 'always', 'Automatic mounting is on.'],
    ['scheduler-log-groomer', 'automatic', 'none', 'never', 'Automatic mounting is on.'],
  ]);
  expect(scheduler?.containers[1]?.place).toEqual({
    uri: 'file:///repo/values.yaml',
    range: { start: { line: 3, character: 4 }, end: { line: 3, character: 32 } },
  });
  expect(picture?.totals.needing).toBe(1);
  expect(picture?.after?.holding).toBeLessThan(picture?.totals.holding ?? 0);
});

test('of several stacks the named one, with places in other layers', () => {
  const repository = repositoryOf({
    'values.yaml':
      'executor: KubernetesExecutor\nscheduler: {serviceAccount: {automountServiceAccountToken: false}}\n',
    'values-prod.yaml':
      'scheduler: {serviceAccount: {serviceAccountTokenVolume: {enabled: true, expirationSeconds: 1800}}}\n',
    'values-dev.yaml': 'executor: LocalExecutor\n',
  });
  const snapshot = lookIn(repository, 'values.yaml');
  const main = (stack: string) =>
    service.picture(snapshot, stack)?.workloads.find(({ name }) => name === 'scheduler')?.containers[1];
  expect(main('prod')).toMatchObject({
    state: 'projected',
    tokens: [{ expirationSeconds: 1800, audience: null, byHand: false }],
    place: { uri: uriOf('values-prod.yaml') },
  });
  expect(main('dev')).toMatchObject({
    state: 'automatic',
    need: 'perhaps',
    why: 'The chart ignores here that automatic mounting is off.',
  });
});

test('in an umbrella chart, the migration leaves what it leaves of the same file by itself', () => {
  const text = 'executor: KubernetesExecutor\nscheduler: {replicas: 1}\n';
  const repository = repositoryOf({
    'Chart.yaml':
      'apiVersion: v2\nname: x\nversion: 1.0.0\ndependencies:\n  - {name: airflow, version: 1.22.0, repository: "https://airflow.apache.org"}\n',
    'values.yaml': `airflow:\n${text.replace(/^(?=.)/gm, '  ')}`,
  });
  const { after } = service.picture(lookIn(repository, 'values.yaml')) ?? {};
  expect(after).toEqual(service.picture(look(text))?.after);
  expect(after?.holding).toBeLessThan(after?.containers ?? 0);
});
