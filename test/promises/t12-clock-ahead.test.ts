import { describe, expect, it } from 'vitest';
import { createApp } from '../../lib/api/app.ts';
import { memo } from '../../lib/api/read/memo.ts';
import { silentLog } from '../../lib/base/log.ts';
import { checkOne } from '../../lib/checker/manual/manual.ts';
import { createRecordedChecks } from '../../lib/checker/recorded.ts';
import { runTick } from '../../lib/checker/tick/tick.ts';
import { withAge } from '../../lib/health/aged-status.ts';
import { nextStatus, unknownStatus } from '../../lib/health/next-status.ts';
import { rank } from '../../lib/health/select.ts';
import { observationOf } from '../../lib/health/uptime/observation.ts';
import { uptimeOf } from '../../lib/health/uptime/uptime.ts';
import { withoutFuture } from '../../lib/health/without-future.ts';
import { createHistory } from '../../lib/history/history.ts';
import { readPast } from '../../lib/history/past.ts';
import { at, blacklistedStatus, goodCheck, healthyStatus, minute, provider, START } from '../support/builders.ts';
import { checkContext, type TestContext } from '../support/check-context.ts';
import { FakeClock } from '../support/clock.ts';
import { bad, good, held } from '../support/scripted-prober.ts';

const HOUR_MS = 3_600_000;
const ALL_TIME = { from: '1970-01-01T00:00:00.000Z', to: '2100-01-01T00:00:00.000Z', limit: 1000 };

async function tickAt(context: TestContext, minutes: number, clock: string = minute(minutes)) {
  context.clock.set(clock);
  const time = new Date(minute(minutes));
  const running = runTick(context, time, { owner: `${clock} ${minutes}`, deadlineAt: null });
  await context.clock.advance(1000);
  return running;
}

/** A second monitor on the same table, in a process and with a clock of its own. */
function monitorBeside(context: TestContext): TestContext {
  const other = checkContext(context.declared, { log: context.log });
  return Object.assign(other, { store: context.store, history: createHistory(context.store) });
}

function logging() {
  const logged: string[] = [];
  return { logged, log: { ...silentLog, warn: (message: string) => void logged.push(message) } };
}

async function answerOf(context: TestContext, path: string, method = 'GET') {
  const app = createApp({
    store: context.store,
    checker: null,
    declared: context.declared,
    monitor: { tickSeconds: 60, shards: ['0'] },
    log: silentLog,
    now: context.clock.now,
  });
  const response = await app.request(path, { method });
  return { status: response.status, body: (await response.json()) as { detail?: string } };
}

describe('T12: a tick ahead of the clock', () => {
  it.each([
    ['an hour', at(HOUR_MS)],
    ['a minute and a millisecond', at(60_001)],
    ['2099', '2099-01-01T00:00:00.000Z'],
  ])('by %s is refused with the reason, and leaves no trace', async (_, time) => {
    const { logged, log } = logging();
    const context = checkContext([provider()], { log });
    const report = await runTick(context, new Date(time), { owner: 'by hand', deadlineAt: null });
    expect(report).toMatchObject({ outcome: 'refused', due: 0, stored: [] });
    expect(report.reason).toContain(`expected at most 60 s after this machine's clock (${START}), got `);
    expect(logged).toEqual(['tick refused']);
    expect(context.prober.ids).toEqual([]);
    expect(await context.store.statuses.get('alpha')).toBeNull();
    expect(await tickAt(context, 0)).toMatchObject({ outcome: 'done', stored: ['alpha'] });
  });

  it('by a minute runs: clocks differ a little', async () => {
    const context = checkContext([provider()]);
    expect(await runTick(context, new Date(at(60_000)), { owner: 'one', deadlineAt: null })).toMatchObject({
      outcome: 'done',
    });
  });
});

