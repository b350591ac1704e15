import type { Severity } from '../../languageService';
import type { Report } from '../report';

const commands: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  information: 'notice',
  hint: 'notice',
};

/** The findings as workflow commands of GitHub Actions, which shows them beside the lines of a pull request. */
export function formatGithub({ files }: Report): string {
  return files
    .flatMap(({ path, findings }) =>
      findings.map(({ code, severity, message, range: { start, end } }) => {
        const properties: readonly (readonly [string, string | number])[] = [
          ['file', path],
          ['line', start.line + 1],
          ['endLine', end.line + 1],
          // GitHub takes columns only for a range on one line.
          ...(start.line === end.line
            ? ([
                ['col', start.character + 1],
                ['endColumn', end.character + 1],
              ] as const)
            : []),
          ['title', code],
        ];
        const list = properties.map(([name, value]) => `${name}=${escapeProperty(String(value))}`).join(',');
        return `::${commands[severity]} ${list}::${escapeText(message)}\n`;
      }),
    )
    .join('');
}

function escapeText(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeText(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
