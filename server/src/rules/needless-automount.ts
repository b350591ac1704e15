import * as l10n from '@vscode/l10n';
import { components, type Component } from '../chart/components';
import { automountKey } from '../chart/settings';
import type { WantedValues } from '../values/edit';
import { setValuesIn } from './changes';
import { automountsNeedlessly } from './migration';
import type { Finding, Fix, Rule } from './rule';
import { valueOrPlace, type Subject } from './subject';
import { capitalise, listOf } from './words';

export const needlessAutomount: Rule = {
  code: 'needless-automount',
  severity: 'information',
  offByDefault: true,
  documentation: {
    summary: 'A component that never calls the Kubernetes API still gets an automatic token',
    why: `The DAG processor, the database migration and user creation jobs, the database cleanup job, Flower, Redis, StatsD, PgBouncer and the OpenTelemetry collector never call the Kubernetes API. Kubernetes mounts a token into their containers all the same, unless \`automountServiceAccountToken\` is off for each of them. Policies such as Kyverno's \`restrict-automount-sa-token\` and CIS 5.1.6 ask for that.

The rule is for those who work towards such a policy; it says nothing unless the settings give it a severity. Components that the file does not mention are named together, at its first key. Those with \`serviceAccount.create: false\` are left out: what counts for them is the existing account's own setting.`,
    wrong: `executor: CeleryExecutor
redis:
  serviceAccount:
    automountServiceAccountToken: true
`,
    right: `executor: CeleryExecutor
${['createUserJob', 'migrateDatabaseJob', 'dagProcessor', 'statsd', 'redis']
  .map((key) => `${key}:\n  serviceAccount:\n    automountServiceAccountToken: false\n`)
  .join('')}`,
    fix: `- **Turn automatic mounting off** for the one component.
- **Turn automatic mounting off for all** that never call the Kubernetes API. It is shown before it is applied.`,
  },
  check: (subject) => {
    const needless = components.filter((component) => automountsNeedlessly(subject, component) === true);
    const unmentioned: Component[] = [];
    const findings = needless.flatMap((component): Finding[] => {
      const range = valueOrPlace(subject, ...switchOf(component));
      if (range)
        return [{ range, message: message([component]), fixes: fixes(subject, [component], needless) }];
      unmentioned.push(component);
      return [];
    });
    const { firstKey = '' } = subject.document;
    const first = subject.document.entries(firstKey)[0];
    if (unmentioned.length === 0 || !first || !subject.isBase) return findings;
    return [
      ...findings,
      { range: first.key.range, message: message(unmentioned), fixes: fixes(subject, unmentioned, needless) },
    ];
  },
};

function switchOf({ path }: Component): readonly string[] {
  return [...path, 'serviceAccount', automountKey];
}

function message(owners: readonly Component[]): string {
  const names = capitalise(listOf(owners.map(({ title }) => title)));
  return owners.length > 1
    ? l10n.t(
        '{0} get tokens and never call the Kubernetes API: automatic mounting is on. Turn it off.',
        names,
      )
    : l10n.t(
        '{0} gets a token and never calls the Kubernetes API: automatic mounting is on. Turn it off.',
        names,
      );
}

function fixes(subject: Subject, here: readonly Component[], all: readonly Component[]): Fix[] {
  const names = listOf(here.map(({ title }) => title));
  const own = here[0]?.path[0] ?? '';
  const turnOff = (which: readonly Component[]): Fix['edits'] => {
    return () => setValuesIn(subject, wantedFor(which));
  };
  const forAll: Fix = {
    title: l10n.t(
      'Turn automatic mounting off for all {0} components that never call the Kubernetes API',
      all.length,
    ),
    confirmBeyond: own,
    edits: turnOff(all),
  };
  const forHere: Fix = {
    title: l10n.t('Turn automatic mounting off for {0}', names),
    preferred: true,
    ...(here.length > 1 ? { confirmBeyond: own } : {}),
    edits: turnOff(here),
  };
  return all.length > here.length ? [forHere, forAll] : [forHere];
}

function wantedFor(which: readonly Component[]): WantedValues {
  // Every such component stands at the top level.
  return Object.fromEntries(
    which.map(({ path }) => [path[0] ?? '', { serviceAccount: { [automountKey]: false } }]),
  );
}
