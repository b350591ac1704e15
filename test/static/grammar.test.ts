import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { beforeAll, describe, expect, test } from 'vitest';
import oniguruma from 'vscode-oniguruma';
import textmate, { type IGrammar, type IRawGrammar } from 'vscode-textmate';
import { flat, nested } from './baseYaml';

const root = new URL('../../', import.meta.url);

interface Contribution {
  readonly scopeName: string;
  readonly path: string;
  readonly injectTo: readonly string[];
}

const manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
  contributes: { grammars: readonly Contribution[] };
};

const files = readdirSync(new URL('syntaxes/', root)).sort();
const injections = new Map(
  files.map((file) => {
    const text = readFileSync(new URL(`syntaxes/${file}`, root), 'utf8');
    const grammar = textmate.parseRawGrammar(text, file);
    return [grammar.scopeName, grammar] as const;
  }),
);

type Base = Readonly<Record<string, { readonly scopeName: string }>>;

async function loadYaml(base: Base, injected: readonly string[]): Promise<IGrammar> {
  const grammars = new Map<string, IRawGrammar>(injections);
  for (const [scope, grammar] of Object.entries(base)) {
    grammars.set(scope, textmate.parseRawGrammar(JSON.stringify(grammar), `${scope}.json`));
  }
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: (scope) => Promise.resolve(grammars.get(scope)),
    getInjections: (scope) => (scope === 'source.yaml' ? [...injected] : undefined),
  });
  const grammar = await registry.loadGrammar('source.yaml');
  if (!grammar) throw new Error('No grammar for source.yaml');
  return grammar;
}

interface Token {
  readonly line: number;
  readonly text: string;
  readonly scopes: readonly string[];
}

function tokenize(grammar: IGrammar, text: string): Token[] {
  let state = textmate.INITIAL;
  return text.split('\n').flatMap((content, line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(content, state);
    state = ruleStack;
    return tokens
      .map(({ startIndex, endIndex, scopes }) => ({
        line,
        text: content.slice(startIndex, endIndex),
        scopes,
      }))
      .filter((token) => token.text !== '');
  });
}

const suffix = '.airflow-token-volume';

/** What the injections mark: one line each, `text scope`, in the order of the text. */
function marks(grammar: IGrammar, text: string): string[] {
  return tokenize(grammar, text).flatMap((token) => {
    const scope = token.scopes.at(-1) ?? '';
    return scope.endsWith(suffix) && !scope.startsWith('meta.') ? [`${token.text} ${short(scope)}`] : [];
  });
}

function short(scope: string): string {
  return scope.slice(0, -suffix.length);
}

/** The tokens as they were before the injections: their scopes taken off, and pieces of one token joined again. */
function without(tokens: readonly Token[]): Token[] {
  const joined: Token[] = [];
  for (const { line, text, scopes } of tokens) {
    const key = scopes.indexOf('variable.other.property.airflow-token-volume');
    const kept = scopes.filter((scope, at) => !scope.endsWith(suffix) && at !== key - 1);
    const last = joined.at(-1);
    if (last?.line === line && last.scopes.join(' ') === kept.join(' ')) {
      joined[joined.length - 1] = { line, text: last.text + text, scopes: kept };
    } else {
      joined.push({ line, text, scopes: kept });
    }
  }
  return joined;
}

const key = 'variable.other.property';
const boolean = 'constant.language.boolean';
const number = 'constant.numeric.duration';

let yaml: IGrammar;
let plainYaml: IGrammar;
let flatYaml: IGrammar;

