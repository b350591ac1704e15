import * as l10n from '@vscode/l10n';
import {
  Disposable,
  Range,
  type TextDocument,
  TextEditorRevealType,
  Uri,
  ViewColumn,
  window,
  workspace,
} from 'vscode';
import type { Picture, PicturePlace } from '../../server/src/features/picture';
import type { ChosenStacks } from './chosenStacks';
import { emptyView, exposureView, type ExposureView, unansweredView } from './exposureView';
import type { LanguageServer } from './languageServer';
import type { LastValuesFile } from './lastValuesFile';

/** How long it has to be quiet until the server is asked, in milliseconds. */
const quiet = 60;

/** Who holds a token, according to one file. */
export interface Exposure {
  /** The file; undefined where there is none with values. */
  readonly document: TextDocument | undefined;
  /** What a view shows of it. */
  readonly view: ExposureView;
  /** What it is made of; null where nothing can be told. */
  readonly picture: Picture | null;
}

/** A view that shows who holds a token. */
export interface ExposureViewer {
  /** Whether anybody sees it: others are shown nothing. */
  readonly isVisible: () => boolean;
  readonly show: (exposure: Exposure) => void;
}

/**
 * What the views "Token Exposure" show. All are about the same file: the values file that was active last. The server is
 * asked only while one of them is visible.
 */
export interface ExposureSource {
  /** Keeps a view up to date until what is returned is disposed of. */
  follow(viewer: ExposureViewer): Disposable;
  /** Asks the server anew, as soon as it is quiet. */
  refresh(): void;
  /** What would be shown now, whether or not there is a view. */
  look(): Promise<Exposure>;
  dispose(): void;
}

/**
 * Watches what the server knows.
 * @param file Which file the views are about.
 * @param stacks The stacks of documents.
 * @param server The language server.
 */
export function createExposureSource(
  file: Pick<LastValuesFile, 'find' | 'onChanged'>,
  stacks: ChosenStacks,
  server: Pick<LanguageServer, 'picture' | 'onStacksChanged'>,
): ExposureSource {
  const viewers = new Set<ExposureViewer>();
  let timer: NodeJS.Timeout | undefined;
  /** Counts the questions: only the answer to the last one is shown. */
  let asked = 0;
  let isDisposed = false;

  function refresh(): void {
    clearTimeout(timer);
    if (viewers.size > 0 && !isDisposed) timer = setTimeout(() => void update(), quiet);
  }

  const visible = (): ExposureViewer[] => [...viewers].filter((viewer) => viewer.isVisible());

  async function update(): Promise<void> {
    const question = ++asked;
    if (visible().length === 0) return;
    const exposure = await look();
    if (question !== asked || isDisposed) return;
    for (const viewer of visible()) viewer.show(exposure);
  }

  async function look(): Promise<Exposure> {
    const document = await file.find();
    if (!document) return { document, view: emptyView, picture: null };
    const found = await stacks.of(document.uri);
    if (found === undefined) return { document, view: unansweredView, picture: null };
    const [first] = found ?? [];
    if (!first) return { document, view: emptyView, picture: null };
    const picture = await server.picture(document.uri, first.name ?? undefined);
    if (picture === undefined) return { document, view: unansweredView, picture: null };
    const view = exposureView({
      file: workspace.asRelativePath(document.uri),
      stacks: found?.flatMap(({ name }) => name ?? []) ?? [],
      picture,
      nameOf: ({ uri, range }) =>
        l10n.t('{0}, line {1}', workspace.asRelativePath(Uri.parse(uri)), range.start.line + 1),
    });
    return { document, view, picture };
  }

  const subscriptions = Disposable.from(server.onStacksChanged(refresh), file.onChanged(refresh));
  return {
    follow(viewer) {
      viewers.add(viewer);
      refresh();
      return new Disposable(() => {
        viewers.delete(viewer);
      });
    },
    refresh,
    look,
    dispose() {
      clearTimeout(timer);
      isDisposed = true;
      subscriptions.dispose();
    },
  };
}

/** Opens a line in the editor that shows its file, or in the one that was active last. */
export async function openPlace({ uri, range }: PicturePlace): Promise<void> {
  const target = Uri.parse(uri);
  const { start, end } = range;
  const selection = new Range(start.line, start.character, end.line, end.character);
  const visible = window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri);
  const column = visible?.viewColumn ?? window.visibleTextEditors[0]?.viewColumn ?? ViewColumn.One;
  const editor = await window.showTextDocument(target, { viewColumn: column, selection });
  editor.revealRange(selection, TextEditorRevealType.InCenterIfOutsideViewport);
}
