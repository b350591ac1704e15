import { standardMountPath } from '../chart/settings';
import { replaceValue } from '../values/edit';
import type { Fix, Rule } from './rule';
import { valueOrKey, volumeSettings } from './subject';

export const mountPathInvalid: Rule = {
  code: 'mount-path-invalid',
  severity: 'error',
  documentation: {
    summary: 'A mount path that Kubernetes or the container runtime rejects',
    why: `The chart writes \`mountPath\` into the pod as it stands. An empty one makes the pod invalid (the chart's schema lets it pass), one with a \`:\` is refused by the API server, and one that does not begin with \`/\` is not a place in the container.`,
    wrong: `scheduler:
  serviceAccount:
    serviceAccountTokenVolume:
      mountPath: var/run/secrets/kubernetes.io/serviceaccount
`,
    right: `scheduler:
  serviceAccount:
    serviceAccountTokenVolume:
      mountPath: /var/run/secrets/kubernetes.io/serviceaccount
`,
    fix: `- **Restore the standard path**, the only one that Airflow's Kubernetes client reads.
- For a path without its first \`/\`: **begin the path with /**.`,
  },
  check: (subject) =>
    volumeSettings(subject, 'mountPath').flatMap(({ path, entry, value }) => {
      const problem = problemOf(value);
      if (problem === undefined) return [];
      const rooted =
        typeof value === 'string' && value !== '' && !value.includes(':') ? `/${value}` : undefined;
      const fixes: Fix[] = [
        {
          title: 'Restore the standard mount path',
          preferred: rooted !== standardMountPath,
          edits: () => replaceValue(subject.document, path, standardMountPath),
        },
      ];
      if (rooted !== undefined) {
        fixes.unshift({
          title: `Begin the path with /: ${rooted}`,
          preferred: rooted === standardMountPath,
          edits: () => replaceValue(subject.document, path, rooted),
        });
      }
      const message = `The pod will not start with this volume: ${problem}.`;
      return [{ range: valueOrKey(entry), message, fixes }];
    }),
};

/** What is wrong with a mount path; undefined when nothing is, or when it is not a text at all. */
function problemOf(value: unknown): string | undefined {
  if (value === null || value === '') return 'its mount path is empty';
  if (typeof value !== 'string') return undefined;
  if (value.includes(':')) return 'a mount path must not contain a colon';
  return value.startsWith('/') ? undefined : 'a mount path must begin with /';
}
