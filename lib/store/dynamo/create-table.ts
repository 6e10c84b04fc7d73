/** Makes the table where no stack does: in an embedded DynamoDB. Expiry and stream are the stack's. */

import { CreateTableCommand, type DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { PARTITION_KEY, SORT_KEY } from '../items/keys.ts';

const LONGEST_WAIT_SECONDS = 60;
/** An embedded table is there at the second look; each pause may be twice as long as the one before. */
const FIRST_PAUSE_SECONDS = 0.01;

/** Resolves when the table can be used. @throws `ResourceInUseException` when there is one of this name. */
export async function createTable(client: DynamoDBClient, tableName: string): Promise<void> {
  const { TableDescription } = await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: PARTITION_KEY, AttributeType: 'S' },
        { AttributeName: SORT_KEY, AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: PARTITION_KEY, KeyType: 'HASH' },
        { AttributeName: SORT_KEY, KeyType: 'RANGE' },
      ],
    }),
  );
  if (TableDescription?.TableStatus === 'ACTIVE') return;
  const wait = { client, minDelay: FIRST_PAUSE_SECONDS, maxDelay: 2, maxWaitTime: LONGEST_WAIT_SECONDS };
  await waitUntilTableExists(wait, { TableName: tableName });
}
