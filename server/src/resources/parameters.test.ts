import { describe, expect, it } from 'vitest';
import { applyEdits } from '../testing/edits';
import { readValues } from '../values/document';
import { documentsOf, noMemory, type Excerpt } from '../values/excerpt';
import type { TextRange, ValueNode } from '../values/tree';
import type { Parameter } from './deployment';
import { parametersExcerpt } from './parameters';

interface Read {
  /** The whole file. */
  readonly text: string;
  readonly parameters: readonly Parameter[];
  readonly excerpt: Excerpt | undefined;
}

/** Parameters as they stand under `parameters:`, below another document. */
function read(lines: readonly string[]): Read {
  const indented = lines.map((line) => `    ${line}`).join('\n');
  const text = `other: document\n---\nspec:\n  parameters:\n${indented}\n`;
  const parent = documentsOf(readValues(text), noMemory)[1];
  const found = parent?.document.find(['spec', 'parameters']);
  if (!parent || found?.state !== 'set' || found.value.kind !== 'list') throw new Error('No list.');
  const parameters = found.value.items.map((item): Parameter => {
    const scalarAt = (key: string): ValueNode & { kind: 'scalar' } => {
      const node =
        item.kind === 'map' ? item.entries.find((entry) => entry.key.text === key)?.value : undefined;
      if (node?.kind !== 'scalar') throw new Error(`No scalar at ${key}.`);
      return node;
    };
    const [name, value] = [scalarAt('name'), scalarAt('value')];
    return {
      name: name.text,
      value: value.text,
      isText: item.kind === 'map' && item.entries.some((entry) => entry.key.text === 'forceString'),
      namePlace: { excerpt: parent, range: name.range },
      valuePlace: { excerpt: parent, range: value.range },
    };
  });
  return { text, parameters, excerpt: parametersExcerpt(parameters) };
}

/** One parameter as a line of YAML. */
function line(name: string, value: string, isText = false): string {
  const [quotedName, quotedValue] = [JSON.stringify(name), JSON.stringify(value)];
  return `- { name: ${quotedName}, value: ${quotedValue}${isText ? ', forceString: true' : ''} }`;
}

describe('the text of parameters', () => {
  it.each([
    ['true', 'true'],
    ['True', 'true'],
    ['FALSE', 'false'],
    ['null', 'null'],
    ['0', '0'],
    ['3600', '3600'],
    ['-5', '-5'],
    ['007', '"007"'],
    ['1.5', '"1.5"'],
    ['yes', '"yes"'],
    ['99999999999999999999', '"99999999999999999999"'],
    ['', '""'],
    ['a: "b" # c', '"a: \\"b\\" # c"'],
    ['CeleryExecutor,KubernetesExecutor', '"CeleryExecutor,KubernetesExecutor"'],
    ['a\\,b\\\\c', '"a,b\\\\c"'],
    ['{a,true, b,7,c\\,d}', '["a",true," b",7,"c,d"]'],
    ['\\{a}', '"{a}"'],
    ['{a},{b}', '"{{ }}"'],
    ['{a', '"{{ }}"'],
    ['{{ .Values.x }}', '"{{ }}"'],
  ])('has the value %j as %s', (value, expected) => {
    expect(read([line('key', value)]).excerpt?.document.text).toBe(`key: ${expected}\n`);
  });

  it.each([
    ['true', '"true"'],
    ['7', '"7"'],
    ['null', '"null"'],
    ['{1,true}', '["1","true"]'],
  ])('has the value %j as %s where it is to be a text', (value, expected) => {
    expect(read([line('key', value, true)]).excerpt?.document.text).toBe(`key: ${expected}\n`);
  });

  it.each<[name: string, expected: string]>([
    ['a.b.c', 'a:\n  b:\n    c: 1\n'],
    ['a.eks\\.io/role\\.arn', 'a:\n  "eks.io/role.arn": 1\n'],
    ['on.y', '"on":\n  "y": 1\n'],
    ['__proto__.x', '__proto__:\n  x: 1\n'],
    ['a.list[0].name', 'a:\n  list: "{{ }}"\n'],
    ['list[0]', 'list: "{{ }}"\n'],
    ['a.{{ .env }}.b', 'a: "{{ }}"\n'],
    ['a.b{{x}}', 'a: "{{ }}"\n'],
    ['a.', 'a: "{{ }}"\n'],
    ['a..b', 'a: "{{ }}"\n'],
    ['a.b=c', 'a: "{{ }}"\n'],
  ])('has the name %j as keys', (name, expected) => {
    expect(read([line(name, '1')]).excerpt?.document.text).toBe(expected);
  });

  it.each(['{{ .key }}', '{{x}}.y', '[0]', '.a', '=a'])('is open where the name is %j', (name) => {
    expect(read([line(name, '1'), line('b', '2')]).excerpt).toBeUndefined();
  });

  it('is empty without parameters', () => {
    const excerpt = parametersExcerpt([]);
    expect(excerpt?.document.text).toBe('');
    expect(excerpt?.toFile({ line: 0, character: 0 })).toEqual({ line: 0, character: 0 });
    expect(excerpt?.fromFile({ line: 0, character: 0 })).toBeUndefined();
  });

  it.each<[string, readonly (readonly [string, string])[], string]>([
    [
      'keys of one map together',
      [
        ['a.b', '1'],
        ['c', '2'],
        ['a.d', '3'],
      ],
      'a:\n  b: 1\n  d: 3\nc: 2\n',
    ],
    [
      'the later of two values',
      [
        ['a', '1'],
        ['a', '2'],
      ],
      'a: 2\n',
    ],
    [
      'the value that replaces a map',
      [
        ['a.b', '1'],
        ['a', 'null'],
      ],
      'a: null\n',
    ],
    [
      'as open what is set below a value, which Helm refuses',
      [
        ['a.b', '1'],
        ['a.b.c', '2'],
      ],
      'a:\n  b: "{{ }}"\n',
    ],
    [
      'as open what is set below something open',
      [
        ['a[0]', '1'],
        ['a.b', '2'],
      ],
      'a: "{{ }}"\n',
    ],
  ])('has %s', (_, pairs, expected) => {
    const { excerpt } = read(pairs.map(([name, value]) => line(name, value)));
    expect(excerpt?.document.text).toBe(expected);
  });
});

