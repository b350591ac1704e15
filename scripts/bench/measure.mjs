// @ts-check
/** What is measured, and how: the servers in turn, with the same edits of the same files. */
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { openDocument, waysOfDiagnostics } from './document.mjs';
import { generateValues, inWords } from './files.mjs';
import { pause, startServer } from './languageServer.mjs';
import { peerDelay } from './peer.mjs';
import { median, quantile, quotient } from './statistics.mjs';
import { completionBlocks, hoverPositions, keystrokesIn, mistakes } from './typing.mjs';

/**
 * @typedef {import('./document.mjs').OpenDocument} OpenDocument
 * @typedef {import('./languageServer.mjs').LanguageServer} LanguageServer
 * @typedef {import('./languageServer.mjs').ServerDefinition} ServerDefinition
 * @typedef {import('./table.mjs').Row} Row
 * @typedef {import('./table.mjs').Table} Table
 * @typedef {import('./typing.mjs').Keystroke} Keystroke
 *
 * @typedef {'ours' | 'peer'} Side
 *
 * @typedef {object} Contestant
 * @property {Side} side
 * @property {ServerDefinition} definition
 *
 * @typedef {'hover' | 'codeAction' | 'completion'} FeatureName
 *
 * @typedef {object} Feature
 * @property {number[]} times
 * @property {number} places where it was asked for
 * @property {number} answered at how many of them there was something to show
 *
 * @typedef {object} Session a server with a file open
 * @property {Side} side
 * @property {LanguageServer} server
 * @property {number} secondsLeft until it has to be done
 * @property {OpenDocument} [document]
 *
 * @typedef {object} Bench
 * @property {readonly Contestant[]} contestants this project's server first, in each comparison
 * @property {boolean} quick
 * @property {(text: string) => void} note for a sentence that belongs under the tables
 * @property {(text: string) => void} progress
 */

/** How long a server may take for one thing, with a file of a usual length. */
const seconds = 60;

/** With fewer keystrokes than these, nothing is said of them. */
const enoughKeystrokes = 20;

/** How often the same question is asked at one place. */
const repetitions = 5;

/** What was measured of one server. */
class Samples {
  /** @type {number[]} */ start = [];
  /** @type {number[]} */ cold = [];
  /** @type {number[]} */ again = [];
  /** @type {number[]} */ keystrokes = [];
  /** @type {number[]} how long the messages with diagnostics were */ bytes = [];
  /** How many keystrokes brought other diagnostics than the one before. */
  changes = 0;
  /** @type {Record<FeatureName, Feature>} */ features = {
    hover: { times: [], places: 0, answered: 0 },
    codeAction: { times: [], places: 0, answered: 0 },
    completion: { times: [], places: 0, answered: 0 },
  };
  /** @type {number[]} */ memoryAfterOpening = [];
  /** @type {number[]} */ memoryAfterTyping = [];
}

/** @typedef {Record<Side, Samples>} BothSamples */

/** @returns {BothSamples} */
const noSamples = () => ({ ours: new Samples(), peer: new Samples() });

/**
 * From the start of a process to its answer to `initialize`.
 * @param {Bench} bench
 * @returns {Promise<Table>}
 */
export async function measureStart(bench) {
  const samples = noSamples();
  const contestants = [...bench.contestants];
  const runs = bench.quick ? 3 : 11;
  bench.progress(`start: ${runs} processes of each server`);
  for (let run = 0; run < runs; run++) {
    await inTurn(bench, contestants, 'start', async ({ side, definition }) => {
      const server = startServer(definition);
      try {
        samples[side].start.push(await server.within(seconds, server.initialize));
      } finally {
        await server.stop();
      }
    });
  }
  return {
    title: 'Start',
    rows: [row('process started to `initialize` answered', 'ms', samples, ({ start }) => median(start))],
  };
}

/**
 * Everything that an editor does with one file of a usual length.
 * @param {Bench} bench
 * @param {import('./files.mjs').Chart} chart
 * @returns {Promise<Table>}
 */
