/** "Migrate to Manual Token Volumes...": the plan for a stack, and its changes to be looked at before they are made. */
import * as l10n from '@vscode/l10n';
import { commands, type Disposable, env, type QuickPickItem, Uri, window, workspace } from 'vscode';
import type { StacksResult } from '../../server/src/workspace/protocol';
import type { PlannedMigration } from './languageServer';
import type { LastValuesFile } from './lastValuesFile';
import type { MarkdownDocuments } from './markdownDocuments';

/** The command that plans the migration. */
export const migrateCommand = 'airflowTokenVolume.migrate';

/** What the command asks the server. */
export interface MigrationSource {
  /** Which file it is about, where nobody names one. */
  readonly file: Pick<LastValuesFile, 'subject'>;
  /** The stacks of a document; see `LanguageServer.stacks`. */
  readonly stacks: (document: Uri) => Promise<StacksResult | undefined>;
  /** Null where the document holds no values for the chart, or what is deployed cannot be told; undefined without a server. */
  readonly plan: (document: Uri, stack: string | undefined) => Promise<PlannedMigration | null | undefined>;
}

/**
 * Registers the command.
 * @param source What it asks.
 * @param documents Shows the plan.
 */
export function registerMigration(source: MigrationSource, documents: MarkdownDocuments): Disposable {
  return commands.registerCommand(migrateCommand, (uri?: unknown) => migrate(source, documents, uri));
}

async function migrate(
  source: MigrationSource,
  documents: MarkdownDocuments,
  argument: unknown,
): Promise<void> {
  const document = typeof argument === 'string' ? Uri.parse(argument) : (await source.file.subject())?.uri;
  const found = document && (await source.stacks(document));
  if (!document || !found || found.length === 0) {
    await window.showInformationMessage(
      found === undefined && document
        ? l10n.t('The migration cannot be planned, because the language server is not running.')
        : l10n.t('Open a file with values for the Airflow chart to plan its migration.'),
    );
    return;
  }
  const first = found[0]?.name ?? undefined;
  let plan = await source.plan(document, first);
  const names = found.flatMap(({ name }) => name ?? []);
  if (plan && names.length > 1) {
    const chosen = await chooseStack(plan.order);
    if (chosen === undefined) return;
    plan = await source.plan(document, chosen);
  }
  if (!plan) {
    await window.showInformationMessage(
      l10n.t(
        'The migration cannot be planned, because the values leave open what is deployed: a template, half-typed text, or a layer that is not in the workspace.',
      ),
    );
    return;
  }
  await documents.show(l10n.t('Migration'), plan.markdown);
  await offer(plan);
}

/** Which stack is to be migrated; one after the other, in the order in which that is safe. */
async function chooseStack(order: readonly string[]): Promise<string | undefined> {
  const items = order.map((label, index): QuickPickItem => ({
    label,
    ...(index === 0 ? { description: l10n.t('to begin with') } : {}),
  }));
  const picked = await window.showQuickPick(items, {
    title: l10n.t('Migrate to manual token volumes'),
    placeHolder: l10n.t('Which stack? Migrate one after the other, production last'),
  });
  return picked?.label;
}

async function offer(plan: PlannedMigration): Promise<void> {
  const review: QuickPickItem = {
    label: l10n.t('Review the changes'),
    detail: l10n.t('Each is shown, to be ticked. Nothing is written before that.'),
  };
  const copy: QuickPickItem = { label: l10n.t('Copy the plan as Markdown') };
  const picked = await window.showQuickPick(plan.edit ? [review, copy] : [copy], {
    title: l10n.t('Migrate to manual token volumes'),
    placeHolder: plan.edit
      ? l10n.t('The plan is open beside the file')
      : l10n.t('There is nothing to change; the plan says why'),
  });
  if (picked === copy) await env.clipboard.writeText(plan.markdown);
  // Changes that need to be confirmed are shown by VS Code itself.
  if (picked === review && plan.edit) await workspace.applyEdit(plan.edit, { isRefactoring: true });
}
