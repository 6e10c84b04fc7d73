/**
 * Many providers divided among shards with one table: a process for each shard, as a Lambda function is, and their ticks
 * one after the other, since this machine cannot give each a core.
 */

import { loadavg } from 'node:os';
import { type Shard, shardOf } from '../../lib/health/shards.ts';
import { createDynamoStore } from '../../lib/store/dynamo/store.ts';
import { ask, reply, start, stop } from './children.ts';
import { idOf } from './client.ts';
import type { ClientOrder, ClientReport, ProviderReport, TableAddress } from './protocol.ts';
import { median, printTable } from './table.ts';
import { COLUMNS, compared, type TickFigures, WARM_UP_TICKS } from './ticks.ts';

const PROVIDERS = 2000;
const SHARDS = 8;
const TICKS = 5;

export async function benchShards(): Promise<void> {
  const remote = start('provider-process.ts');
  const { ports } = await ask<{ ports: number[] }>(remote, { kind: 'listen', providers: PROVIDERS, warm: false });
  const tableProcess = start('table-process.ts');
  const table = await reply<TableAddress>(tableProcess);
  const rows: string[][] = [];
  for (let index = 0; index < SHARDS; index += 1) {
    const shard = { index, count: SHARDS };
    const figures = await ticksOf(shard, { ports, table }, () => ask(remote, { kind: 'truth' }));
    const members = ports.filter((_, provider) => isIn(shard, provider)).length;
    rows.push([
      String(index),
      String(members),
      loadavg()[0]?.toFixed(1) ?? '',
      ...COLUMNS.map(([, of, digits]) => median(figures.map(of)).toFixed(digits)),
    ]);
    process.stderr.write('.');
  }
  process.stderr.write('\n');
  console.log(
    `\n${PROVIDERS} providers in ${SHARDS} shards, one table, ${TICKS} ticks each on Node ${process.versions.node}.`,
  );
  printTable(['shard', 'providers', 'load', ...COLUMNS.map(([name]) => name)], rows);
  console.log(await inTable(table));
  await Promise.all([stop(remote), stop(tableProcess)]);
}

async function ticksOf(
  shard: Shard,
  { ports, table }: Pick<ClientOrder, 'ports'> & { table: TableAddress },
  truth: () => Promise<Extract<ProviderReport, { kind: 'truth' }>>,
): Promise<TickFigures[]> {
  const order: ClientOrder = { contender: 'ours + table', ports, warm: false, history: 'known', table, shard };
  const client = start('client-process.ts', JSON.stringify(order));
  await reply(client);
  const figures: TickFigures[] = [];
  for (let tick = 0; tick < WARM_UP_TICKS + TICKS; tick += 1) {
    const report = await ask<ClientReport>(client, {});
    const { latenciesMs } = await truth();
    if (tick < WARM_UP_TICKS) continue;
    const mine = <T>(values: readonly T[]) => values.filter((_, provider) => isIn(shard, provider));
    const own = { ...report, measuredMs: mine(report.measuredMs), uncertain: mine(report.uncertain) };
    figures.push(compared(own, mine(latenciesMs)));
  }
  await stop(client);
  return figures;
}

function isIn({ index, count }: Shard, provider: number): boolean {
  return shardOf(idOf(provider), count) === index;
}

/** The table at the end: the last check of each provider should be a good one of the last tick. */
async function inTable(address: TableAddress): Promise<string> {
  const store = createDynamoStore(address);
  const { statuses } = await store.statuses.list();
  store.close();
  const times = statuses.map(({ lastCheck }) => lastCheck?.timestamp.slice(0, 16) ?? '');
  const last = times.toSorted().at(-1);
  const ofLastTick = times.filter((time) => time === last).length;
  const failed = statuses.filter(({ lastCheck }) => lastCheck?.isHealthy !== true).length;
  return `In the table: ${statuses.length} statuses, ${ofLastTick} of the last tick, ${failed} without a good check.`;
}
