import * as l10n from '@vscode/l10n';
import type { Range } from 'vscode-languageserver-types';
import { componentAt } from '../chart/components';
import { schedulerApiNeed } from '../chart/executors';
import type { ContainerExposure, WorkloadExposure } from '../chart/exposure';
import { automountKey, tokenVolumeKey } from '../chart/settings';
import { subjectAfter } from '../rules/changes';
import { migrateAll } from '../rules/migration';
import { hasAutomount, itemAt, type Subject } from '../rules/subject';
import type { Layer } from '../values/layers';
import type { TextRange } from '../values/tree';
import { toFileRange } from './ranges';
import { subjectIn, type PartSnapshot } from './snapshot';

/** How a container comes to a token: by itself, by a projected volume, or not at all. */
export type TokenState = 'automatic' | 'projected' | 'none';

/** Whether a container has to call the Kubernetes API: always, only if something else says so, or never. */
export type TokenNeed = 'always' | 'perhaps' | 'never';

/** A token in a projected volume. */
export interface PictureToken {
  readonly mountPath: string;
  /** How long it is valid, in seconds; null where nothing is asked for and the cluster decides. */
  readonly expirationSeconds: number | null;
  /** Who accepts it; null for the API server. */
  readonly audience: string | null;
  /** Whether a volume made by hand brings it, and not the chart's own. */
  readonly byHand: boolean;
}

/** A place in a file, counted from zero. */
export interface PicturePlace {
  readonly uri: string;
  readonly range: Range;
}

/** A container, with what it holds and why. */
export interface PictureContainer {
  readonly name: string;
  readonly init: boolean;
  readonly state: TokenState;
  readonly tokens: readonly PictureToken[];
  readonly need: TokenNeed;
  /** Why it holds what it holds, in one sentence. */
  readonly why: string;
  /** The line that decides it; null where only the chart does. */
  readonly place: PicturePlace | null;
  /** What it holds after the migration; null where that cannot be told. */
  readonly after: TokenState | null;
}

/** A workload with its containers, in the order of the manifest. */
export interface PictureWorkload {
  /** Its `component` label. */
  readonly name: string;
  /** What to call it in a sentence. */
  readonly title: string;
  readonly kind: string;
  readonly serviceAccount: string;
  readonly containers: readonly PictureContainer[];
}

/** How many containers there are, how many hold a token, and how many need one for certain. */
export interface PictureTotals {
  readonly containers: number;
  readonly holding: number;
  readonly needing: number;
}

/** Who holds a token in a stack, and who would after the migration. */
export interface Picture {
  /** What the user calls the stack; null for a file that is deployed by itself. */
  readonly stack: string | null;
  /** The release of the chart. */
  readonly chart: string;
  /** The executors; null where they cannot be told. */
  readonly executor: string | null;
  readonly workloads: readonly PictureWorkload[];
  readonly totals: PictureTotals;
  /** The same after the migration; null where that cannot be told. */
  readonly after: PictureTotals | null;
}

/**
 * Who holds a token in one of the stacks of values.
 * @param part The values.
 * @param stack The stack's name; the first one without.
 * @returns Undefined where the text leaves open what is deployed.
 */
export function getPicture(part: PartSnapshot, stack?: string): Picture | undefined {
  const subject = subjectIn(part, stack);
  const workloads = subject.expose();
  if (!workloads) return undefined;
  const edits = migrateAll(subject);
  const after = edits && (edits.length === 0 ? workloads : subjectAfter(subject, edits).expose());
  const pictured = workloads.map((workload): PictureWorkload => {
    const { title } = componentAt(workload.component);
    const later = after?.find(({ label }) => label === workload.label);
    return {
      name: workload.label,
      title,
      kind: workload.kind,
      serviceAccount: workload.serviceAccount,
      containers: workload.containers.map((container) => ({
        name: container.name,
        init: container.init,
        state: stateOf(container),
        tokens: tokensOf(container),
        need: needOf(subject, workload, container),
        ...reasonFor(part, subject, workload, container),
        after: later ? stateIn(later, container.name) : null,
      })),
    };
  });
  return {
    stack: subject.stack?.name ?? null,
    chart: subject.settings.release.version,
    executor: subject.executor ?? null,
    workloads: pictured,
    totals: totalsOf(pictured, ({ state }) => state),
    after: after ? totalsOf(pictured, (container) => container.after) : null,
  };
}

