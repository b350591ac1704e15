import * as l10n from '@vscode/l10n';
import type { Picture, PictureContainer, PictureWorkload, TokenState } from './picture';
import {
  aboutInWords,
  afterInWords,
  columnNames,
  containerInWords,
  lacksToken,
  laterInWords,
  lifetimeInWords,
  needNames,
  stateMeanings,
  stateNames,
  titleInWords,
  tokenStates,
  totalsInWords,
} from './pictureWords';

/** The colours of a drawing, each as `#rrggbb`. Every text must be readable on `page` and on `card`. */
export interface SvgPalette {
  readonly page: string;
  readonly card: string;
  readonly line: string;
  readonly text: string;
  readonly faint: string;
  readonly alert: string;
  readonly automatic: string;
  readonly projected: string;
  readonly none: string;
}

/** The colours for light and dark surroundings. */
export const svgPalettes: Readonly<Record<'light' | 'dark', SvgPalette>> = {
  light: {
    page: '#ffffff',
    card: '#f6f8fa',
    line: '#c3cad1',
    text: '#1f2328',
    faint: '#535b64',
    alert: '#b3151f',
    automatic: '#924600',
    projected: '#0550ae',
    none: '#1a662f',
  },
  dark: {
    page: '#0d1117',
    card: '#161b22',
    line: '#3d444d',
    text: '#e6edf3',
    faint: '#a3adb8',
    alert: '#ff8f87',
    automatic: '#f0a455',
    projected: '#86bfff',
    none: '#7ed892',
  },
};

/** How a picture is drawn. */
export interface SvgOptions {
  /** The colours; `auto`, the default, follows whoever shows the drawing. */
  readonly theme?: 'light' | 'dark' | 'auto';
  /** What is wrong with the values, in one or two sentences. */
  readonly problem?: string | undefined;
}

/** Lengths of the drawing, in its own units, which are pixels at full size. */
const margin = 24;
const gap = 16;
const padding = 14;
const columns = { name: padding, need: 282, now: 344, after: 460 };
const cardWidth = 568;
const headHeight = 64;
const lineHeight = 16;
/** How wide a character is for the size of its font: exactly so in monospaced fonts, at most so in others. */
const characterWidth = { mono: 0.61, sans: 0.57, bold: 0.7 };

/**
 * A picture as a drawing: a card for each workload, with a row for each container. It stands by itself: it runs nothing and
 * loads nothing, and the same picture makes the same text.
 * @param picture The picture.
 * @param options The colours, and what is wrong.
 * @returns An SVG document.
 */
