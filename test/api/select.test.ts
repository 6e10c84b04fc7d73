import { describe, expect, it } from 'vitest';
import {
  at,
  blacklistedStatus,
  goodCheck,
  healthyStatus,
  provider,
  statusAfter,
  unhealthyStatus,
} from '../support/builders.ts';
import { testApi } from './support.ts';

const status = (id: string, responseTimeMs: number, tags: string[] = []) =>
  statusAfter([goodCheck({ responseTimeMs })], provider({ id, tags }));

const FLEET = {
  statuses: [
    status('fast', 100, ['eu']),
    status('middle', 500),
    status('slow', 2000, ['eu']),
    unhealthyStatus({ id: 'down' }),
  ],
};

describe('GET /v1/select', () => {
  it.each([
    ['', ['fast', 'middle', 'slow', 'down']],
    ['?strategy=best', ['fast', 'middle', 'slow', 'down']],
    ['?only=slow,middle', ['middle', 'slow']],
    ['?only=slow,%20middle', ['middle', 'slow']],
    ['?exclude=fast', ['middle', 'slow', 'down']],
    ['?tag=eu', ['fast', 'slow']],
    ['?tag=eu&exclude=fast', ['slow']],
  ])('%s gives %j', async (query, expected) => {
    const { request } = await testApi(FLEET);
    const { body } = await request(`/v1/select${query}`);
    expect(body).toMatchObject({ provider: expected[0], panic: false, unknownIds: [] });
    expect((body as { ranked: { provider: string }[] }).ranked.map((ranked) => ranked.provider)).toEqual(expected);
  });

  it('draws by the random numbers that it is given', async () => {
    const draws = [0.01, 0.99, 0.5];
    const { request } = await testApi({ ...FLEET, random: () => draws.shift() ?? 0 });
    expect((await request('/v1/select?strategy=weighted')).body).toMatchObject({
      strategy: 'weighted',
      provider: 'middle',
    });
  });

  it('says how old each status is and whether it is stale (A4)', async () => {
    const { request, clock } = await testApi(FLEET);
    clock.set(at(240_000));
    expect((await request('/v1/select?only=fast')).body).toMatchObject({
      ranked: [{ provider: 'fast', usable: true, stale: true, ageMs: 240_000 }],
    });
  });

  it('takes a stale status as the caller says', async () => {
    const { request, clock } = await testApi(FLEET);
    clock.set(at(240_000));
    expect((await request('/v1/select?only=fast&whenStale=assume-unhealthy')).body).toMatchObject({
      panic: true,
      ranked: [{ usable: false }],
    });
  });

  it('lists all, best first, when none is usable', async () => {
    const { request, clock } = await testApi({
      statuses: [blacklistedStatus({ id: 'worse' }), unhealthyStatus({ id: 'bad' })],
    });
    clock.set(at(120_000));
    expect((await request('/v1/select')).body).toMatchObject({
      provider: 'bad',
      panic: true,
      ranked: [{ provider: 'bad' }, { provider: 'worse' }],
    });
  });

  it('names ids that no provider has, and goes on without them', async () => {
    const { request } = await testApi({ statuses: [healthyStatus()] });
    expect((await request('/v1/select?only=alpha,alfa&exclude=beta')).body).toMatchObject({
      provider: 'alpha',
      unknownIds: ['alfa', 'beta'],
    });
  });

  it('gives no provider when there is none', async () => {
    const { request } = await testApi();
    expect((await request('/v1/select')).body).toMatchObject({ provider: null, ranked: [], panic: false });
  });

  it('is never kept by a cache', async () => {
    const { request } = await testApi(FLEET);
    expect((await request('/v1/select')).headers.get('cache-control')).toBe('no-store');
  });
});
