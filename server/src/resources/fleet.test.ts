import { describe, expect, it } from 'vitest';
import { deploymentsIn, lineOf } from '../testing/manifests';
import type { Deployment } from './deployment';
import { readFleet } from './fleet';

function deployments(text: string, path = 'repo/airflow/fleet.yaml'): Deployment[] {
  return deploymentsIn(readFleet, text, path);
}

const helm = `helm:
  chart: airflow
  repo: https://airflow.apache.org
  version: 1.15.0
`;

describe('a Fleet bundle', () => {
  it('is read with its values, its files over them, and what is in the cluster over both', () => {
    const [found, ...others] = deployments(`${helm}  values:
    executor: LocalExecutor
  valuesFiles: [values.yaml, ../shared/prod.yaml]
  valuesFrom:
    - configMapKeyRef: { name: cluster, namespace: data, key: prod.yaml }
      secretKeyRef: { name: hidden }
    - configMapKeyRef: { name: other }
  templateValues:
    workers: \${ .ClusterValues.workers }
`);
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      kind: 'Fleet bundle',
      name: 'airflow',
      chart: { kind: 'repository', name: 'airflow', url: 'https://airflow.apache.org' },
      version: { text: '1.15.0' },
    });
    expect(found?.layers.map(lineOf)).toEqual([
      'executor: LocalExecutor',
      'values.yaml from file',
      '../shared/prod.yaml from file',
      'open: workers: ${ .ClusterValues.workers }',
      'data/cluster: prod.yaml',
      expect.stringMatching(/^open: configMapKeyRef/),
      '/other: values.yaml',
    ]);
  });

  it.each([
    [
      'chart: oci://example.com/charts/airflow',
      { kind: 'repository', name: 'airflow', url: 'oci://example.com/charts/airflow' },
    ],
    [
      'repo: oci://example.com/charts/airflow',
      { kind: 'repository', name: 'airflow', url: 'oci://example.com/charts/airflow' },
    ],
    ['chart: ./chart', { kind: 'directory', path: './chart', base: 'file' }],
    ['releaseName: flow', { kind: 'directory', path: '.', base: 'file' }],
    ['chart: redis\n  repo: https://example.com', undefined],
    ['chart: oci://example.com/charts/redis', undefined],
    ['chart: https://example.com/airflow-1.15.0.tgz', undefined],
  ])('has the chart that %j names', (text, chart) => {
    expect(deployments(`helm:\n  ${text}\n`)[0]?.chart).toEqual(chart);
  });

  it('does not read values files where the bundle names no chart, but those of customizations', () => {
    const found = deployments(`helm:
  valuesFiles: [a.yaml]
targetCustomizations:
  - name: prod
    clusterName: prod
    helm: { valuesFiles: [b.yaml] }
`);
    expect(found.map(({ layers }) => layers.map(lineOf))).toEqual([[], ['b.yaml from file']]);
  });

  it('is deployed once for each customization, and as it is for clusters that match none', () => {
    const found = deployments(`${helm}  releaseName: flow
  values: { a: 1 }
  valuesFiles: [base.yaml]
  valuesFrom: [configMapKeyRef: { name: x }, configMapKeyRef: { name: y }]
targetCustomizations:
  - name: prod
    clusterSelector: { matchLabels: { env: prod } }
    helm:
      version: 1.16.0
      values: { a: 2 }
      valuesFiles: [prod.yaml]
      valuesFrom: [configMapKeyRef: { name: x }, configMapKeyRef: { name: z }]
  - clusterGroup: staging
    namespace: elsewhere
  - clusterSelector: { matchLabels: { env: dev } }
  - name: none
    clusterName: old
    doNotDeploy: true
`);
    const base = ['{ a: 1 }', 'base.yaml from file'];
    const inCluster = ['/x: values.yaml', '/y: values.yaml'];
    expect(found.map(({ name, version, layers }) => [name, version?.text, layers.map(lineOf)])).toEqual([
      ['flow', '1.15.0', [...base, ...inCluster]],
      ['prod', '1.16.0', [...base, '{ a: 2 }', 'prod.yaml from file', ...inCluster, '/z: values.yaml']],
      ['staging', '1.15.0', [...base, ...inCluster]],
      ['target002', '1.15.0', [...base, ...inCluster]],
    ]);
  });

  it.each([
    ['', ['prod', 'rest']],
    ['targetCustomizationMode: AllMatches\n', ['prod', 'rest', 'last']],
  ])('is not deployed as it is where a customization takes every cluster: %j', (mode, names) => {
    const found = deployments(`${helm}${mode}targetCustomizations:
  - { name: prod, clusterName: prod }
  - { name: rest, clusterSelector: {} }
  - { name: last, clusterName: last }
`);
    expect(found.map(({ name }) => name)).toEqual(names);
  });

  it.each(['airflow/values.yaml', 'myfleet.yaml'])('is none in %s', (path) => {
    expect(deployments(helm, path)).toEqual([]);
  });

  it('may have the other ending, and no folder', () => {
    expect(deployments(helm, 'fleet.yml').map(({ name }) => name)).toEqual(['fleet']);
  });

  it('is read while it is typed', () => {
    const text = `${helm}  values:\n    a: {b\ntargetCustomizations:\n  - name: p\n    helm:\n      values: |\n        x: [`;
    for (let end = 0; end <= text.length; end++) deployments(text.slice(0, end));
    expect(deployments(text).map(({ name }) => name)).toEqual(['airflow', 'p']);
  });
});
