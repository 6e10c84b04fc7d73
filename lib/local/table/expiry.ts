/** Drops what is expired from the embedded table, which has no expiry of its own and would grow for ever. */

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

interface ScanPage {
  Items?: AttributeMap[];
  LastEvaluatedKey?: AttributeMap;
}

export interface Expiry {
  /**
   * Looks at the next items of the table, and drops those of them that are expired; after the last one it begins anew.
   *
   * @param checks Made since the last time.
   * @returns How many it dropped.
   */
  sweep(checks: number): Promise<number>;
}

export function createExpiry({ client, tableName }: EmbeddedTable, now: () => Date): Expiry {
  let after: AttributeMap | undefined;

  const keys = { '#pk': PARTITION_KEY, '#sk': SORT_KEY };
  const condition = '#expiresAt <= :now';
  const conditionNames = { '#expiresAt': TTL_ATTRIBUTE };

  return {
    async sweep(checks) {
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
