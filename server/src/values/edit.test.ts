import { describe, expect, test } from 'vitest';
import { readValues } from './document';
import { applyEdits } from '../testing/edits';
import { moveKey, removeKey, renameKey, setValues, type WantedValues } from './edit';

const manual: WantedValues = {
  scheduler: {
    serviceAccount: { automountServiceAccountToken: false, serviceAccountTokenVolume: { enabled: true } },
  },
};

function set(text: string, wanted: WantedValues = manual): string | undefined {
  const document = readValues(text);
  const edits = setValues(document, wanted);
  if (!edits) return undefined;
  const result = applyEdits(text, edits);
  expect(setValues(readValues(result), wanted), 'a second time changes nothing').toEqual([]);
  return result;
}

function dedent(text: string): string {
  return text.replace(/^\n/, '').replace(/^ {6}/gm, '').replace(/ +$/, '');
}

describe('values are set with the smallest edit', () => {
  const cases: [string, string, string][] = [
    [
      'two values changed',
      `
      scheduler:
        serviceAccount:
          automountServiceAccountToken:   true   # why
          create: true
          serviceAccountTokenVolume:
            # not yet
            enabled: no
      `,
      `
      scheduler:
        serviceAccount:
          automountServiceAccountToken:   false   # why
          create: true
          serviceAccountTokenVolume:
            # not yet
            enabled: true
      `,
    ],
    [
      'one changed, one added after it',
      `
      scheduler:
          serviceAccount:
              # why
              automountServiceAccountToken: true # on
              # next
              create: true

          replicas: 2
      `,
      `
      scheduler:
          serviceAccount:
              # why
              automountServiceAccountToken: false # on
              serviceAccountTokenVolume:
                  enabled: true
              # next
              create: true

          replicas: 2
      `,
    ],
    [
      'all added to what is there',
      `
      scheduler:
        serviceAccount:
          name: a
          # c
        replicas: 2
      `,
      `
      scheduler:
        serviceAccount:
          name: a
          automountServiceAccountToken: false
          serviceAccountTokenVolume:
            enabled: true
          # c
        replicas: 2
      `,
    ],
    [
      'added after a block scalar and a list',
      `
      scheduler:
        command: |
          a
            b

        args:
        - x
        - y: 1
          z: |
            2

      executor: KubernetesExecutor
      `,
      `
      scheduler:
        command: |
          a
            b

        args:
        - x
        - y: 1
          z: |
            2
        serviceAccount:
          automountServiceAccountToken: false
          serviceAccountTokenVolume:
            enabled: true

      executor: KubernetesExecutor
      `,
    ],
    [
      'an empty value filled, its comments kept',
      `
      scheduler: # s
        # inside
      executor: A
      `,
      `
      scheduler: # s
        serviceAccount:
          automountServiceAccountToken: false
          serviceAccountTokenVolume:
            enabled: true
        # inside
      executor: A
      `,
    ],
    [
      'an empty flow map opened',
      `
      scheduler:
        serviceAccount: {} # none
        replicas: 1
      `,
      `
      scheduler:
        serviceAccount: # none
          automountServiceAccountToken: false
          serviceAccountTokenVolume:
            enabled: true
        replicas: 1
      `,
    ],
    [
      'null replaced',
      `
      scheduler:
        serviceAccount:
          automountServiceAccountToken: ~ # c
          serviceAccountTokenVolume: null # d
      `,
      `
      scheduler:
        serviceAccount:
          automountServiceAccountToken: false # c
          serviceAccountTokenVolume: # d
            enabled: true
      `,
    ],
    [
      'an empty value given one',
      `
      scheduler:
        serviceAccount:
          automountServiceAccountToken: # c
          serviceAccountTokenVolume: {enabled: false, mountPath: /x}
      `,
      `
      scheduler:
        serviceAccount:
          automountServiceAccountToken: false # c
          serviceAccountTokenVolume: {enabled: true, mountPath: /x}
      `,
    ],
    [
      'flow maps stay flow maps',
      `
      scheduler: { serviceAccount: { create: true }, replicas: 1 } # c
      `,
      `
      scheduler: { serviceAccount: { create: true, automountServiceAccountToken: false, serviceAccountTokenVolume: {enabled: true} }, replicas: 1 } # c
      `,
    ],
    [
      'quoted keys and flow maps over lines',
      `
      "scheduler": {
        "serviceAccount": {
          "create": true,
        }
      }
      `,
      `
      "scheduler": {
        "serviceAccount": {
          "create": true, "automountServiceAccountToken": false, "serviceAccountTokenVolume": {"enabled": true},
        }
      }
      `,
    ],
    [
      'the component added at the end',
      `
      executor: A
      # end
      `,
      `
      executor: A
      # end
      scheduler:
        serviceAccount:
          automountServiceAccountToken: false
          serviceAccountTokenVolume:
            enabled: true
      `,
    ],
    [
      'the component added before a second document',
      `
      executor: A
      ---
      b: 1
      `,
      `
      executor: A
      scheduler:
        serviceAccount:
          automountServiceAccountToken: false
          serviceAccountTokenVolume:
            enabled: true
      ---
      b: 1
      `,
    ],
    [
      'keys beside a merge override it',
      `
      base: &base
        automountServiceAccountToken: true
      scheduler:
        serviceAccount:
          <<: *base
          create: true
      `,
      `
      base: &base
        automountServiceAccountToken: true
      scheduler:
        serviceAccount:
          <<: *base
          create: true
          automountServiceAccountToken: false
          serviceAccountTokenVolume:
            enabled: true
      `,
    ],
    [
      'the last of repeated keys',
      `
      scheduler:
        serviceAccount:
          automountServiceAccountToken: true
          automountServiceAccountToken: yes
          serviceAccountTokenVolume: {enabled: on}
      `,
      `
      scheduler:
        serviceAccount:
          automountServiceAccountToken: true
          automountServiceAccountToken: false
          serviceAccountTokenVolume: {enabled: on}
      `,
    ],
  ];
  test.each(cases)('%s', (_, before, after) => {
    expect(set(dedent(before))).toBe(dedent(after));
    const crlf = (text: string): string => dedent(text).replaceAll('\n', '\r\n');
    expect(set(crlf(before)), 'with CRLF').toBe(crlf(after));
    const unended = (text: string): string => dedent(text).replace(/\n$/, '');
    expect(set(unended(before)), 'without a final newline').toBe(unended(after));
  });

  test('an empty file', () => {
    expect(set('', { scheduler: { enabled: true } })).toBe('scheduler:\n  enabled: true\n');
    expect(set('# c', { scheduler: { enabled: true } })).toBe('# c\nscheduler:\n  enabled: true');
    expect(set('{}', { scheduler: { enabled: true } })).toBe('{scheduler: {enabled: true}}');
    expect(set('\uFEFFa: 1\n', { b: 2 })).toBe('\uFEFFa: 1\nb: 2\n');
  });

  test('text that YAML would read as something else is quoted', () => {
    expect(set('a: 1\n', { b: 'no', c: 'x y', d: '1', e: '/var/run', f: 'https://a.b' })).toBe(
      'a: 1\nb: "no"\nc: "x y"\nd: "1"\ne: /var/run\nf: https://a.b\n',
    );
  });
});

