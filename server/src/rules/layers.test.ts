import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newestRelease, releases } from '../chart/releases';
import { applyEdits } from '../testing/edits';
import { readValues } from '../values/document';
import { wholeFile } from '../values/excerpt';
import { mergeLayers, type Layer, type Values } from '../values/layers';
import { allRules } from './allRules';
import { judge, type RuleFinding, type RuleLevel } from './judge';
import type { Rule } from './rule';
import { createSubject } from './subject';

type Value = Values[string];

/** A map with some of the keys, each with one of its values. */
function some(keys: Readonly<Record<string, fc.Arbitrary<Value>>>): fc.Arbitrary<Values> {
  return fc.record<Record<string, Value>>({ ...keys }, { requiredKeys: [] });
}

const one = fc.constantFrom<Value[]>;
const standardPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const flag = fc.oneof({ weight: 6, arbitrary: one(true, false) }, one(null, 'true', '{{ flag }}', 2));
const volume = some({
  enabled: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, flag),
  volumeName: one('token', 'made', 'Bad_Name', '', null),
  mountPath: one(standardPath, '/made', 'relative', '/opt/airflow/logs', null, 5),
  expirationSeconds: one(3600, 60, 999_999, '1h', 86_400 * 2),
  audience: one('', 'vault', null),
  enabeld: fc.constant(true),
});
const account = some({
  create: flag,
  name: one('', 'mine', 7),
  automountServiceAccountToken: flag,
  serviceAccountTokenVolume: fc.oneof({ weight: 6, arbitrary: volume }, one(null, true)),
  enabled: fc.constant(true),
  unheardOf: one(1, null),
});
const made = one(
  [],
  [{ name: 'made', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } }],
);
const mounts = one([], [{ name: 'made', mountPath: standardPath }], [{ name: 'made', mountPath: '/made' }]);
const component = fc.oneof(
  {
    weight: 8,
    arbitrary: some({
      enabled: flag,
      serviceAccount: fc.oneof({ weight: 8, arbitrary: account }, one(null, [])),
      extraVolumes: made,
      extraVolumeMounts: mounts,
      serviceAccountTokenVolume: volume,
      replicas: fc.constant(1),
    }),
  },
  one(null),
);
const file = some({
  executor: one(
    ...['LocalExecutor', 'CeleryExecutor', 'KubernetesExecutor', 'KubernetesExecutor', 'KuberntesExecutor'],
    ...['CeleryExecutor,KubernetesExecutor', 'CeleryKubernetesExecutor', '', null, ['LocalExecutor']],
  ),
  scheduler: component,
  cleanup: component,
  triggerer: component,
  statsd: component,
  workers: fc.oneof(component, some({ celery: component })),
  rbac: fc.oneof(some({ create: flag }), one(null)),
  allowPodLaunching: flag,
  airflowVersion: one('2.11.0', '3.1.0'),
  volumes: made,
  volumeMounts: mounts,
  serviceAccountTokenVolume: volume,
  images: one(null, {}),
  replicas: fc.constant(1),
});
const files = fc.array(file, { minLength: 2, maxLength: 4 });

/** Values as a file, empty ones as nothing. */
function print(value: Value, margin = ''): string {
  if (Array.isArray(value) || value === null || typeof value !== 'object')
    return value === null ? '\n' : ` ${JSON.stringify(value)}\n`;
  const entries = Object.entries(value);
  if (entries.length === 0) return ' {}\n';
  const lines = entries.map(([key, inner]) => `${margin}${key}:${print(inner, `${margin}  `)}`);
  return `\n${lines.join('')}`;
}

function textOf(values: Values): string {
  const text = print(values).slice(1);
  return text === '{}\n' ? '# nothing\n' : text;
}

const settings = { release: newestRelease, apiAudiences: [] };
const levels = new Map<string, RuleLevel>([['needless-automount', 'information']]);

function layerOf(text: string, index: number, isOpen = false): Layer {
  const document = readValues(text);
  return {
    uri: `${index}`,
    version: 1,
    name: `${index}.yaml`,
    document,
    excerpt: wholeFile(document),
    isOpen,
  };
}