export async function measureChart(bench, { title, text }) {
  const samples = noSamples();
  const contestants = [...bench.contestants];
  /** @type {Map<Side, LanguageServer>} */
  const servers = new Map();
  try {
    const processes = bench.quick ? 2 : 7;
    bench.progress(`open: ${processes} processes of each server`);
    for (let run = 0; run < processes; run++) {
      await inTurn(bench, contestants, 'open', async ({ side, definition }) => {
        await servers.get(side)?.stop();
        const server = startServer(definition);
        servers.set(side, server);
        await server.within(seconds, () => openFirst(server, text, samples[side]));
      });
    }

    const reopenings = bench.quick ? 3 : 7;
    /** @type {Map<Side, OpenDocument>} */
    const documents = new Map();
    for (let run = 0; run < reopenings; run++) {
      await inTurn(bench, contestants, 'open', async ({ side }) => {
        documents.get(side)?.close();
        const server = of(servers, side);
        const uri = `file:///bench/values-again-${run}.yaml`;
        const document = await server.within(seconds, () => openDocument(server, uri, text));
        documents.set(side, document);
        samples[side].again.push(document.opened.ms);
      });
    }

    const words = keystrokesIn(text, bench.quick);
    const rounds = bench.quick ? 1 : 2;
    bench.progress(`keystrokes: ${rounds * words.flat().length} with each server`);
    for (const word of Array.from({ length: rounds }, () => words).flat()) {
      await inTurn(bench, contestants, 'keystrokes', async ({ side }) => {
        const server = of(servers, side);
        const document = of(documents, side);
        await server.within(seconds, () => type(bench, server, document, word, samples[side]));
      });
    }
    bench.note(`New diagnostics after a keystroke: ${eachOf(contestants, samples, changesIn)}.`);

    bench.progress('hover, code actions, completion');
    await inTurn(bench, contestants, 'hover, code actions, completion', async ({ side }) => {
      const server = of(servers, side);
      const document = of(documents, side);
      await server.within(seconds, () => askForFeatures(server, document, text, samples[side]));
    });
    bench.note(`Places with something to show: ${eachOf(contestants, samples, answersIn)}.`);

    bench.progress('pipe and JSON alone');
    const echo = await measureEcho(bench, text, words, of(servers, 'ours'), samples.ours);
    return { title: capitalized(title), rows: [...chartRows(samples), ...echo] };
  } finally {
    for (const server of servers.values()) await server.stop();
  }
}

/**
 * How the time for a keystroke grows with the file.
 * @param {Bench} bench
 * @returns {Promise<Table[]>}
 */
export async function measureSizes(bench) {
  const sizes = bench.quick ? [150, 4500, 45_000] : [150, 4500, 45_000, 450_000];
  /** @type {Map<number, BothSamples>} */
  const bySize = new Map();
  for (const size of sizes) {
    bench.progress(`${inWords(size)} lines`);
    bySize.set(size, await measureSize(bench, size));
  }
  return [
    {
      title: 'Generated values files',
      rows: [...bySize].flatMap(([size, samples]) => sizeRows(size, samples)),
    },
    { title: 'Growth of the median keystroke', rows: growthRows(bySize) },
  ];
}

/**
 * One generated file, in a fresh process of each server, which gives up when its time is over.
 * @param {Bench} bench
 * @param {number} size
 */
async function measureSize(bench, size) {
  const limit = bench.quick ? 20 : 60;
  const samples = noSamples();
  const text = generateValues(size);
  const words = keystrokesIn(text, bench.quick);
  const count = words.flat().length;
  /** @type {Set<Session>} */
  const sessions = new Set();

  /**
   * @param {Session} session
   * @param {() => Promise<void>} work
   */
  async function turn(session, work) {
    const { server, side } = session;
    const began = performance.now();
    try {
      await server.within(session.secondsLeft, work);
      session.secondsLeft -= (performance.now() - began) / 1000;
    } catch (error) {
      sessions.delete(session);
      const { cold, keystrokes } = samples[side];
      const progress =
        cold.length === 0
          ? 'the file was not open yet'
          : `${keystrokes.length} of ${count} keystrokes were answered`;
      bench.note(`${inWords(size)} lines: ${messageOf(error)} (limit: ${limit} s): ${progress}.`);
      await server.stop();
    }
  }

  try {
    for (const { side, definition } of bench.contestants) {
      /** @type {Session} */
      const session = { side, server: startServer(definition), secondsLeft: limit };
      sessions.add(session);
      await turn(session, async () => {
        session.document = await openFirst(session.server, text, samples[side]);
      });
    }
    for (const word of words) {
      for (const session of [...sessions]) {
        const { side, server, document } = session;
        if (document) await turn(session, () => type(bench, server, document, word, samples[side]));
      }
    }
    return samples;
  } finally {
    for (const { server } of sessions) await server.stop();
  }
}

/**
 * Opens a document as the first one of a process.
 * @param {LanguageServer} server not initialised yet
 * @param {string} text
 * @param {Samples} samples
 */
async function openFirst(server, text, samples) {
  await server.initialize();
  // What the server still has to do for its start is not to be counted for the file.
  await pause(100);
  const document = await openDocument(server, 'file:///bench/values.yaml', text);
  samples.cold.push(document.opened.ms);
  addMemory(samples.memoryAfterOpening, server);
  return document;
}

