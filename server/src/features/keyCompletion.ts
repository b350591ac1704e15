import * as l10n from '@vscode/l10n';
import {
  CompletionItemKind,
  InsertTextFormat,
  InsertTextMode,
  type CompletionItem,
  type Position,
} from 'vscode-languageserver-types';
import { readAirflowVersion, type AirflowVersion } from '../chart/airflowVersion';
import { accountOwner, tokenHosts } from '../chart/components';
import { knownExecutors, launchesPods, schedulerApiNeed } from '../chart/executors';
import { isSince } from '../chart/releases';
import {
  automountKey,
  automountSince,
  executorSetting,
  recommendedLifetimes,
  serviceAccountSettings,
  standardMountPath,
  tokenVolumeKey,
  tokenVolumeSetting,
  tokenVolumeSettings,
  type Setting,
} from '../chart/settings';
import { asText } from '../chart/templateValues';
import type { Subject } from '../rules/subject';
import { durationInWords } from '../rules/words';
import { indentStep, lineBreak, plainText } from '../values/format';
import { enclosing, type CompletionSupport } from './completion';
import { needOfScheduler } from './hover';
import { toFileLines } from './ranges';
import type { PartSnapshot } from './snapshot';
import { getStepCompletions } from './stepCompletion';

/** A value that is offered for a key. */
interface Offer {
  /** The value as it means; quotes are added where YAML needs them. */
  readonly text: string;
  /** What it is, in a few words. */
  readonly detail: string;
  /** What it leads to, in a sentence or two. */
  readonly documentation?: string;
  /** Whether a schema of the chart offers the same. */
  readonly isInSchema?: boolean;
}

/**
 * The keys that are missing in a component's `serviceAccount` and `serviceAccountTokenVolume`, and the values that make
 * sense for them and for `executor`. Looks at the lines above the cursor, so that it works in text that is half typed.
 * @param part The values.
 * @param position The cursor in them.
 * @param support What the client can take, and what it has already.
 */
