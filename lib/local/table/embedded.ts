/**
 * The table in this process: for `npm start` and for tests. It has no port, no expiry and no stream: door.ts opens a port,
 * expiry.ts drops what is expired, and the checker hands changes on itself.
 */

import { API_VERSION, type DynamoClient, outputOf } from '../../store/dynamo/client.ts';
import { createTable } from '../../store/dynamo/create-table.ts';
import { type EmbeddedDynamo, startDynamo } from './dynamo.ts';

export interface EmbeddedTable {
  tableName: string;
  /** Where the table is, for clients in this process. */
  dynamo: Pick<EmbeddedDynamo, 'ask'>;
  /** One of these, which may do everything. Closed with the table. */
  client: DynamoClient;
  /** Resolves when every request is answered; everything in it is gone then. */
  close(): Promise<void>;
}

export async function startEmbeddedTable(tableName = 'provider-health'): Promise<EmbeddedTable> {
  const dynamo = startDynamo();
  const client = clientOf(dynamo);
  try {
    await createTable(client, tableName);
  } catch (error) {
    await dynamo.close();
    throw error;
  }
  return { tableName, dynamo, client, close: () => dynamo.close() };
}

function clientOf(dynamo: EmbeddedDynamo): DynamoClient {
  return {
    async send<Output extends object>(operation: string, input: object): Promise<Output> {
      const { statusCode, body } = await dynamo.ask(`${API_VERSION}.${operation}`, JSON.stringify(input));
      return outputOf(statusCode, body) as Output;
    },
    place: async () => 'in this process',
    destroy() {},
  };
}
