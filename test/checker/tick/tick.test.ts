import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../../lib/base/log.ts';
import type { CheckContext } from '../../../lib/checker/context.ts';
import { runTick } from '../../../lib/checker/tick/tick.ts';
import { unknownStatus } from '../../../lib/health/next-status.ts';
import type { ProviderConfig } from '../../../lib/health/provider.ts';
import type { Store } from '../../../lib/store/store.ts';
import { minute, provider, START } from '../../support/builders.ts';
import { checkContext } from '../../support/check-context.ts';
import { bad, good, hanging, held } from '../../support/scripted-prober.ts';
import { CLOSED } from '../../support/servers/closed.ts';

const TICK = new Date(START);
const OPTIONS = { owner: 'one', deadlineAt: null };
const fleetOf = (...ids: string[]): ProviderConfig[] => ids.map((id) => provider({ id }));
const RANGE = { from: minute(-60), to: minute(60), limit: 100 };

async function checksOf(store: Store, id: string) {
  return (await store.checks.page(id, RANGE)).items;
}

/** Ticks at minute 0, 1, 2 …, each with the owner of its own invocation. */
async function tickAt(context: ReturnType<typeof checkContext>, minutes: number, owner = `tick ${minutes}`) {
  context.clock.set(minute(minutes));
  const running = runTick(context, new Date(minute(minutes)), { owner, deadlineAt: null });
  await context.clock.advance(1000);
  return running;
}

