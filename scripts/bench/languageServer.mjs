// @ts-check
/** A language server as a process that this one talks to, without any library in between that would cost time. */
import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
// For the signals: it makes them end this process in the way that fires `exit`.
import '../editor/cleanup.mjs';
import { frame, frameReader } from './frames.mjs';

/**
 * @typedef {object} ServerDefinition
 * @property {string} name
 * @property {readonly string[]} command arguments for Node
 * @property {(section: string) => unknown} settings the user's settings, as `workspace/configuration` asks for them
 * @property {string} [asksFirst] the section that the server asks for before it is ready for documents
 *
 * @typedef {object} Arrival
 * @property {number} at when its last byte was read, on the clock of `performance.now()`
 * @property {number} bytes the length of its JSON
 * @property {unknown} content the result of a request, the parameters of a notification
 *
 * @typedef {object} PreparedRequest
 * @property {Buffer} bytes to be sent
 * @property {Promise<Arrival>} answer
 *
 * @typedef {object} LanguageServer
 * @property {string} name
 * @property {number} pid
 * @property {number} started when the process was started
 * @property {import('vscode-languageserver').ServerCapabilities} capabilities empty before `initialize`
 * @property {() => Promise<number>} initialize the milliseconds from the start of the process to the answer
 * @property {(...messages: Buffer[]) => number} send writes all of them at once, and says when
 * @property {(method: string, params: unknown) => PreparedRequest} prepare
 * @property {(method: string, params: unknown) => Promise<{ ms: number, result: unknown }>} request
 * @property {(method: string, fits: (params: unknown) => boolean) => Promise<Arrival>} next
 *   the next notification of that name that fits
 * @property {<T>(seconds: number, work: () => Promise<T>) => Promise<T>} within
 *   does something with the server, which is ended when that takes longer
 * @property {() => number | undefined} peakMemory the most bytes it ever held at once, where the system tells
 * @property {() => Promise<void>} stop
 */

/** What an editor like VS Code can do, as far as it makes a difference here. The same for every server. */
const clientCapabilities = {
  workspace: {
    configuration: true,
    didChangeConfiguration: { dynamicRegistration: true },
    workspaceEdit: { documentChanges: true, changeAnnotationSupport: { groupsOnLabel: true } },
  },
  textDocument: {
    synchronization: { dynamicRegistration: false },
    diagnostic: { dynamicRegistration: false, relatedDocumentSupport: false },
    publishDiagnostics: { versionSupport: true, relatedInformation: true, codeDescriptionSupport: true },
    hover: { contentFormat: ['markdown', 'plaintext'] },
    completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown', 'plaintext'] } },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'source'] } } },
    formatting: { dynamicRegistration: true },
  },
};

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * Starts a server.
 * @param {ServerDefinition} definition
 * @returns {LanguageServer}
 */
