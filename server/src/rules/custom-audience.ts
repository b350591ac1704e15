import * as l10n from '@vscode/l10n';
import { isSetBelow, removeKeyIn, setValueIn } from './changes';
import type { Rule } from './rule';
import { volumeSettings } from './subject';

export const customAudience: Rule = {
  code: 'custom-audience',
  severity: 'warning',
  documentation: {
    summary: 'A token for an audience that the API server does not accept',
    why: `The API server accepts a token only when the token's audience is one of its own (\`--api-audiences\`, by default its issuer, usually \`https://kubernetes.default.svc.cluster.local\`). It answers 401 to a token for any other reader, such as Vault or a cloud provider. Airflow needs the token for the API server.

List what your API server accepts in the setting \`airflowTokenVolume.apiAudiences\`; the usual forms are in it from the start.`,
    wrong: `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      enabled: true
      audience: https://vault.example.com
`,
    right: `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      enabled: true
`,
    fix: `Remove the audience: the token is then for the API server.`,
  },
  check: (subject) =>
    volumeSettings(subject, 'audience').flatMap(({ path, entry, value, enabled, mounted }) => {
      if (!enabled || typeof value !== 'string' || value === '') return [];
      if (subject.settings.apiAudiences.includes(value)) return [];
      return [
        {
          range: entry.value.range,
          message: mounted
            ? l10n.t(
                'The API server will answer 401 to this token: it is for another audience. Leave audience out, or list it in airflowTokenVolume.apiAudiences if the API server accepts it.',
              )
            : l10n.t(
                'The API server would answer 401 to this token: it is for another audience. Leave audience out, or list it in airflowTokenVolume.apiAudiences if the API server accepts it.',
              ),
          fixes: [
            {
              title: l10n.t('Remove the audience, so that the token is for the API server'),
              preferred: true,
              // A lower layer's audience would come to light.
              edits: () =>
                isSetBelow(subject, path) ? setValueIn(subject, path, '') : removeKeyIn(subject, path),
            },
          ],
        },
      ];
    }),
};
