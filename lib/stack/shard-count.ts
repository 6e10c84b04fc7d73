/**
 * Decides the number of shards of a deployment. Refuses a number that is too small for the providers or too large for a
 * stack.
 */

import { ConfigError } from '../config/error.ts';
import type { ProviderConfig } from '../health/provider.ts';
import { fullest, MOST_PER_SHARD, MOST_SHARDS, shardsFor } from '../health/shards.ts';

/** With more delay queues and their policies, a stack would exceed CloudFormation's 500 resources. */
const MOST_DELAY_QUEUES = 50;

/**
 * @param wanted The option `shards`; undefined: as many as the declared providers need.
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
    const got = `${count} for ${ids.length} providers: one shard would have more than the ${MOST_PER_SHARD} providers that it can measure well`;
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
