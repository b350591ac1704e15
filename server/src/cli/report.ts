import type { Range } from 'vscode-languageserver-types';
import { lineAt, severities, type LanguageService, type OfferedFix, type Severity } from '../languageService';
import type { Problem, ValuesFile } from './valuesFiles';

/** Another place that a finding speaks of. */
export interface ReportedPlace {
  /** Its file, called as files that are checked are. */
  readonly path: string;
  readonly message: string;
  readonly range: Range;
}

/** A finding as it is printed. */
export interface ReportedFinding {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly range: Range;
  readonly related: readonly ReportedPlace[];
  readonly fixes: readonly OfferedFix[];
}

/** A file that was checked. */
export interface FileReport {
  readonly path: string;
  /** The text of one of its lines, counted from 0. */
  readonly lineAt: (line: number) => string;
  readonly findings: readonly ReportedFinding[];
}

/** What a check found. */
export interface Report {
  readonly files: readonly FileReport[];
  readonly problems: readonly Problem[];
}

/** The minimum severity that counts as a failure. */
export type Threshold = Severity | 'never';

/** For how many findings of a file the fixes are made, as in the editor; each costs a reading of the entry it is in. */
const mostFixed = 50;

/**
 * What was found in a file.
 * @param file The file.
 * @param service What looked at it.
 * @param withFixes Whether fixes will be printed; to find out which ones can be made takes time.
 * @param show Makes the address of another file into what the user is to read.
 */
export function reportOn(
  { path, snapshot }: ValuesFile,
  service: LanguageService,
  withFixes: boolean,
  show: (uri: string) => string = (uri) => uri,
): FileReport {
  const findings = service
    .findings(snapshot)
    .map(({ related, fixes, ...printed }, index): ReportedFinding => ({
      ...printed,
      related: related().map(({ uri, message, range }) => ({
        path: uri === snapshot.uri ? path : show(uri),
        message,
        range,
      })),
      fixes: withFixes && index < mostFixed ? fixes() : [],
    }));
  return { path, lineAt: (line) => lineAt(snapshot, line), findings };
}

/** Says whether a finding of one severity is a failure. */
export function reaches(severity: Severity, threshold: Threshold): boolean {
  return threshold !== 'never' && severities.indexOf(severity) <= severities.indexOf(threshold);
}

/** How many findings of a severity there are. */
export function countOfSeverity({ files }: Report, severity: Severity): number {
  return files.reduce(
    (sum, { findings }) => sum + findings.filter((finding) => finding.severity === severity).length,
    0,
  );
}
