/** Conditional writes whose answers are lost on the way, so that the SDK sends them again. */

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { nextStatus, unknownStatus } from '../../../lib/health/next-status.ts';
import { transitionOf } from '../../../lib/health/transition.ts';
import { createDynamoStore } from '../../../lib/store/dynamo/store.ts';
import type { Store } from '../../../lib/store/store.ts';
import { failedCheck, goodCheck, healthyStatus, minute, provider, START } from '../../support/builders.ts';
import { startTable, type TestTable } from '../../support/table.ts';
import { type FaultyTable, loseAnswer, loseAnswerWhile, startFaultyTable } from './faulty-table.ts';

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

const first = unknownStatus(provider(), new Date(START));
const change = nextStatus(first, goodCheck(), provider());
const status = change?.status ?? first;

describe('a status whose answer was lost', () => {
  it('S4: counts as stored, with its transition, when it was written', async () => {
    await other.statuses.put(first, null, null);
    proxy.fail('PutItem', loseAnswer);
    expect(await store.statuses.put(status, first.version, 'transition')).toBe('stored');
    expect(await other.statuses.get('alpha')).toEqual(status);
    expect(proxy.operations).toEqual(['PutItem', 'PutItem', 'GetItem']);
  });

  it('S4: counts as stored when it was the first of its provider', async () => {
    proxy.fail('PutItem', loseAnswer);
    expect(await store.statuses.put(first, null, null)).toBe('stored');
  });

  it('S4: counts as stored when two answers in a row were lost', async () => {
    await other.statuses.put(first, null, null);
    proxy.fail('PutItem', loseAnswer, loseAnswer);
    expect(await store.statuses.put(status, first.version, 'transition')).toBe('stored');
  });

  it('S4: is a conflict when another had been first, even with the same content', async () => {
    await other.statuses.put(first, null, null);
    await other.statuses.put(status, first.version, 'transition');
    proxy.fail('PutItem', loseAnswer);
    expect(await store.statuses.put(status, first.version, 'transition')).toBe('conflict');
  });

  it('S4: is a conflict when it has been overwritten meanwhile: the caller reads what came of it', async () => {
    await other.statuses.put(first, null, null);
    const later = nextStatus(status, goodCheck({ timestamp: minute(1) }), provider());
    if (!later) throw new Error('expected a later status');
    proxy.fail(
      'PutItem',
      loseAnswerWhile(() => other.statuses.put(later.status, status.version, null)),
    );
    expect(await store.statuses.put(status, first.version, 'transition')).toBe('conflict');
    expect(await other.statuses.get('alpha')).toEqual(later.status);
  });

  it('S6: is a conflict when the provider was deleted meanwhile, and stays deleted', async () => {
    await other.statuses.put(first, null, null);
    proxy.fail(
      'PutItem',
      loseAnswerWhile(() => other.statuses.delete('alpha')),
    );
    expect(await store.statuses.put(status, first.version, 'transition')).toBe('conflict');
    expect(await other.statuses.get('alpha')).toBeNull();
  });

  it('is an error, not a conflict, when there was no answer at all', async () => {
    proxy.failAlways('PutItem', loseAnswer);
    await expect(store.statuses.put(first, null, null)).rejects.toMatchObject({ code: 'unreachable' });
  });
});

describe('other conditional writes whose answer was lost', () => {
  it('S4: a transition is still new to the one that wrote it, so that its alert is sent', async () => {
    const made = transitionOf(failedCheck('tls'), 'healthy', 'unhealthy', START);
    proxy.fail('PutItem', loseAnswer);
    expect(await store.transitions.put(made)).toBe(true);
    proxy.fail('PutItem', loseAnswer);
    expect(await store.transitions.put(made)).toBe(false);
  });

  it('S4: a claimed tick is claimed', async () => {
    const claim = { shard: '0', tick: START, owner: 'a', now: new Date(START), leaseMs: 30_000 };
    proxy.fail('UpdateItem', loseAnswer);
    expect(await store.ticks.claim(claim)).toBe('claimed');
    expect(await other.ticks.claim({ ...claim, owner: 'b' })).toBe('taken');
  });

  it('S4: a manual check is granted, and counted once', async () => {
    const limit = { perProviderSeconds: 10, perHour: 2 };
    proxy.fail('PutItem', loseAnswer);
    expect(await store.manualChecks.claim('alpha', new Date(START), limit)).toEqual({ granted: true });
    expect(await other.manualChecks.claim('beta', new Date(START), limit)).toEqual({ granted: true });
    expect(await other.manualChecks.claim('gamma', new Date(START), limit)).toMatchObject({ granted: false });
  });

  it('a deleted registration was there', async () => {
    await other.registrations.put({ provider: 'alpha', input: {}, registeredAt: START });
    proxy.fail('DeleteItem', loseAnswer);
    expect(await store.registrations.delete('alpha')).toBe(true);
  });

  it('checks are stored once', async () => {
    proxy.fail('BatchWriteItem', loseAnswer);
    expect(await store.checks.put([goodCheck()])).toEqual({ unstored: [] });
    const { items } = await store.checks.page('alpha', { from: START, to: START, limit: 10 });
    expect(items).toEqual([goodCheck()]);
  });

  it('a deletion of one version leaves the status that came after it', async () => {
    await other.statuses.put(first, null, null);
    proxy.fail(
      'DeleteItem',
      loseAnswerWhile(() => other.statuses.put({ ...healthyStatus(), version: 2 }, null, null)),
    );
    await store.statuses.delete('alpha', first.version);
    expect((await other.statuses.get('alpha'))?.version).toBe(2);
  });
});
