// @ts-check
/**
 * How fast the language server is, next to the one that most people have for values files today: both are given the
 * same edits of the same files, in turn. Prints what was measured and holds nothing against it.
 */
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { waysOfDiagnostics } from './bench/document.mjs';
import { chartFiles } from './bench/files.mjs';
import { startServer } from './bench/languageServer.mjs';
import { measureChart, measureSizes, measureStart } from './bench/measure.mjs';
import { appliesSchema, ensurePeer, peerDefinition, peerName } from './bench/peer.mjs';
import { printTable, rowForPrograms } from './bench/table.mjs';
import { run } from './editor/programs.mjs';
import { root } from './paths.mjs';

const usage = `npm run bench -- [options]

  --only start|chart|sizes  one part: the start of a process, the chart's own values file, generated files
  --no-peer                 this server alone, without ${peerName}
  --quick                   fewer files, processes and keystrokes, for a first look
  --server FILE             a built server; by default dist/server.js, built anew
  --markdown                the tables as Markdown
  --json FILE               the figures as JSON, too; - for stdout, instead of the tables
  --help                    this text`;

/** @typedef {import('./bench/measure.mjs').Contestant} Contestant */

const flags = readFlags();
/** How many processes wanted a core in the last minute: with more than there are cores, the figures are too high. */
const loadBefore = os.loadavg()[0] ?? 0;
try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

async function main() {
  const started = performance.now();
  /** @type {string[]} */
  const notes = [];
  const note = (/** @type {string} */ text) => void notes.push(text);
  const progress = (/** @type {string} */ text) => {
    console.error(`${Math.round((performance.now() - started) / 1000)} s: ${text} …`);
  };

  const chart = chartFiles();
  const ours = await ourContestant(progress);
  const peer = flags.peer ? await peerContestant(chart.schema, note) : undefined;
  const bench = { contestants: peer ? [ours, peer] : [ours], quick: flags.quick, note, progress };
  note(`Diagnostics: ${await describeWays(bench.contestants)}.`);

  const tables = [
    ...(wants('start') ? [await measureStart(bench)] : []),
    ...(wants('chart') ? [await measureChart(bench, chart)] : []),
    ...(wants('sizes') ? await measureSizes(bench) : []),
  ];
  note(`All of it took ${Math.round((performance.now() - started) / 1000)} s.`);
  report(tables, notes, peer !== undefined);
}

/**
 * @param {(text: string) => void} progress
 * @returns {Promise<Contestant>}
 */
async function ourContestant(progress) {
  if (flags.server === undefined) {
    progress('building the server');
    await run(process.execPath, [path.join(root, 'scripts', 'build.mjs'), '--minify'], { seconds: 120 });
  }
  const main = path.resolve(flags.server ?? path.join(root, 'dist', 'server.js'));
  return {
    side: 'ours',
    // The user has set nothing.
    definition: { name: 'this server', command: [main, '--stdio'], settings: () => undefined },
  };
}

/**
 * @param {string | undefined} schema
 * @param {(text: string) => void} note
 * @returns {Promise<Contestant | undefined>}
 */
async function peerContestant(schema, note) {
  try {
    const definition = peerDefinition(await ensurePeer(), schema);
    if (schema === undefined) note(`${peerName} runs without a schema: there is none beside the repository.`);
    else note(`${peerName}: schema applied: ${(await appliesSchema(definition)) ? 'yes' : 'no'}.`);
    return { side: 'peer', definition };
  } catch (error) {
    note(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

/** @param {readonly Contestant[]} contestants */
async function describeWays(contestants) {
  const ways = [];
  for (const { definition } of contestants) {
    const server = startServer(definition);
    try {
      await server.within(30, server.initialize);
      const way = waysOfDiagnostics(server.capabilities);
      ways.push(`${definition.name} ${way === 'pull' ? 'is asked for them' : 'sends them'} (${way})`);
    } finally {
      await server.stop();
    }
  }
  return ways.join(', ');
}

/**
 * @param {import('./bench/table.mjs').Table[]} tables
 * @param {string[]} notes
 * @param {boolean} withPeer
 */
function report(tables, notes, withPeer) {
  const [cpu] = os.cpus();
  const machine = {
    cpu: cpu?.model.trim() ?? 'unknown',
    cores: os.cpus().length,
    node: process.version,
    os: `${os.type()} ${os.release()} ${os.arch()}`,
    loadBefore,
  };
  if (flags.json !== undefined) {
    const forPrograms = tables.map(({ title, rows }) => ({ title, rows: rows.map(rowForPrograms) }));
    const json = { machine, peer: withPeer ? peerName : null, tables: forPrograms, notes };
    const text = `${JSON.stringify(json, undefined, 2)}\n`;
    if (flags.json === '-') {
      process.stdout.write(text);
      return;
    }
    writeFileSync(flags.json, text);
  }
  const { markdown } = flags;
  const { cpu: model, cores, node, os: system } = machine;
  const load = `load average before the run ${loadBefore.toFixed(1)}`;
  const lines = [`${model}, ${cores} cores, Node.js ${node}, ${system}, ${load}`, ...notes];
  console.log(
    [
      ...tables.map((table) => printTable(table, { markdown, withPeer })),
      lines.map((line) => (markdown ? `- ${line}` : line)).join('\n'),
    ].join('\n\n'),
  );
}

/** @param {'start' | 'chart' | 'sizes'} part */
function wants(part) {
  return flags.only === undefined || flags.only === part;
}

function readFlags() {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string' },
        'no-peer': { type: 'boolean', default: false },
        quick: { type: 'boolean', default: false },
        server: { type: 'string' },
        markdown: { type: 'boolean', default: false },
        json: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      console.log(usage);
      process.exit(0);
    }
    if (values.only !== undefined && !['start', 'chart', 'sizes'].includes(values.only)) {
      throw new Error(`There is no part "${values.only}".`);
    }
    return { ...values, peer: !values['no-peer'] };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exit(2);
  }
}
