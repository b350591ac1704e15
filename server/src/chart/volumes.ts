import { asText, isRecord, recordsOf, type ChartValues } from './templateValues';

/** Where a volume or a mount comes from: the chart itself, its token volume, or a list in the values. */
export type Origin =
  | { readonly by: 'chart' }
  | { readonly by: 'token volume' }
  | { readonly by: 'values'; readonly path: readonly string[]; readonly index: number };

/** A volume that a container mounts. */
export interface Mount {
  readonly volume: string;
  readonly mountPath: string;
  readonly origin: Origin;
}

/** A volume of a pod. */
export interface Volume {
  readonly name: string;
  readonly origin: Origin;
  /** The service account tokens in it, where it is a projected volume made by hand. */
  readonly tokens: readonly TokenSource[];
}

/** A service account token among the sources of a projected volume. */
export interface TokenSource {
  /** The file's path in the volume. */
  readonly path: string;
  /** Lifetime in seconds, as asked for; absent where Kubernetes' own default (3600) applies. */
  readonly expirationSeconds?: number;
  /** Absent for the API server's own. */
  readonly audience?: string;
}

/** A mount that the chart makes by itself. */
export function chartMount(volume: string, mountPath: string): Mount {
  return { volume, mountPath, origin: { by: 'chart' } };
}

/** A volume that the chart makes by itself. */
export function chartVolume(name: string): Volume {
  return { name, origin: { by: 'chart' }, tokens: [] };
}

/** The mounts in a list of the values. */
export function mountsAt(chart: ChartValues, ...path: readonly string[]): Mount[] {
  return mountsIn(chart.read(...path), path);
}

/**
 * The mounts in a list.
 * @param list The list; anything else has none.
 * @param path The path at which the values have it.
 */
export function mountsIn(list: unknown, path: readonly string[]): Mount[] {
  return entriesOf(list).map(({ entry, index }) => ({
    volume: asText(entry['name']),
    mountPath: asText(entry['mountPath']),
    origin: { by: 'values', path, index },
  }));
}

/** The volumes in a list of the values. */
export function volumesAt(chart: ChartValues, ...path: readonly string[]): Volume[] {
  return volumesIn(chart.read(...path), path);
}

/**
 * The volumes in a list.
 * @param list The list; anything else has none.
 * @param path The path at which the values have it.
 */
export function volumesIn(list: unknown, path: readonly string[]): Volume[] {
  return entriesOf(list).map(({ entry, index }) => ({
    name: asText(entry['name']),
    origin: { by: 'values', path, index },
    tokens: tokensIn(entry['projected']),
  }));
}

/** The maps in a list with their places in it; nothing for what is not a list. */
export function entriesOf(list: unknown): { entry: Readonly<Record<string, unknown>>; index: number }[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown, index) => (isRecord(entry) ? [{ entry, index }] : []));
}

function tokensIn(projected: unknown): TokenSource[] {
  if (!isRecord(projected)) return [];
  return recordsOf(projected['sources']).flatMap((source) => {
    const token = source['serviceAccountToken'];
    return isRecord(token) ? [tokenSource(token['path'], token['expirationSeconds'], token['audience'])] : [];
  });
}

/** A token source with those of its settings that say something. */
export function tokenSource(path: unknown, expirationSeconds: unknown, audience: unknown): TokenSource {
  const seconds = typeof expirationSeconds === 'string' ? Number(expirationSeconds) : expirationSeconds;
  return {
    path: asText(path),
    ...(typeof seconds === 'number' && Number.isFinite(seconds) ? { expirationSeconds: seconds } : {}),
    ...(typeof audience === 'string' && audience !== '' ? { audience } : {}),
  };
}
