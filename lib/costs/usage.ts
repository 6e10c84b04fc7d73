/** Estimates what a monitor uses in a month, in the units that AWS bills, from its providers and the measured use of one tick. */

import type { ProviderConfig } from '../health/provider.ts';
import { memoryMiBFor, PROVIDERS_PER_SHARD, SHARDS_THAT_READ_ALL } from '../health/shards.ts';

/** A month of 730 hours, as AWS counts it. */
const MONTH_HOURS = 730;
const MONTH_SECONDS = MONTH_HOURS * 3600;

/** The use of one month. */
export interface Usage {
  writeUnits: number;
  /** A strongly consistent read of up to 4 KB is one unit, an eventually consistent one half a unit. */
  readUnits: number;
  invocations: number;
  gibSeconds: number;
  logGib: number;
  /** Tokens by model. */
  tokens: readonly { model: string; input: number; output: number }[];
}

/** The use of ticks and checks, as `npm run simulate` measures it. */
export interface Measured {
  /** For each check: its status, its pack, and its share of the hour, the day and the days of the fleet. */
  writeUnitsPerCheck: number;
  /** For each check: its share of the reads that make an hour from checks. */
  readUnitsPerCheck: number;
  /** Claim and heartbeat. */
  writeUnitsPerTick: number;
  /** Registrations, the previous heartbeat, and the mark that another process wrote statuses. */
  readUnitsPerTick: number;
  /** The duration of a tick. It ends with the slowest answer. */
  tickSeconds: number;
}

/** Measured over one hour, with 100 providers in one shard. Answers took 0.3 to 1.2 s, the slowest of a tick about 2 s. */
const MEASURED: Measured = {
  writeUnitsPerCheck: 1.09,
  readUnitsPerCheck: 0.1,
  writeUnitsPerTick: 2,
  readUnitsPerTick: 2.5,
  tickSeconds: 2,
};

/** A tick writes one line, which contains the metrics. */
const LOG_BYTES_PER_TICK = 1500;
/** Read units for one status. A healthy status is below 1 KB; a Query adds up sizes and bills each 4 KB, a GetItem each item. */
const UNITS_PER_STATUS = { ofQuery: 0.25, byKey: 1 };
/** A process reads all statuses once an hour. About once an hour Lambda replaces the process, and the new one reads them too. */
const STATUS_READS_PER_HOUR = 2;
/** Tokens of one probe: the question, and a short answer. */
const TOKENS = { input: 14, output: 2 };

type Costed = Pick<
  ProviderConfig,
  'model' | 'enabled' | 'intervalSeconds' | 'probe' | 'completionEverySeconds' | 'maxTokensPerDay'
>;

export interface UsageOptions {
  tickSeconds: number;
  /** Default: one for each 250 providers. */
  shards?: number;
  /** Memory of a check function. Default: by the number of its providers. */
  memoryMiB?: number | undefined;
  /** The use of ticks and checks. Default: as measured with 100 providers. */
  measured?: Measured;
}

export function monthlyUsage(providers: readonly Costed[], options: UsageOptions): Usage {
  const { tickSeconds, measured = MEASURED } = options;
  const shards = options.shards ?? Math.max(1, Math.ceil(providers.length / PROVIDERS_PER_SHARD));
  const memoryMiB = options.memoryMiB ?? memoryMiBFor(Math.ceil(providers.length / shards));
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
