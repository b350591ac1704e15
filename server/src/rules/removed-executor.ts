import * as l10n from '@vscode/l10n';
import { knownExecutors } from '../chart/executors';
import { isSince, releases } from '../chart/releases';
import { asText } from '../chart/templateValues';
import { executorNames, writeExecutors, type ExecutorName, type ExecutorNames } from './executorNames';
import type { Finding, Rule } from './rule';
import { placesOf, type Subject } from './subject';

export const removedExecutor: Rule = {
  code: 'removed-executor',
  severity: 'warning',
  documentation: {
    summary: 'An executor that Airflow 3 no longer has',
    why: `Airflow 3 has no \`CeleryKubernetesExecutor\`, \`LocalKubernetesExecutor\` and \`SequentialExecutor\` any more: the scheduler does not start with them. A list of executors takes the place of the first two, and \`LocalExecutor\` that of the third. The chart still accepts the names.

The version is that of \`airflowVersion\`, or the one that the chart deploys by default. Nothing is reported where an image's tag (\`images.airflow.tag\`, \`defaultAirflowTag\`) says Airflow 2.`,
    wrong: `executor: CeleryKubernetesExecutor
`,
    right: `executor: CeleryExecutor,KubernetesExecutor
`,
    fix: `**Replace** it with the list. The first name in the list is the default. A task chooses another one with its \`executor\` argument, no longer with the queue \`kubernetes\`, so look at the DAGs before you apply it.`,
  },
  check: (subject) => {
    const executors = executorNames(subject);
    const version = executors && airflow3(subject);
    return version === undefined
      ? []
      : (executors?.names.flatMap((name) => checkName(subject, executors, name, version)) ?? []);
  },
};

function checkName(
  subject: Subject,
  { names }: ExecutorNames,
  name: ExecutorName,
  version: string,
): Finding[] {
  const known = knownExecutors.find((row) => row.name === name.text || row.path === name.text);
  const { replacement } = known ?? {};
  if (!known || !replacement) return [];
  const list = replacement.join(',');
  const written = names.flatMap((other) => (other === name ? replacement : [other.text]));
  return [
    {
      range: name.range,
      message:
        replacement.length > 1
          ? l10n.t(
              'The scheduler will not start: Airflow {0} has no {1} any more. Use a list, {2}.',
              version,
              known.name,
              list,
            )
          : l10n.t(
              'The scheduler will not start: Airflow {0} has no {1} any more. Use {2}.',
              version,
              known.name,
              list,
            ),
      related: placesOf(subject, ['airflowVersion'], 'value', l10n.t("Airflow's version is chosen here.")),
      fixes: [
        {
          title: l10n.t('Replace {0} with {1}', known.name, list),
          preferred: true,
          edits: () => writeExecutors(subject, written),
        },
      ],
    },
  ];
}

/** The Airflow version that these values deploy; undefined where it is open, or before 3. */
function airflow3(subject: Subject): string | undefined {
  const version = subject.read('airflowVersion');
  if (version.state === 'unknown') return undefined;
  const { release } = subject.settings;
  // What older releases of the chart deploy by default was not looked up.
  if (version.state === 'default' && !isSince(release, releases[0].version)) return undefined;
  const text = version.state === 'default' ? release.airflowVersion : asText(version.value);
  const tags = [subject.read('images', 'airflow', 'tag'), subject.read('defaultAirflowTag')];
  const deploys2 = tags.some(
    (tag) => tag.state === 'unknown' || (tag.state === 'file' && majorOf(asText(tag.value)) === 2),
  );
  return deploys2 || !(majorOf(text) >= 3) ? undefined : text;
}

function majorOf(version: string): number {
  return Number.parseInt(version, 10);
}