/** The findings in each layer of a stack. */
function judged(layers: readonly Layer[], release = newestRelease): readonly (readonly RuleFinding[])[] {
  return layers.map(({ document, isOpen }, own) =>
    isOpen
      ? []
      : judge(
          allRules,
          [
            createSubject(
              document,
              `${own}.yaml`,
              { ...settings, release },
              { name: 'production', layers, own },
            ),
          ],
          levels,
          (_, error) => {
            throw error;
          },
        ),
  );
}

function codesOf(found: readonly (readonly RuleFinding[])[]): string[] {
  return found
    .flat()
    .map(({ rule }) => rule.code)
    .sort();
}

/**
 * What is wrong with a key's being there, whatever it holds, is said in each layer that has it; and which key is the
 * nearest to one that is missing is another one in the whole.
 */
const perLayer = new Set([
  ...['misplaced-token-volume', 'unknown-key', 'unsupported-component', 'unsupported-chart-version'],
  'needless-automount',
]);

const release = fc.constantFrom(newestRelease, ...releases);
/** In milliseconds; for a machine that has other things to do. */
const timeout = 30_000;
const runs = { numRuns: Number(process.env['RUNS'] ?? 60) };

test(
  'what is found in layers is what is found in the whole, each thing in one of them',
  () => {
    fc.assert(
      fc.property(files, release, (values, of) => {
        const texts = values.map(textOf);
        const layers = judged(
          texts.map((text, index) => layerOf(text, index)),
          of,
        );
        const whole = codesOf(judged([layerOf(textOf(mergeLayers(values)), 0)], of));
        const found = codesOf(layers);
        const said = `${texts.join('---\n')}\n=> ${textOf(mergeLayers(values))}`;
        expect(
          found.filter((code) => !perLayer.has(code)),
          said,
        ).toEqual(whole.filter((code) => !perLayer.has(code)));
        expect([...new Set(found)], said).toEqual([...new Set(whole)]);
      }),
      runs,
    );
  },
  timeout,
);

test(
  'a layer that cannot be known takes findings away, and adds none',
  () => {
    fc.assert(
      fc.property(files, fc.nat(4), (values, place) => {
        const layers = values.map((one, index) => layerOf(textOf(one), index));
        const without = codesOf(judged(layers));
        const open = codesOf(judged(layers.toSpliced(place, 0, layerOf('', 9, true))));
        for (const code of open) {
          // Where it is open who else shares an account, the chart's defaults stand for that.
          if (code === 'needless-automount') continue;
          const at = without.indexOf(code);
          expect(at, `${code}\n${values.map(textOf).join('---\n')}`).toBeGreaterThanOrEqual(0);
          without.splice(at, 1);
        }
      }),
      runs,
    );
  },
  timeout,
);

test(
  'every fix ends its finding in the stack, whatever layers it changes',
  () => {
    fc.assert(
      fc.property(files, (values) => {
        const layers = values.map((one, index) => layerOf(textOf(one), index));
        const before = judged(layers);
        for (const [own, found] of before.entries()) {
          for (const { rule, finding } of found) {
            for (const fix of finding.fixes) {
              const edits = fix.edits();
              if (!edits) continue;
              const after = layers.map((layer, index) => {
                const here = edits.filter((edit) => (edit.layer ? edit.layer === layer : index === own));
                return layerOf(applyEdits(layer.document.text, here), index);
              });
              const said = `${rule.code} in layer ${own}: ${fix.title}\n${textsOf(layers)}\n=> ${textsOf(after)}`;
              expect(countOf(rule, after), said).toBeLessThan(countOf(rule, layers));
            }
          }
        }
      }),
      { numRuns: Math.ceil(runs.numRuns / 4) },
    );
  },
  timeout,
);

function textsOf(layers: readonly Layer[]): string {
  return layers.map(({ document }) => document.text).join('---\n');
}

/** How often a rule has something to say in all layers. */
function countOf({ check }: Rule, layers: readonly Layer[]): number {
  const found = layers.map(({ document }, own) =>
    check(createSubject(document, `${own}.yaml`, settings, { name: 'production', layers, own })),
  );
  return found.flat().length;
}

