import { describe, expect, it } from 'vitest';
import { readValues } from '../values/document';
import { documentsOf, excerptOf, noMemory } from '../values/excerpt';
import { readArgo } from './argocd';
import type { Deployment, LayerSource, Manifest } from './deployment';

function deploymentsIn(text: string): readonly Deployment[] {
  return documentsOf(readValues(text), noMemory).flatMap((excerpt) => {
    const manifest: Manifest = {
      excerpt,
      path: 'apps/airflow.yaml',
      excerptAt: (node, name) => excerptOf(excerpt, node, name, noMemory),
    };
    return readArgo(manifest).deployments ?? [];
  });
}

/** A layer in a few words. */
function told(layer: LayerSource): string {
  switch (layer.kind) {
    case 'excerpt':
      return layer.excerpt.document.text.trim();
    case 'file':
      return `${layer.base} ${layer.path}${layer.optional ? ' if there' : ''}`;
    case 'parameters':
      return layer.parameters
        .map(({ name, value, isText }) => `${name}${isText ? ':=' : '='}${value}`)
        .join(' ');
    case 'configMap':
    case 'open':
      return layer.kind;
  }
}

function layersIn(text: string): string[] {
  return deploymentsIn(text).flatMap(({ layers }) => layers.map(told));
}

/** An Application with a source of the chart that has something under `helm`. */
function application(helm: string): string {
  const indented = helm.replace(/^/gm, '      ');
  return `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: airflow-prod
spec:
  source:
    chart: airflow
    repoURL: https://airflow.apache.org
    targetRevision: 1.20.0
    helm:
${indented}
`;
}

describe('the chart of an Application', () => {
  const repository = { kind: 'repository', name: 'airflow' };
  const inDirectory = { kind: 'directory', path: 'charts/data', base: 'root' };

  it.each([
    [
      'chart: airflow\n    repoURL: https://airflow.apache.org\n    targetRevision: 1.x',
      { ...repository, url: 'https://airflow.apache.org' },
      '1.x',
    ],
    [
      'chart: airflow\n    repoURL: registry.example.com/charts\n    targetRevision: 1.20.0',
      { ...repository, url: 'registry.example.com/charts' },
      '1.20.0',
    ],
    [
      'repoURL: oci://registry.example.com/charts/airflow\n    path: .\n    targetRevision: 1.20.0',
      { ...repository, url: 'oci://registry.example.com/charts/airflow' },
      '1.20.0',
    ],
    [
      'path: charts/data\n    repoURL: https://example.com/a.git\n    targetRevision: HEAD',
      inDirectory,
      undefined,
    ],
  ])('is read from %j', (source, chart, version) => {
    const [deployment, ...others] = deploymentsIn(
      `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: a\nspec:\n  source:\n    ${source}\n`,
    );
    expect(others).toEqual([]);
    expect(deployment).toMatchObject({ kind: 'Argo CD Application', name: 'a', chart, layers: [] });
    expect(deployment?.version?.text).toBe(version);
  });

  it.each([
    'apiVersion: v1\nkind: Application\nspec: { source: { chart: airflow } }\n',
    'apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nspec: { source: { chart: airflow } }\n',
    'apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: { source: { chart: redis } }\n',
    'apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: { source: { path: "apps/{{x}}" } }\n',
    'apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: { source: { path: apps, kustomize: {} } }\n',
    'apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: { source: { repoURL: "oci://example.com/redis" } }\n',
    'apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec:\n  source:\n    cha',
    'apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: [\n',
    'apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nspec:\n  template: {{ x }}\n',
  ])('is not read from %j', (text) => {
    expect(deploymentsIn(text)).toEqual([]);
  });

  it('is told by its name, or by its kind where it has none', () => {
    const text = application('releaseName: x');
    const slices = [text, text.replace(/metadata:\n.*\n/, '')].map((each) =>
      deploymentsIn(each).map(({ name, place: { excerpt, range } }) => [
        name,
        excerpt.document.slice(range.start, range.end),
      ]),
    );
    expect(slices).toEqual([[['airflow-prod', 'airflow-prod']], [['Application', 'Application']]]);
  });
});

