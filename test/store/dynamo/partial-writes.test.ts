/** Check items that the table takes in part, late or not at all. */

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createDynamoStore } from '../../../lib/store/dynamo/store.ts';
import type { Store } from '../../../lib/store/store.ts';
import { goodCheck, minute, START } from '../../support/builders.ts';
import { startTable, type TestTable } from '../../support/table.ts';
import { type FaultyTable, leaveUnprocessed, neverAnswer, refuse, startFaultyTable } from './faulty-table.ts';

let table: TestTable;
let proxy: FaultyTable;
let store: Store;
let pausesMs: number[];

beforeAll(async () => {
  table = await startTable();
  proxy = await startFaultyTable(table.endpoint);
  store = createDynamoStore({
    tableName: table.tableName,
    endpoint: proxy.endpoint,
    requestTimeoutMs: 20_000,
    now: () => new Date(START),
    sleep: async (ms) => void pausesMs.push(ms),
    random: () => 0.5,
  });
});

beforeEach(async () => {
  pausesMs = [];
  proxy.reset();
  await table.empty();
});

afterAll(async () => {
  store.close();
  await proxy.close();
  await table.close();
});

const checks = Array.from({ length: 60 }, (_, index) => goodCheck({ timestamp: minute(index) }));
const times = (list: readonly { timestamp: string }[]) => list.map((check) => check.timestamp).sort();
const isEven = (sk: string) => new Date(sk).getUTCMinutes() % 2 === 0;

async function stored(): Promise<string[]> {
  const { items } = await store.checks.page('alpha', { from: minute(0), to: minute(100), limit: 1000 });
  return times(items);
}

it('writes 60 checks in 3 batches', async () => {
  expect(await store.checks.put(checks)).toEqual({ unstored: [] });
  expect(proxy.operations).toEqual(['BatchWriteItem', 'BatchWriteItem', 'BatchWriteItem']);
  expect(await stored()).toEqual(times(checks));
});

it('T3: sends again, after a pause, the items for which the table had no capacity', async () => {
  proxy.fail('BatchWriteItem', leaveUnprocessed(isEven));
  expect(await store.checks.put(checks.slice(0, 20))).toEqual({ unstored: [] });
  expect(await stored()).toEqual(times(checks.slice(0, 20)));
  expect(pausesMs).toEqual([25]);
});

it('T3: tries 5 times with growing pauses, then says which are lost and stores the others', async () => {
  proxy.failAlways('BatchWriteItem', leaveUnprocessed(isEven));
  const { unstored, error } = await store.checks.put(checks);
  const even = checks.filter((check) => isEven(check.timestamp));
  expect(times(unstored)).toEqual(times(even));
  expect(error).toBeUndefined();
  expect(await stored()).toEqual(times(checks.filter((check) => !isEven(check.timestamp))));
  expect(proxy.operations.filter((operation) => operation === 'BatchWriteItem')).toHaveLength(3 * 5);
  expect([...pausesMs].sort((a, b) => a - b)).toEqual([25, 50, 100, 200].flatMap((ms) => [ms, ms, ms]));
});

it('T3: stores what is lost when it is put again', async () => {
  proxy.failAlways('BatchWriteItem', leaveUnprocessed(isEven));
  const { unstored } = await store.checks.put(checks);
  proxy.reset();
  expect(await store.checks.put(unstored)).toEqual({ unstored: [] });
  expect(await stored()).toEqual(times(checks));
});

it('T3: loses one batch that is refused, says why, and stores the others', async () => {
  const refusal = refuse('AccessDeniedException');
  proxy.fail('BatchWriteItem', refusal);
  const { unstored, error } = await store.checks.put(checks);
  expect([10, 25]).toContain(unstored.length);
  expect(error).toMatchObject({ name: 'StoreError', code: 'denied' });
  expect([...(await stored()), ...times(unstored)].sort()).toEqual(times(checks));
});

it('T3: gives up on a batch that is throttled as a whole after the SDK’s 3 attempts', async () => {
  proxy.failAlways('BatchWriteItem', refuse('ProvisionedThroughputExceededException'));
  const { unstored, error } = await store.checks.put(checks.slice(0, 25));
  expect(times(unstored)).toEqual(times(checks.slice(0, 25)));
  expect(error).toMatchObject({ code: 'throttled' });
  expect(proxy.operations).toHaveLength(3);
});

it('T3: names every check that shares the key of a lost one', async () => {
  proxy.failAlways('BatchWriteItem', refuse('AccessDeniedException'));
  const twice = [goodCheck(), goodCheck({ responseTimeMs: 7 })];
  expect((await store.checks.put(twice)).unstored).toEqual(twice);
});

it('T3: gives up on a table that never answers', async () => {
  proxy.failAlways('BatchWriteItem', neverAnswer);
  const impatient = createDynamoStore({
    tableName: table.tableName,
    endpoint: proxy.endpoint,
    requestTimeoutMs: 20,
  });
  const { unstored, error } = await impatient.checks.put([goodCheck()]);
  impatient.close();
  expect(unstored).toEqual([goodCheck()]);
  expect(error).toMatchObject({ code: 'unreachable' });
});
