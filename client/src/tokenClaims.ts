/**
 * Reads the claims of a Kubernetes service account token, and says what is wrong with it for its use. A signature is not
 * checked here: that takes the cluster's keys.
 */
import * as l10n from '@vscode/l10n';
import { durationInWords } from '../../server/src/rules/words';

/** What is known of a token. Times are in seconds since 1970. */
export interface TokenClaims {
  readonly issuer: string | undefined;
  readonly subject: string | undefined;
  readonly audiences: readonly string[];
  readonly issued: number | undefined;
  readonly notBefore: number | undefined;
  readonly expires: number | undefined;
  /** Until when it was asked for, where the API server made it valid for longer. */
  readonly warnAfter: number | undefined;
  readonly namespace: string | undefined;
  readonly account: string | undefined;
  readonly pod: string | undefined;
  readonly node: string | undefined;
  /** The Secret that holds it: such a token is of the old kind, or bound to the Secret. */
  readonly secret: string | undefined;
}

/** The claims, or why there are none: a sentence for a person. */
export type TokenReading = { readonly claims: TokenClaims } | { readonly problem: string };

/** How long a text may be, in characters. A token has about a thousand. */
export const longestToken = 64 * 1024;

/**
 * Reads a token as people copy it: with or without `Bearer`, quotes, line breaks and padding, or encoded once more, as in
 * a Secret. No message repeats any part of the text.
 * @param text What is to be read.
 */
