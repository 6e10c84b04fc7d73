/** Measures the costs of scores, of statuses in memory and of stored checks. */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { nextStatus, unknownStatus } from '../../lib/health/next-status.ts';
import { addCheck, figuresOf, NO_CHECKS } from '../../lib/health/recent.ts';
import { healthScore, routingScore } from '../../lib/health/score.ts';
import type { ProviderStatus } from '../../lib/health/status.ts';
import { createDynamoStore } from '../../lib/store/dynamo/store.ts';
import { createMemoryStore } from '../../lib/store/memory/store.ts';
import { goodCheck, minute, provider } from '../support/builders.ts';
import { reply, start, stop } from './children.ts';
import type { TableAddress } from './protocol.ts';
import { median, printTable } from './table.ts';

const REPEATS = 7;
/** Statuses written at the same time: enough to keep one core busy. */
const AT_ONCE = 25;

export async function benchCosts(): Promise<void> {
  const [statusMs, checkMs] = await storeCpuMs();
  console.log('');
  printTable(
    ['cost', 'measured', 'unit'],
    [
      ['health score', nanoseconds(scoreLoop).toFixed(1), 'ns'],
      ['routing score', nanoseconds(routingLoop).toFixed(1), 'ns'],
      ['routing score with its figures, from 20 checks', nanoseconds(figuresLoop).toFixed(0), 'ns'],
      [
        'heap of a status with 20 checks at work, of 10 000',
        (await heapPerStatusBytes(keepAsObject)).toFixed(0),
        'bytes',
      ],
      ['heap of the same kept in memory', (await heapPerStatusBytes(keepInStore)).toFixed(0), 'bytes'],
      ['client CPU of a status written', statusMs.toFixed(3), 'ms'],
      ['client CPU of a check written in batches', checkMs.toFixed(3), 'ms'],
    ],
  );
}

/** Each returns a sum of its results, because the compiler would leave out unused work. */
type Loop = (times: number) => number;

const scoreLoop: Loop = (times) => {
  let sum = 0;
  for (let i = 0; i < times; i += 1) sum += healthScore({ responseTimeMs: i & 2047, isHealthy: (i & 7) !== 0 });
  return sum;
};

const routingLoop: Loop = (times) => {
  let sum = 0;
  for (let i = 0; i < times; i += 1) {
    sum += routingScore({ typicalResponseMs: i & 2047, successRate: (i & 31) / 32 }, 1000);
  }
  return sum;
};

const figuresLoop: Loop = (times) => {
  let sum = 0;
  for (let i = 0; i < times; i += 1) sum += routingScore(figuresOf(RECENT), 1000);
  return sum;
};

const RECENT = Array.from({ length: 20 }, (_, i) => goodCheck({ responseTimeMs: 200 + ((i * 37) % 100) })).reduce(
  (recent, check) => addCheck(recent, check, provider()),
  NO_CHECKS,
);

function nanoseconds(loop: Loop): number {
  const times = 200_000;
  let sum = loop(times);
  const each = Array.from({ length: REPEATS }, () => {
    const startedAt = process.hrtime.bigint();
    sum += loop(times);
    return Number(process.hrtime.bigint() - startedAt) / times;
  });
  if (Number.isNaN(sum)) throw new Error('expected scores, got NaN');
  return median(each);
}

/** Keeps a status for good. */
type Keep = (status: ProviderStatus) => Promise<unknown>;

/** In the form in which the rules use it. */
const kept: ProviderStatus[] = [];
const keepAsObject: Keep = async (status) => kept.push(status);

/** In the form in which a process without a table keeps it between two ticks. */
const memory = createMemoryStore({ now: () => new Date(minute(20)) });
const keepInStore: Keep = (status) => memory.statuses.put(status, null, null);

async function heapPerStatusBytes(keep: Keep): Promise<number> {
  const count = 10_000;
  const configs = Array.from({ length: count }, (_, i) => provider({ id: `p${i}` }));
  const before = heapUsed();
  for (const config of configs) {
    let status: ProviderStatus = unknownStatus(config, new Date(minute(0)));
    for (let i = 1; i <= 20; i += 1) {
      // As read from JSON: no text is shared between the providers.
      const check = JSON.parse(JSON.stringify(goodCheck({ timestamp: minute(i), responseTimeMs: 200 + i })));
      status = nextStatus(status, { ...check, provider: config.id }, config)?.status ?? status;
    }
    await keep(status);
  }
  return (heapUsed() - before) / configs.length;
}

function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

/** CPU of this process for a status and for a check; the table is in another process. */
async function storeCpuMs(): Promise<[number, number]> {
  const table = start('table-process.ts');
  const { endpoint, tableName } = await reply<TableAddress>(table);
  const store = createDynamoStore({ endpoint, tableName, requestTimeoutMs: 20_000 });
  const configs = Array.from({ length: 500 }, (_, i) => provider({ id: `p${i}` }));
  const statusMs: number[] = [];
  const checkMs: number[] = [];
  let statuses = configs.map((config) => unknownStatus(config, new Date(minute(0))));
  for (let tick = 1; tick <= REPEATS + 1; tick += 1) {
    const checks = configs.map(({ id }) => goodCheck({ provider: id, timestamp: minute(tick) }));
    const next = statuses.map((status, i) => {
      const [check, config] = [checks[i], configs[i]];
      return check && config ? (nextStatus(status, check, config)?.status ?? status) : status;
    });
    statusMs.push(
      await cpuMs(async () => {
        for (let from = 0; from < next.length; from += AT_ONCE) {
          const some = next.slice(from, from + AT_ONCE);
          await Promise.all(
            some.map((status, i) => store.statuses.put(status, statuses[from + i]?.version || null, null)),
          );
        }
      }),
    );
    checkMs.push(await cpuMs(() => store.checks.put(checks)));
    statuses = next;
  }
  store.close();
  await stop(table);
  // The first made the connections and compiled the code.
  return [median(statusMs.slice(1)) / configs.length, median(checkMs.slice(1)) / configs.length];
}

async function cpuMs(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
