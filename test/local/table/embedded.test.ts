import { afterEach, expect, it } from 'vitest';
import { type EmbeddedTable, startEmbeddedTable } from '../../../lib/local/table/embedded.ts';
import { memoryStorage } from '../../../lib/local/table/storage.ts';
import { createDynamoStore } from '../../../lib/store/dynamo/store.ts';
import type { Store } from '../../../lib/store/store.ts';
import { healthyStatus } from '../../support/builders.ts';
import { resources, resourcesBeyond } from '../../support/resources.ts';

const started: EmbeddedTable[] = [];

async function start(tableName?: string): Promise<EmbeddedTable> {
  const table = await startEmbeddedTable(tableName);
  started.push(table);
  return table;
}

function storeOf({ client, tableName }: EmbeddedTable): Store {
  return createDynamoStore({ client, tableName });
}

afterEach(async () => {
  for (const table of started.splice(0)) await table.close();
});

it('has a table that is ours, and opens no port', async () => {
  const before = resources(/^TCP/);
  const table = await start('my-table');
  expect(table.tableName).toBe('my-table');
  await expect(storeOf(table).verify()).resolves.toBeUndefined();
  expect(resourcesBeyond(before, /^TCP/)).toEqual([]);
});

it('keeps two of them apart', async () => {
  const [one, two] = [storeOf(await start()), storeOf(await start())];
  await one.statuses.put(healthyStatus(), null, null);
  expect(await one.statuses.get('alpha')).not.toBeNull();
  expect(await two.statuses.get('alpha')).toBeNull();
});

it.each(['null', '[]', '1', '"x"', '{"TableName":null}', '{'])(
  'outlives the body %s, in every operation',
  async (body) => {
    const table = await start();
    for (const operation of ['CreateTable', 'PutItem', 'GetItem', 'Query', 'Scan', 'BatchWriteItem', 'UpdateTable']) {
      const answer = await table.dynamo.ask(`DynamoDB_20120810.${operation}`, body).catch((error: unknown) => error);
      expect(answer instanceof Error || (answer as { statusCode: number }).statusCode >= 400, operation).toBe(true);
    }
    expect(await storeOf(table).statuses.put(healthyStatus(), null, null)).toBe('stored');
  },
);

it('answers what it took before it is closed, and nothing after that', async () => {
  const table = await startEmbeddedTable();
  const order: string[] = [];
  const key = JSON.stringify({ TableName: table.tableName, Key: { pk: { S: 'a' }, sk: { S: 'b' } } });
  const taken = table.dynamo.ask('DynamoDB_20120810.GetItem', key).then(() => order.push('answered'));
  await Promise.all([table.close().then(() => order.push('closed')), taken]);
  expect(order).toEqual(['answered', 'closed']);
  await expect(storeOf(table).statuses.list()).rejects.toMatchObject({
    code: 'unreachable',
    message: expect.stringContaining('ERR_EMBEDDED_CLOSED'),
  });
});

it('answers a write when it is flushed to the disk, and a read at once', async () => {
  const memory = memoryStorage();
  let flush = () => {};
  const flushed = new Promise<void>((resolve) => {
    flush = resolve;
  });
  let isFirst = true;
  const sync = async () => {
    // The table itself is made before.
    if (!isFirst) await flushed;
    isFirst = false;
  };
  const table = await startEmbeddedTable('flushed', { ...memory, sync });
  started.push(table);
  const order: string[] = [];
  const write = storeOf(table)
    .statuses.put(healthyStatus(), null, null)
    .then(() => order.push('written'));
  while ((await storeOf(table).statuses.list()).statuses.length === 0)
    await new Promise((resolve) => setImmediate(resolve));
  order.push('read');
  flush();
  await write;
  expect(order).toEqual(['read', 'written']);
});
