import { parseDocument } from 'yaml';
import { unknown, type PlainValue, type ValuesDocument } from './document';
import type { Values } from './layers';

/** Why a file cannot be read as values. */
export interface Unreadable {
  /** Offset of the place where reading fails. */
  readonly at: number;
  /** What is wrong there, without a full stop. */
  readonly problem: string;
}

/**
 * Reads all of a values file, aliases followed and maps merged, as Helm does before it looks at the chart.
 * @returns Its root, empty for a file without content; or why Helm would refuse it.
 */
export function wholeValues(document: ValuesDocument): { values: Values } | { unreadable: Unreadable } {
  if (document.root.unread.length > 0) return { unreadable: whyUnreadable(document) };
  const keys = new Set(document.topLevelKeys);
  if (keys.delete('<<')) {
    for (const { value } of document.entries('<<')) {
      for (const key of keysOf(document.plain(value))) keys.add(key);
    }
  }
  const values = new Map<string, PlainValue>();
  for (const key of keys) {
    const found = document.find([key]);
    const value = found.state === 'set' ? document.plain(found.value) : unknown;
    if (value === unknown) return { unreadable: whyUnreadable(document) };
    values.set(key, value);
  }
  return { values: Object.fromEntries(values) };
}

function keysOf(value: PlainValue | typeof unknown): string[] {
  if (value === unknown || value === null || typeof value !== 'object') return [];
  return Array.isArray(value) ? value.flatMap((item: PlainValue) => keysOf(item)) : Object.keys(value);
}

function whyUnreadable({ text, documentRange: { start, end } }: ValuesDocument): Unreadable {
  const { errors } = parseDocument(text.slice(start, end), { prettyErrors: false, uniqueKeys: false });
  const first = errors[0];
  if (!first) return { at: start, problem: 'Helm cannot read it as a map of values' };
  return { at: start + first.pos[0], problem: `Helm cannot read it: ${first.message.replace(/\.$/, '')}` };
}
