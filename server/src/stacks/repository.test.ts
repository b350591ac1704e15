import { describe, expect, test } from 'vitest';
import { service } from '../testing/documents';
import { findingsIn, lookIn, putFile, repositoryOf, uriOf } from '../testing/repositories';

const base = `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
statsd: {enabled: false}
dagProcessor: {serviceAccount: {automountServiceAccountToken: false}}
createUserJob: {serviceAccount: {automountServiceAccountToken: false}}
migrateDatabaseJob: {serviceAccount: {automountServiceAccountToken: false}}
`;

const volume = `scheduler:
  serviceAccount:
    serviceAccountTokenVolume:
      enabled: true
`;

function codes(files: Readonly<Record<string, string>>): string[] {
  return findingsIn(repositoryOf(files)).map((finding) => finding.split(' ').slice(0, 2).join(' '));
}

describe('values files beside each other', () => {
  test('what every environment repairs is not reported', () => {
    expect(codes({ 'values.yaml': base })).toEqual(['values.yaml:4 api-access-lost']);
    expect(codes({ 'values.yaml': base, 'values-prod.yaml': volume })).toEqual([]);
  });

  test('what one environment forgets is reported where it is decided, with its name', () => {
    const found = findingsIn(
      repositoryOf({ 'values.yaml': base, 'values-prod.yaml': volume, 'values.dev.yaml': '# nothing yet\n' }),
    );
    expect(found).toEqual([
      'values.yaml:4 api-access-lost In dev: The scheduler will have no Kubernetes API access: automatic mounting is off and no token volume is enabled.',
    ]);
  });

  test('what a higher layer undoes is reported there', () => {
    const found = codes({
      'values.yaml': base + volume.replace(/scheduler:\n {2}serviceAccount:\n/, '').replace(/^/gm, ''),
      'prod/values.yaml': 'scheduler:\n  serviceAccount:\n    automountServiceAccountToken: true\n',
    });
    expect(found).toContain('prod/values.yaml:3 automounted-token');
  });

  test('an executor of another layer decides, and its line is named', () => {
    const repository = repositoryOf({
      'values.yaml': base.replace(
        'false\nstatsd',
        'false\n    serviceAccountTokenVolume: {enabled: true}\nstatsd',
      ),
      'values-dev.yaml': 'executor: LocalExecutor\n',
    });
    const [ignored, inert] = service.diagnostics(lookIn(repository, 'values.yaml'));
    expect([ignored?.code, inert?.code]).toEqual(['automount-off-ignored', 'inert-for-executor']);
    expect(ignored?.relatedInformation?.map(({ location }) => location)).toEqual([
      {
        uri: uriOf('values-dev.yaml'),
        range: { start: { line: 0, character: 10 }, end: { line: 0, character: 23 } },
      },
    ]);
  });

  test('a change of one layer is seen in the other', () => {
    const repository = repositoryOf({ 'values.yaml': base, 'values-prod.yaml': volume });
    putFile(repository, 'values-prod.yaml', volume.replace('true', 'false'));
    expect(findingsIn(repository).map((finding) => finding.split(' ')[1])).toContain('api-access-lost');
    putFile(repository, 'values-prod.yaml', volume);
    expect(findingsIn(repository)).toEqual([]);
  });

  test('other charts in the same layout are left alone', () => {
    expect(
      codes({
        'values.yaml': 'image: {tag: "1"}\nserviceAccount: {create: true}\n',
        'values-prod.yaml': 'replicas: 2\nenv: []\n',
      }),
    ).toEqual([]);
  });
});

test('stacks with one name are told apart by where they are', () => {
  const layers = (folder: string): Record<string, string> => ({
    [`${folder}/values.yaml`]: base,
    [`${folder}/values-prod.yaml`]: volume,
  });
  const namesOf = (...folders: string[]): string[] =>
    repositoryOf(Object.assign({}, ...folders.map(layers)) as Record<string, string>)
      .stacks()
      .map(({ name }) => name);
  expect(namesOf('a')).toEqual(['prod']);
  expect(namesOf('a', 'b')).toEqual(['prod (a)', 'prod (b)']);
  expect(namesOf('a/airflow', 'b/airflow')).toEqual(['prod (a/airflow)', 'prod (b/airflow)']);
});

test('the settings say which files go together', () => {
  const files = { 'a/base.yaml': base, 'a/top.yaml': volume };
  const stacks = new Map([['production', ['a/base.yaml', 'a/t*.yaml']]]);
  expect(findingsIn(repositoryOf(files, { stacks }))).toEqual([]);
  const [plan] = repositoryOf(files, { stacks }).stacks();
  expect(plan?.name).toBe('production');
});

