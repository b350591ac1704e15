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
});
