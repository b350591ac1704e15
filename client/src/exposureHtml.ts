/** What the page of the view "Token Exposure" is made of. */
export interface ExposurePageParts {
  /** A word that nobody can guess: only what carries it may run or give style. */
  readonly nonce: string;
  /** The address of the page's program. */
  readonly script: string;
  /** The address of the page's style. */
  readonly style: string;
}

/**
 * The page of the view "Token Exposure". It holds no data: those come as messages and are set as text. Nothing but the
 * extension's own program and style is let in, and nothing goes out.
 */
export function exposureHtml({ nonce, script, style }: ExposurePageParts): string {
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Token Exposure</title>
<link rel="stylesheet" nonce="${nonce}" href="${style}">
</head>
<body>
<main aria-labelledby="title">
<h1 id="title">Token Exposure</h1>
<p id="file"></p>
<p id="choice" hidden><label for="stack">Stack</label> <select id="stack"></select></p>
<p id="about"></p>
<div id="totals" role="status">
<p id="message"></p>
<p id="now"></p>
<p id="after"></p>
</div>
<p id="actions" hidden><button type="button" id="copy">Copy as Markdown</button> <button type="button" id="export">Export SVG…</button></p>
<div id="workloads"></div>
</main>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>
`;
}
