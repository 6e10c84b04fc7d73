/**
 * What each view costs of a table that has run for 90 days: `node --import tsx test/bench/history.ts [providers] [days]`
 * (20 and 90). The table is filled by simulation through the real rules, which takes some minutes.
 */

import { DAY_MS, HOUR_MS } from '../../lib/base/time.ts';
import { UPTIME_WINDOWS, uptimeOf } from '../../lib/health/uptime/uptime.ts';
import { readPast } from '../../lib/history/past.ts';
import { createDynamoStore } from '../../lib/store/dynamo/store.ts';
import { meter } from '../support/metered.ts';
import { type Filled, fill, fleetOf, simulatedChecks } from '../support/simulation.ts';
import { startTable } from '../support/table.ts';

const NOW = new Date('2026-03-10T12:59:30.000Z');

const [providers = 20, days = 90] = process.argv.slice(2).map(Number);
const table = await startTable();
const counted = meter(table.client);
const store = createDynamoStore({ tableName: table.tableName, client: counted.client, now: () => NOW });
const fleet = fleetOf(providers);

const startedMs = performance.now();
const total = { checks: 0, hours: 0, days: 0, transitions: 0 };
for (const [seed, { config, character }] of fleet.entries()) {
  const from = new Date(Math.floor(NOW.getTime() / HOUR_MS) * HOUR_MS - days * DAY_MS);
  const filled: Filled = await fill(store, config, simulatedChecks(config, character, from, NOW, seed), NOW);
  for (const kind of ['checks', 'hours', 'days', 'transitions'] as const) total[kind] += filled[kind];
  process.stderr.write(`\rfilled ${seed + 1} of ${providers} providers `);
}
const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
process.stderr.write(`in ${seconds} s\n`);
console.log(`${providers} providers, ${days} days, one check a minute:`, total);

const everything = { from: new Date(0).toISOString(), to: NOW.toISOString() };
const one = fleet[0]?.config ?? { id: 'none', intervalSeconds: 60 };
const uptime = async (window: (typeof UPTIME_WINDOWS)[number], config = one) =>
  uptimeOf(window, await readPast(store, config, window, NOW), NOW);

const VIEWS: readonly (readonly [string, () => Promise<unknown>])[] = [
  ['all statuses (summary, list, select, scores, metrics)', () => store.statuses.list()],
  ...UPTIME_WINDOWS.map((window) => [`uptime of one provider, ${window}`, () => uptime(window)] as const),
  [`90-day bars of ${providers} providers`, () => Promise.all(fleet.map(({ config }) => uptime('90d', config)))],
  ['100 checks of one provider', () => store.checks.page(one.id, { ...everything, limit: 100 })],
  ['100 transitions', () => store.transitions.page(null, { ...everything, limit: 100 })],
];

console.log('\n| view | requests | items | read units | ms of this process |\n| --- | --- | --- | --- | --- |');
for (const [name, view] of VIEWS) {
  counted.reset();
  const cpu = process.cpuUsage();
  await view();
  const { requests, items, readUnits } = counted.read();
  const { user, system } = process.cpuUsage(cpu);
  console.log(`| ${name} | ${requests} | ${items} | ${readUnits} | ${((user + system) / 1000).toFixed(0)} |`);
}
await table.close();
