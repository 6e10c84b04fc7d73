/** A5: a view is as many requests of the table for a large fleet as for a small one. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../lib/api/app.ts';
import { silentLog } from '../../lib/base/log.ts';
import type { ProviderStatus } from '../../lib/health/status.ts';
import { dayAfter } from '../../lib/health/uptime/day-counts.ts';
import { createHealthReader } from '../../lib/reader/index.ts';
import type { DynamoClient } from '../../lib/store/dynamo/client.ts';
import { createDynamoStore } from '../../lib/store/dynamo/store.ts';
import { Table } from '../../lib/store/dynamo/table.ts';
import { statusItem } from '../../lib/store/items/status-item.ts';
import type { Store } from '../../lib/store/store.ts';
import { testClock } from '../reader/support.ts';
import { at, failedCheck, goodCheck, provider, START, statusAfter } from '../support/builders.ts';
import { startTable, type TestTable } from '../support/table.ts';

/** A Query of this many statuses is below the limit of a megabyte. */
const [FEW, MANY] = [20, 400];
const SHARDS = ['0', '1'];
const LAST_DAY = dayAfter(START.slice(0, 10), -1);

let table: TestTable;

beforeAll(async () => {
  table = await startTable();
});

afterAll(() => table.close());

const operations: string[] = [];
const counting = (): DynamoClient => ({
  ...table.client,
  send(operation, input) {
    operations.push(operation);
    return table.client.send(operation, input);
  },
});

async function putStatuses(statuses: readonly ProviderStatus[]): Promise<void> {
  const items = statuses.map((status) => statusItem(status, null, 'AbCdEfGhIjKl'));
  const direct = new Table(table.client, table.tableName);
  for (let first = 0; first < items.length; first += 25) {
    expect(await direct.putBatch(items.slice(first, first + 25))).toEqual([]);
  }
}

async function fill(store: Store, from: number, to: number): Promise<void> {
  const ids = Array.from({ length: to - from }, (_, i) => `provider-${String(from + i).padStart(4, '0')}`);
  const checks = [failedCheck('timeout', { timestamp: at(-1) }), goodCheck()];
  await putStatuses(ids.map((id) => statusAfter(checks, provider({ id }))));
  const days = Array.from({ length: 89 }, (_, i) => dayAfter(LAST_DAY, i - 88));
  const all = [...(await store.fleetDays.list()).values()];
  const added = ids.map((id) => ({
    provider: id,
    through: LAST_DAY,
    days: days.map((day) => ({ day, checks: 1440, outages: 3, failures: { timeout: 3 } })),
  }));
  await store.fleetDays.put('0', [...all, ...added]);
}

function open() {
  const now = () => new Date(START);
  const store = createDynamoStore({ tableName: table.tableName, client: counting(), now });
  const monitor = { tickSeconds: 60, shards: SHARDS };
  const app = createApp({ store, checker: null, declared: [], monitor, log: silentLog, now });
  return { store, app };
}

/** By route, the requests of a first view to the table. */
async function requests(paths: readonly string[]): Promise<Record<string, string>> {
  const asked: Record<string, string> = {};
  for (const path of paths) {
    // An app of its own, so that nothing from another view is cached.
    const { app } = open();
    operations.length = 0;
    const response = await app.request(path);
    expect(response.status, path).toBe(200);
    await response.text();
    asked[path] = [...operations].sort().join(' ');
  }
  return asked;
}

const PATHS = [
  '/',
  '/?sort=usable',
  '/?page=2',
  '/metrics',
  '/v1/summary',
  '/v1/providers',
  '/v1/select',
  '/v1/scores',
];
const PAGE = 'BatchGetItem Query Query Query';

describe('A5: what a view asks of the table', () => {
  it(`is the same for ${FEW} providers and for ${MANY}, and at most three Queries`, async () => {
    const { store } = open();
    await fill(store, 0, FEW);
    const few = await requests(PATHS);
    await fill(store, FEW, MANY);
    const many = await requests(PATHS);
    expect(many).toEqual(few);
    expect(few).toEqual({
      '/': PAGE,
      '/?sort=usable': PAGE,
      '/?page=2': PAGE,
      '/metrics': 'BatchGetItem Query',
      '/v1/summary': 'Query',
      '/v1/providers': 'Query',
      '/v1/select': 'Query',
      '/v1/scores': 'Query',
    });
  });

  it('is a Query more for each megabyte of statuses, none of which is lost, neither to the API nor to a reader', async () => {
    const { app } = open();
    const ids = Array.from({ length: 500 }, (_, i) => `provider-large-${i}`);
    const tags = Array.from({ length: 30 }, (_, i) => `${i}`.padEnd(60, 't'));
    await putStatuses(ids.map((id) => statusAfter([goodCheck()], provider({ id, tags }))));
    operations.length = 0;
    const body = (await (await app.request('/v1/scores')).json()) as { scores: { provider: string }[] };
    expect(operations).toEqual(['Query', 'Query']);
    expect(body.scores).toHaveLength(MANY + 500);
    // By a clock that stands, since on a loaded machine so many take longer than a reader waits.
    const reader = createHealthReader({
      tableName: table.tableName,
      client: table.sdk,
      providers: ids,
      clock: testClock(),
    });
    await reader.warmUp();
    expect((await reader.getAllHealthStatus()).statuses).toHaveLength(MANY + 500);
  });
});
