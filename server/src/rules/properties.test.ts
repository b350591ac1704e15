import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { components } from '../chart/components';
import { newestRelease } from '../chart/releases';
import { readValues } from '../values/document';
import { applyEdits } from '../testing/edits';
import { allRules } from './allRules';
import type { Finding, Rule } from './rule';
import { createSubject } from './subject';

const settings = { release: newestRelease, apiAudiences: ['https://kubernetes.default.svc'] };

function check(rule: Rule, text: string): readonly Finding[] {
  return rule.check(createSubject(readValues(text), 'values.yaml', settings));
}

const flag = fc.constantFrom('true', 'false', 'no', '', '~', '"true"', '*flag', '{{ flag }}');
const executor = fc.constantFrom(
  ...['CeleryExecutor', 'KubernetesExecutor', 'CeleryKubernetesExecutor', 'SequentialExecutor', '*executor'],
  ...[
    'Celery, Kubernetes',
    '"LocalExecutor,KuberntesExecuter"',
    '[CeleryExecutor, KubernetesExecutor]',
    '""',
  ],
  ...['', 'localexecutor', 'my.KubernetesExecutor', '{a: b}', "'CeleryExecutor KubernetesExecutor'", '"Kub'],
);
const account = fc
  .array(
    fc.oneof(
      fc.tuple(fc.constantFrom('create', 'automountServiceAccountToken'), flag),
      fc.tuple(fc.constant('name'), fc.constantFrom('mine', '', '"')),
    ),
    { maxLength: 4 },
  )
  .map((entries) => entries.map(([key, value]) => `    ${key}: ${value}\n`).join(''));
const volume = fc.constantFrom(
  '',
  '    serviceAccountTokenVolume:\n      enabled: true\n',
  '    serviceAccountTokenVolume: {enabled: yes, enabled: no}\n',
  '    <<: *base\n',
);
const component = fc
  .tuple(
    fc.constantFrom(...components.filter(({ path }) => path.length === 1).map(({ path }) => path.join('.'))),
    fc.constantFrom('', '  enabled: true\n', '  enabled: false\n'),
    account,
    volume,
  )
  .map(
    ([key, enabled, settingsOf, tokens]) => `${key}:\n${enabled}  serviceAccount:\n${settingsOf}${tokens}`,
  );
const other = fc.constantFrom(
  'rbac: {create: false}\n',
  'rbac:\n  create:\n',
  'airflowVersion: 2.11.0\n',
  'workers:\n  celery:\n    serviceAccount: *base\n',
  '# nothing\n',
);
const head =
  'x-flag: &flag false\nx-executor: &executor Kubernetes\nx-base: &base\n  create: false\n  automountServiceAccountToken: false\n';
const values = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: component },
      { weight: 2, arbitrary: executor.map((text) => `executor: ${text}\n`) },
      { weight: 1, arbitrary: other },
    ),
    {
      maxLength: 6,
    },
  )
  .map((parts) => head + parts.join(''));

test('no rule fails, and every fix ends its finding', () => {
  fc.assert(
    fc.property(values, (text) => {
      for (const rule of allRules) {
        const before = check(rule, text);
        for (const finding of before) {
          for (const fix of finding.fixes) {
            const edits = fix.edits();
            if (!edits || edits.length === 0) continue;
            const after = check(rule, applyEdits(text, edits));
            const same = (others: readonly Finding[]): number =>
              others.filter(
                ({ message, fixes }) =>
                  message === finding.message && fixes.some(({ title }) => title === fix.title),
              ).length;
            expect(same(after), `${rule.code}: ${fix.title}\n${text}`).toBeLessThan(same(before));
          }
        }
      }
    }),
    { numRuns: 100 },
  );
});
