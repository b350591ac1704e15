/**
 * The commands of "Check on the Cluster": what a person runs to see whether a cluster is as predicted. Nothing here runs
 * anything, and no command prints a token.
 */
import * as l10n from '@vscode/l10n';
import { standardMountPath } from '../../server/src/chart/settings';
import type {
  Picture,
  PictureContainer,
  PictureToken,
  PictureWorkload,
} from '../../server/src/features/picture';
import { listOf } from '../../server/src/rules/words';

/** Whose quoting a command is written in. */
export type ShellKind = 'posix' | 'powershell';

/** Where a stack is deployed. */
export interface Cluster {
  /** The name of the Helm release. */
  readonly release: string;
  readonly namespace: string;
  /** The context of kubectl's configuration; empty for the current one. */
  readonly context: string;
  /** Which of these nobody said. */
  readonly assumed?: readonly ('release' | 'namespace')[];
}

/** Where a stack is deployed, in words, and what of it is only assumed. */
function clusterInWords(cluster: Cluster): string {
  return `${releaseInWords(cluster)}, ${contextInWords(cluster)}`;
}

/** The release and its namespace, in words. */
export function releaseInWords({ release, namespace, assumed = [] }: Cluster): string {
  return [
    assumed.includes('release') ? l10n.t('release {0} (assumed)', release) : l10n.t('release {0}', release),
    assumed.includes('namespace')
      ? l10n.t('namespace {0} (assumed)', namespace)
      : l10n.t('namespace {0}', namespace),
  ].join(', ');
}

/** The context of kubectl's configuration, in words. */
export function contextInWords({ context }: Cluster): string {
  return context === '' ? l10n.t('the current context') : l10n.t('context {0}', context);
}

/** A command that a person may run. */
export interface CheckCommand {
  /** What it is about, in a few words. */
  readonly title: string;
  /** What to expect of it for this stack, in one line. */
  readonly expect: string;
  /** The essence of that, short enough for an entry of a list. */
  readonly brief: string;
  /** The command, in one line. */
  readonly line: string;
}

/** What the commands answer. */
export interface CheckQuestion {
  readonly title: string;
  readonly commands: readonly CheckCommand[];
}

/** The release for which the engine predicts names. */
const predictedRelease = 'airflow';

/** A name that the chart makes begins with this, unless the values override it. */
const generatedPrefix = `${predictedRelease}-`;

/**
 * Quotes an argument for sh, bash and zsh. Between single quotes nothing but the single quote itself means anything there.
 * @param argument Any text without a null character.
 */
export function quotePosix(argument: string): string {
  if (/^[\w./:=@%+-]+$/.test(argument)) return argument;
  return `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * Quotes an argument for PowerShell, where typographic single quotes end a text as well, and each is doubled. A comma, a
 * dot or a colon would end or split an argument that begins with a hyphen.
 * @param argument Any text without a double quote, which not all versions pass on to programs alike.
 */
export function quotePowerShell(argument: string): string {
  if (/^[A-Za-z0-9_/=-]+$/.test(argument)) return argument;
  return `'${argument.replace(/['\u2018-\u201b]/g, '$&$&')}'`;
}

/**
 * Which quoting a shell takes.
 * @param shell The path of the default shell; empty where it is not known.
 * @param platform As Node.js names it. Without a better word for it, Windows has PowerShell.
 */
export function shellKindOf(shell: string, platform: string): ShellKind {
  const name =
    shell
      .split(/[\\/]/)
      .at(-1)
      ?.replace(/\.exe$/i, '')
      .toLowerCase() ?? '';
  if (/^(pwsh|powershell)/.test(name)) return 'powershell';
  if (name === '' || name === 'cmd') return platform === 'win32' ? 'powershell' : 'posix';
  return 'posix';
}

/**
 * Says whether a text can be part of a command and of a comment: what is not visible could end the line and begin another
 * one, and a terminal would take it for keys.
 */
function isPlain(text: string): boolean {
  return !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(text);
}

