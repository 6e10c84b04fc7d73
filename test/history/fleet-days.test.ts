import { beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS } from '../../lib/base/time.ts';
import { dayAfter, dayOf } from '../../lib/health/uptime/day-counts.ts';
import { createFleetDaysKeeper } from '../../lib/history/fleet-days.ts';
import { createHistory } from '../../lib/history/history.ts';
import type { Store } from '../../lib/store/store.ts';
import { FakeClock } from '../support/clock.ts';
import { MINUTE_MS, schedule, weekStore } from './support.ts';

const TODAY = '2026-03-10';

let clock: FakeClock;
let store: Store;
let puts: number;
let asked: string[];

beforeEach(() => {
  clock = new FakeClock();
  clock.set(`${TODAY}T00:30:00.000Z`);
  store = weekStore(clock.now);
  puts = 0;
  asked = [];
});

/** The store, with what the keeper does to it counted. */
function watched(): Store {
  const days: Store['days'] = {
    ...store.days,
    list(provider, range) {
      asked.push(`${provider} ${dayOf(range.from)} ${dayOf(range.to)}`);
      return store.days.list(provider, range);
    },
  };
  const fleetDays: Store['fleetDays'] = {
    ...store.fleetDays,
    put(shard, providers) {
      puts += 1;
      return store.fleetDays.put(shard, providers);
    },
  };
  return { ...store, days, fleetDays };
}

/** All days are made up to the last midnight. */
const allComplete = () => Number.POSITIVE_INFINITY;

async function putDay(provider: string, day: string, checks: number, outages = 0): Promise<void> {
  const distributions = { answered: new Map(), listed: new Map(), firstTokens: new Map() };
  const failures = outages > 0 ? { timeout: outages } : {};
  const tally = { checks, outages, failures, maintenance: 0, observedMs: DAY_MS, ...distributions };
  await store.days.put({ provider, day, through: `${dayAfter(day)}T00:00:00.000Z`, hours: 24, tally });
}

async function kept(provider = 'alpha') {
  const whole = (await store.fleetDays.list()).get(provider);
  return whole && [whole.through, ...whole.days.map(({ day, checks }) => `${day}:${checks}`)];
}

