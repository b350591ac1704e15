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

test('the settings say which files go together', () => {
  const files = { 'a/base.yaml': base, 'a/top.yaml': volume };
  const stacks = new Map([['production', ['a/base.yaml', 'a/t*.yaml']]]);
  expect(findingsIn(repositoryOf(files, { stacks }))).toEqual([]);
  const [plan] = repositoryOf(files, { stacks }).stacks();
  expect(plan?.name).toBe('production');
});
