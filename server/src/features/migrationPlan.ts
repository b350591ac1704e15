import * as l10n from '@vscode/l10n';
import type { WorkspaceEdit } from 'vscode-languageserver-types';
import { migrateAll } from '../rules/migration';
import { isProductionPath } from '../rules/long-lived-token';
import { hasAutomount, isOn, type Subject } from '../rules/subject';
import { capitalise, listOf } from '../rules/words';
import { toWorkspaceEdit, type EditSupport } from './codeActions';
import { plainMarkdown } from './markdown';
import { getPicture, type Picture, type PictureContainer, type PictureWorkload } from './picture';
import type { TextEdit } from '../values/edit';
import { columnNames, stateNames, workloadInWords } from './pictureWords';
import { fileName, toFileRange } from './ranges';
import { subjectIn, type PartSnapshot } from './snapshot';

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
  const subject = subjectIn(part, stack);
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
      `# ${titleOf(picture.stack)}`,
      summaryOf(subject, picture),
      `## ${l10n.t('What changes')}`,
      ...changesOf(picture, files, edits !== undefined),
      ...section(l10n.t('What stays, and why'), staying(subject, picture)),
      ...section(l10n.t('What to look at first'), [
        ...sharing(part, subject, edits ?? []),
        ...obstacles(part, subject, picture),
      ]),
      `## ${l10n.t('In which order')}`,
      stepsOf(order, picture),
      '',
    ].join('\n\n'),
  };
}

function titleOf(stack: string | null): string {
  return stack === null
    ? l10n.t('Migration to manual token volumes')
    : l10n.t('Migration to manual token volumes: {0}', plainMarkdown(stack));
}

/** Environments before production come first. */
function rolloutOrder({ subjects }: PartSnapshot): readonly string[] {
  const names = [...new Set(subjects.flatMap(({ stack }) => stack?.name ?? []))];
  return names.toSorted((a, b) => Number(isProductionPath(a)) - Number(isProductionPath(b)));
}

function summaryOf({ executor }: Subject, { chart, totals, after }: Picture): string {
  const about =
    executor === undefined
      ? l10n.t('Chart {0}.', chart)
      : l10n.t({
          message: 'Chart {0}, {1}.',
          args: [chart, plainMarkdown(executor)],
          comment: ['{1} is the name of an executor'],
        });
  const { holding, containers, needing } = totals;
  const now =
    needing === 1
      ? l10n.t('{0} of {1} containers hold a token, and 1 needs one for certain', holding, containers)
      : l10n.t(
          '{0} of {1} containers hold a token, and {2} need one for certain',
          holding,
          containers,
          needing,
        );
  const then = after && [
    l10n.t({
      message: 'afterwards {0} hold one',
      args: [after.holding],
      comment: ['Follows a sentence that says how many containers hold a token now'],
    }),
  ];
  return `${about} ${[now, ...(then ?? [])].join('; ')}.`;
}

function changesOf(picture: Picture, files: readonly string[], isKnown: boolean): string[] {
  if (!isKnown)
    return [
      l10n.t(
        'No change is certain to do that and nothing else: an alias, a template, half-typed text, a clash with another volume, or a layer that is not known is in the way.',
      ),
    ];
  if (files.length === 0) return [l10n.t('Nothing: everything that can be migrated has been.')];
  const rows = picture.workloads.flatMap(changesIn);
  const { workload, container, now } = columnNames;
  const then = l10n.t({
    message: 'then',
    comment: ['The heading of a column: how a container comes to a token after the migration'],
  });
  return [
    l10n.t({
      message:
        'In {0}. Nothing is written before you have seen it, each change can be left out, and undoing takes all of them back.',
      args: [listOf(files.map((file) => `\`${file}\``))],
      comment: ['{0} is one file or several'],
    }),
    ...(rows.length > 0
      ? [
          [`| ${workload} | ${container} | ${now} | ${then} |`, '| --- | --- | --- | --- |', ...rows].join(
            '\n',
          ),
        ]
      : []),
  ];
}

function changesIn({ title, containers }: PictureWorkload): string[] {
  const workload = plainMarkdown(workloadInWords({ title }));
  return containers.flatMap(({ name, state, after }) =>
    after === null || after === state
      ? []
      : [`| ${workload} | ${plainMarkdown(name)} | ${stateNames[state]} | ${stateNames[after]} |`],
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
      name === 'scheduler' && executor !== undefined && launchesPods === false
        ? l10n.t('with {0} the chart does not turn automatic mounting off for it', plainMarkdown(executor))
        : left.some(({ need }: PictureContainer) => need !== 'never')
          ? l10n.t(
              'its tasks or logs may need the API, and the chart has no token volume for it; turn it off yourself where they do not',
            )
          : l10n.t('its ServiceAccount is not one that these values decide about');
    return [
      left.length === 1
        ? l10n.t({
            message: '{0}: 1 container keeps the automatic token, since {1}.',
            args: [capitalise(title), why],
            comment: ['{0} is a component, {1} a clause that says why'],
          })
        : l10n.t({
            message: '{0}: {1} containers keep the automatic token, since {2}.',
            args: [capitalise(title), left.length, why],
            comment: ['{0} is a component, {2} a clause that says why'],
          }),
    ];
  });
}

