import { describe, expect, test } from 'vitest';
import manifest from '../../../package.json';
import { allRules } from '../rules/allRules';
import { look, service } from '../testing/documents';
import { defaultSettings, levels, readSettings } from './settings';

describe('the levels of rules', () => {
  test('are those that the user gives', () => {
    const rules = Object.fromEntries(levels.map((level) => [`rule-${level}`, level]));
    expect([...readSettings({ rules }).rules]).toEqual(Object.entries(rules));
  });
  test.each([
    ['nothing', {}],
    ['null', { rules: null }],
    ['a text', { rules: 'off' }],
    ['a list of words', { rules: ['needless-token'] }],
    ['a number', { rules: 5 }],
  ])('%s gives none', (_, configuration) => {
    expect(readSettings(configuration).rules.size).toBe(0);
  });
  test('wrong ones do not count, and spoil no others', () => {
    const rules = { a: 'Error', b: null, c: true, d: 2, e: ['off'], f: 'none', g: '', h: 'off' };
    expect([...readSettings({ rules }).rules]).toEqual([['h', 'off']]);
  });
  test('what every object has is none', () => {
    expect(readSettings({ rules: {} }).rules.get('constructor')).toBeUndefined();
    const rules: unknown = JSON.parse('{"__proto__": "off", "constructor": "hint", "toString": "error"}');
    expect([...readSettings({ rules }).rules]).toEqual([
      ['__proto__', 'off'],
      ['constructor', 'hint'],
      ['toString', 'error'],
    ]);
    expect(({} as Record<string, unknown>)['off']).toBeUndefined();
  });
});

test.each(['codeLens', 'inlayHints'] as const)('%s is a switch that is on', (name) => {
  expect(readSettings({ [name]: false })[name]).toBe(false);
  for (const given of [undefined, null, 'false', 0, []])
    expect(readSettings({ [name]: given })[name]).toBe(true);
});

describe('the manifest', () => {
  const { properties } = manifest.contributes.configuration;
  test('has the same defaults', () => {
    expect(properties['airflowTokenVolume.files'].default).toEqual(defaultSettings.files);
    expect(properties['airflowTokenVolume.apiAudiences'].default).toEqual(defaultSettings.apiAudiences);
    expect(properties['airflowTokenVolume.rules'].default).toEqual({});
    expect(properties['airflowTokenVolume.codeLens'].default).toBe(defaultSettings.codeLens);
    expect(properties['airflowTokenVolume.inlayHints'].default).toBe(defaultSettings.inlayHints);
  });
  test('knows every rule and every level, and no others', () => {
    const setting = properties['airflowTokenVolume.rules'];
    const known = Object.entries<{ enum: string[] }>(setting.properties);
    expect(known.map(([code]) => code)).toEqual(allRules.map(({ code }) => code));
    for (const [, { enum: values }] of known) expect(values).toEqual(levels);
    expect(setting.additionalProperties).toBe(false);
    expect(setting.scope).toBe('resource');
  });
});

test('what is set shows in the diagnostics', () => {
  const text = `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken:
    lable: a
    serviceAccountTokenVolume: {enable: true}
`;
  const shown = (rules: object): unknown[] =>
    service
      .diagnostics(look(text, undefined, readSettings({ rules })))
      .map(({ code, severity }) => `${String(code)} ${severity ?? 0}`);
  expect(shown({})).toEqual(['api-access-lost 1', 'null-automount 2', 'unknown-key 2', 'unknown-key 1']);
  expect(shown({ 'unknown-key': 'hint', 'null-automount': 'information', 'api-access-lost': 'off' })).toEqual(
    ['null-automount 3', 'unknown-key 4', 'unknown-key 4'],
  );
});
