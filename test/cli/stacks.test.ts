import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderWith } from '../../server/src/testing/commandLine';
import { program, type RunOptions } from './program';

/** What is to be found in a sample repository; its README says what the keys mean. */
interface Expected {
  readonly stacks: readonly {
    readonly name: string;
    readonly file: string;
    readonly layers: readonly string[];
    readonly chart: string;
    readonly key?: string;
    readonly workloads: object | null;
    readonly needs?: string;
  }[];
  readonly findings: readonly {
    readonly file: string;
    readonly line: number;
    readonly code: string;
    readonly stacks: readonly string[] | 'all';
    readonly decidedBy?: readonly { readonly file: string; readonly line: number }[];
    readonly needs?: string;
  }[];
}

/** What `stacks --format json` prints. */
interface Listed {
  readonly folder: string;
  readonly stacks: readonly {
    readonly name: string;
    readonly origin: string;
    readonly path: string;
    readonly place: { readonly path: string; readonly line: number; readonly character: number } | null;
    readonly chart: {
      readonly version: string;
      readonly from: string;
      readonly pinned: { readonly text: string; readonly path: string } | null;
    };
    readonly layers: readonly {
      readonly path: string;
      readonly source: string;
      readonly key: string | null;
      readonly unknown: string | null;
    }[];
    readonly containers: { readonly all: number; readonly withToken: number } | null;
  }[];
}

/** What `check --format json` prints. */
interface Checked {
  readonly checked: number;
  readonly findings: readonly {
    readonly path: string;
    readonly code: string;
    readonly severity: string;
    readonly message: string;
    readonly range: { readonly start: { readonly line: number } };
    readonly related: readonly {
      readonly path: string;
      readonly range: { readonly start: { readonly line: number } };
    }[];
  }[];
}

const samples = path.resolve(import.meta.dirname, '..', 'fixtures', 'repositories');
const names = readdirSync(samples).filter((name) => statSync(path.join(samples, name)).isDirectory());

/** A copy of a sample repository, as one of Git. */
function copyOf(name: string): string {
  const folder = folderWith({ '.git/HEAD': 'ref: refs/heads/main\n' });
  cpSync(path.join(samples, name), folder, { recursive: true });
  return folder;
}

function textsIn(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => !file.startsWith('.git') && statSync(path.join(folder, file)).isFile())
    .sort();
  return Object.fromEntries(files.map((file) => [file, readFileSync(path.join(folder, file), 'utf8')]));
}

