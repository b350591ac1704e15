import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { expandSnippet, parseSnippet } from './expandSnippet';
import { expectedDiagnostics } from './snippets.expected';

interface Snippet {
  readonly prefix: string;
  readonly description: string;
  readonly body: readonly string[];
}

const source = readFileSync(new URL('../../snippets/yaml.json', import.meta.url), 'utf8');
const snippets = Object.entries(JSON.parse(source) as Record<string, Snippet>);
const byPrefix = new Map(snippets.map(([, snippet]) => [snippet.prefix, snippet]));

const standardPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const apiServer = 'https://kubernetes.default.svc.cluster.local';

/** A scheduler with automatic mounting off and a token volume of these settings. */
function manual(volume: object): object {
  return {
    serviceAccount: {
      automountServiceAccountToken: false,
      serviceAccountTokenVolume: { enabled: true, ...volume },
    },
  };
}

function automatic(volume: object): object {
  return { serviceAccount: { automountServiceAccountToken: true, serviceAccountTokenVolume: volume } };
}

/** The values each snippet inserts: those the chart documents, under an executor for which they make sense. */
const values: Readonly<Record<string, object>> = {
  'satv-migrate-1': { executor: 'KubernetesExecutor', scheduler: automatic({ enabled: false }) },
  'satv-migrate-2': {
    executor: 'KubernetesExecutor',
    scheduler: automatic({ enabled: true, expirationSeconds: 3600 }),
  },
  'satv-migrate-3': { executor: 'KubernetesExecutor', scheduler: manual({ expirationSeconds: 3600 }) },
  'satv-executor-kubernetes': {
    executor: 'KubernetesExecutor',
    scheduler: manual({
      expirationSeconds: 3600,
      mountPath: standardPath,
      volumeName: 'k8s-executor-token',
    }),
    rbac: { create: true },
  },
  'satv-executor-celery': {
    executor: 'CeleryExecutor',
    scheduler: { serviceAccount: { automountServiceAccountToken: false } },
  },
  'satv-executor-celery-and-kubernetes': {
    executor: 'CeleryExecutor,KubernetesExecutor',
    scheduler: manual({ expirationSeconds: 3600 }),
  },
  'satv-executor-celery-kubernetes': {
    executor: 'CeleryKubernetesExecutor',
    scheduler: manual({ expirationSeconds: 5400, volumeName: 'hybrid-executor-token' }),
    redis: { enabled: true },
  },
  'satv-executor-local-kubernetes': {
    executor: 'LocalKubernetesExecutor',
    scheduler: manual({ expirationSeconds: 3600 }),
  },
  'satv-basic': { executor: 'KubernetesExecutor', scheduler: manual({}) },
  'satv-high-security': {
    executor: 'KubernetesExecutor',
    scheduler: manual({
      expirationSeconds: 1800,
      mountPath: standardPath,
      volumeName: 'secure-kube-access',
    }),
  },
  'satv-kyverno': {
    executor: 'KubernetesExecutor',
    scheduler: manual({ expirationSeconds: 3600, audience: apiServer }),
  },
  'satv-custom-mount-path': {
    executor: 'KubernetesExecutor',
    scheduler: manual({
      mountPath: '/custom/sa-token',
      volumeName: 'custom-service-account-token',
      expirationSeconds: 7200,
    }),
  },
  'satv-development': {
    executor: 'KubernetesExecutor',
    scheduler: manual({ expirationSeconds: 14400, mountPath: standardPath }),
  },
  'satv-production': {
    executor: 'KubernetesExecutor',
    scheduler: manual({ expirationSeconds: 1800, audience: apiServer, volumeName: 'prod-airflow-token' }),
    securityContexts: {
      pod: { runAsNonRoot: true, runAsUser: 50000, fsGroup: 0 },
      container: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, runAsNonRoot: true },
    },
  },
  'satv-debug': {
    executor: 'KubernetesExecutor',
    scheduler: manual({ expirationSeconds: 86400, mountPath: standardPath, volumeName: 'debug-sa-token' }),
    config: { logging: { logging_level: 'DEBUG' } },
  },
  'satv-custom-audience': {
    executor: 'KubernetesExecutor',
    scheduler: manual({ audience: 'https://my-custom-api-server.example.com', expirationSeconds: 3600 }),
  },
  'satv-multi-cluster': {
    executor: 'KubernetesExecutor',
    scheduler: manual({
      audience: 'https://cluster-a.k8s.example.com',
      volumeName: 'cluster-a-token',
      expirationSeconds: 3600,
    }),
  },
  'satv-external-security-tools': {
    executor: 'KubernetesExecutor',
    scheduler: manual({
      expirationSeconds: 1800,
      mountPath: standardPath,
      volumeName: 'security-compliant-token',
    }),
    airflowPodAnnotations: {
      'security.policy/scanned': 'true',
      'security.policy/compliant': 'service-account-token-manual',
    },
  },
  'satv-cleanup': {
    executor: 'KubernetesExecutor',
    cleanup: { enabled: true, ...manual({ expirationSeconds: 3600 }) },
  },
};

