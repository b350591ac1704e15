import { readdirSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { unknown, type ValuesDocument } from '../values/document';
import type { MapEntry, ValueNode } from '../values/tree';
import {
  changeDocument,
  defaultSettings,
  openDocument,
  type ContentChange,
  type OpenDocument,
} from '../languageService';
import { changeBetween as textChangeBetween } from '../values/excerpt';
import { service } from './documents';

/** Where somebody types: anywhere, or at the places of a line that matter most to YAML. */
type Where = 'anywhere' | 'line start' | 'first word' | 'value' | 'line end';

/** What somebody does to a text; places are shares of its length, so that a sequence can be made shorter. */
type Action =
  | { readonly kind: 'type'; readonly at: number; readonly where: Where; readonly text: string }
  | { readonly kind: 'paste'; readonly at: number; readonly text: string }
  | { readonly kind: 'delete'; readonly at: number; readonly length: number }
  | {
      readonly kind: 'split' | 'join' | 'comment' | 'deeper' | 'shallower' | 'crlf' | 'copy' | 'move';
      readonly at: number;
    }
  /** What was done last is taken back. */
  | { readonly kind: 'undo'; readonly at: number };

const pieces = [
  'scheduler:\n  serviceAccount:\n    automountServiceAccountToken: false\n',
  '    serviceAccountTokenVolume:\n      enabled: true\n      expirationSeconds: 3600\n',
  'executor: CeleryExecutor,KubernetesExecutor\n',
  'cleanup:\n  enabled: true\n',
  'workers: &w\n  serviceAccount: {create: false, name: "x"}\n',
  'triggerer:\n  <<: *w\n',
  'airflowPodAnnotations: {a: [1, 2], "b":\n  3}\n',
  'config:\n  core:\n    text: |\n      a: b\n\n      # no comment\n',
  "env:\n- name: A\n  value: \"x\n    y\"\n- {name: B, value: 'it''s'}\n",
  '# airflow-token-volume: ignore api-access-lost, automounted-token -- because\n',
  '\n\n',
  '---\n',
  '...\n',
  '%YAML 1.2\n',
  '\t- x\n',
  '{a: 1}\n',
  'a: >-\n  folded\n\n  text\nb: plain\n  goes on\n',
];
const characters = [
  ...[
    'a',
    'e',
    ' ',
    '  ',
    ':',
    ': ',
    '-',
    '- ',
    '#',
    ' # ',
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    ',',
    '|',
    '>',
    '&a',
    '*a',
    '<<: ',
  ],
  ...[
    '\n',
    '\r\n',
    '\r',
    '\t',
    '?',
    '!',
    '%',
    '\\',
    '~',
    'true',
    '0',
    '\u{1F680}',
    '\uD83D',
    '\uDE80',
    'é',
    '\uFEFF',
    '{{ x }}',
    '.',
    '---',
  ],
];

const place = fc.double({ min: 0, max: 1, noNaN: true });
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('type'),
      at: place,
      where: fc.constantFrom('anywhere', 'line start', 'first word', 'value', 'line end'),
      text: fc.constantFrom(...characters),
    }),
  },
  {
    // What changes how the lines below are read, and what ends that.
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('type'),
      at: place,
      where: fc.constantFrom('first word', 'value', 'line end'),
      text: fc.constantFrom('"', "'", '[', ']', '{', '}', '|', '>', '#', ' "', " '", ']\n', '"\n', '  '),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('paste'), at: place, text: fc.constantFrom(...pieces) }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('delete'), at: place, length: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete'), at: place, length: fc.nat(400) }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('undo'), at: place }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('split', 'join', 'comment', 'deeper', 'shallower', 'crlf', 'copy', 'move'),
      at: place,
    }),
  },
);

/** The one change that turns a text into another. */
function changeBetween(text: string, other: string): ContentChange {
  const { range: offsets, newText } = textChangeBetween(text, other);
  const { start, end } = offsets;
  const document = TextDocument.create('', '', 0, text);
  const range = { start: document.positionAt(start), end: document.positionAt(end) };
  // Not every place between two characters has a position.
  if (document.offsetAt(range.start) !== start || document.offsetAt(range.end) !== end)
    return { text: other };
  return { range, text: newText };
}

/** How far a place of a line is from a column of it. */
function shiftTo(where: Where, line: string, column: number): number {
  switch (where) {
    case 'anywhere':
      return 0;
    case 'line start':
      return -column;
    case 'first word':
      return line.search(/[^ ]|$/) - column;
    case 'value':
      return (/:\s*/.exec(line)?.[0].length ?? 0) + Math.max(0, line.search(/:/)) - column;
    case 'line end':
      return line.trimEnd().length - column;
  }
}

