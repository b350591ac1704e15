import { describe, expect, it } from 'vitest';
import { deploymentsIn, lineOf } from '../testing/manifests';
import type { Deployment } from './deployment';
import { readHelmfile } from './helmfile';

function deployments(text: string, path = 'deploy/helmfile.yaml'): readonly Deployment[] {
  return deploymentsIn(readHelmfile, text, path);
}

/** The layers of each deployment, by its name. */
function layers(text: string, path?: string): Record<string, string[]> {
  return Object.fromEntries(deployments(text, path).map((each) => [each.name, each.layers.map(lineOf)]));
}

const repository = `repositories:
  - name: apache-airflow
    url: https://airflow.apache.org
`;
const release = `releases:
  - name: airflow
    chart: apache-airflow/airflow
`;
const environments = `environments:
  staging:
    values:
      - airflow: { version: 1.18.0, enabled: true }
  production:
    values:
      - airflow: { version: 1.18.0, enabled: true }
      - airflow: { version: 1.19.0 }
---
`;

describe('a helmfile', () => {
  it('is read with its chart, version, values and what is set over them', () => {
    const text = `${repository}${release}    version: ~1.19.0
    values:
      - values.yaml
      - ../shared/values.yaml.gotmpl
      - executor: LocalExecutor
        workers:
          replicas: 2
      - {triggerer: {enabled: false}}
    secrets: [secrets.yaml]
    set:
      - name: executor
        value: CeleryExecutor
      - { name: list, values: [a, "b,c"] }
      - { name: text, value: '{a}' }
    setString:
      - { name: scheduler.serviceAccount.create, value: "true" }
`;
    const [found, ...others] = deployments(text);
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      kind: 'Helmfile release',
      name: 'airflow',
      chart: { kind: 'repository', name: 'airflow', url: 'https://airflow.apache.org' },
      version: { text: '~1.19.0' },
    });
    expect(found?.place.excerpt.document.slice(found.place.range.start, found.place.range.end)).toBe(
      'airflow',
    );
    expect(layers(text)).toEqual({
      airflow: [
        'values.yaml from file',
        '../shared/values.yaml.gotmpl from file',
        'executor: LocalExecutor\nworkers:\n  replicas: 2',
        '{triggerer: {enabled: false}}',
        'open: secrets.yaml',
        "executor=CeleryExecutor list={a,b\\,c} text='{a}' scheduler.serviceAccount.create='true'",
      ],
    });
  });

  it('is read once for each environment of the parts above, with what they say put in', () => {
    const text = `${environments}${repository}---
${release}    version: '{{ .Values.airflow.version }}'
    values:
      - env/{{ .Environment.Name }}.yaml
      - env/{{ .Values.airflow.version }}-{{ .StateValues.airflow.enabled }}.yaml
      - env/{{ .Values.other }}.yaml
      - "{{ requiredEnv \\"DIR\\" }}/values.yaml"
    set: [{ name: env, value: "{{ .Environment.Name }}" }, { name: other, value: "{{ .Values.other }}" }]
`;
    expect(deployments(text).map(({ name, version }) => [name, version?.text])).toEqual([
      ['staging', '1.18.0'],
      ['production', '1.19.0'],
    ]);
    const open = ['open: env/{{ .Values.other }}.yaml', 'open: "{{ requiredEnv \\"DIR\\" }}/values.yaml"'];
    expect(layers(text)).toEqual({
      staging: [
        'env/staging.yaml from file',
        'env/1.18.0-true.yaml from file',
        ...open,
        'env=staging other={{ .Values.other }}',
      ],
      production: [
        'env/production.yaml from file',
        'env/1.19.0-true.yaml from file',
        ...open,
        'env=production other={{ .Values.other }}',
      ],
    });
  });

  it('is named by release and environment where it has several releases', () => {
    const text = `environments: {dev: , prod: }\n---\n${repository}${release}  - name: reports\n    chart: apache-airflow/airflow\n  - name: db\n    chart: bitnami/postgresql\n`;
    expect(deployments(text).map(({ name }) => name)).toEqual([
      'airflow dev',
      'airflow prod',
      'reports dev',
      'reports prod',
    ]);
  });

  it.each([
    ['values: [{v: a}, {v: b}]', 'b'],
    ['values: [{v: a}, file.yaml]', undefined],
    ['values: [file.yaml, {v: b}]', 'b'],
    ['values: [{v: a}]\n    secrets: [secrets.yaml]', undefined],
    ['mergeStrategy: fallback\n    values: [{v: a}, {v: b}]', 'a'],
    ['values: [{v: null}]', 'root'],
    ['values: [{v: "{{ env `X` }}"}]', undefined],
  ])('knows what an environment with %j says for certain', (text, expected) => {
    const file = `values: [{ v: root }]\nenvironments:\n  prod:\n    ${text}\n---\n${release}    values: ["{{ .Values.v }}.yaml"]\n`;
    const layer = expected === undefined ? 'open: "{{ .Values.v }}.yaml"' : `${expected}.yaml from file`;
    expect(layers(file)).toEqual({ prod: [layer] });
  });

  it.each([
    ['installed: false', []],
    ['installed: true', ['staging', 'production']],
    ['installed: {{ eq .Environment.Name "production" | toYaml }}', ['production']],
    ['installedTemplate: \'{{`{{ ne .Environment.Name "production" }}`}}\'', ['staging']],
    ['installed: {{ env "X" }}', ['staging', 'production']],
    ['condition: airflow.enabled', ['staging', 'production']],
    ['condition: other.enabled', ['staging', 'production']],
  ])('leaves out what is not installed: %s', (field, expected) => {
    const text = `${environments}${release}    ${field}\n`;
    expect(deployments(text).map(({ name }) => name)).toEqual(expected);
  });

  it.each([
    ['apache-airflow/airflow', { kind: 'repository', name: 'airflow', url: 'https://airflow.apache.org' }],
    ['elsewhere/airflow', { kind: 'repository', name: 'airflow', url: '@elsewhere' }],
    [
      'registry/airflow',
      { kind: 'repository', name: 'airflow', url: 'oci://registry.example/charts/airflow' },
    ],
    [
      'oci://registry.example/airflow',
      { kind: 'repository', name: 'airflow', url: 'oci://registry.example/airflow' },
    ],
    ['oci://registry.example/airflow:1.19.0', { kind: 'repository', name: 'airflow' }],
    ['./charts/platform', { kind: 'directory', path: './charts/platform', base: 'file' }],
    ['platform', { kind: 'directory', path: 'platform', base: 'file' }],
    ['a/b/c/d', { kind: 'directory', path: 'a/b/c/d', base: 'file' }],
    ['bitnami/postgresql', undefined],
    ['oci://registry.example/postgresql', undefined],
    ['"{{ .Values.chart }}"', undefined],
  ])('names the chart %s', (chart, expected) => {
    const registry = '  - { name: registry, url: registry.example/charts, oci: true }\n';
    const text = `${repository}${registry}releases:\n  - { name: a, chart: ${chart} }\n`;
    expect(deployments(text)).toMatchObject(expected ? [{ chart: expected }] : []);
  });

  it('passes over missing files where it says so', () => {
    for (const handler of ['Warn', 'Info', 'Debug'])
      expect(layers(`${release}    missingFileHandler: ${handler}\n    values: [a.yaml]\n`)).toEqual({
        airflow: ['a.yaml from file, optional'],
      });
    expect(
      layers(`missingFileHandler: Warn\n${release}    missingFileHandler: Error\n    values: [a.yaml]\n`),
    ).toEqual({ airflow: ['a.yaml from file'] });
  });

  it('follows templates by anchor and by name', () => {
    const anchor = `templates:
  default: &default
    chart: apache-airflow/{{\`{{ .Release.Name }}\`}}
    version: 1.19.0
    values:
      - config/{{\`{{ .Release.Name }}\`}}.yaml
      - { a: 1 }
releases:
  - name: airflow
    <<: *default
  - <<: *default
    name: airflow
    values: [own.yaml]
`;
    expect(deployments(anchor).map((each) => each.layers.map(lineOf))).toEqual([
      ['config/airflow.yaml from file', '{ a: 1 }'],
      ['own.yaml from file'],
    ]);
    const named = anchor
      .replace('    <<: *default\n', '    inherit: [{ template: default, except: [values] }]\n')
      .replace('- <<: *default\n', '- inherit: [{ template: default }]\n');
    // What is inherited comes first.
    expect(deployments(named).map((each) => each.layers.map(lineOf))).toEqual([
      [],
      ['config/airflow.yaml from file', '{ a: 1 }', 'own.yaml from file'],
    ]);
    expect(deployments(named).map(({ version }) => version?.text)).toEqual(['1.19.0', '1.19.0']);
  });

  it.each([
    ['helmfile.yml', true],
    ['a/helmfile.yaml.gotmpl', true],
    ['a/helmfile.d/10-airflow.yaml', true],
    ['helmfile.d/airflow.yml.gotmpl', true],
    ['helmfile.d/deep/airflow.yaml', false],
    ['my-helmfile.yaml', false],
    ['values.yaml', false],
  ])('is told by the name of its file: %s', (path, expected) => {
    expect(deployments(`${repository}${release}`, path).length > 0).toBe(expected);
  });

  it.each([
    ['values: {{ toYaml .Values.airflow | nindent 6 }}', /^open: /],
    ['values\n    version: 1', /^open: /],
    ['{{ toYaml .Values.x }}', /^open: /],
    ['values [a.yaml]\n    version: 1', /^open: /],
    ['values:\n      - git::https://example.org/values.yaml', /^open: git/],
    ['values:\n      - "values/*.yaml"', /^open: /],
    ['values:\n      - [a]', /^open: /],
    ['values:\n      - /etc/values.yaml', /^open: /],
    ['set: [{ name: a, file: a.txt }]', /^open: /],
    ['env: [{ name: a, value: A }]', /^open: /],
  ])('leaves open what cannot be known: %s', (field, expected) => {
    expect(layers(`${release}    ${field}\n`)['airflow']?.join('\n')).toMatch(expected);
  });

  it.each([
    'releases:\n  - name: airflow\n    chart:\n',
    'releases:\n  - chart: apache-airflow/airflow\n',
    'releases: [\n',
    'releases:\n  - name: a\n    chart: a/airflow\n    values:\n      - {{ if\n',
    'releases:\n{{ range .Values.x }}\n  - name: {{ .y }}\n    chart: a/airflow\n{{ end }}\n',
    'environments:\n  {{ x }}:\n---\nreleases:\n  - name: a\n    chart: a/airflow\n    set: a\n',
    '',
  ])('is read half typed: %j', (text) => {
    expect(() => deployments(text)).not.toThrow();
  });
});