test('a block scalar at the end keeps its missing line break', () => {
  expect(set('scheduler: {}\nx: |\n  y', { b: 1 })).toBeUndefined();
  expect(set('%YAML 1.1\n---\nscheduler: {}\nx: |\n  y', { b: 1 })).toBeUndefined();
  expect(set('scheduler: {}\nx: |-\n  y', { b: 1 })).toBe('scheduler: {}\nx: |-\n  y\nb: 1');
});

describe('an edit that would do anything else is not made', () => {
  const cases: [string, string][] = [
    [
      'a value behind an alias',
      'x: &x true\nscheduler: {serviceAccount: {automountServiceAccountToken: *x}}\n',
    ],
    ['a map behind an alias', 'x: &x {create: true}\nscheduler:\n  serviceAccount: *x\n'],
    [
      'a map that others use',
      'scheduler:\n  serviceAccount: &x\n    create: true\ntriggerer:\n  serviceAccount: *x\n',
    ],
    [
      'a value that others use',
      'scheduler:\n  serviceAccount:\n    automountServiceAccountToken: &x true\nx: *x\n',
    ],
    [
      'a key before a merge that overrides it',
      'x: &x {automountServiceAccountToken: true}\nscheduler:\n  serviceAccount:\n    automountServiceAccountToken: true\n    <<: *x\n',
    ],
    ['a map of the wrong kind', 'scheduler:\n  serviceAccount: default\n'],
    ['a list of the wrong kind', 'scheduler:\n  serviceAccount:\n  - default\n'],
    ['half-typed text in the way', 'scheduler:\n  serviceAccount: {\n    create: true\n'],
    ['a half-typed key', 'scheduler:\n  serviceAccount:\n    automount\n    create: true\n'],
    ['a list at the root', '- a\n'],
  ];
  test.each(cases)('%s', (_, text) => {
    expect(set(text)).toBeUndefined();
  });
});

