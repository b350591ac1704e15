import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { readValues } from '../values/document';
import { wholeValues } from '../values/whole';
import { chartDefault } from './defaults';
import { newestRelease } from './releases';
import { executorList, findMisfit, type Shape } from './shape';
import { isRecord, isTruthy } from './templateValues';
import { valuesShape } from './valuesShape';

/** A JSON schema, as far as the chart's uses it. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly $ref?: string;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

/** A place in the schema. */
interface Place {
  readonly path: string;
  /** Whether a type of Kubernetes is described there, of which the table has what it needs. */
  readonly isKubernetes: boolean;
  /** The chart's own value there; undefined where it has none, and in lists. */
  readonly value: unknown;
}

/**
 * What {@link valuesShape} says otherwise than a schema. Not asked is what the table leaves out: that lists have no
 * item twice (`uniqueItems`), that maps are not empty (`minProperties`), and that variables have a value (`anyOf`).
 */
class Comparison {
  readonly differences: string[] = [];
  private readonly definitions: Readonly<Record<string, Schema>>;

  constructor(root: Schema) {
    this.definitions = root.definitions ?? {};
  }

  compare(schema: Schema, shape: Shape, place: Place): void {
    if (schema.$ref !== undefined) {
      const name = schema.$ref.replace('#/definitions/', '');
      const definition = this.definitions[name];
      if (definition) this.compare(definition, shape, { ...place, isKubernetes: true });
      else this.differ(place, `refers to ${schema.$ref}`);
      return;
    }
    const inner = withoutMarks(shape);
    const types = typesOf(schema);
    const isNullable = inner.kind === 'null or';
    if (types.includes('null') !== isNullable) this.differ(place, 'null');
    this.compareTypes(schema, isNullable ? inner.shape : inner, place);
  }

  private compareTypes(schema: Schema, shape: Shape, place: Place): void {
    const types = typesOf(schema).filter((type) => type !== 'null');
    const options = schema.oneOf ?? (types.length > 1 ? types.map((type): Schema => ({ type })) : undefined);
    if (options) {
      const shapes = shape.kind === 'one of' ? shape.shapes : [];
      const fits = options.every((option) => shapes.some((one) => this.isSame(option, one, place)));
      if (!fits || shapes.length !== options.length) this.differ(place, 'several types');
      return;
    }
    const [type] = types;
    if (type === undefined) {
      if (shape.kind !== 'anything') this.differ(place, 'no type');
    } else if (type !== kindOf(shape)) {
      this.differ(place, `${type} is ${kindOf(shape)}`);
    } else if (shape.kind === 'text') {
      this.compareText(schema, shape, place);
    } else if (shape.kind === 'number') {
      if ((schema.minimum ?? -Infinity) !== shape.minimum) this.differ(place, 'minimum');
      if ((schema.maximum ?? Infinity) !== shape.maximum) this.differ(place, 'maximum');
    } else if (shape.kind === 'list') {
      const at = { ...place, path: `${place.path}[]`, value: undefined };
      this.compare(schema.items ?? {}, shape.items, at);
    } else if (shape.kind === 'map') {
      this.compareMap(schema, shape, place);
    }
  }

  private isSame(schema: Schema, shape: Shape, place: Place): boolean {
    const comparison = new Comparison({ definitions: this.definitions });
    comparison.compare(schema, shape, place);
    return comparison.differences.length === 0;
  }

  private compareText(schema: Schema, shape: Shape & { kind: 'text' }, place: Place): void {
    if (schema.pattern !== undefined && shape !== executorList) this.differ(place, 'pattern');
    const expected = schema.pattern === undefined ? (schema.enum?.join(' or ') ?? 'a text') : shape.expected;
    if (shape.expected !== expected) this.differ(place, `${expected} is ${shape.expected}`);
    for (const text of schema.enum ?? []) if (!shape.accepts?.(text)) this.differ(place, text);
  }