describe('the days of the fleet', () => {
  it('are those of 90 days the first time, and later the last one alone', async () => {
    for (let ago = 1; ago <= 100; ago++) await putDay('alpha', dayAfter(TODAY, -ago), 1000 + ago);
    const keeper = createFleetDaysKeeper(watched(), allComplete);
    expect(await keeper.keep('0', ['alpha'], clock.now())).toBeNull();
    const days = (await store.fleetDays.list()).get('alpha')?.days ?? [];
    expect(days).toHaveLength(90);
    expect(days.at(0)).toMatchObject({ day: dayAfter(TODAY, -90), checks: 1090 });
    expect(days.at(-1)).toMatchObject({ day: '2026-03-09', checks: 1001 });
    expect(asked).toEqual([`alpha ${dayAfter(TODAY, -90)} 2026-03-09`]);

    await putDay('alpha', TODAY, 1440, 2);
    await clock.advance(DAY_MS);
    expect(await keeper.keep('0', ['alpha'], clock.now())).toBeNull();
    expect(asked.slice(1)).toEqual([`alpha ${TODAY} ${TODAY}`]);
    const next = (await store.fleetDays.list()).get('alpha')?.days ?? [];
    expect(next).toHaveLength(90);
    expect(next.at(-1)).toEqual({ day: TODAY, checks: 1440, outages: 2, failures: { timeout: 2 } });
  });

  it('are written once a day, however many ticks there are, and by a new process not again', async () => {
    await putDay('alpha', '2026-03-09', 1440);
    const keeper = createFleetDaysKeeper(watched(), allComplete);
    for (let tick = 0; tick < 20; tick++) {
      await keeper.keep('0', ['alpha'], clock.now());
      await clock.advance(MINUTE_MS);
    }
    await createFleetDaysKeeper(watched(), allComplete).keep('0', ['alpha'], clock.now());
    expect(puts).toBe(1);
    expect(asked).toHaveLength(1);
  });

  it('wait for providers whose last day is not made yet, until an hour after midnight', async () => {
    for (const id of ['alpha', 'beta']) await putDay(id, '2026-03-09', 1440);
    const keeper = createFleetDaysKeeper(watched(), (id) => (id === 'beta' ? 0 : Number.POSITIVE_INFINITY));
    await keeper.keep('0', ['alpha', 'beta'], clock.now());
    expect(puts).toBe(0);
    clock.set(`${TODAY}T01:00:00.000Z`);
    await keeper.keep('0', ['alpha', 'beta'], clock.now());
    expect(await kept('alpha')).toEqual(['2026-03-09', '2026-03-09:1440']);
    expect(await kept('beta')).toBeUndefined();
  });

  it('of a large shard are put together over several ticks', async () => {
    const ids = Array.from({ length: 60 }, (_, i) => `p-${i}`);
    for (const id of ids) await putDay(id, '2026-03-09', 1440);
    const keeper = createFleetDaysKeeper(watched(), allComplete);
    const perTick: number[] = [];
    for (let tick = 0; tick < 4; tick++) {
      asked = [];
      await keeper.keep('0', ids, clock.now());
      perTick.push(asked.length);
    }
    expect(perTick).toEqual([25, 25, 10, 0]);
    expect(puts).toBe(1);
    expect((await store.fleetDays.list()).size).toBe(60);
  });

  it('of a provider that came from another shard are taken from there', async () => {
    const days = [{ day: '2026-03-09', checks: 1440, outages: 0, failures: {} }];
    await store.fleetDays.put('1', [{ provider: 'alpha', through: '2026-03-09', days }]);
    await createFleetDaysKeeper(watched(), allComplete).keep('0', ['alpha'], clock.now());
    expect(asked).toEqual([]);
  });

  it('lose a provider that is gone with the next day', async () => {
    for (const id of ['alpha', 'beta']) await putDay(id, '2026-03-09', 1440);
    const keeper = createFleetDaysKeeper(watched(), allComplete);
    await keeper.keep('0', ['alpha', 'beta'], clock.now());
    await putDay('alpha', TODAY, 1440);
    await clock.advance(DAY_MS);
    await keeper.keep('0', ['alpha'], clock.now());
    expect(await kept('beta')).toBeUndefined();
  });

  it('have a day again that was made again', async () => {
    for (const day of ['2026-03-07', '2026-03-08', '2026-03-09']) await putDay('alpha', day, 1000);
    const keeper = createFleetDaysKeeper(watched(), allComplete);
    await keeper.keep('0', ['alpha'], clock.now());
    await putDay('alpha', '2026-03-08', 1440);
    keeper.made('alpha', '2026-03-08');
    await keeper.keep('0', ['alpha'], clock.now());
    expect(await kept()).toEqual(['2026-03-09', '2026-03-07:1000', '2026-03-08:1440', '2026-03-09:1000']);
  });

  it('are put by the next tick when the table refuses them, which says why', async () => {
    await putDay('alpha', '2026-03-09', 1440);
    let isBroken = true;
    const broken: Store = {
      ...store,
      fleetDays: {
        ...store.fleetDays,
        put: (shard, providers) =>
          isBroken ? Promise.reject(new Error('no capacity')) : store.fleetDays.put(shard, providers),
      },
    };
    const keeper = createFleetDaysKeeper(broken, allComplete);
    expect(await keeper.keep('0', ['alpha'], clock.now())).toBe('no capacity');
    isBroken = false;
    expect(await keeper.keep('0', ['alpha'], clock.now())).toBeNull();
    expect(await kept()).toEqual(['2026-03-09', '2026-03-09:1440']);
  });

  it('of a clock that was ahead are made again when it is right', async () => {
    await putDay('alpha', '2026-03-09', 1440);
    await putDay('alpha', TODAY, 30);
    const keeper = createFleetDaysKeeper(watched(), allComplete);
    await keeper.keep('0', ['alpha'], new Date('2026-03-11T01:00:00.000Z'));
    expect(await kept()).toEqual(['2026-03-09', '2026-03-09:1440']);
    await keeper.keep('0', ['alpha'], clock.now());
    await putDay('alpha', TODAY, 1440);
    clock.set('2026-03-11T01:00:00.000Z');
    await keeper.keep('0', ['alpha'], clock.now());
    expect(await kept()).toEqual([TODAY, '2026-03-09:1440', `${TODAY}:1440`]);
  });
});

describe('the history of a fleet', () => {
  it('is kept from checks to the days of all in one night', async () => {
    const providers = ['alpha', 'beta'].map((id) => ({ id, intervalSeconds: 60 }));
    for (const { id } of providers) {
      await store.checks.put(schedule(id, '2026-03-08T12:00:00.000Z', `${TODAY}T00:30:00.000Z`));
    }
    const history = createHistory(watched()).ofShard('0');
    for (let minutes = 0; minutes < 60; minutes++) {
      clock.set(new Date(Date.parse(TODAY) + minutes * MINUTE_MS).toISOString());
      await history.keeper.keep(providers, clock.now());
      await history.fleetDays.keep('0', ['alpha', 'beta'], clock.now());
    }
    expect(await kept('alpha')).toEqual(['2026-03-09', '2026-03-08:720', '2026-03-09:1440']);
    expect(await kept('beta')).toEqual(await kept('alpha'));
    expect(puts).toBe(1);
    expect((await store.fleetDays.list()).get('alpha')?.days.at(-1)).toMatchObject({
      outages: 72,
      failures: { timeout: 72 },
    });
  });
});
