import * as l10n from '@vscode/l10n';
import { componentAt, components, tokenHosts, type Component, type TokenHost } from '../chart/components';
import { chartDefault } from '../chart/defaults';
import { isExecutorList, launchesPods } from '../chart/executors';
import {
  exposeChart,
  exposeHost,
  type ContainerExposure,
  type HostExposure,
  type WorkloadExposure,
} from '../chart/exposure';
import {
  automountKey,
  automountSince,
  serviceAccountSettings,
  tokenVolumeKey,
  tokenVolumeSettings,
  type SettingType,
} from '../chart/settings';
import { isSince, type ChartRelease } from '../chart/releases';
import { chartValues, isTruthy, type ChartValues, type ReadValue } from '../chart/templateValues';
import { unknown, type Found, type PlainValue, type ValuesDocument } from '../values/document';
import { firstTextBelow, isBlankOrComment } from '../values/format';
import { findIn, findInLayers, plainInLayers, rememberingPaths, type Layer } from '../values/layers';
import { isEmptyValue, type MapEntry, type TextRange, type ValueNode } from '../values/tree';

/** What the user told the extension, as far as rules need it. */
export interface RuleSettings {
  /** Audiences that the cluster's API server accepts. */
  readonly apiAudiences: readonly string[];
  /** The release of the chart that the values are for. */
  readonly release: ChartRelease;
}

/** The effective value at a path and where it comes from. */
export type Reading =
  | {
      /** `file`: the user's values set it, in this file or another layer. `default`: only the chart does. */
      readonly state: 'file' | 'default';
      /** The value; undefined where neither the values nor the chart have one. */
      readonly value: PlainValue | undefined;
      /** The layer that sets it, where that is another one than the file that is looked at. */
      readonly layer?: Layer;
    }
  /** The text leaves it open: half typed, a template, an alias of nothing, or a value of the wrong type. */
  | { readonly state: 'unknown' };

/** A component that can have a token volume, with what the rules ask about it. */
export interface HostView {
  readonly name: TokenHost;
  readonly component: Component;
  /** Whether the release in use can mount a token volume for it. */
  readonly hasTokenVolume: boolean;
  readonly automount: Reading;
  /** Whether the token volume is enabled, be it to any effect or not; off where the release has none. */
  readonly volumeEnabled: Reading;
  /** What the chart makes of it; undefined where the text leaves something open. */
  readonly exposure: HostExposure | undefined;
}

/** A file among the layers that it is deployed with. */
export interface Stack {
  /** What the user calls it: an environment, or the resource that deploys it. */
  readonly name: string;
  /** The layers, those that are overridden first. */
  readonly layers: readonly Layer[];
  /** Which of them is the file that is looked at. */
  readonly own: number;
  /** The release of the chart that it pins; undefined where it pins none. */
  readonly release?: ChartRelease | undefined;
  /**
   * Whether an umbrella chart hands the values on. What a null does then depends on Helm's version: 3.10 keeps the
   * chart's default, later ones delete it.
   */
  readonly isSubchart?: boolean;
}

/** What the rules judge: effective values with their places, wherever they were written. */
export interface Subject {
  /** The file that is looked at; where it is one of several layers, findings are about what it decides. */
  readonly document: ValuesDocument;
  /** The file's path or URI, for what its name says; empty for a document without one. */
  readonly path: string;
  /** The layers that it is deployed with; undefined where it is deployed by itself. */
  readonly stack: Stack | undefined;
  /** Whether no layer below it has anything in it, so that it is the one to speak of what none of them mentions. */
  readonly isBase: boolean;
  readonly settings: RuleSettings;
  /** The executor's text; undefined where it is open, or one that the chart's schema rejects. */
  readonly executor: string | undefined;
  /** Whether the chart counts the executor among those that launch pods; undefined where it is open. */
  readonly launchesPods: boolean | undefined;
  readonly hosts: readonly HostView[];
  /** What the file itself has at a path; nothing where a higher layer overrides it. */
  find(...path: readonly string[]): Found;
  /** Where the value at a path was set, in whatever layer; undefined where no layer sets it, or that is open. */
  origin(...path: readonly string[]): { readonly entry: MapEntry; readonly layer?: Layer } | undefined;
  /** The effective value at a path, of the type that the chart expects there. */
  read(...path: readonly string[]): Reading;
  /** Calls a function with effective values; undefined when the function asked for one that is open. */
  compute<T>(use: (read: ReadValue) => T): T | undefined;
  /** The same with the whole chart, in which values that only matter for details may be open. */
  computeChart<T>(use: (chart: ChartValues) => T): T | undefined;
  /** Every workload with what its containers hold; undefined where the text leaves something open. Costs a lot. */
  expose(): readonly WorkloadExposure[] | undefined;
  /**
   * The key at a path; where an alias or merge leads there, or it is absent, the nearest one above it in the file.
   * Undefined where that is in another layer.
   */
  placeOf(...path: readonly string[]): TextRange | undefined;
}

