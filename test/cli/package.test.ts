import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { bin } from '../../package.json';
import { commands, program } from '../../server/src/cli/commands';

const root = path.resolve(import.meta.dirname, '..', '..');

test('the npm package holds the program, and nothing that is only for work on the project', async () => {
  const { stdout } = await promisify(execFile)(
    'npm',
    ['pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error'],
    { cwd: root },
  );
  // Keyed by name in newer releases of npm.
  const packed = Object.values(JSON.parse(stdout) as Record<string, { files: { path: string }[] }>)[0];
  const names = packed?.files.map((file) => file.path) ?? [];
  expect(names.sort()).toEqual(
    [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      bin[program],
      'dist/ThirdPartyNotices.txt',
      'package.json',
    ].sort(),
  );
});

test('pre-commit runs commands that there are', () => {
  const hooks = parse(readFileSync(path.join(root, '.pre-commit-hooks.yaml'), 'utf8')) as Record<
    string,
    string
  >[];
  expect(hooks.map(({ entry }) => entry)).toEqual(['check', 'fix'].map((name) => `${program} ${name}`));
  for (const { entry = '', language } of hooks) {
    expect(language).toBe('node');
    expect(commands.map(({ name }) => `${program} ${name}`)).toContain(entry);
  }
  expect(existsSync(path.join(root, bin[program]))).toBe(true);
});
