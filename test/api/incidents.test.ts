import { describe, expect, it } from 'vitest';
import type { Transition } from '../../lib/health/transition.ts';
import { createMemoryStore } from '../../lib/store/memory/store.ts';
import { minute, START } from '../support/builders.ts';
import { testApi } from './support.ts';

const DAY = 24 * 60;
const transition = (provider: string, minutes: number, to: 'unhealthy' | 'healthy'): Transition => ({
  id: `${minute(minutes)}#${provider}`,
  provider,
  from: to === 'healthy' ? 'unhealthy' : 'healthy',
  to,
  at: minute(minutes),
  category: to === 'healthy' ? null : 'timeout',
  fault: to === 'healthy' ? null : 'provider',
  errorMessage: to === 'healthy' ? null : 'expected an answer within 10 s, got none',
  lastedMs: 60_000,
});

/** Incidents that begin so many minutes before now and last five. */
async function apiWith(
  incidents: readonly (readonly [string, number])[],
  open: readonly (readonly [string, number])[] = [],
) {
  const store = createMemoryStore({ now: () => new Date(START) });
  for (const [provider, ago] of [...incidents, ...open])
    await store.transitions.put(transition(provider, -ago, 'unhealthy'));
  for (const [provider, ago] of incidents) await store.transitions.put(transition(provider, 5 - ago, 'healthy'));
  return testApi({ store });
}

interface Incidents {
  incidents: { provider: string; openedAt: string }[];
  nextCursor: string | null;
}

describe('GET /v1/incidents', () => {
  it('lists them, the newest first, with how long they lasted', async () => {
    const { request } = await apiWith(
      [
        ['alpha', 100],
        ['beta', 60],
      ],
      [['alpha', 30]],
    );
    const { status, body } = await request('/v1/incidents');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      incidents: [
        { provider: 'alpha', openedAt: minute(-30), closedAt: null, lastedMs: 1_800_000, ordinal: 2 },
        { provider: 'beta', openedAt: minute(-60), closedAt: minute(-55), lastedMs: 300_000, ordinal: 1 },
        {
          provider: 'alpha',
          openedAt: minute(-100),
          closedAt: minute(-95),
          categories: ['timeout'],
          fault: 'provider',
        },
      ],
      nextCursor: null,
    });
  });

  it('goes through all of them in pages, each once', async () => {
    const all = Array.from({ length: 7 }, (_, index) => [index % 2 ? 'alpha' : 'beta', 100 * (index + 1)] as const);
    const { request } = await apiWith(all);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await request(`/v1/incidents?limit=3${cursor && `&cursor=${cursor}`}`);
      const page = body as Incidents;
      expect(page.incidents.length).toBeLessThanOrEqual(3);
      seen.push(...page.incidents.map(({ openedAt }) => openedAt));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(all.map(([, ago]) => minute(-ago)));
  });

  it('lists those that began within a range, with their ends beyond it, of one provider', async () => {
    const { request } = await apiWith([
      ['alpha', 300],
      ['alpha', 200],
      ['beta', 200],
      ['alpha', 100],
    ]);
    const { body } = await request(`/v1/incidents?provider=alpha&from=${minute(-250)}&to=${minute(-198)}`);
    expect(body).toMatchObject({ incidents: [{ openedAt: minute(-200), closedAt: minute(-195), ordinal: 2 }] });
  });

  it('lists 30 days by default', async () => {
    const { request } = await apiWith([
      ['alpha', 31 * DAY],
      ['alpha', 29 * DAY],
    ]);
    const { body } = await request('/v1/incidents');
    expect((body as Incidents).incidents.map(({ openedAt }) => openedAt)).toEqual([minute(-29 * DAY)]);
  });

  it.each([
    ['a range that ends before it begins', `from=${minute(1)}&to=${minute(0)}`, 'from'],
    ['a cursor that was tampered with', 'cursor=abc', 'cursor'],
    ['a cursor of another list', `cursor=${Buffer.from('{"a":1}').toString('base64url')}`, 'cursor'],
    ['a cursor outside of the range', `cursor=${Buffer.from(`${minute(90)}#alpha`).toString('base64url')}`, 'cursor'],
    ['a limit of 0', 'limit=0', 'limit'],
    ['an id that is none', 'provider=../etc', 'provider'],
    ['an unknown parameter', 'state=open', 'state'],
  ])('refuses %s, by the name of the field (A1)', async (_, query, field) => {
    const { request } = await apiWith([['alpha', 100]]);
    const { status, body } = await request(`/v1/incidents?${query}`);
    expect({ status, body }).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });
});
