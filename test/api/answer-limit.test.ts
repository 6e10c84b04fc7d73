/** A5: how large an answer may be when its gateway has a limit, and the answer when it would be larger. */

import { gunzipSync, gzipSync } from 'node:zlib';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { limitAnswers } from '../../lib/api/answer-limit.ts';
import { type ApiOptions, createApp } from '../../lib/api/app.ts';
import { silentLog } from '../../lib/base/log.ts';
import { createMemoryStore } from '../../lib/store/memory/store.ts';
import { StoreError } from '../../lib/store/store.ts';
import { goodCheck, healthyStatus, minute } from '../support/builders.ts';
import { seeded } from '../support/seeded.ts';

const KIB = 1024;
const CHECKS = '/v1/providers/alpha/checks';

async function limitedApp(count: number, limits: ApiOptions['limits'], failingPage = 0) {
  const store = createMemoryStore({ now: () => new Date(minute(9999)), checksPerProvider: 9999 });
  await store.statuses.put(healthyStatus(), null, null);
  await store.checks.put(Array.from({ length: count }, (_, i) => goodCheck({ timestamp: minute(i) })));
  let pages = 0;
  const checks: typeof store.checks = {
    ...store.checks,
    async page(provider, request) {
      if (++pages === failingPage) throw new StoreError('unreachable', 'no answer');
      return store.checks.page(provider, request);
    },
  };
  return createApp({
    store: { ...store, checks },
    checker: null,
    declared: [],
    monitor: { tickSeconds: 60, shards: ['0'] },
    log: silentLog,
    now: () => new Date(minute(9999)),
    ...(limits && { limits }),
  });
}

const bodyOf = async (response: Response) => (await response.json()) as Record<string, unknown>;
const gzip = { headers: { 'accept-encoding': 'gzip' } };