/** The same file, once for each stack that it is deployed in. */
export type Subjects = readonly [Subject, ...Subject[]];

/**
 * Prepares a values document for the rules.
 * @param document The file as it is now.
 * @param path Its path or URI.
 * @param settings The user's settings.
 * @param stack The layers that it is deployed with, it among them.
 */
export function createSubject(
  document: ValuesDocument,
  path: string,
  settings: RuleSettings,
  stack?: Stack,
): Subject {
  return new DocumentSubject(document, path, settings, stack);
}

class DocumentSubject implements Subject {
  readonly document: ValuesDocument;
  readonly path: string;
  readonly settings: RuleSettings;
  readonly stack: Stack | undefined;
  readonly isBase: boolean;
  readonly executor: string | undefined;
  readonly launchesPods: boolean | undefined;
  readonly hosts: readonly HostView[];
  /** The layers; none where the file is deployed by itself, which is asked of the file alone. */
  private readonly layers: readonly Layer[];
  /** Those of them that are laid over the file. */
  private readonly above: readonly Layer[];
  /** What was read: with many layers, rules ask for the same again and again. */
  private readonly readLayers = rememberingPaths((path) => this.readInLayers(path));

  constructor(document: ValuesDocument, path: string, settings: RuleSettings, stack: Stack | undefined) {
    this.document = document;
    this.path = path;
    this.settings = settings;
    this.stack = stack;
    this.layers = stack && !isAlone(stack) ? stack.layers : [];
    this.above = this.layers.slice((stack?.own ?? 0) + 1);
    this.isBase = stack === undefined || stack.layers.find(speaks)?.document === document;
    const executor = this.read('executor');
    const text = executor.state === 'unknown' ? undefined : executor.value;
    this.executor = typeof text === 'string' && isExecutorList(text) ? text : undefined;
    this.launchesPods = this.executor === undefined ? undefined : launchesPods(this.executor);
    this.hosts = tokenHosts.map((name) => this.hostView(name));
  }

  private hostView(name: TokenHost): HostView {
    const component = componentAt(name);
    const hasTokenVolume = isSince(this.settings.release, component.tokenVolumeSince);
    let exposure: { readonly value: HostExposure | undefined } | undefined;
    const expose = (): HostExposure | undefined =>
      (exposure ??= { value: this.computeChart((chart) => exposeHost(name, chart)) }).value;
    return {
      name,
      component,
      hasTokenVolume,
      automount: this.read(name, 'serviceAccount', automountKey),
      volumeEnabled: hasTokenVolume
        ? this.read(name, 'serviceAccount', tokenVolumeKey, 'enabled')
        : { state: 'default', value: false },
      get exposure() {
        return expose();
      },
    };
  }

  expose(): readonly WorkloadExposure[] | undefined {
    return this.computeChart(exposeChart);
  }

  computeChart<T>(use: (chart: ChartValues) => T): T | undefined {
    const readDetail: ReadValue = (...path) => this.readDetail(path);
    return this.compute((read) => use(chartValues(read, this.settings.release, readDetail)));
  }

  private default(path: readonly string[]): PlainValue | undefined {
    return chartDefault(path, this.settings.release) as PlainValue | undefined;
  }

  private readDetail(path: readonly string[]): PlainValue | undefined {
    const reading = this.read(...path);
    return reading.state === 'unknown' ? this.default(path) : reading.value;
  }

