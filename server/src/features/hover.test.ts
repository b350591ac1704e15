import { describe, expect, test } from 'vitest';
import { atCursor, service } from '../testing/documents';

function hover(marked: string): string | undefined {
  const { snapshot, position } = atCursor(marked);
  const found = service.hover(snapshot, position);
  return found && (found.contents as { value: string }).value;
}

function hovered(marked: string): string {
  const { snapshot, position, text } = atCursor(marked);
  const range = service.hover(snapshot, position)?.range;
  if (!range) return '';
  return text.slice(snapshot.values.offsetAt(range.start), snapshot.values.offsetAt(range.end));
}

const manual = `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      enabled: true
      expirationSeconds: 1800
      audience: vault
`;

test('a lifetime, in words, with its renewal and who holds the token', () => {
  expect(hover(manual.replace('expirationSeconds', 'expiration<|>Seconds')))
    .toBe(`**expirationSeconds** — How long the token is valid, in seconds; from 600 (10 minutes) to 7776000 (90 days).

Now: \`1800\`, set in this file. That is 30 minutes; the kubelet renews the token after 24 minutes.

| container | token |
| --- | --- |
| wait-for-airflow-migrations (init) | none |
| scheduler | projected: 30 minutes, renewed after 24 minutes, for \`vault\` |
| scheduler-log-groomer | none |

Under \`scheduler.serviceAccount.serviceAccountTokenVolume\` since chart 1.19.0 · [Chart reference](https://airflow.apache.org/docs/helm-chart/stable/parameters-ref.html#scheduler)`);
});

test('a lifetime beyond a day is renewed after a day', () => {
  expect(hover(manual.replace('1800', '<|>604_800'))).toContain(
    'That is 7 days; the kubelet renews the token after 1 day.',
  );
});

test('a token volume shows every key in force, also those that are absent', () => {
  expect(hover(manual.replace('serviceAccountTokenVolume', '<|>serviceAccountTokenVolume'))).toContain(
    `Set in this file: \`enabled\` \`true\`, \`expirationSeconds\` \`1800\`, \`audience\` \`vault\`.

The chart's defaults: \`mountPath\` \`/var/run/secrets/kubernetes.io/serviceaccount\`, \`volumeName\` \`kube-api-access\`.`,
  );
});

test('a token at another place shows the place', () => {
  expect(hover(manual.replace('audience: vault', 'mount<|>Path: /a'))).toContain(
    'projected: 30 minutes, renewed after 24 minutes, at `/a`',
  );
});

test('an inert volume says so', () => {
  const text = hover(
    manual.replace('Token: false', 'Token: yes').replace('enabled: true', 'enabled: tr<|>ue'),
  );
  expect(text).toContain('The token volume has no effect: automatic mounting is on.');
  expect(text).toContain('| scheduler | automatic |');
});

test('automatic mounting, where the key is absent', () => {
  const text = hover('scheduler:\n  service<|>Account:\n    create: true\n');
  expect(text).toContain('Set in this file: `create` `true`.');
  expect(text).toContain("The chart's defaults: `automountServiceAccountToken` `true`, `name` empty.");
  expect(text).toContain('| scheduler-log-groomer | automatic |');
});

describe('executor', () => {
  test.each([
    ['KubernetesExecutor', 'counts it among', 'needs the Kubernetes API to start task pods'],
    ['CeleryExecutor', 'counts it among', 'never calls the Kubernetes API'],
    ['LocalExecutor', 'does not count it among', 'only if tasks that run in it do'],
  ])('%s', (executor, counted, need) => {
    const text = hover(`executor: <|>${executor}\n`);
    expect(text).toContain(counted);
    expect(text).toContain(need);
    expect(text).toContain('| container | token |');
  });
});