describe('A5: an answer that is too large for its gateway', () => {
  it.each([`${CHECKS}?limit=1000`, `${CHECKS}?format=csv`, `${CHECKS}?format=ndjson`, '/'])(
    'of GET %s is a problem that says how to ask for less',
    async (path) => {
      const app = await limitedApp(1000, { bodyBytes: 4 * KIB, textBytes: 4 * KIB, exportPages: 20 });
      const response = await app.request(path);
      expect(response.status).toBe(400);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(await bodyOf(response)).toMatchObject({
        code: 'answer_too_large',
        detail: expect.stringMatching(
          /Ask for it compressed \(Accept-Encoding: gzip\), or for less of it: "from", "to"/,
        ),
      });
    },
  );

  it('is one above the limit of texts, though a compressed one of that size would pass', async () => {
    const app = await limitedApp(1000, { bodyBytes: 400 * KIB, textBytes: 4 * KIB, exportPages: 20 });
    const response = await app.request(`${CHECKS}?limit=1000`);
    expect(response.status).toBe(400);
    expect(await bodyOf(response)).toMatchObject({ detail: expect.stringMatching(/at most 0\.0 MiB.* compressed/) });
    expect((await app.request(`${CHECKS}?limit=1000`, gzip)).status).toBe(200);
  });

  it('leaves none of its own headers on the problem, and all of those that every answer has', async () => {
    const app = await limitedApp(1000, { bodyBytes: KIB, textBytes: KIB, exportPages: 20 });
    const { headers } = await app.request(`${CHECKS}?format=csv`, gzip);
    for (const name of ['content-encoding', 'content-disposition', 'link']) expect(headers.has(name)).toBe(false);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([`${CHECKS}?format=ndjson`, `${CHECKS}?format=csv`, `${CHECKS}?limit=1000`, '/'])(
    'passes compressed where that is small enough: GET %s',
    async (path) => {
      const limits = { bodyBytes: 40 * KIB, textBytes: 40 * KIB, exportPages: 20 };
      const whole = await (await limitedApp(1000, undefined)).request(path);
      const response = await (await limitedApp(1000, limits)).request(path, gzip);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-encoding')).toBe('gzip');
      const text = gunzipSync(Buffer.from(await response.arrayBuffer())).toString();
      if (path !== '/') expect(text).toBe(await whole.text());
    },
  );

  it('is an export of more pages than may be read, also of small ones', async () => {
    const app = await limitedApp(2500, { bodyBytes: 9000 * KIB, textBytes: 9000 * KIB, exportPages: 2 });
    const response = await app.request(`${CHECKS}?format=ndjson`, gzip);
    expect(response.status).toBe(400);
    expect(await bodyOf(response)).toMatchObject({
      code: 'answer_too_large',
      detail: expect.stringContaining('at most 2000 items'),
    });
    expect((await app.request(`${CHECKS}?format=ndjson&limit=1000`)).status).toBe(200);
    expect((await app.request(`${CHECKS}?format=ndjson&from=${minute(1000)}`, gzip)).status).toBe(200);
  });

  it.each([undefined, gzip])('is never half a file, when the table fails in the middle of it (%j)', async (init) => {
    const app = await limitedApp(2500, { bodyBytes: 9000 * KIB, textBytes: 9000 * KIB, exportPages: 20 }, 2);
    const response = await app.request(`${CHECKS}?format=ndjson`, init);
    expect(response.status).toBe(503);
    expect(await bodyOf(response)).toMatchObject({ code: 'store_unavailable' });
  });
});

describe('A5: the size of an answer', () => {
  /** `fits` has exactly the size of the limit and `exceeds` is larger, both in the form that the function returns. */
  it.each([
    ['is that of a text in JSON, where each quote is two bytes', '"'.repeat(499), '"'.repeat(500)],
    ['counts the bytes of its characters, not the characters', 'é'.repeat(499), 'é'.repeat(500)],
    ['of plain text is its length', 'a'.repeat(998), 'a'.repeat(999)],
  ])('%s', async (_, fits, exceeds) => {
    const app = new Hono();
    app.onError((error, c) => c.text(error.name, 500));
    app.use(limitAnswers({ bodyBytes: 1000, textBytes: 1000 }));
    app.get('/fits', (c) => c.text(fits));
    app.get('/exceeds', (c) => c.text(exceeds));
    expect(await (await app.request('/fits')).text()).toBe(fits);
    expect(await (await app.request('/exceeds')).text()).toBe('Problem');
  });

  it('is that in base64, once it is compressed', async () => {
    const random = seeded(1);
    const text = Array.from({ length: 3000 }, () => String.fromCharCode(32 + random() * 90)).join('');
    const base64 = gzipSync(text).toString('base64').length;
    const answer = async (bodyBytes: number) => {
      const app = new Hono();
      app.onError((error, c) => c.text(error.name, 500));
      app.use(limitAnswers({ bodyBytes, textBytes: 10_000 }));
      app.get('/', (c) => c.text(text));
      return app.request('/', gzip);
    };
    const fits = await answer(base64);
    expect(gunzipSync(Buffer.from(await fits.arrayBuffer())).toString()).toBe(text);
    expect(await (await answer(base64 - 1)).text()).toBe('Problem');
  });
});

describe('the compression of an answer of limited size', () => {
  const LONG = 'a'.repeat(2000);
  const app = new Hono();
  app.use(limitAnswers({ bodyBytes: 10_000, textBytes: 10_000 }));
  app.get('/long', (c) => c.text(LONG));
  app.get('/short', (c) => c.text('a'.repeat(1023)));
  app.get('/varied', (c) => c.text(LONG, 200, { vary: 'Accept' }));
  app.get('/none', (c) => c.body(null, 204));

  it.each(['gzip', 'GZIP', 'gzip, deflate, br', 'br;q=1.0, gzip;q=0.5', '*'])(
    'happens for a caller that accepts it: %s',
    async (accepted) => {
      const response = await app.request('/long', { headers: { 'accept-encoding': accepted } });
      expect(response.headers.get('content-encoding')).toBe('gzip');
      expect(gunzipSync(Buffer.from(await response.arrayBuffer())).toString()).toBe(LONG);
    },
  );

  it.each([undefined, '', 'br', 'identity', 'gzip;q=0', '*;q=0', 'gzip;q=0, *'])(
    'does not happen for any other: %s',
    async (accepted) => {
      const response = await app.request(
        '/long',
        accepted === undefined ? {} : { headers: { 'accept-encoding': accepted } },
      );
      expect(response.headers.has('content-encoding')).toBe(false);
      expect(await response.text()).toBe(LONG);
    },
  );

  it('does not happen to a short answer, to none, or for HEAD', async () => {
    expect((await app.request('/short', gzip)).headers.has('content-encoding')).toBe(false);
    expect((await app.request('/none', gzip)).headers.has('content-encoding')).toBe(false);
    expect((await app.request('/long', { ...gzip, method: 'HEAD' })).headers.has('content-encoding')).toBe(false);
  });

  it('is named in Vary, beside what the answer varies by already', async () => {
    expect((await app.request('/long')).headers.get('vary')).toBe('Accept-Encoding');
    expect((await app.request('/varied', gzip)).headers.get('vary')).toBe('Accept, Accept-Encoding');
  });
});
