import * as l10n from '@vscode/l10n';
import type { Hover, Position } from 'vscode-languageserver-types';
import {
  accountOwner,
  componentAt,
  isRendered,
  tokenHosts,
  type Component,
  type TokenHost,
} from '../chart/components';
import { launchesPods, schedulerApiNeed, type ApiNeed } from '../chart/executors';
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
import { codeMarkdown, parameterReference, plainMarkdown } from './markdown';
import { columnNames, readerInWords, stateNames } from './pictureWords';
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
      isNamed && names.length > 0 ? [l10n.t('**In {0}**', namesOf(names)), ...sections] : sections,
    ),
    ...(rest.length > 0 ? [l10n.t('It is different again in {0}.', namesOf(rest))] : []),
    first.at(-1) ?? '',
  ];
}

function namesOf(names: readonly string[]): string {
  const distinct = [...new Set(names)].map((name) => plainMarkdown(name));
  const rest = distinct.length - mostStacks;
  return listOf(rest > 1 ? [...distinct.slice(0, mostStacks), l10n.t('{0} more', rest)] : distinct);
}

function describe(subject: Subject, path: readonly string[]): string[] | undefined {
  if (path.length === 1 && path[0] === executorSetting.name) return describeExecutor(subject);
  const component = accountOwner(path);
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
  get summary(): string {
    return l10n.t("The component's ServiceAccount, and how its token gets into the containers.");
  },
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
    l10n.t(
      'Under `{0}` since chart {1} · [Chart reference]({2})',
      path.slice(0, -1).join('.'),
      since ?? serviceAccountSince,
      `${parameterReference}#${component.path[0]?.toLowerCase() ?? ''}`,
    ),
  ];
}

/** The value in force, where it comes from, and what it means by itself. */
function now(subject: Subject, path: readonly string[], setting: Setting): string[] {
  const reading = subject.read(...path);
  if (reading.state === 'unknown') return [open()];
  const { value } = reading;
  if (value !== undefined && !fits(value, setting.type)) {
    return [
      l10n.t({
        message: 'Now: {0}, {1}, which the chart rejects: it is not {2}.',
        args: [codeMarkdown(JSON.stringify(value)), sourceOf(reading), typeNames[setting.type]],
        comment: ['{0} is a value, {1} says where it comes from, {2} is for example “a whole number”'],
      }),
    ];
  }
  const meaning = meaningOf(setting.name, value);
  const said = l10n.t({
    message: 'Now: {0}, {1}.',
    args: [shown(value), sourceOf(reading)],
    comment: ['{0} is a value, {1} says where it comes from'],
  });
  return [meaning === '' ? said : `${said} ${meaning}`];
}

/** Every key of a map with its value, those of this file before those of the chart. */
function listNow(subject: Subject, path: readonly string[], settings: readonly Setting[]): string[] {
  const readings = settings
    .filter(({ type }) => type !== 'map')
    .map(({ name }) => ({ name, reading: subject.read(...path, name) }));
  if (readings.some(({ reading }) => reading.state === 'unknown')) return [open()];
  const byOrigin = new Map<string, string[]>();
  const defaults = l10n.t("The chart's defaults");
  for (const { name, reading } of readings) {
    if (reading.state === 'unknown') continue;
    const origin = reading.state === 'default' ? defaults : capitalise(sourceOf(reading));
    byOrigin.set(origin, [...(byOrigin.get(origin) ?? []), `${codeMarkdown(name)} ${shown(reading.value)}`]);
  }
  const listed = [...byOrigin].sort(([a], [b]) => Number(a === defaults) - Number(b === defaults));
  return listed.map(([origin, values]) => `${origin}: ${values.join(', ')}.`);
}

function open(): string {
  return l10n.t('Now: cannot be told from the text as it is.');
}

function shown(value: PlainValue | undefined): string {
  if (value === null || value === undefined || value === '')
    return l10n.t({ message: 'empty', comment: ['The value of a key'] });
  return codeMarkdown(typeof value === 'object' ? JSON.stringify(value) : String(value));
}

function sourceOf(reading: Reading): string {
  if (reading.state !== 'file')
    return l10n.t({ message: "the chart's default", comment: ['Where a value comes from'] });
  return reading.layer
    ? l10n.t({
        message: 'set in {0}',
        args: [codeMarkdown(reading.layer.name)],
        comment: ['Where a value comes from; {0} is a file'],
      })
    : l10n.t({ message: 'set in this file', comment: ['Where a value comes from'] });
}

function meaningOf(key: string, value: PlainValue | undefined): string {
  if (key === 'expirationSeconds' && typeof value === 'number' && value > 0) {
    return l10n.t({
      message: 'That is {0}; the kubelet renews the token after {1}.',
      args: [durationInWords(value), durationInWords(renewalOf(value))],
      comment: ['Both are lengths of time, for example “1 hour 30 minutes”'],
    });
  }
  if (key === 'mountPath') return l10n.t("Airflow's Kubernetes client reads `{0}` only.", standardMountPath);
  if (key === 'audience') {
    return value === null || value === '' || value === undefined
      ? l10n.t("The token is for the API server's own audience.")
      : l10n.t('The API server accepts the token only if this is one of its audiences.');
  }
  if (key === automountKey && value === null)
    return l10n.t('An empty value counts as `false` in the templates of the chart.');
  return '';
}

