/** Whether the monitor itself works, by the last heartbeat of each shard. */

import { distanceMs, isFromFuture } from '../../health/future.ts';
import { isSilent } from '../../health/pulse.ts';
import type { Heartbeat } from '../../store/store.ts';
import type { Api } from '../api.ts';

export interface Pulse {
  heartbeat: Heartbeat;
  /** Milliseconds since the end of the tick. */
  ageMs: number;
  /**
   * The tick ended more than a minute ahead of the clock. So a clock is wrong, and the tick's real time is not known.
   */
  fromFuture: boolean;
  /** The last tick is more than three tick intervals old, or from the future. */
  silent: boolean;
}

/** The pulse of each shard, read in one request; null before a shard's first tick. @throws {StoreError} */
export async function readPulses({ store, monitor, now }: Api): Promise<(Pulse | null)[]> {
  const heartbeats = await store.ticks.heartbeats(monitor.shards);
  const time = now();
  return heartbeats.map((heartbeat) => {
    if (heartbeat === null) return null;
    const ageMs = distanceMs(heartbeat.finishedAt, time);
    const fromFuture = isFromFuture(heartbeat.finishedAt, time);
    return { heartbeat, ageMs, fromFuture, silent: isSilent(heartbeat.finishedAt, monitor.tickSeconds, time) };
  });
}
