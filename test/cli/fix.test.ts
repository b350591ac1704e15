import { chmodSync, chownSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderWith } from '../../server/src/testing/commandLine';
import { clean, sample } from '../../server/src/testing/report';
import { bash, giveToNobody, isRoot, program } from './program';

const repaired = sample.replace('"3600"', '3600');
const automatic = `executor: KubernetesExecutor
scheduler:
  replicas: 2 # keep
`;

function read(folder: string, name: string): string {
  return readFileSync(path.join(folder, name), 'utf8');
}

test('safe fixes are written, and what was done is told', async () => {
  const folder = folderWith({ 'a/values.yaml': sample, 'values.yaml': clean });
  expect(await program(folder, ['fix'])).toMatchObject({
    code: 0,
    out: 'a/values.yaml\n  Convert to 3600 (1 hour)\n1 of 2 files changed. 2 findings are left.\n',
    err: '',
  });
  expect(read(folder, 'a/values.yaml')).toBe(repaired);
  expect(read(folder, 'values.yaml')).toBe(clean);
  expect((await program(folder, ['fix'])).out).toBe('0 of 2 files changed. 2 findings are left.\n');
});

test.each([
  ['a byte order mark', `\uFEFF${sample}`],
  ['carriage returns', sample.replaceAll('\n', '\r\n')],
  ['no end of the last line', sample.trimEnd()],
  ['all of them', `\uFEFF${sample.trimEnd().replaceAll('\n', '\r\n')}`],
  ['a second document', `${sample}---\nother: "1"\n`],
])('every other byte stays: %s', async (_, text) => {
  const folder = folderWith({ 'values.yaml': text });
  expect((await program(folder, ['fix', 'values.yaml'])).code).toBe(0);
  expect(readFileSync(path.join(folder, 'values.yaml'))).toEqual(Buffer.from(text.replace('"3600"', '3600')));
});

test('the mode stays, a link stays, and nothing is left behind', async () => {
  const folder = folderWith({ 'real/base.yaml': sample });
  chmodSync(path.join(folder, 'real/base.yaml'), 0o640);
  symlinkSync('real/base.yaml', path.join(folder, 'values.yaml'));
  expect((await program(folder, ['fix'])).code).toBe(0);
  expect(lstatSync(path.join(folder, 'values.yaml')).isSymbolicLink()).toBe(true);
  expect(read(folder, 'real/base.yaml')).toBe(repaired);
  expect(statSync(path.join(folder, 'real/base.yaml')).mode & 0o777).toBe(0o640);
  expect(readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()).toEqual([
    'real',
    'real/base.yaml',
    'values.yaml',
  ]);
});

test('what may not be written is told, and everything else is', async () => {
  const folder = folderWith({
    'a-values.yaml': sample,
    'closed/b-values.yaml': sample,
    'values.yaml': sample,
  });
  giveToNobody(folder);
  chmodSync(path.join(folder, 'a-values.yaml'), 0o444);
  chmodSync(path.join(folder, 'closed'), 0o555);
  const ended = await program(folder, ['fix'], { asNobody: true });
  chmodSync(path.join(folder, 'closed'), 0o755);
  expect(ended.code).toBe(2);
  expect(ended.err).toBe(
    'airflow-token-volume: cannot write a-values.yaml: permission denied\n' +
      'airflow-token-volume: cannot write closed/b-values.yaml: its folder is not writable\n',
  );
  // Of the files that stay as they are, everything is left.
  expect(ended.out).toMatch(/\n1 of 3 files changed\. 8 findings are left\.\n$/);
  expect([read(folder, 'a-values.yaml'), read(folder, 'closed/b-values.yaml')]).toEqual([sample, sample]);
  expect(read(folder, 'values.yaml')).toBe(repaired);
});

test('fixes that only become possible by others are made too', async () => {
  const folder = folderWith({ 'values.yaml': sample.replace('expirationSeconds', 'expirationSecond') });
  const { out } = await program(folder, ['fix']);
  expect(out.split('\n').slice(1, 3)).toEqual([
    '  Rename to expirationSeconds',
    '  Convert to 3600 (1 hour)',
  ]);
  expect(read(folder, 'values.yaml')).toBe(repaired);
});

