import { describe, expect, test } from 'vitest';
import type { ExposureReport } from '../languageService';
import { createEnvironment, folderWith, runIn } from '../testing/commandLine';
import { printExposure, printExposureAsJson } from './exposure';
import { styleFor } from './style';

const plain = styleFor(createEnvironment().out, {});

const workload = {
  kind: 'Deployment',
  serviceAccount: 'airflow-scheduler',
  serviceAccountRendered: true,
  serviceAccountAutomount: false,
  podAutomount: false,
};
const report: ExposureReport = {
  chart: '1.22.0',
  schema: 'accepted',
  renders: true,
  workloads: {
    scheduler: {
      ...workload,
      containers: {
        wait: { init: true, automounted: false, projected: [] },
        scheduler: {
          automounted: false,
          projected: [
            {
              volume: 'token',
              mountPath: '/run/token',
              expirationSeconds: 1800,
              audience: 'vault',
              path: 'token',
            },
            { volume: 'other', mountPath: '/run/other', path: 'token' },
          ],
        },
      },
    },
    triggerer: {
      ...workload,
      kind: 'StatefulSet',
      containers: { triggerer: { automounted: true, projected: [] } },
    },
  },
};

describe('as text', () => {
  test('a row for each container, and how many hold a token', () => {
    expect(printExposure(report, plain)).toBe(`workload                 container    token
scheduler (Deployment)   wait (init)  none
                         scheduler    projected: /run/token, 30 minutes, for vault; projected: /run/other
triggerer (StatefulSet)  triggerer    automatic

2 of 3 containers hold a token.
`);
  });

  test('what the schema rejects, with its place', () => {
    const rejected: ExposureReport = {
      ...report,
      schema: 'rejected',
      reason: 'The reason.',
      place: { path: 'values.yaml', line: 6, character: 4 },
    };
    expect(printExposure(rejected, plain)).toMatch(
      /\n\n2 of 3 containers hold a token\.\n\nvalues\.yaml:7:5 error chart 1\.22\.0: The reason\.\n$/,
    );
  });

  test('what does not render has no table', () => {
    const aborted: ExposureReport = { ...report, renders: false, workloads: {} };
    expect(printExposure(aborted, plain)).toBe('error chart 1.22.0: Helm aborts.\n');
  });

  test('one that holds none', () => {
    const { triggerer } = report.workloads;
    if (!triggerer) throw new Error('There is no triggerer.');
    const none = { ...triggerer, containers: { one: { automounted: false, projected: [] } } };
    expect(printExposure({ ...report, workloads: { none } }, plain)).toMatch(
      /\n0 of 1 container holds a token\.\n$/,
    );
  });
});

test('as JSON without the place', () => {
  const printed = printExposureAsJson({
    ...report,
    reason: 'The reason.',
    place: { path: 'values.yaml', line: 6, character: 4 },
  });
  expect(
    printed.startsWith('{\n  "chart": "1.22.0",\n  "schema": "accepted",\n  "renders": true,\n  "reason"'),
  ).toBe(true);
  expect(JSON.parse(printed)).toEqual({ ...report, reason: 'The reason.' });
  expect(Object.keys(JSON.parse(printed) as object)).toEqual([
    'chart',
    'schema',
    'renders',
    'reason',
    'workloads',
  ]);
});

