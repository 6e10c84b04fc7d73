/** Drops what is expired from the embedded table, which has no expiry of its own and would grow for ever. */

import { HOUR_MS } from '../../base/time.ts';
import { isConditionFailed } from '../../store/dynamo/client.ts';
import type { AttributeMap } from '../../store/items/attributes.ts';
import { PARTITION_KEY, SORT_KEY, TTL_ATTRIBUTE } from '../../store/items/keys.ts';
import type { EmbeddedTable } from './embedded.ts';

/**
 * How many items are looked at: always some, and four for each check that was made, which is an item. So the table never
 * has more than a third above what has not expired, and a look costs few milliseconds, after the probes of a tick.
 */
const ITEMS = 100;
const ITEMS_PER_CHECK = 4;

/** Ticks are an hour apart at most; a step that is longer is a jump, or a machine that slept. */
const LONGEST_STEP_MS = 2 * HOUR_MS;
const TRUST_AFTER_MS = HOUR_MS;

interface ScanPage {
  Items?: AttributeMap[];
  LastEvaluatedKey?: AttributeMap;
}

export interface Expiry {
  /**
   * Looks at the next items of the table, and drops those of them that are expired; after the last one it begins anew.
   * Does nothing while the clock may be wrong.
   *
   * @param checks Made since the last time.
   * @returns How many it dropped.
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
            // What was written anew since it was read stays.
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
 * Whether to drop anything by a clock that shows this time. One that is a year ahead for some minutes, as after a start
 * without a network, would cost the whole history: after a start and after a jump, nothing is dropped for an hour.
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
