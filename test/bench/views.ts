/**
 * What the views of a large fleet cost: CPU and time of the API function's process, as bundled, with the table in
 * another process. Each path has processes of its own; the first view is that of a process that has answered nothing.
 */

import { fork } from 'node:child_process';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { MINUTE_MS } from '../../lib/base/time.ts';
import { dayAfter, dayOf } from '../../lib/health/uptime/day-counts.ts';
import { createClient } from '../../lib/store/dynamo/client.ts';
import { createDynamoStore } from '../../lib/store/dynamo/store.ts';
import { Table } from '../../lib/store/dynamo/table.ts';
import { statusItem } from '../../lib/store/items/status-item.ts';
import { failedCheck, goodCheck, provider, statusAfter } from '../support/builders.ts';
import { reply, start, stop } from './children.ts';
import { deploy, environmentOf, withDirectory } from './deployed.ts';
import type { TableAddress, ViewOrder, ViewReport } from './protocol.ts';
import { median, printTable } from './table.ts';

const PROVIDERS = 1000;
const PROCESSES = 5;
const SHARDS = 4;
const PATHS = ['/v1/select', '/v1/select?limit=10', '/v1/summary', '/v1/providers', '/v1/scores', '/metrics', '/'];
export const IDS = Array.from({ length: PROVIDERS }, (_, i) => `provider-${i}`);
const CHECKS = 20;

export async function benchViews(): Promise<void> {
  const tableProcess = start('table-process.ts');
  const table = await reply<TableAddress>(tableProcess);
  await fill(table, Date.now());
  const rows = await withDirectory(async (directory) => {
    const providers = IDS.map((id) => ({ id, type: 'openai-compatible', model: 'm', baseUrl: 'https://a.example/v1' }));
    const handlerUrl = deploy('api', join(directory, 'api'), { config: { providers }, shards: SHARDS });
    const client = bundledClient(directory);
    const views: string[][] = [];
    for (const path of PATHS) views.push([path, ...(await viewed(client, { handlerUrl, path }, table))]);
    return views;
  });
  await stop(tableProcess);
  console.log(
    `\nviews of ${PROVIDERS} providers on Node ${process.versions.node}, in milliseconds; medians of ${PROCESSES} new processes.`,
  );
  printTable(['GET', 'load', 'first CPU', 'tenth CPU', 'first time', 'tenth time', 'kB', 'kB compressed'], rows);
}

async function viewed(client: string, order: ViewOrder, table: TableAddress): Promise<string[]> {
  const reports: ViewReport[] = [];
  for (let i = 0; i < PROCESSES; i += 1) {
    reports.push(await reply(fork(client, [JSON.stringify(order)], { env: environmentOf(table), execArgv: [] })));
    process.stderr.write('.');
  }
  const milliseconds = (figures: 'cpuMs' | 'timeMs', view: number) =>
    median(reports.map((report) => report[figures][view] ?? Number.NaN)).toFixed(0);
  const kilobytes = (figure: 'bytes' | 'compressedBytes') => ((reports[0]?.[figure] ?? 0) / 1000).toFixed(0);
  return [
    (loadavg()[0] ?? 0).toFixed(1),
    milliseconds('cpuMs', 0),
    milliseconds('cpuMs', 9),
    milliseconds('timeMs', 0),
    milliseconds('timeMs', 9),
    kilobytes('bytes'),
    kilobytes('compressedBytes'),
  ];
}

/** The client as one JavaScript file: a loader of TypeScript would use CPU in its process. */
function bundledClient(directory: string): string {
  const outfile = join(directory, 'client.mjs');
  const entry = fileURLToPath(new URL('view-process.ts', import.meta.url));
  buildSync({ entryPoints: [entry], bundle: true, platform: 'node', format: 'esm', outfile, logLevel: 'warning' });
  return outfile;
}

/** One provider in ten has failures, and its last error is long. The last checks are from just now. */
export async function fill({ endpoint, tableName }: TableAddress, nowMs: number): Promise<void> {
  const minuteOf = (k: number) => new Date(nowMs - (CHECKS - k) * MINUTE_MS).toISOString();
  const client = createClient({ endpoint, requestTimeoutMs: 20_000 });
  const table = new Table(client, tableName);
  const items = IDS.map((id, i) => {
    const checks = Array.from({ length: CHECKS }, (_, k) =>
      i % 10 === 0 && k > 15
        ? failedCheck('server_error', { timestamp: minuteOf(k), errorMessage: 'HTTP 503: '.padEnd(200, 'x') })
        : goodCheck({
            timestamp: minuteOf(k),
            responseTimeMs: 300 + ((i * 31 + k * 17) % 400),
            requestId: `req_${'x'.repeat(20)}${i}`,
          }),
    );
    return statusItem(statusAfter(checks, provider({ id, tags: [`team-${i % 12}`] })), null, 'AbCdEfGhIjKl');
  });
  for (let first = 0; first < items.length; first += 25) await table.putBatch(items.slice(first, first + 25));
  const store = createDynamoStore({ client, tableName, now: () => new Date(nowMs) });
  const lastDay = dayAfter(dayOf(nowMs), -1);
  const days = Array.from({ length: 89 }, (_, i) => dayAfter(lastDay, i - 88));
  const fleet = IDS.map((id, i) => ({
    provider: id,
    through: lastDay,
    days: days.map((day, k) => {
      const isBad = (i + k) % 30 === 0;
      return { day, checks: 1437 + ((i * k) % 4), outages: isBad ? 3 : 0, failures: isBad ? { timeout: 3 } : {} };
    }),
  }));
  for (let shard = 0; shard < SHARDS; shard += 1) {
    await store.fleetDays.put(String(shard), fleet.slice(shard * 250, shard * 250 + 250));
  }
  client.destroy();
}
