/**
 * Keeps the statuses as the last tick of a shard left them, so that the next tick need not read them. They equal the
 * table as long as no other process has written a status since. How a write of another process is noticed:
 *
 *   a tick of another process      it leaves another heartbeat
 *   a pause, a manual check        it leaves a mark (`statuses.touch`) after each write of a status
 *   a write that leaves no mark    the conditional write fails, and the status is read and judged again
 */

import { HOUR_MS, MINUTE_MS } from '../../base/time.ts';
import { type Shard, shardName } from '../../health/shards.ts';
import type { ProviderStatus } from '../../health/status.ts';
import type { Heartbeat } from '../../store/store.ts';

/** Statuses by provider. */
export type Copies = ReadonlyMap<string, ProviderStatus>;

/** What the table shows before a tick about other writers. */
export interface Marks {
  /** Null before the first tick. */
  heartbeat: Heartbeat | null;
  /** The last mark of a write outside of ticks; null when there was none. */
  touched: string | null;
}

export interface FleetCopies {
  /** The kept statuses. Null: read them from the table, which also happens once an hour. */
  find(shard: Shard, marks: Marks, tick: Date): Copies | null;
  /**
   * Keeps the statuses of a finished tick. @param marks The heartbeat that the tick left, and the mark that it found.
   */
  keep(shard: Shard, marks: Marks, tick: Date, statuses: Copies): void;
}

/** For the store in memory: there, reading costs nothing, and copies would take most of the memory. */
export const NO_COPIES: FleetCopies = { find: () => null, keep() {} };

export function createFleetCopies(): FleetCopies {
  const kept = new Map<string, { marks: Marks; hour: number; statuses: Copies }>();
  return {
    find(shard, { heartbeat, touched }, tick) {
      const own = kept.get(shardName(shard));
      kept.delete(shardName(shard));
      if (!own || heartbeat === null || touched !== own.marks.touched) return null;
      if (!isSame(heartbeat, own.marks.heartbeat) || turnOf(tick, shard) !== own.hour) return null;
      return own.statuses;
    },
    keep(shard, marks, tick, statuses) {
      kept.set(shardName(shard), { marks, hour: turnOf(tick, shard), statuses });
    },
  };
}

function isSame({ tick, finishedAt }: Heartbeat, other: Heartbeat | null): boolean {
  return tick === other?.tick && finishedAt === other.finishedAt;
}

/** The hour of a tick, shifted by a minute for each shard, so that not all shards read at the same time. */
function turnOf(tick: Date, { index }: Shard): number {
  return Math.floor((tick.getTime() - index * MINUTE_MS) / HOUR_MS);
}
