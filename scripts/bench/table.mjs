// @ts-check
/** Figures as a table: for a terminal, or as Markdown. */
import { inWords } from './files.mjs';
import { peerDelay, peerName } from './peer.mjs';
import { quotient } from './statistics.mjs';

/**
 * @typedef {object} Row
 * @property {string} figure
 * @property {'ms' | 'bytes' | 'times'} unit
 * @property {number | undefined} ours
 * @property {number | undefined} [peer]
 * @property {number | undefined} [peerWithoutDelay] what is left of it without the fixed delay
 *
 * @typedef {object} Table
 * @property {string} title
 * @property {Row[]} rows
 */

const missing = '-';

/**
 * The table with a title above it.
 * @param {Table} table
 * @param {{ markdown: boolean, withPeer: boolean }} options
 */
export function printTable({ title, rows }, { markdown, withPeer }) {
  const withDelay = withPeer && rows.some(({ peerWithoutDelay }) => peerWithoutDelay !== undefined);
  const withRatio = withPeer && rows.some(({ unit }) => unit !== 'times');
  const columns = [
    { name: '', text: (/** @type {Row} */ row) => row.figure },
    { name: 'this server', text: (/** @type {Row} */ { ours, unit }) => quantity(ours, unit) },
    ...when(withPeer, { name: peerName, text: ({ peer, unit }) => quantity(peer, unit) }),
    ...when(withRatio, { name: 'ratio', text: ({ peer, ours }) => ratio(peer, ours) }),
    ...when(withDelay, {
      name: `minus its ${peerDelay} ms delay`,
      text: ({ peerWithoutDelay, unit }) => quantity(peerWithoutDelay, unit),
    }),
    ...when(withDelay && withRatio, {
      name: 'ratio',
      text: ({ peerWithoutDelay, ours }) => ratio(peerWithoutDelay, ours),
    }),
  ];
  const cells = [columns.map(({ name }) => name), ...rows.map((row) => columns.map(({ text }) => text(row)))];
  return markdown ? `### ${title}\n\n${asMarkdown(cells)}` : `${title}\n\n${asText(cells)}`;
}

/**
 * A row as programs read it, with its ratios.
 * @param {Row} row
 */
export function rowForPrograms(row) {
  const { unit, ours, peer, peerWithoutDelay } = row;
  if (unit === 'times') return row;
  return { ...row, ratio: quotient(peer, ours), ratioWithoutDelay: quotient(peerWithoutDelay, ours) };
}

/**
 * @param {boolean} condition
 * @param {{ name: string, text: (row: Row) => string }} column
 */
function when(condition, column) {
  return condition ? [column] : [];
}

/** @param {string[][]} cells */
function asText(cells) {
  const widths = widthsOf(cells);
  return cells
    .map((line) =>
      line
        .map((cell, column) => pad(cell, widths, column))
        .join('   ')
        .trimEnd(),
    )
    .join('\n');
}

/** @param {string[][]} cells */
function asMarkdown(cells) {
  const widths = widthsOf(cells);
  const [header = [], ...lines] = cells.map(
    (line) => `| ${line.map((cell, column) => pad(cell, widths, column)).join(' | ')} |`,
  );
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [header, `| ${rule.join(' | ')} |`, ...lines].join('\n');
}

/** @param {string[][]} cells */
function widthsOf(cells) {
  return (cells[0] ?? []).map((_, column) => Math.max(3, ...cells.map((line) => line[column]?.length ?? 0)));
}

/**
 * Names to the left, figures to the right.
 * @param {string} cell
 * @param {number[]} widths
 * @param {number} column
 */
function pad(cell, widths, column) {
  const width = widths[column] ?? 0;
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}

/**
 * @param {number | undefined} value
 * @param {Row['unit']} unit
 */
function quantity(value, unit) {
  if (value === undefined) return missing;
  if (unit === 'times') return `× ${short(value)}`;
  return unit === 'ms' ? `${short(value)} ms` : `${short(value / 1e6)} MB`;
}

/**
 * @param {number | undefined} peer
 * @param {number | undefined} ours
 */
function ratio(peer, ours) {
  const value = quotient(peer, ours);
  return value === undefined ? missing : short(value);
}

/**
 * About three digits, which is more than two runs agree in.
 * @param {number} value
 */
function short(value) {
  const size = Math.abs(value);
  if (size >= 100) return inWords(Math.round(value));
  return value.toFixed(size >= 10 ? 1 : 2);
}
