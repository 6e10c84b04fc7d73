/**
 * How the providers are divided among ticks that run side by side, each with a claim and a heartbeat of its own. Which
 * shard a provider is in follows from its id and the number of shards alone, so nothing is stored or agreed upon.
 */

import { fnv1a } from '../base/hash.ts';

/** Usual number of providers in a shard: what one process on one vCPU probes without a queue of its own. */
export const PROVIDERS_PER_SHARD = 250;
/** Shards are filled by chance: of 250 on average, the fullest has less than this. */
export const MOST_PER_SHARD = 310;
export const MOST_SHARDS = 40;
/**
 * Up to so many shards, each reads the statuses of all: a read unit has four statuses of a Query, and one that is asked
 * for by its key.
 */
export const SHARDS_THAT_READ_ALL = 4;

/** One whole vCPU. */
export const MOST_MEMORY_MIB = 1769;
/**
 * MiB of memory by what a shard carries. Lambda gives CPU by memory, and stops a process that has used its part of 20 ms. A
 * few providers use less than half a vCPU even while all of them answer; docs/costs.md has the errors that were measured.
 */
const MEMORY = [
  { providers: 25, memoryMiB: 512 },
  { providers: 100, memoryMiB: 1024 },
  { providers: MOST_PER_SHARD, memoryMiB: MOST_MEMORY_MIB },
] as const;

/** Memory of the function that checks so many providers. Of none it is not known how many will be registered. */
export function memoryMiBFor(providers: number): number {
  if (providers === 0) return MOST_MEMORY_MIB;
  return MEMORY.find((size) => providers <= size.providers)?.memoryMiB ?? MOST_MEMORY_MIB;
}

/** How many providers a function of so much memory measures well. */
export function providersWithin(memoryMiB: number): number {
  return MEMORY.findLast((size) => memoryMiB >= size.memoryMiB)?.providers ?? MEMORY[0].providers;
}

/** One of `count` shards, from 0. */
export interface Shard {
  index: number;
  count: number;
}

/** All providers in one. */
export const ONLY_SHARD: Shard = { index: 0, count: 1 };

/** Names of the shards, as their claims and heartbeats lie in the table. */
export function shardNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => shardName({ index, count }));
}

export function shardName({ index }: Shard): string {
  return String(index);
}

/** Whether an id is in the shard. It remembers the answers, since each tick asks for each provider. */
export function membership({ index, count }: Shard): (provider: string) => boolean {
  const known = new Map<string, boolean>();
  return (provider) => {
    const answer = known.get(provider) ?? shardOf(provider, count) === index;
    known.set(provider, answer);
    return answer;
  };
}

/**
 * The shard with the highest hash of provider and shard. With one shard more, a provider moves only if the new one has the
 * highest: one in as many as there are then. With one less, those of the last shard move, and no other.
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

/** As few shards as carry these providers, at most {@link MOST_SHARDS}: a configuration has no more than they carry. */
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

/** MurmurHash3's last step: each bit of the result depends on each bit of the hash. */
function mixed(hash: number): number {
  let bits = hash;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
