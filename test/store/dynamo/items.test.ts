/** Tables as they can really be: with items of other programs, too many items, damaged or expired items. */

import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { transitionOf } from '../../../lib/health/transition.ts';
import type { DynamoClient } from '../../../lib/store/dynamo/client.ts';
import { createDynamoStore } from '../../../lib/store/dynamo/store.ts';
import { checkItem } from '../../../lib/store/items/check-item.ts';
import type { Item } from '../../../lib/store/items/kinds.ts';
import { statusItem } from '../../../lib/store/items/status-item.ts';
import { transitionItem } from '../../../lib/store/items/transition-item.ts';
import type { StatusList, Store } from '../../../lib/store/store.ts';
import { failedCheck, goodCheck, healthyStatus, minute, START, statusAfter } from '../../support/builders.ts';
import { meter } from '../../support/metered.ts';
import { startTable, type TestTable } from '../../support/table.ts';
import { type Fault, type FaultyTable, startFaultyTable } from './faulty-table.ts';

let table: TestTable;
let proxy: FaultyTable;
let store: Store;

const NOW = new Date(minute(60));
const ALL_TIME = { from: minute(-100_000), to: minute(100_000), limit: 1000 };

beforeAll(async () => {
  table = await startTable();
  proxy = await startFaultyTable(table.endpoint);
  const { tableName } = table;
  store = createDynamoStore({ tableName, now: () => NOW, endpoint: proxy.endpoint, requestTimeoutMs: 20_000 });
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

async function put(...items: Item[]): Promise<void> {
  for (let index = 0; index < items.length; index += 25) {
    const requests = items.slice(index, index + 25).map((one) => ({ PutRequest: { Item: { ...one } } }));
    await table.documents.send(new BatchWriteCommand({ RequestItems: { [table.tableName]: requests } }));
  }
}

const status = (id: string) => statusItem(healthyStatus({ id }), null, 'w');
const transition = (provider: string, time: string) =>
  transitionItem(transitionOf(failedCheck('tls', { provider, timestamp: time }), 'healthy', 'unhealthy', START), 'w');

/** A Query that reads one item at a time, as a Query of 1 MB does when items are large. */
const oneAtATime: Fault = async (call) => call.reply(await call.forward({ ...call.body, Limit: 1 }));

describe('items that cannot be understood', () => {
  it('T6: affect their own provider only, and are named', async () => {
    await put(status('a'), { ...status('b'), state: 'sleepy' }, { pk: 'STATUS', sk: 'c' }, status('d'));
    const list = await store.statuses.list();
    expect(list.statuses.map((one) => one.provider)).toEqual(['a', 'd']);
    expect(list.unreadable.map((one) => one.provider)).toEqual(['b', 'c']);
  });

  it('T6: include a number that has more digits than a number can', async () => {
    await put(status('a'));
    const { tableName } = table;
    const raw = { pk: { S: 'STATUS' }, sk: { S: 'b' }, v: { N: '1' }, version: { N: '123456789012345678.5' } };
    await table.sdk.send(new PutItemCommand({ TableName: tableName, Item: raw }));
    const list = await store.statuses.list();
    expect(list.statuses.map((one) => one.provider)).toEqual(['a']);
    expect(list.unreadable.map((one) => one.provider)).toEqual(['b']);
  });

  it('T6: are an error where one was asked for by its id', async () => {
    await put({ ...status('a'), state: 'sleepy' });
    await expect(store.statuses.get('a')).rejects.toMatchObject({
      code: 'unreadable',
      message: expect.stringMatching(/^status of a: state: expected one of .*, got "sleepy"$/),
    });
  });

  it('T6: are named beside the checks and transitions that can be read', async () => {
    await put({ ...checkItem(goodCheck()), check: 'nothing' }, checkItem(goodCheck({ timestamp: minute(1) })));
    await put({ ...transition('a', minute(2)), to: 'sleepy' }, transition('b', minute(3)));
    const checks = await store.checks.page('alpha', ALL_TIME);
    expect(checks.items.map((check) => check.timestamp)).toEqual([minute(1)]);
    expect(checks.unreadable).toEqual([
      { provider: 'alpha', reason: `checks ${START}: check: expected a map, got "nothing"` },
    ]);
    const transitions = await store.transitions.page(null, ALL_TIME);
    expect(transitions.items.map((one) => one.provider)).toEqual(['b']);
    expect(transitions.unreadable?.map((one) => one.provider)).toEqual(['a']);
  });

  it('T6: of a registration are left as they are, so that the parser refuses them', async () => {
    await put({ pk: 'PROVIDER', sk: 'a', v: 1, input: '{"type":' }, { pk: 'PROVIDER', sk: 'b', v: 1 });
    expect(await store.registrations.list()).toEqual([
      { provider: 'a', input: '{"type":', registeredAt: '1970-01-01T00:00:00.000Z' },
      { provider: 'b', input: undefined, registeredAt: '1970-01-01T00:00:00.000Z' },
    ]);
  });

  it('are an error where a heartbeat or the usage of manual checks is one', async () => {
    await put({ pk: 'TICK', sk: '0', v: 1, finished: { tick: 7 } }, { pk: 'MANUAL', sk: 'USAGE', v: 1, w: 'w' });
    await expect(store.ticks.heartbeat('0')).rejects.toMatchObject({ code: 'unreadable' });
    const limit = { perProviderSeconds: 10, perHour: 60 };
    await expect(store.manualChecks.claim('alpha', NOW, limit)).rejects.toMatchObject({ code: 'unreadable' });
  });
});

describe('brief statuses', () => {
  it('cost as many read units as whole ones, and less than half the bytes', async () => {
    const checks = Array.from({ length: 20 }, (_, i) => goodCheck({ timestamp: minute(i), requestId: 'r'.repeat(30) }));
    const whole = statusAfter(checks);
    await put(...Array.from({ length: 30 }, (_, i) => statusItem({ ...whole, provider: `p-${i}` }, null, 'w')));
    const { client, read, reset } = meter(table.client);
    let bytes = 0;
    const measured: DynamoClient = {
      ...client,
      async send<Output extends object>(operation: string, input: object): Promise<Output> {
        const output = await client.send<Output>(operation, input);
        bytes += JSON.stringify(output).length;
        return output;
      },
    };
    const { statuses } = createDynamoStore({ tableName: table.tableName, now: () => NOW, client: measured });
    const costOf = async (list: () => Promise<StatusList<unknown>>) => {
      reset();
      bytes = 0;
      expect((await list()).statuses).toHaveLength(30);
      return { ...read(), bytes };
    };
    const ofWhole = await costOf(statuses.list);
    const ofBrief = await costOf(statuses.listBrief);
    expect(ofBrief).toEqual({ ...ofWhole, bytes: expect.any(Number) });
    expect(ofBrief.bytes).toBeLessThan(ofWhole.bytes / 2);
  });
});

describe('expired items, which DynamoDB may keep for days', () => {
  const over = { expiresAt: NOW.getTime() / 1000 };

  it('S6: are not shown', async () => {
    await put({ ...status('a'), ...over }, { pk: 'PROVIDER', sk: 'a', v: 1, input: '{}', ...over });
    await put({ ...checkItem(goodCheck()), ...over }, { ...transition('a', minute(1)), ...over });
    expect(await store.statuses.list()).toEqual({ statuses: [], unreadable: [] });
    expect(await store.statuses.get('a')).toBeNull();
    expect(await store.registrations.list()).toEqual([]);
    expect(await store.registrations.get('a')).toBeNull();
    expect(await store.registrations.delete('a')).toBe(false);
    expect((await store.checks.page('alpha', ALL_TIME)).items).toEqual([]);
    expect((await store.transitions.page(null, ALL_TIME)).items).toEqual([]);
  });

  it('S6: do not stand in the way of new ones', async () => {
    await put({ ...status('a'), ...over });
    expect(await store.statuses.put(healthyStatus({ id: 'a' }), null, null)).toBe('stored');
    expect(await store.statuses.get('a')).toEqual(healthyStatus({ id: 'a' }));
  });

  it('do not make a page short while there are others', async () => {
    const times = Array.from({ length: 12 }, (_, index) => minute(index));
    await put(
      ...times.map((timestamp, index) => ({
        ...checkItem(goodCheck({ timestamp })),
        ...(index >= 2 && index < 10 && over),
      })),
    );
    const page = await store.checks.page('alpha', { ...ALL_TIME, limit: 4 });
    expect(page.items.map((check) => check.timestamp)).toEqual([minute(11), minute(10), minute(1), minute(0)]);
    expect(page.next).toBeNull();
  });
});

describe('more items than one Query gives', () => {
  it('lists all statuses over as many Queries as it takes', async () => {
    proxy.failAlways('Query', oneAtATime);
    await put(...['a', 'b', 'c', 'd'].map(status));
    const { statuses } = await store.statuses.list();
    expect(statuses.map((one) => one.provider)).toEqual(['a', 'b', 'c', 'd']);
    expect(proxy.operations).toHaveLength(5);
    const brief = await store.statuses.listBrief();
    expect(brief.statuses.map((one) => one.provider)).toEqual(['a', 'b', 'c', 'd']);
    expect(proxy.operations).toHaveLength(10);
  });

  it('reads a page in two Queries, of packed checks and of others, where that gives enough', async () => {
    const times = [0, 1, 2, 3, 4, 5].map(minute);
    await put(...times.map((timestamp) => checkItem(goodCheck({ timestamp }))));
    expect((await store.checks.page('alpha', { ...ALL_TIME, limit: 4 })).next).not.toBeNull();
    expect((await store.checks.page('alpha', { ...ALL_TIME, limit: 6 })).next).toBeNull();
    expect(proxy.operations).toEqual(['Query', 'Query', 'Query', 'Query']);
  });

  it('fills a page over as many Queries as it takes', async () => {
    proxy.failAlways('Query', oneAtATime);
    const times = [0, 1, 2, 3, 4, 5].map(minute);
    await put(...times.map((timestamp) => checkItem(goodCheck({ timestamp }))));
    const page = await store.checks.page('alpha', { ...ALL_TIME, limit: 4 });
    expect(page.items.map((check) => check.timestamp)).toEqual([5, 4, 3, 2].map(minute));
    expect(page.next).not.toBeNull();
  });

  it('ends a page short after 10 Queries that found too little, and goes on from there', async () => {
    proxy.failAlways('Query', oneAtATime);
    await put(...Array.from({ length: 25 }, (_, index) => transition('often', minute(index + 1))));
    await put(transition('rare', minute(0)), transition('rare', minute(30)));
    const pages: string[][] = [];
    let cursor: string | null = null;
    do {
      const page = await store.transitions.page('rare', { ...ALL_TIME, limit: 5, ...(cursor !== null && { cursor }) });
      pages.push(page.items.map((one) => one.at));
      cursor = page.next;
    } while (cursor !== null);
    expect(pages).toEqual([[minute(30)], [], [minute(0)]]);
    expect(proxy.operations).toHaveLength(28);
  });
});

it('reads what another program has put into a status without harm', async () => {
  const item = { ...status('a'), note: 'on call: Ada', pager: { level: 3 }, labels: new Set(['x']) };
  await table.documents.send(new PutCommand({ TableName: table.tableName, Item: item }));
  expect((await store.statuses.list()).statuses).toEqual([healthyStatus({ id: 'a' })]);
});
