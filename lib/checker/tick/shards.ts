/** How the providers are divided among ticks that run side by side: not at all, so there is one shard, with all of them. */

/** The shard of every tick. */
export const SHARD = '0';

/** Every shard there is, each with a heartbeat of its own. */
export const SHARDS: readonly string[] = [SHARD];
