import type { TextEdit } from '../values/edit';
import { replaceText } from '../values/edit';
import type { MapEntry, TextRange } from '../values/tree';
import { onOneLine, type Subject } from './subject';

/** One name in the file's `executor`, with everything between the commas around it. */
export interface ExecutorName {
  readonly text: string;
  /** The name where it stands, or the whole value where its parts cannot be told apart in the text. */
  readonly range: TextRange;
}

/** What the file has as `executor`, where it is a text. */
export interface ExecutorNames {
  readonly text: string;
  /** The value, or the key where the value takes several lines. */
  readonly range: TextRange;
  readonly names: readonly ExecutorName[];
}

/** The names in the file's `executor`; undefined where it has none, or one that is no text or a template. */
export function executorNames(subject: Subject): ExecutorNames | undefined {
  const found = subject.find('executor');
  if (found.state !== 'set' || found.value.kind !== 'scalar') return undefined;
  const { value: text } = found.value;
  if (typeof text !== 'string' || text.includes('{{')) return undefined;
  const range = onOneLine(subject, found.entry);
  const start = firstCharacter(subject, found.entry, text);
  let offset = start ?? 0;
  const names = text.split(',').map((name): ExecutorName => {
    const own = { start: offset, end: offset + name.length };
    offset = own.end + 1;
    return { text: name, range: start === undefined || name === '' ? range : own };
  });
  return { text, range, names };
}

/** Where a text begins in the file; undefined where it is not written there as it is. */
function firstCharacter({ document }: Subject, { value }: MapEntry, text: string): number | undefined {
  if (value.kind !== 'scalar') return undefined;
  const quote = value.style === 'plain' ? 0 : 1;
  const start = value.range.start + quote;
  return document.slice(start, value.range.end - quote) === text ? start : undefined;
}

/** The edit that writes another list of executors, each name once. */
export function writeExecutors(subject: Subject, names: readonly string[]): TextEdit[] | undefined {
  return replaceText(subject.document, ['executor'], listOfExecutors(names));
}

/** Executors as the chart wants them: separated by commas, each name once. */
export function listOfExecutors(names: readonly string[]): string {
  return [...new Set(names)].join(',');
}
