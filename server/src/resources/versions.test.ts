import { describe, expect, it } from 'vitest';
import { newestRelease } from '../chart/releases';
import { releaseFor } from './versions';

const newest = newestRelease.version;

describe('releaseFor', () => {
  it.each([
    ['1.20.0', '1.20.0'],
    ['v1.20.0', '1.20.0'],
    [' 1.21.0 ', '1.21.0'],
    ['=1.20.0', '1.20.0'],
    // Between two known releases, the one before stands for it.
    ['1.20.3', '1.20.0'],
    ['1.15.0', '1.15.0'],
    ['99.0.0', newest],
  ])('takes the version %j as %s', (version, expected) => {
    expect(releaseFor(version)?.version).toBe(expected);
  });

  it.each([
    ['*', newest],
    ['x', newest],
    ['1', newest],
    ['1.x', newest],
    ['1.*', newest],
    ['1.20', '1.20.0'],
    ['v1.20', '1.20.0'],
    ['1.20.x', '1.20.0'],
    ['1.20.*', '1.20.0'],
    ['~1.20.0', '1.20.0'],
    ['~> 1.20.0', '1.20.0'],
    ['^1.19', newest],
    ['>=1.19', newest],
    ['=> 1.19.0', newest],
    ['>=1.19.0 <1.22.0', '1.21.0'],
    ['>=1.19.0, <1.22.0', '1.21.0'],
    ['>= 1.19.0,< 1.21.0', '1.20.0'],
    ['=< 1.20.0', '1.20.0'],
    ['1.19.0 - 1.20', '1.20.0'],
    ['1.19.x || 1.20.x', '1.20.0'],
    ['>=1.19, <1.22, !=1.21.0', '1.20.0'],
    ['>=1.19, <1.22, !=1.21.x, != 1.20', '1.19.0'],
    ['>=1.19.0-0', newest],
  ])('takes the newest known release in the range %j: %s', (range, expected) => {
    expect(releaseFor(range)?.version).toBe(expected);
  });

  it.each([
    ['~1.15.2', '1.15.2'],
    ['>=1.16.0, <1.18.0', '1.16.0'],
    ['~1.20.4', '1.20.0'],
    ['>99.0.0', newest],
    ['^2', newest],
  ])('takes the least version of the range %j, which no known release fits: %s', (range, expected) => {
    expect(releaseFor(range)?.version).toBe(expected);
  });

  it.each([
    '',
    ' ',
    'HEAD',
    'main',
    'latest',
    'release-1.22',
    'release/1.22',
    '{{version}}',
    '{{ .chart.version }}',
    '1.22.0.1',
    '>=',
    '1.19.0 ||',
    '1.19.0, main',
    '!=main',
    '>1.22.0 <1.20.0',
  ])('knows nothing of %j', (text) => {
    expect(releaseFor(text)).toBeUndefined();
  });
});
