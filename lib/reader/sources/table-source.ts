/** Statuses from the table: one Query, by the AWS SDK that the program has. It is imported when a reader is made. */

import type { DynamoDBClient, DynamoDBClientConfig, QueryCommandOutput } from '@aws-sdk/client-dynamodb';
import type { MonotonicClock } from '../../base/clock.ts';
import { type AttributeMap, fromAttributes } from '../../store/items/attributes.ts';
import { PARTITION_KEY, STATUS_PARTITION } from '../../store/items/keys.ts';
import { statusesOnTrust } from '../../store/items/status-attributes.ts';
import type { DynamoClient } from '../options.ts';
import { READ_TIMEOUT_MS, readOf, type StatusSource } from './source.ts';

export interface TableSourceOptions {
  client?: DynamoClient;
  region?: string;
  endpoint?: string;
}

/**
 * The second attempt is for a pooled connection that died while the process was frozen; together they take no longer
 * than a read may.
 */
const MAX_ATTEMPTS = 2;

export function tableSource(TableName: string, options: TableSourceOptions, clock: MonotonicClock): StatusSource {
  const loading = loadClient(options);
  // Read by the first read, and an unhandled rejection until then.
  loading.catch(() => {});

  return async (abortSignal) => {
    const { client, QueryCommand } = await loading;
    const items: AttributeMap[] = [];
    let page: Partial<QueryCommandOutput> = {};
    do {
      const command = new QueryCommand({
        TableName,
        KeyConditionExpression: `${PARTITION_KEY} = :pk`,
        ExpressionAttributeValues: { ':pk': { S: STATUS_PARTITION } },
        ExclusiveStartKey: page.LastEvaluatedKey,
      });
      page = await client.send(command, { abortSignal });
      items.push(...(page.Items ?? []));
    } while (page.LastEvaluatedKey);
    return readOf(statusesOnTrust(items.map(fromAttributes), clock.now()));
  };
}

/** An import takes longer than the budget, so it begins before the first read. */
export async function loadClient({ client, region, endpoint }: TableSourceOptions) {
  const { DynamoDBClient, PutItemCommand, QueryCommand } = await import('@aws-sdk/client-dynamodb');
  return {
    PutItemCommand,
    QueryCommand,
    client: client ? (client as DynamoDBClient) : new DynamoDBClient(configOf(region, endpoint)),
  };
}

function configOf(region: string | undefined, endpoint: string | undefined): DynamoDBClientConfig {
  const attemptMs = READ_TIMEOUT_MS / MAX_ATTEMPTS;
  return {
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: { connectionTimeout: attemptMs, requestTimeout: attemptMs, throwOnRequestTimeout: true },
    ...(region && { region }),
    ...(endpoint && { endpoint }),
  };
}
