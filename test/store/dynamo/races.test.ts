/** What another process does between two requests of one call. */

import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newRecord } from '../../../lib/health/alerting/alert.ts';
import { createDynamoStore } from '../../../lib/store/dynamo/store.ts';
import { alertKey, announcedKey, deliveryKey, MANUAL_CHECK_KEY, tickKey } from '../../../lib/store/items/keys.ts';
import type { Store } from '../../../lib/store/store.ts';
import { at, minute, START } from '../../support/builders.ts';
import { startTable, type TestTable } from '../../support/table.ts';
import { type Fault, type FaultyTable, loseAnswer, refuse, startFaultyTable } from './faulty-table.ts';

let table: TestTable;
let proxy: FaultyTable;
/** Behind the proxy. */
let store: Store;
/** Straight at the table: another process. */
let other: Store;

beforeAll(async () => {
  table = await startTable();
  proxy = await startFaultyTable(table.endpoint);
  const { tableName } = table;
  const now = () => new Date(START);
  store = createDynamoStore({ tableName, now, endpoint: proxy.endpoint, requestTimeoutMs: 20_000 });
  other = createDynamoStore({ tableName, now, client: table.client });
});

beforeEach(async () => {
  proxy.reset();
  await table.empty();
});

afterAll(async () => {
  store.close();
  await proxy.close();
  await table.close();
});

/** The answer comes after something else has happened. */
const answerAfter =
  (meanwhile: () => Promise<unknown>): Fault =>
  async (call) => {
    const answer = await call.forward();
    await meanwhile();
    call.reply(answer);
  };

const put = (item: object) => table.documents.send(new PutCommand({ TableName: table.tableName, Item: item }));

describe('a tick that may be taken over, since what lies there is from the future', () => {
  const claim = { shard: '0', tick: START, owner: 'a', now: new Date(START), leaseMs: 30_000 };
  const others = { ...claim, owner: 'b' };
  const heartbeat = {
    ...{ tick: START, finishedAt: at(1000), due: 1, stored: 1, failed: 0, skipped: 0 },
    monitorFault: false,
  };

  it('T12: is taken over once', async () => {
    await other.ticks.finish('0', { ...heartbeat, tick: minute(60), finishedAt: minute(60) });
    proxy.fail(
      'GetItem',
      answerAfter(() => other.ticks.claim(others)),
    );
    expect(await store.ticks.claim(claim)).toBe('taken');
  });

  it('T12: is not taken over when another has finished it meanwhile', async () => {
    await other.ticks.finish('0', { ...heartbeat, tick: minute(60), finishedAt: minute(60) });
    proxy.fail(
      'GetItem',
      answerAfter(async () => {
        await other.ticks.claim(others);
        await other.ticks.finish('0', heartbeat);
      }),
    );
    expect(await store.ticks.claim({ ...claim, owner: 'b' })).toBe('taken');
  });

  it('T12: is not taken over from a claim that is none of the future any more', async () => {
    await other.ticks.claim({ ...others, tick: minute(60), now: new Date(minute(60)) });
    proxy.fail(
      'GetItem',
      answerAfter(() => other.ticks.claim(others)),
    );
    expect(await store.ticks.claim(claim)).toBe('taken');
  });

  it('T12: is held by a lease of a clock that is a little ahead', async () => {
    await other.ticks.claim({ ...others, now: new Date(at(45_000)) });
    expect(await store.ticks.claim(claim)).toBe('taken');
  });
});

