import { releaseOf } from '../chart/releases';
import { addIgnore } from '../rules/ignores';
import { judge } from '../rules/judge';
import type { Rule } from '../rules/rule';
import { createSubject } from '../rules/subject';
import { readValues } from '../values/document';
import { defaultSettings, levels } from './settings';

/**
 * What a rule's page says, as Markdown: what is reported and why, values that are and that are not, the fixes, and how
 * to have it otherwise.
 * @param rule The rule.
 */
export function rulePage(rule: Rule): string {
  const {
    code,
    severity,
    offByDefault,
    documentation: { summary, why, wrong, right, fix, chartVersion },
  } = rule;
  const level = offByDefault ? severity : 'off';
  return `# ${code}

${summary}.

Severity: **${severity}**${offByDefault ? ', and off by default' : ''}

## Why

${why}

## Reported

${chartVersion === undefined ? '' : `For chart ${chartVersion}:\n\n`}\`\`\`yaml
${wrong}\`\`\`

## Better

\`\`\`yaml
${right}\`\`\`

## Quick fixes

${fix}

## How to configure it

${offByDefault ? 'Nothing is reported unless the settings give it a severity' : 'The settings can switch it off, or give all that it reports another severity'}: ${levels.map((each) => `\`${each}\``).join(', ')}. In VS Code's \`settings.json\`:

\`\`\`json
"airflowTokenVolume.rules": { "${code}": "${level}" }
\`\`\`

For the command line, in \`.airflow-token-volume.yaml\`:

\`\`\`yaml
rules:
  ${code}: ${level}
\`\`\`

${howToIgnore(rule)}`;
}

function howToIgnore(rule: Rule): string {
  if (rule.review) return 'A comment cannot ignore it.\n';
  return `A comment ignores it in one place, at the end of the line or on a line of its own above:

\`\`\`yaml
${exampleOfIgnoring(rule)}
\`\`\`
`;
}

/** The line of the page's wrong example that is reported, with a comment that ignores it. */
function exampleOfIgnoring(rule: Rule): string {
  const { code, severity, documentation } = rule;
  const document = readValues(documentation.wrong);
  const release = releaseOf(documentation.chartVersion) ?? defaultSettings.release;
  const subject = createSubject(document, 'values.yaml', { ...defaultSettings, release });
  const [found] = judge([rule], [subject], new Map([[code, severity]]), (_, error) => {
    throw new Error(`The rule ${code} failed`, { cause: error });
  });
  const edits = found && addIgnore(document, found.finding.range.start, code);
  if (!edits) throw new Error(`What ${code} reports in its own example cannot be ignored.`);
  const lines = document.edit(edits).text.split('\n');
  const comment = lines.findIndex((line) => line.includes(`: ignore ${code}`));
  const isAlone = /^\s*#/.test(lines[comment] ?? '');
  return lines
    .slice(comment, comment + (isAlone ? 2 : 1))
    .map((line) => line.trim().replace(/: ignore .*$/, '$& -- the reason, if you like'))
    .join('\n');
}
