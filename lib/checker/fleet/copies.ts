/**
 * The statuses as the last tick of a shard left them, so that the next one need not read them. They are what the table
 * has as long as no other process has written a status since:
 *
 *   another process's tick      leaves another heartbeat than the one that this process left
 *   a person, a manual check    leaves a mark (`statuses.touch`) after each write of a status
 *   what is missed              a write on condition of the version fails, and the status is read and judged again
 */

import { HOUR_MS, MINUTE_MS } from '../../base/time.ts';
import { type Shard, shardName } from '../../health/shards.ts';
import type { ProviderStatus } from '../../health/status.ts';
import type { Heartbeat } from '../../store/store.ts';

/** Statuses by provider. */
export type Copies = ReadonlyMap<string, ProviderStatus>;

/** What the table says before a tick. */
export interface Marks {
  /** Null before the first. */
  heartbeat: Heartbeat | null;
  /** The last mark of a write that no tick made; null when there was none. */
  touched: string | null;
}

export interface FleetCopies {
  /** Null: read them. They are read once an hour anyway. */
  find(shard: Shard, marks: Marks, tick: Date): Copies | null;
  /** @param marks The heartbeat that the tick left, and the mark that it found. */
  keep(shard: Shard, marks: Marks, tick: Date, statuses: Copies): void;
}

/** Where reading costs nothing and copies would be most of the memory: the store in memory. */
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

/** The hour that a tick lies in; a minute later for each shard, so that not all read at once. */
function turnOf(tick: Date, { index }: Shard): number {
  return Math.floor((tick.getTime() - index * MINUTE_MS) / HOUR_MS);
}