  private compareMap(schema: Schema, shape: Shape & { kind: 'map' }, place: Place): void {
    const { properties, others, required } = shape;
    if (place.isKubernetes && properties.size === 0 && others?.kind === 'anything') return;
    const names = Object.keys(schema.properties ?? {});
    for (const name of names) if (!properties.has(name)) this.differ(place, `${name} is not there`);
    const { additionalProperties } = schema;
    for (const [name, property] of properties) {
      if (names.includes(name)) continue;
      // Among the keys of a map with any keys, those are named that the chart sets.
      const value = isRecord(place.value) ? place.value[name] : undefined;
      if (typeof additionalProperties !== 'object' || value === undefined) {
        this.differ(place, `${name} is invented`);
      } else {
        this.compare(additionalProperties, property, { ...place, path: `${place.path}.${name}`, value });
      }
    }
    if ([...(schema.required ?? [])].sort().join() !== [...required].sort().join())
      this.differ(place, `requires ${required.join()}`);
    if (typeof additionalProperties === 'object') {
      const at = { ...place, path: `${place.path}.*`, value: undefined };
      this.compare(additionalProperties, others ?? closed, at);
    } else if ((additionalProperties === false) !== (others === undefined)) {
      this.differ(place, others ? 'is open' : 'is closed');
    }
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      const known = properties.get(name);
      if (!known) continue;
      const path = place.path === '' ? name : `${place.path}.${name}`;
      const hasOwn = isRecord(place.value) && Object.hasOwn(place.value, name);
      // Below what the chart does not set, and in lists, the mark does not matter.
      if (isRecord(place.value) && hasOwn === hasMark(known)) this.differ({ ...place, path }, 'its default');
      const value = isRecord(place.value) ? place.value[name] : undefined;
      this.compare(property, known, { ...place, path, value });
    }
  }

  private differ({ path }: Place, what: string): void {
    this.differences.push(`${path}: ${what}`);
  }
}

const closed: Shape = { kind: 'map', properties: new Map(), others: undefined, required: [] };

function typesOf({ type }: Schema): readonly string[] {
  if (type === undefined) return [];
  return typeof type === 'string' ? [type] : type;
}

function withoutMarks(shape: Shape): Shape {
  return shape.kind === 'since' || shape.kind === 'without default' ? withoutMarks(shape.shape) : shape;
}

function hasMark(shape: Shape): boolean {
  return shape.kind === 'without default' || (shape.kind === 'since' && hasMark(shape.shape));
}

function kindOf(shape: Shape): string {
  switch (shape.kind) {
    case 'text':
      return 'string';
    case 'list':
      return 'array';
    case 'map':
      return 'object';
    case 'number':
      return shape.whole ? 'integer' : 'number';
    case 'anything':
    case 'boolean':
    case 'null or':
    case 'one of':
    case 'without default':
    case 'since':
      return shape.kind;
  }
}

/** Places where the table says less than the schema, and why. */
const simplified = new Set([
  // The schema names no type, so that it looks into a map alone; nothing here depends on it.
  'quotas: no type',
]);

const folder = new URL('../../../../shared/data/airflow-chart-1.22.0/', import.meta.url);
const schemaFile = new URL('values.schema.json', folder);

describe.runIf(existsSync(schemaFile))('against the chart itself', () => {
  let values: unknown;
  beforeAll(() => {
    const read = wholeValues(readValues(readFileSync(new URL('values.yaml', folder), 'utf8')));
    values = 'values' in read ? read.values : undefined;
  });

  test('the table accepts what its schema accepts, key by key', () => {
    const schema = JSON.parse(readFileSync(schemaFile, 'utf8')) as Schema;
    const comparison = new Comparison(schema);
    comparison.compare(schema, valuesShape, { path: '', isKubernetes: false, value: values });
    expect(comparison.differences.filter((difference) => !simplified.has(difference))).toEqual([]);
  });

  test('its own values fit', () => {
    expect(findMisfit(values, valuesShape, newestRelease)).toBeUndefined();
  });

  /** Texts that stand for longer ones, which only matter for not being empty. */
  const standIns = new Set(['airflowLocalSettings', 'databaseCleanup.args']);

  test('the defaults are its values', () => {
    const differences: string[] = [];
    const compare = (path: readonly string[], theirs: unknown): void => {
      const ours = chartDefault(path, newestRelease);
      const name = path.join('.');
      if (isRecord(ours) && isRecord(theirs)) {
        for (const key of Object.keys(ours)) compare([...path, key], theirs[key]);
      } else if (standIns.has(name) ? isTruthy(ours) !== isTruthy(theirs) : !isSame(ours, theirs)) {
        differences.push(`${name}: ${JSON.stringify(ours)} for ${JSON.stringify(theirs)}`);
      }
    };
    const roots = isRecord(values) ? Object.entries(values) : [];
    const known = roots.filter(([key]) => chartDefault([key], newestRelease) !== undefined);
    expect(known.length).toBeGreaterThan(20);
    for (const [key, value] of known) compare([key], value);
    expect(differences).toEqual([]);
  });

  function isSame(ours: unknown, theirs: unknown): boolean {
    return JSON.stringify(ours) === JSON.stringify(theirs);
  }
});
