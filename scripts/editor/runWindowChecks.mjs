// @ts-check
/**
 * What the tests in the extension host cannot see: VS Code trusts every folder while it runs them, a reload would end
 * them, and nobody tells them what a page or a message says. These checks drive the window from outside, as a person does.
 */
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { root } from '../paths.mjs';
import { temporaryFolder } from './cleanup.mjs';
import {
  openFile,
  openWorkbench,
  pick,
  readPreview,
  runCommand,
  showExposure,
  viewFrame,
} from './workbench.mjs';

/** @typedef {import('playwright-core').Page} Page */

const size = { width: 1280, height: 800 };
const category = 'Airflow Token Volume:';

/** The walkthrough's page takes the focus late, maybe from a box that is open by then. */
const patientBoxes = { 'workbench.quickOpen.closeOnFocusLost': false };

/** @type {Record<string, () => Promise<void>>} */
const checks = {
  'a folder that is not trusted has diagnostics, and no Helm is started in it until it is': async () => {
    const parent = temporaryFolder('untrusted');
    const folder = path.join(parent, 'deployment');
    mkdirSync(path.join(folder, '.vscode'), { recursive: true });
    copyFixture('editor/values.yaml', path.join(folder, 'values.yaml'));
    mkdirSync(path.join(folder, 'chart'));
    const usersHelm = fakeHelm(path.join(parent, 'helm'));
    const foldersHelm = fakeHelm(path.join(folder, 'helm'));
    writeFileSync(
      path.join(folder, '.vscode', 'settings.json'),
      JSON.stringify({ 'airflowTokenVolume.helm.path': foldersHelm.program }),
    );
    const { page, close } = await openWorkbench({
      folder,
      size,
      asksForTrust: true,
      settings: {
        'security.workspace.trust.startupPrompt': 'never',
        'airflowTokenVolume.helm.path': usersHelm.program,
        'airflowTokenVolume.helm.chart': 'chart',
      },
      keybindings: [{ key: 'ctrl+alt+h', command: 'airflowTokenVolume.verifyWithHelm' }],
    });
    try {
      await page.locator('.statusbar-item').filter({ hasText: 'Restricted Mode' }).waitFor();
      await openFile(page, 'values.yaml');

      await page.keyboard.press('F1');
      await page.locator('.quick-input-widget input').first().fill(`>${category}`);
      const commands = page.locator('.quick-input-list .monaco-list-row');
      await commands.filter({ hasText: 'Check on the Cluster' }).waitFor();
      assert.equal(await commands.filter({ hasText: 'Verify with Helm' }).count(), 0);
      await page.keyboard.press('Escape');

      // By its name, which no menu keeps from being run.
      await page.keyboard.press('Control+Alt+KeyH');
      await message(page, 'Helm is started in workspaces that you trust only.').waitFor();
      assert.deepEqual([usersHelm.hasRun(), foldersHelm.hasRun()], [false, false]);

      await runCommand(page, `${category} Check on the Cluster...`, false);
      await page
        .getByText('Which questions?')
        .or(page.getByPlaceholder('Which questions?'))
        .first()
        .waitFor();
      await page.keyboard.press('Enter');
      await commands.filter({ hasText: 'Open as a file' }).waitFor();
      assert.equal(await commands.filter({ hasText: 'terminal' }).count(), 0);
      await page.keyboard.press('Escape');

      await runCommand(page, 'Workspaces: Manage Workspace Trust');
      await page
        .locator('.workspace-trust-editor .monaco-button')
        .filter({ hasText: /^Trust$/ })
        .click();
      await page
        .locator('.statusbar-item')
        .filter({ hasText: 'Restricted Mode' })
        .waitFor({ state: 'detached' });
      await page.locator('.tab').filter({ hasText: 'values.yaml' }).click();
      await page.keyboard.press('Control+Alt+KeyH');
      await viewFrame(page).getByText('Helm does not render this stack').waitFor();
      assert.deepEqual([usersHelm.hasRun(), foldersHelm.hasRun()], [false, true]);
    } finally {
      await close();
    }
  },

  'the view "Token Exposure" is there again when the window is reloaded': async () => {
    const folder = path.join(temporaryFolder('reload'), 'deployment');
    copyFixture('repositories/layers', folder);
    const { page, close } = await openWorkbench({
      folder,
      size,
      settings: { 'airflowTokenVolume.workspaceDiagnostics': 'off' },
    });
    try {
      await openFile(page, 'values.yaml');
      await showExposure(page);
      // Without a YAML file, nothing else than the view wakes the extension up.
      const tab = page.locator('.tab').filter({ hasText: 'values.yaml' });
      await tab.hover();
      await tab.locator('.codicon-close').click();
      await tab.waitFor({ state: 'detached' });
      // The browser's own reload would lose what VS Code has not yet written down.
      await Promise.all([
        page.waitForEvent('load', { timeout: 60_000 }),
        runCommand(page, 'Developer: Reload Window', false),
      ]);
      await viewFrame(page).getByText('No values for the Airflow chart in the active editor.').waitFor();
      await openFile(page, 'values.yaml');
      // It was opened in front of the view.
      await page.locator('.tab').filter({ hasText: 'Token Exposure' }).click();
      await viewFrame(page).locator('#workloads section').first().waitFor();
    } finally {
      await close();
    }
  },

  'a token that is pasted is explained, and not shown': async () => {
    const folder = path.join(temporaryFolder('token'), 'deployment');
    copyFixture('repositories/layers', folder);
    const { page, close } = await openWorkbench({ folder, size });
    try {
      await openFile(page, 'values.yaml');
      const seconds = Math.floor(Date.now() / 1000);
      const encode = (/** @type {unknown} */ value) =>
        Buffer.from(JSON.stringify(value)).toString('base64url');
      const claims = {
        sub: 'system:serviceaccount:airflow:airflow-scheduler',
        aud: ['https://vault.example.com'],
        iat: seconds - 7200,
        exp: seconds - 3600,
      };
      const token = `${encode({ alg: 'RS256' })}.${encode(claims)}.c2lnbmF0dXJl`;
      await runCommand(page, `${category} Inspect Token...`, false);
      const input = page.locator('.quick-input-widget input[type=password]');
      await input.waitFor();
      await input.fill('eyJ no token');
      await page.locator('.quick-input-message').filter({ hasText: /token/i }).waitFor();
      await input.fill(token);
      await page.keyboard.press('Enter');
      const view = viewFrame(page);
      await view.getByText('system:serviceaccount:airflow:airflow-scheduler').first().waitFor();
      const text = await view.locator('body').innerText();
      assert.match(text, /expired/);
      assert.match(text, /vault\.example\.com/);
      assert.ok(!text.includes(token));
    } finally {
      await close();
    }
  },

  'the walkthrough shows four steps with pictures, and its buttons work on the file beside it': async () => {
    const folder = path.join(temporaryFolder('walkthrough'), 'deployment');
    copyFixture('repositories/layers', folder);
    const { page, close } = await openWorkbench({ folder, size, settings: patientBoxes });
    try {
      await runCommand(page, 'Welcome: Open Walkthrough...', false);
      await pick(page, 'Airflow tokens: first steps');
      const steps = page.locator('.step-list-container [data-step-id*="firstSteps"]');
      const button = (/** @type {string} */ text) =>
        page.locator('.button-container .monaco-button').filter({ hasText: text });
      // The first step takes the focus, back from whatever is open beside it by then.
      await page.waitForFunction(`Boolean(document.activeElement?.closest('[data-step-id]'))`);
      // Leaves a place beside the page, where files are opened from now on.
      await button('Find a Values File').click();
      await page.locator('.quick-input-widget input').first().waitFor();
      await page.keyboard.press('Escape');
      await openFile(page, 'values.yaml');
      const picture = page.locator('.getting-started-media img');
      for (const [index, title] of ['See', 'Understand', 'Migrate', 'Verify'].entries()) {
        await steps.nth(index).filter({ hasText: title }).click();
        await page.waitForFunction(
          `document.querySelector('.getting-started-media img')?.naturalWidth > 100`,
        );
        assert.notEqual(await picture.getAttribute('alt'), '');
      }
      assert.equal(await steps.count(), 4);
      // What needs no more than to be read is done by now.
      const ticks = [0, 1, 2, 3].map((index) => steps.nth(index).locator('.codicon.complete').count());
      assert.deepEqual(await Promise.all(ticks), [0, 1, 0, 0]);
      await button('Check on the Cluster').click();
      await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'mounted' }).waitFor();
      await page.keyboard.press('Escape');
    } finally {
      await close();
    }
  },

  'with the walkthrough in front of a values file, the commands are about that file': async () => {
    const folder = path.join(temporaryFolder('behind'), 'deployment');
    copyFixture('repositories/layers', folder);
    const { page, close } = await openWorkbench({ folder, size, settings: patientBoxes });
    try {
      await openFile(page, 'values.yaml');
      await runCommand(page, 'Welcome: Open Walkthrough...', false);
      await pick(page, 'Airflow tokens: first steps');
      const steps = page.locator('.step-list-container [data-step-id*="firstSteps"]');
      const button = (/** @type {string} */ text) =>
        page.locator('.button-container .monaco-button').filter({ hasText: text });
      const box = page.locator('.quick-input-widget');

      await steps.nth(3).click();
      await button('Check on the Cluster').click();
      await box.getByText('Check production: which questions?').waitFor();
      const place = box.getByPlaceholder('release airflow (assumed), namespace airflow (assumed)');
      assert.ok(await place.isVisible());
      assert.equal(await page.locator('.editor-instance .view-line').count(), 0);
      await page.keyboard.press('Escape');

      await steps.nth(2).click();
      await button('Migrate to').click();
      await pick(page, 'staging');
      await readPreview(page, 'Migration to manual token volumes');
    } finally {
      await close();
    }
  },
};

