import { execFileSync, spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Picture, PictureContainer, PictureWorkload } from '../../server/src/features/picture';
import {
  accountIn,
  checksText,
  clusterChecks,
  quotePosix,
  quotePowerShell,
  shellKindOf,
  type Cluster,
  type ShellKind,
} from './clusterChecks';

const standard = '/var/run/secrets/kubernetes.io/serviceaccount';
const cluster: Cluster = { release: 'flows', namespace: 'data', context: 'prod-eu' };

const container = (name: string, more: Partial<PictureContainer> = {}): PictureContainer => ({
  name,
  init: false,
  state: 'none',
  tokens: [],
  need: 'never',
  why: '',
  place: null,
  after: null,
  ...more,
});
const token = (mountPath: string, audience: string | null = null): Partial<PictureContainer> => ({
  state: 'projected',
  tokens: [{ mountPath, audience, expirationSeconds: 1800, byHand: false }],
});
const scheduler = (...containers: PictureContainer[]): PictureWorkload => ({
  name: 'scheduler',
  title: 'the scheduler',
  kind: 'Deployment',
  serviceAccount: 'airflow-scheduler',
  containers,
});
const picture = (...workloads: PictureWorkload[]): Picture => ({
  stack: 'production',
  chart: '1.22.0',
  executor: 'KubernetesExecutor',
  workloads,
  totals: { containers: 0, holding: 0, needing: 0 },
  after: null,
});
const usual = picture(
  scheduler(
    container('wait-for-airflow-migrations', { init: true }),
    container('scheduler', { ...token(standard), need: 'always' }),
    container('scheduler-log-groomer'),
  ),
  {
    name: 'worker-large',
    title: 'the Celery workers',
    kind: 'StatefulSet',
    serviceAccount: 'tasks',
    containers: [container('worker', { state: 'automatic', need: 'perhaps' })],
  },
  {
    name: 'create-user-job',
    title: 'the user creation job',
    kind: 'Job',
    serviceAccount: 'airflow-create-user-job',
    containers: [container('create-user', { state: 'automatic' })],
  },
);
const linesOf = (of: Picture, shell: ShellKind, where = cluster): string[] =>
  clusterChecks(of, where, shell).flatMap(({ commands }) => commands.map(({ line }) => line));

