import * as l10n from '@vscode/l10n';
import type { TextEdit } from '../values/edit';
import { mends } from './changes';
import { readIgnores, type IgnoreComment } from './ignores';
import type { Finding, Fix, Rule, Severity, Verdict } from './rule';
import type { RelatedPlace, Subject, Subjects } from './subject';
import { listOf } from './words';

/** How much the findings of a rule matter to the user; `off` when the rule is not to be run. */
export type RuleLevel = Severity | 'off';

/** What the user chose, by code; a rule that is not in it goes by its own severity. */
export type RuleLevels = ReadonlyMap<string, RuleLevel>;

/** A finding with the rule that has it, and how much it matters. */
export interface RuleFinding {
  readonly rule: Rule;
  readonly finding: Finding;
  readonly severity: Severity;
  /** What it was found in. */
  readonly subject: Subject;
}

/** Takes the news that a rule failed, which is a mistake in the rule. */
export type ReportFailure = (code: string, error: unknown) => void;

/**
 * Runs rules on a file in every stack that it is deployed with, and leaves out what its comments ignore. A finding that
 * does not hold in all stacks says in which it does.
 * @param rules The rules. Those that are switched off are not run.
 * @param subjects What they judge.
 * @param levels The user's choice of severities.
 * @param report Told of rules that throw; their findings are left out.
 * @returns The findings in the order of the text, so many of each rule as somebody may want to read.
 */
export function judge(
  rules: readonly Rule[],
  subjects: Subjects,
  levels: RuleLevels,
  report: ReportFailure,
): readonly RuleFinding[] {
  const judged = new Set<string>();
  const [{ document }] = subjects;
  const run = (rule: Rule, subject: Subject, check: () => readonly Finding[]): readonly RuleFinding[] => {
    const level = levels.get(rule.code) ?? (rule.offByDefault ? 'off' : undefined);
    if (level === 'off') return [];
    try {
      const findings = check();
      judged.add(rule.code);
      return findings.map((finding) => ({
        rule,
        finding: { ...finding, fixes: finding.fixes.map((fix) => confirming(fix, rule, subject)) },
        severity: level ?? finding.severity ?? rule.severity,
        subject,
      }));
    } catch (error) {
      report(rule.code, error);
      return [];
    }
  };
  const found = acrossStacks(
    subjects.map((subject) =>
      withoutRepetitions(rules.flatMap((rule) => run(rule, subject, () => rule.check(subject)))),
    ),
  );
  const ignores = readIgnores(document);
  const heard = ignores.length === 0 ? found : withIgnores(ignores);
  return withoutMasses([...heard].sort((a, b) => a.finding.range.start - b.finding.range.start));

  function withIgnores(comments: readonly IgnoreComment[]): readonly RuleFinding[] {
    const ignored = new Set(
      comments.flatMap(({ line, codes }) => codes.map(({ code }) => `${line} ${code}`)),
    );
    const onLines = new Map<number, Set<string>>();
    const unignored = found.filter(({ rule: { code }, finding }) => {
      const line = document.lineStartAt(finding.range.start);
      onLines.set(line, (onLines.get(line) ?? new Set()).add(code));
      return !ignored.has(`${line} ${code}`);
    });
    const verdict: Verdict = {
      ignores: comments,
      codes: rules.map(({ code }) => code),
      isJudged: (code) => judged.has(code),
      foundOn: (line) => [...(onLines.get(line) ?? [])],
    };
    const reviewed = rules.flatMap((rule) => {
      const { review } = rule;
      return review ? run(rule, subjects[0], () => review(subjects, verdict)) : [];
    });
    return [...unignored, ...reviewed];
  }
}

/**
 * The fix, without edits that would not end its finding in all layers. They are made once, however often they are asked
 * for: each time costs a reading of the text.
 */
function confirming(fix: Fix, { check, review }: Rule, subject: Subject): Fix {
  let made: { readonly edits: TextEdit[] | undefined } | undefined;
  const make = (): TextEdit[] | undefined => {
    const edits = fix.edits();
    return edits && (review || mends(subject, check, edits)) ? edits : undefined;
  };
  return { ...fix, edits: () => (made ??= { edits: make() }).edits };
}

/** An alias brings the same text to several components. */
function withoutRepetitions(findings: readonly RuleFinding[]): readonly RuleFinding[] {
  const seen = new Set<string>();
  return findings.filter(({ rule, finding: { range } }) => {
    const identity = `${rule.code} ${range.start} ${range.end}`;
    return !seen.has(identity) && seen.add(identity);
  });
}

/**
 * What was found in several stacks, each thing once. Where it does not hold in all of them, its message begins with the
 * names of those in which it does.
 */
function acrossStacks(byStack: readonly (readonly RuleFinding[])[]): readonly RuleFinding[] {
  const [only = []] = byStack;
  if (byStack.length < 2) return only;
  const groups = new Map<string, RuleFinding[]>();
  for (const found of byStack.flat()) {
    const { range, message } = found.finding;
    const identity = `${found.rule.code} ${range.start} ${range.end} ${message}`;
    const group = groups.get(identity);
    if (group) group.push(found);
    else groups.set(identity, [found]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const related = relatedOf(group.slice(0, mostNames));
    const names = group.flatMap(({ subject: { stack } }) => stack?.name ?? []);
    const said = first.finding.message;
    const message =
      group.length === byStack.length
        ? said
        : l10n.t({
            message: 'In {0}: {1}',
            args: [listOfStacks(names), said],
            comment: ['{0} is a list of environments, {1} a sentence'],
          });
    return { ...first, finding: { ...first.finding, message, related } };
  });
}

/** The other places of the same finding in several stacks, each once. */
function relatedOf(group: readonly RuleFinding[]): RelatedPlace[] {
  const places = group.flatMap(({ finding }) => finding.related ?? []);
  const identities = places.map(
    ({ layer, range, message }) => `${layer?.uri ?? ''} ${range.start} ${range.end} ${message}`,
  );
  return places.filter((_, index) => identities.indexOf(identities[index] ?? '') === index);
}

/** How many stacks are named in a message, and how many are asked for other places. */
const mostNames = 3;

function listOfStacks(names: readonly string[]): string {
  const distinct = [...new Set(names)];
  const rest = distinct.length - mostNames;
  return listOf(rest > 1 ? [...distinct.slice(0, mostNames), l10n.t('{0} more', rest)] : distinct);
}

/** How many findings of one rule are shown. Thousands of them come from files that nobody wrote by hand. */
const mostFindings = 500;

/** Leaves out what a rule finds beyond that, and says so with the last one that is shown. */
function withoutMasses(findings: readonly RuleFinding[]): readonly RuleFinding[] {
  if (findings.length <= mostFindings) return findings;
  const counts = new Map<Rule, number>();
  for (const { rule } of findings) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  const shown = new Map<Rule, number>();
  return findings.flatMap((found) => {
    const place = (shown.get(found.rule) ?? 0) + 1;
    shown.set(found.rule, place);
    const left = (counts.get(found.rule) ?? 0) - mostFindings;
    if (left <= 0 || place < mostFindings) return [found];
    if (place > mostFindings) return [];
    const message = `${found.finding.message} ${l10n.t('({0} more like this are not shown.)', left)}`;
    return [{ ...found, finding: { ...found.finding, message } }];
  });
}
