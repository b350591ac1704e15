import * as l10n from '@vscode/l10n';
import {
  commands,
  type QuickInputButton,
  type QuickPickItem,
  type TextDocument,
  ThemeIcon,
  Uri,
  window,
  workspace,
} from 'vscode';
import type { StackStatus } from '../../server/src/workspace/protocol';
import type { ChosenStacks } from './chosenStacks';
import type { LastValuesFile } from './lastValuesFile';
import { describeChoice } from './stackWords';

/** The command that lets the user choose among a file's stacks. */
export const chooseStackCommand = 'airflowTokenVolume.chooseStack';

interface Choice extends QuickPickItem {
  /** Undefined for what leads to the settings. */
  readonly name?: string;
  /** The file that says that this is a stack. */
  readonly source?: Uri;
}

/**
 * Lets the user choose which stack of a file comes first.
 * @param file Which file that is.
 * @param stacks The stacks of documents.
 * @param chosen Told when the user has chosen.
 */
export async function chooseStack(
  file: Pick<LastValuesFile, 'subject'>,
  stacks: ChosenStacks,
  chosen: () => void,
): Promise<void> {
  const document = await file.subject();
  if (!document) {
    await window.showInformationMessage(
      l10n.t('Open a file with values for the Airflow chart to choose its stack.'),
    );
    return;
  }
  const found = await stacks.of(document.uri);
  if (found === undefined) {
    await window.showInformationMessage(
      l10n.t('The stacks of this file are not known, because the language server is not running.'),
    );
    return;
  }
  const name = workspace.asRelativePath(document.uri);
  if (!found || found.length === 0) {
    await window.showInformationMessage(
      l10n.t('{0} holds no values for the Airflow chart, so it is in no stack.', name),
    );
    return;
  }
  const inStacks = found.filter((stack) => stack.name !== null);
  const picked = await pick(
    name,
    inStacks.map((stack, index) => choiceOf(stack, index === 0, isChartSet(document))),
  );
  if (!picked) return;
  if (picked.name === undefined) {
    // Paths in it begin at the workspace folder.
    const level = workspace.workspaceFolders ? 'openWorkspaceSettings' : 'openSettings';
    await commands.executeCommand(`workbench.action.${level}`, { query: 'airflowTokenVolume.stacks' });
    return;
  }
  await stacks.choose(document.uri, picked.name);
  chosen();
}

/** Says whether the settings choose a version of the chart for a document. */
export function isChartSet(document: TextDocument): boolean {
  return (
    workspace.getConfiguration('airflowTokenVolume', document.uri).get<string>('chartVersion', '') !== ''
  );
}

/** What leads on from a file that is in no stack. */
function toSettings(): Choice {
  return {
    label: l10n.t('Say in the settings which files are a stack'),
    iconPath: new ThemeIcon('gear'),
    detail: '"production": ["values.yaml", "values-production.yaml"]',
  };
}

async function pick(file: string, choices: readonly Choice[]): Promise<Choice | undefined> {
  const quickPick = window.createQuickPick<Choice>();
  try {
    quickPick.title =
      choices.length > 0
        ? l10n.t('Stacks of {0}', file)
        : l10n.t('{0} is in no stack, and judged by itself', file);
    quickPick.placeholder =
      choices.length > 0
        ? l10n.t('Which one is to come first?')
        : l10n.t('Found in Argo CD, Flux, Helmfile, Kustomize, Fleet, umbrella charts and file names');
    quickPick.items = choices.length > 0 ? choices : [toSettings()];
    quickPick.matchOnDescription = true;
    quickPick.matchOnDetail = true;
    quickPick.onDidTriggerItemButton(({ item: { source } }) => {
      quickPick.hide();
      if (source) void commands.executeCommand('vscode.open', source);
    });
    const answer = new Promise<Choice | undefined>((resolve) => {
      quickPick.onDidAccept(() => {
        resolve(quickPick.selectedItems[0]);
      });
      quickPick.onDidHide(() => {
        resolve(undefined);
      });
    });
    quickPick.show();
    return await answer;
  } finally {
    quickPick.dispose();
  }
}

function choiceOf(stack: StackStatus, isChosen: boolean, isChartSet: boolean): Choice {
  const words = describeChoice(stack, isChartSet);
  const { originUri, originPath } = stack;
  const button: QuickInputButton = {
    iconPath: new ThemeIcon('go-to-file'),
    tooltip: originPath === null ? l10n.t('Open the file that defines it') : l10n.t('Open {0}', originPath),
  };
  return {
    ...words,
    name: words.label,
    // Marked as chosen; the others are as far from the edge.
    iconPath: new ThemeIcon(isChosen ? 'check' : 'blank'),
    ...(originUri === null ? {} : { source: Uri.parse(originUri), buttons: [button] }),
  };
}
