import * as l10n from '@vscode/l10n';
import { components } from '../chart/components';
import { tokenVolumeKey } from '../chart/settings';
import { removeKeyIn } from './changes';
import type { Finding, Rule } from './rule';

export const unsupportedComponent: Rule = {
  code: 'unsupported-component',
  severity: 'warning',
  documentation: {
    summary: 'A token volume under a component for which the chart has none',
    why: `Only the scheduler and the cleanup job can have a \`serviceAccountTokenVolume\`. Under the \`serviceAccount\` of any other component the chart ignores it without a word, so that no token is mounted by hand; under \`createUserJob\` and \`databaseCleanup\`, and directly under a component, the schema rejects it. Those are errors.`,
    wrong: `triggerer:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      enabled: true
`,
    right: `triggerer:
  serviceAccount:
    automountServiceAccountToken: false
`,
    fix: `Remove the block. A component that needs the API without automatic mounting can have a projected volume of its own, through its \`extraVolumes\` and \`extraVolumeMounts\`.`,
  },
  check: (subject) =>
    components
      .filter(({ tokenVolumeSince }) => tokenVolumeSince === undefined)
      .flatMap((component) =>
        [[...component.path, 'serviceAccount'], component.path].flatMap((parent): Finding[] => {
          const path = [...parent, tokenVolumeKey];
          const found = subject.find(...path);
          if (found.state !== 'set') return [];
          const schema =
            parent === component.path ? component.unknownKeys : component.unknownServiceAccountKeys;
          const rejected = schema === 'rejects';
          return [
            {
              range: found.entry.key.range,
              message: rejected
                ? l10n.t(
                    'No token is mounted by hand for {0}: the chart will reject this block. It has token volumes for the scheduler and the cleanup job only.',
                    component.title,
                  )
                : l10n.t(
                    'No token is mounted by hand for {0}: the chart ignores this block without a word. It has token volumes for the scheduler and the cleanup job only.',
                    component.title,
                  ),
              severity: rejected ? 'error' : 'warning',
              unnecessary: !rejected,
              fixes: [
                {
                  title: l10n.t('Remove {0} from {1}', tokenVolumeKey, parent.join('.')),
                  preferred: true,
                  edits: () => removeKeyIn(subject, path),
                },
              ],
            },
          ];
        }),
      ),
};
