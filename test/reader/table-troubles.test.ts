/** The reader of a real table, with every fault that lies between the two made for real. */

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { problemOf } from '../../lib/reader/problem.ts';
import { statusItem } from '../../lib/store/items/status-item.ts';
import { answer, type Fault, loseAnswer, neverAnswer, refuse } from '../store/dynamo/faulty-table.ts';
import { blacklistedStatus, healthyStatus, minute, unhealthyStatus } from '../support/builders.ts';
import {
  fast,
  gateway,
  IDS,
  type Id,
  middling,
  providersOf,
  type ReaderTable,
  slow,
  startReaderTable,
  type TestReader,
} from './support.ts';

let table: ReaderTable;

beforeAll(async () => {
  table = await startReaderTable();
});

beforeEach(() => table.reset());

afterAll(() => table.close());

const fallback = {
  source: 'fallback',
  ranked: IDS.map((id) => expect.objectContaining({ provider: id, usable: true })),
};

describe('isHealthy', () => {
  it('answers at once, from the copy: true while nothing is known, then as the monitor says', async () => {
    await table.put(unhealthyStatus({ id: 'alpha' }), slow);
    const { health } = table.reader();
    expect(health.isHealthy('alpha')).toBe(true);
    await health.warmUp();
    expect(health.isHealthy('alpha')).toBe(false);
    expect(health.isHealthy('beta')).toBe(true);
  });

  it('gives the same answer as getHealthStatus for an id that is not one of the reader', async () => {
    await table.put(unhealthyStatus({ id: 'down' }), healthyStatus({ id: 'up' }));
    const { health } = table.reader();
    await health.warmUp();
    const answers = async (id: string) => [
      health.isHealthy(id as Id),
      (await health.getHealthStatus(id as Id)).isHealthy,
    ];
    expect(await answers('down')).toEqual([false, false]);
    expect(await answers('up')).toEqual([true, true]);
    expect(await answers('unmonitored')).toEqual([true, true]);
  });

  it('has an old copy renewed in the background, by one read', async () => {
    await table.put(slow);
    const { health, clock } = table.reader();
    await health.warmUp();
    await table.put(unhealthyStatus({ id: 'beta' }));
    await clock.advance(5000);
    expect([health.isHealthy('beta'), health.isHealthy('beta')]).toEqual([true, true]);
    await expect.poll(() => health.isHealthy('beta')).toBe(false);
    expect(table.proxy.operations).toEqual(['Query', 'Query']);
  });
});

describe('a reader whose providers are down', () => {
  it('R3: returns all of them, best first, in panic, when none is usable', async () => {
    await table.put(
      blacklistedStatus({ id: 'gamma' }),
      unhealthyStatus({ id: 'alpha' }),
      unhealthyStatus({ id: 'beta' }),
    );
    const { health, clock } = table.reader();
    clock.set(minute(2));
    const order = await health.rank();
    expect(order.panic).toBe(true);
    expect(providersOf(order)).toEqual(['alpha', 'beta', 'gamma']);
    expect(await health.pick()).toMatchObject({ provider: 'alpha', panic: true });
    expect(await health.getHealthyProviders()).toMatchObject({ providers: [], panic: true });
  });

  it('R3: tries one that the monitor does not know before those that are down, in panic too', async () => {
    await table.put(unhealthyStatus({ id: 'alpha' }), unhealthyStatus({ id: 'gamma' }));
    const { health } = table.reader();
    const order = await health.rank();
    expect(order.panic).toBe(true);
    expect(providersOf(order)).toEqual(['beta', 'alpha', 'gamma']);
  });

  it('R3: is in panic with fewer than half of three, the usable one first', async () => {
    await table.put(slow, unhealthyStatus({ id: 'alpha' }), unhealthyStatus({ id: 'gamma' }));
    const { health } = table.reader();
    const order = await health.rank();
    expect(order.panic).toBe(true);
    expect(providersOf(order)).toEqual(['beta', 'alpha', 'gamma']);
  });

  it('R3: never includes a disabled one', async () => {
    await table.put(
      healthyStatus({ id: 'alpha', enabled: false }),
      unhealthyStatus({ id: 'beta' }),
      unhealthyStatus({ id: 'gamma' }),
    );
    const { health } = table.reader();
    const order = await health.rank();
    expect(order.panic).toBe(true);
    expect(providersOf(order)).toEqual(['beta', 'gamma']);
    expect(health.isHealthy('alpha')).toBe(false);
  });

  it('never includes a drained one until its drain is over', async () => {
    await table.put({ ...fast, drainUntil: minute(1) }, slow, middling);
    const { health, clock } = table.reader();
    expect(providersOf(await health.rank())).toEqual(['gamma', 'beta']);
    await clock.advance(60_000);
    expect(providersOf(await health.rank())).toEqual(['alpha', 'gamma', 'beta']);
  });
});