describe('a tick', () => {
  it('probes every due provider once and records status, check and transition', async () => {
    const context = checkContext(fleetOf('a', 'b'));
    const report = await runTick(context, TICK, OPTIONS);
    expect(report).toMatchObject({ outcome: 'done', due: 2, stored: ['a', 'b'], failed: [], skipped: [] });
    expect(report.transitions.map(({ provider, from, to }) => [provider, from, to])).toEqual([
      ['a', 'unknown', 'healthy'],
      ['b', 'unknown', 'healthy'],
    ]);
    expect(await context.store.statuses.get('a')).toMatchObject({ state: 'healthy', since: START });
    expect(await checksOf(context.store, 'b')).toMatchObject([{ timestamp: START, trigger: 'schedule', attempts: 1 }]);
    expect(await context.store.ticks.heartbeat('0')).toMatchObject({ tick: START, due: 2, stored: 2 });
  });

  it('T1: stores each result as it settles, without waiting for the others', async () => {
    const context = checkContext(fleetOf('hangs', 'quick'));
    const slow = held();
    context.prober.script('hangs', slow.step);
    const quickStored = new Promise<void>((resolve) => {
      context.onApplied = async (check) => {
        if (check.provider === 'quick') resolve();
      };
    });
    const running = runTick(context, TICK, OPTIONS);
    await quickStored;
    expect(await context.store.statuses.get('quick')).toMatchObject({ state: 'healthy' });
    expect(await context.store.statuses.get('hangs')).toBeNull();
    slow.release();
    expect((await running).stored.sort()).toEqual(['hangs', 'quick']);
  });

  it('T2: ends 3 s before the deadline with what it has, and skips those that it did not reach', async () => {
    const context = checkContext(fleetOf('hangs', 'quick'));
    context.prober.script('hangs', hanging());
    const deadlineAt = new Date(TICK.getTime() + 10_000);
    const running = runTick(context, TICK, { owner: 'one', deadlineAt });
    await context.clock.untilSleeping();
    await context.clock.advance(7000);
    const report = await running;
    expect(context.clock.now().getTime()).toBe(deadlineAt.getTime() - 3000);
    expect(report).toMatchObject({ due: 2, stored: ['quick'], skipped: [{ provider: 'hangs', reason: 'deadline' }] });
    expect(await context.store.statuses.get('hangs')).toBeNull();
    expect(context.clock.sleeping).toBe(0);
  });

  it('T3: reports the writes that it lost by id, stores the rest, and the next tick repairs them', async () => {
    const context = checkContext(fleetOf('a', 'b', 'c', 'd'));
    const { store } = context;
    const put = store.checks.put;
    const putStatus = store.statuses.put;
    context.store = {
      ...store,
      checks: {
        ...store.checks,
        put: async (checks) => {
          const lost = checks.filter((check) => check.provider === 'b');
          const rest = checks.filter((check) => check.provider !== 'b');
          return { unstored: [...(await put.call(store.checks, rest)).unstored, ...lost] };
        },
      },
      statuses: {
        ...store.statuses,
        put: (status, basedOn, transition) =>
          status.provider === 'c'
            ? Promise.reject(new Error('simulated: write lost'))
            : putStatus.call(store.statuses, status, basedOn, transition),
      },
    };
    const report = await tickAt(context, 0);
    expect(report.stored.sort()).toEqual(['a', 'd']);
    expect(report.failed.map(({ provider }) => provider).sort()).toEqual(['b', 'c']);
    expect(report.failed.find(({ provider }) => provider === 'c')?.reason).toContain('simulated: write lost');
    expect(report.stored.length + report.failed.length + report.skipped.length).toBe(report.due);
    expect(await checksOf(store, 'b')).toEqual([]);

    context.store = store;
    const next = await tickAt(context, 1);
    expect(next).toMatchObject({ due: 4, failed: [] });
    expect((await checksOf(store, 'b')).map(({ timestamp }) => timestamp)).toEqual([minute(1), minute(0)]);
    expect(await store.statuses.get('c')).toMatchObject({ state: 'healthy' });
  });

  it('T3: says so when the repair of an earlier tick is lost too', async () => {
    const logged: unknown[] = [];
    const log = { ...silentLog, warn: (message: string, fields?: unknown) => void logged.push([message, fields]) };
    const context = checkContext(fleetOf('a'), { log });
    const { store } = context;
    context.store = { ...store, checks: { ...store.checks, put: async (checks) => ({ unstored: [...checks] }) } };
    await tickAt(context, 0);
    await tickAt(context, 1);
    expect(logged).toEqual([
      ['items of earlier checks not written yet', { providers: ['a'], error: 'the table had no capacity' }],
    ]);
  });

  it('T4: does nothing when it is delivered twice', async () => {
    const context = checkContext(fleetOf('a'));
    await tickAt(context, 0, 'first delivery');
    const before = await context.store.statuses.get('a');
    expect(await tickAt(context, 0, 'second delivery')).toMatchObject({ outcome: 'taken', due: 0 });
    expect(await context.store.statuses.get('a')).toEqual(before);
    expect(context.prober.ids).toEqual(['a']);
  });

  it('T4: does nothing when it comes after a newer one', async () => {
    const context = checkContext(fleetOf('a'));
    await tickAt(context, 1);
    expect(await tickAt(context, 0)).toMatchObject({ outcome: 'taken' });
    expect(await checksOf(context.store, 'a')).toHaveLength(1);
  });

  it('T4: an overlapped tick puts no older result over a newer one, and adds no check, streak or transition', async () => {
    const context = checkContext(fleetOf('a'));
    const slow = held(bad('bad_request'));
    context.prober.script('a', slow.step, good());
    const older = runTick(context, TICK, OPTIONS);
    const newer = await runTick(context, new Date(minute(1)), { owner: 'two', deadlineAt: null });
    expect(newer.stored).toEqual(['a']);
    const before = await context.store.statuses.get('a');
    slow.release();
    expect(await older).toMatchObject({
      stored: [],
      skipped: [{ provider: 'a', reason: 'outdated' }],
      transitions: [],
    });
    expect(await context.store.statuses.get('a')).toEqual(before);
    expect((await checksOf(context.store, 'a')).map(({ timestamp }) => timestamp)).toEqual([minute(1)]);
  });

  it('T5: a retry after a crash does the missing work, despite its own claim', async () => {
    const context = checkContext(fleetOf('a', 'b'));
    context.prober.script('b', hanging());
    const crash = new AbortController();
    const dying: CheckContext = { ...context, stopping: crash.signal };
    dying.store = { ...context.store, ticks: { ...context.store.ticks, finish: async () => {} } };
    dying.store.ticks.claim = (claim) => context.store.ticks.claim(claim);
    const first = runTick(dying, TICK, { owner: 'invocation', deadlineAt: null });
    while ((await context.store.statuses.get('a')) === null) await context.clock.advance(0);
    crash.abort();
    await first;
    context.prober.script('b', good());
    const retry = await runTick(context, TICK, { owner: 'invocation', deadlineAt: null });
    expect(retry).toMatchObject({ outcome: 'done', due: 1, stored: ['b'] });
    expect(context.prober.ids).toEqual(['a', 'b', 'b']);
  });

  it('T6: a registered provider that cannot be read affects no other, and is shown', async () => {
    const context = checkContext(fleetOf('a'), {
      parseProvider: () => {
        throw new Error('type: expected a known one, got "gone"');
      },
    });
    await context.store.registrations.put({ provider: 'odd', input: { type: 'gone' }, registeredAt: START });
    const report = await runTick(context, TICK, OPTIONS);
    expect(report).toMatchObject({ due: 2, stored: ['a'] });
    expect(report.failed).toEqual([
      { provider: 'odd', reason: 'registered settings cannot be used: type: expected a known one, got "gone"' },
    ]);
  });

  it('T6: a prober that throws, or leaves one out, affects that provider only', async () => {
    const context = checkContext(fleetOf('a', 'b'));
    context.prober.script('a', () => {
      throw new Error('defect');
    });
    context.prober.probeAll = (targets, signal) =>
      targets.map((target) => Promise.resolve().then(() => context.prober.probe(target, signal)));
    const report = await runTick(context, TICK, OPTIONS);
    expect(report).toMatchObject({ stored: ['b'], failed: [{ provider: 'a', reason: 'defect' }] });
  });

  it('leaves alone a provider whose tokens of the day are used up, when its type lists no models', async () => {
    const context = checkContext([provider({ id: 'a', type: 'perplexity', maxTokensPerDay: 9 })]);
    expect(await tickAt(context, 0)).toMatchObject({ stored: ['a'] });
    expect(await tickAt(context, 1)).toMatchObject({ due: 1, skipped: [{ provider: 'a', reason: 'token_limit' }] });
    expect(await context.store.statuses.get('a')).toMatchObject({ state: 'healthy', tokenLimitReached: true });
    expect(context.prober.ids).toEqual(['a']);
  });

  it('T7: probes each due provider on every tick, healthy or not, and never more when all are down', async () => {
    const context = checkContext(fleetOf('up', 'down'));
    context.prober.script('down', bad('server_error'));
    for (let tick = 0; tick < 5; tick++) await tickAt(context, tick);
    expect(await context.store.statuses.get('down')).toMatchObject({ state: 'blacklisted' });
    expect(context.prober.ids.filter((id) => id === 'up')).toHaveLength(5);
    expect(context.prober.ids.filter((id) => id === 'down')).toHaveLength(5);
  });
});

