import { describe, expect, it } from 'vitest';
import { silentLog } from '../../lib/base/log.ts';
import { register, unregister } from '../../lib/checker/fleet/register.ts';
import { checkOne } from '../../lib/checker/manual/manual.ts';
import { createRecordedChecks } from '../../lib/checker/recorded.ts';
import { runTick } from '../../lib/checker/tick/tick.ts';
import type { HealthCheck } from '../../lib/health/check.ts';
import { nextStatus, unknownStatus } from '../../lib/health/next-status.ts';
import type { ProviderConfig } from '../../lib/health/provider.ts';
import { createHistory } from '../../lib/history/history.ts';
import { createMemoryStore } from '../../lib/store/memory/store.ts';
import { type Store, StoreError } from '../../lib/store/store.ts';
import { MOST_UNRECORDED } from '../../lib/store/unrecorded.ts';
import { at, minute, provider, START } from '../support/builders.ts';
import { checkContext, type TestContext } from '../support/check-context.ts';
import { bad, good, held } from '../support/scripted-prober.ts';
import { eachCall } from './life/around.ts';

const IDS = ['alpha', 'beta', 'gamma'];
const FLEET: ProviderConfig[] = IDS.map((id) => provider({ id }));
const ALL_TIME = { from: minute(-600), to: minute(600), limit: 1000 };

async function tickAt(context: TestContext, minutes: number) {
  context.clock.set(minute(minutes));
  const running = runTick(context, new Date(minute(minutes)), { owner: `tick ${minutes}`, deadlineAt: null });
  await context.clock.advance(2000);
  return running;
}

/** A new process on the table of another one, with nothing in memory. */
function afterRestart(context: TestContext, store: Store): TestContext {
  return Object.assign(checkContext(context.declared), {
    store,
    history: createHistory(store),
    clock: context.clock,
    prober: context.prober,
    recorded: createRecordedChecks(),
  });
}

async function timesOf(store: Store, id: string): Promise<string[]> {
  return (await recorded(store, id)).map(({ timestamp }) => timestamp);
}

/** Oldest first. */
async function recorded(store: Store, id: string): Promise<HealthCheck[]> {
  return (await store.checks.page(id, ALL_TIME)).items.reverse();
}

/** A replay of the recorded checks gives the status, and each write of the status is one recorded check. */
async function expectNothingLost(store: Store): Promise<void> {
  for (const config of FLEET) {
    const status = await store.statuses.get(config.id);
    if (!status) throw new Error(`expected a status of ${config.id}, got none`);
    const checks = await recorded(store, config.id);
    expect(checks.length, `recorded checks of ${config.id}`).toBe(status.version - 1);
    const first = unknownStatus(config, new Date(checks[0]?.timestamp ?? START));
    const replayed = checks.reduce((before, check) => nextStatus(before, check, config)?.status ?? before, first);
    // Transitions are not recorded here.
    const { unrecordedTransitions, ...believed } = status;
    expect(replayed).toEqual(believed);
  }
}

/** A table that refuses batches, as when the policy lacks `dynamodb:BatchWriteItem`. */
function denyingChecks(store: Store): Store {
  const put: Store['checks']['put'] = async (checks) => ({
    unstored: [...checks],
    error: new StoreError('denied', 'not authorized to perform: dynamodb:BatchWriteItem'),
  });
  return { ...store, checks: { ...store.checks, put } };
}

