import * as l10n from '@vscode/l10n';
import {
  CodeActionKind,
  type CodeAction,
  type CodeActionContext,
  type Range,
  type AnnotatedTextEdit,
  type ChangeAnnotation,
  type Position,
  type WorkspaceEdit,
} from 'vscode-languageserver-types';
import { components, type Component } from '../chart/components';
import { automountKey, tokenVolumeKey } from '../chart/settings';
import { addIgnore } from '../rules/ignores';
import type { RuleFinding } from '../rules/judge';
import type { Fix } from '../rules/rule';
import { subjectAfter } from '../rules/changes';
import type { Subject } from '../rules/subject';
import { unknown } from '../values/document';
import type { TextEdit } from '../values/edit';
import { toDiagnostic } from './diagnostics';
import { toFileEdit, toFileRange } from './ranges';
import type { PartSnapshot, Snapshot } from './snapshot';

/** The kind of the action that applies all safe fixes. */
export const fixAllKind = `${CodeActionKind.SourceFixAll}.airflowTokenVolume`;

/** What the client can take as an edit. */
export interface EditSupport {
  /** Edits that name the version of the document they are for. */
  readonly documentChanges: boolean;
  /** Edits that are shown before they are applied. */
  readonly changeAnnotations: boolean;
}

/**
 * The quick fixes for the findings at a range, and the fix for all safe ones.
 * @param snapshot The document.
 * @param range Where the user is.
 * @param context What the client asks for.
 * @param support What the client can take.
 */
export function getCodeActions(
  snapshot: Snapshot,
  range: Range,
  context: CodeActionContext,
  support: EditSupport,
): CodeAction[] {
  const wants = (kind: string): boolean =>
    context.only?.some((asked) => kind === asked || kind.startsWith(`${asked}.`)) ??
    !kind.startsWith(CodeActionKind.Source);
  return [
    ...(wants(CodeActionKind.QuickFix)
      ? snapshot.parts.flatMap((part) => quickFixes(part, range, support))
      : []),
    ...(wants(fixAllKind) ? fixAll(snapshot, support) : []),
  ];
}

function quickFixes(part: PartSnapshot, range: Range, support: EditSupport): CodeAction[] {
  const actions: { action: CodeAction; edits: string; line: number }[] = [];
  const here = part
    .findings()
    .filter(({ finding }) => touch(toFileRange(part.excerpt, finding.range), range));
  const offers = here.slice(0, mostFindings);
  for (const { found, fix } of [
    ...offers.flatMap((found) => found.finding.fixes.map((fix) => ({ found, fix }))),
    ...offers.flatMap((found) => ignoreHere(part, found).map((fix) => ({ found, fix }))),
  ]) {
    const edits = fix.edits();
    if (!edits || edits.length === 0) continue;
    const edit = toWorkspaceEdit([{ part, edits }], fix, support);
    if (!edit) continue;
    const diagnostic = toDiagnostic(part, found);
    const identity = JSON.stringify(edit);
    const same = actions.find((other) => other.action.title === fix.title && other.edits === identity);
    if (same) {
      same.action.diagnostics?.push(diagnostic);
      continue;
    }
    const action: CodeAction = {
      title: fix.title,
      kind: CodeActionKind.QuickFix,
      diagnostics: [diagnostic],
      ...(fix.preferred ? { isPreferred: true } : {}),
      edit,
    };
    actions.push({ action, edits: identity, line: diagnostic.range.start.line + 1 });
  }
  return actions.map(({ action, line }, index) => {
    const isAlone = actions.every((other, at) => at === index || other.action.title !== action.title);
    if (isAlone) return action;
    const title = l10n.t({
      message: '{0} (line {1})',
      args: [action.title, line],
      comment: ['{0} is what a fix does'],
    });
    return { ...action, title };
  });
}

function touch(a: Range, b: Range): boolean {
  return isUpTo(a.start, b.end) && isUpTo(b.start, a.end);
}

function isUpTo(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.character <= b.character);
}

/** What is offered beside a rule's own fixes, for whoever knows better; not for what is said about such comments. */
function ignoreHere({ values }: PartSnapshot, { rule: { code, review }, finding }: RuleFinding): Fix[] {
  if (review) return [];
  return [
    { title: l10n.t('Ignore {0} here', code), edits: () => addIgnore(values, finding.range.start, code) },
  ];
}

function fixAll({ parts }: Snapshot, support: EditSupport): CodeAction[] {
  const made = parts.map((part) => ({ part, edits: safeFixes(part).flatMap(({ edits }) => edits) }));
  if (made.every(({ edits }) => edits.length === 0)) return [];
  const edit = toWorkspaceEdit(made, {}, support);
  if (!edit) return [];
  return [{ title: l10n.t('Fix all safe Airflow token volume problems'), kind: fixAllKind, edit }];
}

/** A fix and the edits that it makes. */
export interface MadeFix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

/**
 * Every safe fix at once; one that would change who holds a token is left out, whatever its rule says, and so is one
 * that is made in another file.
 * @param part The values.
 * @returns Fixes whose edits do not touch each other, none where nothing can be fixed safely.
 */
