import { describe, expect, test } from 'vitest';
import { newestRelease, releaseOf } from '../chart/releases';
import { readValues } from '../values/document';
import { applyEdits } from '../testing/edits';
import { handmadeVolumes, replaceByTokenVolume } from './handmade';
import { createSubject, type Subject } from './subject';

const standardPath = '/var/run/secrets/kubernetes.io/serviceaccount';

function subjectOf(text: string, version?: string): Subject {
  const release = releaseOf(version) ?? newestRelease;
  return createSubject(readValues(text), 'values.yaml', { apiAudiences: [], release });
}

/** The text with the chart's token volume in place of the first one made by hand; undefined where that is refused. */
function replace(text: string, version?: string): string | undefined {
  const subject = subjectOf(text, version);
  const [volume] = handmadeVolumes(subject);
  if (!volume) throw new Error('No volume is made by hand');
  const edits = replaceByTokenVolume(subject, volume);
  return edits && applyEdits(text, edits);
}

interface Parts {
  readonly executor: string;
  /** The token among the sources of the volume. */
  readonly token: string;
  /** More sources of the volume. */
  readonly sources: string;
  /** The mount, without the name of the volume. */
  readonly mount: string;
  /** More mounts in the same list. */
  readonly mounts: string;
  /** What else stands under the scheduler. */
  readonly scheduler: string;
  readonly others: string;
}

const usual: Parts = {
  executor: 'KubernetesExecutor',
  token: '{path: token, expirationSeconds: 3600}',
  sources: '',
  mount: `mountPath: ${standardPath}`,
  mounts: '',
  scheduler: '',
  others: '',
};

/** Values with a token made by hand for the scheduler. */
function values(changed: Partial<Parts> = {}): string {
  const { executor, token, sources, mount, mounts, scheduler, others } = { ...usual, ...changed };
  return `executor: ${executor}
scheduler:
  extraVolumes:
    - name: own
      projected:
        sources:
          - serviceAccountToken: ${token}
${sources}  extraVolumeMounts:
    - name: own
      ${mount}
${mounts}${scheduler}${others}`;
}

/** What becomes of {@link values}. */
function replaced(settings: string, executor = usual.executor): string {
  return `executor: ${executor}
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      enabled: true
${settings}`;
}

describe('volumes made by hand are found', () => {
  const found = (text: string): string[] =>
    handmadeVolumes(subjectOf(text)).map(
      ({ name, list, index, tokens }) =>
        `${list.join('.')}[${index}] ${name}: ${tokens.map(({ path }) => path).join(' ')}`,
    );
  const token = (name: string, path = 'token'): string =>
    `{name: ${name}, projected: {sources: [{serviceAccountToken: {path: ${path}}}]}}`;

  test.each<[string, string, string[]]>([
    ['for the scheduler', values(), ['scheduler.extraVolumes[0] own: token']],
    [
      'for every pod, and told once',
      `volumes: [{name: a, emptyDir: {}}, ${token('b')}]\ncleanup: {enabled: true}\n`,
      ['volumes[1] b: token'],
    ],
    [
      'in both places, that of the scheduler first',
      `volumes: [${token('a')}, ${token('b')}]\nscheduler: {extraVolumes: [${token('c', 'x')}]}\n`,
      ['scheduler.extraVolumes[0] c: x', 'volumes[0] a: token', 'volumes[1] b: token'],
    ],
    ['not for others', `triggerer: {extraVolumes: [${token('a')}]}\n`, []],
    ['not without a token', 'volumes: [{name: a, projected: {sources: [{secret: {name: b}}]}}]\n', []],
    [
      'with all of their tokens',
      values({ sources: '          - serviceAccountToken: {path: vault, audience: vault}\n' }),
      ['scheduler.extraVolumes[0] own: token vault'],
    ],
    [
      "not the chart's own",
      'scheduler: {serviceAccount: {automountServiceAccountToken: false, serviceAccountTokenVolume: {enabled: true}}}\n',
      [],
    ],
    ['not in text that is half typed', `volumes: [${token('a')}\n`, []],
  ])('%s', (_, text, expected) => {
    expect(found(text)).toEqual(expected);
  });
});

