import { describe, expect, it } from 'vitest';
import { deploymentsIn, lineOf, textAt } from '../testing/manifests';
import type { Deployment } from './deployment';
import { readKustomize } from './kustomize';

function deployments(text: string, path = 'repo/airflow/kustomization.yaml'): Deployment[] {
  return deploymentsIn(readKustomize, text, path);
}

const chart = `helmCharts:
  - name: airflow
    repo: https://airflow.apache.org
    version: 1.15.0
    releaseName: flow
`;

describe('a Helm chart of Kustomize', () => {
  it('is read with its chart and version', () => {
    const [found] = deployments(chart);
    expect(found).toMatchObject({
      kind: 'Kustomize Helm chart',
      name: 'flow',
      chart: { kind: 'repository', name: 'airflow', url: 'https://airflow.apache.org' },
      version: { text: '1.15.0' },
      layers: [],
    });
    expect(found && textAt(found.place)).toBe('flow');
  });

  const all = `    valuesFile: base.yaml
    additionalValuesFiles: [one.yaml, two.yaml]
    valuesInline:
      executor: X
`;
  const additional = ['one.yaml from file', 'two.yaml from file'];
  it.each([
    [all, ['base.yaml from file', 'executor: X', ...additional]],
    [`${all}    valuesMerge: override\n`, ['base.yaml from file', 'executor: X', ...additional]],
    [`${all}    valuesMerge: merge\n`, ['executor: X', 'base.yaml from file', ...additional]],
    [`${all}    valuesMerge: replace\n`, ['executor: X', ...additional]],
    ['    valuesMerge: replace\n    valuesFile: a.yaml\n    valuesInline: {}\n', ['a.yaml from file', '{}']],
    ['    valuesMerge: merge\n    valuesFile: a.yaml\n', ['a.yaml from file']],
    ['    valuesMerge: merge\n    valuesInline: {a: 1}\n', ['{a: 1}', 'open: merge']],
    ['    valuesFile: https://example.com/values.yaml\n', ['open: https://example.com/values.yaml']],
    ['    valuesInline: |\n      a: 1\n', ['a: 1']],
    ['    valuesInline: text\n', ['open: text']],
  ])('lays values over each other as Kustomize does: %j', (text, layers) => {
    expect(deployments(chart + text)[0]?.layers.map(lineOf)).toEqual(layers);
  });

  it('has the values of a chart in a folder over inline ones that are to be merged', () => {
    const text = 'helmCharts:\n  - {name: platform, valuesMerge: merge, valuesInline: {a: 1}}\n';
    expect(deployments(text)[0]?.layers.map(lineOf)).toEqual(['{a: 1}', 'values.yaml from chart']);
  });

  it.each([
    [
      'name: airflow, repo: oci://example.com/charts',
      { kind: 'repository', name: 'airflow', url: 'oci://example.com/charts/airflow' },
    ],
    [
      'name: airflow, repo: oci://example.com/charts/',
      { kind: 'repository', name: 'airflow', url: 'oci://example.com/charts/airflow' },
    ],
    ['name: platform', { kind: 'directory', path: '../charts/platform', base: 'file' }],
    ['name: redis, repo: https://example.com', undefined],
    ['repo: https://example.com', undefined],
  ])('has the chart that %j names', (fields, expected) => {
    const text = `helmGlobals:\n  chartHome: ../charts/\nhelmCharts:\n  - {${fields}}\n`;
    expect(deployments(text)[0]?.chart).toEqual(expected);
  });

  it('is looked for in the folder charts when no other is named', () => {
    const [found] = deployments('helmCharts: [{name: airflow, version: 1.0.0}]\n');
    expect(found?.chart).toEqual({ kind: 'directory', path: 'charts/airflow', base: 'file' });
    expect(found?.version).toBeUndefined();
  });

  it.each([
    ['repo/base/kustomization.yaml', 'flow'],
    ['repo/overlays/production/kustomization.yml', 'production'],
    ['repo/overlays/eu-1/Kustomization', 'eu-1'],
    ['repo/overlays/eu-1/airflow/kustomization.yaml', 'eu-1'],
    ['repo/airflow/staging/kustomization.yaml', 'staging'],
    ['repo/airflow/prod-eu/kustomization.yaml', 'prod-eu'],
    ['test/repo/airflow/base/kustomization.yaml', 'flow'],
    ['kustomization.yaml', 'flow'],
  ])('is called after the environment in %s', (path, name) => {
    expect(deployments(chart, path).map((found) => found.name)).toEqual([name]);
  });

  it('keeps its own name beside others of the same environment', () => {
    const second = '  - { name: airflow, repo: https://airflow.apache.org, releaseName: second }\n';
    const found = deployments(chart + second, 'overlays/prod/kustomization.yaml');
    expect(found.map(({ name }) => name)).toEqual(['prod flow', 'prod second']);
  });

  it('may be in the list that is out of use', () => {
    const [found] = deployments(`helmChartInflationGenerator:
  - chartName: airflow
    chartRepoUrl: https://airflow.apache.org
    chartVersion: 1.10.0
    releaseName: flow
    values: base.yaml
    valuesLocal: { a: 1 }
`);
    expect(found).toMatchObject({ name: 'flow', version: { text: '1.10.0' } });
    expect(found?.layers.map(lineOf)).toEqual(['base.yaml from file', '{ a: 1 }']);
  });

  it('may be a generator in a file of its own', () => {
    const [found] = deployments(
      `apiVersion: builtin
kind: HelmChartInflationGenerator
metadata: { name: x }
name: airflow
repo: https://airflow.apache.org
releaseName: flow
valuesInline:
  a: 1
`,
      'repo/chart.yaml',
    );
    expect(found).toMatchObject({ name: 'flow', chart: { kind: 'repository', name: 'airflow' } });
    expect(found?.layers.map(lineOf)).toEqual(['a: 1']);
  });

  it('is none in other files', () => {
    expect(deployments(chart, 'repo/charts.yaml')).toEqual([]);
  });

  it('is read while it is typed', () => {
    const text = `${chart}    valuesInline:\n      scheduler: {a`;
    for (let end = 0; end <= text.length; end++) deployments(text.slice(0, end));
    expect(deployments(`${chart}    valuesInline:\n      scheduler:`)).toHaveLength(1);
  });
});
