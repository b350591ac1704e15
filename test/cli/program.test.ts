import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { folderWith } from '../../server/src/testing/commandLine';
import { cliBundle } from './build';
import { program } from './program';

test('the program can be started by its name, and holds no language server', () => {
  const code = readFileSync(cliBundle, 'utf8');
  expect(code.startsWith('#!/usr/bin/env node\n')).toBe(true);
  expect(code).not.toContain('vscode-jsonrpc');
  expect(code).not.toContain('createConnection');
});

test('wrong use is told in one line on stderr', async () => {
  expect(await program(folderWith({}), ['check', '--format', 'xml'])).toEqual({
    code: 2,
    signal: null,
    out: '',
    err: 'airflow-token-volume: --format takes text, json, sarif, github, junit, not "xml".\n',
  });
});

test('a mistake in a configuration is told with the file and the key', async () => {
  const folder = folderWith({ 'settings.json': '{"rules": {"unknown-key": "fatal"}}' });
  expect(await program(folder, ['check', '--config', 'settings.json'])).toMatchObject({
    code: 2,
    out: '',
    err: 'airflow-token-volume: settings.json: rules.unknown-key must be one of off, hint, information, warning, error, not "fatal".\n',
  });
});

test('a thousand ordinary files are checked in a moment', async () => {
  const files = Array.from(
    { length: 1000 },
    (_, index) => [`team-${index % 50}/values-${index}.yaml`, ordinary(index)] as const,
  );
  const folder = folderWith(Object.fromEntries(files));
  const start = performance.now();
  const { code, out } = await program(folder, ['check']);
  const seconds = (performance.now() - start) / 1000;
  expect(code).toBe(0);
  expect(out).toMatch(/ of 1000 files\.\n$/);
  // The aim is 2 seconds on an idle machine with two cores; tests run beside each other on whatever there is.
  expect(seconds).toBeLessThan(10);
}, 60_000);

/** Values of about 150 lines, some of them with something to report. */
function ordinary(index: number): string {
  const sections = Array.from(
    { length: 20 },
    (_, number) => `section${number}:
  enabled: true
  replicas: ${number}
  resources:
    requests:
      cpu: 500m
      memory: 1Gi
`,
  );
  return `executor: ${index % 2 === 0 ? 'KubernetesExecutor' : 'CeleryExecutor'}
scheduler:
  replicas: 2
  serviceAccount:
    automountServiceAccountToken: ${String(index % 3 === 0)}
    serviceAccountTokenVolume:
      enabled: true
      expirationSeconds: 3600
${sections.join('')}`;
}
