/** How many shards a deployment has. What they could not carry is refused here, before anything is deployed. */

import { ConfigError } from '../config/error.ts';
import type { ProviderConfig } from '../health/provider.ts';
import { fullest, MOST_PER_SHARD, MOST_SHARDS, shardsFor } from '../health/shards.ts';

/** Functions, rules, queues and their policies of one stack: past it, CloudFormation's 500 resources are not enough. */
const MOST_DELAY_QUEUES = 50;

/**
 * @param wanted The stack's `shards`; undefined: as many as the declared providers need.
 * @throws {ConfigError}
 */
export function shardCount(
  providers: readonly ProviderConfig[],
  wanted: number | undefined,
  tickSeconds: number,
): number {
  const ids = providers.map(({ id }) => id);
  const needed = shardsFor(ids);
  const count = wanted ?? needed;
  if (!Number.isInteger(count) || count < 1 || count > MOST_SHARDS) {
    throw refused('shards', `a whole number from 1 to ${MOST_SHARDS}, got ${count}`);
  }
  if (fullest(ids, count) > MOST_PER_SHARD) {
    const got = `${count} for ${ids.length} providers: one would have more than the ${MOST_PER_SHARD} that it can measure well`;
    throw refused('shards', `at least ${needed}, got ${got}. Leave shards out, or set it to ${needed} or more`);
  }
  const queues = count * (60 / tickSeconds - 1);
  if (queues > MOST_DELAY_QUEUES) {
    const longest = `at most ${Math.floor(MOST_DELAY_QUEUES / (60 / tickSeconds - 1))} shards`;
    throw refused(
      'tickSeconds',
      `60 with ${count} shards, or ${longest} with ${tickSeconds}: each needs a queue for every tick within a minute`,
    );
  }
  return count;
}

function refused(path: string, expected: string): ConfigError {
  return new ConfigError([{ path, message: `expected ${expected}.` }]);
}
