import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultSettings, type OpenDocument, type Snapshot } from './languageService';
import { becoming, documentOf, service } from './testing/documents';

/** Asks everything of a text, as an editor would; throws when any rule or feature does. */
function askEverything(
  text: string,
  previous?: OpenDocument,
): { snapshot: Snapshot; document: OpenDocument } {
  const enabled = `# airflow-token-volume: enable\n${text}`;
  const document = previous ? becoming(previous, enabled) : documentOf(enabled);
  const snapshot = service.look(document, defaultSettings);
  const end = document.values.positionAt(enabled.length);
  const whole = { start: { line: 0, character: 0 }, end };
  service.diagnostics(snapshot);
  service.hover(snapshot, end);
  service.completions(snapshot, end);
  service.codeActions(snapshot, whole, { diagnostics: [] });
  service.codeActions(snapshot, whole, { diagnostics: [], only: ['source.fixAll'] });
  return { snapshot, document };
}

function codes({ snapshot }: { snapshot: Snapshot }): unknown[] {
  return service.diagnostics(snapshot).map(({ code }) => code);
}

const examples = new URL('../../examples/', import.meta.url);
const files = readdirSync(examples)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => [name, readFileSync(new URL(name, examples), 'utf8')] as const);

describe('every prefix of every example, as it is typed', () => {
  test.each(files)('%s', (_, text) => {
    let previous: OpenDocument | undefined;
    for (let length = 0; length <= text.length; length++) {
      const typed = askEverything(text.slice(0, length), previous);
      if (length % 7 === 0) expect(codes(typed)).toEqual(codes(askEverything(text.slice(0, length))));
      previous = typed.document;
    }
  });
});

test('random damage to the examples', () => {
  const noise = fc.constantFrom(
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    ': ',
    '\n',
    '  ',
    '\t',
    '- ',
    '# ',
    '&a ',
    '*a',
    '|\n',
    '<<: ',
    '\r',
    '\0',
    '---\n',
    '!!',
    '{{ x }}',
    '\u{1F680}',
    '? ',
    '# airflow-token-volume: ignore api-access-lost',
    '\n# airflow-token-volume: ignore automounted-token, x\n',
  );
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.nat(12),
    insert: noise,
  });
  fc.assert(
    fc.property(fc.constantFrom(...files), fc.array(edit, { maxLength: 6 }), ([, source], edits) => {
      let text = source;
      let previous: OpenDocument | undefined;
      for (const { at, remove, insert } of edits) {
        const offset = Math.floor(at * text.length);
        text = text.slice(0, offset) + insert + text.slice(offset + remove);
        const typed = askEverything(text, previous);
        previous = typed.document;
        expect(codes(typed)).toEqual(codes(askEverything(text)));
      }
    }),
    { numRuns: 150 },
  );
}, 30_000);

describe('what is no values file at all', () => {
  test.each([
    ['nothing', ''],
    ['comments only', '# a\n  # b\n'],
    ['a list', '- scheduler\n- cleanup\n'],
    ['a scalar', 'scheduler'],
    ['tabs', 'scheduler:\n\tserviceAccount:\n\t\tautomountServiceAccountToken: false\n'],
    [
      'an unclosed quote',
      'executor: "KubernetesExecutor\nscheduler:\n  serviceAccount:\n    automountServiceAccountToken: false\n',
    ],
    [
      'an unclosed bracket',
      'executor: [\nscheduler:\n  serviceAccount:\n    automountServiceAccountToken: false\n',
    ],
    ['nulls', 'executor:\nscheduler:\ncleanup:\n'],
    ['scalars for maps', 'executor: 1\nscheduler: true\ncleanup: []\nvolumes: x\n'],
    ['binary', String.fromCharCode(...Array.from({ length: 4000 }, (_, index) => (index * 7919) % 256))],
    ['half a surrogate pair', 'executor: \uD83D\nscheduler: \uDE80: \n'],
    [
      'keys of objects',
      '__proto__: {enabled: true}\nconstructor: 1\nscheduler: {serviceAccount: {__proto__: 1, toString: 2}}\n',
    ],
  ])('%s raises nothing that is not certain', (_, text) => {
    const certain = new Set(['unknown-key', 'unknown-executor', 'automounted-token', 'null-section']);
    expect(codes(askEverything(text)).filter((code) => !certain.has(code as string))).toEqual([]);
  });

  test('10 MB', () => {
    const filler = 'config:\n' + '  section: {key: "value", list: [1, 2, 3]} # words\n'.repeat(200_000);
    const text = `${filler}executor: LocalExecutor\nscheduler:\n  serviceAccount:\n    automountServiceAccountToken: false\n`;
    expect(text.length).toBeGreaterThan(10_000_000);
    expect(codes(askEverything(text))).toEqual(['automount-off-ignored']);
  });
});

test('repeated keys and documents are read as Helm reads them', () => {
  expect(
    codes(
      askEverything(
        'executor: KubernetesExecutor\nexecutor: LocalExecutor\nscheduler:\n  serviceAccount:\n    automountServiceAccountToken: false\n---\nexecutor: KubernetesExecutor\n',
      ),
    ),
  ).toEqual(['duplicate-key', 'automount-off-ignored']);
});

test('findings elsewhere stay while something is half typed', () => {
  const before =
    'executor: KubernetesExecutor\nscheduler:\n  serviceAccount:\n    automountServiceAccountToken: false\n';
  for (const typed of [
    'v',
    'a',
    'd',
    'airfl',
    '"',
    "'",
    '\t',
    'tri',
    'triggerer',
    'triggerer:\n  re',
    'env:\n  - name: "A',
    'labels: {a: b',
    '"x',
    'a: [1,\n',
  ]) {
    expect(codes(askEverything(before + typed)), typed).toEqual(['api-access-lost']);
    expect(codes(askEverything(`${typed}\n${before}`)), typed).toEqual(['api-access-lost']);
  }
});
