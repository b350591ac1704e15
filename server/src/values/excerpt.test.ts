import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../testing/edits';
import { readValues, unknown, type ValuesDocument } from './document';
import { removeKey, setValues, type TextEdit } from './edit';
import {
  createExcerptMemory,
  documentsOf,
  excerptOf,
  noMemory,
  type Excerpt,
  type ExcerptMemory,
} from './excerpt';

/** The excerpt under keys of a file's document; a number is an item of a list. */
function excerptAt(
  text: string,
  path: readonly (string | number)[],
  { document = 0, memory = noMemory }: { document?: number; memory?: ExcerptMemory } = {},
): Excerpt | undefined {
  const parent = documentsOf(readValues(text), memory)[document];
  return parent && within(parent, path, memory);
}

function within(
  parent: Excerpt,
  [first = '', ...rest]: readonly (string | number)[],
  memory: ExcerptMemory,
): Excerpt | undefined {
  const found = parent.document.find([String(first)]);
  let node = found.state === 'set' ? found.value : undefined;
  for (const key of rest) {
    if (node?.kind === 'list' && typeof key === 'number') node = node.items[key];
    else if (node?.kind === 'map') node = node.entries.findLast((entry) => entry.key.text === key)?.value;
    else node = undefined;
  }
  return node && excerptOf(parent, node, JSON.stringify([first, ...rest]), memory);
}

/** Edits of an excerpt, made in the file. */
function editedFile(text: string, excerpt: Excerpt, edits: readonly TextEdit[]): string | undefined {
  const file = readValues(text);
  const inFile: TextEdit[] = [];
  for (const { range, newText } of edits) {
    const edit = excerpt.editToFile({
      start: excerpt.document.positionAt(range.start),
      end: excerpt.document.positionAt(range.end),
      newText,
    });
    if (!edit) return undefined;
    const { start, end } = edit;
    inFile.push({ range: { start: file.offsetAt(start), end: file.offsetAt(end) }, newText: edit.newText });
  }
  return applyEdits(text, inFile);
}

/** Requires that each offset of the excerpt has its place in the file, with the same character, and back. */
function expectPlaces(text: string, excerpt: Excerpt): void {
  const file = readValues(text);
  const { document } = excerpt;
  for (let offset = 0; offset <= document.length; offset++) {
    const position = document.positionAt(offset);
    // Between a carriage return and its line feed there is no position.
    if (document.offsetAt(position) !== offset) continue;
    const inFile = excerpt.toFile(position);
    const there = file.offsetAt(inFile);
    expect(file.positionAt(there), `offset ${offset} in ${JSON.stringify(text)}`).toEqual(inFile);
    if (offset === document.length && position.character === 0 && offset > 0) continue;
    expect(excerpt.fromFile(inFile)).toEqual(position);
    expect(file.slice(there, there + 1)).toBe(
      offset < document.length ? document.slice(offset, offset + 1) : file.slice(there, there + 1),
    );
  }
}

