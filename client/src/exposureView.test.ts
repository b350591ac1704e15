import { expect, test } from 'vitest';
import type { Picture, PictureContainer } from '../../server/src/features/picture';
import { readPageMessage, readShowMessage } from './exposureMessages';
import { emptyView, exposureView, unansweredView } from './exposureView';

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

const waiting: PictureContainer = {
  ...scheduler,
  name: 'wait',
  init: true,
  state: 'none',
  tokens: [],
  need: 'never',
  why: 'Automatic mounting is off.',
  place: null,
  after: null,
};

const picture: Picture = {
  stack: 'production',
  chart: '1.22.0',
  executor: null,
  workloads: [
    {
      name: 'scheduler',
      title: 'the scheduler',
      kind: 'Deployment',
      serviceAccount: 'airflow-scheduler',
      containers: [waiting, scheduler],
    },
  ],
  totals: { containers: 2, holding: 1, needing: 1 },
  after: { containers: 2, holding: 1, needing: 1 },
};

const subject = {
  file: 'values.yaml',
  stacks: ['staging', 'production'],
  picture,
  nameOf: () => 'values.yaml, line 4',
};

test('what is shown of a stack', () => {
  expect(exposureView(subject)).toEqual({
    file: 'values.yaml',
    stacks: [
      { name: 'production', isChosen: false },
      { name: 'staging', isChosen: true },
    ],
    message: null,
    about: 'Chart 1.22.0 · executor unknown',
    now: { text: '1 of 2 containers holds a token; 1 needs one', holding: 1, containers: 2 },
    after: { text: '1 of 2 holds one', holding: 1, containers: 2 },
    workloads: [
      {
        name: 'Scheduler',
        detail: 'Deployment · ServiceAccount airflow-scheduler',
        containers: [
          {
            name: 'wait',
            role: 'init container, needs no token',
            lacks: false,
            now: { state: 'none', text: 'none', details: [] },
            after: null,
            why: 'Automatic mounting is off. The chart decides this; there is no line to go to.',
            opens: false,
          },
          {
            name: 'scheduler',
            role: 'needs a token',
            lacks: false,
            now: {
              state: 'projected',
              text: 'projected',
              details: ['30 minutes, for the API server', 'at /var/run/token'],
            },
            after: { state: 'projected', text: 'projected', details: [] },
            why: "The chart's token volume is enabled. See values.yaml, line 4.",
            opens: true,
          },
        ],
      },
    ],
  });
});

test.each<[string, string[], string | null]>([
  ['Stack production · chart 1.22.0 · executor unknown', ['production'], 'production'],
  ['Deployed by itself · chart 1.22.0 · executor unknown', [], null],
])('what there is to say of its deployment: %s', (about, stacks, stack) => {
  expect(exposureView({ ...subject, stacks, picture: { ...picture, stack } })).toMatchObject({
    about,
    stacks: [],
  });
});

test.each([
  [{ containers: 34, holding: 31, needing: 3 }, '31 of 34 containers hold a token; 3 need one'],
  [{ containers: 3, holding: 0, needing: 0 }, '0 of 3 containers hold a token; none needs one for certain'],
])('the totals of %o', (totals, text) => {
  expect(exposureView({ ...subject, picture: { ...picture, totals, after: null } })).toMatchObject({
    now: { text },
    after: null,
  });
});

test('a container that needs a token and has none', () => {
  const [workload] = picture.workloads;
  const containers = [{ ...scheduler, state: 'none' as const, tokens: [] }];
  const workloads = workload ? [{ ...workload, containers }] : [];
  const view = exposureView({ ...subject, picture: { ...picture, workloads } });
  expect(view.workloads[0]?.containers[0]).toMatchObject({
    role: 'needs a token, and has none',
    lacks: true,
    now: { state: 'none' },
  });
});

test('a token that is made by hand, for others, for as long as the cluster likes', () => {
  const tokens = [{ mountPath: '/t', expirationSeconds: null, audience: 'vault', byHand: true }];
  const [workload] = picture.workloads;
  const workloads = workload ? [{ ...workload, containers: [{ ...scheduler, tokens }] }] : [];
  const view = exposureView({ ...subject, picture: { ...picture, workloads } });
  expect(view.workloads[0]?.containers[0]?.now.details).toEqual([
    'lifetime up to the cluster, for vault, made by hand',
    'at /t',
  ]);
});

test('a file whose picture cannot be told says why, and lets no single stack be chosen', () => {
  const view = exposureView({ ...subject, stacks: ['production'], picture: null });
  expect(view.message).toBe('Who holds a token cannot be told: the values leave open what is deployed.');
  expect([view.now, view.after, view.workloads, view.stacks]).toEqual([null, null, [], []]);
});

test.each([
  ['a picture', exposureView(subject)],
  ['nothing', emptyView],
  ['no answer', unansweredView],
])('a page takes %s as it is sent', (_, view) => {
  const message = { type: 'show', revision: 1, view };
  expect(readShowMessage(JSON.parse(JSON.stringify(message)))).toEqual(message);
});

const [workload] = exposureView(subject).workloads;
const [container] = workload?.containers ?? [];

test.each<[string, unknown]>([
  ['null', null],
  ['a text', 'show'],
  ['another type', { type: 'hide', revision: 1, view: emptyView }],
  ['no number', { type: 'show', revision: '1', view: emptyView }],
  ['no view', { type: 'show', revision: 1 }],
  ['a view without workloads', { type: 'show', revision: 1, view: { ...emptyView, workloads: undefined } }],
  ['a stack without a name', { type: 'show', revision: 1, view: { ...emptyView, stacks: [{}] } }],
  ['totals of no numbers', { type: 'show', revision: 1, view: { ...emptyView, now: { text: '' } } }],
  [
    'an unknown state',
    {
      type: 'show',
      revision: 1,
      view: {
        ...emptyView,
        workloads: [
          { ...workload, containers: [{ ...container, now: { state: 'x', text: '', details: [] } }] },
        ],
      },
    },
  ],
])('a page takes no %s', (_, message) => {
  expect(readShowMessage(message)).toBeUndefined();
});

test.each<[unknown, unknown]>([
  [{ type: 'ready', more: 1 }, { type: 'ready' }],
  [{ type: 'copy', more: 1 }, { type: 'copy' }],
  [{ type: 'export' }, { type: 'export' }],
  [
    { type: 'shown', revision: 3, text: '' },
    { type: 'shown', revision: 3, text: '' },
  ],
  [
    { type: 'choose', stack: 'a' },
    { type: 'choose', stack: 'a' },
  ],
  [
    { type: 'open', revision: 3, workload: 0, container: 1 },
    { type: 'open', revision: 3, workload: 0, container: 1 },
  ],
  [{ type: 'open', revision: 3, workload: -1, container: 1 }, undefined],
  [{ type: 'open', revision: 3, workload: 0.5, container: 1 }, undefined],
  [{ type: 'open', uri: 'file:///etc/passwd' }, undefined],
  [{ type: 'choose', stack: 1 }, undefined],
  [{ type: 'shown' }, undefined],
  [{ type: 'toString' }, undefined],
  [[], undefined],
  [undefined, undefined],
])('of a page, %o is taken as %o', (value, message) => {
  expect(readPageMessage(value)).toEqual(message);
});
