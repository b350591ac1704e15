/** What Helm rendered, held against what was predicted. */
import * as l10n from '@vscode/l10n';
import { parseAllDocuments } from 'yaml';
import type { WorkloadExposure } from '../chart/exposure';
import { standardMountPath } from '../chart/settings';
import { durationInWords } from '../rules/words';
import { codeMarkdown, plainMarkdown } from './markdown';
import { fileName } from './ranges';
import { subjectIn, type PartSnapshot } from './snapshot';

/** What Helm has to be given to render a stack. */
export interface HelmInputs {
  readonly stack: string | null;
  /** The release of the chart that the prediction is for. */
  readonly chart: string;
  /** The layers as values files, those that are overridden first. */
  readonly layers: readonly { readonly name: string; readonly text: string }[];
  /** The layers that cannot be known, by name; with any of them, a rendering would show something else. */
  readonly open: readonly string[];
}

/** How a rendering compares with what was predicted. */
export interface Comparison {
  /** How many containers both have with the same tokens. */
  readonly same: number;
  /** Each container that is not the same in both, as a sentence in Markdown; none where Helm agrees. */
  readonly differences: readonly string[];
}

/**
 * What Helm has to be given to render one of the stacks of values.
 * @param part The values.
 * @param stack The stack's name; the first one without.
 */
export function getHelmInputs(part: PartSnapshot, stack?: string): HelmInputs {
  const subject = subjectIn(part, stack);
  const layers = subject.stack?.layers ?? [];
  return {
    stack: subject.stack?.name ?? null,
    chart: subject.settings.release.version,
    layers:
      layers.length === 0
        ? [{ name: fileName(part.uri), text: part.values.text }]
        : layers.filter(({ isOpen }) => !isOpen).map(({ name, document }) => ({ name, text: document.text })),
    open: layers.filter(({ isOpen }) => isOpen).map(({ name }) => name),
  };
}

/**
 * Holds what Helm rendered of a stack against what was predicted for it, container by container.
 * @param part The values.
 * @param stack The stack's name; the first one without.
 * @param manifests What `helm template` printed.
 * @returns Undefined where the text leaves open what is deployed, so that nothing was predicted.
 */
export function compareRendering(
  part: PartSnapshot,
  stack: string | undefined,
  manifests: string,
): Comparison | undefined {
  const predicted = subjectIn(part, stack).expose();
  if (!predicted) return undefined;
  const expected = new Map(predicted.flatMap(describePredicted));
  const rendered = new Map(describeRendered(manifests));
  const differences: string[] = [];
  let same = 0;
  for (const [container, held] of expected) {
    const found = rendered.get(container);
    if (found && identityOf(found) === identityOf(held)) same++;
    else if (found === undefined)
      differences.push(
        l10n.t({
          message: '{0} was predicted with {1}, and Helm does not render it.',
          args: [plainMarkdown(container), inWords(held)],
          comment: ['{0} is a container, {1} the tokens that it holds'],
        }),
      );
    else
      differences.push(
        l10n.t({
          message: '{0} was predicted with {1}, and Helm renders {2}.',
          args: [plainMarkdown(container), inWords(held), inWords(found)],
          comment: ['{0} is a container, {1} and {2} the tokens that it holds'],
        }),
      );
  }
  for (const [container, held] of rendered)
    if (!expected.has(container))
      differences.push(
        l10n.t({
          message: '{0} was not predicted, and Helm renders it with {1}.',
          args: [plainMarkdown(container), inWords(held)],
          comment: ['{0} is a container, {1} the tokens that it holds'],
        }),
      );
  return { same, differences };
}

interface Token {
  readonly mountPath: string;
  readonly expirationSeconds?: number | undefined;
  readonly audience?: string | undefined;
}

/** The tokens that a container holds. */
interface Held {
  readonly automounted: boolean;
  readonly projected: readonly Token[];
}

type Described = [container: string, held: Held];

function describePredicted({ label, containers }: WorkloadExposure): Described[] {
  return containers.map(({ name, automounted, projected }) => [
    `${label}: ${name}`,
    { automounted, projected },
  ]);
}

/** The same text for the same tokens, in whatever order. */
function identityOf({ automounted, projected }: Held): string {
  const tokens = projected.map(({ mountPath, expirationSeconds = null, audience = null }) =>
    JSON.stringify([mountPath, expirationSeconds, audience]),
  );
  return JSON.stringify([automounted, tokens.sort()]);
}

