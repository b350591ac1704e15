import {
  CompletionItemKind,
  InsertTextFormat,
  InsertTextMode,
  type CompletionItem,
  type Position,
} from 'vscode-languageserver-types';
import snippets from '../../../snippets/yaml.json';
import { tokenHosts } from '../chart/components';
import { automountKey, tokenVolumeKey } from '../chart/settings';
import type { ValuesDocument } from '../values/document';
import { firstTextBelow, indentStep, lineBreak } from '../values/format';
import { plainMarkdown } from './markdown';
import { toFileLines } from './ranges';
import type { PartSnapshot } from './snapshot';

/** What the client can take as a completion. */
export interface CompletionSupport {
  /** Tab stops and choices. */
  readonly snippets: boolean;
  /** Whether something beside this server offers what a schema knows: keys, booleans and defaults. */
  readonly schemaItems?: boolean;
}

/** Part of a snippet's body: its lines without the indentation that they have in common. */
type Part = readonly string[];

/**
 * The snippets for token volumes, cut and indented for the place of the cursor: inside `scheduler:` or `cleanup:`
 * they begin with `serviceAccount`, inside that with what belongs in it. At the top level the editor itself offers
 * them whole.
 */
export function getCompletions(
  snapshot: PartSnapshot,
  position: Position,
  support: CompletionSupport,
): CompletionItem[] {
  const { values, excerpt } = snapshot;
  const offset = values.offsetAt(position);
  const lineStart = values.lineStartAt(offset);
  const typed = values.slice(lineStart, offset);
  if (!/^ *[\w-]*$/.test(typed) || !/^[\w-]*\s*$/.test(values.slice(offset, values.lineEndAt(offset))))
    return [];
  const indent = /^ */.exec(typed)?.[0].length ?? 0;
  const place = enclosing(values, lineStart, indent);
  if (!place || !hasSnippets(place) || isTaken(snapshot, place.path)) return [];
  const eol = lineBreak(values, offset);
  const word = { start: { line: position.line, character: indent }, end: position };
  const indentation = { start: { line: position.line, character: 0 }, end: word.start };
  return Object.values(snippets).flatMap((snippet): CompletionItem[] => {
    const part = withoutKeys(partOf(snippet.body, place.path), (key) =>
      isSet(snapshot, [...place.path, key]),
    );
    if (part.length === 0) return [];
    const margin = ' '.repeat(place.column);
    const body = part.map((line, index) => (line === '' || index === 0 ? line : margin + line)).join(eol);
    const newText = support.snippets ? body : withDefaults(body);
    const textEdit = toFileLines(excerpt, { range: word, newText });
    const margins =
      indent === place.column ? [] : [toFileLines(excerpt, { range: indentation, newText: margin })];
    if (!textEdit || margins.includes(undefined)) return [];
    return [
      {
        label: snippet.prefix,
        labelDetails: { description: place.path.join('.') },
        kind: CompletionItemKind.Snippet,
        documentation: {
          kind: 'markdown',
          value: [plainMarkdown(snippet.description), '', '```yaml', ...part.map(withDefaults), '```'].join(
            '\n',
          ),
        },
        // Before the editor's own item of the same name, which begins at the top level.
        sortText: `0${snippet.prefix}`,
        insertTextFormat: support.snippets ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
        insertTextMode: InsertTextMode.asIs,
        textEdit,
        ...(margins.length > 0 ? { additionalTextEdits: margins.filter((edit) => edit !== undefined) } : {}),
      },
    ];
  });
}

/** A map in block style. */
export interface Place {
  /** The path of the map that the cursor is in. */
  readonly path: readonly string[];
  /** The column at which the map's keys stand, or would stand. */
  readonly column: number;
}

/** Says whether there are snippets for what is in a map. */
function hasSnippets({ path }: Place): boolean {
  const isHost = tokenHosts.some((host) => host === path[0]);
  return isHost && (path.length === 1 || (path.length === 2 && path[1] === 'serviceAccount'));
}

