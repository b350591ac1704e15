import type { PlainValue } from './document';

/** Values as one map, the root of a values file. */
export type Values = Readonly<Record<string, PlainValue>>;

/**
 * Lays values files over each other as Helm does for several `-f`: maps key by key, anything else replaced, later
 * files over earlier ones. A null stays, as it takes away what the chart would set.
 * @param layers The roots of the files, in the order in which Helm is given them.
 */
export function mergeLayers(layers: readonly Values[]): Values {
  return layers.reduce<Values>((below, above) => overlay(below, above), {});
}

function overlay(below: Values, above: Values): Values {
  const result = new Map(Object.entries(below));
  for (const [key, value] of Object.entries(above)) {
    const before = result.get(key);
    result.set(key, isValues(value) && isValues(before) ? overlay(before, value) : value);
  }
  return Object.fromEntries(result);
}

function isValues(value: PlainValue | undefined): value is Values {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