describe('T12: a clock that was an hour ahead once', () => {
  async function afterWrongClock(declared = [provider()]) {
    const { logged, log } = logging();
    const context = checkContext(declared, { log });
    await tickAt(context, 0);
    await tickAt(context, 61);
    logged.length = 0;
    return { context, logged };
  }

  it('stops no tick after it is right again, and the first one reports what it overrides', async () => {
    const { context, logged } = await afterWrongClock();
    const report = await tickAt(context, 1);
    expect(report).toMatchObject({ outcome: 'done', stored: ['alpha'], fromFuture: ['alpha'] });
    expect(logged).toEqual([
      'tick claim from the future overridden: a clock is or was wrong',
      'status from the future overridden: a clock is or was wrong',
    ]);
    logged.length = 0;
    for (const tick of [2, 3, 4]) {
      expect(await tickAt(context, tick)).toMatchObject({ outcome: 'done', stored: ['alpha'], fromFuture: [] });
    }
    expect(logged).toEqual([]);
    expect(await context.store.statuses.get('alpha')).toMatchObject({
      lastCheck: { timestamp: minute(4) },
      since: START,
      consecutiveSuccesses: 6,
    });
    expect(await context.store.ticks.heartbeat('0')).toMatchObject({ tick: minute(4) });
    // Nothing is lost: the check from the future is recorded with its own time.
    const { items } = await context.store.checks.page('alpha', ALL_TIME);
    expect(items.map(({ timestamp }) => timestamp)).toEqual([61, 4, 3, 2, 1, 0].map(minute));
  });

  it('does not hide an outage: a provider that was down in the future may recover, and failures are noticed', async () => {
    const context = checkContext([provider({ blacklistAfter: 1 })]);
    context.prober.script('alpha', bad('auth'), bad('server_error'));
    await tickAt(context, 0);
    await tickAt(context, 61);
    context.prober.script('alpha', good());
    await tickAt(context, 1);
    for (let tick = 2; tick < 8; tick++) await tickAt(context, tick);
    expect(await context.store.statuses.get('alpha')).toMatchObject({ state: 'healthy' });
  });

  it('does not wait for the next completion until that time', async () => {
    const { context } = await afterWrongClock([provider({ completionEverySeconds: 600 })]);
    await tickAt(context, 1);
    expect(context.prober.probed.at(-1)?.kind).toBe('completion');
  });

  it('is called stale until it is right, with its distance as its age, by every answer', async () => {
    const { context } = await afterWrongClock();
    context.clock.set(minute(1));
    expect((await answerOf(context, '/v1/providers/alpha')).body).toMatchObject({
      ageMs: HOUR_MS,
      stale: true,
      fromFuture: true,
    });
    expect((await answerOf(context, '/v1/summary')).body).toMatchObject({
      ageMs: HOUR_MS,
      providers: { alpha: { ageMs: HOUR_MS, stale: true } },
    });
    expect((await answerOf(context, '/v1/scores')).body).toMatchObject({ scores: [{ ageMs: HOUR_MS, stale: true }] });
    expect((await answerOf(context, '/v1/select')).body).toMatchObject({ ranked: [{ ageMs: HOUR_MS, stale: true }] });
    const healthz = await answerOf(context, '/healthz');
    expect(healthz.status).toBe(503);
    expect(healthz.body).toMatchObject({ code: 'monitor_silent' });
    expect(healthz.body.detail).toContain('the last one says that it ended 3600 s from now, so the clock of');
    await tickAt(context, 1);
    expect((await answerOf(context, '/healthz')).status).toBe(200);
    expect((await answerOf(context, '/v1/providers/alpha')).body).toMatchObject({ stale: false });
  });

  it('puts its provider behind a fresh one in selection', () => {
    const now = new Date(START);
    const ahead = healthyStatus({ id: 'ahead' }, { timestamp: at(HOUR_MS), responseTimeMs: 10 });
    const fresh = healthyStatus({ id: 'fresh' }, { responseTimeMs: 900 });
    const { ranked } = rank([ahead, fresh], {}, now, () => 0.5);
    expect(ranked.map(({ status, stale }) => [status.provider, stale])).toEqual([
      ['fresh', false],
      ['ahead', true],
    ]);
    expect(withAge(fresh, now)).not.toHaveProperty('fromFuture');
  });

  it('hides no check from history: items that it made too early are skipped', async () => {
    const config = provider();
    const context = checkContext([config]);
    // A clock eleven hours ahead, for long enough that hours and the day were made.
    for (let tick = 660; tick < 760; tick++) await tickAt(context, tick);
    for (let tick = 0; tick < 90; tick++) await tickAt(context, tick);
    const now = new Date(minute(89));
    expect(uptimeOf('90d', await readPast(context.store, config, '90d', now), now).checks).toBe(90);
    const { observations } = await readPast(context.store, config, '24h', now);
    expect(observations).toHaveLength(90);
    const hours = await context.store.hours.list('alpha', { from: START, to: minute(60) });
    expect(hours.map(({ hour, observations: of }) => [hour, of.length])).toEqual([[minute(0), 60]]);
  });

  it('hides no check of the hour that it made before that was over', async () => {
    const config = provider();
    const context = checkContext([config]);
    for (let tick = 0; tick < 10; tick++) await tickAt(context, tick);
    const { items } = await context.store.checks.page('alpha', ALL_TIME);
    const [first] = items.map((check) => observationOf(check, 60_000)).reverse();
    if (first) await context.store.hours.put({ provider: 'alpha', hour: START, observations: [first] });
    const { observations } = await readPast(context.store, config, '24h', new Date(minute(10)));
    expect(observations).toHaveLength(10);
  });

  it('is reported by healthz from the first minute on', async () => {
    const context = checkContext([provider()]);
    await tickAt(context, 2);
    context.clock.set(minute(0));
    expect((await answerOf(context, '/healthz')).status).toBe(503);
    context.clock.set(minute(1));
    expect((await answerOf(context, '/healthz')).status).toBe(200);
  });

  it('does not keep an answer for an hour', async () => {
    const clock = new FakeClock();
    const kept = memo<number>(60_000, clock.now);
    clock.set(at(HOUR_MS));
    expect(await kept('a', async () => 1)).toBe(1);
    clock.set(START);
    expect(await kept('a', async () => 2)).toBe(2);
  });
});

