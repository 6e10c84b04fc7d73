/**
 * Ticks that use their own copies of the statuses: what they read, and that they notice everything that others wrote.
 */

import { beforeEach, describe, expect, it } from 'vitest';
import { createFleetCopies } from '../../../lib/checker/fleet/copies.ts';
import { setPause } from '../../../lib/checker/fleet/pause.ts';
import { register, unregister } from '../../../lib/checker/fleet/register.ts';
import { checkOne } from '../../../lib/checker/manual/manual.ts';
import { runTick } from '../../../lib/checker/tick/tick.ts';
import { shardsFor } from '../../../lib/health/shards.ts';
import { createMemoryStore } from '../../../lib/store/memory/store.ts';
import type { Store } from '../../../lib/store/store.ts';
import { at, minute, provider, unhealthyStatus } from '../../support/builders.ts';
import { checkContext, type TestContext } from '../../support/check-context.ts';
import { FakeClock } from '../../support/clock.ts';
import { bad } from '../../support/scripted-prober.ts';

const IDS = ['alpha', 'beta', 'gamma'];
const DECLARED = IDS.map((id) => provider({ id }));

let store: Store;
let clock: FakeClock;
let reads: string[];

beforeEach(() => {
  clock = new FakeClock();
  const memory = createMemoryStore({ now: clock.now });
  const { statuses } = memory;
  reads = [];
  store = {
    ...memory,
    statuses: {
      ...statuses,
      get: (id) => noted(`get ${id}`, () => statuses.get(id)),
      list: () => noted('list', () => statuses.list()),
      some: (ids) => noted(`some ${ids.join()}`, () => statuses.some(ids)),
    },
  };
});

function noted<T>(read: string, call: () => T): T {
  reads.push(read);
  return call();
}

/** A process of the check function, or another that writes statuses. */
function newProcess(declared = DECLARED) {
  const process = checkContext(declared, { store });
  // The provider's manual check is newer than the tick before.
  process.clock.set(at(30_000));
  return process;
}

async function tickAt(process: TestContext, minutes: number) {
  clock.set(minute(minutes));
  process.clock.set(minute(minutes));
  reads = [];
  const running = runTick(process, new Date(minute(minutes)), { owner: `${minutes}`, deadlineAt: null });
  await process.clock.advance(1000);
  return running;
}

describe('a tick', () => {
  it('reads no status when no other process has written one since the last', async () => {
    const process = newProcess();
    const perTick: string[][] = [];
    for (const minutes of [0, 1, 2, 3]) {
      expect((await tickAt(process, minutes)).stored).toHaveLength(3);
      perTick.push(reads);
    }
    expect(perTick).toEqual([['list'], [], [], []]);
  });

  it('reads all of them in a new process, once an hour, and after a tick of another process', async () => {
    const [first, second] = [newProcess(), newProcess()];
    await tickAt(first, 57);
    await tickAt(first, 58);
    expect(reads).toEqual([]);
    await tickAt(second, 59);
    expect(reads).toEqual(['list']);
    await tickAt(first, 60);
    expect(reads).toEqual(['list']);
    await tickAt(first, 61);
    expect(reads).toEqual([]);
    await tickAt(first, 120);
    expect(reads).toEqual(['list']);
  });

  it('reads all of them after a tick that did not leave its heartbeat', async () => {
    const process = newProcess();
    await tickAt(process, 0);
    const { finish } = store.ticks;
    process.store = { ...store, ticks: { ...store.ticks, finish: () => Promise.reject(new Error('no capacity')) } };
    await tickAt(process, 1);
    process.store = { ...store, ticks: { ...store.ticks, finish } };
    await tickAt(process, 2);
    expect(reads).toEqual(['list']);
  });

  it.each<[string, (other: TestContext) => Promise<unknown>]>([
    ['a manual check', (other) => checkOne(other, 'alpha')],
    ['a drain', (other) => setPause(other, 'alpha', 'drain', { until: minute(90), reason: null })],
    ['maintenance', (other) => setPause(other, 'alpha', 'maintenance', { until: minute(90), reason: null })],
    ['a registration', (other) => register(other, provider({ id: 'new' }))],
    ['a removal', (other) => unregister(other, 'new')],
  ])('reads all of them after %s by another process', async (_, write) => {
    const [process, other] = [newProcess(), newProcess()];
    await tickAt(process, 0);
    await write(other);
    await tickAt(process, 1);
    expect(reads[0]).toBe('list');
    await tickAt(process, 2);
    expect(reads).toEqual([]);
  });

  it('reads those that it could not write, and no others', async () => {
    const process = newProcess();
    await tickAt(process, 0);
    const { put } = store.statuses;
    const failing: Store['statuses'] = {
      ...store.statuses,
      put: (status, ...rest) =>
        status.provider === 'beta' ? Promise.reject(new Error('no capacity')) : put(status, ...rest),
    };
    process.store = { ...store, statuses: failing };
    expect((await tickAt(process, 1)).failed).toHaveLength(1);
    process.store = store;
    await tickAt(process, 2);
    expect(reads).toEqual(['some beta']);
  });

  it('keeps copies of providers that are not due', async () => {
    const process = newProcess([provider({ id: 'alpha' }), provider({ id: 'rare', intervalSeconds: 3600 })]);
    await tickAt(process, 1);
    for (const minutes of [2, 3]) {
      expect((await tickAt(process, minutes)).stored).toEqual(['alpha']);
      expect(reads).toEqual([]);
    }
  });

  it('checks a provider that was registered anew, at its first tick', async () => {
    const rare = provider({ id: 'rare', intervalSeconds: 3600 });
    const [process, other] = [newProcess(), newProcess()];
    await register(other, rare);
    await tickAt(process, 1);
    await unregister(other, 'rare');
    await register(other, rare);
    expect((await tickAt(process, 2)).stored).toContain('rare');
  });

  it('removes at once what an interrupted deletion has left', async () => {
    const [process, other] = [newProcess(), newProcess()];
    await register(other, provider({ id: 'new' }));
    await tickAt(process, 0);
    await store.registrations.delete('new');
    await tickAt(process, 1);
    expect(reads).toEqual(['some new']);
    expect(await store.statuses.get('new')).toBeNull();
    await tickAt(process, 2);
    await tickAt(process, 3);
    expect(reads).toEqual([]);
  });

  it('leaves the status of a provider that is registered anew while it looks for what a deletion left', async () => {
    const [process, other] = [newProcess(), newProcess()];
    await register(other, provider({ id: 'new' }));
    await tickAt(process, 0);
    await store.registrations.delete('new');
    const { some } = store.statuses;
    const registering: Store['statuses'] = {
      ...store.statuses,
      async some(ids) {
        await register(other, provider({ id: 'new' }));
        return some(ids);
      },
    };
    process.store = { ...store, statuses: registering };
    await tickAt(process, 1);
    expect(await store.statuses.get('new')).not.toBeNull();
  });

  it('reads its own alone where shards are many, by key', async () => {
    const fleet = Array.from({ length: 40 }, (_, i) => provider({ id: `p-${i}` }));
    const process = newProcess(fleet);
    const shard = { index: 3, count: 8 };
    for (const minutes of [1, 2]) {
      process.clock.set(minute(minutes));
      reads = [];
      await runTick(process, new Date(minute(minutes)), { owner: `${minutes}`, deadlineAt: null, shard });
      if (minutes === 1) expect(reads).toEqual([expect.stringMatching(/^some p-\d+(,p-\d+)+$/)]);
    }
    expect(reads).toEqual([]);
    expect(shardsFor(fleet.map(({ id }) => id))).toBe(1);
  });
});

