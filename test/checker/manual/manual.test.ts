import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../lib/base/log.ts';
import { CheckerError, TooManyChecksError } from '../../../lib/checker/errors.ts';
import { setPause } from '../../../lib/checker/fleet/pause.ts';
import { checkAll, checkOne } from '../../../lib/checker/manual/manual.ts';
import { checkReported } from '../../../lib/checker/manual/reported.ts';
import { runTick } from '../../../lib/checker/tick/tick.ts';
import { unknownStatus } from '../../../lib/health/next-status.ts';
import { minute, provider, START } from '../../support/builders.ts';
import { checkContext, type TestContext } from '../../support/check-context.ts';
import { bad, good, hanging } from '../../support/scripted-prober.ts';

const OPTIONS = { owner: 'one', deadlineAt: null };

/** From here on, reading the whole fleet fails. */
function refuseLists({ store }: TestContext): void {
  const fail = () => Promise.reject(new Error('expected one provider to be read, got all of them'));
  store.statuses.list = fail;
  store.registrations.list = fail;
}

async function refusalOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => null,
    (error: unknown) => error,
  );
}

describe('a manual check', () => {
  it('is recorded like any other, and says that it was asked for', async () => {
    const context = checkContext([provider({ id: 'a' })]);
    const check = await checkOne(context, 'a');
    expect(check).toMatchObject({ provider: 'a', trigger: 'manual', timestamp: START, isHealthy: true });
    expect(await context.store.statuses.get('a')).toMatchObject({ state: 'healthy', lastCheck: check });
  });

  it('gives its result, and logs it, when the table does not take it', async () => {
    const logged: unknown[] = [];
    const log = { ...silentLog, error: (message: string, fields?: unknown) => void logged.push([message, fields]) };
    const context = checkContext([provider({ id: 'a' })], { log });
    context.store.statuses.put = () => Promise.reject(new Error('simulated: write lost'));
    expect(await checkOne(context, 'a')).toMatchObject({ provider: 'a', isHealthy: true });
    const failed = [{ provider: 'a', reason: 'simulated: write lost' }];
    expect(logged).toEqual([['manual checks not stored', { failed }]]);
  });

  it('of an unknown provider names it', async () => {
    const error = await refusalOf(checkOne(checkContext([]), 'missing'));
    expect(error).toBeInstanceOf(CheckerError);
    expect(error).toMatchObject({ code: 'unknown_provider', message: 'There is no provider "missing".' });
  });

  it('A2: is refused within 10 s of the last one, with the last result and the time to wait', async () => {
    const context = checkContext([provider({ id: 'a' }), provider({ id: 'b' })]);
    const first = await checkOne(context, 'a');
    await context.clock.advance(4000);
    const error = await refusalOf(checkOne(context, 'a'));
    expect(error).toBeInstanceOf(TooManyChecksError);
    expect(error).toMatchObject({ code: 'too_many_checks', retryAfterSeconds: 6, lastCheck: first });
    expect((await checkOne(context, 'b')).isHealthy).toBe(true);
    await context.clock.advance(6000);
    expect((await checkOne(context, 'a')).isHealthy).toBe(true);
  });

  it('A2: is refused past 60 an hour in all', async () => {
    const context = checkContext(Array.from({ length: 61 }, (_, index) => provider({ id: `p${index}` })));
    for (let index = 0; index < 60; index++) await checkOne(context, `p${index}`);
    expect(await refusalOf(checkOne(context, 'p60'))).toMatchObject({ code: 'too_many_checks' });
    await context.clock.advance(3_600_000);
    expect((await checkOne(context, 'p60')).isHealthy).toBe(true);
  });

  it('A6: reads the one provider, and not the fleet', async () => {
    const context = checkContext([provider({ id: 'a' })]);
    await context.store.registrations.put({ provider: 'b', input: provider({ id: 'b' }), registeredAt: START });
    await context.store.statuses.put(unknownStatus(provider({ id: 'b' }), new Date(START)), null, null);
    refuseLists(context);
    for (const id of ['a', 'b']) {
      expect((await checkOne(context, id)).isHealthy).toBe(true);
      expect(await refusalOf(checkOne(context, id))).toMatchObject({ code: 'too_many_checks' });
      await setPause(context, id, 'drain', null);
      await context.clock.advance(10_000);
      expect(await checkReported(context, [id])).toHaveLength(1);
    }
  });

  it.each(['', 'A', '../a', 'x'.repeat(2000), '__proto__', 'a\u0000'])(
    'of %j, which is no id, is unknown',
    async (id) => {
      expect(await refusalOf(checkOne(checkContext([]), id))).toMatchObject({ code: 'unknown_provider' });
    },
  );

  it('T6: of a provider whose registration cannot be read says so, and takes no check from the limits', async () => {
    const parseProvider = () => {
      throw new Error('type: expected a provider type');
    };
    const context = checkContext([], { parseProvider });
    await context.store.registrations.put({ provider: 'odd', input: {}, registeredAt: START });
    for (let times = 0; times < 2; times++) {
      expect(await refusalOf(checkOne(context, 'odd'))).toMatchObject({
        code: 'unreadable',
        message: 'provider odd: registered settings cannot be used: type: expected a provider type',
      });
    }
    expect(await checkReported(context, ['odd'])).toEqual([]);
  });

  it('A2: ends within 25 s, with the status as it was', async () => {
    const context = checkContext([provider({ id: 'a' })]);
    context.prober.script('a', hanging());
    const refusal = refusalOf(checkOne(context, 'a'));
    await context.clock.untilSleeping();
    await context.clock.advance(25_000);
    expect(await refusal).toMatchObject({ code: 'unfinished' });
    expect(await context.store.statuses.get('a')).toBeNull();
  });

  it('sends the real request between two that list models, but not past the daily limit on tokens', async () => {
    const context = checkContext([
      provider({ id: 'a', completionEverySeconds: 3600, intervalSeconds: 60, maxTokensPerDay: 20 }),
    ]);
    const kinds: string[] = [];
    for (let index = 0; index < 4; index++) {
      kinds.push((await checkOne(context, 'a')).probe);
      await context.clock.advance(10_000);
    }
    // Each completion of the script uses 9 tokens: the third passes 20.
    expect(kinds).toEqual(['completion', 'completion', 'completion', 'models']);
    expect(await context.store.statuses.get('a')).toMatchObject({ tokenLimitReached: true });
  });

  it('S2: one that races a tick loses no transition and doubles none', async () => {
    const context = checkContext([provider({ id: 'a' })]);
    await runTick(context, new Date(START), OPTIONS);
    context.clock.set(minute(1));
    context.prober.script('a', bad('auth'));
    const tick = runTick(context, new Date(minute(1)), { owner: 'two', deadlineAt: null });
    context.clock.set(new Date(Date.parse(minute(1)) + 1));
    const manual = checkOne(context, 'a');
    const report = await tick;
    await manual;
    const { items } = await context.store.checks.page('a', { from: START, to: minute(9), limit: 100 });
    const status = await context.store.statuses.get('a');
    expect(status).toMatchObject({ state: 'unhealthy', consecutiveFailures: items.length - 1 });
    expect(report.stored.length + report.skipped.length).toBe(1);
  });
});

