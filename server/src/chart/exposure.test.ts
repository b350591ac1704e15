import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readValues } from '../values/document';
import { wholeValues } from '../values/whole';
import { chartDefault, readOverDefaults } from './defaults';
import { launchesPods } from './executors';
import { exposeHost } from './exposure';
import { predict, workloadRecords } from './prediction';
import { newestRelease, releaseOf } from './releases';
import { chartValues, type ChartValues } from './templateValues';

interface Recorded {
  readonly renderError?: string;
  readonly schema: 'accepted' | 'rejected';
  readonly renders: boolean;
  readonly workloads?: unknown;
}

const golden = new URL('../../../test/fixtures/golden/', import.meta.url);

describe.each(readdirSync(golden).filter((name) => /^\d/.test(name)))(
  'as Helm rendered it with chart %s',
  (chart) => {
    const release = releaseOf(chart) ?? newestRelease;
    const expected = JSON.parse(readFileSync(new URL(`${chart}/expected.json`, golden), 'utf8')) as Readonly<
      Record<string, Recorded>
    >;

    test.each(Object.entries(expected))('%s', (name, { renderError, ...recorded }) => {
      const text = readFileSync(new URL(`${chart}/${name}.values.yaml`, golden), 'utf8');
      const read = wholeValues(readValues(text));
      if ('unreadable' in read) {
        expect(renderError).toContain('failed to parse');
        expect({ schema: 'rejected', renders: false }).toEqual(recorded);
        return;
      }
      expect(renderError === undefined).toBe(recorded.renders);
      const { rejected, aborts, workloads } = predict(read.values, release);
      expect({
        schema: rejected ? 'rejected' : 'accepted',
        renders: !aborts,
        ...(aborts ? {} : { workloads: workloadRecords(workloads) }),
      }).toEqual(recorded);
    });
  },
);

/** The newest chart with values laid over its own. */
function chartWith(values: unknown): ChartValues {
  return chartValues(readOverDefaults(values, newestRelease), newestRelease);
}

describe('for any settings', () => {
  const executor = fc.constantFrom(
    'CeleryExecutor',
    'KubernetesExecutor',
    'CeleryKubernetesExecutor',
    'LocalKubernetesExecutor',
    'LocalExecutor',
    'SequentialExecutor',
    'CeleryExecutor,KubernetesExecutor',
    'LocalExecutor,my.KubernetesExecutor',
    'airflow.providers.edge3.executors.EdgeExecutor',
  );
  const flag = fc.constantFrom(true, false, null, undefined);
  const host = fc.constantFrom('scheduler' as const, 'cleanup' as const);

  test('the token volume is mounted when all three conditions hold, into the main container alone', () => {
    fc.assert(
      fc.property(executor, flag, flag, flag, host, (chosen, automount, enabled, create, name) => {
        const serviceAccount = {
          ...(automount === undefined ? {} : { automountServiceAccountToken: automount }),
          ...(create === undefined ? {} : { create }),
          serviceAccountTokenVolume: enabled === undefined ? {} : { enabled },
        };
        const exposure = exposeHost(
          name,
          chartWith({ executor: chosen, [name]: { enabled: true, serviceAccount } }),
        );
        const off = automount === false || automount === null;
        const mounts = launchesPods(chosen) && off && enabled === true;
        expect(exposure.tokenVolumeMounted).toBe(mounts);
        const holders = exposure.containers.filter(({ projected }) => projected.length > 0);
        expect(holders.map((container) => container.name)).toEqual(
          mounts ? [name === 'scheduler' ? 'scheduler' : 'airflow-cleanup-pods'] : [],
        );
        if (name === 'scheduler') expect(exposure.automounts).toBe(!(launchesPods(chosen) && off));
      }),
    );
  });

  test('setting a default changes nothing', () => {
    fc.assert(
      fc.property(executor, host, (chosen, name) => {
        const defaults = chartDefault([name], newestRelease);
        expect(exposeHost(name, chartWith({ executor: chosen, [name]: defaults }))).toEqual(
          exposeHost(name, chartWith({ executor: chosen })),
        );
      }),
    );
  });
});
