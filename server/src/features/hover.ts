import type { Hover, Position } from 'vscode-languageserver-types';
import {
  componentAt,
  components,
  isRendered,
  tokenHosts,
  type Component,
  type TokenHost,
} from '../chart/components';
import { launchesPods, schedulerApiNeed } from '../chart/executors';
import {
  exposeComponent,
  isStandardMountPath,
  type ContainerExposure,
  type WorkloadExposure,
} from '../chart/exposure';
import {
  automountKey,
  automountSince,
  serviceAccountSince,
  executorSetting,
  serviceAccountSettings,
  standardMountPath,
  tokenVolumeKey,
  tokenVolumeSetting,
  tokenVolumeSettings,
  type Setting,
} from '../chart/settings';
import { fits, isOn, typeNames, type HostView, type Reading, type Subject } from '../rules/subject';
import { capitalise, durationInWords, listOf } from '../rules/words';
import type { PlainValue } from '../values/document';
import { parameterReference, plainMarkdown } from './markdown';
import { toFileRange } from './ranges';
import type { PartSnapshot } from './snapshot';

/** The lifetime that Kubernetes gives a projected token that asks for none, in seconds. */
const kubernetesLifetime = 3600;

/** When the kubelet renews a token: at 80 % of its lifetime, and after 24 hours at the latest. All in seconds. */
function renewalOf(lifetime: number): number {
  return Math.min(Math.floor(lifetime * 0.8), 86_400);
}

/**
 * What a key is, what it is now and what that means, for the keys that decide who holds a token.
 * @param part The values.
 * @param position Where the user points in them.
 * @returns Markdown for the key or value there; undefined for any other text.
 */
export function getHover(part: PartSnapshot, position: Position): Hover | undefined {
  const { subjects, values, excerpt } = part;
  const at = values.pathAt(values.offsetAt(position));
  if (!at) return undefined;
  const described = subjects.map((subject) => describe(subject, at.path));
  const sections = acrossStacks(subjects, described);
  if (!sections) return undefined;
  const range = at.on === 'key' ? at.entry.key.range : at.entry.value.range;
  return {
    contents: { kind: 'markdown', value: sections.join('\n\n') },
    range: toFileRange(excerpt, range),
  };
}

/** How many stacks are shown that differ from each other. */
const mostStacks = 4;

/**
 * What is to be said in several stacks: the same once, and what differs under the names of the stacks. The first and the
 * last section are about the key alone.
 */
function acrossStacks(
  subjects: readonly Subject[],
  described: readonly (readonly string[] | undefined)[],
): readonly string[] | undefined {
  const [first] = described;
  if (!first) return undefined;
  const [title = ''] = first;
  const groups = new Map<string, { names: string[]; sections: readonly string[] }>();
  for (const [index, sections = []] of described.entries()) {
    const middle = sections.slice(1, -1);
    const text = middle.join('\n\n');
    const group = groups.get(text) ?? { names: [], sections: middle };
    groups.set(text, group);
    const name = subjects[index]?.stack?.name;
    if (name !== undefined) group.names.push(name);
  }
  const all = [...groups.values()];
  const shown = all.slice(0, mostStacks);
  const rest = all.slice(mostStacks).flatMap(({ names }) => names);
  const isNamed =
    subjects.some(({ stack }) => stack !== undefined && stack.layers.length > 1) || all.length > 1;
  return [
    title,
    ...shown.flatMap(({ names, sections }) =>
      isNamed && names.length > 0 ? [`**In ${namesOf(names)}**`, ...sections] : sections,
    ),
    ...(rest.length > 0 ? [`It is different again in ${namesOf(rest)}.`] : []),
    first.at(-1) ?? '',
  ];
}

function namesOf(names: readonly string[]): string {
  const distinct = [...new Set(names)].map((name) => plainMarkdown(name));
  const rest = distinct.length - mostStacks;
  return listOf(rest > 1 ? [...distinct.slice(0, mostStacks), `${rest} more`] : distinct);
}

function describe(subject: Subject, path: readonly string[]): string[] | undefined {
  if (path.length === 1 && path[0] === executorSetting.name) return describeExecutor(subject);
  const component = components.find(
    (candidate) =>
      path[candidate.path.length] === 'serviceAccount' &&
      candidate.path.every((key, index) => path[index] === key),
  );
  if (!component) return undefined;
  const [, ...rest] = path.slice(component.path.length);
  return describeAccountKey(subject, component, path, rest);
}

