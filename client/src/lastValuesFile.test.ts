import { beforeEach, expect, test, vi } from 'vitest';
import type { TextDocument, Uri } from 'vscode';
import { type LastValuesFile, watchLastValuesFile } from './lastValuesFile';

/** What happens in the editor: a document, or none, becomes active; one is closed. */
interface Editor {
  active: unknown;
  /** The documents that have tabs. */
  tabs: Set<unknown>;
  activate: (document: unknown) => void;
  close: (document: unknown) => void;
}

const editor = vi.hoisted((): Editor => {
  const nothing = (): void => undefined;
  return { active: undefined, tabs: new Set(), activate: nothing, close: nothing };
});

vi.mock('vscode', () => {
  class TabInputText {
    readonly uri: unknown;
    constructor(document: unknown) {
      this.uri = (document as TextDocument).uri;
    }
  }
  return {
    TabInputText,
    TabInputTextDiff: class extends TabInputText {},
    Disposable: { from: () => ({ dispose: () => undefined }) },
    EventEmitter: class {
      readonly event = (): void => undefined;
      readonly fire = (): void => undefined;
    },
    languages: { match: (_: unknown, { languageId }: TextDocument) => (languageId === 'yaml' ? 10 : 0) },
    window: {
      visibleTextEditors: [],
      get tabGroups() {
        return {
          all: [{ tabs: [...editor.tabs].map((document) => ({ input: new TabInputText(document) })) }],
        };
      },
      get activeTextEditor() {
        return editor.active;
      },
      onDidChangeActiveTextEditor: (listener: (active: unknown) => void) => {
        editor.activate = (document) => {
          editor.active = document && { document };
          if (document) editor.tabs.add(document);
          listener(editor.active);
        };
      },
    },
    workspace: {
      onDidCloseTextDocument: (listener: (document: unknown) => void) => {
        editor.close = (document) => {
          editor.tabs.delete(document);
          Object.assign(document as object, { isClosed: true });
          listener(document);
        };
      },
    },
  };
});
vi.mock('./documentSelector', () => ({ documentSelector: () => [] }));

type Stacks = Parameters<typeof watchLastValuesFile>[0];

const documentOf = (name: string, languageId = 'yaml'): TextDocument =>
  ({ uri: { path: name, toString: () => name }, languageId, isClosed: false }) as unknown as TextDocument;
const asked: string[] = [];
let isRunning: boolean;
let file: LastValuesFile;
let values: TextDocument;
let other: TextDocument;
let service: TextDocument;
let script: TextDocument;

beforeEach(() => {
  editor.active = undefined;
  editor.tabs.clear();
  isRunning = true;
  asked.length = 0;
  values = documentOf('values.yaml');
  other = documentOf('values-production.yaml');
  service = documentOf('service.yaml');
  script = documentOf('checks.sh', 'shellscript');
  const of = ({ path }: Uri): Promise<unknown> => {
    asked.push(path);
    return Promise.resolve(isRunning ? (path.startsWith('values') ? [{ name: null }] : null) : undefined);
  };
  file = watchLastValuesFile({ of } as Stacks);
});

test('a page or another kind of file in front of it leaves a command with the values file', async () => {
  for (const front of [undefined, script]) {
    editor.activate(values);
    editor.activate(front);
    expect(await file.subject()).toBe(values);
  }
});

test('a YAML file in the active editor is what a command is about, whatever it holds', async () => {
  editor.activate(values);
  editor.activate(service);
  expect(await file.subject()).toBe(service);
  expect(await file.find()).toBe(values);
  editor.activate(undefined);
  expect(await file.subject()).toBe(values);
});

test('it is the last of several, and the one before once that is closed', async () => {
  for (const document of [values, other, undefined]) editor.activate(document);
  expect(await file.find()).toBe(other);
  editor.close(other);
  expect(await file.find()).toBe(values);
  other = documentOf('values-production.yaml');
  editor.activate(other);
  editor.tabs.delete(other);
  expect(await file.find(), 'a document without a tab').toBe(values);
  file.turnTo(service);
  file.turnTo(script);
  editor.close(values);
  expect(await file.find()).toBeUndefined();
});

test('the server is asked no more than it takes', async () => {
  for (const document of [values, undefined]) editor.activate(document);
  await file.find();
  await file.find();
  expect(asked).toEqual(['values.yaml']);
});

test('without a server it is the last YAML file, so that somebody says that there is none', async () => {
  isRunning = false;
  for (const document of [values, service, undefined]) editor.activate(document);
  expect(await file.subject()).toBe(service);
  isRunning = true;
  expect(await file.subject()).toBe(values);
});
