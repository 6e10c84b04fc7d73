/** Another process writes between two requests of one call. */

import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { newRecord } from '../../../lib/health/alerting/alert.ts';
import { alertKey, announcedKey, deliveryKey, MANUAL_CHECK_KEY, tickKey } from '../../../lib/store/items/keys.ts';
import { at, minute, START } from '../../support/builders.ts';
import { type Fault, loseAnswer, refuse } from './faulty-table.ts';
import { useTwoProcesses } from './two-processes.ts';

const here = useTwoProcesses();

/** The answer comes after something else has happened. */
const answerAfter =
  (meanwhile: () => Promise<unknown>): Fault =>
  async (call) => {
    const answer = await call.forward();
    await meanwhile();
    call.reply(answer);
  };

const put = (item: object) =>
  here.table.documents.send(new PutCommand({ TableName: here.table.tableName, Item: item }));

describe('a tick that may be taken over, since what lies there is from the future', () => {
  const claim = { shard: '0', tick: START, owner: 'a', now: new Date(START), leaseMs: 30_000 };
  const others = { ...claim, owner: 'b' };
  const heartbeat = {
    ...{ tick: START, finishedAt: at(1000), due: 1, stored: 1, failed: 0, skipped: 0 },
    monitorFault: false,
  };

  it('T12: is taken over once', async () => {
    await here.other.ticks.finish('0', { ...heartbeat, tick: minute(60), finishedAt: minute(60) });
    here.proxy.fail(
      'GetItem',
      answerAfter(() => here.other.ticks.claim(others)),
    );
    expect(await here.store.ticks.claim(claim)).toBe('taken');
  });

  it('T12: is not taken over when another has finished it meanwhile', async () => {
    await here.other.ticks.finish('0', { ...heartbeat, tick: minute(60), finishedAt: minute(60) });
    here.proxy.fail(
      'GetItem',
      answerAfter(async () => {
        await here.other.ticks.claim(others);
        await here.other.ticks.finish('0', heartbeat);
      }),
    );
    expect(await here.store.ticks.claim({ ...claim, owner: 'b' })).toBe('taken');
  });

  it('T12: is not taken over from a claim that is none of the future any more', async () => {
    await here.other.ticks.claim({ ...others, tick: minute(60), now: new Date(minute(60)) });
    here.proxy.fail(
      'GetItem',
      answerAfter(() => here.other.ticks.claim(others)),
    );
    expect(await here.store.ticks.claim(claim)).toBe('taken');
  });

  it('T12: is held by a lease of a clock that is a little ahead', async () => {
    await here.other.ticks.claim({ ...others, now: new Date(at(45_000)) });
    expect(await here.store.ticks.claim(claim)).toBe('taken');
  });
});

describe('an alert', () => {
  it('S4: whose record was written, and the answer lost, counts as stored', async () => {
    here.proxy.fail('PutItem', loseAnswer);
    expect(await here.store.alerts.put(newRecord('alpha'))).toBe('stored');
    expect(await here.other.alerts.list()).toMatchObject([{ subject: 'alpha', version: 1 }]);
  });

  it('whose record was forgotten meanwhile is a conflict', async () => {
    here.proxy.fail('PutItem', refuse('ConditionalCheckFailedException'));
    expect(await here.store.alerts.put(newRecord('alpha'))).toBe('conflict');
  });

  it('whose delivery was given back meanwhile is held: the next attempt gets it', async () => {
    const delivery = { alert: `${START}#alpha/opened`, channel: 'team' };
    const claim = { ...delivery, now: new Date(START), leaseMs: 30_000 };
    await here.other.alerts.claim({ ...claim, holder: 'b' });
    here.proxy.fail('GetItem', async (call) => {
      await here.other.alerts.release({ ...delivery, holder: 'b' });
      call.reply(await call.forward());
    });
    expect(await here.store.alerts.claim({ ...claim, holder: 'a' })).toBe('held');
    expect(await here.store.alerts.claim({ ...claim, holder: 'a' })).toBe('claimed');
  });
});

it('a transition that was deleted before it was looked at is not new', async () => {
  here.proxy.fail('PutItem', refuse('ConditionalCheckFailedException'));
  const transition = { id: `${START}#alpha`, provider: 'alpha', at: START, from: 'healthy', to: 'unhealthy' };
  expect(await here.store.transitions.put({ ...transition, lastedMs: 0 } as never)).toBe(false);
});

it('a manual check that loses every race is refused after as many as may be granted in an hour', async () => {
  here.proxy.failAlways('PutItem', refuse('ConditionalCheckFailedException'));
  const limit = { perProviderSeconds: 10, perHour: 2 };
  expect(await here.store.manualChecks.claim('alpha', new Date(START), limit)).toEqual({
    granted: false,
    retryAfterSeconds: 1,
  });
  expect(here.proxy.operations.filter((operation) => operation === 'PutItem')).toHaveLength(3);
});

it('a mark of the statuses is another after each', async () => {
  expect(await here.store.statuses.touched()).toBeNull();
  await here.store.statuses.touch();
  const first = await here.other.statuses.touched();
  await here.other.statuses.touch();
  const second = await here.store.statuses.touched();
  expect([typeof first, typeof second]).toEqual(['string', 'string']);
  expect(second).not.toBe(first);
});

describe('an item that cannot be read is named:', () => {
  const SPOILT = { v: 1, w: 7, finished: 7, asOf: 7, usage: 7, outcome: 7 };
  const tick = { shard: '0', tick: START, owner: 'a', now: new Date(START), leaseMs: 30_000 };
  const delivery = { alert: `${START}#alpha/opened`, channel: 'team', holder: 'a' };

  it.each<[string, object, () => Promise<unknown>]>([
    ['record of alerts', alertKey('alpha'), () => here.store.alerts.list()],
    ['record of alerts', alertKey('alpha'), () => here.store.alerts.get('alpha')],
    [
      'sent alerts',
      announcedKey('alpha', START, 'opened', 'team'),
      () => here.store.alerts.announced('alpha', { from: START, to: minute(1) }),
    ],
    [
      'usage of manual checks',
      MANUAL_CHECK_KEY,
      () => here.store.manualChecks.peek('alpha', new Date(START), { perProviderSeconds: 10, perHour: 2 }),
    ],
    [
      'delivery',
      deliveryKey(delivery.alert, delivery.channel),
      () => here.store.alerts.claim({ ...delivery, now: new Date(START), leaseMs: 30_000 }),
    ],
    ['tick of shard 0', tickKey('0'), () => here.store.ticks.heartbeat('0')],
    ['tick of shard 0', tickKey('0'), () => here.store.ticks.heartbeats(['0'])],
    ['tick of shard 0', { ...tickKey('0'), tick: 7 }, () => here.store.ticks.claim(tick)],
    ['mark of the statuses', { pk: 'TOUCHED', sk: 'STATUS' }, () => here.store.statuses.touched()],
  ])('%s', async (what, key, read) => {
    await put({ ...SPOILT, ...key });
    await expect(read()).rejects.toMatchObject({ code: 'unreadable', message: expect.stringMatching(`^.*${what}: `) });
  });
});