describe('the confirmation', () => {
  it('one lost packet changes no state: the failure is probed again a second later, and recorded', async () => {
    const context = checkContext(fleetOf('a'));
    await tickAt(context, 0);
    context.prober.script('a', bad('connect'), good(300));
    const report = await tickAt(context, 1);
    expect(report.transitions).toEqual([]);
    const [check] = await checksOf(context.store, 'a');
    expect(check).toMatchObject({ isHealthy: true, attempts: 2, responseTimeMs: 300 });
    expect(check?.firstAttempt).toMatchObject({ category: 'connect', errorMessage: 'simulated connect' });
  });

  it('a real outage is noticed within one tick', async () => {
    const context = checkContext(fleetOf('a'));
    await tickAt(context, 0);
    context.prober.script('a', bad('server_error'));
    const report = await tickAt(context, 1);
    expect(report.transitions).toMatchObject([{ from: 'healthy', to: 'unhealthy', category: 'server_error' }]);
    expect((await checksOf(context.store, 'a'))[0]).toMatchObject({ attempts: 2, isHealthy: false });
  });

  it.each(['auth', 'quota', 'rate_limited', 'model_not_found', 'bad_request', 'redirect', 'too_large'] as const)(
    'is not asked for after %s, which does not pass by itself',
    async (category) => {
      const context = checkContext(fleetOf('a'));
      await tickAt(context, 0);
      context.prober.script('a', bad(category));
      await tickAt(context, 1);
      expect(context.prober.ids).toHaveLength(2);
    },
  );

  it('is not made for a provider that did not work before', async () => {
    const context = checkContext(fleetOf('a'));
    context.prober.script('a', bad('timeout'));
    await tickAt(context, 0);
    await tickAt(context, 1);
    expect(context.prober.ids).toHaveLength(2);
  });

  it('that is interrupted leaves the provider as it was', async () => {
    const context = checkContext(fleetOf('a'));
    await tickAt(context, 0);
    context.prober.script('a', bad('server_error'), hanging());
    context.clock.set(minute(1));
    const deadlineAt = new Date(Date.parse(minute(1)) + 5000);
    const running = runTick(context, new Date(minute(1)), { owner: 'two', deadlineAt });
    await context.clock.untilSleeping(2);
    await context.clock.advance(2000);
    expect(await running).toMatchObject({ skipped: [{ provider: 'a', reason: 'deadline' }] });
    expect(await context.store.statuses.get('a')).toMatchObject({ state: 'healthy' });
  });
});

