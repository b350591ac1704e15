import * as l10n from '@vscode/l10n';
import type { InlayHint, Range } from 'vscode-languageserver-types';
import { components, tokenHosts } from '../chart/components';
import { automountKey, serviceAccountSettings, tokenVolumeKey, tokenVolumeSettings } from '../chart/settings';
import type { Subject } from '../rules/subject';
import { durationInWords, listOf } from '../rules/words';
import { unknown, type PlainValue, type ValuesDocument } from '../values/document';
import { entriesNamed } from '../values/placed';
import { entryRange, isMergeKey, type MapEntry, type TextRange } from '../values/tree';
import { toOffsets } from './ranges';
import type { PartSnapshot } from './snapshot';

const lifetimeKey = 'expirationSeconds';

/** How many stacks are told apart in one hint. */
const mostStacks = 3;

/** The keys below a component that decide who holds a token. */
const accountKeys: readonly (readonly string[])[] = serviceAccountSettings
  .filter(({ type }) => type !== 'map')
  .map(({ name }) => ['serviceAccount', name]);
const volumeKeys = tokenVolumeSettings.map(({ name }) => ['serviceAccount', tokenVolumeKey, name]);

/** Something to be said behind a value. */
interface Remark {
  /** The offset behind the value. */
  readonly at: number;
  readonly label: string;
  readonly sentence: string;
}

/**
 * What the values that decide who holds a token mean, where the text does not say it by itself: a lifetime in words, what
 * an alias or a merge key brings, and what is in force where a higher layer overrides the file.
 * @param part The values.
 * @param range The lines of the file that are shown; nothing else is answered for.
 */
export function getInlayHints(part: PartSnapshot, range: Range): InlayHint[] {
  const { values, excerpt } = part;
  const remarks = new Map<number, Remark[]>();
  const add = (remark: Remark): void => {
    const others = remarks.get(remark.at);
    if (others) others.push(remark);
    else remarks.set(remark.at, [remark]);
  };
  const visible = shownPart(part, range);
  const isShown = (entry: MapEntry | undefined): boolean =>
    entry !== undefined && (!visible || overlaps(entryRange(entry), visible));
  if (isShown(values.ownEntry(['executor']))) remarksOn(part, ['executor']).forEach(add);
  for (const { path } of components) {
    if (!isShown(values.ownEntry(path))) continue;
    const isHost = tokenHosts.some((host) => host === path.join('.'));
    const settings = isHost ? [...accountKeys, ...volumeKeys] : accountKeys;
    const paths = settings.map((setting) => [...path, ...setting]);
    for (const setting of paths) remarksOn(part, setting).forEach(add);
    broughtBelow(values, path.length, paths).forEach(add);
  }
  return [...remarks]
    .sort(([a], [b]) => a - b)
    .flatMap(([at, all]): InlayHint[] => {
      const position = excerpt.toFile(values.positionAt(at));
      if (!isWithin(position, range)) return [];
      const label = all.map((remark) => remark.label).join('; ');
      const tooltip = all.map((remark) => remark.sentence).join(' ');
      return [{ position, label, tooltip, paddingLeft: true }];
    });
}

/**
 * A length of time as short as it goes: `30 min`, `1 h 30 min`, `12 h`, `1 d`.
 * @param seconds The length in seconds, 0 or more.
 */
export function shortDuration(seconds: number): string {
  const parts: string[] = [];
  let rest = seconds;
  for (const [unit, size] of [
    ['d', 86_400],
    ['h', 3600],
    ['min', 60],
    ['s', 1],
  ] as const) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.length === 0 ? `${seconds} s` : parts.join(' ');
}

/** What of an excerpt is shown, as far as both ends are in it; undefined where that cannot be told. */
function shownPart({ excerpt, values }: PartSnapshot, { start, end }: Range): TextRange | undefined {
  const inner = {
    start: excerpt.fromFile({ line: start.line, character: 0 }),
    end: excerpt.fromFile(end),
  };
  return inner.start && inner.end ? toOffsets(values, { start: inner.start, end: inner.end }) : undefined;
}

function overlaps(a: TextRange, b: TextRange): boolean {
  return a.start <= b.end && b.start <= a.end;
}

function isWithin({ line, character }: Range['start'], { start, end }: Range): boolean {
  return (
    (line > start.line || (line === start.line && character >= start.character)) &&
    (line < end.line || (line === end.line && character <= end.character))
  );
}

