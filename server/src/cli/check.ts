import { choiceOf, countOf, type Arguments } from './arguments';
import { thresholds, checkFormats } from './commands';
import { formatGithub } from './formats/github';
import { formatJson } from './formats/json';
import { formatJunit } from './formats/junit';
import { formatSarif } from './formats/sarif';
import { formatText } from './formats/text';
import { countOfSeverity, reaches, reportOn, type Threshold, type FileReport, type Report } from './report';
import { exitCodes, type ExitCode, type Environment } from './environment';
import { styleFor } from './style';
import { fileAt } from './openRepositories';
import { shownPath, tellSkipped, visitValuesFiles } from './valuesFiles';

/**
 * Reports the findings in values files.
 * @param args The command's arguments.
 * @param environment The process.
 * @throws {UsageError} For arguments that make no sense.
 */
export async function check(args: Arguments, environment: Environment): Promise<ExitCode> {
  const format = choiceOf(checkFormats, args.value('format'), 'text');
  const threshold = choiceOf(thresholds, args.value('fail-on'), 'error');
  const mostWarnings = countOf('max-warnings', args.value('max-warnings'));
  const files: FileReport[] = [];
  const withFixes = format !== 'github' && format !== 'junit';
  const show = (uri: string): string => shownPath(environment, fileAt(uri));
  const outcome = await visitValuesFiles(args, environment, (_, service) => ({
    visit: (file) => {
      files.push(reportOn(file, service, withFixes, show));
    },
  }));
  const report: Report = { files, problems: outcome.problems };
  environment.out.write(print(report, format, threshold, environment));
  tellSkipped(outcome, environment);
  const tooMany = mostWarnings !== undefined && countOfSeverity(report, 'warning') > mostWarnings;
  if (tooMany) environment.err.write(`There are more warnings than --max-warnings ${mostWarnings} allows.\n`);
  if (report.problems.length > 0) return exitCodes.failure;
  const fails = files.some(({ findings }) => findings.some(({ severity }) => reaches(severity, threshold)));
  return fails || tooMany ? exitCodes.findings : exitCodes.clean;
}

function print(
  report: Report,
  format: (typeof checkFormats)[number],
  threshold: Threshold,
  environment: Environment,
): string {
  switch (format) {
    case 'text':
      return formatText(report, styleFor(environment.out, environment.env));
    case 'json':
      return formatJson(report);
    case 'sarif':
      return formatSarif(report);
    case 'github':
      return formatGithub(report);
    case 'junit':
      return formatJunit(report, threshold);
  }
}
