/**
 * What an answer of the reader costs from its copy, beside sorting the same providers oneself: `tsx test/bench/reader.ts`.
 * To reach: a pick among 100 providers within 5 µs.
 */

import { createServer } from 'node:http';
import { createHealthReader } from '../../lib/reader/index.ts';
import { healthyStatus } from '../support/builders.ts';
import { median, printTable } from './table.ts';

const PROVIDERS = 100;
const REPEATS = 7;
const CALLS = 20_000;

const now = new Date().toISOString();
const ids = Array.from({ length: PROVIDERS }, (_, i) => `provider-${i}`);
const statuses = ids.map((id, i) => healthyStatus({ id }, { responseTimeMs: 50 + ((i * 37) % 1000), timestamp: now }));

const server = createServer((_, response) => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ asOf: now, providers: statuses, unreadable: [] }));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = server.address();
const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : address}`;
// A copy that outlasts the bench, so that nothing but the answers is measured.
const health = createHealthReader({ url, auth: { type: 'none' }, providers: ids, cacheSeconds: 300 });
const { source } = await health.warmUp();
if (source !== 'table') throw new Error(`expected statuses from the table, got a ${source}`);
server.closeAllConnections();
server.close();

const some = ids.slice(0, 20);
printTable(
  [`${PROVIDERS} providers, from the copy`, 'µs a call'],
  [
    ['a plain sort of them by their score', await microseconds(sortByScore)],
    ['pick()', await microseconds(() => health.pick())],
    ['pick() among 20 of them', await microseconds(() => health.pick({ only: some }))],
    ['rank()', await microseconds(() => health.rank())],
    ['isHealthy()', await microseconds(() => health.isHealthy('provider-7'))],
    ["pick({ strategy: 'weighted' })", await microseconds(() => health.pick({ strategy: 'weighted' }))],
    ['getHealthSummary()', await microseconds(() => health.getHealthSummary())],
  ],
);

function sortByScore(): string | undefined {
  return [...statuses].filter((one) => one.isHealthy).sort((a, b) => b.routingScore - a.routingScore)[0]?.provider;
}

async function microseconds(call: () => unknown): Promise<string> {
  const times: number[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    const startedAt = performance.now();
    for (let i = 0; i < CALLS; i += 1) await call();
    times.push(((performance.now() - startedAt) * 1000) / CALLS);
  }
  return median(times).toFixed(2);
}
