// @ts-check
import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Folders of server/src in the order imports may run: each may import those before it. */
const layers = ['chart', 'values', 'resources', 'rules', 'features', 'stacks', 'languageService'];

/** The files of the server beside its engine, which no layer may import. */
const serverFiles = [
  'server',
  'arrivals',
  'openDocuments',
  'diagnosticsPull',
  'diagnosticsPush',
  'repositories',
  'stackStatus',
];

/** Folders of server/src with the files of the workspace, which know nothing of the engine; each may import those before it. */
const rooms = ['disk', 'workspace'];

/** Forbids a layer's files to import from the layers that come after it. */
function layerRules() {
  return layers.slice(0, -1).map((layer, index) => ({
    files: [`server/src/${layer}/**/*.ts`],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': /** @type {import('eslint').Linter.RuleEntry} */ ([
        'error',
        {
          patterns: [
            {
              group: [
                ...layers.slice(index + 1).map((later) => `**/${later}{,/**}`),
                ...serverFiles.map((file) => `**/${file}`),
                '**/cli/**',
                ...rooms.map((room) => `**/${room}/**`),
              ],
              message: `Imports run one way: ${layers.join(' <- ')}.`,
            },
            ...(['chart', 'values', 'resources', 'rules'].includes(layer)
              ? [{ group: ['vscode-*'], message: 'Only features and above know about LSP.' }]
              : []),
            ...(layer === 'chart'
              ? [{ group: ['yaml', 'node:*'], message: 'chart/ is plain data in, plain data out.' }]
              : []),
          ],
        },
      ]),
    },
  }));
}

/** Forbids the server and the command line to import anything but the facade and what is their own. */
function doorRules() {
  /**
   * @param {string[]} files
   * @param {string[]} others What is the other door's.
   * @returns {import('eslint').Linter.Config}
   */
  const door = (files, others) => ({
    files,
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: [...layers.slice(0, -1).map((layer) => `**/${layer}/**`), ...others],
              message: 'The server and the command line know the engine by languageService alone.',
            },
          ],
        },
      ],
    },
  });
  return [
    door([...serverFiles.map((file) => `server/src/${file}.ts`), 'server/src/main.*.ts'], ['**/cli/**']),
    door(
      ['server/src/cli/**/*.ts'],
      [...serverFiles.map((file) => `**/${file}`), 'vscode-languageserver', 'vscode-languageserver/**'],
    ),
  ];
}

/** Forbids those who find and read files to know what is in them, or who asks. */
function roomRules() {
  return rooms.map((room, index) => ({
    files: [`server/src/${room}/**/*.ts`],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': /** @type {import('eslint').Linter.RuleEntry} */ ([
        'error',
        {
          patterns: [
            {
              group: [
                ...layers.map((layer) => `**/${layer}{,/**}`),
                ...serverFiles.map((file) => `**/${file}`),
                '**/cli/**',
                ...rooms.slice(index + 1).map((later) => `**/${later}/**`),
              ],
              message: 'Files are found and read without knowing what is in them.',
            },
            ...(room === 'disk' ? [{ group: ['vscode-*'], message: 'The disk knows nothing of LSP.' }] : []),
          ],
        },
      ]),
    },
  }));
}

export default defineConfig(
  { ignores: ['dist/', 'out/', 'coverage/', 'node_modules/', 'test/fixtures/', '.vscode-test/'] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'No default exports.' },
        {
          selector: "ImportDeclaration[source.value='@vscode/l10n'] > ImportSpecifier",
          message: 'Texts to be translated are found by the name l10n.t: import all as l10n.',
        },
        {
          selector:
            "CallExpression[callee.object.name='l10n'][callee.property.name='t'] > .arguments:first-child:not(Literal, ObjectExpression, TemplateLiteral[expressions.length=0])",
          message: 'Texts to be translated are found as they are written: l10n.t wants a literal.',
        },
      ],
      eqeqeq: 'error',
    },
  },
  {
    files: ['*.ts', '*.mjs', 'test/soak/*.mjs'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        console: 'readonly',
        process: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        fetch: 'readonly',
        AbortSignal: 'readonly',
      },
    },
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
  ...layerRules(),
  ...roomRules(),
  ...doorRules(),
);
