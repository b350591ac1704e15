import type { Range, TextEdit } from 'vscode-languageserver-types';
import type { Severity } from '../rules/rule';
import { toRange } from './ranges';
import type { Snapshot } from './snapshot';

/** A fix that can be made in the text as it is. */
export interface OfferedFix {
  readonly title: string;
  /** Whether it may be applied without being looked at. */
  readonly safe: boolean;
  readonly edits: readonly TextEdit[];
}

/** Another place that a finding speaks of. */
export interface RelatedPlace {
  readonly message: string;
  readonly range: Range;
}

/** A finding with everything that can be done about it. */
export interface CheckedFinding {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly range: Range;
  readonly related: () => RelatedPlace[];
  /** The fixes that can be made, the rule's favourite first; each call costs a reading of the entries they are in. */
  readonly fixes: () => OfferedFix[];
}

/** The findings of a document in the order of the text, each with its fixes. */
export function getFindings(snapshot: Snapshot): CheckedFinding[] {
  const { values } = snapshot;
  return snapshot.findings().map(({ rule, severity, finding }) => ({
    code: rule.code,
    severity,
    message: finding.message,
    range: toRange(values, finding.range),
    related: () =>
      (finding.related ?? []).map(({ message, range }) => ({ message, range: toRange(values, range) })),
    fixes: () =>
      finding.fixes.flatMap(({ title, safe = false, edits }) => {
        const made = edits();
        if (!made || made.length === 0) return [];
        return [
          {
            title,
            safe,
            edits: made.map(({ range, newText }) => ({ range: toRange(values, range), newText })),
          },
        ];
      }),
  }));
}
