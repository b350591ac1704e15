import * as l10n from '@vscode/l10n';
import { components, isRendered, type Component } from '../chart/components';
import { exposeComponent } from '../chart/exposure';
import { automountKey } from '../chart/settings';
import { asText, isTruthy } from '../chart/templateValues';
import { removeKeyIn, setValueIn } from './changes';
import { migrateHost } from './migration';
import type { Finding, Fix, Rule } from './rule';
import { isOn, placesOf, valueOrKey, valueOrPlace, type RelatedPlace, type Subject } from './subject';
import { capitalise } from './words';

export const serviceAccountNotCreated: Rule = {
  code: 'service-account-not-created',
  severity: 'warning',
  documentation: {
    summary: 'A setting of a ServiceAccount that the chart does not create',
    why: `With \`create: false\` the chart renders no ServiceAccount, so \`automountServiceAccountToken\` beside it goes nowhere. Whether the token is mounted is decided by the existing account: the one under \`name\`, or the namespace's \`default\`.

Two things still work. For the scheduler, \`false\` with an executor that launches pods is written on the pod itself, which wins over the account; nothing is reported then. And the token volume of the scheduler and the cleanup job is mounted as long as the setting is off.

Components may share one account by its \`name\`. Where the chart creates it for another one, that one's setting counts, and the finding says so if the two differ.

The workers have one setting in up to three places. \`workers.celery\` and \`workers.kubernetes\` take \`create\` from \`workers\` where they have none of their own.`,
    wrong: `triggerer:
  serviceAccount:
    create: false
    name: my-account
    automountServiceAccountToken: false
`,
    right: `triggerer:
  serviceAccount:
    create: false
    name: my-account
`,
    fix: `- **Remove** the setting, and set \`automountServiceAccountToken: false\` on the existing account.
- **Let the chart create the ServiceAccount**, where no \`name\` says that there is one already.
- **Migrate … to a manual token volume**, for a scheduler or cleanup job with automatic mounting on.`,
  },
  check: (subject) => components.flatMap((component) => checkComponent(subject, component)),
};

/**
 * Says whether the file sets automatic mounting for a component without saying anything: it is no setting of the
 * chart's own ServiceAccount, and of no pod either.
 */
export function goesNowhere(subject: Subject, component: Component): boolean {
  const [top = ''] = component.path;
  const automount = subject.read(...component.path, 'serviceAccount', automountKey);
  if (automount.state !== 'file' || typeof automount.value !== 'boolean') return false;
  if (createsAccount(subject, component) !== false) return false;
  if (subject.compute((read) => isRendered(component.path.join('.'), read)) !== true) return false;
  if (top === 'scheduler' && !automount.value && subject.launchesPods !== false) return false;
  // Where another component's setting says the same, it does not matter whose it is.
  const shared = sharedAutomount(subject, component);
  return shared !== 'open' && shared !== automount.value;
}

/** What counts for a component whose account the chart creates for another one; undefined where it does not. */
function sharedAutomount(subject: Subject, { path }: Component): boolean | 'open' | undefined {
  const key = path.join('.');
  const workloads = subject.computeChart((chart) =>
    exposeComponent(key === 'workers' ? 'workers.celery' : key, chart),
  );
  if (!workloads) return 'open';
  const [first, ...others] = workloads;
  if (!first?.serviceAccountRendered) return undefined;
  const isOne = others.every(
    ({ serviceAccountRendered, automounts }) => serviceAccountRendered && automounts === first.automounts,
  );
  return isOne ? first.automounts : undefined;
}

/** Says whether an account is rendered that takes a component's settings; undefined where that is open. */
function createsAccount(subject: Subject, { path: [top = '', part] }: Component): boolean | undefined {
  return subject.compute((read) => {
    const of = (...path: string[]): unknown => read(top, ...path, 'serviceAccount', 'create');
    if (part !== undefined) return isTruthy(of(part) ?? of());
    return isTruthy(of()) || (top === 'workers' && (isTruthy(of('celery')) || isTruthy(of('kubernetes'))));
  });
}

