import { randomBytes } from 'node:crypto';
import {
  commands,
  Disposable,
  languages,
  Range,
  type TextDocument,
  TextEditorRevealType,
  Uri,
  ViewColumn,
  type Webview,
  type WebviewPanel,
  window,
  workspace,
} from 'vscode';
import type { Picture, PicturePlace } from '../../server/src/features/picture';
import type { ChosenStacks } from './chosenStacks';
import { copyAsMarkdown, exportAsSvg } from './exposureExport';
import { exposureHtml } from './exposureHtml';
import { readPageMessage, type PageMessage, type ShowMessage } from './exposureMessages';
import { emptyView, exposureView, type ExposureView, unansweredView } from './exposureView';
import { documentSelector, type LanguageServer } from './languageServer';

/** The command that opens the view. */
export const showExposureCommand = 'airflowTokenVolume.showExposure';

/** The commands that take the picture elsewhere. */
const copyCommand = 'airflowTokenVolume.copyExposure';
const exportCommand = 'airflowTokenVolume.exportExposure';

/** The kind of panel, by which VS Code brings it back after a restart. */
const panelType = 'airflowTokenVolume.exposure';

/** The context that the button above an editor asks for. */
const hasStackContext = 'airflowTokenVolume.hasStack';

/** How long it has to be quiet until the server is asked, in milliseconds. */
const quiet = 60;

/** What the view needs from the rest. */
export interface ExposureSources {
  readonly stacks: ChosenStacks;
  readonly server: Pick<LanguageServer, 'picture' | 'onStacksChanged'>;
  /** Told when the user has chosen another stack. */
  readonly chosen: () => void;
  /** The folder with the page's program and style. */
  readonly media: Uri;
}

/** The view, and for the tests in an editor what it did. */
export interface ExposurePanel {
  /** What the page was sent last; undefined while there is none. */
  readonly posted: () => ExposureView | undefined;
  /** Its number. */
  readonly revision: () => number | undefined;
  /** The text that the page shows, once it said so. */
  readonly shown: () => string | undefined;
  /** Does what a message from the page does. */
  readonly receive: (message: unknown) => Promise<void>;
  dispose(): void;
}

/** What the page was sent, with what it does not know. */
interface Sent extends ShowMessage {
  readonly picture: Picture | null;
}

/**
 * The view "Token Exposure": one panel for the window. It is about the values file that was active last, and asks the
 * server only while it is visible.
 */
