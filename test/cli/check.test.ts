import { chmodSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderWith } from '../../server/src/testing/commandLine';
import { clean, sample } from '../../server/src/testing/report';
import { bash, giveToNobody, program } from './program';

const error = sample;
const onlyError = 'scheduler: {serviceAccount: {automountServiceAccountToken: "false"}}\n';
const warning = sample.replace('"3600"', '3600');
const information = warning.replace('/tmp/token', '/var/run/secrets/kubernetes.io/serviceaccount');
const hint = 'executor: KubernetesExecutor\nscheduler:\n  replicas: 1\n';

function codesIn(out: string): string[] {
  return (JSON.parse(out) as { findings: { code: string }[] }).findings.map(({ code }) => code);
}

describe('the exit status', () => {
  const thresholds = ['error', 'warning', 'information', 'hint', 'never'];

  test.each([
    ['an error', error, [1, 1, 1, 1, 0]],
    ['a warning', warning, [0, 1, 1, 1, 0]],
    ['information', information, [0, 0, 1, 1, 0]],
    ['a hint', hint, [0, 0, 0, 1, 0]],
    ['nothing', clean, [0, 0, 0, 0, 0]],
  ])('%s', async (_, text, expected) => {
    const folder = folderWith({ 'values.yaml': text });
    const ended = await Promise.all(
      thresholds.map((threshold) => program(folder, ['check', '--fail-on', threshold])),
    );
    expect(ended.map(({ code }) => code)).toEqual(expected);
    expect((await program(folder, ['check'])).code).toBe(expected[0]);
  });

  test('more warnings than there may be', async () => {
    const folder = folderWith({ 'a-values.yaml': warning, 'b-values.yaml': warning });
    const run = (most: string) => program(folder, ['check', '--max-warnings', most]);
    expect((await run('2')).code).toBe(0);
    expect(await run('1')).toMatchObject({
      code: 1,
      err: 'There are more warnings than --max-warnings 1 allows.\n',
    });
    const errors = folderWith({ 'values.yaml': onlyError });
    expect((await program(errors, ['check', '--max-warnings', '0'])).code).toBe(1);
    expect((await program(errors, ['check', '--max-warnings', '0', '--fail-on', 'never'])).code).toBe(0);
  });

  test('a file that cannot be read outweighs findings, and keeps nothing else from being checked', async () => {
    const folder = folderWith({ 'values.yaml': error, 'bad-values.yaml': Buffer.from([0x61, 0xff]) });
    const { code, out, err } = await program(folder, ['check', 'missing.yaml', '.', '--format', 'json']);
    expect(code).toBe(2);
    expect(codesIn(out)).toContain('invalid-type');
    expect(err.split('\n').sort()).toEqual([
      '',
      'airflow-token-volume: cannot read bad-values.yaml: it is not UTF-8',
      'airflow-token-volume: cannot read missing.yaml: there is no such file',
    ]);
  });

  test('what a user without the right to read cannot read', async () => {
    const folder = folderWith({
      'values.yaml': clean,
      'closed-values.yaml': clean,
      'closed/values.yaml': clean,
    });
    giveToNobody(folder);
    chmodSync(path.join(folder, 'closed-values.yaml'), 0o000);
    chmodSync(path.join(folder, 'closed'), 0o000);
    const ended = await program(folder, ['check'], { asNobody: true });
    chmodSync(path.join(folder, 'closed'), 0o700);
    expect(ended).toMatchObject({ code: 2, out: 'No findings in 1 file. 2 could not be read.\n' });
    expect(ended.err.split('\n').sort()).toEqual([
      '',
      'airflow-token-volume: cannot read closed-values.yaml: permission denied',
      'airflow-token-volume: cannot read closed: permission denied',
    ]);
  });

  test('links that lead nowhere or in a circle, and folders that link to themselves', async () => {
    const folder = folderWith({ 'values.yaml': clean });
    symlinkSync('nowhere.yaml', path.join(folder, 'broken-values.yaml'));
    symlinkSync('.', path.join(folder, 'values'));
    symlinkSync('circle-values.yaml', path.join(folder, 'circle-values.yaml'));
    symlinkSync('nowhere.yaml', path.join(folder, 'other.yaml'));
    const { code, out, err } = await program(folder, ['check']);
    expect({ code, out }).toEqual({ code: 2, out: 'No findings in 1 file. 2 could not be read.\n' });
    expect(err).toContain(
      'cannot read broken-values.yaml: it is a symbolic link to a file that is not there\n',
    );
    expect(err).toContain('cannot read circle-values.yaml: its symbolic links lead in a circle\n');
  });
});

