import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { newestRelease, releaseOf } from '../chart/releases';
import { readValues } from '../values/document';
import { applyEdits } from '../testing/edits';
import { allRules } from './allRules';
import { parseFixture, type ExpectedFinding } from '../testing/fixture';
import { judge } from './judge';
import type { Finding, Rule } from './rule';
import { createSubject } from './subject';

const settings = {
  apiAudiences: ['https://kubernetes.default.svc.cluster.local', 'https://kubernetes.default.svc'],
};

function check(rule: Rule, text: string, file: string, chartVersion?: string): readonly Finding[] {
  const release = releaseOf(chartVersion) ?? newestRelease;
  const subject = createSubject(readValues(text), file, { ...settings, release });
  if (!rule.review) return rule.check(subject);
  const found = judge(allRules, [subject], new Map(), (code, error) => {
    throw new Error(`The rule ${code} failed`, { cause: error });
  });
  return found.filter((each) => each.rule === rule).map(({ finding }) => finding);
}

function located(rule: Rule, text: string, { range, severity, message }: Finding): ExpectedFinding {
  const before = text.slice(0, range.start).split('\n');
  const start = before.at(-1)?.length ?? 0;
  return {
    line: before.length - 1,
    start,
    end: start + range.end - range.start,
    severity: severity ?? rule.severity,
    code: rule.code,
    message,
  };
}

describe.each(allRules)('$code', (rule) => {
  const cases = parseFixture(readFileSync(new URL(`${rule.code}.fixture.yaml`, import.meta.url), 'utf8'));

  test('has fixtures with and without findings', () => {
    expect(cases.some(({ expected }) => expected.length > 0)).toBe(true);
    expect(cases.some(({ expected }) => expected.length === 0)).toBe(true);
  });

  test.each(cases)('$title', ({ text, file, chartVersion, expected, fixes }) => {
    const findings = check(rule, text, file, chartVersion);
    const actual = findings.map((finding) => located(rule, text, finding)).sort((a, b) => a.line - b.line);
    const wanted = expected.map((finding) => ({
      ...finding,
      message: expect.stringContaining(finding.message ?? '') as string,
    }));
    expect(actual).toEqual(wanted);
    for (const { title, text: after } of fixes) {
      const offered = findings.flatMap((finding) => finding.fixes);
      const fix = offered.find((candidate) => candidate.title === title);
      expect(
        fix,
        `offers ${title} among ${offered.map((candidate) => candidate.title).join(' | ')}`,
      ).toBeDefined();
      const edits = fix?.edits();
      expect(edits && applyEdits(text, edits), title).toBe(after);
    }
  });

  test('every fix of a fixture ends its finding, and only needs to be applied once', () => {
    for (const { text, file, chartVersion, title } of cases) {
      for (const [index, finding] of check(rule, text, file, chartVersion).entries()) {
        for (const fix of finding.fixes) {
          const edits = fix.edits();
          if (!edits) continue;
          expect(edits, `${title}: ${fix.title}`).not.toEqual([]);
          const after = applyEdits(text, edits);
          const left = check(rule, after, file, chartVersion);
          const here = ({ message, range }: Finding): boolean =>
            message === finding.message && range.start === finding.range.start;
          expect(left.filter(here), `${title}: ${fix.title} (finding ${index})`).toEqual([]);
          const offers = (findings: readonly Finding[]): number =>
            findings.flatMap(({ fixes }) => fixes).filter((offered) => offered.title === fix.title).length;
          expect(offers(left), `${title}: ${fix.title} again`).toBeLessThan(
            offers(check(rule, text, file, chartVersion)),
          );
        }
      }
    }
  });

  test('its page shows values that it reports, and the same mended', () => {
    const { wrong, right, chartVersion } = rule.documentation;
    expect(check(rule, wrong, 'values.yaml', chartVersion)).not.toEqual([]);
    expect(check(rule, right, 'values.yaml', chartVersion)).toEqual([]);
  });
});

const chart = new URL('../../../../shared/data/airflow-chart-1.22.0/values.yaml', import.meta.url);
test.runIf(existsSync(chart))("the chart's own values raise hints only", () => {
  const text = readFileSync(chart, 'utf8');
  const findings = allRules.flatMap((rule) =>
    (rule.offByDefault ? [] : check(rule, text, 'values.yaml')).map((found) => located(rule, text, found)),
  );
  expect(findings.filter(({ severity }) => severity !== 'hint')).toEqual([]);
});
