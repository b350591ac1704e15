import * as l10n from '@vscode/l10n';
import { distance } from 'fastest-levenshtein';
import { isExecutorList, knownExecutors, type KnownExecutor } from '../chart/executors';
import { unknown } from '../values/document';
import { removeKeyIn, restAt } from './changes';
import { executorNames, listOfExecutors, writeExecutors, type ExecutorNames } from './executorNames';
import type { Finding, Fix, Rule } from './rule';
import { onOneLine, type Subject } from './subject';

export const unknownExecutor: Rule = {
  code: 'unknown-executor',
  severity: 'error',
  documentation: {
    summary: "An `executor` that the chart's schema rejects or Airflow does not know",
    why: `\`executor\` is one name or a comma-separated list without spaces. The chart's schema rejects an empty text, spaces after the commas, a last name that does not end in \`Executor\`, and anything but a text, so \`helm install\` fails.

A misspelt name such as \`KuberntesExecutor\` passes the schema, and worse things happen: the chart does not count it among the executors that launch pods, ignores the token settings of the scheduler, and Airflow does not start.

Class paths such as \`my_company.executors.MyExecutor\`, aliases and teams (\`name:path\`, \`team=path\`) are held against the schema only.`,
    wrong: `executor: CeleryExecutor, KuberntesExecutor
`,
    right: `executor: CeleryExecutor,KubernetesExecutor
`,
    fix: `- **Write** the list as the chart wants it, misspelt names included.
- **Change** a misspelt name.
- **Remove** an empty \`executor\`, which leaves it to the chart's default.`,
  },
  check: (subject) => {
    const names = executorNames(subject);
    return names ? checkText(subject, names) : checkOther(subject);
  },
};

function checkText(subject: Subject, { text, range, names }: ExecutorNames): Finding[] {
  const accepted = isExecutorList(text);
  const parts = text.split(/[^\w.:;=]+/).filter((name) => name !== '');
  if (parts.length === 0) return [empty(subject, range)];
  const written = parts.map((part) => meant(part) ?? part);
  const mended = written.every(isExecutorList) ? listOfExecutors(written) : undefined;
  const misspelt = names.filter((name) => meant(name.text) !== undefined);
  const fault = faultBetween(text);
  if (fault !== undefined || (!accepted && misspelt.length === 0)) {
    const odd = names.find((name) => !isExecutorList(name.text));
    const keepsNames = parts.every((part) => meant(part) === undefined);
    return [
      {
        range: fault === undefined && odd ? odd.range : range,
        message: whatFollows(accepted, fault ?? l10n.t('the name of an executor must end in Executor')),
        fixes: mended === undefined || mended === text ? [] : [write(subject, mended, keepsNames)],
      },
    ];
  }
  return misspelt.map((name): Finding => ({
    range: name.range,
    message: accepted
      ? l10n.t(
          'Airflow will not start: there is no executor {0}. Did you mean {1}?',
          name.text,
          meant(name.text) ?? '',
        )
      : l10n.t(
          'The chart will reject this: there is no executor {0}. Did you mean {1}?',
          name.text,
          meant(name.text) ?? '',
        ),
    fixes:
      mended === undefined
        ? []
        : [misspelt.length === 1 ? change(subject, name.text, mended) : write(subject, mended)],
  }));
}

/**
 * The consequence of a fault, and the fault.
 * @param accepted Whether the chart's schema lets it pass.
 * @param fault What is wrong, in words.
 */
function whatFollows(accepted: boolean, fault: string): string {
  return accepted
    ? l10n.t({
        message: 'Airflow will not start: {0}.',
        args: [fault],
        comment: ['{0} says what is wrong with the value of the key executor, without a full stop'],
      })
    : l10n.t({
        message: 'The chart will reject this: {0}.',
        args: [fault],
        comment: ['{0} says what is wrong with the value of the key executor, without a full stop'],
      });
}

