import type { ValuesDocument } from './document';
import { readAsHelm } from './helmReader';
import { HelmRefusal } from './helmTokens';
import type { Values } from './layers';

/** Longest text that is read, in UTF-16 units. */
const longestText = 2_000_000;

/** Why a file cannot be read as values. */
export interface Unreadable {
  /** Offset of the place where reading fails. */
  readonly at: number;
  /** What is wrong there, without a full stop. */
  readonly problem: string;
}

/**
 * Reads all of a values file, aliases followed and maps merged, as Helm does before it looks at the chart. Unlike in
 * what the document itself tells, nothing is passed over: one place that Helm cannot read makes all of it unreadable.
 * @returns Its root, empty for a file without content; or why Helm would refuse it.
 */
export function wholeValues({
  text,
  documentRange,
}: ValuesDocument): { values: Values } | { unreadable: Unreadable } {
  if (text.length > longestText)
    return { unreadable: { at: 0, problem: 'The file is too large to be read' } };
  try {
    const root = readAsHelm(text);
    if (root === null) return { values: {} };
    if (typeof root === 'object' && !Array.isArray(root)) return { values: root as Values };
    const at = documentRange.start + text.slice(documentRange.start).search(/\S|$/);
    return { unreadable: { at, problem: 'Helm cannot read it as a map of values' } };
  } catch (error) {
    if (!(error instanceof HelmRefusal)) throw error;
    return { unreadable: { at: error.at, problem: `Helm cannot read it: ${error.message}` } };
  }
}