export function createExposurePanel({ stacks, server, chosen, media }: ExposureSources): ExposurePanel {
  let panel: WebviewPanel | undefined;
  /** The YAML file that was active last, with values or without. */
  let latest = window.activeTextEditor?.document;
  /** The file that the view is about. */
  let subject: TextDocument | undefined;
  let sent: Sent | undefined;
  let shown: string | undefined;
  let revision = 0;
  let timer: NodeJS.Timeout | undefined;
  /** Counts the questions: only the answer to the last one is shown. */
  let asked = 0;

  function refresh(): void {
    if (!panel) return;
    clearTimeout(timer);
    timer = setTimeout(() => void update(), quiet);
  }

  async function update(): Promise<void> {
    const question = ++asked;
    if (panel?.visible !== true) return;
    const document = await findSubject();
    const answer = await look(document);
    if (question !== asked) return;
    subject = document;
    send(answer.view, answer.picture);
  }

  /** The file that was active last, if it has values; else the one before it, as long as that is open. */
  async function findSubject(): Promise<TextDocument | undefined> {
    const before = subject?.isClosed === true ? undefined : subject;
    if (!latest || latest.isClosed || latest === before || !isChecked(latest)) return before;
    const document = latest;
    const found = await stacks.of(document.uri);
    return found && found.length > 0 ? document : before;
  }

  async function look(
    document: TextDocument | undefined,
  ): Promise<{ view: ExposureView; picture: Picture | null }> {
    if (!document) return { view: emptyView, picture: null };
    const found = await stacks.of(document.uri);
    if (found === undefined) return { view: unansweredView, picture: null };
    const [first] = found ?? [];
    if (!first) return { view: emptyView, picture: null };
    const picture = await server.picture(document.uri, first.name ?? undefined);
    if (picture === undefined) return { view: unansweredView, picture: null };
    const view = exposureView({
      file: workspace.asRelativePath(document.uri),
      stacks: found?.flatMap(({ name }) => name ?? []) ?? [],
      picture,
      nameOf: ({ uri, range }) => `${workspace.asRelativePath(Uri.parse(uri))}, line ${range.start.line + 1}`,
    });
    return { view, picture };
  }

  function send(view: ExposureView, picture: Picture | null): void {
    sent = { type: 'show', revision: ++revision, view, picture };
    shown = undefined;
    post(sent);
  }

  function post({ type, revision, view }: ShowMessage): void {
    const message: ShowMessage = { type, revision, view };
    void panel?.webview.postMessage(message);
  }

  async function receive(value: unknown): Promise<void> {
    const message = readPageMessage(value);
    if (message) await follow(message);
  }

  async function follow(message: PageMessage): Promise<void> {
    switch (message.type) {
      case 'ready':
        // What it was sent before it could listen is lost.
        if (sent) post(sent);
        else refresh();
        break;
      case 'shown':
        if (message.revision === sent?.revision) shown = message.text;
        break;
      case 'choose':
        if (!subject || !sent?.view.stacks.some(({ name }) => name === message.stack)) return;
        await stacks.choose(subject.uri, message.stack);
        chosen();
        refresh();
        break;
      case 'copy':
        await copy();
        break;
      case 'export':
        await save();
        break;
      case 'open': {
        // The page knows no addresses; and what it shows may be older than what there is now.
        if (message.revision !== sent?.revision) return;
        const place = sent.picture?.workloads[message.workload]?.containers[message.container]?.place;
        if (place) await open(place);
      }
    }
  }

  /** The picture of the view's file, or without a view of the file that was active last. */
  async function takePicture(): Promise<{ picture: Picture; uri: Uri } | undefined> {
    const document = await findSubject();
    const { view, picture } = await look(document);
    if (document && picture) return { picture, uri: document.uri };
    void window.showInformationMessage(view.message ?? emptyView.message ?? '');
    return undefined;
  }

  async function copy(): Promise<void> {
    const taken = await takePicture();
    if (taken) await copyAsMarkdown(taken.picture);
  }

  async function save(): Promise<void> {
    const taken = await takePicture();
    if (taken) await exportAsSvg(taken.picture, taken.uri);
  }

  /**
   * Opens the view, or gives it the focus.
   * @param about The file that it is to be about, as the button above an editor or a code lens names it.
   */
  function show(about?: unknown): void {
    const address = about instanceof Uri ? about : typeof about === 'string' ? Uri.parse(about) : undefined;
    const document = workspace.textDocuments.find(({ uri }) => uri.toString() === address?.toString());
    if (document && isChecked(document)) latest = document;
    if (panel) {
      panel.reveal();
      refresh();
      return;
    }
    adopt(
      window.createWebviewPanel(
        panelType,
        'Token Exposure',
        // Beside the text, which keeps the focus.
        { viewColumn: ViewColumn.Beside, preserveFocus: true },
        optionsOf(media),
      ),
    );
  }

  function adopt(created: WebviewPanel): void {
    panel?.dispose();
    panel = created;
    sent = undefined;
    shown = undefined;
    created.webview.options = optionsOf(media);
    const subscriptions = Disposable.from(
      created.webview.onDidReceiveMessage((message: unknown) => void receive(message)),
      created.onDidChangeViewState(refresh),
    );
    created.onDidDispose(() => {
      subscriptions.dispose();
      if (panel !== created) return;
      panel = undefined;
      sent = undefined;
      shown = undefined;
      subject = undefined;
    });
    created.webview.html = pageOf(created.webview, media);
    refresh();
  }

  const subscriptions = Disposable.from(
    commands.registerCommand(showExposureCommand, show),
    commands.registerCommand(copyCommand, copy),
    commands.registerCommand(exportCommand, save),
    window.registerWebviewPanelSerializer(panelType, {
      deserializeWebviewPanel: (restored) => {
        adopt(restored);
        return Promise.resolve();
      },
    }),
    server.onStacksChanged(refresh),
    window.onDidChangeActiveTextEditor((editor) => {
      // None while the view itself has the focus.
      if (editor && isChecked(editor.document)) latest = editor.document;
      refresh();
    }),
    workspace.onDidCloseTextDocument(refresh),
  );
  return {
    posted: () => sent?.view,
    revision: () => sent?.revision,
    shown: () => shown,
    receive,
    dispose: () => {
      clearTimeout(timer);
      asked = Number.POSITIVE_INFINITY;
      subscriptions.dispose();
      panel?.dispose();
    },
  };
}

/**
 * Tells VS Code whether the active editor's file has values for the chart, on which the button above it depends.
 * @param stacks The stacks of documents.
 * @returns The same, which tells what it answers.
 */
export function tellingHasStack(stacks: ChosenStacks): ChosenStacks {
  let told: boolean | undefined;
  return {
    ...stacks,
    of: async (uri) => {
      const found = await stacks.of(uri);
      const active = window.activeTextEditor?.document.uri;
      const hasStack = (found?.length ?? 0) > 0;
      if (active?.toString() === uri.toString() && told !== hasStack) {
        told = hasStack;
        void commands.executeCommand('setContext', hasStackContext, hasStack);
      }
      return found;
    },
  };
}

function isChecked(document: TextDocument): boolean {
  return languages.match(documentSelector(), document) > 0;
}

function optionsOf(media: Uri): { enableScripts: true; localResourceRoots: Uri[] } {
  return { enableScripts: true, localResourceRoots: [media] };
}

function pageOf(webview: Webview, media: Uri): string {
  const address = (name: string): string => webview.asWebviewUri(Uri.joinPath(media, name)).toString();
  return exposureHtml({
    nonce: randomBytes(16).toString('base64url'),
    script: address('exposure.js'),
    style: address('exposure.css'),
  });
}

/** Opens a line in the editor that shows its file, or in the one that was active last. */
async function open({ uri, range }: PicturePlace): Promise<void> {
  const target = Uri.parse(uri);
  const { start, end } = range;
  const selection = new Range(start.line, start.character, end.line, end.character);
  const visible = window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri);
  const column = visible?.viewColumn ?? window.visibleTextEditors[0]?.viewColumn ?? ViewColumn.One;
  const editor = await window.showTextDocument(target, { viewColumn: column, selection });
  editor.revealRange(selection, TextEditorRevealType.InCenterIfOutsideViewport);
}
