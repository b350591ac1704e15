import {
  CodeActionKind,
  type CodeAction,
  type CodeActionContext,
  type Range,
  type AnnotatedTextEdit,
  type ChangeAnnotation,
  type TextEdit as LspTextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver-types';
import { components } from '../chart/components';
import { mayReachApi } from '../chart/exposure';
import { automountKey, tokenVolumeKey } from '../chart/settings';
import type { Fix } from '../rules/rule';
import { createSubject, type Subject } from '../rules/subject';
import { readValues, unknown } from '../values/document';
import { applyEdits, type TextEdit } from '../values/edit';
import { toDiagnostic } from './diagnostics';
import { toOffsets, toRange } from './ranges';
import type { Snapshot } from './snapshot';

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
    ...(wants(CodeActionKind.QuickFix) ? quickFixes(snapshot, range, support) : []),
    ...(wants(fixAllKind) ? fixAll(snapshot, support) : []),
  ];
}

function quickFixes(snapshot: Snapshot, range: Range, support: EditSupport): CodeAction[] {
  const { textDocument } = snapshot;
  const { start, end } = toOffsets(textDocument, range);
  const actions = new Map<string, CodeAction>();
  for (const found of snapshot.findings()) {
    const { finding } = found;
    if (finding.range.end < start || finding.range.start > end) continue;
    const diagnostic = toDiagnostic(snapshot, found);
    for (const fix of finding.fixes) {
      const same = actions.get(fix.title);
      if (same) {
        same.diagnostics?.push(diagnostic);
        continue;
      }
      const edits = fix.edits();
      if (!edits || edits.length === 0) continue;
      actions.set(fix.title, {
        title: fix.title,
        kind: CodeActionKind.QuickFix,
        diagnostics: [diagnostic],
        ...(fix.preferred ? { isPreferred: true } : {}),
        edit: toWorkspaceEdit(snapshot, fix, edits, support),
      });
    }
  }
  return [...actions.values()];
}

/** Applies every safe fix at once; one that would change who holds a token is left out, whatever its rule says. */
function fixAll(snapshot: Snapshot, support: EditSupport): CodeAction[] {
  const { subject, values } = snapshot;
  if (!subject) return [];
  const edits: TextEdit[] = [];
  for (const { finding } of snapshot.findings()) {
    const fix = finding.fixes.find(({ safe }) => safe);
    const more = fix?.edits();
    if (!more || more.length === 0 || more.some((edit) => edits.some((other) => overlap(edit, other))))
      continue;
    if (keepsHolders(subject, applyEdits(values.text, more))) edits.push(...more);
  }
  if (edits.length === 0 || !keepsHolders(subject, applyEdits(values.text, edits))) return [];
  const title = 'Fix all safe Airflow token volume problems';
  const edit = toWorkspaceEdit(snapshot, {}, edits, support);
  return [{ title, kind: fixAllKind, edit }];
}

function overlap(a: TextEdit, b: TextEdit): boolean {
  return a.range.start <= b.range.end && b.range.start <= a.range.end;
}

/** Says whether the same containers hold a token after a change: by what is rendered, or because no switch changed. */
function keepsHolders(before: Subject, textAfter: string): boolean {
  const after = createSubject(readValues(textAfter, before.document), before.path, before.settings);
  return switchesOf(before) === switchesOf(after) || sameExposure(before, after);
}

function sameExposure(before: Subject, after: Subject): boolean {
  const holders = (subject: Subject): string | undefined => {
    const exposures = subject.hosts.map(({ exposure }) => exposure);
    if (exposures.includes(undefined)) return undefined;
    return JSON.stringify(
      exposures.map((exposure) => exposure?.containers.filter(mayReachApi).map(({ name }) => name)),
    );
  };
  return (
    otherSwitchesOf(before) === otherSwitchesOf(after) &&
    holders(before) !== undefined &&
    holders(before) === holders(after)
  );
}

/** Everything that the text says about who holds a token, as one text that can be compared. */
function switchesOf(subject: Subject): string {
  return JSON.stringify([
    otherSwitchesOf(subject),
    subject.hosts.map(({ component }) => switchesAt(subject, component.path)),
  ]);
}

function otherSwitchesOf(subject: Subject): string {
  const hosts = subject.hosts.map(({ component }) => component);
  return JSON.stringify(
    components.filter((component) => !hosts.includes(component)).map(({ path }) => switchesAt(subject, path)),
  );
}

function switchesAt(subject: Subject, path: readonly string[]): unknown[] {
  const account = [...path, 'serviceAccount'];
  return [[automountKey], ['create'], ['name'], [tokenVolumeKey, 'enabled']].map((keys) => {
    const found = subject.find(...account, ...keys);
    if (found.state !== 'set') return found.state;
    const value = subject.document.plain(found.value);
    return value === unknown ? 'unknown' : [value];
  });
}

function toWorkspaceEdit(
  snapshot: Snapshot,
  fix: Pick<Fix, 'confirmBeyond'>,
  edits: readonly TextEdit[],
  support: EditSupport,
): WorkspaceEdit {
  const { textDocument } = snapshot;
  const { uri, version } = textDocument;
  const textEdits = edits.map(({ range, newText }) => ({ range: toRange(textDocument, range), newText }));
  if (!support.documentChanges) return { changes: { [uri]: textEdits } };
  const { confirmBeyond } = fix;
  if (confirmBeyond === undefined || !support.changeAnnotations) {
    return { documentChanges: [{ textDocument: { uri, version }, edits: textEdits }] };
  }
  const changeAnnotations: Record<string, ChangeAnnotation> = {};
  const annotated = edits.map(({ entry = confirmBeyond }, index): AnnotatedTextEdit => {
    changeAnnotations[entry] = { label: `Migrate ${entry}`, needsConfirmation: entry !== confirmBeyond };
    return { ...(textEdits[index] as LspTextEdit), annotationId: entry };
  });
  return { documentChanges: [{ textDocument: { uri, version }, edits: annotated }], changeAnnotations };
}
