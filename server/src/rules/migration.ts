import * as l10n from '@vscode/l10n';
import { components, isRendered, type Component } from '../chart/components';
import { schedulerApiNeed } from '../chart/executors';
import { automountedContainers, exposeComponent } from '../chart/exposure';
import { automountKey, tokenVolumeKey } from '../chart/settings';
import { chartValues, type ChartValues, type ReadValue } from '../chart/templateValues';
import type { TextEdit, WantedValues } from '../values/edit';
import { isLayered, setValuesIn } from './changes';
import { nameIfTaken, withoutClash } from './clash';
import type { Fix } from './rule';
import { hasAutomount, hasNullVolume, isOn, mainContainer, type HostView, type Subject } from './subject';

/**
 * The fix that moves one component from automatic mounting to a token volume mounted by hand.
 * @returns The fix, or nothing where it would not end in the main container holding exactly one token: an executor
 *   for which the chart ignores the settings, or a volume made by hand that is mounted at the same path. It has no edits
 *   where the volume would clash with anything else that is mounted.
 */
export function migrateHost(subject: Subject, host: HostView): Fix[] {
  if (!canMigrate(subject, host)) return [];
  return [
    {
      title: l10n.t('Migrate {0} to a manual token volume', host.name),
      preferred: true,
      edits: () =>
        setWithoutClash(subject, [host], { [host.name]: { serviceAccount: manual(subject, host) } }),
    },
  ];
}

/** The edits that enable the token volume of a component where automatic mounting is off. */
export function enableTokenVolume(subject: Subject, host: HostView): TextEdit[] | undefined {
  const volume = { enabled: true, ...nameIfTaken(subject, host) };
  return setWithoutClash(subject, [host], { [host.name]: { serviceAccount: { [tokenVolumeKey]: volume } } });
}

/** What was tried for a subject: several findings offer the same migration, and each try reads the text twice. */
const tries = new WeakMap<Subject, Map<string, TextEdit[] | undefined>>();

function setWithoutClash(
  subject: Subject,
  hosts: readonly HostView[],
  wanted: WantedValues,
): TextEdit[] | undefined {
  const tried = tries.get(subject) ?? new Map<string, TextEdit[] | undefined>();
  tries.set(subject, tried);
  const names = hosts.map(({ name }) => name);
  const key = JSON.stringify([names, wanted]);
  if (!tried.has(key)) tried.set(key, withoutClash(subject, names, setValuesIn(subject, wanted)));
  return tried.get(key);
}

function manual(subject: Subject, host: HostView): WantedValues {
  return { [automountKey]: false, [tokenVolumeKey]: { enabled: true, ...nameIfTaken(subject, host) } };
}

/** The fix that leaves the scheduler without any token, where the executor needs none. */
export function mountNoToken(subject: Subject, host: HostView): Fix[] {
  if (host.name !== 'scheduler' || !needsNoToken(subject)) return [];
  const serviceAccount = noToken(subject, host);
  return [
    {
      title: l10n.t('Mount no token at all in the scheduler, which needs none with this executor'),
      edits: () => setValuesIn(subject, { scheduler: { serviceAccount } }),
    },
  ];
}

function noToken(subject: Subject, host: HostView): WantedValues {
  // With automatic mounting off, the templates look into the volume's map: Helm aborts where that is deleted.
  const turnsOff = isOn(host.volumeEnabled) || (host.hasTokenVolume && hasNullVolume(subject, host.name));
  return { [automountKey]: false, ...(turnsOff ? { [tokenVolumeKey]: { enabled: false } } : {}) };
}

/**
 * The fix that migrates everything the values deploy, in whatever layers: token volumes where the API is needed, and automatic mounting
 * off for the scheduler that needs no token and for every component that never calls the API.
 * @param host The component at which it is offered.
 * @returns The fix; it has no edits where the text leaves open what is deployed, or where it would not change this
 *   component or no other one, or where a token volume would clash with something else. That is found out only when somebody asks for them, as it reads many entries.
 */
export function migrateFile(subject: Subject, host: HostView): Fix {
  return {
    title: isLayered(subject.stack)
      ? l10n.t('Migrate the whole deployment to manual token volumes')
      : l10n.t('Migrate the whole file to manual token volumes'),
    confirmBeyond: host.name,
    edits: () => {
      const wanted = wantedForFile(subject);
      if (wanted?.[host.name] === undefined || Object.keys(wanted).length < 2) return undefined;
      return setWithoutClash(subject, subject.hosts, wanted);
    },
  };
}