function describeAccountKey(
  subject: Subject,
  component: Component,
  path: readonly string[],
  rest: readonly string[],
): string[] | undefined {
  const host = tokenHosts.find((name) => name === component.path.join('.'));
  const [key, inner] = rest;
  if (key === undefined) {
    const state = listNow(subject, path, serviceAccountSettings);
    return section(path, accountSetting, state, subject, component, host);
  }
  if (key === tokenVolumeKey) {
    if (!host) return undefined;
    const setting = tokenVolumeSettings.find(({ name }) => name === inner);
    if (inner === undefined)
      return section(
        path,
        tokenVolumeSetting,
        listNow(subject, path, tokenVolumeSettings),
        subject,
        component,
        host,
      );
    return setting && section(path, setting, now(subject, path, setting), subject, component, host);
  }
  const setting = serviceAccountSettings.find(({ name }) => name === key);
  return setting && rest.length === 1
    ? section(path, setting, now(subject, path, setting), subject, component, host)
    : undefined;
}

const accountSetting: Setting = {
  name: 'serviceAccount',
  type: 'map',
  default: undefined,
  summary: "The component's ServiceAccount, and how its token gets into the containers.",
};

function section(
  path: readonly string[],
  setting: Setting,
  state: readonly string[],
  subject: Subject,
  component: Component,
  host: TokenHost | undefined,
): string[] {
  const isVolume = path.includes(tokenVolumeKey);
  const since = isVolume
    ? component.tokenVolumeSince
    : setting.name === automountKey
      ? automountSince
      : undefined;
  return [
    `**${setting.name}** — ${setting.summary}`,
    ...state,
    ...(host ? exposureOf(subject, host) : withoutHost(subject, component, setting)),
    `Under \`${path.slice(0, -1).join('.')}\` since chart ${since ?? serviceAccountSince} · [Chart reference](${parameterReference}#${component.path[0]?.toLowerCase() ?? ''})`,
  ];
}

/** The value in force, where it comes from, and what it means by itself. */
function now(subject: Subject, path: readonly string[], setting: Setting): string[] {
  const reading = subject.read(...path);
  if (reading.state === 'unknown') return [open];
  const { value } = reading;
  if (value !== undefined && !fits(value, setting.type)) {
    return [
      `Now: ${code(JSON.stringify(value))}, ${sourceOf(reading)}, which the chart rejects: it is not ${typeNames[setting.type]}.`,
    ];
  }
  const meaning = meaningOf(setting.name, value);
  return [`Now: ${shown(value)}, ${sourceOf(reading)}.${meaning === '' ? '' : ` ${meaning}`}`];
}

/** Every key of a map with its value, those of this file before those of the chart. */
function listNow(subject: Subject, path: readonly string[], settings: readonly Setting[]): string[] {
  const readings = settings
    .filter(({ type }) => type !== 'map')
    .map(({ name }) => ({ name, reading: subject.read(...path, name) }));
  if (readings.some(({ reading }) => reading.state === 'unknown')) return [open];
  const byOrigin = new Map<string, string[]>();
  const defaults = "The chart's defaults";
  for (const { name, reading } of readings) {
    if (reading.state === 'unknown') continue;
    const origin = reading.state === 'default' ? defaults : capitalise(sourceOf(reading));
    byOrigin.set(origin, [...(byOrigin.get(origin) ?? []), `${code(name)} ${shown(reading.value)}`]);
  }
  const listed = [...byOrigin].sort(([a], [b]) => Number(a === defaults) - Number(b === defaults));
  return listed.map(([origin, values]) => `${origin}: ${values.join(', ')}.`);
}

const open = 'Now: cannot be told from the text as it is.';

function shown(value: PlainValue | undefined): string {
  if (value === null || value === undefined || value === '') return 'empty';
  return code(typeof value === 'object' ? JSON.stringify(value) : String(value));
}

/** Text as code, in a table too. */
function code(text: string): string {
  return `\`${text.replaceAll('`', "'").replaceAll('|', '\\|')}\``;
}

function sourceOf(reading: Reading): string {
  if (reading.state !== 'file') return "the chart's default";
  return reading.layer ? `set in ${code(reading.layer.name)}` : 'set in this file';
}

function meaningOf(key: string, value: PlainValue | undefined): string {
  if (key === 'expirationSeconds' && typeof value === 'number' && value > 0) {
    return `That is ${durationInWords(value)}; the kubelet renews the token after ${durationInWords(renewalOf(value))}.`;
  }
  if (key === 'mountPath') return `Airflow's Kubernetes client reads \`${standardMountPath}\` only.`;
  if (key === 'audience') {
    return value === null || value === '' || value === undefined
      ? "The token is for the API server's own audience."
      : 'The API server accepts the token only if this is one of its audiences.';
  }
  if (key === automountKey && value === null)
    return 'An empty value counts as `false` in the templates of the chart.';
  return '';
}