function checkComponent(subject: Subject, component: Component): Finding[] {
  if (!goesNowhere(subject, component)) return [];
  const path = [...component.path, 'serviceAccount', automountKey];
  const range = valueOrPlace(subject, ...path);
  const found = subject.find(...path);
  if (!range || found.state !== 'set') return [];
  const value = isOn(subject.read(...path));
  const host = subject.hosts.find(({ name }) => name === component.path[0]);
  const keepsVolume = host !== undefined && host.exposure?.rendered === true && isOn(host.volumeEnabled);
  const isShared = sharedAutomount(subject, component) !== undefined;
  const what = isShared ? otherCounts(subject, component, value) : noneCarries(component, value);
  const works = keepsVolume && subject.launchesPods ? stillWorks(value) : '';
  return [
    {
      range,
      message: [what, works, isShared ? '' : wayOut(subject, component)]
        .filter((sentence) => sentence !== '')
        .join(' '),
      unnecessary: works === '' && range.start === valueOrKey(found.entry).start,
      related: createPlace(subject, component),
      fixes: [
        ...(value && host ? migrateHost(subject, host) : []),
        ...(value || works === '' ? [remove(subject, path)] : []),
        ...create(subject, component),
      ],
    },
  ];
}

/** The consequence and its cause where nobody's account takes the setting. */
function noneCarries({ title }: Component, value: boolean): string {
  return value
    ? l10n.t(
        'Nothing is turned on for {0}: the chart creates no ServiceAccount that could carry this setting.',
        title,
      )
    : l10n.t(
        '{0} may still get an automatic token: the chart creates no ServiceAccount that could carry this setting.',
        capitalise(title),
      );
}

/** The same where the account is made for another component, with its setting. */
function otherCounts(subject: Subject, component: Component, value: boolean): string {
  const { title } = component;
  const name = nameOf(subject, component) ?? '';
  const owner = otherOwner(subject, component);
  return value
    ? l10n.t(
        'Nothing is turned on for {0}: the chart creates the ServiceAccount {1} for {2}, whose setting counts.',
        title,
        name,
        owner,
      )
    : l10n.t(
        '{0} will still get an automatic token: the chart creates the ServiceAccount {1} for {2}, whose setting counts.',
        capitalise(title),
        name,
        owner,
      );
}

/** Whose account a component shares; no name where several components may have made it. */
function otherOwner(subject: Subject, component: Component): string {
  const name = nameOf(subject, component);
  const [owner, ...others] = components.filter(
    (other) => other !== component && createsAccount(subject, other) && nameOf(subject, other) === name,
  );
  return owner && others.length === 0 ? owner.title : l10n.t('another component');
}

function stillWorks(value: boolean): string {
  return value
    ? l10n.t('It only keeps the token volume from being mounted.')
    : l10n.t('It only lets the token volume be mounted.');
}

function remove(subject: Subject, path: readonly string[]): Fix {
  return {
    title: l10n.t('Remove {0}, which goes nowhere', automountKey),
    edits: () => removeKeyIn(subject, path),
  };
}

/** Helm would not take over an account that is there already, as a name says. */
function create(subject: Subject, component: Component): Fix[] {
  if (nameOf(subject, component) !== '') return [];
  const path = [...component.path, 'serviceAccount', 'create'];
  return [
    {
      title: l10n.t('Let the chart create the ServiceAccount of {0}', component.title),
      edits: () => setValueIn(subject, path, true),
    },
  ];
}

/** Where the setting belongs; nothing where it is open which account is used. */
function wayOut(subject: Subject, component: Component): string {
  const name = nameOf(subject, component);
  if (name === undefined) return '';
  return name === ''
    ? l10n.t("What counts is the namespace's default account; let the chart create one, or name one.")
    : l10n.t('Set it on the existing account {0} instead.', name);
}

/** The name of a component's account, which parts of the workers take from the workers; empty where none is set. */
function nameOf(subject: Subject, { path: [top = '', part] }: Component): string | undefined {
  return subject.compute((read) => {
    const own = part === undefined ? undefined : read(top, part, 'serviceAccount', 'name');
    return asText(own ?? read(top, 'serviceAccount', 'name'));
  });
}

function createPlace(subject: Subject, { path: [top = '', part] }: Component): RelatedPlace[] {
  const own = part === undefined ? [] : [top, part, 'serviceAccount', 'create'];
  const path =
    own.length > 0 && subject.find(...own).state === 'set' ? own : [top, 'serviceAccount', 'create'];
  return placesOf(subject, path, 'value', l10n.t('The chart is told here not to create it.'));
}
