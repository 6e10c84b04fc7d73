import { beforeEach, describe, expect, it } from 'vitest';
import type { HealthCheck } from '../../lib/health/check.ts';
import { createHistoryKeeper, type HistoryKeeper } from '../../lib/history/keeper.ts';
import { slotOf } from '../../lib/history/slot.ts';
import type { Store } from '../../lib/store/store.ts';
import { FakeClock } from '../support/clock.ts';
import { countedStore, HOUR_MS, MINUTE_MS, schedule, weekStore } from './support.ts';

const ALPHA = { id: 'alpha', intervalSeconds: 60 };
const ALL_TIME = { from: '2026-01-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z' };

let clock: FakeClock;
let store: Store;
let keeper: HistoryKeeper;

beforeEach(() => {
  clock = new FakeClock('2026-03-10T12:30:00.000Z');
  store = weekStore(clock.now);
  keeper = createHistoryKeeper(store);
});

const keep = (providers = [ALPHA]) => keeper.keep(providers, clock.now());
const hoursKept = async (id = 'alpha') => (await store.hours.list(id, ALL_TIME)).map(({ hour }) => hour.slice(5, 13));
const daysKept = async (id = 'alpha') =>
  (await store.days.list(id, ALL_TIME)).map(({ day, through, hours }) => [day.slice(5), through.slice(5, 13), hours]);

async function put(checks: readonly HealthCheck[]): Promise<void> {
  await store.checks.put(checks);
}

describe('after an hour', () => {
  it('its checks are kept as one hour, each of them', async () => {
    const checks = schedule('alpha', '2026-03-10T11:00:00.000Z', '2026-03-10T12:20:00.000Z');
    await put(checks);

    expect(await keep()).toEqual({ hours: 1, waiting: 0, failed: [] });

    const [hour, ...others] = await store.hours.list('alpha', ALL_TIME);
    expect(others).toEqual([]);
    expect(hour?.hour).toBe('2026-03-10T11:00:00.000Z');
    expect(hour?.observations.map(({ atMs }) => new Date(atMs).toISOString())).toEqual(
      checks.slice(0, 60).map(({ timestamp }) => timestamp),
    );
  });

  it('the day has it in its figures', async () => {
    await put(schedule('alpha', '2026-03-10T10:00:00.000Z', '2026-03-10T12:20:00.000Z'));
    await keep();
    expect(await daysKept()).toEqual([['03-10', '03-10T12', 2]]);
    const [day] = await store.days.list('alpha', ALL_TIME);
    expect(day?.tally).toMatchObject({ checks: 120, outages: 6, failures: { timeout: 6 } });
    // The first check covers the minute before it.
    expect(day?.tally.observedMs).toBe(2 * HOUR_MS + MINUTE_MS);
  });

  it('nothing is done before its slot, and everything is done once in it', async () => {
    await put(schedule('alpha', '2026-03-10T11:00:00.000Z', '2026-03-10T12:00:00.000Z'));
    clock.set(new Date(Date.parse('2026-03-10T12:00:00.000Z') + slotOf('alpha') - 1));
    expect(await keep()).toMatchObject({ hours: 0, waiting: 0 });
    await clock.advance(1);
    expect(await keep()).toMatchObject({ hours: 1 });
    expect(await keep()).toMatchObject({ hours: 0 });
  });

  it('nothing more is asked of the table until the next hour', async () => {
    const counted = countedStore(store);
    keeper = createHistoryKeeper(counted);
    await put(schedule('alpha', '2026-03-10T11:00:00.000Z', '2026-03-10T12:00:00.000Z'));
    await keep();
    counted.calls.length = 0;
    await keep();
    expect(counted.calls).toEqual([]);
  });

  it('an hour costs the same however long the past is', async () => {
    await put(schedule('alpha', '2026-03-04T00:00:00.000Z', '2026-03-10T13:00:00.000Z'));
    const counted = countedStore(store);
    keeper = createHistoryKeeper(counted);
    for (let i = 0; i < 5; i++) await keep();
    counted.calls.length = 0;
    await clock.advance(HOUR_MS);
    await keep();
    expect(counted.calls).toEqual(['hours.list', 'checks.page', 'hours.put', 'days.list', 'days.put']);
  });

  it('each hour of a day is added to the day, and the last one ends it', async () => {
    clock.set('2026-03-10T22:30:00.000Z');
    await put(schedule('alpha', '2026-03-10T21:00:00.000Z', '2026-03-11T02:00:00.000Z'));
    const seen = [];
    for (let i = 0; i < 4; i++) {
      await keep();
      seen.push((await daysKept()).at(-1));
      await clock.advance(HOUR_MS);
    }
    expect(seen).toEqual([
      ['03-10', '03-10T22', 1],
      ['03-10', '03-10T23', 2],
      ['03-10', '03-11T00', 3],
      ['03-11', '03-11T01', 1],
    ]);
    expect(await daysKept()).toEqual([
      ['03-10', '03-11T00', 3],
      ['03-11', '03-11T01', 1],
    ]);
  });
});

