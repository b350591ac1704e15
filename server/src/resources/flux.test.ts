import { describe, expect, it } from 'vitest';
import { deploymentsIn, lineOf, readAll, textAt } from '../testing/manifests';
import type { Deployment, FileFacts } from './deployment';
import { readFlux } from './flux';

function read(text: string, path = 'flux.yaml'): Partial<FileFacts>[] {
  return readAll(readFlux, text, path);
}

function deployments(text: string, path = 'flux.yaml'): Deployment[] {
  return deploymentsIn(readFlux, text, path);
}

function release(spec: string, version = 'v2'): string {
  return `apiVersion: helm.toolkit.fluxcd.io/${version}
kind: HelmRelease
metadata:
  name: airflow-prod
  namespace: data
spec:
${spec.replace(/^\n/, '')}`;
}

const fromRepository = `
  chart:
    spec:
      chart: airflow
      version: 1.15.x
      sourceRef: { kind: HelmRepository, name: apache }
`;

describe('a HelmRelease', () => {
  it.each(['v2', 'v2beta1', 'v2beta2'])('is read with its chart and version: %s', (version) => {
    const [found] = deployments(release(fromRepository, version));
    expect(found).toMatchObject({
      kind: 'Flux HelmRelease',
      name: 'airflow-prod',
      chart: {
        kind: 'resource',
        name: 'airflow',
        resource: { kind: 'HelmRepository', name: 'apache', namespace: 'data' },
      },
      version: { text: '1.15.x' },
      layers: [],
    });
    expect(found && textAt(found.place)).toBe('airflow-prod');
  });

  it('lays values over each other as Flux does', () => {
    const [found] = deployments(
      release(`${fromRepository}
      valuesFiles: [values.yaml, values-ha.yaml]
  values:
    executor: KubernetesExecutor
    scheduler: {}
  valuesFrom:
    - { kind: ConfigMap, name: base }
    - { kind: Secret, name: hidden }
    - { kind: ConfigMap, name: one, valuesKey: x, targetPath: a.b }
    - { kind: ConfigMap, name: over, valuesKey: prod.yaml, optional: true }
`),
    );
    expect(found?.layers.map(lineOf)).toEqual([
      'open: values-ha.yaml',
      'data/base: values.yaml',
      'open: { kind: Secret, name: hidden }',
      'data/over: prod.yaml, optional',
      'executor: KubernetesExecutor\nscheduler: {}',
      "a.b='{{ }}'",
    ]);
    const [, , , , values] = found?.layers ?? [];
    expect(values?.kind === 'excerpt' && values.excerpt.toFile({ line: 1, character: 0 })).toEqual({
      line: 15,
      character: 4,
    });
  });

  it.each([
    ['[values.yaml]', []],
    ['[./values.yaml]', []],
    [
      '[charts/airflow/values.yaml, ./prod.yaml]',
      ['charts/airflow/values.yaml from root', './prod.yaml from root'],
    ],
    ['["{{ x }}.yaml"]', ['open: "{{ x }}.yaml"']],
    ['[a.yaml]\n      ignoreMissingValuesFiles: true', ['a.yaml from root, optional']],
  ])('takes the values files %s of a chart in a repository of files from its root', (files, layers) => {
    const [found] = deployments(
      release(`
  chart:
    spec:
      chart: ./charts/airflow
      version: 1.0.0
      sourceRef: { kind: GitRepository, name: flux-system, namespace: flux-system }
      valuesFiles: ${files}`),
    );
    expect(found?.chart).toEqual({ kind: 'directory', path: './charts/airflow', base: 'root' });
    expect(found?.version).toBeUndefined();
    expect(found?.layers.map(lineOf)).toEqual(layers);
  });

  it.each(['OCIRepository', 'HelmChart'])('leaves the chart to the %s that it names', (kind) => {
    const [found] = deployments(release(`  chartRef: { kind: ${kind}, name: airflow, namespace: sources }`));
    expect(found?.chart).toEqual({
      kind: 'resource',
      name: undefined,
      resource: { kind, name: 'airflow', namespace: 'sources' },
    });
  });

  it.each([
    ['  values: |\n    executor: X\n', ['executor: X']],
    ['  values: {executor: X}\n', ['{executor: X}']],
    ['  values: text\n', ['open: text']],
    ['  values:\n', []],
    ['  values: >\n    folded: X\n', ['open: >\n    folded: X']],
  ])('reads %j', (values, layers) => {
    expect(deployments(release(fromRepository + values))[0]?.layers.map(lineOf)).toEqual(layers);
  });

  it.each([
    ['another chart', release(fromRepository.replace('airflow', 'postgresql'))],
    ['no chart', release('  values: {}')],
    ['a source without a name', release(fromRepository.replace(', name: apache', ''))],
    ['another kind', release(fromRepository).replace('HelmRelease', 'Kustomization')],
    ['another group', release(fromRepository).replace('helm.toolkit.fluxcd.io', 'example.com')],
    ['an empty spec', release('')],
    ['a spec that is no map', release('').replace('spec:', 'spec: [')],
  ])('is none with %s', (_, text) => {
    expect(deployments(text)).toEqual([]);
  });

  it('is read while it is typed', () => {
    const text = release(`${fromRepository}  values:\n    scheduler:\n      serviceAccount: {`);
    for (let end = 0; end <= text.length; end++) deployments(text.slice(0, end));
    expect(deployments(`${text}\n  valu`)).toHaveLength(1);
  });

  it('is called by its kind while it has no name', () => {
    const [found] = deployments(release(fromRepository).replace('name: airflow-prod', 'name:'));
    expect(found?.name).toBe('HelmRelease');
    expect(
      deployments(release(`${fromRepository}  releaseName: flow\n`).replace('name: airflow-prod', 'name:'))[0]
        ?.name,
    ).toBe('flow');
  });
});

