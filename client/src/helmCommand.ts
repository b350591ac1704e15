/** "Verify with Helm": renders a stack with the user's own Helm and chart, and compares that with the prediction. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import {
  type CancellationToken,
  commands,
  type Disposable,
  env,
  ProgressLocation,
  type Uri,
  window,
  workspace,
} from 'vscode';
import { plainMarkdown } from '../../server/src/features/markdown';
import type { Comparison, HelmInputs } from '../../server/src/features/rendering';
import { findChart, findHelm } from './helmCharts';
import type { LastValuesFile } from './lastValuesFile';
import type { MarkdownDocuments } from './markdownDocuments';

/** The command that renders a stack. */
export const verifyCommand = 'airflowTokenVolume.verifyWithHelm';

/** How much Helm may print, in bytes; a large release of the chart prints less than one. */
const mostPrinted = 64 * 1024 * 1024;

/** What the command asks. What asks the server answers undefined while that is not running. */
export interface VerificationSource {
  /** Which file it is about. */
  readonly file: Pick<LastValuesFile, 'subject'>;
  readonly inputs: (document: Uri) => Promise<HelmInputs | null | undefined>;
  readonly compare: (
    document: Uri,
    stack: string | null,
    manifests: string,
  ) => Promise<Comparison | null | undefined>;
}

/**
 * Registers the command.
 * @param source What it asks.
 * @param documents Shows what came of it.
 */
export function registerVerification(source: VerificationSource, documents: MarkdownDocuments): Disposable {
  return commands.registerCommand(verifyCommand, () => verify(source, documents));
}

async function verify(source: VerificationSource, documents: MarkdownDocuments): Promise<void> {
  if (!workspace.isTrusted) {
    await window.showInformationMessage(l10n.t('Helm is started in workspaces that you trust only.'));
    return;
  }
  const document = (await source.file.subject())?.uri;
  const inputs = document && (await source.inputs(document));
  if (!document || !inputs) {
    await window.showInformationMessage(
      document && inputs === undefined
        ? l10n.t('There is nothing to check, because the language server is not running.')
        : l10n.t('Open a file with values for the Airflow chart to verify what is predicted for it.'),
    );
    return;
  }
  if (inputs.open.length > 0) {
    await window.showInformationMessage(
      l10n.t(
        'Helm cannot render this stack as it is deployed: what {0} holds is not known here.',
        inputs.open.join(', '),
      ),
    );
    return;
  }
  const settings = workspace.getConfiguration('airflowTokenVolume', document);
  const named = settings.get<string>('helm.path', '');
  const helm = findHelm(named);
  if (helm === undefined) {
    await window.showInformationMessage(
      named === ''
        ? l10n.t('There is no Helm on the PATH. Say where it is in the setting airflowTokenVolume.helm.path.')
        : l10n.t(
            '{0} is no program that can be started. The setting airflowTokenVolume.helm.path names it.',
            named,
          ),
    );
    return;
  }
  const folder = workspace.getWorkspaceFolder(document)?.uri.fsPath;
  const wanted = settings.get<string>('helm.chart', '');
  const chart = findChart(wanted, folder, inputs.chart);
  if (chart === undefined) {
    if (wanted === '') await tellHowToGetChart(inputs.chart);
    else
      await window.showInformationMessage(
        l10n.t('There is no chart at {0}. The setting airflowTokenVolume.helm.chart names it.', wanted),
      );
    return;
  }
  const rendered = await window.withProgress(
    {
      location: ProgressLocation.Notification,
      title: l10n.t('Rendering the chart with Helm'),
      cancellable: true,
    },
    (_, token) => render(helm, chart, inputs, token),
  );
  if (rendered === undefined) return;
  if ('error' in rendered) {
    const heading = l10n.t('Helm does not render this stack');
    await documents.show(l10n.t('Verification with Helm'), `# ${heading}\n\n${fenced(rendered.error)}\n`);
    return;
  }
  const comparison = await source.compare(document, inputs.stack, rendered.manifests);
  if (comparison) await documents.show(l10n.t('Verification with Helm'), describe(comparison, inputs, chart));
}

/** Nothing is downloaded unless the user does it. */
async function tellHowToGetChart(version: string): Promise<void> {
  const copy = l10n.t('Copy the command');
  const picked = await window.showInformationMessage(
    l10n.t(
      "Chart {0} is not in Helm's cache. Pull it there, or name a folder or package in the setting airflowTokenVolume.helm.chart.",
      version,
    ),
    copy,
  );
  if (picked !== copy) return;
  await env.clipboard.writeText(`helm pull airflow --repo https://airflow.apache.org --version ${version}`);
}

/** A text as a block of code in Markdown, whatever stands in it. */
function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

type Rendered = { readonly manifests: string } | { readonly error: string } | undefined;

async function render(
  helm: string,
  chart: string,
  { layers }: HelmInputs,
  token: CancellationToken,
): Promise<Rendered> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'airflow-token-volume-'));
  const stop = new AbortController();
  token.onCancellationRequested(() => {
    stop.abort();
  });
  try {
    const files = layers.map(({ text }, index) => {
      const file = path.join(folder, `${index}.yaml`);
      // Values may hold passwords.
      writeFileSync(file, text, { mode: 0o600 });
      return file;
    });
    // The release's name is the one that predictions are made for.
    const args = ['template', 'airflow', chart, ...files.flatMap((file) => ['--values', file])];
    return await new Promise<Rendered>((resolve) => {
      execFile(helm, args, { maxBuffer: mostPrinted, signal: stop.signal }, (error, stdout, stderr) => {
        if (stop.signal.aborted) resolve(undefined);
        else resolve(error ? { error: stderr.trim() || error.message } : { manifests: stdout });
      });
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function describe(
  { same, differences }: Comparison,
  { stack, chart: version }: HelmInputs,
  chart: string,
): string {
  const verdict =
    differences.length === 0
      ? l10n.t('Helm agrees: all {0} containers hold what was predicted.', same)
      : l10n.t(
          'Helm differs in {0} of {1} containers. What Helm renders is what counts.',
          differences.length,
          same + differences.length,
        );
  return [
    stack === null
      ? `# ${l10n.t('Verification with Helm')}`
      : `# ${l10n.t('Verification with Helm: {0}', plainMarkdown(stack))}`,
    l10n.t('Chart `{0}`, predicted for {1}.', path.basename(chart), version),
    verdict,
    ...(differences.length > 0 ? [differences.map((difference) => `- ${difference}`).join('\n')] : []),
    '',
  ].join('\n\n');
}
