import * as l10n from '@vscode/l10n';
import { components } from '../chart/components';
import { tokenVolumeKey } from '../chart/settings';
import type { ValuesDocument } from '../values/document';
import { removeOverridden } from '../values/edit';
import { entriesNamed, repeatedKeys } from '../values/placed';
import { isMergeKey, type MapEntry, type MapNode, type ValueNode } from '../values/tree';
import type { Finding, Rule } from './rule';
import type { Subject } from './subject';

export const duplicateKey: Rule = {
  code: 'duplicate-key',
  severity: 'warning',
  documentation: {
    summary: 'A key that stands twice in one map, of which Helm takes the last',
    why: `When a map has a key twice, Helm takes the last one without a word. Maps are not merged: a second \`scheduler\` replaces the first with everything in it, and what only the first one has falls back to the chart's default.

Reported are the keys that decide who holds a token: \`executor\`, the components, their \`serviceAccount\` with what is in it, and their volumes. A key beside a merge (\`<<\`) of the same key is not a duplicate.`,
    wrong: `scheduler:
  serviceAccount:
    automountServiceAccountToken: false
scheduler:
  replicas: 2
`,
    right: `scheduler:
  serviceAccount:
    automountServiceAccountToken: false
  replicas: 2
`,
    fix: `**Remove** the key that Helm ignores, which changes nothing in the cluster. To keep what it says, move that into the other one by hand.`,
  },
  check: (subject) =>
    repeatedIn(subject.document)
      // Nothing is said inside of what Helm ignores, or where the text leaves open what it takes.
      .filter(
        ({ path }) =>
          subject.find(...path).state !== 'unknown' &&
          (path.length === 1 || subject.find(...path.slice(0, -1)).state === 'set'),
      )
      .map((finding) => toFinding(subject, finding)),
};

/** An entry that a later one with the same key overrides. */
interface Overridden {
  readonly path: readonly string[];
  readonly entry: MapEntry;
  readonly winner: MapEntry;
  /** The map with both; undefined at the root. */
  readonly map: MapNode | undefined;
}

const volumeKeys = ['extraVolumes', 'extraVolumeMounts', 'extraContainers', 'extraInitContainers'];
const componentKeys = ['serviceAccount', tokenVolumeKey, 'enabled', ...volumeKeys];
const topLevelKeys = new Set([
  ...['executor', 'airflowVersion', 'rbac', 'allowPodLaunching', 'volumes', 'volumeMounts'],
  ...components.flatMap(({ path }) => path.slice(0, 1)),
]);

const known = new WeakMap<ValuesDocument, readonly Overridden[]>();

/** What is overridden in a file by itself, which is the same in every stack that the file is in. */
function repeatedIn(document: ValuesDocument): readonly Overridden[] {
  let repeated = known.get(document);
  if (!repeated) {
    // An alias brings the same map to several components.
    const found = new Map<MapEntry, Overridden>();
    for (const finding of [...atTop(document), ...inMaps(document)]) found.set(finding.entry, finding);
    known.set(document, (repeated = [...found.values()]));
  }
  return repeated;
}

function atTop(document: ValuesDocument): Overridden[] {
  return [...topLevelKeys].flatMap((key) => overridden([key], document.entries(key), undefined));
}

/** The maps below the root: those that Helm takes, so that nothing is said inside of what it ignores. */
function inMaps(document: ValuesDocument): Overridden[] {
  return components.flatMap(({ path }) => [
    ...inMap(document, path, path.length === 1 ? [...componentKeys, ...nestedKeys(path)] : componentKeys),
    ...inMap(document, [...path, 'serviceAccount'], undefined),
    ...inMap(document, [...path, 'serviceAccount', tokenVolumeKey], undefined),
  ]);
}

/** The keys of components inside of another one, as `celery` in `workers`. */
function nestedKeys(path: readonly string[]): string[] {
  return components.flatMap((other) => (other.path[0] === path[0] ? other.path.slice(1) : []));
}

function inMap(
  document: ValuesDocument,
  path: readonly string[],
  keys: readonly string[] | undefined,
): Overridden[] {
  const found = document.find(path);
  if (found.state !== 'set') return [];
  return mapsIn(document, found.value).flatMap((map) =>
    [...repeatedKeys(map)]
      .filter((name) => keys?.includes(name) ?? !name.includes('{{'))
      .flatMap((name) => {
        const entries = entriesNamed(map, name).filter(({ key }) => !isMergeKey(key));
        return overridden([...path, name], entries, map);
      }),
  );
}

/** A map and those that are merged into it. */
function mapsIn(document: ValuesDocument, node: ValueNode, depth = 0): MapNode[] {
  const value = document.resolve(node);
  if (depth > 5 || !value) return [];
  if (value.kind === 'list') return value.items.flatMap((item) => mapsIn(document, item, depth + 1));
  if (value.kind !== 'map') return [];
  const merged = entriesNamed(value, '<<').filter(({ key }) => isMergeKey(key));
  return [value, ...merged.flatMap((entry) => mapsIn(document, entry.value, depth + 1))];
}

function overridden(
  path: readonly string[],
  entries: readonly MapEntry[],
  map: MapNode | undefined,
): Overridden[] {
  // A key without a colon is being typed.
  const whole = entries.filter(({ colon }) => colon !== undefined);
  const winner = whole.at(-1);
  if (!winner || whole.length < 2) return [];
  return whole.slice(0, -1).map((entry) => ({ path, entry, winner, map }));
}

function toFinding(subject: Subject, { entry, winner, map }: Overridden): Finding {
  const name = entry.key.text;
  return {
    range: entry.key.range,
    message: messageOf(subject, entry, winner),
    unnecessary: true,
    related: [{ range: winner.key.range, message: l10n.t('Helm takes this {0}.', name) }],
    fixes: [
      {
        title: l10n.t('Remove this {0}, which Helm ignores', name),
        preferred: true,
        // A whole block is not to be lost unseen, ignored as it is.
        safe: entry.value.kind === 'scalar',
        edits: () => removeOverridden(subject.document, map, entry),
      },
    ],
  };
}

function messageOf({ document }: Subject, { key, value }: MapEntry, winner: MapEntry): string {
  const lineOf = (offset: number): number => document.positionAt(offset).line + 1;
  const name = key.text;
  const line = lineOf(winner.key.range.start);
  const isMap = value.kind === 'map';
  if (line === lineOf(key.range.start))
    return isMap
      ? l10n.t(
          'This has no effect: {0} stands here more than once, and Helm takes the later one as a whole, without merging the two. Keep one of them.',
          name,
        )
      : l10n.t(
          'This has no effect: {0} stands here more than once, and Helm takes the later one. Keep one of them.',
          name,
        );
  return isMap
    ? l10n.t(
        'This has no effect: {0} stands here more than once, and Helm takes the one on line {1} as a whole, without merging the two. Keep one of them.',
        name,
        line,
      )
    : l10n.t(
        'This has no effect: {0} stands here more than once, and Helm takes the one on line {1}. Keep one of them.',
        name,
        line,
      );
}
