// @ts-check
/** The values files that are typed in: the chart's own where it is at hand, and generated ones of any length. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../paths.mjs';

/** How long the chart's own values file is. */
const chartLines = 4520;

/**
 * @typedef {object} Chart
 * @property {string} title
 * @property {string} text
 * @property {string | undefined} schema the path of the JSON schema, where there is one
 */

/**
 * The chart's own values file and its schema, of the newest release that lies in the folder `shared` beside the
 * repository; a generated file of the same length where none does.
 * @returns {Chart}
 */
export function chartFiles() {
  const data = path.join(root, '..', 'shared', 'data');
  const folders = existsSync(data) ? readdirSync(data) : [];
  const newest = folders
    .filter((name) => name.startsWith('airflow-chart-'))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((name) => path.join(data, name))
    .findLast((folder) => existsSync(path.join(folder, 'values.yaml')));
  if (newest === undefined) {
    const text = generateValues(chartLines);
    return { title: `a generated values file of ${inWords(chartLines)} lines`, text, schema: undefined };
  }
  const text = readFileSync(path.join(newest, 'values.yaml'), 'utf8');
  const schema = path.join(newest, 'values.schema.json');
  const version = path.basename(newest).replace('airflow-chart-', '');
  return {
    title: `the chart's own values file (${version}, ${inWords(lineCount(text))} lines)`,
    text,
    schema: existsSync(schema) ? schema : undefined,
  };
}

/**
 * A number as people write it.
 * @param {number} value
 */
export function inWords(value) {
  return value.toLocaleString('en-US');
}

/** @param {string} text */
function lineCount(text) {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

const head = `# Values of the data platform's Airflow, one file for all of it.
fullnameOverride: ""
airflowVersion: "3.2.2"
defaultAirflowRepository: registry.example.com/data/airflow
defaultAirflowTag: "3.2.2-17"

# Tasks run on Celery workers.
executor: "CeleryExecutor"

rbac:
  create: true

scheduler:
  replicas: 1
  # The scheduler's token is mounted by hand, into the one container that needs it.
  serviceAccount:
    create: true
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      enabled: true
      mountPath: /var/run/secrets/kubernetes.io/serviceaccount
      volumeName: kube-api-access
      expirationSeconds: 3600
      audience: ~
  resources:
    requests:
      cpu: 500m
      memory: 1Gi

workers:
  replicas: 4
  serviceAccount:
    create: true
    automountServiceAccountToken: false
  persistence:
    enabled: true
    size: 20Gi

webserver:
  replicas: 1
  service:
    type: ClusterIP

config:
  core:
    load_examples: 'False'
    parallelism: 64
  logging:
    remote_logging: 'True'

dags:
  gitSync:
    enabled: true
    repo: https://git.example.com/data/dags.git
    branch: release-1
    subPath: "dags"
`;

const tail = `
triggerer:
  replicas: 1
  serviceAccount:
    create: true
    automountServiceAccountToken: true

dagProcessor:
  enabled: true
  serviceAccount:
    automountServiceAccountToken: false

# Finished pods are removed every quarter of an hour.
cleanup:
  enabled: true
  schedule: "*/15 * * * *"
  serviceAccount:
    create: true
    automountServiceAccountToken: true

logs:
  persistence:
    enabled: true
    size: 100Gi
`;

/**
 * Airflow values of an exact length. What the extension looks at stands near the top and near the end; in between is
 * what makes such files long. The same length gives the same text.
 * @param {number} lines
 */
export function generateValues(lines) {
  const random = seededRandom(lines);
  const opening = linesOf(head);
  const closing = linesOf(tail);
  const filler = lines - opening.length - closing.length;
  const middle = [
    ...section('extraConfigMaps:', Math.floor(filler / 3), (number) => configMap(number, random)),
    ...section('env:', Math.floor(filler / 10), (number) => environmentVariable(number, random)),
    ...section('extraSecrets:', Math.floor(filler / 10), (number) => secret(number, random)),
  ];
  // The rest are entries of the platform's own at the top level, which the chart's schema allows.
  for (let number = 1; middle.length < filler; number++) middle.push(...team(number, random));
  middle.length = filler;
  return `${[...opening, ...middle, ...closing].join('\n')}\n`;
}

/** @param {string} text */
function linesOf(text) {
  return text.replace(/\n$/, '').split('\n');
}

/**
 * A top-level entry of whole items, as long as they fit into a number of lines.
 * @param {string} key
 * @param {number} lines
 * @param {(number: number) => string[]} item
 */
function section(key, lines, item) {
  const made = ['', key];
  for (let number = 1; ; number++) {
    const next = item(number);
    if (number > 1 && made.length + next.length > lines) return made;
    made.push(...next);
  }
}

/**
 * @param {number} number
 * @param {() => number} random
 */
function configMap(number, random) {
  return [
    `  # Read by the pods of team ${number % 40}.`,
    `  '{{ .Release.Name }}-settings-${number}':`,
    '    labels:',
    `      team: team-${number % 40}`,
    '    data: |',
    `      settings-${number}.ini: |`,
    '        [connection]',
    ...repeat(2 + random() * 12, (line) => `        option_${line} = "${word(random)}: ${word(random)}"`),
    '',
    '        # not a comment of the values file',
    `        retries = ${Math.floor(random() * 9)}`,
  ];
}

/**
 * @param {number} number
 * @param {() => number} random
 */
function environmentVariable(number, random) {
  return [`  - name: PLATFORM_SETTING_${number}`, `    value: "${word(random)}"`];
}

/**
 * @param {number} number
 * @param {() => number} random
 */
function secret(number, random) {
  return [
    `  'connection-${number}':`,
    '    stringData: |',
    `      AIRFLOW_CONN_${number}: "postgresql://${word(random)}@db-${number}.example.com:5432/airflow"`,
  ];
}

/**
 * @param {number} number
 * @param {() => number} random
 */
function team(number, random) {
  return [
    '',
    `# Team ${number}: ${word(random)}, ${word(random)}.`,
    `team${number}:`,
    `  owner: "${word(random)}@example.com"`,
    `  pools: {default: ${Math.floor(random() * 64)}, backfill: 4}`,
    '  env:',
    ...repeat(1 + random() * 4, (line) => `    - {name: TEAM_${number}_${line}, value: "${word(random)}"}`),
    '  resources:',
    '    limits:',
    `      memory: ${1 + Math.floor(random() * 8)}Gi`,
    '  bootstrap: |',
    '    #!/bin/sh',
    ...repeat(1 + random() * 6, () => `    echo "${word(random)}: ${word(random)}" >> "$HOME/start.log"`),
  ];
}

/**
 * @param {number} times
 * @param {(number: number) => string} line
 */
function repeat(times, line) {
  return Array.from({ length: Math.floor(times) }, (_, index) => line(index + 1));
}

const words = 'billing churn events forecast growth ingest ledger orders pricing reports search stock'.split(
  ' ',
);

/** @param {() => number} random */
function word(random) {
  return words[Math.floor(random() * words.length)] ?? 'none';
}

/**
 * Numbers from 0 to 1 that look random and are the same in every run (mulberry32).
 * @param {number} seed
 */
function seededRandom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
