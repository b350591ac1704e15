import { createHash } from 'node:crypto';
import { version } from '../../../../package.json';
import type { Range } from 'vscode-languageserver-types';
import { describeRules, type OfferedFix, type RuleDescription, type Severity } from '../../languageService';
import { program } from '../commands';
import type { FileReport, Report, ReportedFinding } from '../report';

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
  hint: 'note',
};

/** The name that stands for the folder in which the command was run. */
const sourceRoot = 'SRCROOT';

/**
 * The findings as SARIF 2.1.0, for code scanning.
 * @param report What was found, with fixes.
 */
export function formatSarif({ files, problems }: Report): string {
  const rules = describeRules();
  const indexes = new Map(rules.map(({ code }, index) => [code, index]));
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: program,
            version,
            semanticVersion: version,
            informationUri: 'https://github.com/airflow-token-volume/airflow-token-volume',
            rules: rules.map(describeRule),
          },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: {
          [sourceRoot]: { description: { text: 'The folder in which the command was run.' } },
        },
        invocations: [
          {
            executionSuccessful: problems.length === 0,
            toolExecutionNotifications: problems.map(({ kind, path, message }) => ({
              level: 'error',
              message: { text: kind === 'unreadable' ? `This file could not be read: ${message}` : message },
              locations: [{ physicalLocation: { artifactLocation: artifact(path) } }],
            })),
          },
        ],
        results: files.flatMap((file) => resultsOf(file, indexes)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function describeRule({ code, severity, offByDefault, summary, why, page, url }: RuleDescription): object {
  const markdown = page();
  return {
    id: code,
    shortDescription: { text: `${summary}.` },
    fullDescription: { text: withoutMarkup(why) },
    help: { text: withoutMarkup(markdown), markdown },
    helpUri: url,
    defaultConfiguration: { level: levels[severity], ...(offByDefault ? { enabled: false } : {}) },
  };
}

function resultsOf(file: FileReport, indexes: ReadonlyMap<string, number>): object[] {
  const seen = new Map<string, number>();
  return file.findings.map((finding) => {
    const { code, severity, message, range, related, fixes } = finding;
    const index = indexes.get(code);
    return {
      ruleId: code,
      ...(index === undefined ? {} : { ruleIndex: index }),
      level: levels[severity],
      message: { text: message },
      locations: [{ physicalLocation: location(file.path, range) }],
      ...(related.length > 0
        ? {
            relatedLocations: related.map((place) => ({
              message: { text: place.message },
              physicalLocation: location(place.path, place.range),
            })),
          }
        : {}),
      partialFingerprints: { 'airflowTokenVolume/v1': fingerprint(file, finding, seen) },
      ...(fixes.length > 0 ? { fixes: fixes.map((fix) => describeFix(file.path, fix)) } : {}),
    };
  });
}

function describeFix(path: string, { title, edits }: OfferedFix): object {
  return {
    description: { text: title },
    artifactChanges: [
      {
        artifactLocation: artifact(path),
        replacements: edits.map(({ range, newText }) => ({
          deletedRegion: region(range),
          ...(newText === '' ? {} : { insertedContent: { text: newText } }),
        })),
      },
    ],
  };
}

/** What stays the same when a finding only moves: its rule and its line, and which one of several like it it is. */
function fingerprint({ lineAt }: FileReport, finding: ReportedFinding, seen: Map<string, number>): string {
  const { line } = finding.range.start;
  const text = lineAt(line);
  const identity = `${finding.code}\n${text.trim()}`;
  const count = seen.get(identity) ?? 0;
  seen.set(identity, count + 1);
  return createHash('sha256').update(`${identity}\n${count}`).digest('hex').slice(0, 32);
}

function location(path: string, range: Range): object {
  return { artifactLocation: artifact(path), region: region(range) };
}

/** A path as a URI: from the working folder where it is below it, otherwise by itself. */
function artifact(path: string): object {
  const uri = path.split('/').map(encodeURIComponent).join('/');
  return uri.startsWith('../') ? { uri } : { uri, uriBaseId: sourceRoot };
}

/** SARIF counts lines and columns from one; the end is behind the last character, as in LSP. */
function region({ start, end }: Range): object {
  return {
    startLine: start.line + 1,
    startColumn: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
}

/** Markdown as plain text, as far as rules use it. */
function withoutMarkup(markdown: string): string {
  return markdown
    .replace(/^```\w*\n/gm, '')
    .replace(/^#+ /gm, '')
    .replace(/\*\*|`/g, '');
}
