import { Buffer } from 'node:buffer';
import path from 'node:path';
import axe, { type AxeResults } from 'axe-core';
import * as esbuild from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exposureHtml } from '../../client/src/exposureHtml';
import { emptyView, exposureView, type ExposureView } from '../../client/src/exposureView';
import { launchBrowser } from '../../scripts/editor/webWindow.mjs';
import { look, service } from '../../server/src/testing/documents';
import { themes } from './themes';

const root = path.resolve(import.meta.dirname, '..', '..');

/** Containers in each state, one of them with another token, and one whose token nothing but the chart decides. */
const values = `executor: CeleryExecutor,KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      enabled: true
      expirationSeconds: 1800
      audience: https://a.long.name.of.an.audience.example.com/that/has/no/spaces/in/it
`;

const full = exposureView({
  file: 'deployments/airflow/values.yaml',
  stacks: ['production', 'staging'],
  picture: service.picture(look(values)) ?? null,
  nameOf: ({ range }) => `values.yaml, line ${range.start.line + 1}`,
});

let browser: Browser;
let files: Readonly<Record<string, { readonly contentType: string; readonly body: Buffer }>>;

beforeAll(async () => {
  browser = await launchBrowser();
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['client/media/exposure.ts', 'client/media/exposure.css'],
    outdir: 'out/views',
    bundle: true,
    format: 'iife',
    write: false,
  });
  const built = Object.fromEntries(
    outputFiles.map(({ path: file, contents }) => [
      `/${path.basename(file)}`,
      {
        contentType: file.endsWith('.css') ? 'text/css' : 'text/javascript',
        body: Buffer.from(contents),
      },
    ]),
  );
  const html = exposureHtml({ nonce: 'once', script: '/exposure.js', style: '/exposure.css' });
  files = { ...built, '/': { contentType: 'text/html', body: Buffer.from(html) } };
});

afterAll(() => browser.close());

interface Opened {
  readonly page: Page;
  /** What the page asked for, other than itself. */
  readonly refused: string[];
}

/** The page as VS Code shows it, with what it was sent. */
async function openView(view: ExposureView | undefined, theme = 'dark', width = 900): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width, height: 700 } });
  const refused: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') refused.push(message.text());
  });
  page.on('pageerror', (error) => refused.push(String(error)));
  await page.route('**/*', (route) => {
    const file = files[new URL(route.request().url()).pathname];
    return file ? route.fulfill(file) : route.abort();
  });
  await page.addInitScript(`
    window.sent = [];
    window.acquireVsCodeApi = () => ({
      postMessage: (message) => sent.push(message),
      getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined,
      setState: (state) => sessionStorage.setItem('state', JSON.stringify(state)),
    });
  `);
  await page.goto('http://view.test/');
  const colours = JSON.stringify(themes[theme]);
  await page.evaluate(`
    for (const [name, value] of Object.entries(${colours}))
      document.documentElement.style.setProperty('--vscode-' + name, value);
  `);
  if (view) await show(page, view, 1);
  return { page, refused };
}

/**
 * Waits until an expression is true in the page. Playwright's own way evaluates it inside of the page again and again, which
 * the page's content policy refuses.
 */
async function waitFor(page: Page, expression: string): Promise<void> {
  await expect.poll(() => page.evaluate(`Boolean(${expression})`), { timeout: 10_000 }).toBe(true);
}

async function show(page: Page, view: ExposureView, revision: number): Promise<void> {
  await page.evaluate(`window.postMessage(${JSON.stringify({ type: 'show', revision, view })})`);
  await waitFor(page, `sent.some(({ type, revision }) => type === 'shown' && revision === ${revision})`);
}

const lastSent = (page: Page): Promise<unknown> => page.evaluate('sent.at(-1)');

/** What a click does may come after the click. */
async function expectSent(page: Page, message: unknown): Promise<void> {
  await expect.poll(() => lastSent(page)).toEqual(message);
}