describe('S7: checks whose items could not be written', () => {
  it.each([1, 2, 5, MOST_UNRECORDED])('are all written after %i ticks in a row that could not', async (ticks) => {
    const context = checkContext(FLEET);
    const { store } = context;
    context.prober.script('beta', good(), bad('server_error'), good(1500), bad('rate_limited'), good());
    context.store = denyingChecks(store);
    for (let tick = 0; tick < ticks; tick++) {
      const report = await tickAt(context, tick);
      expect(report.failed.map(({ provider: id }) => id).sort()).toEqual(IDS);
    }
    expect(await timesOf(store, 'beta')).toEqual([]);
    context.store = store;
    expect(await tickAt(context, ticks)).toMatchObject({ failed: [] });
    expect(await timesOf(store, 'alpha')).toEqual(Array.from({ length: ticks + 1 }, (_, tick) => minute(tick)));
    await tickAt(context, ticks + 1);
    await expectNothingLost(store);
  });

  it('are written by another process than the one that could not', async () => {
    const context = checkContext(FLEET);
    const { store } = context;
    context.store = denyingChecks(store);
    for (let tick = 0; tick < 3; tick++) await tickAt(context, tick);
    const next = afterRestart(context, store);
    await tickAt(next, 3);
    await tickAt(next, 4);
    expect(await timesOf(store, 'alpha')).toEqual([0, 1, 2, 3, 4].map(minute));
    await expectNothingLost(store);
  });

  it('are written before anything is probed', async () => {
    const context = checkContext(FLEET);
    const { store } = context;
    context.store = denyingChecks(store);
    await tickAt(context, 0);
    context.store = store;
    const slow = held();
    context.prober.script('alpha', slow.step);
    context.clock.set(minute(1));
    const running = runTick(context, new Date(minute(1)), { owner: 'one', deadlineAt: null });
    while (context.prober.ids.length === IDS.length) await context.clock.advance(0);
    expect(await timesOf(store, 'alpha')).toEqual([minute(0)]);
    slow.release();
    await running;
  });

  it('are lost past the bound, the oldest first, and the log names each', async () => {
    const errors: unknown[] = [];
    const log = { ...silentLog, error: (message: string, fields?: unknown) => void errors.push([message, fields]) };
    const context = checkContext([provider()], { log });
    const { store } = context;
    context.store = denyingChecks(store);
    for (let tick = 0; tick < MOST_UNRECORDED + 2; tick++) await tickAt(context, tick);
    const lost = (tick: number) => ({ checks: [{ provider: 'alpha', timestamp: minute(tick) }] });
    expect(errors).toEqual([['check items lost: too many in a row could not be written', lost(0)]]);
    context.store = store;
    await tickAt(context, MOST_UNRECORDED + 2);
    const expected = Array.from({ length: MOST_UNRECORDED + 2 }, (_, tick) => minute(tick + 1));
    expect(await timesOf(store, 'alpha')).toEqual(expected);
  });

  it('of a manual check are written by the next tick', async () => {
    const context = checkContext(FLEET);
    const { store } = context;
    await tickAt(context, 0);
    context.store = denyingChecks(store);
    context.clock.set(at(30_000));
    await checkOne(context, 'alpha');
    context.store = store;
    await tickAt(context, 1);
    expect(await timesOf(store, 'alpha')).toEqual([minute(0), at(30_000), minute(1)]);
    await expectNothingLost(store);
  });

  it('are not carried by a manual check of another process, which writes them first', async () => {
    const context = checkContext(FLEET);
    const { store } = context;
    context.store = denyingChecks(store);
    await tickAt(context, 0);
    const api = afterRestart(context, store);
    api.clock.set(at(30_000));
    await checkOne(api, 'alpha');
    expect(await store.statuses.get('alpha')).not.toHaveProperty('unrecorded');
    expect(await timesOf(store, 'alpha')).toEqual([minute(0), at(30_000)]);
  });

  it('delay their hour, since an hour is made once', async () => {
    const context = checkContext([provider()]);
    const { store } = context;
    for (let tick = 0; tick < 58; tick++) await tickAt(context, tick);
    context.store = denyingChecks(store);
    for (const tick of [58, 59, 84, 85]) await tickAt(context, tick);
    expect(await store.hours.list('alpha', ALL_TIME)).toEqual([]);
    context.store = store;
    await tickAt(context, 86);
    const [hour] = await store.hours.list('alpha', ALL_TIME);
    expect(hour?.observations).toHaveLength(60);
  });

  it('are written before the status of a provider goes that is no longer declared', async () => {
    const context = checkContext(FLEET);
    const { store } = context;
    context.store = denyingChecks(store);
    await tickAt(context, 0);
    // A deployment is a new process.
    const next = Object.assign(afterRestart(context, context.store), { declared: FLEET.slice(1) });
    await tickAt(next, 1);
    expect(await store.statuses.get('alpha')).not.toBeNull();
    next.store = store;
    await tickAt(next, 2);
    expect(await store.statuses.get('alpha')).toBeNull();
    expect(await timesOf(store, 'alpha')).toEqual([minute(0)]);
  });

  it('are written when a registered provider is removed', async () => {
    const context = checkContext([]);
    const { store } = context;
    await register(context, { id: 'alpha' });
    context.store = denyingChecks(store);
    for (let tick = 0; tick < 2; tick++) await tickAt(context, tick);
    context.store = store;
    expect(await unregister(context, 'alpha')).toBe(true);
    expect(await store.statuses.get('alpha')).toBeNull();
    expect(await timesOf(store, 'alpha')).toEqual([minute(0), minute(1)]);
  });

  it('cost the probes 2 s at most when the table does not answer', async () => {
    const context = checkContext(FLEET);
    const { store } = context;
    context.store = denyingChecks(store);
    await tickAt(context, 0);
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const put: Store['checks']['put'] = (checks) => answered.then(() => store.checks.put(checks));
    context.store = { ...store, checks: { ...store.checks, put } };
    context.clock.set(minute(1));
    const running = runTick(context, new Date(minute(1)), { owner: 'one', deadlineAt: null });
    await context.clock.untilSleeping();
    await context.clock.advance(1999);
    expect(context.prober.ids).toHaveLength(IDS.length);
    await context.clock.advance(1);
    expect(context.prober.ids).toHaveLength(2 * IDS.length);
    answer();
    expect(await running).toMatchObject({ failed: [] });
    await tickAt(context, 2);
    await expectNothingLost(store);
    expect(context.clock.sleeping).toBe(0);
  });
});