  find(...path: readonly string[]): Found {
    if (this.layers.length === 0) return this.document.find(path);
    const found = findIn(this.document, path);
    if (found.state !== 'set') return found;
    if (this.stack?.isSubchart && isNull(found.value)) return { state: 'unknown' };
    const over = findInLayers(this.above, path);
    if (over.state === 'unknown') return over;
    if (over.state === 'absent') return over.takesAway ? over : found;
    // Maps are merged, so that each layer's keys count; anything else is replaced.
    const isMerged = found.value.kind === 'map' && this.above.every((layer) => mergesAt(layer, path));
    return isMerged ? found : { state: 'absent', cutOff: false };
  }

  origin(...path: readonly string[]): { readonly entry: MapEntry; readonly layer?: Layer } | undefined {
    const own = this.find(...path);
    if (own.state === 'set') return { entry: own.entry };
    const found = this.layers.length === 0 ? own : findInLayers(this.layers, path);
    if (found.state !== 'set' || !('layer' in found)) return undefined;
    const layer = this.layers[found.layer];
    return layer && { entry: found.entry, layer };
  }

  read(...path: readonly string[]): Reading {
    // An older chart ignores the key, wherever it stands.
    if (isAutomount(path) && !hasAutomount(this)) return { state: 'default', value: true };
    if (this.layers.length > 0) return this.readLayers(path);
    const found = this.document.find(path);
    if (found.state === 'unknown') return found;
    if (found.state === 'absent') {
      return found.cutOff ? { state: 'unknown' } : { state: 'default', value: this.default(path) };
    }
    const value = this.document.plain(found.value);
    if (value === unknown || isTemplate(value) || !fits(value, typeAt(path))) return { state: 'unknown' };
    return { state: 'file', value };
  }

  private readInLayers(path: readonly string[]): Reading {
    const found = plainInLayers(this.layers, path);
    if (found === undefined) return { state: 'default', value: this.default(path) };
    if (found === unknown || isTemplate(found.value) || !fits(found.value, typeAt(path)))
      return { state: 'unknown' };
    if (this.stack?.isSubchart && found.value === null) return { state: 'unknown' };
    const layer = found.layer === this.stack?.own ? undefined : this.layers[found.layer];
    return { state: 'file', value: found.value, ...(layer ? { layer } : {}) };
  }

  compute<T>(use: (read: ReadValue) => T): T | undefined {
    const open: string[] = [];
    const result = use((...path) => {
      const reading = this.read(...path);
      if (reading.state !== 'unknown') return reading.value;
      open.push(path.join('.'));
      return undefined;
    });
    return open.length > 0 ? undefined : result;
  }

  placeOf(...path: readonly string[]): TextRange | undefined {
    const place = placeIn(this.document, path);
    if (!place || this.layers.length === 0) return place?.range;
    return this.isPlace(path, place.depth) ? place.range : undefined;
  }

  /** Says whether this file's place for a path is the one of all layers: the deciding one, the deepest, the lowest. */
  private isPlace(path: readonly string[], depth: number): boolean {
    const own = this.stack?.own ?? 0;
    const decisive = findInLayers(this.layers, path);
    if (decisive.state === 'set') return decisive.layer === own;
    if (this.isReplaced(own, path, depth)) return false;
    return this.layers.every(({ isOpen, document }, layer) => {
      if (layer === own || isOpen) return true;
      const other = placeIn(document, path)?.depth ?? 0;
      return layer < own ? other < depth || this.isReplaced(layer, path, depth) : other <= depth;
    });
  }

  /** Says whether a layer above another one replaces the map or value that it has as far down a path. */
  private isReplaced(layer: number, path: readonly string[], depth: number): boolean {
    const keys = path.slice(0, depth);
    return this.layers.slice(layer + 1).some((above) => !above.isOpen && !mergesAt(above, keys));
  }
}

/** Says whether a layer is known and has any key. */
function speaks({ isOpen, document }: Layer): boolean {
  return !isOpen && document.firstKey !== undefined;
}

/** Says whether a layer leaves a map that is below it at a path a map. */
function mergesAt({ document }: Layer, path: readonly string[]): boolean {
  const found = findIn(document, path);
  return found.state === 'set' ? found.value.kind === 'map' : found.state === 'absent' && !found.cutOff;
}

/** The nearest key to a path in a file, and how many of the path's keys lead to it. */
function placeIn(
  document: ValuesDocument,
  path: readonly string[],
): { readonly range: TextRange; readonly depth: number } | undefined {
  let place: { readonly range: TextRange; readonly depth: number } | undefined;
  for (let depth = 1; depth <= path.length; depth++) {
    const keys = path.slice(0, depth);
    const found = document.find(keys);
    if (found.state !== 'set') break;
    const range = document.ownEntry(keys)?.key.range;
    if (range) place = { range, depth };
    if (found.shared) break;
  }
  return place;
}

