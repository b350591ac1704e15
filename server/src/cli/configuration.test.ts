import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { defaultSettings, describeRules, readSettings } from '../languageService';
import { folderWith, runIn } from '../testing/commandLine';
import { createConfiguration, readConfiguration } from './configuration';

function messageFor(text: string | Buffer): string {
  try {
    readConfiguration(Buffer.from(text), 'settings.yaml');
  } catch (error) {
    return (error as Error).message;
  }
  return 'no mistake';
}

test('everything that the editor has a setting for can be set', () => {
  const text = `files: ['*.yaml']
apiAudiences: [https://example.com]
chartVersion: 1.20.0
rules:
${describeRules()
  .map(({ code }) => `  ${code}: off`)
  .join('\n')}
`;
  const configuration = readConfiguration(Buffer.from(text), 'settings.yaml');
  const settings = readSettings(configuration);
  expect(settings.files).toEqual(['*.yaml']);
  expect(settings.apiAudiences).toEqual(['https://example.com']);
  expect(settings.release.version).toBe('1.20.0');
  expect([...settings.rules.keys()]).toEqual(describeRules().map(({ code }) => code));
});

test.each(['', '# nothing\n', 'null\n', '{}', '---\n'])('%j sets nothing', (text) => {
  expect(readSettings(readConfiguration(Buffer.from(text), 'settings.yaml'))).toEqual(defaultSettings);
});

test('JSON will do', () => {
  expect(readConfiguration(Buffer.from('{\n\t"chartVersion": "1.21.0"\n}\n'), 'settings.json')).toEqual({
    chartVersion: '1.21.0',
  });
});

test.each([
  ['file: []', 'settings.yaml: there is no setting file. Did you mean files?'],
  [
    'airflowTokenVolume.files: []',
    'settings.yaml: there is no setting airflowTokenVolume.files. Did you mean files?',
  ],
  ['trace.server: verbose', expect.stringContaining('there is no setting trace.server. The keys are files,')],
  ['files: values.yaml', 'settings.yaml: files must be a list, not "values.yaml".'],
  ['files: [a, 1]', 'settings.yaml: files[1] must be a text, not 1.'],
  [
    'chartVersion: 1.2',
    'settings.yaml: chartVersion must be a full version in quotes, such as "1.21.0", not 1.2.',
  ],
  ['chartVersion: "1.2"', 'settings.yaml: chartVersion must be a full version such as "1.21.0", not "1.2".'],
  ['rules: [unknown-key]', 'settings.yaml: rules must be a map, not a list.'],
  [
    'rules: {unknown-key: fatal}',
    'settings.yaml: rules.unknown-key must be one of off, hint, information, warning, error, not "fatal".',
  ],
  [
    'rules: {unknown-keys: off}',
    'settings.yaml: there is no setting rules.unknown-keys. Did you mean unknown-key?',
  ],
  ['- files', 'settings.yaml: The file must be a map, not a list.'],
  [
    'files: 1\nrules: 2\n',
    'settings.yaml: files must be a list, not 1.\nsettings.yaml: rules must be a map, not 2.',
  ],
  ['a: [', expect.stringMatching(/^settings\.yaml:1:5: this is not valid YAML: /)],
  [
    'files: []\n---\nrules: {}\n',
    'settings.yaml:2:1: a second YAML document starts here, and settings are a single one.',
  ],
  ['? {a: 1}\n: 2\n', 'settings.yaml:1:3: a key must be a text.'],
  ['rules: {constructor: off}', 'settings.yaml: there is no setting rules.constructor.'],
  [Buffer.from('a: ü', 'latin1'), 'settings.yaml cannot be read: it is not UTF-8.'],
])('mistakes are named: %j', (text, message) => {
  expect(messageFor(text)).toEqual(message);
});

