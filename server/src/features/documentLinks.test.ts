import { expect, test } from 'vitest';
import { look, service } from '../testing/documents';

test('each token volume links to the parameters of its component', () => {
  const text = `executor: KubernetesExecutor
cleanup: {serviceAccount: {serviceAccountTokenVolume: {}}}
scheduler:
  serviceAccount:
    serviceAccountTokenVolume:
triggerer:
  serviceAccount:
    serviceAccountTokenVolume: {}
`;
  const lines = text.split('\n');
  const links = service.documentLinks(look(text)).map(({ range: { start, end }, target }) => {
    expect(lines[start.line]?.slice(start.character, end.character)).toBe('serviceAccountTokenVolume');
    return [start.line, target?.replace(/^https:\/\/airflow\.apache\.org\/.*#/, '#')];
  });
  expect(links).toEqual([
    [4, '#scheduler'],
    [1, '#cleanup'],
  ]);
  expect(service.documentLinks(look('scheduler: {image: x}\n'))).toEqual([]);
});