export function getKeyCompletions(
  part: PartSnapshot,
  position: Position,
  support: CompletionSupport,
): CompletionItem[] {
  const { values } = part;
  const offset = values.offsetAt(position);
  const lineStart = values.lineStartAt(offset);
  const before = values.slice(lineStart, offset);
  const after = values.slice(offset, values.lineEndAt(offset));
  const bare = /^( *)[\w-]*$/.exec(before);
  const rest = /^([\w-]*)\s*$/.exec(after);
  if (bare && rest) {
    const word = before.length + (rest[1]?.length ?? 0);
    const end = { line: position.line, character: word };
    const indent = bare[1]?.length ?? 0;
    return [...getStepCompletions(part, end, indent), ...keysAt(part, end, indent, support)];
  }
  const line = /^( *)(["']?)([A-Za-z]+)\2\s*:(\s*)(?:(["']?)([^\s#"'&*!{[]*))?$/.exec(before);
  const end = /^([^\s#"']*)(["']?)\s*(?:\s#.*)?$/.exec(after);
  if (!line || !end) return [];
  const [, indent = '', , key = '', space = '', quote = '', typed = ''] = line;
  // A quote that is closed is closed by the one that opened it; without a blank, the value is part of the key.
  if ((end[2] !== '' && end[2] !== quote) || (space === '' && (quote !== '' || typed !== ''))) return [];
  const parent = indent === '' ? [] : enclosing(values, lineStart, indent.length)?.path;
  if (!parent && indent.length !== values.root.column) return [];
  const path = [...(parent ?? []), key];
  const offers = offersFor(part.subjects[0], path);
  const range = {
    start: { line: position.line, character: position.character - typed.length },
    end: { line: position.line, character: position.character + (end[1]?.length ?? 0) },
  };
  const setting = settingAt(part, path);
  if (!setting || (quote !== '' && !isText(setting))) return [];
  return offers
    .filter(({ isInSchema }) => !(support.schemaItems === true && isInSchema === true))
    .flatMap(({ text, detail, documentation }, index): CompletionItem[] => {
      const value = quote === '' ? written(setting, text) : text;
      const textEdit = toFileLines(part.excerpt, {
        range,
        newText: `${space === '' ? ' ' : ''}${value}`,
      });
      if (!textEdit) return [];
      return [
        {
          label: text,
          labelDetails: { description: detail },
          kind: CompletionItemKind.Value,
          ...(documentation === undefined
            ? {}
            : { documentation: { kind: 'markdown', value: documentation } }),
          sortText: sortedAt(index),
          textEdit,
        },
      ];
    });
}

/**
 * The keys that a map does not have yet.
 * @param end Where the word ends that they take the place of.
 * @param indent How far its line is indented.
 */
function keysAt(
  part: PartSnapshot,
  end: Position,
  indent: number,
  support: CompletionSupport,
): CompletionItem[] {
  const { values, excerpt, subjects } = part;
  const { line } = end;
  const lineStart = values.offsetAt({ line, character: 0 });
  const place = support.schemaItems === true ? undefined : enclosing(values, lineStart, indent);
  const missing = (place ? settingsIn(part, place.path) : []).filter(
    ({ name }) => place && values.find([...place.path, name]).state !== 'set',
  );
  if (!place || missing.length === 0) return [];
  const { path, column } = place;
  const margin = ' '.repeat(column);
  const word = { start: { line, character: indent }, end };
  const indentation = { start: { line, character: 0 }, end: word.start };
  const below = lineBreak(values, lineStart) + margin + ' '.repeat(indentStep(values, undefined));
  return missing.flatMap((setting, index): CompletionItem[] => {
    const body = bodyOf(setting, subjects[0], path, below, support);
    const textEdit = toFileLines(excerpt, { range: word, newText: `${setting.name}:${body}` });
    const moved =
      indent === column ? undefined : toFileLines(excerpt, { range: indentation, newText: margin });
    if (!textEdit || (indent !== column && !moved)) return [];
    return [
      {
        label: setting.name,
        kind: CompletionItemKind.Property,
        documentation: { kind: 'markdown', value: documentationOf(setting) },
        // Before the snippets, in the order in which the chart has them.
        sortText: `01${sortedAt(index)}`,
        insertTextFormat: support.snippets ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
        insertTextMode: InsertTextMode.asIs,
        textEdit,
        ...(moved ? { additionalTextEdits: [moved] } : {}),
      },
    ];
  });
}

/** What is written behind the colon of a key; below one that holds a map, what that cannot be without. */
function bodyOf(
  setting: Setting,
  subject: Subject,
  path: readonly string[],
  below: string,
  support: CompletionSupport,
): string {
  const valueOf = (of: Setting, at: readonly string[]): string => {
    const offers = offersFor(subject, at);
    return support.snippets ? snippetFor(of, offers) : written(of, offers[0]?.text ?? '');
  };
  const [first] = tokenVolumeSettings;
  if (setting.name === tokenVolumeKey && first)
    return `${below}${first.name}: ${valueOf(first, [...path, tokenVolumeKey, first.name])}`;
  // A line with nothing but blanks would not get the indentation of an excerpt.
  if (setting.type === 'map') return support.snippets ? `${below}$0` : '';
  return ` ${valueOf(setting, [...path, setting.name])}`;
}

/** The settings that the chart has in a map; none for maps that are not about tokens. */
function settingsIn({ subjects: [subject] }: PartSnapshot, path: readonly string[]): readonly Setting[] {
  const { release } = subject.settings;
  const component = accountOwner(path);
  if (!component || !isSince(release, component.since)) return [];
  const hasVolume =
    tokenHosts.some((host) => host === component.path.join('.')) &&
    isSince(release, component.tokenVolumeSince);
  const below = path.slice(component.path.length + 1);
  if (below.length === 0) {
    const known = serviceAccountSettings.filter(
      ({ name }) => name !== automountKey || isSince(release, automountSince),
    );
    const [first, ...others] = known;
    return first && hasVolume ? [first, tokenVolumeSetting, ...others] : known;
  }
  return hasVolume && below.length === 1 && below[0] === tokenVolumeKey ? tokenVolumeSettings : [];
}

function settingAt(part: PartSnapshot, path: readonly string[]): Setting | undefined {
  const key = path.at(-1);
  if (path.length === 1) return key === executorSetting.name ? executorSetting : undefined;
  return settingsIn(part, path.slice(0, -1)).find(({ name }) => name === key);
}

/** What makes sense as the value at a path; the most likely first. */
function offersFor(subject: Subject, path: readonly string[]): readonly Offer[] {
  switch (path.at(-1) ?? '') {
    case executorSetting.name:
      return executorOffers(subject);
    case automountKey:
      return automountOffers(subject, path);
    case 'create':
      return [
        { text: 'true', detail: l10n.t('the chart creates the account'), isInSchema: true },
        { text: 'false', detail: l10n.t('the account is there already'), isInSchema: true },
      ];
    case 'enabled':
      return enabledOffers();
    case 'expirationSeconds':
      return lifetimeOffers();
    case 'mountPath':
      return [
        {
          text: standardMountPath,
          detail: l10n.t("where Airflow's client looks"),
          documentation: l10n.t(
            "The only folder in which Airflow's Kubernetes client looks for a token. It is the default, too.",
          ),
          isInSchema: true,
        },
      ];
    case 'volumeName':
      return tokenVolumeSettings
        .filter(({ name }) => name === 'volumeName')
        .map((setting) => ({
          text: String(setting.default),
          detail: l10n.t("the chart's default"),
          documentation: setting.summary,
          isInSchema: true,
        }));
    case 'audience':
      return subject.settings.apiAudiences.map((text) => ({
        text,
        detail: l10n.t('accepted by the API server'),
        documentation: l10n.t(
          'An audience of the API server, from the setting `airflowTokenVolume.apiAudiences`. Without one, the token is for the API server, too.',
        ),
      }));
    default:
      return [];
  }
}

function automountOffers({ hosts }: Subject, path: readonly string[]): readonly Offer[] {
  const isHost = hosts.some(({ name, hasTokenVolume }) => hasTokenVolume && name === path[0]);
  return [
    {
      text: 'false',
      detail: l10n.t('no automatic token'),
      documentation: isHost
        ? l10n.t(
            'No container gets a token by itself. The one that needs it gets it from `serviceAccountTokenVolume`.',
          )
        : l10n.t('No container gets a token by itself.'),
      isInSchema: true,
    },
    {
      text: 'true',
      detail: l10n.t('a token in every container'),
      documentation: l10n.t(
        'Kubernetes mounts a token into every container of the pod, into init containers and sidecars, too.',
      ),
      isInSchema: true,
    },
  ];
}

function enabledOffers(): readonly Offer[] {
  return [
    {
      text: 'true',
      detail: l10n.t('a token in the main container only'),
      documentation: l10n.t(
        'Mounts a token with a lifetime into the main container. It has its effect once automatic mounting is off.',
      ),
      isInSchema: true,
    },
    {
      text: 'false',
      detail: l10n.t('no token volume'),
      documentation: l10n.t(
        'Mounts no token. With automatic mounting off, no container can reach the Kubernetes API.',
      ),
      isInSchema: true,
    },
  ];
}

function lifetimeOffers(): readonly Offer[] {
  const { production, debugging } = recommendedLifetimes;
  return [
    { seconds: 1800, detail: (lifetime: string) => l10n.t('{0}, for production', lifetime) },
    {
      seconds: production,
      detail: (lifetime: string) => l10n.t('{0}, the default', lifetime),
      advice: l10n.t('It is the longest that is recommended for production.'),
    },
    { seconds: 14_400, detail: (lifetime: string) => l10n.t('{0}, for development', lifetime) },
    {
      seconds: debugging,
      detail: (lifetime: string) => l10n.t('{0}, for debugging', lifetime),
      advice: l10n.t('It is the longest that is recommended at all.'),
    },
  ].map(({ seconds, detail, advice }) => {
    const lifetime = durationInWords(seconds);
    const meaning = l10n.t(
      'Whoever copies the token can use it for {0} at most. The kubelet renews it in good time.',
      lifetime,
    );
    return {
      text: String(seconds),
      detail: detail(lifetime),
      documentation: advice === undefined ? meaning : `${meaning} ${advice}`,
    };
  });
}

/** Lists of executors that Airflow runs beside each other, the first one being the default. */
const executorLists = ['CeleryExecutor,KubernetesExecutor', 'LocalExecutor,KubernetesExecutor'];

function executorOffers(subject: Subject): readonly Offer[] {
  const version = airflowOf(subject);
  const names = knownExecutors
    .filter(({ name, replacement }) => name !== 'DebugExecutor' && (!replacement || isBefore(version, 3, 0)))
    // Airflow knows the names of those that it once had in itself; others it finds by their path.
    .map(({ name, path, replacement }) => (path === undefined || replacement ? name : path));
  const isFirst = (name: string): boolean => !name.includes('.');
  const lists = isBefore(version, 2, 10) ? [] : executorLists;
  return [...names.filter(isFirst), ...lists, ...names.filter((name) => !isFirst(name))].map((text) => {
    const need = schedulerApiNeed(text);
    const detail = {
      always: l10n.t('needs a token'),
      never: l10n.t('needs no token'),
      'if tasks do': l10n.t('needs one if tasks do'),
    }[need];
    const heeded = launchesPods(text)
      ? l10n.t(
          'The chart heeds `automountServiceAccountToken: false` and `serviceAccountTokenVolume` of the scheduler.',
        )
      : l10n.t(
          'The chart mounts a token into every container of the scheduler, whatever its `serviceAccount` says.',
        );
    const documentation = `${needOfScheduler(need)} ${heeded}`;
    return { text, detail, documentation };
  });
}

/** The Airflow that these values deploy; undefined where that is open. */
function airflowOf(subject: Subject): AirflowVersion | undefined {
  const reading = subject.read('airflowVersion');
  return reading.state === 'unknown' ? undefined : readAirflowVersion(asText(reading.value));
}

/** Says whether an Airflow is older than a release; what cannot be told counts as new. */
function isBefore(version: AirflowVersion | undefined, major: number, minor: number): boolean {
  if (!version) return false;
  return version.major < major || (version.major === major && version.minor < minor);
}

/** A value as YAML text. */
function written(setting: Setting, text: string): string {
  return isText(setting) && text !== '' ? plainText(text) : text;
}

function isText({ type }: Setting): boolean {
  return type === 'string' || type === 'string or null';
}

/** The values to choose from as a tab stop. */
function snippetFor(setting: Setting, offers: readonly Offer[]): string {
  const choices = offers.map(({ text }) => written(setting, text).replace(/[\\,|]/g, '\\$&'));
  return choices.length === 0 ? '$0' : `\${1|${choices.join(',')}|}`;
}

function documentationOf({ summary, type, default: byDefault }: Setting): string {
  if (type === 'map') return summary;
  return byDefault === null || byDefault === undefined
    ? l10n.t('{0}\n\nBy default empty.', summary)
    : l10n.t('{0}\n\nBy default `{1}`.', summary, String(byDefault));
}

/** Keeps items in the order in which they are made. */
function sortedAt(index: number): string {
  return String(index).padStart(2, '0');
}
