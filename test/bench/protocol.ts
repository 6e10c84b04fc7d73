/** The messages between the processes of the benchmark. */

import type { Shard } from '../../lib/health/shards.ts';

export type ProviderCommand = { kind: 'listen'; providers: number; warm: boolean } | { kind: 'truth' };

export type ProviderReport =
  | { kind: 'listening'; ports: number[] }
  /** By provider, null where nothing was asked since the last report. */
  | { kind: 'truth'; latenciesMs: (number | null)[] };

/**
 * `fetch` and `undici`: as most programs would write it, a clock around the `await`. `ours`: a tick of HealthChecker.
 * `… (full TLS)`: the same without resumed sessions, as every connection of a new process is. `… + table`: the same, and it
 * writes each provider's status and check into a table in another process.
 */
export type Contender = 'fetch' | 'undici' | 'undici + table' | 'undici, batches + table' | Ours | `${Ours} + table`;

type Ours = 'ours' | 'ours (full TLS)';

/** How exact the response times that a tick expects are. Default: those of the ticks before it in the same process. */
export type History = 'known' | 'unknown' | 'half' | 'double';

export interface TableAddress {
  endpoint: string;
  tableName: string;
}

export interface ClientOrder {
  contender: Contender;
  ports: number[];
  warm: boolean;
  history: History;
  /** Null for a contender without a table. */
  table: TableAddress | null;
  /** Of a checker that probes only its part. Default: all. */
  shard?: Shard;
}

/** One tick as a client saw it. */
export interface ClientReport {
  /** By provider; null where there was no good answer. */
  measuredMs: (number | null)[];
  uncertain: boolean[];
  tickMs: number;
  cpuMs: number;
  rssMb: number;
}

export interface ViewOrder {
  /** URL of the bundled handler. */
  handlerUrl: string;
  path: string;
}

/** What the answers of a process cost, in their order. */
export interface ViewReport {
  /** CPU of the whole process. */
  cpuMs: number[];
  timeMs: number[];
  bytes: number;
  compressedBytes: number;
}
