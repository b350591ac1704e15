import { lstatSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { contributes } from '../../../package.json';
import { nearest, readSettings, releaseOf, releases, type Settings } from '../languageService';
import { decode, reasonOf } from '../disk/readText';
import { UsageError } from './environment';

/** The names under which settings are looked for above each file. */
export const configurationNames = ['yaml', 'yml', 'json'].map((ending) => `.airflow-token-volume.${ending}`);

/** A configuration that cannot be used. */
export class ConfigurationError extends UsageError {
  override readonly name = 'ConfigurationError';

  /** The configuration, as the user is to read it. */
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}

/** The part of JSON Schema that the extension's manifest describes settings with. */
interface SettingSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly items?: SettingSchema;
  readonly properties?: Readonly<Record<string, SettingSchema>>;
  readonly additionalProperties?: boolean | SettingSchema;
}

const prefix = 'airflowTokenVolume.';

/** Settings about what an editor shows. */
const ofTheEditor: ReadonlySet<string> = new Set(['codeLens', 'inlayHints', 'workspaceDiagnostics']);

/** What can be set: everything that the editor has a setting for, except for what is about the editor itself. */
const schema: SettingSchema = {
  type: 'object',
  properties: Object.fromEntries(
    Object.entries<SettingSchema>(contributes.configuration.properties)
      .map(([name, setting]) => [name.slice(prefix.length), setting] as const)
      .filter(([name]) => !name.includes('.') && !ofTheEditor.has(name)),
  ),
  additionalProperties: false,
};

/** Settings, and where they come from. */
export interface FoundSettings extends Settings {
  /** The folder of the configuration that was found; undefined where there is none, or another one was named. */
  readonly folder: string | undefined;
  readonly chartVersionFrom: 'option' | 'setting' | 'default';
}

/** The settings for a file. */
export type SettingsFor = (file: string) => FoundSettings;

/** What the command line says about settings. */
export interface ConfigurationOptions {
  /** A file to use instead of the one that is found, with its full path. */
  readonly file?: string | undefined;
  readonly chartVersion?: string | undefined;
}

/**
 * Prepares to read settings from files and the command line, which overrides them.
 * @param options What the command line says.
 * @param show Makes a full path into what the user is to read.
 * @param warn Told of what is no mistake, but not what the user may expect.
 * @returns The settings for a file by its full path. It throws a {@link ConfigurationError} for a configuration that cannot be
 *   read or does not say what it should; each one is read once.
 * @throws {UsageError} When the command line names such a configuration, or no version of the chart.
 */
export function createConfiguration(
  { file, chartVersion }: ConfigurationOptions,
  show: (file: string) => string,
  warn: (message: string) => void,
): SettingsFor {
  if (chartVersion !== undefined && releaseOf(chartVersion) === undefined)
    throw new UsageError(`--chart-version takes a full version such as 1.21.0, not "${chartVersion}".`);
  const over = chartVersion === undefined ? {} : { chartVersion };
  const fixed = file === undefined ? undefined : readNamed(file);

  function readNamed(configuration: string): FoundSettings {
    try {
      return read(configuration, undefined);
    } catch (error) {
      throw error instanceof UsageError ? error : unreadable(configuration, error);
    }
  }
  function read(configuration: string, folder: string | undefined): FoundSettings {
    const found = { ...readConfiguration(readFileSync(configuration), show(configuration)), ...over };
    warnOfVersion(found, warn);
    return withOrigin(found, folder);
  }
  function withOrigin(found: object, folder: string | undefined): FoundSettings {
    const isSet = String(Reflect.get(found, 'chartVersion') ?? '').trim() !== '';
    const chartVersionFrom = chartVersion !== undefined ? 'option' : isSet ? 'setting' : 'default';
    return { ...readSettings(found), folder, chartVersionFrom };
  }
  function unreadable(configuration: string, error: unknown): ConfigurationError {
    const name = show(configuration);
    return new ConfigurationError(name, `${name} cannot be read: ${reasonOf(error)}.`);
  }

  const byFolder = new Map<string, () => FoundSettings>();
  function inFolder(folder: string): () => FoundSettings {
    const known = byFolder.get(folder);
    if (known) return known;
    const found = lookIn(folder);
    byFolder.set(folder, found);
    return found;
  }
  function lookIn(folder: string): () => FoundSettings {
    const [candidate, other] = configurationNames
      .map((name) => path.join(folder, name))
      .filter((file) => lstatSync(file, { throwIfNoEntry: false }) !== undefined);
    if (candidate === undefined) {
      const parent = path.dirname(folder);
      if (parent !== folder) return inFolder(parent);
      warnOfVersion(over, warn);
      const settings = withOrigin(over, undefined);
      return () => settings;
    }
    try {
      if (other !== undefined) {
        const problem = `there is ${path.basename(other)} in the same folder, too; keep one of them.`;
        throw new ConfigurationError(show(candidate), `${show(candidate)}: ${problem}`);
      }
      const settings = read(candidate, folder);
      return () => settings;
    } catch (error) {
      return () => fail(error instanceof UsageError ? error : unreadable(candidate, error));
    }
  }

  return (checked) => fixed ?? inFolder(path.dirname(checked))();
}