describe('a missing hour', () => {
  it('is made again by a new process, as far back as checks are kept', async () => {
    await put(schedule('alpha', '2026-03-08T20:00:00.000Z', '2026-03-10T12:30:00.000Z', 10 * MINUTE_MS));
    await keep();
    const all = await hoursKept();
    expect(all).toHaveLength(40);

    const gaps = weekStore(clock.now);
    await gaps.checks.put(schedule('alpha', '2026-03-08T20:00:00.000Z', '2026-03-10T12:30:00.000Z', 10 * MINUTE_MS));
    const kept = await store.hours.list('alpha', ALL_TIME);
    for (const [i, hour] of kept.entries()) if (i % 7 !== 3) await gaps.hours.put(hour);
    store = gaps;
    keeper = createHistoryKeeper(gaps);
    expect(await keep()).toMatchObject({ hours: 6 });
    expect(await hoursKept()).toEqual(all);
    expect(await daysKept()).toEqual([
      ['03-08', '03-09T00', 4],
      ['03-09', '03-10T00', 24],
      ['03-10', '03-10T12', 12],
    ]);
  });

  it('after an outage of the monitor is made with the first turn, and the hours of the outage stay unobserved', async () => {
    await put(schedule('alpha', '2026-03-10T05:00:00.000Z', '2026-03-10T07:00:00.000Z'));
    clock.set('2026-03-10T06:30:00.000Z');
    await keep();
    await put(schedule('alpha', '2026-03-10T11:00:00.000Z', '2026-03-10T12:00:00.000Z'));
    clock.set('2026-03-10T12:30:00.000Z');
    await keep();
    expect(await hoursKept()).toEqual(['03-10T05', '03-10T06', '03-10T11']);
    const [day] = await store.days.list('alpha', ALL_TIME);
    // The first check covers the minute before it, the last one before the outage half a minute more.
    expect(day).toMatchObject({ hours: 3, tally: { observedMs: 3 * HOUR_MS + 1.5 * MINUTE_MS } });
  });

  it('is made after others when a week is missing: each tick reads a bounded number of checks', async () => {
    await put(schedule('alpha', '2026-03-04T00:00:00.000Z', '2026-03-10T12:30:00.000Z'));
    const counted = countedStore(store);
    keeper = createHistoryKeeper(counted);
    const made: number[] = [];
    const pages: number[] = [];
    for (let i = 0; i < 5; i++) {
      counted.calls.length = 0;
      made.push((await keep()).hours);
      pages.push(counted.calls.filter((call) => call === 'checks.page').length);
    }
    // From 03-04 00:00 to 03-10 12:00: 156 hours of 60 checks, in pages of 1000.
    expect(made.reduce((a, b) => a + b)).toBe(156);
    expect(Math.max(...pages)).toBeLessThanOrEqual(4);
    expect(made.at(-1)).toBe(0);
    expect(await daysKept()).toEqual([
      ...['03-04', '03-05', '03-06', '03-07', '03-08', '03-09'].map((day, i) => [
        day,
        `03-${String(i + 5).padStart(2, '0')}T00`,
        24,
      ]),
      ['03-10', '03-10T12', 12],
    ]);
  });

  it('is made also at an interval at which an hour alone is more than the bound', async () => {
    const each = { id: 'alpha', intervalSeconds: 1 };
    await put(schedule('alpha', '2026-03-10T09:00:00.000Z', '2026-03-10T12:00:00.000Z', 1000));
    let made = 0;
    for (let i = 0; i < 3; i++) made += (await keep([each])).hours;
    expect(made).toBe(3);
    const hours = await store.hours.list('alpha', ALL_TIME);
    expect(hours.map(({ observations }) => observations.length)).toEqual([3600, 3600, 3600]);
  });

  it('is added to its day if the day was made without it', async () => {
    await put(schedule('alpha', '2026-03-10T10:00:00.000Z', '2026-03-10T11:00:00.000Z'));
    await keep();
    await put(schedule('alpha', '2026-03-10T11:00:00.000Z', '2026-03-10T12:00:00.000Z'));
    keeper = createHistoryKeeper(store);
    await keep();
    expect(await daysKept()).toEqual([['03-10', '03-10T12', 2]]);
  });

  it('does not exist for a provider that was never checked', async () => {
    const counted = countedStore(store);
    keeper = createHistoryKeeper(counted);
    expect(await keep()).toEqual({ hours: 0, waiting: 0, failed: [] });
    expect(counted.calls).toEqual(['hours.list', 'checks.page', 'days.list']);
  });
});

