import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSubject } from '../rules/subject';
import { readValues } from '../values/document';
import { chartDefaults } from './defaults';
import { launchesPods } from './executors';
import { exposeWorkload } from './exposure';
import { newestRelease } from './releases';
import { isRecord, type ReadValue } from './templateValues';

interface RecordedContainer {
  readonly init?: true;
  readonly automounted: boolean;
  readonly projected: readonly {
    readonly volume: string;
    readonly mountPath: string;
    readonly expirationSeconds?: number;
    readonly audience?: string;
  }[];
}

interface Recorded {
  readonly schema: 'accepted' | 'rejected';
  readonly renders: boolean;
  readonly workloads?: Readonly<
    Record<string, { readonly containers: Readonly<Record<string, RecordedContainer>> }>
  >;
}

const golden = new URL('../../../test/fixtures/golden/', import.meta.url);
const labels = { scheduler: 'scheduler', cleanup: 'airflow-cleanup-pods' } as const;

describe.each(readdirSync(golden).filter((name) => /^\d/.test(name)))(
  'as Helm rendered it with chart %s',
  (chart) => {
    const expected = JSON.parse(readFileSync(new URL(`${chart}/expected.json`, golden), 'utf8')) as Readonly<
      Record<string, Recorded>
    >;
    // What the schema rejects is never rendered; what it would have become is not predicted.
    const rendered = Object.entries(expected).filter(
      ([, { schema, renders }]) => schema === 'accepted' && renders,
    );

    test.each(rendered)('%s', (name, { workloads }) => {
      const text = readFileSync(new URL(`${chart}/${name}.values.yaml`, golden), 'utf8');
      const { hosts } = createSubject(readValues(text), '', { apiAudiences: [], release: newestRelease });
      for (const { name: host, exposure } of hosts) {
        const recorded = workloads?.[labels[host]];
        expect(exposure?.rendered, `${host} is rendered`).toBe(recorded !== undefined);
        if (!recorded) continue;
        const predicted = exposure?.containers.map((container) => [
          container.name,
          {
            ...(container.init ? { init: true } : {}),
            automounted: container.automounted,
            projected: container.projected.map(({ volume, mountPath, expirationSeconds, audience }) => ({
              volume,
              mountPath,
              ...(expirationSeconds === undefined ? {} : { expirationSeconds }),
              ...(audience === undefined ? {} : { audience }),
            })),
          },
        ]);
        const wanted = Object.entries(recorded.containers).map(([container, { projected, ...rest }]) => [
          container,
          {
            ...rest,
            projected: projected.map(({ volume, mountPath, expirationSeconds, audience }) => ({
              volume,
              mountPath,
              ...(expirationSeconds === undefined ? {} : { expirationSeconds }),
              ...(audience === undefined ? {} : { audience }),
            })),
          },
        ]);
        expect(predicted, host).toEqual(wanted);
      }
    });
  },
);

/** Reads values laid over the chart's defaults, as Helm merges them. */
function reader(values: unknown): ReadValue {
  return (...path) => {
    let own: unknown = values;
    let fallback: unknown = chartDefaults;
    for (const key of path) {
      own = isRecord(own) ? own[key] : undefined;
      fallback = isRecord(fallback) ? fallback[key] : undefined;
    }
    return own === undefined ? fallback : own;
  };
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
        const exposure = exposeWorkload(
          name,
          reader({ executor: chosen, [name]: { enabled: true, serviceAccount } }),
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
        const defaults = chartDefaults[name];
        expect(exposeWorkload(name, reader({ executor: chosen, [name]: defaults }))).toEqual(
          exposeWorkload(name, reader({ executor: chosen })),
        );
      }),
    );
  });
});