/**
 * The name of an account in a release. The engine predicts names for a release `airflow`.
 * @param name The predicted name.
 * @param release The name of the release that is deployed.
 */
export function accountIn(name: string, release: string): string {
  if (!name.startsWith(generatedPrefix) || release === predictedRelease) return name;
  // As the chart does it: its own name is left out where the release's has it.
  const prefix = release.includes('airflow') ? release : `${release}-airflow`;
  return `${prefix}-${name.slice(generatedPrefix.length)}`;
}

/** What the commands are made with. */
interface Maker {
  readonly cluster: Cluster;
  readonly shell: ShellKind;
  /** kubectl with arguments, quoted; in the cluster's context. */
  readonly kubectl: (...args: readonly string[]) => string;
  /** The name of a running pod of a workload, as part of a command. */
  readonly pod: (workload: PictureWorkload) => string;
  /** kubectl that runs something in a container of a running pod of a workload. */
  readonly exec: (workload: PictureWorkload, container: string, ...command: readonly string[]) => string;
}

/**
 * The commands for a stack, grouped by what they answer.
 * @param picture What is predicted for it.
 * @param cluster Where it is deployed.
 * @param shell Whose quoting to use.
 * @returns Questions without any command are left out, and so are commands that cannot be quoted safely.
 */
export function clusterChecks(picture: Picture, cluster: Cluster, shell: ShellKind): CheckQuestion[] {
  const maker = createMaker(cluster, shell);
  const { workloads } = picture;
  const questions: CheckQuestion[] = [
    {
      title: l10n.t('Which volumes are mounted?'),
      commands: workloads.map((workload) => mountsOf(maker, workload)),
    },
    {
      title: l10n.t('Does a log groomer really hold no token?'),
      commands: workloads.flatMap((workload) =>
        workload.containers
          .filter(({ name, init }) => !init && name.endsWith('log-groomer'))
          .map((container) => lookInto(maker, workload, container)),
      ),
    },
    {
      title: l10n.t("What do the token's claims say?"),
      commands: workloads.filter(runsAllTheTime).flatMap((workload) => claimsOf(maker, workload)),
    },
    {
      title: l10n.t("Are there authentication errors in the scheduler's log?"),
      commands: workloads
        .filter(({ name }) => name === 'scheduler')
        .map((workload) => searchLog(maker, workload)),
    },
    {
      title: l10n.t('What may the accounts do?'),
      commands: accountsOf(picture).map(([account, needing]) => askRights(maker, account, needing)),
    },
    {
      title: l10n.t('Is a token for a custom audience accepted?'),
      commands: workloads
        .filter(runsAllTheTime)
        .flatMap((workload) =>
          workload.containers
            .filter(({ init }) => !init)
            .flatMap((container) =>
              container.tokens.flatMap((token) =>
                token.audience === null ? [] : [review(maker, workload, container, token, token.audience)],
              ),
            ),
        ),
    },
  ];
  // Versions of PowerShell do not pass on a double quote to programs alike, so that nothing is written with one.
  const canBeGiven = ({ title, expect, brief, line }: CheckCommand): boolean =>
    [title, expect, brief, line].every(isPlain) && (shell === 'posix' || !line.includes('"'));
  return questions
    .map(({ title, commands }) => ({ title, commands: commands.filter(canBeGiven) }))
    .filter(({ commands }) => commands.length > 0);
}

function createMaker(cluster: Cluster, shell: ShellKind): Maker {
  const quote = shell === 'posix' ? quotePosix : quotePowerShell;
  const context = cluster.context === '' ? [] : [`--context=${cluster.context}`];
  const kubectl = (...args: readonly string[]): string =>
    ['kubectl', ...[...context, ...args].map(quote)].join(' ');
  const pod = (workload: PictureWorkload): string =>
    `$(${kubectl(
      'get',
      'pods',
      `--namespace=${cluster.namespace}`,
      `--selector=${selectorOf(workload, cluster)}`,
      '--field-selector=status.phase=Running',
      '--output=jsonpath={.items[0].metadata.name}',
    )})`;
  return {
    cluster,
    shell,
    kubectl,
    pod,
    exec: (workload, container, ...command) =>
      [
        kubectl('exec', `--namespace=${cluster.namespace}`),
        pod(workload),
        ...[`--container=${container}`, '--', ...command].map(quote),
      ].join(' '),
  };
}

