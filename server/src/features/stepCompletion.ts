import * as l10n from '@vscode/l10n';
import {
  CompletionItemKind,
  InsertTextFormat,
  InsertTextMode,
  type CompletionItem,
  type Position,
} from 'vscode-languageserver-types';
import { components, type Component } from '../chart/components';
import { automountKey, tokenVolumeKey } from '../chart/settings';
import { subjectAfter } from '../rules/changes';
import { migratedAccount } from '../rules/migration';
import type { Subject } from '../rules/subject';
import { unknown, type PlainValue, type ValuesDocument } from '../values/document';
import {
  confirmed,
  isAnchorInUse,
  linesOf,
  nest,
  overlay,
  type TextEdit,
  type WantedValues,
} from '../values/edit';
import { blockAt, indentStep, lineBreak, scalarText } from '../values/format';
import { isEmptyValue, type TextRange } from '../values/tree';
import { enclosing, type Place } from './completion';
import { toFileLines, toFileRange } from './ranges';
import type { PartSnapshot } from './snapshot';

/** What a component lacks of its migration. */
interface Step {
  /** The keys that are not there. */
  readonly missing: WantedValues;
  /** Values that say something else, with what they are to say. */
  readonly changes: readonly { readonly range: TextRange; readonly newText: string }[];
}

/**
 * The next step of a component's migration, as one item: what its `serviceAccount` lacks of it, all of that where it is
 * empty or not there. Booleans that say something else are changed with it.
 * @param part The values.
 * @param end Where the word ends that the item takes the place of.
 * @param indent How far its line is indented.
 * @returns Nothing elsewhere; where there is nothing to migrate, in some stack something else, or another layer has the
 *   last word; and where the text would have to be changed in a second place, or would not say then what it should.
 */
export function getStepCompletions(part: PartSnapshot, end: Position, indent: number): CompletionItem[] {
  const { values, excerpt, subjects } = part;
  const lineStart = values.offsetAt({ line: end.line, character: 0 });
  const place = enclosing(values, lineStart, indent);
  const component = place && componentAbove(place.path);
  if (!component || !isLacking(values, place.path, component)) return [];
  const line = { start: lineStart, end: values.offsetAt(end) };
  const account = accountInAll(
    subjects.map((subject) => withoutWord(subject, line, component, place)),
    component,
  );
  const step = account && stepIn(values, component.path, { serviceAccount: account }, place.path);
  if (!step) return [];
  const margin = ' '.repeat(place.column);
  const lines = linesOf(step.missing);
  const width = indentStep(values, undefined);
  const block = blockAt(lines, place.column, width, lineBreak(values, lineStart));
  const newText = block.slice(margin.length);
  // A key may be there, hidden by the half-typed word, or on a line that cannot be read.
  const bare = values.edit([{ range: line, newText: '' }]);
  if (Object.keys(step.missing).some((key) => bare.find([...place.path, key]).state !== 'absent')) return [];
  const replacing = [{ range: line, newText: block }, ...step.changes];
  if (!works(part, bare, component, account, replacing)) return [];
  const word = { start: { line: end.line, character: indent }, end };
  const textEdit = toFileLines(excerpt, { range: word, newText });
  const indentation = { start: { line: end.line, character: 0 }, end: word.start };
  const moved =
    indent === place.column ? [] : [toFileLines(excerpt, { range: indentation, newText: margin })];
  if (!textEdit || moved.includes(undefined)) return [];
  const more = [
    ...moved.filter((edit) => edit !== undefined),
    ...step.changes.map((change) => ({ ...change, range: toFileRange(excerpt, change.range) })),
  ];
  const isManual = Object.keys(account).length > 1;
  const meaning = isManual ? meaningOfManual(step.changes.length > 0) : meaningOfNone();
  return [
    {
      label: isManual ? l10n.t('Migrate to a manual token volume') : l10n.t('Mount no token'),
      labelDetails: { description: component.path.join('.') },
      kind: CompletionItemKind.Snippet,
      documentation: {
        kind: 'markdown',
        value: [meaning, '', '```yaml', blockAt(lines, 0, width, '\n'), '```'].join('\n'),
      },
      // What is typed is compared with the keys that come.
      filterText: `${Object.keys(step.missing).join(' ')} migrate`,
      // Before the keys one by one.
      sortText: '00',
      insertTextFormat: InsertTextFormat.PlainText,
      insertTextMode: InsertTextMode.asIs,
      textEdit,
      ...(more.length > 0 ? { additionalTextEdits: more } : {}),
    },
  ];
}

/** Says whether the map at a path lacks a key of the migration, which is known at once, unlike all the rest. */
function isLacking(values: ValuesDocument, at: readonly string[], { path }: Component): boolean {
  const keys = [['serviceAccount'], [automountKey, tokenVolumeKey], ['enabled', 'volumeName']][
    at.length - path.length
  ];
  return (keys ?? []).some((key) => values.find([...at, key]).state !== 'set');
}

/**
 * What the account holds once the component is migrated, if that is the same in all stacks: what is right in one may take
 * the token away in another one.
 */
