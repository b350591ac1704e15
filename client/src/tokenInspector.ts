/**
 * "Inspect Token": shows what a service account token claims. The token stays in the memory of this call: it is not
 * logged, kept or handed on, and what is shown are its claims.
 */
import { randomBytes } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import { commands, Disposable, ViewColumn, type WebviewPanel, window, workspace } from 'vscode';
import { accountIn } from './clusterChecks';
import { chosenPicture, clusterFor, type PictureSource } from './clusterCommand';
import { displayLanguage } from './displayLanguage';
import { judgeToken, readToken, type TokenClaims, type TokenUse } from './tokenClaims';
import { tokenPage } from './tokenPage';

/** The command that asks for a token. */
export const inspectTokenCommand = 'airflowTokenVolume.inspectToken';

/**
 * Registers the command.
 * @param source What it asks about the stack at hand.
 */
export function registerTokenInspector(source: PictureSource): Disposable {
  let panel: WebviewPanel | undefined;

  function show(page: string): void {
    if (!panel) {
      const created = window.createWebviewPanel(
        'airflowTokenVolume.token',
        l10n.t('Token'),
        { viewColumn: ViewColumn.Beside },
        // Nothing runs in it, and no file is let in.
        { enableScripts: false, localResourceRoots: [], enableFindWidget: true },
      );
      created.onDidDispose(() => {
        if (panel === created) panel = undefined;
      });
      panel = created;
    }
    panel.webview.html = page;
    panel.reveal();
  }

  async function inspect(): Promise<void> {
    // Nobody has to wait for a server to be asked for a token.
    const finding = findUse(source);
    const claims = selectedClaims() ?? (await askForClaims());
    if (!claims) return;
    const use = await finding;
    const now = Math.floor(Date.now() / 1000);
    const nonce = randomBytes(16).toString('base64url');
    show(
      tokenPage({ claims, remarks: judgeToken(claims, use, now), now, nonce, language: displayLanguage() }),
    );
  }

  return Disposable.from(commands.registerCommand(inspectTokenCommand, inspect), {
    dispose: () => {
      panel?.dispose();
    },
  });
}

/** The claims of the token in the selection; undefined where that is none. */
function selectedClaims(): TokenClaims | undefined {
  const editor = window.activeTextEditor;
  if (!editor || editor.selection.isEmpty) return undefined;
  const reading = readToken(editor.document.getText(editor.selection));
  return 'claims' in reading ? reading.claims : undefined;
}

async function askForClaims(): Promise<TokenClaims | undefined> {
  const text = await window.showInputBox({
    title: l10n.t('Inspect token'),
    prompt: l10n.t('A service account token. It is neither kept nor sent, and its signature is not checked.'),
    placeHolder: l10n.t('Paste the token'),
    password: true,
    ignoreFocusOut: true,
    validateInput: (value) => {
      const reading = readToken(value);
      return value === '' || 'claims' in reading ? undefined : reading.problem;
    },
  });
  if (text === undefined || text === '') return undefined;
  const reading = readToken(text);
  if ('claims' in reading) return reading.claims;
  await window.showErrorMessage(reading.problem);
  return undefined;
}

/** What a token is for, as the settings and the stack of the file at hand say. */
async function findUse(source: PictureSource): Promise<TokenUse> {
  const document = (await source.file.subject())?.uri;
  const given = workspace.getConfiguration('airflowTokenVolume', document).get<unknown>('apiAudiences');
  const audiences: unknown[] = Array.isArray(given) ? given : [];
  const cluster = clusterFor(document);
  const picture = document && (await chosenPicture(source, document));
  const accounts = picture?.workloads.map(({ serviceAccount }) => accountIn(serviceAccount, cluster.release));
  return {
    apiAudiences: audiences.filter((one) => typeof one === 'string'),
    accounts: accounts && [...new Set(accounts)],
    namespace: cluster.assumed?.includes('namespace') === true ? undefined : cluster.namespace,
  };
}
