/** A tab stop as it stands in the body: `$1`, `${1}`, `${1:default}` or `${1|one,other|}`. */
export interface TabStop {
  readonly index: number;
  /** The default text, or the first choice; empty for a bare tab stop. */
  readonly text: string;
  readonly choices: readonly string[];
}

export interface ExpandedSnippet {
  readonly text: string;
  readonly tabStops: readonly TabStop[];
}

/** The text a snippet inserts when every tab stop is left as it is. Throws where VS Code would insert something else. */
export function expandSnippet(body: string | readonly string[]): string {
  return parseSnippet(body).text;
}

/** As {@link expandSnippet}, but with tab stops filled in by number: for trying each choice. */
export function parseSnippet(
  body: string | readonly string[],
  fill: ReadonlyMap<number, string> = new Map(),
): ExpandedSnippet {
  const source = typeof body === 'string' ? body : body.join('\n');
  const tabStops: TabStop[] = [];
  const filled = new Map<number, string>(fill);
  let at = 0;

  function fail(problem: string): never {
    throw new Error(`${problem} at ${at}: …${source.slice(at, at + 30)}`);
  }

  /** Reads one character, and the one after a backslash when it is `escapable`. */
  function readCharacter(escapable: string): string {
    const character = source.charAt(at++);
    if (character === '\\' && at < source.length && escapable.includes(source.charAt(at))) {
      return source.charAt(at++);
    }
    return character;
  }

  function readIndex(): number {
    const digits = /^\d+/.exec(source.slice(at))?.[0];
    if (digits === undefined) fail('Variables and transforms are not used in these snippets');
    at += digits.length;
    return Number(digits);
  }

  function readChoices(): string[] {
    const choices = [''];
    for (;;) {
      if (at >= source.length) fail('Unfinished choice');
      if (source.startsWith('|}', at)) {
        at += 2;
        return choices;
      }
      if (source.charAt(at) === '|') fail('Unescaped | in a choice');
      if (source.charAt(at) === ',') {
        at++;
        choices.push('');
      } else {
        const last = choices.length - 1;
        choices[last] = (choices[last] ?? '') + readCharacter(',|\\');
      }
    }
  }

  /** Reads a tab stop after its `$`, and gives the text it inserts. */
  function readTabStop(): string {
    const braced = source.charAt(at) === '{';
    if (braced) at++;
    const index = readIndex();
    let choices: string[] = [];
    let text = '';
    if (braced) {
      const after = source.charAt(at++);
      if (after === '|') {
        choices = readChoices();
        text = choices[0] ?? '';
      } else if (after === ':') {
        text = readText(true);
      } else if (after !== '}') {
        at--;
        fail('A tab stop is followed by neither "}", ":" nor "|"');
      }
    }
    tabStops.push({ index, text, choices });
    const earlier = filled.get(index);
    if (earlier !== undefined) return earlier;
    filled.set(index, text);
    return text;
  }

  function readText(inPlaceholder: boolean): string {
    let text = '';
    while (at < source.length) {
      if (inPlaceholder && source.charAt(at) === '}') {
        at++;
        return text;
      }
      if (source.charAt(at) === '$' && /[\d{A-Za-z_]/.test(source.charAt(at + 1))) {
        at++;
        text += readTabStop();
      } else {
        text += readCharacter('$}\\');
      }
    }
    if (inPlaceholder) fail('Unfinished placeholder');
    return text;
  }

  const text = readText(false);
  return { text, tabStops };
}