describe('the volume of the chart takes its place', () => {
  test.each<[string, Partial<Parts>, string]>([
    ['with its name', {}, '      volumeName: own\n'],
    [
      'with its lifetime',
      { token: '{path: token, expirationSeconds: 600}' },
      '      volumeName: own\n      expirationSeconds: 600\n',
    ],
    ['with the lifetime that Kubernetes gives it', { token: '{path: token}' }, '      volumeName: own\n'],
    [
      'with its audience',
      { token: '{path: token, audience: vault}' },
      '      volumeName: own\n      audience: vault\n',
    ],
    ['with its path', { mount: 'mountPath: /own' }, '      mountPath: /own\n      volumeName: own\n'],
    [
      'with the certificate and the namespace that the chart has as well',
      {
        sources:
          '          - configMap: {name: kube-root-ca.crt}\n          - downwardAPI: {items: [{path: namespace, fieldRef: {fieldPath: metadata.namespace}}]}\n',
      },
      '      volumeName: own\n',
    ],
  ])('%s', (_, changed, settings) => {
    expect(replace(values(changed))).toBe(replaced(settings));
  });

  test('what is set already stays', () => {
    const scheduler = `  serviceAccount:
    automountServiceAccountToken: no # never
    serviceAccountTokenVolume: {enabled: false, volumeName: own}
`;
    expect(replace(values({ scheduler }))).toBe(`executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: no # never
    serviceAccountTokenVolume: {enabled: true, volumeName: own}
`);
  });

  test('other volumes and mounts stay', () => {
    const mounts = '    - {name: cache, mountPath: /cache}\n';
    expect(replace(values({ mounts }))).toBe(`executor: KubernetesExecutor
scheduler:
  extraVolumeMounts:
    - {name: cache, mountPath: /cache}
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      enabled: true
      volumeName: own
`);
  });

  test('for the scheduler and the cleanup job, where both hold it', () => {
    const text = `executor: KubernetesExecutor
volumes:
  - {name: own, projected: {sources: [{serviceAccountToken: {path: token}}]}}
volumeMounts:
  - {name: own, mountPath: ${standardPath}}
cleanup:
  enabled: true
`;
    const settings = (indent: string): string =>
      [
        ...['serviceAccount:', '  automountServiceAccountToken: false', '  serviceAccountTokenVolume:'],
        ...['    enabled: true', '    volumeName: own', ''],
      ].join(`\n${indent}`);
    expect(replace(text)).toBe(
      `executor: KubernetesExecutor\ncleanup:\n  enabled: true\n  ${settings('  ').trimEnd()}\nscheduler:\n  ${settings('  ').trimEnd()}\n`,
    );
    expect(replace(text, '1.21.0'), 'with a chart whose cleanup job has none').toBeUndefined();
  });
});

describe('the volume stays where the one of the chart would not be the same', () => {
  const extra = (sources: string): Partial<Parts> => ({ sources: `          - ${sources}\n` });
  const mounted = '{name: own, mountPath: /again}';
  test.each<[string, Partial<Parts>]>([
    ['two tokens', extra('serviceAccountToken: {path: other}')],
    ['another file', { token: '{path: other}' }],
    ['a shorter life than the chart allows', { token: '{path: token, expirationSeconds: 599}' }],
    ['a longer life than the chart allows', { token: '{path: token, expirationSeconds: 7776001}' }],
    ['a secret beside it', extra('secret: {name: vault}')],
    ['another ConfigMap', extra('configMap: {name: mine}')],
    ['two kinds in one source', extra('{configMap: {name: kube-root-ca.crt}, secret: {name: a}}')],
    ['two mounts', { mounts: `    - ${mounted}\n` }],
    [
      'a part of it mounted',
      {
        mount: `{mountPath: ${standardPath}, subPath: token}`
          .replace('{', '')
          .replace('}', '')
          .replace(', ', '\n      '),
      },
    ],
    [
      'a mount in a container of the user',
      { scheduler: `  extraContainers:\n    - {name: beside, volumeMounts: [${mounted}]}\n` },
    ],
    ['a mount in the global list', { others: `volumeMounts:\n  - ${mounted}\n` }],
    ['an executor that starts no pods', { executor: 'LocalExecutor' }],
    ['a scheduler that is off', { scheduler: '  enabled: false\n' }],
    [
      'an audience that is set already',
      { scheduler: '  serviceAccount: {serviceAccountTokenVolume: {audience: vault}}\n' },
    ],
    [
      'a setting that is half typed',
      { scheduler: '  serviceAccount: {serviceAccountTokenVolume: {volumeName: "{{ a }}"}}\n' },
    ],
  ])('%s', (_, changed) => {
    expect(replace(values(changed))).toBeUndefined();
  });

  test('with a chart that has none', () => {
    expect(replace(values(), '1.19.0')).toBe(replaced('      volumeName: own\n'));
    expect(replace(values(), '1.18.0')).toBeUndefined();
  });

  test('with mounts of another component', () => {
    const text = (others: string): string =>
      `executor: KubernetesExecutor
volumes:
  - {name: own, projected: {sources: [{serviceAccountToken: {path: token}}]}}
scheduler:
  extraVolumeMounts:
    - {name: own, mountPath: ${standardPath}}
${others}`;
    expect(replace(text(''))).toBeDefined();
    const mount = 'extraVolumeMounts: [{name: own, mountPath: /own}]';
    expect(replace(text(`triggerer: {${mount}}\n`))).toBeUndefined();
    expect(replace(text(`triggerer: {enabled: false, ${mount}}\n`))).toBeDefined();
    const other = values({ others: `triggerer: {${mount}}\n` });
    expect(replace(other), 'whose volume of that name is another').toBeDefined();
  });
});