describe('what is odd or wrong', () => {
  const application = (spec: string): string =>
    `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: airflow}\nspec:\n${spec}`;
  const source = '  source:\n    repoURL: https://airflow.apache.org\n    chart: airflow\n';
  const lostAccess =
    'executor: KubernetesExecutor\nscheduler: {serviceAccount: {automountServiceAccountToken: false}}\n';

  test('the values in a resource are judged where they stand', () => {
    const text = application(
      `${source}    helm:\n      values: |\n${lostAccess.replace(/^(?=.)/gm, '        ')}`,
    );
    expect(codes({ 'app.yaml': text })).toContain('app.yaml:11 api-access-lost');
    expect(codes({ 'app.yaml': text.replace('airflow.apache.org', 'charts.example.com') })).toEqual([]);
    const settings = { chartRepositories: ['charts.example.com'] };
    const mirrored = repositoryOf(
      { 'app.yaml': text.replace('airflow.apache.org', 'charts.example.com') },
      settings,
    );
    expect(mirrored.stacks()).toHaveLength(1);
  });

  test.each([
    [
      'a block that is no YAML',
      `${source}    helm:\n      values: |\n        executor: [unclosed\n        - {{ a }}: "\n`,
    ],
    ['a block that is a list', `${source}    helm:\n      values: |\n        - executor: A\n`],
    [
      'a block with templates that decide about lines',
      `${source}    helm:\n      values: |\n        {{ if x }}\n        scheduler: {serviceAccount: {automountServiceAccountToken: false}}\n        {{ end }}\n`,
    ],
    ['a folded block', `${source}    helm:\n      values: >\n        executor: A\n`],
    ['values in quotes', `${source}    helm:\n      values: "executor: KubernetesExecutor"\n`],
    ['a missing file', `${source}    helm:\n      valueFiles: [$values/no.yaml]\n  sources: []\n`],
    [
      'a cycle of references',
      `  sources:\n    - {repoURL: a, ref: one, helm: {valueFiles: [$two/a.yaml]}}\n    - {repoURL: a, ref: two, helm: {valueFiles: [$one/a.yaml]}}\n    - {repoURL: https://airflow.apache.org, chart: airflow, helm: {valueFiles: [$one/values.yaml, $two/$one/x.yaml]}}\n`,
    ],
    [
      'a path that leaves the repository',
      `  sources:\n    - {repoURL: a, ref: values}\n    - {repoURL: https://airflow.apache.org, chart: airflow, helm: {valueFiles: [$values/../../etc/passwd, "$values//etc/passwd", "file:///etc/passwd"]}}\n`,
    ],
    [
      'half a resource',
      '  source:\n    repoURL: https://airflow.apache.org\n    chart: airflow\n    helm:\n      values',
    ],
  ])('%s: nothing is said, and nothing fails', (_, spec) => {
    const repository = repositoryOf({ 'app.yaml': application(spec), 'other/values.yaml': 'a: 1\n' });
    expect(findingsIn(repository, 2)).toEqual([]);
    expect(repository.wanted()).toEqual([]);
    for (const plan of repository.stacks()) repository.layersOf(plan);
  });

  test('fifty layers are one stack, and the last one counts', () => {
    const files: Record<string, string> = { 'l00.yaml': base };
    for (let index = 1; index < 50; index++) {
      const automounts = index % 2 === 0;
      files[`l${String(index).padStart(2, '0')}.yaml`] =
        `scheduler: {serviceAccount: {automountServiceAccountToken: ${automounts}}}\n`;
    }
    const stacks = new Map([['deep', ['l*.yaml']]]);
    expect(
      findingsIn(repositoryOf(files, { stacks }), 2).map((finding) =>
        finding.split(' ').slice(0, 2).join(' '),
      ),
    ).toEqual(['l49.yaml:1 api-access-lost']);
  });

  test('an umbrella chart that depends on itself', () => {
    const chart = 'name: a\ndependencies:\n- {name: airflow, version: 1.22.0, repository: "file://."}\n';
    expect(
      findingsIn(
        repositoryOf({ 'Chart.yaml': chart, 'values.yaml': 'airflow: {executor: KubernetesExecutor}\n' }),
        2,
      ),
    ).toEqual([]);
  });

  test('a file that is named but cannot be read leaves everything open', () => {
    const stacks = new Map([['production', ['values.yaml', 'gone.yaml']]]);
    const repository = repositoryOf({ 'values.yaml': base }, { stacks });
    repository.setNames([uriOf('values.yaml'), uriOf('gone.yaml')]);
    expect(repository.wanted()).toEqual([uriOf('gone.yaml')]);
    repository.cannotRead(uriOf('gone.yaml'));
    expect(repository.wanted()).toEqual([]);
    expect(findingsIn(repository)).toEqual([]);
  });

  test('a comment switches a layer off, and it still counts for the others', () => {
    const files = {
      'values.yaml': base,
      'values-prod.yaml': `# airflow-token-volume: disable\n${volume}x: 1\n`,
    };
    const stacks = new Map([['production', ['values.yaml', 'values-prod.yaml']]]);
    expect(findingsIn(repositoryOf(files, { stacks }))).toEqual([]);
  });
});

test('a ConfigMap that Kustomize makes of a file is a layer', () => {
  const repository = repositoryOf({
    'kustomization.yaml': 'configMapGenerator:\n- name: airflow-values\n  files: [values.yaml=prod.yaml]\n',
    'prod.yaml': volume,
    'release.yaml': `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: airflow}
spec:
  chart: {spec: {chart: airflow, version: 1.x, sourceRef: {kind: HelmRepository, name: apache}}}
  valuesFrom: [{kind: ConfigMap, name: airflow-values}]
  values:
${base.replace(/^(?=.)/gm, '    ')}`,
  });
  const [plan] = repository.stacks();
  expect(plan && repository.layersOf(plan).map(({ uri }) => uri)).toEqual([
    uriOf('prod.yaml'),
    uriOf('release.yaml'),
  ]);
  expect(findingsIn(repository, 2)).toEqual([]);
});
