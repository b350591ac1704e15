// @ts-check
/** Where in a values file something is typed, and what. The same places are there in every file of files.mjs. */

/**
 * @typedef {import('vscode-languageserver').Position} Position
 * @typedef {import('vscode-languageserver').Range} Range
 *
 * @typedef {object} Place
 * @property {string} entry the top-level key under which to look
 * @property {RegExp} after the text behind which the cursor is
 * @property {string} typed
 *
 * @typedef {object} Keystroke
 * @property {Range} range
 * @property {string} text
 */

/** Return, with the indentation that an editor adds to it. */
const newLine = (/** @type {number} */ indent) => `\n${' '.repeat(indent)}`;

/**
 * In the order in which they are typed. Some words make the file wrong with every key or with some of them, others
 * change nothing that a server would say.
 * @type {readonly Place[]}
 */
const places = [
  { entry: 'scheduler', after: /automountServiceAccountToken: \w+/, typed: 'ish' },
  { entry: 'fullnameOverride', after: /: ""/, typed: ' # mine' },
  { entry: 'workers', after: /automountServiceAccountToken: \w+/, typed: 'ly' },
  { entry: 'scheduler', after: /serviceAccountTokenVolume:/, typed: `${newLine(6)}mode` },
  { entry: 'dags', after: /branch: [\w-]+/, typed: '-next' },
  { entry: 'scheduler', after: /expirationSeconds: 3600/, typed: '00000' },
  { entry: 'cleanup', after: /automountServiceAccountToken: \w+/, typed: 'ly' },
  { entry: 'executor', after: /"\w+/, typed: ',Kube' },
  { entry: 'config', after: /load_examples: '\w+/, typed: 'ish' },
  { entry: 'webserver', after: /replicas: 1/, typed: '0x' },
  { entry: 'logs', after: /size: 100Gi/, typed: ' # ok' },
];

/** How many places a quick run does with. */
const quickPlaces = 4;

/**
 * Everything that is typed into a file in one round: at each place a word, key by key, and then backwards, which leaves
 * the text as it was.
 * @param {string} text
 * @param {boolean} quick whether a few places will do
 * @returns {Keystroke[][]} one list for each place
 */
export function keystrokesIn(text, quick) {
  const typed = [
    ...places.slice(0, quick ? quickPlaces : places.length).map((place) => ({
      offset: offsetOf(text, place),
      typed: place.typed,
    })),
    { offset: middleOffset(text), typed: ' ok' },
  ];
  return typed.map(({ offset, typed: word }) => {
    let position = positionAt(text, offset);
    const there = keysFor(word).map((key) => {
      const start = position;
      position = behind(start, key);
      return { start, end: position, key };
    });
    return [
      ...there.map(({ start, key }) => ({ range: { start, end: start }, text: key })),
      ...there.toReversed().map(({ start, end }) => ({ range: { start, end }, text: '' })),
    ];
  });
}

/**
 * The keys that make a text; one makes a line break with the indentation behind it.
 * @param {string} typed
 * @returns {string[]}
 */
function keysFor(typed) {
  return typed.match(/\n *|./g) ?? [];
}

/**
 * Where a hover is asked for: keys that both the extension and the chart's schema know.
 * @param {string} text
 */
export function hoverPositions(text) {
  return [
    { entry: 'executor', after: /exec/ },
    { entry: 'scheduler', after: /^ *automountService/m },
    { entry: 'scheduler', after: /^ *serviceAccountToken/m },
    { entry: 'scheduler', after: /^ *mountPa/m },
    { entry: 'scheduler', after: /^ *expiration/m },
    { entry: 'workers', after: /^ *automountService/m },
    { entry: 'cleanup', after: /^ *automountService/m },
  ].map((place) => positionAt(text, offsetOf(text, place)));
}

/**
 * Where completions are asked for: blocks that both the extension and the chart's schema have keys for, and that are
 * to be emptied before.
 * @param {string} text
 */
export function completionBlocks(text) {
  return ['scheduler', 'cleanup'].map((entry) => {
    const after = /^ {2}serviceAccount:/m;
    const offset = offsetOf(text, { entry, after });
    const content = /(?:\n(?: {4}.*)?(?=\n))+/y;
    content.lastIndex = offset;
    const [block = ''] = content.exec(text) ?? [];
    const start = positionAt(text, offset);
    const emptied = newLine(4);
    return { start, block, blockEnd: behind(start, block), emptied, emptiedEnd: behind(start, emptied) };
  });
}

/**
 * Mistakes that both the extension and the chart's schema have something to say about.
 * @param {string} text
 */
export function mistakes(text) {
  return ['scheduler', 'workers', 'cleanup'].map((entry) =>
    insertion(text, { entry, after: /automountServiceAccountToken: \w+/ }, 'ly'),
  );
}

/**
 * @param {string} text
 * @param {Pick<Place, 'entry' | 'after'>} place
 * @param {string} inserted
 */
function insertion(text, place, inserted) {
  const start = positionAt(text, offsetOf(text, place));
  return { start, end: behind(start, inserted), text: inserted };
}

/**
 * Behind the first line in the second half of the file that reads like a comment.
 * @param {string} text
 */
function middleOffset(text) {
  const half = Math.floor(text.length / 2);
  const found = /^ *# \w.*$/m.exec(text.slice(half));
  if (!found) throw new Error('There is no comment in the second half of the file.');
  return half + found.index + found[0].length;
}

/**
 * @param {string} text
 * @param {Pick<Place, 'entry' | 'after'>} place
 */
function offsetOf(text, { entry, after }) {
  const start = text.search(new RegExp(`^${entry}:`, 'm'));
  const found = start < 0 ? null : after.exec(text.slice(start));
  if (!found) throw new Error(`There is no ${String(after)} under ${entry}.`);
  return start + found.index + found[0].length;
}

/**
 * @param {string} text
 * @param {number} offset
 * @returns {Position}
 */
function positionAt(text, offset) {
  let line = 0;
  let lineStart = 0;
  for (let end = text.indexOf('\n'); end >= 0 && end < offset; end = text.indexOf('\n', lineStart)) {
    line++;
    lineStart = end + 1;
  }
  return { line, character: offset - lineStart };
}

/**
 * The position behind an inserted text.
 * @param {Position} start
 * @param {string} text
 * @returns {Position}
 */
function behind(start, text) {
  const lines = text.split('\n');
  const last = lines.at(-1) ?? '';
  return lines.length === 1
    ? { line: start.line, character: start.character + last.length }
    : { line: start.line + lines.length - 1, character: last.length };
}
