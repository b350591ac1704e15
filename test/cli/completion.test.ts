import { expect, test } from 'vitest';
import { describeRules } from '../../server/src/languageService';
import { folderWith } from '../../server/src/testing/commandLine';
import { commands } from '../../server/src/cli/commands';
import { bash, program } from './program';

/** What Bash offers for a command line whose last word is being typed. */
async function offered(...words: string[]): Promise<string[]> {
  const list = words.map((word) => `'${word}'`).join(' ');
  const { out, err, code } = await bash(
    folderWith({}),
    `set -u
    source <($program completion bash)
    COMP_WORDS=(airflow-token-volume ${list})
    COMP_CWORD=${words.length}
    _airflow_token_volume
    printf '%s\\n' "\${COMPREPLY[@]-}"`,
  );
  expect({ err, code }).toEqual({ err: '', code: 0 });
  return out.split('\n').filter((line) => line !== '');
}

test('Bash knows for which command the script is', async () => {
  const { out } = await bash(
    folderWith({}),
    'source <($program completion bash); complete -p airflow-token-volume',
  );
  expect(out).toBe('complete -o default -F _airflow_token_volume airflow-token-volume\n');
});

test('commands', async () => {
  expect(await offered('')).toEqual([...commands.map(({ name }) => name), '--help', '-h', '--version', '-V']);
  expect(await offered('ex')).toEqual(['explain', 'exposure']);
  expect(await offered('--v')).toEqual(['--version']);
});

test('the options of a command', async () => {
  expect(await offered('fix', '--')).toEqual([
    '--migrate',
    '--diff',
    '--alone',
    '--chart-version',
    '--config',
    '--stdin-filename',
    '--help',
    '--version',
  ]);
  expect(await offered('check', 'values.yaml', '--m')).toEqual(['--max-warnings']);
});

test.each([
  [
    ['check', '--format', ''],
    ['text', 'json', 'sarif', 'github', 'junit'],
  ],
  [['check', '--format', 's'], ['sarif']],
  [
    ['check', '--format', '=', 'j'],
    ['json', 'junit'],
  ],
  [
    ['check', '--format', '='],
    ['text', 'json', 'sarif', 'github', 'junit'],
  ],
  [['check', '--fail-on', 'n'], ['never']],
  [
    ['exposure', '--format', ''],
    ['text', 'json', 'markdown', 'svg'],
  ],
  [
    ['completion', ''],
    ['bash', 'zsh', 'fish'],
  ],
  // Bash completes names of files by itself.
  [['check', ''], []],
  [['check', '--config', ''], []],
  [['check', '--', '--f'], []],
])('after %j it offers %j', async (words, expected) => {
  expect(await offered(...words)).toEqual(expected);
});

test('the codes of rules', async () => {
  expect(await offered('explain', '')).toEqual(describeRules().map(({ code }) => code));
  expect(await offered('explain', 'unknown-k')).toEqual(['unknown-key']);
});

test.each(['zsh', 'fish'])('the script for %s has every command, option and value in it', async (shell) => {
  const { out, code } = await program(folderWith({}), ['completion', shell]);
  expect(code).toBe(0);
  for (const { name, options, choices } of commands) {
    expect(out).toContain(name);
    for (const option of options) {
      expect(out).toMatch(new RegExp(`(--|-l )${option.name}\\b`));
      expect(out).toContain((option.choices ?? []).join(' '));
    }
    expect(out).toContain((choices?.() ?? []).join(' '));
  }
});
