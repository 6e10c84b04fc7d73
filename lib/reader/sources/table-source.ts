/** Reads statuses from the table, with one Query for each megabyte. */

import type { MonotonicClock } from '../../base/clock.ts';
import { type AttributeMap, fromAttributes } from '../../store/items/attributes.ts';
import { PARTITION_KEY, STATUS_PARTITION } from '../../store/items/keys.ts';
import { statusesOnTrust } from '../../store/items/status-attributes.ts';
import { type DynamoOptions, dynamoOf } from './aws.ts';
import { readOf, type StatusSource } from './source.ts';

interface Page {
  Items?: AttributeMap[];
  LastEvaluatedKey?: AttributeMap;
}

export function tableSource(TableName: string, options: DynamoOptions, clock: MonotonicClock): StatusSource {
  const send = dynamoOf(options);
  return async (signal) => {
    const items: AttributeMap[] = [];
    let page: Page = {};
    do {
      const query = {
        TableName,
        KeyConditionExpression: `${PARTITION_KEY} = :pk`,
        ExpressionAttributeValues: { ':pk': { S: STATUS_PARTITION } },
        ExclusiveStartKey: page.LastEvaluatedKey,
      };
      page = await send('Query', query, signal);
      items.push(...(page.Items ?? []));
    } while (page.LastEvaluatedKey);
    return readOf(statusesOnTrust(items.map(fromAttributes), clock.now()));
  };
}
