import type { Diagnostic, Range } from 'vscode-languageserver-types';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { severities, type LanguageService, type OfferedFix, type Severity } from '../languageService';
import type { UnreadableFile, ValuesFile } from './valuesFiles';

/** A finding as it is printed. */
export interface ReportedFinding {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly range: Range;
  readonly related: readonly { readonly message: string; readonly range: Range }[];
  readonly fixes: readonly OfferedFix[];
}

/** A file that was checked. */
export interface FileReport {
  readonly path: string;
  readonly document: TextDocument;
  readonly findings: readonly ReportedFinding[];
  /** How many findings can be resolved without anybody looking on. */
  readonly fixable: number;
}

/** What a check found. */
export interface Report {
  readonly files: readonly FileReport[];
  readonly unreadable: readonly UnreadableFile[];
}

/** The least severity that counts as a failure. */
export type Bar = Severity | 'never';

/**
 * What was found in a file.
 * @param file The file.
 * @param service What looked at it.
 * @param withFixes Whether the fixes will be printed; to find out which ones can be made takes time.
 */
export function reportOn(
  { path, snapshot }: ValuesFile,
  service: LanguageService,
  withFixes: boolean,
): FileReport {
  const findings = service.findings(snapshot).map(({ diagnostic, fixes }): ReportedFinding => ({
    code: String(diagnostic.code),
    // LSP counts severities from 1.
    severity: severities[(diagnostic.severity ?? 1) - 1] ?? 'error',
    message: textOf(diagnostic.message),
    range: diagnostic.range,
    related: (diagnostic.relatedInformation ?? []).map(({ message, location }) => ({
      message,
      range: location.range,
    })),
    fixes: withFixes ? fixes() : [],
  }));
  // A fix that is safe by itself may not be so here, which only the attempt shows.
  const mayBeFixed = findings.some(({ fixes }) => fixes.some(({ safe }) => safe));
  const fixable = mayBeFixed ? (service.nextRepair(snapshot, false)?.titles.length ?? 0) : 0;
  return { path, document: snapshot.textDocument, findings, fixable };
}

/** A message of LSP, which may be Markdown for clients that asked for it. */
function textOf(message: Diagnostic['message']): string {
  return typeof message === 'string' ? message : message.value;
}

/** Says whether a finding of one severity is a failure. */
export function reaches(severity: Severity, bar: Bar): boolean {
  return bar !== 'never' && severities.indexOf(severity) <= severities.indexOf(bar);
}

/** How many findings of a severity there are. */
export function countOfSeverity({ files }: Report, severity: Severity): number {
  return files.reduce(
    (sum, { findings }) => sum + findings.filter((finding) => finding.severity === severity).length,
    0,
  );
}
