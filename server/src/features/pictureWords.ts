/** What is said of a picture, in whatever form it is shown. */
import { durationInWords } from '../rules/words';
import type {
  Picture,
  PictureContainer,
  PictureToken,
  PictureTotals,
  TokenNeed,
  TokenState,
} from './picture';

/** What to call each state. */
export const stateNames: Readonly<Record<TokenState, string>> = {
  automatic: 'automatic',
  projected: 'projected',
  none: 'none',
};

/** What each state means, as a legend says it: a clause without a full stop. */
export const stateMeanings: Readonly<Record<TokenState, string>> = {
  automatic: 'Kubernetes mounts the token by itself',
  projected: 'a volume mounts it, with a path and a lifetime',
  none: 'the container holds no token',
};

/** Whether a container needs a token, in one word. */
export const needNames: Readonly<Record<TokenNeed, string>> = {
  always: 'yes',
  perhaps: 'perhaps',
  never: 'no',
};

/** Every state, those that expose most first. */
export const tokenStates: readonly TokenState[] = ['automatic', 'projected', 'none'];

/** What a picture is of: its chart and executor. */
export function aboutInWords({ chart, executor }: Picture): string {
  return `Chart ${chart}, ${executor === null ? 'executor cannot be told' : `executor ${executor}`}`;
}

/** How many containers hold a token and how many need one: "31 of 34 containers hold a token; 3 need one". */
export function totalsInWords({ containers, holding, needing }: PictureTotals): string {
  const verb = holding === 1 || containers === 1 ? 'holds' : 'hold';
  const needed =
    needing === 0 ? 'none needs one for certain' : `${needing} ${needing === 1 ? 'needs' : 'need'} one`;
  return `${holding} of ${containers} ${containers === 1 ? 'container' : 'containers'} ${verb} a token; ${needed}`;
}

/** How many hold one after the migration: "After the migration: 3 of 34". */
export function afterInWords({ workloads, after }: Picture): string {
  if (!after) return 'What the migration leaves cannot be told';
  const isSame = workloads.every(({ containers }) => containers.every((one) => one.after === one.state));
  return `After the migration: ${isSame ? 'the same' : `${after.holding} of ${after.containers}`}`;
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
    ...(audience === null ? [] : [`for ${audience}`]),
    ...(byHand ? ['made by hand'] : []),
  ];
}
