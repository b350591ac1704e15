import { expect, test } from 'vitest';
import type { Picture, PictureContainer } from '../../server/src/features/picture';
import { exposureTree, type ExposureNode } from './exposureTreeItems';
import { emptyView, exposureView } from './exposureView';

const place = {
  uri: 'file:///w/values.yaml',
  range: { start: { line: 3, character: 4 }, end: { line: 3, character: 9 } },
};

const scheduler: PictureContainer = {
  name: 'scheduler',
  init: false,
  state: 'projected',
  tokens: [{ mountPath: '/var/run/token', expirationSeconds: 1800, audience: null, byHand: false }],
  need: 'always',
  why: "The chart's token volume is enabled.",
  place,
  after: 'projected',
};

const groomer: PictureContainer = {
  ...scheduler,
  name: 'log-groomer',
  state: 'automatic',
  tokens: [],
  need: 'never',
  why: 'Automatic mounting is on by default.',
  place: null,
  after: 'none',
};

function pictureOf(...containers: PictureContainer[]): Picture {
  return {
    stack: 'production',
    chart: '1.22.0',
    executor: 'CeleryExecutor',
    workloads: [
      {
        name: 'scheduler',
        title: 'the scheduler',
        kind: 'Deployment',
        serviceAccount: 'airflow-scheduler',
        containers,
      },
    ],
    totals: { containers: 2, holding: 2, needing: 1 },
    after: { containers: 2, holding: 1, needing: 1 },
  };
}

function treeOf(picture: Picture | null) {
  const view = exposureView({
    file: 'a/values.yaml',
    stacks: ['production'],
    picture,
    nameOf: () => 'values.yaml, line 4',
  });
  return exposureTree(view, picture);
}

function containersIn(...containers: PictureContainer[]): readonly ExposureNode[] {
  return treeOf(pictureOf(...containers)).nodes.flatMap(({ children }) => children);
}

test('what the tree shows of a stack', () => {
  expect(treeOf(pictureOf(scheduler, groomer))).toEqual({
    description: 'production · a/values.yaml',
    message:
      '2 of 2 containers hold a token; 1 needs one. After the migration: 1 of 2. Chart 1.22.0, executor CeleryExecutor.',
    nodes: [
      {
        id: 'scheduler',
        label: 'Scheduler',
        description: 'Deployment · token in 2 of 2',
        icon: undefined,
        tooltip:
          '**Scheduler**  \nDeployment · ServiceAccount airflow-scheduler  \n2 of 2 containers hold a token; 1 needs one',
        spoken:
          'Scheduler. Deployment · ServiceAccount airflow-scheduler. 2 of 2 containers hold a token; 1 needs one.',
        place: null,
        children: [
          {
            id: 'scheduler/scheduler',
            label: 'scheduler',
            description: 'projected, 30 minutes, for the API server, at /var/run/token',
            icon: { id: 'record', color: 'charts.blue' },
            tooltip:
              "**scheduler**  \nneeds a token  \nNow: projected, 30 minutes, for the API server, at /var/run/token  \nAfter the migration: projected  \nThe chart's token volume is enabled. See values.yaml, line 4.",
            spoken:
              "scheduler. needs a token. Now: projected, 30 minutes, for the API server, at /var/run/token. After the migration: projected. The chart's token volume is enabled. See values.yaml, line 4.",
            place,
            children: [],
          },
          expect.objectContaining({
            id: 'scheduler/log-groomer',
            description: 'automatic; after the migration none',
            icon: { id: 'warning', color: 'list.warningForeground' },
            place: null,
          }),
        ],
      },
    ],
  });
});

test('no two states look alike, whatever the colours', () => {
  const none = { ...groomer, state: 'none' as const };
  const icons = containersIn(scheduler, groomer, none, { ...none, need: 'always' }).map(
    ({ icon }) => icon?.id,
  );
  expect(new Set(icons).size).toBe(4);
});

test('what the migration leaves is said only where it is known', () => {
  const [node] = containersIn({ ...scheduler, after: null });
  expect(node?.description).not.toMatch(/migration/);
  expect(node?.spoken).not.toMatch(/migration/);
});

test('names from the text are no Markdown, and no two nodes have one id', () => {
  const named = { ...groomer, name: '[x](command:y)\n# *z*' };
  const nodes = containersIn(named, named, { ...named, name: `${named.name}#2` });
  expect(nodes[0]?.tooltip).toMatch(/^\*\*\\\[x\\\]\\\(command:y\\\) \\# \\\*z\\\*\*\*/);
  expect(new Set(nodes.map(({ id }) => id)).size).toBe(3);
});

test.each([
  ['that cannot be told', treeOf(null), /cannot be told/, 'a/values.yaml'],
  ['without values', exposureTree(emptyView, null), /No values/, ''],
])('of a file %s it says why there is nothing', (_, { message, nodes, description }, expected, file) => {
  expect(message).toMatch(expected);
  expect([nodes, description]).toEqual([[], file]);
});
