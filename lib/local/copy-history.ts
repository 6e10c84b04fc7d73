/**
 * Copies history from one table into another: checks, hours, days, transitions, sent alerts and registered providers.
 * Does not copy the present (statuses, claims, open alerts): the other table's monitor makes it within a tick.
 */

import { forEachLimited } from '../base/for-each-limited.ts';
import { type DynamoClient, isConditionFailed } from '../store/dynamo/client.ts';
import { type AttributeMap, fromAttributes } from '../store/items/attributes.ts';
import { isExpired } from '../store/items/expiry.ts';
import { PARTITION_KEY, SORT_KEY } from '../store/items/keys.ts';

export interface TableOfClient {
  client: DynamoClient;
  tableName: string;
}

export interface Copied {
  /** Number of written items. */
  copied: number;
  /** Number of items that the other table already had, from an earlier copy or its own. They are not changed. */
  there: number;
}

interface ScanPage {
  Items?: AttributeMap[];
  LastEvaluatedKey?: AttributeMap;
}

/** Partitions with history. Checks are single items (`CHECK#`) or packed (`CHECKS#`). */
const HISTORY = /^(?:(?:CHECKS?|HOUR|DAY|ANNOUNCED)#.*|TRANSITION|PROVIDER)$/;
/** Concurrent writes: as many as the client has connections. */
const AT_A_TIME = 16;

/**
 * Overwrites nothing, so it can be run again after a failure.
 *
 * @param onPage Called after each page, with the counts so far.
 */
export async function copyHistory(
  from: TableOfClient,
  to: TableOfClient,
  { now, onPage = () => {} }: { now: () => Date; onPage?: (sum: Copied) => void },
): Promise<Copied> {
  const sum: Copied = { copied: 0, there: 0 };
  let after: AttributeMap | undefined;
  do {
    const page: ScanPage = await from.client.send<ScanPage>('Scan', {
      TableName: from.tableName,
      ...(after && { ExclusiveStartKey: after }),
    });
    const items = (page.Items ?? []).filter((item) => isHistory(item) && !isExpired(fromAttributes(item), now()));
    await forEachLimited(items, AT_A_TIME, async (item) => {
      sum[(await putNew(to, item)) ? 'copied' : 'there']++;
    });
    onPage({ ...sum });
    after = page.LastEvaluatedKey;
  } while (after);
  return sum;
}

function isHistory(item: AttributeMap): boolean {
  return HISTORY.test(String(fromAttributes(item)[PARTITION_KEY]));
}

/** Writes a new item. @returns False when the other table already has an item with this key. */
async function putNew({ client, tableName }: TableOfClient, item: AttributeMap): Promise<boolean> {
  try {
    await client.send('PutItem', {
      TableName: tableName,
      Item: item,
      ConditionExpression: 'attribute_not_exists(#sk)',
      ExpressionAttributeNames: { '#sk': SORT_KEY },
    });
    return true;
  } catch (error) {
    if (isConditionFailed(error)) return false;
    throw error;
  }
}