describe('a reader whose monitor is silent', () => {
  it('R2: uses stale statuses last, and says that they are', async () => {
    const fresh = healthyStatus({ id: 'beta' }, { responseTimeMs: 900, timestamp: minute(10) });
    await table.put(fast, unhealthyStatus({ id: 'gamma' }), fresh);
    const { health, clock } = table.reader();
    await clock.advance(600_000);
    const { ranked, panic } = await health.rank();
    expect(ranked.map(({ provider, stale, usable }) => [provider, stale, usable])).toEqual([
      ['beta', false, true],
      ['alpha', true, true],
      ['gamma', true, true],
    ]);
    expect(panic).toBe(false);
  });

  it('R2: turns what it has kept stale in time, though its table cannot be read', async () => {
    await table.put(fast, slow, unhealthyStatus({ id: 'gamma' }));
    const { health, clock } = table.reader();
    await health.warmUp();
    expect(health.isHealthy('gamma')).toBe(false);
    table.proxy.failAlways('Query', refuse('InternalServerError', 500));
    await clock.advance(181_000);
    expect(await health.getHealthStatus('gamma')).toMatchObject({ status: { stale: true }, source: 'cache' });
    expect(health.isHealthy('gamma')).toBe(true);
  });

  it.each([
    ['last-known', ['alpha', 'beta', 'gamma'], false],
    ['assume-unhealthy', ['alpha', 'beta', 'gamma'], true],
  ] as const)('takes stale statuses as whenStale %s says', async (whenStale, expected, panic) => {
    await table.put(fast, slow, unhealthyStatus({ id: 'gamma' }));
    const { health, clock } = table.reader({ whenStale });
    await clock.advance(600_000);
    const order = await health.rank();
    expect(order.panic).toBe(panic);
    expect(providersOf(order)).toEqual(expected);
  });

  it('with whenStale assume-unhealthy has a provider that the monitor does not know as the last resort', async () => {
    await table.put(fast, slow);
    const { health, clock } = table.reader({ whenStale: 'assume-unhealthy' });
    const order = await health.rank();
    expect(order.ranked.map(({ provider, usable }) => [provider, usable])).toEqual([
      ['alpha', true],
      ['beta', true],
      ['gamma', false],
    ]);
    await clock.advance(600_000);
    expect((await health.rank()).ranked.map(({ usable }) => usable)).toEqual([false, false, false]);
  });
});

/** An SDK tries again by itself what may pass; the answer must then be the same. */
const FAULTS: [string, Fault, string][] = [
  ['is gone', refuse('ResourceNotFoundException'), 'missing'],
  ['throttles', refuse('ThrottlingException'), 'throttled'],
  ['has no capacity', refuse('ProvisionedThroughputExceededException'), 'throttled'],
  ['denies access', refuse('AccessDeniedException'), 'denied'],
  ['finds the credentials expired', refuse('ExpiredTokenException'), 'denied'],
  ['has other keys', refuse('ValidationException'), 'not_ours'],
  ['fails', refuse('InternalServerError', 500), 'unreachable'],
  ['hangs up', loseAnswer, 'unreachable'],
  ['answers with a page', answer(200, '<html>'), 'not_ours'],
  ['answers with nothing of ours', answer(200, '{}'), 'unmonitored'],
];

