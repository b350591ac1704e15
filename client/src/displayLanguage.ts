import { env, l10n as editorL10n } from 'vscode';

/** The language of the extension's texts, as HTML names it: the editor's one, or English where there is no translation. */
export function displayLanguage(): string {
  return editorL10n.bundle ? env.language : 'en';
}
