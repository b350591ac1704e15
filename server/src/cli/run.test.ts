import { describe, expect, test } from 'vitest';
import { version } from '../../../package.json';
import { folderWith, runIn } from '../testing/commandLine';
import { commands } from './commands';

const names = commands.map(({ name }) => name);

test('without a command it says how it is used, and that this was not it', async () => {
  const { code, out, err } = await runIn('/', []);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain('Usage: airflow-token-volume COMMAND');
});

test.each(['--help', '-h', 'help'])('%s names every command', async (flag) => {
  const { code, out, err } = await runIn('/', [flag]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  for (const name of names) expect(out).toMatch(new RegExp(`^  ${name} .*  [A-Z]`, 'm'));
});

test.each(['--version', '-V'])('%s', async (flag) => {
  expect(await runIn('/', [flag])).toEqual({ code: 0, out: `airflow-token-volume ${version}\n`, err: '' });
});

describe.each(commands)('$name', ({ name, summary, options, operands }) => {
  test('help with its name shows its help', async () => {
    expect(await runIn('/', ['help', name])).toEqual(await runIn('/', [name, '--help']));
  });

  test.each(['--help', '-h'])('%s names its operands and every option', async (flag) => {
    const { code, out, err } = await runIn('/', [name, flag]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.startsWith(`${summary}.\n\nUsage: airflow-token-volume ${name} `)).toBe(true);
    expect(out.split('\n')[2]).toMatch(new RegExp(`${operands.replace(/[[\]]/g, '\\$&')}$`));
    for (const option of [...options.map((each) => each.name), 'help', 'version'])
      expect(out).toContain(`--${option}`);
    for (const { choices = [] } of options) expect(out).toContain(choices.join(', '));
  });

  test.each(['--version', '-V'])('%s', async (flag) => {
    expect((await runIn('/', [name, flag])).out).toBe(`airflow-token-volume ${version}\n`);
  });

  test('an option that it does not have', async () => {
    expect(await runIn('/', [name, '--frobnicate'])).toEqual({
      code: 2,
      out: '',
      err: `airflow-token-volume: airflow-token-volume ${name} has no option --frobnicate.\n`,
    });
  });
});

test.each([
  [['chek'], 'there is no command "chek". Did you mean "airflow-token-volume check"?'],
  [
    ['--formt'],
    'there is no option --formt. The options are --help and --version; those of a command stand after its name.',
  ],
  [['--versio'], 'there is no option --versio. Did you mean --version?'],
  [['help', 'chek'], 'there is no command "chek". Did you mean "airflow-token-volume check"?'],
  ...['check', 'fix'].map((name): [string[], string] => [
    [name, '--stdin-filename', 'values.yaml', '.'],
    '--stdin-filename is for standard input, which is not read without - among the paths.',
  ]),
  [['lint'], `there is no command "lint". The commands are ${names.join(', ')}.`],
  [['check', '--formt', 'json'], 'airflow-token-volume check has no option --formt. Did you mean --format?'],
  [['check', '-x'], 'airflow-token-volume check has no option -x.'],
  [['check', '--format', 'xml'], '--format takes text, json, sarif, github, junit, not "xml".'],
  [['check', '--format'], '--format needs a value: --format FORMAT.'],
  [['check', '--fail-on=fatal'], '--fail-on takes error, warning, information, hint, never, not "fatal".'],
  [['check', '--max-warnings', 'few'], '--max-warnings takes a whole number, not "few".'],
  [['check', '--max-warnings=-1'], '--max-warnings takes a whole number, not "-1".'],
  [['check', '--chart-version', '1.2'], '--chart-version takes a full version such as 1.21.0, not "1.2".'],
  [['check', ''], 'a path is empty.'],
  [['fix', '--diff=yes'], '--diff takes no value.'],
  [['fix', '-', 'values.yaml'], '- cannot be mixed with files, as the fixed text is printed.'],
  [['explain'], 'explain takes one code, such as automounted-token.'],
  [['explain', 'unknown-key', 'invalid-type'], 'explain takes one code, such as automounted-token.'],
  [['explain', 'unknwon-key'], 'There is no rule "unknwon-key". Did you mean unknown-key?'],
  [['completion', 'tcsh'], 'completion takes one of the shells bash, zsh, fish.'],
  [['completion'], 'completion takes one of the shells bash, zsh, fish.'],
  [['exposure'], 'exposure takes the values files, the last one on top, or --stack.'],
])('wrong use: %j', async (args, message) => {
  const folder = folderWith({});
  expect(await runIn(folder, args)).toEqual({ code: 2, out: '', err: `airflow-token-volume: ${message}\n` });
});

test('everything after -- is a path', async () => {
  const folder = folderWith({ '--format': 'executor: LocalExecutor\n' });
  expect((await runIn(folder, ['check', '--', '--format'])).out).toBe('No findings in 1 file.\n');
});
