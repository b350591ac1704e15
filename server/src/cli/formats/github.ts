import type { Severity } from '../../languageService';
import type { Report } from '../report';

const commands: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  information: 'notice',
  hint: 'notice',
};

/**
 * The findings as workflow commands of GitHub Actions, which shows them beside the lines of a pull request. What they have to
 * do with other files is told below them.
 */
export function formatGithub({ files }: Report): string {
  return files
    .flatMap(({ path, findings }) =>
      findings.map(({ code, severity, message, range: { start, end }, related }) => {
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
        const others = related
          .filter((place) => place.path !== path)
          .map((place) => `${place.path}:${place.range.start.line + 1}: ${place.message}`);
        return `::${commands[severity]} ${list}::${escapeText([message, ...others].join('\n'))}\n`;
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