describe('--migrate', () => {
  test('changes nothing by itself without being asked for', async () => {
    const folder = folderWith({ 'values.yaml': automatic });
    await program(folder, ['fix']);
    expect(read(folder, 'values.yaml')).toBe(automatic);
  });

  test('migrates the whole file', async () => {
    const folder = folderWith({ 'values.yaml': automatic });
    const { out, code } = await program(folder, ['fix', '--migrate']);
    expect(code).toBe(0);
    expect(out).toContain('  Migrate the whole file to manual token volumes\n');
    const text = read(folder, 'values.yaml');
    expect(text).toContain('  replicas: 2 # keep\n');
    expect(text).toMatch(/serviceAccountTokenVolume:\n {6}enabled: true/);
    expect((await program(folder, ['fix', '--migrate'])).out).toMatch(/^0 of 1 file changed/);
    expect((await program(folder, ['check', '--fail-on', 'hint'])).code).toBe(0);
  });

  test('leaves a file that says nothing of the scheduler or the executor to others', async () => {
    const overlay = 'triggerer:\n  replicas: 2\n';
    const folder = folderWith({ 'values.yaml': overlay });
    expect((await program(folder, ['fix', '--migrate'])).out).toMatch(/^0 of 1 file changed/);
    expect(read(folder, 'values.yaml')).toBe(overlay);
  });

  test('does not depend on the hint being switched on', async () => {
    const folder = folderWith({
      'values.yaml': automatic,
      '.airflow-token-volume.yaml': 'rules: {automounted-token: off}\n',
    });
    expect((await program(folder, ['fix', '--migrate'])).out).toMatch(/1 of 1 file changed/);
  });
});

describe('--diff', () => {
  test('prints what would change and writes nothing', async () => {
    const folder = folderWith({ 'values.yaml': sample });
    expect(await program(folder, ['fix', '--diff'])).toMatchObject({
      code: 1,
      out: `--- a/values.yaml
+++ b/values.yaml
@@ -5,4 +5,4 @@
     serviceAccountTokenVolume:
       enabled: true
       mountPath: /tmp/token
-      expirationSeconds: "3600"
+      expirationSeconds: 3600
`,
      err: '1 of 1 file would change. 2 findings are left.\n',
    });
    expect(read(folder, 'values.yaml')).toBe(sample);
  });

  test('there is nothing to print when nothing would change', async () => {
    const folder = folderWith({ 'values.yaml': repaired });
    expect(await program(folder, ['fix', '--diff'])).toMatchObject({ code: 0, out: '' });
  });

  test.each([
    ['as it is', sample],
    ['with a byte order mark', `\uFEFF${sample}`],
    ['with carriage returns', sample.replaceAll('\n', '\r\n')],
    ['without an end of the last line', sample.trimEnd()],
  ])('Git applies it: %s', async (_, text) => {
    const folder = folderWith({ 'a/my values.yaml': text, '.gitattributes': '* -text\n' });
    const ended = await bash(
      folder,
      '$program fix --diff > changes.diff; git apply --unsafe-paths changes.diff',
    );
    expect(ended).toMatchObject({
      code: 0,
      err: expect.stringContaining('1 of 1 file would change') as string,
    });
    expect(read(folder, 'a/my values.yaml')).toBe(text.replace('"3600"', '3600'));
  });

  test('paths are from the root of the repository, and of a link that of the file behind it', async () => {
    const folder = folderWith({ 'a/b/x': '', 'a/my values.yaml': clean, 'real.yaml': sample });
    symlinkSync('../real.yaml', path.join(folder, 'a/values.yaml'));
    const script =
      'git init -q ../..; $program fix --diff ../.. > ../../changes.diff; cd ../..; git apply changes.diff';
    expect(await bash(path.join(folder, 'a/b'), script)).toMatchObject({ code: 0 });
    expect(read(folder, 'changes.diff')).toMatch(/^--- a\/real\.yaml\n\+\+\+ b\/real\.yaml\n/);
    expect(read(folder, 'real.yaml')).toBe(repaired);
  });

  test('a file outside of the working folder and of any repository has its full path', async () => {
    const folder = folderWith({ 'a/x': '', 'values.yaml': sample });
    const { out } = await program(path.join(folder, 'a'), ['fix', '--diff', '../values.yaml']);
    expect(out.startsWith(`--- a${folder}/values.yaml\n+++ b${folder}/values.yaml\n`)).toBe(true);
  });

  test('of standard input', async () => {
    const { code, out } = await program(
      folderWith({}),
      ['fix', '--diff', '-', '--stdin-filename', 'x.yaml'],
      {
        input: sample,
      },
    );
    expect(code).toBe(1);
    expect(out).toMatch(/^--- a\/x\.yaml\n\+\+\+ b\/x\.yaml\n/);
  });
});

