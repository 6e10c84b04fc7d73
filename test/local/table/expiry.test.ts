import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../lib/base/time.ts';
import { type EmbeddedTable, startEmbeddedTable } from '../../../lib/local/table/embedded.ts';
import { createExpiry, type Expiry } from '../../../lib/local/table/expiry.ts';
import { createDynamoStore } from '../../../lib/store/dynamo/store.ts';
import { failedCheck } from '../../support/builders.ts';
import { FakeClock } from '../../support/clock.ts';

let table: EmbeddedTable;
let clock: FakeClock;
let expiry: Expiry;

beforeEach(async () => {
  table = await startEmbeddedTable();
  clock = new FakeClock();
  expiry = createExpiry(table, clock.now);
});
afterEach(() => table.close());

const nowSeconds = () => Math.floor(clock.now().getTime() / 1000);

async function put(sk: string, expiresAt?: number): Promise<void> {
  const Item = {
    pk: { S: 'X' },
    sk: { S: sk },
    ...(expiresAt !== undefined && { expiresAt: { N: String(expiresAt) } }),
  };
  await table.client.send('PutItem', { TableName: table.tableName, Item });
}

async function kept(): Promise<string[]> {
  const { Items = [] } = await table.client.send<{ Items?: { sk: { S: string } }[] }>('Scan', {
    TableName: table.tableName,
  });
  return Items.map(({ sk }) => sk.S).sort();
}

describe('the expiry of the embedded table', () => {
  it('drops what is expired, and keeps the rest and what never expires', async () => {
    await put('gone', nowSeconds() - 1);
    await put('just gone', nowSeconds());
    await put('still there', nowSeconds() + 1);
    await put('for ever');
    expect(await expiry.sweep(0)).toBe(2);
    expect(await kept()).toEqual(['for ever', 'still there']);
    clock.set(new Date(clock.now().getTime() + 1000));
    expect(await expiry.sweep(0)).toBe(1);
    expect(await kept()).toEqual(['for ever']);
  });

  it('looks at a bounded number of items at a time, comes to all of them, and begins anew', async () => {
    // At the beginning, where a scan that starts again would find only them.
    for (let n = 0; n < 50; n++) await put(`0 kept ${n}`);
    for (let n = 0; n < 350; n++) await put(String(n).padStart(4, '0'), nowSeconds() - 1);
    expect(await expiry.sweep(0)).toBe(50);
    // As many more as there were checks, so that it outruns them.
    expect(await expiry.sweep(25)).toBe(200);
    expect(await expiry.sweep(0)).toBe(100);
    expect(await kept()).toHaveLength(50);
    await put('0 later', nowSeconds() - 1);
    expect((await expiry.sweep(0)) + (await expiry.sweep(0))).toBe(1);
  });

  it('keeps an item that was written anew after it was read as expired', async () => {
    await put('renewed', nowSeconds() - 1);
    const { client, tableName } = table;
    // Between the read and the deletion, another process writes.
    const raced: typeof client = {
      ...client,
      async send(operation, input) {
        if (operation === 'DeleteItem') {
          const Item = { pk: { S: 'X' }, sk: { S: 'renewed' }, expiresAt: { N: String(nowSeconds() + 60) } };
          await client.send('PutItem', { TableName: tableName, Item });
        }
        return client.send(operation, input);
      },
    };
    expiry = createExpiry({ ...table, client: raced }, clock.now);
    expect(await expiry.sweep(0)).toBe(0);
    const Key = { pk: { S: 'X' }, sk: { S: 'renewed' } };
    expect(await client.send('GetItem', { TableName: tableName, Key })).toHaveProperty('Item');
  });

  it('holds the table of a monitor that runs for long to what has not expired', async () => {
    const store = createDynamoStore({ client: table.client, tableName: table.tableName, now: clock.now });
    const sizes: number[] = [];
    for (let day = 0; day < 16; day++) {
      for (let hour = 0; hour < 24; hour++) {
        const at = clock.now().getTime();
        await store.checks.put([failedCheck('timeout', { timestamp: new Date(at).toISOString() })]);
        clock.set(new Date(at + HOUR_MS));
        await expiry.sweep(1);
      }
      sizes.push((await kept()).length);
    }
    expect(sizes.at(-1)).toBe(sizes[9]);
    expect(sizes.at(-1)).toBeLessThanOrEqual(8 * 24);
  });

  it('drops nothing for an hour after the clock jumped, forwards or back', async () => {
    const later = (ms: number) => clock.set(new Date(clock.now().getTime() + ms));
    await put('next week', nowSeconds() + (7 * DAY_MS) / 1000);
    expect(await expiry.sweep(0)).toBe(0);
    later(365 * DAY_MS);
    expect(await expiry.sweep(0)).toBe(0);
    later(HOUR_MS - 60_000);
    expect(await expiry.sweep(0)).toBe(0);
    later(-365 * DAY_MS);
    for (let hour = 0; hour < 3; hour++) {
      expect(await expiry.sweep(0)).toBe(0);
      later(HOUR_MS);
    }
    expect(await kept()).toEqual(['next week']);
    // The clock is right: a week has passed while the machine slept.
    later(8 * DAY_MS);
    expect(await expiry.sweep(0)).toBe(0);
    later(HOUR_MS);
    expect(await expiry.sweep(0)).toBe(1);
  });

  it('drops nothing in the first hour over the items of an earlier process', async () => {
    await put('old', nowSeconds() - 1);
    const careful = createExpiry(table, clock.now, { isKept: true });
    expect(await careful.sweep(0)).toBe(0);
    clock.set(new Date(clock.now().getTime() + HOUR_MS));
    expect(await careful.sweep(0)).toBe(1);
  });
});
