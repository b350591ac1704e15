import picomatch from 'picomatch';
import { looksLikeAirflowChart } from '../chart/signature';
import type { ValuesDocument } from '../values/document';

/** How many lines at the top of a file are searched for a comment that switches the extension on or off for it. */
const directiveLines = 10;

/**
 * Says whether a file holds values for the official Airflow chart: its name fits and its top level looks like the
 * chart's, unless a comment in its first lines decides.
 * @param path The file's path with slashes, or undefined for a document that has no name yet.
 * @param document Its content.
 * @param patterns Glob patterns for its name.
 */
export function isAirflowValues(
  path: string | undefined,
  document: ValuesDocument,
  patterns: readonly string[],
): boolean {
  const directive = directiveOf(document);
  if (directive !== undefined) return directive === 'enable';
  if (path !== undefined && !fitsName(path, patterns)) return false;
  return looksLikeAirflowChart(
    (key) => document.hasKey(key),
    (key) => {
      const found = document.find([key]);
      return found.state === 'set' && found.value.kind === 'map';
    },
    (keys) => document.find(keys).state === 'set',
  );
}

/**
 * Says whether a file's name allows for values of the Airflow chart.
 * @param path The file's path with slashes.
 * @param patterns Glob patterns for its name.
 */
export function fitsName(path: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matches(pattern, path));
}

/** What a comment in the first lines of a document asks for; see {@link directiveIn}. */
export function directiveOf(document: ValuesDocument): 'enable' | 'disable' | undefined {
  return directiveIn(document.slice(0, document.offsetAt({ line: directiveLines, character: 0 })));
}

/**
 * What a comment in the first lines of a file asks for; a reason may stand behind it, after ` -- `.
 * @param text The whole file, or its beginning.
 * @returns Undefined where no such comment stands.
 */
export function directiveIn(text: string): 'enable' | 'disable' | undefined {
  let end = -1;
  for (let line = 0; line < directiveLines; line++) {
    const next = text.indexOf('\n', end + 1);
    if (next < 0) {
      end = text.length;
      break;
    }
    end = next;
  }
  const found =
    /^\uFEFF?[ \t]*#[ \t]*airflow-token-volume:[ \t]*(enable|disable)(?:[ \t]+--(?:[ \t].*)?)?[ \t]*$/m.exec(
      text.slice(0, end),
    )?.[1];
  return found === 'enable' || found === 'disable' ? found : undefined;
}

const matchers = new Map<string, (path: string) => boolean>();

/** A pattern without a slash is held against the name, one with a slash against the end of the path. */
function matches(pattern: string, path: string): boolean {
  let matcher = matchers.get(pattern);
  if (!matcher) {
    try {
      matcher = picomatch(pattern.includes('/') ? `**/${pattern.replace(/^\/+/, '')}` : pattern, {
        dot: true,
      });
    } catch {
      // Nothing that picomatch can read, so nothing matches it.
      matcher = () => false;
    }
    matchers.set(pattern, matcher);
  }
  return matcher(pattern.includes('/') ? path.replace(/^\/+/, '') : (path.split('/').at(-1) ?? path));
}