test('standard input is printed as it is fixed, and only that', async () => {
  const input = `\uFEFF${sample.replaceAll('\n', '\r\n')}`;
  const ended = await program(folderWith({}), ['fix', '-'], { input });
  expect(ended).toMatchObject({ code: 0, out: input.replace('"3600"', '3600') });
  expect(ended.err).toBe('1 of 1 file changed. 2 findings are left.\n');
});

test.each([
  ['is skipped', 'replicaCount: "1"\r\n', 0],
  ['is switched off', `# airflow-token-volume: disable\n${sample}`, 0],
  ['is not UTF-8', Buffer.from([0x61, 0x3a, 0x20, 0xff]), 2],
])('standard input that %s is printed as it is', async (_, input, code) => {
  const script = '$program fix - < input > output';
  const folder = folderWith({ input });
  expect((await bash(folder, script)).code).toBe(code);
  expect(readFileSync(path.join(folder, 'output'))).toEqual(Buffer.from(input));
});

test('standard input is printed as it is when there is a mistake in the settings', async () => {
  const folder = folderWith({ '.airflow-token-volume.yaml': 'fils: []' });
  expect(await program(folder, ['fix', '-'], { input: sample })).toMatchObject({ code: 2, out: sample });
});

test.runIf(isRoot)('a file of somebody else stays theirs', async () => {
  const folder = folderWith({ 'values.yaml': sample });
  const file = path.join(folder, 'values.yaml');
  giveToNobody(folder);
  chownSync(file, 0, 0);
  chmodSync(file, 0o666);
  expect(await program(folder, ['fix'], { asNobody: true })).toMatchObject({ code: 0, err: '' });
  expect(read(folder, 'values.yaml')).toBe(repaired);
  expect(statSync(file)).toMatchObject({ uid: 0, gid: 0 });
  expect(readdirSync(folder)).toEqual(['values.yaml']);
});

test.each([
  ['INT', 130],
  ['TERM', 143],
])('SIG%s ends it with the summary, and leaves only whole files', async (signal, code) => {
  const files = Array.from({ length: 1500 }, (_, index) => [`values-${index}.yaml`, sample] as const);
  const folder = folderWith(Object.fromEntries(files));
  const ended = await bash(
    folder,
    `$program fix > out & pid=$!; while ! [ -s out ]; do sleep 0.01; done; kill -${signal} $pid; wait $pid`,
  );
  expect(ended.code).toBe(code);
  expect(ended.err).toBe(`airflow-token-volume: stopped by SIG${signal}\n`);
  const summary = /^(\d+) of \d+ files? changed\./m.exec(read(folder, 'out'));
  const names = readdirSync(folder).filter((name) => name !== 'out');
  expect(names).toHaveLength(files.length);
  const changed = names.filter((name) => read(folder, name) === repaired).length;
  expect(changed).toBe(Number(summary?.[1]));
  expect(changed).toBeLessThan(files.length);
  expect(names.filter((name) => read(folder, name) === sample)).toHaveLength(files.length - changed);
});