const table: readonly {
  name: string;
  text: string;
  path: readonly (string | number)[];
  document?: number;
  excerpt: string | undefined;
}[] = [
  {
    name: 'a block map',
    text: 'spec:\n  values:\n    a: 1\n    b:\n      c: 2\n',
    path: ['spec', 'values'],
    excerpt: 'a: 1\nb:\n  c: 2\n',
  },
  {
    name: 'a block map with more below',
    text: 'spec:\n  values:\n    a: 1\n  other: 2\n',
    path: ['spec', 'values'],
    excerpt: 'a: 1\n',
  },
  {
    name: 'a map on the line of a dash',
    text: 'list:\n  - a: 1\n    b: 2\n  - c: 3\n',
    path: ['list', 0],
    excerpt: 'a: 1\nb: 2\n',
  },
  {
    name: 'a map in a list without indentation',
    text: 'list:\n- values:\n    a: 1\n- c: 3\n',
    path: ['list', 0, 'values'],
    excerpt: 'a: 1\n',
  },
  {
    name: 'a flow map',
    text: 'x: {values: {a: 1, b: [2]}, c: 3}\n',
    path: ['x', 'values'],
    excerpt: '{a: 1, b: [2]}',
  },
  {
    name: 'a flow map over lines',
    text: 'values: {\n  a: 1,\n    b: 2\n}\nc: 3\n',
    path: ['values'],
    excerpt: '{\n  a: 1,\n    b: 2\n}',
  },
  {
    name: 'a block text',
    text: 'x:\n  values: |\n    a: 1\n    b: 2\n  c: 3\n',
    path: ['x', 'values'],
    excerpt: 'a: 1\nb: 2\n',
  },
  { name: 'a stripped block text', text: 'values: |-\n  a: 1\n', path: ['values'], excerpt: 'a: 1\n' },
  {
    name: 'a block text with its indentation given',
    text: 'values: |2\n    a: 1\n    b: 2\n',
    path: ['values'],
    excerpt: '  a: 1\n  b: 2\n',
  },
  {
    name: 'a nested block text with its indentation given',
    text: 'x:\n  values: |-2\n      a: 1\n    b: 2\n',
    path: ['x', 'values'],
    excerpt: '  a: 1\nb: 2\n',
  },
  { name: 'a folded text', text: 'values: >\n  a: 1\n', path: ['values'], excerpt: undefined },
  { name: 'an empty block text', text: 'values: |\nb: 1\n', path: ['values'], excerpt: undefined },
  { name: 'a text', text: 'values: a\n', path: ['values'], excerpt: undefined },
  {
    name: 'line breaks of Windows',
    text: 'x:\r\n  values:\r\n    a: 1\r\n\r\n    b: 2\r\n  c: 3\r\n',
    path: ['x', 'values'],
    excerpt: 'a: 1\r\n\r\nb: 2\r\n',
  },
  { name: 'no last line break', text: 'values: |\n  a: 1\n  b: 2', path: ['values'], excerpt: 'a: 1\nb: 2' },
  {
    name: 'comments with less indentation',
    text: 'x:\n  values:\n    a: 1\n # low\n    b: 2\n  # end\n  c: 3\n',
    path: ['x', 'values'],
    excerpt: 'a: 1\n# low\nb: 2\n',
  },
  {
    name: 'comments above and blank lines below',
    text: 'x:\n  values:\n    # on a\n    a: 1\n\n\n  c: 3\n',
    path: ['x', 'values'],
    excerpt: '# on a\na: 1\n\n\n',
  },
  {
    name: 'comments above in a block text',
    text: 'x: |\n  # on a\n\n  a: 1\n',
    path: ['x'],
    excerpt: '# on a\n\na: 1\n',
  },
  {
    name: 'a line with a lower number sign ends a block text',
    text: 'x:\n  values: |\n    a: 1\n  # of x\n    b: 2\n',
    path: ['x', 'values'],
    excerpt: 'a: 1\n',
  },
  {
    name: 'the second document',
    text: 'a: 1\n---\nvalues:\n  b: 2\n',
    path: ['values'],
    document: 1,
    excerpt: 'b: 2\n',
  },
  {
    name: 'the last map of a document with another below',
    text: 'values:\n  b: 2\n---\nc: 3\n',
    path: ['values'],
    excerpt: 'b: 2\n',
  },
];

