import { describe, expect, it } from 'vitest';
import { routesOf } from '../../lib/api/app.ts';
import { silentLog } from '../../lib/base/log.ts';
import { createMemoryStore } from '../../lib/store/memory/store.ts';
import { StoreError, type StoreErrorCode } from '../../lib/store/store.ts';
import { healthyStatus, provider } from '../support/builders.ts';
import { json, testApi } from './support.ts';

const ARN = 'arn:aws:dynamodb:eu-central-1:123456789012:table/health';

describe('bad input (A1)', () => {
  it.each([
    ['/v1/providers?state=sick', 'state', 'sick'],
    ['/v1/providers?state=', 'state', '""'],
    ['/v1/providers?healthy=yes', 'healthy', 'yes'],
    ['/v1/providers?tag=', 'tag', '""'],
    ['/v1/providers?sate=healthy', 'sate', 'expected one of state, healthy, tag'],
    ['/v1/providers?state=healthy&state=unknown', 'state', '2 times'],
    ['/v1/summary?verbose=1', 'verbose', 'expected one of limit, cursor'],
    ['/v1/providers/alpha?verbose=1', 'verbose', 'no parameters'],
    ['/v1/providers/a.b', 'id', 'a.b'],
    ['/v1/providers/a%2Fb', 'id', 'a/b'],
    ['/v1/providers/..%2F..', 'id', '../..'],
    ['/v1/providers/Alpha', 'id', 'Alpha'],
    ['/v1/providers/-alpha', 'id', '-alpha'],
    ['/v1/providers/%E0%A4%A', 'id', 'lower-case'],
    [`/v1/providers/${'a'.repeat(64)}`, 'id', '…'],
    ['/v1/providers/alpha/checks?limit=0', 'limit', '"0"'],
    ['/v1/providers/alpha/checks?limit=1001', 'limit', '"1001"'],
    ['/v1/providers/alpha/checks?limit=ten', 'limit', 'expected a whole number from 1 to 1000; got "ten"'],
    ['/v1/providers/alpha/checks?limit=1.5', 'limit', '"1.5"'],
    ['/v1/providers/alpha/checks?from=yesterday', 'from', 'ISO 8601'],
    ['/v1/providers/alpha/checks?from=2026-02-30', 'from', 'ISO 8601'],
    ['/v1/providers/alpha/checks?to=2026-03-01T10:00', 'to', 'ISO 8601'],
    ['/v1/providers/alpha/checks?from=2026-03-01T10:00:00Z&to=2026-03-01T09:00:00Z', 'from', 'not after'],
    ['/v1/providers/alpha/uptime?window=2h', 'window', '"2h"'],
    ['/v1/select?strategy=fastest', 'strategy', 'expected one of best, weighted; got "fastest"'],
    ['/v1/select?only=a,,b', 'only', 'lower-case'],
    ['/v1/select?whenStale=panic', 'whenStale', 'panic'],
    ['/v1/transitions?provider=A', 'provider', '"A"'],
    ['/badge/a.b.svg', 'id', 'a.b'],
  ])('GET %s answers 400 that names %s', async (path, field, text) => {
    const { request, calls } = await testApi({ statuses: [healthyStatus()] });
    const { status, body } = await request(path);
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'bad_request', errors: [{ field, message: expect.stringContaining(text) }] });
    expect(calls).toEqual([]);
  });

  it('names every mistake at once', async () => {
    const { request } = await testApi();
    const { body } = await request('/v1/select?strategy=fastest&tagg=eu');
    expect((body as { errors: { field: string }[] }).errors.map(({ field }) => field)).toEqual(['strategy', 'tagg']);
  });

  it.each([
    ['no content type', { method: 'PUT', body: new TextEncoder().encode('{}') }, 415],
    ['text', { method: 'PUT', headers: { 'content-type': 'text/plain' }, body: '{}' }, 415],
    ['a form', { method: 'PUT', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'a=b' }, 415],
    [
      'JSON with its charset',
      { ...json({ type: 'openai' }), headers: { 'content-type': 'application/json; charset=utf-8' } },
      201,
    ],
    ['16 KB (K7)', json({ type: 'openai', model: 'm'.repeat(16 * 1024 - 28) }), 201],
    ['one byte more than 16 KB (K7)', json({ type: 'openai', model: 'm'.repeat(16 * 1024 - 27) }), 413],
    ['far more than 16 KB (K7)', json({ model: 'm'.repeat(1024 * 1024) }), 413],
    ['no JSON', { ...json(null), body: '{"apiKey": "sk-secret-0123456789' }, 400],
    ['null', json(null), 400],
    ['a list', json([]), 400],
    ['a text', json('sk-secret-0123456789'), 400],
    ['nothing', { ...json(null), body: '' }, 400],
  ])('PUT with %s answers as it should', async (_, init, expected) => {
    const { request } = await testApi();
    const { status, text } = await request('/v1/providers/beta', init);
    expect(status).toBe(expected);
    expect(text).not.toContain('sk-secret');
  });

  it('counts a body that does not say how long it is (K7)', async () => {
    const { request } = await testApi();
    const body = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 20; i += 1) controller.enqueue(new Uint8Array(1024));
        controller.close();
      },
    });
    const init = { ...json(null), body, duplex: 'half' } as RequestInit;
    expect((await request('/v1/providers/beta', init)).status).toBe(413);
  });
});

