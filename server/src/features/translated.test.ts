import * as l10n from '@vscode/l10n';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { pictureMarkdown, pictureSvg, type Picture } from '../languageService';
import { atCursor, look, service } from '../testing/documents';
import { lookIn, repositoryOf } from '../testing/repositories';

/** Has every text translated: a function makes the translation out of the English text. */
function translate(make: (message: string) => string): void {
  const get = (_: object, key: string): string => make(key.replace(/\/.*$/s, ''));
  l10n.config({ contents: new Proxy<Record<string, string>>({}, { get }) });
}

beforeEach(() => {
  translate((message) => `«${message}»`);
});
afterEach(() => {
  l10n.config({ contents: {} });
});

/** What of a text is no translation, no code, no markup and no name. */
function untranslated(text: string): string[] {
  let rest = text.replace(/<style>.*?<\/style>|<[^>]*>|`[^`\n]*`/gs, '');
  for (let before = ''; rest !== before;) [before, rest] = [rest, rest.replace(/«[^«»]*»/g, '')];
  return rest.replace(/ServiceAccount [\w-]+/g, '').match(/.*[A-Za-z]{2,} [A-Za-z]{2,}.*/g) ?? [];
}

const host = `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    create: false
    automountServiceAccountToken: true
    serviceAccountTokenVolume:
      enabled: true
      mountPath: /a
      audience: vault
      expirationSeconds: "1800"
`;

const off = host.replace('Token: true', 'Token: off').replaceAll('"', '');

test.each([
  ['an executor', host.replace('Kubernetes', 'Kuber<|>netes')],
  ['an executor that launches no pods', host.replace('Kubernetes', 'Lo<|>cal')],
  ['an account', host.replace('serviceAccount:', 'service<|>Account:')],
  ['an empty value', host.replace('automount', 'auto<|>mount').replace(' true', '')],
  ['an open value', host.replace('automount', 'auto<|>mount').replace('true', '"{{ x }}"')],
  ['a volume', off.replace('serviceAccountTokenV', 'service<|>AccountTokenV')],
  ['a path', off.replace('mountPath', 'mount<|>Path')],
  ['an audience', off.replace('audience', 'audi<|>ence')],
  ['a lifetime', off.replace('expiration', 'expira<|>tion')],
  ['a lifetime that the chart rejects', host.replace('expiration', 'expira<|>tion')],
  ...['triggerer', 'apiServer', 'flower', 'cleanup'].map((name) => [
    name,
    host.replace('scheduler', name).replace('automount', 'auto<|>mount'),
  ]),
])('a hover on %s', (_, marked = '') => {
  const { snapshot, position } = atCursor(marked);
  const contents = service.hover(snapshot, position)?.contents as { value: string };
  expect(contents.value).toContain('«');
  expect(untranslated(contents.value)).toEqual([]);
});

function pictureOf(text: string): Picture {
  const picture = service.picture(look(text));
  if (!picture) throw new Error('There is no picture.');
  return picture;
}

test('a picture', () => {
  const picture = pictureOf(host);
  for (const shown of [picture, { ...picture, stack: 'a', executor: null, after: null }]) {
    expect(untranslated(pictureMarkdown(shown, '…'))).toEqual([]);
    expect(untranslated(pictureSvg(shown, { problem: '…' }))).toEqual([]);
  }
  for (const { why } of picture.workloads.flatMap(({ containers }) => containers))
    expect(why).toMatch(/^«.*»$/);
});

test('words that are too long for their column are cut', () => {
  const picture = pictureOf(host);
  translate((message) => (message === 'perhaps' ? 'möglicherweise' : message));
  const texts = pictureSvg(picture).match(/>mög[^<]*</g) ?? [];
  expect([...new Set(texts)]).toEqual(['>möglicherweise<', '>möglich…<']);
});

describe('a plan', () => {
  const files = {
    'values.yaml': host,
    'values-dev.yaml': 'scheduler: {serviceAccount: {create: true}}\n',
    'values-prod.yaml': 'cleanup: {enabled: true}\n',
  };

  test.each(['dev', 'prod'])('of %s, with the states in its table', (stack) => {
    const snapshot = lookIn(repositoryOf(files), 'values.yaml');
    const { markdown = '' } = service.migrationPlan(snapshot, stack) ?? {};
    expect(untranslated(markdown)).toEqual([]);
    expect(markdown).toContain('| «the scheduler» | scheduler-log-groomer | «automatic» | «none» |');
  });
});

test('what Helm rendered is compared whatever it is called', () => {
  translate((message) => message.replace(/^.*token.*$/, 'Token'));
  const manifests = `kind: Deployment
metadata: {name: statsd, labels: {component: statsd}}
spec: {template: {spec: {automountServiceAccountToken: false, containers: [{name: statsd}]}}}
`;
  expect(
    service.compareRendering(look('executor: LocalExecutor\n'), undefined, manifests)?.differences,
  ).toContain('statsd: statsd was predicted with Token, and Helm renders Token.');
});

test('what can be done, and what documentation there is', () => {
  const snapshot = look(host);
  const range = { start: { line: 0, character: 0 }, end: { line: 10, character: 0 } };
  const titles = service.codeActions(snapshot, range, { diagnostics: [] }).map(({ title }) => title);
  expect(titles).toContain('«Ignore custom-audience here»');
  expect(service.documentLinks(snapshot).map(({ tooltip }) => tooltip)).toEqual([
    '«The parameters in the documentation of the chart»',
  ]);
});
