/** How many levels of brackets, or of keys and dashes on one line, are read. */
export const deepestNesting = 250;

/** No line shorter than this can add to a column that is too much, if there are not many of the longer ones. */
const longLine = deepestNesting / 2;

/**
 * Says whether a text nests deeper than anyone would write. The parser calls itself for every level, and a few
 * thousand brackets in a row end the whole process, not just the parse.
 * @param text The text; it need not be well formed.
 */
export function nestsTooDeep(text: string): boolean {
  if (isClearlyShallow(text)) return false;
  let brackets = 0;
  const columns = new Set<number>();
  for (const line of text.split('\n')) {
    if (line.length < deepestNesting && brackets === 0 && !/[[{]/.test(line)) {
      columns.add(line.search(/\S|$/));
      continue;
    }
    const code = line.replace(/"(?:\\.|[^"\\])*"|'(?:''|[^'])*'|(?:^|\s)#.*$/g, '');
    columns.add(code.search(/\S|$/));
    let keys = 0;
    for (const [token] of code.matchAll(/[[\]{},]|[-:?](?=\s)/g)) {
      if (token === '[' || token === '{') brackets++;
      else if (token === ']' || token === '}') brackets = Math.max(0, brackets - 1);
      else if (token === ',') keys = 0;
      else keys++;
      if (brackets > deepestNesting || keys > deepestNesting) return true;
    }
  }
  return columns.size > deepestNesting;
}

/** Says so of most texts without a look at every line: there are few brackets in all, and few long lines. */
function isClearlyShallow(text: string): boolean {
  if (text.length < deepestNesting) return true;
  const left = leftAfter(text, '[', leftAfter(text, '{', deepestNesting));
  return left >= 0 && hasFewLongLines(text);
}

/** How many of the occurrences that a character is allowed are left after those in a text; below 0 if it has more. */
function leftAfter(text: string, character: string, allowed: number): number {
  let left = allowed;
  for (let at = text.indexOf(character); at >= 0 && left >= 0; at = text.indexOf(character, at + 1)) left--;
  return left;
}

/**
 * Says whether the columns at which lines begin cannot be too many, nor the keys on a line: a line is at least as long
 * as its column, so that half of the columns need a long line each; and each key takes two characters.
 */
function hasFewLongLines(text: string): boolean {
  let left = longLine;
  let start = 0;
  while (start + longLine <= text.length) {
    const lineBreak = text.lastIndexOf('\n', start + longLine - 1);
    if (lineBreak >= start) {
      start = lineBreak + 1;
      continue;
    }
    const next = text.indexOf('\n', start + longLine);
    const end = next < 0 ? text.length : next;
    left--;
    if (left < 0 || end - start > 2 * deepestNesting) return false;
    start = end + 1;
  }
  return true;
}
