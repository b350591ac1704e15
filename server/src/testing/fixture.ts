/** A finding that a fixture expects, written under the text it marks. */
export interface ExpectedFinding {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly severity: string;
  readonly code: string;
  /** A piece of the message, where the fixture asks for one. */
  readonly message?: string;
}

/** One values file of a fixture, with what is expected of it. */
export interface FixtureCase {
  readonly title: string;
  /** The file's name, `values.yaml` unless the title names another in parentheses. */
  readonly file: string;
  /** The chart's version, where the title names one in brackets: `[chart 1.18.0]`. */
  readonly chartVersion: string | undefined;
  readonly text: string;
  readonly expected: readonly ExpectedFinding[];
  /** Titles of fixes of the first finding, with the text after each. */
  readonly fixes: readonly { readonly title: string; readonly text: string }[];
}

/**
 * Reads a rule's fixture: YAML documents under `#=== title` lines. A comment below a line marks the text above its
 * carets (`#   ^^^^ warning some-code: piece of the message`), or from the line's start (`#<~~~ hint some-code`).
 * A document under a `#--- fix: title` line is the one before it with that fix applied; there marks are left out.
 */
export function parseFixture(source: string): FixtureCase[] {
  return source
    .split(/^#=== /m)
    .slice(1)
    .map((part) => {
      const [head = '', ...documents] = part.split(/^#--- fix: /m);
      const title = head.slice(0, head.indexOf('\n'));
      const { text, expected } = readMarks(head.slice(head.indexOf('\n') + 1));
      return {
        title,
        file: /\(([\w./-]+\.ya?ml)\)/.exec(title)?.[1] ?? 'values.yaml',
        chartVersion: /\[chart ([\d.]+)\]/.exec(title)?.[1],
        text,
        expected,
        fixes: documents.map((document) => ({
          title: document.slice(0, document.indexOf('\n')),
          text: document.slice(document.indexOf('\n') + 1),
        })),
      };
    });
}

function readMarks(marked: string): { text: string; expected: ExpectedFinding[] } {
  const lines: string[] = [];
  const expected: ExpectedFinding[] = [];
  for (const line of marked.split('\n')) {
    const mark = /^#( *)(\^+|<~*) (\w+) ([\w-]+)(?:: (.*))?$/.exec(line);
    if (!mark) {
      lines.push(line);
      continue;
    }
    const [, space = '', arrows = '', severity = '', code = '', message] = mark;
    const start = arrows.startsWith('<') ? 0 : space.length + 1;
    const finding = { line: lines.length - 1, start, end: start + arrows.length, severity, code };
    expected.push(message === undefined ? finding : { ...finding, message });
  }
  return { text: lines.join('\n'), expected };
}