describe('which one holds', () => {
  const show = (file: string): string => path.basename(file);
  const quiet = (): void => undefined;

  test('the nearest one above the file', () => {
    const folder = folderWith({
      '.airflow-token-volume.yaml': 'files: [outer]',
      'team/.airflow-token-volume.yaml': 'files: [inner]',
    });
    const settingsFor = createConfiguration({}, show, quiet);
    const filesOf = (name: string): readonly string[] => settingsFor(path.join(folder, name)).files;
    expect(filesOf('values.yaml')).toEqual(['outer']);
    expect(filesOf('other/deep/values.yaml')).toEqual(['outer']);
    expect(filesOf('team/values.yaml')).toEqual(['inner']);
    expect(filesOf('team/deep/values.yaml')).toEqual(['inner']);
  });

  test('the one that is named, for every file', () => {
    const folder = folderWith({
      '.airflow-token-volume.yaml': 'files: [found]',
      'x.json': '{"files":["named"]}',
    });
    const settingsFor = createConfiguration({ file: path.join(folder, 'x.json') }, show, quiet);
    expect(settingsFor(path.join(folder, 'values.yaml')).files).toEqual(['named']);
  });

  test('the command line over each', () => {
    const folder = folderWith({ '.airflow-token-volume.yaml': 'chartVersion: 1.20.0\nfiles: [found]' });
    const settings = createConfiguration(
      { chartVersion: '1.21.0' },
      show,
      quiet,
    )(path.join(folder, 'values.yaml'));
    expect([settings.release.version, settings.files]).toEqual(['1.21.0', ['found']]);
    expect(createConfiguration({ chartVersion: '1.21.0' }, show, quiet)('/values.yaml').release.version).toBe(
      '1.21.0',
    );
  });

  test.each(['yml', 'json'])('one that ends in .%s', (ending) => {
    const folder = folderWith({ [`.airflow-token-volume.${ending}`]: '{"files": ["found"]}' });
    expect(createConfiguration({}, show, quiet)(path.join(folder, 'values.yaml')).files).toEqual(['found']);
  });

  test('not one of two in a folder', () => {
    const folder = folderWith({ '.airflow-token-volume.yaml': '', '.airflow-token-volume.json': '{}' });
    expect(() => createConfiguration({}, show, quiet)(path.join(folder, 'values.yaml'))).toThrow(
      '.airflow-token-volume.yaml: there is .airflow-token-volume.json in the same folder, too; keep one of them.',
    );
  });

  test('none that is missing', async () => {
    const folder = folderWith({ 'values.yaml': 'executor: LocalExecutor\n' });
    expect(await runIn(folder, ['check', '--config', 'no.yaml'])).toEqual({
      code: 2,
      out: '',
      err: 'airflow-token-volume: no.yaml cannot be read: there is no such file.\n',
    });
  });

  test('a broken one is told once, and its files are not checked; others are', async () => {
    const folder = folderWith({
      'a/.airflow-token-volume.yaml': 'fils: []',
      'a/values.yaml': 'executor: LocalExecutor\n',
      'a/b/values.yaml': 'executor: LocalExecutor\n',
      'c/values.yaml': 'executor: LocalExecutor\n',
    });
    expect(await runIn(folder, ['check'])).toEqual({
      code: 2,
      out: 'No findings in 1 file. Files with a mistake in their settings were not checked.\n',
      err: 'airflow-token-volume: a/.airflow-token-volume.yaml: there is no setting fils. Did you mean files?\n',
    });
  });
});

describe('a version of the chart that is not known', () => {
  const oldest = 'For 1.15.0, 1.19.0 is used, without what is known to be new in it.';
  test.each([
    ['1.15.0', oldest],
    ['v1.30.0', 'For 1.30.0, 1.22.0 is used.'],
    ['1.20.3', ''],
    ['v1.22.0', ''],
  ])('%s', async (version, expected) => {
    const folder = folderWith({
      'a/values.yaml': 'executor: LocalExecutor\n',
      'values.yaml': 'executor: LocalExecutor\n',
      'x.yaml': `chartVersion: ${version}\n`,
    });
    const told =
      expected === ''
        ? ''
        : `airflow-token-volume: The chart's versions 1.19.0 to 1.22.0 are known. ${expected}\n`;
    for (const args of [
      ['check', '--format', 'json', '--chart-version', version],
      ['check', '--config', 'x.yaml'],
      ['exposure', 'values.yaml', '--chart-version', version],
    ])
      expect((await runIn(folder, args)).err).toBe(told);
  });
});

test('a mistake in a configuration is reported once in every format, for itself', async () => {
  const folder = folderWith({
    '.airflow-token-volume.yaml': 'fils: []',
    'a/values.yaml': 'executor: LocalExecutor\n',
    'values.yaml': 'executor: LocalExecutor\n',
  });
  const message = '.airflow-token-volume.yaml: there is no setting fils. Did you mean files?';
  const text = await runIn(folder, ['check']);
  expect(text).toMatchObject({ code: 2, err: `airflow-token-volume: ${message}\n` });
  expect(text.out).toBe(
    'No values for the Airflow chart found. Files with a mistake in their settings were not checked.\n',
  );
  const junit = (await runIn(folder, ['check', '--format', 'junit'])).out;
  expect(junit.match(/<error .*/g)).toEqual([`<error type="configuration" message="${message}" />`]);
  expect(junit).toContain('<testcase name="settings" classname=".airflow-token-volume.yaml">');
  const sarif = (await runIn(folder, ['check', '--format', 'sarif'])).out;
  expect(sarif.match(/"text": "\.airflow.*"/g)).toEqual([`"text": "${message}"`]);
});
