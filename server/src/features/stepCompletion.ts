import * as l10n from '@vscode/l10n';
import {
  CompletionItemKind,
  InsertTextFormat,
  InsertTextMode,
  type CompletionItem,
  type Position,
} from 'vscode-languageserver-types';
import { components, type Component } from '../chart/components';
import { subjectAfter } from '../rules/changes';
import { migratedAccount } from '../rules/migration';
import type { Subject } from '../rules/subject';
import type { ValuesDocument } from '../values/document';
import type { WantedValues } from '../values/edit';
import { indentStep, lineBreak, plainText } from '../values/format';
import type { ScalarNode, TextRange } from '../values/tree';
import { enclosing, type Place } from './completion';
import { toFileLines, toFileRange } from './ranges';
import type { PartSnapshot } from './snapshot';

/** What a component lacks of its migration. */
interface Step {
  /** The keys that are not there. */
  readonly missing: WantedValues;
  /** Values that say something else, with what they are to say. */
  readonly changes: readonly { readonly node: ScalarNode; readonly value: string }[];
}

/**
 * The next step of a component's migration, as one item: what its `serviceAccount` lacks of it, all of that where it is
 * empty or not there. Values that say something else are changed with it.
 * @param part The values.
 * @param end Where the word ends that the item takes the place of.
 * @param indent How far its line is indented.
 * @returns Nothing elsewhere, and where nothing is to be migrated or would have to be written in a second place.
 */
export function getStepCompletions(part: PartSnapshot, end: Position, indent: number): CompletionItem[] {
  const { values, excerpt, subjects } = part;
  const lineStart = values.offsetAt({ line: end.line, character: 0 });
  const place = enclosing(values, lineStart, indent);
  const component = place && componentAbove(place.path);
  if (!component) return [];
  const line = { start: lineStart, end: values.offsetAt(end) };
  const account = migratedAccount(withoutWord(subjects[0], line, component, place), component);
  const step = account && stepIn(values, component.path, { serviceAccount: account }, place.path);
  if (!step) return [];
  const { column } = place;
  const lines = linesOf(step.missing, ' '.repeat(indentStep(values, undefined)));
  const margin = ' '.repeat(column);
  const word = { start: { line: end.line, character: indent }, end };
  const edits = [
    { range: word, newText: lines.join(lineBreak(values, lineStart) + margin) },
    ...(indent === column
      ? []
      : [{ range: { start: { line: end.line, character: 0 }, end: word.start }, newText: margin }]),
  ].map((edit) => toFileLines(excerpt, edit));
  const [textEdit, ...moved] = edits.filter((edit) => edit !== undefined);
  if (!textEdit || moved.length + 1 < edits.length) return [];
  const changed = step.changes.map(({ node: { range }, value }) => ({
    range: toFileRange(excerpt, range),
    newText: value,
  }));
  const isManual = Object.keys(account).length > 1;
  const preview = `\n\n\`\`\`yaml\n${lines.join('\n')}\n\`\`\``;
  return [
    {
      label: isManual ? l10n.t('Migrate to a manual token volume') : l10n.t('Mount no token'),
      labelDetails: { description: component.path.join('.') },
      kind: CompletionItemKind.Snippet,
      documentation: {
        kind: 'markdown',
        value: (isManual ? meaningOfManual(changed.length > 0) : meaningOfNone()) + preview,
      },
      // What is typed is compared with the keys that come.
      filterText: `${Object.keys(step.missing).join(' ')} migrate`,
      // Before the keys one by one.
      sortText: '00',
      insertTextFormat: InsertTextFormat.PlainText,
      insertTextMode: InsertTextMode.asIs,
      textEdit,
      ...(moved.length + changed.length > 0 ? { additionalTextEdits: [...moved, ...changed] } : {}),
    },
  ];
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
 * @returns Undefined where something is missing elsewhere, or nothing is missing.
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
        return collect(here, value);
      if (node?.kind === 'scalar' && typeof value !== 'object') {
        if (node.value !== value) changes.push({ node, value: inYaml(value) });
        return true;
      }
      if (node || values.find(here).state === 'set' || !leadsTo(above, at, 0)) return false;
      missing[key] = value;
      return true;
    });
  return collect(path, wanted) && Object.keys(missing).length > 0 ? { missing, changes } : undefined;
}

/** Says whether a path is another one or above it, at most so many keys. */
function leadsTo(path: readonly string[], to: readonly string[], most = Infinity): boolean {
  return to.length - path.length <= most && path.every((key, index) => to[index] === key);
}

function linesOf(wanted: WantedValues, step: string): string[] {
  return Object.entries(wanted).flatMap(([key, value]) =>
    typeof value === 'object'
      ? [`${key}:`, ...linesOf(value, step).map((line) => step + line)]
      : [`${key}: ${inYaml(value)}`],
  );
}

function inYaml(value: boolean | number | string): string {
  return typeof value === 'string' ? plainText(value) : String(value);
}
