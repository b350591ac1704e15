import * as l10n from '@vscode/l10n';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checksText } from './clusterChecks';
import { exposureHtml } from './exposureHtml';
import { readWords } from './exposureMessages';
import { emptyView } from './exposureView';
import { tokenPage } from './tokenPage';

beforeAll(() => {
  // As `activate` does it, when all of this is loaded.
  l10n.config({
    contents: {
      'No values for the Airflow chart in the active editor.': 'Keine Werte.',
      'Token Exposure': 'Token-Exposition',
      'After the migration:': 'Nach der „Umstellung":',
      'Each command looks, and changes nothing. Run them one by one.': 'Nur ansehen.\nrm -rf /',
      'As of {0}. The signature is not checked: anybody can write such claims. The token itself is not kept.':
        'Stand {0} <b>',
    },
  });
});

afterAll(() => {
  l10n.config({ contents: {} });
});

const page = { nonce: 'n', script: 's', style: 's' };

test('the page of the view has its language and its words, which its program reads there', () => {
  const html = exposureHtml({ ...page, language: 'de' });
  expect(html).toContain('<html lang="de">');
  expect(html).toContain('<h1 id="title">Token-Exposition</h1>');
  const [, escaped = ''] = /<body data-words="([^"]*)">/.exec(html) ?? [];
  const given = escaped.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
  expect(readWords(given)).toEqual({
    container: 'Container',
    now: 'Now',
    after: 'After the migration',
    nowLabel: 'Now:',
    afterLabel: 'Nach der „Umstellung":',
    unknown: 'cannot be told',
  });
  expect(exposureHtml(page)).toContain('<html lang="en">');
});

test('words that are not all there are none', () => {
  const words = { container: 'a', now: 'b', after: 'c', nowLabel: 'd', afterLabel: 'e', unknown: 'f' };
  expect(readWords(JSON.stringify(words))).toEqual(words);
  const broken = Object.keys(words).map((key) => JSON.stringify({ ...words, [key]: 1 }));
  for (const text of [undefined, 'null', '{}', ...broken])
    expect(() => readWords(text), text).toThrow('no words');
});

test('what is shown without a file is said in the language of the time, not of the start', () => {
  expect(emptyView.message).toBe('Keine Werte.');
  expect({ ...emptyView }.message).toBe('Keine Werte.');
});

test('a translation cannot become part of the page about a token, nor a command of the script', () => {
  const claims = {
    ...{ issuer: 'i', subject: 's', audiences: [], issued: 0, notBefore: undefined, expires: undefined },
    ...{ warnAfter: undefined, namespace: 'n', account: 'a', pod: 'p', node: 'n', secret: undefined },
  };
  const html = tokenPage({ claims, remarks: [], now: 0, nonce: 'n', language: 'de-AT' });
  expect(html).toContain('<html lang="de-AT">');
  expect(html).toContain('<p class="detail">Stand 1970-01-01 00:00:00 UTC &#60;b&#62;</p>');

  const totals = { containers: 0, holding: 0, needing: 0 };
  const picture = { stack: null, chart: '1.22.0', executor: null, workloads: [], totals, after: null };
  const text = checksText([], picture, { release: 'r', namespace: 'n', context: '' });
  expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('# '))).toEqual([]);
  expect(text).toContain('# Nur ansehen. rm -rf /\n');
});
