/** "Check on the Cluster": gives a person the commands that show whether a cluster is as predicted. It runs none of them. */
import * as l10n from '@vscode/l10n';
import {
  commands,
  type Disposable,
  env,
  type QuickPickItem,
  QuickPickItemKind,
  type Uri,
  window,
  workspace,
} from 'vscode';
import type { Picture } from '../../server/src/features/picture';
import type { ChosenStacks } from './chosenStacks';
import {
  type CheckCommand,
  type CheckQuestion,
  checksText,
  type Cluster,
  clusterChecks,
  contextInWords,
  releaseInWords,
  shellKindOf,
  type ShellKind,
} from './clusterChecks';
import type { LanguageServer } from './languageServer';
import type { LastValuesFile } from './lastValuesFile';

/** The command that makes the commands. */
export const checkClusterCommand = 'airflowTokenVolume.checkCluster';

/** What the commands ask about files and their stacks. */
export interface PictureSource {
  readonly file: Pick<LastValuesFile, 'subject'>;
  readonly stacks: Pick<ChosenStacks, 'of'>;
  readonly server: Pick<LanguageServer, 'picture'>;
}

/**
 * Registers the command.
 * @param source What it asks.
 */
export function registerClusterChecks(source: PictureSource): Disposable {
  return commands.registerCommand(checkClusterCommand, () => check(source));
}

/**
 * Who holds a token in the stack of a document that the user chose, or in the first one.
 * @returns Null where the document holds no values, or they leave open what is deployed; undefined without a server.
 */
export async function chosenPicture(
  { stacks, server }: Omit<PictureSource, 'file'>,
  document: Uri,
): Promise<Picture | null | undefined> {
  const found = await stacks.of(document);
  const [first] = found ?? [];
  return first ? server.picture(document, first.name ?? undefined) : found && null;
}

/**
 * Where the settings say that a document's stack is deployed.
 * @param document The document; without one, what is set for the window counts.
 */
export function clusterFor(document: Uri | undefined): Cluster {
  const settings = workspace.getConfiguration('airflowTokenVolume.cluster', document);
  // A settings file may hold anything.
  const said = (key: string): string => {
    const value = settings.get<unknown>(key);
    return typeof value === 'string' ? value.trim() : '';
  };
  const [release, namespace] = [said('release'), said('namespace')];
  return {
    release: release || 'airflow',
    namespace: namespace || 'airflow',
    context: said('context'),
    assumed: [
      ...(release === '' ? (['release'] as const) : []),
      ...(namespace === '' ? (['namespace'] as const) : []),
    ],
  };
}

async function check(source: PictureSource): Promise<void> {
  const document = (await source.file.subject())?.uri;
  const picture = document && (await chosenPicture(source, document));
  if (!document || !picture) {
    await window.showInformationMessage(
      document && picture === undefined
        ? l10n.t('There is nothing to check, because the language server is not running.')
        : l10n.t(
            'Open a file with values for the Airflow chart that say what is deployed, to check that on a cluster.',
          ),
    );
    return;
  }
  const cluster = clusterFor(document);
  const shell = shellKindOf(env.shell, process.platform);
  const questions = await chooseQuestions(clusterChecks(picture, cluster, shell), picture, cluster);
  if (questions.length === 0) return;
  const place = await choosePlace(shell, cluster);
  await place?.give(questions, picture, cluster);
}

async function chooseQuestions(
  questions: readonly CheckQuestion[],
  { stack }: Picture,
  cluster: Cluster,
): Promise<readonly CheckQuestion[]> {
  const items = questions.map((question) => ({
    label: question.title,
    description:
      question.commands.length === 1 ? l10n.t('1 command') : l10n.t('{0} commands', question.commands.length),
    picked: true,
    question,
  }));
  const picked = await window.showQuickPick(items, {
    title:
      stack === null
        ? l10n.t('Check the values: which questions? Nothing is run')
        : l10n.t('Check {0}: which questions? Nothing is run', stack),
    // There is room for no more than that.
    placeHolder: releaseInWords(cluster),
    canPickMany: true,
  });
  return picked?.map(({ question }) => question) ?? [];
}

/** Where commands can be put. */
interface Place extends QuickPickItem {
  readonly give: (questions: readonly CheckQuestion[], picture: Picture, cluster: Cluster) => Promise<void>;
}

async function choosePlace(shell: ShellKind, cluster: Cluster): Promise<Place | undefined> {
  const language = shell === 'posix' ? 'sh' : 'PowerShell';
  const clipboard: Place = {
    label: l10n.t('Copy to the clipboard'),
    detail: l10n.t('All of them for {0}, with what to expect of each.', language),
    give: async (...given) => {
      await env.clipboard.writeText(checksText(...given));
      window.setStatusBarMessage(l10n.t('The commands are in the clipboard.'), 5000);
    },
  };
  const file: Place = {
    label: l10n.t('Open as a file'),
    detail: l10n.t('All of them for {0}, with what to expect of each; not saved.', language),
    give: async (...given) => {
      const content = checksText(...given);
      const opened = await workspace.openTextDocument({
        language: shell === 'posix' ? 'shellscript' : 'powershell',
        content,
      });
      await window.showTextDocument(opened, { preview: false });
    },
  };
  const terminal: Place = {
    label: l10n.t('Open in a new terminal'),
    detail: l10n.t('One of them, typed but not run: press Enter for that.'),
    give: (questions) => typeIntoTerminal(questions, shell),
  };
  // What a terminal starts may be decided by the workspace.
  return window.showQuickPick(workspace.isTrusted ? [terminal, clipboard, file] : [clipboard, file], {
    title: l10n.t('Check on the cluster: {0}', contextInWords(cluster)),
    placeHolder: l10n.t('Where to? Nothing is run'),
  });
}

async function typeIntoTerminal(questions: readonly CheckQuestion[], shell: ShellKind): Promise<void> {
  const command = await chooseCommand(questions);
  // A line break would run what is before it.
  if (!command || !workspace.isTrusted || /[\r\n]/.test(command.line)) return;
  const isOther = shell === 'powershell' && /cmd(\.exe)?$/i.test(env.shell);
  const terminal = window.createTerminal({
    name: l10n.t('Check on the Cluster'),
    // The commands are not for the old shell of Windows.
    ...(isOther ? { shellPath: 'powershell.exe' } : {}),
  });
  terminal.show();
  terminal.sendText(command.line, false);
}

/** One command: each is read, and run, by itself. */
async function chooseCommand(questions: readonly CheckQuestion[]): Promise<CheckCommand | undefined> {
  const all = questions.flatMap((question) => question.commands);
  if (all.length < 2) return all[0];
  const items = questions.flatMap(
    ({ title, commands: each }): (QuickPickItem & { readonly command?: CheckCommand })[] => [
      { label: title, kind: QuickPickItemKind.Separator },
      ...each.map((command) => ({
        label: command.title,
        detail: l10n.t('Expect: {0}', command.brief),
        command,
      })),
    ],
  );
  const picked = await window.showQuickPick(items, {
    title: l10n.t('Check on the cluster'),
    placeHolder: l10n.t('Which command? It is typed into a new terminal, but not run'),
    matchOnDetail: true,
  });
  return picked?.command;
}
