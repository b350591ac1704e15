import * as l10n from '@vscode/l10n';
import type { Picture, PictureContainer, PictureToken, TokenState } from './picture';
import {
  aboutInWords,
  afterInWords,
  columnNames,
  containerInWords,
  lacksToken,
  laterInWords,
  lifetimeInWords,
  needNames,
  readerInWords,
  stateMeanings,
  stateNames,
  titleInWords,
  tokenStates,
  totalsInWords,
} from './pictureWords';

/** What stands before the word for a state; each has its own form, so that no colour is needed. */
const marks: Readonly<Record<TokenState, string>> = { automatic: '●', projected: '◐', none: '○' };

/**
 * A picture as Markdown in GitHub's flavour, for a pull request or an audit: what it is of, the totals, and a table with a row for
 * each container.
 * @param picture The picture.
 * @param problem What is wrong with the values, in one or two sentences; undefined where nothing is.
 */
export function pictureMarkdown(picture: Picture, problem?: string): string {
  const { stack, workloads, totals } = picture;
  const { workload, container, token, need, after } = columnNames;
  const rows = workloads.flatMap(({ name, kind, containers }) =>
    containers.map((one, index) => [
      index === 0 ? `${code(name)} (${plain(kind)})` : '',
      code(containerInWords(one)),
      tokenCell(one),
      lacksToken(one) ? l10n.t('**yes, and has none**') : needNames[one.need],
      afterCell(one),
    ]),
  );
  return `${heading(stack)}
${aboutInWords(picture, code)}.

**${totalsInWords(totals)}.** ${afterInWords(picture)}.
${problem === undefined ? '' : `\n${problemLine(problem)}\n`}
${[[workload, container, token, need, after], Array<string>(5).fill('---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')}

${tokenStates.map((state) => `${marks[state]} ${stateNames[state]}: ${stateMeanings[state]}`).join(' · ')} · ${l10n.t('**bold**: the migration changes it')}
`;
}

/**
 * What takes the place of a picture where there is none to show: what it is of, and why.
 * @param stack The stack's name; null for a file that is deployed by itself.
 * @param problem What is wrong with the values, in one or two sentences.
 */
export function problemMarkdown(stack: string | null, problem: string): string {
  return `${heading(stack)}\n${problemLine(problem)}\n`;
}

function heading(stack: string | null): string {
  return `### ${titleInWords(stack, code)}\n`;
}

function problemLine(problem: string): string {
  return `> ${l10n.t('**Error:** {0}', plain(problem))}`;
}

function tokenCell({ state, tokens }: PictureContainer): string {
  const automatic = state === 'automatic' ? [`${marks.automatic} ${stateNames.automatic}`] : [];
  const held = [...automatic, ...tokens.map(describeToken)];
  return held.length === 0 ? `${marks.none} ${stateNames.none}` : held.join('<br>');
}

function describeToken(token: PictureToken): string {
  const more = lifetimeInWords({ ...token, audience: null });
  const reader = token.audience === null ? [] : [readerInWords(code(token.audience))];
  return `${marks.projected} ${stateNames.projected}: ${[code(token.mountPath), ...more, ...reader].join(', ')}`;
}

function afterCell({ state, after }: PictureContainer): string {
  if (after === null) return laterInWords(after);
  const text = `${marks[after]} ${stateNames[after]}`;
  return after === state ? text : `**${text}**`;
}

/**
 * A name as code, in which nothing is a mark, a mention or a link. What ends code or a cell is written as HTML: how a pipe behind
 * a backslash is read differs.
 */
function code(text: string): string {
  const line = oneLine(text);
  return /^[\w./:@+,=()-][\w./:@+,=() -]*$/.test(line)
    ? `\`${line.trimEnd()}\``
    : `<code>${entities(line)}</code>`;
}

/** A text in which no character has a meaning for Markdown or HTML, and which calls nobody to a pull request. */
function plain(text: string): string {
  // GitHub looks for mentions in what was made of the Markdown, text by text.
  return entities(oneLine(text)).replaceAll('&#64;', '<span>&#64;</span>');
}

function oneLine(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069]+/g, ' ');
}

/** The characters that mean something in Markdown or HTML, by their numbers: as those they mean themselves. */
function entities(text: string): string {
  return text.replace(/[!#$&*<=>@[\\\]^_`{|}~]/g, (mark) => `&#${mark.charCodeAt(0)};`);
}
