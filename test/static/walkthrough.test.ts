import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import manifest from '../../package.json';
import texts from '../../package.nls.json';

const root = path.resolve(import.meta.dirname, '..', '..');
const { commands, walkthroughs } = manifest.contributes;
const steps = walkthroughs.flatMap((walkthrough) => walkthrough.steps);

const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/** What a `%key%` of the manifest stands for. */
function textOf(reference: string): string {
  const key = /^%(.+)%$/.exec(reference)?.[1] ?? '';
  expect(Object.keys(texts), reference).toContain(key);
  return (texts as Readonly<Record<string, string>>)[key] ?? '';
}

describe('the walkthrough', () => {
  test('has four steps, all texts of which are in package.nls.json', () => {
    expect(steps.map(({ id }) => id)).toEqual(['see', 'understand', 'migrate', 'verify']);
    const references = walkthroughs.flatMap(({ title, description }) => [title, description]);
    for (const { title, description, media } of steps) references.push(title, description, media.altText);
    for (const reference of references) expect(textOf(reference).trim()).not.toBe('');
  });

  test.each(steps)('$id has a picture for each kind of theme', ({ media }) => {
    expect(Object.keys(media.image)).toEqual(['dark', 'light', 'hc', 'hcLight']);
    for (const file of Object.values(media.image)) {
      expect(readFileSync(path.join(root, file)).toString('latin1', 8, 12), file).toBe('WEBP');
    }
  });

  test.each(steps)(
    '$id has buttons and events for things that there are',
    ({ description, completionEvents }) => {
      const known = [
        ...commands.map(({ command }) => command),
        // VS Code's own; in the editor's test it is clicked.
        'workbench.action.quickOpen',
      ];
      // A link on a line of its own is shown as a button.
      const buttons = [...textOf(description).matchAll(/^\[[^\]]+\]\((.*)\)$/gm)].map(
        ([, target = '']) => target,
      );
      expect(buttons.length).toBeGreaterThan(0);
      for (const target of buttons) {
        const command = /^command:(?:toSide:)?([\w.]+)/.exec(target)?.[1];
        if (command === undefined) expect(target).toMatch(/^https:\/\//);
        else expect(known).toContain(command);
      }
      expect(completionEvents.length).toBeGreaterThan(0);
      for (const event of completionEvents) {
        if (event === 'onStepSelected') continue;
        expect(event).toMatch(/^onCommand:/);
        expect(known).toContain(event.slice('onCommand:'.length));
      }
    },
  );

  test('has no other pictures in its folder', () => {
    const shown = steps.flatMap(({ media }) => Object.values(media.image));
    const there = readdirSync(path.join(root, 'media/walkthrough')).map(
      (name) => `media/walkthrough/${name}`,
    );
    expect(there.sort()).toEqual([...new Set(shown)].sort());
  });
});

describe('pictures in README and docs', () => {
  /** Drawn by hand. */
  const drawn = ['icon.svg'];
  const pages = [
    'README.md',
    'examples/README.md',
    ...readdirSync(path.join(root, 'docs')).map((name) => `docs/${name}`),
  ];
  const shown = pages
    .filter((page) => page.endsWith('.md'))
    .flatMap((page) =>
      [...read(page).matchAll(/!\[([^\]]*)\]\(([^)]+)\)/g)].map(([, words = '', target = '']) => ({
        page,
        words,
        file: path.join(path.dirname(page), target),
      })),
    );
  const script = read('scripts/screenshots.mjs');

  test.each(shown)(
    '$file on $page is there, is made by npm run screenshots, and has words',
    ({ words, file }) => {
      expect(existsSync(path.join(root, file))).toBe(true);
      expect(words.trim()).not.toBe('');
      expect(isMade(path.basename(file))).toBe(true);
    },
  );

  test('there are no others in docs/images', () => {
    const names = shown.map(({ file }) => path.basename(file));
    const others = readdirSync(path.join(root, 'docs/images')).filter(
      (name) => !drawn.includes(name) && !names.includes(name),
    );
    expect(others).toEqual([]);
  });

  /** Whether the script has a scene of that name, or draws it. */
  function isMade(name: string): boolean {
    const { name: scene, ext } = path.parse(name);
    if (ext === '.svg') return script.includes(`'${name}'`);
    return new RegExp(`^ {2}(?:async )?'?${scene}'?(?:\\(page\\)|: \\w+,)`, 'm').test(script);
  }
});