describe('the layers of an Application', () => {
  it('are in the order in which they count', () => {
    const helm = `parameters:
- { name: a, value: "1", forceString: true }
- { name: b, value: "" }
- { name: c }
fileParameters:
- { name: webserver.webserverConfig, path: files/config.py }
values: |
  executor: CeleryExecutor
valueFiles:
- https://example.com/values.yaml
- values-prod.yaml`;
    expect(layersIn(application(helm))).toEqual([
      'open',
      'open',
      'executor: CeleryExecutor',
      'b= c={{ }} a:=1 webserver.webserverConfig:={{ }}',
    ]);
  });

  it.each([
    ['a text', 'values: |\n  a: 1', ['a: 1']],
    ['a text with a template', 'values: |\n  a: 1\n  {{ if x }}\n  b: 2', ['a: 1\n{{ if x }}\nb: 2']],
    ['an object', 'valuesObject:\n  a: 1', ['a: 1']],
    ['an object that makes the text count for nothing', 'values: |\n  a: 1\nvaluesObject:\n  b: 1', ['b: 1']],
    ['an empty object, which does so, too', 'values: |\n  a: 1\nvaluesObject: {}', ['{}']],
    ['an object of null, which does not', 'values: |\n  a: 1\nvaluesObject:', ['a: 1']],
    ['a folded text', 'values: >\n  a: 1', ['open']],
    ['a quoted text', 'values: "a: 1"', ['open']],
    ['a map in the place of a text', 'values:\n  a: 1', ['open']],
    ['a text in the place of an object', 'valuesObject: |\n  a: 1', ['open']],
    ['nothing', 'values: ""\nvaluesObject:', []],
    ['a list that is none', 'valueFiles: a.yaml\nparameters: x', []],
    ['what is half typed', 'parameters:\n- name:\n- na\nvalueFiles:\n-', []],
  ])('come from %s', (_, helm, expected) => {
    expect(layersIn(application(helm))).toEqual(expected);
  });

  it('are where they stand', () => {
    const text = application('valuesObject:\n  executor: LocalExecutor');
    const [layer] = deploymentsIn(text)[0]?.layers ?? [];
    const start = layer?.kind === 'excerpt' ? layer.excerpt.toFile({ line: 0, character: 0 }) : undefined;
    expect(start && readValues(text).offsetAt(start)).toBe(text.indexOf('executor'));
  });

  it.each([
    ['values.yaml', 'chart values.yaml'],
    ['../envs/prod.yaml', 'chart ../envs/prod.yaml'],
    ['/envs/prod.yaml', 'root envs/prod.yaml'],
    ['$values/envs/prod.yaml', 'root envs/prod.yaml'],
    ['$values/envs/$ARGOCD_APP_NAME.yaml', 'root envs/app.yaml'],
    ['envs/${ARGOCD_APP_NAME}.yaml', 'chart envs/app.yaml'],
    ['$values/$ARGOCD_APP_REVISION.yaml', 'open'],
    ['$others/envs/prod.yaml', 'open'],
    ['$packed/values.yaml', 'open'],
    ['$values', 'open'],
    ['$values/{{env}}.yaml', 'open'],
    ['{{env}}.yaml', 'open'],
    ['envs/*.yaml', 'open'],
    ['$values/envs/[ab].yaml', 'open'],
    ['https://example.com/values.yaml', 'open'],
    ['s3://bucket/values.yaml', 'open'],
  ])('have the file %j at: %s', (file, expected) => {
    const text = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: app }
spec:
  source: { chart: airflow, repoURL: "not counted" }
  sources:
  - path: charts/data
    helm:
      ignoreMissingValueFiles: true
      valueFiles: ['${file}']
  - repoURL: https://example.com/values.git
    ref: values
  - chart: redis
    ref: packed
`;
    const deployments = deploymentsIn(text);
    expect(deployments.map(({ layers }) => layers.map(told))).toEqual([
      [expected === 'open' ? expected : `${expected} if there`],
    ]);
  });

  it('have no file that is in the chart of a repository, but those of others', () => {
    const text = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: app }
spec:
  sources:
  - { ref: values, repoURL: 'https://example.com/values.git' }
  - chart: airflow
    repoURL: https://airflow.apache.org
    helm: { valueFiles: [values-prod.yaml, /a.yaml, $values/prod.yaml] }
`;
    expect(layersIn(text)).toEqual(['open', 'open', 'root prod.yaml']);
  });

  it('are those of each source, and of the one that is hydrated', () => {
    const sources = `apiVersion: argoproj.io/v1alpha1
kind: Application
spec:
  sources:
  - { chart: airflow, helm: { valuesObject: { a: 1 } } }
  - { path: charts/data, helm: { valuesObject: { a: 2 } } }
`;
    expect(layersIn(sources)).toEqual(['{ a: 1 }', '{ a: 2 }']);
    expect(
      layersIn(`${sources}  sourceHydrator: { drySource: { path: dry, helm: { valueFiles: [x.yaml] } } }\n`),
    ).toEqual(['chart x.yaml']);
  });
});

