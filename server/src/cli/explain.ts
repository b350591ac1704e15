import { describeRules, nearest } from '../languageService';
import type { Arguments } from './arguments';
import { exitCodes, UsageError, type ExitCode, type Environment } from './environment';
import { styleFor, type Style } from './style';

/** The widest that text is set, in columns; longer lines are hard to read. */
const widest = 100;

/**
 * Prints a rule's page.
 * @param args The command's arguments.
 * @param environment The process.
 * @throws {UsageError} When there is no such rule.
 */
export function explain({ operands }: Arguments, environment: Environment): ExitCode {
  const [code, ...others] = operands;
  if (code === undefined || others.length > 0)
    throw new UsageError('explain takes one code, such as automounted-token.');
  const rules = describeRules();
  const rule = rules.find((known) => known.code === code);
  if (!rule) {
    const codes = rules.map((known) => known.code);
    const meant = nearest(code, codes);
    throw new UsageError(
      `There is no rule "${code}". ${meant === undefined ? `The rules are ${codes.join(', ')}.` : `Did you mean ${meant}?`}`,
    );
  }
  const width = Math.min(widest, environment.out.columns ?? widest);
  environment.out.write(
    `${setPage(rule.page(), width, styleFor(environment.out, environment.env))}\n${rule.url}\n`,
  );
  return exitCodes.clean;
}

/**
 * Sets a page of Markdown for a terminal: headings strong, values set in, everything else filled to the width.
 * @param markdown The page.
 * @param width How many columns there are.
 * @param style The colours.
 */
export function setPage(markdown: string, width: number, style: Style): string {
  let inCode = false;
  return markdown
    .split('\n')
    .flatMap((line) => {
      if (line.startsWith('```')) {
        inCode = !inCode;
        return [];
      }
      if (inCode) return [line === '' ? '' : style.code(`    ${line}`)];
      const heading = /^#+ (.*)/.exec(line)?.[1];
      if (heading !== undefined) return [style.strong(heading)];
      const indent = line.startsWith('- ') ? '  ' : '';
      return fill(line, width, indent).map((filled) => inline(filled, style));
    })
    .join('\n');
}

/** Breaks a line between words; what follows the first line is set in. */
function fill(line: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    if (current.trim() !== '' && lengthOf(`${current} ${word}`) > width) {
      lines.push(current);
      current = `${indent}${word}`;
    } else {
      current = current === '' ? word : `${current} ${word}`;
    }
  }
  return [...lines, current];
}

function lengthOf(text: string): number {
  return text.replaceAll('**', '').length;
}

/** What is strong and what is code in a line. Code keeps its marks, without which it cannot be told apart. */
function inline(line: string, style: Style): string {
  return line
    .replace(/\*\*([^*]+)\*\*/g, (_, text: string) => style.strong(text))
    .replace(/`[^`]+`/g, (code) => style.code(code));
}