function withoutHost(subject: Subject, component: Component, setting: Setting): string[] {
  if (setting.name !== automountKey && setting !== accountSetting) return [];
  const need =
    component.usesApi === 'never'
      ? 'never calls the Kubernetes API, so it needs no token'
      : component.usesApi === 'for running logs'
        ? 'calls the Kubernetes API only to read the logs of running pods'
        : 'calls the Kubernetes API only if its tasks do';
  const name = component.path.join('.');
  const rendered = subject.compute((read) => isRendered(name, read));
  const absent = rendered === false ? ' It is not deployed with these values.' : '';
  const workloads = rendered ? workloadsIn(subject, name) : undefined;
  return [
    `${capitalise(component.title)} ${need}.${absent}`,
    ...(workloads ?? []).flatMap((workload) => [tableOf(workload.containers), ...assumptionOf(workload)]),
  ];
}

/** The workloads of a component; those of Celery workers for what all workers share. */
function workloadsIn(subject: Subject, component: string): readonly WorkloadExposure[] | undefined {
  const name = component === 'workers' ? 'workers.celery' : component;
  return subject.computeChart((chart) => (isRendered(name, chart.read) ? exposeComponent(name, chart) : []));
}

function describeExecutor(subject: Subject): string[] {
  const sections = [
    `**executor** — ${executorSetting.summary}`,
    ...now(subject, [executorSetting.name], executorSetting),
  ];
  const { executor } = subject;
  if (executor !== undefined) {
    sections.push(
      launchesPods(executor)
        ? `The chart counts it among the executors that launch pods: it honours \`${automountKey}: false\` and can mount a token volume.`
        : `The chart does not count it among the executors that launch pods: for the scheduler it ignores \`${automountKey}: false\` and \`${tokenVolumeKey}\`.`,
      needs[schedulerApiNeed(executor)],
      ...exposureOf(subject, 'scheduler'),
    );
  }
  return [
    ...sections,
    `At the top level since chart ${serviceAccountSince} · [Chart reference](${parameterReference}#common)`,
  ];
}

const needs = {
  always: 'Its scheduler needs the Kubernetes API to start task pods.',
  never: 'Its scheduler never calls the Kubernetes API, so it needs no token.',
  'if tasks do': 'Its scheduler calls the Kubernetes API only if tasks that run in it do.',
};

/** Which containers of a workload hold the token, as a small table. */
function exposureOf(subject: Subject, host: TokenHost): string[] {
  const view = subject.hosts.find(({ name }) => name === host);
  const { title } = componentAt(host);
  if (!view?.exposure) return [`What ${title} holds cannot be told from the text as it is.`];
  if (!view.exposure.rendered) return [`${capitalise(title)} is not deployed with these values.`];
  return [...remarkOn(subject, view), tableOf(view.exposure.containers), ...assumptionOf(view.exposure)];
}

/** What the table takes for granted, where an account that the chart does not create has a say. */
function assumptionOf({
  automounts,
  podAutomount,
  serviceAccount,
  serviceAccountRendered,
}: WorkloadExposure): string[] {
  if (serviceAccountRendered || podAutomount !== null || !automounts) return [];
  return [
    `The chart does not create the ServiceAccount ${code(serviceAccount)}: if that turns automatic mounting off, there is no automatic token.`,
  ];
}

function tableOf(containers: readonly ContainerExposure[]): string {
  const rows = containers.map(
    (container) => `| ${container.name}${container.init ? ' (init)' : ''} | ${tokensOf(container)} |`,
  );
  return ['| container | token |', '| --- | --- |', ...rows].join('\n');
}

function remarkOn(subject: Subject, { volumeEnabled, exposure }: HostView): string[] {
  if (!isOn(volumeEnabled) || exposure?.tokenVolumeMounted !== false) return [];
  const reason = subject.launchesPods
    ? 'automatic mounting is on'
    : `${subject.executor ?? ''} does not launch pods`;
  return [`The token volume has no effect: ${reason}.`];
}

function tokensOf(container: ContainerExposure): string {
  const tokens = container.projected.map(({ mountPath, expirationSeconds, audience, fromChart }) => {
    const lifetime = expirationSeconds ?? kubernetesLifetime;
    const details = [
      `${durationInWords(lifetime)}, renewed after ${durationInWords(renewalOf(lifetime))}`,
      ...(isStandardMountPath(mountPath) ? [] : [`at ${code(mountPath)}`]),
      ...(audience === undefined ? [] : [`for ${code(audience)}`]),
    ];
    return `${fromChart ? 'projected' : 'projected by hand'}: ${details.join(', ')}`;
  });
  if (container.automounted) tokens.unshift('automatic');
  return tokens.length === 0 ? 'none' : tokens.join('; ');
}