/**
 * Types key after key, each when the last one's diagnostics are there.
 * @param {Bench} bench
 * @param {LanguageServer} server
 * @param {OpenDocument} document
 * @param {readonly Keystroke[]} keystrokes which in the end leave the text as it was
 * @param {Samples} samples
 */
async function type(bench, server, document, keystrokes, samples) {
  const before = JSON.stringify(document.diagnostics());
  for (const { range, text } of keystrokes) {
    const answer = await document.edit(range, text);
    samples.keystrokes.push(answer.ms);
    samples.bytes.push(answer.bytes);
    if (answer.changed) samples.changes++;
  }
  addMemory(samples.memoryAfterTyping, server);
  if (JSON.stringify(document.diagnostics()) !== before) {
    bench.note(`${server.name} says something else of the same text after the edits than before them.`);
  }
}

/**
 * Asks for what an editor shows on demand, of a document at rest.
 * @param {LanguageServer} server
 * @param {OpenDocument} document
 * @param {string} text
 * @param {Samples} samples
 */
async function askForFeatures(server, document, text, { features }) {
  const textDocument = { uri: document.uri };
  /**
   * @param {FeatureName} name
   * @param {object} params
   */
  const ask = async (name, params) => {
    const feature = features[name];
    for (let repetition = 0; repetition < repetitions; repetition++) {
      const { ms, result } = await server.request(`textDocument/${name}`, { textDocument, ...params });
      feature.times.push(ms);
      if (repetition > 0) continue;
      feature.places++;
      if (saysSomething(result)) feature.answered++;
    }
  };

  for (const position of hoverPositions(text)) await ask('hover', { position });

  const mistaken = mistakes(text);
  for (const { start, text: typed } of mistaken) await document.edit({ start, end: start }, typed);
  for (const { start, end } of mistaken) {
    const diagnostics = document.diagnostics().filter(({ range }) => range.start.line === start.line);
    await ask('codeAction', { range: { start, end }, context: { diagnostics } });
  }
  for (const { start, end } of mistaken) await document.edit({ start, end }, '');

  for (const { start, block, blockEnd, emptied, emptiedEnd } of completionBlocks(text)) {
    await document.edit({ start, end: blockEnd }, emptied);
    await ask('completion', { position: emptiedEnd });
    await document.edit({ start, end: emptiedEnd }, block);
  }
}

/** @param {unknown} result */
function saysSomething(result) {
  if (typeof result !== 'object' || result === null) return false;
  const list = Array.isArray(result) ? result : 'items' in result ? result.items : undefined;
  return !Array.isArray(list) || list.length > 0;
}

/**
 * What no server can do without: the same messages to a process that only parses them, with answers as long.
 * @param {Bench} bench
 * @param {string} text
 * @param {readonly (readonly Keystroke[])[]} words
 * @param {LanguageServer} ours whose way of diagnostics is imitated
 * @param {Samples} ourSamples
 * @returns {Promise<Row[]>}
 */
async function measureEcho(bench, text, words, ours, ourSamples) {
  const samples = new Samples();
  const bytes = String(median(ourSamples.bytes) ?? 0);
  const echo = startServer({
    name: 'echo',
    command: [path.join(import.meta.dirname, 'echo.mjs'), waysOfDiagnostics(ours.capabilities), bytes],
    settings: () => undefined,
  });
  try {
    await echo.within(seconds, async () => {
      const document = await openFirst(echo, text, samples);
      for (let round = 0; round < 2; round++) await type(bench, echo, document, words.flat(), samples);
    });
  } finally {
    await echo.stop();
  }
  return keystrokeFigures.map(({ name, share }) => ({
    figure: `keystroke with no server behind it, only pipe and JSON: ${name}`,
    unit: 'ms',
    ours: quantile(samples.keystrokes, share),
  }));
}

const keystrokeFigures = [
  { name: 'median', share: 0.5 },
  { name: 'p95', share: 0.95 },
  { name: 'p99', share: 0.99 },
];

/**
 * @param {Samples} samples
 * @param {number} share
 */
function keystrokeQuantile({ keystrokes }, share) {
  return keystrokes.length < enoughKeystrokes ? undefined : quantile(keystrokes, share);
}

/**
 * @param {BothSamples} samples
 * @returns {Row[]}
 */
function chartRows(samples) {
  return [
    row('open to diagnostics, first file of a process', 'ms', samples, ({ cold }) => median(cold), true),
    row('open to diagnostics, same content again', 'ms', samples, ({ again }) => median(again), true),
    ...keystrokeRows('', samples),
    row('hover', 'ms', samples, ({ features }) => median(features.hover.times)),
    row('code actions', 'ms', samples, ({ features }) => median(features.codeAction.times)),
    row('completion', 'ms', samples, ({ features }) => median(features.completion.times)),
    row('peak memory after opening', 'bytes', samples, (of) => median(of.memoryAfterOpening)),
    row('peak memory after the keystrokes', 'bytes', samples, (of) => of.memoryAfterTyping.at(-1)),
  ];
}