describe('which files', () => {
  test('of a folder those that the editor checks', async () => {
    const folder = folderWith({
      '.gitignore': 'ignored/\n',
      'values.yaml': clean,
      'deep/er/values-prod.yml': clean,
      'other.yaml': error,
      'asked.yaml': `# airflow-token-volume: enable\n${clean}`,
      'off-values.yaml': `# airflow-token-volume: disable\n${error}`,
      'nginx/values.yaml': 'replicaCount: 1\n',
      'ignored/values.yaml': error,
      'latin.yaml': Buffer.from('# ü', 'latin1'),
      'node_modules/x/values.yaml': error,
    });
    expect(await program(folder, ['check'])).toMatchObject({
      code: 0,
      out: 'No findings in 3 files.\n',
      err: '',
    });
  });

  test('what a setting names beside YAML files', async () => {
    const folder = folderWith({
      '.airflow-token-volume.yaml': "files: ['*.yaml.gotmpl']\n",
      'values.yaml': error,
      'prod.yaml.gotmpl': warning,
    });
    const { out } = await program(folder, ['check', '--format', 'json']);
    expect((JSON.parse(out) as { checked: number }).checked).toBe(1);
    expect(out).toContain('"prod.yaml.gotmpl"');
  });

  test('a named one under any name, if it looks like the chart', async () => {
    const folder = folderWith({
      'team.conf': error,
      'nginx.yaml': 'replicaCount: 1\n',
      'off.yaml': `# airflow-token-volume: disable\n${error}`,
    });
    expect((await program(folder, ['check', 'team.conf'])).code).toBe(1);
    const other = await program(folder, ['check', 'nginx.yaml']);
    expect(other).toMatchObject({ code: 0, out: 'No values for the Airflow chart found.\n' });
    expect(other.err).toMatch(
      /^airflow-token-volume: nginx\.yaml is skipped: .*"# airflow-token-volume: enable"/,
    );
    const off = await program(folder, ['check', 'off.yaml']);
    expect(off).toMatchObject({ code: 0 });
    expect(off.err).toBe(
      'airflow-token-volume: off.yaml is skipped: a comment in its first lines says "airflow-token-volume: disable".\n',
    );
    for (const format of ['json', 'sarif', 'github', 'junit'])
      expect((await program(folder, ['check', 'nginx.yaml', '--format', format])).err).toBe(other.err);
  });

  test('skipped ones are told by name, of many of them only some', async () => {
    const names = ['a.yaml', 'b.yaml', 'c.yaml', 'd.yaml', 'e.yaml', 'f.yaml', 'g.yaml'];
    const off = `# airflow-token-volume: disable -- not ours\n${error}`;
    const folder = folderWith({
      ...Object.fromEntries(names.map((name) => [name, 'x: 1\n'])),
      'off.yaml': off,
    });
    expect((await program(folder, ['check', 'a.yaml', 'off.yaml', 'b.yaml'])).err).toMatch(
      /^airflow-token-volume: off\.yaml is skipped: a comment .*\nairflow-token-volume: a\.yaml and b\.yaml are skipped: .*\n$/,
    );
    expect((await program(folder, ['check', ...names])).err).toMatch(
      /^airflow-token-volume: a\.yaml, b\.yaml, c\.yaml, d\.yaml, e\.yaml and 2 more are skipped: .*\n$/,
    );
  });

  test('a link and the file behind it are one file, under the first name', async () => {
    const folder = folderWith({ 'real/team.yaml': error, 'x.yaml': '' });
    symlinkSync('../real/team.yaml', path.join(folder, 'real/values.yaml'));
    symlinkSync('real/team.yaml', path.join(folder, 'a.yaml'));
    symlinkSync('real/team.yaml', path.join(folder, 'values.yaml'));
    const { out } = await program(folder, ['check', '--format', 'json']);
    const { checked, findings } = JSON.parse(out) as { checked: number; findings: { path: string }[] };
    expect(checked).toBe(1);
    expect(new Set(findings.map((finding) => finding.path))).toEqual(new Set(['real/values.yaml']));
  });

  test('paths are told from the working folder', async () => {
    const folder = folderWith({ 'a/values.yaml': error, 'b/x': '' });
    const { out } = await program(path.join(folder, 'b'), [
      'check',
      path.join(folder, 'a'),
      '--format',
      'json',
    ]);
    expect(out).toContain('"path": "../a/values.yaml"');
  });
});