describe('the set', () => {
  test('prefixes are unique', () => {
    expect(byPrefix.size).toBe(snippets.length);
  });

  test('names are unique', () => {
    const names = [...source.matchAll(/^ {2}"([^"]+)": \{/gm)].map((match) => match[1]);
    expect(names).toHaveLength(snippets.length);
    expect(new Set(names).size).toBe(names.length);
  });

  test('every snippet has its values here, and its diagnostics', () => {
    expect([...byPrefix.keys()].sort()).toEqual(Object.keys(values).sort());
    expect([...byPrefix.keys()].sort()).toEqual(Object.keys(expectedDiagnostics).sort());
  });

  test('expected diagnostics are sorted', () => {
    for (const codes of Object.values(expectedDiagnostics)) expect(codes).toEqual([...codes].sort());
  });
});

describe.each([...byPrefix])('%s', (prefix, snippet) => {
  const { tabStops, text } = parseSnippet(snippet.body);

  test('is described', () => {
    expect(prefix).toMatch(/^satv-[a-z0-9-]+$/);
    expect(snippet.description).toMatch(/^[A-Z].{39,}[.]$/);
  });

  test('has tab stops numbered from 1, and leaves the cursor on the line after the block', () => {
    const indexes = tabStops.map((stop) => stop.index);
    expect(indexes).toEqual([...indexes.keys()].slice(1).concat(0));
    expect(indexes.length).toBeGreaterThan(1);
    expect(snippet.body.at(-1)).toBe('$0');
  });

  test('is indented by two spaces, with no tabs and no trailing blanks', () => {
    expect(text).not.toMatch(/\t|[ ]$/m);
    for (const [indentation] of text.matchAll(/^ +/gm)) expect(indentation.length % 2).toBe(0);
  });

  test('starts at the left margin, as an Airflow values file does', () => {
    expect(text).toMatch(/^(#.*\n)?executor: \w+/);
  });

  test('inserts the documented values', () => {
    expect(parse(text)).toEqual(values[prefix]);
  });

  test('offers only executors whose scheduler needs the token', () => {
    const offered = tabStops
      .flatMap(({ choices }) => choices)
      .filter((choice) => choice.includes('Executor'));
    for (const executor of offered) expect(executor).toContain('KubernetesExecutor');
  });

  test('takes every choice without changing anything else', () => {
    for (const { index, choices } of tabStops) {
      for (const choice of choices) {
        const filled = parseSnippet(snippet.body, new Map([[index, choice]])).text;
        expect(Object.keys(parse(filled) as object)).toEqual(Object.keys(values[prefix] ?? {}));
        expect(leaves(parse(filled)).filter((leaf, at) => leaf !== leaves(values[prefix])[at])).toEqual(
          choice === choices[0] ? [] : [parse(choice)],
        );
      }
    }
  });
});

/** The scalars of a value, ordered by the path of keys that leads to them. */
function leaves(value: unknown, path = ''): unknown[] {
  const collected: [string, unknown][] = [];
  collect(value, path, collected);
  return collected.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, leaf]) => leaf);
}

function collect(value: unknown, path: string, into: [string, unknown][]): void {
  if (typeof value !== 'object' || value === null) {
    into.push([path, value]);
    return;
  }
  for (const [key, child] of Object.entries(value)) collect(child, `${path}/${key}`, into);
}

describe('expandSnippet', () => {
  test.each([
    ['plain', 'plain'],
    ['a: $1', 'a: '],
    ['a: ${1}', 'a: '],
    ['a: ${1:one} b: $1', 'a: one b: one'],
    ['a: ${1|one,other|}', 'a: one'],
    ['a: ${1|one\\,two,three|}', 'a: one,two'],
    ['a: ${1:out${2:er}} $0', 'a: outer '],
    ['\\$1 \\} \\\\ \\n', '$1 } \\ \\n'],
    ['5 $ and $', '5 $ and $'],
  ])('%s', (body, text) => {
    expect(expandSnippet(body)).toBe(text);
  });

  test('joins lines', () => {
    expect(expandSnippet(['a:', '  b: ${1:c}', '$0'])).toBe('a:\n  b: c\n');
  });

  test.each(['${1:unfinished', '${1|unfinished', '${1|a|b|}', '${TM_FILENAME}', '$CLIPBOARD', '${1/a/b/}'])(
    'refuses %s',
    (body) => {
      expect(() => expandSnippet(body)).toThrow(/ at \d+: …/);
    },
  );
});
