import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { releaseOf } from '../chart/releases';
import { allRules } from '../rules/allRules';
import { addIgnore, readIgnores, removeIgnore } from '../rules/ignores';
import type { RuleFinding } from '../rules/judge';
import { look } from '../testing/documents';
import { parseFixture } from '../testing/fixture';
import { applyEdits } from '../testing/edits';
import type { TextEdit } from '../values/edit';
import { defaultSettings } from './settings';
import type { Snapshot } from './snapshot';

/** Every rule has a say, also those that are off by default. */
const settings = {
  ...defaultSettings,
  rules: new Map(
    allRules.flatMap(({ code, offByDefault, severity }) => (offByDefault ? [[code, severity] as const] : [])),
  ),
};

/** Other ways to write the same file. */
const writings: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.replaceAll('\n', '\r\n'),
  (text) => text.trimEnd(),
  (text) => `\uFEFF${text}`,
  (text) => text.replaceAll(/(?<=\S)$/gm, ' # said before'),
];

/**
 * The line of a finding, not counting lines with nothing but an ignore comment, and where on it the finding begins, not
 * counting a byte order mark.
 */
function placeOf({ values }: Snapshot, { rule, finding }: RuleFinding): [string, string] {
  const { line, character } = values.positionAt(finding.range.start);
  const added = readIgnores(values).filter(({ alone, range }) => alone && range.start < finding.range.start);
  const place = `${rule.code}@${line - added.length}`;
  const mark = line === 0 && values.text.startsWith('\uFEFF') ? 1 : 0;
  return [place, `${place}:${character - mark}`];
}

function findingsIn({ parts }: Snapshot): readonly RuleFinding[] {
  return parts.flatMap(({ findings }) => findings());
}

function placesOf(snapshot: Snapshot): string[] {
  return findingsIn(snapshot).map((found) => placeOf(snapshot, found)[1]);
}

describe.each(allRules.filter(({ review }) => !review))('$code', ({ code }) => {
  const cases = parseFixture(readFileSync(new URL(`../rules/${code}.fixture.yaml`, import.meta.url), 'utf8'))
    .map(({ text, file, chartVersion }) => {
      const release = releaseOf(chartVersion) ?? settings.release;
      const lookAt = (written: string): Snapshot => look(written, file, { ...settings, release });
      return { text, lookAt };
    })
    .filter(({ text, lookAt }) => findingsIn(lookAt(text)).length > 0);

  test('is silenced where a comment says so, and speaks again without the comment', () => {
    const arbitrary = fc.record({
      example: fc.constantFrom(...cases),
      write: fc.constantFrom(...writings),
      picks: fc.array(fc.nat(), { maxLength: 5 }),
    });
    fc.assert(
      fc.property(arbitrary, ({ example: { text, lookAt }, write, picks }) => {
        const before = lookAt(write(text));
        let snapshot = before;
        const edited = (edits: TextEdit[] | undefined): Snapshot => {
          expect(edits, snapshot.values.text).toHaveLength(1);
          return lookAt(applyEdits(snapshot.values.text, edits ?? []));
        };
        for (const pick of picks) {
          const findings = findingsIn(snapshot);
          const found = findings[pick % findings.length];
          if (!found) break;
          const [line] = placeOf(snapshot, found);
          const expected = placesOf(snapshot).filter((place) => !place.startsWith(`${line}:`));
          snapshot = edited(addIgnore(snapshot.values, found.finding.range.start, found.rule.code));
          expect(placesOf(snapshot)).toEqual(expected);
        }
        for (let [ignore] = readIgnores(snapshot.values); ignore; [ignore] = readIgnores(snapshot.values)) {
          snapshot = edited(removeIgnore(snapshot.values, ignore, ignore.codes[0]));
        }
        expect(snapshot.values.text).toBe(before.values.text);
        expect(placesOf(snapshot)).toEqual(placesOf(before));
      }),
      { numRuns: 30 },
    );
  });
});