function accountInAll(subjects: readonly Subject[], component: Component): WantedValues | undefined {
  const accounts = subjects.map((subject) => migratedAccount(subject, component));
  const [account] = accounts;
  const isSame = accounts.every((other) => JSON.stringify(other) === JSON.stringify(account));
  // A layer below may have done it already.
  return account && isSame && subjects.some((subject) => !holds(subject, component, account))
    ? account
    : undefined;
}

/** Says whether a component's account is in force as it is wanted, whatever layer says so. */
function holds(subject: Subject, { path }: Component, account: WantedValues): boolean {
  const isSo = (at: readonly string[], wanted: WantedValues): boolean =>
    Object.entries(wanted).every(([key, value]) => {
      if (typeof value === 'object') return isSo([...at, key], value);
      const reading = subject.read(...at, key);
      return reading.state !== 'unknown' && reading.value === value;
    });
  return isSo([...path, 'serviceAccount'], account);
}

/**
 * Says whether the text says after edits what is wanted and else what it said, and no layer or later key is over it.
 * @param bare The text without the half-typed word.
 */
function works(
  { values, subjects }: PartSnapshot,
  bare: ValuesDocument,
  component: Component,
  account: WantedValues,
  edits: TextEdit[],
): boolean {
  const [key = '', ...below] = component.path;
  const found = bare.find([key]);
  const before = found.state === 'set' ? bare.plain(found.value) : unknown;
  if (before === unknown) return false;
  const wanted = nest<PlainValue>([...below, 'serviceAccount'], account);
  return (
    confirmed(values, edits, new Map([[key, overlay(before, wanted)]])) !== undefined &&
    subjects.every((subject) => holds(subjectAfter(subject, edits), component, account))
  );
}

/**
 * The subject without a half-typed word. An account that is still empty gets a key without effect: Helm aborts where it is
 * null, so that nothing could be told.
 */
function withoutWord(
  subject: Subject,
  line: TextRange,
  { path }: Component,
  { path: at, column }: Place,
): Subject {
  const { document } = subject;
  const account = document.ownEntry([...path, 'serviceAccount'])?.value;
  const isThere = account !== undefined && account.kind !== 'scalar' && account.kind !== 'unreadable';
  const keys = [...(at.length === path.length ? ['serviceAccount:'] : []), 'annotations: {}'];
  const lines = keys.map((key, depth) => ' '.repeat(column + depth) + key);
  const newText = isThere ? '' : lines.join(lineBreak(document, line.start));
  return subjectAfter(subject, [{ range: line, newText }]);
}

function meaningOfManual(changesMore: boolean): string {
  return changesMore
    ? l10n.t(
        'Ends the migration of this component: no container gets a token by itself, and the one that needs it gets one with a lifetime. A value beside it is changed with it.',
      )
    : l10n.t(
        'Ends the migration of this component: no container gets a token by itself, and the one that needs it gets one with a lifetime.',
      );
}

function meaningOfNone(): string {
  return l10n.t('No container of this component needs a token, and none gets one.');
}

/** The component in whose map, or in whose `serviceAccount`, a path leads; the deepest, as for `workers.celery`. */
function componentAbove(path: readonly string[]): Component | undefined {
  return components.findLast(
    (component) =>
      component.path.every((key, index) => path[index] === key) &&
      [undefined, 'serviceAccount'].includes(path[component.path.length]),
  );
}

/**
 * What is to be written at one place, so that the values at a path are as wanted.
 * @param at The path of the map that is written to.
 * @returns Undefined where something is missing elsewhere, nothing is missing, or what is there is not to be touched: it
 *   is used in a second place, or somebody wrote a text where a boolean belongs, such as a placeholder.
 */
function stepIn(
  values: ValuesDocument,
  path: readonly string[],
  wanted: WantedValues,
  at: readonly string[],
): Step | undefined {
  const missing: Record<string, WantedValues[string]> = {};
  const changes: Step['changes'][number][] = [];
  /** Says whether all of it is there or can be written at the place. */
  const collect = (above: readonly string[], keys: WantedValues): boolean =>
    Object.entries(keys).every(([key, value]) => {
      const here = [...above, key];
      const node = values.ownEntry(here)?.value;
      if (typeof value === 'object' && (leadsTo(here, at) || (node?.kind === 'map' && !node.flow)))
        return !(node && isAnchorInUse(values, node)) && collect(here, value);
      if (node?.kind === 'scalar' && typeof value !== 'object') {
        if (node.value === value) return true;
        if (typeof node.value === 'string' || isAnchorInUse(values, node)) return false;
        changes.push({ range: node.range, newText: (isEmptyValue(node) ? ' ' : '') + scalarText(value) });
        return true;
      }
      if (node || values.find(here).state === 'set' || !leadsTo(above, at, 0)) return false;
      missing[key] = value;
      return true;
    });
  const isSharedAbove = path.some((_, depth) => {
    const container = values.ownEntry(path.slice(0, depth + 1))?.value;
    return container !== undefined && isAnchorInUse(values, container);
  });
  return !isSharedAbove && collect(path, wanted) && Object.keys(missing).length > 0
    ? { missing, changes }
    : undefined;
}

/** Says whether a path is another one or above it, at most so many keys. */
function leadsTo(path: readonly string[], to: readonly string[], most = Infinity): boolean {
  return to.length - path.length <= most && path.every((key, index) => to[index] === key);
}
