/** Whether the monitor itself lives: the oldest of its shards' newest heartbeats. */

import { distanceMs, isFromFuture } from '../../health/future.ts';
import { SILENT_TICKS } from '../../health/status-age.ts';
import type { Heartbeat } from '../../store/store.ts';
import type { Api } from '../api.ts';

export interface Pulse {
  heartbeat: Heartbeat;
  /** Milliseconds between the end of the tick and now. */
  ageMs: number;
  /** It ended more than a minute from now: a clock is wrong, and the time of the tick is not known. */
  fromFuture: boolean;
  /** No tick for 3 times the time between two, or none that can be believed. */
  silent: boolean;
}

/** Of each shard, in one request; null where there was none yet. @throws {StoreError} */
export async function readPulses({ store, monitor, now }: Api): Promise<(Pulse | null)[]> {
  const heartbeats = await store.ticks.heartbeats(monitor.shards);
  const time = now();
  return heartbeats.map((heartbeat) => {
    if (heartbeat === null) return null;
    const ageMs = distanceMs(heartbeat.finishedAt, time);
    const fromFuture = isFromFuture(heartbeat.finishedAt, time);
    return { heartbeat, ageMs, fromFuture, silent: fromFuture || ageMs > SILENT_TICKS * monitor.tickSeconds * 1000 };
  });
}