describe('excerptOf', () => {
  it.each(table)('$name', ({ text, path, document = 0, excerpt: expected }) => {
    const excerpt = excerptAt(text, path, { document });
    expect(excerpt?.document.text).toBe(expected);
    if (excerpt) expectPlaces(text, excerpt);
  });

  it('keeps apart what is in it and what is in its indentation', () => {
    const excerpt = excerptAt('x:\n  values:\n    a: 1\n  b: 2\n', ['x', 'values']);
    expect(excerpt?.fromFile({ line: 2, character: 4 })).toEqual({ line: 0, character: 0 });
    for (const outside of [
      { line: 1, character: 4 },
      { line: 2, character: 3 },
      { line: 3, character: 4 },
    ])
      expect(excerpt?.fromFile(outside)).toBeUndefined();
  });

  it.each([
    ['x: |\n  a: 1\n  b: 2\n', { line: 0, character: 0 }, { line: 0, character: 0 }, ' '],
    ['x: |\n  a:\n    c: 1\n  b: 2\n', { line: 0, character: 0 }, { line: 1, character: 0 }, ''],
    ['x: |\n  a: 1\n     \n  b: 2\n', { line: 0, character: 0 }, { line: 1, character: 0 }, ''],
  ])('refuses an edit that changes the depth of all lines of %j', (text, start, end, newText) => {
    expect(excerptAt(text, ['x'])?.editToFile({ start, end, newText })).toBeUndefined();
    const given = text.replace('|', '|2');
    expect(excerptAt(given, ['x'])?.editToFile({ start, end, newText })).toBeDefined();
  });

  it.each([
    // The last line goes with its indentation, and the next line of the file keeps its own.
    ['x:\n  v:\n    a: 1\n    b: 2\n  y: 3\n', 'b: 2\n', '', 'x:\n  v:\n    a: 1\n  y: 3\n'],
    ['x:\n  v:\n    a: 1\n    b: 2\n  y: 3\n', '2\n', '3', 'x:\n  v:\n    a: 1\n    b: 3\n  y: 3\n'],
    ['x:\n  v:\n    a: 1\n  y: 3\n', ' 1', ' 1\nb: 2', 'x:\n  v:\n    a: 1\n    b: 2\n  y: 3\n'],
    ['x:\n- a: 1\n  b: 2\n', 'a: 1\n', '', 'x:\n- b: 2\n'],
    [
      'x:\n  v: |\n    a: 1\n\n    b: 2\n',
      '\nb',
      'c:\n  d: 1\nb',
      'x:\n  v: |\n    a: 1\n    c:\n      d: 1\n    b: 2\n',
    ],
  ])('edits %j', (text, old, newText, expected) => {
    const excerpt = excerptAt(text, text.includes('v:') ? ['x', 'v'] : ['x', 0]);
    const start = excerpt?.document.text.indexOf(old) ?? -1;
    if (!excerpt || start < 0) throw new Error(text);
    expect(editedFile(text, excerpt, [{ range: { start, end: start + old.length }, newText }])).toBe(
      expected,
    );
  });

  it('keeps the line at the end of a file on which a key is being typed', () => {
    const excerpt = excerptAt('x:\n  v:\n    a: 1\n    ', ['x', 'v']);
    expect(excerpt?.fromFile({ line: 3, character: 4 })).toEqual({ line: 1, character: 0 });
    expect(excerpt?.toFile({ line: 1, character: 0 })).toEqual({ line: 3, character: 4 });
  });

  it('keeps lines above the first key that cannot be read', () => {
    expect(excerptAt('x:\n  v:\n    sched\n    a: 1\n', ['x', 'v'])?.document.text).toBe('sched\na: 1\n');
  });

  it('finds an excerpt in an excerpt', () => {
    const text =
      'a: 0\n---\nitems:\n  - values: |\n      inner:\n        values:\n          a: 1\n          b: 2\n';
    const outer = excerptAt(text, ['items', 0, 'values'], { document: 1 });
    const inner = outer && within(outer, ['inner', 'values'], noMemory);
    expect(inner?.document.text).toBe('a: 1\nb: 2\n');
    expect(inner?.toFile({ line: 1, character: 3 })).toEqual({ line: 7, character: 13 });
    if (inner) expectPlaces(text, inner);
  });
});

