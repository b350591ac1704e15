import { isTooOld, readAirflowVersion } from './airflowVersion';
import { runsCelery } from './executors';
import type { ChartRelease } from './releases';
import { asText, isTruthy, recordsOf, type ReadValue } from './templateValues';

/** Something that the chart's templates check, to abort with a message of their own. */
interface Demand {
  /** The place that is best changed. */
  readonly path: readonly string[];
  /** What is wrong there, after the path's name. */
  readonly problem: string;
  readonly isUnmet: (read: ReadValue, release: ChartRelease) => boolean;
}

const on = (read: ReadValue, path: string): boolean => isTruthy(read(...path.split('.')));

function both(one: string, other: string, when: Demand['isUnmet'] = () => true): Demand {
  return {
    path: other.split('.'),
    problem: `is set, and ${one} is too: the chart takes only one of them`,
    isUnmet: (read, release) => when(read, release) && on(read, one) && on(read, other),
  };
}

/** A log store needs to be told where it is, in one of two ways. */
function logStore(name: string): Demand[] {
  const isOn: Demand['isUnmet'] = (read) => on(read, `${name}.enabled`);
  return [
    both(`${name}.secretName`, `${name}.connection`, isOn),
    {
      path: [name],
      problem: 'is enabled, and has neither a secretName nor a connection',
      isUnmet: (read, release) =>
        isOn(read, release) && !on(read, `${name}.secretName`) && !on(read, `${name}.connection`),
    },
  ];
}

const withCelery: Demand['isUnmet'] = (read) => runsCelery(asText(read('executor')));

/** What the chart demands, in the order in which it does. */
const demands: readonly Demand[] = [
  {
    path: ['airflowVersion'],
    problem: 'is no version that Helm can compare',
    isUnmet: (read) => !readAirflowVersion(asText(read('airflowVersion'))),
  },
  {
    path: ['airflowVersion'],
    problem: 'is older than 2.11.0, the oldest that the chart deploys',
    isUnmet: (read, release) => {
      const version = readAirflowVersion(asText(read('airflowVersion')));
      return version !== undefined && isTooOld(version, release);
    },
  },
  {
    path: ['redis', 'passwordSecretName'],
    problem:
      "is set, and the chart's own Redis then needs data.brokerUrlSecretName or AIRFLOW__CELERY__BROKER_URL_CMD in env",
    isUnmet: (read, release) =>
      withCelery(read, release) &&
      on(read, 'redis.enabled') &&
      on(read, 'redis.passwordSecretName') &&
      !on(read, 'data.brokerUrlSecretName') &&
      !recordsOf(read('env')).some(({ name }) => name === 'AIRFLOW__CELERY__BROKER_URL_CMD'),
  },
  both(
    'redis.password',
    'redis.passwordSecretName',
    (read, release) => withCelery(read, release) && on(read, 'redis.enabled'),
  ),
  {
    path: ['redis', 'enabled'],
    problem: 'is off, and Celery then needs data.brokerUrl or data.brokerUrlSecretName',
    isUnmet: (read, release) =>
      withCelery(read, release) &&
      !on(read, 'redis.enabled') &&
      !on(read, 'data.brokerUrl') &&
      !on(read, 'data.brokerUrlSecretName'),
  },
  both('data.brokerUrlSecretName', 'data.brokerUrl', withCelery),
  both('elasticsearch.enabled', 'opensearch.enabled'),
  ...logStore('elasticsearch'),
  ...logStore('opensearch'),
];

/**
 * Finds the first demand of the chart that values do not meet, so that Helm aborts.
 * @param read Reads an effective value, chart defaults included.
 * @param release The release of the chart.
 */
export function findUnmetDemand(
  read: ReadValue,
  release: ChartRelease,
): { path: readonly string[]; problem: string } | undefined {
  const unmet = demands.find(({ isUnmet }) => isUnmet(read, release));
  return unmet && { path: unmet.path, problem: unmet.problem };
}