describe('quoting', () => {
  const argument = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.string({ unit: fc.constantFrom(...Array.from('\'"`$\\ \n\t!*?[]{}()<>|&;#~=%-a‘’é')), maxLength: 30 }),
  );

  test('for sh, any argument survives', () => {
    fc.assert(
      fc.property(argument, (text) => {
        // No argument of a program can have a null character, nor half of a surrogate pair.
        fc.pre(!text.includes('\0') && Buffer.from(text).toString() === text);
        const printed = execFileSync('sh', ['-c', `printf %s ${quotePosix(text)}`], { encoding: 'utf8' });
        expect(printed).toBe(text);
      }),
      { numRuns: 150 },
    );
  });

  test('for PowerShell, any argument is one text between single quotes, or needs none', () => {
    fc.assert(
      fc.property(argument, (text) => {
        const quoted = quotePowerShell(text);
        if (quoted === text) {
          expect(text).toMatch(/^[A-Za-z0-9_/=-]+$/);
          return;
        }
        // The grammar of a verbatim text: no single quote of any kind but in pairs.
        expect(quoted).toMatch(/^'(?:[^'\u2018-\u201b]|(['\u2018-\u201b])\1)*'$/u);
        expect(quoted.slice(1, -1).replace(/(['\u2018-\u201b])\1/g, '$1')).toBe(text);
      }),
    );
  });

  test.each<[string, string, ShellKind]>([
    ['/usr/bin/zsh', 'darwin', 'posix'],
    ['/usr/bin/pwsh', 'linux', 'powershell'],
    [String.raw`C:\Program Files\PowerShell\7\pwsh.exe`, 'win32', 'powershell'],
    [String.raw`C:\Windows\System32\WindowsPowerShell\v1.0\PowerShell.EXE`, 'win32', 'powershell'],
    [String.raw`C:\Windows\System32\cmd.exe`, 'win32', 'powershell'],
    [String.raw`C:\Program Files\Git\bin\bash.exe`, 'win32', 'posix'],
    ['', 'win32', 'powershell'],
    ['', 'linux', 'posix'],
  ])('%s on %s takes %s', (shell, platform, kind) => {
    expect(shellKindOf(shell, platform)).toBe(kind);
  });
});

test.each([
  ['airflow-scheduler', 'airflow', 'airflow-scheduler'],
  ['airflow-scheduler', 'my-airflow', 'my-airflow-scheduler'],
  ['airflow-scheduler', 'flows', 'flows-airflow-scheduler'],
  ['tasks', 'flows', 'tasks'],
])('the account %s is in the release %s %s', (name, release, expected) => {
  expect(accountIn(name, release)).toBe(expected);
});

describe('the commands', () => {
  test('for sh', () => {
    const pod =
      "$(kubectl --context=prod-eu get pods --namespace=data '--selector=tier=airflow,release=flows,component=scheduler' --field-selector=status.phase=Running '--output=jsonpath={.items[0].metadata.name}')";
    const exec = `kubectl --context=prod-eu exec --namespace=data ${pod}`;
    const found = clusterChecks(usual, cluster, 'posix');
    expect(found.map(({ title, commands }) => [title, commands.map((command) => command.title)])).toEqual([
      ['Which volumes are mounted?', ['the scheduler', 'the Celery workers', 'the user creation job']],
      ['Does a log groomer really hold no token?', ['scheduler-log-groomer']],
      ["What do the token's claims say?", ['scheduler, scheduler', 'worker-large, worker']],
      ["Are there authentication errors in the scheduler's log?", ['the last hour']],
      ['What may the accounts do?', ['flows-airflow-scheduler', 'tasks']],
    ]);
    const [mounts, groomer, claims, log, rights] = found.map(({ commands }) => commands[0]);
    expect(mounts?.expect).toBe(
      `scheduler has a token at ${standard}; scheduler-log-groomer has no token: ${standard} is not in its list.`,
    );
    expect(groomer?.line).toBe(`${exec} --container=scheduler-log-groomer -- ls -- ${standard}`);
    expect(groomer?.expect).toContain('it fails');
    expect(claims?.line).toContain(`${exec} --container=scheduler -- cat ${standard}/token | cut -d`);
    expect(claims?.expect).toContain('system:serviceaccount:data:flows-airflow-scheduler');
    expect(log?.line).toContain('--since=1h --tail=-1 | grep');
    expect(rights?.line).toBe(
      'kubectl --context=prod-eu auth can-i list pods --namespace=data --as=system:serviceaccount:data:flows-airflow-scheduler',
    );
  });

  test('in a list, what to expect is short, and says a path only where it is another than usual', () => {
    const found = clusterChecks(usual, cluster, 'posix').map(({ commands }) => commands[0]?.brief);
    expect(found).toEqual([
      'a token in scheduler, none in scheduler-log-groomer',
      'it fails, with "No such file or directory"',
      'sub ends in flows-airflow-scheduler',
      'no line',
      'yes, for it has to call the API',
    ]);
    const briefOf = (...containers: PictureContainer[]): string | undefined =>
      clusterChecks(picture(scheduler(...containers)), cluster, 'posix')[0]?.commands[0]?.brief;
    expect(briefOf(container('scheduler', token('/tokens')), container('sidecar', token(standard)))).toBe(
      'a token in scheduler (/tokens) and sidecar',
    );
    expect(briefOf(container('scheduler'))).toBe('no token in scheduler');
    const vault = picture(scheduler(container('scheduler', token(standard, 'vault'))));
    expect(clusterChecks(vault, cluster, 'posix')[1]?.commands[0]?.brief).toBe(
      'sub ends in flows-airflow-scheduler, aud is vault',
    );
  });

  test('a groomer that holds a token is expected to', () => {
    const automatic = picture(scheduler(container('scheduler-log-groomer', { state: 'automatic' })));
    const [, groomer] = clusterChecks(automatic, cluster, 'posix');
    expect(groomer?.commands[0]?.expect).toContain('does hold a token');
    expect(groomer?.commands[0]?.brief).toBe('it holds a token');
  });

  test('sets of workers have the label that all workers have; no context is named where none is set', () => {
    const lines = linesOf(usual, 'posix', { ...cluster, context: '' });
    expect(lines.filter((line) => line.includes('component=worker,') || line.includes('--context'))).toEqual(
      [],
    );
    expect(lines.some((line) => line.includes('component=worker'))).toBe(true);
  });

  test('in sh they are whole, and show claims but never the token', () => {
    const claims = { sub: 'system:serviceaccount:data:tasks', aud: ['ünïcode??>>~~'] };
    // Every length that padding makes a difference for.
    for (const extra of ['', 'a', 'ab', 'abc']) {
      const text = JSON.stringify({ ...claims, extra });
      const jwt = `eyJhbGciOiJSUzI1NiJ9.${Buffer.from(text).toString('base64url')}.c2lnbmF0dXJl`;
      const fake = `kubectl() { case "$*" in *exec*) printf %s '${jwt}';; *) echo pod-1;; esac; }`;
      const line = linesOf(usual, 'posix').find((each) => each.includes('cut -d')) ?? '';
      const { stdout, stderr } = spawnSync('sh', ['-c', `${fake}\n${line}`], { encoding: 'utf8' });
      expect(stderr).toBe('');
      expect(stdout.trim()).toBe(text);
      expect(stdout).not.toContain(jwt);
    }
    for (const line of linesOf(usual, 'posix'))
      expect(spawnSync('sh', ['-n', '-c', line], { encoding: 'utf8' }).stderr).toBe('');
  });

  test('a custom audience has the API server look at the token', () => {
    const custom = picture(scheduler(container('scheduler', token('/tokens/', "it's"))));
    const line = linesOf(custom, 'posix').at(-1) ?? '';
    const fake = 'kubectl() { case "$*" in *create*) cat;; *exec*) echo "a.b.c";; *) echo pod-1;; esac; }';
    const { stdout } = spawnSync('sh', ['-c', `${fake}\n${line}`], { encoding: 'utf8' });
    expect(stdout).toBe(
      "&review {apiVersion: authentication.k8s.io/v1, kind: TokenReview, spec: {token: a.b.c, audiences: ['it''s']}}",
    );
    expect(line).toContain('cat /tokens/token');
    expect(linesOf(custom, 'powershell').at(-1)).toMatch(
      /^\('&review \{apiVersion: .* \+ \(kubectl .*\) \+ ', audiences: \[''it''''s''\]\}\}'\) \| kubectl /,
    );
  });

  test('in PowerShell there is no double quote, and the claims are padded', () => {
    const lines = linesOf(usual, 'powershell');
    expect(lines.filter((line) => line.includes('"'))).toEqual([]);
    expect(lines.find((line) => line.startsWith('$part'))).toMatch(
      /^\$part = \(kubectl .*\)\.Split\('\.'\)\[1\].*; \[Text\.Encoding\]::UTF8\.GetString\(.*\$part \+ '=' \* /,
    );
    expect(lines.some((line) => line.includes("'--selector=tier=airflow,release=flows,"))).toBe(true);
    const strange = picture(scheduler(container('scheduler', { ...token('/a"b'), need: 'always' })));
    expect(linesOf(strange, 'powershell').some((line) => line.includes('/a"b'))).toBe(false);
    expect(linesOf(strange, 'posix').some((line) => line.includes(`'/a"b/token'`))).toBe(true);
  });

  test('as a text they say where the stack is, and what of that is only assumed', () => {
    const where: Cluster = { release: 'airflow', namespace: 'data', context: '', assumed: ['release'] };
    const whole = checksText(clusterChecks(usual, where, 'posix'), usual, where);
    expect(whole).toMatch(
      /^# Checks of the stack production, chart 1\.22\.0: release airflow \(assumed\), namespace data, the current context\.\n/,
    );
    expect(whole).toContain(
      '\n\n# == Which volumes are mounted?\n\n# the scheduler: scheduler has a token at',
    );
  });

  test('whatever is in the values, each command is one line, and each line a command or a comment', () => {
    const text = fc.string({
      unit: fc.constantFrom(...Array.from('a\n\r\t\u001b\u2028\u0003;$(`\'"#')),
      maxLength: 8,
    });
    fc.assert(
      fc.property(text, text, text, fc.constantFrom<ShellKind>('posix', 'powershell'), (a, b, c, shell) => {
        const bad = picture({
          ...scheduler(container(a, { ...token(b, c), need: 'always' })),
          name: a,
          title: b,
          serviceAccount: c,
        });
        const checks = clusterChecks({ ...bad, stack: a }, { release: b, namespace: c, context: a }, shell);
        const lines = new Set(checks.flatMap(({ commands }) => commands.map(({ line }) => line)));
        for (const line of lines) expect(line).not.toMatch(/[\p{Cc}\u2028]/u);
        const whole = checksText(checks, { ...bad, stack: a }, { release: b, namespace: c, context: a });
        for (const line of whole.split(/\r\n?|[\n\u2028]/))
          expect(line === '' || line.startsWith('# ') || lines.has(line)).toBe(true);
      }),
    );
  });
});
