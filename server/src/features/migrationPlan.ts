import type { WorkspaceEdit } from 'vscode-languageserver-types';
import { migrateAll } from '../rules/migration';
import { isProductionPath } from '../rules/long-lived-token';
import { hasAutomount, isOn, type Subject } from '../rules/subject';
import { capitalise, listOf } from '../rules/words';
import { toWorkspaceEdit, type EditSupport } from './codeActions';
import { plainMarkdown } from './markdown';
import { getPicture, type Picture, type PictureContainer, type PictureWorkload } from './picture';
import type { TextEdit } from '../values/edit';
import { fileName } from './ranges';
import type { PartSnapshot } from './snapshot';

/** What it takes to move a stack from automatic mounting to manual token volumes. */
export interface MigrationPlan {
  /** The stack's name; null for a file that is deployed by itself. */
  readonly stack: string | null;
  /** All stacks of the file in the order in which to migrate them: production comes last. */
  readonly order: readonly string[];
  /** The plan, as Markdown. */
  readonly markdown: string;
  /** The changes, each of which is to be confirmed; null where there are none, or none that is certain. */
  readonly edit: WorkspaceEdit | null;
}

/**
 * Plans the migration of one of the stacks of values.
 * @param part The values.
 * @param stack The stack's name; the first one without.
 * @param support What the client can take as an edit.
 * @returns Undefined where the text leaves open what is deployed.
 */
export function getMigrationPlan(
  part: PartSnapshot,
  stack: string | undefined,
  support: EditSupport,
): MigrationPlan | undefined {
  const subject = part.subjects.find((one) => one.stack?.name === stack) ?? part.subjects[0];
  const picture = getPicture(part, subject.stack?.name);
  if (!picture) return undefined;
  const edits = migrateAll(subject);
  const edit =
    edits && edits.length > 0
      ? (toWorkspaceEdit([{ part, edits }], { confirmBeyond: '' }, support) ?? null)
      : null;
  const order = rolloutOrder(part);
  const files =
    edit === null ? [] : [...new Set((edits ?? []).map(({ layer }) => layer?.name ?? fileName(part.uri)))];
  return {
    stack: picture.stack,
    order,
    edit,
    markdown: [
      `# Migration to manual token volumes${picture.stack === null ? '' : `: ${plainMarkdown(picture.stack)}`}`,
      summaryOf(subject, picture),
      '## What changes',
      ...changesOf(picture, files, edits !== undefined),
      ...section('What stays, and why', staying(subject, picture)),
      ...section('What to look at first', [
        ...sharing(part, subject, edits ?? []),
        ...obstacles(part, subject, picture),
      ]),
      '## In which order',
      stepsOf(order, picture),
      '',
    ].join('\n\n'),
  };
}

/** Environments before production come first. */
function rolloutOrder({ subjects }: PartSnapshot): readonly string[] {
  const names = [...new Set(subjects.flatMap(({ stack }) => stack?.name ?? []))];
  return names.toSorted((a, b) => Number(isProductionPath(a)) - Number(isProductionPath(b)));
}

function summaryOf({ executor }: Subject, { chart, totals, after }: Picture): string {
  const now = `${totals.holding} of ${totals.containers} containers hold a token, and ${totals.needing} ${totals.needing === 1 ? 'needs' : 'need'} one for certain`;
  const then = after ? `; afterwards ${after.holding} do` : '';
  return `Chart ${chart}${executor === undefined ? '' : `, ${plainMarkdown(executor)}`}. ${now}${then}.`;
}

function changesOf(picture: Picture, files: readonly string[], isKnown: boolean): string[] {
  if (!isKnown)
    return [
      'No change is certain to do that and nothing else: an alias, a template, half-typed text, a clash with another volume, or a layer that is not known is in the way.',
    ];
  if (files.length === 0) return ['Nothing: everything that can be migrated has been.'];
  const rows = picture.workloads.flatMap(changesIn);
  return [
    `In ${listOf(files.map((file) => `\`${file}\``))}. Nothing is written before you have seen it, each change can be left out, and undoing takes all of them back.`,
    ...(rows.length > 0
      ? [['| workload | container | now | then |', '| --- | --- | --- | --- |', ...rows].join('\n')]
      : []),
  ];
}

function changesIn({ title, containers }: PictureWorkload): string[] {
  return containers
    .filter(({ state, after }) => after !== null && after !== state)
    .map(
      ({ name, state, after }) =>
        `| ${plainMarkdown(capitalise(title.replace(/^the /, '')))} | ${plainMarkdown(name)} | ${state} | ${after ?? ''} |`,
    );
}

function section(title: string, points: readonly string[]): string[] {
  return points.length === 0 ? [] : [`## ${title}`, points.map((point) => `- ${point}`).join('\n')];
}

