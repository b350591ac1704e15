import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergeLayers, type Values } from './layers';

describe('values over values', () => {
  test.each<[string, readonly Values[], Values]>([
    ['none', [], {}],
    ['one', [{ a: { b: 1 } }], { a: { b: 1 } }],
    ['later wins', [{ a: 1 }, { a: 2 }, { a: 3 }], { a: 3 }],
    ['keys of both stay', [{ a: 1 }, { b: 2 }], { a: 1, b: 2 }],
    [
      'maps are merged, however deep',
      [{ a: { b: { c: 1, d: 2 } } }, { a: { b: { d: 3 } } }],
      { a: { b: { c: 1, d: 3 } } },
    ],
    ['an empty map takes nothing away', [{ a: { b: 1 } }, { a: {} }], { a: { b: 1 } }],
    ['lists are replaced', [{ a: [1, 2, { b: 1 }] }, { a: [{ c: 1 }] }], { a: [{ c: 1 }] }],
    ['an empty list replaces too', [{ a: [1] }, { a: [] }], { a: [] }],
    ['null stays', [{ a: 1 }, { a: null }], { a: null }],
    ['null in place of a map stays', [{ a: { b: 1 } }, { a: null }], { a: null }],
    ['a map after null begins anew', [{ a: { b: 1 } }, { a: null }, { a: { c: 1 } }], { a: { c: 1 } }],
    ['a map in place of something else', [{ a: 1 }, { a: { b: 2 } }], { a: { b: 2 } }],
    ['something else in place of a map', [{ a: { b: 2 } }, { a: 'x' }], { a: 'x' }],
    ['a map in place of a list', [{ a: [1] }, { a: { '0': 2 } }], { a: { '0': 2 } }],
    [
      'falsy values win as well',
      [
        { a: true, b: 1, c: 'x' },
        { a: false, b: 0, c: '' },
      ],
      { a: false, b: 0, c: '' },
    ],
  ])('%s', (_, layers, expected) => {
    expect(mergeLayers(layers)).toEqual(expected);
  });

  test('a key with a name that objects have already is a key like others', () => {
    const merged = mergeLayers([{ constructor: 1 }, JSON.parse('{"__proto__": {"a": 1}}') as Values]);
    expect(Object.entries(merged)).toEqual([
      ['constructor', 1],
      ['__proto__', { a: 1 }],
    ]);
    expect(merged['a']).toBeUndefined();
  });

  test('the layers themselves stay as they are', () => {
    const below = { a: { b: 1 } };
    const above = { a: { c: 2 } };
    mergeLayers([below, above, { a: { b: 3, c: 3 } }]);
    expect([below, above]).toEqual([{ a: { b: 1 } }, { a: { c: 2 } }]);
  });
});

describe('for any layers', () => {
  const key = fc.constantFrom('a', 'b', 'c', '__proto__');
  const { tree } = fc.letrec<{ tree: Values[string]; map: Values }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(null, true, false, 0, 1, '', 'x'),
      fc.array(fc.constantFrom(null, 1, 'x'), { maxLength: 2 }),
      tie('map'),
    ),
    map: fc.array(fc.tuple(key, tie('tree')), { maxLength: 3 }).map((entries) => Object.fromEntries(entries)),
  }));
  const layer = fc
    .array(fc.tuple(key, tree), { maxLength: 3 })
    .map((entries): Values => Object.fromEntries(entries));

  const isMap = (value: unknown): value is Values =>
    value !== null && typeof value === 'object' && !Array.isArray(value);

  /** Every place of values that is no map, or an empty one, with what stands there. */
  function leaves(values: Values, path: readonly string[] = []): [string, unknown][] {
    return Object.entries(values).flatMap(([name, value]): [string, unknown][] => {
      const at = [...path, name];
      return isMap(value) && Object.keys(value).length > 0 ? leaves(value, at) : [[at.join('.'), value]];
    });
  }

  test('the first ones can be laid over each other beforehand', () => {
    fc.assert(
      fc.property(layer, layer, layer, (one, two, three) => {
        expect(mergeLayers([mergeLayers([one, two]), three])).toEqual(mergeLayers([one, two, three]));
      }),
      { numRuns: 200 },
    );
  });

  test('so can the last ones, where all agree on what is a map', () => {
    const leaf = fc.constantFrom(null, true, 0, 'x', [], [1]);
    const leafEntry = fc.tuple(fc.constantFrom('x', 'y'), leaf);
    const inner = fc.array(leafEntry, { maxLength: 3 }).map((entries): Values => Object.fromEntries(entries));
    const mapEntry = fc.tuple(fc.constantFrom('a', 'b'), inner);
    const agreeing = fc
      .array(fc.oneof(leafEntry, mapEntry), { maxLength: 4 })
      .map((entries): Values => Object.fromEntries<Values[string]>(entries));
    fc.assert(
      fc.property(agreeing, agreeing, agreeing, (one, two, three) => {
        expect(mergeLayers([one, mergeLayers([two, three])])).toEqual(mergeLayers([one, two, three]));
      }),
      { numRuns: 300 },
    );
  });

  test('all that the last one says holds, and nothing is there that no layer says', () => {
    fc.assert(
      fc.property(layer, layer, (below, above) => {
        const merged = new Map(leaves(mergeLayers([below, above])));
        for (const [path, value] of leaves(above)) {
          const isEmptyMap = isMap(value);
          if (!isEmptyMap) expect(merged.get(path), path).toEqual(value);
        }
        const said = new Set([...leaves(below), ...leaves(above)].map(([path]) => path));
        for (const path of merged.keys()) expect(said, path).toContain(path);
      }),
      { numRuns: 300 },
    );
  });

  test('an empty layer and a layer over itself change nothing', () => {
    fc.assert(
      fc.property(layer, (one) => {
        expect(mergeLayers([{}, one, {}, one])).toEqual(one);
      }),
    );
  });
});