/**
 * @param {number} size
 * @param {BothSamples} samples
 * @returns {Row[]}
 */
function sizeRows(size, samples) {
  const lines = `${inWords(size)} lines: `;
  return [
    row(`${lines}open to diagnostics`, 'ms', samples, ({ cold }) => cold[0], true),
    ...keystrokeRows(lines, samples),
    row(`${lines}peak memory`, 'bytes', samples, (of) => of.memoryAfterTyping.at(-1)),
  ];
}

/**
 * @param {string} prefix
 * @param {BothSamples} samples
 */
function keystrokeRows(prefix, samples) {
  return keystrokeFigures.map(({ name, share }) =>
    row(
      `${prefix}keystroke to diagnostics, ${name}`,
      'ms',
      samples,
      (of) => keystrokeQuantile(of, share),
      true,
    ),
  );
}

/**
 * How many times as long a keystroke takes in the next larger file.
 * @param {Map<number, BothSamples>} bySize
 * @returns {Row[]}
 */
function growthRows(bySize) {
  const sizes = [...bySize].filter(([size]) => size >= 4500);
  return sizes.slice(1).map(([size, samples], index) => {
    const [smaller, samplesBefore] = sizes[index] ?? [size, samples];
    const now = medianRow(samples);
    const before = medianRow(samplesBefore);
    return {
      figure: `${inWords(smaller)} to ${inWords(size)} lines`,
      unit: 'times',
      ours: quotient(now.ours, before.ours),
      peer: quotient(now.peer, before.peer),
      peerWithoutDelay: quotient(now.peerWithoutDelay, before.peerWithoutDelay),
    };
  });
}

/** @param {BothSamples} samples */
function medianRow(samples) {
  return row('median', 'ms', samples, (of) => keystrokeQuantile(of, 0.5), true);
}

/**
 * @param {string} figure
 * @param {Row['unit']} unit
 * @param {BothSamples} samples
 * @param {(samples: Samples) => number | undefined} read
 * @param {boolean} [delayed] whether the peer's fixed delay is part of its figure
 * @returns {Row}
 */
function row(figure, unit, samples, read, delayed = false) {
  const peer = read(samples.peer);
  return {
    figure,
    unit,
    ours: read(samples.ours),
    peer,
    ...(delayed && peer !== undefined ? { peerWithoutDelay: peer - peerDelay } : {}),
  };
}

/**
 * Lets each server do something, one after the other. A peer that fails is left out from then on, and a note says so.
 * @param {Bench} bench
 * @param {Contestant[]} contestants
 * @param {string} what
 * @param {(contestant: Contestant) => Promise<void>} work
 */
async function inTurn(bench, contestants, what, work) {
  for (const contestant of [...contestants]) {
    try {
      await work(contestant);
    } catch (error) {
      if (contestant.side === 'ours') throw error;
      contestants.splice(contestants.indexOf(contestant), 1);
      bench.note(`${capitalized(what)}: ${messageOf(error)}; it is left out from there on.`);
    }
  }
}

/**
 * A list of what there is to say of each server.
 * @param {readonly Contestant[]} contestants
 * @param {BothSamples} samples
 * @param {(samples: Samples) => string} describe
 */
function eachOf(contestants, samples, describe) {
  return contestants.map(({ side, definition: { name } }) => `${name} ${describe(samples[side])}`).join('; ');
}

/** @param {Samples} samples */
function changesIn({ changes, keystrokes }) {
  return `${changes} of ${keystrokes.length}`;
}

/** @param {Samples} samples */
function answersIn({ features: { hover, codeAction, completion } }) {
  const counts = [
    ['hover', hover],
    ['code actions', codeAction],
    ['completion', completion],
  ];
  return /** @type {[string, Feature][]} */ (counts)
    .map(([name, { answered, places }]) => `${name} ${answered} of ${places}`)
    .join(', ');
}

/**
 * @param {number[]} samples
 * @param {LanguageServer} server
 */
function addMemory(samples, server) {
  const bytes = server.peakMemory();
  if (bytes !== undefined) samples.push(bytes);
}

/**
 * @template T
 * @param {Map<Side, T>} map
 * @param {Side} side
 */
function of(map, side) {
  const value = map.get(side);
  if (value === undefined) throw new Error(`Nothing is open on the side "${side}".`);
  return value;
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/** @param {string} text */
function capitalized(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
