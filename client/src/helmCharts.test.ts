import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findChart, findHelm } from './helmCharts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'airflow-token-volume-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, mode = 0o644): string {
  const full = path.join(folder, name);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, '');
  chmodSync(full, mode);
  return full;
}

describe.skipIf(process.platform === 'win32')('Helm', () => {
  test('is found on the PATH, where it can be run', () => {
    file('first/helm');
    const helm = file('second/helm', 0o755);
    const PATH = ['first', 'second'].map((name) => path.join(folder, name)).join(path.delimiter);
    expect(findHelm('', { PATH })).toBe(helm);
    expect(findHelm('', { PATH: path.join(folder, 'first') })).toBeUndefined();
    expect(findHelm('', {})).toBeUndefined();
  });

  test('is never taken from the folder that the editor happens to be in', () => {
    file('helm', 0o755);
    expect(findHelm('', { PATH: `.${path.delimiter}${path.delimiter}relative` })).toBeUndefined();
  });

  test('is what the settings say, or nothing', () => {
    const helm = file('own/helm-3', 0o755);
    expect(findHelm(helm, {})).toBe(helm);
    expect(findHelm(path.join(folder, 'none'), { PATH: path.dirname(helm) })).toBeUndefined();
  });
});

describe('the chart', () => {
  test('is a package of the wanted release in the cache of Helm', () => {
    const chart = file('cache/repository/airflow-1.22.0.tgz');
    const env = { HELM_CACHE_HOME: path.join(folder, 'cache') };
    expect(findChart('', undefined, '1.22.0', env)).toBe(chart);
    expect(findChart('', undefined, '1.21.0', env)).toBeUndefined();
    expect(findChart('', undefined, '1.22.0', { HELM_REPOSITORY_CACHE: path.dirname(chart) })).toBe(chart);
  });

  test('is what the settings say, from the folder of the workspace', () => {
    const chart = path.dirname(file('charts/airflow/Chart.yaml'));
    expect(findChart('charts/airflow', folder, '1.22.0', {})).toBe(chart);
    expect(findChart(chart, undefined, '1.22.0', {})).toBe(chart);
    expect(findChart('charts/none', folder, '1.22.0', {})).toBeUndefined();
  });
});
