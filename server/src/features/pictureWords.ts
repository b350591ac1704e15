/** What is said of a picture, in whatever form it is shown. */
import * as l10n from '@vscode/l10n';
import { capitalise, durationInWords } from '../rules/words';
import type {
  Picture,
  PictureContainer,
  PictureToken,
  PictureTotals,
  PictureWorkload,
  TokenNeed,
  TokenState,
} from './picture';

/** What to call each state. */
export const stateNames: Readonly<Record<TokenState, string>> = {
  get automatic(): string {
    return l10n.t({ message: 'automatic', comment: ['How a container comes to a token: by itself'] });
  },
  get projected(): string {
    return l10n.t({ message: 'projected', comment: ['How a container comes to a token: by a volume'] });
  },
  get none(): string {
    return l10n.t({ message: 'none', comment: ['How a container comes to a token: not at all'] });
  },
};

/** What each state means, as a legend says it: a clause without a full stop. */
export const stateMeanings: Readonly<Record<TokenState, string>> = {
  get automatic(): string {
    return l10n.t('Kubernetes mounts the token by itself');
  },
  get projected(): string {
    return l10n.t('a volume mounts it, with a path and a lifetime');
  },
  get none(): string {
    return l10n.t('the container holds no token');
  },
};

/** Whether a container needs a token, in one word. */
export const needNames: Readonly<Record<TokenNeed, string>> = {
  get always(): string {
    return l10n.t({ message: 'yes', comment: ['Whether a container needs a token'] });
  },
  get perhaps(): string {
    return l10n.t({
      message: 'perhaps',
      comment: ['Whether a container needs a token; there is little room'],
    });
  },
  get never(): string {
    return l10n.t({ message: 'no', comment: ['Whether a container needs a token'] });
  },
};

/** What stands above the columns of a picture. */
export const columnNames = {
  get workload(): string {
    return l10n.t({ message: 'workload', comment: ['The heading of a column'] });
  },
  get container(): string {
    return l10n.t({ message: 'container', comment: ['The heading of a column'] });
  },
  get token(): string {
    return l10n.t({ message: 'token', comment: ['The heading of a column'] });
  },
  get need(): string {
    return l10n.t({
      message: 'need',
      comment: ['The heading of a column: whether a container needs a token; there is little room'],
    });
  },
  get now(): string {
    return l10n.t({ message: 'now', comment: ['The heading of a column: how a container comes to a token'] });
  },
  get after(): string {
    return l10n.t({ message: 'after', comment: ['The heading of a column: the same after the migration'] });
  },
};

/** Every state, those that expose most first. */
export const tokenStates: readonly TokenState[] = ['automatic', 'projected', 'none'];

/**
 * What a picture is called.
 * @param stack The stack's name; null for a file that is deployed by itself.
 * @param show Marks a name as one; shown as it is without.
 */
export function titleInWords(stack: string | null, show = (name: string) => name): string {
  return stack === null ? l10n.t('Token exposure') : l10n.t('Token exposure of {0}', show(stack));
}

/** What a picture is of: its chart and executor; `show` marks their names as such. */
export function aboutInWords({ chart, executor }: Picture, show = (name: string) => name): string {
  return executor === null
    ? l10n.t('Chart {0}, executor cannot be told', show(chart))
    : l10n.t('Chart {0}, executor {1}', show(chart), show(executor));
}

/** How many containers hold a token and how many need one: "31 of 34 containers hold a token; 3 need one". */
export function totalsInWords({ containers, holding, needing }: PictureTotals): string {
  return [holdingInWords(holding, containers), needingInWords(needing)].join('; ');
}

function holdingInWords(holding: number, containers: number): string {
  if (containers === 1) return l10n.t('{0} of 1 container holds a token', holding);
  if (holding === 1) return l10n.t('1 of {0} containers holds a token', containers);
  return l10n.t('{0} of {1} containers hold a token', holding, containers);
}

function needingInWords(needing: number): string {
  if (needing === 0)
    return l10n.t({
      message: 'none needs one for certain',
      comment: ['Follows a clause that says how many containers hold a token'],
    });
  return needing === 1
    ? l10n.t({
        message: '1 needs one',
        comment: ['Follows a clause that says how many containers hold a token'],
      })
    : l10n.t({
        message: '{0} need one',
        args: [needing],
        comment: ['Follows a clause that says how many containers hold a token'],
      });
}

/** How many hold one after the migration: "After the migration: 3 of 34". */
export function afterInWords({ workloads, after }: Picture): string {
  if (!after) return l10n.t('What the migration leaves cannot be told');
  const isSame = workloads.every(({ containers }) => containers.every((one) => one.after === one.state));
  return isSame
    ? l10n.t('After the migration: the same')
    : l10n.t('After the migration: {0} of {1}', after.holding, after.containers);
}

/** What is said of a container after the migration. */
export function laterInWords(after: TokenState | null): string {
  return after === null
    ? l10n.t({ message: 'cannot be told', comment: ['What a container holds later; there is little room'] })
    : stateNames[after];
}

/** What a workload is called above its containers: its title without the article of English sentences. */
export function workloadInWords({ title }: Pick<PictureWorkload, 'title'>): string {
  return capitalise(title.replace(/^the /, ''));
}

/** What a container is called; those that run before the others are marked. */
export function containerInWords({ name, init }: PictureContainer): string {
  return init ? `${name} (init)` : name;
}

/** Whether a container has no token that it needs for certain. */
export function lacksToken({ state, need }: PictureContainer): boolean {
  return need === 'always' && state === 'none';
}

/** A projected token: its lifetime, for whom it is, and whether it is mounted by hand; its path is not said. */
export function lifetimeInWords({ expirationSeconds, audience, byHand }: PictureToken): string[] {
  return [
    ...(expirationSeconds === null ? [] : [durationInWords(expirationSeconds)]),
    ...(audience === null ? [] : [readerInWords(audience)]),
    ...(byHand ? [l10n.t('made by hand')] : []),
  ];
}

/** For whom a token is. */
export function readerInWords(audience: string): string {
  return l10n.t({ message: 'for {0}', args: [audience], comment: ['{0} is the audience of a token'] });
}