describe('keys are removed with their lines', () => {
  const remove = (text: string, path: string): string | undefined => {
    const edits = removeKey(readValues(text), path.split('.'));
    return edits && applyEdits(text, edits);
  };
  const cases: [string, string, string, string | undefined][] = [
    ['a line', 'a:\n  b: 1 # c\n  # d\n  e: 2\n', 'a.b', 'a:\n  # d\n  e: 2\n'],
    ['a block', 'a:\n  e: 2\n  b:\n    c: |\n      x\n\n# d\nf: 1\n', 'a.b', 'a:\n  e: 2\n\n# d\nf: 1\n'],
    ['the last line of a file without a final newline', 'a:\r\n  e: 2\r\n  b: 1', 'a.b', 'a:\r\n  e: 2'],
    ['the map that would be empty', 'x: 1\na:\n  b:\n    c: 1\ny: 2\n', 'a.b.c', 'x: 1\ny: 2\n'],
    ['the first in a flow map', 'a: {b: 1, c: 2}\n', 'a.b', 'a: {c: 2}\n'],
    ['the last in a flow map', 'a: { c: 2, b: 1 }\n', 'a.b', 'a: { c: 2 }\n'],
    ['an anchor in use', 'a:\n  b: &b 1\n  c: *b\n', 'a.b', undefined],
    ['a part of what an anchor shares', 'a: &a\n  b: 1\n  c: 2\nd: *a\n', 'a.b', undefined],
    ['a part of what a merge shares', 'a: &a {b: 1, c: 2}\nd: {<<: *a}\n', 'a.b', undefined],
    ['a neighbour of a comment in a flow map', 'a: {\n  c: 2, # keep\n  b: 1\n}\n', 'a.b', undefined],
    [
      'a block with its own comments, and not those of what follows',
      'a:\n  b:\n    c: 1\n    # of b\n\n  # of d\n  d: 1\n',
      'a.b',
      'a:\n\n  # of d\n  d: 1\n',
    ],
    ['an entry before a comment', 'a:\n  b: 1\n# of c\nc: 1\n', 'a.b', '# of c\nc: 1\n'],
    ['a repeated key, whose earlier one would come back', 'a:\n  b: 1\n  b: 2\n', 'a.b', undefined],
    ['all of a document with an end', 'a:\n  b: 1\n...\n', 'a.b', undefined],
    ['nothing there', 'a:\n  b: 1\n', 'a.c', undefined],
    ['the first entry after a byte order mark', '\uFEFFa:\n  b: 1\nc: 2\n', 'a.b', '\uFEFFc: 2\n'],
    ['all after a byte order mark', '\uFEFFa:\n  b: 1\n', 'a.b', '\uFEFF'],
    ['all after one, without a final newline', '\uFEFFa:\n  b: 1', 'a.b', '\uFEFF'],
  ];
  test.each(cases)('%s', (_, text, path, expected) => {
    expect(remove(text, path)).toBe(expected);
  });
});

describe('keys are renamed and moved with everything in them', () => {
  test('a name, its quotes kept', () => {
    const rename = (text: string): string | undefined => {
      const edits = renameKey(readValues(text), ['a', 'bb'], 'c');
      return edits && applyEdits(text, edits);
    };
    expect(rename('a:\n  "bb" : 1 # d\n')).toBe('a:\n  "c" : 1 # d\n');
    expect(rename('a: {bb: [1]}\n')).toBe('a: {c: [1]}\n');
    expect(rename('a:\n  bb: 1\n  c: 2\n')).toBeUndefined();
  });

  const move = (text: string): string | undefined => {
    const edits = moveKey(readValues(text), ['s', 'v'], ['s', 'a']);
    return edits && applyEdits(text, edits);
  };
  const cases: [string, string, string | undefined][] = [
    [
      'into a map',
      's:\n  v:\n    # c\n    x: 1 # d\n\n    y: |\n      z\n  a:\n    b: 1\nt: 1\n',
      's:\n  a:\n    b: 1\n    v:\n      # c\n      x: 1 # d\n\n      y: |\n        z\nt: 1\n',
    ],
    ['into a map that is missing', 's:\n  v:\n    x: 1\n  q: 1\n', 's:\n  q: 1\n  a:\n    v:\n      x: 1\n'],
    ['into an empty map', 's:\n  a: {}\n  v:\n    x: 1\n', 's:\n  a:\n    v:\n      x: 1\n'],
    [
      'with the comments above and below it',
      's:\n  # of v\n  v:\n    x: 1\n    # in v\n  a:\n    b: 1\n',
      's:\n  a:\n    b: 1\n    # of v\n    v:\n      x: 1\n      # in v\n',
    ],
    [
      'with its comment, at the end of a file without a final newline',
      's:\n  a:\n    b: 1\n  # of v\n  v:\n    x: 1',
      's:\n  a:\n    b: 1\n    # of v\n    v:\n      x: 1',
    ],
    [
      'at the end of a file without a final newline',
      's:\r\n  a:\r\n    b: 1\r\n  v:\r\n    x: 1',
      's:\r\n  a:\r\n    b: 1\r\n    v:\r\n      x: 1',
    ],
    [
      'out of the first entry after a byte order mark',
      '\uFEFFs:\n  v:\n    x: 1\n  a:\n    b: 1\n',
      '\uFEFFs:\n  a:\n    b: 1\n    v:\n      x: 1\n',
    ],
    ['out of what an anchor shares', 's: &s\n  v: 1\n  a:\n    b: 1\nt: *s\n', undefined],
    ['beside another of its name', 's:\n  a:\n    v: 1\n  v: 2\n', undefined],
    ['out of a flow map', 's: {v: {x: 1}, a: {b: 1}}\n', undefined],
  ];
  test.each(cases)('%s', (_, before, after) => {
    expect(move(before)).toBe(after);
  });
});
