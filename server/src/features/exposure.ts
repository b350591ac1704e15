import { predict, workloadRecords, type WorkloadRecord } from '../chart/prediction';
import type { ChartRelease } from '../chart/releases';
import type { Misfit } from '../chart/shape';
import { readValues, type ValuesDocument } from '../values/document';
import { mergeLayers, type Values } from '../values/layers';
import { wholeValues } from '../values/whole';

/** A values file that Helm is given, with others below or above it. */
export interface ValuesLayer {
  /** The file's name, for saying where something is wrong. */
  readonly path: string;
  readonly text: string;
}

/** A place in a values file, counted from zero as in LSP. */
export interface LayerPlace {
  readonly path: string;
  readonly line: number;
  readonly character: number;
}

/** What Helm makes of values files, in the form in which recorded renderings have it. */
export interface ExposureReport {
  /** The release of the chart that this is about. */
  readonly chart: string;
  readonly schema: 'accepted' | 'rejected';
  /** Whether the templates render, were it not for the schema. */
  readonly renders: boolean;
  /** Why not, in one or two sentences; absent where all is well. */
  readonly reason?: string;
  /** The place that the reason is about; absent where it has none. */
  readonly place?: LayerPlace;
  /** Every workload by its `component` label, with its containers; none where the templates do not render. */
  readonly workloads: Readonly<Record<string, WorkloadRecord>>;
}

interface ReadLayer {
  readonly path: string;
  readonly document: ValuesDocument;
}

/**
 * Predicts what Helm makes of values files.
 * @param layers The files in the order in which Helm is given them: later ones override earlier ones.
 * @param release The release of the chart.
 */
export function getExposure(layers: readonly ValuesLayer[], release: ChartRelease): ExposureReport {
  const documents: ReadLayer[] = layers.map(({ path, text }) => ({ path, document: readValues(text) }));
  const roots: Values[] = [];
  for (const layer of documents) {
    const read = wholeValues(layer.document);
    if ('unreadable' in read) {
      return {
        chart: release.version,
        schema: 'rejected',
        renders: false,
        reason: `${read.unreadable.problem}.`,
        place: placeAt(layer, read.unreadable.at),
        workloads: {},
      };
    }
    roots.push(read.values);
  }
  const { rejected, aborts, workloads } = predict(mergeLayers(roots), release);
  const decisive = rejected ?? aborts;
  const place = decisive && placeOf(documents, decisive);
  return {
    chart: release.version,
    schema: rejected ? 'rejected' : 'accepted',
    renders: !aborts,
    ...(decisive ? { reason: reasonOf(rejected, aborts) } : {}),
    ...(place ? { place } : {}),
    workloads: workloadRecords(workloads),
  };
}

function reasonOf(rejected: Misfit | undefined, aborts: Misfit | undefined): string {
  return [
    ...(rejected ? [`The chart's schema rejects the values: ${inWords(rejected)}.`] : []),
    ...(aborts ? [`Helm aborts: ${inWords(aborts)}.`] : []),
  ].join(' ');
}

/** The misfit with its path as people write it: `scheduler.extraVolumes[0].name must be a text, and is empty`. */
function inWords({ path, problem }: Misfit): string {
  const name = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
  return name === '' ? `the file ${problem}` : `${name.replace(/^\./, '')} ${problem}`;
}

/** The place in the last file that says something about the path, or about what is above it. */
function placeOf(layers: readonly ReadLayer[], { path }: Misfit): LayerPlace | undefined {
  const firstIndex = path.findIndex((step) => typeof step === 'number');
  const keys = path.slice(0, firstIndex < 0 ? undefined : firstIndex).map(String);
  for (let length = keys.length; length > 0; length--) {
    for (const layer of layers.toReversed()) {
      const found = layer.document.find(keys.slice(0, length));
      if (found.state === 'set') return placeAt(layer, found.entry.key.range.start);
    }
  }
  return undefined;
}

function placeAt({ path, document }: ReadLayer, offset: number): LayerPlace {
  const { line, character } = document.positionAt(offset);
  return { path, line, character };
}