describe('T12: a manual check', () => {
  it('overrides a status from the future', async () => {
    const context = checkContext([provider()]);
    await tickAt(context, 61);
    context.clock.set(START);
    expect(await checkOne(context, 'alpha')).not.toHaveProperty('notCounted');
    expect(await context.store.statuses.get('alpha')).toMatchObject({ lastCheck: { timestamp: START } });
  });

  it('that changed nothing says so: a newer one was there first', async () => {
    const context = checkContext([provider()]);
    const slow = held(good(300));
    context.prober.script('alpha', slow.step, good());
    const checking = checkOne(context, 'alpha');
    while (context.prober.ids.length === 0) await context.clock.advance(0);
    await tickAt(context, 1);
    slow.release();
    expect(await checking).toMatchObject({ responseTimeMs: 300, notCounted: 'outdated' });
    expect(await context.store.statuses.get('alpha')).toMatchObject({ lastCheck: { timestamp: minute(1) } });
  });

  it('that changed nothing says so: the network of the monitor failed, or the table did not take it', async () => {
    const context = checkContext([provider()], { witnesses: ['127.0.0.1:1'] });
    context.prober.script('alpha', bad('connect'));
    expect(await checkOne(context, 'alpha')).toMatchObject({ notCounted: 'monitor_fault' });
    context.prober.script('alpha', good());
    context.store.statuses.put = () => Promise.reject(new Error('simulated: write lost'));
    await context.clock.advance(10_000);
    expect(await checkOne(context, 'alpha')).toMatchObject({ notCounted: 'not_stored' });
  });
});

