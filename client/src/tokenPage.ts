/** The page of "Inspect Token": claims as text and on a time line. It is made once, and nothing runs in it. */
import * as l10n from '@vscode/l10n';
import { durationInWords } from '../../server/src/rules/words';
import { escapeHtml } from './escapeHtml';
import { lifeOf, type TokenClaims, type TokenLife, type TokenRemark } from './tokenClaims';

/** What the page shows. */
export interface TokenPageParts {
  readonly claims: TokenClaims;
  readonly remarks: readonly TokenRemark[];
  /** When it was looked at, in seconds since 1970. */
  readonly now: number;
  /** A word that nobody can guess: only the style that carries it counts. */
  readonly nonce: string;
  /** The language of the texts, as HTML names it; by default English. */
  readonly language?: string;
}

/**
 * The page for a token. What a token claims was written by anybody, so that all of it is escaped; and as nothing but the
 * style is let in, there is nothing that could run or be fetched.
 */
export function tokenPage({ claims, remarks, now, nonce, language = 'en' }: TokenPageParts): string {
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'`;
  const rows = rowsOf(claims, now).map(
    ([name, value]) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`,
  );
  const life = lifeOf(claims);
  const title = escapeHtml(l10n.t('Token'));
  const about = l10n.t(
    'As of {0}. The signature is not checked: anybody can write such claims. The token itself is not kept.',
    dateOf(now),
  );
  const noLine = l10n.t('There is none: the token has no beginning or no end.');
  return `<!DOCTYPE html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style nonce="${nonce}">${style}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p class="detail">${escapeHtml(about)}</p>
<h2>${escapeHtml(l10n.t('For calling the Kubernetes API'))}</h2>
${verdictOf(remarks)}
<h2>${escapeHtml(l10n.t('Claims'))}</h2>
<dl>
${rows.join('\n')}
</dl>
<h2>${escapeHtml(l10n.t('Time line'))}</h2>
${life ? timeLine(life, now) : `<p>${escapeHtml(noLine)}</p>`}
</main>
</body>
</html>
`;
}

function verdictOf(remarks: readonly TokenRemark[]): string {
  if (remarks.length === 0) return `<p>${escapeHtml(l10n.t('Nothing wrong was found.'))}</p>`;
  const items = remarks.map(({ level, text }) => {
    const label = level === 'problem' ? l10n.t('Problem:') : l10n.t('Note:');
    return `<li class="${level}"><strong>${escapeHtml(label)}</strong> ${escapeHtml(text)}</li>`;
  });
  return `<ul>\n${items.join('\n')}\n</ul>`;
}

function rowsOf(claims: TokenClaims, now: number): [string, string][] {
  const { issued, notBefore, expires, audiences } = claims;
  const none = l10n.t({ message: 'none', comment: ['No issuer, subject or audience'] });
  const rows: [string, string | undefined][] = [
    [l10n.t('Issuer'), claims.issuer ?? none],
    [l10n.t('Subject'), claims.subject ?? none],
    [
      audiences.length > 1 ? l10n.t('Audiences') : l10n.t('Audience'),
      audiences.length > 0 ? audiences.join(', ') : none,
    ],
    [l10n.t('Namespace'), claims.namespace],
    ['ServiceAccount', claims.account],
    ['Pod', claims.pod ?? l10n.t('bound to none')],
    [l10n.t('Node'), claims.node],
    ['Secret', claims.secret],
    [l10n.t('Issued'), issued === undefined ? l10n.t('not said') : dateOf(issued)],
    [l10n.t('Valid from'), notBefore === undefined || notBefore === issued ? undefined : dateOf(notBefore)],
    [l10n.t('Expires'), expires === undefined ? l10n.t('never') : dateOf(expires)],
    [l10n.t('Remaining'), remainingOf(expires, now)],
  ];
  return rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}

function remainingOf(expires: number | undefined, now: number): string {
  if (expires === undefined) return l10n.t('without end');
  return expires > now
    ? durationInWords(expires - now)
    : l10n.t('none, expired {0} ago', durationInWords(now - expires));
}

/** A time in UTC, as tokens and logs of clusters have it. */
function dateOf(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** How wide the line is, in its own units; the page stretches it. */
const width = 1000;

/** The life as a bar, and the same in words below, in the order of time. */
function timeLine({ from, renewal, until }: TokenLife, now: number): string {
  const [first, last] = [Math.min(from, now), Math.max(until, now)];
  const at = (time: number): number => Math.round(((time - first) / (last - first)) * width);
  const end = Math.max(from, Math.min(now, until));
  const bar = (className: string, start: number, stop: number): string =>
    `<rect class="${className}" x="${at(start)}" y="12" width="${Math.max(0, at(stop) - at(start))}" height="16"/>`;
  const moments = (
    [
      ['issued', l10n.t('Issued'), from],
      ['renewal', l10n.t('Renewed by the kubelet from'), renewal],
      ['end', l10n.t('Expires'), until],
      ['now', l10n.t('Now'), now],
    ] as const
  ).toSorted((a, b) => a[2] - b[2]);
  const words = moments.map(
    ([key, name, time]) =>
      `<li><span class="key ${key}" aria-hidden="true"></span> ${escapeHtml(name)}: ${escapeHtml(dateOf(time))}${key === 'issued' ? '' : `, ${escapeHtml(sinceOf(time - from))}`}</li>`,
  );
  const rule = l10n.t(
    'The kubelet fetches a new token after 80 % of the lifetime that was asked for, or after 24 hours. A token that was not mounted by the kubelet is not renewed.',
  );
  return `<svg viewBox="-6 0 ${width + 12} 40" preserveAspectRatio="none" aria-hidden="true" focusable="false">
${bar('life', from, until)}
${bar('used', from, end)}
<rect class="renewal" x="${at(renewal) - 2}" y="6" width="4" height="28"/>
<rect class="now" x="${at(now) - 3}" y="0" width="6" height="40"/>
</svg>
<ol>
${words.join('\n')}
</ol>
<p class="detail">${escapeHtml(rule)}</p>`;
}

function sinceOf(seconds: number): string {
  return seconds < 0
    ? l10n.t({
        message: '{0} before that',
        args: [durationInWords(-seconds)],
        comment: ['{0} is a time, such as 30 minutes'],
      })
    : l10n.t({
        message: 'after {0}',
        args: [durationInWords(seconds)],
        comment: ['{0} is a time, such as 30 minutes'],
      });
}

const style = `
body { margin: 0; padding: 0 16px 32px; color: var(--vscode-foreground); background: var(--vscode-editor-background);
  font: var(--vscode-font-weight) var(--vscode-font-size) / 1.45 var(--vscode-font-family); }
main { max-width: 800px; margin: 0 auto; }
h1 { margin: 16px 0 4px; font-size: 1.5em; font-weight: 600; }
h2 { margin: 20px 0 6px; font-size: 1.1em; font-weight: 600; }
p, li, dd { overflow-wrap: anywhere; }
.detail { color: var(--vscode-descriptionForeground); }
ul, ol { margin: 0; padding: 0; list-style: none; }
ul li { margin: 4px 0; padding: 6px 10px; border-left: 4px solid; }
.problem { border-color: var(--vscode-editorError-foreground, var(--vscode-foreground)); }
.note { border-color: var(--vscode-editorWarning-foreground, var(--vscode-foreground)); }
dl { margin: 0; }
dl div { display: flex; flex-wrap: wrap; padding: 2px 0; }
dt { flex: 0 0 9em; color: var(--vscode-descriptionForeground); }
dd { flex: 1 1 14em; margin: 0; }
svg { display: block; width: 100%; height: 40px; margin: 8px 0; }
ol li { display: flex; align-items: baseline; gap: 6px; }
.key { flex: none; width: 10px; height: 10px; border: 1px solid; box-sizing: border-box; }
.life { fill: var(--vscode-editorWidget-background); stroke: var(--vscode-foreground); vector-effect: non-scaling-stroke; }
.used { fill: var(--vscode-descriptionForeground); }
/* The colour of that name for charts is faint in high contrast. */
rect.renewal { fill: var(--vscode-editorWarning-foreground); stroke: var(--vscode-editorWarning-foreground); }
rect.now { fill: var(--vscode-charts-blue); stroke: var(--vscode-charts-blue); }
/* As thick as that, however narrow the page is. */
rect.renewal, rect.now { vector-effect: non-scaling-stroke; }
/* Those two are the ends of the bar. */
.key.issued, .key.end { visibility: hidden; }
.key.renewal { background: var(--vscode-editorWarning-foreground); }
.key.now { background: var(--vscode-charts-blue); }
`;
