import { workspace } from 'vscode';

/**
 * Documents that somebody works on: files, new ones, and those of the workspace wherever it is. Not what VS Code shows
 * beside them, such as the old side of a comparison or the preview of an edit, which would be reported twice.
 */
export function documentSelector(): { language: string; scheme: string }[] {
  const folders = workspace.workspaceFolders?.map(({ uri }) => uri.scheme) ?? [];
  return [...new Set(['file', 'untitled', ...folders])].map((scheme) => ({ language: 'yaml', scheme }));
}