/** Turns an action into the changes that a client would report. */
function changesOf(action: Action, text: string, before: string | undefined): ContentChange[] {
  const document = TextDocument.create('', '', 0, text);
  const offset = Math.floor(action.at * text.length);
  const change = (start: number, end: number, newText: string): ContentChange => ({
    range: { start: document.positionAt(start), end: document.positionAt(end) },
    text: newText,
  });
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const lineBreak = text.indexOf('\n', offset);
  const next = lineBreak < 0 ? text.length : lineBreak + 1;
  switch (action.kind) {
    case 'type': {
      const start = offset + shiftTo(action.where, text.slice(lineStart, next), offset - lineStart);
      return [change(start, start, action.text)];
    }
    case 'paste':
      return [change(lineStart, lineStart, action.text)];
    case 'delete':
      return [change(offset, Math.min(text.length, offset + action.length), '')];
    case 'split':
      return [change(offset, offset, '\n  ')];
    case 'join':
      return [change(Math.max(0, next - 1), next, '')];
    case 'comment':
      return [change(lineStart, lineStart, '# ')];
    case 'deeper':
      return [change(lineStart, lineStart, '  ')];
    case 'shallower':
      return [change(lineStart, lineStart + (/^ {1,2}/.exec(text.slice(lineStart))?.[0].length ?? 0), '')];
    case 'crlf':
      return [change(Math.max(lineStart, next - 1), next, '\r\n')];
    case 'copy':
      return [change(next, next, text.slice(lineStart, next))];
    case 'move': {
      // Two changes in one message, the second one in the result of the first.
      const line = text.slice(lineStart, next);
      const without = TextDocument.create('', '', 0, text.slice(0, lineStart) + text.slice(next));
      const target = without.positionAt(Math.floor(lineStart / 2));
      return [change(lineStart, next, ''), { range: { start: target, end: target }, text: line }];
    }
    case 'undo':
      return before === undefined ? [{ text }] : [changeBetween(text, before)];
  }
}

const folders = ['../../../examples/', '../../../test/fixtures/golden/'];
const sources = [
  '',
  pieces.join(''),
  ...folders.flatMap((folder) => {
    const url = new URL(folder, import.meta.url);
    return readdirSync(url, { encoding: 'utf8', recursive: true })
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => readFileSync(new URL(name, url), 'utf8'));
  }),
];

/** Files in which one character changes how far the entries go. */
const fragile = [
  'a: [x,\nb: 1,\nexecutor: y\n]\nscheduler: {}\n',
  'a: {\nb: 1,\n"c": [\n],\n}\nexecutor: CeleryExecutor\n---\nscheduler: {}\n',
  'a: "x\n  y\n\n z"\n"b": \'x\n\n  y\'\nexecutor: KubernetesExecutor\n',
  'a: [\nb: 1\nc:\n- 1\n]\nscheduler: {serviceAccount: [x]}\n',
  '"a": "\n\n"\n\'b\': [\nb: "]"\n]: 2\nexecutor: CeleryExecutor\n',
  `a: |\n${'  k: v\n'.repeat(700)}  x: [\nexecutor: A\nb: 1\n]\nc: 2\n`,
  `a: plain\n${'  goes on: {\n'.repeat(400)}b: [\n${'  x,\n'.repeat(900)}  ]\nexecutor: A\n`,
];

/** A file as long as the chart's own, with every kind of entry many times. */
function longSource(): string {
  const blocks = Array.from({ length: 260 }, (_, index) =>
    (pieces[index % 11] ?? '').replace(/^(\w+):/gm, (key) => (index < 11 ? key : `x${index}${key}`)),
  );
  return blocks.join('');
}

/**
 * Applies random sequences of edits to values files and requires after every step that the document which took in
 * the edits is the same, in everything that can be asked of it, as one that is read afresh.
 * @param steps How many edits are made in all, at least.
 * @param seed Where the random sequences begin.
 */
export function checkEditSequences(steps: number, seed?: number): void {
  const usual = fc.oneof(
    { weight: 40, arbitrary: fc.constantFrom(...sources) },
    { weight: 1, arbitrary: fc.constant(longSource()) },
  );
  checkSequences(usual, 40, steps / 2, seed);
  // After a few edits nothing is left of what is fragile about them.
  checkSequences(fc.constantFrom(...fragile), 6, steps / 2, seed);
}

