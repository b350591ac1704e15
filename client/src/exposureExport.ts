import * as l10n from '@vscode/l10n';
import { env, Uri, window, workspace } from 'vscode';
import type { Picture } from '../../server/src/features/picture';
import { pictureMarkdown } from '../../server/src/features/pictureMarkdown';
import { pictureSvg } from '../../server/src/features/pictureSvg';

/** Puts a picture into the clipboard, as a table for a pull request. */
export async function copyAsMarkdown(picture: Picture): Promise<void> {
  await env.clipboard.writeText(pictureMarkdown(picture));
  window.setStatusBarMessage(`$(check) ${l10n.t('Token exposure copied as Markdown')}`, 5000);
}

/**
 * Writes a picture into a file that the user chooses.
 * @param picture The picture.
 * @param beside The file that it is about; its folder is proposed.
 */
export async function exportAsSvg(picture: Picture, beside: Uri): Promise<void> {
  const target = await window.showSaveDialog({
    title: l10n.t('Export Token Exposure'),
    // A file that was never saved has no folder.
    ...(beside.scheme === 'untitled'
      ? {}
      : { defaultUri: Uri.joinPath(beside, '..', svgName(picture.stack)) }),
    filters: { SVG: ['svg'] },
  });
  if (!target) return;
  try {
    await workspace.fs.writeFile(target, new TextEncoder().encode(pictureSvg(picture)));
  } catch (error) {
    void window.showErrorMessage(
      l10n.t('The picture was not saved: {0}', error instanceof Error ? error.message : String(error)),
    );
    return;
  }
  const saved = l10n.t('Saved {0}', workspace.asRelativePath(target));
  window.setStatusBarMessage(`$(check) ${saved}`, 5000);
}

/** A file name for the picture of a stack, whose name may hold anything. */
function svgName(stack: string | null): string {
  const words = (stack ?? '').toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return ['token-exposure', ...words].join('-') + '.svg';
}
