import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  CodeLensRefreshRequest,
  CodeLensRequest,
  DidChangeWatchedFilesNotification,
  DidChangeWorkspaceFoldersNotification,
  FileChangeType,
  type ClientCapabilities,
  type Diagnostic,
  type FileEvent,
} from 'vscode-languageserver/node';
import {
  stacksRequest,
  stacksChangedNotification,
  chooseStackNotification,
  findFilesRequest,
  pictureRequest,
  readFileRequest,
} from '../../server/src/workspace/protocol';
import type { Picture } from '../../server/src/languageService';
import type { StacksResult } from '../../server/src/workspace/protocol';
import { fullCapabilities, pushCapabilities, startClient, waysOfDiagnostics, type Client } from './client';

const samples = fileURLToPath(new URL('../fixtures/repositories/', import.meta.url));

const base = `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
statsd: {serviceAccount: {automountServiceAccountToken: false}}
`;
const volume = `scheduler:
  serviceAccount:
    serviceAccountTokenVolume:
      enabled: true
`;

/** A folder with files that is gone after the test. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'airflow-token-volume-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  for (const [name, text] of Object.entries(files)) write(folder, name, text);
  return folder;
}

function write(folder: string, name: string, text: string): void {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  writeFileSync(path.join(folder, name), text);
}

function uriOf(folder: string, name = ''): string {
  return pathToFileURL(path.join(folder, name)).href;
}

function watching(capabilities: ClientCapabilities): ClientCapabilities {
  const workspace = {
    ...capabilities.workspace,
    workspaceFolders: true,
    didChangeWatchedFiles: { dynamicRegistration: true },
  };
  return { ...capabilities, workspace };
}

function tell(client: Client, ...changes: FileEvent[]): void {
  void client.connection.sendNotification(DidChangeWatchedFilesNotification.type, { changes });
}

function grave(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics
    .filter(({ severity = 1 }) => severity <= 2)
    .map(
      ({ code, range, message }) =>
        `${range.start.line + 1} ${String(code)} ${textOf(message).split(':')[0] ?? ''}`,
    );
}

function textOf(message: Diagnostic['message']): string {
  return typeof message === 'string' ? message : message.value;
}

const lost = '4 api-access-lost The scheduler will have no Kubernetes API access';

/** Asks again and again, since what is on disk is read in the background. */
async function eventually<T>(what: string, find: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + 15_000;
  for (;;) {
    const found = await find();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`Waited in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe.each(waysOfDiagnostics)('%s', (_, capabilities) => {
  test('a file is judged with the layer that is not open, and again when that is opened, changed and closed', async () => {
    const folder = folderWith({ 'values.yaml': base, 'values-prod.yaml': volume });
    const client = await startClient({ capabilities: watching(capabilities), folders: [uriOf(folder)] });
    const values = client.openUri(uriOf(folder, 'values.yaml'), base);
    expect(grave(await values.diagnostics())).toEqual([]);
    const prod = client.openUri(uriOf(folder, 'values-prod.yaml'), volume);
    prod.change({ text: volume.replace('true', 'false') });
    await eventually('the finding', async () =>
      grave(await values.diagnostics()).includes(lost) ? true : undefined,
    );
    prod.close();
    await eventually('its end', async () =>
      grave(await values.diagnostics()).length === 0 ? true : undefined,
    );
  });

  test('what changes on disk is followed', async () => {
    const folder = folderWith({ 'values.yaml': base, 'values-prod.yaml': volume });
    const client = await startClient({ capabilities: watching(capabilities), folders: [uriOf(folder)] });
    const values = client.openUri(uriOf(folder, 'values.yaml'), base);
    expect(grave(await values.diagnostics())).toEqual([]);
    const has = (finding: string | undefined): Promise<true> =>
      eventually(String(finding), async () =>
        grave(await values.diagnostics()).join() === (finding ?? '') ? true : undefined,
      );
    const prod = uriOf(folder, 'values-prod.yaml');
    write(folder, 'values-prod.yaml', volume.replace('true', 'false'));
    tell(client, { uri: prod, type: FileChangeType.Changed });
    await has(lost);
    renameSync(path.join(folder, 'values-prod.yaml'), path.join(folder, 'values-live.yaml'));
    write(folder, 'values-live.yaml', volume);
    tell(
      client,
      { uri: prod, type: FileChangeType.Deleted },
      { uri: uriOf(folder, 'values-live.yaml'), type: FileChangeType.Created },
    );
    await has(undefined);
    write(folder, 'dev/values.yaml', '{}\n');
    tell(client, { uri: uriOf(folder, 'dev'), type: FileChangeType.Created });
    await has('4 api-access-lost In dev');
    rmSync(path.join(folder, 'dev'), { recursive: true });
    unlinkSync(path.join(folder, 'values-live.yaml'));
    tell(
      client,
      { uri: uriOf(folder, 'dev'), type: FileChangeType.Deleted },
      { uri: uriOf(folder, 'values-live.yaml'), type: FileChangeType.Deleted },
    );
    await has(lost);
  });
});

test('files that are not open have their findings told while the settings want it', async () => {
  const folder = folderWith({
    'values.yaml': base,
    'values-prod.yaml': '# later\n',
    'other/values.yaml': base,
  });
  let setting: string | undefined;
  const client = await startClient({
    folders: [uriOf(folder)],
    configuration: ({ section }) =>
      section === 'airflowTokenVolume' ? { workspaceDiagnostics: setting } : null,
  });
  const told = async (): Promise<string[]> =>
    (await client.pullWorkspace()).flatMap((item) =>
      item.kind === 'full' && grave(item.items).length > 0 ? [item.uri.slice(uriOf(folder).length + 1)] : [],
    );
  const sees = (...names: string[]): Promise<true> =>
    eventually(names.join(), async () => ((await told()).sort().join() === names.join() ? true : undefined));
  // A file in a folder of its own is a layer over the one above it.
  await sees('other/values.yaml', 'values.yaml');
  setting = 'off';
  client.pushConfiguration(null);
  await sees();
  rmSync(path.join(folder, 'values-prod.yaml'));
  rmSync(path.join(folder, 'values.yaml'));
  setting = 'all';
  client.pushConfiguration(null);
  await sees('other/values.yaml');
});

test('an unchanged answer is not sent twice, and what was told of a file ends with it', async () => {
  const folder = folderWith({ 'values.yaml': base, 'values-prod.yaml': '# later\n' });
  const client = await startClient({ capabilities: watching(fullCapabilities), folders: [uriOf(folder)] });
  const uri = uriOf(folder, 'values.yaml');
  const first = await eventually('a report', async () =>
    (await client.pullWorkspace()).find((item) => item.uri === uri),
  );
  const id = { uri, value: first.resultId ?? '' };
  expect(await client.pullWorkspace([id])).toEqual([
    { kind: 'unchanged', uri, version: null, resultId: id.value },
  ]);
  unlinkSync(path.join(folder, 'values.yaml'));
  tell(client, { uri, type: FileChangeType.Deleted });
  await eventually('the end', async () => {
    const [item] = await client.pullWorkspace([id]);
    return item?.kind === 'full' && item.items.length === 0 ? true : undefined;
  });
});

test('a client that has diagnostics sent gets those of files that are not open', async () => {
  const folder = folderWith({ 'values.yaml': base, 'values-prod.yaml': '# later\n' });
  const client = await startClient({ capabilities: watching(pushCapabilities), folders: [uriOf(folder)] });
  const prod = client.openUri(uriOf(folder, 'values-prod.yaml'), '# later\n');
  const values = await client.until('a finding', () =>
    client.publishedFor(uriOf(folder, 'values.yaml')).at(-1),
  );
  expect(grave(values.diagnostics)).toEqual([lost]);
  prod.change({ text: volume });
  await client.until('its end', () =>
    client.publishedFor(uriOf(folder, 'values.yaml')).at(-1)?.diagnostics.length === 0 ? true : undefined,
  );
});

test('nothing outside of the workspace is read', async () => {
  const outside = folderWith({ 'secret.yaml': volume, 'values-prod.yaml': volume });
  const folder = folderWith({
    'values.yaml': base,
    'app.yaml': `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: airflow}
spec:
  sources:
    - repoURL: https://airflow.apache.org
      chart: airflow
      targetRevision: 1.22.0
      helm:
        valueFiles:
          - $values/values.yaml
          - $values/../${path.basename(outside)}/secret.yaml
    - {repoURL: https://git.example.com/a.git, ref: values}
`,
  });
  symlinkSync(path.join(outside, 'values-prod.yaml'), path.join(folder, 'values-prod.yaml'));
  const client = await startClient({ folders: [uriOf(folder)] });
  const values = client.openUri(uriOf(folder, 'values.yaml'), base);
  // What cannot be read may say anything, so nothing is said.
  expect(grave(await values.diagnostics())).toEqual([]);
  const stacks = await client.connection.sendRequest<StacksResult>(stacksRequest, { uri: values.uri });
  expect(stacks?.map(({ name, layers, containers }) => [name, layers, containers])).toEqual([
    ['airflow', ['values.yaml', 'app.yaml'], null],
  ]);
});

test('folders come and go', async () => {
  const folder = folderWith({ 'values.yaml': base, 'values-prod.yaml': volume });
  const client = await startClient({ capabilities: watching(fullCapabilities), folders: [] });
  const values = client.openUri(uriOf(folder, 'values.yaml'), base);
  expect(grave(await values.diagnostics())).toEqual([lost]);
  const change = (added: string[], removed: string[]): void => {
    const named = (uris: string[]) => uris.map((uri) => ({ uri, name: 'repo' }));
    const event = { added: named(added), removed: named(removed) };
    void client.connection.sendNotification(DidChangeWorkspaceFoldersNotification.type, { event });
  };
  change([uriOf(folder)], []);
  await eventually('no finding', async () =>
    grave(await values.diagnostics()).length === 0 ? true : undefined,
  );
  change([], [uriOf(folder)]);
  await eventually('the finding', async () =>
    grave(await values.diagnostics()).length === 1 ? true : undefined,
  );
});

test('a virtual file system is read through the client', async () => {
  const files = new Map([
    ['vfs://host/repo/values.yaml', base],
    ['vfs://host/repo/values-prod.yaml', volume],
  ]);
  const client = await startClient({
    capabilities: watching(fullCapabilities),
    folders: ['vfs://host/repo'],
    initializationOptions: { fileSystem: true },
    answers: {
      [findFilesRequest]: () => [...files.keys()],
      [readFileRequest]: (params) => files.get((params as { uri: string }).uri) ?? null,
    },
  });
  const values = client.openUri('vfs://host/repo/values.yaml', base);
  await eventually('no finding', async () =>
    grave(await values.diagnostics()).length === 0 ? true : undefined,
  );
});

test('the stacks of a document are told, the chosen one first, and again when they may be others', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'airflow-token-volume-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  cpSync(path.join(samples, 'argocd'), folder, { recursive: true });
  let changes = 0;
  const client = await startClient({
    folders: [uriOf(folder)],
    initializationOptions: { status: true },
    hears: {
      [stacksChangedNotification]: () => {
        changes++;
      },
    },
  });
  const common = client.openUri(uriOf(folder, 'values/airflow/common.yaml'), '');
  await client.until('a word of stacks', () => (changes > 0 ? true : undefined));
  const ask = (): Promise<StacksResult> =>
    client.connection.sendRequest<StacksResult>(stacksRequest, { uri: common.uri });
  const first = await ask();
  expect(first?.map(({ name }) => name)).toEqual(['airflow-analytics', 'airflow-dev', 'airflow-qa']);
  expect(first?.[0]).toMatchObject({
    origin: 'Argo CD Application',
    originPath: 'apps/airflow-analytics.yaml',
    layers: ['values/airflow/common.yaml', 'values/airflow/analytics.yaml'],
    chart: '1.22.0',
  });
  void client.connection.sendNotification(chooseStackNotification, { uri: common.uri, name: 'airflow-qa' });
  expect((await ask())?.map(({ name }) => name)).toEqual(['airflow-qa', 'airflow-analytics', 'airflow-dev']);
  const other = client.openUri(uriOf(folder, 'other.yaml'), 'a: 1\n');
  expect(await client.connection.sendRequest(stacksRequest, { uri: other.uri })).toBeNull();
});

test('who holds a token in a stack is told', async () => {
  const folder = folderWith({ 'values.yaml': base, 'values-prod.yaml': volume, 'values-dev.yaml': '{}\n' });
  const client = await startClient({ folders: [uriOf(folder)] });
  const values = client.openUri(uriOf(folder, 'values.yaml'), base);
  const ask = (uri: string, stack?: string): Promise<Picture | null> =>
    client.connection.sendRequest<Picture | null>(pictureRequest, { uri, stack });
  const schedulerIn = async (stack: string) =>
    (await ask(values.uri, stack))?.workloads
      .find(({ name }) => name === 'scheduler')
      ?.containers.map(({ state }) => state);
  expect(await schedulerIn('prod')).toEqual(['none', 'projected', 'none']);
  expect(await schedulerIn('dev')).toEqual(['none', 'none', 'none']);
  const other = client.openUri(uriOf(folder, 'other.yaml'), 'a: 1\n');
  expect(await ask(other.uri)).toBeNull();
});

test('what is shown in the text of one layer is asked for again while another one is typed into', async () => {
  // Node does not escape the same characters in an address as VS Code does.
  const folder = path.join(folderWith({ 'a@b/values.yaml': base, 'a@b/values-prod.yaml': volume }), 'a@b');
  let refreshes = 0;
  const client = await startClient({
    capabilities: {
      ...fullCapabilities,
      workspace: {
        ...fullCapabilities.workspace,
        workspaceFolders: true,
        codeLens: { refreshSupport: true },
      },
    },
    folders: [uriOf(folder)],
    answers: {
      [CodeLensRefreshRequest.method]: () => {
        refreshes++;
        return null;
      },
    },
  });
  const lower = client.openUri(uriOf(folder, 'values.yaml'), base);
  const lensesOf = async (): Promise<(string | undefined)[]> =>
    (
      (await client.connection.sendRequest(CodeLensRequest.type, { textDocument: { uri: lower.uri } })) ?? []
    ).map(({ command }) => command?.title);
  await eventually('the stack', async () =>
    (await lensesOf()).some((title) => title?.includes('projected')) ? true : undefined,
  );
  const upper = client.openUri(uriOf(folder, 'values-prod.yaml'), volume);
  await expect.poll(() => refreshes, { timeout: 5000 }).toBeGreaterThan(0);
  await new Promise((resolve) => setTimeout(resolve, 500));
  refreshes = 0;
  upper.change({ text: volume.replace('true', 'false') });
  await expect.poll(() => refreshes, { timeout: 5000 }).toBe(1);
  expect((await lensesOf())[0]).toBe('no token');
});
