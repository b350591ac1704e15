import { beforeEach, expect, test, vi } from 'vitest';
import { URI, Utils } from 'vscode-uri';
import { findFilesRequest, mostBytes, readFileRequest } from '../../server/src/workspace/protocol';

const none = {
  isCancellationRequested: false,
  onCancellationRequested: () => ({ dispose: () => undefined }),
};
const files = new Map<string, Uint8Array>();
const links = new Set<string>();
const searches: unknown[][] = [];
/** What VS Code's search finds; undefined where it waits for one without end. */
let found: URI[] | undefined = [];
let stopped = 0;

vi.mock('vscode', () => {
  const FileType = { Unknown: 0, File: 1, Directory: 2, SymbolicLink: 64 };
  return {
    FileType,
    CancellationTokenSource: class {
      readonly token = none;
      cancel(): void {
        stopped++;
      }
      dispose(): void {
        // Nothing is kept.
      }
    },
    RelativePattern: class {
      readonly base: URI;
      readonly pattern: string;
      constructor(base: URI, pattern: string) {
        this.base = base;
        this.pattern = pattern;
      }
    },
    Uri: { parse: (text: string) => URI.parse(text), joinPath: Utils.joinPath },
    workspace: {
      getWorkspaceFolder: ({ path }: URI) => (`${path}/`.startsWith('/w/') ? {} : undefined),
      findFiles: (...args: unknown[]) => {
        searches.push(args);
        return found ? Promise.resolve(found) : new Promise(() => undefined);
      },
      fs: {
        readDirectory: ({ path }: URI) => {
          const inside = [...files.keys()].filter((file) => file.startsWith(`${path}/`));
          const entries = inside.map((file) => {
            const [name = '', ...rest] = file.slice(path.length + 1).split('/');
            const type = rest.length > 0 ? FileType.Directory : FileType.File;
            return [name, links.has(file) ? type | FileType.SymbolicLink : type] as const;
          });
          return Promise.resolve([...new Map(entries)]);
        },
        stat: ({ path }: URI) => {
          const bytes = files.get(path);
          if (!bytes) return Promise.reject(new Error('It is not there.'));
          const type = links.has(path) ? FileType.File | FileType.SymbolicLink : FileType.File;
          return Promise.resolve({ type, size: bytes.length });
        },
        readFile: ({ path }: URI) => Promise.resolve(files.get(path)),
      },
    },
  };
});

type Handler = (params: unknown, token: unknown) => Promise<unknown>;
const handlers = new Map<string, Handler>();

async function ask(method: string, params: unknown): Promise<unknown> {
  const { answerFileRequests } = await import('./clientFiles');
  const client = { onRequest: (name: string, handler: Handler) => handlers.set(name, handler) };
  answerFileRequests(client as unknown as Parameters<typeof answerFileRequests>[0]);
  return handlers.get(method)?.(params, none);
}

beforeEach(() => {
  files.clear();
  links.clear();
  searches.length = 0;
  found = [];
  stopped = 0;
});

test.each<[string, string, Uint8Array | undefined, string | null]>([
  ['a file', 'virtual://host/w/values.yaml', Buffer.from('a: é'), 'a: é'],
  ['without its byte order mark', 'virtual://host/w/values.yaml', Buffer.from('\uFEFFa: 1'), 'a: 1'],
  ['none that is not there', 'virtual://host/w/values.yaml', undefined, null],
  ['none that is not UTF-8', 'virtual://host/w/values.yaml', Buffer.from([0x61, 0xff]), null],
  ['none that is too large', 'virtual://host/w/values.yaml', Buffer.alloc(mostBytes + 1, 'a'), null],
  ['none outside the workspace', 'virtual://host/etc/passwd', Buffer.from('a'), null],
  ['none by a way around', 'virtual://host/w/../etc/passwd', Buffer.from('a'), null],
  ['none by a hidden way around', 'virtual://host/w/%2e%2e/etc/passwd', Buffer.from('a'), null],
])('reads %s', async (_, uri, bytes, text) => {
  if (bytes) files.set(URI.parse(uri).path, bytes);
  expect(await ask(readFileRequest, { uri })).toBe(text);
});

test('reads no symbolic link', async () => {
  files.set('/w/values.yaml', Buffer.from('a: 1'));
  links.add('/w/values.yaml');
  expect(await ask(readFileRequest, { uri: 'virtual://host/w/values.yaml' })).toBeNull();
});

test('has VS Code look for files, without those that a glob leaves out', async () => {
  found = [URI.parse('virtual://host/w/values.yaml')];
  const exclude = ['**/out', '**/{a,b}'];
  expect(await ask(findFilesRequest, { folder: 'virtual://host/w', exclude })).toEqual([
    'virtual://host/w/values.yaml',
  ]);
  // The server leaves out what is in braces by itself.
  expect(searches[0]?.[1]).toMatchObject({ pattern: '{**/.git,**/node_modules,**/out}' });
});

test('looks through a file system that nothing searches', async () => {
  for (const path of [
    '/w/values.yaml',
    '/w/a/b/values.yaml',
    '/w/node_modules/c/values.yaml',
    '/w/link.yaml',
  ])
    files.set(path, Buffer.from('a: 1'));
  links.add('/w/link.yaml');
  expect(await ask(findFilesRequest, { folder: 'virtual://host/w', exclude: [] })).toEqual([
    'virtual://host/w/values.yaml',
    'virtual://host/w/a/b/values.yaml',
  ]);
});

test('looks through a file system whose search never begins', async () => {
  files.set('/w/values.yaml', Buffer.from('a: 1'));
  found = undefined;
  vi.useFakeTimers();
  const asked = ask(findFilesRequest, { folder: 'virtual://host/w', exclude: [] });
  await vi.advanceTimersByTimeAsync(4999);
  expect(stopped).toBe(0);
  await vi.advanceTimersByTimeAsync(1);
  vi.useRealTimers();
  expect(await asked).toEqual(['virtual://host/w/values.yaml']);
  expect(stopped).toBe(1);
});

test('looks for nothing outside the workspace', async () => {
  found = [URI.parse('virtual://host/x/values.yaml')];
  expect(await ask(findFilesRequest, { folder: 'virtual://host/x', exclude: [] })).toEqual([]);
  expect(searches).toEqual([]);
});
