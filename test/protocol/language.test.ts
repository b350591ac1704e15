import { describe, expect, test } from 'vitest';
import { rangeOf, startClient } from './client';

const inert = `executor: KubernetesExecutor
scheduler:
  serviceAccount:
    serviceAccountTokenVolume:
      enabled: true
      expirationSeconds: 5400
`;

/** What a user reads of a file in a client of some language: a finding, its fix, and a hover. */
async function textsIn(locale: string | null | undefined): Promise<string> {
  const client = await startClient(locale === undefined ? {} : { locale });
  const document = client.open(inert);
  const [finding] = await document.diagnostics();
  const [fix] = (await client.codeActions(document.uri, rangeOf(inert, 'true'))) ?? [];
  const hover = await client.hover(document.uri, rangeOf(inert, '5400').start);
  return JSON.stringify([finding?.message, fix?.title, hover?.contents]);
}

describe("texts are in the client's language", () => {
  const english = /automatic mounting is on by default.*Migrate scheduler to.*1 hour 30 minutes/;
  test.each<[string | null | undefined, RegExp]>([
    ['de', /automatisches Einhängen ist standardmäßig an.*scheduler auf.*umstellen.*1 Stunde 30 Minuten/],
    ['de-AT', /1 Stunde 30 Minuten/],
    ['en', english],
    [undefined, english],
    ['tlh', english],
    [null, english],
    ['../../package', english],
  ])('%s', async (locale, expected) => {
    expect(await textsIn(locale)).toMatch(expected);
  });
});
