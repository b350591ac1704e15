import { describe, expect, test } from 'vitest';
import { isTooOld, readAirflowVersion } from './airflowVersion';
import { newestRelease, releaseOf, type ChartRelease } from './releases';

describe('a version of Airflow', () => {
  test.each([
    ['3.2.2', 3, 2],
    ['v2.11.0', 2, 11],
    ['3', 3, 0],
    ['3.0', 3, 0],
    ['3.1.0+build.5', 3, 1],
    ['10.20.30', 10, 20],
  ])('%s is read', (text, major, minor) => {
    expect(readAirflowVersion(text)).toEqual({ major, minor, isPrerelease: false });
  });

  test.each(['3.0.0-rc1', '3.0.0-beta.2', 'v3.0-a', '3-rc.1+x'])('%s comes before a release', (text) => {
    expect(readAirflowVersion(text)).toMatchObject({ major: 3, minor: 0, isPrerelease: true });
  });

  test.each([
    '',
    'latest',
    '3.0.0rc1',
    '3.0.0.1',
    '3.',
    'x3',
    '3.0.0-',
    ' 3.0.0',
    '3.0.0 ',
    '-3',
    '3.0.0-rc..1',
  ])('Helm aborts at %j', (text) => {
    expect(readAirflowVersion(text)).toBeUndefined();
  });
});

describe('a version that is too old', () => {
  const isOld = (text: string, release: ChartRelease = newestRelease): boolean | undefined => {
    const version = readAirflowVersion(text);
    return version && isTooOld(version, release);
  };

  test.each([
    ['1.10.15', true],
    ['2.10.99', true],
    ['2.11.0', false],
    ['2.11', false],
    ['3.0.0', false],
    ['2.2.0-rc1', false],
  ])('%s: %s', (text, expected) => {
    expect(isOld(text)).toBe(expected);
  });

  test('is deployed by releases before 1.20', () => {
    expect(isOld('2.10.0', releaseOf('1.20.0'))).toBe(true);
    expect(isOld('2.10.0', releaseOf('1.19.0'))).toBe(false);
  });
});
