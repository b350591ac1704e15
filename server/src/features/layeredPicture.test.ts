import { expect, test } from 'vitest';
import { look, service } from '../testing/documents';
import { pictureOfLayers } from './layeredPicture';
import { defaultSettings } from './settings';

const base =
  'executor: KubernetesExecutor\nscheduler: {serviceAccount: {automountServiceAccountToken: false}}\n';
const top = 'scheduler:\n  serviceAccount:\n    serviceAccountTokenVolume: {enabled: true}\n';
const pathed = (...texts: string[]) => texts.map((text, index) => ({ path: `${index}.yaml`, text }));

/** A picture without what only the way to it decides: its name, and the places in files. */
function shape(picture: ReturnType<typeof pictureOfLayers>): unknown {
  return JSON.parse(
    JSON.stringify(picture, (key, value: unknown) => (key === 'place' || key === 'stack' ? null : value)),
  );
}

test('layers are one picture, that of the file they merge to', () => {
  const layered = pictureOfLayers(pathed(base, '', top), defaultSettings, 'both');
  const merged = service.picture(
    look(
      'executor: KubernetesExecutor\nscheduler:\n  serviceAccount:\n    automountServiceAccountToken: false\n    serviceAccountTokenVolume: {enabled: true}\n',
    ),
  );
  expect(layered?.stack).toBe('both');
  expect(shape(layered)).toEqual(shape(merged));
  expect(layered?.after).not.toBeNull();
  const scheduler = layered?.workloads.find(({ name }) => name === 'scheduler')?.containers[1];
  expect(scheduler?.place?.uri).toBe('2.yaml');
});

test('the last file is on top', () => {
  const stateIn = (...texts: string[]) =>
    pictureOfLayers(pathed(...texts), defaultSettings, 'x')?.workloads.find(
      ({ name }) => name === 'triggerer',
    )?.containers[1]?.state;
  const on = 'triggerer: {serviceAccount: {automountServiceAccountToken: true}}\n';
  expect([stateIn(on.replace('true', 'false'), on), stateIn(on, on.replace('true', 'false'))]).toEqual([
    'automatic',
    'none',
  ]);
});

test('what is open has none, nor has nothing', () => {
  expect(pictureOfLayers([], defaultSettings, 'x')).toBeUndefined();
  expect(pictureOfLayers(pathed(base, 'executor: "{{ x }}"\n'), defaultSettings, 'x')).toBeUndefined();
  expect(
    pictureOfLayers(pathed('executor: [', base), defaultSettings, 'x')?.totals.containers,
  ).toBeGreaterThan(0);
});