beforeAll(async () => {
  const require = createRequire(import.meta.url);
  await oniguruma.loadWASM({ data: readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm')) });
  yaml = await loadYaml(nested, [...injections.keys()]);
  plainYaml = await loadYaml(nested, []);
  flatYaml = await loadYaml(flat, [...injections.keys()]);
});

test('every grammar is contributed, and injected into YAML', () => {
  const contributed = manifest.contributes.grammars.map(({ path, scopeName, injectTo }) => ({
    path,
    scopeName,
    injectTo,
  }));
  const expected = files.map((file) => {
    const text = readFileSync(new URL(`syntaxes/${file}`, root), 'utf8');
    const { scopeName } = JSON.parse(text) as { scopeName: string };
    return { path: `./syntaxes/${file}`, scopeName, injectTo: ['source.yaml'] };
  });
  expect(contributed).toEqual(expect.arrayContaining(expected));
});

describe('keys', () => {
  test('are marked by name where the name is distinctive', () => {
    const text = 'scheduler:\n  serviceAccount:\n    automountServiceAccountToken: false\n    create: true';
    expect(marks(yaml, text)).toEqual([`automountServiceAccountToken ${key}`]);
    expect(marks(yaml, '\nautomountServiceAccountToken:')).toEqual([`automountServiceAccountToken ${key}`]);
  });

  test('are marked in quotes too', () => {
    expect(marks(yaml, 'a:\n  "automountServiceAccountToken": false')).toEqual([
      `automountServiceAccountToken ${key}`,
    ]);
  });

  test.each([
    'automountServiceAcountToken: false',
    'myautomountServiceAccountToken: false',
    'automountServiceAccountTokens: false',
    'note: automountServiceAccountToken',
    '# automountServiceAccountToken: false',
    'a: b # {automountServiceAccountToken: false, serviceAccountTokenVolume: {enabled: yes}}',
    'note: "automountServiceAccountToken: false"',
    'script: |\n  automountServiceAccountToken: no\n  serviceAccountTokenVolume:\n    enabled: yes',
    'note: "first\n  serviceAccountTokenVolume:\n    enabled: yes"',
  ])('are not found in %j', (text) => {
    expect(marks(yaml, text)).toEqual([]);
  });

  test('of the volume are marked in its block, and nowhere else', () => {
    const text = `
enabled: yes
scheduler:
  serviceAccount:
    serviceAccountTokenVolume: # see the wiki
      enabled: yes

  # less indented, still inside
      "mountPath": /var/run/secrets
      volumeName: kube-api-access
      expirationSeconds: 1_800
      audience: "https://kubernetes.default.svc"
    enabled: yes
    audience: a
  mountPath: /elsewhere
volumeName: other`;
    expect(marks(yaml, text)).toEqual([
      `serviceAccountTokenVolume ${key}`,
      `enabled ${key}`,
      `yes ${boolean}`,
      `mountPath ${key}`,
      '/var/run/secrets string.other.mount-path',
      `volumeName ${key}`,
      'kube-api-access string.other.volume-name',
      `expirationSeconds ${key}`,
      `1_800 ${number}`,
      `audience ${key}`,
      'https://kubernetes.default.svc string.other.audience',
    ]);
  });

  test('of the volume are marked between braces', () => {
    const text =
      'a:\n  serviceAccountTokenVolume: {enabled: on, expirationSeconds: 1_800, other: off}\n  b: {enabled: on}';
    expect(marks(yaml, text)).toEqual([
      `serviceAccountTokenVolume ${key}`,
      `enabled ${key}`,
      `on ${boolean}`,
      `expirationSeconds ${key}`,
      `1_800 ${number}`,
    ]);
  });
});

describe('values', () => {
  test.each(['yes', 'no', 'on', 'off', 'y', 'N', 'YES', 'Off'])(
    '%s is a boolean, as Helm reads it',
    (value) => {
      expect(marks(yaml, `a: b\nautomountServiceAccountToken: ${value} # why`)).toEqual([
        `automountServiceAccountToken ${key}`,
        `${value} ${boolean}`,
      ]);
    },
  );

  test.each(['true', 'false'])('%s keeps the scope that YAML gives it', (value) => {
    const last = tokenize(yaml, `automountServiceAccountToken: ${value}`).at(-1);
    expect(last?.text).toBe(value);
    expect(last?.scopes.at(-1)).toBe('constant.language.boolean.yaml');
  });

  test.each(['"no"', 'none', 'no way', 'nope', 'yesterday'])('%s is no boolean', (value) => {
    expect(marks(yaml, `a: b\nautomountServiceAccountToken: ${value}`)).toEqual([
      `automountServiceAccountToken ${key}`,
    ]);
  });

  test.each(['1h', '"3600"', '3600s', '-'])('%s is no number of seconds', (value) => {
    expect(marks(yaml, `a: b\nserviceAccountTokenVolume:\n  expirationSeconds: ${value}`)).toEqual([
      `serviceAccountTokenVolume ${key}`,
      `expirationSeconds ${key}`,
    ]);
  });

  test('of other keys stay as they are', () => {
    expect(marks(yaml, 'other: yes\nserviceAccountTokenVolume:\n  name: off')).toEqual([
      `serviceAccountTokenVolume ${key}`,
    ]);
  });
});

describe('directives', () => {
  test.each(['enable', 'disable'])('%s is marked', (word) => {
    expect(marks(yaml, `# airflow-token-volume: ${word}\na: b`)).toEqual([
      'airflow-token-volume keyword.other.directive',
      ': punctuation.separator.key-value',
      `${word} constant.language`,
    ]);
  });

  test.each([
    '# airflow-token-volume: disabled',
    '# see airflow-token-volume: enable',
    'a: "# airflow-token-volume: enable"',
  ])('%s is none', (text) => {
    expect(marks(yaml, text)).toEqual([]);
  });
});

describe('everything else keeps its scopes', () => {
  const examples = readdirSync(new URL('examples/', root)).filter((name) => name.endsWith('.yaml'));

  test.each(examples)('in examples/%s', (name) => {
    const text = readFileSync(new URL(`examples/${name}`, root), 'utf8');
    expect(marks(yaml, text).length).toBeGreaterThan(0);
    expect(without(tokenize(yaml, text))).toEqual(without(tokenize(plainYaml, text)));
  });

  test.each([
    'a:\n  serviceAccountTokenVolume:\nb: c',
    'a:\n  serviceAccountTokenVolume:\n\n# a comment\n\n  b: |\n    enabled: yes\nc: "d"',
    'a:\n  serviceAccountTokenVolume: {enabled: yes, audience: "x"}\n  b: {c: d}\ne: f',
    'serviceAccountTokenVolume:\n  enabled: |\n    yes\n  audience: "a\n    b"\nc: d',
    'serviceAccountTokenVolume:\n  enabled:\n    yes: no\nc:\n  enabled: yes',
    'serviceAccountTokenVolume: # {\n  enabled: yes # "\n  mountPath: "/a\nb: c',
    'serviceAccountTokenVolume:',
  ])('in %j, at the start of a file or further down', (text) => {
    expect(without(tokenize(yaml, text))).toEqual(without(tokenize(plainYaml, text)));
    expect(without(tokenize(yaml, `a: b\n${text}`))).toEqual(without(tokenize(plainYaml, `a: b\n${text}`)));
  });
});

describe('in the YAML grammar VS Code had before', () => {
  test('distinctive keys are marked whole, and other text keeps its scopes', () => {
    const text = `# airflow-token-volume: enable
scheduler:
  automountServiceAccountToken: off
  serviceAccountTokenVolume:
    enabled: yes
script: |
  automountServiceAccountToken: off
`;
    expect(marks(flatYaml, text)).toEqual([
      'airflow-token-volume keyword.other.directive',
      ': punctuation.separator.key-value',
      'enable constant.language',
      `automountServiceAccountToken ${key}`,
      `off ${boolean}`,
      `serviceAccountTokenVolume ${key}`,
    ]);
    const after = tokenize(flatYaml, text).filter((token) => token.text === ':');
    expect(after.map((token) => token.scopes.at(-1))).toContain(
      'punctuation.separator.key-value.mapping.yaml',
    );
  });
});
