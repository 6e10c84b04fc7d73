/**
 * What an answer of the reader from its copy costs, compared with sorting the same providers in the program itself:
 * `tsx test/bench/reader.ts`. Goals: a pick among 100 providers within 5 µs, a weighted one among 1000 too, a routing
 * score below 1 µs.
 */

import { createServer } from 'node:http';
import { routingScore } from '../../lib/health/score.ts';
import type { ProviderStatus } from '../../lib/health/status.ts';
import { createHealthReader, type HealthReader } from '../../lib/reader/index.ts';
import { healthyStatus } from '../support/builders.ts';
import { median, printTable } from './table.ts';

const REPEATS = 7;
const CALLS = 20_000;

for (const providers of [100, 1000]) await measure(providers);

async function measure(providers: number): Promise<void> {
  const now = new Date().toISOString();
  const ids = Array.from({ length: providers }, (_, i) => `provider-${i}`);
  const statuses = ids.map((id, i) =>
    healthyStatus({ id }, { responseTimeMs: 50 + ((i * 37) % 1000), timestamp: now }),
  );
  const health = await readerOf(statuses);
  const some = ids.slice(0, 20);
  const [status] = statuses;
  if (!status) throw new Error('expected a status');
  const sortByScore = () =>
    [...statuses].filter((one) => one.isHealthy).sort((a, b) => b.routingScore - a.routingScore)[0]?.provider;
  printTable(
    [`${providers} providers, from the copy`, 'µs a call'],
    [
      ['a plain sort of them by their score', await microseconds(sortByScore, CALLS / 20)],
      ['pick()', await microseconds(() => health.pick())],
      ['pick() among 20 of them', await microseconds(() => health.pick({ only: some }))],
      ['rank()', await microseconds(() => health.rank())],
      ['isHealthy()', await microseconds(() => health.isHealthy('provider-7'))],
      ["pick({ strategy: 'weighted' })", await microseconds(() => health.pick({ strategy: 'weighted' }))],
      ['getHealthSummary()', await microseconds(() => health.getHealthSummary(), CALLS / 20)],
      ['routingScore()', await microseconds(() => routingScore(status, 1000))],
    ],
  );
}

/** A reader whose copy stays fresh during the whole benchmark, so that only the answers are measured. */
async function readerOf(statuses: readonly ProviderStatus[]): Promise<HealthReader> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ asOf: new Date().toISOString(), providers: statuses, unreadable: [] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : address}`;
  const providers = statuses.map(({ provider }) => provider);
  const health = createHealthReader({ url, auth: { type: 'none' }, providers, cacheSeconds: 300 });
  const { source } = await health.warmUp();
  if (source !== 'table') throw new Error(`expected statuses from the table, got a ${source}`);
  server.closeAllConnections();
  server.close();
  return health;
}

async function microseconds(call: () => unknown, calls = CALLS): Promise<string> {
  const times: number[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    const startedAt = performance.now();
    for (let i = 0; i < calls; i += 1) await call();
    times.push(((performance.now() - startedAt) * 1000) / calls);
  }
  return median(times).toFixed(2);
}