describe('S7: a process that dies', () => {
  /** The store of a process that dies at its n-th call, before or after it takes effect; later calls never happen. */
  function dyingAt(call: number, isDone: boolean, store: Store): { store: Store; calls: () => number } {
    let calls = 0;
    const never = new Promise<never>(() => {});
    const dying = eachCall(store, async (_name, _parameters, go) => {
      calls += 1;
      if (calls < call) return go();
      if (calls === call && isDone) await go();
      return never;
    });
    return { store: dying, calls: () => calls };
  }

  async function life(call: number, isDone: boolean): Promise<{ store: Store; calls: number }> {
    const context = checkContext(FLEET);
    const { store } = context;
    context.prober.script('beta', good(), bad('auth'), good(), bad('server_error'));
    await tickAt(context, 0);
    const dying = dyingAt(call, isDone, store);
    const first = afterRestart(context, dying.store);
    const running = (async () => {
      await tickAt(first, 1);
      first.clock.set(at(90_000));
      await checkOne(first, 'alpha');
      await tickAt(first, 2);
    })();
    // It ends, or waits for ever.
    let isOver = false;
    void running.then(() => {
      isOver = true;
    });
    for (let turn = 0; turn < 40 && !isOver; turn++) await first.clock.advance(500);
    const next = afterRestart(context, store);
    await tickAt(next, 5);
    await tickAt(next, 6);
    return { store, calls: dying.calls() };
  }

  it('at any call of two ticks and a manual check, done or not, loses nothing', async () => {
    const whole = await life(Number.POSITIVE_INFINITY, false);
    await expectNothingLost(whole.store);
    expect(whole.calls).toBeGreaterThan(20);
    for (let call = 1; call <= whole.calls; call++) {
      for (const isDone of [false, true]) await expectNothingLost((await life(call, isDone)).store);
    }
  });
});

describe('S7 costs nothing when nothing fails', () => {
  it('one write of the status and one of the check, and nothing is carried', async () => {
    const context = checkContext(FLEET);
    const writes: string[] = [];
    const inner = createMemoryStore({ now: context.clock.now });
    context.store = eachCall(inner, (name, parameters, go) => {
      if (name === 'checks.put')
        writes.push(...(parameters[0] as HealthCheck[]).map(({ provider: id }) => `check ${id}`));
      if (name === 'statuses.put') writes.push(`status ${(parameters[0] as { provider: string }).provider}`);
      return go();
    });
    for (let tick = 0; tick < 3; tick++) {
      writes.length = 0;
      await tickAt(context, tick);
      expect(writes.sort()).toEqual(IDS.flatMap((id) => [`check ${id}`, `status ${id}`]).sort());
      for (const id of IDS) expect(await inner.statuses.get(id)).not.toHaveProperty('unrecorded');
    }
  });
});