function fail(error: Error): never {
  throw error;
}

/** Says so where the chart's version is none of those that are known, nor between them. */
function warnOfVersion(configuration: object, warn: (message: string) => void): void {
  const wanted: unknown = Reflect.get(configuration, 'chartVersion');
  if (typeof wanted !== 'string' || wanted.trim() === '') return;
  const version = wanted.trim().replace(/^v/, '');
  const used = releaseOf(version)?.version;
  const [oldest, newest] = [releases[0].version, releases.at(-1)?.version];
  const known = `The chart's versions ${oldest} to ${newest ?? oldest} are known.`;
  // A version before all that are known is a release of its own.
  if (!releases.some((release) => release.version === used))
    warn(`${known} For ${version}, ${oldest} is used, without what is known to be new in it.`);
  else if (used === newest && version !== newest) warn(`${known} For ${version}, ${newest} is used.`);
}

/**
 * Reads a configuration and holds it against what can be set.
 * @param bytes The file's content, YAML or JSON, which is YAML too.
 * @param name What to call the file in messages.
 * @throws {ConfigurationError} With every mistake in it, each on a line of its own.
 */
export function readConfiguration(bytes: Buffer, name: string): object {
  const decoded = decode(bytes);
  if ('problem' in decoded) throw new ConfigurationError(name, `${name} cannot be read: ${decoded.problem}.`);
  const lineCounter = new LineCounter();
  const document = parseDocument(decoded.text, { lineCounter, prettyErrors: false, stringKeys: true });
  const broken = document.errors[0];
  if (broken) {
    const { line, col } = lineCounter.linePos(broken.pos[0]);
    const problem = problems[broken.code] ?? `this is not valid YAML: ${broken.message}`;
    throw new ConfigurationError(name, `${name}:${line}:${col}: ${problem}`);
  }
  const value = document.toJS() as unknown;
  if (value === null || value === undefined) return {};
  const mistakes = [...mistakesIn(value, schema, '')];
  if (mistakes.length > 0)
    throw new ConfigurationError(name, mistakes.map((mistake) => `${name}: ${mistake}`).join('\n'));
  return value;
}

/** What YAML allows for and settings do not, in words of their own. */
const problems: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: 'a second YAML document starts here, and settings are a single one.',
  NON_STRING_KEY: 'a key must be a text.',
};

function* mistakesIn(value: unknown, wanted: SettingSchema, key: string): Generator<string> {
  const types = typeof wanted.type === 'string' ? [wanted.type] : wanted.type;
  const where = key === '' ? 'The file' : key;
  if (key === 'chartVersion' && typeof value === 'number') {
    yield `${where} must be a full version in quotes, such as "1.21.0", not ${describe(value)}.`;
    return;
  }
  if (types && !types.some((type) => isOf(type, value))) {
    yield `${where} must be ${types.map((type) => typeNames[type] ?? type).join(' or ')}, not ${describe(value)}.`;
    return;
  }
  if (wanted.enum && !wanted.enum.includes(value)) {
    yield `${where} must be one of ${wanted.enum.map(String).join(', ')}, not ${describe(value)}.`;
    return;
  }
  if (key === 'chartVersion' && value !== '' && releaseOf(String(value)) === undefined) {
    yield `${where} must be a full version such as "1.21.0", not ${describe(value)}.`;
  }
  if (Array.isArray(value)) {
    const { items } = wanted;
    if (items)
      for (const [index, item] of value.entries()) yield* mistakesIn(item, items, `${key}[${index}]`);
  } else if (typeof value === 'object' && value !== null) {
    yield* mistakesInMap(value, wanted, key);
  }
}

function* mistakesInMap(value: object, wanted: SettingSchema, key: string): Generator<string> {
  for (const [name, item] of Object.entries(value)) {
    const inside = key === '' ? name : `${key}.${name}`;
    const { properties = {} } = wanted;
    const known = Object.hasOwn(properties, name) ? properties[name] : wanted.additionalProperties;
    if (typeof known === 'object') {
      yield* mistakesIn(item, known, inside);
    } else if (known === false) {
      const names = Object.keys(properties);
      const meant = nearest(name.startsWith(prefix) ? name.slice(prefix.length) : name, names);
      const list = names.length > mostListed ? '' : ` The keys are ${names.join(', ')}.`;
      yield `there is no setting ${inside}.${meant === undefined ? list : ` Did you mean ${meant}?`}`;
    }
  }
}

/** How many keys a message lists; of more of them nobody would read the list. */
const mostListed = 8;

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  number: 'a number',
  integer: 'a whole number',
  null: 'empty',
};

function isOf(type: string, value: unknown): boolean {
  switch (type) {
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'null':
      return value === null;
    default:
      return typeof value === type;
  }
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a map';
  return JSON.stringify(value);
}
