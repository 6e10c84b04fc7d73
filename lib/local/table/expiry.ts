/** Drops expired items from the embedded table, which has no expiry of its own and would grow for ever. */

import { HOUR_MS } from '../../base/time.ts';
import { isConditionFailed } from '../../store/dynamo/client.ts';
import type { AttributeMap } from '../../store/items/attributes.ts';
import { PARTITION_KEY, SORT_KEY, TTL_ATTRIBUTE } from '../../store/items/keys.ts';
import type { EmbeddedTable } from './embedded.ts';

/**
 * Number of items that a sweep reads: a fixed part, and four for each new check, which is an item too. So expired items
 * never exceed a third of the others, and a sweep takes only a few milliseconds, after the probes of a tick.
 */
const ITEMS = 100;
const ITEMS_PER_CHECK = 4;

/** Ticks are at most an hour apart. After a longer step the clock has jumped, or the machine slept. */
const LONGEST_STEP_MS = 2 * HOUR_MS;
const TRUST_AFTER_MS = HOUR_MS;

interface ScanPage {
  Items?: AttributeMap[];
  LastEvaluatedKey?: AttributeMap;
}

export interface Expiry {
  /**
   * Reads the next items of the table, and drops the expired ones. After the last item it starts at the first one
   * again. Does nothing while the clock may be wrong.
   *
   * @param checks Number of checks since the last sweep.
   * @returns Number of dropped items.
   */
  sweep(checks: number): Promise<number>;
}

export interface ExpiryOptions {
  /** Whether the table has items of an earlier process, which may have had another clock. Default false. */
  isKept?: boolean;
}

export function createExpiry(
  { client, tableName }: EmbeddedTable,
  now: () => Date,
  { isKept = false }: ExpiryOptions = {},
): Expiry {
  let after: AttributeMap | undefined;
  const isTrusted = clockTrust(isKept);

  const keys = { '#pk': PARTITION_KEY, '#sk': SORT_KEY };
  const condition = '#expiresAt <= :now';
  const conditionNames = { '#expiresAt': TTL_ATTRIBUTE };

  return {
    async sweep(checks) {
      if (!isTrusted(now().getTime())) return 0;
      const ExpressionAttributeValues = { ':now': { N: String(Math.floor(now().getTime() / 1000)) } };
      const page = await client.send<ScanPage>('Scan', {
        TableName: tableName,
        Limit: ITEMS + ITEMS_PER_CHECK * checks,
        ExclusiveStartKey: after,
        ProjectionExpression: '#pk, #sk',
        FilterExpression: condition,
        ExpressionAttributeNames: { ...keys, ...conditionNames },
        ExpressionAttributeValues,
      });
      after = page.LastEvaluatedKey;
      let dropped = 0;
      for (const Key of page.Items ?? []) {
        try {
          await client.send('DeleteItem', {
            TableName: tableName,
            Key,
            // Keep an item that was written again since it was read.
            ConditionExpression: condition,
            ExpressionAttributeNames: conditionNames,
            ExpressionAttributeValues,
          });
          dropped++;
        } catch (error) {
          if (!isConditionFailed(error)) throw error;
        }
      }
      return dropped;
    },
  };
}

/**
 * Decides whether the clock can be trusted. A clock that is a year ahead for some minutes, for example after a start
 * without a network, would delete the whole history. So nothing is dropped for an hour after a start with kept items
 * and after a jump of the clock.
 */
function clockTrust(isKept: boolean): (nowMs: number) => boolean {
  let lastMs: number | null = null;
  let fromMs = Number.NEGATIVE_INFINITY;
  return (nowMs) => {
    const isSteady = lastMs === null ? !isKept : nowMs >= lastMs && nowMs - lastMs <= LONGEST_STEP_MS;
    if (!isSteady) fromMs = nowMs + TRUST_AFTER_MS;
    lastMs = nowMs;
    return nowMs >= fromMs;
  };
}