/** The containers that hold an automatic token after the migration as well. */
function staying({ launchesPods, executor }: Subject, { workloads }: Picture): string[] {
  return workloads.flatMap(({ name, title, containers }) => {
    const left = containers.filter(({ after }) => after === 'automatic');
    if (left.length === 0) return [];
    const why =
      name === 'scheduler' && launchesPods === false
        ? `with ${plainMarkdown(executor ?? 'this executor')} the chart does not turn automatic mounting off for it`
        : left.some(({ need }: PictureContainer) => need !== 'never')
          ? 'its tasks or logs may need the API, and the chart has no token volume for it; turn it off yourself where they do not'
          : 'its ServiceAccount is not one that these values decide about';
    return [
      `${capitalise(title)}: ${left.length} ${left.length === 1 ? 'container keeps' : 'containers keep'} the automatic token, since ${why}.`,
    ];
  });
}

/** The other stacks that change with the file that is looked at. */
function sharing(part: PartSnapshot, subject: Subject, edits: readonly TextEdit[]): string[] {
  const others = part.subjects.flatMap(({ stack }) => (stack && stack !== subject.stack ? [stack.name] : []));
  if (others.length === 0 || edits.every(({ layer }) => layer !== undefined)) return [];
  const names = listOf([...new Set(others)].map(plainMarkdown));
  return [
    `\`${fileName(part.uri)}\` is a layer of ${names} as well: what is changed there changes that, too. To change one stack only, plan from the file that only it has.`,
  ];
}

/** What a policy or an older chart has to say, and what was made by hand. */
function obstacles(part: PartSnapshot, subject: Subject, { workloads }: Picture): string[] {
  const points: string[] = [];
  if (!hasAutomount(subject))
    points.push(
      `Chart ${subject.settings.release.version} cannot turn automatic mounting off at all: upgrade it first.`,
    );
  for (const { component, hasTokenVolume, exposure } of subject.hosts) {
    if (hasTokenVolume || !exposure?.rendered) continue;
    points.push(
      `Chart ${subject.settings.release.version} has no token volume for ${component.title}: that is new in chart ${component.tokenVolumeSince ?? ''}.`,
    );
  }
  for (const { name, component, exposure } of subject.hosts) {
    if (exposure?.rendered && !isOn(subject.read(name, 'serviceAccount', 'create')))
      points.push(
        `The chart does not create the ServiceAccount of ${component.title}: what the existing one says about automatic mounting counts, too.`,
      );
  }
  const graver = part.findings().filter(({ rule, severity }) => severity !== 'hint' && isObstacle(rule.code));
  points.push(...new Set(graver.map(({ finding }) => plainMarkdown(finding.message))));
  const automatic = workloads.filter(({ containers }) =>
    containers.some(({ after }) => after === 'automatic'),
  );
  if (automatic.length > 0)
    points.push(
      `A policy that forbids automatic mounting for every pod still rejects ${listOf(automatic.map(({ name }) => `\`${name}\``))}.`,
    );
  return points;
}

function isObstacle(code: string): boolean {
  return [
    'handmade-token-volume',
    'duplicate-mount',
    'volume-name-conflict',
    'mount-path-conflict',
    'rbac-disabled',
  ].includes(code);
}

function stepsOf(order: readonly string[], { stack, workloads }: Picture): string {
  const others = order.filter((name) => name !== stack);
  const at = stack === null ? -1 : order.indexOf(stack);
  const before = order.slice(0, Math.max(at, 0));
  const hosts = workloads.filter(({ name }) => name === 'scheduler' || name === 'airflow-cleanup-pods');
  const steps = [
    ...(before.length > 0
      ? [`Migrate ${listOf(before.map(plainMarkdown))} first: ${plainMarkdown(stack ?? '')} comes after.`]
      : []),
    'Apply the changes. Turning automatic mounting off and enabling the token volume belong into one release: one without the other leaves the volume without effect, or the scheduler without access.',
    'Deploy them. Pods keep what they have until they are replaced; the chart replaces them, as their template changes.',
    ...(hosts.length > 0
      ? [
          `Check on the cluster that ${listOf(hosts.map(({ title }) => title))} can reach the API, and that the containers beside it hold nothing.`,
        ]
      : []),
    'To go back, undo the changes and deploy again.',
    ...(others.length > before.length
      ? [`Then go on with ${listOf(order.slice(at + 1).map(plainMarkdown))}.`]
      : []),
  ];
  return steps.map((step, index) => `${index + 1}. ${step}`).join('\n');
}
