import { describe, expect, test } from 'vitest';
import { newestRelease, releaseOf } from '../chart/releases';
import { getExposure, type ExposureReport } from './exposure';

/** What is reported for files, of which the first is given first; `|` marks the place in one of them. */
function report(texts: readonly string[], version?: string): ExposureReport {
  const layers = texts.map((text, index) => ({ path: `${index}.yaml`, text: text.replace('|', '') }));
  return getExposure(layers, releaseOf(version) ?? newestRelease);
}

/** The place of `|` in the files. */
function markIn(texts: readonly string[]): ExposureReport['place'] {
  const index = texts.findIndex((text) => text.includes('|'));
  const before = texts[index]?.split('|')[0]?.split('\n') ?? [];
  if (before.length === 0) return undefined;
  return { path: `${index}.yaml`, line: before.length - 1, character: before.at(-1)?.length ?? 0 };
}

describe('what Helm makes of files', () => {
  test('no file means the chart by itself', () => {
    const found = report([]);
    expect(found).toMatchObject({ chart: '1.22.0', schema: 'accepted', renders: true });
    expect(Object.keys(found.workloads)).toContain('scheduler');
    expect('reason' in found || 'place' in found).toBe(false);
    expect(report([''])).toEqual(found);
    expect(report(['# nothing\n', '---\n'])).toEqual(found);
  });

  test('the release is the one that is asked for', () => {
    expect(report([], '1.19.0').chart).toBe('1.19.0');
    const cleanup = 'cleanup:\n  serviceAccount:\n    |serviceAccountTokenVolume: {enabled: true}\n';
    expect(report([cleanup]).schema).toBe('accepted');
    expect(report([cleanup], '1.21.0')).toMatchObject({
      schema: 'rejected',
      reason:
        "The chart's schema rejects the values: cleanup.serviceAccount.serviceAccountTokenVolume is not known before chart 1.22.0.",
      place: markIn([cleanup]),
    });
  });

  test('later files override earlier ones', () => {
    const off = 'triggerer:\n  serviceAccount:\n    automountServiceAccountToken: false\n';
    const on = 'triggerer: {serviceAccount: {automountServiceAccountToken: true}}\n';
    const other = 'triggerer: {replicas: 2}\n';
    const automount = (...texts: string[]): unknown =>
      report(texts).workloads['triggerer']?.serviceAccountAutomount;
    expect(automount(off)).toBe(false);
    expect(automount(off, on)).toBe(true);
    expect(automount(on, off)).toBe(false);
    expect(automount(off, other)).toBe(false);
    expect(automount(off, 'triggerer: {serviceAccount: {automountServiceAccountToken: }}\n')).toBeNull();
  });

  test('anchors hold in their own file', () => {
    const texts = ['a: &a {enabled: false}\n', 'triggerer: *a\n'];
    expect(report(texts).renders).toBe(false);
    expect(report([texts.join('')]).workloads['triggerer']).toBeUndefined();
  });
});

describe('why Helm fails, and where', () => {
  const rejects = "The chart's schema rejects the values:";
  test.each<[string, string[], string, boolean, boolean]>([
    [
      'a value of the wrong type',
      ['executor: CeleryExecutor\nscheduler:\n  |enabled: "no"\n'],
      `${rejects} scheduler.enabled must be true or false, and is the text "no".`,
      false,
      true,
    ],
    [
      'an item of a list, told at the key of the list',
      ['scheduler:\n  |extraVolumes:\n    - name: a\n    - emptyDir: {}\n'],
      `${rejects} scheduler.extraVolumes[1] must have name, and has not.`,
      false,
      true,
    ],
    [
      'below an item',
      ['|volumes:\n  - name: a\n    projected: {sources: [{serviceAccountToken: {}}]}\n'],
      `${rejects} volumes[0].projected.sources[0].serviceAccountToken must have path, and has not.`,
      false,
      true,
    ],
    [
      'the last file that says it',
      ['statsd: {enabled: 1}\n', 'statsd: {|enabled: 2}\n', 'redis: {enabled: true}\n'],
      `${rejects} statsd.enabled must be true or false, and is 2.`,
      false,
      true,
    ],
    [
      'an earlier file, when the last one says something else',
      ['statsd: {|enabled: 1}\n', 'statsd: {uid: 1}\n'],
      `${rejects} statsd.enabled must be true or false, and is 1.`,
      false,
      true,
    ],
    [
      'templates that abort',
      ['|scheduler:\n'],
      "Helm aborts: scheduler is empty, and the chart's templates look into it.",
      true,
      false,
    ],
    [
      'templates that abort for what another file takes away',
      ['scheduler: {replicas: 1}\n', '|scheduler: ~\n'],
      "Helm aborts: scheduler is empty, and the chart's templates look into it.",
      true,
      false,
    ],
    [
      'both, of which the place is that of the schema',
      ['workers:\n', 'statsd: {|enabled: 1}\n'],
      `${rejects} statsd.enabled must be true or false, and is 1. Helm aborts: workers is empty, and the chart's templates look into it.`,
      false,
      false,
    ],
    [
      'a demand about a key of which only what is above it is there',
      ['|elasticsearch: {enabled: true}\n'],
      'Helm aborts: elasticsearch is enabled, and has neither a secretName nor a connection.',
      true,
      false,
    ],
    [
      'a file that cannot be read',
      ['a: 1\n', 'b: 1\nc: [1\nd|: 2\n', 'executor: 1\n'],
      'Helm cannot read it: "," or "]" was expected here.',
      false,
      false,
    ],
    ['a file that is no map', ['a: 1\n', '|- b\n'], 'Helm cannot read it as a map of values.', false, false],
  ])('%s', (_, texts, reason, accepted, renders) => {
    const found = report(texts);
    expect(found.reason).toBe(reason);
    expect(found.place).toEqual(markIn(texts));
    expect([found.schema, found.renders]).toEqual([accepted ? 'accepted' : 'rejected', renders]);
    expect(Object.keys(found.workloads).length > 0, 'has workloads').toBe(renders);
  });

  test('a place counts lines as editors do', () => {
    const found = report(['# a\r\n\r\nscheduler:\r\n  enabled: 1\r\n']);
    expect(found.place).toEqual({ path: '0.yaml', line: 3, character: 2 });
  });

  test('what an alias brings is told where the file has it', () => {
    const found = report(['x: &x\n  enabled: 1\nscheduler: *x\n']);
    expect(found.reason).toContain('scheduler.enabled must be true or false');
    expect(found.place).toEqual({ path: '0.yaml', line: 1, character: 2 });
  });
});