/**
 * Does them one after the other and prints how they went.
 * @param {string} [only] a part of the names of the checks to do; all without
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runWindowChecks(only = '') {
  const counts = { passed: 0, failed: 0 };
  for (const [title, check] of Object.entries(checks).filter(([name]) => name.includes(only))) {
    const start = performance.now();
    try {
      await check();
      counts.passed += 1;
      console.log(`✓ ${title} (${Math.round(performance.now() - start)} ms)`);
    } catch (error) {
      counts.failed += 1;
      console.log(
        `✗ ${title}\n    ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    }
  }
  return counts;
}

/**
 * @param {string} name in test/fixtures
 * @param {string} target
 */
function copyFixture(name, target) {
  cpSync(path.join(root, 'test', 'fixtures', name), target, { recursive: true });
}

/**
 * A program in the place of Helm, which renders nothing.
 * @param {string} program
 */
function fakeHelm(program) {
  const mark = `${program}.run`;
  writeFileSync(program, `#!/bin/sh\necho "$@" >> '${mark}'\necho refused >&2\nexit 1\n`, { mode: 0o755 });
  return { program, hasRun: () => existsSync(mark) && readFileSync(mark, 'utf8').startsWith('template ') };
}

/**
 * @param {Page} page
 * @param {string} text
 */
function message(page, text) {
  return page.locator('.notification-list-item-message').filter({ hasText: text });
}
