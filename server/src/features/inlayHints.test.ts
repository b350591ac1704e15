import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { defaultSettings, type Snapshot } from '../languageService';
import { look, service } from '../testing/documents';
import { lookIn, repositoryOf } from '../testing/repositories';
import { shortDuration } from './inlayHints';

const everywhere = { start: { line: 0, character: 0 }, end: { line: 999, character: 0 } };

/** The lines with hints, each hint in brackets where it is shown. */
function shown(snapshot: Snapshot, text: string, range = everywhere): string[] {
  const lines = text.split(/\r?\n/);
  return service.inlayHints(snapshot, range).map(({ position: { line, character }, label }) => {
    const before = lines[line] ?? '';
    return `${before.slice(0, character)}[${label as string}]${before.slice(character)}`.trim();
  });
}

test.each([
  [600, '10 min'],
  [1800, '30 min'],
  [3600, '1 h'],
  [5400, '1 h 30 min'],
  [43_200, '12 h'],
  [86_400, '1 d'],
  [90_061, '1 d 1 h 1 min 1 s'],
  [0, '0 s'],
])('%i seconds are %s', (seconds, expected) => {
  expect(shortDuration(seconds)).toBe(expected);
});

/** A scheduler with lines in its token volume. */
function volume(lines: string, above = ''): string {
  return `${above}executor: KubernetesExecutor\nscheduler:\n  serviceAccount:\n    serviceAccountTokenVolume:\n${lines}`;
}

describe('what a value means', () => {
  test.each<[string, string, readonly string[]]>([
    [
      'a lifetime',
      volume('      expirationSeconds: 1800 # short\n'),
      ['expirationSeconds: 1800[30 min] # short'],
    ],
    [
      'with CRLF, in a flow map',
      'executor: A\r\nscheduler: {serviceAccount: {serviceAccountTokenVolume: {expirationSeconds: 3600}}}\r\n',
      ['scheduler: {serviceAccount: {serviceAccountTokenVolume: {expirationSeconds: 3600[1 h]}}}'],
    ],
    ['a text is no lifetime', volume('      expirationSeconds: "1800"\n'), []],
    ['nor is a template', volume('      expirationSeconds: {{ x }}\n'), []],
    ['nor what is not there yet', volume('      expirationSeconds:\n'), []],
    [
      'nor one of something else',
      'executor: A\ntriggerer:\n  serviceAccount:\n    serviceAccountTokenVolume: {expirationSeconds: 1800}\n',
      [],
    ],
    [
      'an alias of a value',
      volume('      expirationSeconds: *life\n', 'x-life: &life 1800\n'),
      ['expirationSeconds: *life[1800 (30 min)]'],
    ],
    [
      'an alias of a map',
      'x-account: &account {automountServiceAccountToken: false, create: true, labels: {a: b}}\nexecutor: A\ntriggerer:\n  serviceAccount: *account\n',
      ['serviceAccount: *account[automountServiceAccountToken: false, create: true]'],
    ],
    [
      'a merge, without what is said beside it',
      'x-account: &account {automountServiceAccountToken: false, create: true}\nexecutor: A\ntriggerer:\n  serviceAccount:\n    <<: *account\n    create: false\n',
      ['<<: *account[automountServiceAccountToken: false]'],
    ],
    [
      'a merge into the component',
      'x-base: &base\n  serviceAccount:\n    serviceAccountTokenVolume: {enabled: true}\nexecutor: A\nscheduler:\n  <<: *base\n  replicas: 2\n',
      ['<<: *base[enabled: true]'],
    ],
    ['an alias of nothing', volume('      expirationSeconds: *gone\n'), []],
    ['half-typed text', volume('      expirationSeconds: 18 00: [\n'), []],
  ])('%s', (_, text, expected) => {
    expect(shown(look(text), text)).toEqual(expected);
  });

  test('a tooltip says it in a sentence', () => {
    const [hint] = service.inlayHints(look(volume('      expirationSeconds: 5400\n')), everywhere);
    expect(hint).toMatchObject({
      tooltip: 'The token is valid for 1 hour 30 minutes.',
      paddingLeft: true,
    });
  });
});