describe('made twice', () => {
  it('by two processes at once, history is what it is made once', async () => {
    await put(schedule('alpha', '2026-03-10T08:00:00.000Z', '2026-03-10T12:30:00.000Z'));
    const other = createHistoryKeeper(store);
    await Promise.all([keep(), other.keep([ALPHA], clock.now())]);
    const [hours, days] = [await store.hours.list('alpha', ALL_TIME), await store.days.list('alpha', ALL_TIME)];

    const once = weekStore(clock.now);
    await once.checks.put(schedule('alpha', '2026-03-10T08:00:00.000Z', '2026-03-10T12:30:00.000Z'));
    await createHistoryKeeper(once).keep([ALPHA], clock.now());
    expect(hours).toEqual(await once.hours.list('alpha', ALL_TIME));
    expect(days).toEqual(await once.days.list('alpha', ALL_TIME));
  });
});

describe('a large fleet', () => {
  const fleet = Array.from({ length: 1000 }, (_, i) => ({ id: `provider-${i}`, intervalSeconds: 60 }));

  it('has slots spread evenly from 5 to 25 minutes after the hour', () => {
    const slots = fleet.map(({ id }) => slotOf(id));
    expect(Math.min(...slots)).toBeGreaterThanOrEqual(5 * MINUTE_MS);
    expect(Math.max(...slots)).toBeLessThan(25 * MINUTE_MS);
    const perMinute = new Map<number, number>();
    for (const slot of slots)
      perMinute.set(Math.floor(slot / MINUTE_MS), (perMinute.get(Math.floor(slot / MINUTE_MS)) ?? 0) + 1);
    expect(perMinute.size).toBe(20);
    expect(Math.max(...perMinute.values())).toBeLessThan(2 * 50);
  });

  it('is done within the hour, at most 25 providers a tick', async () => {
    const counted = countedStore(store);
    keeper = createHistoryKeeper(counted);
    clock.set('2026-03-10T12:00:00.000Z');
    const perTick: number[] = [];
    for (let minutes = 0; minutes < 60; minutes++) {
      counted.calls.length = 0;
      await keep(fleet);
      perTick.push(counted.calls.filter((call) => call === 'hours.list').length);
      await clock.advance(MINUTE_MS);
    }
    expect(perTick.reduce((a, b) => a + b)).toBe(1000);
    expect(Math.max(...perTick)).toBe(25);
  });

  it('says how many have to wait', async () => {
    expect(await keep(fleet)).toEqual({ hours: 0, waiting: 975, failed: [] });
  });
});