describe('S2: a write without a mark', () => {
  /** Like a process that died between the two writes. */
  async function unmarked(write: (other: TestContext) => Promise<unknown>) {
    const [process, other] = [newProcess(), newProcess()];
    await tickAt(process, 0);
    other.store = { ...store, statuses: { ...store.statuses, touch: async () => {} } };
    await write(other);
    return process;
  }

  it('is found by the version: a drain stays', async () => {
    const pause = { until: minute(90), reason: 'by hand' };
    const process = await unmarked((other) => setPause(other, 'alpha', 'drain', pause));
    expect((await tickAt(process, 1)).stored).toHaveLength(3);
    expect(reads).toEqual(['get alpha']);
    expect(await store.statuses.get('alpha')).toMatchObject({
      drainUntil: minute(90),
      lastCheck: { timestamp: minute(1) },
    });
  });

  it.each([
    ['began', minute(90), true],
    ['ended', null, undefined],
  ])('marks the check by a maintenance that %s', async (_, until, expected) => {
    const first = newProcess();
    if (until === null) await setPause(first, 'alpha', 'maintenance', { until: minute(90), reason: null });
    const pause = until === null ? null : { until, reason: null };
    const process = await unmarked((other) => setPause(other, 'alpha', 'maintenance', pause));
    await tickAt(process, 1);
    const { items } = await store.checks.page('alpha', { from: minute(1), to: minute(1), limit: 1 });
    expect(items[0]?.maintenance).toBe(expected);
    expect((await store.statuses.get('alpha'))?.lastCheck?.maintenance).toBe(expected);
  });

  it('is found by the version: a manual check counts once, and in the streak', async () => {
    const process = await unmarked(async (other) => {
      other.prober.script('alpha', bad('auth'));
      await checkOne(other, 'alpha');
    });
    process.prober.script('alpha', bad('auth'));
    await tickAt(process, 1);
    expect(await store.statuses.get('alpha')).toMatchObject({ consecutiveFailures: 2 });
  });
});

describe('copies of statuses', () => {
  const shard = { index: 0, count: 1 };
  const tick = new Date(minute(5));
  const heartbeat = {
    ...{ tick: minute(4), finishedAt: minute(4), due: 1, stored: 1, failed: 0, skipped: 0 },
    monitorFault: false,
  };
  const statuses = new Map([['alpha', unhealthyStatus()]]);

  it.each([
    ['with the marks that were left', { heartbeat, touched: 'x' }, true],
    ['without a heartbeat', { heartbeat: null, touched: 'x' }, false],
    ['with the heartbeat of another tick', { heartbeat: { ...heartbeat, tick: minute(3) }, touched: 'x' }, false],
    ['with another end of the same tick', { heartbeat: { ...heartbeat, finishedAt: minute(5) }, touched: 'x' }, false],
    ['with another mark', { heartbeat, touched: 'y' }, false],
    ['with no mark', { heartbeat, touched: null }, false],
  ])('%s', (_, marks, found) => {
    const copies = createFleetCopies();
    copies.keep(shard, { heartbeat, touched: 'x' }, tick, statuses);
    expect(copies.find(shard, marks, new Date(minute(6))) === statuses).toBe(found);
  });

  it('are of one shard, and taken once: a tick that breaks off leaves none', () => {
    const copies = createFleetCopies();
    const marks = { heartbeat, touched: null };
    copies.keep(shard, marks, tick, statuses);
    expect(copies.find({ index: 1, count: 2 }, marks, tick)).toBeNull();
    expect(copies.find(shard, marks, tick)).toBe(statuses);
    expect(copies.find(shard, marks, tick)).toBeNull();
  });
});
