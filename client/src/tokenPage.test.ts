import { expect, test } from 'vitest';
import type { TokenClaims } from './tokenClaims';
import { tokenPage } from './tokenPage';

const now = Date.UTC(2026, 4, 28, 12) / 1000;
const claims: TokenClaims = {
  issuer: 'https://issuer.example.com',
  subject: 'system:serviceaccount:airflow:airflow-scheduler',
  audiences: ['https://kubernetes.default.svc'],
  issued: now - 1800,
  notBefore: now - 1800,
  expires: now + 1800,
  warnAfter: undefined,
  namespace: 'airflow',
  account: 'airflow-scheduler',
  pod: 'airflow-scheduler-5d',
  node: 'node-7',
  secret: undefined,
};

test('the claims are there as text and on a line, in the order of time', () => {
  const page = tokenPage({ claims, remarks: [], now, nonce: 'n' });
  const text = page
    .replace(/<(style|title|head)[^]*?<\/\1>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');
  expect(text).toContain('Nothing wrong was found.');
  expect(text).toContain('Remaining 30 minutes');
  expect(text).toMatch(
    /Issued: 2026-05-28 11:30:00 UTC .*Now: 2026-05-28 12:00:00 UTC, after 30 minutes .*Renewed by the kubelet from: 2026-05-28 12:18:00 UTC, after 48 minutes .*Expires: 2026-05-28 12:30:00 UTC, after 1 hour/,
  );
  expect(text).toContain('The signature is not checked');
  expect(page).toMatch(/<rect class="renewal" x="798"/);
  expect(page).toMatch(/<rect class="now" x="497"/);
});

test.each([
  ['without an end', { expires: undefined }, /Remaining<\/dt><dd>without end/, false],
  ['expired', { expires: now - 60 }, /none, expired 1 minute ago/, true],
  ['not begun', { issued: now + 60, notBefore: now + 60 }, /Now: [^<]*, 1 minute before that/, true],
])('%s', (_, more, expected, hasLine) => {
  const page = tokenPage({ claims: { ...claims, ...more }, remarks: [], now, nonce: 'n' });
  expect(page).toMatch(expected);
  expect(page.includes('<svg')).toBe(hasLine);
  for (const [, number = ''] of page.matchAll(/ (?:x|width)="(-?\d+)"/g)) {
    expect(Number(number)).toBeGreaterThanOrEqual(-3);
    expect(Number(number)).toBeLessThanOrEqual(1000);
  }
});

test('what a token claims cannot become part of the page, and nothing is let in', () => {
  const bad = "\"><script>alert(1)</script><img src=x onerror='y'>&lt;";
  const page = tokenPage({
    claims: {
      ...claims,
      issuer: bad,
      subject: bad,
      audiences: [bad],
      namespace: bad,
      account: bad,
      pod: bad,
    },
    remarks: [{ level: 'problem', text: bad }],
    now,
    nonce: 'n',
  });
  expect(page).not.toMatch(/<script|<img|onerror='/);
  expect(page).toContain(`content="default-src 'none'; style-src 'nonce-n'"`);
  expect(page).not.toContain(' style=');
  expect(page).toContain('<strong>Problem:</strong> &#34;&#62;&#60;script');
});