describe('an unknown path or provider', () => {
  it.each([
    '/v1/providers/alfa',
    '/v1/providers/alfa/checks',
    '/v1/providers/alfa/uptime',
    '/v1/providers/alfa/score',
    '/badge/alfa.svg',
    '/badge/alfa.json',
  ])('GET %s of an unknown provider answers 404 that names it (A1)', async (path) => {
    const { request } = await testApi({ declared: [provider()] });
    const { status, body } = await request(path);
    expect(status).toBe(404);
    expect(body).toMatchObject({ code: 'unknown_provider', detail: expect.stringContaining('"alfa"') });
  });

  it.each(['/v2/summary', '/v1', '/v1/summary/', '/v1/providers/a/b/c', '/.env', '//', '/badge/alpha'])(
    'GET %s answers 404 with where the routes are listed',
    async (path) => {
      const { request } = await testApi({ declared: [provider()] });
      expect(await request(path)).toMatchObject({ status: 404, body: { code: 'unknown_route' } });
    },
  );

  it.each([
    ['POST', '/v1/summary', 'GET, HEAD'],
    ['DELETE', '/v1/check', 'POST'],
    ['PATCH', '/v1/providers/alpha', 'GET, HEAD, PUT, DELETE'],
    ['OPTIONS', '/v1/select', 'GET, HEAD'],
  ])('%s %s answers 405 with the methods that are allowed', async (method, path, allow) => {
    const { request } = await testApi({ declared: [provider()] });
    const { status, headers } = await request(path, { method });
    expect(status).toBe(405);
    expect(headers.get('allow')).toBe(allow);
  });
});

const routes = routesOf({
  store: createMemoryStore(),
  checker: null,
  declared: [],
  monitor: { tickSeconds: 60, shards: ['0'] },
  log: silentLog,
});
/** An incident's address begins with its time. */
const idIn = (path: string) => (path.startsWith('/incidents/') ? '20260301T100000000Z-alpha' : 'alpha');
const READS = routes.map(({ path }) => path.replace('{id}', idIn(path)));
/** All routes whose answers depend on the table. */
const NEEDING_THE_TABLE = READS.filter((path) => path !== '/v1/openapi.json' && !path.startsWith('/assets/'));

describe('when the table fails', () => {
  it.each(NEEDING_THE_TABLE)('GET %s answers 503 with Retry-After, never an empty "all fine" (A1)', async (path) => {
    const { request } = await testApi({ declared: [provider()], onCall: failWith('unreachable') });
    const { status, headers, body } = await request(path);
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('5');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toMatchObject({ code: 'store_unavailable', retryAfterSeconds: 5 });
  });

  it.each<[StoreErrorCode, string]>([
    ['throttled', '5'],
    ['denied', '60'],
    ['missing', '60'],
    ['not_ours', '60'],
  ])('%s is a 503 to try again after %s s', async (code, retryAfter) => {
    const { request } = await testApi({ onCall: failWith(code) });
    const { status, headers } = await request('/v1/summary');
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe(retryAfter);
  });

  it.each(['POST /v1/providers/alpha/check', 'POST /v1/check', 'PUT /v1/providers/beta', 'DELETE /v1/providers/beta'])(
    '%s answers 503 (A1)',
    async (what) => {
      const [method = '', path = ''] = what.split(' ');
      const { request, prober } = await testApi({ declared: [provider()], onCall: failWith('unreachable') });
      expect((await request(path, method === 'PUT' ? json({ type: 'openai' }) : { method })).status).toBe(503);
      expect(prober.probed).toEqual([]);
    },
  );

  it('logs what it does not show to the caller (A1)', async () => {
    const { request, logged } = await testApi({ onCall: failWith('denied') });
    const { text, headers } = await request('/v1/summary');
    expect(text).not.toMatch(/arn:|not authorized/);
    expect(logged).toMatchObject([
      {
        message: 'request failed',
        fields: { code: 'store_unavailable', route: '/v1/summary', requestId: headers.get('x-request-id') },
      },
    ]);
    expect(JSON.stringify(logged)).toContain('not authorized');
  });
});

describe('a bug of the monitor', () => {
  it('answers 500 with the id under which the log has it, and nothing internal (A1)', async () => {
    const { request, logged } = await testApi({
      onCall: () => {
        throw new TypeError(`cannot read ${ARN} of undefined`);
      },
    });
    const { status, body, text, headers } = await request('/v1/summary');
    expect(status).toBe(500);
    expect(text).not.toMatch(/arn:|TypeError|at .*\.ts/);
    expect(body).toMatchObject({ code: 'internal', requestId: headers.get('x-request-id') });
    expect(logged).toMatchObject([
      { fields: { requestId: headers.get('x-request-id'), stack: expect.stringContaining(ARN) } },
    ]);
  });

  it('gives each request its own id', async () => {
    const { request } = await testApi();
    const ids = await Promise.all(
      [1, 2, 3].map(async () => (await request('/v1/summary')).headers.get('x-request-id')),
    );
    expect(new Set(ids).size).toBe(3);
  });
});

function failWith(code: StoreErrorCode): () => never {
  return () => {
    throw new StoreError(code, `not authorized to perform dynamodb:Query on ${ARN}`);
  };
}
