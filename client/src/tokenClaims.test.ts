import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeToken, lifeOf, longestToken, readToken, type TokenClaims, type TokenUse } from './tokenClaims';

const now = 1_780_000_000;
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (claims: unknown, header: unknown = { alg: 'RS256', kid: 'k' }): string =>
  `${encode(header)}.${encode(claims)}.c2lnbmF0dXJl`;
const api = 'https://kubernetes.default.svc';
const body = {
  iss: 'https://issuer.example.com',
  sub: 'system:serviceaccount:airflow:airflow-scheduler',
  aud: [api],
  iat: now - 600,
  nbf: now - 600,
  exp: now + 3000,
  'kubernetes.io': {
    namespace: 'airflow',
    serviceaccount: { name: 'airflow-scheduler', uid: 'u' },
    pod: { name: 'airflow-scheduler-5d', uid: 'u' },
    node: { name: 'node-7', uid: 'u' },
  },
};
const token = jwt(body);

function claimsOf(text: string): TokenClaims {
  const reading = readToken(text);
  if (!('claims' in reading)) throw new Error(reading.problem);
  return reading.claims;
}

describe('a token is read', () => {
  test.each([
    ['as it is', token],
    ['with line breaks around and within', `\n  ${token.slice(0, 90)}\r\n${token.slice(90)}\n`],
    ['with Bearer', `Bearer ${token}`],
    ['with the header of a request', `Authorization: bearer ${token}`],
    ['in quotes', `"${token}"`],
    [
      'with padding',
      token
        .split('.')
        .map((part) => part + '='.repeat((4 - (part.length % 4)) % 4))
        .join('.'),
    ],
    ['as it stands in a Secret', Buffer.from(token).toString('base64')],
  ])('%s', (_, text) => {
    expect(claimsOf(text)).toEqual({
      issuer: 'https://issuer.example.com',
      subject: 'system:serviceaccount:airflow:airflow-scheduler',
      audiences: [api],
      issued: now - 600,
      notBefore: now - 600,
      expires: now + 3000,
      warnAfter: undefined,
      namespace: 'airflow',
      account: 'airflow-scheduler',
      pod: 'airflow-scheduler-5d',
      node: 'node-7',
      secret: undefined,
    });
  });

  test('of the old kind', () => {
    const claims = claimsOf(
      jwt({
        iss: 'kubernetes/serviceaccount',
        sub: 'system:serviceaccount:airflow:tasks',
        'kubernetes.io/serviceaccount/namespace': 'airflow',
        'kubernetes.io/serviceaccount/secret.name': 'tasks-token',
        'kubernetes.io/serviceaccount/service-account.name': 'tasks',
      }),
    );
    expect(claims).toMatchObject({ namespace: 'airflow', account: 'tasks', secret: 'tasks-token' });
    expect(claims.expires).toBeUndefined();
  });

  test('with claims of other types, which count as missing', () => {
    const claims = claimsOf(
      jwt({ iss: 1, sub: null, aud: [1, 'a'], iat: '1', exp: 1e300, 'kubernetes.io': [] }),
    );
    expect(claims).toMatchObject({
      issuer: undefined,
      audiences: ['a'],
      issued: undefined,
      expires: undefined,
    });
  });
});

describe('what is no token is refused', () => {
  test.each([
    ['nothing', ' \n', /empty/],
    ['a word', 'hunter2', /^A JWT has three parts, separated by dots; this has one\.$/],
    ['two parts', token.split('.').slice(0, 2).join('.'), /; this has 2\.$/],
    ['no signature', `${token.split('.').slice(0, 2).join('.')}.`, /signature is missing/],
    ['an encrypted one', `${token}.a.b`, /encrypted/],
    ['an address', 'www.example.com', /first part is not the header/],
    ['a header without an algorithm', jwt(body, { kid: 'k' }), /first part/],
    ['claims that are no map', jwt([body]), /second part/],
    ['claims that are cut off', token.replace(/\.(.{41}).*\./, '.$1.'), /second part/],
    [
      'claims that are not UTF-8',
      `${encode({ alg: 'x' })}.${Buffer.from([0xff, 0xfe]).toString('base64url')}.a`,
      /second/,
    ],
    ['a book', 'a'.repeat(longestToken + 1), /too long/],
  ])('%s', (_, text, message) => {
    expect(readToken(text)).toEqual({ problem: expect.stringMatching(message) as string });
  });

  test('whatever the text, nothing is thrown and nothing is repeated', () => {
    const part = fc.oneof(
      fc.string(),
      fc.base64String(),
      fc.json().map((json) => encode(json)),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const text = parts.join('.');
        const reading = readToken(text);
        if ('problem' in reading && text.length > 40) expect(reading.problem).not.toContain(text);
      }),
    );
  });
});

