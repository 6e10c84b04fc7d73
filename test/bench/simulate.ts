/**
 * `npm run simulate -- --providers N --days D`: runs the real rules, store and schedule on a virtual clock, counts the
 * units that the table reports, and calculates a month's bill. One shard is simulated; the others cost the same.
 * Answers are random and all good: failures would add only a few texts and a second of waiting.
 */

import { parseArgs } from 'node:util';
import { createRecordedChecks } from '../../lib/checker/recorded.ts';
import { runTick } from '../../lib/checker/tick/tick.ts';
import { billOf, dollarsText } from '../../lib/costs/bill.ts';
import { type Measured, monthlyUsage } from '../../lib/costs/usage.ts';
import { membership, memoryMiBFor, shardsFor } from '../../lib/health/shards.ts';
import { createHistory } from '../../lib/history/history.ts';
import { startEmbeddedTable } from '../../lib/local/table/embedded.ts';
import { createDynamoStore } from '../../lib/store/dynamo/store.ts';
import { minute, provider } from '../support/builders.ts';
import { checkContext } from '../support/check-context.ts';
import { measured as answers } from '../support/fleet-of-answers.ts';
import { meterUnits } from '../support/metered.ts';
import { printTable } from './table.ts';

const HOUR_MINUTES = 60;
/** So that the hour before ends, and its item is made, within the first hour. */
const FIRST_MINUTE = 26;
/** Claim, reads, packs and heartbeat one after the other: some ten requests of 6 ms. */
const OVERHEAD_MS = 60;
/** Heartbeat, and registrations of which there are none. The mark of writes by hand comes beside it, among the statuses. */
const TICK_READS = 1.5;
/** A tick lasts a little longer than its slowest answer (docs/how-it-judges.md). */
const TICK_PER_SLOWEST = 1.05;

const { values } = parseArgs({
  options: { providers: { type: 'string' }, days: { type: 'string' }, minutes: { type: 'string' } },
});
const counts = (values.providers ?? '10,100,1000,10000').split(',').map(Number);
const minutes = values.days ? Number(values.days) * 24 * 60 : Number(values.minutes ?? HOUR_MINUTES);
if (counts.some((count) => !Number.isInteger(count) || count < 1) || !(minutes >= 1)) {
  throw new Error('expected --providers N (or several with commas) and --days D or --minutes M, all above 0');
}

/** Of providers with usual times from 0.3 to 1.2 s. */
const answersOf = [300, 400, 500, 650, 800, 1200].map((ms, i) => answers(i + 1, ms));
const rows: string[][] = [];
for (const count of counts) rows.push(await simulated(count));
printTable(
  [
    'providers',
    'shards',
    'MiB',
    'writes a check',
    'reads a check',
    'tick',
    'writes',
    'reads',
    'Lambda',
    'other',
    'a month',
  ],
  rows,
);

async function simulated(count: number): Promise<string[]> {
  const fleet = Array.from({ length: count }, (_, i) => provider({ id: `provider-${i}`, model: 'gpt-6-luna' }));
  const ids = fleet.map(({ id }) => id);
  const shards = shardsFor(ids);
  const isOurs = membership({ index: 0, count: shards });
  const members = ids.filter(isOurs);
  const table = await startEmbeddedTable();
  const units = meterUnits(table.client);
  const context = checkContext(fleet);
  const store = createDynamoStore({ tableName: table.tableName, client: units.client, now: context.clock.now });
  const monitor = { ...context, store, history: createHistory(store), recorded: createRecordedChecks() };
  let slowestMs = 0;
  for (const [i, id] of members.entries()) {
    context.prober.script(id, (target, signal) => {
      const outcome = answersOf[i % answersOf.length]?.(target, signal);
      if (outcome && 'timings' in outcome) slowestMs = Math.max(slowestMs, outcome.timings.totalMs);
      return outcome ?? null;
    });
  }
  const lambdaMs: number[] = [];
  for (let at = FIRST_MINUTE; at < FIRST_MINUTE + minutes; at++) {
    context.clock.set(minute(at));
    slowestMs = 0;
    const options = { owner: `${at}`, deadlineAt: null, shard: { index: 0, count: shards } };
    const report = await runTick(monitor, new Date(minute(at)), options);
    if (report.stored.length !== members.length)
      throw new Error(`expected ${members.length} checks, got ${report.stored.length}`);
    lambdaMs.push(slowestMs * TICK_PER_SLOWEST + OVERHEAD_MS);
  }
  store.close();
  await table.close();

  const checks = members.length * minutes;
  const figures: Measured = {
    writeUnitsPerCheck: (units.read().writes - 2 * minutes) / checks,
    // Reads of statuses are calculated, because the statuses of the other shards do not exist here; so are the fixed
    // reads of each tick.
    readUnitsPerCheck: (units.read().others - TICK_READS * minutes) / checks,
    writeUnitsPerTick: 2,
    readUnitsPerTick: TICK_READS + 1,
    tickSeconds: lambdaMs.reduce((sum, ms) => sum + ms, 0) / lambdaMs.length / 1000,
  };
  const bill = billOf(monthlyUsage(fleet, { tickSeconds: 60, shards, measured: figures }));
  const [writes, reads, lambda, ...others] = bill.lines.map(({ dollars }) => dollars);
  const other = others.reduce((sum, dollars) => sum + dollars, 0);
  return [
    String(count),
    String(shards),
    String(memoryMiBFor(members.length)),
    figures.writeUnitsPerCheck.toFixed(3),
    figures.readUnitsPerCheck.toFixed(3),
    `${figures.tickSeconds.toFixed(2)} s`,
    ...[writes, reads, lambda, other, bill.monitor].map((dollars) => dollarsText(dollars ?? 0)),
  ];
}