describe.each([
  ['with the client of its program', () => ({})],
  ['without one', () => ({ client: undefined, region: 'us-east-1', endpoint: table.proxy.endpoint })],
])('a reader %s whose table', (_, own) => {
  const readerOf = (): TestReader => table.reader(own());

  it.each(FAULTS)(
    'R1: %s, returns the providers that it was given, in that order, as a fallback',
    async (_, fault, code) => {
      table.proxy.failAlways('Query', fault);
      const { health, problems } = readerOf();
      expect(await health.rank()).toMatchObject({ ...fallback, panic: false, problem: { code } });
      expect(await health.pick()).toMatchObject({ provider: 'gamma', source: 'fallback' });
      expect(health.isHealthy('alpha')).toBe(true);
      expect(await health.getHealthStatus('alpha')).toMatchObject({ status: null, source: 'fallback' });
      expect(await health.getAllHealthStatus()).toMatchObject({ statuses: [], source: 'fallback' });
      expect(await health.getProviderHealthScore('alpha')).toMatchObject({ healthScore: 0, routingScore: 0 });
      expect(await health.getHealthStatus('alpha')).toMatchObject({
        provider: 'alpha',
        model: null,
        isHealthy: true,
        timestamp: null,
      });
      expect(await health.getHealthSummary()).toMatchObject({ totalProviders: 0, source: 'fallback' });
      expect(await health.getHealthyProviders({ exclude: ['gamma'] })).toMatchObject({ providers: ['alpha', 'beta'] });
      expect(problems.map((problem) => problem.code)).toEqual([code]);
    },
  );

  it.each(FAULTS.filter(([, , code]) => code !== 'unmonitored'))(
    'R1: %s after it was read, goes on with the last good copy and says how old it is',
    async (_, fault, code) => {
      await table.put(fast, slow, middling);
      const { health, clock } = readerOf();
      await health.pick();
      table.proxy.failAlways('Query', fault);
      await clock.advance(60_000);
      expect(await health.pick()).toMatchObject({
        provider: 'alpha',
        source: 'cache',
        ageMs: 60_000,
        problem: { code },
      });
    },
  );
});

