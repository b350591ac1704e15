import { describe, expect, test } from 'vitest';
import { look, service } from '../testing/documents';
import type { Picture, PictureContainer } from './picture';
import { pictureMarkdown, problemMarkdown } from './pictureMarkdown';

const container: PictureContainer = {
  name: 'scheduler',
  init: false,
  state: 'automatic',
  tokens: [],
  need: 'always',
  why: 'Automatic mounting is on.',
  place: null,
  after: 'projected',
};
const token = { mountPath: '/run/token', expirationSeconds: 1800, audience: null, byHand: false };

/** A picture of one workload with these containers. */
function pictureOf(containers: readonly PictureContainer[], more: Partial<Picture> = {}): Picture {
  const count = containers.length;
  return {
    stack: 'prod',
    chart: '1.22.0',
    executor: 'KubernetesExecutor',
    workloads: [
      { name: 'scheduler', title: 'the scheduler', kind: 'Deployment', serviceAccount: 'a', containers },
    ],
    totals: { containers: count, holding: count, needing: 1 },
    after: { containers: count, holding: 1, needing: 1 },
    ...more,
  };
}

/** The cells of the table's rows, without its head. */
function rowsOf(markdown: string): string[][] {
  const lines = markdown.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) => line.slice(2, -2).split(' | '));
}

test('what it is of, the totals, a row for each container, and what the marks mean', () => {
  const groomer: PictureContainer = { ...container, name: 'groomer', need: 'never', after: 'none' };
  const wait: PictureContainer = { ...groomer, name: 'wait', init: true, state: 'none' };
  expect(pictureMarkdown(pictureOf([wait, container, groomer]))).toBe(`### Token exposure of \`prod\`

Chart \`1.22.0\`, executor \`KubernetesExecutor\`.

**3 of 3 containers hold a token; 1 needs one.** After the migration: 1 of 3.

| workload | container | token | need | after |
| --- | --- | --- | --- | --- |
| \`scheduler\` (Deployment) | \`wait (init)\` | ○ none | no | ○ none |
|  | \`scheduler\` | ● automatic | yes | **◐ projected** |
|  | \`groomer\` | ● automatic | no | **○ none** |

● automatic: Kubernetes mounts the token by itself · ◐ projected: a volume mounts it, with a path and a lifetime · ○ none: the container holds no token · **bold**: the migration changes it
`);
});

test.each<[string, Partial<PictureContainer>, number, string]>([
  ['a lifetime', { state: 'projected', tokens: [token] }, 2, '◐ projected: `/run/token`, 30 minutes'],
  [
    'an audience, and a volume made by hand',
    { state: 'projected', tokens: [{ ...token, expirationSeconds: null, audience: 'vault', byHand: true }] },
    2,
    '◐ projected: `/run/token`, made by hand, for `vault`',
  ],
  ['both kinds', { tokens: [token] }, 2, '● automatic<br>◐ projected: `/run/token`, 30 minutes'],
  ['a need that is not met', { state: 'none' }, 3, '**yes, and has none**'],
  ['a need that depends', { need: 'perhaps' }, 3, 'perhaps'],
  ['what cannot be told', { after: null }, 4, 'cannot be told'],
  ['what stays', { after: 'automatic' }, 4, '● automatic'],
])('says %s', (_, change, column, cell) => {
  expect(rowsOf(pictureMarkdown(pictureOf([{ ...container, ...change }])))[0]?.[column]).toBe(cell);
});

describe('totals', () => {
  test.each([
    [{ containers: 1, holding: 1, needing: 0 }, '1 of 1 container holds a token; none needs one for certain'],
    [{ containers: 5, holding: 1, needing: 1 }, '1 of 5 containers holds a token; 1 needs one'],
    [{ containers: 34, holding: 31, needing: 3 }, '31 of 34 containers hold a token; 3 need one'],
  ])('%j', (totals, said) => {
    expect(pictureMarkdown(pictureOf([container], { totals }))).toContain(`**${said}.**`);
  });

  test('after a migration that changes nothing, or nobody can tell of', () => {
    const done = pictureOf([{ ...container, after: 'automatic' }]);
    expect(pictureMarkdown(done)).toContain(' After the migration: the same.\n');
    expect(pictureMarkdown({ ...done, after: null, executor: null })).toMatch(
      /^Chart `1\.22\.0`, executor cannot be told\.[^]* What the migration leaves cannot be told\.\n/m,
    );
  });
});

describe('names mean nothing but themselves', () => {
  test.each([
    ['a|b', '<code>a&#124;b</code>'],
    ['a\\|b', '<code>a&#92;&#124;b</code>'],
    ['a`b``', '<code>a&#96;b&#96;&#96;</code>'],
    ['a\nb\r\n', '`a b`'],
    ['<img src=x>', '<code>&#60;img src&#61;x&#62;</code>'],
    ['&lt;', '<code>&#38;lt;</code>'],
    ['*a* _b_ ~c~ [d](e)', '<code>&#42;a&#42; &#95;b&#95; &#126;c&#126; &#91;d&#93;(e)</code>'],
    ['@team', '`@team`'],
    ['', '<code></code>'],
    ['größe', '<code>größe</code>'],
  ])('%j', (name, cell) => {
    const markdown = pictureMarkdown(pictureOf([{ ...container, name }], { stack: name, executor: name }));
    expect(rowsOf(markdown)).toEqual([
      ['`scheduler` (Deployment)', cell, '● automatic', 'yes', '**◐ projected**'],
    ]);
    expect(markdown.split('\n')[0]).toBe(`### Token exposure of ${cell}`);
    expect(markdown).toContain(`executor ${cell}.\n`);
  });

  test('a problem neither', () => {
    const problem = 'a *b*: <c>\n| @d';
    const line = '> **Error:** a &#42;b&#42;: &#60;c&#62; &#124; <span>&#64;</span>d\n';
    expect(pictureMarkdown(pictureOf([container]), problem)).toContain(`\n\n${line}\n| workload`);
    expect(problemMarkdown('prod', problem)).toBe(`### Token exposure of \`prod\`\n\n${line}`);
    expect(problemMarkdown(null, problem)).toBe(`### Token exposure\n\n${line}`);
  });
});

test('a whole chart has a row for each container, each with all of its cells', () => {
  const picture = service.picture(look('executor: KubernetesExecutor\nscheduler: {replicas: 2}\n'));
  if (!picture) throw new Error('There is no picture.');
  const rows = rowsOf(pictureMarkdown(picture));
  expect(rows).toHaveLength(picture.totals.containers);
  expect(rows.every((cells) => cells.length === 5)).toBe(true);
});
