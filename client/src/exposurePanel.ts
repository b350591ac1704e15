import { randomBytes } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import {
  commands,
  Disposable,
  type TextDocument,
  Uri,
  ViewColumn,
  type Webview,
  type WebviewPanel,
  window,
  workspace,
} from 'vscode';
import type { Picture } from '../../server/src/features/picture';
import type { ChosenStacks } from './chosenStacks';
import { displayLanguage } from './displayLanguage';
import { copyAsMarkdown, exportAsSvg } from './exposureExport';
import { exposureHtml } from './exposureHtml';
import { readPageMessage, type PageMessage, type ShowMessage } from './exposureMessages';
import { type Exposure, type ExposureSource, openPlace } from './exposureSource';
import { emptyView, type ExposureView } from './exposureView';
import type { LastValuesFile } from './lastValuesFile';

/** The command that opens the view. */
export const showExposureCommand = 'airflowTokenVolume.showExposure';

/** The commands that take the picture elsewhere. */
const copyCommand = 'airflowTokenVolume.copyExposure';
const exportCommand = 'airflowTokenVolume.exportExposure';

/** The kind of panel, by which VS Code brings it back after a restart. */
const panelType = 'airflowTokenVolume.exposure';

/** The context that the button above an editor asks for. */
const hasStackContext = 'airflowTokenVolume.hasStack';

/** What the view needs from the rest. */
export interface ExposureSources {
  readonly stacks: ChosenStacks;
  readonly source: ExposureSource;
  readonly file: Pick<LastValuesFile, 'turnTo'>;
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

/** The view "Token Exposure": one panel for the window. */
export function createExposurePanel({ stacks, source, file, chosen, media }: ExposureSources): ExposurePanel {
  let panel: WebviewPanel | undefined;
  /** The file that the view is about. */
  let subject: TextDocument | undefined;
  let sent: Sent | undefined;
  let shown: string | undefined;
  let revision = 0;

  function send({ document, view, picture }: Exposure): void {
    subject = document;
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
        else source.refresh();
        break;
      case 'shown':
        if (message.revision === sent?.revision) shown = message.text;
        break;
      case 'choose':
        if (!subject || !sent?.view.stacks.some(({ name }) => name === message.stack)) return;
        await stacks.choose(subject.uri, message.stack);
        chosen();
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
        if (place) await openPlace(place);
      }
    }
  }

  /** The picture of the view's file, or without a view of the file that was active last. */
  async function takePicture(): Promise<{ picture: Picture; uri: Uri } | undefined> {
    const { document, view, picture } = await source.look();
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
    if (document) file.turnTo(document);
    if (panel) {
      panel.reveal();
      source.refresh();
      return;
    }
    adopt(
      window.createWebviewPanel(
        panelType,
        l10n.t('Token Exposure'),
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
      created.onDidChangeViewState(() => {
        source.refresh();
      }),
      source.follow({ isVisible: () => panel === created && created.visible, show: send }),
    );
    created.onDidDispose(() => {
      const isCurrent = panel === created;
      if (isCurrent) panel = undefined;
      subscriptions.dispose();
      if (!isCurrent) return;
      sent = undefined;
      shown = undefined;
      subject = undefined;
    });
    created.webview.html = pageOf(created.webview, media);
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
  );
  return {
    posted: () => sent?.view,
    revision: () => sent?.revision,
    shown: () => shown,
    receive,
    dispose: () => {
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

function optionsOf(media: Uri): { enableScripts: true; localResourceRoots: Uri[] } {
  return { enableScripts: true, localResourceRoots: [media] };
}

function pageOf(webview: Webview, media: Uri): string {
  const address = (name: string): string => webview.asWebviewUri(Uri.joinPath(media, name)).toString();
  return exposureHtml({
    nonce: randomBytes(16).toString('base64url'),
    script: address('exposure.js'),
    style: address('exposure.css'),
    language: displayLanguage(),
  });
}
