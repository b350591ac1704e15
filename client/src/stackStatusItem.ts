import * as l10n from '@vscode/l10n';
import { Disposable, languages, type LanguageStatusItem, type TextDocument, window } from 'vscode';
import type { StacksResult } from '../../server/src/workspace/protocol';
import type { ChosenStacks } from './chosenStacks';
import { documentSelector } from './documentSelector';
import type { LanguageServer } from './languageServer';
import { chooseStackCommand, isChartSet } from './stackPicker';
import { summarise } from './stackWords';

/** How long it has to be quiet until the server is asked, in milliseconds. */
const quiet = 100;

/** What shows the stack of the active editor and who holds a token in it. */
export interface StackStatusItem {
  /** Asks the server anew. */
  refresh(): void;
  /** What it says, a line for each part, if it is there. */
  readonly text: () => string | undefined;
  dispose(): void;
}

/**
 * Shows the stack of the active editor beside its language. There is no item for a file without values for the chart.
 * @param stacks The stacks of documents.
 * @param onStacksChanged Fired when they may be others.
 */
export function createStackStatusItem(
  stacks: ChosenStacks,
  onStacksChanged: LanguageServer['onStacksChanged'],
): StackStatusItem {
  let items: { readonly stack: LanguageStatusItem; readonly tokens: LanguageStatusItem } | undefined;
  let shown: TextDocument | undefined;
  let timer: NodeJS.Timeout | undefined;
  /** Counts the questions: only the answer to the last one is shown. */
  let asked = 0;

  function hide(): void {
    items?.stack.dispose();
    items?.tokens.dispose();
    items = undefined;
  }

  function refresh(): void {
    clearTimeout(timer);
    timer = setTimeout(() => void update(), quiet);
  }

  async function update(): Promise<void> {
    const question = ++asked;
    const document = window.activeTextEditor?.document;
    const isChecked = document && languages.match(documentSelector(), document) > 0;
    const found = isChecked ? await stacks.of(document.uri) : undefined;
    if (question !== asked) return;
    if (document && found) show(document, found);
    else hide();
  }

  function show(document: TextDocument, found: NonNullable<StacksResult>): void {
    const summary = summarise(found, isChartSet(document));
    if (!summary) {
      hide();
      return;
    }
    shown = document;
    items ??= createItems();
    const { stack, tokens, reasons } = summary;
    const label = [stack.text, stack.detail, tokens.text, tokens.detail, ...reasons].join(', ');
    Object.assign(items.stack, stack);
    items.stack.command = {
      command: chooseStackCommand,
      title: l10n.t('Choose...'),
      tooltip: reasons.join('\n'),
    };
    items.stack.accessibilityInformation = { label: l10n.t('Airflow stack: {0}', label) };
    Object.assign(items.tokens, tokens);
  }

  const subscriptions = Disposable.from(
    onStacksChanged(refresh),
    window.onDidChangeActiveTextEditor((editor) => {
      // What it says is about another file.
      if (editor?.document !== shown) hide();
      asked++;
      refresh();
    }),
  );
  refresh();
  return {
    refresh,
    text: () =>
      items && [items.stack, items.tokens].map(({ text, detail }) => `${text} – ${detail ?? ''}`).join('\n'),
    dispose: () => {
      clearTimeout(timer);
      asked = Number.POSITIVE_INFINITY;
      subscriptions.dispose();
      hide();
    },
  };
}

/** Two of them, since each is shown on one line of 500 pixels. */
function createItems(): { stack: LanguageStatusItem; tokens: LanguageStatusItem } {
  const stack = languages.createLanguageStatusItem('airflowTokenVolume.stack', documentSelector());
  stack.name = l10n.t('Airflow Stack');
  const tokens = languages.createLanguageStatusItem('airflowTokenVolume.tokens', documentSelector());
  tokens.name = l10n.t('Airflow Tokens');
  return { stack, tokens };
}
