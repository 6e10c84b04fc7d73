import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { type EmbeddedTable, startEmbeddedTable } from '../../lib/local/embedded-table.ts';
import { createDynamoStore } from '../../lib/store/dynamo/store.ts';
import type { Store } from '../../lib/store/store.ts';
import { healthyStatus } from '../support/builders.ts';

const started: EmbeddedTable[] = [];

async function start(tableName?: string): Promise<EmbeddedTable> {
  const table = await startEmbeddedTable(tableName);
  started.push(table);
  return table;
}

function storeOf({ endpoint, tableName }: EmbeddedTable): Store {
  return createDynamoStore({ endpoint, tableName, requestTimeoutMs: 20_000 });
}

afterEach(async () => {
  for (const table of started.splice(0)) await table.close();
});

it('listens on 127.0.0.1 only and has a table that is ours', async () => {
  const table = await start('my-table');
  expect(table.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(table.tableName).toBe('my-table');
  const store = storeOf(table);
  await expect(store.verify()).resolves.toBeUndefined();
  store.close();
});

it('keeps two of them apart', async () => {
  const [one, two] = [storeOf(await start()), storeOf(await start())];
  await one.statuses.put(healthyStatus(), null, null);
  expect(await one.statuses.get('alpha')).not.toBeNull();
  expect(await two.statuses.get('alpha')).toBeNull();
  one.close();
  two.close();
});

/** A connection on which half a request was sent. */
async function halfRequest({ endpoint }: EmbeddedTable): Promise<Socket> {
  const socket = connect(Number(new URL(endpoint).port), '127.0.0.1');
  await once(socket, 'connect');
  const head =
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-amz-json-1.0\r\n' +
    'X-Amz-Target: DynamoDB_20120810.GetItem\r\nContent-Length: 100\r\n\r\n{"TableName":';
  await new Promise<void>((resolve) => socket.write(head, () => resolve()));
  return socket;
}

it('outlives a caller that hangs up within a request', async () => {
  const table = await start();
  const socket = await halfRequest(table);
  socket.resetAndDestroy();
  await once(socket, 'close');

  const store = storeOf(table);
  expect(await store.statuses.put(healthyStatus(), null, null)).toBe('stored');
  store.close();
});

it('is closed although a request is still coming in', async () => {
  const table = await startEmbeddedTable();
  const socket = await halfRequest(table);
  socket.on('error', () => undefined);
  const store = storeOf(table);
  await store.statuses.list();
  const ended = once(socket, 'close');
  await table.close();
  await ended;
  store.close();
});

it('is closed although a client still holds a connection', async () => {
  const table = await startEmbeddedTable();
  const store = storeOf(table);
  await store.statuses.list();
  await table.close();
  await expect(store.statuses.list()).rejects.toMatchObject({ code: 'unreachable' });
  store.close();
});