describe('the command', () => {
  const manual = `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      enabled: true
`;

  test('lays files over each other, the last one on top', async () => {
    const folder = folderWith({
      'values.yaml': manual,
      'prod.yaml':
        'scheduler:\n  serviceAccount:\n    serviceAccountTokenVolume:\n      expirationSeconds: 1800\n',
    });
    const both = await runIn(folder, ['exposure', 'values.yaml', 'prod.yaml']);
    expect(both).toMatchObject({ code: 0, err: '' });
    expect(both.out).toMatch(/^ +scheduler +projected: \/var\/run\/\S+, 30 minutes$/m);
    const one = await runIn(folder, ['exposure', 'values.yaml', '--format', 'json']);
    expect(JSON.parse(one.out)).toMatchObject({
      schema: 'accepted',
      workloads: { scheduler: { containers: { scheduler: { projected: [{ expirationSeconds: 3600 }] } } } },
    });
  });

  test('reads standard input as one of the files', async () => {
    const folder = folderWith({ 'values.yaml': manual });
    const { code, out } = await runIn(folder, ['exposure', 'values.yaml', '-'], {
      input: 'scheduler: {serviceAccount: {serviceAccountTokenVolume: {expirationSecond: 1}}}\n',
    });
    expect(code).toBe(1);
    expect(out).toMatch(/^<stdin>:1:\d+ error chart /m);
  });

  test('is about the version of the chart that is asked for', async () => {
    const folder = folderWith({ 'values.yaml': manual, 'x.yaml': 'chartVersion: 1.20.0\n' });
    const chartOf = async (...args: string[]): Promise<unknown> => {
      const { out } = await runIn(folder, ['exposure', 'values.yaml', '--format', 'json', ...args]);
      return (JSON.parse(out) as ExposureReport).chart;
    };
    expect(await chartOf('--chart-version', '1.19.0')).toBe('1.19.0');
    expect(await chartOf('--config', 'x.yaml')).toBe('1.20.0');
  });

  test('says nothing of some of the files when another one cannot be read', async () => {
    const folder = folderWith({ 'values.yaml': manual });
    expect(await runIn(folder, ['exposure', 'values.yaml', 'prod.yaml'])).toEqual({
      code: 2,
      out: '',
      err: 'airflow-token-volume: cannot read prod.yaml: there is no such file\n',
    });
  });

  describe('as a picture', () => {
    const prod = 'scheduler: {serviceAccount: {serviceAccountTokenVolume: {expirationSeconds: 1800}}}\n';
    const files = { '.git/HEAD': '', 'values.yaml': manual, 'values-prod.yaml': prod };

    test('of files, of files with commas between them, and of a stack', async () => {
      const folder = folderWith(files);
      const picture = async (format: string, ...args: string[]): Promise<string> => {
        const { code, out, err } = await runIn(folder, ['exposure', '--format', format, ...args]);
        expect({ code, err }).toEqual({ code: 0, err: '' });
        return out;
      };
      const markdown = await picture('markdown', 'values.yaml', 'values-prod.yaml');
      expect(markdown).toMatch(/^### Token exposure of `values\.yaml, values-prod\.yaml`\n/);
      expect(markdown).toMatch(
        /^\| {2}\| `scheduler` \| ◐ projected: `\/var\/run\/\S+`, 30 minutes \| yes \| ◐ projected \|$/m,
      );
      expect(await picture('markdown', '--stack', 'values.yaml,values-prod.yaml')).toBe(markdown);
      expect(await picture('markdown', '--stack', 'prod')).toBe(
        markdown.replace('values.yaml, values-prod.yaml', 'prod'),
      );
      const svg = await picture('svg', '--stack', 'prod');
      expect(svg).toMatch(/^<svg [^]*<title>Token exposure of prod<\/title>[^]*, 30 minutes[^]*<\/svg>\n$/);
      expect(svg).toContain('prefers-color-scheme');
    });

    test('counts the containers that the text counts', async () => {
      const folder = folderWith(files);
      const { out } = await runIn(folder, ['exposure', 'values.yaml']);
      const [count = ''] = /^\d+ of \d+ containers hold a token/m.exec(out) ?? [];
      expect(count).not.toBe('');
      for (const format of ['markdown', 'svg'])
        expect((await runIn(folder, ['exposure', 'values.yaml', '--format', format])).out).toContain(count);
    });

    test('has its own colours, whatever the terminal is', async () => {
      const folder = folderWith(files);
      for (const format of ['markdown', 'svg']) {
        const args = ['exposure', 'values.yaml', '--format', format];
        const options = { isTerminal: true, env: { FORCE_COLOR: '1' } };
        expect(await runIn(folder, args, options)).toEqual(await runIn(folder, args));
      }
    });

    test('what the schema rejects is told in it', async () => {
      const folder = folderWith({ 'x.yaml': `${manual}triggerer: {replicas: two}\n` });
      const said =
        "x.yaml:7:13: chart 1.22.0: The chart's schema rejects the values: triggerer.replicas must be";
      const markdown = await runIn(folder, ['exposure', 'x.yaml', '--format', 'markdown']);
      expect(markdown).toMatchObject({ code: 1, err: '' });
      expect(markdown.out).toContain(`\n> **Error:** ${said}`);
      expect(markdown.out).toContain('\n| workload | ');
      const svg = await runIn(folder, ['exposure', 'x.yaml', '--format', 'svg']);
      expect(svg.code).toBe(1);
      expect(svg.err.startsWith(`airflow-token-volume: ${said}`)).toBe(true);
      expect(svg.out).toContain('>Error: x.yaml:7:13: chart');
    });

    test('what does not render has none', async () => {
      const folder = folderWith({ 'x.yaml': `${manual}redis: {serviceAccount: }\n` });
      const said = 'x.yaml:7:9: chart 1.22.0: Helm aborts: redis.serviceAccount is empty';
      const markdown = await runIn(folder, ['exposure', 'x.yaml', '--format', 'markdown']);
      expect(markdown).toMatchObject({ code: 1, err: '' });
      expect(markdown.out.startsWith(`### Token exposure of \`x.yaml\`\n\n> **Error:** ${said}`)).toBe(true);
      expect(markdown.out).not.toContain('|');
      const svg = await runIn(folder, ['exposure', 'x.yaml', '--format', 'svg']);
      expect(svg).toMatchObject({ code: 1, out: '' });
      expect(svg.err.startsWith(`airflow-token-volume: ${said}`)).toBe(true);
    });

    test('what a template leaves open has none', async () => {
      const open = manual.replace('automountServiceAccountToken: false', 'create: "{{ .Values.own }}"');
      const folder = folderWith({ 'x.yaml': open });
      for (const format of ['markdown', 'svg'])
        expect(await runIn(folder, ['exposure', 'x.yaml', '--format', format])).toEqual({
          code: 2,
          out: '',
          err: 'airflow-token-volume: what x.yaml exposes cannot be shown, as the values leave open what is deployed: a template in them, or a text that breaks off. "--format text" shows what Helm makes of them.\n',
        });
      expect((await runIn(folder, ['exposure', 'x.yaml'])).out).not.toBe('');
    });
  });
});
