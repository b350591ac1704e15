import { reaches, type Threshold, type FileReport, type Report, type ReportedFinding } from '../report';
import type { Problem } from '../valuesFiles';

/**
 * The findings as a JUnit report: a suite for each file, with a test case for each finding, or one that passes.
 * @param report What was found.
 * @param threshold The minimum severity that fails a test case; what is below it passes, with the finding as its output.
 */
export function formatJunit({ files, problems }: Report, threshold: Threshold): string {
  const all = files.flatMap(({ findings }) => findings);
  const failures = countFailures(all, threshold);
  const tests = files.reduce((sum, { findings }) => sum + Math.max(1, findings.length), problems.length);
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="airflow-token-volume" tests="${tests}" failures="${failures}" errors="${problems.length}">
${[...files.map((file) => suiteOf(file, threshold)), ...problems.map(suiteOfProblem)].join('')}</testsuites>
`;
}

function suiteOf({ path, findings }: FileReport, threshold: Threshold): string {
  const tests = Math.max(1, findings.length);
  const cases =
    findings.length === 0
      ? `    <testcase name="no findings" classname="${escape(path)}" />\n`
      : findings.map((finding) => caseOf(path, finding, threshold)).join('');
  return `  <testsuite name="${escape(path)}" tests="${tests}" failures="${countFailures(findings, threshold)}" errors="0">
${cases}  </testsuite>
`;
}

function caseOf(path: string, finding: ReportedFinding, threshold: Threshold): string {
  const { code, severity, message, range } = finding;
  const place = `${range.start.line + 1}:${range.start.character + 1}`;
  const text = escape(`${path}:${place} ${severity} ${code}: ${message}`);
  const inside = reaches(severity, threshold)
    ? `<failure type="${severity}" message="${escape(message)}">${text}</failure>`
    : `<system-out>${text}</system-out>`;
  return `    <testcase name="${escape(`${code} at ${place}`)}" classname="${escape(path)}">
      ${inside}
    </testcase>
`;
}

function suiteOfProblem({ kind, path, message }: Problem): string {
  return `  <testsuite name="${escape(path)}" tests="1" failures="0" errors="1">
    <testcase name="${kind === 'unreadable' ? 'readable' : 'settings'}" classname="${escape(path)}">
      <error type="${kind}" message="${escape(message)}" />
    </testcase>
  </testsuite>
`;
}

function countFailures(findings: readonly ReportedFinding[], threshold: Threshold): number {
  return findings.filter(({ severity }) => reaches(severity, threshold)).length;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** A text as XML can have it: what is no character there is left out. */
function escape(text: string): string {
  return (
    text
      // eslint-disable-next-line no-control-regex
      .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF\p{Surrogate}]/gu, '')
      .replace(/[&<>"\t\n\r]/g, (character) => entities[character] ?? '')
  );
}
