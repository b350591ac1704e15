import * as l10n from '@vscode/l10n';
import type { CodeLens } from 'vscode-languageserver-types';
import { components, isRendered, type Component } from '../chart/components';
import { automountedContainers, exposeComponent, type WorkloadExposure } from '../chart/exposure';
import { isSince } from '../chart/releases';
import { automountsNeedlessly, migrateHost, mountNoToken } from '../rules/migration';
import { goesNowhere } from '../rules/service-account-not-created';
import { isOn, type Subject } from '../rules/subject';
import { shortDuration } from './inlayHints';
import { toFileRange } from './ranges';
import type { PartSnapshot } from './snapshot';

/** The client's commands that a lens may call; each takes the address of the file. */
export const lensCommands = {
  showExposure: 'airflowTokenVolume.showExposure',
  migrate: 'airflowTokenVolume.migrate',
} as const;

/** What the client can take as a code lens. */
export interface CodeLensSupport {
  /** The names of the commands that it knows. */
  readonly commands: readonly string[];
}

/**
 * Who holds a token, above the `serviceAccount` of each component that the values deploy, or above the component where
 * they do not have it. Only components that stand in the text are looked at.
 * @param part The values.
 * @param support What the client can take.
 * @returns The lenses in the order of the text; a lens without a command only has a title.
 */
export function getCodeLenses(part: PartSnapshot, { commands }: CodeLensSupport): CodeLens[] {
  const { values, subjects, excerpt, uri } = part;
  const stands = ({ path }: Component): boolean => values.ownEntry(path) !== undefined;
  const lenses = components.filter(stands).flatMap((component): CodeLens[] => {
    const { path } = component;
    const entry = values.ownEntry([...path, 'serviceAccount']) ?? values.ownEntry(path);
    const deployed = workloadPathsOf(component).filter(
      (workload) => workload === path.join('.') || !values.ownEntry(workload.split('.')),
    );
    const title = acrossStacks(subjects, (subject) => stateOf(subject, deployed));
    if (!entry || title === undefined) return [];
    const range = toFileRange(excerpt, entry.key.range);
    const show = commands.includes(lensCommands.showExposure);
    const state = { title, ...(show ? callOf(lensCommands.showExposure, uri) : { command: '' }) };
    const migrates =
      commands.includes(lensCommands.migrate) && subjects.some((subject) => canMigrate(subject, component));
    const migrate = { title: l10n.t('Migrate…'), ...callOf(lensCommands.migrate, uri) };
    return [{ range, command: state }, ...(migrates ? [{ range, command: migrate }] : [])];
  });
  return lenses.sort(
    ({ range: { start: a } }, { range: { start: b } }) => a.line - b.line || a.character - b.character,
  );
}

function callOf(command: string, uri: string): { command: string; arguments: string[] } {
  return { command, arguments: [uri] };
}

/** The components whose workloads a component's account is for: `workers` has none of its own. */
function workloadPathsOf({ path }: Component): string[] {
  const key = path.join('.');
  return key === 'workers' ? ['workers.celery', 'workers.kubernetes'] : [key];
}

/** What holds in the first stack that deploys a component, with the stack's name where another one differs. */
function acrossStacks(
  subjects: readonly Subject[],
  stateIn: (subject: Subject) => string | undefined,
): string | undefined {
  let first: string | undefined;
  let index = -1;
  while (first === undefined && ++index < subjects.length) {
    const subject = subjects[index];
    first = subject && stateIn(subject);
  }
  const name = subjects[index]?.stack?.name;
  if (first === undefined || name === undefined) return first;
  const differs = index > 0 || subjects.slice(index + 1).some((subject) => stateIn(subject) !== first);
  return differs ? `${name}: ${first}` : first;
}

/** What the containers of some components hold; undefined where none is deployed, or the text leaves that open. */
function stateOf(subject: Subject, deployed: readonly string[]): string | undefined {
  const workloads = subject.computeChart((chart) =>
    deployed
      .filter((path) => isDeployed(subject, path) && isRendered(path, chart.read))
      .flatMap((path) => exposeComponent(path, chart)),
  );
  return workloads && workloads.length > 0 ? titleOf(workloads) : undefined;
}

function isDeployed({ settings }: Subject, path: string): boolean {
  const row = components.find((component) => component.path.join('.') === path);
  return row !== undefined && isSince(settings.release, row.since);
}

function titleOf(workloads: readonly WorkloadExposure[]): string {
  const containers = workloads.flatMap((workload) => workload.containers);
  const automatic = workloads.flatMap(automountedContainers).length;
  const projected = containers.filter((container) => container.projected.length > 0);
  const kinds: string[] = [];
  if (automatic > 0) kinds.push(l10n.t('automatic, {0}', countOf(automatic, containers.length)));
  if (projected.length > 0) {
    const lifetimes = new Set(
      projected.flatMap((container) => container.projected.map((token) => token.expirationSeconds)),
    );
    const [lifetime] = lifetimes;
    const who =
      projected.length === 1 && containers.length > 1
        ? l10n.t('{0} only', projected[0]?.name ?? '')
        : countOf(projected.length, containers.length);
    kinds.push(
      lifetimes.size === 1 && lifetime
        ? l10n.t('projected, {0}, {1}', shortDuration(lifetime), who)
        : l10n.t('projected, {0}', who),
    );
  }
  return kinds.length === 0 ? l10n.t('no token') : l10n.t('token: {0}', kinds.join('; '));
}

function countOf(count: number, all: number): string {
  if (count < all) return l10n.t('{0} of {1} containers', count, all);
  return all === 1 ? l10n.t('1 container') : l10n.t('{0} containers', all);
}

/** Says whether a component's automatic token can be replaced or ended. Whether volumes clash then is not looked at. */
function canMigrate(subject: Subject, component: Component): boolean {
  const host = subject.hosts.find(({ name }) => name === component.path.join('.'));
  if (!host) return automountsNeedlessly(subject, component) === true;
  if (!host.exposure?.rendered || !isOn(host.automount) || goesNowhere(subject, component)) return false;
  if (automountedContainers(host.exposure).length === 0) return false;
  return [...migrateHost(subject, host), ...mountNoToken(subject, host)].length > 0;
}
