import { expect, test } from 'vitest';
import { foreignKeys, tellingKeys } from './signature';
import { topLevelKeys } from './topLevelKeys';
import { valuesShape } from './valuesShape';

test('every key that the engine can ask for is there, once', () => {
  const chart = valuesShape.kind === 'map' ? [...valuesShape.properties.keys()] : [];
  expect(chart.length).toBeGreaterThan(80);
  expect([...chart, ...tellingKeys, ...foreignKeys].filter((key) => !topLevelKeys.includes(key))).toEqual([]);
  expect(new Set(topLevelKeys).size).toBe(topLevelKeys.length);
});
