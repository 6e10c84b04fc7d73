/**
 * Divides the providers into shards: ticks that run in parallel, each with its own claim and heartbeat. The shard of a provider
 * depends only on its id and the number of shards, so no assignment is stored.
 */

import { fnv1a } from '../base/hash.ts';

/** The usual number of providers in a shard. One process on one vCPU can probe so many without delays of its own. */
export const PROVIDERS_PER_SHARD = 250;
/** Hashes do not fill shards evenly. With 250 providers on average, the fullest shard has fewer than this. */
export const MOST_PER_SHARD = 310;
export const MOST_SHARDS = 40;
/**
 * Up to this number of shards, each shard reads the statuses of all providers. One read unit pays for four statuses of a Query,
 * but only for one status that is read by its key.
 */
export const SHARDS_THAT_READ_ALL = 4;

/** One whole vCPU. */
export const MOST_MEMORY_MIB = 1769;
/**
 * Memory in MiB for a number of providers. Lambda gives CPU in proportion to memory, and stops a process that has used its part
 * of each 20 ms. Few providers need less than half a vCPU; docs/costs.md has the measurements.
 */
const MEMORY = [
  { providers: 25, memoryMiB: 512 },
  { providers: 100, memoryMiB: 1024 },
  { providers: MOST_PER_SHARD, memoryMiB: MOST_MEMORY_MIB },
] as const;

/** Memory in MiB for a check function with this many declared providers. With none, any number may be registered later. */
export function memoryMiBFor(providers: number): number {
  if (providers === 0) return MOST_MEMORY_MIB;
  return MEMORY.find((size) => providers <= size.providers)?.memoryMiB ?? MOST_MEMORY_MIB;
}

/** The number of providers that a function with this memory (in MiB) measures well. */
export function providersWithin(memoryMiB: number): number {
  return MEMORY.findLast((size) => memoryMiB >= size.memoryMiB)?.providers ?? MEMORY[0].providers;
}

/** One of `count` shards, from 0. */
export interface Shard {
  index: number;
  count: number;
}

/** The only shard: it has all providers. */
export const ONLY_SHARD: Shard = { index: 0, count: 1 };

/** Names of the shards, as they appear in the table keys of claims and heartbeats. */
export function shardNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => shardName({ index, count }));
}

export function shardName({ index }: Shard): string {
  return String(index);
}

/** Returns a function that tells whether an id is in the shard. It caches the answers, because every tick asks for every id. */
export function membership({ index, count }: Shard): (provider: string) => boolean {
  const known = new Map<string, boolean>();
  return (provider) => {
    const answer = known.get(provider) ?? shardOf(provider, count) === index;
    known.set(provider, answer);
    return answer;
  };
}

/**
 * The shard with the highest hash of provider and shard (rendezvous hashing). With one shard more, a provider moves only if the
 * new shard has the highest hash: of n shards, one provider in n. With one shard less, only those of the last shard move.
 */
export function shardOf(provider: string, count: number): number {
  let [best, highest] = [0, -1];
  const hash = fnv1a(provider);
  for (let index = 0; count > 1 && index < count; index++) {
    const weight = mixed(hash ^ Math.imul(index + 1, 0x9e3779b1));
    if (weight > highest) [best, highest] = [index, weight];
  }
  return best;
}

/** The smallest number of shards for these providers, at most {@link MOST_SHARDS}. A configuration never needs more. */
export function shardsFor(providers: readonly string[]): number {
  let count = Math.max(1, Math.ceil(providers.length / PROVIDERS_PER_SHARD));
  while (count < MOST_SHARDS && fullest(providers, count) > MOST_PER_SHARD) count += 1;
  return Math.min(count, MOST_SHARDS);
}

/** How many providers the fullest shard has. */
export function fullest(providers: readonly string[], count: number): number {
  return Math.max(...shardSizes(providers, count));
}

/** How many providers each shard has. */
export function shardSizes(providers: readonly string[], count: number): number[] {
  const sizes = new Array<number>(count).fill(0);
  for (const provider of providers) {
    const index = shardOf(provider, count);
    sizes[index] = (sizes[index] ?? 0) + 1;
  }
  return sizes;
}

/** The last step of MurmurHash3: each bit of the result depends on each bit of the hash. */
function mixed(hash: number): number {
  let bits = hash;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