describe('what a higher layer overrides', () => {
  const base = `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume: {expirationSeconds: 1800}
`;
  const on = 'scheduler: {serviceAccount: {automountServiceAccountToken: true}}\n';
  const plain = 'labels: {}\n';

  /** The hint behind `automountServiceAccountToken` in the lowest layer. */
  function hintWith(others: Readonly<Record<string, string>>): string | undefined {
    const repository = repositoryOf({ 'values.yaml': base, ...others });
    const [first] = shown(lookIn(repository, 'values.yaml'), base);
    return /false\[(.*)\]/.exec(first ?? '')?.[1];
  }

  test.each<[string, Readonly<Record<string, string>>, string | undefined]>([
    ['the only stack', { 'values-prod.yaml': on }, 'true in values-prod.yaml'],
    ['nothing', { 'values-prod.yaml': plain }, undefined],
    ['one of two stacks', { 'values-prod.yaml': on, 'values-dev.yaml': plain }, 'prod: true'],
    ['both, in different files', { 'values-prod.yaml': on, 'values-dev.yaml': on }, 'prod: true, dev: true'],
    [
      'more than can be told apart',
      Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [`values-${name}.yaml`, on])),
      'overridden in 4 stacks',
    ],
  ])('%s', (_, others, expected) => {
    expect(hintWith(others)).toBe(expected);
  });

  test('what it is and what it is overridden with stand beside each other', () => {
    const text = 'scheduler: {serviceAccount: {serviceAccountTokenVolume: {expirationSeconds: 3600}}}\n';
    const repository = repositoryOf({ 'values.yaml': base, 'values-prod.yaml': text });
    expect(shown(lookIn(repository, 'values.yaml'), base)).toEqual([
      'serviceAccountTokenVolume: {expirationSeconds: 1800[30 min; 3600 (1 h) in values-prod.yaml]}',
    ]);
    expect(shown(lookIn(repository, 'values-prod.yaml'), text)).toEqual([
      text.trim().replace('3600', '3600[1 h]'),
    ]);
  });
});

test('only what is asked for', () => {
  const text = `${volume('      expirationSeconds: 1800\n')}cleanup:\n  serviceAccount:\n    serviceAccountTokenVolume:\n      expirationSeconds: 3600\n`;
  const lines = (from: number, to: number): string[] =>
    shown(look(text), text, { start: { line: from, character: 0 }, end: { line: to, character: 99 } });
  expect(lines(0, 3)).toEqual([]);
  expect(lines(4, 4)).toEqual(['expirationSeconds: 1800[30 min]']);
  expect(lines(5, 9)).toEqual(['expirationSeconds: 3600[1 h]']);
});

test('inside a resource they stand where the values do', () => {
  const text = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: airflow}
spec:
  chart:
    spec: {chart: airflow, sourceRef: {kind: HelmRepository, name: airflow}}
  values:
    executor: KubernetesExecutor
    scheduler:
      serviceAccount:
        serviceAccountTokenVolume:
          expirationSeconds: 1800
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {name: airflow}
spec: {url: https://airflow.apache.org}
`;
  const snapshot = lookIn(repositoryOf({ 'release.yaml': text }), 'release.yaml');
  const expected = ['expirationSeconds: 1800[30 min]'];
  expect(shown(snapshot, text)).toEqual(expected);
  const range = { start: { line: 8, character: 0 }, end: { line: 12, character: 0 } };
  expect(shown(snapshot, text, range)).toEqual(expected);
});

test('the settings switch them off', () => {
  const text = volume('      expirationSeconds: 1800\n');
  const snapshot = look(text, undefined, { ...defaultSettings, inlayHints: false });
  expect(service.inlayHints(snapshot, everywhere)).toEqual([]);
});

const examples = new URL('../../../examples/', import.meta.url);

test.each(readdirSync(examples).filter((name) => name.endsWith('.yaml')))(
  'hints, lenses and links stand in %s, however much of it is typed',
  (name) => {
    const text = readFileSync(new URL(name, examples), 'utf8');
    for (let length = 0; length <= text.length; length += 3) {
      const lines = text.slice(0, length).split('\n');
      const snapshot = look(lines.join('\n'));
      const places = [
        ...service.inlayHints(snapshot, everywhere).map(({ position }) => position),
        ...service.codeLenses(snapshot).map(({ range }) => range.end),
        ...service.documentLinks(snapshot).map(({ range }) => range.end),
      ];
      for (const { line, character } of places)
        expect(lines[line]?.length ?? -1, `${line}:${character}`).toBeGreaterThanOrEqual(character);
      service.completions(snapshot, { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 });
    }
  },
);

test('values that are given one by one have hints where they are written', () => {
  const text = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: airflow}
spec:
  source:
    repoURL: https://airflow.apache.org
    chart: airflow
    targetRevision: 1.22.0
    helm:
      parameters:
        - name: executor
          value: KubernetesExecutor
        - name: scheduler.serviceAccount.serviceAccountTokenVolume.expirationSeconds
          value: "1800"
        - name: scheduler.serviceAccount.create
          value: "true"
`;
  const snapshot = lookIn(repositoryOf({ 'app.yaml': text }), 'app.yaml');
  expect(shown(snapshot, text)).toEqual(['value: "1800"[30 min]']);
  const lines = text.split('\n');
  const covered = [...service.codeLenses(snapshot), ...service.documentLinks(snapshot)].map(
    ({ range: { start, end } }) => lines[start.line]?.slice(start.character, end.character),
  );
  const name = 'scheduler.serviceAccount.serviceAccountTokenVolume.expirationSeconds';
  expect(covered).toEqual([name, name]);
});
