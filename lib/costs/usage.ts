/** What a monitor uses in a month, in the units that are paid for: from its providers, its ticks, and what was measured of one. */

import type { ProviderConfig } from '../health/provider.ts';
import { memoryMiBFor, PROVIDERS_PER_SHARD, SHARDS_THAT_READ_ALL } from '../health/shards.ts';

/** A month of 730 hours, as AWS counts it. */
const MONTH_HOURS = 730;
const MONTH_SECONDS = MONTH_HOURS * 3600;

/** Of one month. */
export interface Usage {
  writeUnits: number;
  /** Of reads that are consistent; others count as half. */
  readUnits: number;
  invocations: number;
  gibSeconds: number;
  logGib: number;
  /** Tokens by model. */
  tokens: readonly { model: string; input: number; output: number }[];
}

/** What ticks cost: as `npm run simulate` measures it. */
export interface Measured {
  /** For each check: status, pack, and its share of hour, day and place. */
  writeUnitsPerCheck: number;
  /** For each check: its share of the hour that is made of it. */
  readUnitsPerCheck: number;
  /** Claim and heartbeat. */
  writeUnitsPerTick: number;
  /** Registrations, the heartbeat before, and the mark of writes by hand. */
  readUnitsPerTick: number;
  /** Longest answer of a tick is waited for. */
  tickSeconds: number;
}

/** Over an hour of a shard of 100 whose answers take 0.3 to 1.2 s, the slowest of a tick some 2 s. */
const MEASURED: Measured = {
  writeUnitsPerCheck: 1.09,
  readUnitsPerCheck: 0.1,
  writeUnitsPerTick: 2,
  readUnitsPerTick: 2.5,
  tickSeconds: 2,
};

/** One line a tick, with the metrics in it. */
const LOG_BYTES_PER_TICK = 1500;
/** Of a status, in read units: a healthy one is under a kilobyte, and a Query pays by 4. */
const UNITS_PER_STATUS = { ofQuery: 0.25, byKey: 1 };
/** Each hour a process reads the statuses once by rule, and once more where Lambda has replaced it. */
const STATUS_READS_PER_HOUR = 2;
/** A probe's question, and an answer of a token or two. */
const TOKENS = { input: 14, output: 2 };

type Costed = Pick<
  ProviderConfig,
  'model' | 'enabled' | 'intervalSeconds' | 'probe' | 'completionEverySeconds' | 'maxTokensPerDay'
>;

export function monthlyUsage(
  providers: readonly Costed[],
  tickSeconds: number,
  shards = Math.max(1, Math.ceil(providers.length / PROVIDERS_PER_SHARD)),
  memoryMiB = memoryMiBFor(Math.ceil(providers.length / shards)),
  measured = MEASURED,
): Usage {
  const enabled = providers.filter((provider) => provider.enabled);
  const checks = sum(enabled, ({ intervalSeconds }) => MONTH_SECONDS / Math.max(intervalSeconds, tickSeconds));
  const ticks = (MONTH_SECONDS / tickSeconds) * shards;
  const statusUnits = shards <= SHARDS_THAT_READ_ALL ? UNITS_PER_STATUS.ofQuery * shards : UNITS_PER_STATUS.byKey;
  return {
    writeUnits: checks * measured.writeUnitsPerCheck + ticks * measured.writeUnitsPerTick,
    readUnits:
      checks * measured.readUnitsPerCheck +
      ticks * measured.readUnitsPerTick +
      MONTH_HOURS * STATUS_READS_PER_HOUR * providers.length * statusUnits,
    invocations: ticks,
    gibSeconds: ticks * measured.tickSeconds * (memoryMiB / 1024),
    logGib: (ticks * LOG_BYTES_PER_TICK) / 1024 ** 3,
    tokens: enabled.map((provider) => ({ model: provider.model, ...tokensOf(provider, tickSeconds) })),
  };
}

function tokensOf({ probe, intervalSeconds, completionEverySeconds, maxTokensPerDay }: Costed, tickSeconds: number) {
  if (probe === 'models') return { input: 0, output: 0 };
  const every = Math.max(intervalSeconds, completionEverySeconds ?? 0, tickSeconds);
  const most = (maxTokensPerDay * (MONTH_SECONDS / 86_400)) / (TOKENS.input + TOKENS.output);
  const probes = Math.min(MONTH_SECONDS / every, most);
  return { input: probes * TOKENS.input, output: probes * TOKENS.output };
}

function sum<T>(list: readonly T[], value: (one: T) => number): number {
  return list.reduce((total, one) => total + value(one), 0);
}