const account = [
  '- name: scheduler.serviceAccount.create',
  '  value: "false"',
  '- name: executor',
  "  value: 'CeleryExecutor'",
  '- name: scheduler.serviceAccount.name',
  '  value: sched',
  '  forceString: true',
];

describe('places of parameters', () => {
  const { text, excerpt } = read(account);
  const file = readValues(text);

  /** What stands in the file for a range of the excerpt. */
  function inFile({ start, end }: TextRange): string {
    if (!excerpt) return '';
    const { document } = excerpt;
    const [from, to] = [start, end].map((offset) =>
      file.offsetAt(excerpt.toFile(document.positionAt(offset))),
    );
    return text.slice(from, to);
  }

  it.each([
    [['scheduler'], 'scheduler.serviceAccount.create', undefined],
    [['scheduler', 'serviceAccount'], 'scheduler.serviceAccount.create', undefined],
    [['scheduler', 'serviceAccount', 'create'], 'scheduler.serviceAccount.create', '"false"'],
    [['scheduler', 'serviceAccount', 'name'], 'scheduler.serviceAccount.name', 'sched'],
    [['executor'], 'executor', "'CeleryExecutor'"],
  ])('of %j are those of name and value', (path, name, value) => {
    const entry = excerpt?.document.ownEntry(path);
    expect(entry && inFile(entry.key.range)).toBe(name);
    if (value !== undefined) expect(entry && inFile(entry.value.range)).toBe(value);
  });

  it.each([
    ['scheduler.service<|>Account.create', 'create', 'key'],
    ['<|>executor', 'executor', 'key'],
    ['"fa<|>lse"', 'create', 'value'],
    ["'CeleryExecutor'<|>", 'executor', 'value'],
    ['sch<|>ed\n', 'name', 'value'],
  ])('are found from the file at %j', (marked, key, on) => {
    const offset = text.indexOf(marked.replace('<|>', '')) + marked.indexOf('<|>');
    const position = excerpt?.fromFile(file.positionAt(offset));
    const at = position && excerpt?.document.pathAt(excerpt.document.offsetAt(position));
    expect([at?.entry.key.text, at?.on]).toEqual([key, on]);
  });

  it.each(['other', 'spec:', 'value: "f', 'forceString'])('are not at %j', (word) => {
    expect(excerpt?.fromFile(file.positionAt(text.indexOf(word)))).toBeUndefined();
  });

  it('are somewhere in the file for every offset', () => {
    const length = excerpt?.document.length ?? 0;
    for (let offset = 0; offset <= length; offset++) {
      const position = excerpt?.toFile(excerpt.document.positionAt(offset));
      expect(position?.line).toBeGreaterThan(3);
    }
    const last = excerpt?.toFile(excerpt.document.positionAt(length));
    expect(last && text.slice(0, file.offsetAt(last))).toMatch(/value: 'CeleryExecutor'$/);
  });
});