function checkSequences(
  source: fc.Arbitrary<string>,
  length: number,
  steps: number,
  seed: number | undefined,
): void {
  const sequence = fc.array(action, { minLength: length, maxLength: length });
  fc.assert(
    fc.property(source, sequence, (text, actions) => {
      let expected = TextDocument.create('file:///repo/values.yaml', 'yaml', 1, text);
      let actual = openDocument(expected.uri, 1, text);
      const history: string[] = [];
      for (const action of actions) {
        const now = expected.getText();
        const changes = changesOf(action, now, action.kind === 'undo' ? history.pop() : undefined);
        if (action.kind !== 'undo') history.push(now);
        const version = expected.version + 1;
        expected = TextDocument.update(expected, changes, version);
        const before = actual.values;
        actual = changeDocument(actual, changes, version);
        expectSame(actual, expected, action.at);
        expectUntouched(before, actual.values);
      }
    }),
    { numRuns: Math.ceil(steps / length), ...(seed === undefined ? {} : { seed }) },
  );
}

function expectSame(actual: OpenDocument, text: TextDocument, at: number): void {
  const source = text.getText();
  const fresh = openDocument(actual.uri, actual.version, source);
  expect(actual.values.length).toBe(source.length);
  expect(actual.values.text).toBe(source);
  const offset = Math.floor(at * source.length);
  const position = text.positionAt(offset);
  expect(actual.values.positionAt(offset)).toEqual(position);
  expect(actual.values.offsetAt(position)).toBe(text.offsetAt(position));
  expect(actual.values.slice(offset, offset + 50)).toBe(source.slice(offset, offset + 50));
  same(linesAround(actual.values, offset), linesAround(fresh.values, offset));
  expect(actual.values.slice(actual.values.lineStartAt(offset), offset)).not.toContain('\n');
  expect(actual.values.lineBelow(offset)).toBe(
    source.includes('\n', offset) ? source.indexOf('\n', offset) + 1 : undefined,
  );
  same(factsOf(actual.values), factsOf(fresh.values));
  expect(actual.values.hasTreeOf(fresh.values)).toBe(fresh.values.hasTreeOf(actual.values));
  const [one, other] = [actual, fresh].map((document) => service.look(document, defaultSettings));
  if (!one || !other) return;
  same(service.diagnostics(one), service.diagnostics(other));
  same(service.hover(one, position), service.hover(other, position));
  const [subject, fresher] = [one, other].map(({ parts }) => parts[0]?.subjects[0]);
  same(subject?.expose(), fresher?.expose());
  same(
    subject?.hosts.map(({ exposure }) => exposure),
    fresher?.hosts.map(({ exposure }) => exposure),
  );
}

/** Fails with a readable difference where two things are not the same, and costs little where they are. */
function same(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toEqual(expected);
}

/** What a version says has not changed since another one has not. */
function expectUntouched(before: ValuesDocument, after: ValuesDocument): void {
  const differing = new Set(before.differingKeys(after));
  for (const key of new Set([...before.topLevelKeys, ...after.topLevelKeys])) {
    if (differing.has(key)) continue;
    const [one, other] = [before, after].map((values) => {
      const found = values.find([key]);
      return [
        values.sliceText(key),
        found.state,
        found.state === 'set' ? values.plain(found.value) : undefined,
      ];
    });
    same(one, other);
  }
}

function linesAround(values: ValuesDocument, offset: number): unknown {
  return [
    values.lineStartAt(offset),
    values.lineEndAt(offset),
    values.lineBelow(offset),
    pathOf(values, offset),
  ];
}

function pathOf(values: ValuesDocument, offset: number): unknown {
  const at = values.pathAt(offset);
  return at && [at.path, at.on, plainEntry(at.entry)];
}

/** Everything that a document says of itself. */
function factsOf(values: ValuesDocument): unknown {
  return {
    range: values.documentRange,
    root: values.root,
    keys: values.topLevelKeys,
    first: values.firstKey,
    directives: values.directives(),
    entries: values.topLevelKeys.map((key) => {
      const found = values.find([key]);
      const plain = found.state === 'set' ? values.plain(found.value) : undefined;
      return [
        values.hasKey(key),
        values.isOneLine(key),
        values.sliceText(key),
        values.entries(key).map(plainEntry),
        found.state === 'set' ? [plainEntry(found.entry), plainNode(found.value), found.shared] : found,
        plain === unknown ? 'unknown' : plain,
      ];
    }),
  };
}

/** A tree as data, whatever it is made of. */
function plainNode(node: ValueNode): unknown {
  const { kind, range, anchor } = node;
  const own = { kind, range, anchor };
  if (node.kind === 'list') return { ...own, flow: node.flow, items: node.items.map(plainNode) };
  if (node.kind !== 'map') return { ...node };
  const { flow, column, unread, entries } = node;
  return { ...own, flow, column, unread, entries: entries.map(plainEntry) };
}

function plainEntry({ key, colon, value }: MapEntry): unknown {
  return { key: plainNode(key), colon, value: plainNode(value) };
}
