import type { Range, TextEdit } from 'vscode-languageserver-types';
import type { Severity } from '../rules/rule';
import { toFileEdit, toFileRange } from './ranges';
import type { PartSnapshot } from './snapshot';

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
  /** The address of its file. */
  readonly uri: string;
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

/** The findings in values in the order of the text, each with its fixes. */
export function getFindings(part: PartSnapshot): CheckedFinding[] {
  const { uri, excerpt } = part;
  return part.findings().map(({ rule, severity, finding }) => ({
    code: rule.code,
    severity,
    message: finding.message,
    range: toFileRange(excerpt, finding.range),
    related: () =>
      (finding.related ?? []).map(({ message, range, layer = { uri, excerpt } }) => ({
        message,
        uri: layer.uri,
        range: toFileRange(layer.excerpt, range),
      })),
    fixes: () =>
      finding.fixes.flatMap(({ title, safe = false, edits }) => {
        const made = edits() ?? [];
        const inFile = made.flatMap((edit) => (edit.layer ? [] : (toFileEdit(excerpt, edit) ?? [])));
        // What is changed in several files is for somebody to look at.
        return inFile.length === 0 || inFile.length < made.length ? [] : [{ title, safe, edits: inFile }];
      }),
  }));
}