describe('edits of parameters', () => {
  /** The file after a value of the excerpt is replaced; undefined where that is refused. */
  function edited({ text, excerpt }: Read, path: readonly string[], newText: string): string | undefined {
    const range = excerpt?.document.ownEntry(path)?.value.range;
    if (!excerpt || !range) throw new Error('Nothing to edit.');
    return editedRange({ text, excerpt }, range, newText);
  }

  function editedRange(
    { text, excerpt }: Pick<Read, 'text' | 'excerpt'>,
    { start, end }: TextRange,
    newText: string,
  ): string | undefined {
    const document = excerpt?.document;
    const edit =
      document &&
      excerpt.editToFile({ start: document.positionAt(start), end: document.positionAt(end), newText });
    if (!edit) return undefined;
    const file = readValues(text);
    const range = { start: file.offsetAt(edit.start), end: file.offsetAt(edit.end) };
    return applyEdits(text, [{ range, newText: edit.newText }]);
  }

  it.each([
    ['value: "false"', 'true', 'value: "true"'],
    ["value: 'false'", 'true', "value: 'true'"],
    ["value: 'a'", '"it\'s"', "value: 'it''s'"],
    ['value: false', 'true', 'value: "true"'],
    ['value: some', 'other', 'value: other'],
    ['value: some', '3600', 'value: "3600"'],
    ['value: some', 'null', 'value: "null"'],
    ['value: "1"', '"a\\\\b,c"', 'value: "a\\\\\\\\b,c"'],
    ['value: "1"', '"{a}"', 'value: "\\\\{a}"'],
    ['value: "1" # why', '2', 'value: "2" # why'],
  ])('make %s with %s into %s', (before, newText, after) => {
    const file = read(['- name: a.b', `  ${before}`]);
    expect(edited(file, ['a', 'b'], newText)).toBe(file.text.replace(before, after));
  });

  it('may replace a part of a value', () => {
    const file = read(account);
    const at = file.excerpt?.document.text.indexOf('Celery') ?? 0;
    const after = editedRange(file, { start: at, end: at + 'Celery'.length }, 'Kubernetes');
    expect(after).toBe(file.text.replace('CeleryExecutor', 'KubernetesExecutor'));
  });

  it.each([
    ['a list', 'value: "1"', '[a]'],
    ['a map', 'value: "1"', '{ a: b }'],
    ['lines', 'value: "1"', '\n    c: 1'],
    ['nothing', 'value: "1"', '""x'],
    ['a number that Helm takes for a text', 'value: "1"', '1.5'],
    ['a text that Helm takes for something else', 'value: "1"', '"true"'],
    ['a comment', 'value: "1"', '1 # why'],
    ['a value of several lines', 'value: |\n        a', 'b'],
    ['a value that is used elsewhere', 'value: &anchor "1"', '2'],
    ['a template', 'value: "{{ x }}"', '2'],
  ])('refuse %s', (_, before, newText) => {
    const file = read(['- name: a.b', `  ${before}`]);
    expect(edited(file, ['a', 'b'], newText)).toBeUndefined();
  });

  it('refuse a switch where a text is wanted', () => {
    const file = read(account);
    expect(edited(file, ['scheduler', 'serviceAccount', 'name'], 'true')).toBeUndefined();
    expect(edited(file, ['scheduler', 'serviceAccount', 'name'], '"true"')).toBe(
      file.text.replace('value: sched', 'value: "true"'),
    );
  });

  it('refuse anything but values', () => {
    const file = read(account);
    const document = file.excerpt?.document;
    const entry = document?.ownEntry(['executor']);
    if (!document || !entry) throw new Error('No entry.');
    for (const range of [entry.key.range, { start: 0, end: document.length }, { start: 0, end: 0 }]) {
      expect(editedRange(file, range, 'a')).toBeUndefined();
    }
    expect(editedRange(file, { start: document.length, end: document.length }, 'a: 1\n')).toBeUndefined();
  });
});