describe('a source', () => {
  it.each([
    [
      'HelmRepository',
      'url: https://airflow.apache.org',
      { url: 'https://airflow.apache.org', chart: undefined },
    ],
    [
      'OCIRepository',
      'url: oci://example.com/charts/airflow\n  ref: { tag: 1.15.0 }',
      { url: 'oci://example.com/charts/airflow', chart: 'airflow', version: { text: '1.15.0' } },
    ],
    [
      'OCIRepository',
      'url: oci://example.com/charts/airflow\n  ref: { tag: 1.15.0, semver: ">=1.16" }',
      { version: { text: '>=1.16' } },
    ],
    [
      'HelmChart',
      'chart: airflow\n  version: 1.x\n  sourceRef: { kind: HelmRepository, name: apache }',
      {
        chart: 'airflow',
        version: { text: '1.x' },
        url: undefined,
        repository: { kind: 'HelmRepository', name: 'apache', namespace: 'sources' },
      },
    ],
  ])('is read: %s with %j', (kind, spec, expected) => {
    const [facts] = read(`apiVersion: source.toolkit.fluxcd.io/v1
kind: ${kind}
metadata: { name: apache, namespace: sources }
spec:
  ${spec}
`);
    expect(facts?.chartSources).toMatchObject([
      { resource: { kind, name: 'apache', namespace: 'sources' }, ...expected },
    ]);
  });

  it('is none of another kind', () => {
    const [facts] = read('apiVersion: source.toolkit.fluxcd.io/v1\nkind: Bucket\nmetadata: {name: a}\n');
    expect(facts?.chartSources).toEqual([]);
  });
});

describe('a ConfigMap', () => {
  it('holds the texts under keys that can be values', () => {
    const [, facts] = read(`kind: Other
---
apiVersion: v1
kind: ConfigMap
metadata: { name: base }
data:
  values.yaml: |
    executor: LocalExecutor
  prod.yml: |
      workers: {}
  values: |
    images: {}
  folded.yaml: >
    a: 1
  script.sh: |
    exit 1
  line.yaml: 'a: 1'
`);
    const [map] = facts?.configMaps ?? [];
    expect(map?.resource).toEqual({ kind: 'ConfigMap', name: 'base', namespace: undefined });
    const texts = [...(map?.data ?? [])].map(([key, text]) => [
      key,
      text.kind === 'excerpt' && text.excerpt.document.text.trim(),
    ]);
    expect(texts).toEqual([
      ['values.yaml', 'executor: LocalExecutor'],
      ['prod.yml', 'workers: {}'],
      ['values', 'images: {}'],
    ]);
    const prod = map?.data.get('prod.yml');
    expect(prod?.kind === 'excerpt' && prod.excerpt.toFile({ line: 0, character: 0 })).toEqual({
      line: 9,
      character: 6,
    });
  });

  it('is none without such texts', () => {
    expect(
      read('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {k: v}\n')[0]?.configMaps,
    ).toEqual([]);
  });
});
