import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import {
  closeEverything,
  configure,
  messagesOf,
  open,
  shownMarkdown,
  tabNames,
  until,
  untilEnded,
  waitForDiagnostics,
  workspaceFile,
  writeFile,
} from './editor';
import { environment } from './environment';

const rendered = path.join(environment.fixtures, 'rendered');
const values = readFileSync(path.join(rendered, 'values.yaml'), 'utf8');
const manifests = readFileSync(path.join(rendered, 'manifests.yaml'), 'utf8');

const page = 'Verification with Helm';
const verify = (): Thenable<unknown> => vscode.commands.executeCommand('airflowTokenVolume.verifyWithHelm');

describe('the command "Verify with Helm"', () => {
  let folder: string;
  let chart: string;

  before(async function () {
    // A program with a line that says what runs it, which Windows does not know.
    if (process.platform === 'win32') return this.skip();
    folder = mkdtempSync(path.join(os.tmpdir(), 'atv-helm-'));
    chart = path.join(folder, 'airflow');
    mkdirSync(chart);
    await configure('helm.chart', chart);
  });
  after(async () => {
    await configure('helm.chart', undefined);
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    await configure('helm.path', undefined);
    await closeEverything();
  });

  /** Puts a program in the place of Helm. */
  async function useHelm(name: string, body: string): Promise<void> {
    const file = path.join(folder, name);
    writeFileSync(file, `#!/usr/bin/env node\nconst fs = require('node:fs');\n${body}\n`, { mode: 0o755 });
    await configure('helm.path', file);
  }

  async function openValues(name: string): Promise<vscode.TextDocument> {
    const { document } = await open(await writeFile(`${name}/values.yaml`, values));
    await waitForDiagnostics(document, (rules) => rules.length > 0);
    return document;
  }

  /** What the page says once it says something that matches. */
  async function waitForPage(expected: RegExp): Promise<string> {
    let text = '';
    await until(
      async () => expected.test((text = await shownMarkdown(page))),
      () => `the page matches ${String(expected)}, but\n${text}`,
    );
    assert.ok(
      tabNames().some((name) => name.includes(page)),
      tabNames().join(', '),
    );
    return text;
  }

  it('gives Helm the chart and the values as they are in the editor, and says where it agrees', async () => {
    const log = path.join(folder, 'agrees.json');
    await useHelm(
      'agrees',
      `const args = process.argv.slice(2);
      const texts = args.filter((arg) => arg.endsWith('.yaml')).map((file) => fs.readFileSync(file, 'utf8'));
      fs.writeFileSync(${JSON.stringify(log)}, JSON.stringify({ args, texts }));
      process.stdout.write(${JSON.stringify(manifests)});`,
    );
    const document = await openValues('helm-agrees');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), '# not saved\n');
    assert.ok(await vscode.workspace.applyEdit(edit));
    await verify();
    const text = await waitForPage(/Helm agrees: all \d+ containers hold what was predicted\./);
    assert.match(text, /^Chart `airflow`, predicted for \d+\.\d+\.\d+\.$/m);

    const { args, texts } = JSON.parse(readFileSync(log, 'utf8')) as { args: string[]; texts: string[] };
    const file = args[4] ?? '';
    assert.deepEqual(args, ['template', 'airflow', chart, '--values', file]);
    assert.deepEqual(texts, [`# not saved\n${values}`]);
    assert.ok(!existsSync(file), 'the values are left in the temporary folder');
  });

  it('says what differs, container by container', async () => {
    const other = manifests.replace('expirationSeconds: 1800', 'expirationSeconds: 600');
    assert.notEqual(other, manifests);
    await useHelm('differs', `process.stdout.write(${JSON.stringify(other)});`);
    await openValues('helm-differs');
    await verify();
    const text = await waitForPage(
      /Helm differs in 1 of \d+ containers\. What Helm renders is what counts\./,
    );
    assert.match(
      text,
      /^- scheduler: scheduler was predicted with .* 30 minutes.*, and Helm renders .* 10 minutes/m,
    );
  });

  it('shows why Helm does not render', async () => {
    const reason = 'Error: execution error at (airflow/templates/NOTES.txt): <no> such `thing`';
    await useHelm('fails', `process.stderr.write(${JSON.stringify(`${reason}\n`)}); process.exitCode = 1;`);
    await openValues('helm-fails');
    await verify();
    const text = await waitForPage(/^# Helm does not render this stack$/m);
    assert.ok(text.includes(`\n${reason}\n`), text);
  });

  it('is cancelled in its progress, which ends Helm and shows nothing', async () => {
    const started = path.join(folder, 'started');
    await useHelm(
      'hangs',
      `fs.writeFileSync(${JSON.stringify(started)}, String(process.pid)); setInterval(() => undefined, 1000);`,
    );
    await openValues('helm-cancelled');
    const ended = verify();
    const startedPid = (): string => (existsSync(started) ? readFileSync(started, 'utf8') : '');
    await until(
      () => startedPid() !== '',
      () => 'Helm is started',
    );
    const pid = Number(startedPid());
    await untilEnded(ended, () => vscode.commands.executeCommand('notification.acceptPrimaryAction'));
    await until(
      () => {
        try {
          return !process.kill(pid, 0);
        } catch {
          return true;
        }
      },
      () => 'Helm is gone',
    );
    assert.ok(!tabNames().some((name) => name.includes(page)), tabNames().join(', '));
  });

  it('says so where there is no Helm', async () => {
    await openValues('helm-none');
    const { PATH: programs = '' } = process.env;
    process.env['PATH'] = folder;
    try {
      assert.deepEqual(await messagesOf('verifyWithHelm'), [
        'There is no Helm on the PATH. Say where it is in the setting airflowTokenVolume.helm.path.',
      ]);
    } finally {
      process.env['PATH'] = programs;
    }
    await configure('helm.path', path.join(folder, 'nowhere'));
    const [message = ''] = await messagesOf('verifyWithHelm');
    assert.match(message, /nowhere is no program .*airflowTokenVolume\.helm\.path/);
  });

  it('says how to get the chart where there is none, and copies the command for that', async () => {
    await useHelm('unused', '');
    await openValues('helm-chartless');
    const kept = { ...process.env };
    // Where Helm keeps its charts.
    Object.assign(process.env, { HOME: folder, TEMP: folder, XDG_CACHE_HOME: folder });
    delete process.env['HELM_CACHE_HOME'];
    delete process.env['HELM_REPOSITORY_CACHE'];
    try {
      await configure('helm.chart', path.join(folder, 'nowhere'));
      assert.match((await messagesOf('verifyWithHelm')).join(), /There is no chart at .*nowhere/);
      await configure('helm.chart', '');
      await vscode.env.clipboard.writeText('');
      const [message = ''] = await messagesOf('verifyWithHelm', 'notification.acceptPrimaryAction');
      assert.match(message, /airflowTokenVolume\.helm\.chart/);
      assert.match(
        await vscode.env.clipboard.readText(),
        /^helm pull airflow --repo https:\/\/airflow\.apache\.org --version \d+\.\d+\.\d+$/,
      );
    } finally {
      Object.assign(process.env, kept);
      await configure('helm.chart', chart);
    }
  });

  it('starts nothing for a file without values for the chart', async () => {
    const log = path.join(folder, 'needless');
    await useHelm('needless-helm', `fs.writeFileSync(${JSON.stringify(log)}, '');`);
    await open(workspaceFile('nginx/values.yaml'));
    assert.deepEqual(await messagesOf('verifyWithHelm'), [
      'Open a file with values for the Airflow chart to verify what is predicted for it.',
    ]);
    assert.ok(!existsSync(log));
  });
});