/** The labels by which the chart's pods are found. All sets of Celery workers have the same one. */
function selectorOf({ name }: PictureWorkload, { release }: Cluster): string {
  const component = name.startsWith('worker-') ? 'worker' : name;
  return `tier=airflow,release=${release},component=${component}`;
}

/** Whether there is a pod to look into; that of a job is gone, or will be soon. */
function runsAllTheTime({ kind }: PictureWorkload): boolean {
  return kind !== 'Job' && kind !== 'CronJob';
}

function mountsOf({ kubectl, cluster }: Maker, workload: PictureWorkload): CheckCommand {
  // Ranges over what may be missing are left out: older versions of kubectl stumble over them.
  const mounts = "{range .spec.containers[*]}{'  '}{.name}{': '}{.volumeMounts[*].mountPath}{'\\n'}{end}";
  const running = workload.containers.filter(({ init }) => !init);
  const held = running.map((container) => expectMounts(container));
  return {
    title: workload.title,
    expect: [
      `${held.join('; ')}.`,
      ...(runsAllTheTime(workload) ? [] : [l10n.t('There is a pod only while the job runs or is kept.')]),
    ].join(' '),
    brief: holdersInBrief(running),
    line: kubectl(
      'get',
      'pods',
      `--namespace=${cluster.namespace}`,
      `--selector=${selectorOf(workload, cluster)}`,
      `--output=jsonpath={range .items[*]}{.metadata.name}{'\\n'}${mounts}{end}`,
    ),
  };
}

function expectMounts(container: PictureContainer): string {
  const { name } = container;
  const paths = pathsOf(container);
  if (paths.length === 0) return l10n.t('{0} has no token: {1} is not in its list', name, standardMountPath);
  return l10n.t('{0} has a token at {1}', name, allOf([...new Set(paths)]));
}

/** Who holds a token, with its path where that is not the usual one. */
function holdersInBrief(containers: readonly PictureContainer[]): string {
  const holders = containers.flatMap((container) => {
    const paths = [...new Set(pathsOf(container))];
    if (paths.length === 0) return [];
    const isUsual = paths.every((path) => path === standardMountPath);
    return [isUsual ? container.name : `${container.name} (${paths.join(', ')})`];
  });
  const others = containers.filter((container) => pathsOf(container).length === 0).map(({ name }) => name);
  if (holders.length === 0) return l10n.t('no token in {0}', listOf(others));
  return others.length === 0
    ? l10n.t('a token in {0}', listOf(holders))
    : l10n.t('a token in {0}, none in {1}', listOf(holders), listOf(others));
}

function allOf(paths: readonly string[]): string {
  return paths.reduce((before, path) => l10n.t('{0} and {1}', before, path));
}

function lookInto(maker: Maker, workload: PictureWorkload, container: PictureContainer): CheckCommand {
  const own = pathsOf(container);
  const others = workload.containers.flatMap(pathsOf);
  const paths = [...new Set([...own, ...(own.length > 0 ? [] : others), standardMountPath])];
  return {
    title: container.name,
    expect:
      own.length === 0
        ? l10n.t(
            'it fails, with "No such file or directory" for each path. Another error, such as a pod that is not there, says nothing.',
          )
        : l10n.t('the groomer of this stack does hold a token, so that {0} is listed.', allOf(own)),
    brief:
      own.length === 0 ? l10n.t('it fails, with "No such file or directory"') : l10n.t('it holds a token'),
    line: maker.exec(workload, container.name, 'ls', '--', ...paths),
  };
}

