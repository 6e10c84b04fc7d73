/** The functions behind a door, as they are deployed, with events as API Gateway sends them. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AccessSettings } from '../../lib/config/access.ts';
import { type Bundles, bundleFunctions, type RunningFunction, redeploy, startFunction } from '../support/bundle.ts';
import { httpEvent } from '../support/bundle-events.ts';
import { CLIENT, startIssuer, type TestIssuer } from '../support/servers/oidc-issuer.ts';
import { startTable, type TestTable } from '../support/table.ts';

const SECRETS = {
  READ_PASSWORD: 'password: of a reader',
  OPERATE_PASSWORD: 'password-of-an-operator',
  CLIENT_SECRET: CLIENT.secret,
  COOKIE_SECRET: 'a-random-text-that-signs-cookies',
};

interface HttpAnswer {
  statusCode: number;
  headers: Record<string, string>;
  cookies?: string[];
  body: string;
}

let table: TestTable;
let issuer: TestIssuer;
let bundles: Bundles;
let read: RunningFunction;
let manage: RunningFunction;

beforeAll(async () => {
  [table, issuer] = await Promise.all([startTable(), startIssuer()]);
  bundles = bundleFunctions({ providers: [] });
  const access: AccessSettings = {
    publicReads: false,
    passwords: [
      { name: 'prometheus', role: 'reader', reference: 'env:READ_PASSWORD' },
      { name: 'on-call', role: 'operator', reference: 'env:OPERATE_PASSWORD' },
    ],
    // No stack takes an issuer without TLS; on this machine the functions do.
    oidc: {
      issuer: issuer.url,
      clientId: CLIENT.id,
      clientSecret: 'env:CLIENT_SECRET',
      cookieSecret: 'env:COOKIE_SECRET',
      scopes: [],
      groupsClaim: 'groups',
      readerGroups: null,
      operatorGroups: ['sre'],
    },
    publicUrl: 'https://health.example.com',
  };
  const start = (name: 'api' | 'manage') =>
    startFunction(redeploy(bundles[name], { access }), table.tableName, {
      AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
      ...SECRETS,
    });
  [read, manage] = await Promise.all([start('api'), start('manage')]);
});

afterAll(async () => {
  const logged = (await Promise.all([read, manage].map((running) => running?.stop()))).flat().join('\n');
  for (const secret of Object.values(SECRETS)) expect(logged).not.toContain(secret);
  bundles?.remove();
  await Promise.all([table?.close(), issuer?.close()]);
});

const basic = (password: string) => ({ authorization: `Basic ${Buffer.from(`x:${password}`).toString('base64')}` });

async function send(
  fn: RunningFunction,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  cookies: string[] = [],
): Promise<HttpAnswer> {
  const event = { ...httpEvent(method, path, undefined, headers), ...(cookies.length > 0 && { cookies }) };
  return (await fn.invoke(event)) as HttpAnswer;
}

describe('a function behind a password', () => {
  test('makes a program without one ask for it, on every path', async () => {
    for (const path of ['/metrics', '/healthz', '/v1/summary']) {
      const { statusCode, headers, body } = await send(read, 'GET', path);
      expect([statusCode, headers['content-type'], JSON.parse(body).code]).toEqual([
        401,
        'application/problem+json',
        'unauthenticated',
      ]);
    }
  });

  test('answers the scrape of Prometheus, and a reader that sends a Bearer token', async () => {
    const scrape = await send(read, 'GET', '/metrics', basic(SECRETS.READ_PASSWORD));
    expect([scrape.statusCode, scrape.headers['content-type']]).toEqual([200, expect.stringContaining('text/plain')]);
    const authorization = `Bearer ${SECRETS.OPERATE_PASSWORD}`;
    expect((await send(read, 'GET', '/v1/summary', { authorization })).statusCode).toBe(200);
  });

  test('changes something for an operator alone', async () => {
    expect((await send(manage, 'POST', '/v1/check')).statusCode).toBe(401);
    expect((await send(manage, 'POST', '/v1/check', basic(SECRETS.READ_PASSWORD))).statusCode).toBe(403);
    expect((await send(manage, 'POST', '/v1/check', basic(SECRETS.OPERATE_PASSWORD))).statusCode).toBe(200);
  });

  test('blocks the address that API Gateway saw, not the one in its headers', async () => {
    const attempt = (number: number) =>
      send(read, 'GET', '/v1/summary', {
        ...basic(`guess-number-${number}`),
        'x-forwarded-for': `198.51.100.${number}`,
      });
    const statuses: number[] = [];
    for (let number = 0; number < 11; number++) statuses.push((await attempt(number)).statusCode);
    expect(statuses).toEqual([...Array(10).fill(401), 429]);
  });
});

describe('a function whose people sign in', () => {
  test('leads a browser to the issuer, and gives the session that both functions take', async () => {
    issuer.person = { sub: 'bob', groups: ['sre'] };
    const begun = await send(read, 'GET', '/sign-in?to=%2Fproviders%2Fa');
    const back = await fetch(begun.headers.location ?? '', { redirect: 'manual' });
    const location = new URL(back.headers.get('location') ?? '');
    expect(location.origin + location.pathname).toBe('https://health.example.com/sign-in/done');
    const kept = begun.cookies?.map((cookie) => cookie.split(';')[0] ?? '') ?? [];
    const done = await send(read, 'GET', location.pathname + location.search, {}, kept);
    expect([done.statusCode, done.headers.location]).toEqual([302, '/providers/a']);
    const session = done.cookies?.flatMap((cookie) =>
      cookie.startsWith('__Host-session') ? (cookie.split(';')[0] ?? '') : [],
    );
    expect((await send(read, 'GET', '/v1/summary', {}, session)).statusCode).toBe(200);
    const sameOrigin = { 'sec-fetch-site': 'same-origin' };
    // The request was accepted: the answer says that there is no such provider.
    expect((await send(manage, 'DELETE', '/v1/providers/none', sameOrigin, session)).statusCode).toBe(404);
    const otherSite = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
    expect((await send(manage, 'DELETE', '/v1/providers/none', otherSite, session)).statusCode).toBe(403);
  });
});
