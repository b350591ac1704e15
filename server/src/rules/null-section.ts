import * as l10n from '@vscode/l10n';
import { sections, type Section } from '../chart/sections';
import { tokenVolumeKey } from '../chart/settings';
import { removeKeyIn } from './changes';
import { isEmptyValue } from '../values/tree';
import type { Finding, Rule } from './rule';
import { isLeftEmpty, type Subject } from './subject';

export const nullSection: Rule = {
  code: 'null-section',
  severity: 'error',
  documentation: {
    summary: 'An empty section makes Helm abort',
    why: `A key without a value, \`null\` or \`~\` deletes the chart's defaults for the whole section. Where the chart's templates look into it without asking first, Helm stops with \`nil pointer evaluating interface {}\`. The chart's schema accepts it, because the section is gone before the schema looks. An empty map, \`{}\`, is no such wish: it keeps the defaults.`,
    wrong: `executor: KubernetesExecutor
scheduler:
  serviceAccount:
`,
    right: `executor: KubernetesExecutor
scheduler:
  serviceAccount: {}
`,
    fix: `Remove the key, which brings the chart's defaults back.`,
  },
  check: (subject) => {
    const { document } = subject;
    const merges = document.hasKey('<<');
    return sections
      .filter(({ path: [key = '', ...rest] }) =>
        // An entry with lines below its first has a value, and need not be read to know that.
        rest.length > 0 || merges ? merges || document.hasKey(key) : document.isOneLine(key),
      )
      .flatMap((section) => checkSection(subject, section));
  },
};

function checkSection(subject: Subject, { path, holds, when }: Section): Finding[] {
  const key = path.at(-1) ?? '';
  // That one has a rule of its own, which knows how to fill it.
  if (key === tokenVolumeKey) return [];
  const found = subject.find(...path);
  if (found.state !== 'set' || found.value.kind !== 'scalar' || found.value.value !== null) return [];
  if (found.entry.value.kind !== 'alias' && !isLeftEmpty(subject, found.entry)) return [];
  const isReached =
    when === undefined || subject.compute((read) => when(read, subject.settings.release)) === true;
  if (!isReached) return [];
  const { entry } = found;
  return [
    {
      range: isEmptyValue(entry.value) ? entry.key.range : entry.value.range,
      message: messages[holds](path.join('.')),
      fixes: [
        {
          title: l10n.t('Remove the empty {0}', key),
          preferred: true,
          edits: () => removeKeyIn(subject, path),
        },
      ],
    },
  ];
}

const messages: Readonly<Record<Section['holds'], (name: string) => string>> = {
  'a map': (name) =>
    l10n.t(
      "Helm will abort: {0} is empty, which deletes the chart's defaults for it, and the templates look into it. Remove the key or fill it.",
      name,
    ),
  'a text': (name) =>
    l10n.t(
      "Helm will abort: {0} is empty, which deletes the chart's default, and the templates need a text. Remove the key or fill it.",
      name,
    ),
  'true or false': (name) =>
    l10n.t(
      "Helm will abort: {0} is empty, which deletes the chart's default, and the templates need true or false. Remove the key or fill it.",
      name,
    ),
};
