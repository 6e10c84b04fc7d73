/** Whether the monitor itself lives: the oldest of its shards' newest heartbeats. */

import type { Heartbeat } from '../../store/store.ts';
import type { Api } from '../api.ts';

/** Ticks that may fail to come before the monitor counts as silent, as with a status that is stale. */
const SILENT_TICKS = 3;

export interface Pulse {
  heartbeat: Heartbeat;
  /** Milliseconds since the tick finished. */
  ageMs: number;
  /** No tick for 3 times the time between two. */
  silent: boolean;
}

/** Of each shard; null where there was none yet. One GetItem a shard. @throws {StoreError} */
export async function readPulses({ store, monitor, now }: Api): Promise<(Pulse | null)[]> {
  const heartbeats = await Promise.all(monitor.shards.map((shard) => store.ticks.heartbeat(shard)));
  const nowMs = now().getTime();
  return heartbeats.map((heartbeat) => {
    if (heartbeat === null) return null;
    const ageMs = Math.max(0, nowMs - Date.parse(heartbeat.finishedAt));
    return { heartbeat, ageMs, silent: ageMs > SILENT_TICKS * monitor.tickSeconds * 1000 };
  });
}