export function safeFixes(part: PartSnapshot): readonly MadeFix[] {
  const safe = part.findings().flatMap(({ finding }) => finding.fixes.find((fix) => fix.safe) ?? []);
  const keeps = (fixes: readonly MadeFix[]): boolean =>
    part.subjects.every((subject) =>
      keepsHolders(
        subject,
        subjectAfter(
          subject,
          fixes.flatMap(({ edits }) => edits),
        ),
      ),
    );
  const made = withoutOverlaps(
    safe
      .slice(0, mostFindings)
      .map(({ title, edits }) => ({ title, edits: edits() ?? [] }))
      .filter(({ edits }) => edits.every(({ layer }) => layer === undefined)),
  );
  if (made.length === 0 || keeps(made)) return made;
  const harmless = made.filter((fix) => keeps([fix]));
  return keeps(harmless) ? harmless : [];
}

/** How many findings are fixed in one request; each costs a reading of the entry that it is in. */
const mostFindings = 50;

/** The edits of those fixes that touch none of an earlier one. */
function withoutOverlaps(fixes: readonly MadeFix[]): MadeFix[] {
  const apart: MadeFix[] = [];
  for (const fix of fixes) {
    const taken = apart.flatMap(({ edits }) => edits);
    const isApart = !fix.edits.some((edit) => taken.some((other) => overlap(edit, other)));
    if (fix.edits.length > 0 && isApart) apart.push(fix);
  }
  return apart;
}

function overlap(a: TextEdit, b: TextEdit): boolean {
  return a.range.start <= b.range.end && b.range.start <= a.range.end;
}

/**
 * Says whether the same containers hold the same tokens after a change: because no switch changed, or because what is
 * rendered for the components with token volumes is the same and no other switch changed.
 */
function keepsHolders(before: Subject, after: Subject): boolean {
  const others = components.filter((component) => before.hosts.every((host) => host.component !== component));
  if (switchesOf(before, others) !== switchesOf(after, others)) return false;
  const hosts = before.hosts.map(({ component }) => component);
  return switchesOf(before, hosts) === switchesOf(after, hosts) || exposureOf(before) === exposureOf(after);
}

/** Who holds which token, as a text that can be compared; a different one each time where that is open. */
function exposureOf({ hosts }: Subject): string | symbol {
  const exposures = hosts.map(({ exposure }) => exposure);
  if (exposures.includes(undefined)) return Symbol('open');
  return JSON.stringify(
    exposures.map((exposure) =>
      exposure?.containers.map(({ name, automounted, projected }) => [
        name,
        automounted,
        projected.map(({ mountPath, audience }) => [mountPath, audience]),
      ]),
    ),
  );
}

/** What the text says about who holds a token, as a text that can be compared. */
function switchesOf(subject: Subject, of: readonly Component[]): string {
  const switches = [[automountKey], ['create'], ['name'], [tokenVolumeKey, 'enabled']];
  return JSON.stringify(
    of.map(({ path }) =>
      switches.map((keys) => {
        const found = subject.find(...path, 'serviceAccount', ...keys);
        if (found.state !== 'set') return found.state;
        const value = subject.document.plain(found.value);
        return value === unknown ? 'unknown' : [value];
      }),
    ),
  );
}

/** Edits of one part of a document, or of the layers that belong to it. */
interface PartEdits {
  readonly part: PartSnapshot;
  readonly edits: readonly TextEdit[];
}

/**
 * Edits as LSP has them.
 * @param made The edits, by the part that they belong to.
 * @param fix What is not to be shown before it is applied.
 * @param support What the client can take.
 * @returns Undefined where one of them cannot be made in its file.
 */
export function toWorkspaceEdit(
  made: readonly PartEdits[],
  fix: Pick<Fix, 'confirmBeyond'>,
  support: EditSupport,
): WorkspaceEdit | undefined {
  const { confirmBeyond } = fix;
  const files = new Map<string, { version: number | null; edits: AnnotatedTextEdit[] }>();
  const changeAnnotations: Record<string, ChangeAnnotation> = {};
  const isAnnotated = support.documentChanges && support.changeAnnotations;
  for (const { part, edits } of made) {
    for (const edit of edits) {
      const { uri, version, excerpt } = edit.layer ?? part;
      const textEdit = toFileEdit(excerpt, edit);
      if (!textEdit) return undefined;
      const isElsewhere = uri !== part.uri;
      const entry = edit.entry ?? confirmBeyond;
      const annotation = isElsewhere
        ? { id: uri, label: labelOf(edit.layer?.name ?? uri), needsConfirmation: true }
        : confirmBeyond !== undefined && entry !== undefined
          ? { id: entry, label: labelOf(entry), needsConfirmation: entry !== confirmBeyond }
          : undefined;
      const file = files.get(uri) ?? { version, edits: [] };
      files.set(uri, file);
      if (!annotation || !isAnnotated) {
        // Such an edit has no annotation, although the type of annotated ones is the only one that takes both.
        file.edits.push(textEdit as AnnotatedTextEdit);
        continue;
      }
      const { id, label, needsConfirmation } = annotation;
      changeAnnotations[id] = { label, needsConfirmation };
      file.edits.push({ ...textEdit, annotationId: id });
    }
  }
  if (!support.documentChanges)
    return { changes: Object.fromEntries([...files].map(([uri, { edits }]) => [uri, edits])) };
  return {
    documentChanges: [...files].map(([uri, { version, edits }]) => ({
      textDocument: { uri, version },
      edits,
    })),
    ...(Object.keys(changeAnnotations).length > 0 ? { changeAnnotations } : {}),
  };
}

/** What an edit that is shown before it is applied is listed under. */
function labelOf(name: string): string {
  return l10n.t({ message: 'Change {0}', args: [name], comment: ['{0} is a file or a key'] });
}
