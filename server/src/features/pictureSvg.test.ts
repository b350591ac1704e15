import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { look, service } from '../testing/documents';
import type { Picture, PictureContainer } from './picture';
import { pictureSvg, svgPalettes } from './pictureSvg';

const token = { mountPath: '/run/token', expirationSeconds: 1800, audience: 'vault', byHand: false };
const container: PictureContainer = {
  name: 'scheduler',
  init: false,
  state: 'projected',
  tokens: [token],
  need: 'always',
  why: "The chart's token volume is enabled.",
  place: null,
  after: 'none',
};

/** A picture of workloads with a container each. */
function pictureOf(
  count: number,
  change: Partial<PictureContainer> = {},
  more: Partial<Picture> = {},
): Picture {
  const totals = { containers: count, holding: count, needing: count };
  return {
    stack: 'prod',
    chart: '1.22.0',
    executor: 'KubernetesExecutor',
    workloads: Array.from({ length: count }, (_, index) => ({
      name: `workload-${index}`,
      title: 'the scheduler',
      kind: 'Deployment',
      serviceAccount: 'airflow-scheduler',
      containers: [{ ...container, ...change }],
    })),
    totals,
    after: { ...totals, holding: 0 },
    ...more,
  };
}

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
}

/** The elements of a drawing in their order; fails for one that is not well-formed. */
function elementsOf(svg: string): Element[] {
  const elements: Element[] = [];
  const open: Element[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes, text: '' };
    elements.push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    const element = open.at(-1);
    if (element) element.text += text;
  });
  parser.on('closetag', () => {
    open.pop();
  });
  parser.write(svg).close();
  return elements;
}

function textsOf(svg: string): string[] {
  return elementsOf(svg).flatMap(({ name, text }) => (name === 'text' ? [text] : []));
}

const chart = service.picture(look('executor: KubernetesExecutor\nscheduler: {replicas: 2}\n'));
if (!chart) throw new Error('There is no picture.');

test('has a title, all of it in words, and runs and loads nothing', () => {
  const elements = elementsOf(pictureSvg(chart));
  expect(elements.slice(0, 3).map(({ name }) => name)).toEqual(['svg', 'title', 'desc']);
  expect(elements[0]?.attributes).toMatchObject({ role: 'img', xmlns: 'http://www.w3.org/2000/svg' });
  expect(new Set(elements.map(({ name }) => name))).toEqual(
    new Set(['svg', 'title', 'desc', 'style', 'rect', 'text', 'g', 'line', 'circle', 'path']),
  );
  const allowed =
    /^(xmlns|role|width|height|viewBox|class|x|y|x1|y1|x2|y2|rx|cx|cy|r|d|transform|font-size|text-anchor|xml:space)$/;
  for (const { attributes } of elements)
    for (const name of Object.keys(attributes)) expect(name).toMatch(allowed);
  expect(elements.find(({ name }) => name === 'style')?.text).not.toMatch(/url|@import/);
  expect(pictureSvg(chart)).toBe(pictureSvg(structuredClone(chart)));
});

test('every container is there in words, drawn and described', () => {
  const elements = elementsOf(pictureSvg(chart));
  const texts = elements.flatMap(({ name, text }) => (name === 'text' ? [text] : []));
  const count = (word: string): number => texts.filter((text) => text === word).length;
  const containers = chart.workloads.flatMap((workload) => workload.containers);
  for (const state of ['automatic', 'projected', 'none'] as const)
    expect(count(state)).toBe(
      containers.filter((one) => one.state === state).length +
        containers.filter((one) => one.after === state).length,
    );
  const described = elements[2]?.text.split('\n') ?? [];
  expect(described).toHaveLength(3 + containers.length);
  expect(described.slice(0, 4)).toEqual([
    'Chart 1.22.0, executor KubernetesExecutor.',
    expect.stringMatching(/^\d+ of \d+ containers hold a token; 1 needs one\.$/),
    expect.stringMatching(/^After the migration: \d+ of \d+\.$/),
    expect.stringMatching(
      /^api-server, wait-for-airflow-migrations \(init\): automatic; needs a token: no; after/,
    ),
  ]);
});

test('a container with its token, its need, why it holds it, and what the migration leaves', () => {
  const svg = pictureSvg(pictureOf(1));
  expect(textsOf(svg)).toEqual(
    expect.arrayContaining(['scheduler', 'yes', 'projected', '/run/token, 30 minutes, for vault', 'none']),
  );
  expect(svg).toContain(
    "<title>scheduler: The chart's token volume is enabled.\n/run/token, 30 minutes, for vault</title>",
  );
  expect(svg).toMatch(/class="atv-sans atv-none atv-bold"[^>]*>none</);
  const lacking = textsOf(pictureSvg(pictureOf(1, { state: 'none', tokens: [], after: null })));
  expect(lacking).toEqual(expect.arrayContaining(['unmet', 'none', 'cannot be told']));
});

