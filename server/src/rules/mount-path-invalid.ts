import * as l10n from '@vscode/l10n';
import { standardMountPath } from '../chart/settings';
import { setValueIn } from './changes';
import { withoutClash } from './clash';
import type { Fix, Rule } from './rule';
import { valueOrKey, volumeSettings } from './subject';

export const mountPathInvalid: Rule = {
  code: 'mount-path-invalid',
  severity: 'error',
  documentation: {
    summary: 'A mount path that is empty, relative, or has a colon in it',
    why: `The chart writes \`mountPath\` into the pod as it stands, and its schema accepts any text. An empty one makes the pod invalid. Kubernetes documents that a mount path must not contain a \`:\`, which separates the parts of a mount for some container runtimes. One that does not begin with \`/\` is no place in the container; at best it is taken for one that does.`,
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
    volumeSettings(subject, 'mountPath').flatMap(({ host, path, entry, value, mounted }) => {
      const problem = problemOf(value, mounted);
      if (problem === undefined) return [];
      const rooted =
        typeof value === 'string' && value !== '' && !value.includes(':') ? `/${value}` : undefined;
      const write = (to: string): Fix['edits'] => {
        return () => withoutClash(subject, [host.name], setValueIn(subject, path, to));
      };
      const fixes: Fix[] = [
        {
          title: l10n.t('Restore the standard mount path'),
          preferred: rooted !== standardMountPath,
          edits: write(standardMountPath),
        },
      ];
      if (rooted !== undefined) {
        fixes.unshift({
          title: l10n.t('Begin the path with /: {0}', rooted),
          preferred: rooted === standardMountPath,
          edits: write(rooted),
        });
      }
      return [{ range: valueOrKey(entry), message: problem, fixes }];
    }),
};

/** What is wrong with a mount path; undefined when nothing is, or when it is not a text at all. */
function problemOf(value: unknown, mounted: boolean): string | undefined {
  if (value === null || value === '') {
    return mounted
      ? l10n.t('Kubernetes will reject the pod: the mount path is empty.')
      : l10n.t('Kubernetes would reject the pod: the mount path is empty.');
  }
  if (typeof value !== 'string') return undefined;
  if (value.includes(':'))
    return l10n.t(
      'Kubernetes does not allow a colon in a mount path, and container runtimes may cut it there.',
    );
  return value.startsWith('/')
    ? undefined
    : l10n.t(
        'A mount path must begin with /: this one is no place in the container, at best it is taken for /{0}.',
        value,
      );
}
