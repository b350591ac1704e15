import * as l10n from '@vscode/l10n';
import { defaultExecutor } from './executors';

/** Where Kubernetes mounts a token automatically, and the only place where Airflow's Kubernetes client looks. */
export const standardMountPath = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Lifetime bounds of the chart's schema for `expirationSeconds`, in seconds. */
export const expirationBounds = { minimum: 600, maximum: 7_776_000 } as const;

/** Longest lifetimes that the chart's documentation recommends, in seconds. */
export const recommendedLifetimes = { production: 3600, debugging: 86_400 } as const;

/** What the chart's schema accepts for a key; `null` is accepted nowhere else than in `string or null`. */
export type SettingType = 'boolean' | 'string' | 'string or null' | 'integer' | 'map' | 'any';

/** One key of the chart: its type, its default and what it is. */
export interface Setting {
  readonly name: string;
  readonly type: SettingType;
  readonly default: boolean | number | string | null | undefined;
  /** What the key is, in one sentence. */
  readonly summary: string;
}

/** Keys of `serviceAccountTokenVolume`; the schema rejects any other. */
export const tokenVolumeSettings: readonly Setting[] = [
  {
    name: 'enabled',
    type: 'boolean',
    default: false,
    get summary(): string {
      return l10n.t('Mounts a short-lived service account token by hand, as a projected volume.');
    },
  },
  {
    name: 'mountPath',
    type: 'string',
    default: standardMountPath,
    get summary(): string {
      return l10n.t('The folder in the container that holds the files `token`, `ca.crt` and `namespace`.');
    },
  },
  {
    name: 'volumeName',
    type: 'string',
    default: 'kube-api-access',
    get summary(): string {
      return l10n.t("The projected volume's name in the pod.");
    },
  },
  {
    name: 'expirationSeconds',
    type: 'integer',
    default: 3600,
    get summary(): string {
      return l10n.t('How long the token is valid, in seconds; from 600 (10 minutes) to 7776000 (90 days).');
    },
  },
  {
    name: 'audience',
    type: 'string or null',
    default: null,
    get summary(): string {
      return l10n.t("Who the token is for; empty means the API server's own audience.");
    },
  },
];

/** The key that turns automatic mounting on or off. */
export const automountKey = 'automountServiceAccountToken';

/** The first chart release with {@link automountKey} on the components' service accounts. */
export const automountSince = '1.11.0';

/** The first chart release, which had `executor` and the components' `serviceAccount` already. */
export const serviceAccountSince = '1.0.0';

/** The key of the map that describes the manual token volume. */
export const tokenVolumeKey = 'serviceAccountTokenVolume';

/** Keys of every component's `serviceAccount`. */
export const serviceAccountSettings: readonly Setting[] = [
  {
    name: automountKey,
    type: 'boolean',
    default: true,
    get summary(): string {
      return l10n.t('Whether Kubernetes mounts an API token into every container of the pod by itself.');
    },
  },
  {
    name: 'create',
    type: 'boolean',
    default: true,
    get summary(): string {
      return l10n.t('Whether the chart creates the ServiceAccount.');
    },
  },
  {
    name: 'name',
    type: 'string or null',
    default: null,
    get summary(): string {
      return l10n.t("The ServiceAccount's name; by default the chart makes one from the release's name.");
    },
  },
  {
    name: 'annotations',
    type: 'map',
    default: undefined,
    get summary(): string {
      return l10n.t('Annotations of the ServiceAccount.');
    },
  },
];

/** The map of the manual token volume, beside {@link serviceAccountSettings} where the component has one. */
export const tokenVolumeSetting: Setting = {
  name: tokenVolumeKey,
  type: 'map',
  default: undefined,
  get summary(): string {
    return l10n.t('A service account token mounted by hand, in place of the automatic one.');
  },
};

/** The key at the top level that chooses how tasks run. */
export const executorSetting: Setting = {
  name: 'executor',
  type: 'string',
  default: defaultExecutor,
  get summary(): string {
    return l10n.t('How Airflow runs tasks: one executor, or a comma-separated list without spaces.');
  },
};
