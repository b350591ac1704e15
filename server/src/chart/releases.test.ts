import { describe, expect, test } from 'vitest';
import { isSince, newestRelease, releaseOf, releases } from './releases';

describe('releases of the chart', () => {
  test('stand in their order, the newest last', () => {
    const versions = releases.map(({ version }) => version);
    expect(versions).toEqual(['1.19.0', '1.20.0', '1.21.0', '1.22.0']);
    expect(newestRelease).toBe(releases.at(-1));
  });

  test.each<[string | undefined, string, string]>([
    [undefined, '1.22.0', '3.2.2'],
    ['1.22.0', '1.22.0', '3.2.2'],
    ['v1.21.0', '1.21.0', '3.2.1'],
    [' 1.20.0 ', '1.20.0', '3.1.8'],
    ['1.20.7', '1.20.0', '3.1.8'],
    ['1.22.0-rc1', '1.21.0', '3.2.1'],
    ['2.0.0', '1.22.0', '3.2.2'],
    ['1.18.0', '1.18.0', '3.1.7'],
    ['0.1.0', '0.1.0', '3.1.7'],
  ])('%j is treated as %s, which deploys Airflow %s', (version, expected, airflowVersion) => {
    expect(releaseOf(version)).toEqual({ version: expected, airflowVersion });
  });

  test.each(['', '1', '1.22', 'newest', '1.22.0.0', '~1.22.0'])('%j is no version', (version) => {
    expect(releaseOf(version)).toBeUndefined();
  });

  test('have what started with them or before', () => {
    const release = { version: '1.20.0', airflowVersion: '3.1.8' };
    expect(isSince(release, undefined)).toBe(true);
    expect(isSince(release, '1.9.0')).toBe(true);
    expect(isSince(release, '1.20.0')).toBe(true);
    expect(isSince(release, '1.20.1')).toBe(false);
    expect(isSince(release, '1.100.0')).toBe(false);
  });
});