describe('standard input', () => {
  test('is checked under any name, and told as <stdin>', async () => {
    const { code, out } = await program(folderWith({}), ['check', '-'], { input: error });
    expect(code).toBe(1);
    expect(out).toMatch(/^<stdin>:8:26 error invalid-type: /m);
  });

  test('has the name and the settings that --stdin-filename gives it', async () => {
    const folder = folderWith({ 'team/.airflow-token-volume.yaml': 'rules: {invalid-type: off}\n' });
    const args = ['check', '-', '--stdin-filename', 'team/my-values.yaml'];
    const { code, out } = await program(folder, args, { input: error });
    expect(code).toBe(0);
    expect(out).toMatch(/^team\/my-values\.yaml:7:18 warning /m);
    expect(out).not.toContain('invalid-type');
  });

  test('that is not UTF-8', async () => {
    expect(await program(folderWith({}), ['check', '-'], { input: Buffer.from([0xff]) })).toMatchObject({
      code: 2,
      err: 'airflow-token-volume: cannot read <stdin>: it is not UTF-8\n',
    });
  });
});

test('the version of the chart decides what is found', async () => {
  const folder = folderWith({
    'values.yaml':
      'executor: KubernetesExecutor\ncleanup:\n  enabled: true\n  serviceAccount:\n    automountServiceAccountToken: false\n    serviceAccountTokenVolume:\n      enabled: true\n',
  });
  const run = async (version: string) =>
    codesIn((await program(folder, ['check', '--format', 'json', '--chart-version', version])).out);
  expect(await run('1.22.0')).toEqual([]);
  expect(await run('1.19.0')).not.toEqual([]);
});

test('a byte order mark moves no column', async () => {
  const folder = folderWith({ 'values.yaml': `\uFEFF${onlyError}` });
  expect((await program(folder, ['check'])).out).toMatch(/^values\.yaml:1:60 error /);
});

test.each([
  [{}, false],
  [{ FORCE_COLOR: '1' }, true],
  [{ NO_COLOR: '1' }, false],
])('colours into a pipe with %j', async (env: Record<string, string>, expected) => {
  const { out } = await program(folderWith({ 'values.yaml': error }), ['check'], { env });
  expect(out.includes('\u001B[')).toBe(expected);
});

test.each(['> /dev/full', '2> /dev/full --format xml'])(
  'an output that cannot be written: %s',
  async (to) => {
    const { err, code } = await bash(
      folderWith({ 'values.yaml': clean }),
      `$program check --format json ${to}`,
    );
    expect(code).toBe(2);
    expect(err).toBe(
      to.startsWith('2')
        ? ''
        : 'airflow-token-volume: cannot write the output: no space is left on the device\n',
    );
  },
);

test('a working folder that was deleted', async () => {
  const { err, code } = await bash(folderWith({ 'gone/x': '' }), 'cd gone; rm -r ../gone; $program check');
  expect({ err, code }).toEqual({
    err: 'airflow-token-volume: the working folder does not exist any more\n',
    code: 2,
  });
});

test('thousands of findings in a file', async () => {
  const comments = '# airflow-token-volume: ignore unknown-key\n'.repeat(3000);
  const folder = folderWith({ 'values.yaml': `${clean}${comments}` });
  const start = performance.now();
  const { out } = await program(folder, ['check', '--format', 'json']);
  const { findings } = JSON.parse(out) as { findings: { fixes: unknown[] }[] };
  expect(findings.length).toBeGreaterThan(50);
  expect(findings.filter(({ fixes }) => fixes.length > 0)).toHaveLength(50);
  expect((performance.now() - start) / 1000).toBeLessThan(10);
}, 60_000);

test('a reader that goes early ends it quietly', async () => {
  const files = Array.from({ length: 300 }, (_, index) => [`values-${index}.yaml`, error] as const);
  const folder = folderWith(Object.fromEntries(files));
  const { out, err } = await bash(folder, '$program check | head -n 1; echo "${PIPESTATUS[@]}"');
  expect(err).toBe('');
  expect(out.split('\n')).toHaveLength(3);
  expect(out).toMatch(/\n1 0\n$/);
});

test('what is printed is complete, however slow the reader', async () => {
  const files = Array.from({ length: 200 }, (_, index) => [`values-${index}.yaml`, error] as const);
  const folder = folderWith(Object.fromEntries(files));
  const { out } = await bash(folder, '$program check --format json | (sleep 0.5; cat)');
  expect((JSON.parse(out) as { checked: number }).checked).toBe(200);
});