describe('documentsOf', () => {
  it.each([
    ['a: 1\n', ['a: 1\n']],
    ['a: 1\n---\nb: 2\n', ['a: 1\n', 'b: 2\n']],
    ['---\na: 1\n...\n---\nb: 2', ['a: 1\n', 'b: 2']],
    ['# only this\n---\n\n---\nb: 2\n', ['b: 2\n']],
    ['---\r\na: 1\r\n---\r\nb: 2\r\n', ['a: 1\r\n', 'b: 2\r\n']],
    ['--- # first\na: 1\n', ['a: 1\n']],
    ['\uFEFFa: 1\n---\nb: 2\n', ['\uFEFFa: 1\n', 'b: 2\n']],
    ['a: 1\n---\n  b: 2\n', ['a: 1\n', '  b: 2\n']],
    ['', []],
  ])('cuts %j', (text, expected) => {
    const documents = documentsOf(readValues(text), noMemory);
    expect(documents.map(({ document }) => document.text)).toEqual(expected);
    for (const excerpt of documents) expectPlaces(text, excerpt);
  });
});

/** A file with an excerpt in it, and in that perhaps another. */
interface Host {
  readonly text: string;
  readonly document: number;
  /** The ways from one excerpt to the next. */
  readonly paths: readonly (readonly (string | number)[])[];
}

const keys = [
  'scheduler:\n  serviceAccount:\n    create: true\n',
  'executor: CeleryExecutor\n',
  'env:\n- name: A\n  value: b\n',
  'triggerer:\n  # inner\n  enabled: true\n\n  replicas: 2\n',
  'config:\n    core:\n        x: 1\n',
  'webserver: # beside\n  serviceAccount:\n    name: web\n',
];
const pieces = [
  ...keys,
  'workers: {replicas: 2}\n',
  'extra: |\n  a\n\n    b\n',
  '# a comment\n',
  '\n',
  "quoted: 'it is # no comment'\n",
];

const bodies = fc
  .tuple(
    fc.constantFrom('', '# above\n', '# above\n\n'),
    fc.constantFrom(...keys),
    fc.array(fc.constantFrom(...pieces), { maxLength: 5 }),
  )
  .map(([above, first, rest]) => `${above}${first}${rest.join('')}`);

/** Puts lines under a key, in one of the ways in which files carry values. */
const wrappings = fc.record({
  outer: fc.constantFrom('map', 'list', 'flat list', 'dash'),
  style: fc.constantFrom('map', 'map', '|', '|-', '|+', '|2', '|2-'),
  step: fc.constantFrom(1, 2, 4),
  blank: fc.constantFrom('', '  ', '            '),
  low: fc.boolean(),
  below: fc.constantFrom('', 'other: 1\n', '# about other\nother: 1\n', '\n\nother: 1\n', '\n\n'),
});

type Wrapping = typeof wrappings extends fc.Arbitrary<infer T> ? T : never;

function wrapped(
  body: string,
  { outer, style, step, blank, low, below }: Wrapping,
): { text: string; path: (string | number)[] } {
  const indented = (text: string, by: number): string =>
    text.replace(/^.*$/gm, (line) => (line === '' ? '' : ' '.repeat(by) + line));
  // On the line of a dash there can be nothing but a map that starts with a key.
  if (outer === 'dash' && style === 'map' && !/^[#\n]/.test(body)) {
    const inner = indented(body, 4).slice(4);
    return { text: `list:\n  - ${withBlanks(inner, blank)}  - other: 1\n`, path: ['list', 0] };
  }
  const header = style === 'map' ? '' : ` ${style}`;
  // The header counts from the key, which stands at 0 here.
  const by = header.includes('2') ? 2 : step;
  let inner = withBlanks(indented(body, by), blank);
  if (low && style === 'map') inner = inner.replace(/\n(?= *\w+:)/, '\n# low\n');
  const entry = `values:${header}\n${inner}${below}`;
  if (outer === 'map')
    return { text: `spec:\n  before: 1\n${indented(entry, 2)}after: 1\n`, path: ['spec', 'values'] };
  const dash = outer === 'flat list' ? 0 : 2;
  const item = indented(`name: x\n${entry}`, dash + 2).slice(dash + 2);
  return {
    text: `items:\n${' '.repeat(dash)}- ${item}${' '.repeat(dash)}- name: y\n`,
    path: ['items', 0, 'values'],
  };
}

function withBlanks(text: string, blank: string): string {
  return text.replace(/^$(?=\n)/gm, blank);
}

const hosts: fc.Arbitrary<Host> = fc
  .record({
    body: bodies,
    inner: wrappings,
    outer: fc.option(wrappings),
    before: fc.boolean(),
    after: fc.boolean(),
    crlf: fc.boolean(),
    ended: fc.boolean(),
  })
  .map(({ body, inner, outer, before, after, crlf, ended }) => {
    let { text, path } = wrapped(body, inner);
    const paths: (string | number)[][] = [path];
    if (outer) {
      ({ text, path } = wrapped(text, outer));
      paths.unshift(path);
    }
    if (before) text = `first: 1\n---\n${text}`;
    if (after) text += '---\nlast: 1\n';
    if (!ended) text = text.trimEnd();
    return { text: crlf ? text.replaceAll('\n', '\r\n') : text, document: before ? 1 : 0, paths };
  });

function excerptIn({ text, document, paths }: Host, memory: ExcerptMemory = noMemory): Excerpt | undefined {
  let excerpt = documentsOf(readValues(text), memory)[document];
  for (const path of paths) excerpt = excerpt && within(excerpt, path, memory);
  return excerpt;
}

/** Blank lines at both ends are nobody's, and what stands on a blank line does not count. */
function essence(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => (line.trim() === '' ? '' : line))
    .join('\n')
    .replace(/^\n+|\n+$/g, '');
}

