import { describe, expect, it } from 'vitest';
import { readValues } from '../values/document';
import { documentsOf, noMemory } from '../values/excerpt';
import type { UmbrellaChart } from './deployment';
import { readUmbrella } from './umbrella';

function umbrellas(text: string, path = 'deploy/Chart.yaml'): readonly UmbrellaChart[] {
  return documentsOf(readValues(text), noMemory).flatMap(
    (excerpt) => readUmbrella({ excerpt, path, excerptAt: () => undefined }).umbrellas ?? [],
  );
}

const official = 'https://airflow.apache.org';

describe('an umbrella chart', () => {
  it('is read with the name, alias, version and repository of the dependency', () => {
    const text = `apiVersion: v2
name: platform
version: 0.1.0
dependencies:
  - name: postgresql
    version: 1.0.0
    repository: https://example.org
  - name: airflow
    version: ~1.19.0
    repository: ${official}
    condition: airflow.enabled
  - name: airflow
    alias: reporting
    version: "1.18.0"
    repository: ${official}
`;
    const found = umbrellas(text);
    const chart = { kind: 'repository', name: 'airflow', url: official };
    expect(found).toMatchObject([
      { name: 'platform', key: 'airflow', chart, version: { text: '~1.19.0' } },
      { name: 'platform', key: 'reporting', chart, version: { text: '1.18.0' } },
    ]);
    const [first] = found;
    expect(first && text.slice(first.place.range.start, first.place.range.end)).toBe('airflow');
  });

  it('is read from a lock, which has neither a name nor aliases', () => {
    const lock = `dependencies:\n- name: airflow\n  repository: ${official}\n  version: 1.19.0\ndigest: sha256:0\n`;
    expect(umbrellas(lock, 'Chart.lock')).toMatchObject([
      { name: '', key: 'airflow', version: { text: '1.19.0' } },
    ]);
  });

  it.each([
    ['file://../airflow', { kind: 'directory', path: '../airflow', base: 'file' }],
    ['"@apache"', { kind: 'repository', name: 'airflow', url: '@apache' }],
    ['alias:apache', { kind: 'repository', name: 'airflow', url: 'alias:apache' }],
    [
      'oci://registry.example/charts',
      { kind: 'repository', name: 'airflow', url: 'oci://registry.example/charts' },
    ],
    ['""', { kind: 'directory', path: 'charts/airflow', base: 'file' }],
  ])('takes the chart from %s', (repository, chart) => {
    const text = `name: a\ndependencies: [{ name: airflow, version: 1, repository: ${repository} }]\n`;
    expect(umbrellas(text)).toMatchObject([{ chart }]);
  });

  it.each([
    ['Airflow itself', 'name: airflow\ndependencies:\n  - name: postgresql\n    version: 1\n', 'Chart.yaml'],
    ['another file', 'name: a\ndependencies:\n  - name: airflow\n', 'charts/MyChart.yaml'],
    ['something half typed', 'name: a\ndependencies:\n  - name: airflow\n    : [\n', 'values.yaml'],
    ['no list', 'name: a\ndependencies: airflow\n', 'Chart.yaml'],
    ['nothing', '', 'Chart.yaml'],
  ])('is not %s', (_, text, path) => {
    expect(umbrellas(text, path)).toEqual([]);
  });
});