function stateOf({ automounted, projected }: ContainerExposure): TokenState {
  if (automounted) return 'automatic';
  return projected.length > 0 ? 'projected' : 'none';
}

function stateIn({ containers }: WorkloadExposure, name: string): TokenState {
  const container = containers.find((one) => one.name === name);
  return container ? stateOf(container) : 'none';
}

function tokensOf({ projected }: ContainerExposure): PictureToken[] {
  return projected.map(({ mountPath, expirationSeconds, audience, fromChart }) => ({
    mountPath,
    expirationSeconds: expirationSeconds ?? null,
    audience: audience ?? null,
    byHand: !fromChart,
  }));
}

/** Sidecars and init containers never call the API; of the others it depends on the component. */
function needOf(
  { executor }: Subject,
  { component }: WorkloadExposure,
  container: ContainerExposure,
): TokenNeed {
  const { usesApi, container: main } = componentAt(component);
  if (container.init || /log-groomer|git-sync|kerberos|metrics-exporter/.test(container.name)) return 'never';
  if (main !== undefined && container.name !== main) return 'never';
  if (usesApi === 'by executor') {
    const need = executor === undefined ? 'if tasks do' : schedulerApiNeed(executor);
    return need === 'if tasks do' ? 'perhaps' : need;
  }
  if (usesApi === 'always' || usesApi === 'never') return usesApi;
  return 'perhaps';
}

function totalsOf(
  workloads: readonly PictureWorkload[],
  stateAt: (container: PictureContainer) => TokenState | null,
): PictureTotals {
  const containers = workloads.flatMap((workload) => workload.containers);
  return {
    containers: containers.length,
    holding: containers.filter((container) => (stateAt(container) ?? 'none') !== 'none').length,
    needing: containers.filter(({ need }) => need === 'always').length,
  };
}

interface Reason {
  readonly why: string;
  readonly place: PicturePlace | null;
}

function reasonFor(
  part: PartSnapshot,
  subject: Subject,
  workload: WorkloadExposure,
  container: ContainerExposure,
): Reason {
  const account = [...componentAt(workload.component).path, 'serviceAccount'];
  const automount = [...account, automountKey];
  const [token] = container.projected;
  if (container.automounted) {
    const reading = subject.read(...automount);
    const why = !hasAutomount(subject)
      ? l10n.t('This chart cannot turn automatic mounting off.')
      : reading.state === 'default'
        ? l10n.t('Automatic mounting is on by default.')
        : workload.automounts && reading.state === 'file' && reading.value === false
          ? l10n.t('The chart ignores here that automatic mounting is off.')
          : l10n.t('Automatic mounting is on.');
    return { why, place: placeAt(part, subject, automount) };
  }
  if (token) {
    const why = token.fromChart
      ? l10n.t("The chart's token volume is enabled.")
      : l10n.t('A volume made by hand is mounted.');
    const mount = container.mounts.find(({ volume }) => volume === token.volume);
    const place = token.fromChart
      ? placeAt(part, subject, [...account, tokenVolumeKey, 'enabled'])
      : mount?.origin.by === 'values'
        ? placeOfItem(part, subject, mount.origin.path, mount.origin.index)
        : null;
    return { why, place };
  }
  const why = workload.automounts
    ? l10n.t('Something else is mounted where the automatic token would be.')
    : workload.containers.some(({ projected }) => projected.length > 0)
      ? l10n.t('Automatic mounting is off, and the token volume is mounted into another container.')
      : l10n.t('Automatic mounting is off.');
  return { why, place: placeAt(part, subject, automount) };
}

/** The place of a value, or of the nearest key above it that a layer has. */
function placeAt(part: PartSnapshot, subject: Subject, path: readonly string[]): PicturePlace | null {
  for (let length = path.length; length > 0; length--) {
    const origin = subject.origin(...path.slice(0, length));
    if (origin) return placeIn(part, origin.entry.key.range, origin.layer);
  }
  return null;
}

function placeOfItem(
  part: PartSnapshot,
  subject: Subject,
  list: readonly string[],
  index: number,
): PicturePlace | null {
  const item = itemAt(subject, list, index);
  return item ? placeIn(part, item.range, undefined) : placeAt(part, subject, list);
}

function placeIn(part: PartSnapshot, range: TextRange, layer: Layer | undefined): PicturePlace {
  const { uri, excerpt } = layer ?? part;
  return { uri, range: toFileRange(excerpt, range) };
}