/** A comment that comes to stand beside a dash is none of the first key's, and at both ends a less deep one is nobody's. */
function essenceWithoutComments(text: string): string {
  return essence(text.replace(/^ *#.*\n?/gm, ''));
}

/** Whether a text still begins with a key at its left, without which the file has no excerpt any more. */
function beginsWithKey(text: string): boolean {
  return /^(?:[ \t]*\r?\n|#.*\n)*\w+:(?=[ \r\n]|$)/.test(text);
}

/** Requires that an edit of the excerpt is the same in the file, and leaves the rest of the file alone. */
function expectSameEdit(
  host: Host,
  excerpt: Excerpt,
  edits: readonly TextEdit[],
  memory: ExcerptMemory,
  mayBeUnread = false,
): void {
  const { document } = excerpt;
  const after = editedFile(host.text, excerpt, edits);
  expect(after).toBeDefined();
  if (after === undefined) return;
  const file = readValues(host.text);
  const from = file.lineStartAt(file.offsetAt(excerpt.toFile({ line: 0, character: 0 })));
  const to = file.offsetAt(excerpt.toFile(document.positionAt(document.length)));
  expect(after.startsWith(host.text.slice(0, from))).toBe(true);
  expect(after.endsWith(host.text.slice(to))).toBe(true);
  const expected = applyEdits(document.text, edits);
  if (!beginsWithKey(expected)) return;
  const changed = { ...host, text: after };
  const again = excerptIn(changed, memory);
  // Half-typed text can leave open where the values are.
  if (mayBeUnread && (!again || !isReadable(expected))) return;
  const beside =
    host.text.slice(from, file.offsetAt(excerpt.toFile({ line: 0, character: 0 }))).trim() !== '';
  const compared = beside || document.text.includes('# low') ? essenceWithoutComments : essence;
  expect(compared(again?.document.text ?? ''), after).toBe(compared(expected));
  if (!again) return;
  expectPlaces(after, again);
  const fresh = excerptIn(changed);
  expect(again.document.text).toBe(fresh?.document.text);
  expect(plainOf(again.document)).toEqual(plainOf(readValues(again.document.text)));
}

function plainOf(document: ValuesDocument): unknown[] {
  return document.topLevelKeys.map((key) => {
    const found = document.find([key]);
    return found.state === 'set' ? [key, document.plain(found.value)] : [key, found.state];
  });
}

/** What the excerpt of a host was and a memory that has read it. */
function remembered(host: Host): { excerpt: Excerpt; memory: ExcerptMemory } | undefined {
  const memory = createExcerptMemory();
  memory.begin();
  const excerpt = excerptIn(host, memory);
  memory.begin();
  return excerpt && { excerpt, memory };
}

describe('an excerpt of any file', () => {
  it('has each of its characters at one place of the file', () => {
    fc.assert(
      fc.property(hosts, (host) => {
        const excerpt = excerptIn(host);
        expect(excerpt, host.text).toBeDefined();
        if (excerpt) expectPlaces(host.text, excerpt);
      }),
      { numRuns: 150 },
    );
  });

  it('takes edits of whole lines and of line ends', () => {
    const places = fc.tuple(
      fc.nat(),
      fc.nat(4),
      fc.boolean(),
      fc.array(fc.constantFrom(...pieces), { maxLength: 3 }),
    );
    fc.assert(
      fc.property(hosts, places, (host, [at, count, atLineEnd, texts]) => {
        const known = remembered(host);
        if (!known) throw new Error(host.text);
        const { document } = known.excerpt;
        const starts = [0, ...[...document.text.matchAll(/\n/g)].map(({ index }) => index + 1)];
        const first = at % starts.length;
        let start = starts[first] ?? 0;
        let end = starts[first + count] ?? document.length;
        let newText = texts.join('');
        if (host.text.includes('\r\n')) newText = newText.replaceAll('\n', '\r\n');
        if (atLineEnd) {
          start = end = document.lineEndAt(start);
          const lineBreak = newText.endsWith('\r\n') ? '\r\n' : '\n';
          newText = newText === '' ? '' : lineBreak + newText.slice(0, -lineBreak.length);
        }
        const edits = [{ range: { start, end }, newText }];
        if (isRefused(applyEdits(document.text, edits))) return;
        expectSameEdit(host, known.excerpt, edits, known.memory, true);
      }),
      { numRuns: 250 },
    );
  });

  it('takes edits of any range', () => {
    const texts = fc.constantFrom('', 'x', 'a: 1\n', '\nb: 2', ' 7\nc:\n  d: 1\n\n', '\n', '  ', 'e:\n- f');
    fc.assert(
      fc.property(hosts, fc.nat(), fc.nat(30), texts, (host, at, length, newText) => {
        const known = remembered(host);
        if (!known) throw new Error(host.text);
        const { document } = known.excerpt;
        const start = at % (document.length + 1);
        const end = Math.min(document.length, start + length);
        const expected = applyEdits(document.text, [{ range: { start, end }, newText }]);
        // Half a bracket or quote, or half a line break, is read otherwise in the file around it.
        fc.pre(!/[{}|'\r]|^(?:---|\.\.\.)/m.test(expected) && !isRefused(expected));
        expectSameEdit(host, known.excerpt, [{ range: { start, end }, newText }], known.memory, true);
      }),
      { numRuns: 250 },
    );
  });

  it('takes the edits that fixes make', () => {
    fc.assert(
      fc.property(hosts, (host) => {
        const known = remembered(host);
        if (!known) throw new Error(host.text);
        const { document } = known.excerpt;
        const all = [
          setValues(document, {
            scheduler: { serviceAccount: { create: false, automountServiceAccountToken: false } },
          }),
          setValues(document, {
            triggerer: { serviceAccountTokenVolume: { enabled: true } },
            dagProcessor: { enabled: true },
          }),
          setValues(document, { workers: { replicas: 1 }, executor: 'LocalExecutor' }),
          ...document.topLevelKeys.map((key) => removeKey(document, [key])),
        ];
        for (const edits of all)
          if (edits && !isRefused(applyEdits(document.text, edits)))
            expectSameEdit(host, known.excerpt, edits, known.memory);
      }),
      { numRuns: 80 },
    );
  });
});

/** Whether the first line would be deeper than others after an edit, or a blank line above it. */
function isRefused(after: string): boolean {
  return /^\s*[ \t]/.test(after);
}

/** Whether nothing in a text is half typed. */
function isReadable(text: string): boolean {
  const document = readValues(text);
  return (
    document.root.unread.length === 0 &&
    document.topLevelKeys.every((key) => {
      const found = document.find([key]);
      return found.state === 'set' && document.plain(found.value) !== unknown;
    })
  );
}
