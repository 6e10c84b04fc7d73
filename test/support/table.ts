/** A table for tests: embedded, or in a real DynamoDB where the environment names one. */

import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { createClient, type DynamoClient } from '../../lib/store/dynamo/client.ts';
import { createTable } from '../../lib/store/dynamo/create-table.ts';
import { startOpenTable } from './open-table.ts';

/**
 * On a busy machine an answer may take longer than a real table's; no test should fail by a timeout that it does not
 * test.
 */
const PATIENT_MS = 20_000;

export interface TestTable {
  /** URL of the DynamoDB. */
  endpoint: string;
  tableName: string;
  /** The store's own client. Closed with the table. */
  client: DynamoClient;
  /** The AWS SDK's client, to check the table independently of the store. Closed with the table. */
  sdk: DynamoDBClient;
  /** The same, for items as objects. */
  documents: DynamoDBDocumentClient;
  /** Deletes every item. */
  empty(): Promise<void>;
  close(): Promise<void>;
}

/** Starts an embedded DynamoDB with an empty table in it. */
export async function startTable(tableName = 'provider-health-test'): Promise<TestTable> {
  const { endpoint, close } = await startOpenTable(tableName);
  const client = createClient({ endpoint, requestTimeoutMs: PATIENT_MS });
  return testTable(client, endpoint, tableName, close);
}

/** Makes a table of its own in the DynamoDB at `endpoint`, and deletes it at the end. */
export async function makeTable(endpoint: string): Promise<TestTable> {
  const client = createClient({ endpoint, requestTimeoutMs: PATIENT_MS });
  const tableName = `provider-health-test-${randomUUID()}`;
  await createTable(client, tableName);
  return testTable(client, endpoint, tableName, async () => {
    await client.send('DeleteTable', { TableName: tableName });
  });
}

function testTable(client: DynamoClient, endpoint: string, tableName: string, end: () => Promise<void>): TestTable {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const sdk = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
  const documents = DynamoDBDocumentClient.from(sdk);
  return {
    endpoint,
    tableName,
    client,
    sdk,
    documents,
    async empty() {
      const keys = { TableName: tableName, ProjectionExpression: 'pk, sk' };
      for (;;) {
        const { Items = [] } = await documents.send(new ScanCommand({ ...keys, Limit: 25 }));
        if (Items.length === 0) return;
        const requests = Items.map((Key) => ({ DeleteRequest: { Key } }));
        await documents.send(new BatchWriteCommand({ RequestItems: { [tableName]: requests } }));
      }
    },
    async close() {
      await end().finally(() => {
        client.destroy();
        sdk.destroy();
      });
    },
  };
}