export function pictureSvg(picture: Picture, options: SvgOptions = {}): string {
  const { theme = 'auto', problem } = options;
  const count = picture.workloads.length > 1 ? 2 : 1;
  const width = 2 * margin + count * cardWidth + (count - 1) * gap;
  const head = drawHead(picture, problem, width);
  const bottoms = Array<number>(count).fill(head.height);
  const cards = picture.workloads.map((workload) => {
    const column = bottoms.indexOf(Math.min(...bottoms));
    const top = bottoms[column] ?? 0;
    const card = drawCard(workload);
    bottoms[column] = top + card.height + gap;
    return `<g transform="translate(${margin + column * (cardWidth + gap)} ${top})">\n${card.drawing}\n</g>`;
  });
  const height = Math.max(...bottoms) + margin - gap;
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title>${escape(titleInWords(picture.stack))}</title>
<desc>${escape(described(picture, problem))}</desc>
<style>${styleOf(theme)}</style>
<rect class="atv-page" width="${width}" height="${height}"/>
${[head.drawing, ...cards].join('\n')}
</svg>
`;
}

interface Drawn {
  readonly drawing: string;
  readonly height: number;
}

function styleOf(theme: 'light' | 'dark' | 'auto'): string {
  const colours = ({ page, card, line, text, faint, alert, ...states }: SvgPalette): string =>
    [
      `.atv-page{fill:${page}}`,
      `.atv-card{fill:${card};stroke:${line}}`,
      `.atv-line{stroke:${line}}`,
      `.atv-text{fill:${text}}`,
      `.atv-faint{fill:${faint}}`,
      `.atv-alert{fill:${alert}}`,
      ...tokenStates.map((state) => `.atv-${state}{fill:${states[state]};color:${states[state]}}`),
    ].join('');
  const shapes =
    '.atv-sans{font-family:system-ui,-apple-system,"Segoe UI",sans-serif}' +
    '.atv-mono{font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace}' +
    '.atv-bold{font-weight:700}' +
    '.atv-ring{fill:none;stroke:currentColor;stroke-width:1.8}';
  if (theme !== 'auto') return shapes + colours(svgPalettes[theme]);
  return `${shapes}${colours(svgPalettes.light)}@media (prefers-color-scheme:dark){${colours(svgPalettes.dark)}}`;
}

/** All of the drawing in words, for those who do not see it. */
function described(picture: Picture, problem: string | undefined): string {
  const rows = picture.workloads.flatMap(({ name, containers }) =>
    containers.map((container) => {
      const { state, need, after } = container;
      return l10n.t({
        message: '{0}, {1}: {2}; needs a token: {3}; after the migration: {4}.',
        args: [
          name,
          containerInWords(container),
          [stateNames[state], ...tokenLines(container)].join('; '),
          needNames[need],
          laterInWords(after),
        ],
        comment: [
          '{0} is a workload, {1} its container, {2} and {4} say how it comes to a token, {3} is yes or no',
        ],
      });
    }),
  );
  return [
    `${aboutInWords(picture)}.`,
    `${totalsInWords(picture.totals)}.`,
    `${afterInWords(picture)}.`,
    ...(problem === undefined ? [] : [problemInWords(problem)]),
    ...rows,
  ].join('\n');
}

function problemInWords(problem: string): string {
  return l10n.t('Error: {0}', problem);
}

function drawHead(picture: Picture, problem: string | undefined, width: number): Drawn {
  const room = width - 2 * margin;
  const parts: string[] = [];
  let y = margin + 18;
  parts.push(
    cutText(titleInWords(picture.stack), { x: margin, y, size: 20, room, kind: 'atv-text atv-bold' }),
  );
  y += 24;
  parts.push(cutText(aboutInWords(picture), { x: margin, y, size: 13, room, kind: 'atv-faint' }));
  y += 30;
  parts.push(
    cutText(`${totalsInWords(picture.totals)}.`, { x: margin, y, size: 15, room, kind: 'atv-text atv-bold' }),
  );
  y += 10;
  parts.push(bar(y, picture, ({ state }) => state));
  y += 32;
  parts.push(cutText(`${afterInWords(picture)}.`, { x: margin, y, size: 15, room, kind: 'atv-text' }));
  y += 10;
  if (picture.after) {
    parts.push(bar(y, picture, (container) => container.after));
    y += 10;
  }
  y += 22;
  if (problem !== undefined) {
    const lines = wrap(problemInWords(problem), lettersIn(room, 13, 'bold'), 4);
    for (const line of lines) {
      parts.push(text(line, { x: margin, y, size: 13, kind: 'atv-sans atv-alert atv-bold' }));
      y += 18;
    }
    y += 8;
  }
  for (const legend of legendRows(width)) {
    parts.push(legend(y));
    y += 20;
  }
  return { drawing: parts.join('\n'), height: y + 4 };
}

/** What the marks mean: beside each other where there is room, below each other where there is not. */
function legendRows(width: number): ((y: number) => string)[] {
  const entries = tokenStates.map((state) => (x: number, y: number): string => {
    const said = `${stateNames[state]}: ${stateMeanings[state]}`;
    return `${mark(state, x + 6, y - 4)}\n${text(said, { x: x + 18, y, size: 12, kind: 'atv-sans atv-faint' })}`;
  });
  const said = l10n.t('after: what the migration leaves, in bold where it changes something');
  const last = (y: number): string => text(said, { x: margin, y, size: 12, kind: 'atv-sans atv-faint' });
  if (width < 2 * cardWidth) return [...entries.map((entry) => (y: number) => entry(margin, y)), last];
  const step = (width - 2 * margin) / entries.length;
  return [(y) => entries.map((entry, index) => entry(margin + Math.round(index * step), y)).join('\n'), last];
}

/** A bar that is filled as far as containers hold a token, by how they hold it; the words above it say how many. */
function bar(
  y: number,
  { workloads, totals }: Picture,
  stateOf: (container: PictureContainer) => TokenState | null,
): string {
  const states = workloads.flatMap(({ containers }) => containers.map(stateOf));
  const share = (state: TokenState): number =>
    Math.round((cardWidth * states.filter((one) => one === state).length) / Math.max(1, totals.containers));
  const automatic = share('automatic');
  return [
    `<rect class="atv-card" x="${margin + 0.5}" y="${y + 0.5}" width="${cardWidth - 1}" height="9"/>`,
    `<rect class="atv-automatic" x="${margin}" y="${y}" width="${automatic}" height="10"/>`,
    `<rect class="atv-projected" x="${margin + automatic}" y="${y}" width="${share('projected')}" height="10"/>`,
  ].join('');
}

function drawCard({ name, kind, serviceAccount, containers }: PictureWorkload): Drawn {
  const room = cardWidth - 2 * padding;
  const parts = [
    cutText(name, { x: padding, y: 24, size: 14, room: 300, kind: 'atv-text atv-bold' }),
    cutText(kind, { x: cardWidth - padding, y: 24, size: 12, room: 200, kind: 'atv-faint', end: true }),
    cutText(`ServiceAccount ${serviceAccount}`, {
      x: padding,
      y: 41,
      size: 11,
      room,
      kind: 'atv-faint',
    }),
    ...(['need', 'now', 'after'] as const).map((column) =>
      cutText(columnNames[column], {
        x: columns[column],
        y: headHeight - 10,
        size: 11,
        room: roomIn(column),
        kind: 'atv-faint',
      }),
    ),
  ];
  let y = headHeight;
  for (const container of containers) {
    const row = drawRow(container, room);
    parts.push(
      `<line class="atv-line" x1="1" y1="${y + 0.5}" x2="${cardWidth - 1}" y2="${y + 0.5}"/>`,
      `<g transform="translate(0 ${y})">\n${row.drawing}\n</g>`,
    );
    y += row.height;
  }
  const frame = `<rect class="atv-card" x="0.5" y="0.5" width="${cardWidth - 1}" height="${y - 1}" rx="6"/>`;
  return { drawing: [frame, ...parts].join('\n'), height: y };
}

function drawRow(container: PictureContainer, room: number): Drawn {
  const { state, after, need, why } = container;
  const name = containerInWords(container);
  const lacks = lacksToken(container);
  const baseline = 20;
  const names = wrap(name, lettersIn(columns.need - columns.name - 8, 12, 'mono'), 2);
  const parts = [
    `<title>${escape([`${name}: ${why}`, ...tokenLines(container)].join('\n'))}</title>`,
    ...names.map((line, index) =>
      text(line, { x: columns.name, y: baseline + index * lineHeight, size: 12, kind: 'atv-mono atv-text' }),
    ),
    cutText(lacks ? unmet() : needNames[need], {
      x: columns.need,
      y: baseline,
      size: 12,
      room: roomIn('need'),
      kind: lacks ? 'atv-alert atv-bold' : need === 'always' ? 'atv-text atv-bold' : 'atv-faint',
    }),
    stateAt('now', baseline, state, false),
    after === null
      ? cutText(laterInWords(after), {
          x: columns.after,
          y: baseline,
          size: 12,
          room: roomIn('after'),
          kind: 'atv-faint',
        })
      : stateAt('after', baseline, after, after !== state),
  ];
  let y = baseline + (names.length - 1) * lineHeight;
  for (const said of tokenLines(container)) {
    for (const line of wrap(said, lettersIn(room, 11, 'mono'), 3)) {
      y += lineHeight;
      parts.push(text(line, { x: padding, y, size: 11, kind: 'atv-mono atv-faint' }));
    }
  }
  return { drawing: parts.join('\n'), height: y + 11 };
}

/** That a container needs a token and has none. */
function unmet(): string {
  return l10n.t({ message: 'unmet', comment: ['The need of a container for a token; there is little room'] });
}

/** Each projected token of a container, with its path, lifetime and audience. */
function tokenLines({ tokens }: PictureContainer): string[] {
  return tokens.map((token) => [token.mountPath, ...lifetimeInWords(token)].join(', '));
}

/** A state with its mark; in bold where the migration changes it. */
function stateAt(column: 'now' | 'after', y: number, state: TokenState, isNew: boolean): string {
  const x = columns[column];
  const kind = `atv-${state}${isNew ? ' atv-bold' : ''}`;
  const room = roomIn(column) - 17;
  return `${mark(state, x + 6, y - 4)}\n${cutText(stateNames[state], { x: x + 17, y, size: 12, room, kind })}`;
}

/** How wide a word in a column may be. */
function roomIn(column: 'need' | 'now' | 'after'): number {
  const ends = { need: columns.now - padding / 2, now: columns.after - padding / 2, after: cardWidth };
  return ends[column] - columns[column];
}

/** The mark of a state, told by its form: a full, a half or an empty circle. */
function mark(state: TokenState, x: number, y: number): string {
  const ring = `<circle class="atv-ring" cx="${x}" cy="${y}" r="5"/>`;
  const inside: Readonly<Record<TokenState, string>> = {
    automatic: `<circle cx="${x}" cy="${y}" r="5"/>`,
    projected: `<path d="M${x} ${y - 5}a5 5 0 0 0 0 10z"/>`,
    none: '',
  };
  return `<g class="atv-${state}">${ring}${inside[state]}</g>`;
}

interface TextPlace {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly kind: string;
  /** Whether it ends at `x`. */
  readonly end?: boolean;
}

function text(said: string, { x, y, size, kind, end = false }: TextPlace): string {
  return `<text class="${kind}" x="${x}" y="${y}" font-size="${size}"${end ? ' text-anchor="end"' : ''} xml:space="preserve">${escape(said)}</text>`;
}

/** A text that is cut to the room that it has; all of it is then shown to who points at it. */
function cutText(said: string, { room, ...place }: TextPlace & { readonly room: number }): string {
  const [line = ''] = wrap(
    said,
    lettersIn(room, place.size, place.kind.includes('atv-bold') ? 'bold' : 'sans'),
    1,
  );
  const drawn = text(line, { ...place, kind: `atv-sans ${place.kind}` });
  return line === said ? drawn : `<g><title>${escape(said)}</title>${drawn}</g>`;
}

/** How many characters of a font's size fit into a width. */
function lettersIn(width: number, size: number, font: keyof typeof characterWidth): number {
  return Math.floor(width / (size * characterWidth[font]));
}

/**
 * Breaks a text into lines, in the second half of each: after a space, or else after a hyphen, comma or slash, if there is
 * one. What does not fit into the last line is cut.
 */
function wrap(said: string, width: number, most: number): string[] {
  const lines: string[] = [];
  let rest = Array.from(said);
  while (lines.length < most - 1 && columnsOf(rest) > width) {
    const fitting = rest.slice(0, countWithin(rest, width));
    const breaks = [' ', '-,/'].map((marks) => fitting.findLastIndex((one) => marks.includes(one)) + 1);
    const end = breaks.find((at) => at > fitting.length / 2) ?? fitting.length;
    lines.push(rest.slice(0, end).join('').trimEnd());
    rest = Array.from(rest.slice(end).join('').trimStart());
  }
  if (columnsOf(rest) > width) rest = [...rest.slice(0, countWithin(rest, width - 1)), '…'];
  return [...lines, rest.join('')];
}

function columnsOf(letters: readonly string[]): number {
  return letters.reduce((sum, letter) => sum + widthOf(letter), 0);
}

/** How many letters fit into a width; at least one. */
function countWithin(letters: readonly string[], width: number): number {
  let used = 0;
  const count = letters.findIndex((letter) => (used += widthOf(letter)) > width);
  return Math.max(1, count < 0 ? letters.length : count);
}

/** Letters beyond those of Latin, Greek and Cyrillic may be twice as wide. */
function widthOf(letter: string): number {
  return (letter.codePointAt(0) ?? 0) >= 0x1100 ? 2 : 1;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A text as XML has it; characters that XML cannot have are replaced, half of a pair among them. */
function escape(said: string): string {
  return (
    said
      // eslint-disable-next-line no-control-regex
      .replace(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\uFFFE\uFFFF]|\p{Surrogate}/gu, '\uFFFD')
      .replace(/[&<>"]/g, (mark) => entities[mark] ?? mark)
  );
}