describe('the view "Token Exposure"', () => {
  const looks = Object.keys(themes).flatMap((theme) => [320, 900].map((width) => [theme, width] as const));

  test.each(looks)('is accessible: %s, %i pixels wide', async (theme, width) => {
    for (const view of [full, emptyView]) {
      const { page, refused } = await openView(view, theme, width);
      // With an explanation shown.
      if (view === full) await page.locator('li button').nth(1).hover();
      await page.evaluate(axe.source);
      const { violations, passes } = await page.evaluate<AxeResults>('axe.run()');
      const found = violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
      expect(found).toEqual([]);
      expect(passes.length).toBeGreaterThan(10);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      expect(refused).toEqual([]);
      await page.close();
    }
  });

  test('is told what to show once it can listen, and shows nothing but that', async () => {
    const { page } = await openView(undefined);
    expect(await lastSent(page)).toEqual({ type: 'ready' });
    for (const message of ['"show"', 'null', '{ type: "show", revision: 1, view: {} }'])
      await page.evaluate(`window.postMessage(${message})`);
    const [workload] = full.workloads;
    const name = '<img src=x onerror="sent.push(1)">';
    await show(page, { ...full, workloads: workload ? [{ ...workload, name }] : [] }, 2);
    expect(await page.locator('h2').allTextContents()).toEqual([name]);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.evaluate('sent.filter(({ type }) => type === "shown").length')).toBe(1);
    await page.close();
  });

  test('explains a container to the keyboard, and opens its line', async () => {
    const { page } = await openView(full);
    const workload = full.workloads.findIndex(({ name }) => name === 'Scheduler');
    const container =
      full.workloads[workload]?.containers.findIndex(({ name }) => name === 'scheduler') ?? -1;
    const button = page.locator(`#container-${workload}-${container}`);
    const why = page.locator(`#why-${workload}-${container}`);
    // As Tab does.
    await page.keyboard.press('Tab');
    await button.focus();
    expect(await button.getAttribute('aria-describedby')).toBe(await why.getAttribute('id'));
    await why.waitFor({ state: 'visible' });
    expect(await why.textContent()).toBe(full.workloads[workload]?.containers[container]?.why);
    expect(await button.textContent()).toMatch(
      /^scheduler .* Now: projected.*After the migration: projected$/,
    );
    await page.keyboard.press('Enter');
    await expectSent(page, { type: 'open', revision: 1, workload, container });
    await page.keyboard.press('Escape');
    await why.waitFor({ state: 'hidden' });

    // The focus stays where it is when something else changes.
    await show(page, { ...full, about: 'another chart' }, 2);
    expect(await page.evaluate('document.activeElement.id')).toBe(await button.getAttribute('id'));
    await page.close();
  });

  test('goes nowhere where there is no line', async () => {
    const [first] = full.workloads;
    const containers = first?.containers.slice(0, 1).map((each) => ({ ...each, opens: false })) ?? [];
    const { page } = await openView({ ...full, workloads: first ? [{ ...first, containers }] : [] });
    const button = page.locator('li button');
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    await button.press('Enter');
    expect(await lastSent(page)).toMatchObject({ type: 'shown' });
    await page.close();
  });

  test('lets a stack be chosen, and tells the totals of the next one', async () => {
    const { page } = await openView(full);
    await page.getByLabel('Stack').selectOption('staging');
    await expectSent(page, { type: 'choose', stack: 'staging' });
    const totals = page.getByRole('status');
    expect(await totals.textContent()).toContain(`Now: ${full.now?.text ?? ''}`);
    await show(page, emptyView, 2);
    expect(await totals.innerText()).toBe('No values for the Airflow chart in the active editor.');
    expect(await page.getByLabel('Stack').isVisible()).toBe(false);
    await page.close();
  });

  test('is copied and exported', async () => {
    const { page } = await openView(full);
    await page.getByRole('button', { name: 'Copy as Markdown' }).click();
    await expectSent(page, { type: 'copy' });
    await page.getByRole('button', { name: 'Export SVG…' }).press('Enter');
    await expectSent(page, { type: 'export' });
    await show(page, emptyView, 2);
    await expect.poll(() => page.getByRole('button').count()).toBe(0);
    await page.close();
  });

  test('shows at once what it showed before it was hidden', async () => {
    const { page } = await openView(full);
    await page.reload();
    expect(await page.locator('section').count()).toBe(full.workloads.length);
    expect(await page.evaluate('sent')).toEqual([{ type: 'ready' }]);
    await page.close();
  });
});