/** What one rule says in the last but `up` of some files, with the fixes that can be made and what they write. */
function said(code: string, files: readonly string[], up = 0): string[] {
  const layers = files.map((text, index) => layerOf(text, index));
  return (judged(layers).at(-1 - up) ?? [])
    .filter(({ rule }) => rule.code === code)
    .flatMap(({ finding: { related = [], fixes } }) => [
      ...related.map(({ layer, message }) => `${layer?.name ?? 'here'}: ${message}`),
      ...fixes.flatMap(({ title, edits }) =>
        (edits() ?? []).map(
          ({ layer, newText }) => `${title} => ${layer?.name ?? 'here'}: ${newText.trim()}`,
        ),
      ),
    ]);
}

const tokenVolume = (settings: string): string =>
  `scheduler: {serviceAccount: {automountServiceAccountToken: false, serviceAccountTokenVolume: {enabled: true, ${settings}}}}\n`;
const kubernetes = 'executor: KubernetesExecutor\n';

test.each<[string, string, readonly string[], readonly string[]]>([
  [
    'a wrong value goes where nothing is below it',
    'unknown-executor',
    ['scheduler: {}\n', 'executor: ""\n'],
    ["Remove executor, which leaves it to the chart's default => here: "],
  ],
  [
    'what is below is named',
    'unknown-executor',
    [kubernetes, 'executor: ""\n'],
    ['Remove executor, which leaves it to the layer below => here: '],
  ],
  ['what is below must not be wrong as well', 'unknown-executor', ['executor: ""\n', 'executor: ""\n'], []],
  [
    'an empty map goes, so that the map below counts',
    'null-section',
    ['scheduler: {replicas: 2}\n', 'scheduler:\n'],
    ['Remove the empty scheduler => here: '],
  ],
  [
    'an audience is emptied where another one is below',
    'custom-audience',
    [`${kubernetes}${tokenVolume('audience: a')}`, tokenVolume('audience: b')],
    ['Remove the audience, so that the token is for the API server => here: ""'],
  ],
  [
    'a volume of another layer is shown, and not reported there',
    'volume-name-conflict',
    [`${kubernetes}volumes: [{name: mine, emptyDir: {}}]\n`, tokenVolume('volumeName: mine')],
    [
      '0.yaml: The other volume is here.',
      'Rename the token volume to kube-api-access => here: kube-api-access',
    ],
  ],
])('%s', (_, code, texts, expected) => {
  const own = said(code, texts);
  expect(own).toEqual(expected);
  expect(said(code, texts, 1)).toEqual([]);
});

describe('a file in several stacks', () => {
  const text = `scheduler: {serviceAccount: {automountServiceAccountToken: false}} # airflow-token-volume: ignore `;
  const judgedIn = (code: string, ...others: readonly string[]): RuleFinding[] => {
    const base = layerOf(text + code, 0);
    const [first, ...rest] = others.map((other, index) =>
      createSubject(base.document, '', settings, {
        name: `s${index}`,
        layers: [base, layerOf(other, index + 1)],
        own: 0,
      }),
    );
    if (!first) throw new Error('There is no stack.');
    return [...judge(allRules, [first, ...rest], new Map(), () => undefined)];
  };
  const open = 'executor: "{{ executor }}"\n';
  test.each<[string, readonly string[], readonly string[]]>([
    ['is ignored in one of them', ['scheduler: {replicas: 2}\n', kubernetes], []],
    ['is open in one of them, whichever', ['executor: LocalExecutor\n', open], []],
    ['is open in one of them, whichever', [open, 'executor: LocalExecutor\n'], []],
    ['is in none of them', ['executor: LocalExecutor\n', 'executor: LocalExecutor\n'], ['unused-ignore']],
  ])('what %s', (_, others, expected) => {
    const codes = judgedIn('api-access-lost', ...others).map(({ rule }) => rule.code);
    expect(codes.filter((code) => /unused|lost/.test(code))).toEqual(expected);
  });
  test('shows the places of all of them', () => {
    const found = judgedIn('', 'executor: SequentialExecutor\n', 'executor: SequentialExecutor\n').find(
      ({ rule }) => rule.code === 'automount-off-ignored',
    );
    expect(found?.finding.related?.map(({ layer }) => layer?.name)).toEqual(['1.yaml', '2.yaml']);
  });
});
