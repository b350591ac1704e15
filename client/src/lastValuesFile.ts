import {
  Disposable,
  type Event,
  EventEmitter,
  languages,
  type Tab,
  TabInputText,
  TabInputTextDiff,
  type TextDocument,
  type Uri,
  window,
  workspace,
} from 'vscode';
import type { ChosenStacks } from './chosenStacks';
import { documentSelector } from './documentSelector';

/** Which file somebody works on: a page, a plan or the output may have the focus meanwhile, often in front of it. */
export interface LastValuesFile {
  /**
   * The open file with values for the chart that was active last. While no server can say which have any, the YAML file
   * that was active last.
   */
  find(): Promise<TextDocument | undefined>;
  /** What a command is about that nobody gave a file: the active editor's YAML file, with values or without; else as above. */
  subject(): Promise<TextDocument | undefined>;
  /** Makes another file the one that was active last. */
  turnTo(document: TextDocument): void;
  /** Fired when it may be another one, as the active editor changed or a file was closed. */
  readonly onChanged: Event<void>;
  dispose(): void;
}

/**
 * Watches which files are active.
 * @param stacks The stacks of documents.
 */
export function watchLastValuesFile(stacks: Pick<ChosenStacks, 'of'>): LastValuesFile {
  const changed = new EventEmitter<void>();
  /** The YAML files that were active, the last one first. */
  let recent: readonly TextDocument[] = [];
  /** The one that had values when it was asked for. It stays the same while values are typed into it. */
  let known: TextDocument | undefined;

  function note(document: TextDocument): void {
    if (isChecked(document)) recent = [document, ...recent.filter((other) => other !== document)];
  }

  async function find(): Promise<TextDocument | undefined> {
    for (const document of recent.filter((one) => isOpen(one) && isChecked(one))) {
      if (document === known) return document;
      const found = await stacks.of(document.uri);
      if (found === undefined) return document;
      if (found && found.length > 0) {
        known = document;
        return document;
      }
    }
    return undefined;
  }

  for (const { document } of window.visibleTextEditors) note(document);
  if (window.activeTextEditor) note(window.activeTextEditor.document);
  const subscriptions = Disposable.from(
    changed,
    window.onDidChangeActiveTextEditor((editor) => {
      if (editor) note(editor.document);
      changed.fire();
    }),
    workspace.onDidCloseTextDocument((closed) => {
      recent = recent.filter((document) => document !== closed);
      if (known === closed) known = undefined;
      changed.fire();
    }),
  );
  return {
    find,
    subject: async () => {
      const active = window.activeTextEditor?.document;
      return active && isChecked(active) ? active : find();
    },
    turnTo: (document) => {
      note(document);
      changed.fire();
    },
    onChanged: changed.event,
    dispose: () => {
      subscriptions.dispose();
    },
  };
}

/** Whether it has a tab: VS Code may keep a document for minutes after that was closed. */
function isOpen(document: TextDocument): boolean {
  const address = document.uri.toString();
  const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
  return !document.isClosed && tabs.some((tab) => uriOf(tab)?.toString() === address);
}

function uriOf({ input }: Tab): Uri | undefined {
  if (input instanceof TabInputText) return input.uri;
  return input instanceof TabInputTextDiff ? input.modified : undefined;
}

function isChecked(document: TextDocument): boolean {
  return languages.match(documentSelector(), document) > 0;
}
