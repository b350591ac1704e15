import type { Range } from 'vscode-languageserver-types';
import { severities } from '../../languageService';
import { program } from '../commands';
import {
  countOfSeverity,
  type FileReport,
  type Report,
  type ReportedFinding,
  type ReportedPlace,
} from '../report';
import type { Style } from '../style';

/** How much of a long line is shown, in columns. */
const widest = 120;

/**
 * The findings for people: each with its line, what is marked in it, and the titles of its fixes; then the count.
 * @param report What was found, with fixes.
 * @param style The colours.
 */
export function formatText(report: Report, style: Style): string {
  const parts = report.files.flatMap((file) =>
    file.findings.map((finding) => oneFinding(file, finding, style)),
  );
  return [...parts, summary(report, style)].join('\n');
}

function oneFinding({ path, lineAt }: FileReport, finding: ReportedFinding, style: Style): string {
  const { code, severity, message, range, related, fixes } = finding;
  const paint = style.severity[severity];
  const line = range.start.line;
  const width = String(line + 1).length;
  const bar = style.gutter('|');
  const text = lineAt(line);
  const { source, before, marked } = excerpt(text, range);
  const place = style.strong(`${printable(path)}:${line + 1}:${range.start.character + 1}`);
  const margin = ' '.repeat(width);
  const more = (word: string, said: string): string =>
    `${margin} ${style.gutter('=')} ${style.strong(word)}: ${printable(said)}\n`;
  return `${place} ${paint(severity)} ${style.strong(code)}: ${printable(message)}
${margin} ${bar}
${style.gutter(String(line + 1))} ${bar} ${source}
${margin} ${bar} ${before}${paint(marked)}
${related.map((other) => more('note', `${placeOf(other, path)}: ${other.message}`)).join('')}${fixes
    .map(({ title }) => more('help', title))
    .join('')}`;
}

/** Where another place is; in the same file its line will do. */
function placeOf({ path: other, range: { start } }: ReportedPlace, path: string): string {
  return other === path ? `line ${start.line + 1}` : `${other}:${start.line + 1}`;
}

/** A line as it is printed, cut where it is long, with the white space before its mark and the mark. */
function excerpt(text: string, { start, end }: Range): { source: string; before: string; marked: string } {
  const from = Math.min(start.character, text.length);
  const to = end.line > start.line ? text.length : Math.min(end.character, text.length);
  // Enough before the mark to see where it is, and the rest of the room for what comes after.
  const first = text.length > widest && from > widest / 2 ? from - widest / 4 : 0;
  const last = text.length - first > widest ? first + widest : text.length;
  const head = first > 0 ? '…' : '';
  const tail = last < text.length ? '…' : '';
  const before = head + printable(text.slice(first, from));
  const marked = printable(text.slice(from, Math.min(to, last)));
  return {
    source: head + printable(text.slice(first, last)) + tail,
    before: before.replace(/[^\t]+/g, (run) => ' '.repeat(columnsOf(run))),
    marked: '^'.repeat(Math.max(1, columnsOf(marked))),
  };
}

/** The columns of a terminal that a text takes, near enough for lining up marks; a tab counts as one. */
function columnsOf(text: string): number {
  if (/^[\t -~]*$/.test(text)) return text.length;
  return graphemesOf(text).reduce((sum, grapheme) => sum + (wide.test(grapheme) ? 2 : 1), 0);
}

const wide =
  /\p{Emoji_Presentation}|[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}]/u;

/** What a reader takes for one character each. */
function graphemesOf(text: string): string[] {
  return Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
}

/** A text that does nothing to a terminal but show; what would is replaced. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u0008\u000A-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g, '\uFFFD');
}

function summary(report: Report, style: Style): string {
  const { files, problems } = report;
  const where = `${files.length} ${files.length === 1 ? 'file' : 'files'}`;
  const unreadable = problems.filter(({ kind }) => kind === 'unreadable').length;
  const unread = [
    unreadable === 0 ? '' : ` ${unreadable} could not be read.`,
    unreadable === problems.length ? '' : ' Files with a mistake in their settings were not checked.',
  ].join('');
  if (files.length === 0) return `No values for the Airflow chart found.${unread}\n`;
  const findings = files.flatMap((file) => file.findings);
  if (findings.length === 0) return `${style.strong('No findings')} in ${where}.${unread}\n`;
  const counts = severities.flatMap((severity) => {
    const count = countOfSeverity(report, severity);
    return count === 0 ? [] : [style.severity[severity](`${count} ${plural(severity, count)}`)];
  });
  const hit = files.filter((file) => file.findings.length > 0).length;
  const isFixable = findings.some(({ fixes }) => fixes.some(({ safe }) => safe));
  // How many of them stay safe together only the attempt shows, which would cost as much as the check.
  const help = isFixable ? ` Run "${program} fix" to apply the safe fixes.` : '';
  return `${counts.join(', ')} in ${files.length === 1 ? where : `${hit} of ${where}`}.${help}${unread}\n`;
}

function plural(severity: string, count: number): string {
  return count === 1 || severity === 'information' ? severity : `${severity}s`;
}
