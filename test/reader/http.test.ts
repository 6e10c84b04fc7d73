/** The reader of the HTTP API: the real app behind a real server, and servers that are none. */

import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createApp } from '../../lib/api/app.ts';
import { silentLog } from '../../lib/base/log.ts';
import type { ProviderStatus } from '../../lib/health/status.ts';
import { createHealthReader, type ReaderAuth, type ReaderProblem } from '../../lib/reader/index.ts';
import { createMemoryStore } from '../../lib/store/memory/store.ts';
import { failedCheck, healthyStatus, provider, START, statusAfter, unhealthyStatus } from '../support/builders.ts';
import { gateway, IDS, shown, testClock } from './support.ts';

const servers: Server[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : address}`;
}

const json =
  (status: number, body: unknown): RequestListener =>
  (_, response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

function reader(url: string, auth: ReaderAuth = { type: 'none' }) {
  const clock = testClock();
  const problems: ReaderProblem[] = [];
  const onProblem = (problem: ReaderProblem) => problems.push(problem);
  return { health: createHealthReader({ url, auth, providers: IDS, clock, onProblem }), clock, problems };
}

const statuses: ProviderStatus[] = [
  healthyStatus({ id: 'alpha', tags: ['eu'] }, { responseTimeMs: 100 }),
  healthyStatus({ id: 'beta' }, { responseTimeMs: 900 }),
  statusAfter([failedCheck('server_error')], provider({ id: 'gamma', blacklistAfter: 1 })),
];

async function monitor(stored: readonly ProviderStatus[], basePath = ''): Promise<{ url: string; paths: string[] }> {
  const store = createMemoryStore({ now: () => new Date(START) });
  for (const status of stored) await store.statuses.put(status, null, null);
  const app = createApp({
    store,
    checker: null,
    declared: [],
    monitor: { tickSeconds: 60, shards: ['0'] },
    log: silentLog,
    now: () => new Date(START),
    basePath,
  });
  const paths: string[] = [];
  const listener = getRequestListener(app.fetch);
  const url = await serve((request, response) => {
    paths.push(`${request.method} ${request.url}`);
    return listener(request, response);
  });
  return { url: `${url}${basePath}`, paths };
}

describe('a reader of the HTTP API', () => {
  it('answers as one of the table does', async () => {
    const { url } = await monitor(statuses);
    const { health } = reader(url);
    const { ranked, ...rest } = await health.rank();
    expect(rest).toEqual({ panic: false, source: 'table', ageMs: 0, problem: null });
    expect(ranked.map(({ provider }) => provider)).toEqual(['alpha', 'beta', 'gamma']);
    expect(await health.pick({ exclude: ['alpha'] })).toMatchObject({ provider: 'beta', source: 'cache' });
    expect(await health.pick({ tag: 'eu' })).toMatchObject({ provider: 'alpha' });
    const { status } = await health.getHealthStatus('gamma');
    expect(status).toEqual({
      ...shown(statuses[2] as ProviderStatus),
      responseTimeMs: 50,
      errorMessage: 'simulated server_error',
      timestamp: statuses[2]?.lastCheck?.timestamp,
      ageMs: 0,
      stale: false,
    });
    expect(await health.getHealthSummary()).toMatchObject({ totalProviders: 3, healthyProviders: 2 });
  });

  it('finds it under a stage, with or without a slash at the end', async () => {
    const { url, paths } = await monitor(statuses, '/prod');
    expect(await reader(`${url}/`).health.pick()).toMatchObject({ provider: 'alpha', source: 'table' });
    expect(await reader(url).health.pick()).toMatchObject({ provider: 'alpha', source: 'table' });
    expect(paths).toEqual(['GET /prod/v1/providers', 'GET /prod/v1/providers']);
  });

  it('R4: sends one request for 100 concurrent calls', async () => {
    const { url, paths } = await monitor(statuses);
    const { health } = reader(url);
    await Promise.all(Array.from({ length: 100 }, () => health.pick()));
    expect(paths).toHaveLength(1);
  });

  it.each<[string, RequestListener, string]>([
    ['is not authorized', json(403, { message: 'Forbidden' }), 'denied'],
    ['is not known', json(401, { message: 'Unauthorized' }), 'denied'],
    ['has another URL', json(404, { message: 'Not Found' }), 'missing'],
    ['asks too often', json(429, {}), 'throttled'],
    ['cannot read its table', json(503, { code: 'store_unavailable' }), 'unreachable'],
    ['answers with a page', (_, response) => response.end('<html>'), 'not_ours'],
    ['answers with other JSON', json(200, { hello: 'world' }), 'not_ours'],
    ['answers with null', json(200, null), 'not_ours'],
    ['has a list that is none', json(200, { providers: [], unreadable: [null] }), 'unreachable'],
    ['knows none of the ids', json(200, { asOf: START, providers: [], unreadable: [] }), 'unmonitored'],
    ['hangs up', (request) => request.socket.destroy(), 'unreachable'],
    ['breaks off', (_, response) => response.write('{"providers": [', () => response.destroy()), 'unreachable'],
  ])('R1: falls back when the API %s', async (_, listener, code) => {
    const { health, problems } = reader(await serve(listener));
    expect(await health.rank()).toMatchObject({
      source: 'fallback',
      ranked: IDS.map((provider) => ({ provider, usable: true, status: null })),
    });
    expect(problems.map((problem) => problem.code)).toEqual([code]);
  });

  it('K1: follows no redirect, since what authorizes must not travel', async () => {
    const { url: elsewhere, seen } = await recording();
    const url = await serve((_, response) => response.writeHead(302, { location: elsewhere }).end());
    const { health } = reader(url, { type: 'bearer', token: 'secret' });
    expect(await health.pick()).toMatchObject({ source: 'fallback', problem: { code: 'unreachable' } });
    expect(seen).toEqual([]);
  });

  it('R1: falls back when nothing listens', async () => {
    const { health, problems } = reader('http://127.0.0.1:1');
    expect(await health.pick()).toMatchObject({ provider: 'gamma', source: 'fallback' });
    expect(problems).toMatchObject([{ code: 'unreachable' }]);
  });

  it('R1: waits 100 ms for a slow API and no longer', async () => {
    const gate = gateway();
    const body = { providers: statuses, unreadable: [] };
    const { health, clock } = reader(await serve((...call) => void gate.opened.then(() => json(200, body)(...call))));
    const first = health.pick();
    await clock.untilSleeping(2);
    await clock.advance(100);
    expect(await first).toMatchObject({ provider: 'gamma', source: 'fallback', problem: { code: 'slow' } });
    gate.open();
    await health.warmUp();
    expect(await health.pick()).toMatchObject({ provider: 'alpha', source: 'cache' });
  });

  it.each([
    ['no state of ours', { state: 'sleepy' }],
    ['no tags', { tags: null }],
    ['a check that is none', { lastCheck: 7 }],
    ['no verdict', { isHealthy: 'yes' }],
    ['a score as text', { routingScore: '0.9' }],
    ['no time', { lastCheck: null, since: undefined }],
  ])('R1: loses only the provider whose status has %s', async (_, spoilt) => {
    const [alpha, beta] = statuses;
    const { health, problems } = reader(
      await serve(json(200, { providers: [{ ...alpha, ...spoilt }, beta, null], unreadable: [] })),
    );
    const { ranked } = await health.rank();
    expect(ranked.map(({ provider }) => provider)).toEqual(['beta', 'gamma', 'alpha']);
    expect(problems).toMatchObject([{ code: 'malformed' }]);
  });

  it('R1: keeps the last good status of a provider that the API cannot read', async () => {
    const bodies = [
      { providers: statuses, unreadable: [] },
      { providers: [unhealthyStatus({ id: 'beta' })], unreadable: [{ provider: 'alpha', reason: 'v' }] },
    ];
    const { health, clock } = reader(await serve((...call) => json(200, bodies.shift())(...call)));
    await health.pick();
    await clock.advance(10_000);
    expect(await health.pick()).toMatchObject({ provider: 'alpha', source: 'table', problem: { code: 'malformed' } });
  });
});

/** A server that keeps the headers of what it is asked. */
async function recording(): Promise<{ url: string; seen: IncomingMessage[] }> {
  const seen: IncomingMessage[] = [];
  const url = await serve((request, response) => {
    seen.push(request);
    json(200, { providers: statuses, unreadable: [] })(request, response);
  });
  return { url, seen };
}

describe('what a reader authorizes itself with', () => {
  it('is nothing for auth none', async () => {
    const { url, seen } = await recording();
    await reader(url).health.pick();
    expect(seen[0]?.headers.authorization).toBeUndefined();
  });

  it('is a bearer token, asked for anew before each request', async () => {
    const { url, seen } = await recording();
    let renewals = 0;
    const { health, clock } = reader(url, { type: 'bearer', token: async () => `token-${++renewals}` });
    await health.pick();
    await clock.advance(10_000);
    await health.pick();
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-2']);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('sk-very-secret-token');
      },
    ],
    ['is no header', () => 'sk-very-secret-token\n2'],
  ])('K1: is no part of any answer when the token %s', async (_, token) => {
    const { url, seen } = await recording();
    const { health, problems } = reader(url, { type: 'bearer', token });
    expect(await health.pick()).toMatchObject({ source: 'fallback' });
    expect(JSON.stringify([await health.rank(), problems])).not.toContain('secret');
    expect(seen).toEqual([]);
  });

  it('is a signature of API Gateway that holds, with the session token signed too', async () => {
    const { url, seen } = await recording();
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'very-secret', sessionToken: 'session' };
    const auth: ReaderAuth = { type: 'iam', region: 'eu-central-1', credentials: async () => credentials };
    expect(await reader(url, auth).health.pick()).toMatchObject({ source: 'table' });
    const [request] = seen;
    expect(request?.headers['x-amz-security-token']).toBe('session');
    expect(request?.headers.authorization).toBe(signatureOf(request, credentials, 'eu-central-1'));
    expect(request?.headers.authorization).toMatch(/SignedHeaders=host;x-amz-date;x-amz-security-token,/);
  });

  it("is signed with the region and the credentials of the AWS SDK's chain when none are given", async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDENVIRONMENT');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'from-the-environment');
    vi.stubEnv('AWS_SESSION_TOKEN', undefined);
    vi.stubEnv('AWS_REGION', 'ap-south-1');
    const { url, seen } = await recording();
    expect(await reader(url, { type: 'iam' }).health.pick()).toMatchObject({ source: 'table' });
    const environment = { accessKeyId: 'AKIDENVIRONMENT', secretAccessKey: 'from-the-environment' };
    expect(seen[0]?.headers.authorization).toBe(signatureOf(seen[0], environment, 'ap-south-1'));
  });

  it('leads to a fallback when there are no credentials', async () => {
    const { url, seen } = await recording();
    const none = Object.assign(new Error('no secret'), { name: 'CredentialsProviderError' });
    const { health } = reader(url, { type: 'iam', credentials: () => Promise.reject(none) });
    expect(await health.pick()).toMatchObject({ source: 'fallback', problem: { code: 'denied' } });
    const { health: unexplained } = reader(url, { type: 'iam', credentials: () => Promise.reject(undefined) });
    expect(await unexplained.pick()).toMatchObject({ source: 'fallback', problem: { code: 'unreachable' } });
    expect(seen).toEqual([]);
  });
});

/** Signature Version 4 of a GET without a body, as AWS describes it: written out again, to hold the signer against it. */
function signatureOf(
  request: IncomingMessage | undefined,
  { accessKeyId, secretAccessKey }: { accessKeyId: string; secretAccessKey: string },
  region: string,
): string {
  const headers = request?.headers ?? {};
  const date = String(headers['x-amz-date']);
  const names = ['host', 'x-amz-date', 'x-amz-security-token'].filter((name) => headers[name] !== undefined);
  const canonical = [
    'GET',
    '/v1/providers',
    '',
    ...names.map((name) => `${name}:${headers[name]}`),
    '',
    names.join(';'),
    createHash('sha256').digest('hex'),
  ].join('\n');
  const scope = `${date.slice(0, 8)}/${region}/execute-api/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', date, scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
  const key = scope.split('/').reduce<string | Buffer>((k, part) => hmac(k, part), `AWS4${secretAccessKey}`);
  const signature = createHmac('sha256', key).update(toSign).digest('hex');
  return `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
