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
import { components, type Component } from '../chart/components';
import { automountKey, tokenVolumeKey } from '../chart/settings';
import { addIgnore } from '../rules/ignores';
import type { RuleFinding } from '../rules/judge';
import type { Fix } from '../rules/rule';
import { createSubject, type Subject } from '../rules/subject';
import { unknown, type ValuesDocument } from '../values/document';
import type { TextEdit } from '../values/edit';
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
  const { start, end } = toOffsets(snapshot.values, range);
  const actions: { action: CodeAction; edits: string; line: number }[] = [];
  const here = snapshot
    .findings()
    .filter(({ finding }) => finding.range.end >= start && finding.range.start <= end);
  const offers = here.slice(0, mostFindings);
  for (const { found, fix } of [
    ...offers.flatMap((found) => found.finding.fixes.map((fix) => ({ found, fix }))),
    ...offers.flatMap((found) => ignoreHere(snapshot, found).map((fix) => ({ found, fix }))),
  ]) {
    const edits = fix.edits();
    if (!edits || edits.length === 0) continue;
    const diagnostic = toDiagnostic(snapshot, found);
    const identity = JSON.stringify(edits);
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
      edit: toWorkspaceEdit(snapshot, fix, edits, support),
    };
    actions.push({ action, edits: identity, line: diagnostic.range.start.line + 1 });
  }
  return actions.map(({ action, line }, index) => {
    const isAlone = actions.every((other, at) => at === index || other.action.title !== action.title);
    return isAlone ? action : { ...action, title: `${action.title} (line ${line})` };
  });
}

/** What is offered beside a rule's own fixes, for whoever knows better; not for what is said about such comments. */
function ignoreHere({ values }: Snapshot, { rule: { code, review }, finding }: RuleFinding): Fix[] {
  if (review) return [];
  return [{ title: `Ignore ${code} here`, edits: () => addIgnore(values, finding.range.start, code) }];
}

function fixAll(snapshot: Snapshot, support: EditSupport): CodeAction[] {
  const edits = safeFixes(snapshot).flatMap((fix) => fix.edits);
  if (edits.length === 0) return [];
  const edit = toWorkspaceEdit(snapshot, {}, edits, support);
  return [{ title: 'Fix all safe Airflow token volume problems', kind: fixAllKind, edit }];
}

/** A fix and the edits that it makes. */
export interface MadeFix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

/**
 * Every safe fix at once; one that would change who holds a token is left out, whatever its rule says.
 * @param snapshot The document.
 * @returns Fixes whose edits do not touch each other, none where nothing can be fixed safely.
 */
export function safeFixes(snapshot: Snapshot): readonly MadeFix[] {
  const { subject, values } = snapshot;
  if (!subject) return [];
  const safe = snapshot.findings().flatMap(({ finding }) => finding.fixes.find((fix) => fix.safe) ?? []);
  const keeps = (fixes: readonly MadeFix[]): boolean =>
    keepsHolders(subject, values.edit(fixes.flatMap(({ edits }) => edits)));
  const made = withoutOverlaps(
    safe.slice(0, mostFindings).map(({ title, edits }) => ({ title, edits: edits() ?? [] })),
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
function keepsHolders(before: Subject, valuesAfter: ValuesDocument): boolean {
  const after = createSubject(valuesAfter, before.path, before.settings);
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

function toWorkspaceEdit(
  snapshot: Snapshot,
  fix: Pick<Fix, 'confirmBeyond'>,
  edits: readonly TextEdit[],
  support: EditSupport,
): WorkspaceEdit {
  const { uri, version, values } = snapshot;
  const textEdits = edits.map(({ range, newText }) => ({ range: toRange(values, range), newText }));
  if (!support.documentChanges) return { changes: { [uri]: textEdits } };
  const { confirmBeyond } = fix;
  if (confirmBeyond === undefined || !support.changeAnnotations) {
    return { documentChanges: [{ textDocument: { uri, version }, edits: textEdits }] };
  }
  const changeAnnotations: Record<string, ChangeAnnotation> = {};
  const annotated = edits.map(({ entry = confirmBeyond }, index): AnnotatedTextEdit => {
    changeAnnotations[entry] = { label: `Change ${entry}`, needsConfirmation: entry !== confirmBeyond };
    return { ...(textEdits[index] as LspTextEdit), annotationId: entry };
  });
  return { documentChanges: [{ textDocument: { uri, version }, edits: annotated }], changeAnnotations };
}
