/**
 * What the views of a large fleet cost: CPU and time of the API's process, with the table in another. The first view is
 * that of a process that has answered nothing yet.
 */

import { createApp } from '../../lib/api/app.ts';
import { silentLog } from '../../lib/base/log.ts';
import { dayAfter } from '../../lib/health/uptime/day-counts.ts';
import { createClient } from '../../lib/store/dynamo/client.ts';
import { createDynamoStore } from '../../lib/store/dynamo/store.ts';
import { Table } from '../../lib/store/dynamo/table.ts';
import { statusItem } from '../../lib/store/items/status-item.ts';
import { at, failedCheck, goodCheck, minute, provider, START, statusAfter } from '../support/builders.ts';
import { reply, start, stop } from './children.ts';
import type { TableAddress } from './protocol.ts';
import { median, printTable } from './table.ts';

const PROVIDERS = 1000;
const VIEWS = 15;
const PATHS = ['/v1/select', '/v1/select?limit=10', '/v1/summary', '/v1/providers', '/metrics', '/'];
const LAST_DAY = dayAfter(START.slice(0, 10), -1);

export async function benchViews(): Promise<void> {
  const process = start('table-process.ts');
  const address = await reply<TableAddress>(process);
  await fill(address);
  const rows: string[][] = [];
  for (const path of PATHS) rows.push([path, ...(await viewed(address, path))]);
  await stop(process);
  console.log(`\nviews of ${PROVIDERS} providers, in milliseconds`);
  printTable(['GET', 'first CPU', 'CPU', 'time', 'kB', 'kB compressed'], rows);
}

async function viewed({ endpoint, tableName }: TableAddress, path: string): Promise<string[]> {
  const now = () => new Date(minute(20));
  const store = createDynamoStore({ endpoint, tableName, now, requestTimeoutMs: 20_000 });
  const monitor = { tickSeconds: 60, shards: ['0', '1', '2', '3'] };
  const app = createApp({ store, checker: null, declared: [], monitor, log: silentLog, now });
  const ask = async (headers: Record<string, string>) => (await app.request(path, { headers })).arrayBuffer();
  const cpus: number[] = [];
  const times: number[] = [];
  for (let view = 0; view < VIEWS; view += 1) {
    const [cpu, startedAt] = [process.cpuUsage(), performance.now()];
    await ask({ 'accept-encoding': 'gzip' });
    const { user, system } = process.cpuUsage(cpu);
    cpus.push((user + system) / 1000);
    times.push(performance.now() - startedAt);
  }
  const [whole, compressed] = [await ask({}), await ask({ 'accept-encoding': 'gzip' })];
  store.close();
  const [first = 0, ...others] = cpus;
  const kilobytes = ({ byteLength }: ArrayBuffer) => (byteLength / 1000).toFixed(0);
  return [
    ...[first, median(others), median(times)].map((ms) => ms.toFixed(0)),
    kilobytes(whole),
    kilobytes(compressed),
  ];
}

/** One in ten has failures, and its last error is long. */
async function fill({ endpoint, tableName }: TableAddress): Promise<void> {
  const client = createClient({ endpoint, requestTimeoutMs: 20_000 });
  const table = new Table(client, tableName);
  const ids = Array.from({ length: PROVIDERS }, (_, i) => `provider-${i}`);
  const items = ids.map((id, i) => {
    const checks = Array.from({ length: 20 }, (_, k) =>
      i % 10 === 0 && k > 15
        ? failedCheck('server_error', { timestamp: minute(k), errorMessage: 'HTTP 503: '.padEnd(200, 'x') })
        : goodCheck({ timestamp: minute(k), responseTimeMs: 300 + ((i * 31 + k * 17) % 400), requestId: at(i) }),
    );
    return statusItem(statusAfter(checks, provider({ id, tags: [`team-${i % 12}`] })), null, 'AbCdEfGhIjKl');
  });
  for (let first = 0; first < items.length; first += 25) await table.putBatch(items.slice(first, first + 25));
  const store = createDynamoStore({ client, tableName, now: () => new Date(START) });
  const days = Array.from({ length: 89 }, (_, i) => dayAfter(LAST_DAY, i - 88));
  const fleet = ids.map((id, i) => ({
    provider: id,
    through: LAST_DAY,
    days: days.map((day, k) => {
      const isBad = (i + k) % 30 === 0;
      return { day, checks: 1437 + ((i * k) % 4), outages: isBad ? 3 : 0, failures: isBad ? { timeout: 3 } : {} };
    }),
  }));
  for (let shard = 0; shard < 4; shard += 1) {
    await store.fleetDays.put(String(shard), fleet.slice(shard * 250, shard * 250 + 250));
  }
  client.destroy();
}