/** What is wrong with what stands between the names. */
function faultBetween(text: string): string | undefined {
  if (/\s/.test(text)) return l10n.t('executor must hold no spaces, only commas between the names');
  if (/[^\w.,:;=]/.test(text)) return l10n.t('only commas may stand between the names of executors');
  return /^,|,,|,$/.test(text) ? l10n.t('a name is missing before or after a comma') : undefined;
}

function empty(subject: Subject, range: Finding['range']): Finding {
  return {
    range,
    message: l10n.t('The chart will reject this: an executor must have a name.'),
    fixes: [
      {
        title: l10n.t({
          message: 'Remove {0}, which leaves it to {1}',
          args: ['executor', restAt(subject, ['executor'])],
          comment: ['{0} is a key, {1} the layer or the chart whose value counts then'],
        }),
        preferred: true,
        edits: () => removeKeyIn(subject, ['executor']),
      },
    ],
  };
}

/** A value that is no text; a list is surely meant as the names in it. */
function checkOther(subject: Subject): Finding[] {
  const found = subject.find('executor');
  if (found.state !== 'set') return [];
  const value = subject.document.plain(found.value);
  if (value === unknown || value === null || typeof value === 'string') return [];
  if (JSON.stringify(value).includes('{{')) return [];
  const names = Array.isArray(value)
    ? value.flatMap((item) => (typeof item === 'string' ? [item.trim()] : []))
    : [];
  const isList = Array.isArray(value) && value.length > 0;
  const mended = listOfExecutors(names.map((name) => meant(name) ?? name));
  return [
    {
      range: onOneLine(subject, found.entry),
      message: isList
        ? l10n.t('The chart will reject this list: executor must be one text, with commas between the names.')
        : l10n.t('The chart will reject this: executor must be a text, such as CeleryExecutor.'),
      fixes:
        isList && names.length === value.length && isExecutorList(mended)
          ? [
              write(
                subject,
                mended,
                names.every((name) => meant(name) === undefined),
              ),
            ]
          : [],
    },
  ];
}

/** @param isSafe Whether no name is changed: a text that the chart rejected gives nobody a token. */
function write(subject: Subject, mended: string, isSafe = false): Fix {
  return {
    title: l10n.t('Write {0}', mended),
    preferred: true,
    ...(isSafe ? { safe: true } : {}),
    edits: () => writeExecutors(subject, mended.split(',')),
  };
}

function change(subject: Subject, name: string, mended: string): Fix {
  return {
    title: l10n.t('Change {0} to {1}', name, meant(name) ?? name),
    preferred: true,
    edits: () => writeExecutors(subject, mended.split(',')),
  };
}

/**
 * The name that a bare one most likely stands for: misspelt, in other capitals, or without its ending. A name of
 * one's own begins otherwise and is left alone; it may stand for a class that a plugin brings.
 * @returns Undefined for a known name, for one that is like none, and for anything but a bare name.
 */
function meant(name: string): string | undefined {
  if (!/^\w+$/.test(name) || knownExecutors.some((known) => known.name === name)) return undefined;
  const lower = name.toLowerCase();
  const ranked = knownExecutors
    .flatMap((known) => {
      const full = known.name.toLowerCase();
      const stem = full.slice(0, -ending.length);
      if (!lower.startsWith(full.charAt(0))) return [];
      const changes = distance(lower, full);
      if (changes <= (stem.length > 8 ? 3 : 2)) return [{ known, changes }];
      const changesOfStem = distance(lower, stem);
      return changesOfStem <= (stem.length > 5 ? 1 : 0) ? [{ known, changes: changesOfStem }] : [];
    })
    .sort((a, b) => a.changes - b.changes);
  const best = ranked[0]?.known;
  return best && spelling(best);
}

const ending = 'executor';

/** How an executor is written: by its bare name where Airflow knows that, or else with its path. */
function spelling({ name, path, replacement }: KnownExecutor): string {
  return path === undefined || replacement ? name : path;
}