/** Says whether a stack is one file whose text says all, so that the file alone can be asked. */
function isAlone({ layers, isSubchart }: Stack): boolean {
  return layers.length < 2 && isSubchart !== true && !layers.some(({ isOpen }) => isOpen);
}

function isNull(node: ValueNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

function isAutomount(path: readonly string[]): boolean {
  return path.at(-1) === automountKey && path.at(-2) === 'serviceAccount';
}

/** Says whether the release in use has the switch for automatic mounting; before it, every account has it on. */
export function hasAutomount({ settings }: Pick<Subject, 'settings'>): boolean {
  return isSince(settings.release, automountSince);
}

function isTemplate(value: PlainValue): boolean {
  return typeof value === 'string' && (value.includes('{{') || value.includes('${'));
}

const typesByName = new Map<string, SettingType>([
  ...serviceAccountSettings.map(({ name, type }) => [name, type] as const),
  ...tokenVolumeSettings.map(({ name, type }) => [name, type] as const),
]);

/** The type of the switches that decide who holds a token; anything is accepted elsewhere. */
function typeAt(path: readonly string[]): SettingType {
  const type = path.includes('serviceAccount') ? typesByName.get(path.at(-1) ?? '') : undefined;
  return type === 'boolean' ? type : 'any';
}

/**
 * Says whether the chart's schema accepts a value for a key. Null is accepted by every type: it deletes the
 * chart's default before the schema looks at it.
 */
export function fits(value: PlainValue, type: SettingType): boolean {
  if (value === null) return true;
  switch (type) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value);
    case 'string':
    case 'string or null':
      return typeof value === 'string';
    case 'map':
      return typeof value === 'object' && !Array.isArray(value);
    case 'any':
      return true;
  }
}

/** What to call a value of a type in a sentence. */
export const typeNames: Readonly<Record<SettingType, string>> = {
  get boolean() {
    return l10n.t('true or false');
  },
  get integer() {
    return l10n.t('a whole number');
  },
  get string() {
    return l10n.t('a text');
  },
  get 'string or null'() {
    return l10n.t('a text');
  },
  get map() {
    return l10n.t('a map');
  },
  get any() {
    return l10n.t('anything');
  },
};

/** Every place of the file where a component's `serviceAccount` map stands. */
export function serviceAccounts(
  subject: Subject,
): { component: Component; path: readonly string[]; found: Found & { state: 'set' } }[] {
  return components.flatMap((component) => {
    const path = [...component.path, 'serviceAccount'];
    const found = subject.find(...path);
    return found.state === 'set' ? [{ component, path, found }] : [];
  });
}

/** Says whether the values delete a component's token volume with everything the chart has in it, by a null. */
export function hasNullVolume(subject: Subject, host: TokenHost): boolean {
  const reading = subject.read(host, 'serviceAccount', tokenVolumeKey);
  return reading.state === 'file' && reading.value === null;
}

/** A key of a token volume as the file has it. */
export interface VolumeSetting {
  readonly host: HostView;
  readonly path: readonly string[];
  readonly entry: MapEntry;
  readonly value: PlainValue;
  /** Whether the volume is on, be it to any effect or not. */
  readonly enabled: boolean;
  /** Whether the chart mounts the volume as the values are now; if not, what is wrong with it lies ahead. */
  readonly mounted: boolean;
}

/**
 * A key of the token volumes, wherever the file itself sets it to something readable.
 * @param key The key's name in `serviceAccountTokenVolume`.
 */
export function volumeSettings(subject: Subject, key: string): VolumeSetting[] {
  return subject.hosts.flatMap((host) => {
    const { name, hasTokenVolume, volumeEnabled, exposure } = host;
    if (!hasTokenVolume) return [];
    const path = [name, 'serviceAccount', tokenVolumeKey, key];
    const found = subject.find(...path);
    const reading = subject.read(...path);
    if (found.state !== 'set' || reading.state !== 'file' || reading.value === undefined) return [];
    const enabled = isOn(volumeEnabled);
    const mounted = exposure?.rendered === true && exposure.tokenVolumeMounted;
    return [{ host, path, entry: found.entry, value: reading.value, enabled, mounted }];
  });
}

