import { choiceOf, countOf, type Arguments } from './arguments';
import { bars, checkFormats } from './commands';
import { formatGithub } from './formats/github';
import { formatJson } from './formats/json';
import { formatJunit } from './formats/junit';
import { formatSarif } from './formats/sarif';
import { formatText } from './formats/text';
import { countOfSeverity, reaches, reportOn, type Bar, type FileReport, type Report } from './report';
import { exitCodes, type ExitCode, type Shell } from './shell';
import { styleFor } from './style';
import { createService, tellSkipped, visitValuesFiles } from './valuesFiles';

/**
 * Reports the findings in values files.
 * @param args The command's arguments.
 * @param shell The process.
 * @throws {UsageError} For arguments that make no sense.
 */
export async function check(args: Arguments, shell: Shell): Promise<ExitCode> {
  const format = choiceOf(checkFormats, args.value('format'), 'text');
  const bar = choiceOf(bars, args.value('fail-on'), 'error');
  const mostWarnings = countOf('max-warnings', args.value('max-warnings'));
  const service = createService(shell);
  const files: FileReport[] = [];
  const withFixes = format !== 'github' && format !== 'junit';
  const outcome = await visitValuesFiles(args, shell, service, (file) => {
    files.push(reportOn(file, service, withFixes));
  });
  const report: Report = { files, unreadable: outcome.unreadable };
  shell.out.write(print(report, format, bar, shell));
  if (format === 'text') tellSkipped(outcome, shell);
  const tooMany = mostWarnings !== undefined && countOfSeverity(report, 'warning') > mostWarnings;
  if (tooMany) shell.err.write(`There are more warnings than --max-warnings ${mostWarnings} allows.\n`);
  if (report.unreadable.length > 0) return exitCodes.failure;
  const fails = files.some(({ findings }) => findings.some(({ severity }) => reaches(severity, bar)));
  return fails || tooMany ? exitCodes.findings : exitCodes.clean;
}

function print(report: Report, format: (typeof checkFormats)[number], bar: Bar, shell: Shell): string {
  switch (format) {
    case 'text':
      return formatText(report, styleFor(shell.out, shell.env));
    case 'json':
      return formatJson(report);
    case 'sarif':
      return formatSarif(report);
    case 'github':
      return formatGithub(report);
    case 'junit':
      return formatJunit(report, bar);
  }
}
