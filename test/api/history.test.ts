import { describe, expect, it } from 'vitest';
import type { HealthCheck } from '../../lib/health/check.ts';
import type { Transition } from '../../lib/health/transition.ts';
import { createMemoryStore } from '../../lib/store/memory/store.ts';
import { failedCheck, goodCheck, healthyStatus, minute, provider } from '../support/builders.ts';
import { testApi } from './support.ts';

/** A provider checked at minutes 0 to 9, and the clock at minute 10. */
async function checkedApi(checks: readonly HealthCheck[] = range(10).map((i) => goodCheck({ timestamp: minute(i) }))) {
  const store = createMemoryStore({ now: () => new Date(minute(10)) });
  await store.checks.put(checks);
  const api = await testApi({ store, statuses: [healthyStatus()] });
  api.clock.set(minute(10));
  return api;
}

const range = (count: number) => Array.from({ length: count }, (_, i) => i);
const times = (body: unknown) => (body as { checks: HealthCheck[] }).checks.map((check) => check.timestamp);
const cursorOf = (body: unknown) => (body as { nextCursor: string | null }).nextCursor;

describe('GET /v1/providers/{id}/checks', () => {
  it('pages from the newest to the oldest, each check once (A3)', async () => {
    const { request } = await checkedApi();
    const seen: string[] = [];
    let cursor: string | null = '';
    do {
      const { body } = await request(`/v1/providers/alpha/checks?limit=4${cursor && `&cursor=${cursor}`}`);
      seen.push(...times(body));
      cursor = cursorOf(body);
    } while (cursor !== null && seen.length < 100);
    expect(seen).toEqual(range(10).map(minute).reverse());
  });

  it.each([
    ['from=2026-03-01T10:08:00Z', [minute(9), minute(8)]],
    ['to=2026-03-01T10:01:00Z', [minute(1), minute(0)]],
    ['from=2026-03-01T11:08:00%2B01:00', [minute(9), minute(8)]],
    ['from=2026-03-02', null],
    ['to=2026-03-01', []],
    ['to=2020-01-01', []],
  ])('?%s', async (query, expected) => {
    const { request } = await checkedApi();
    const { status, body } = await request(`/v1/providers/alpha/checks?${query}`);
    if (expected === null) return expect(status).toBe(400);
    expect(times(body)).toEqual(expected);
  });

  it('gives failures with their reason', async () => {
    const failed = failedCheck('timeout', { timestamp: minute(9) });
    const { request } = await checkedApi([failed]);
    expect((await request('/v1/providers/alpha/checks')).body).toMatchObject({ checks: [failed], nextCursor: null });
  });

  it.each(['x', 'AAAA', Buffer.from('CHECK#beta').toString('base64url'), 'x'.repeat(2000), '%00'])(
    'refuses the cursor %j, which it did not give out (A3)',
    async (cursor) => {
      const { request } = await checkedApi();
      const { status, body } = await request(`/v1/providers/alpha/checks?cursor=${cursor}`);
      expect(status).toBe(400);
      expect(body).toMatchObject({ errors: [{ field: 'cursor' }] });
    },
  );

  it('refuses the cursor of another provider and of another list (A3)', async () => {
    const store = createMemoryStore({ now: () => new Date(minute(10)) });
    const statuses = [healthyStatus(), healthyStatus({ id: 'beta' })];
    await store.checks.put(
      statuses.flatMap(({ provider: id }) => range(3).map((i) => goodCheck({ provider: id, timestamp: minute(i) }))),
    );
    const { request, clock } = await testApi({ store, statuses });
    clock.set(minute(10));
    const cursor = cursorOf((await request('/v1/providers/beta/checks?limit=1')).body);
    expect((await request(`/v1/providers/beta/checks?limit=1&cursor=${cursor}`)).status).toBe(200);
    expect((await request(`/v1/providers/alpha/checks?cursor=${cursor}`)).status).toBe(400);
    expect((await request(`/v1/transitions?cursor=${cursor}`)).status).toBe(400);
  });

  it('gives an empty page of a provider that was never checked', async () => {
    const { request } = await testApi({ declared: [provider()] });
    expect((await request('/v1/providers/alpha/checks')).body).toMatchObject({ checks: [], nextCursor: null });
  });
});

describe('GET /v1/providers/{id}/uptime', () => {
  it('counts failures by whose fault they are', async () => {
    const { request } = await checkedApi([
      goodCheck({ timestamp: minute(0) }),
      failedCheck('timeout', { timestamp: minute(1) }),
      failedCheck('auth', { timestamp: minute(2) }),
      goodCheck({ timestamp: minute(3) }),
    ]);
    expect((await request('/v1/providers/alpha/uptime?window=1h')).body).toMatchObject({
      window: '1h',
      to: minute(10),
      checks: 4,
      uptimePercentage: 75,
      usablePercentage: 50,
      failures: { timeout: 1, auth: 1 },
    });
  });

  it.each(['1h', '24h', '7d', '30d', '90d'])('answers a window of %s', async (window) => {
    const { request } = await checkedApi();
    expect((await request(`/v1/providers/alpha/uptime?window=${window}`)).body).toMatchObject({ window, checks: 10 });
  });

  it('looks back a day by default', async () => {
    const { request } = await checkedApi();
    expect((await request('/v1/providers/alpha/uptime')).body).toMatchObject({ window: '24h' });
  });

  it('reads every page of a busy provider', async () => {
    const store = createMemoryStore({ now: () => new Date(minute(1300)), checksPerProvider: 5000 });
    await store.checks.put(range(1300).map((i) => goodCheck({ timestamp: minute(i) })));
    const { request, clock } = await testApi({ store, statuses: [healthyStatus()] });
    clock.set(minute(1300));
    expect((await request('/v1/providers/alpha/uptime')).body).toMatchObject({ checks: 1300 });
  });
});

describe('GET /v1/transitions', () => {
  const transition = (id: string, minutes: number): Transition => ({
    id: `${minute(minutes)}#${id}`,
    provider: id,
    from: 'healthy',
    to: 'unhealthy',
    at: minute(minutes),
    category: 'timeout',
    fault: 'provider',
    errorMessage: 'no answer within 10 s',
    lastedMs: 60_000,
  });

  async function transitionsApi() {
    const store = createMemoryStore({ now: () => new Date(minute(10)) });
    for (const one of [transition('alpha', 1), transition('beta', 2), transition('alpha', 3)])
      await store.transitions.put(one);
    const api = await testApi({ store });
    api.clock.set(minute(10));
    return api;
  }

  it.each([
    ['', [3, 2, 1]],
    ['?provider=alpha', [3, 1]],
    ['?provider=deleted', []],
    ['?from=2026-03-01T10:02:00Z', [3, 2]],
    ['?to=2026-03-01T10:02:00Z', [2, 1]],
  ])('%s lists those of minutes %j, newest first', async (query, minutes) => {
    const { request } = await transitionsApi();
    const { body } = await request(`/v1/transitions${query}`);
    expect((body as { transitions: Transition[] }).transitions.map((one) => one.at)).toEqual(minutes.map(minute));
  });

  it('pages (A3)', async () => {
    const { request } = await transitionsApi();
    const first = await request('/v1/transitions?limit=2');
    const second = await request(`/v1/transitions?limit=2&cursor=${cursorOf(first.body)}`);
    expect(second.body).toMatchObject({ transitions: [{ at: minute(1) }], nextCursor: null });
  });
});
