import * as l10n from '@vscode/l10n';
import { unknown, type ValuesDocument } from '../values/document';
import { addCodes, removeIgnore, renameIgnored, type IgnoreComment, type NamedCode } from './ignores';
import type { Finding, Fix, Rule, Verdict } from './rule';
import type { Subject, Subjects } from './subject';
import { listOf, nearest } from './words';

const code = 'unused-ignore';

export const unusedIgnore: Rule = {
  code,
  severity: 'warning',
  documentation: {
    summary: 'A comment that ignores nothing',
    why: `A comment that ignores a finding stays behind when the value is mended, and would hide the next mistake on that line. One with a misspelt code, or with none, hides nothing from the start.

Nothing is said where it cannot be told what a comment hides: about codes that are switched off, and about files with half-typed text, a template or an unknown alias in a place that decides who holds a token.`,
    wrong: `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      enabled: true
      expirationSeconds: 3600 # airflow-token-volume: ignore long-lived-token -- until the migration is done
`,
    right: `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      enabled: true
      expirationSeconds: 3600
`,
    fix: `- **Stop ignoring** a code: takes it out of the comment, or the comment away when it names no other.
- **Change** a misspelt code.
- **Name** what is found on the line, in a comment without codes.
- **Remove** a comment without codes.`,
  },
  check: () => [],
  review: (subjects, verdict) => {
    const [subject] = subjects;
    const named = new Set<string>();
    const isCertain = certainty(subjects);
    return verdict.ignores.flatMap((ignore) => {
      if (ignore.codes.length === 0) return [withoutCodes(subject, ignore, verdict)];
      return ignore.codes.flatMap((one) => {
        const identity = `${ignore.line} ${one.code}`;
        const isRepeated = named.has(identity);
        named.add(identity);
        if (one.code === code || !verdict.codes.includes(one.code))
          return [unknownCode(subject, ignore, one, verdict)];
        if (!verdict.isJudged(one.code)) return [];
        const isFound = verdict.foundOn(ignore.line).includes(one.code);
        if (isFound ? !isRepeated : !isCertain(ignore.line)) return [];
        return [unusedCode(subject, ignore, one, isFound)];
      });
    });
  },
};

/** Says of a line whether it is certain what is found on it, in whatever stack. */
function certainty(subjects: Subjects): (line: number) => boolean {
  const [{ document }] = subjects;
  const isOpen =
    document.root.unread.length > 0 ||
    subjects.some(
      ({ executor, hosts }) => executor === undefined || hosts.some(({ exposure }) => exposure === undefined),
    );
  const isRead = new Map<ReturnType<typeof document.rootAt>, boolean>();
  return (line) => {
    if (isOpen) return false;
    if (line >= document.documentRange.end) return true;
    const root = document.rootAt(line);
    const known = isRead.get(root) ?? (root !== undefined && document.plain(root) !== unknown);
    isRead.set(root, known);
    return known;
  };
}

function unusedCode(subject: Subject, ignore: IgnoreComment, named: NamedCode, isFound: boolean): Finding {
  return finding(named, unusedMessage(subject.document, ignore, named, isFound), [
    { ...stopIgnoring(subject, ignore, named), preferred: true },
  ]);
}

function unusedMessage(
  document: ValuesDocument,
  { alone, line }: IgnoreComment,
  named: NamedCode,
  isFound: boolean,
): string {
  if (isFound)
    return l10n.t(
      'This changes nothing: {0} is ignored on that line already. Take the code out of the comment.',
      named.code,
    );
  if (document.slice(line, document.lineEndAt(line)).trim() === '')
    return l10n.t(
      'This ignores nothing: there are no values on the line below. Move the comment directly above those that it is about, or remove it.',
    );
  return alone
    ? l10n.t(
        'The next {0} on the line below would go unseen: there is none to ignore now. Take the code out of the comment.',
        named.code,
      )
    : l10n.t(
        'The next {0} on this line would go unseen: there is none to ignore now. Take the code out of the comment.',
        named.code,
      );
}

function unknownCode(subject: Subject, ignore: IgnoreComment, named: NamedCode, { codes }: Verdict): Finding {
  const stop = stopIgnoring(subject, ignore, named);
  if (named.code === code) {
    const message = l10n.t(
      'This ignores nothing: no comment ignores {0}, only the settings can switch it off.',
      code,
    );
    return finding(named, message, [stop]);
  }
  const meant = nearest(
    named.code,
    codes.filter((known) => known !== code),
  );
  if (meant === undefined) {
    const message = l10n.t(
      'This ignores nothing: there is no {0}. Write codes of diagnostics, and a reason after " -- ".',
      named.code,
    );
    return finding(named, message, [stop]);
  }
  return finding(
    named,
    l10n.t('This ignores nothing: there is no {0}. Did you mean {1}?', named.code, meant),
    [
      {
        title: l10n.t('Change to {0}', meant),
        preferred: true,
        edits: () => renameIgnored(subject.document, named, meant),
      },
      stop,
    ],
  );
}

function withoutCodes(subject: Subject, ignore: IgnoreComment, { foundOn, ignores }: Verdict): Finding {
  const others = ignores.filter(({ line }) => line === ignore.line).flatMap(({ codes }) => codes);
  const found = foundOn(ignore.line).filter((one) => others.every((named) => named.code !== one));
  const remove: Fix = {
    title: l10n.t('Remove this comment'),
    edits: () => removeIgnore(subject.document, ignore, undefined),
  };
  const name: Fix = {
    title: l10n.t('Name {0} in this comment', listOf(found)),
    preferred: true,
    edits: () => addCodes(subject.document, ignore, found),
  };
  return {
    range: ignore.range,
    message:
      found.length > 0
        ? l10n.t(
            'This comment ignores nothing: it names no code of a diagnostic. Write {0} after ignore, or remove the comment.',
            listOf(found),
          )
        : l10n.t(
            'This comment ignores nothing: it names no code of a diagnostic. Write one after ignore, or remove the comment.',
          ),
    unnecessary: true,
    fixes: found.length > 0 ? [name, remove] : [{ ...remove, preferred: true }],
  };
}

function stopIgnoring(subject: Subject, ignore: IgnoreComment, named: NamedCode): Fix {
  return {
    title: l10n.t('Stop ignoring {0} here', named.code),
    edits: () => removeIgnore(subject.document, ignore, named),
  };
}

function finding({ range }: NamedCode, message: string, fixes: readonly Fix[]): Finding {
  return { range, message, unnecessary: true, fixes };
}
