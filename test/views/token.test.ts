import axe, { type AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TokenClaims } from '../../client/src/tokenClaims';
import { tokenPage } from '../../client/src/tokenPage';
import { launchBrowser } from '../../scripts/editor/webWindow.mjs';
import { themes } from './themes';

const now = Date.UTC(2026, 4, 28, 12) / 1000;
const claims: TokenClaims = {
  issuer: 'https://kubernetes.default.svc.cluster.local',
  subject: 'system:serviceaccount:airflow:airflow-scheduler',
  audiences: ['https://a.long.name.of.an.audience.example.com/that/has/no/spaces/in/it'],
  issued: now - 1800,
  notBefore: now - 1800,
  expires: now + 1800,
  warnAfter: undefined,
  namespace: 'airflow',
  account: 'airflow-scheduler',
  pod: 'airflow-scheduler-5d',
  node: undefined,
  secret: undefined,
};
const html = tokenPage({
  claims,
  remarks: [
    { level: 'problem', text: 'The API server refuses it.' },
    { level: 'note', text: 'It stays valid for 365 days.' },
  ],
  now,
  nonce: 'once',
});

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** The page as VS Code shows it. */
async function openPage(theme: string, width: number): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  await page.setContent(html);
  await page.evaluate(`
    for (const [name, value] of Object.entries(${JSON.stringify(themes[theme])}))
      document.documentElement.style.setProperty('--vscode-' + name, value);
  `);
  return page;
}

/** How bright a colour is, as WCAG 2 defines it. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [...colour.matchAll(/\d+/g)].map(([digits]) => {
    const part = Number(digits) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

describe('the page of "Inspect Token"', () => {
  const looks = Object.keys(themes).flatMap((theme) => [320, 900].map((width) => [theme, width] as const));

  test.each(looks)('is accessible: %s, %i pixels wide', async (theme, width) => {
    const page = await openPage(theme, width);
    await page.evaluate(axe.source);
    const { violations, passes } = await page.evaluate<AxeResults>('axe.run()');
    expect(violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))).toEqual([]);
    expect(passes.length).toBeGreaterThan(10);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    await page.close();
  });

  test.each(Object.keys(themes))('has a mark for the renewal that is seen: %s', async (theme) => {
    const page = await openPage(theme, 900);
    const [mark = '', key = '', behind = ''] = await page.evaluate<string[]>(`[
      getComputedStyle(document.querySelector('rect.renewal')).fill,
      getComputedStyle(document.querySelector('.key.renewal')).backgroundColor,
      getComputedStyle(document.body).backgroundColor,
    ]`);
    expect(key).toBe(mark);
    // High contrast asks for as much as text has; elsewhere, what is no text needs less.
    expect(contrast(mark, behind)).toBeGreaterThanOrEqual(theme.startsWith('high contrast') ? 5.5 : 3);
    await page.close();
  });

  test('has its legend beside the marks, in all lines', async () => {
    const page = await openPage('dark', 320);
    const found = await page.evaluate<{ lines: number[]; right: number }[]>(`
      [...document.querySelectorAll('ol li')].map((item) => {
        const range = document.createRange();
        range.selectNodeContents(item.lastChild);
        return {
          lines: [...range.getClientRects()].map(({ left }) => left),
          right: item.querySelector('.key').getBoundingClientRect().right,
        };
      })
    `);
    expect(found).toHaveLength(4);
    expect(Math.max(...found.map(({ lines }) => lines.length))).toBeGreaterThan(1);
    for (const { lines, right } of found) {
      for (const left of lines) expect(left).toBeGreaterThan(right);
      expect(new Set(lines.map(Math.round)).size).toBe(1);
    }
    await page.close();
  });
});
