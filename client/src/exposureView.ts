import { lacksToken, stateNames, totalsInWords } from '../../server/src/features/pictureWords';
import { capitalise, durationInWords } from '../../server/src/rules/words';
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
  message: 'No values for the Airflow chart in the active editor.',
};

/** What the view shows while nobody can say anything. */
export const unansweredView: ExposureView = {
  ...nothing,
  message: 'Who holds a token is not known, because the language server is not running.',
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
      message: 'Who holds a token cannot be told: the values leave open what is deployed.',
    };
  return {
    ...head,
    about: [
      // The list of stacks names it, too.
      ...(stacks.length > 1
        ? []
        : [picture.stack === null ? 'Deployed by itself' : `Stack ${picture.stack}`]),
      `${stacks.length > 1 ? 'Chart' : 'chart'} ${picture.chart}`,
      picture.executor ?? 'executor unknown',
    ].join(' · '),
    now: totalsView(picture.totals, false),
    after: picture.after && totalsView(picture.after, true),
    workloads: picture.workloads.map((workload) => ({
      name: capitalise(workload.title.replace(/^the /, '')),
      detail: `${workload.kind} · ServiceAccount ${workload.serviceAccount}`,
      containers: workload.containers.map((container) => containerView(container, nameOf)),
    })),
  };
}

function totalsView(totals: PictureTotals, isLater: boolean): TotalsView {
  const { holding, containers } = totals;
  return {
    // What needs a token is the same at both times.
    text: isLater
      ? `${holding} of ${containers} ${holding === 1 ? 'holds' : 'hold'} one`
      : totalsInWords(totals),
    holding,
    containers,
  };
}

const needs: Readonly<Record<TokenNeed, string>> = {
  always: 'needs a token',
  perhaps: 'may need a token',
  never: 'needs no token',
};

function containerView(container: PictureContainer, nameOf: (place: PicturePlace) => string): ContainerView {
  const { name, init, need, state, after, tokens, why, place } = container;
  const lacks = lacksToken(container);
  const where = place ? `See ${nameOf(place)}.` : 'The chart decides this; there is no line to go to.';
  return {
    name,
    role: `${init ? 'init container, ' : ''}${needs[need]}${lacks ? ', and has none' : ''}`,
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
      expirationSeconds === null ? 'lifetime up to the cluster' : durationInWords(expirationSeconds),
      audience === null ? 'for the API server' : `for ${audience}`,
      ...(byHand ? ['made by hand'] : []),
    ].join(', '),
    `at ${mountPath}`,
  ];
}
