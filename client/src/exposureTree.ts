import {
  commands,
  Disposable,
  EventEmitter,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
  type TreeView,
  window,
} from 'vscode';
import { type Exposure, type ExposureSource, openPlace } from './exposureSource';
import { type ExposureNode, exposureTree, type ExposureTree } from './exposureTreeItems';

/** The view's id, as the manifest has it. */
const viewId = 'airflowTokenVolume.exposureTree';

/** What a click on a container does: goes to the line that decides what it holds. Not for the command palette. */
const openCommand = 'airflowTokenVolume.openExposureLine';

/** The tree, and for the tests in an editor what it shows. */
export interface ExposureTreeView {
  readonly view: TreeView<ExposureNode>;
  readonly provider: TreeDataProvider<ExposureNode>;
  dispose(): void;
}

/**
 * The view "Token Exposure" as a tree in the side bar, which needs no page.
 * @param source What it shows.
 */
export function createExposureTree(source: ExposureSource): ExposureTreeView {
  const changed = new EventEmitter<void>();
  let tree: ExposureTree = { description: '', message: '', nodes: [] };

  const provider: TreeDataProvider<ExposureNode> = {
    onDidChangeTreeData: changed.event,
    getChildren: (node) => [...(node?.children ?? tree.nodes)],
    getTreeItem: itemOf,
  };
  const view = window.createTreeView(viewId, { treeDataProvider: provider, showCollapseAll: true });

  function show({ view: words, picture }: Exposure): void {
    const next = exposureTree(words, picture);
    // Drawn anew, it would close its hover and be read out again.
    if (JSON.stringify(next) === JSON.stringify(tree)) return;
    tree = next;
    view.description = tree.description;
    view.message = tree.message;
    changed.fire();
  }

  /** The node may be gone since its item was drawn. */
  async function open(id: unknown): Promise<void> {
    const node = tree.nodes.flatMap(({ children }) => children).find((one) => one.id === id);
    if (node?.place) await openPlace(node.place);
  }

  const subscriptions = Disposable.from(
    view,
    changed,
    commands.registerCommand(openCommand, open),
    view.onDidChangeVisibility(() => {
      source.refresh();
    }),
    source.follow({ isVisible: () => view.visible, show }),
  );
  return {
    view,
    provider,
    dispose: () => {
      subscriptions.dispose();
    },
  };
}

function itemOf({ id, label, description, icon, tooltip, spoken, place, children }: ExposureNode): TreeItem {
  const item = new TreeItem(
    label,
    children.length > 0 ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.None,
  );
  item.id = id;
  item.description = description;
  item.tooltip = new MarkdownString(tooltip);
  item.accessibilityInformation = { label: spoken };
  if (icon) item.iconPath = new ThemeIcon(icon.id, new ThemeColor(icon.color));
  if (place) item.command = { command: openCommand, title: '', arguments: [id] };
  return item;
}