/** What there is to say behind a value that the file itself has. */
function remarksOn({ values, subjects }: PartSnapshot, path: readonly string[]): Remark[] {
  const entry = values.ownEntry(path);
  if (
    entry?.colon === undefined ||
    values.slice(entry.value.range.start, entry.value.range.end).includes('\n')
  )
    return [];
  const at = entry.value.range.end > entry.colon ? entry.value.range.end : entry.colon + 1;
  const key = path.at(-1) ?? '';
  const value = values.plain(entry.value);
  const remarks: Remark[] = [];
  if (value === unknown) return [];
  if (entry.value.kind === 'alias') {
    const shown = inShort(key, value);
    remarks.push({ at, label: shown, sentence: l10n.t('The alias stands for {0}.', shown) });
  } else if (isLifetime(key, value)) {
    remarks.push({
      at,
      label: shortDuration(value),
      sentence: l10n.t('The token is valid for {0}.', durationInWords(value)),
    });
  }
  const over = overridden(subjects, path);
  return over ? [...remarks, { at, ...over }] : remarks;
}

/** What is in force in stacks where a higher layer overrides the file; undefined where none does. */
function overridden(
  subjects: readonly Subject[],
  path: readonly string[],
): Pick<Remark, 'label' | 'sentence'> | undefined {
  const others = subjects.flatMap((subject) => {
    const { stack } = subject;
    if (!stack || stack.own === stack.layers.length - 1) return [];
    const reading = subject.read(...path);
    if (reading.state !== 'file' || !reading.layer || reading.value === undefined) return [];
    // What is written in a layer below does not override this one.
    if (stack.layers.indexOf(reading.layer) < stack.own) return [];
    const value = inShort(path.at(-1) ?? '', reading.value);
    const what = l10n.t({
      message: '{0} in {1}',
      args: [value, reading.layer.name],
      comment: ['{0} is a value, {1} a file'],
    });
    return [{ stack: stack.name, value, what }];
  });
  const [first] = others;
  if (!first) return undefined;
  const isSame = others.length === subjects.length && others.every(({ what }) => what === first.what);
  if (isSame)
    return {
      label: first.what,
      sentence: l10n.t('This value has no effect: a higher layer says {0}.', first.what),
    };
  if (others.length > mostStacks) {
    const label = l10n.t('overridden in {0} stacks', others.length);
    const names = listOf(others.map(({ stack }) => stack));
    return { label, sentence: l10n.t('This value has no effect in {0}.', names) };
  }
  return {
    // The files are too long to be shown in the text.
    label: others.map(({ stack, value }) => `${stack}: ${value}`).join(', '),
    sentence: l10n.t(
      'This value has no effect everywhere: {0}.',
      listOf(
        others.map(({ stack, what }) =>
          l10n.t({ message: '{0} has {1}', args: [stack, what], comment: ['{0} is a stack, {1} a value'] }),
        ),
      ),
    ),
  };
}

/**
 * What an alias or a merge key brings below a component, said behind it.
 * @param depth How many keys lead to the component.
 * @param paths What decides who holds a token there.
 */
function broughtBelow(
  values: ValuesDocument,
  depth: number,
  paths: readonly (readonly string[])[],
): Remark[] {
  const brought = new Map<number, string[]>();
  for (const path of paths) {
    if (values.ownEntry(path)) continue;
    const found = values.find(path);
    const place = found.state === 'set' && found.shared ? bringing(values, depth, path) : undefined;
    const value = found.state === 'set' && place ? values.plain(found.value) : unknown;
    if (!place || value === unknown) continue;
    const key = path.at(-1) ?? '';
    const at = place.value.range.end;
    brought.set(at, [...(brought.get(at) ?? []), `${key}: ${inShort(key, value)}`]);
  }
  return [...brought].map(([at, all]) => ({
    at,
    label: all.join(', '),
    sentence: l10n.t('This brings {0}.', listOf(all)),
  }));
}

/** The entry with the alias or merge that leads to a path; undefined where it stands above the component. */
function bringing(values: ValuesDocument, depth: number, path: readonly string[]): MapEntry | undefined {
  for (let length = path.length - 1; length >= depth; length--) {
    const entry = values.ownEntry(path.slice(0, length));
    if (!entry) continue;
    const { value } = entry;
    if (value.kind === 'alias') return entry;
    if (value.kind !== 'map') return undefined;
    const next = path[length] ?? '';
    return entriesNamed(value, '<<').findLast(
      (merge) => isMergeKey(merge.key) && hasKey(values.plain(merge.value), next),
    );
  }
  return undefined;
}

function hasKey(value: PlainValue | typeof unknown, key: string): boolean {
  if (value === unknown || value === null || typeof value !== 'object') return false;
  return Array.isArray(value)
    ? value.some((item: PlainValue) => hasKey(item, key))
    : Object.hasOwn(value, key);
}

function isLifetime(key: string, value: PlainValue): value is number {
  return key === lifetimeKey && typeof value === 'number' && Number.isInteger(value) && value > 0;
}

/** The longest text that is shown whole. */
const mostCharacters = 40;

/** A value as short as it can be shown. */
function inShort(key: string, value: PlainValue): string {
  if (isLifetime(key, value)) return `${value} (${shortDuration(value)})`;
  if (value === null || value === '')
    return key === automountKey ? l10n.t('empty, as false') : l10n.t('empty');
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters - 1)}…` : text;
}
