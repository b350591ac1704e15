/**
 * What the extension and the page of the view "Token Exposure" tell each other. Each side checks what it gets, for
 * neither can know that the other one sent it.
 */
import type {
  ContainerView,
  ExposureView,
  StackChoice,
  StateWords,
  TotalsView,
  WorkloadView,
} from './exposureView';

/** The words that the page's program puts beside what it is sent: it knows none itself. */
export interface ExposureWords {
  /** The titles of the columns. */
  readonly container: string;
  readonly now: string;
  readonly after: string;
  /** The same in front of what is said of that time. */
  readonly nowLabel: string;
  readonly afterLabel: string;
  /** In place of a state. */
  readonly unknown: string;
}

/** To the page: what to show. */
export interface ShowMessage {
  readonly type: 'show';
  /** Counts what was sent: a click is about what was shown when it was made. */
  readonly revision: number;
  readonly view: ExposureView;
}

/** From the page: it can be told what to show, it shows that, or what the user asks for. */
export type PageMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'shown'; readonly revision: number; readonly text: string }
  | { readonly type: 'copy' | 'export' }
  | { readonly type: 'choose'; readonly stack: string }
  | {
      readonly type: 'open';
      readonly revision: number;
      /** Which of the workloads that were shown. */
      readonly workload: number;
      /** Which of its containers. */
      readonly container: number;
    };

/**
 * The words that the page got with its HTML.
 * @throws Error where those are others: page and program come from one extension.
 */
export function readWords(text: string | undefined): ExposureWords {
  const value: unknown = JSON.parse(text ?? 'null');
  if (!isWords(value)) throw new Error('The page has no words.');
  return value;
}

/** The message that the page got; undefined for anything else. */
export function readShowMessage(value: unknown): ShowMessage | undefined {
  return isObject(value) && value['type'] === 'show' && isCount(value['revision']) && isView(value['view'])
    ? (value as unknown as ShowMessage)
    : undefined;
}

/** The message that the extension got; undefined for anything else. */
export function readPageMessage(value: unknown): PageMessage | undefined {
  if (!isObject(value)) return undefined;
  const { type, revision, text, stack, workload, container } = value;
  switch (type) {
    case 'ready':
    case 'copy':
    case 'export':
      return { type };
    case 'shown':
      return isCount(revision) && isText(text) ? { type, revision, text } : undefined;
    case 'choose':
      return isText(stack) ? { type, stack } : undefined;
    case 'open':
      return isCount(revision) && isCount(workload) && isCount(container)
        ? { type, revision, workload, container }
        : undefined;
    default:
      return undefined;
  }
}

type Check<T> = (value: unknown) => value is T;

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}

function isList<T>(value: unknown, isItem: Check<T>): value is readonly T[] {
  return Array.isArray(value) && value.every((item) => isItem(item));
}

function isNullOr<T>(value: unknown, isOne: Check<T>): value is T | null {
  return value === null || isOne(value);
}

function isView(value: unknown): value is ExposureView {
  return (
    isObject(value) &&
    isNullOr(value['file'], isText) &&
    isList(value['stacks'], isChoice) &&
    isNullOr(value['message'], isText) &&
    isText(value['about']) &&
    isNullOr(value['now'], isTotals) &&
    isNullOr(value['after'], isTotals) &&
    isList(value['workloads'], isWorkload)
  );
}

function isWords(value: unknown): value is ExposureWords {
  return (
    isObject(value) &&
    isText(value['container']) &&
    isText(value['now']) &&
    isText(value['after']) &&
    isText(value['nowLabel']) &&
    isText(value['afterLabel']) &&
    isText(value['unknown'])
  );
}

function isChoice(value: unknown): value is StackChoice {
  return isObject(value) && isText(value['name']) && typeof value['isChosen'] === 'boolean';
}

function isTotals(value: unknown): value is TotalsView {
  return (
    isObject(value) && isText(value['text']) && isCount(value['holding']) && isCount(value['containers'])
  );
}

function isWorkload(value: unknown): value is WorkloadView {
  return (
    isObject(value) &&
    isText(value['name']) &&
    isText(value['detail']) &&
    isList(value['containers'], isContainer)
  );
}

function isContainer(value: unknown): value is ContainerView {
  return (
    isObject(value) &&
    isText(value['name']) &&
    isText(value['role']) &&
    typeof value['lacks'] === 'boolean' &&
    isState(value['now']) &&
    isNullOr(value['after'], isState) &&
    isText(value['why']) &&
    typeof value['opens'] === 'boolean'
  );
}

function isState(value: unknown): value is StateWords {
  return (
    isObject(value) &&
    ['automatic', 'projected', 'none'].includes(String(value['state'])) &&
    isText(value['text']) &&
    isList(value['details'], isText)
  );
}