/** The other stacks that change with the file that is looked at. */
function sharing(part: PartSnapshot, subject: Subject, edits: readonly TextEdit[]): string[] {
  const others = part.subjects.flatMap(({ stack }) => (stack && stack !== subject.stack ? [stack.name] : []));
  if (others.length === 0 || edits.every(({ layer }) => layer !== undefined)) return [];
  const names = listOf([...new Set(others)].map(plainMarkdown));
  return [
    l10n.t({
      message:
        '`{0}` is a layer of {1} as well: what is changed there changes that, too. To change one stack only, plan from the file that only it has.',
      args: [fileName(part.uri), names],
      comment: ['{1} is one stack or several'],
    }),
  ];
}

/** What a policy or an older chart has to say, and what was made by hand. */
function obstacles(part: PartSnapshot, subject: Subject, { workloads }: Picture): string[] {
  const points: string[] = [];
  const { version } = subject.settings.release;
  if (!hasAutomount(subject))
    points.push(l10n.t('Chart {0} cannot turn automatic mounting off at all: upgrade it first.', version));
  for (const { component, hasTokenVolume, exposure } of subject.hosts) {
    if (hasTokenVolume || !exposure?.rendered) continue;
    points.push(
      l10n.t({
        message: 'Chart {0} has no token volume for {1}: that is new in chart {2}.',
        args: [version, component.title, component.tokenVolumeSince ?? ''],
        comment: ['{1} is a component'],
      }),
    );
  }
  for (const { name, component, exposure } of subject.hosts) {
    if (exposure?.rendered && !isOn(subject.read(name, 'serviceAccount', 'create')))
      points.push(
        l10n.t({
          message:
            'The chart does not create the ServiceAccount of {0}: what the existing one says about automatic mounting counts, too.',
          args: [component.title],
          comment: ['{0} is a component'],
        }),
      );
  }
  const graver = part.findings().filter(({ rule, severity }) => severity !== 'hint' && isObstacle(rule.code));
  for (const { finding } of graver) {
    const line = toFileRange(part.excerpt, finding.range).start.line + 1;
    points.push(l10n.t('Line {0}: {1}', line, plainMarkdown(finding.message)));
  }
  const automatic = workloads.filter(({ containers }) =>
    containers.some(({ after }) => after === 'automatic'),
  );
  if (automatic.length > 0)
    points.push(
      l10n.t({
        message: 'A policy that forbids automatic mounting for every pod still rejects {0}.',
        args: [listOf(automatic.map(({ name }) => `\`${name}\``))],
        comment: ['{0} is one workload or several'],
      }),
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
    'unknown-key',
    'misplaced-token-volume',
    'invalid-type',
  ].includes(code);
}

function stepsOf(order: readonly string[], { stack, workloads }: Picture): string {
  const others = order.filter((name) => name !== stack);
  const at = stack === null ? -1 : order.indexOf(stack);
  const before = order.slice(0, Math.max(at, 0));
  const hosts = workloads.filter(({ name }) => name === 'scheduler' || name === 'airflow-cleanup-pods');
  const steps = [
    ...(before.length > 0
      ? [
          l10n.t({
            message: 'Migrate {0} first: {1} comes after.',
            args: [listOf(before.map(plainMarkdown)), plainMarkdown(stack ?? '')],
            comment: ['{0} is one stack or several, {1} is one'],
          }),
        ]
      : []),
    l10n.t(
      'Apply the changes. Turning automatic mounting off and enabling the token volume belong into one release: one without the other leaves the volume without effect, or the scheduler without access.',
    ),
    l10n.t(
      'Deploy them. Pods keep what they have until they are replaced; the chart replaces them, as their template changes.',
    ),
    ...(hosts.length > 0
      ? [
          l10n.t({
            message:
              'Check on the cluster that {0} can reach the API, and that the containers beside it hold nothing.',
            args: [listOf(hosts.map(({ title }) => title))],
            comment: ['{0} is one component or two'],
          }),
        ]
      : []),
    l10n.t('To go back, undo the changes and deploy again.'),
    ...(others.length > before.length
      ? [
          l10n.t({
            message: 'Then go on with {0}.',
            args: [listOf(order.slice(at + 1).map(plainMarkdown))],
            comment: ['{0} is one stack or several'],
          }),
        ]
      : []),
  ];
  return steps.map((step, index) => `${index + 1}. ${step}`).join('\n');
}
