import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../lib/store/memory/store.ts';
import { StoreError } from '../../lib/store/store.ts';
import {
  at,
  blacklistedStatus,
  goodCheck,
  healthyStatus,
  minute,
  provider,
  START,
  statusAfter,
  unhealthyStatus,
} from '../support/builders.ts';
import { testApi } from './support.ts';

const FLEET = {
  declared: [provider({ id: 'alpha' }), provider({ id: 'never' })],
  statuses: [
    healthyStatus({ id: 'alpha', tags: ['eu'] }),
    unhealthyStatus({ id: 'beta', tags: ['eu'] }, 'auth'),
    blacklistedStatus({ id: 'gamma' }),
    healthyStatus({ id: 'off', enabled: false }),
  ],
};

describe('GET /v1/summary', () => {
  it('counts enabled providers, those never checked included', async () => {
    const { request } = await testApi(FLEET);
    const { status, body } = await request('/v1/summary');
    expect(status).toBe(200);
    expect(body).toMatchObject({ totalProviders: 4, healthyProviders: 1, healthPercentage: 25, unreadable: [] });
    expect(body).toMatchObject({
      providers: {
        alpha: { isHealthy: true, state: 'healthy', responseTimeMs: 200 },
        beta: { isHealthy: false, category: 'auth', fault: 'ours', errorMessage: 'simulated auth' },
        never: { state: 'unknown', lastCheck: null },
      },
    });
  });

  it('says how old it is, as a whole and of each provider (A4)', async () => {
    const { request, clock } = await testApi(FLEET);
    clock.set(minute(10));
    const { body } = await request('/v1/summary');
    expect(body).toMatchObject({
      asOf: minute(10),
      lastCheck: minute(2),
      ageMs: 8 * 60_000,
      providers: { alpha: { ageMs: 10 * 60_000, stale: true }, gamma: { ageMs: 8 * 60_000, stale: true } },
    });
  });

  it('of an empty fleet has no age', async () => {
    const { request } = await testApi();
    expect((await request('/v1/summary')).body).toMatchObject({ totalProviders: 0, lastCheck: null, ageMs: null });
  });
});

describe('GET /v1/providers', () => {
  it.each([
    ['', ['alpha', 'beta', 'gamma', 'never', 'off']],
    ['?state=healthy', ['alpha', 'off']],
    ['?state=unhealthy,blacklisted', ['beta', 'gamma']],
    ['?state=degraded', []],
    ['?healthy=true', ['alpha', 'off']],
    ['?healthy=false', ['beta', 'gamma', 'never']],
    ['?tag=eu', ['alpha', 'beta']],
    ['?tag=eu&healthy=true', ['alpha']],
    ['?tag=mars', []],
  ])('%s lists %j in id order', async (query, expected) => {
    const { request } = await testApi(FLEET);
    const { body } = await request(`/v1/providers${query}`);
    const { providers } = body as { providers: { provider: string }[] };
    expect(providers.map((status) => status.provider)).toEqual(expected);
  });

  it('says how old each status is and whether it is stale (A4)', async () => {
    const { request, clock } = await testApi({ statuses: [healthyStatus()] });
    clock.set(at(180_000));
    expect((await request('/v1/providers')).body).toMatchObject({ providers: [{ ageMs: 180_000, stale: false }] });
    clock.set(at(180_001));
    expect((await request('/v1/providers')).body).toMatchObject({ providers: [{ ageMs: 180_001, stale: true }] });
  });

  it.each([
    ['/v1/providers', 'statuses.list'],
    ['/v1/summary', 'statuses.listBrief'],
    ['/v1/scores', 'statuses.listBrief'],
    ['/v1/select', 'statuses.listBrief'],
  ])('%s is one Query, and shows what it cannot read (T6)', async (path, query) => {
    const { request, calls } = await testApi({ store: withUnreadable(), declared: [provider({ id: 'broken' })] });
    const { body } = await request(path);
    expect(body).toMatchObject({ unreadable: [{ provider: 'broken', reason: 'state: expected a state, got 7' }] });
    expect(JSON.stringify(body)).not.toContain('"state":"unknown"');
    expect(calls).toEqual([query]);
  });
});

describe('GET /v1/providers/{id}', () => {
  it('gives the whole status with its age (A4)', async () => {
    const status = blacklistedStatus({ id: 'gamma' });
    const { request, clock, calls } = await testApi({ statuses: [status] });
    clock.set(minute(3));
    const { body } = await request('/v1/providers/gamma');
    const { dayCounts, ...answered } = status;
    expect(body).toEqual({
      ...answered,
      responseTimeMs: status.lastCheck?.responseTimeMs,
      errorMessage: status.lastCheck?.errorMessage,
      timestamp: status.lastCheck?.timestamp,
      ageMs: 60_000,
      stale: false,
      advice: expect.stringMatching(/^\w.*\.$/),
    });
    expect(calls).toEqual(['statuses.get']);
  });

  it('gives a rate limit its own fields', async () => {
    const limited = unhealthyStatus({}, 'rate_limited', { retryAfterMs: 30_000 });
    const { request } = await testApi({ statuses: [limited] });
    expect((await request('/v1/providers/alpha')).body).toMatchObject({
      state: 'degraded',
      reason: 'rate_limited',
      retryAt: at(30_000),
    });
  });

  it('knows a declared provider that was never checked, and since when it does not know more', async () => {
    const { request, clock } = await testApi({ declared: [provider({ id: 'never' })] });
    clock.set(at(5000));
    expect((await request('/v1/providers/never')).body).toMatchObject({ state: 'unknown', since: START, ageMs: 5000 });
  });

  it('says that a status cannot be understood, and where the reason is', async () => {
    const { request } = await testApi({ store: withUnreadable() });
    const { status, body } = await request('/v1/providers/broken');
    expect(status).toBe(500);
    expect(body).toMatchObject({ code: 'unreadable_status', detail: expect.stringContaining('GET /v1/providers') });
  });
});

describe('scores', () => {
  it('gives both scores of each provider with their age (A4)', async () => {
    const slow = statusAfter([goodCheck({ responseTimeMs: 1000 })], provider({ id: 'slow' }));
    const { request, clock } = await testApi({ statuses: [healthyStatus(), slow] });
    clock.set(at(1000));
    expect((await request('/v1/scores')).body).toMatchObject({
      scores: [
        { provider: 'alpha', healthScore: 0.88, ageMs: 1000 },
        { provider: 'slow', healthScore: 0.4, routingScore: 0.7, ageMs: 1000, stale: false },
      ],
    });
    expect((await request('/v1/providers/slow/score')).body).toMatchObject({ healthScore: 0.4, routingScore: 0.7 });
  });
});

/** A store that holds one good status and one that it cannot understand. */
function withUnreadable() {
  const store = createMemoryStore({ now: () => new Date(START) });
  const unreadable = [{ provider: 'broken', reason: 'state: expected a state, got 7' }];
  return {
    ...store,
    statuses: {
      ...store.statuses,
      list: async () => ({ statuses: [healthyStatus()], unreadable }),
      listBrief: async () => ({ statuses: [healthyStatus()], unreadable }),
      get: async () => {
        throw new StoreError('unreadable', 'status of broken: state: expected a state, got 7');
      },
    },
  };
}