export function startServer(definition) {
  const { name, command, settings } = definition;
  const started = performance.now();
  const child = spawn(process.execPath, command, { stdio: 'pipe' });
  running.add(child);

  /** @type {Error | undefined} */
  let failure;
  let stderr = '';
  let lastId = 0;
  /** @type {Map<number, { resolve: (arrival: Arrival) => void, reject: (error: Error) => void }>} */
  const requests = new Map();
  /** @type {Set<{ method: string, fits: (params: unknown) => boolean, resolve: (arrival: Arrival) => void, reject: (error: Error) => void }>} */
  const waiting = new Set();
  /** @type {() => void} */
  let markReady = () => undefined;
  /** @type {Promise<void>} */
  const ready = new Promise((resolve) => {
    markReady = resolve;
  });

  /** @param {Error} error */
  function fail(error) {
    failure ??= error;
    child.kill('SIGKILL');
    for (const { reject } of [...requests.values(), ...waiting]) reject(failure);
    requests.clear();
    waiting.clear();
  }

  /** @type {Promise<void>} */
  const ended = new Promise((resolve) => {
    child.on('error', (error) => {
      fail(error);
      resolve();
    });
    child.on('close', (code, signal) => {
      running.delete(child);
      fail(new Error(`${name} ended (${String(code ?? signal)}). ${stderr.trim().slice(-500)}`.trim()));
      resolve();
    });
  });
  child.stdin.on('error', () => {
    // The process has ended, which its `close` event says.
  });
  child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
    stderr = (stderr + text).slice(-5000);
  });

  let at = 0;
  const read = frameReader((body) => {
    const bytes = body.length;
    /** @type {unknown} */
    const parsed = JSON.parse(body.toString());
    const message = /** @type {Record<string, unknown>} */ (parsed);
    const { id, method, params } = message;
    if (typeof method !== 'string') settle(Number(id), message, bytes);
    else if (id !== undefined) answer(/** @type {number | string} */ (id), method, params);
    else {
      for (const waiter of [...waiting]) {
        if (waiter.method !== method || !waiter.fits(params)) continue;
        waiting.delete(waiter);
        waiter.resolve({ at, bytes, content: params });
      }
    }
  });
  child.stdout.on('data', (/** @type {Buffer} */ chunk) => {
    at = performance.now();
    try {
      read(chunk);
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)));
    }
  });

  /**
   * @param {number} id
   * @param {Record<string, unknown>} response
   * @param {number} bytes
   */
  function settle(id, { result, error }, bytes) {
    const request = requests.get(id);
    requests.delete(id);
    if (error === undefined) request?.resolve({ at, bytes, content: result });
    else request?.reject(new Error(`${name} refused: ${JSON.stringify(error)}`));
  }

  /**
   * Answers what the server asks its client.
   * @param {number | string} id
   * @param {string} method
   * @param {unknown} params
   */
  function answer(id, method, params) {
    if (method !== 'workspace/configuration') {
      // Registrations and refreshes: accepted, and nothing follows from them.
      send(frame({ id, result: null }));
      return;
    }
    const { items } = /** @type {{ items: { section: string }[] }} */ (params);
    const sections = items.map(({ section }) => section);
    send(frame({ id, result: sections.map((section) => settings(section) ?? null) }));
    if (definition.asksFirst !== undefined && sections.includes(definition.asksFirst)) markReady();
  }

  /** @param {Buffer[]} messages */
  function send(...messages) {
    const bytes = messages.length === 1 && messages[0] ? messages[0] : Buffer.concat(messages);
    const sent = performance.now();
    if (failure === undefined) child.stdin.write(bytes);
    return sent;
  }

  /**
   * @param {string} method
   * @param {unknown} params
   * @returns {PreparedRequest}
   */
  function prepare(method, params) {
    const id = ++lastId;
    /** @type {Promise<Arrival>} */
    const answered = new Promise((resolve, reject) => {
      if (failure === undefined) requests.set(id, { resolve, reject });
      else reject(failure);
    });
    return { bytes: frame({ id, method, params }), answer: answered };
  }

  /** @type {LanguageServer} */
  const server = {
    name,
    pid: child.pid ?? 0,
    started,
    capabilities: {},
    send,
    prepare,
    async initialize() {
      const { bytes, answer: answered } = prepare('initialize', {
        processId: process.pid,
        rootUri: null,
        workspaceFolders: null,
        capabilities: clientCapabilities,
      });
      send(bytes);
      const arrival = await answered;
      const { capabilities } = /** @type {import('vscode-languageserver').InitializeResult} */ (
        arrival.content
      );
      server.capabilities = capabilities;
      send(frame({ method: 'initialized', params: {} }));
      if (definition.asksFirst !== undefined) await Promise.race([ready, pause(5000), ended]);
      return arrival.at - started;
    },
    async request(method, params) {
      const { bytes, answer: answered } = prepare(method, params);
      const sent = send(bytes);
      const arrival = await answered;
      return { ms: arrival.at - sent, result: arrival.content };
    },
    next(method, fits) {
      return new Promise((resolve, reject) => {
        if (failure === undefined) waiting.add({ method, fits, resolve, reject });
        else reject(failure);
      });
    },
    async within(seconds, work) {
      const limit = setTimeout(() => {
        fail(new Error(`${name} took too long`));
      }, seconds * 1000);
      try {
        return await work();
      } finally {
        clearTimeout(limit);
      }
    },
    peakMemory: () => peakMemory(child.pid),
    async stop() {
      fail(new Error(`${name} was stopped`));
      await ended;
    },
  };
  return server;
}

/**
 * Waits.
 * @param {number} ms
 * @returns {Promise<void>}
 */
export function pause(ms) {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

/**
 * The most memory that a process had in use at once, in bytes.
 * @param {number | undefined} pid
 */
function peakMemory(pid) {
  try {
    const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
    const kilobytes = /^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    // No such file: not Linux, or the process has ended.
    return undefined;
  }
}
