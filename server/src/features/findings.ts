import type { Diagnostic, TextEdit } from 'vscode-languageserver-types';
import { toDiagnostic } from './diagnostics';
import { toRange } from './ranges';
import type { Snapshot } from './snapshot';

/** A fix that can be made in the text as it is. */
export interface OfferedFix {
  readonly title: string;
  /** Whether it may be applied without being looked at. */
  readonly safe: boolean;
  readonly edits: readonly TextEdit[];
}

/** A finding with everything that can be done about it. */
export interface CheckedFinding {
  readonly diagnostic: Diagnostic;
  /** The fixes that can be made, the rule's favourite first; each call costs a reading of the entries they are in. */
  readonly fixes: () => OfferedFix[];
}

/** The findings of a document in the order of the text, each with its fixes. */
export function getFindings(snapshot: Snapshot): CheckedFinding[] {
  return snapshot.findings().map((found) => ({
    diagnostic: toDiagnostic(snapshot, found),
    fixes: () =>
      found.finding.fixes.flatMap(({ title, safe = false, edits }) => {
        const made = edits();
        if (!made || made.length === 0) return [];
        const { textDocument } = snapshot;
        return [
          {
            title,
            safe,
            edits: made.map(({ range, newText }) => ({ range: toRange(textDocument, range), newText })),
          },
        ];
      }),
  }));
}