describe('every key has its hover', () => {
  const keys = ['automountServiceAccountToken: no', 'create: true', 'name: a', 'annotations: {a: b}'];
  const volumeKeys = ['enabled: on', 'mountPath: /a', 'volumeName: b', 'expirationSeconds: 600', 'audience:'];
  for (const host of ['scheduler', 'cleanup']) {
    test.each(keys)(`${host}: %s`, (line) => {
      const text = hover(
        `executor: KubernetesExecutor\n${host}:\n  enabled: true\n  serviceAccount:\n    <|>${line}\n`,
      );
      expect(text).toMatch(/^\*\*\w+\*\* — [A-Z].*\n\nNow: /);
      expect(text).toContain('| container | token |');
    });
    test.each(volumeKeys)(`${host}: %s`, (line) => {
      const text = hover(
        `executor: KubernetesExecutor\n${host}:\n  enabled: true\n  serviceAccount:\n    serviceAccountTokenVolume:\n      ${line.replace(':', '<|>:')}\n`,
      );
      expect(text).toMatch(/^\*\*\w+\*\* — [A-Z].*\n\nNow: .*, set in this file\./);
      expect(text).toContain(host === 'cleanup' ? 'since chart 1.22.0' : 'since chart 1.19.0');
    });
  }
  test('of other components too', () => {
    const text =
      'executor: LocalExecutor\ndagProcessor:\n  serviceAccount:\n    <|>automountServiceAccountToken: true\n';
    expect(hover(text)).toContain('The DAG processor never calls the Kubernetes API, so it needs no token.');
    expect(hover(text.replaceAll('dagProcessor', 'flower'))).toContain(
      'It is not deployed with these values.',
    );
  });
});

test('a value that the chart rejects is shown as it is', () => {
  expect(hover(manual.replace('1800', '"36<|>00"'))).toContain(
    'Now: `"3600"`, set in this file, which the chart rejects: it is not a whole number.',
  );
});

test('why a volume has no effect with this executor', () => {
  const text = hover(manual.replace('KubernetesExecutor', 'LocalExecutor').replace('enabled', '<|>enabled'));
  expect(text).toContain('The token volume has no effect: LocalExecutor does not launch pods.');
});

test('the range is the key or the value', () => {
  expect(hovered(manual.replace('audience', 'aud<|>ience'))).toBe('audience');
  expect(hovered(manual.replace('vault', 'vau<|>lt'))).toBe('vault');
  expect(
    hovered("executor: A\nscheduler: {serviceAccount: {'automountServiceAccountToken': 'n<|>o'}}\n"),
  ).toBe("'no'");
});

describe('nothing is shown', () => {
  test.each([
    ['on other keys', 'executor: A\nscheduler:\n  repl<|>icas: 1\n'],
    ['in comments', 'executor: A # KubernetesEx<|>ecutor\n'],
    ['between keys', 'executor: A\n<|>\nscheduler: {}\n'],
    ['on keys that do not exist', 'executor: A\nscheduler:\n  serviceAccount:\n    foo<|>: 1\n'],
    [
      'on a token volume elsewhere',
      'executor: A\ntriggerer:\n  serviceAccount:\n    serviceAccountTokenVolume<|>: {}\n',
    ],
    [
      'inside annotations',
      'executor: A\nscheduler:\n  serviceAccount:\n    annotations:\n      na<|>me: 1\n',
    ],
    ["in other charts' values", 'serviceAccount:\n  cre<|>ate: true\n'],
  ])('%s', (_, marked) => {
    expect(hover(marked)).toBeUndefined();
  });
});

test('what the text leaves open is said to be open', () => {
  const text = hover(
    'executor: KubernetesExecutor\nscheduler:\n  serviceAccount:\n    automountService<|>AccountToken: "{{ x }}"\n',
  );
  expect(text).toContain('Now: cannot be told from the text as it is.');
  expect(text).toContain('What the scheduler holds cannot be told');
});

test('a table says what it takes for granted of an account that the chart does not create', () => {
  const hoverOn = (account: string): string => {
    const { snapshot, position } = atCursor(
      `executor: KubernetesExecutor\ntriggerer:\n  service<|>Account: ${account}\n`,
    );
    const contents = service.hover(snapshot, position)?.contents as { value: string };
    return contents.value;
  };
  expect(hoverOn('{create: false, name: shared}')).toContain('| triggerer | automatic |');
  expect(hoverOn('{create: false, name: shared}')).toContain('does not create the ServiceAccount `shared`');
  expect(hoverOn('{name: own}')).not.toContain('does not create');
});