describe('a reader whose table', () => {
  it('R1: is slow, is waited for 100 ms and no longer, and used when it comes', async () => {
    await table.put(fast, slow, middling);
    const gate = gateway();
    table.proxy.fail('Query', async (call) => {
      await gate.opened;
      call.reply(await call.forward());
    });
    const { health, clock } = table.reader();
    let answered = false;
    const first = health.rank().finally(() => {
      answered = true;
    });
    await clock.untilSleeping(2);
    await clock.advance(99);
    expect(answered).toBe(false);
    await clock.advance(1);
    expect(await first).toMatchObject({ ...fallback, ageMs: null, problem: { code: 'slow' } });
    // The budget counts for the read and not for each caller: a later caller does not wait anew.
    expect(await health.pick()).toMatchObject({ source: 'fallback', problem: { code: 'slow' } });

    gate.open();
    expect(await health.warmUp()).toMatchObject({ source: 'table', problem: null });
    expect(await health.pick()).toMatchObject({ provider: 'alpha', source: 'cache', problem: null });
    expect(table.proxy.operations).toEqual(['Query']);
  });

  it('R1: never answers, is given up after 2 s and asked again', async () => {
    await table.put(fast, slow, middling);
    table.proxy.fail('Query', neverAnswer);
    const { health, clock, problems } = table.reader();
    const first = health.pick();
    const warm = health.warmUp();
    await clock.untilSleeping(2);
    await clock.advance(2000);
    expect(await first).toMatchObject({ source: 'fallback' });
    expect(await warm).toMatchObject({ source: 'fallback', problem: { code: 'slow' } });
    expect(problems).toHaveLength(1);
    await clock.advance(3000);
    expect(await health.pick()).toMatchObject({ provider: 'alpha', source: 'table' });
    expect(clock.sleeping).toBe(0);
  });

  it('R1: has one malformed item, loses no other provider by it', async () => {
    await table.put(fast, slow, middling);
    const { health, clock, problems } = table.reader();
    await health.pick();
    await table.putItem({ pk: 'STATUS', sk: 'alpha', v: 1, state: 'sleepy' });
    await clock.advance(10_000);
    // The last good copy of it, while there is one.
    expect(await health.pick()).toMatchObject({ provider: 'alpha', source: 'table', problem: { code: 'malformed' } });
    expect(problems[0]?.message).toContain('alpha');

    const { health: another } = table.reader();
    const { ranked } = await another.rank();
    expect(ranked.map(({ provider, usable }) => [provider, usable])).toEqual([
      ['gamma', true],
      ['beta', true],
      ['alpha', true],
    ]);
  });

  it.each([
    ['a number as text', { healthScore: '0.9' }],
    ['a settings number as text', { targetResponseMs: '1000' }],
    ['a time that is none', { lastCheckAt: 'yesterday' }],
    ['tags that are no list', { tags: 'eu' }],
    ['no verdict', { isHealthy: 'yes' }],
    ['a check that is no map', { check: 7 }],
    ['a moment out of range', { changes: [9e15] }],
    ['a newer version', { v: 2 }],
  ])('R1: has %s in an item, takes its provider as one that it does not know', async (_, spoilt) => {
    await table.put(slow, middling);
    await table.putItem({ ...statusItem(fast, null, 'test'), ...spoilt });
    const { health, problems } = table.reader();
    expect(providersOf(await health.rank())).toEqual(['gamma', 'beta', 'alpha']);
    expect(problems).toMatchObject([{ code: 'malformed', message: expect.stringContaining('alpha') }]);
  });

  it.each([
    ['type', { type: 'oracle' }],
    ['category', { category: 'gremlins' }],
  ])('R1: has a %s of a newer release in an item, is still read', async (_, words) => {
    const down = statusItem(unhealthyStatus({ id: 'alpha' }), null, 'test');
    await table.put(slow, middling);
    await table.putItem({ ...down, ...words });
    const { health, problems } = table.reader();
    expect(providersOf(await health.rank())).toEqual(['gamma', 'beta', 'alpha']);
    const { status } = await health.getHealthStatus('alpha');
    expect({ type: status?.type, category: status?.lastCheck?.category }).toMatchObject(words);
    expect(problems).toEqual([]);
  });

  it('R1: has items of a newer version only, falls back and says what to do', async () => {
    for (const id of IDS) await table.putItem({ pk: 'STATUS', sk: id, v: 2 });
    const { health } = table.reader();
    expect(await health.rank()).toMatchObject({
      ...fallback,
      problem: { code: 'malformed', message: expect.stringMatching(/Update/) },
    });
  });

  it('R1: does not exist, and it falls back', async () => {
    const { health } = table.reader({ tableName: 'no-such-table' });
    expect(await health.rank()).toMatchObject({ ...fallback, problem: { code: 'missing' } });
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('the log is full');
      },
    ],
    ['rejects', () => Promise.reject(new Error('the log is full'))],
  ])('R1: cannot be read, does not let a log that %s be the reason for a failure', async (_, onProblem) => {
    table.proxy.failAlways('Query', refuse('AccessDeniedException'));
    const { health } = table.reader({ onProblem });
    expect(await health.pick()).toMatchObject({ provider: 'gamma', source: 'fallback' });
  });

  it('does not repeat the text of AWS, which may contain an ARN', async () => {
    table.proxy.failAlways(
      'Query',
      refuse('AccessDeniedException', 400, 'User: arn:aws:iam::123456789012:role/secret'),
    );
    const { health, problems } = table.reader();
    expect(JSON.stringify([await health.rank(), problems])).not.toMatch(/arn:|1234/);
  });
});

describe('without the AWS SDK, when the environment lacks settings', () => {
  it('says what to set, and what to install instead', () => {
    const { code, message } = problemOf(Object.assign(new Error('secret'), { code: 'ERR_MODULE_NOT_FOUND' }));
    expect(code).toBe('no_package');
    expect(message).toContain('Set AWS_REGION and credentials, or install @aws-sdk/client-dynamodb.');
    expect(message).not.toContain('secret');
  });
});