/**
 * The edits that migrate everything that the values deploy, in the layers where they belong.
 * @returns Nothing where there is nothing to migrate; undefined where the text leaves open what is deployed, or no edit is
 *   certain.
 */
export function migrateAll(subject: Subject): TextEdit[] | undefined {
  const wanted = wantedForFile(subject);
  if (!wanted) return undefined;
  return Object.keys(wanted).length === 0 ? [] : setWithoutClash(subject, subject.hosts, wanted);
}

/**
 * What a component's `serviceAccount` holds once the component is migrated.
 * @returns Undefined where there is nothing to migrate, the text leaves it open, or it would not work. Whether a volume
 *   clashes with another one is not looked at.
 */
export function migratedAccount(subject: Subject, component: Component): WantedValues | undefined {
  if (!hasAutomount(subject)) return undefined;
  const host = subject.hosts.find(({ name }) => name === component.path.join('.'));
  if (!host) return automountsNeedlessly(subject, component) === true ? { [automountKey]: false } : undefined;
  if (host.exposure?.rendered !== true || host.automount.state === 'unknown') return undefined;
  if (host.name === 'scheduler' && needsNoToken(subject)) return noToken(subject, host);
  return canMigrate(subject, host) ? manual(subject, host) : undefined;
}

function wantedForFile(subject: Subject): WantedValues | undefined {
  const wanted: Record<string, WantedValues> = {};
  if (!hasAutomount(subject)) return wanted;
  for (const host of subject.hosts) {
    if (!host.exposure || host.automount.state === 'unknown') return undefined;
    if (!host.exposure.rendered) continue;
    if (host.name === 'scheduler' && needsNoToken(subject))
      wanted[host.name] = { serviceAccount: noToken(subject, host) };
    else if (canMigrate(subject, host)) wanted[host.name] = { serviceAccount: manual(subject, host) };
  }
  for (const component of components) {
    const automounts = automountsNeedlessly(subject, component);
    if (automounts === undefined) return undefined;
    if (automounts) wanted[component.path.join('.')] = { serviceAccount: { [automountKey]: false } };
  }
  return wanted;
}

/**
 * Says whether a component that never calls the API is deployed with an automatic token that these values can end.
 * @returns Undefined where the text leaves it open.
 */
export function automountsNeedlessly(subject: Subject, component: Component): boolean | undefined {
  const { path, usesApi } = component;
  if (usesApi !== 'never' || !hasAutomount(subject)) return false;
  const key = path.join('.');
  return subject.computeChart((chart) => {
    if (!isRendered(key, chart.read) || !chart.isOn(...path, 'serviceAccount', 'create')) return false;
    const automounts = (values: ChartValues): boolean =>
      exposeComponent(key, values).some((workload) => automountedContainers(workload).length > 0);
    // An account that several components share may be another one's to decide about.
    return (
      automounts(chart) && !automounts(withValue(chart, [...path, 'serviceAccount', automountKey], false))
    );
  });
}

/** The chart with another value at one path. */
function withValue(chart: ChartValues, path: readonly string[], value: unknown): ChartValues {
  const place = path.join('.');
  const over =
    (read: ReadValue): ReadValue =>
    (...asked) =>
      asked.join('.') === place ? value : read(...asked);
  return chartValues(over(chart.read), chart.release, over(chart.readDetail));
}

/** Says whether the settings of a token volume have their effect for this component, were it not for other volumes. */
export function canHaveTokenVolume(subject: Subject, { name, hasTokenVolume, exposure }: HostView): boolean {
  if (subject.launchesPods !== true || !exposure || !hasTokenVolume) return false;
  return name !== 'cleanup' || exposure.rendered;
}

/** Says whether the settings of a token volume have their effect for this component and nothing stands at its path. */
function canMigrate(subject: Subject, host: HostView): boolean {
  if (!host.exposure || !canHaveTokenVolume(subject, host)) return false;
  const main = mainContainer(host);
  return (
    !main?.projected.some(({ fromChart }) => !fromChart) &&
    !(main?.standardPathTaken === true && !host.exposure.tokenVolumeMounted)
  );
}

/** Says whether the scheduler never calls the Kubernetes API with this executor. */
export function needsNoToken(subject: Subject): boolean {
  return (
    subject.executor !== undefined &&
    subject.launchesPods === true &&
    hasAutomount(subject) &&
    schedulerApiNeed(subject.executor) === 'never'
  );
}
