/**
 * Makes one heartbeat call for all shards. The first shard makes it, but not while another shard is silent. So the
 * service at the one address notices when any shard stops, also when the first one stops.
 */

import { messageOf } from '../../base/error-text.ts';
import { isSilent } from '../../health/pulse.ts';
import { type Shard, shardNames } from '../../health/shards.ts';
import type { CheckContext } from '../context.ts';

/** Never rejects. */
export async function beatFor(
  shard: Shard,
  { store, clock, log, tickSeconds, beat }: Pick<CheckContext, 'store' | 'clock' | 'log' | 'tickSeconds' | 'beat'>,
): Promise<void> {
  if (beat === null || shard.index > 0) return;
  if (shard.count > 1) {
    const others = shardNames(shard.count).slice(1);
    try {
      const heartbeats = await store.ticks.heartbeats(others);
      const silent = others.filter((_, i) => isSilent(heartbeats[i]?.finishedAt ?? null, tickSeconds, clock.now()));
      if (silent.length > 0) return log.warn('heartbeatUrl not called: shards are silent', { shards: silent });
    } catch (cause) {
      return log.warn('heartbeatUrl not called: heartbeats not read', { error: messageOf(cause) });
    }
  }
  await beat();
}