describe('a failure', () => {
  it('of one provider costs that provider only, is reported, and is over with the next tick', async () => {
    const providers = ['alpha', 'beta', 'gamma'].map((id) => ({ id, intervalSeconds: 60 }));
    for (const { id } of providers) await put(schedule(id, '2026-03-10T11:00:00.000Z', '2026-03-10T12:00:00.000Z'));
    let isBroken = true;
    const counted = countedStore(store, (call, provider) => {
      if (isBroken && provider === 'beta' && call === 'hours.put') throw new Error('no capacity');
    });
    keeper = createHistoryKeeper(counted);
    expect(await keep(providers)).toEqual({
      hours: 2,
      waiting: 0,
      failed: [{ provider: 'beta', reason: 'no capacity' }],
    });
    isBroken = false;
    expect(await keep(providers)).toEqual({ hours: 1, waiting: 0, failed: [] });
    expect(await daysKept('beta')).toEqual([['03-10', '03-10T12', 1]]);
  });

  it.each(['hours.list', 'checks.page', 'hours.put', 'days.list', 'days.put'])(
    'at %s is made good by the next tick',
    async (call) => {
      await put(schedule('alpha', '2026-03-10T10:00:00.000Z', '2026-03-10T12:00:00.000Z'));
      let failures = 1;
      const counted = countedStore(store, (name) => {
        if (name === call && failures-- > 0) throw new Error('gone');
      });
      keeper = createHistoryKeeper(counted);
      expect((await keep()).failed).toEqual([{ provider: 'alpha', reason: 'gone' }]);
      expect((await keep()).failed).toEqual([]);
      expect(await hoursKept()).toEqual(['03-10T10', '03-10T11']);
      expect(await daysKept()).toEqual([['03-10', '03-10T12', 2]]);
    },
  );

  it('that lasts does not delay other providers', async () => {
    const bad = Array.from({ length: 30 }, (_, i) => ({ id: `bad-${i}`, intervalSeconds: 60 }));
    const good = Array.from({ length: 30 }, (_, i) => ({ id: `good-${i}`, intervalSeconds: 60 }));
    const seen = new Set<string>();
    const counted = countedStore(store, (_, provider) => {
      if (provider.startsWith('bad')) throw new Error('unreadable');
      seen.add(provider);
    });
    keeper = createHistoryKeeper(counted);
    for (let i = 0; i < 3; i++) {
      await keep([...bad, ...good]);
      await clock.advance(MINUTE_MS);
    }
    expect(seen.size).toBe(30);
  });

  it('of time: what the signal cut short is done by the next tick', async () => {
    const providers = Array.from({ length: 20 }, (_, i) => ({ id: `p-${i}`, intervalSeconds: 60 }));
    for (const { id } of providers) await put(schedule(id, '2026-03-10T11:00:00.000Z', '2026-03-10T12:00:00.000Z'));
    const ending = new AbortController();
    const counted = countedStore(store, (call) => {
      if (call === 'days.put') ending.abort();
    });
    keeper = createHistoryKeeper(counted);
    const first = await keeper.keep(providers, clock.now(), ending.signal);
    expect(first.waiting).toBeGreaterThan(0);
    expect(first.hours + first.waiting).toBe(20);
    const second = await keep(providers);
    expect(second).toEqual({ hours: first.waiting, waiting: 0, failed: [] });
  });

  it('of memory is none: providers that are gone are forgotten, and begin anew when they return', async () => {
    await put(schedule('alpha', '2026-03-10T11:00:00.000Z', '2026-03-10T12:00:00.000Z'));
    const counted = countedStore(store);
    keeper = createHistoryKeeper(counted);
    await keep();
    await keep([]);
    counted.calls.length = 0;
    await keep();
    expect(counted.calls).toContain('hours.list');
  });
});
