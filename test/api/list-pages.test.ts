import { describe, expect, it } from 'vitest';
import { healthyStatus, unhealthyStatus } from '../support/builders.ts';
import { testApi } from './support.ts';

const IDS = Array.from({ length: 25 }, (_, i) => `p-${String(i).padStart(2, '0')}`);
const STATUSES = IDS.map((id, i) => (i % 2 === 0 ? healthyStatus({ id }) : unhealthyStatus({ id })));

interface ListBody {
  providers?: { provider: string }[] | Record<string, unknown>;
  scores?: { provider: string }[];
  nextCursor: string | null;
}

function idsOf({ providers, scores }: ListBody): string[] {
  const list = providers ?? scores ?? [];
  return Array.isArray(list) ? list.map(({ provider }) => provider) : Object.keys(list);
}

async function allPages(path: string): Promise<string[][]> {
  const { request } = await testApi({ statuses: STATUSES });
  const pages: string[][] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const { body } = await request(`${path}${cursor === '' ? '' : `&cursor=${cursor}`}`);
    pages.push(idsOf(body as ListBody));
    cursor = (body as ListBody).nextCursor;
  }
  return pages;
}

describe.each(['/v1/providers', '/v1/scores', '/v1/summary'])('A3: the list of %s', (path) => {
  it('has every provider without a limit', async () => {
    const { request } = await testApi({ statuses: STATUSES });
    const { body } = await request(path);
    expect(idsOf(body as ListBody)).toEqual(IDS);
    expect(body).toHaveProperty('nextCursor', null);
  });

  it.each([
    [10, [10, 10, 5]],
    [25, [25]],
    [1000, [25]],
  ])('comes in pages of %i, each provider once', async (limit, sizes) => {
    const pages = await allPages(`${path}?limit=${limit}`);
    expect(pages.map(({ length }) => length)).toEqual(sizes);
    expect(pages.flat()).toEqual(IDS);
  });

  it.each(['limit=0', 'limit=1001', 'limit=ten', 'cursor=', 'cursor=***', 'cursor=cC0wMA==', 'cursor=UC0wMA'])(
    'refuses ?%s',
    async (query) => {
      const { request } = await testApi({ statuses: STATUSES });
      const { status, body } = await request(`${path}?${query}`);
      expect(status).toBe(400);
      expect(body).toMatchObject({ errors: [{ field: query.split('=')[0] }] });
    },
  );

  it('goes on after a provider that was deleted meanwhile', async () => {
    const { request, store } = await testApi({ statuses: STATUSES });
    const { body } = await request(`${path}?limit=10`);
    await store.statuses.delete('p-09');
    const next = await request(`${path}?limit=10&cursor=${(body as ListBody).nextCursor}`);
    expect(idsOf(next.body as ListBody)).toEqual(IDS.slice(10, 20));
  });
});

describe('the pages of a list', () => {
  it('have those that the filter leaves', async () => {
    const pages = await allPages('/v1/providers?healthy=false&limit=5');
    expect(pages.map(({ length }) => length)).toEqual([5, 5, 2]);
    expect(pages.flat()).toEqual(IDS.filter((_, i) => i % 2 === 1));
  });

  it('of the summary count the whole fleet on each', async () => {
    const { request } = await testApi({ statuses: STATUSES });
    const whole = (await request('/v1/summary')).body as object;
    const { body } = await request('/v1/summary?limit=3');
    expect(body).toMatchObject({ ...whole, providers: {}, nextCursor: expect.any(String) });
  });

  it('of a selection are its first ones alone', async () => {
    const { request } = await testApi({ statuses: STATUSES });
    const { ranked } = (await request('/v1/select')).body as { ranked: unknown[] };
    const { body } = await request('/v1/select?limit=3');
    expect(body).toMatchObject({ provider: 'p-00', ranked: ranked.slice(0, 3) });
    expect(ranked).toHaveLength(25);
  });
});
