import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { look, service } from '../testing/documents';
import { lookIn, repositoryOf } from '../testing/repositories';

const folder = new URL('../../../test/fixtures/rendered/', import.meta.url);
const values = readFileSync(new URL('values.yaml', folder), 'utf8');
const manifests = readFileSync(new URL('manifests.yaml', folder), 'utf8');

test('what Helm rendered is what was predicted', () => {
  const found = service.compareRendering(look(values), undefined, manifests);
  expect(found?.differences).toEqual([]);
  expect(found?.same).toBe(service.picture(look(values))?.totals.containers);
});

test.each([
  [
    'another lifetime',
    manifests.replace('expirationSeconds: 1800', 'expirationSeconds: 600'),
    [
      'scheduler: scheduler was predicted with a projected token at `/var/run/secrets/kubernetes.io/serviceaccount`, valid for 30 minutes, for `vault`, and Helm renders a projected token at `/var/run/secrets/kubernetes.io/serviceaccount`, valid for 10 minutes, for `vault`.',
    ],
  ],
  [
    'a container less',
    manifests.replace('name: scheduler-log-groomer', 'name: groomer'),
    [
      'scheduler: scheduler-log-groomer was predicted with no token, and Helm does not render it.',
      'scheduler: groomer was not predicted, and Helm renders it with no token.',
    ],
  ],
])('%s is told', (_, text, expected) => {
  expect(text).not.toBe(manifests);
  expect(service.compareRendering(look(values), undefined, text)?.differences).toEqual(expected);
});

test('what is no YAML renders nothing', () => {
  const found = service.compareRendering(look(values), undefined, 'Error: [ {{ \n---\na: [');
  expect(found?.same).toBe(0);
});

test('Helm is given the layers of the stack in their order, and told of those that are not known', () => {
  const stacks = new Map([['production', ['values.yaml', 'top.yaml']]]);
  const repository = repositoryOf(
    { 'values.yaml': values, 'top.yaml': 'executor: LocalExecutor\n' },
    { stacks },
  );
  expect(service.helmInputs(lookIn(repository, 'values.yaml'))).toEqual({
    stack: 'production',
    chart: '1.22.0',
    layers: [
      { name: 'values.yaml', text: values },
      { name: 'top.yaml', text: 'executor: LocalExecutor\n' },
    ],
    open: [],
  });
  expect(service.helmInputs(look(values))?.layers).toEqual([{ name: 'values.yaml', text: values }]);
  expect(service.helmInputs(look('a: 1\n'))).toBeUndefined();
});
