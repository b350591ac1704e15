// @ts-check
/** A document that an editor has opened with a server, and how the editor gets to its diagnostics. */
import { frame } from './frames.mjs';

/**
 * @typedef {import('vscode-languageserver').Diagnostic} Diagnostic
 * @typedef {import('vscode-languageserver').Position} Position
 * @typedef {import('vscode-languageserver').Range} Range
 * @typedef {import('./languageServer.mjs').LanguageServer} LanguageServer
 *
 * @typedef {object} Answer
 * @property {number} ms from sending the text or the change to having read the last byte of its diagnostics
 * @property {number} bytes the length of the message with the diagnostics
 * @property {boolean} changed whether they are others than before
 *
 * @typedef {object} OpenDocument
 * @property {string} uri
 * @property {Answer} opened
 * @property {() => readonly Diagnostic[]} diagnostics those of the newest version
 * @property {(range: Range, text: string) => Promise<Answer>} edit
 * @property {() => void} close
 *
 * @typedef {object} Exchange
 * @property {number} ms
 * @property {number} bytes
 * @property {readonly Diagnostic[] | undefined} diagnostics undefined: the same as before
 *
 * @typedef {(message: Buffer, uri: string, version: number) => Promise<Exchange>} Strategy
 *   Sends a change, and resolves with the diagnostics for it.
 */

/**
 * How a server wants it, by its own word.
 * @param {import('vscode-languageserver').ServerCapabilities} capabilities
 * @returns {'pull' | 'push'}
 */
export function waysOfDiagnostics({ diagnosticProvider }) {
  return diagnosticProvider === undefined ? 'push' : 'pull';
}

const strategies = { pull, push };

/**
 * The client asks together with the change.
 * @param {LanguageServer} server
 * @returns {Strategy}
 */
function pull(server) {
  /** @type {string | undefined} */
  let previousResultId;
  return async (message, uri) => {
    const { bytes, answer } = server.prepare('textDocument/diagnostic', {
      textDocument: { uri },
      ...(previousResultId === undefined ? {} : { previousResultId }),
    });
    const sent = server.send(message, bytes);
    const arrival = await answer;
    const report = /** @type {import('vscode-languageserver').DocumentDiagnosticReport} */ (arrival.content);
    previousResultId = report.resultId;
    const diagnostics = report.kind === 'full' ? report.items : undefined;
    return { ms: arrival.at - sent, bytes: arrival.bytes, diagnostics };
  };
}

/**
 * The server sends them when it has them: with the version they are for, or else they are taken for the newest one's.
 * @param {LanguageServer} server
 * @returns {Strategy}
 */
function push(server) {
  return async (message, uri, version) => {
    const published = server.next('textDocument/publishDiagnostics', (content) => {
      const params = /** @type {import('vscode-languageserver').PublishDiagnosticsParams} */ (content);
      return params.uri === uri && (params.version ?? version) === version;
    });
    const sent = server.send(message);
    const arrival = await published;
    const { diagnostics } = /** @type {import('vscode-languageserver').PublishDiagnosticsParams} */ (
      arrival.content
    );
    return { ms: arrival.at - sent, bytes: arrival.bytes, diagnostics };
  };
}

/**
 * Opens a document and waits for its diagnostics.
 * @param {LanguageServer} server
 * @param {string} uri
 * @param {string} text
 * @returns {Promise<OpenDocument>}
 */
export async function openDocument(server, uri, text) {
  const exchange = strategies[waysOfDiagnostics(server.capabilities)](server);
  let version = 1;
  /** @type {readonly Diagnostic[]} */
  let diagnostics = [];
  let printed = '[]';

  /**
   * @param {string} method
   * @param {object} params
   * @returns {Promise<Answer>}
   */
  async function notify(method, params) {
    const answer = await exchange(frame({ method, params }), uri, version);
    const before = printed;
    if (answer.diagnostics !== undefined) {
      diagnostics = answer.diagnostics;
      printed = JSON.stringify(diagnostics);
    }
    return { ms: answer.ms, bytes: answer.bytes, changed: printed !== before };
  }

  const opened = await notify('textDocument/didOpen', {
    textDocument: { uri, languageId: 'yaml', version, text },
  });
  return {
    uri,
    opened,
    diagnostics: () => diagnostics,
    edit(range, newText) {
      version++;
      return notify('textDocument/didChange', {
        textDocument: { uri, version },
        contentChanges: [{ range, text: newText }],
      });
    },
    close() {
      server.send(frame({ method: 'textDocument/didClose', params: { textDocument: { uri } } }));
    },
  };
}
