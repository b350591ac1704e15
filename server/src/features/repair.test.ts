import { expect, test } from 'vitest';
import { applyEdits } from '../testing/edits';
import { look, service } from '../testing/documents';

/** The text after every step, and what was done. */
function repaired(text: string, migrate: boolean): { text: string; titles: string[] } {
  const titles: string[] = [];
  let current = text;
  for (let step = 0; step < 10; step++) {
    const snapshot = look(current);
    const repair = service.nextRepair(snapshot, migrate);
    if (!repair) return { text: current, titles };
    titles.push(...repair.titles);
    current = applyEdits(current, repair.edits);
  }
  throw new Error('It does not come to an end.');
}

const automatic = `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: true
`;
const offElsewhere = ['createUserJob', 'migrateDatabaseJob', 'dagProcessor', 'statsd', 'redis']
  .map((key) => `${key}:\n  serviceAccount:\n    automountServiceAccountToken: false\n`)
  .join('');
const manual = `${automatic.replace('true', 'false')}    serviceAccountTokenVolume:
      enabled: true
`;

test('each safe fix is named as often as it is made', () => {
  const text = `${manual}      expirationSeconds: "3600"
      mountPaht: /var/run/secrets/kubernetes.io/serviceaccount
`;
  expect(repaired(text, false)).toEqual({
    titles: ['Convert to 3600 (1 hour)', 'Rename to mountPath'],
    text: text.replace('"3600"', '3600').replace('Paht', 'Path'),
  });
});

test('a safe fix that would change who holds a token here is neither made nor named', () => {
  const text = automatic.replace('true', '"false"');
  expect(service.findings(look(text))[0]?.fixes()[0]?.safe).toBe(true);
  expect(repaired(text, false)).toEqual({ text, titles: [] });
});

test('the migration is for those who ask for it, after the safe fixes', () => {
  const text = `${automatic}    serviceAccountTokenVolume:
      expirationSeconds: "3600"
`;
  expect(repaired(text, false).titles).toEqual(['Convert to 3600 (1 hour)']);
  expect(repaired(text, true).titles).toEqual([
    'Convert to 3600 (1 hour)',
    'Migrate the whole file to manual token volumes',
  ]);
});

test('where only one component has something to migrate, that one is migrated', () => {
  expect(repaired(`${automatic}${offElsewhere}`, true)).toMatchObject({
    titles: ['Migrate scheduler to a manual token volume'],
  });
});

test('with an executor that needs no token, the scheduler is left without one', () => {
  const celery = `${automatic}${offElsewhere}`.replace('Kubernetes', 'Celery');
  expect(repaired(celery, true)).toEqual({
    titles: ['Mount no token at all in the scheduler, which needs none with this executor'],
    text: celery.replace('true', 'false'),
  });
});

test('a volume made by hand gives way to that of the chart', () => {
  const text = `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
  extraVolumes:
    - name: sa-token
      projected:
        sources:
          - serviceAccountToken: {path: token, expirationSeconds: 1800}
          - configMap:
              name: kube-root-ca.crt
              items: [{key: ca.crt, path: ca.crt}]
          - downwardAPI:
              items:
                - path: namespace
                  fieldRef: {apiVersion: v1, fieldPath: metadata.namespace}
  extraVolumeMounts:
    - name: sa-token
      mountPath: /var/run/secrets/kubernetes.io/serviceaccount
`;
  expect(repaired(text, false).titles).toEqual([]);
  expect(repaired(text, true)).toEqual({
    titles: ['Replace it with serviceAccountTokenVolume'],
    text: `${manual}      volumeName: sa-token\n      expirationSeconds: 1800\n`,
  });
});

test.each([
  ['says nothing of the scheduler or the executor', 'triggerer:\n  replicas: 2\n'],
  ['is migrated', manual],
  ['is not the chart’s', 'replicaCount: 1\n'],
  ['has an executor for which the chart ignores it', automatic.replace('Kubernetes', 'Local')],
])('a file that %s is left', (_, text) => {
  expect(repaired(text, true)).toEqual({ text, titles: [] });
});

test('a file that only chooses the executor is migrated', () => {
  expect(repaired('executor: KubernetesExecutor\n', true).titles).toEqual([
    'Migrate the whole file to manual token volumes',
  ]);
});
