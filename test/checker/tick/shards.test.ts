/** Ticks of several shards on one table: nothing is lost or doubled, with any number and order of shards, and when one is repeated. */

import { describe, expect, it } from 'vitest';
import { createRecordedChecks } from '../../../lib/checker/recorded.ts';
import { runTick } from '../../../lib/checker/tick/tick.ts';
import { unknownStatus } from '../../../lib/health/next-status.ts';
import { createHistory } from '../../../lib/history/history.ts';
import { createMemoryStore } from '../../../lib/store/memory/store.ts';
import type { Store } from '../../../lib/store/store.ts';
import { minute, provider } from '../../support/builders.ts';
import { checkContext } from '../../support/check-context.ts';
import { FakeClock } from '../../support/clock.ts';

const IDS = Array.from({ length: 60 }, (_, i) => `provider-${i}`);
const ALL_TIME = { from: minute(-10), to: minute(1000), limit: 1000 };

function monitor(registered: readonly string[] = []) {
  const clock = new FakeClock();
  const store = createMemoryStore({ now: clock.now });
  const declared = IDS.filter((id) => !registered.includes(id)).map((id) => provider({ id }));
  // Each shard is a process of its own.
  const processes = new Map<string, ReturnType<typeof checkContext>>();
  async function tick(at: number, index: number, count: number, owner = `${index}/${count}@${at}`) {
    const key = `${index}/${count}`;
    const process =
      processes.get(key) ??
      checkContext(declared, { store, recorded: createRecordedChecks(), history: createHistory(store) });
    processes.set(key, process);
    process.clock.set(minute(at));
    if (minute(at) > clock.now().toISOString()) clock.set(minute(at));
    return runTick(process, new Date(minute(at)), { owner, deadlineAt: null, shard: { index, count } });
  }
  const all = async (at: number, count: number) => {
    const reports = [];
    for (let index = 0; index < count; index++) reports.push(await tick(at, index, count));
    return reports;
  };
  const timesOf = async (id: string) =>
    (await store.checks.page(id, ALL_TIME)).items.map(({ timestamp }) => timestamp).reverse();
  return { store, tick, all, timesOf };
}

describe('ticks of several shards', () => {
  it('check every provider once, registered ones too', async () => {
    const registered = IDS.slice(40);
    const { store, all, timesOf } = monitor(registered);
    for (const id of registered) {
      await store.registrations.put({ provider: id, input: provider({ id }), registeredAt: minute(0) });
    }
    await all(0, 3);
    const reports = await all(1, 3);
    expect(reports.flatMap(({ stored }) => stored).sort()).toEqual([...IDS].sort());
    for (const id of IDS) expect((await timesOf(id)).at(-1)).toBe(minute(1));
    for (const { stored } of reports) expect(stored.length).toBeGreaterThan(8);
  });

  it('lose and double nothing when their number changes', async () => {
    const { all, timesOf } = monitor();
    const counts = [1, 4, 5, 2, 3, 1];
    for (const [at, count] of counts.entries()) await all(at, count);
    for (const id of IDS) expect(await timesOf(id)).toEqual(counts.map((_, at) => minute(at)));
  });

  it('a tick that comes twice, late or from the division before changes nothing', async () => {
    const { all, tick, timesOf } = monitor();
    await all(0, 4);
    expect((await tick(0, 2, 4, 'another')).outcome).toBe('taken');
    await all(1, 4);
    expect((await tick(0, 1, 4, 'late')).outcome).toBe('taken');
    // Both divisions of one minute: the second finds its providers checked.
    const again = await tick(1, 4, 5);
    expect(again.stored).toEqual([]);
    for (const id of IDS) expect(await timesOf(id)).toEqual([minute(0), minute(1)]);
  });

  it('a shard that has stopped does not affect the others, and keeps its heartbeat', async () => {
    const { store, tick, timesOf } = monitor();
    for (const at of [0, 1, 2, 3]) {
      for (const index of [0, 1, 2]) if (index !== 1 || at === 0) await tick(at, index, 3);
    }
    expect(await store.ticks.heartbeat('1')).toMatchObject({ tick: minute(0) });
    expect(await store.ticks.heartbeat('2')).toMatchObject({ tick: minute(3) });
    const lengths = await Promise.all(IDS.map(async (id) => (await timesOf(id)).length));
    expect(new Set(lengths)).toEqual(new Set([1, 4]));
  });

  it('run by one process, keep the history of every provider, and write no check twice', async () => {
    const clock = new FakeClock();
    const base = createMemoryStore({ now: clock.now });
    const written: string[] = [];
    const listed: string[] = [];
    const store: Store = {
      ...base,
      checks: {
        ...base.checks,
        put(checks, groups) {
          written.push(...checks.map(({ provider: id, timestamp }) => `${id} ${timestamp}`));
          return base.checks.put(checks, groups);
        },
      },
      hours: {
        ...base.hours,
        list(id, range) {
          listed.push(id);
          return base.hours.list(id, range);
        },
      },
    };
    const process = checkContext(
      IDS.slice(0, 20).map((id) => provider({ id })),
      { store, history: createHistory(store) },
    );
    // An hour and more on both sides of midnight.
    const midnight = 14 * 60;
    for (let at = midnight - 70; at <= midnight + 70; at += 10) {
      clock.set(minute(at));
      process.clock.set(minute(at));
      for (const index of [0, 1]) {
        await runTick(process, new Date(minute(at)), {
          owner: `${index}@${at}`,
          deadlineAt: null,
          shard: { index, count: 2 },
        });
      }
    }
    expect(written).toHaveLength(new Set(written).size);
    const days = await store.fleetDays.list();
    expect([...days.keys()].sort()).toEqual(IDS.slice(0, 20).sort());
    // Each provider's hours are looked for once an hour.
    expect(Math.max(...IDS.map((id) => listed.filter((one) => one === id).length))).toBeLessThanOrEqual(4);
  });

  it.each([1, 2, 5])('of %i shards, remove the status of a provider that is gone within an hour', async (count) => {
    const { store, all } = monitor();
    await all(0, count);
    const gone = Array.from({ length: 20 }, (_, i) => `gone-${i}`);
    for (const id of gone) await store.statuses.put(unknownStatus(provider({ id }), new Date(minute(0))), null, null);
    for (let at = 1; at <= 65; at++) await all(at, count);
    expect((await store.statuses.list()).statuses.map(({ provider: id }) => id)).toEqual([...IDS].sort());
  });
});
