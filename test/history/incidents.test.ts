import { describe, expect, it } from 'vitest';
import type { State } from '../../lib/health/transition.ts';
import { readIncident, readIncidents } from '../../lib/history/incidents.ts';
import { createMemoryStore } from '../../lib/store/memory/store.ts';
import { minute } from '../support/builders.ts';

const NOW = new Date(minute(10_000));

function transition(provider: string, at: number, from: State, to: State) {
  const failure = { category: 'timeout', fault: 'provider', errorMessage: 'no answer' } as const;
  const good = { category: null, fault: null, errorMessage: null };
  const cause = to === 'healthy' ? good : failure;
  return { id: `${minute(at)}#${provider}`, provider, at: minute(at), from, to, lastedMs: 60_000, ...cause };
}

/** A store with outages of a minute, each at one of these minutes. */
async function storeWith(provider: string, outages: readonly number[]) {
  const store = createMemoryStore({ now: () => NOW }).transitions;
  for (const at of outages) {
    await store.put(transition(provider, at, 'healthy', 'unhealthy'));
    await store.put(transition(provider, at + 1, 'unhealthy', 'healthy'));
  }
  return store;
}

const range = (from: number, to: number) => ({ fromMs: Date.parse(minute(from)), toMs: Date.parse(minute(to)) });
const DAY = 24 * 60;

describe('incidents on record', () => {
  it('begin within the range, newest first, and count those of the day before it', async () => {
    const store = await storeWith('alpha', [0, 600, 1200, 1800]);
    const { incidents, exactFromMs } = await readIncidents(store, { provider: 'alpha', ...range(1100, 2000) });
    expect(incidents.map(({ openedAt, ordinal }) => [openedAt, ordinal])).toEqual([
      [minute(1800), 3],
      [minute(1200), 3],
    ]);
    expect(exactFromMs).toBe(Date.parse(minute(1100)));
  });

  it('are whole and counted right from a later time on where there is too much to read', async () => {
    const outages = Array.from({ length: 1000 }, (_, index) => index * 5);
    const store = await storeWith('alpha', outages);
    const { incidents, exactFromMs } = await readIncidents(store, { provider: null, ...range(0, 5000), mostPages: 1 });
    const oldestRead = Date.parse(minute(500 * 5));
    expect(exactFromMs).toBe(oldestRead + DAY * 60_000);
    expect(incidents.filter(({ openedAt }) => Date.parse(openedAt) >= exactFromMs)).not.toHaveLength(0);
    for (const { openedAt, ordinal } of incidents) {
      if (Date.parse(openedAt) >= exactFromMs) expect(ordinal).toBe(DAY / 5);
    }
  });

  it('are none where no state changed', async () => {
    const store = await storeWith('alpha', []);
    expect(await readIncidents(store, { provider: null, ...range(0, 10) })).toEqual({
      incidents: [],
      exactFromMs: Date.parse(minute(0)),
    });
  });
});

describe('one incident on record', () => {
  it('has its changes of state from beginning to end, found by any time within it', async () => {
    const store = await storeWith('alpha', [0, 60]);
    await store.put(transition('alpha', 200, 'healthy', 'unhealthy'));
    await store.put(transition('alpha', 203, 'unhealthy', 'blacklisted'));
    await store.put(transition('alpha', 200 + 2 * DAY, 'blacklisted', 'healthy'));
    const story = await readIncident(store, { provider: 'alpha', at: minute(200) }, NOW);
    expect(story?.incident).toMatchObject({ openedAt: minute(200), closedAt: minute(200 + 2 * DAY), ordinal: 3 });
    expect(story?.transitions.map(({ to }) => to)).toEqual(['unhealthy', 'blacklisted', 'healthy']);
    expect(await readIncident(store, { provider: 'alpha', at: minute(201) }, NOW)).toEqual(story);
  });

  it.each([
    ['no time of an incident', 'alpha', 100],
    ['the incident of another provider', 'beta', 60],
  ])('is null for %s', async (_, provider, at) => {
    const store = await storeWith('alpha', [0, 60]);
    expect(await readIncident(store, { provider, at: minute(at) }, NOW)).toBeNull();
  });
});