test('states differ in form', () => {
  const formOf = (state: PictureContainer['state']): string =>
    elementsOf(pictureSvg(pictureOf(1, { state, tokens: [], after: null })))
      .slice(-9)
      .flatMap(({ name, attributes }) =>
        /circle|path/.test(name) ? [`${name} ${attributes['class'] ?? ''}`] : [],
      )
      .join();
  const forms = (['automatic', 'projected', 'none'] as const).map(formOf);
  expect(forms).toEqual(['circle atv-ring,circle ', 'circle atv-ring,path ', 'circle atv-ring']);
});

describe('themes', () => {
  /** How bright a colour is, as WCAG counts it. */
  const luminance = (colour: string): number =>
    [0.2126, 0.7152, 0.0722].reduce((sum, weight, index) => {
      const part = parseInt(colour.slice(1 + 2 * index, 3 + 2 * index), 16) / 255;
      return sum + weight * (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    }, 0);
  const contrast = (one: string, other: string): number => {
    const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };

  test('contrast is counted as it should be', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
  });

  test.each(['light', 'dark'] as const)('%s: every text is readable wherever it stands', (theme) => {
    const { page, card, line, ...texts } = svgPalettes[theme];
    expect(line).toMatch(/^#[0-9a-f]{6}$/);
    for (const [name, colour] of Object.entries(texts))
      for (const ground of [page, card])
        expect(contrast(colour, ground), `${name} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    const svg = pictureSvg(chart, { theme });
    for (const colour of Object.values(svgPalettes[theme])) expect(svg).toContain(colour);
    expect(svg).not.toContain('prefers-color-scheme');
    expect(svg).not.toContain(svgPalettes[theme === 'light' ? 'dark' : 'light'].page);
  });

  test('auto follows the reader', () => {
    const svg = pictureSvg(chart);
    expect(svg).toBe(pictureSvg(chart, { theme: 'auto' }));
    const [light, dark] = svg.split('@media (prefers-color-scheme:dark)');
    expect(light).toContain(svgPalettes.light.text);
    expect(dark).toContain(svgPalettes.dark.text);
    expect(dark).not.toContain(svgPalettes.light.text);
  });
});

describe('texts stay in their place', () => {
  const long = 'a-very-long-name-'.repeat(30);

  test.each([
    ['long', long],
    ['without a place to break', 'x'.repeat(500)],
    ['wide', '名前'.repeat(100)],
    ['beyond the first plane', '😀'.repeat(100)],
  ])('%s names are wrapped or cut, and shown in full to who points at them', (_, name) => {
    const picture = pictureOf(2, { name, tokens: [{ ...token, mountPath: name }] }, { stack: name });
    const svg = pictureSvg({
      ...picture,
      workloads: picture.workloads.map((one) => ({ ...one, name, serviceAccount: name })),
    });
    const elements = elementsOf(svg);
    const width = Number(elements[0]?.attributes['width']);
    for (const text of elements.filter((element) => element.name === 'text')) {
      const letters = Array.from(text.text).reduce((sum, letter) => sum + (letter > '\u1100' ? 2 : 1), 0);
      expect(letters * Number(text.attributes['font-size']) * 0.55).toBeLessThan(width);
    }
    expect(svg).not.toContain('\uFFFD');
    expect(svg).toContain('…');
    expect(svg).toContain(`<title>${name}</title>`);
    expect(svg).toContain(`<title>${name}: The chart`);
  });

  test('what XML cannot have, or means something in it', () => {
    const name = '<a href="x">&amp;\u0000\uD800]]></a>';
    const svg = pictureSvg(pictureOf(1, { name, why: name }, { stack: name }), { problem: name });
    expect(textsOf(svg)).toContain('<a href="x">&amp;\uFFFD\uFFFD]]></a>');
    expect(svg).not.toContain('<a ');
  });

  test('a problem is told in lines that fit', () => {
    const lines = textsOf(pictureSvg(pictureOf(1), { problem: 'some words '.repeat(20).trim() }));
    const first = lines.findIndex((line) => line.startsWith('Error: some'));
    expect(lines.slice(first, first + 4).join(' ')).toContain(`Error: ${'some words '.repeat(20).trim()}`);
  });
});

test.each([0, 1, 2, 13, 40])('%i workloads lie beside each other, none over another', (count) => {
  const elements = elementsOf(pictureSvg(pictureOf(count)));
  const size = ['width', 'height'].map((name) => Number(elements[0]?.attributes[name]));
  const cards = elements.flatMap(({ attributes }, index) => {
    const [, x, y] = /^translate\((\d+) (\d+)\)$/.exec(attributes['transform'] ?? '') ?? [];
    const frame = elements[index + 1]?.attributes;
    if (x === undefined || x === '0' || frame?.['class'] !== 'atv-card') return [];
    return [
      { x: Number(x), y: Number(y), right: Number(x) + 568, bottom: Number(y) + Number(frame['height']) },
    ];
  });
  expect(cards).toHaveLength(count);
  for (const [index, card] of cards.entries()) {
    expect(card.right).toBeLessThan(size[0] ?? 0);
    expect(card.bottom).toBeLessThan(size[1] ?? 0);
    for (const other of cards.slice(index + 1))
      expect(card.x === other.x && card.bottom > other.y && other.bottom > card.y).toBe(false);
  }
});