test.each<[string, object, number, number]>([
  ['80 % of an hour', { exp: body.iat + 3600 }, 2880, 3600],
  ['a day at most', { exp: body.iat + 7 * 86_400 }, 86_400, 7 * 86_400],
  [
    'what was asked for, not what it was extended to',
    { exp: body.iat + 31_536_000, 'kubernetes.io': { warnafter: body.iat + 3607 } },
    2885,
    31_536_000,
  ],
])('the renewal point is %s', (_, more, renewal, until) => {
  const life = lifeOf(claimsOf(jwt({ ...body, ...more })));
  expect(life).toEqual({ from: body.iat, renewal: body.iat + renewal, until: body.iat + until });
});

describe('judging', () => {
  const use: TokenUse = { apiAudiences: [api], accounts: ['airflow-scheduler'], namespace: 'airflow' };
  const remarks = (claims: object, more: Partial<TokenUse> = {}, at = now): string[] =>
    judgeToken(claimsOf(jwt({ ...body, ...claims })), { ...use, ...more }, at).map(
      ({ level, text }) => `${level}: ${text}`,
    );

  test('a good one has no remarks', () => {
    expect(remarks({})).toEqual([]);
    expect(remarks({}, { accounts: undefined, namespace: undefined })).toEqual([]);
  });

  test.each<[string, object, Partial<TokenUse>, RegExp]>([
    ['expired', { exp: now - 61 }, {}, /^problem: .*it expired 1 minute 1 second ago\.$/],
    ['expired right now', { exp: now }, {}, /^problem: .*it expired 0 seconds ago\.$/],
    ['not yet valid', { nbf: now + 60 }, {}, /^problem: .*in 1 minute\. Is a clock wrong/],
    ['without an end', { exp: undefined }, {}, /^problem: .*it never expires\. Legacy/],
    [
      'an end before the beginning',
      { iat: now + 9, nbf: now - 9, exp: now + 5 },
      {},
      /problem: It can never be used/,
    ],
    [
      'extended',
      { exp: body.iat + 31_536_000, 'kubernetes.io': { warnafter: body.iat + 3607 } },
      {},
      /^note: It stays valid for 365 days, though it was asked for 1 hour 7 seconds/,
    ],
    ['long', { exp: body.iat + 172_800 }, {}, /^note: It stays valid for 2 days/],
    ['due', { exp: now + 60 }, {}, /^note: The kubelet should have renewed it/],
    ['for somebody else', { aud: 'vault' }, {}, /^problem: .*it is for vault, which is none/],
    ['for its issuer', { aud: body.iss }, {}, /^note: Its audience is its issuer/],
    ['for nobody', { aud: [] }, {}, /^problem: Nobody is named/],
    ['of a person', { sub: 'me@example.com' }, {}, /^problem: It is not a service account token/],
    [
      'of another account',
      {},
      { accounts: ['a', 'b'] },
      /^note: .*no workload .* airflow-scheduler\. Those are a, b/,
    ],
    ['of another namespace', {}, { namespace: 'data' }, /^problem: It is from another namespace: airflow/],
    [
      'that contradicts itself',
      { 'kubernetes.io': { serviceaccount: { name: 'x' } } },
      {},
      /^problem: It contradicts itself/,
    ],
  ])('%s', (_, claims, more, message) => {
    expect(remarks(claims, more).filter((remark) => message.test(remark))).toHaveLength(1);
  });
});