describe('an alert', () => {
  it('S4: whose record was written, and the answer lost, counts as stored', async () => {
    proxy.fail('PutItem', loseAnswer);
    expect(await store.alerts.put(newRecord('alpha'))).toBe('stored');
    expect(await other.alerts.list()).toMatchObject([{ subject: 'alpha', version: 1 }]);
  });

  it('whose record was forgotten meanwhile is a conflict', async () => {
    proxy.fail('PutItem', refuse('ConditionalCheckFailedException'));
    expect(await store.alerts.put(newRecord('alpha'))).toBe('conflict');
  });

  it('whose delivery was given back meanwhile is held: the next attempt gets it', async () => {
    const delivery = { alert: `${START}#alpha/opened`, channel: 'team' };
    const claim = { ...delivery, now: new Date(START), leaseMs: 30_000 };
    await other.alerts.claim({ ...claim, holder: 'b' });
    proxy.fail('GetItem', async (call) => {
      await other.alerts.release({ ...delivery, holder: 'b' });
      call.reply(await call.forward());
    });
    expect(await store.alerts.claim({ ...claim, holder: 'a' })).toBe('held');
    expect(await store.alerts.claim({ ...claim, holder: 'a' })).toBe('claimed');
  });
});

it('a transition that was deleted before it was looked at is not new', async () => {
  proxy.fail('PutItem', refuse('ConditionalCheckFailedException'));
  const transition = { id: `${START}#alpha`, provider: 'alpha', at: START, from: 'healthy', to: 'unhealthy' };
  expect(await store.transitions.put({ ...transition, lastedMs: 0 } as never)).toBe(false);
});

it('a manual check that loses every race is refused after as many as may be granted in an hour', async () => {
  proxy.failAlways('PutItem', refuse('ConditionalCheckFailedException'));
  const limit = { perProviderSeconds: 10, perHour: 2 };
  expect(await store.manualChecks.claim('alpha', new Date(START), limit)).toEqual({
    granted: false,
    retryAfterSeconds: 1,
  });
  expect(proxy.operations.filter((operation) => operation === 'PutItem')).toHaveLength(3);
});

it('a mark of the statuses is another after each', async () => {
  expect(await store.statuses.touched()).toBeNull();
  await store.statuses.touch();
  const first = await other.statuses.touched();
  await other.statuses.touch();
  const second = await store.statuses.touched();
  expect([typeof first, typeof second]).toEqual(['string', 'string']);
  expect(second).not.toBe(first);
});

describe('an item that cannot be read is named:', () => {
  const SPOILT = { v: 1, w: 7, finished: 7, asOf: 7, usage: 7, outcome: 7 };
  const tick = { shard: '0', tick: START, owner: 'a', now: new Date(START), leaseMs: 30_000 };
  const delivery = { alert: `${START}#alpha/opened`, channel: 'team', holder: 'a' };

  it.each<[string, object, () => Promise<unknown>]>([
    ['record of alerts', alertKey('alpha'), () => store.alerts.list()],
    ['record of alerts', alertKey('alpha'), () => store.alerts.get('alpha')],
    [
      'sent alerts',
      announcedKey('alpha', START, 'opened', 'team'),
      () => store.alerts.announced('alpha', { from: START, to: minute(1) }),
    ],
    [
      'usage of manual checks',
      MANUAL_CHECK_KEY,
      () => store.manualChecks.peek('alpha', new Date(START), { perProviderSeconds: 10, perHour: 2 }),
    ],
    [
      'delivery',
      deliveryKey(delivery.alert, delivery.channel),
      () => store.alerts.claim({ ...delivery, now: new Date(START), leaseMs: 30_000 }),
    ],
    ['tick of shard 0', tickKey('0'), () => store.ticks.heartbeat('0')],
    ['tick of shard 0', tickKey('0'), () => store.ticks.heartbeats(['0'])],
    ['tick of shard 0', { ...tickKey('0'), tick: 7 }, () => store.ticks.claim(tick)],
    ['mark of the statuses', { pk: 'TOUCHED', sk: 'STATUS' }, () => store.statuses.touched()],
  ])('%s', async (what, key, read) => {
    await put({ ...SPOILT, ...key });
    await expect(read()).rejects.toMatchObject({ code: 'unreadable', message: expect.stringMatching(`^.*${what}: `) });
  });
});
