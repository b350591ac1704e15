import * as l10n from '@vscode/l10n';
import { plainMarkdown } from '../../server/src/features/markdown';
import type { Picture, PicturePlace, PictureWorkload, TokenState } from '../../server/src/features/picture';
import { aboutInWords, afterInWords, totalsInWords } from '../../server/src/features/pictureWords';
import type { ContainerView, ExposureView, StateWords, WorkloadView } from './exposureView';

/** An icon of VS Code's, in a colour of the theme. */
export interface TreeIcon {
  readonly id: string;
  readonly color: string;
}

/** A workload, or a container of one. */
export interface ExposureNode {
  /** The same for as long as it is deployed, and for no other node. */
  readonly id: string;
  readonly label: string;
  /** What stands behind the label. */
  readonly description: string;
  /** Undefined for a workload. */
  readonly icon: TreeIcon | undefined;
  /** All there is to say, as Markdown. */
  readonly tooltip: string;
  /** The same for a screen reader. */
  readonly spoken: string;
  /** The line that decides what it holds; null for a workload, and where only the chart does. */
  readonly place: PicturePlace | null;
  readonly children: readonly ExposureNode[];
}

/** All that the tree shows. */
export interface ExposureTree {
  /** What stands beside the view's name: the stack and the file. */
  readonly description: string;
  /** What stands above the nodes: the totals, or why there are none. */
  readonly message: string;
  readonly nodes: readonly ExposureNode[];
}

/** Three shapes, those of the page: whoever sees no colours tells them apart as well. */
const icons: Readonly<Record<TokenState, TreeIcon>> = {
  automatic: { id: 'warning', color: 'list.warningForeground' },
  projected: { id: 'record', color: 'charts.blue' },
  none: { id: 'circle-large-outline', color: 'descriptionForeground' },
};

const lackingIcon: TreeIcon = { id: 'error', color: 'list.errorForeground' };

/**
 * The tree with what the page of the view "Token Exposure" shows.
 * @param view What the page shows.
 * @param picture What that was made of; null where there is none.
 */
export function exposureTree(view: ExposureView, picture: Picture | null): ExposureTree {
  const uniqueId = createIds();
  return {
    description: [picture?.stack, view.file].filter((part) => typeof part === 'string').join(' · '),
    message:
      view.message ??
      (picture
        ? sentences([totalsInWords(picture.totals), afterInWords(picture), aboutInWords(picture)])
        : ''),
    nodes: picture
      ? view.workloads.flatMap((words, index) => {
          const workload = picture.workloads[index];
          return workload ? workloadNode(words, workload, uniqueId) : [];
        })
      : [],
  };
}

function workloadNode(
  { name, detail, containers }: WorkloadView,
  workload: PictureWorkload,
  uniqueId: (wanted: string) => string,
): ExposureNode {
  const holding = containers.filter(({ now }) => now.state !== 'none').length;
  const needing = workload.containers.filter(({ need }) => need === 'always').length;
  const totals = totalsInWords({ containers: containers.length, holding, needing });
  const id = uniqueId(workload.name);
  return {
    id,
    label: name,
    description: l10n.t('{0} · token in {1} of {2}', workload.kind, holding, containers.length),
    icon: undefined,
    tooltip: tooltipOf(name, [detail, totals]),
    spoken: sentences([name, detail, totals]),
    place: null,
    children: containers.map((container, index) =>
      containerNode(
        container,
        uniqueId(`${id}/${container.name}`),
        workload.containers[index]?.place ?? null,
      ),
    ),
  };
}

function containerNode(container: ContainerView, id: string, place: PicturePlace | null): ExposureNode {
  const { name, role, lacks, now, after, why } = container;
  const held = inWords(now);
  const facts = [
    role,
    l10n.t('Now: {0}', held),
    ...(after ? [l10n.t('After the migration: {0}', inWords(after))] : []),
  ];
  return {
    id,
    label: name,
    description:
      after && after.state !== now.state ? l10n.t('{0}; after the migration {1}', held, after.text) : held,
    icon: lacks ? lackingIcon : icons[now.state],
    tooltip: tooltipOf(name, [...facts, why]),
    spoken: `${sentences([name, ...facts])} ${why}`,
    place,
    children: [],
  };
}

function inWords({ text, details }: StateWords): string {
  return [text, ...details].join(', ');
}

/** A name and what is to be said of it, each on a line of its own. */
function tooltipOf(name: string, lines: readonly string[]): string {
  return [`**${plainMarkdown(name)}**`, ...lines.map(plainMarkdown)].join('  \n');
}

function sentences(clauses: readonly string[]): string {
  return clauses.map((clause) => `${clause}.`).join(' ');
}

/** VS Code shows no tree that has an id twice, and text that is being typed may name two containers alike. */
function createIds(): (wanted: string) => string {
  const taken = new Set<string>();
  return (wanted) => {
    let id = wanted;
    for (let count = 2; taken.has(id); count++) id = `${wanted}#${count}`;
    taken.add(id);
    return id;
  };
}
