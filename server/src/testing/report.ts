import type { Report } from '../cli/report';
import { reportOn } from '../cli/report';
import { look, service } from './documents';

/**
 * What a check of files reports.
 * @param files Text by path.
 * @param unreadable Problems by path.
 */
export function reportOf(
  files: Readonly<Record<string, string>>,
  unreadable: Readonly<Record<string, string>> = {},
): Report {
  return {
    files: Object.entries(files).map(([path, text]) => {
      const snapshot = look(text, path);
      const file = { path, file: undefined, mark: '', snapshot, look: (other: string) => look(other, path) };
      return reportOn(file, service, true);
    }),
    problems: Object.entries(unreadable).map(([path, message]) => ({ kind: 'unreadable', path, message })),
  };
}

/** Values with an error that can be fixed safely, a warning and a piece of information, in this order of lines. */
export const sample = `executor: CeleryExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      enabled: true
      mountPath: /tmp/token
      expirationSeconds: "3600"
`;

/** Values with nothing to report. */
export const clean = 'executor: LocalExecutor\n';
