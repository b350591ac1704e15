import * as l10n from '@vscode/l10n';
import { escapeHtml } from './escapeHtml';
import type { ExposureWords } from './exposureMessages';

/** What the page of the view "Token Exposure" is made of. */
export interface ExposurePageParts {
  /** A word that nobody can guess: only what carries it may run or give style. */
  readonly nonce: string;
  /** The address of the page's program. */
  readonly script: string;
  /** The address of the page's style. */
  readonly style: string;
  /** The language of the texts, as HTML names it; by default English. */
  readonly language?: string;
}

function exposureWords(): ExposureWords {
  return {
    container: l10n.t('Container'),
    now: l10n.t('Now'),
    after: l10n.t('After the migration'),
    nowLabel: l10n.t('Now:'),
    afterLabel: l10n.t('After the migration:'),
    unknown: l10n.t('cannot be told'),
  };
}

/**
 * The page of the view "Token Exposure". It holds no data: those come as messages and are set as text. Nothing but the
 * extension's own program and style is let in, and nothing goes out.
 */
export function exposureHtml({ nonce, script, style, language = 'en' }: ExposurePageParts): string {
  const title = escapeHtml(l10n.t('Token Exposure'));
  const words = escapeHtml(JSON.stringify(exposureWords()));
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" nonce="${nonce}" href="${style}">
</head>
<body data-words="${words}">
<main aria-labelledby="title">
<h1 id="title">${title}</h1>
<p id="file"></p>
<p id="choice" hidden><label for="stack">${escapeHtml(l10n.t('Stack'))}</label> <select id="stack"></select></p>
<p id="about"></p>
<div id="totals" role="status">
<p id="message"></p>
<p id="now"></p>
<p id="after"></p>
</div>
<p id="actions" hidden><button type="button" id="copy">${escapeHtml(l10n.t('Copy as Markdown'))}</button> <button type="button" id="export">${escapeHtml(l10n.t('Export SVG…'))}</button></p>
<div id="workloads"></div>
</main>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>
`;
}