function withoutHost(subject: Subject, component: Component, setting: Setting): string[] {
  if (setting.name !== automountKey && setting !== accountSetting) return [];
  const name = component.path.join('.');
  const rendered = subject.compute((read) => isRendered(name, read));
  const need = needOf(component);
  const absent = l10n.t('It is not deployed with these values.');
  const workloads = rendered ? workloadsIn(subject, name) : undefined;
  return [
    rendered === false ? `${need} ${absent}` : need,
    ...(workloads ?? []).flatMap((workload) => [tableOf(workload.containers), ...assumptionOf(workload)]),
  ];
}

/** Whether a component needs a token, in one sentence. */
function needOf({ title, usesApi }: Component): string {
  const name = capitalise(title);
  switch (usesApi) {
    case 'never':
      return l10n.t({
        message: '{0} never calls the Kubernetes API, so it needs no token.',
        args: [name],
        comment: ['{0} is a component'],
      });
    case 'for running logs':
      return l10n.t({
        message: '{0} calls the Kubernetes API only to read the logs of running pods.',
        args: [name],
        comment: ['{0} is a component'],
      });
    case 'by executor':
    case 'always':
    case 'if tasks do':
      return l10n.t({
        message: '{0} calls the Kubernetes API only if its tasks do.',
        args: [name],
        comment: ['{0} is a component'],
      });
  }
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
        ? l10n.t(
            'The chart counts it among the executors that launch pods: it honours `{0}: false` and can mount a token volume.',
            automountKey,
          )
        : l10n.t(
            'The chart does not count it among the executors that launch pods: for the scheduler it ignores `{0}: false` and `{1}`.',
            automountKey,
            tokenVolumeKey,
          ),
      needOfScheduler(schedulerApiNeed(executor)),
      ...exposureOf(subject, 'scheduler'),
    );
  }
  return [
    ...sections,
    l10n.t(
      'At the top level since chart {0} · [Chart reference]({1})',
      serviceAccountSince,
      `${parameterReference}#common`,
    ),
  ];
}

/**
 * Whether the scheduler of an executor needs a token, in one sentence.
 * @param need How much it has to do with the Kubernetes API.
 */
export function needOfScheduler(need: ApiNeed): string {
  switch (need) {
    case 'always':
      return l10n.t('Its scheduler needs the Kubernetes API to start task pods.');
    case 'never':
      return l10n.t('Its scheduler never calls the Kubernetes API, so it needs no token.');
    case 'if tasks do':
      return l10n.t('Its scheduler calls the Kubernetes API only if tasks that run in it do.');
  }
}

/** Which containers of a workload hold the token, as a small table. */
function exposureOf(subject: Subject, host: TokenHost): string[] {
  const view = subject.hosts.find(({ name }) => name === host);
  const { title } = componentAt(host);
  if (!view?.exposure)
    return [
      l10n.t({
        message: 'What {0} holds cannot be told from the text as it is.',
        args: [title],
        comment: ['{0} is a component'],
      }),
    ];
  if (!view.exposure.rendered)
    return [
      l10n.t({
        message: '{0} is not deployed with these values.',
        args: [capitalise(title)],
        comment: ['{0} is a component'],
      }),
    ];
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
    l10n.t(
      'The chart does not create the ServiceAccount {0}: if that turns automatic mounting off, there is no automatic token.',
      codeMarkdown(serviceAccount),
    ),
  ];
}

function tableOf(containers: readonly ContainerExposure[]): string {
  const rows = containers.map(
    (container) => `| ${container.name}${container.init ? ' (init)' : ''} | ${tokensOf(container)} |`,
  );
  return [`| ${columnNames.container} | ${columnNames.token} |`, '| --- | --- |', ...rows].join('\n');
}

function remarkOn(subject: Subject, { volumeEnabled, exposure }: HostView): string[] {
  if (!isOn(volumeEnabled) || exposure?.tokenVolumeMounted !== false) return [];
  return [
    subject.launchesPods
      ? l10n.t('The token volume has no effect: automatic mounting is on.')
      : l10n.t({
          message: 'The token volume has no effect: {0} does not launch pods.',
          args: [subject.executor ?? ''],
          comment: ['{0} is the name of an executor'],
        }),
  ];
}

function tokensOf(container: ContainerExposure): string {
  const tokens = container.projected.map(({ mountPath, expirationSeconds, audience, fromChart }) => {
    const lifetime = expirationSeconds ?? kubernetesLifetime;
    const details = [
      l10n.t({
        message: '{0}, renewed after {1}',
        args: [durationInWords(lifetime), durationInWords(renewalOf(lifetime))],
        comment: ['Both are lengths of time'],
      }),
      ...(isStandardMountPath(mountPath)
        ? []
        : [l10n.t({ message: 'at {0}', args: [codeMarkdown(mountPath)], comment: ['{0} is a path'] })]),
      ...(audience === undefined ? [] : [readerInWords(codeMarkdown(audience))]),
    ];
    const how = fromChart ? stateNames.projected : l10n.t('projected by hand');
    return `${how}: ${details.join(', ')}`;
  });
  if (container.automounted) tokens.unshift(stateNames.automatic);
  return tokens.length === 0 ? stateNames.none : tokens.join('; ');
}