async function json<T>(folder: string, args: readonly string[], options?: RunOptions): Promise<T> {
  const { out, err } = await program(folder, [...args, '--format', 'json'], options);
  expect(err).toBe('');
  return JSON.parse(out) as T;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

function sourceOf(layer: string, key: string | undefined): Listed['stacks'][number]['layers'][number] {
  const [file = '', place] = layer.split('#');
  const isKey = key !== undefined && place === key;
  const source =
    place === undefined || isKey ? 'file' : place.endsWith('.parameters') ? 'parameters' : 'resource';
  return { path: file, source, key: isKey ? key : null, unknown: null };
}

describe.each(names)('%s', (name) => {
  const text = readFileSync(path.join(samples, `${name}.expected.json`), 'utf8');
  const all = JSON.parse(text) as Expected;
  const stacks = all.stacks.filter(({ needs }) => needs === undefined);
  const findings = all.findings.filter(({ needs }) => needs === undefined);

  test('lists the stacks with their layers and charts', async () => {
    const listed = await json<Listed>(copyOf(name), ['stacks']);
    const byName = <T extends { name: string }>(list: readonly T[]): T[] =>
      list.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    expect(
      byName(listed.stacks).map((stack) => ({
        name: stack.name,
        path: stack.path,
        chart: stack.chart.version,
        layers: stack.layers,
      })),
    ).toEqual(
      byName(stacks).map((stack) => ({
        name: stack.name,
        path: stack.file,
        chart: stack.chart,
        layers: stack.layers.map((layer) => sourceOf(layer, stack.key)),
      })),
    );
    for (const { origin, place } of listed.stacks) expect(place === null).toBe(origin === 'file names');
  });

  test.each(stacks.map((stack) => [stack.name, stack] as const))(
    'tells the exposure of %s',
    async (label, { workloads, key, chart }) => {
      const folder = copyOf(name);
      const { out, err } = await program(folder, ['exposure', '--stack', label, '--format', 'json']);
      expect(err).toBe('');
      const told = JSON.parse(out) as Record<string, unknown>;
      expect(told['chart']).toBe(chart);
      if (workloads === null) return;
      // The accounts of a subchart are named after its alias.
      const recorded = JSON.stringify(sorted({ chart, ...workloads }));
      expect(JSON.stringify(sorted(told))).toBe(
        key === undefined ? recorded : recorded.replaceAll(`airflow-${key}-`, 'airflow-'),
      );
    },
  );

  test.each(stacks.map((stack) => [stack.name, stack] as const))(
    'has a picture of %s with each of its containers',
    async (label, { workloads }) => {
      const folder = copyOf(name);
      const text = await program(folder, ['exposure', '--stack', label]);
      const markdown = await program(folder, ['exposure', '--stack', label, '--format', 'markdown']);
      expect([markdown.code, markdown.err]).toEqual([text.code, text.err]);
      if (workloads === null) return;
      const rows = markdown.out.split('\n').filter((line) => line.startsWith('| '));
      const counted = / of (\d+) containers? holds? a token\./.exec(text.out)?.[1];
      expect(rows.length - 2).toBe(Number(counted ?? -2));
      expect(/^\*\*\d+ of \d+ containers? holds?/m.exec(markdown.out)?.[0].slice(2)).toBe(
        /^\d+ of \d+ containers? holds?/m.exec(text.out)?.[0],
      );
    },
  );

  test('finds what is wrong on the right lines, with what else decides it', async () => {
    const checked = await json<Checked>(copyOf(name), ['check']);
    const serious = checked.findings.filter(({ severity }) => /error|warning/.test(severity));
    const lineOf = (place: { range: { start: { line: number } } }): number => place.range.start.line + 1;
    expect(serious.map((finding) => `${finding.path}:${lineOf(finding)} ${finding.code}`).sort()).toEqual(
      findings.map(({ file, line, code }) => `${file}:${line} ${code}`).sort(),
    );
    for (const { file, line, code, decidedBy = [] } of findings) {
      const found = serious.find((one) => one.path === file && lineOf(one) === line && one.code === code);
      const related = found?.related.map((place) => `${place.path}:${lineOf(place)}`);
      expect(related).toEqual(
        expect.arrayContaining(decidedBy.map((place) => `${place.file}:${place.line}`)),
      );
    }
  });

  test('says for which stacks that is, where it is not for all', async () => {
    const folder = copyOf(name);
    const { findings: told } = await json<Checked>(folder, ['check']);
    for (const { file, line, code, stacks: held } of findings) {
      const found = told.find(
        (one) => one.path === file && one.range.start.line + 1 === line && one.code === code,
      );
      const around = stacks.filter(({ layers }) => layers.some((layer) => layer.replace(/#.*/, '') === file));
      const isEverywhere = held === 'all' || around.length === held.length;
      expect(found?.message.startsWith('In ')).toBe(!isEverywhere);
      if (!isEverywhere) for (const stack of held) expect(found?.message.split(':', 1)[0]).toContain(stack);
    }
  });

  test('repairs what is broken and leaves every other byte alone', async () => {
    const folder = copyOf(name);
    expect((await program(folder, ['fix'])).code).toBe(0);
    const fixed = textsIn(folder);
    const broken = Object.fromEntries(
      Object.entries(fixed).map(([file, content]) => [
        file,
        content.replace(/(expirationSeconds: )(\d+)$/gm, '$1"$2"'),
      ]),
    );
    for (const [file, content] of Object.entries(broken)) writeFileSync(path.join(folder, file), content);
    // What is in no stack, or a higher layer puts right, is no mistake.
    const { findings: told } = await json<Checked>(folder, ['check']);
    const wrong = new Set(told.filter(({ code }) => code === 'invalid-type').map((finding) => finding.path));
    if (JSON.stringify(broken) !== JSON.stringify(fixed)) expect(wrong.size).toBeGreaterThan(0);
    expect((await program(folder, ['fix'])).code).toBe(0);
    const repaired = Object.entries(broken).map(([file, content]) => [
      file,
      wrong.has(file) ? fixed[file] : content,
    ]);
    expect(textsIn(folder)).toEqual(Object.fromEntries(repaired));
  });
});

const base = `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
cleanup: {serviceAccount: {automountServiceAccountToken: false}}
`;
const volume = 'scheduler: {serviceAccount: {serviceAccountTokenVolume: {enabled: true}}}\n';
const layers = { 'values.yaml': base, 'values-prod.yaml': volume };

/** The findings that a check prints, as `path:line code`, without hints. */
async function codesIn(folder: string, args: readonly string[], options?: RunOptions): Promise<string[]> {
  const { findings } = await json<Checked>(folder, ['check', ...args], options);
  return findings
    .filter(({ severity }) => severity === 'error' || severity === 'warning')
    .map(({ path: file, range, code }) => `${file}:${range.start.line + 1} ${code}`);
}

describe('which stacks a check knows', () => {
  test('those of the Git repository, whatever of it is checked', async () => {
    const folder = folderWith({ '.git/HEAD': '', ...layers, 'prod/values.yaml': volume });
    expect(await codesIn(folder, [])).toEqual([]);
    expect(await codesIn(folder, ['values.yaml'])).toEqual([]);
    expect(await codesIn(path.join(folder, 'prod'), ['../values.yaml'])).toEqual([]);
    expect(await codesIn(folder, ['values.yaml', '--alone'])).toEqual(['values.yaml:4 api-access-lost']);
  });

  test('outside of one, those of the folder', async () => {
    const folder = folderWith({ 'a/values.yaml': base, 'a/prod/values.yaml': volume });
    expect(await codesIn(folder, [])).toEqual([]);
    expect(await codesIn(folder, ['a/values.yaml'])).toEqual([]);
    // Nothing above the folder was asked for.
    expect((await json<Listed>(folder, ['stacks', 'a/prod'])).stacks).toEqual([]);
  });

  test('findings are told of the paths that were given, with the lines of others', async () => {
    const folder = folderWith({
      '.git/HEAD': '',
      'values.yaml': `${base}triggerer: {replicas: one}\n`.replace(
        'false\nclean',
        'false\n    serviceAccountTokenVolume: {enabled: true}\nclean',
      ),
      'values-dev.yaml': 'executor: LocalExecutor\ntriggerer: {replicas: one}\n',
    });
    const { out } = await program(folder, ['check', 'values.yaml']);
    expect(out).toContain('= note: values-dev.yaml:1: The executor is chosen here.\n');
    expect(out).not.toMatch(/^values-dev\.yaml:/m);
    const { out: github } = await program(folder, ['check', 'values.yaml', '--format', 'github']);
    expect(github).toContain('%0Avalues-dev.yaml:1: The executor is chosen here.\n');
    const { out: sarif } = await program(folder, ['check', 'values.yaml', '--format', 'sarif']);
    expect(sarif).toContain('"uri": "values-dev.yaml"');
  });

  test('ignored files have a part in them when they are named', async () => {
    const folder = folderWith({
      '.git/HEAD': '',
      '.gitignore': 'build/\n',
      'build/values.yaml': base,
      'build/values-prod.yaml': volume,
    });
    expect((await json<Checked>(folder, ['check'])).checked).toBe(0);
    expect(await codesIn(folder, ['build'])).toEqual([]);
  });

  test('a layer that cannot be read is told of where it is checked', async () => {
    const folder = folderWith({ ...layers, 'values-prod.yaml': Buffer.from([0x61, 0xff]) });
    const { code, err } = await program(folder, ['check']);
    expect({ code, err }).toEqual({
      code: 2,
      err: 'airflow-token-volume: cannot read values-prod.yaml: it is not UTF-8\n',
    });
  });

  test('a link is a layer under its name', async () => {
    const folder = folderWith({ '.git/HEAD': '', 'values.yaml': base, 'shared/top.yaml': volume });
    symlinkSync('shared/top.yaml', path.join(folder, 'values-prod.yaml'));
    expect(await codesIn(folder, [])).toEqual([]);
    expect((await json<Listed>(folder, ['stacks'])).stacks.map((stack) => stack.name)).toEqual(['prod']);
  });

  test('standard input stands for a file in them', async () => {
    const folder = folderWith({ '.git/HEAD': '', ...layers });
    const named = ['-', '--stdin-filename', 'values-prod.yaml'];
    expect(await codesIn(folder, ['-', '--stdin-filename', 'values.yaml'], { input: base })).toEqual([]);
    expect(await codesIn(folder, [...named, '.'], { input: '# not yet\n' })).toEqual([
      'values.yaml:4 api-access-lost',
    ]);
    expect(await codesIn(folder, ['-'], { input: base })).toEqual(['<stdin>:4 api-access-lost']);
  });

  test('the version on the command line counts for more than one that is pinned', async () => {
    const folder = copyOf('argocd');
    expect(await codesIn(folder, ['apps/airflow-archive.yaml'])).toContain(
      'apps/airflow-archive.yaml:26 unsupported-chart-version',
    );
    expect(await codesIn(folder, ['apps/airflow-archive.yaml', '--chart-version', '1.22.0'])).toEqual([]);
    const { stacks } = await json<Listed>(folder, [
      'stacks',
      'apps/airflow-archive.yaml',
      '--chart-version',
      '1.22.0',
    ]);
    expect(stacks.map(({ chart }) => chart)).toEqual([
      { version: '1.22.0', from: 'option', pinned: { text: '1.20.0', path: 'apps/airflow-archive.yaml' } },
    ]);
  });
});

test('a fix of one layer is seen by the next', async () => {
  const top = volume.replace('enabled: true', 'enabled: true, expirationSecond: 1800');
  const bottom = base.replace(
    'false\ncleanup',
    'false\n    serviceAccountTokenVolume:\n      expirationSeconds: "3600"\ncleanup',
  );
  const files = { 'values-prod.yaml': top, 'values.yaml': bottom };
  const repaired = top.replace('Second:', 'Seconds:');
  const folder = folderWith(files);
  const { out: diff } = await program(folder, ['fix', '--diff']);
  expect(diff).toContain('+++ b/values-prod.yaml');
  expect(diff).not.toContain('+++ b/values.yaml');
  expect((await program(folder, ['fix'])).out).toContain('1 of 2 files changed.');
  // Helm never looks at what the upper layer replaces now.
  expect(textsIn(folder)).toEqual({ ...files, 'values-prod.yaml': repaired });
  const apart = folderWith(files);
  expect((await program(apart, ['fix', '--alone'])).out).toContain('2 of 2 files changed.');
});

describe('settings', () => {
  const prod = { 'a/base.yaml': base, 'a/top.yaml': volume };
  test('name stacks from the folder that they lie in', async () => {
    const stacks = 'stacks: {production: [base.yaml, "t*.yaml"]}\nchartVersion: 1.21.0\n';
    const folder = folderWith({ ...prod, '.git/HEAD': '', 'a/.airflow-token-volume.yaml': stacks });
    const listed = await json<Listed>(folder, ['stacks']);
    expect(listed).toEqual({
      folder: '.',
      stacks: [
        {
          name: 'production',
          origin: 'setting',
          path: 'a/top.yaml',
          place: null,
          chart: { version: '1.21.0', from: 'setting', pinned: null },
          layers: ['a/base.yaml', 'a/top.yaml'].map((file) => ({
            path: file,
            source: 'file',
            key: null,
            unknown: null,
          })),
          containers: listed.stacks[0]?.containers,
        },
      ],
    });
    const checked = await json<Checked>(folder, ['check']);
    expect(checked.checked).toBe(2);
    expect(await codesIn(folder, [])).toEqual([]);
    expect((await program(folder, ['exposure', '--stack', 'production'])).out).toContain('scheduler  ');
  });
});

test('a file that a setting names and that is not there is told of', async () => {
  const stacks = 'stacks: {production: [base.yaml, vlaues.yaml]}\n';
  const folder = folderWith({ 'base.yaml': base, '.airflow-token-volume.yaml': stacks });
  for (const command of ['check', 'fix', 'stacks'])
    expect((await program(folder, [command])).err).toBe(
      'airflow-token-volume: no file fits vlaues.yaml, which the setting stacks.production names.\n',
    );
});

test('a mistake in the settings of a repository', async () => {
  const folder = folderWith({ ...layers, '.airflow-token-volume.yaml': 'stacks: [values.yaml]\n' });
  const err = 'airflow-token-volume: .airflow-token-volume.yaml: stacks must be a map, not a list.\n';
  expect(await program(folder, ['stacks'])).toMatchObject({ code: 2, out: '', err });
  expect(await program(folder, ['check'])).toMatchObject({ code: 2, err });
});

describe('exposure --stack', () => {
  test('of files is that of the files', async () => {
    const folder = folderWith(layers);
    const expected = await program(folder, ['exposure', 'values.yaml', 'values-prod.yaml']);
    expect(await program(folder, ['exposure', '--stack', 'values.yaml,values-prod.yaml'])).toEqual(expected);
    expect(await program(folder, ['exposure', '--stack', 'prod'])).toEqual(expected);
    expect(await program(path.dirname(folder), ['exposure', '--stack', 'prod', folder])).toEqual(expected);
    const one = await program(folder, ['exposure', 'values.yaml']);
    expect(await program(folder, ['exposure', '--stack', 'values.yaml'])).toEqual(one);
    expect(await program(folder, ['exposure', '--stack', 'a.yaml,values.yaml'])).toMatchObject({
      code: 2,
      out: '',
      err: 'airflow-token-volume: cannot read a.yaml: there is no such file\n',
    });
  });

  test.each([
    [['--stack', 'prd'], 'there is no stack prd. Did you mean prod?'],
    [['--stack', 'something'], 'there is no stack something. There are prod.'],
    [['--stack', 'prod', '.', '.'], 'exposure takes one path with the name of a stack, to say where it is.'],
    [['--stack', 'a.yaml,b.yaml', 'c.yaml'], 'the files stand either in --stack or behind it, not both.'],
  ])('wrong use: %j', async (args, message) => {
    expect(await program(folderWith(layers), ['exposure', ...args])).toMatchObject({
      code: 2,
      out: '',
      err: `airflow-token-volume: ${message}\n`,
    });
  });

  test('of nothing', async () => {
    const folder = folderWith({ 'values.yaml': base });
    expect((await program(folder, ['exposure', '--stack', 'prod'])).err).toBe(
      'airflow-token-volume: there is no stack prod, as no stacks were found.\n',
    );
    expect(await program(folder, ['stacks'])).toMatchObject({
      code: 0,
      out: 'No stacks found: each values file is judged by itself.\n',
    });
    expect(await program(folder, ['stacks', 'nowhere'])).toMatchObject({
      code: 2,
      err: 'airflow-token-volume: cannot read nowhere: there is no such file\n',
    });
  });

  test('what Helm rejects is told with its place in the resource', async () => {
    const folder = copyOf('argocd');
    const { code, out } = await program(folder, ['exposure', '--stack', 'airflow-archive']);
    expect(code).toBe(1);
    expect(out).toMatch(/^apps\/airflow-archive\.yaml:26:13 error chart 1\.20\.0: /m);
  });
});

describe('what cannot be known', () => {
  const application = (valueFiles: string) => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: airflow
spec:
  sources:
    - repoURL: https://airflow.apache.org
      chart: airflow
      targetRevision: 1.x
      helm:
        valueFiles: ${valueFiles}
        values: |
          executor: KubernetesExecutor
    - repoURL: https://git.example.com/deployments.git
      ref: values
`;

  test.each([
    ['[$values/nowhere.yaml]', 'nowhere.yaml'],
    ['[$values/../../outside.yaml]', '../../outside.yaml'],
    ['[https://example.com/values.yaml]', 'https://example.com/values.yaml'],
  ])('values from %s', async (valueFiles, what) => {
    const folder = folderWith({
      'repository/.git/HEAD': '',
      'repository/apps/airflow.yaml': application(valueFiles),
      'outside.yaml': 'executor: CeleryExecutor\n',
    });
    const inside = path.join(folder, 'repository');
    expect(await program(inside, ['exposure', '--stack', 'airflow'])).toMatchObject({
      code: 2,
      out: '',
      err: `airflow-token-volume: what airflow exposes cannot be told, because of apps/airflow.yaml: ${what} is not to be found here.\n`,
    });
    const { out, code } = await program(inside, ['stacks']);
    expect(code).toBe(0);
    expect(out).toBe(`airflow
  Argo CD Application in apps/airflow.yaml:4
  chart 1.22.0, as apps/airflow.yaml pins 1.x
  layers, the last one on top:
    apps/airflow.yaml (cannot be known: ${what} is not to be found here)
    apps/airflow.yaml (values in it)
  how many containers hold a token cannot be told
`);
  });

  test('files that name themselves, a resource that is no YAML, and fifty layers', async () => {
    const files = Array.from({ length: 50 }, (_, index) => `layers/l${index}.yaml`);
    const folder = folderWith({
      '.git/HEAD': '',
      'apps/self.yaml': application('[$values/apps/self.yaml]'),
      'apps/broken.yaml': application('[').replace('name: airflow', 'name: broken'),
      'apps/many.yaml': application(`[${files.map((file) => `$values/${file}`).join(', ')}]`).replace(
        'name: airflow',
        'name: many',
      ),
      ...Object.fromEntries(files.map((file, index) => [file, `scheduler: {replicas: ${index}}\n`])),
    });
    const { out, code, err } = await program(folder, ['stacks', '--format', 'json']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const many = (JSON.parse(out) as Listed).stacks.find((stack) => stack.name === 'many');
    expect(many?.layers).toHaveLength(51);
    expect(many?.containers?.all).toBeGreaterThan(0);
    expect((await program(folder, ['check'])).err).toBe('');
  });
});

test('a repository of 20,000 YAML files', async () => {
  const folder = folderWith({ '.git/HEAD': '' });
  const other = `apiVersion: v1\nkind: Service\nmetadata: {name: x}\n${'# text\n'.repeat(100)}`;
  for (let index = 0; index < 200; index++) {
    mkdirSync(path.join(folder, `d${index}`));
    for (let file = 0; file < 100; file++) {
      const text = file % 10 === 0 ? 'replicaCount: 1\n' : other;
      writeFileSync(path.join(folder, `d${index}/${file % 10 === 0 ? 'values-' : 'x'}${file}.yaml`), text);
    }
  }
  writeFileSync(path.join(folder, 'values.yaml'), base);
  writeFileSync(path.join(folder, 'values-prod.yaml'), volume);
  const start = performance.now();
  const { out } = await program(folder, ['stacks']);
  expect(out).toMatch(/^prod\n/);
  expect(await codesIn(folder, [])).toEqual([]);
  // Twice, with much room for slow machines.
  expect((performance.now() - start) / 1000).toBeLessThan(24);
}, 120_000);
