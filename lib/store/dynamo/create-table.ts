/** Creates the table in an embedded DynamoDB. In AWS the stack creates it, and also sets expiry and stream. */

import { setTimeout as delay } from 'node:timers/promises';
import { PARTITION_KEY, SORT_KEY } from '../items/keys.ts';
import type { DynamoClient } from './client.ts';

const LONGEST_WAIT_MS = 60_000;
/** An embedded table usually exists at the second look. Each pause is twice as long as the previous one. */
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 2000;

interface Described {
  TableStatus?: string;
}

/** Resolves when the table can be used. @throws `ResourceInUseException` when a table of this name exists. */
export async function createTable(client: DynamoClient, TableName: string): Promise<void> {
  await client.send('CreateTable', {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: PARTITION_KEY, AttributeType: 'S' },
      { AttributeName: SORT_KEY, AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: PARTITION_KEY, KeyType: 'HASH' },
      { AttributeName: SORT_KEY, KeyType: 'RANGE' },
    ],
  });
  // The embedded table can answer ACTIVE before the table is stored, so ask once more.
  const statusNow = async () =>
    (await client.send<{ Table?: Described }>('DescribeTable', { TableName })).Table?.TableStatus;
  let status = await statusNow();
  let pauseMs = FIRST_PAUSE_MS;
  for (let waitedMs = 0; status !== 'ACTIVE'; waitedMs += pauseMs) {
    if (waitedMs >= LONGEST_WAIT_MS) {
      throw new Error(`table ${TableName}: expected it to be ACTIVE within ${waitedMs} ms, got ${status}`);
    }
    await delay(pauseMs);
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    status = await statusNow();
  }
}
