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
import { indentStep, lineBreak, lineStartAt } from '../values/format';
import type { Snapshot } from './snapshot';

/** What the client can take as a completion. */
export interface CompletionSupport {
  /** Tab stops and choices. */
  readonly snippets: boolean;
}

/** Part of a snippet's body: its lines without the indentation that they have in common. */
type Part = readonly string[];

/**
 * The snippets for token volumes, cut and indented for the place of the cursor: inside `scheduler:` or `cleanup:`
 * they begin with `serviceAccount`, inside that with what belongs in it. At the top level the editor itself offers
 * them whole.
 */
export function getCompletions(
  snapshot: Snapshot,
  position: Position,
  support: CompletionSupport,
): CompletionItem[] {
  const { subject, textDocument, values } = snapshot;
  if (!subject) return [];
  const text = values.text;
  const offset = textDocument.offsetAt(position);
  const lineStart = lineStartAt(text, offset);
  const typed = text.slice(lineStart, offset);
  if (!/^ *[\w-]*$/.test(typed) || !/^[\w-]*\s*$/.test(restOfLine(text, offset))) return [];
  const place = enclosing(text, lineStart, /^ */.exec(typed)?.[0].length ?? 0, indentStep(values, undefined));
  if (!place) return [];
  const range = { start: { line: position.line, character: 0 }, end: position };
  const eol = lineBreak(text, offset);
  return Object.values(snippets).flatMap((snippet): CompletionItem[] => {
    const part = partOf(snippet.body, place.inside);
    if (!part || isTaken(snapshot, place.path)) return [];
    const body = part.map((line) => (line === '' ? '' : ' '.repeat(place.column) + line)).join(eol);
    return [
      {
        label: snippet.prefix,
        labelDetails: { description: place.path.join('.') },
        kind: CompletionItemKind.Snippet,
        detail: snippet.description,
        sortText: `0${snippet.prefix}`,
        filterText: typed.replace(/[\w-]*$/, '') + snippet.prefix,
        insertTextFormat: support.snippets ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
        insertTextMode: InsertTextMode.asIs,
        textEdit: { range, newText: support.snippets ? body : withDefaults(body) },
      },
    ];
  });
}

function restOfLine(text: string, offset: number): string {
  const end = text.indexOf('\n', offset);
  return text.slice(offset, end < 0 ? text.length : end);
}

interface Place {
  readonly inside: 'component' | 'serviceAccount';
  /** The path of the map that the cursor is in. */
  readonly path: readonly string[];
  /** The column at which the map's keys stand, or would stand. */
  readonly column: number;
}

/** Finds the map that a line belongs to by the indentation of the lines above it, which works on half-typed text. */
function enclosing(text: string, lineStart: number, cursorColumn: number, step: number): Place | undefined {
  const above = text.slice(0, lineStart).split(/\r?\n/);
  const path: string[] = [];
  const columns: number[] = [];
  let childColumn: number | undefined;
  let limit = cursorColumn;
  for (const line of above.reverse()) {
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
  const isHost = tokenHosts.some((host) => host === path[0]);
  if (!isHost || path.length > 2 || (path.length === 2 && path[1] !== 'serviceAccount')) return undefined;
  return {
    inside: path.length === 1 ? 'component' : 'serviceAccount',
    path,
    column: childColumn ?? (columns.at(-1) ?? 0) + step,
  };
}

/** Says whether keys that the snippets bring are there already, so that they would stand twice. */
function isTaken({ values }: Snapshot, path: readonly string[]): boolean {
  const keys = path.length === 1 ? ['serviceAccount'] : [automountKey, tokenVolumeKey];
  return keys.some((key) => values.find([...path, key]).state === 'set');
}

/** The lines below a snippet's `scheduler:` or `cleanup:`, or below the `serviceAccount:` in it. */
function partOf(body: readonly string[], inside: Place['inside']): Part | undefined {
  const component = childrenOf(
    body,
    body.findIndex((line) => tokenHosts.some((host) => line === `${host}:`)),
  );
  if (inside === 'component' || !component) return component;
  return childrenOf(
    component,
    component.findIndex((line) => line === 'serviceAccount:'),
  );
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