describe('an ApplicationSet', () => {
  function set(
    generators: string,
    more = '',
    braces: (name: string) => string = (name) => `{{${name}}}`,
  ): string {
    return `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: all
spec:${more}
  generators:
${generators.replace(/^/gm, '  ')}
  template:
    metadata:
      name: 'airflow-${braces('env')}'
    spec:
      sources:
      - chart: airflow
        repoURL: https://airflow.apache.org
        targetRevision: '${braces('values.version')}'
        helm:
          valueFiles: ['$values/base.yaml', '$values/${braces('env')}.yaml']
          values: |
            executor: ${braces('executor')}
      - repoURL: https://example.com/values.git
        ref: values
`;
  }

  function summary(text: string): (readonly [string, string | undefined, ...string[]])[] {
    return deploymentsIn(text).map(
      ({ name, version, layers }) => [name, version?.text, ...layers.map(told)] as const,
    );
  }

  const list = `- list:
    elements:
    - { env: prod, executor: x, values: { version: 1.20.0 } }
    - env: dev`;
  const known = [
    ['airflow-prod', '1.20.0', 'root base.yaml', 'root prod.yaml', 'executor: {{executor}}'],
    ['airflow-dev', '{{values.version}}', 'root base.yaml', 'root dev.yaml', 'executor: {{executor}}'],
  ];
  const open = ['airflow-{{env}}', '{{values.version}}', 'root base.yaml', 'open', 'executor: {{executor}}'];

  it.each([
    ['a list', list, known],
    ['a list and something else', `${list}\n- clusters: {}\n- git: {}`, [...known, open]],
    ['a list in a matrix', `- matrix:\n    generators:\n${list.replace(/^/gm, '    ')}`, [open]],
    ['a list that comes from elsewhere', '- list: { elementsYaml: "{{ x }}" }', [open]],
    ['an empty list', '- list: { elements: [] }', [open]],
    ['a list of other things', '- list: { elements: [a, [b]] }', [open, open]],
    ['what is half typed', '- list:\n    elem', [open]],
    ['a list of templates', '- list: { elements: [{ env: "{{ x }}" }] }', [open]],
  ])('is read with %s', (_, generators, expected) => {
    expect(summary(set(generators))).toEqual(expected);
  });

  it('is read in the words of Go', () => {
    const text = set(list, '\n  goTemplate: true', (name) => `{{ .${name} }}`);
    expect(summary(text)).toEqual(
      known.map((row) => row.map((word) => word.replaceAll(/\{\{(.*?)\}\}/g, '{{ .$1 }}'))),
    );
    expect(summary(text.replaceAll('{{ .env }}', '{{ .env | lower }}')).map(([name]) => name)).toEqual([
      'airflow-{{ .env | lower }}',
      'airflow-{{ .env | lower }}',
    ]);
  });

  it('has places where the template stands', () => {
    const text = set(list);
    const places = deploymentsIn(text).flatMap(({ place, version }) => [
      place,
      ...(version ? [version.place] : []),
    ]);
    const written = places.map(({ excerpt, range }) => excerpt.document.slice(range.start, range.end));
    expect(new Set(written)).toEqual(new Set(["'airflow-{{env}}'", "'{{values.version}}'"]));
  });

  it('has a chart and a folder out of its list', () => {
    const text = `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
spec:
  generators:
  - list:
      elements: [{ chart: airflow }, { chart: redis }]
  template:
    spec:
      sources:
      - { chart: '{{ chart }}', repoURL: 'https://example.com' }
      - { path: 'charts/{{ chart }}', repoURL: 'https://example.com/a.git' }
`;
    expect(deploymentsIn(text).map(({ chart }) => ('path' in chart ? chart.path : chart.name))).toEqual([
      'airflow',
      'charts/airflow',
      'charts/redis',
    ]);
  });
});