function pathsOf({ state, tokens }: PictureContainer): string[] {
  const paths = tokens.map(({ mountPath }) => mountPath);
  return state === 'automatic' ? [standardMountPath, ...paths] : paths;
}

/** The claims of the token in one container of a workload: all of them have the same account. */
function claimsOf(maker: Maker, workload: PictureWorkload): CheckCommand[] {
  const holders = workload.containers.filter(({ init, state }) => !init && state !== 'none');
  const container = holders.find(({ need }) => need !== 'never') ?? holders[0];
  if (!container) return [];
  const token = container.state === 'automatic' ? undefined : container.tokens[0];
  const file = tokenFile(token?.mountPath ?? standardMountPath);
  const { namespace, release } = maker.cluster;
  const cat = maker.exec(workload, container.name, 'cat', file);
  const account = accountIn(workload.serviceAccount, release);
  return [
    {
      title: `${workload.name}, ${container.name}`,
      expect: l10n.t({
        message: 'sub is {0}, {1}, {2}. The token itself is not shown.',
        args: [subjectOf(namespace, account), expectAudience(token), expectLifetime(token)],
        comment: ['{1} is "aud is vault"', '{2} is "exp is 600 seconds after iat"'],
      }),
      brief: [
        l10n.t('sub ends in {0}', account),
        ...((token?.audience ?? null) === null ? [] : [expectAudience(token)]),
      ].join(', '),
      line: maker.shell === 'posix' ? decodePosix(cat) : decodePowerShell(cat),
    },
  ];
}

function tokenFile(mountPath: string): string {
  return `${mountPath.replace(/\/+$/, '')}/token`;
}

function subjectOf(namespace: string, account: string): string {
  return `system:serviceaccount:${namespace}:${account}`;
}

function expectAudience(token: PictureToken | undefined): string {
  const audience = token?.audience ?? null;
  return audience === null ? l10n.t("aud is the API server's") : l10n.t('aud is {0}', audience);
}

function expectLifetime(token: PictureToken | undefined): string {
  const seconds = token?.expirationSeconds ?? null;
  if (seconds === null)
    return l10n.t(
      'exp is an hour after iat, or a year where the cluster extends it and has warnafter an hour after iat',
    );
  return l10n.t('exp is {0} seconds after iat, or less where the cluster allows no more', seconds);
}

/** The second part of a JWT is base64url without padding, which no `base64` takes as it is. */
function decodePosix(cat: string): string {
  const pad = `awk '{ while (length($0) % 4) $0 = $0 "="; print }'`;
  return `${cat} | cut -d . -f 2 | tr '_-' '/+' | ${pad} | base64 -d; echo`;
}

function decodePowerShell(cat: string): string {
  const part = `$part = (${cat}).Split('.')[1].Replace('-', '+').Replace('_', '/')`;
  const padded = "$part + '=' * ((4 - $part.Length % 4) % 4)";
  return `${part}; [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String(${padded}))`;
}

function searchLog({ kubectl, cluster, shell }: Maker, workload: PictureWorkload): CheckCommand {
  const main = workload.containers.find(({ name }) => name === 'scheduler');
  const log = kubectl(
    'logs',
    `--namespace=${cluster.namespace}`,
    `--selector=${selectorOf(workload, cluster)}`,
    '--container=scheduler',
    '--since=1h',
    // With a selector, kubectl shows the last ten lines otherwise.
    '--tail=-1',
  );
  const verdict =
    main?.need === 'never'
      ? l10n.t('no line: this scheduler never calls the Kubernetes API.')
      : l10n.t('no line: its token is accepted.');
  const otherwise = l10n.t(
    'Beside 401 the token is missing, expired or for somebody else; beside 403 the account lacks a right.',
  );
  return {
    title: l10n.t('the last hour'),
    expect: `${verdict} ${otherwise}`,
    brief: l10n.t('no line'),
    line:
      shell === 'posix'
        ? `${log} | grep -Ei '(^|[^0-9])(401|403)([^0-9]|$)|unauthorized|forbidden'`
        : String.raw`${log} | Select-String -Pattern '\b(401|403)\b|unauthorized|forbidden'`,
  };
}

