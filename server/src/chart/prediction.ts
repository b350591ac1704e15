import { readOverDefaults } from './defaults';
import { findUnmetDemand } from './demands';
import { exposeChart, type WorkloadExposure } from './exposure';
import type { ChartRelease } from './releases';
import { findMissingSection } from './sections';
import { findMisfit, type Misfit } from './shape';
import type { TokenSource } from './volumes';
import { chartValues } from './templateValues';
import { valuesShape } from './valuesShape';

/** What Helm does with values, without Helm. */
export interface Prediction {
  /** Why the chart's schema rejects them; undefined where it accepts them. */
  readonly rejected: Misfit | undefined;
  /** Why the templates abort, whatever the schema says; undefined where they render. */
  readonly aborts: Misfit | undefined;
  /** The workloads that the templates make of them; none where they abort. */
  readonly workloads: readonly WorkloadExposure[];
}

/**
 * Predicts what Helm makes of values: what the schema says, whether the templates render, and who holds a token.
 * @param values The user's values, merged from all their layers.
 * @param release The release of the chart.
 */
export function predict(values: unknown, release: ChartRelease): Prediction {
  const read = readOverDefaults(values, release);
  const aborts = findMissingSection(values, release) ?? findUnmetDemand(read, release);
  return {
    rejected: findMisfit(values, valuesShape, release),
    aborts,
    workloads: aborts ? [] : exposeChart(chartValues(read, release)),
  };
}

/** A workload as tools take it: plain data, containers by name. */
export interface WorkloadRecord {
  readonly kind: string;
  readonly serviceAccount: string;
  readonly serviceAccountRendered: boolean;
  readonly serviceAccountAutomount: boolean | null;
  readonly podAutomount: boolean | null;
  readonly containers: Readonly<Record<string, ContainerRecord>>;
}

/** A container as tools take it. */
export interface ContainerRecord {
  readonly init?: true;
  readonly automounted: boolean;
  readonly projected: readonly (TokenSource & { readonly volume: string; readonly mountPath: string })[];
}

/** Workloads by their label, in the form in which recorded renderings have them. */
export function workloadRecords(
  workloads: readonly WorkloadExposure[],
): Readonly<Record<string, WorkloadRecord>> {
  return Object.fromEntries(
    workloads.map((workload) => [
      workload.label,
      {
        kind: workload.kind,
        serviceAccount: workload.serviceAccount,
        serviceAccountRendered: workload.serviceAccountRendered,
        serviceAccountAutomount: workload.serviceAccountAutomount,
        podAutomount: workload.podAutomount,
        containers: Object.fromEntries(
          workload.containers.map(({ name, init, automounted, projected }) => [
            name,
            {
              ...(init ? { init } : {}),
              automounted,
              projected: projected.map(({ volume, mountPath, expirationSeconds, audience, path }) => ({
                volume,
                mountPath,
                ...(expirationSeconds === undefined ? {} : { expirationSeconds }),
                ...(audience === undefined ? {} : { audience }),
                path,
              })),
            },
          ]),
        ),
      },
    ]),
  );
}
