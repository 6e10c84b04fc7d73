/** The reader of a real table that answers: what it reads, when, and what it keeps. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { unknownStatus } from '../../lib/health/next-status.ts';
import { createHealthReader } from '../../lib/reader/index.ts';
import { statusItem } from '../../lib/store/items/status-item.ts';
import { CHECKS, status } from '../store/contract/samples.ts';
import { loseAnswer, neverAnswer, refuse } from '../store/dynamo/faulty-table.ts';
import { blacklistedStatus, healthyStatus, minute, provider, START, unhealthyStatus } from '../support/builders.ts';
import {
  fast,
  gateway,
  IDS,
  middling,
  providersOf,
  type ReaderTable,
  shown,
  slow,
  startReaderTable,
  testClock,
} from './support.ts';

let table: ReaderTable;

beforeAll(async () => {
  table = await startReaderTable();
});

beforeEach(() => table.reset());

afterAll(() => table.close());

describe('a reader whose table works', () => {
  it('picks the best of those that work, from the table first and from its copy then', async () => {
    await table.put(fast, slow, middling);
    const { health } = table.reader();
    expect(await health.pick()).toEqual({ provider: 'alpha', panic: false, source: 'table', ageMs: 0, problem: null });
    expect(await health.pick()).toMatchObject({ provider: 'alpha', source: 'cache' });
    expect(providersOf(await health.rank())).toEqual(['alpha', 'gamma', 'beta']);
  });

  it('R5: has one that is down as the last resort, and not among the healthy', async () => {
    await table.put(unhealthyStatus({ id: 'alpha' }), slow, middling);
    const { health } = table.reader();
    expect(await health.rank()).toMatchObject({ panic: false, source: 'table' });
    expect(providersOf(await health.rank())).toEqual(['gamma', 'beta', 'alpha']);
    expect(await health.getHealthyProviders()).toMatchObject({ providers: ['gamma', 'beta'] });
  });

  it.each([
    [{ only: ['beta', 'gamma'] }, ['gamma', 'beta']],
    [{ exclude: ['alpha'] }, ['gamma', 'beta']],
    [{ tag: 'eu' }, ['alpha']],
    [{ only: ['beta'], exclude: ['beta'] }, []],
  ] as const)('narrows the choice by %j', async (selection, expected) => {
    await table.put(fast, slow, middling);
    const { health } = table.reader();
    expect(providersOf(await health.rank(selection))).toEqual(expected);
    expect((await health.pick(selection)).provider).toBe(expected[0] ?? null);
  });

  it.each([
    [null, 'selection: expected an object, got null.'],
    [5, 'selection: expected an object, got 5.'],
    ['alpha', 'selection: expected an object, got string.'],
    [['alpha'], 'selection: expected an object, got object.'],
    [{ only: 'alpha' }, 'only: expected a list of ids, got string.'],
    [{ only: [7] }, 'only: expected a list of ids, got object.'],
    [{ exclude: 7 }, 'exclude: expected a list of ids, got 7.'],
    [{ tag: [] }, 'tag: expected a text, got object.'],
    [{ strategy: 'fastest' }, 'strategy: expected best or weighted, got string.'],
    [{ onyl: ['beta'] }, 'onyl: expected only or exclude or tag or strategy, got another option.'],
  ])('never fails by a wrong selection: ignores %j and says what is wrong', async (wrong, mistake) => {
    await table.put(fast, slow, middling);
    const { health } = table.reader();
    const selection = wrong as never;
    const advice =
      "The reader ignored the whole selection. Write, for example, { strategy: 'best', only: ['openai'] }.";
    const problem = { code: 'bad_selection', message: `${mistake} ${advice}` };
    expect(await health.pick(selection)).toMatchObject({ provider: 'alpha', problem });
    expect(await health.rank(selection)).toMatchObject({ panic: false, problem });
    expect(await health.getHealthyProviders(selection)).toMatchObject({ problem });
  });

  it('draws by score when the strategy is weighted', async () => {
    await table.put(fast, slow, middling);
    const draws = [0.999, 0.001];
    const { health } = table.reader({ random: () => draws.shift() ?? 0.5 });
    expect((await health.pick({ strategy: 'weighted' })).provider).toBe('beta');
    expect((await health.pick({ strategy: 'weighted' })).provider).toBe('alpha');
  });

  it('keeps the given order of providers that the monitor does not know when the strategy is weighted', async () => {
    await table.put(fast);
    const { health } = table.reader();
    const weighted = { strategy: 'weighted', exclude: ['alpha'] } as const;
    for (let draw = 0; draw < 20; draw += 1) {
      expect((await health.pick(weighted)).provider).toBe('gamma');
      expect(providersOf(await health.rank(weighted))).toEqual(['gamma', 'beta']);
    }
  });

  it('names no provider that it was not given, but gives the statuses of all', async () => {
    await table.put(fast, healthyStatus({ id: 'stranger' }, { responseTimeMs: 1 }));
    const { health } = table.reader();
    expect(providersOf(await health.rank())).not.toContain('stranger');
    const all = await health.getAllHealthStatus();
    expect(all.statuses.map(({ provider }) => provider)).toEqual(['alpha', 'stranger']);
    expect((await health.getHealthSummary()).totalProviders).toBe(2);
  });

  it('answers with the statuses that the monitor wrote, and how old each is', async () => {
    await table.put(fast, slow, unhealthyStatus({ id: 'gamma' }, 'auth'));
    const { health, clock } = table.reader();
    await clock.advance(90_000);
    const { status, source } = await health.getHealthStatus('alpha');
    const top = { responseTimeMs: 100, errorMessage: null, timestamp: START };
    expect(status).toEqual({ ...shown(fast), ...top, ageMs: 90_000, stale: false });
    expect(await health.getHealthStatus('alpha')).toMatchObject({
      provider: 'alpha',
      model: 'test-model',
      isHealthy: true,
      ...top,
    });
    expect(source).toBe('table');
    expect(await health.getProviderHealthScore('alpha')).toMatchObject({
      healthScore: fast.healthScore,
      routingScore: fast.routingScore,
      source: 'cache',
    });
    expect([health.isHealthy('alpha'), health.isHealthy('gamma')]).toEqual([true, false]);
    expect(await health.getHealthSummary()).toMatchObject({
      totalProviders: 3,
      healthyProviders: 2,
      providers: { gamma: { category: 'auth', fault: 'ours' } },
      source: 'cache',
    });
  });

  it.each([
    ...CHECKS.map(([name, lastCheck]) => [`last check is ${name}`, status({ lastCheck })] as const),
    ['state is unknown', unknownStatus(provider(), new Date(START))] as const,
    ['state is degraded', status({ state: 'degraded', isHealthy: true, reason: 'slow', retryAt: null })] as const,
    ['state is blacklisted', blacklistedStatus()] as const,
    ['state is blacklisted by a fault of ours', blacklistedStatus({}, 'auth')] as const,
    [
      'fields are all set',
      status({
        enabled: false,
        tags: ['eu', 'cheap'],
        flapping: true,
        tokenLimitReached: true,
        transitionTimes: [minute(1), minute(2)],
        blacklistTimes: [minute(3)],
        tokensToday: { day: '2026-03-01', count: 42 },
        drainUntil: minute(4),
        drainReason: 'costs too much',
        maintenanceUntil: minute(5),
        maintenanceReason: 'moves',
      }),
    ] as const,
  ])('answers with all that the monitor knows of a provider whose %s', async (_, written) => {
    await table.putItem({ ...statusItem(written, 'alert_due', 'test') });
    const { health, clock } = table.reader();
    clock.set(written.lastCheck?.timestamp ?? START);
    const { status: read } = await health.getHealthStatus('alpha');
    const { responseTimeMs = null, errorMessage = null, timestamp = null } = written.lastCheck ?? {};
    const top = { responseTimeMs, errorMessage, timestamp };
    expect(read).toEqual({ ...shown(written), ...top, ageMs: expect.any(Number), stale: false });
  });

  it('reads more statuses than one answer of DynamoDB holds', async () => {
    await table.put(fast, slow, middling);
    let pages = 0;
    table.proxy.failAlways('Query', async (call) => {
      pages += 1;
      call.reply(await call.forward({ ...call.body, Limit: 1 }));
    });
    const { health } = table.reader();
    expect(providersOf(await health.rank())).toEqual(['alpha', 'gamma', 'beta']);
    expect(pages).toBeGreaterThanOrEqual(3);
  });

  it('does not show a status whose time is over', async () => {
    await table.put(slow, middling);
    await table.putItem({ ...statusItem(fast, null, 'test'), expiresAt: Date.parse(START) / 1000 - 1 });
    const { health } = table.reader();
    expect(await health.getHealthStatus('alpha')).toMatchObject({ status: null, source: 'table' });
  });

  it('puts a provider that the monitor does not know behind those that work', async () => {
    await table.put(unhealthyStatus({ id: 'alpha' }), slow);
    const { health } = table.reader();
    const { ranked } = await health.rank();
    expect(ranked.map(({ provider, usable }) => [provider, usable])).toEqual([
      ['beta', true],
      ['gamma', true],
      ['alpha', false],
    ]);
    expect(health.isHealthy('gamma')).toBe(true);
  });

  it('keeps working where another changes a list that it was given', async () => {
    await table.put(fast, slow, middling);
    const { health } = table.reader();
    const { statuses } = await health.getAllHealthStatus();
    statuses.length = 0;
    const { providers } = await health.getHealthyProviders();
    providers.length = 0;
    expect(providersOf(await health.rank())).toHaveLength(3);
  });
});

describe('the first answer of a reader', () => {
  /** A table that answers when the test opens the gate. */
  function slowTable() {
    const gate = gateway();
    table.proxy.fail('Query', async (call) => {
      await gate.opened;
      call.reply(await call.forward());
    });
    return gate;
  }

  it('R6: has statuses when the table answers before the first call: the read begins with the reader', async () => {
    await table.put(fast, slow, middling);
    const { health } = table.reader();
    await expect.poll(() => table.proxy.operations.length).toBe(1);
    expect(await health.pick()).toMatchObject({ provider: 'alpha', problem: null });
    expect(table.proxy.operations).toEqual(['Query']);
  });

  it('R6: has its whole budget, however long ago the read began', async () => {
    await table.put(fast, slow, middling);
    const gate = slowTable();
    const { health, clock } = table.reader();
    await clock.advance(150);
    const first = health.pick();
    await clock.untilSleeping(2);
    await clock.advance(90);
    gate.open();
    expect(await first).toMatchObject({ provider: 'alpha', source: 'table', problem: null });
  });

  it('R6: after warmUp has statuses although the table takes longer than the budget', async () => {
    await table.put(fast, slow, middling);
    const gate = slowTable();
    const { health, clock } = table.reader();
    const warm = health.warmUp();
    await clock.advance(150);
    gate.open();
    expect(await warm).toMatchObject({ source: 'table', problem: null });
    expect(await health.pick()).toMatchObject({ provider: 'alpha', source: 'cache', problem: null });
  });

  it('R6: says when it has no statuses, once for all callers who wait', async () => {
    const gate = slowTable();
    const { health, clock, problems } = table.reader();
    const answers = Promise.all([health.pick(), health.rank(), health.pick()]);
    await clock.untilSleeping(2);
    await clock.advance(100);
    expect((await answers).map(({ source, problem }) => [source, problem?.code])).toEqual([
      ['fallback', 'slow'],
      ['fallback', 'slow'],
      ['fallback', 'slow'],
    ]);
    expect(problems.map(({ code }) => code)).toEqual(['slow']);
    gate.open();
    await health.warmUp();
  });

  it('logs a problem by default, each kind once', async () => {
    const logged: string[] = [];
    const warn = vi.spyOn(console, 'warn').mockImplementation((line) => void logged.push(line));
    try {
      table.proxy.failAlways('Query', refuse('ThrottlingException'));
      const { health, clock } = table.reader({ onProblem: undefined });
      for (let read = 0; read < 3; read += 1) {
        await health.pick();
        await clock.advance(10_000);
      }
      expect(logged.map((line) => JSON.parse(line))).toMatchObject([{ level: 'warn', code: 'throttled' }]);
    } finally {
      warn.mockRestore();
    }
  });
});