function inWords({ automounted, projected }: Held): string {
  const tokens = [
    ...(automounted ? [l10n.t('the automatic token')] : []),
    ...projected.map(tokenInWords).sort(),
  ];
  if (tokens.length === 0) return l10n.t('no token');
  return tokens.reduce((all, one) => l10n.t('{0} and {1}', all, one));
}

/** Without a lifetime or an audience of its own, nothing is said of it. */
function tokenInWords({ mountPath, expirationSeconds, audience }: Token): string {
  const path = codeMarkdown(mountPath);
  const reader = codeMarkdown(audience ?? '');
  if (expirationSeconds === undefined)
    return audience === undefined
      ? l10n.t('a projected token at {0}', path)
      : l10n.t({
          message: 'a projected token at {0} for {1}',
          args: [path, reader],
          comment: ['{1} is the audience of the token'],
        });
  const lifetime = durationInWords(expirationSeconds);
  return audience === undefined
    ? l10n.t({
        message: 'a projected token at {0}, valid for {1}',
        args: [path, lifetime],
        comment: ['{1} is a lifetime'],
      })
    : l10n.t({
        message: 'a projected token at {0}, valid for {1}, for {2}',
        args: [path, lifetime, reader],
        comment: ['{1} is a lifetime, {2} the audience of the token'],
      });
}

type Tree = Readonly<Record<string, unknown>>;

/** The containers in manifests, with their tokens, as Kubernetes would mount them. */
function describeRendered(manifests: string): Described[] {
  const resources = parseAllDocuments(manifests, { version: '1.1', logLevel: 'silent' }).flatMap(
    (document) => (document.errors.length > 0 ? [] : treeOf(document.toJS())),
  );
  const accounts = new Map<unknown, unknown>();
  for (const resource of resources) {
    if (resource['kind'] === 'ServiceAccount')
      accounts.set(at(resource, 'metadata', 'name'), resource['automountServiceAccountToken']);
  }
  return resources.flatMap((resource) => {
    const pod = podOf(resource);
    if (!pod) return [];
    const automounts = pod['automountServiceAccountToken'] ?? accounts.get(pod['serviceAccountName']) ?? true;
    const label = labelOf(resource);
    return [...listOf(pod['initContainers']), ...listOf(pod['containers'])].map((container): Described => {
      const mounts = listOf(container['volumeMounts']);
      const isTaken = mounts.some(({ mountPath }) => mountPath === standardMountPath);
      const tokens = mounts.flatMap((mount) => tokensAt(pod, mount));
      return [
        `${label}: ${String(container['name'])}`,
        { automounted: automounts === true && !isTaken, projected: tokens },
      ];
    });
  });
}

function podOf(resource: Tree): Tree | undefined {
  const kind = resource['kind'];
  const pod =
    kind === 'CronJob'
      ? at(resource, 'spec', 'jobTemplate', 'spec', 'template', 'spec')
      : ['Deployment', 'StatefulSet', 'DaemonSet', 'Job'].includes(String(kind))
        ? at(resource, 'spec', 'template', 'spec')
        : undefined;
  return treeOf(pod)[0];
}

/** The `component` label; of several sets of workers each has its own name in it. */
function labelOf(resource: Tree): string {
  const label = String(at(resource, 'metadata', 'labels', 'component') ?? at(resource, 'metadata', 'name'));
  const name = String(at(resource, 'metadata', 'name'));
  return label === 'worker' && !name.endsWith('-worker') ? `worker/${name}` : label;
}

function tokensAt(pod: Tree, { name, mountPath }: Tree): Token[] {
  const volume = listOf(pod['volumes']).find((one) => one['name'] === name);
  return listOf(at(volume ?? {}, 'projected', 'sources')).flatMap((source): Token[] => {
    const [token] = treeOf(source['serviceAccountToken']);
    if (!token) return [];
    const { expirationSeconds, audience } = token;
    return [
      {
        mountPath: String(mountPath),
        ...(typeof expirationSeconds === 'number' ? { expirationSeconds } : {}),
        ...(typeof audience === 'string' && audience !== '' ? { audience } : {}),
      },
    ];
  });
}

function at(tree: Tree, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => treeOf(value)[0]?.[key], tree);
}

/** A value as a map, if it is one. */
function treeOf(value: unknown): Tree[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? [value as Tree] : [];
}

function listOf(value: unknown): Tree[] {
  return Array.isArray(value) ? value.flatMap(treeOf) : [];
}
