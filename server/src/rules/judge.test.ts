import { describe, expect, test, vi } from 'vitest';
import { newestRelease } from '../chart/releases';
import { readValues } from '../values/document';
import { judge, type RuleLevel } from './judge';
import type { Finding, Rule } from './rule';
import { createSubject, type Subject } from './subject';
import { unusedIgnore } from './unused-ignore';

const documentation = { summary: '', why: '', wrong: '', right: '', fix: '' };

/** A rule that finds a word wherever it stands. */
function ruleFor(word: string, more: Partial<Rule & Finding> = {}): Rule {
  const check = ({ document: { text } }: Subject): Finding[] =>
    [...text.matchAll(new RegExp(`\\b${word}:`, 'g'))].map(({ index }) => ({
      range: { start: index, end: index + word.length },
      message: word,
      fixes: [],
      ...(more.unnecessary ? { severity: 'hint' as const } : {}),
    }));
  return { code: `has-${word}`, severity: 'warning', documentation, check: vi.fn(check), ...more };
}

function judged(rules: readonly Rule[], text: string, levels: Record<string, RuleLevel> = {}): string[] {
  const settings = { release: newestRelease, apiAudiences: [] };
  const failed: string[] = [];
  const found = judge(
    rules,
    [createSubject(readValues(text), 'values.yaml', settings)],
    new Map(Object.entries(levels)),
    (code) => failed.push(`${code} failed`),
  );
  return [...found.map(({ rule, severity }) => `${rule.code} ${severity}`), ...failed];
}

describe('the severity', () => {
  const mild = ruleFor('a', { unnecessary: true });
  test('is that of the finding, or else of the rule, or else what the user chose', () => {
    expect(judged([ruleFor('a')], 'a: 1')).toEqual(['has-a warning']);
    expect(judged([mild], 'a: 1')).toEqual(['has-a hint']);
    expect(judged([mild], 'a: 1', { 'has-a': 'error', 'has-b': 'off' })).toEqual(['has-a error']);
  });
  test('of a rule that is off is none, and the rule is not run', () => {
    const rule = ruleFor('a');
    expect(judged([rule, ruleFor('b')], 'a: 1\nb: 1', { 'has-a': 'off' })).toEqual(['has-b warning']);
    expect(rule.check).not.toHaveBeenCalled();
  });
  test('of a rule that is off by default is what the user chose, if anything', () => {
    const rule = ruleFor('a', { offByDefault: true });
    expect(judged([rule], 'a: 1')).toEqual([]);
    expect(rule.check).not.toHaveBeenCalled();
    expect(judged([rule], 'a: 1', { 'has-a': 'off' })).toEqual([]);
    expect(judged([rule], 'a: 1', { 'has-a': 'information' })).toEqual(['has-a information']);
  });
});

test('what a rule finds by the hundreds is cut, and the last that is shown says how much', () => {
  const text = 'b: 1\n' + 'a: 1\n'.repeat(502);
  const subject = createSubject(readValues(text), 'values.yaml', {
    release: newestRelease,
    apiAudiences: [],
  });
  const messages = judge([ruleFor('a'), ruleFor('b')], [subject], new Map(), () => undefined).map(
    ({ finding }) => finding.message,
  );
  expect(messages).toHaveLength(501);
  expect(messages.slice(0, 2)).toEqual(['b', 'a']);
  expect(messages.slice(-2)).toEqual(['a', 'a (2 more like this are not shown.)']);
});

test('findings come in the order of the text, one for each place', () => {
  const twice: Rule = {
    ...ruleFor('a'),
    check: (subject) => [...ruleFor('a').check(subject), ...ruleFor('a').check(subject)],
  };
  expect(judged([ruleFor('b'), twice], 'a: 1\nb: 1\nc:\n  a: 1\n')).toEqual([
    'has-a warning',
    'has-b warning',
    'has-a warning',
  ]);
});

const fail = (): never => {
  throw new Error('broken');
};
const broken: Rule = { ...ruleFor('a'), check: fail };

test('a rule that fails keeps nobody from speaking', () => {
  expect(judged([broken, ruleFor('b')], 'a: 1\nb: 1')).toEqual(['has-b warning', 'has-a failed']);
  const review: Rule = { ...unusedIgnore, review: fail };
  expect(judged([ruleFor('b'), review], 'b: 1 # airflow-token-volume: ignore')).toEqual([
    'has-b warning',
    'unused-ignore failed',
  ]);
});

describe('a comment that ignores a rule', () => {
  const rules = [ruleFor('a'), ruleFor('b'), unusedIgnore];
  const ignore = '# airflow-token-volume: ignore';
  test('silences it on its line, and no other rule and no other line', () => {
    expect(judged(rules, `x: {a: 1, b: 1, c: {a: 1}} ${ignore} has-a\na: 1\n`)).toEqual([
      'has-b warning',
      'has-a warning',
    ]);
    expect(judged(rules, `${ignore} has-a\n${ignore} has-b\nx: {a: 1, b: 1}\n`)).toEqual([]);
  });
  test('of a finding over lines stands where that begins', () => {
    expect(judged(rules, `a: ${ignore} has-a\n  b: 1\n`)).toEqual(['has-b warning']);
    expect(judged(rules, `a:\n  b: 1 ${ignore} has-a\n`)).toEqual([
      'has-a warning',
      'has-b warning',
      'unused-ignore warning',
    ]);
  });
  test('is not called unused when its rule is off or failed, as nobody knows', () => {
    const text = `c: 1 ${ignore} has-a\n`;
    expect(judged(rules, text)).toEqual(['unused-ignore warning']);
    expect(judged(rules, text, { 'has-a': 'off' })).toEqual([]);
    expect(judged([ruleFor('a', { offByDefault: true }), unusedIgnore], text)).toEqual([]);
    expect(judged([broken, unusedIgnore], text)).toEqual(['has-a failed']);
  });
  test('is still one when nothing is to be said about unused ones', () => {
    const text = `a: 1 ${ignore} has-a has-b has-c\n`;
    expect(judged(rules, text)).toEqual(['unused-ignore warning', 'unused-ignore warning']);
    expect(judged(rules, text, { 'unused-ignore': 'hint' })).toEqual([
      'unused-ignore hint',
      'unused-ignore hint',
    ]);
    expect(judged(rules, text, { 'unused-ignore': 'off' })).toEqual([]);
  });
  test('cannot hide that it is unused', () => {
    expect(judged(rules, `c: 1 ${ignore} has-a, unused-ignore\n`)).toHaveLength(2);
  });
});