export function readToken(text: string): TokenReading {
  if (text.length > longestToken)
    return { problem: l10n.t('This is too long for a token: more than {0} characters.', longestToken) };
  const given = text
    .trim()
    .replace(/^(?:authorization\s*:\s*)?bearer\s+/i, '')
    .replace(/["'`\s]/g, '');
  if (given === '') return { problem: l10n.t('There is no token: the text is empty.') };
  const token = given.includes('.') ? given : (decode(given)?.trim() ?? given);
  const parts = token.split('.');
  if (parts.length === 5)
    return { problem: l10n.t('This token is encrypted: what it claims can be read by its receiver only.') };
  if (parts.length !== 3)
    return {
      problem:
        parts.length === 1
          ? l10n.t('A JWT has three parts, separated by dots; this has one.')
          : l10n.t('A JWT has three parts, separated by dots; this has {0}.', parts.length),
    };
  const [header = '', payload = '', signature = ''] = parts;
  const head = decodeMap(header);
  if (!head || !('alg' in head))
    return {
      problem: l10n.t('This is not a JWT: its first part is not the header of one, base64url of JSON.'),
    };
  const body = decodeMap(payload);
  if (!body)
    return {
      problem: l10n.t('The claims cannot be read: the second part is not base64url of a JSON map.'),
    };
  if (signature === '')
    return { problem: l10n.t('The signature is missing: the token ends after its second dot.') };
  return { claims: claimsIn(body) };
}

type Json = Readonly<Record<string, unknown>>;

function decodeMap(part: string): Json | undefined {
  const text = decode(part);
  if (text === undefined) return undefined;
  try {
    return mapOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The text of base64url or base64, with or without padding. */
function decode(part: string): string | undefined {
  const bare = part.replace(/={1,2}$/, '');
  if (!/^[A-Za-z0-9_+/-]+$/.test(bare) || bare.length % 4 === 1) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(bare, 'base64url'));
  } catch {
    return undefined;
  }
}

function mapOf(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A time that a calendar has. */
function timeOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= 8.64e12
    ? Math.floor(value)
    : undefined;
}

/** Kubernetes' own claims are in a map today; those of tokens in Secrets have long names. */
function claimsIn(body: Json): TokenClaims {
  const own = mapOf(body['kubernetes.io']) ?? {};
  const legacy = (name: string): string | undefined => textOf(body[`kubernetes.io/serviceaccount/${name}`]);
  const nameIn = (key: string): string | undefined => textOf(mapOf(own[key])?.['name']);
  const audience = body['aud'];
  return {
    issuer: textOf(body['iss']),
    subject: textOf(body['sub']),
    audiences: (Array.isArray(audience) ? audience : [audience]).flatMap((each) => textOf(each) ?? []),
    issued: timeOf(body['iat']),
    notBefore: timeOf(body['nbf']),
    expires: timeOf(body['exp']),
    warnAfter: timeOf(own['warnafter']),
    namespace: textOf(own['namespace']) ?? legacy('namespace'),
    account: nameIn('serviceaccount') ?? legacy('service-account.name'),
    pod: nameIn('pod'),
    node: nameIn('node'),
    secret: nameIn('secret') ?? legacy('secret.name'),
  };
}

/** How long a token lives, as the kubelet sees it. Times are in seconds since 1970. */
export interface TokenLife {
  readonly from: number;
  /** From when on the kubelet fetches a new one. */
  readonly renewal: number;
  readonly until: number;
}

/** The longest that the kubelet keeps a token, in seconds. */
const longestKept = 24 * 60 * 60;

/**
 * When a token begins, is renewed and ends. The kubelet renews at 80 % of the lifetime that it asked for, or after a day,
 * whichever is first; it never learns that the API server made the token valid for longer.
 * @returns Undefined where the token has no beginning or no end.
 */
export function lifeOf({ issued, notBefore, expires, warnAfter }: TokenClaims): TokenLife | undefined {
  const from = issued ?? notBefore;
  if (from === undefined || expires === undefined || expires <= from) return undefined;
  const asked = (warnAfter !== undefined && warnAfter > from ? warnAfter : expires) - from;
  return { from, renewal: from + Math.min(Math.floor(asked * 0.8), longestKept), until: expires };
}

/** What a token is held against. */
export interface TokenUse {
  /** The audiences that the API server accepts. */
  readonly apiAudiences: readonly string[];
  /** The accounts of the stack at hand; undefined where there is none. */
  readonly accounts: readonly string[] | undefined;
  /** Where the stack is deployed; undefined where that is not known. */
  readonly namespace: string | undefined;
}

/** Something to say of a token: that it cannot be used so, or that it deserves a look. */
export interface TokenRemark {
  readonly level: 'problem' | 'note';
  readonly text: string;
}

/**
 * What is wrong with a token for calling the Kubernetes API from a stack.
 * @param claims What the token says.
 * @param use What it is to be used for.
 * @param now The time, in seconds since 1970.
 */
export function judgeToken(claims: TokenClaims, use: TokenUse, now: number): TokenRemark[] {
  return [...timeRemarks(claims, now), ...subjectRemarks(claims, use), ...audienceRemarks(claims, use)];
}

function* timeRemarks(claims: TokenClaims, now: number): Generator<TokenRemark> {
  const { issued, notBefore, expires, warnAfter, secret } = claims;
  const begins = Math.max(issued ?? notBefore ?? now, notBefore ?? issued ?? now);
  if (expires !== undefined && expires <= now)
    yield problem(l10n.t('The API server refuses it: it expired {0} ago.', durationInWords(now - expires)));
  else if (begins > now)
    yield problem(
      l10n.t(
        'The API server refuses it until it begins, in {0}. Is a clock wrong?',
        durationInWords(begins - now),
      ),
    );
  const life = lifeOf(claims);
  if (expires === undefined)
    yield problem(
      [
        secret === undefined
          ? l10n.t('Whoever gets hold of it can use it for good: it never expires.')
          : l10n.t(
              'Whoever gets hold of it can use it for good: it never expires, until the Secret {0} is deleted.',
              secret,
            ),
        l10n.t('Legacy tokens of this kind should give way to projected ones.'),
      ].join(' '),
    );
  else if (issued !== undefined && expires <= issued)
    yield problem(l10n.t('It can never be used: it expires before it is issued.'));
  else if (life && warnAfter !== undefined && warnAfter > life.from && warnAfter < expires)
    yield note(
      l10n.t(
        'It stays valid for {0}, though it was asked for {1}: the cluster extends tokens that are mounted automatically. The kubelet renews it as if it were not extended.',
        durationInWords(expires - life.from),
        durationInWords(warnAfter - life.from),
      ),
    );
  else if (life && expires - life.from > longestKept)
    yield note(
      l10n.t(
        'It stays valid for {0}, which is long for somebody who copied it.',
        durationInWords(expires - life.from),
      ),
    );
  const isPodBound = claims.pod !== undefined;
  if (life && now >= life.renewal && now < life.until && isPodBound)
    yield note(
      l10n.t(
        'The kubelet should have renewed it by now. If this is what the file holds, the kubelet cannot; if not, an application that keeps it is about to fail.',
      ),
    );
}

const accountPrefix = 'system:serviceaccount:';

function* subjectRemarks(claims: TokenClaims, { accounts, namespace }: TokenUse): Generator<TokenRemark> {
  const { subject } = claims;
  const [ofNamespace, ofName, ...more] = subject?.startsWith(accountPrefix)
    ? subject.slice(accountPrefix.length).split(':')
    : [];
  if (ofNamespace === undefined || ofName === undefined || more.length > 0) {
    yield problem(
      l10n.t(
        'It is not a service account token: its subject is not system:serviceaccount:NAMESPACE:NAME. Kubernetes has another way to check it, if any.',
      ),
    );
    return;
  }
  if ((claims.account ?? ofName) !== ofName || (claims.namespace ?? ofNamespace) !== ofNamespace)
    yield problem(
      l10n.t('It contradicts itself: its subject is not the account that its other claims name.'),
    );
  // Tasks may run in pods of their own, which are no workload of the chart.
  if (accounts && !accounts.includes(ofName))
    yield note(
      l10n.t(
        'It may belong to somebody else: no workload of this stack has the ServiceAccount {0}. Those are {1}; pods of tasks can have another one.',
        ofName,
        accounts.join(', '),
      ),
    );
  if (namespace !== undefined && namespace !== ofNamespace)
    yield problem(
      l10n.t(
        'It is from another namespace: {0}, while the settings say that the stack is in {1}.',
        ofNamespace,
        namespace,
      ),
    );
}

function* audienceRemarks(
  { audiences, issuer, expires }: TokenClaims,
  { apiAudiences }: TokenUse,
): Generator<TokenRemark> {
  if (audiences.length === 0) {
    // Legacy tokens are for everybody.
    if (expires !== undefined)
      yield problem(l10n.t('Nobody is named as its audience, so that nobody accepts it.'));
    return;
  }
  if (audiences.some((audience) => apiAudiences.includes(audience))) return;
  const named = audiences.join(', ');
  if (issuer !== undefined && audiences.includes(issuer))
    yield note(
      l10n.t(
        'Its audience is its issuer, {0}. The API server accepts that unless it has --api-audiences; the setting airflowTokenVolume.apiAudiences does not have it yet.',
        named,
      ),
    );
  else
    yield problem(
      l10n.t(
        'The Kubernetes API refuses it: it is for {0}, which is none of airflowTokenVolume.apiAudiences ({1}).',
        named,
        apiAudiences.join(', '),
      ),
    );
}

function problem(text: string): TokenRemark {
  return { level: 'problem', text };
}

function note(text: string): TokenRemark {
  return { level: 'note', text };
}