/** The value of an entry, or its key where no value is written. */
export function valueOrKey({ key, value }: MapEntry): TextRange {
  return isEmptyValue(value) ? key.range : value.range;
}

/** The value of an entry, or its key where the value takes several lines. */
export function onOneLine({ document }: Subject, { key, value }: MapEntry): TextRange {
  return document.slice(value.range.start, value.range.end).includes('\n') ? key.range : value.range;
}

/** The value at a path where it stands there itself, or else the nearest key above it in the file. */
export function valueOrPlace(subject: Subject, ...path: readonly string[]): TextRange | undefined {
  const place = subject.placeOf(...path);
  const found = subject.find(...path);
  const isOwn = found.state === 'set' && found.entry.key.range.start === place?.start;
  return isOwn ? valueOrKey(found.entry) : place;
}

/**
 * Says whether an entry is surely left without a value: nothing is written for it, nor a line below it that belongs
 * to it and could not be read.
 */
export function isLeftEmpty({ document }: Subject, { key, value }: MapEntry): boolean {
  if (!isEmptyValue(value)) return value.kind === 'scalar' && value.value === null;
  const line = document.lineStartAt(key.range.start);
  const afterColon = document.slice(key.range.end, document.lineEndAt(key.range.end)).replace(/^[^:]*:/, '');
  if (!isBlankOrComment(afterColon)) return true;
  const indent = /^[ \t]*/.exec(firstTextBelow(document, key.range.end) ?? '')?.[0] ?? '';
  return !indent.includes('\t') && indent.length <= key.range.start - line;
}

/** Another place that has a part in a finding. */
export interface RelatedPlace {
  readonly range: TextRange;
  readonly message: string;
  /** The layer that it is in, where that is another one than the file that is looked at. */
  readonly layer?: Layer;
}

/** The place where a value is set, for findings that depend on it; nothing where no layer sets it. */
export function placesOf(
  subject: Subject,
  path: readonly string[],
  part: 'key' | 'value',
  message: string,
): RelatedPlace[] {
  const origin = subject.origin(...path);
  if (!origin) return [];
  const { entry, layer } = origin;
  return [{ range: entry[part].range, message, ...(layer ? { layer } : {}) }];
}

/** The same for a key of an item in a list. */
export function placesOfItem(
  subject: Subject,
  list: readonly string[],
  index: number,
  key: string,
  message: string,
): RelatedPlace[] {
  const { entry: { value } = {}, layer } = subject.origin(...list) ?? {};
  const entry = value?.kind === 'list' ? entryBelow(value.items[index], key) : undefined;
  return entry ? [{ range: entry.value.range, message, ...(layer ? { layer } : {}) }] : [];
}

/** The place where the file chooses the executor, for findings that depend on it. */
export function executorPlace(subject: Subject): RelatedPlace[] {
  return placesOf(subject, ['executor'], 'value', l10n.t('The executor is chosen here.'));
}

/** Says whether a switch is on for certain, by the file or by default. */
export function isOn(reading: Reading): boolean {
  return reading.state !== 'unknown' && isTruthy(reading.value);
}

/** The container of a host that the chart gives the token volume; undefined where the text leaves something open. */
export function mainContainer({ component, exposure }: HostView): ContainerExposure | undefined {
  return exposure?.containers.find(({ name }) => name === component.container);
}

/** An item of a list in the file; undefined where the list is not there, or an alias brings it. */
export function itemAt(subject: Subject, list: readonly string[], index: number): ValueNode | undefined {
  if (subject.find(...list).state !== 'set') return undefined;
  const node = subject.document.ownEntry(list)?.value;
  return node?.kind === 'list' ? node.items[index] : undefined;
}

/** The entry at keys below a node, lists passed through to their first item with the next key. */
export function entryBelow(node: ValueNode | undefined, ...keys: readonly string[]): MapEntry | undefined {
  const [first, ...rest] = keys;
  if (node?.kind === 'list') {
    for (const item of node.items) {
      const found = entryBelow(item, ...keys);
      if (found) return found;
    }
    return undefined;
  }
  if (node?.kind !== 'map' || first === undefined) return undefined;
  const entry = node.entries.findLast(({ key }) => key.text === first);
  return rest.length === 0 ? entry : entryBelow(entry?.value, ...rest);
}
