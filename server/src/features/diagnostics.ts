import { DiagnosticSeverity, DiagnosticTag, type Diagnostic } from 'vscode-languageserver-types';
import type { RuleFinding } from '../rules/judge';
import type { Severity } from '../rules/rule';
import { toFileRange } from './ranges';
import type { PartSnapshot } from './snapshot';

/** The name under which the editor shows diagnostics. */
const diagnosticSource = 'airflow-token-volume';

const pages = 'https://github.com/airflow-token-volume/airflow-token-volume/blob/main/docs/rules';

/** The address of a rule's page. */
export function pageOf(code: string): string {
  return `${pages}/${code}.md`;
}

/** The findings in values as LSP's diagnostics, in the order of the text. */
export function getDiagnostics(snapshot: PartSnapshot): Diagnostic[] {
  return snapshot.findings().map((found) => toDiagnostic(snapshot, found));
}

/** One finding as LSP's diagnostic. */
export function toDiagnostic(
  { uri, excerpt }: Pick<PartSnapshot, 'uri' | 'excerpt'>,
  { rule, finding, severity }: RuleFinding,
): Diagnostic {
  return {
    range: toFileRange(excerpt, finding.range),
    severity: severities[severity],
    code: rule.code,
    codeDescription: { href: pageOf(rule.code) },
    source: diagnosticSource,
    message: finding.message,
    ...(finding.unnecessary ? { tags: [DiagnosticTag.Unnecessary] } : {}),
    ...(finding.related && finding.related.length > 0
      ? {
          relatedInformation: finding.related.map(({ range, message, layer = { uri, excerpt } }) => ({
            location: { uri: layer.uri, range: toFileRange(layer.excerpt, range) },
            message,
          })),
        }
      : {}),
  };
}

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};
