import { beforeEach, expect, test, vi } from 'vitest';
import type { LogOutputChannel, Uri } from 'vscode';
import { createLanguageServer } from './languageServer';

/** The clients of the library, the last one last. */
const clients = vi.hoisted(
  (): {
    state: 'stopped' | 'starting' | 'running';
    end: (isUp: boolean) => void;
    leave: () => void;
    crash: () => void;
  }[] => [],
);

vi.mock('vscode', () => ({
  EventEmitter: class {
    readonly event = (): void => undefined;
    readonly fire = (): void => undefined;
  },
  extensions: { getExtension: () => undefined },
  workspace: {},
}));
vi.mock('vscode-languageclient/node', () => ({
  RevealOutputChannelOn: {},
  State: { Starting: 'starting' },
  TransportKind: {},
}));
vi.mock('./clientFiles', () => ({ answerFileRequests: () => undefined }));
vi.mock('./diagnosticCollections', () => ({ clearedOnClose: () => undefined }));
vi.mock('./quietLanguageClient', () => ({
  QuietLanguageClient: class {
    readonly code2ProtocolConverter = { asUri: String };
    readonly onNotification = (): void => undefined;
    readonly onDidChangeState = (): void => undefined;
    readonly sendRequest = (): Promise<unknown> => Promise.resolve([]);
    state = 'stopped';
    #starting: Promise<void> | undefined;
    #left: () => void = () => undefined;

    constructor() {
      clients.push(this as unknown as (typeof clients)[number]);
    }
    start(): Promise<void> {
      this.#starting ??= new Promise((resolve, reject) => {
        this.state = 'starting';
        Object.assign(this, {
          end: (isUp: boolean) => {
            this.state = isUp ? 'running' : 'stopped';
            if (isUp) resolve();
            else reject(new Error('It cannot be started.'));
          },
        });
      });
      return this.#starting;
    }
    isRunning(): boolean {
      return this.state === 'running';
    }
    retire(): Promise<void> {
      this.state = 'stopped';
      return new Promise((resolve) => (this.#left = resolve));
    }
    leave(): void {
      this.#left();
    }
    crash(): void {
      this.#starting = undefined;
      void this.start();
    }
  },
}));

const uri: unknown = 'file:///values.yaml';
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
let server: ReturnType<typeof createLanguageServer>;

beforeEach(() => {
  clients.length = 0;
  server = createLanguageServer('server.js', { name: '' } as LogOutputChannel, []);
});

test('what is asked while the server starts is answered once it is there', async () => {
  void server.start();
  const answer = server.stacks(uri as Uri);
  await settled();
  clients[0]?.end(true);
  expect(await answer).toEqual([]);
});

test('a server that cannot start leaves nobody waiting, and is there after a restart', async () => {
  void server.start();
  const answers = [server.stacks(uri as Uri), server.picture(uri as Uri), server.helmInputs(uri as Uri)];
  await settled();
  clients[0]?.end(false);
  expect(await Promise.all(answers)).toEqual([undefined, undefined, undefined]);
  expect(await server.stacks(uri as Uri)).toBeUndefined();

  const restarted = server.restart();
  const answer = server.stacks(uri as Uri);
  clients[0]?.leave();
  await settled();
  clients[1]?.end(true);
  await restarted;
  expect(await answer).toEqual([]);
});

test('what is asked while one server makes way for another is answered by the last one', async () => {
  void server.start();
  await settled();
  clients[0]?.end(true);
  const restarts = [server.restart(), server.restart()];
  const answer = server.stacks(uri as Uri);
  for (const client of clients.slice(0, 2)) client.leave();
  await settled();
  clients[2]?.end(true);
  await Promise.all(restarts);
  expect(await answer).toEqual([]);
  expect(clients).toHaveLength(3);
});

test('a server that starts again after a crash is waited for', async () => {
  void server.start();
  await settled();
  clients[0]?.end(true);
  await settled();
  clients[0]?.crash();
  const answer = server.stacks(uri as Uri);
  await settled();
  clients[0]?.end(true);
  expect(await answer).toEqual([]);
});
