import { directiveIn, directiveOf, fitsName, isAirflowValues } from '../features/recognition';
import { foreignKeys } from '../chart/signature';
import { topLevelKeys } from '../chart/topLevelKeys';
import { readValues, type ValuesDocument } from '../values/document';

/** Files that say by their names what they are. */
const resourceNames =
  /(?:^|\/)(?:Chart\.ya?ml|Chart\.lock|kustomization\.ya?ml|Kustomization|fleet\.ya?ml|helmfile\.ya?ml(?:\.gotmpl)?|helmfile\.d\/[^/]+)$/;

/** Kinds that deploy a chart, or say where it comes from. */
const resourceKinds =
  /^kind:[ \t]*["']?(?:Application|ApplicationSet|HelmRelease|HelmRepository|OCIRepository|HelmChart)\b/m;

const configMap = /^kind:[ \t]*["']?ConfigMap\b/m;

/**
 * Says whether a file may say something about a release of the chart: cheap, and rather too often than too seldom.
 * @param path The file's path with slashes.
 * @param text Its text.
 * @param patterns Glob patterns for the names of values files.
 */
export function isRelevant(path: string, text: string, patterns: readonly string[]): boolean {
  if (resourceNames.test(path)) return true;
  if (resourceKinds.test(text)) return true;
  if (configMap.test(text)) return /airflow|^[ \t]+(?:executor|scheduler|triggerer)[ \t]*:/im.test(text);
  if (directiveIn(text) === 'enable') return true;
  return (
    fitsName(path, patterns) && hasTellingWord(text) && isAirflowValues(path, readValues(text), patterns)
  );
}

/** Says whether there is a word in a text without which it holds no values for the chart. */
function hasTellingWord(text: string): boolean {
  return /executor|scheduler|serviceAccount|airflow|triggerer|dagProcessor|createUserJob|migrateDatabaseJob|databaseCleanup|webserverSecret|fernetKey|apiSecretKey|allow(?:Pod|Job)Launching/.test(
    text,
  );
}

/** Says whether a file may have resources in it, as its name or its first keys tell. */
export function mayHaveResources(path: string, values: ValuesDocument): boolean {
  if (resourceNames.test(path)) return true;
  if (values.hasKey('kind')) return values.hasKey('apiVersion');
  // The first document may be empty, or something else.
  const hasMore = values.documentRange.end < values.length;
  return hasMore && /^kind:/m.test(values.text);
}

const notOfTheChart = ['<<', 'kind', 'apiVersion', ...foreignKeys];
const chartKeys = topLevelKeys.filter((key) => !notOfTheChart.includes(key));

/**
 * Says whether a file may be laid over values for the chart: it has a key of the chart, or none at all, and none that
 * only other charts have.
 */
export function mayBeOverlay(values: ValuesDocument): boolean {
  if (directiveOf(values) === 'disable' || foreignKeys.some((key) => values.hasKey(key))) return false;
  return values.firstKey === undefined || chartKeys.some((key) => values.hasKey(key));
}
