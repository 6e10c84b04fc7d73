/**
 * The table in this process: for `npm start` and for tests. It has no port, no expiry and no stream: door.ts opens a port,
 * expiry.ts drops what is expired, and the checker hands changes on itself.
 */

import { Readable } from 'node:stream';
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { createTable } from '../../store/dynamo/create-table.ts';
import { type EmbeddedDynamo, startDynamo } from './dynamo.ts';

export interface EmbeddedTable {
  tableName: string;
  /** Where the table is, for clients in this process. */
  dynamo: Pick<EmbeddedDynamo, 'ask'>;
  /** One of these, which may do everything. Closed with the table. */
  client: DynamoDBClient;
  /** Resolves when every request is answered; everything in it is gone then. */
  close(): Promise<void>;
}

export async function startEmbeddedTable(tableName = 'provider-health'): Promise<EmbeddedTable> {
  const dynamo = startDynamo();
  const client = clientOf(dynamo);
  const close = async () => {
    await dynamo.close();
    client.destroy();
  };
  try {
    await createTable(client, tableName);
  } catch (error) {
    await close();
    throw error;
  }
  return { tableName, dynamo, client, close };
}

type RequestHandler = Extract<DynamoDBClientConfig['requestHandler'], { handle: unknown }>;

function clientOf(dynamo: EmbeddedDynamo): DynamoDBClient {
  const requestHandler: RequestHandler = {
    async handle({ headers, body }: { headers: Record<string, string>; body?: string | Uint8Array }) {
      const answer = await dynamo.ask(
        headers['x-amz-target'] ?? '',
        typeof body === 'string' ? body : new TextDecoder().decode(body),
      );
      return { response: { ...answer, body: Readable.from([Buffer.from(answer.body)]) } };
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  };
  return new DynamoDBClient({
    requestHandler,
    // Errors name it; no request goes there.
    endpoint: 'http://this-process',
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
}