describe('a manual check of all', () => {
  it('probes every enabled provider and leaves out those without a result', async () => {
    const context = checkContext([
      provider({ id: 'a' }),
      provider({ id: 'off', enabled: false }),
      provider({ id: 'slow' }),
    ]);
    context.prober.script('a', good(120)).script('slow', hanging());
    const checks = checkAll(context);
    await context.clock.untilSleeping();
    await context.clock.advance(25_000);
    expect((await checks).map((check) => [check.provider, check.responseTimeMs])).toEqual([['a', 120]]);
  });

  it('A2: is refused within 10 s of the last one', async () => {
    const context = checkContext([provider({ id: 'a' })]);
    await checkAll(context);
    expect(await refusalOf(checkAll(context))).toMatchObject({ code: 'too_many_checks', retryAfterSeconds: 10 });
  });

  it('A2: counts as one of each enabled provider', async () => {
    const fleet = Array.from({ length: 25 }, (_, index) => provider({ id: `p${index}` }));
    const context = checkContext([...fleet, provider({ id: 'off', enabled: false })]);
    for (let times = 0; times < 2; times++) {
      expect(await checkAll(context)).toHaveLength(25);
      await context.clock.advance(10_000);
    }
    // 10 of the 60 are left.
    expect(await refusalOf(checkAll(context))).toMatchObject({ code: 'too_many_checks', retryAfterSeconds: 3580 });
    for (let index = 0; index < 10; index++) await checkOne(context, `p${index}`);
    expect(await refusalOf(checkOne(context, 'p10'))).toMatchObject({ code: 'too_many_checks' });
  });

  it('A2: takes the whole hour in a fleet of more than 60, and only where none of it was taken', async () => {
    const context = checkContext(Array.from({ length: 61 }, (_, index) => provider({ id: `p${index}` })));
    await checkOne(context, 'p0');
    await context.clock.advance(10_000);
    expect(await refusalOf(checkAll(context))).toMatchObject({ retryAfterSeconds: 3590 });
    await context.clock.advance(3_590_000);
    expect(await checkAll(context)).toHaveLength(61);
    await context.clock.advance(10_000);
    expect(await refusalOf(checkOne(context, 'p0'))).toMatchObject({ code: 'too_many_checks' });
  });

  it('A6: is refused before the fleet is read', async () => {
    const context = checkContext([provider({ id: 'a' })]);
    await checkAll(context);
    refuseLists(context);
    expect(await refusalOf(checkAll(context))).toMatchObject({ code: 'too_many_checks' });
  });
});
