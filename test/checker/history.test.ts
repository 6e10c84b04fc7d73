import { describe, expect, it } from 'vitest';
import { runTick } from '../../lib/checker/tick/tick.ts';
import type { ProviderConfig } from '../../lib/health/provider.ts';
import { uptimeOf } from '../../lib/health/uptime/uptime.ts';
import { createHistory } from '../../lib/history/history.ts';
import { readPast } from '../../lib/history/past.ts';
import { minute, provider } from '../support/builders.ts';
import { checkContext, type TestContext } from '../support/check-context.ts';
import { bad, held } from '../support/scripted-prober.ts';

const ALL_TIME = { from: minute(-10_000), to: minute(10_000), limit: 1000 };

/** A tick in each minute from one to another (exclusive). */
async function ticks(context: TestContext, from: number, to: number): Promise<void> {
  for (let minutes = from; minutes < to; minutes++) {
    context.clock.set(minute(minutes));
    const running = runTick(context, new Date(minute(minutes)), { owner: `tick ${minutes}`, deadlineAt: null });
    await context.clock.advance(1000);
    await running;
  }
}

async function uptimeNow(context: TestContext, config: ProviderConfig) {
  const now = context.clock.now();
  return uptimeOf('24h', await readPast(context.store, config, '24h', now), now);
}

describe('the ticks of an hour', () => {
  it('leave the hour before, each of its checks in it', async () => {
    const context = checkContext([provider()]);
    await ticks(context, 0, 86);
    const hours = await context.store.hours.list('alpha', ALL_TIME);
    expect(hours.map(({ hour, observations }) => [hour, observations.length])).toEqual([[minute(0), 60]]);
    expect(await context.store.days.list('alpha', ALL_TIME)).toMatchObject([{ hours: 1, through: minute(60) }]);
  });

  it('go on when history cannot be kept, and say so', async () => {
    const warnings: unknown[] = [];
    const context = checkContext([provider()]);
    context.log = { info() {}, error() {}, warn: (message, fields) => warnings.push({ message, ...fields }) };
    const { store } = context;
    context.history = createHistory({
      ...store,
      hours: {
        ...store.hours,
        put: () => Promise.reject(new Error('no capacity')),
      },
    });
    await ticks(context, 0, 86);
    expect((await store.checks.page('alpha', ALL_TIME)).items).toHaveLength(86);
    expect(warnings[0]).toEqual({
      message: 'history not kept',
      failed: [{ provider: 'alpha', reason: 'no capacity' }],
    });
  });
});

describe('history past the deadline of its tick', () => {
  it('is left to the next tick', async () => {
    const context = checkContext([provider()]);
    await ticks(context, 0, 60);
    const time = new Date(minute(85));
    context.clock.set(time);
    const hanging = held();
    context.prober.script('alpha', hanging.step);
    // The answer to the probe comes when the time is over: the rest of the reserve is not for history.
    const running = runTick(context, time, { owner: 'late', deadlineAt: new Date(time.getTime() + 10_000) });
    await context.clock.untilSleeping();
    await context.clock.advance(8000);
    hanging.release();
    expect(await running).toMatchObject({ stored: ['alpha'] });
    expect(await context.store.hours.list('alpha', ALL_TIME)).toEqual([]);
    expect(context.clock.sleeping).toBe(0);
    await ticks(context, 86, 87);
    expect(await context.store.hours.list('alpha', ALL_TIME)).toHaveLength(1);
  });
});

describe('a check in a planned pause', () => {
  it('is marked, judged like any other, and no downtime', async () => {
    const pause = { cron: '0 10 * * *', timeZone: 'UTC', durationMinutes: 30 };
    const config = provider({ maintenance: [pause] });
    const context = checkContext([config]);
    context.prober.script('alpha', bad('auth'));
    await ticks(context, 0, 30);
    expect((await context.store.checks.page('alpha', ALL_TIME)).items.every((check) => check.maintenance)).toBe(true);
    expect(await context.store.statuses.get('alpha')).toMatchObject({ state: 'blacklisted' });

    expect(await uptimeNow(context, config)).toMatchObject({
      checks: 0,
      maintenanceChecks: 30,
      uptimePercentage: null,
    });
    await ticks(context, 30, 40);
    expect(await uptimeNow(context, config)).toMatchObject({ checks: 10, maintenanceChecks: 30, usablePercentage: 0 });
  });

  it('set by hand is marked until its end', async () => {
    const config = provider();
    const context = checkContext([config]);
    await ticks(context, 0, 1);
    const status = await context.store.statuses.get('alpha');
    if (!status) throw new Error('expected a status after the first tick, got none');
    const paused = { ...status, version: status.version + 1, maintenanceUntil: minute(3) };
    await context.store.statuses.put(paused, status.version, null);
    await ticks(context, 1, 5);
    const { items } = await context.store.checks.page('alpha', ALL_TIME);
    expect(items.map(({ maintenance = false }) => maintenance).reverse()).toEqual([false, true, true, false, false]);
  });
});

it('a tick whose own network failed is no downtime: no provider was observed', async () => {
  const config = provider();
  const context = checkContext([config], { witnesses: ['127.0.0.1:1'] });
  await ticks(context, 0, 5);
  context.prober.script('alpha', bad('connect'));
  await ticks(context, 5, 10);
  expect(await uptimeNow(context, config)).toMatchObject({ checks: 5, uptimePercentage: 100, failures: {} });
});
