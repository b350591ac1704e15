import * as l10n from '@vscode/l10n';
import {
  lacksToken,
  stateNames,
  totalsInWords,
  workloadInWords,
} from '../../server/src/features/pictureWords';
import { durationInWords } from '../../server/src/rules/words';
import type {
  Picture,
  PictureContainer,
  PicturePlace,
  PictureToken,
  PictureTotals,
  TokenNeed,
  TokenState,
} from '../../server/src/features/picture';

/** What the view says of a container at one time. */
export interface StateWords {
  readonly state: TokenState;
  /** The state in a word, and what is known of its token: lifetime, audience, path. */
  readonly text: string;
  readonly details: readonly string[];
}

/** A container as the view shows it. */
export interface ContainerView {
  readonly name: string;
  /** Whether it needs the Kubernetes API, with what it is besides. */
  readonly role: string;
  /** Whether it has no token that it needs for certain. */
  readonly lacks: boolean;
  readonly now: StateWords;
  /** Null where it cannot be told. */
  readonly after: StateWords | null;
  /** Why it holds what it holds, and where that is decided: whole sentences. */
  readonly why: string;
  /** Whether there is a line to go to. */
  readonly opens: boolean;
}

/** A workload as the view shows it. */
export interface WorkloadView {
  readonly name: string;
  readonly detail: string;
  readonly containers: readonly ContainerView[];
}

/** How many containers hold a token at one time. */
export interface TotalsView {
  readonly text: string;
  readonly holding: number;
  readonly containers: number;
}

/** One of the stacks that the user can choose among. */
export interface StackChoice {
  readonly name: string;
  readonly isChosen: boolean;
}

/** All that the view shows, in words. */
export interface ExposureView {
  /** The file; null where there is none with values. */
  readonly file: string | null;
  /** The stacks to choose among: none where there is no choice. */
  readonly stacks: readonly StackChoice[];
  /** A sentence in place of the picture, where there is none. */
  readonly message: string | null;
  /** The stack, where there is but one, the chart, and the executor. */
  readonly about: string;
  readonly now: TotalsView | null;
  readonly after: TotalsView | null;
  readonly workloads: readonly WorkloadView[];
}

/** What is known of the file that the view is about. */
export interface ExposureSubject {
  /** Its path, as the user knows it. */
  readonly file: string;
  /** The names of its stacks, the chosen one first; a file that is deployed by itself has none. */
  readonly stacks: readonly string[];
  /** Null where it cannot be told what is deployed. */
  readonly picture: Picture | null;
  /** How to call a place. */
  readonly nameOf: (place: PicturePlace) => string;
}

const nothing: ExposureView = {
  file: null,
  stacks: [],
  message: null,
  about: '',
  now: null,
  after: null,
  workloads: [],
};

/** What the view shows while there is no file with values. */
export const emptyView: ExposureView = {
  ...nothing,
  get message() {
    return l10n.t('No values for the Airflow chart in the active editor.');
  },
};

/** What the view shows while nobody can say anything. */
export const unansweredView: ExposureView = {
  ...nothing,
  get message() {
    return l10n.t('Who holds a token is not known, because the language server is not running.');
  },
};

/** What the view shows of a file with values for the chart. */
export function exposureView({ file, stacks, picture, nameOf }: ExposureSubject): ExposureView {
  const head = {
    ...nothing,
    file,
    // In an order of their own: the chosen one comes first, and the list is not to change when another one is chosen.
    stacks:
      stacks.length > 1
        ? [...stacks].sort().map((name) => ({ name, isChosen: name === stacks[0] }))
        : nothing.stacks,
  };
  if (!picture)
    return {
      ...head,
      message: l10n.t('Who holds a token cannot be told: the values leave open what is deployed.'),
    };
  return {
    ...head,
    about: [
      // The list of stacks names it, too.
      ...(stacks.length > 1
        ? []
        : [picture.stack === null ? l10n.t('Deployed by itself') : l10n.t('Stack {0}', picture.stack)]),
      stacks.length > 1 ? l10n.t('Chart {0}', picture.chart) : l10n.t('chart {0}', picture.chart),
      picture.executor ?? l10n.t('executor unknown'),
    ].join(' · '),
    now: totalsView(picture.totals, false),
    after: picture.after && totalsView(picture.after, true),
    workloads: picture.workloads.map((workload) => ({
      name: workloadInWords(workload),
      detail: `${workload.kind} · ServiceAccount ${workload.serviceAccount}`,
      containers: workload.containers.map((container) => containerView(container, nameOf)),
    })),
  };
}

function totalsView(totals: PictureTotals, isLater: boolean): TotalsView {
  const { holding, containers } = totals;
  return {
    // What needs a token is the same at both times.
    text: isLater ? laterInWords(totals) : totalsInWords(totals),
    holding,
    containers,
  };
}

function laterInWords({ holding, containers }: PictureTotals): string {
  return holding === 1
    ? l10n.t('{0} of {1} holds one', holding, containers)
    : l10n.t('{0} of {1} hold one', holding, containers);
}

function needInWords(need: TokenNeed, lacks: boolean): string {
  switch (need) {
    case 'always':
      return lacks ? l10n.t('needs a token, and has none') : l10n.t('needs a token');
    case 'perhaps':
      return l10n.t('may need a token');
    case 'never':
      return l10n.t('needs no token');
  }
}

function containerView(container: PictureContainer, nameOf: (place: PicturePlace) => string): ContainerView {
  const { name, init, need, state, after, tokens, why, place } = container;
  const lacks = lacksToken(container);
  const role = needInWords(need, lacks);
  const where = place
    ? l10n.t('See {0}.', nameOf(place))
    : l10n.t('The chart decides this; there is no line to go to.');
  return {
    name,
    role: init
      ? l10n.t({ message: 'init container, {0}', args: [role], comment: ['{0} is "needs no token"'] })
      : role,
    lacks,
    now: { state, text: stateNames[state], details: tokens.flatMap(describeToken) },
    after: after && { state: after, text: stateNames[after], details: [] },
    why: `${why} ${where}`,
    opens: place !== null,
  };
}

/** A line for the token and one for its place. */
function describeToken({ expirationSeconds, audience, mountPath, byHand }: PictureToken): string[] {
  return [
    [
      expirationSeconds === null ? l10n.t('lifetime up to the cluster') : durationInWords(expirationSeconds),
      audience === null
        ? l10n.t('for the API server')
        : l10n.t({ message: 'for {0}', args: [audience], comment: ['{0} is an audience'] }),
      ...(byHand ? [l10n.t('made by hand')] : []),
    ].join(', '),
    l10n.t({ message: 'at {0}', args: [mountPath], comment: ['{0} is a path in a container'] }),
  ];
}
