import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeRules } from '../languageService';
import { createEnvironment, runIn } from '../testing/commandLine';
import { setPage } from './explain';
import { styleFor } from './style';

const plain = styleFor(createEnvironment().out, {});
const rules = describeRules();

/** The words of a text, without what Markdown or a terminal puts between them. */
function wordsOf(text: string): string {
  return text
    .replace(/<!--.*?-->/g, '')
    .replace(/^```\w*$|^#+ |\*\*/gm, '')
    .replace(/\s+/g, ' ')
    .trim();
}

test.each(rules)('$code is the page under docs/rules, and its address', async ({ code, url }) => {
  const page = readFileSync(new URL(`../../../docs/rules/${code}.md`, import.meta.url), 'utf8');
  const { code: exitCode, out } = await runIn('/', ['explain', code]);
  expect(exitCode).toBe(0);
  const [shown = '', address] = out.split(/\n(?=https:\S+\n$)/);
  expect(wordsOf(shown)).toBe(wordsOf(page.replace(/^All diagnostics: .*$/m, '')));
  expect(address).toBe(`${url}\n`);
});

test('text is filled to the width, values are set in and keep their lines', () => {
  const page = `# Title

One two three four five six seven.

- **Item** one two three four five

\`\`\`yaml
key: a value that is longer than a line is wide

other: 1
\`\`\`
`;
  expect(setPage(page, 20, plain)).toBe(`Title

One two three four
five six seven.

- Item one two three
  four five

    key: a value that is longer than a line is wide

    other: 1
`);
});

test('on a terminal it is as wide as the terminal, but not too wide to read', async () => {
  const widest = async (columns: number): Promise<number> => {
    const { out } = await runIn('/', ['explain', 'automounted-token'], { columns });
    const prose = out.split('\n').filter((line) => !/^ {4}|^https/.test(line));
    return Math.max(...prose.map((line) => line.length));
  };
  expect(await widest(60)).toBeLessThanOrEqual(60);
  expect(await widest(60)).toBeGreaterThan(50);
  expect(await widest(300)).toBeLessThanOrEqual(100);
});