/**
 * Neither stops the other: every tick of both runs, and every check is recorded and counts once, in the order of the
 * writes. The monitor whose clock is behind overrides what the other wrote, and logs that each time; for the other,
 * these statuses are just old. A reader with a correct clock sees a status from the wrong clock as stale.
 */
describe('T12: two monitors on one table whose clocks differ by an hour', () => {
  it('both run every tick, lose and double nothing, and the one behind reports each override', async () => {
    const { logged, log } = logging();
    const behind = checkContext([provider()], { log });
    const ahead = monitorBeside(behind);
    for (let tick = 0; tick < 20; tick++) {
      expect(await tickAt(ahead, tick + 60)).toMatchObject({ outcome: 'done', stored: ['alpha'], fromFuture: [] });
      expect(await tickAt(behind, tick)).toMatchObject({ outcome: 'done', stored: ['alpha'], fromFuture: ['alpha'] });
      expect((await answerOf(behind, '/v1/providers/alpha')).body).toMatchObject({ stale: false });
    }
    expect(logged.filter((line) => line.startsWith('status from the future'))).toHaveLength(20);
    const { items } = await behind.store.checks.page('alpha', ALL_TIME);
    expect(items).toHaveLength(40);
    expect(new Set(items.map(({ timestamp }) => timestamp)).size).toBe(40);
    // One write a check, after the first.
    const status = await behind.store.statuses.get('alpha');
    expect(status).toMatchObject({ version: 41, consecutiveSuccesses: 40, state: 'healthy' });
    expect(status).not.toHaveProperty('unrecorded');
  });

  it('an outage begins and ends for both', async () => {
    const behind = checkContext([provider()]);
    const ahead = monitorBeside(behind);
    const outage = (monitor: TestContext, isDown: boolean) =>
      monitor.prober.script('alpha', isDown ? bad('server_error') : good());
    const states: string[] = [];
    for (let tick = 0; tick < 24; tick++) {
      for (const [monitor, minutes] of [
        [ahead, tick + 60],
        [behind, tick],
      ] as const) {
        outage(monitor, tick >= 4 && tick < 8);
        await tickAt(monitor, minutes);
      }
      states.push((await behind.store.statuses.get('alpha'))?.state ?? 'none');
    }
    expect(states.slice(0, 4)).toEqual(Array(4).fill('healthy'));
    expect(states.slice(5, 8)).toEqual(Array(3).fill('blacklisted'));
    expect(states.at(-1)).toBe('healthy');
  });
});

describe('T12: the rules', () => {
  it('a hold made by a clock ahead ends 5 minutes from now at the latest', () => {
    const wrong = { ...blacklistedStatus({ blacklistAfter: 3 }), transitionTimes: [at(-2 * HOUR_MS), minute(2)] };
    const now = new Date(at(-HOUR_MS));
    const believed = withoutFuture(wrong, now);
    expect(believed).toMatchObject({ state: 'blacklisted', lastCheck: null, holdUntil: at(-HOUR_MS + 300_000) });
    expect(believed.blacklistTimes).toEqual([]);
    expect(believed.transitionTimes).toEqual([at(-2 * HOUR_MS)]);
    expect(believed.since <= now.toISOString()).toBe(true);
    expect(withoutFuture(wrong, new Date(minute(3)))).toBe(wrong);
  });

  it('what this process has seen recorded is forgotten with its provider, and bounded', () => {
    const recorded = createRecordedChecks();
    const check = (index: number) => goodCheck({ timestamp: minute(index) });
    for (let index = 0; index < 100; index++) recorded.add(check(index));
    expect([0, 75, 76, 99].map((index) => recorded.has(check(index)))).toEqual([false, false, true, true]);
    recorded.keepOnly((id) => id === 'beta');
    expect(recorded.has(check(99))).toBe(false);
    expect(nextStatus(unknownStatus(provider(), new Date(START)), check(0), provider())?.status.unrecorded).toBe(
      undefined,
    );
  });
});