describe('the client of a reader', () => {
  it('is one of its own when none is given, at the given endpoint', async () => {
    await table.put(fast, slow, middling);
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
    const { tableName, proxy } = table;
    const { endpoint } = proxy;
    const health = createHealthReader({ tableName, providers: IDS, region: 'us-east-1', endpoint, clock: testClock() });
    expect(await health.pick()).toMatchObject({ provider: 'alpha', source: 'table' });
    vi.unstubAllEnvs();
  });

  it('of its own asks once more where a connection broke', async () => {
    await table.put(fast, slow, middling);
    table.proxy.fail('Query', loseAnswer);
    const { health } = table.reader({ client: undefined, region: 'us-east-1', endpoint: table.proxy.endpoint });
    expect(await health.pick()).toMatchObject({ provider: 'alpha', source: 'table', problem: null });
    expect(table.proxy.operations).toEqual(['Query', 'Query']);
  });

  it('may be a document client that the program also uses for its own items', async () => {
    await table.put(fast, slow, middling);
    const low = new DynamoDBClient({
      endpoint: table.proxy.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    const { health } = table.reader({ client: DynamoDBDocumentClient.from(low) });
    expect(await health.pick()).toMatchObject({ provider: 'alpha', source: 'table' });
    low.destroy();
  });
});

describe('the load that a reader makes', () => {
  it('R4: is one Query for 100 concurrent calls', async () => {
    await table.put(fast, slow, middling);
    const { health } = table.reader();
    const calls = Array.from({ length: 100 }, (_, i) => (i % 2 ? health.pick() : health.getHealthSummary()));
    const answers = await Promise.all(calls);
    expect(answers.every(({ source }) => source === 'table')).toBe(true);
    expect(table.proxy.operations).toEqual(['Query']);
  });

  it('R4: is one Query per 5 s, for any number of calls', async () => {
    await table.put(fast, slow, middling);
    const { health, clock } = table.reader();
    for (let second = 0; second < 20; second++) {
      await Promise.all([health.pick(), health.rank({ strategy: 'weighted' }), health.isHealthy('beta')]);
      await health.warmUp();
      await clock.advance(1000);
    }
    expect(table.proxy.operations).toEqual(['Query', 'Query', 'Query', 'Query']);
  });

  it('R4: is no more while every read fails', async () => {
    table.proxy.failAlways('Query', refuse('AccessDeniedException'));
    const { health, clock, problems } = table.reader();
    for (let second = 0; second < 10; second++) {
      await Promise.all([health.pick(), health.rank()]);
      await clock.advance(1000);
    }
    expect(table.proxy.operations).toEqual(['Query', 'Query']);
    expect(problems).toHaveLength(2);
  });

  it('R4: is nothing before it is asked, and never a write, a scan or a probe', async () => {
    await table.put(fast);
    const { health } = table.reader();
    expect(table.proxy.operations).toEqual([]);
    await health.warmUp();
    expect(new Set(table.proxy.operations)).toEqual(new Set(['Query']));
  });
});

describe('the copy that a reader keeps', () => {
  it('is used for 5 s, then while a newer one is read, and is waited for after 10 s', async () => {
    await table.put(fast, slow, middling);
    const { health, clock } = table.reader();
    await health.pick();
    await table.put(unhealthyStatus({ id: 'alpha' }, 'timeout', { timestamp: minute(1) }));

    await clock.advance(4999);
    expect(await health.pick()).toMatchObject({ provider: 'alpha', source: 'cache', ageMs: 4999 });
    expect(table.proxy.operations).toHaveLength(1);
    await clock.advance(1);
    expect(await health.pick()).toMatchObject({ provider: 'alpha', source: 'cache', ageMs: 5000, problem: null });
    await health.warmUp();
    expect(await health.pick()).toMatchObject({ provider: 'gamma', source: 'cache', ageMs: 0 });

    await clock.advance(10_000);
    expect(await health.pick()).toMatchObject({ provider: 'gamma', source: 'table', ageMs: 0 });
    expect(table.proxy.operations).toHaveLength(3);
  });

  it('is not taken for fresh when the clock is set back', async () => {
    await table.put(fast, slow, middling);
    const clock = table.reader().clock;
    let monotonicMs = 0;
    const { health } = table.reader({
      clock: { ...clock, now: clock.now, sleep: clock.sleep, monotonicMs: () => monotonicMs },
    });
    await health.pick();
    clock.set('2020-01-01T00:00:00.000Z');
    monotonicMs += 10_000;
    expect(await health.pick()).toMatchObject({ source: 'table' });
  });

  it('is not taken for fresh when the monotonic clock stood still, as in a frozen Lambda', async () => {
    await table.put(fast, slow, middling);
    const clock = table.reader().clock;
    const { health } = table.reader({ clock: { now: clock.now, sleep: clock.sleep, monotonicMs: () => 0 } });
    await health.pick();
    clock.set('2026-03-01T11:00:00.000Z');
    expect(await health.pick()).toMatchObject({ source: 'table' });
  });

  it('is replaced by a new read when the one under way was frozen with the process', async () => {
    await table.put(fast, slow, middling);
    table.proxy.fail('Query', neverAnswer);
    const { health, clock } = table.reader();
    const first = health.pick();
    await clock.untilSleeping(2);
    clock.set(minute(60));
    expect(await health.pick()).toMatchObject({ provider: 'alpha', source: 'table' });
    await clock.advance(2000);
    expect(await first).toMatchObject({ problem: { code: 'slow' } });
    expect(await health.pick()).toMatchObject({ provider: 'alpha', source: 'cache', problem: null });
  });
});