/**
 * Finds the map that a line belongs to by the indentation of the lines above it, which works on half-typed text.
 * @param values The values.
 * @param lineStart The offset at which the line begins.
 * @param cursorColumn How far the line is indented.
 * @returns Undefined at the top level, and where something else than a map's key stands above.
 */
export function enclosing(
  values: ValuesDocument,
  lineStart: number,
  cursorColumn: number,
): Place | undefined {
  if (cursorColumn === 0) return undefined;
  const path: string[] = [];
  const columns: number[] = [];
  let childColumn: number | undefined;
  let limit = cursorColumn;
  for (let start = lineStart; start > 0;) {
    const end = start - 1;
    start = values.lineStartAt(end);
    const line = values.slice(start, end).replace(/\r$/, '');
    const match = /^( *)(?:(["']?)([\w.-]+)\2\s*:(?:\s+[&!]\S*)*\s*(?:#.*)?$|[^\s#])/.exec(line);
    if (!match) continue;
    const column = match[1]?.length ?? 0;
    if (column >= limit) {
      if (path.length === 0) childColumn = column;
      continue;
    }
    if (match[3] === undefined) return undefined;
    path.unshift(match[3]);
    columns.unshift(column);
    limit = column;
    if (column === 0) break;
  }
  if (path.length === 0) return undefined;
  return {
    path,
    // Costs reading on, so only where there is something to offer.
    get column() {
      if (childColumn !== undefined) return childColumn;
      const parent = columns.at(-1) ?? 0;
      const below = /^ */.exec(firstTextBelow(values, lineStart) ?? '')?.[0].length ?? 0;
      return below > parent ? below : parent + indentStep(values, undefined);
    },
  };
}

/** Says whether keys that the snippets bring are there already, so that they would stand twice. */
function isTaken(snapshot: PartSnapshot, path: readonly string[]): boolean {
  const keys = path.length === 1 ? ['serviceAccount'] : [automountKey, tokenVolumeKey];
  return keys.some((key) => isSet(snapshot, [...path, key]));
}

function isSet({ values }: PartSnapshot, path: readonly string[]): boolean {
  return values.find(path).state === 'set';
}

/** A part without the keys that are there already. */
function withoutKeys(part: Part = [], isThere: (key: string) => boolean): Part {
  let keeps = true;
  return part.filter((line) => {
    const key = /^([\w-]+):/.exec(line)?.[1];
    if (key !== undefined) keeps = !isThere(key);
    return keeps;
  });
}

/** The lines of a snippet that belong into the map at a path; undefined where it has none for that component. */
function partOf(body: readonly string[], path: readonly string[]): Part | undefined {
  let part: Part | undefined = body;
  for (const key of path) part &&= childrenOf(part, part.indexOf(`${key}:`));
  return part;
}

function childrenOf(lines: Part, parent: number): Part | undefined {
  if (parent < 0) return undefined;
  const below = lines.slice(parent + 1);
  const end = below.findIndex((line) => line !== '' && !line.startsWith(' '));
  const children = end < 0 ? below : below.slice(0, end);
  const indent = Math.min(
    ...children.filter((line) => line.trim() !== '').map((line) => /^ */.exec(line)?.[0].length ?? 0),
  );
  return children.map((line) => line.slice(indent));
}

/** A snippet's text with the default of every tab stop, for clients that know no tab stops. */
function withDefaults(body: string): string {
  return body
    .replace(/\$\{\d+\|((?:\\.|[^|\\])*?)(?<!\\)\|\}/g, (_, choices: string) =>
      (/^(?:\\.|[^,\\])*/.exec(choices)?.[0] ?? '').replace(/\\(.)/g, '$1'),
    )
    .replace(/\$\{\d+:((?:\\.|[^}\\])*)\}/g, (_, text: string) => text.replace(/\\(.)/g, '$1'))
    .replace(/\$\{?\d+\}?/g, '');
}