/** The accounts of workloads that call the Kubernetes API, and whether one of these always does. */
function accountsOf({ workloads }: Picture): [string, boolean][] {
  const accounts = new Map<string, boolean>();
  for (const { serviceAccount, containers } of workloads) {
    const needs = containers.map(({ need }) => need);
    if (needs.every((need) => need === 'never')) continue;
    accounts.set(serviceAccount, accounts.get(serviceAccount) === true || needs.includes('always'));
  }
  return [...accounts];
}

function askRights({ kubectl, cluster }: Maker, predicted: string, isNeeded: boolean): CheckCommand {
  const account = accountIn(predicted, cluster.release);
  const { namespace } = cluster;
  return {
    title: account,
    expect: isNeeded
      ? l10n.t('yes, for it has to call the API; no where rbac.create is off and nothing else binds a role.')
      : l10n.t('yes only where its workload has a reason to look at pods, such as tasks that start some.'),
    brief: isNeeded ? l10n.t('yes, for it has to call the API') : l10n.t('yes only where it looks at pods'),
    line: kubectl(
      'auth',
      'can-i',
      'list',
      'pods',
      `--namespace=${namespace}`,
      `--as=${subjectOf(namespace, account)}`,
    ),
  };
}

/** Has the API server look at a token. The token goes through a pipe, and of the answer only the status is shown. */
function review(
  maker: Maker,
  workload: PictureWorkload,
  container: PictureContainer,
  { mountPath }: PictureToken,
  audience: string,
): CheckCommand {
  const cat = maker.exec(workload, container.name, 'cat', tokenFile(mountPath));
  const create = maker.kubectl('create', '--filename=-', '--output=jsonpath={.status}');
  // YAML, which does without double quotes; with a brace at its very beginning, kubectl would take it for JSON.
  const before = '&review {apiVersion: authentication.k8s.io/v1, kind: TokenReview, spec: {token: ';
  const after = `, audiences: ['${audience.replaceAll("'", "''")}']}}`;
  const { namespace, release } = maker.cluster;
  const account = accountIn(workload.serviceAccount, release);
  return {
    title: `${container.name}, ${audience}`,
    expect: l10n.t(
      'authenticated is true, with the audience {0} and the user {1}. Needs the right to create tokenreviews.',
      audience,
      subjectOf(namespace, account),
    ),
    brief: l10n.t('authenticated is true'),
    line:
      maker.shell === 'posix'
        ? `printf '%s%s%s' ${quotePosix(before)} "$(${cat})" ${quotePosix(after)} | ${create}`
        : `(${quotePowerShell(before)} + (${cat}) + ${quotePowerShell(after)}) | ${create}`,
  };
}

/**
 * Questions with their commands as a text that could be run as a script, though it is meant to be read.
 * @param questions What {@link clusterChecks} made, or some of it.
 * @param picture What is predicted.
 * @param cluster Where the stack is deployed.
 */
export function checksText(
  questions: readonly CheckQuestion[],
  { stack, chart }: Picture,
  cluster: Cluster,
): string {
  const where = clusterInWords(cluster);
  const head = [
    stack === null
      ? l10n.t('Checks of the values, chart {0}: {1}.', chart, where)
      : l10n.t('Checks of the stack {0}, chart {1}: {2}.', stack, chart, where),
    l10n.t('Each command looks, and changes nothing. Run them one by one.'),
  ];
  const parts = questions.map(({ title, commands }) =>
    [
      comment(`== ${title}`),
      ...commands.map((command) => [comment(`${command.title}: ${command.expect}`), command.line].join('\n')),
    ].join('\n\n'),
  );
  return `${[head.map(comment).join('\n'), ...parts].join('\n\n')}\n`;
}

/** A comment in both shells, which stays on its line whatever the text has in it. */
function comment(text: string): string {
  return `# ${text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ')}`;
}
