/** The chart's own list of its parameters; each component has a heading of its own there. */
export const parameterReference = 'https://airflow.apache.org/docs/helm-chart/stable/parameters-ref.html';

/**
 * Text that stays text in Markdown, in a table too.
 * @param text The text; line breaks in it become blanks.
 */
export function plainMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#+!|~&]/g, '\\$&').replace(/[\r\n]+/g, ' ');
}

/**
 * Text as code in Markdown, in a table too: elsewhere a `|` in it shows a backslash.
 * @param text The text, on one line; a backtick in it becomes an apostrophe.
 */
export function codeMarkdown(text: string): string {
  return `\`${text.replaceAll('`', "'").replaceAll('|', '\\|')}\``;
}