describe('a monitor fault', () => {
  const closers: (() => void)[] = [];
  afterEach(() => {
    for (const close of closers.splice(0)) close();
  });

  /** A witness on this machine that accepts connections. */
  async function witness(): Promise<string> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    closers.push(() => server.close());
    return `127.0.0.1:${address.port}`;
  }

  async function tickWithFailures(failing: number, of: number, witnesses: string[]) {
    const ids = Array.from({ length: of }, (_, index) => `p${index}`);
    const context = checkContext(fleetOf(...ids), { witnesses });
    await tickAt(context, 0);
    for (const id of ids.slice(0, failing)) context.prober.script(id, bad('connect'));
    return { context, report: await tickAt(context, 1) };
  }

  it('T8: changes no state and is recorded when the witnesses fail too', async () => {
    const { context, report } = await tickWithFailures(4, 5, [CLOSED, CLOSED]);
    expect(report).toMatchObject({ monitorFault: true, stored: ['p4'], transitions: [] });
    expect(report.skipped.map(({ reason }) => reason)).toEqual(Array(4).fill('monitor_fault'));
    expect(report.stored.length + report.failed.length + report.skipped.length).toBe(report.due);
    expect(await context.store.statuses.get('p0')).toMatchObject({ state: 'healthy', consecutiveFailures: 0 });
    expect(await context.store.ticks.heartbeat('0')).toMatchObject({ monitorFault: true });
  });

  it('is not assumed when one witness answers: then the providers are down', async () => {
    const { report } = await tickWithFailures(5, 5, [CLOSED, await witness()]);
    expect(report).toMatchObject({ monitorFault: false, unhealthy: 5 });
  });

  it('is not assumed when fewer than 80% of the providers fail', async () => {
    const { report } = await tickWithFailures(3, 4, [CLOSED]);
    expect(report).toMatchObject({ monitorFault: false, unhealthy: 3 });
  });

  it('is not assumed without witnesses', async () => {
    const { report } = await tickWithFailures(5, 5, []);
    expect(report).toMatchObject({ monitorFault: false, unhealthy: 5 });
  });
});

describe('the fleet', () => {
  it('S6: a provider deleted during a tick is not brought back', async () => {
    const context = checkContext([]);
    await context.store.registrations.put({ provider: 'gone', input: { id: 'gone' }, registeredAt: START });
    await context.store.statuses.put(unknownStatus(provider({ id: 'gone' }), TICK), null, null);
    const slow = held();
    context.prober.script('gone', slow.step);
    const running = runTick(context, TICK, OPTIONS);
    while (context.prober.ids.length === 0) await context.clock.advance(0);
    await context.store.registrations.delete('gone');
    await context.store.statuses.delete('gone');
    slow.release();
    expect(await running).toMatchObject({ stored: [], skipped: [{ provider: 'gone', reason: 'removed' }] });
    expect(await context.store.statuses.get('gone')).toBeNull();
  });

  it.each([
    [3, 'Deploy with more memory (memorySize.check): this one has more than the 3 providers'],
    [4, null],
  ])('of 4 providers where %i are measured well is a warning: %s', async (mostProviders, advice) => {
    const warnings: unknown[] = [];
    const context = checkContext(fleetOf('a', 'b', 'c', 'd'));
    context.log = { info() {}, error() {}, warn: (message, fields) => warnings.push([message, fields]) };
    await runTick(context, new Date(START), { owner: 'one', deadlineAt: null, mostProviders });
    const expected = [
      'shard too full',
      expect.objectContaining({ providers: 4, advice: expect.stringContaining(advice ?? '') }),
    ];
    expect(warnings).toEqual(advice === null ? [] : [expected]);
  });

  it('loses the status of a provider that is no longer declared', async () => {
    const context = checkContext(fleetOf('a', 'old'));
    await tickAt(context, 0);
    // A deployment is a new process.
    await tickAt(checkContext(fleetOf('a'), { store: context.store }), 1);
    expect(await context.store.statuses.get('old')).toBeNull();
  });

  it('shows a disabled provider and never probes it', async () => {
    const context = checkContext([provider({ id: 'off', enabled: false })]);
    const report = await tickAt(context, 0);
    expect(report.due).toBe(0);
    expect(context.prober.ids).toEqual([]);
    expect(await context.store.statuses.get('off')).toMatchObject({ state: 'unknown', enabled: false });
  });

  it('takes new settings into the status of a provider that is not due', async () => {
    const context = checkContext([provider({ id: 'a', intervalSeconds: 3600 })]);
    await tickAt(context, 0);
    context.declared = [provider({ id: 'a', intervalSeconds: 3600, tags: ['eu'] })];
    expect(await tickAt(context, 1)).toMatchObject({ due: 0 });
    expect(await context.store.statuses.get('a')).toMatchObject({ tags: ['eu'], state: 'healthy' });
  });
});
