// @ts-check
/**
 * No language server, only its pipe and its JSON: parses each message as a server has to, and has an answer of a given
 * length ready. What it needs for a keystroke is what no server can do without.
 *
 *     node scripts/bench/echo.mjs pull|push BYTES
 */
import process from 'node:process';
import { frame, frameReader } from './frames.mjs';

/** @typedef {{ uri: string, version: number }} Version */

const [way, bytes] = process.argv.slice(2);
const pulls = way === 'pull';
const filler = 'x'.repeat(Number(bytes));

process.stdin.on(
  'data',
  frameReader((body) => {
    /** @type {unknown} */
    const message = JSON.parse(body.toString());
    const { id, method, params } =
      /** @type {{ id?: number, method: string, params: { textDocument: Version } }} */ (message);
    if (method === 'initialize') {
      reply({ id, result: { capabilities: pulls ? { diagnosticProvider: {} } : {} } });
    } else if (method === 'textDocument/diagnostic') {
      reply({ id, result: { kind: 'full', items: [{ message: filler }] } });
    } else if (!pulls && (method === 'textDocument/didOpen' || method === 'textDocument/didChange')) {
      const { uri, version } = params.textDocument;
      reply({
        method: 'textDocument/publishDiagnostics',
        params: { uri, version, diagnostics: [{ message: filler }] },
      });
    }
  }),
);

/** @param {object} message */
function reply(message) {
  process.stdout.write(frame(message));
}
